"""The one spider: walks the columns of portals, follows rows to reports and their attachments.

    scrapy crawl portal -a portals=a,b -a years=2019-2025 -a full=1
    scrapy crawl portal -a replay=RUN

Without `full` a column is read from its first page, asked for conditionally, until a page holds nothing new;
what is held is not asked for again. With it every page is read and every held report asked for conditionally;
only that yields complete walks. A run that was cut off goes on where it was when the same is asked for again
(`-a resume=0`: begin anew); `replay` reads a run's pages once more from the archive (crawler.replay).

The spider builds requests and keeps the walks' books; it parses no report and yields no item.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.clock import Clock
from archive.context import (
    CrawlContext,
    Role,
    RowOutcome,
    RunEvent,
    RunRecord,
    WalkRecord,
    WalkResult,
)
from archive.warc.errors import ArchiveDamaged
from archive.warc.reader import ArchiveReader
from crawler.answers import GONE, Trouble, answer_trouble, says_gone, trouble_of
from crawler.arguments import read_flag, read_years
from crawler.conditional import CONDITIONAL, UNCHANGED
from crawler.departures import delays, handlers, loopback_hosts, tls_profiles
from crawler.guard import Guard
from crawler.held import Held
from crawler.lint import portal_faults
from crawler.platforms import PLATFORMS
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.page import Page, decode, script_redirect
from crawler.platforms.rows import Row, page_title, parse_html
from crawler.politeness import BROWSER
from crawler.portal import Column, ColumnKind, Portal, PortalError, load_portals, select_portals
from crawler.recording import WRITE_FAILED, ArchiveExtension, clock_from
from crawler.replay import RunPlan, RunUnknownError, Tape, moments_of, run_to_reread, run_to_resume
from crawler.titles import TitleKind, is_outside, read_title
from crawler.walk import Run, Walk

logger = logging.getLogger(__name__)

STUB = 600  # bytes: a page beyond the last is sometimes a stub of 300–400 (portals.md §4.2)
MAX_ATTACHMENTS = 30
ARCHIVE_DAMAGED = "archive_damaged"  # finish reasons, told by `crawler.process` as exit codes
FINISH_INCOMPLETE = "incomplete"
FINISH_DECLINED = "declined"
CUT_OFF = {"shutdown", ARCHIVE_DAMAGED, WRITE_FAILED}  # finish reasons of a run that is to go on


@dataclass
class Fetch:
    """One document asked for in this run, with the walks that wait for it."""

    url: str
    title: str
    column: tuple[str, str] | None = None  # portal and column whose list led to it
    is_attachment: bool = False
    waiting: list[Walk] = field(default_factory=list)
    trouble: Trouble | None = None
    done: bool = False


class PortalSpider(Spider):
    """Arguments: `portals` (ids, comma-separated; all), `years` (report years; all), `full` (1; routine),
    `resume` (0: never go on with a run that was cut off), `replay` (id of a run to read again, offline).
    """

    name = "portal"

    def __init__(
        self,
        portals: str = "",
        years: str = "",
        full: str = "",
        resume: str = "1",
        replay: str = "",
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
        self.plan: RunPlan | None = None
        self.tape: Tape | None = None
        self.portals: list[Portal] = []
        self.walks: list[Walk] = []
        self.records: list[WalkRecord] = []
        self.fetches: dict[str, Fetch] = {}
        self.noted: set[tuple[str, str | None, str | None]] = set()  # URL, portal, column

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: str, **kwargs: str) -> Self:
        """Raises PortalError for portal files that cannot be used, before anything is opened."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
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
        Guard.from_crawler(crawler).allow(host for portal in spider.portals for host in portal.hosts)
        spider.take_up(crawler)
        crawler.signals.connect(spider.ended, signal=signals.spider_idle)
        return spider

    def choose_run(self, crawler: Crawler) -> None:
        """A re-reading takes its arguments from the run. Raises PortalError for an unknown run."""
        if not self.replay:
            return
        try:
            self.plan = run_to_reread(ArchiveReader(Path(crawler.settings["ARCHIVE_DIR"])), self.replay)
        except RunUnknownError as unknown:
            raise PortalError(str(unknown)) from None
        began = self.plan.began
        self.years, self.full = frozenset(began.years), began.full
        if not any(self.portal_ids):
            self.portal_ids = list(began.portals)
        Guard.from_crawler(crawler).offline = True

    def take_up(self, crawler: Crawler) -> None:
        """Look for a run that was cut off and wanted the same; the process then writes under its id."""
        if self.plan is None and self.resume:
            wanted = self._mark("", RunEvent.BEGAN, clock_from(crawler.settings).now())
            reader = ArchiveReader(Path(crawler.settings["ARCHIVE_DIR"]))
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
        clock, plan = self._clock(), self.plan
        rereads = plan is not None and plan.rereads
        run = Run(self._archive.run, self.years, self.full, rereads)
        try:
            reader = ArchiveReader(Path(self.crawler.settings["ARCHIVE_DIR"]))
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
        if not rereads:
            self._write_mark(RunEvent.RESUMED if plan else RunEvent.BEGAN)
        for portal in self.portals:
            platform = PLATFORMS[portal.platform](portal)
            for column in portal.columns:
                walk = Walk(portal, column, platform, run, clock.now())
                walk.had_rows = self.held.had_rows(portal.id, column.id)
                self.walks.append(walk)
                walk.pending += 1
                with self._step(walk):
                    requests = self._first_requests(walk)
                for request in requests:
                    yield request

    def ended(self) -> None:
        """Nothing is left to do: say how it went, for the command's exit code."""
        for walk in self.walks:
            self._finish(walk)
        results = {record.result for record in self.records}
        if results <= {WalkResult.HEALTHY}:
            return
        only_declined = results <= {WalkResult.HEALTHY, WalkResult.DECLINED}
        raise CloseSpider(FINISH_DECLINED if only_declined else FINISH_INCOMPLETE)

    def closed(self, reason: str) -> None:
        """Walks cut off by an early end are told too, unless the archive itself is the cause."""
        if self._archive.failure is None:
            for walk in self.walks:
                if not walk.done:
                    walk.trouble(WalkResult.INCOMPLETE, "interrupted", f"采集中断 crawl ended: {reason}")
                self._finish(walk)
            if reason not in CUT_OFF and (self.plan is None or not self.plan.rereads):
                self._write_mark(RunEvent.ENDED, reason)

    def _write_mark(self, event: RunEvent, reason: str | None = None) -> None:
        archive = self._archive
        archive.writer.write_run(self._mark(archive.run, event, archive.clock.now(), reason))

    def _finish(self, walk: Walk) -> None:
        if walk.done:
            return
        walk.done = True
        record = self._told(walk)
        if record is None:
            record = walk.record(self._clock().now())
            self._archive.writer.write_walk(record)
        self.records.append(record)
        logger.info(
            "%s/%s: %s, %s, %d rows%s",
            record.portal,
            record.column,
            record.result,
            "complete" if record.complete else "not complete",
            len(record.rows),
            f": {record.reason}" if record.reason else "",
        )

    def _told(self, walk: Walk) -> WalkRecord | None:
        """The record of the same walk in this run, from before it was cut off: one look is told once."""
        if self.tape is None or self.tape.plan.rereads:
            return None
        return self.tape.told.get((walk.portal.id, walk.column.id))

    # --- list pages --------------------------------------------------------------------------------------

    def _first_requests(self, walk: Walk) -> list[Request]:
        years = self.years or walk.portal.report_years
        try:
            asked = list(walk.platform.column_requests(walk.column, sorted(years)))
        except LayoutUnknownError as error:
            walk.trouble(WalkResult.LAYOUT_CHANGED, "no_route", str(error))
            return []
        if not self.full:
            asked = [self._straight(walk, page) for page in asked if not self._is_settled(walk, page)]
        return [request for page in asked for request in self._page_requests(walk, page, None)]

    def _straight(self, walk: Walk, page: PageRequest) -> PageRequest:
        """The list itself, where the column's page as it is held only leads to one: half the requests."""
        held = self.held.page(page.url, walk.portal) if page.role is Role.COLUMN else None
        if held is None:
            return page
        try:
            listed = walk.platform.read_list(held, page, walk.column)
        except LayoutUnknownError:
            return page
        if listed.rows or listed.next is None or listed.next.fallback is None:
            return page
        # "again": a list asked for after its column's page is another request: its cookie is there then.
        return replace(listed.next, fallback=replace(page, carry={**page.carry, "again": "1"}))

    def _page_requests(self, walk: Walk, page: PageRequest, via: str | None) -> list[Request]:
        if not walk.may_ask(page):
            walk.trouble(
                WalkResult.INCOMPLETE, "pager_loops", f"翻页回到原处 the pager goes round: {page.url}"
            )
            return []
        if page.role is Role.REPORT:
            if not self.full and walk.column.kind is ColumnKind.ROUTE and self._has_answered(walk, page):
                walk.answers += 1
                walk.add_row(Row(page.url, ""), RowOutcome.HELD, None, page.publisher)
                return []
            return [self._request(walk, page, self.parse_document, via, conditional=True)]
        # A full walk proves absence, so its lists are sent whole: some servers say 304 by a template's date.
        return [self._request(walk, page, self.parse_list, via, conditional=not self.full)]

    def _has_answered(self, walk: Walk, page: PageRequest) -> bool:
        """Whether the route's answer is held and was a report: one that said there is none may change."""
        held = self.held.page(page.url, walk.portal) if page.url in self.held else None
        try:
            return held is not None and not walk.platform.route_is_empty(held)
        except LayoutUnknownError:
            return False

    def parse_list(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        """A list page: its rows, then the next page."""
        with self._step(walk):
            walk.moments += moments_of(response)
            return self._read_list(response, walk, page)

    def _read_list(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        trouble = answer_trouble(response)
        here = self._page(response, walk.portal)
        if trouble is not None:
            return self._list_failed(walk, page, trouble, response.url)
        if onward := script_redirect(here):
            return self._page_requests(walk, replace(page, url=onward), response.url)
        try:
            listed = walk.platform.read_list(here, page, walk.column)
        except LayoutUnknownError as error:
            broken = Trouble(WalkResult.LAYOUT_CHANGED, "layout", str(error))
            return self._list_failed(walk, page, broken, response.url)
        if page.probe and not listed.rows and len(response.body) < STUB:
            return self._list_ended(walk, page)
        goes_on = walk.add_page(_record_id(response), listed, page)
        requests, news = self._rows(walk, listed, page, response.url)
        requests += self._opened_lists(walk, listed, response.url)
        if listed.next is not None and goes_on:
            if self.full or news or not listed.rows:
                requests += self._page_requests(walk, listed.next, response.url)
            else:
                walk.stopped_early = True
        return requests

    def _opened_lists(self, walk: Walk, listed: ListPage, via: str) -> list[Request]:
        """The first pages of further lists that a page opens, each list once."""
        requests: list[Request] = []
        for opened in filter(walk.opens, listed.lists):
            if not self._is_settled(walk, opened):
                requests += self._page_requests(walk, opened, via)
        return requests

    def _is_settled(self, walk: Walk, page: PageRequest) -> bool:
        """Whether a routine crawl leaves a list of a year gone by alone: it is held."""
        held = self.held.page(page.url, walk.portal) if page.settled and not self.full else None
        if held is None:
            return False
        walk.stopped_early = True
        with suppress(LayoutUnknownError):
            walk.answers += bool(walk.platform.read_list(held, page, walk.column).rows)
        return True

    def _list_failed(self, walk: Walk, page: PageRequest, trouble: Trouble, via: str) -> list[Request]:
        """A page that cannot be read: another way to it, the list's end, or a walk that is not complete."""
        if page.fallback is not None:
            return self._page_requests(walk, page.fallback, via)
        if says_gone(trouble) and page.year is not None and page.number == 1:
            return []  # none for this organ and year; that the route answers at all is proved by others
        last_stated = page.carry.get("pages") == str(page.number)
        if says_gone(trouble) and (page.probe or last_stated):
            return self._list_ended(walk, page)
        if page.number == 1 and says_gone(trouble):
            words = f"栏目不在了 the column is gone: {trouble.words}"
            trouble = Trouble(WalkResult.LAYOUT_CHANGED, trouble.code, words)
        walk.troubles.append(trouble)
        return []

    def _list_ended(self, walk: Walk, page: PageRequest) -> list[Request]:
        """A page that is not there ends a list: a guessed one, or the last one stated (portals.md §4.2)."""
        if page.doubtful:
            words = "翻页方式不认识，后面可能还有 the pager is not understood, more may follow"
            walk.trouble(WalkResult.INCOMPLETE, "unknown_pager", words)
        walk.part(page).ended_early = not page.probe
        return []

    def _rows(self, walk: Walk, listed: ListPage, page: PageRequest, via: str) -> tuple[list[Request], bool]:
        """Requests for the page's rows, and whether any row was new."""
        requests: list[Request] = []
        news = False
        for row in listed.rows:
            news = news or not self.held.has_seen(walk.portal.id, walk.column.id, row.url)
            publisher = page.publisher or _only(walk.column)
            reason = self._why_not(walk, row)
            if reason is not None:
                walk.add_row(row, RowOutcome.SKIPPED, reason, publisher)
            elif not self.full and row.url in self.held:
                walk.add_row(row, RowOutcome.HELD, None, publisher)
                if not self.held.has_seen(walk.portal.id, walk.column.id, row.url):
                    self._note(walk, row, publisher, via)
            else:
                walk.add_row(row, RowOutcome.FOLLOWED, None, publisher)
                requests += self._follow(walk, row, publisher, via)
        return requests, news

    def _why_not(self, walk: Walk, row: Row) -> str | None:
        """Why a row is not asked for; None if it is. In a list of everything only reports by title are."""
        reading = read_title(row.title)
        if is_outside(self.years, row.title, row.date, row.url):
            return "year_outside"
        if reading.kind is TitleKind.OTHER:
            return f"not_a_report:{reading.code}"
        if reading.kind is TitleKind.REPORT:
            return None
        if walk.column.kind is ColumnKind.CATALOGUE or row.belongs is False:
            return "title_unknown"
        return None if reading.hinted or row.url in self.held else "title_unknown"

    # --- documents ---------------------------------------------------------------------------------------

    def _follow(self, walk: Walk, row: Row, publisher: str | None, via: str) -> list[Request]:
        """Ask for a row's document once in a run; a second list waits for the first one's request."""
        fetch = self.fetches.get(row.url)
        if fetch is not None:
            self._note(walk, row, publisher, via)
            if fetch.done:
                self._tell(walk, fetch)
            elif walk not in fetch.waiting:
                fetch.waiting.append(walk)
                walk.pending += 1
            return []
        fetch = self.fetches[row.url] = Fetch(row.url, row.title, column=(walk.portal.id, walk.column.id))
        walk.pending += 1
        return [self._document_request(walk, fetch, self._row_context(walk, row, publisher, via))]

    def _row_context(self, walk: Walk, row: Row, publisher: str | None, via: str) -> CrawlContext:
        return self._context(walk, Role.REPORT, via).model_copy(
            update={
                "publisher_hint": publisher or row.publisher,
                "list_title": row.title,
                "list_date": row.date,
                "list_index_number": row.index_number,
            }
        )

    def _note(self, walk: Walk, row: Row, publisher: str | None, via: str) -> None:
        """A document met again in another list: what this one says of it is kept, nothing is asked for."""
        fetch, column = self.fetches.get(row.url), (walk.portal.id, walk.column.id)
        key = (row.url, *column)
        noted = self.tape.noted if self.tape else set()
        if (fetch is not None and fetch.column == column) or key in self.noted | noted:
            return
        self.noted.add(key)
        context = self._row_context(walk, row, publisher, via)
        self._archive.writer.write_context(row.url, context)

    def _document_request(self, walk: Walk, fetch: Fetch, context: CrawlContext) -> Request:
        return Request(
            fetch.url,
            callback=self.parse_report,
            errback=partial(self.report_failed, walk=walk, fetch=fetch),
            cb_kwargs={"walk": walk, "fetch": fetch},
            meta={"context": context, CONDITIONAL: True},
            dont_filter=True,  # the spider itself asks for each document once
        )

    def parse_report(self, response: Response, walk: Walk, fetch: Fetch) -> list[Request]:
        """A report page: its attachments."""
        with self._step(walk):
            requests: list[Request] = []
            walk.moments += moments_of(response)
            fetch.trouble = answer_trouble(response)
            if fetch.trouble is None:
                requests = self._attachments(response, walk, fetch.url)
            self._fetched(fetch, walk)
            return requests

    def report_failed(self, failure: Failure, walk: Walk, fetch: Fetch) -> None:
        with self._step(walk):
            fetch.trouble = trouble_of(failure.value)
            self._fetched(fetch, walk)

    def _fetched(self, fetch: Fetch, walk: Walk) -> None:
        fetch.done = True
        self._tell(walk, fetch)
        for waiting in fetch.waiting:
            with self._step(waiting):
                self._tell(waiting, fetch)

    def _tell(self, walk: Walk, fetch: Fetch) -> None:
        if fetch.trouble is None:
            return
        if fetch.is_attachment:  # its report is held, so nothing of the column is in doubt
            logger.warning("%s: 附件未取到 attachment not fetched: %s", fetch.url, fetch.trouble.words)
            return
        proves_nothing = not says_gone(fetch.trouble) and read_title(fetch.title).kind is not TitleKind.OTHER
        walk.row_failed(fetch.url, fetch.trouble, proves_nothing=proves_nothing)

    def _attachments(self, response: Response, walk: Walk, via: str) -> list[Request]:
        if not _is_html(response):
            return []
        page = self._page(response, walk.portal)
        requests: list[Request] = []
        for url, name in walk.platform.attachments(page)[:MAX_ATTACHMENTS]:
            if url in self.fetches or (not self.full and url in self.held):
                continue
            fetch = self.fetches[url] = Fetch(url, name, is_attachment=True)
            context = self._context(walk, Role.ATTACHMENT, via).model_copy(
                update={"list_title": name or None}
            )
            walk.pending += 1
            request = self._document_request(walk, fetch, context)
            requests.append(request.replace(callback=self.parse_attachment))
        return requests

    def parse_attachment(self, response: Response, walk: Walk, fetch: Fetch) -> None:
        with self._step(walk):
            walk.moments += moments_of(response)
            fetch.trouble = answer_trouble(response)
            self._fetched(fetch, walk)

    def parse_document(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        """A page that is itself the report: a column of kind document, or an answer of the report route."""
        with self._step(walk):
            walk.moments += moments_of(response)
            trouble = answer_trouble(response)
            if trouble is not None and not (page.year and response.status in GONE):
                walk.troubles.append(trouble)
                return []
            here = self._page(response, walk.portal)
            if record := _record_id(response):
                walk.pages.append(record)
            try:
                if response.status in GONE or walk.platform.route_is_empty(here):
                    return []
                listed = walk.platform.route_list(here, page, walk.column)
            except LayoutUnknownError as error:
                walk.trouble(WalkResult.LAYOUT_CHANGED, "layout", f"{error}: {page.url}")
                return []
            walk.answers += 1
            if listed is not None:
                return self._rows(walk, listed, page, response.url)[0]
            row = Row(page.url, page_title(parse_html(here.text)) or "")
            outcome = RowOutcome.HELD if UNCHANGED in response.flags else RowOutcome.FOLLOWED
            walk.add_row(row, outcome, None, page.publisher or _only(walk.column))
            return self._attachments(response, walk, page.url)

    # --- requests and answers ----------------------------------------------------------------------------

    def _request(
        self,
        walk: Walk,
        page: PageRequest,
        callback: Callable[..., Any],
        via: str | None,
        *,
        conditional: bool = False,
    ) -> Request:
        walk.pending += 1
        context = self._context(walk, page.role, via).model_copy(
            update={"publisher_hint": page.publisher or _only(walk.column)}
        )
        headers = dict(page.headers)
        if page.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif page.json:
            headers["Content-Type"] = "application/json;charset=UTF-8"
        return Request(
            page.url,
            method=page.method,
            body=urlencode(page.form) if page.form else page.json,
            headers=headers,
            callback=callback,
            errback=partial(self.page_failed, walk=walk),
            cb_kwargs={"walk": walk, "page": page},
            meta={
                "context": context,
                CONDITIONAL: conditional,
                BROWSER: walk.portal.browser is not None and page.role in (Role.COLUMN, Role.LIST),
            },
            priority=10,  # lists first: they tell what there is
            dont_filter=True,
        )

    def page_failed(self, failure: Failure, walk: Walk) -> list[Request]:
        with self._step(walk):
            walk.troubles.append(trouble_of(failure.value))
            return []

    @contextmanager
    def _step(self, walk: Walk) -> Iterator[None]:
        """One thing done for a walk; the last one ends it. A fault in our own code ends it as incomplete."""
        try:
            yield
        except Exception as error:
            walk.trouble(WalkResult.INCOMPLETE, "fault", f"程序出错 a fault of ours: {error!r}")
            raise
        finally:
            walk.pending -= 1
            if walk.pending == 0:
                self._finish(walk)

    def _page(self, response: Response, portal: Portal) -> Page:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        forced = portal.encoding.name if portal.encoding else None
        return Page(response.url, decode(response.body, content_type, forced), response.status)

    def _context(self, walk: Walk, role: Role, via: str | None) -> CrawlContext:
        return CrawlContext(
            portal=walk.portal.id,
            platform=walk.platform.name,
            role=role,
            run=walk.run.id,
            column=walk.column.id,
            via=via,
        )

    def _clock(self) -> Clock:
        return self._archive.clock

    @property
    def _archive(self) -> ArchiveExtension:
        return ArchiveExtension.of(self.crawler)


def _only(column: Column) -> str | None:
    """The publisher of a column that has one."""
    return column.publishers[0] if len(column.publishers) == 1 else None


def _record_id(response: Response) -> str | None:
    pointer = response.meta.get("archive")
    return pointer.record_id if pointer is not None else None


def _is_html(response: Response) -> bool:
    kind = (response.headers.get("Content-Type") or b"").lower()
    return b"html" in kind or response.body.lstrip()[:1] == b"<"
