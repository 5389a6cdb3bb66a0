"""The gallery crawled for real: one full crawl, a rebuild and a routine crawl of every portal in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine, text

from archive.context import WalkResult
from tests.crawler.crawling import ROOT, Ran, scrapy
from tests.portals.gallery import gallery
from tests.portals.gallery.base import GallerySite

SITES = {site.portal: site for site in gallery()}
pytestmark = pytest.mark.parametrize("portal", sorted(SITES))


@contextmanager
def gallery_server(log: Path) -> Iterator[int]:
    """The gallery as a process of its own; gives its port, ends it by its process id."""
    command = [sys.executable, "-m", "tests.portals.gallery.serve", "--port", "0", "--log", str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().partition("127.0.0.1:")[2])
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@dataclass(frozen=True)
class Played:
    """What one full crawl, a rebuild and a routine crawl came to."""

    full: Ran
    routine: Ran
    rebuilt: Ran
    full_log: list[dict]
    routine_log: list[dict]
    catalogue: Path

    def asked(self, site: GallerySite, log: list[dict]) -> list[str]:
        hosts = {site.host, *site.other_hosts}
        return [a["path"] for a in log if a["host"] in hosts and a["path"] != "/robots.txt"]

    def rows(self, query: str, **values: str) -> list[tuple]:
        engine = create_engine(f"sqlite:///{self.catalogue}")
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(query), values)]
        engine.dispose()
        return rows


def register_file(sites: list[GallerySite], folder: Path) -> Path:
    """A register file of the gallery's bodies, as a user would write one."""
    counties = [
        {
            "code": s.county_code,
            "name": s.county,
            "prefecture": "示例市",
            "province": "示例省",
            "sample": True,
        }
        for s in sites
    ]
    publishers = [
        {
            "code": body.code,
            "county_code": site.county_code,
            "official_name": body.official_name,
            "kind": body.kind,
            "expected_basis": "official_list",
            "aliases": [{"name": body.short, "reason": "简称"}] if body.short != body.official_name else [],
        }
        for site in sites
        for body in site.bodies
    ]
    path = folder / "gallery.yml"
    data = {"format": 1, "provenance": "invented", "verified": True}
    data |= {"counties": counties, "publishers": publishers}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Only the portals that the selected tests ask for are crawled."""
    items = [item for item in request.session.items if item.path == request.path]
    chosen = sorted({item.callspec.params["portal"] for item in items})  # type: ignore[attr-defined]
    folder = tmp_path_factory.mktemp("gallery")
    register = register_file([SITES[portal]() for portal in chosen], folder)
    asked = ("-a", f"portals={','.join(chosen)}")

    def run(log: Path, *arguments: str, clock: str = "2026-04-20T09:00:00+08:00") -> Ran:
        with gallery_server(log) as port:
            settings = (f"SAMPLE_PORT={port}", f"CLOCK_START={clock}", f"REGISTER_FILES={register}")
            return scrapy(
                folder, *arguments, settings=settings, module="tests.portals.gallery.settings", timeout=300
            )

    def arrivals(log: Path) -> list[dict]:
        # A crawl that asked for nothing leaves no log: its exit code tells why.
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []

    full = run(folder / "full.jsonl", "crawl", "portal", *asked, "-a", "full=1")
    rebuilt = run(folder / "none.jsonl", "rebuild")
    routine = run(folder / "routine.jsonl", "crawl", "portal", *asked, clock="2026-04-21T09:00:00+08:00")
    logs = (arrivals(folder / "full.jsonl"), arrivals(folder / "routine.jsonl"))
    return Played(full, routine, rebuilt, *logs, folder / "catalogue.sqlite")


def walks(ran: Ran, portal: str) -> dict:
    return {key: walk for key, walk in ran.walks().items() if walk.portal == portal}


def test_every_column_is_walked_whole(played: Played, portal: str) -> None:
    assert played.full.code == 0, played.full.err
    site = SITES[portal]()
    for key, walk in walks(Ran(0, "", "", played.full.data), portal).items():
        assert walk.result is WalkResult.HEALTHY, (key, walk.reason)
    runs = [walk for _, walk in played.full.reader.walks() if walk.portal == portal]
    assert runs, site.portal
    first = [walk for walk in runs if walk.run == runs[0].run]
    assert [(walk.column, walk.complete, walk.reason) for walk in first] == [
        (walk.column, True, None) for walk in first
    ]


def test_every_planted_report_is_in_the_catalogue_and_nothing_else(played: Played, portal: str) -> None:
    site = SITES[portal]()
    assert played.rebuilt.code in range(24), played.rebuilt.err
    held = played.rows(
        "select publisher, report_year from report where publisher like :c", c=f"{site.county_code}%"
    )
    assert set(held) == set(site.truth.reports.values())
    read = played.rows(
        "select d.url from version v join document d on d.document = v.document"
        " where v.kind = 'report' and d.portal = :p",
        p=portal,
    )
    taken = {url for (url,) in read}
    assert taken <= set(site.truth.reports) | site.truth.attachments
    assert not taken & site.truth.others


def test_every_planted_attachment_is_held(played: Played, portal: str) -> None:
    site = SITES[portal]()
    asked = {f"http://{site.host}{path}" for path in played.asked(site, played.full_log)}
    assert site.truth.attachments <= asked


def test_a_full_crawl_costs_little_more_than_what_it_brings(played: Played, portal: str) -> None:
    site = SITES[portal]()
    truth, asked = site.truth, played.asked(site, played.full_log)
    needed = truth.lists + len(truth.reports) + len(truth.attachments)
    assert len(asked) <= 1.5 * needed, (len(asked), needed)


def test_a_routine_crawl_of_an_unchanged_portal_costs_one_request_a_column(
    played: Played, portal: str
) -> None:
    assert played.routine.code == 0, played.routine.err
    site = SITES[portal]()
    columns = {walk.column for walk in walks(played.full, portal).values()}
    assert len(played.asked(site, played.routine_log)) <= len(columns) + site.sublists


def test_its_portal_file_is_short(portal: str) -> None:
    path = ROOT / "tests" / "portals" / "gallery" / f"{portal}.yml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.split("#")[0].strip()]
    assert len(lines) <= 20
