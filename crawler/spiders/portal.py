"""The one spider: walks the columns of portals, follows rows to reports and their attachments.

    scrapy crawl portal -a portals=a,b -a years=2019-2025 -a full=1
    scrapy crawl portal -a portals=a,b -a index_numbers=FILE
    scrapy crawl portal -a replay=RUN

Without `full` a column is read from its first page, asked for conditionally, until a page holds nothing new;
what is held is not asked for again. With it every page is read and every held report asked for conditionally;
only that yields complete walks. With `index_numbers` no column is walked (crawler.spiders.numbers).

A run that was cut off goes on where it was when the same is asked for again (`-a resume=0`: begin anew; a
look-up always does); `replay` reads a run's pages once more from the archive (crawler.replay).

The spider builds requests and keeps the walks' books; it parses no report and yields no item.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider

from archive.context import RunEvent, RunRecord, WalkRecord, WalkResult
from archive.warc.errors import ArchiveDamaged
from archive.warc.reader import ArchiveReader
from crawler.arguments import read_flag, read_years
from crawler.departures import delays, handlers, load_groups, loopback_hosts, tls_profiles
from crawler.guard import Guard
from crawler.held import Held
from crawler.lint import portal_faults
from crawler.numbers import Search, read_numbers
from crawler.platforms import PLATFORMS
from crawler.portal import ColumnKind, Portal, PortalError, load_portals, select_portals
from crawler.recording import WRITE_FAILED, clock_from
from crawler.replay import RunPlan, RunUnknownError, Tape, run_to_reread, run_to_resume
from crawler.spiders.documents import Fetch
from crawler.spiders.numbers import FINISH_DECLINED, FINISH_INCOMPLETE, NumberSpider, Opened
from crawler.stores import archive_folder, open_register
from crawler.switched_off import SwitchListError
from crawler.walk import Run, Walk

logger = logging.getLogger(__name__)

ARCHIVE_DAMAGED = "archive_damaged"  # finish reasons, told by `crawler.process` as exit codes
CUT_OFF = {"shutdown", ARCHIVE_DAMAGED, WRITE_FAILED}  # finish reasons of a run that is to go on


class PortalSpider(NumberSpider):
    """Arguments: `portals` (ids, comma-separated; all), `years` (report years; all), `full` (1; routine),
    `resume` (0: never go on with a run that was cut off), `replay` (id of a run to read again, offline),
    `index_numbers` (a file of 索引号 to look for instead).
    """

    name = "portal"

    def __init__(  # noqa: PLR0913, PLR0917 — Scrapy passes each `-a` by its name
        self,
        portals: str = "",
        years: str = "",
        full: str = "",
        resume: str = "1",
        replay: str = "",
        index_numbers: str = "",
        **unknown: str,
    ) -> None:
        if unknown:
            raise ValueError(f"未知参数 unknown argument: {', '.join(sorted(unknown))}")
        super().__init__()
        self.portal_ids = portals.split(",")
        self.years = read_years(years)
        self.full = read_flag(full, "full")
        self.resume = read_flag(resume, "resume")
        self.replay = replay
        self.numbers = read_numbers(Path(index_numbers)).wanted if index_numbers else ()
        self.searches: list[tuple[Walk, Search]] = []
        self.opened: dict[str, Opened] = {}
        self.plan: RunPlan | None = None
        self.tape: Tape | None = None
        self.portals: list[Portal] = []
        self.walks: list[Walk] = []
        self.records: list[WalkRecord] = []
        self.fetches: dict[str, Fetch] = {}
        self.noted: set[tuple[str, str | None, str | None]] = set()  # URL, portal, column
        self._asked_unlisted = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: str, **kwargs: str) -> Self:
        """Raises PortalError for portal files that cannot be used, before anything is opened."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        try:
            guard = Guard.from_crawler(crawler)
        except SwitchListError as error:
            raise PortalError(str(error)) from None
        spider.choose_run(crawler)
        spider.portals = select_portals(load_portals(settings.getlist("PORTAL_DIRS")), spider.portal_ids)
        if not spider.portals:
            raise PortalError(
                "没有任何 portal 文件 no portal file in PORTAL_DIRS: 见 crawler/portals/README.md"
            )
        for fault in (fault for portal in spider.portals for fault in portal_faults(portal, settings)):
            raise PortalError(fault)
        settings.set("DOWNLOAD_SLOTS", delays(spider.portals), priority="spider")
        settings.set("DOWNLOAD_HANDLERS", handlers(spider.portals, settings), priority="spider")
        settings.set("LOOPBACK_HOSTS", loopback_hosts(spider.portals, settings), priority="spider")
        settings.set("TLS_PROFILES", tls_profiles(spider.portals), priority="spider")
        settings.set("LOAD_GROUPS", load_groups(spider.portals), priority="spider")
        guard.allow(host for portal in spider.portals for host in portal.hosts)
        if any(column.harvest for portal in spider.portals for column in portal.columns):
            spider.register = open_register(settings)
        spider.take_up(crawler)
        crawler.signals.connect(spider.ended, signal=signals.spider_idle)
        return spider

    def choose_run(self, crawler: Crawler) -> None:
        """A re-reading takes its arguments from the run. Raises PortalError for an unknown run."""
        if not self.replay:
            return
        try:
            self.plan = run_to_reread(ArchiveReader(archive_folder(crawler.settings)), self.replay)
        except RunUnknownError as unknown:
            raise PortalError(str(unknown)) from None
        began = self.plan.began
        self.years, self.full = frozenset(began.years), began.full
        if not any(self.portal_ids):
            self.portal_ids = list(began.portals)
        Guard.from_crawler(crawler).offline = True

    def take_up(self, crawler: Crawler) -> None:
        """Look for a run that was cut off and wanted the same; the process then writes under its id."""
        if self.plan is None and self.resume and not self.numbers:
            wanted = self._mark("", RunEvent.BEGAN, clock_from(crawler.settings).now())
            reader = ArchiveReader(archive_folder(crawler.settings))
            self.plan = run_to_resume(reader, wanted, crawler.settings.getfloat("RESUME_WITHIN_HOURS"))
        if self.plan is not None:
            crawler.settings.set("ARCHIVE_RUN", self.plan.run, priority="spider")

    def _mark(self, run: str, event: RunEvent, at: datetime, reason: str | None = None) -> RunRecord:
        return RunRecord(
            run=run,
            event=event,
            at=at,
            portals=tuple(sorted(portal.id for portal in self.portals)),
            years=tuple(sorted(self.years)),
            full=self.full,
            reason=reason,
        )

    # --- start and end -----------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        clock, plan = self.clock(), self.plan
        rereads = plan is not None and plan.rereads
        run = Run(self.archive.run, self.years, self.full, rereads)
        try:
            reader = ArchiveReader(archive_folder(self.crawler.settings))
            self.held = Held.of(reader, plan.leaves_out if plan else ())
            self.tape = Tape.of(reader, plan) if plan else None
        except ArchiveDamaged as damage:
            logger.critical("存档有损坏，请运行 scrapy verify the archive is damaged: %s", damage)
            raise CloseSpider(ARCHIVE_DAMAGED) from damage
        if plan is not None:
            told = (
                "重读存档 reading again"
                if rereads
                else "接着上次中断的采集 going on with a run that was cut off"
            )
            logger.info("%s: %s", told, plan.run)
        if self._is_marked:
            self._write_mark(RunEvent.RESUMED if plan else RunEvent.BEGAN)
        for portal in self.portals:
            if self.numbers:
                for request in self.number_requests(portal, run):
                    yield request
                continue
            platform = PLATFORMS[portal.platform](portal)
            for column in portal.columns:
                walk = Walk(portal, column, platform, run, clock.now())
                if column.kind is not ColumnKind.ROUTE:  # of a route each organ and year is told by itself
                    walk.had_rows = self.held.had_rows(portal.id, column.id)
                    walk.before = self.held.reports.get((portal.id, column.id))
                self.walks.append(walk)
                walk.pending += 1
                with self.step(walk):
                    requests = self.harvest(walk) if column.harvest else self.first_requests(walk)
                for request in requests:
                    yield request

    def ended(self) -> None:
        """Nothing is left to do: say how it went, for the command's exit code."""
        for walk in self.walks:
            self.finish(walk)
        if self.numbers:
            self.numbers_ended()
            return
        if self._ask_unlisted():
            raise DontCloseSpider
        results = {record.result for record in self.records}
        if results <= {WalkResult.HEALTHY}:
            return
        only_declined = results <= {WalkResult.HEALTHY, WalkResult.DECLINED}
        raise CloseSpider(FINISH_DECLINED if only_declined else FINISH_INCOMPLETE)

    def _ask_unlisted(self) -> bool:
        """After a whole crawl, once: held reports that a list shows no more. Whether any was asked for."""
        rereads = self.plan is not None and self.plan.rereads
        if not self.full or rereads or self._asked_unlisted:
            return False
        self._asked_unlisted = True
        complete = {(record.portal, record.column) for record in self.records if record.complete}
        walks = [walk for walk in self.walks if (walk.portal.id, walk.column.id) in complete]
        requests = list(self.unlisted_requests(walks))
        engine = self.crawler.engine
        assert engine is not None
        for request in requests:
            engine.crawl(request)
        return bool(requests)

    def closed(self, reason: str) -> None:
        """Walks cut off by an early end are told too, unless the archive itself is the cause."""
        if self.archive.failure is None:
            for walk in self.walks:
                if not walk.done:
                    walk.trouble(WalkResult.INCOMPLETE, "interrupted", f"采集中断 crawl ended: {reason}")
                self.finish(walk)
            if reason not in CUT_OFF and self._is_marked:
                self._write_mark(RunEvent.ENDED, reason)

    @property
    def _is_marked(self) -> bool:
        """Whether the run's beginning and end are written: it can be taken up again, and replayed."""
        return not self.numbers and (self.plan is None or not self.plan.rereads)

    def _write_mark(self, event: RunEvent, reason: str | None = None) -> None:
        archive = self.archive
        archive.writer.write_run(self._mark(archive.run, event, archive.clock.now(), reason))
