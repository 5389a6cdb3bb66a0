"""Plays the gallery: its server, a full crawl, a rebuild and a routine crawl of some of its portals."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from sqlalchemy import create_engine, text

from tests.crawler.crawling import ROOT, Ran, scrapy
from tests.portals.gallery import gallery
from tests.portals.gallery.base import GallerySite

SITES = {site.portal: site for site in gallery()}


@contextmanager
def gallery_server(log: Path, module: str = "tests.portals.gallery.serve") -> Iterator[int]:
    """The gallery's server as a process of its own; gives its port, ends it by its process id."""
    command = [sys.executable, "-m", module, "--port", "0", "--log", str(log)]
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


def play(
    chosen: Sequence[str],
    folder: Path,
    sites: Mapping[str, type[GallerySite]] = SITES,
    room: str = "tests.portals.gallery",
) -> Played:
    """Everything under `folder`: a full crawl of the chosen, a rebuild, the next day a routine crawl.

    `room` is the package that serves them and has their settings.
    """
    register = register_file([sites[portal]() for portal in chosen], folder)
    asked = ("-a", f"portals={','.join(chosen)}")

    def run(log: Path, *arguments: str, clock: str = "2026-04-20T09:00:00+08:00") -> Ran:
        with gallery_server(log, f"{room}.serve") as port:
            settings = (f"SAMPLE_PORT={port}", f"CLOCK_START={clock}", f"REGISTER_FILES={register}")
            return scrapy(folder, *arguments, settings=settings, module=f"{room}.settings", timeout=300)

    def arrivals(log: Path) -> list[dict]:
        # A crawl that asked for nothing leaves no log: its exit code tells why.
        return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []

    full = run(folder / "full.jsonl", "crawl", "portal", *asked, "-a", "full=1")
    rebuilt = run(folder / "none.jsonl", "rebuild")
    routine = run(folder / "routine.jsonl", "crawl", "portal", *asked, clock="2026-04-21T09:00:00+08:00")
    logs = (arrivals(folder / "full.jsonl"), arrivals(folder / "routine.jsonl"))
    return Played(full, routine, rebuilt, *logs, folder / "catalogue.sqlite")
