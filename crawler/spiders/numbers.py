"""The crawl by index numbers: each through the portal's own search, each organ key through the yearly route.

    scrapy crawl portal -a portals=a -a index_numbers=FILE -a years=2019-2025

A hit is followed as a report where its page shows the number. Where a number begins with the organ's key
of the yearly route, the route is asked for that organ and every year too: so one number per publisher
reaches everything. Serials are never counted up (portals.md §6.4, §7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.context import Role, RowOutcome, WalkKind, WalkResult, WalkRow
from archive.warc.capture import Pointer
from crawler.answers import Trouble, answer_trouble, trouble_of
from crawler.numbers import MAX_HITS, Hit, Outcome, Search, Wanted, overall, search_of
from crawler.platforms import PLATFORMS
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, page_title, parse_html, text_of
from crawler.portal import Area, Column, ColumnKind, Portal
from crawler.spiders.documents import is_html
from crawler.spiders.organs import OrganSpider
from crawler.spiders.steps import record_id
from crawler.titles import TitleKind, read_title
from crawler.walk import Run, Walk

FINISH_NOT_FOUND = "not_found"  # finish reasons, told by `crawler.process` as exit codes
FINISH_INCOMPLETE = "incomplete"
FINISH_DECLINED = "declined"
MAX_SEARCH_PAGES = 5  # until a page of the search has rows: a form page, the answer to it
STUB_TEXT = 200  # characters: an answer this short without rows is an empty one


@dataclass
class Opened:
    """A document that a search named, read once however many numbers wait for it."""

    row: Row
    text: str | None = None  # what it shows; None: not read, or a file
    title: str = ""
    trouble: Trouble | None = None
    pointer: Pointer | None = None
    done: bool = False
    held: bool = False
    waiting: list[Search] = field(default_factory=list)


class NumberSpider(OrganSpider):
    """Looks for index numbers. `numbers` is empty in a crawl of columns."""

    numbers: Sequence[Wanted] = ()
    with_routes = True  # ask the yearly routes of the organs that the numbers show
    searches: list[tuple[Walk, Search]]
    opened: dict[str, Opened]

    def number_requests(self, portal: Portal, run: Run) -> list[Request]:
        """Every number asked of one portal's search, then every organ key of its yearly route."""
        platform, now = PLATFORMS[portal.platform](portal), self.clock().now()
        walk = Walk(portal, search_column(portal), platform, run, now, WalkKind.LOOKUP)
        self.walks.append(walk)
        walk.pending += 1
        with self.step(walk):
            requests: list[Request] = []
            for wanted in self.numbers:
                search = search_of(portal.id, wanted)
                if wanted.number.attributes_to(portal.county_code) is False:
                    words = f"前段是别处的代码 the code is of another region: {wanted.number.region}"
                    search.notes.append(words)
                self.searches.append((walk, search))
                requests += self._ask(walk, search)
        return requests + (self._route_requests(walk) if self.with_routes else [])

    # --- the portal's own search -------------------------------------------------------------------------

    def _ask(self, walk: Walk, search: Search) -> list[Request]:
        """The search for the next spelling of the number; nothing when none is left."""
        if not search.forms:
            return []
        pages = list(walk.platform.lookup_requests(search.forms.pop(0)))
        search.asked = search.asked or bool(pages)
        return [self._search_request(walk, page, search, None) for page in pages]

    def _search_request(self, walk: Walk, page: PageRequest, search: Search, via: str | None) -> Request:
        request = self.request(walk, page, self.parse_search, via)
        request.cb_kwargs["search"] = search
        return request.replace(errback=partial(self.search_failed, walk=walk, search=search))

    def parse_search(
        self, response: Response, walk: Walk, page: PageRequest, search: Search
    ) -> list[Request]:
        """A page of the search: its hits are opened, its next page asked for while it has none."""
        with self.step(walk):
            if record := record_id(response):
                walk.pages.append(record)
            search.pages += 1
            here = self.page(response, walk.portal)
            trouble = answer_trouble(response)
            listed = ListPage(())
            if trouble is None:
                try:
                    listed = walk.platform.read_list(here, page, walk.column)
                except LayoutUnknownError as error:
                    trouble = Trouble(WalkResult.LAYOUT_CHANGED, "layout", str(error))
            if trouble is not None:
                if page.fallback is not None:
                    return [self._search_request(walk, page.fallback, search, response.url)]
                search.troubles.append(trouble)
                return []
            return self._hits(walk, page, search, here, listed)

    def _hits(
        self, walk: Walk, page: PageRequest, search: Search, here: Page, listed: ListPage
    ) -> list[Request]:
        if not listed.rows:
            if listed.next is not None and search.pages < MAX_SEARCH_PAGES:
                return [self._search_request(walk, listed.next, search, page.url)]
            if not (listed.says_empty or listed.total == 0) and _length(here) >= STUB_TEXT:
                words = f"检索页无结果也未说无结果 neither hits nor word that there are none: {page.url}"
                search.troubles.append(Trouble(WalkResult.LAYOUT_CHANGED, "no_rows", words))
                return []
            return self._ask(walk, search)
        rows = [row for row in listed.rows if search.may_be(row.index_number)]
        rows.sort(
            key=lambda row: (row.index_number is None, read_title(row.title).kind is not TitleKind.REPORT)
        )
        search.unopened += len(rows[MAX_HITS:])
        if not rows:
            count = len(listed.rows)
            search.notes.append(f"检索返回 {count} 条别的索引号 {count} hits of other numbers")
            if listed.next is not None and search.pages < MAX_SEARCH_PAGES:
                return [self._search_request(walk, listed.next, search, page.url)]
        if listed.next is not None and not any(search.names(row.index_number) for row in rows):
            search.unopened += 1  # a page more of hits that do not name the number
        if not rows:
            return self._ask(walk, search)
        return [request for row in rows[:MAX_HITS] for request in self._open(walk, search, row, page.url)]

    def search_failed(self, failure: Failure, walk: Walk, search: Search) -> None:
        with self.step(walk):
            search.troubles.append(trouble_of(failure.value))

    # --- what it names -----------------------------------------------------------------------------------

    def _open(self, walk: Walk, search: Search, row: Row, via: str) -> list[Request]:
        """Ask for a hit once, whichever numbers name it; not at all where it is held."""
        search.opened += 1
        opened = self.opened.get(row.url)
        if opened is not None:
            opened.waiting.append(search)
            if opened.done:
                self._judge(walk, opened)
            return []
        opened = self.opened[row.url] = Opened(row, waiting=[search])
        if not self.full and row.url in self.held and (held := self.held.page(row.url, walk.portal)):
            opened.held, opened.pointer = True, self.held.capture(row.url).pointer
            self._read(walk, opened, held)
            return []
        walk.pending += 1
        role = walk.platform.role(row.url) or Role.LOOKUP
        context = self.context(walk, role, via).model_copy(
            update={"list_title": row.title, "list_date": row.date, "list_index_number": row.index_number}
        )
        return [
            Request(
                row.url,
                callback=self.parse_hit,
                errback=partial(self.hit_failed, walk=walk, opened=opened),
                cb_kwargs={"walk": walk, "opened": opened},
                meta={"context": context},
                dont_filter=True,
            )
        ]

    def parse_hit(self, response: Response, walk: Walk, opened: Opened) -> list[Request]:
        """A document that the search named: does it show the number? If so, its attachments too."""
        with self.step(walk):
            opened.trouble = answer_trouble(response)
            opened.pointer = response.meta.get("archive")
            if opened.trouble is None and is_html(response):
                self._read(walk, opened, self.page(response, walk.portal))
            else:
                opened.done = True
                self._judge(walk, opened)
            shown = any(hit.url == opened.row.url for _, search in self.searches for hit in search.hits)
            return self.attachments(response, walk, opened.row.url, title=opened.row.title) if shown else []

    def hit_failed(self, failure: Failure, walk: Walk, opened: Opened) -> None:
        with self.step(walk):
            opened.trouble, opened.done = trouble_of(failure.value), True
            self._judge(walk, opened)

    def _read(self, walk: Walk, opened: Opened, page: Page) -> None:
        tree = parse_html(page.text)
        opened.text, opened.title, opened.done = text_of(tree), page_title(tree) or "", True
        self._judge(walk, opened)

    def _judge(self, walk: Walk, opened: Opened) -> None:
        """What a document that was read, or not, means for the numbers that wait for it."""
        waiting, opened.waiting = opened.waiting, []
        row = opened.row
        for search in waiting:
            number = search.wanted.number
            if opened.trouble is not None:
                search.troubles.append(opened.trouble)
            elif opened.text is None and search.names(row.index_number):
                search.notes.append("是文件，索引号见列表 a file: the number is the list's word")
                search.hit(Hit(walk.portal.id, row.url, row.title, opened.pointer))
            elif opened.text is not None and number.is_shown_in(opened.text):
                title = row.title or opened.title
                search.hit(Hit(walk.portal.id, row.url, title, opened.pointer, opened.held))
                self._compare_publisher(search, opened.text, row.url)

    @staticmethod
    def _compare_publisher(search: Search, text: str, url: str) -> None:
        """The list's own word of whose document it is, held against the page."""
        wanted = search.wanted.publisher
        if wanted and "".join(wanted.split()) not in "".join(text.split()):
            search.notes.append(f"页面未见该单位，可能属别的单位 the page does not name {wanted}: {url}")

    # --- the yearly route --------------------------------------------------------------------------------

    def _route_requests(self, lookup: Walk) -> list[Request]:
        """One request per organ key that a number shows and report year, where the platform has the route."""
        portal, platform = lookup.portal, lookup.platform
        keys = dict.fromkeys(filter(None, (platform.area_of(wanted.number) for wanted in self.numbers)))
        route = next((column for column in portal.columns if column.kind is ColumnKind.ROUTE), None)
        url = route.url if route else platform.route
        if not keys or url is None:
            return []
        known = {area.key: area for column in portal.columns for area in column.areas}
        column = Column(
            id="index-numbers",
            name="索引号所示机构",
            url=url,
            kind=ColumnKind.ROUTE,
            areas=tuple(known.get(key) or Area(key=key) for key in keys),
            options=route.options if route else {},
        )
        walk = Walk(portal, column, platform, lookup.run, lookup.started, WalkKind.LOOKUP)
        self.walks.append(walk)
        walk.pending += 1
        with self.step(walk):
            if not (self.years or portal.report_years):
                words = "不知道年份，请给 -a years= no years are known: give them"
                walk.trouble(WalkResult.INCOMPLETE, "no_years", words)
                return []
            return self.first_requests(walk)

    def parse_document(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        """A route's answer may itself show a number that is looked for."""
        requests = super().parse_document(response, walk, page)
        if walk.kind is WalkKind.LOOKUP and answer_trouble(response) is None and is_html(response):
            tree = parse_html(self.page(response, walk.portal).text)
            text, pointer = text_of(tree), response.meta.get("archive")
            for of, search in self.searches:
                if of.portal.id == walk.portal.id and search.wanted.number.is_shown_in(text):
                    search.hit(Hit(walk.portal.id, page.url, page_title(tree) or "", pointer))
                    self._compare_publisher(search, text, page.url)
        return requests

    # --- the end -----------------------------------------------------------------------------------------

    def finish(self, walk: Walk) -> None:
        """The record of a look-up has a row for each number."""
        if not walk.done and walk.kind is WalkKind.LOOKUP:
            for of, search in self.searches:
                if of is walk:
                    _tell(walk, search)
        super().finish(walk)

    def numbers_ended(self) -> None:
        """Found all: a good end. Raises CloseSpider with what keeps it from being one."""
        outcomes = set(overall(search for _, search in self.searches).values())
        routes = [t for walk in self.walks if walk.column.kind is ColumnKind.ROUTE for t in walk.troubles]
        real = {trouble.result for trouble in routes if trouble.code != "route_unproven"}
        if Outcome.INCOMPLETE in outcomes or real - {WalkResult.DECLINED}:
            raise CloseSpider(FINISH_INCOMPLETE)
        if Outcome.DECLINED in outcomes or real:
            raise CloseSpider(FINISH_DECLINED)
        if outcomes - {Outcome.FOUND}:
            raise CloseSpider(FINISH_NOT_FOUND)


def _tell(walk: Walk, search: Search) -> None:
    number, outcome = search.wanted.number, search.outcome
    if outcome is not Outcome.FOUND:
        walk.troubles += search.troubles
    for hit in search.hits:
        walk.rows[f"{number.canonical} {hit.url}"] = WalkRow(
            url=hit.url,
            title=hit.title,
            index_number=number.raw,
            outcome=RowOutcome.HELD if hit.held else RowOutcome.FOLLOWED,
            reason=search.words() or None,
        )
    if not search.hits:
        reason = "；".join(filter(None, (outcome.value, search.words())))
        walk.rows[number.canonical] = WalkRow(
            url=walk.portal.absolute(walk.column.url),
            title="",
            index_number=number.raw,
            outcome=RowOutcome.SKIPPED,
            reason=reason,
        )


def _length(page: Page) -> int:
    return len(text_of(parse_html(page.text)))


def search_column(portal: Portal) -> Column:
    """The index search, as platforms want a column to read it."""
    return Column(
        id="lookup", name="索引号检索", url=portal.lookup_url or portal.base_url, kind=ColumnKind.CATALOGUE
    )
