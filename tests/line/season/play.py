"""Plays the season in one process: `python -m tests.line.season.play --data DIR [--every-day]`.

Each day: the portals as the script has them, on a real socket; a full crawl under a simulated clock, a
rebuild, an audit as of that day, and what changed since the day before. What was said goes to DIR/audits,
DIR/changes and DIR/played.json; whether it is right is judged by check.py.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import os
import sys
from argparse import Namespace
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor

from archive.audit.changes import only_changes, read_former
from archive.audit.due import PortalPlan, read_looks, when_due
from archive.audit.history import read_history
from archive.audit.render.data import audit_json
from archive.audit.run import Audit, Scope, run_audit
from archive.catalogue import Catalogue
from archive.register import Register
from archive.warc.reader import ArchiveReader
from crawler.commands.register import Command as RegisterCommand
from crawler.portal import load_portals
from crawler.stores import open_register
from extract.rebuild import rebuild
from tests.line.season.files import county_code, register_file, write_office_list, write_portal_files
from tests.line.season.script import Day, Mood, Season, moment, season
from tests.line.season.world import SeasonServer

ROOT = Path(__file__).resolve().parents[3]
_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


@dataclass
class PlayedDay:
    """What a day came to beside its audit."""

    day: str
    ended: dict[str, str] = field(default_factory=dict)  # how each crawl ended, by its portals
    walks: dict[str, str] = field(default_factory=dict)  # result of each column
    fewer: list[list[Any]] = field(default_factory=list)  # portal, column, before, now
    due: list[str] = field(default_factory=list)  # portals that were due before the crawl
    hashes: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass
class Loss:
    """What a lost machine came to: the catalogue as rebuilt from the WARCs alone, and the audit of it."""

    day: str
    before: dict[str, str]
    after: dict[str, str]
    due_before: list[str]
    due_after: list[str]
    same_audit: bool


@dataclass
class Record:
    """The whole season as played."""

    imported: str = ""  # what `scrapy register import` printed
    days: list[PlayedDay] = field(default_factory=list)
    loss: Loss | None = None
    replayed: dict[str, bool] = field(default_factory=dict)  # past days judged again at the end: the same?


class Player:
    """One season in one folder."""

    def __init__(self, data: Path, script: Season, port: int) -> None:
        self.data, self.script = data, script
        self.record = Record()
        for name in ("portals", "register", "audits", "changes"):
            (data / name).mkdir(parents=True, exist_ok=True)
        self.settings = Settings()
        self.settings.setmodule("tests.portals.settings", priority="project")
        places = {
            "DATA_DIR": str(data),
            "ARCHIVE_DIR": str(data / "warc"),
            "CATALOGUE_URL": f"sqlite:///{data / 'catalogue.sqlite'}",
            "PORTAL_DIRS": [str(data / "portals")],
            "REGISTER_FILES": [str(data / "season.yml")],
            "SAMPLE_PORT": port,
        }
        for name, value in places.items():
            self.settings.set(name, value, priority="cmdline")

    # --- before the season -------------------------------------------------------------------------------

    def prepare(self) -> None:
        """The register, and the office's own list imported by the command."""
        text = yaml.safe_dump(register_file(self.script), allow_unicode=True, sort_keys=False)
        (self.data / "season.yml").write_text(text, encoding="utf-8")
        lists = [county for county in self.script.counties if county.office_list]
        for county in lists:
            path = self.data / f"{county.portal}-单位名单.xlsx"
            write_office_list(county, path)
            command = RegisterCommand()
            command.settings = self.settings
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                code = command.work(["import", str(path)], Namespace(county=county_code(county), write=False))
            assert code == 0
            self.record.imported += printed.getvalue()
        self.register: Register = open_register(self.settings)

    # --- a day -------------------------------------------------------------------------------------------

    async def play(self, day: Day, server: SeasonServer) -> None:
        """Crawl, rebuild, audit."""
        told = PlayedDay(day.day.isoformat())
        self.record.days.append(told)
        server.show(day.day)
        write_portal_files(self.script, day.day, self.data / "portals")
        told.due = self._due(moment(day))
        began = cpu_seconds()
        stopped = {c.portal: s.pages for c in self.script.counties if (s := c.mood(day.day, Mood.STOPPED))}
        crawled = day.crawled or tuple(c.portal for c in self.script.counties)
        usual = [portal for portal in crawled if portal not in stopped]
        await self._crawl(usual, moment(day), told)
        for place, (portal, pages) in enumerate(stopped.items(), 1):
            await self._crawl([portal], moment(day) + timedelta(hours=place), told, server, pages)
        told.seconds["crawl"] = cpu_seconds() - began
        audit = self._take_stock(day, told)
        if day.machine_lost:
            self._lose_machine(day, audit, told)

    async def _crawl(
        self,
        portals: list[str],
        at: datetime,
        told: PlayedDay,
        server: SeasonServer | None = None,
        stop_at: int = 0,
    ) -> None:
        """A full crawl; with `server` it is asked to stop at that request, as a signal asks it."""
        settings = self.settings.copy()
        settings.set("CLOCK_START", at.isoformat(), priority="cmdline")
        crawler = AsyncCrawlerRunner(settings).create_crawler("portal")
        loop = asyncio.get_running_loop()
        if server is not None:
            server.when_asked = lambda _, number: (
                loop.call_soon_threadsafe(_stop, crawler) if number == stop_at else None
            )
        await AsyncCrawlerRunner(settings).crawl(crawler, portals=",".join(portals), full="1")
        if server is not None:
            server.when_asked = None
        assert crawler.stats is not None
        told.ended[",".join(portals)] = str(crawler.stats.get_value("finish_reason"))
        faults = crawler.stats.get_value("spider_exceptions/count")
        assert not faults, f"{told.day}: the spider raised {faults} times"

    def _take_stock(self, day: Day, told: PlayedDay) -> Audit:
        """Rebuild and audit; remember what was said."""
        with Catalogue(self.settings["CATALOGUE_URL"]) as catalogue:
            began = cpu_seconds()
            rebuild(self._archive, catalogue, self.register, isolated=day.own_reader)
            told.seconds["rebuild"] = cpu_seconds() - began
            began = cpu_seconds()
            audit = self._audit(catalogue, day.day)
            told.seconds["audit"] = cpu_seconds() - began
            told.hashes = catalogue.content_hash() if day.machine_lost else {}
        self._write("audits", day.day, audit)
        before = self.record.days[-2].day if len(self.record.days) > 1 else None
        if before is not None:
            former = read_former(self.data / "audits" / f"{before}.json")
            self._write("changes", day.day, only_changes(audit, former))
        began = cpu_seconds()
        history = read_history(ArchiveReader(self._archive))
        runs = [run for run in history if run.began >= moment(day)]
        told.walks = {f"{w.portal}/{w.column}": w.result.value for run in runs for w in run.walks}
        told.fewer = [[f.portal, f.column, f.before, f.now] for run in runs for f in run.fewer]
        told.seconds["history"] = cpu_seconds() - began
        return audit

    def _lose_machine(self, day: Day, audit: Audit, told: PlayedDay) -> None:
        """The catalogue is gone; another machine has the WARCs, the register and the portal files."""
        at = moment(day) + timedelta(hours=3)
        due = self._due(at)
        for file in self.data.glob("catalogue.sqlite*"):
            file.unlink()
        with Catalogue(self.settings["CATALOGUE_URL"]) as catalogue:
            rebuild(self._archive, catalogue, self.register)
            after = catalogue.content_hash()
            again = self._audit(catalogue, day.day)
        same = audit_json(again) == audit_json(audit)
        self.record.loss = Loss(told.day, told.hashes, after, due, self._due(at), same)

    def replay(self, days: list[Day]) -> None:
        """Past days judged again with what was captured by then: the verdicts must be those of then."""
        with Catalogue(self.settings["CATALOGUE_URL"]) as catalogue:
            for day in days:
                until = moment(day) + timedelta(hours=3)
                again = self._audit(catalogue, day.day, until)
                said = json.loads((self.data / "audits" / f"{day.day}.json").read_text("utf-8"))
                self.record.replayed[day.day.isoformat()] = (
                    json.loads(audit_json(again))["counties"] == said["counties"]
                )

    def _audit(self, catalogue: Catalogue, as_of: date, until: datetime | None = None) -> Audit:
        counties = tuple(sorted(map(county_code, self.script.counties)))
        return run_audit(catalogue, self.register, Scope(as_of, until, self.script.years, counties))

    def _due(self, at: datetime) -> list[str]:
        """What `scrapy due` would list at that moment, from the archive alone."""
        portals = load_portals([str(self.data / "portals")])
        plans = [PortalPlan(p.id, p.name, tuple(column.id for column in p.columns)) for p in portals.values()]
        if not (self._archive / "warc").is_dir():
            return sorted(plan.portal for plan in plans)
        looks = read_looks(ArchiveReader(self._archive), at)
        return sorted(due.portal for due in when_due(plans, looks, at) if due.is_due(at))

    def _write(self, folder: str, day: date, audit: Audit) -> None:
        (self.data / folder / f"{day}.json").write_text(audit_json(audit), encoding="utf-8")

    @property
    def _archive(self) -> Path:
        return self.data / "warc"


