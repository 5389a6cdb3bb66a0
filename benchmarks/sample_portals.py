"""Every sample portal in one server, and what each publishes: the story's and the gallery's.

python -m benchmarks.sample_portals --port 0 [--log FILE]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import create_engine, text

from tests.portals.gallery import gallery
from tests.portals.gallery.base import TODAY
from tests.portals.gallery.serve import GalleryServer, main
from tests.portals.gallery_play import gallery_server, register_file
from tests.portals.planted import HOSTS, LATER_REPORTS, REPORTS
from tests.portals.site import Reply, Request

ROOT = Path(__file__).resolve().parent.parent
STORY = ROOT / "tests" / "portals"
STORY_FOLDER = "story"
settings_module = ["tests.portals.gallery.settings"]  # of every command; benchmarks.generic --bare changes it


class EveryPortal(GalleryServer):
    """The gallery's portals, and the story's on the gallery's day."""

    def answer(self, host: str, request: Request) -> Reply:
        if host in self.gallery:
            return super().answer(host, request)
        site = self.sites.get(host)
        if site is None:
            return Reply(b"no such host", "text/plain", 404)
        return site.robots() if request.path == "/robots.txt" else site.reply(request)


@dataclass(frozen=True)
class Sample:
    """A sample portal: where its file lies, what it publishes (publisher code, report year)."""

    portal: str
    family: str
    host: str
    hosts: frozenset[str]
    file: Path
    in_story: bool
    county_code: str
    reports: frozenset[tuple[str, int]]
    others: frozenset[str]  # addresses that hold no report
    addresses: frozenset[str] | None = None  # where reports stand; with it, nothing else may be read as one


@cache
def samples() -> tuple[Sample, ...]:
    """Every sample portal, the gallery's first."""
    made = []
    for kind in gallery():
        site = kind()
        hosts = frozenset({site.host, *site.other_hosts})
        file = STORY / "gallery" / f"{site.portal}.yml"
        truth = site.truth
        made.append(
            Sample(
                site.portal,
                site.family,
                site.host,
                hosts,
                file,
                False,
                site.county_code,
                frozenset(truth.reports.values()),
                truth.others,
            )
        )
    for portal, host in HOSTS.items():
        file = STORY / f"{portal}.yml"
        data = yaml.safe_load(file.read_text("utf-8"))
        told = [r for r in (*REPORTS, *LATER_REPORTS) if r.portal == portal and r.day <= TODAY]
        reports = frozenset((report.code, report.year) for report in told)
        made.append(
            Sample(
                portal,
                data["platform"],
                host,
                frozenset({host}),
                file,
                True,
                data["county_code"],
                reports,
                frozenset(),
            )
        )
    return tuple(made)


def register_of(folder: Path) -> str:
    """The register of the samples, as REGISTER_FILES takes it: the story's, or the gallery's.

    Never both: bodies of both are named 示例一镇, and a name is all that tells whose a report is.
    """
    if folder.name == STORY_FOLDER:
        return str(STORY / "register")
    path = folder / "gallery.yml"
    if not path.exists():
        register_file([kind() for kind in gallery()], folder)
    return str(path)


def serving(log: Path) -> AbstractContextManager[int]:
    """Every sample portal in a process of its own; gives its port, ends it by its process id."""
    return gallery_server(log, "benchmarks.sample_portals")


@dataclass(frozen=True)
class Ended:
    """A command that has run."""

    code: int
    out: str
    err: str


def run(folder: Path, port: int, *arguments: str, settings: dict[str, str] | None = None) -> Ended:
    """A `scrapy` command on the samples; everything it writes lies under `folder`."""
    given = {
        "DATA_DIR": str(folder),
        "ARCHIVE_DIR": str(folder / "warc"),
        "CATALOGUE_URL": f"sqlite:///{folder / 'catalogue.sqlite'}",
        "PORTAL_DIRS": str(folder / "portals"),
        "REGISTER_FILES": register_of(folder),
        "SAMPLE_PORT": str(port),
        "GUARD_EXEMPT_HOSTS": ",".join(sorted(host for sample in samples() for host in sample.hosts)),
        "DOWNLOAD_DELAY": "0",
        **(settings or {}),
    }
    options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments, *options],
        cwd=ROOT,
        env={**os.environ, "SCRAPY_SETTINGS_MODULE": settings_module[0]},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def arrivals(log: Path) -> list[dict[str, str]]:
    """What the server was asked for."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []


def catalogued(folder: Path, sample: Sample) -> tuple[set[tuple[str, int]], set[str]]:
    """(publisher, year) of the reports in the catalogue, and the addresses read as reports."""
    engine = create_engine(f"sqlite:///{folder / 'catalogue.sqlite'}")
    try:
        with engine.connect() as connection:
            held = connection.execute(
                text("select publisher, report_year from report where publisher like :c"),
                {"c": f"{sample.county_code}%"},
            )
            pairs = {(publisher, year) for publisher, year in held}
            read = connection.execute(
                text(
                    "select d.url from version v join document d on d.document = v.document"
                    " where v.kind = 'report' and d.portal = :p"
                ),
                {"p": sample.portal},
            )
            return pairs, {url for (url,) in read}
    finally:
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main(EveryPortal))
