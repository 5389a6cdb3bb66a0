"""An archive of a few towns and years, its catalogue, and a parser that writes down what it is given."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from archive.catalogue import Catalogue, schema
from archive.clock import SystemClock
from archive.register import load_register
from extract.handoff import Handoff, Limits, Target
from extract.rebuild import rebuild
from tests.extract.rebuild_making import Day, register_file, report_text

MOBILE = "13900000000"
TOWNS, YEARS = ("甲", "乙"), (2021, 2022, 2023)
#: Logs each delivery, then answers; what it does on a delivery that SPECIAL names is told by `{fault}`.
PARSER = """
import json, os, sys, time
for line in sys.stdin:
    message = json.loads(line)
    delivery = message["delivery"]
    with open({log!r}, "a") as stream:
        stream.write(delivery + "\\n")
    if delivery in {special!r}:
        {fault}
    print(json.dumps({{"delivery": delivery, "ok": True}}), flush=True)
"""


@dataclass(frozen=True)
class Place:
    """A folder with an archive and its catalogue."""

    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def logged(self) -> list[str]:
        return self.log.read_text().split() if self.log.exists() else []

    def make(self) -> None:
        for year in YEARS:
            day = Day(f"{year + 1}-02-0{year - 2020}")
            for town in TOWNS:
                text = report_text(town, year, published=f"{year + 1}-01-20")
                day.report(town, year, text=f"{text}手机：{MOBILE}\n")
            day.write(self.folder / "warc")
        register = load_register([register_file(self.folder)])
        with Catalogue(self.url) as catalogue:
            rebuild(self.folder / "warc", catalogue, register, isolated=False)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'catalogue.sqlite'}"

    def expected(self) -> list[str]:
        """Every delivery by first capture."""
        capture = schema.capture
        query = select(capture.c.version).where(capture.c.version.is_not(None))
        with Catalogue(self.url) as catalogue, catalogue.engine.connect() as connection:
            versions = connection.execute(query.order_by(capture.c.date, capture.c.record_id)).scalars()
            return list(dict.fromkeys(versions))

    def target(self, *special: str, fault: str = "pass") -> Target:
        code = PARSER.format(log=str(self.log), special=special, fault=fault)
        return Target("noting", (sys.executable, "-c", code))

    @contextmanager
    def handoff(self, suppressed: frozenset[str] = frozenset(), seconds: float = 20.0) -> Iterator[Handoff]:
        register = load_register([self.folder / "county.yml"])
        limits = Limits(tries=2, seconds=seconds, pause=0.0)
        with Catalogue(self.url) as catalogue:
            journals = self.folder / "journal"
            yield Handoff(
                self.folder / "warc", catalogue, register, journals, SystemClock(), suppressed, limits
            )