def cpu_seconds() -> float:
    """CPU time of this process and of those it waited for."""
    return sum(os.times()[:4])


def _stop(crawler: Crawler) -> None:
    """What a signal does."""
    _TASKS.add(asyncio.ensure_future(crawler.stop_async()))


_TASKS: set[asyncio.Future[None]] = set()


async def _whole(player: Player, server: SeasonServer, days: tuple[Day, ...]) -> None:
    player.prepare()
    for day in days:
        await player.play(day, server)
    dates = {day.day for day in days}
    player.replay([day for day in player.script.days if day.day in dates][-5:-1])


def play(data: Path, days: tuple[Day, ...]) -> Record:
    """Everything under `data`. Once in a process: the reactor runs once."""
    shipped = Settings()
    shipped.setmodule("tests.portals.settings", priority="project")
    install_reactor(_REACTOR, shipped["ASYNCIO_EVENT_LOOP"])
    from twisted.internet import reactor  # noqa: PLC0415 - exists only once it is installed

    script = season()
    server = SeasonServer(script)
    server.start()
    player = Player(data, script, server.port)
    from tests.portals.resolver import SampleResolver  # noqa: PLC0415

    SampleResolver(reactor, server.port).install_on_reactor()
    failure: list[BaseException] = []

    def ended(task: asyncio.Future[None]) -> None:
        if error := task.exception():
            failure.append(error)
        reactor.stop()  # type: ignore[attr-defined]

    def begin() -> None:
        task = asyncio.ensure_future(_whole(player, server, days))
        task.add_done_callback(ended)
        _TASKS.add(task)

    reactor.callWhenRunning(begin)  # type: ignore[attr-defined]
    try:
        reactor.run()  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
    if failure:
        raise failure[0]
    (data / "played.json").write_text(
        json.dumps(asdict(player.record), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return player.record


def read_record(data: Path) -> dict[str, Any]:
    """What a season that was played in another process came to."""
    found: dict[str, Any] = json.loads((data / "played.json").read_text("utf-8"))
    return found


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="an empty folder")
    parser.add_argument(
        "--every-day", action="store_true", help="all days of the season, not only the chosen"
    )
    options = parser.parse_args()
    script = season()
    play(options.data.resolve(), script.every_day() if options.every_day else script.days)
    return 0


if __name__ == "__main__":
    sys.exit(main())
