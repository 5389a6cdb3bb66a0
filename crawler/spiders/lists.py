"""Lists: their pages one after another, the rows on them, and the answers of routes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive.context import Role, RowOutcome, WalkResult
from crawler.answers import GONE, Trouble, answer_trouble, says_gone
from crawler.conditional import UNCHANGED
from crawler.load import domain_of
from crawler.looks import Judge, Judgement
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.dead import is_home
from crawler.platforms.page import MAX_SHELLS, Page, only_frame, shell_target
from crawler.platforms.rows import Row, page_title, parse_html
from crawler.politeness import BROWSER, CUT_SHORT, GAPS, LOOKS, TURN
from crawler.portal import ColumnKind
from crawler.replay import moments_of
from crawler.spiders.documents import DocumentSpider
from crawler.spiders.steps import only_publisher, record_id
from crawler.titles import TitleKind, is_outside, read_title
from crawler.walk import Walk

SHELLS = "shells"  # key in PageRequest.carry: how many pages without content led here
STUB = 600  # bytes: a page beyond the last is sometimes a stub of 300–400 (portals.md §4.2)


class ListSpider(DocumentSpider):
    """Walks columns: a list page by page, or a route organ by organ and year by year."""

    years: frozenset[int]

    def first_requests(self, walk: Walk) -> list[Request]:
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
            return [self.request(walk, page, self.parse_document, via, conditional=True)]
        # A full walk proves absence, so its lists are sent whole: some servers say 304 by a template's date.
        request = self.request(walk, page, self.parse_list, via, conditional=not self.full)
        if request.meta[BROWSER]:
            request.meta[TURN] = self._judge_of_looks(walk, page)
        return [request]

    def _judge_of_looks(self, walk: Walk, page: PageRequest) -> Judge:
        """Says of each look at a list in the browser whether it shows new rows and whether to go on."""
        seen: set[str] = set()

        def judge(url: str, text: str) -> Judgement:
            try:
                listed = walk.platform.read_list(Page(url, text, turned=True), page, walk.column)
            except LayoutUnknownError:
                return Judgement(is_new=False, goes_on=False)
            new = {row.url for row in listed.rows} - seen
            seen.update(new)
            news = any(not self.held.has_seen(walk.portal.id, walk.column.id, url) for url in new)
            return Judgement(bool(new), goes_on=bool(new) and listed.next is None and (self.full or news))

        return judge

    def _has_answered(self, walk: Walk, page: PageRequest) -> bool:
        """Whether the route's answer is held and was a report: one that said there is none may change."""
        held = self.held.page(page.url, walk.portal) if page.url in self.held else None
        try:
            return held is not None and not walk.platform.route_is_empty(held)
        except LayoutUnknownError:
            return False

    def parse_list(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        """A list page: its rows, then the next page."""
        with self.step(walk):
            walk.moments += moments_of(response)
            return self._read_list(response, walk, page)

    def _read_list(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        trouble = answer_trouble(response)
        here = self.page(response, walk.portal)
        if trouble is None and (onward := shell_target(here)):
            return self._within(walk, page, onward, response.url)
        trouble = trouble or self._moved(walk, page, response.url)
        if trouble is not None:
            return self._list_failed(walk, page, trouble, response.url)
        return self._read_rows(response, walk, page, here)

    def _read_rows(self, response: Response, walk: Walk, page: PageRequest, here: Page) -> list[Request]:
        try:
            listed = walk.platform.read_list(here, page, walk.column)
        except LayoutUnknownError as error:
            if frame := self._frame(here, page):
                return self._within(walk, page, frame, response.url)
            broken = Trouble(WalkResult.LAYOUT_CHANGED, "layout", str(error))
            return self._list_failed(walk, page, broken, response.url)
        if page.probe and not listed.rows and len(response.body) < STUB:
            return self._list_ended(walk, page)
        shows = listed.rows or listed.next or listed.lists or listed.says_empty
        if not shows and (frame := self._frame(here, page)):
            return self._within(walk, page, frame, response.url)
        goes_on = walk.add_page(record_id(response), listed, page)
        requests, news = self._rows(walk, listed, page, response.url)
        requests += self._opened_lists(walk, listed, response.url)
        if listed.next is not None and goes_on:
            if self.full or news or not listed.rows:
                requests += self._page_requests(walk, listed.next, response.url)
            else:
                walk.stopped_early = True
        return requests + self._further_looks(response, walk, page)

    def _further_looks(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        """The pages of a list that only a script turns, as the browser saw them one after another."""
        requests: list[Request] = []
        for number, look in enumerate(response.meta.get(LOOKS, ()), page.number + 1):
            here = Page(look.url, look.text, response.status, turned=True)
            turned = replace(page, number=number)
            listed = walk.platform.read_list(here, turned, walk.column)
            walk.add_page(None, listed, turned)
            requests += self._rows(walk, listed, turned, look.url)[0]
        if response.meta.get(CUT_SHORT):
            words = f"脚本翻页过多，未看完 more pages than are turned: {page.url}"
            walk.trouble(WalkResult.INCOMPLETE, "turns_end", words)
        for gap in response.meta.get(GAPS, ()):
            walk.trouble(
                WalkResult.INCOMPLETE, "part_failed", f"列表数据未取到 data of the list did not come: {gap}"
            )
        if not self.full and response.meta.get(LOOKS) is not None:
            walk.stopped_early = True
        return requests

    @staticmethod
    def _frame(here: Page, page: PageRequest) -> str | None:
        """A list inside a frame of a page that shows none itself; never of a page beyond the first."""
        return only_frame(here) if page.number == 1 else None

    def _within(self, walk: Walk, page: PageRequest, url: str, via: str) -> list[Request]:
        """The page to which one without content sends, a few times at most."""
        hops = int(page.carry.get(SHELLS, "0")) + 1
        if hops > MAX_SHELLS:
            words = f"空壳页一再跳转 shells lead on and on: {url}"
            walk.trouble(WalkResult.INCOMPLETE, "shell_loops", words)
            return []
        onward = replace(page, url=url, carry={**page.carry, SHELLS: str(hops)})
        return self._page_requests(walk, onward, via)

    @staticmethod
    def _moved(walk: Walk, page: PageRequest, url: str) -> Trouble | None:
        """Where the column's page came from another place than the portal file says (portals.md §8.6)."""
        if page.number != 1:
            return None
        if is_home(url) and not is_home(walk.portal.absolute(walk.column.url)):
            words = f"栏目转到了首页 the column leads to the site's home page: {url}"
            return Trouble(WalkResult.LAYOUT_CHANGED, "leads_home", words)
        if domain_of(urlsplit(url).hostname or "") in map(domain_of, walk.portal.hosts):
            return None
        words = f"栏目迁到了别的主机，确属该县请写入 allowed_hosts moved to a host not in the file: {url}"
        return Trouble(WalkResult.LAYOUT_CHANGED, "moved_host", words)

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
            publisher = page.publisher or only_publisher(walk.column)
            reason = self._why_not(walk, row)
            if reason is not None:
                walk.add_row(row, RowOutcome.SKIPPED, reason, publisher)
            elif not self.full and row.url in self.held:
                walk.add_row(row, RowOutcome.HELD, None, publisher)
                if not self.held.has_seen(walk.portal.id, walk.column.id, row.url):
                    self.note(walk, row, publisher, via)
            else:
                walk.add_row(row, RowOutcome.FOLLOWED, None, publisher)
                requests += self.follow(walk, row, publisher, via)
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
        if (walk.column.kind is ColumnKind.CATALOGUE and not reading.cut) or row.belongs is False:
            return "title_unknown"
        return None if reading.hinted or row.url in self.held else "title_unknown"

    def parse_document(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        """A page that is itself the report: a column of kind document, or an answer of the report route."""
        with self.step(walk):
            walk.moments += moments_of(response)
            trouble = answer_trouble(response)
            if trouble is not None and not (page.year and response.status in GONE):
                walk.troubles.append(trouble)
                return []
            here = self.page(response, walk.portal)
            if record := record_id(response):
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
            walk.add_row(row, outcome, None, page.publisher or only_publisher(walk.column))
            return self.attachments(response, walk, page.url, title=row.title)
