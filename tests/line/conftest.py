"""One rehearsal for all tests of the line: three crawl days, after each a second catalogue from nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue import Catalogue
from tests.portals.planted import AS_OF, DAYS
from tests.portals.rehearse import ROOT, crawl_day, environment, fresh, scrapy_command


@dataclass
class Line:
    """A played season: where it lies, and the content hashes after each day (incremental, from nothing)."""

    data: Path
    hashes: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)

    @property
    def archive(self) -> Path:
        return self.data / "warc"

    @property
    def catalogue(self) -> str:
        return f"sqlite:///{self.data / 'catalogue.sqlite'}"

    def scrapy(self, *arguments: str, settings: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
        """A `scrapy` command on this season's data."""
        return subprocess.run(
            scrapy_command(self.data, *arguments, settings=settings),
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def play(self, day: date) -> None:
        """One day more; remembers both ways to the catalogue."""
        crawl_day(day, self.data)
        other = f"sqlite:///{self.data / f'all-{day}.sqlite'}"
        done = self.scrapy("rebuild", "--all", settings=[f"CATALOGUE_URL={other}"])
        assert done.returncode == 0, done.stderr
        self.hashes.append((content_hash(self.catalogue), content_hash(other)))

    def audit(self, *options: str) -> tuple[int, dict[str, Any]]:
        """Exit code and JSON of `scrapy audit --as-of 2026-02-03`."""
        done = self.scrapy("audit", "--as-of", str(AS_OF), "--format", "json", *options)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)


def content_hash(url: str) -> dict[str, str]:
    """The content hash of every table."""
    with Catalogue(url) as catalogue:
        return catalogue.content_hash()


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """The three days of the sample story."""
    season = Line(tmp_path_factory.mktemp("line") / "sample")
    fresh(season.data)
    for day in DAYS:
        season.play(day)
    return season
