"""Any portal: columns found by their names, lists and reports told by what the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from archive.routes import is_route
from crawler.guard import normal_host
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, Sign, once, says_empty
from crawler.platforms.generic_families import (
    AS,
    COLUMN,
    HUB,
    LEVEL,
    LIST,
    MAX_LISTS,
    ORGANS,
    READER,
    YEARS,
    ByFamily,
    shape_of,
    tagged,
)
from crawler.platforms.generic_page import NAME, Seen, links_of, next_page_of, report_title, unseen_pages
from crawler.platforms.generic_words import COLUMN_WORDS, without_session
from crawler.platforms.links import same_site
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, parse_html, read_rows
from crawler.platforms.words import WORDS
from crawler.portal import Column, ColumnKind
from crawler.titles import TitleKind, read_title

HOME = re.compile(r"/?|/(?:index|default|main)\.\w{3,5}", re.IGNORECASE)
LEVELS = 4  # home, area of 公开, area of a body, its column, a year
FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar|jpe?g|png|gif|mp4|css|js|apk)$", re.IGNORECASE)
FOUND_BY_LINKS = (
    "栏目由链接名称找到，可能还有未见的栏目 columns were found by the names of links, there may be others"
)


@dataclass(frozen=True, slots=True)
class Lead:
    """A link worth following: what it is called, and whether it leads to a column or to an area of some."""

    url: str
    name: str
    purpose: str


class Generic(ByFamily):
    """Recognise: no family's mark in address or markup (portals.md §3.3, §4.9).

    A column whose address is the home page leads to the areas of 信息公开, to those of the bodies, and to the
    columns of annual reports, by ColumnType, names and slugs; each becomes a list of the walk, which then
    never counts as complete: links prove what is there, not what is not. A column of reports pages by what
    it shows; where its markup bears a family's mark that family's reader reads it. A page that is itself a
    report is a row of its own. A pager that only a script turns, or a page with nothing on it that can be
    read, is a finding.
    """

    name = "generic"
    title = "通用 any other portal"
    signs = (Sign(re.compile(r""), "没有已知平台的特征 no known platform's mark"),)
    detail = re.compile(r"(?!)")

    def column_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        url = self.portal.absolute(column.url)
        if column.kind is ColumnKind.DOCUMENT:
            yield PageRequest(url, role=Role.REPORT)
            return
        purpose = HUB if is_home(url) or column.options.get("as") == HUB else COLUMN
        level = "1" if purpose == HUB and not is_home(url) else "0"
        carry = {AS: purpose, LEVEL: level, LIST: url, YEARS: ",".join(map(str, years))}
        yield PageRequest(url, role=Role.COLUMN, carry=carry)

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        carry = {AS: COLUMN, LIST: page.url, **request.carry}
        request = replace(request, carry=carry)
        own = column.model_copy(update={"url": carry[LIST], "kind": ColumnKind.REPORTS})
        if carry[AS] == ORGANS:
            return self._organs(page, request, own)
        if carry[AS] == COLUMN:
            if routed := self._by_route(page, request, own):
                return routed
            if listed := self._by_reader(page, request, own):
                return listed
        tree = parse_html(page.text)
        if title := report_title(tree):
            return ListPage((Row(self.identity(page.url), title),))
        listed = super().read_list(page, request, column)
        if carry[AS] == HUB:  # news of the day stand there too
            rows = tuple(row for row in listed.rows if _is_titled_report(row.title))
            listed = replace(listed, rows=rows, next=None, says_empty=True, total=None, pages=None)
        listed = replace(listed, next=listed.next and tagged(listed.next, carry))
        listed = replace(listed, lists=tuple(self._lists(tree, page, request, listed)))
        if carry[AS] == HUB and not request.part and not listed.rows and not listed.lists:
            raise LayoutUnknownError(f"找不到年报栏目 no column of annual reports is linked from {page.url}")
        return replace(listed, unseen=listed.unseen or self._unseen(tree, page, request, listed))

    # --- by what the page shows --------------------------------------------------------------------------

    def rows(self, tree: HtmlElement, base: str, column: Column) -> list[Row]:  # noqa: ARG002
        found = read_rows(tree, base, self.is_document)
        return [
            row for row in once(replace(row, url=self.identity(row.url)) for row in found) if _is_row(row)
        ]

    def unannounced_page(
        self,
        page: Page,
        tree: HtmlElement,
        request: PageRequest,
        rows: Sequence[Row],  # noqa: ARG002
    ) -> PageRequest | None:
        if request.carry.get(AS) == HUB:
            return None
        if url := next_page_of(tree, page.url, request.number):
            return PageRequest(
                url,
                number=request.number + 1,
                publisher=request.publisher,
                part=request.part,
                settled=request.settled,
            )
        return None

    def _lists(
        self, tree: HtmlElement, page: Page, request: PageRequest, listed: ListPage
    ) -> Iterator[PageRequest]:
        """The lists that the page leads to, each under a part of its own."""
        level = int(request.carry.get(LEVEL, "0"))
        if level >= LEVELS or request.number > 1:
            return
        known = {row.url for row in listed.rows} | ({listed.next.url} if listed.next else set())
        for lead in islice(self.leads(tree, page.url, request), MAX_LISTS):
            if lead.url not in known:
                carry = {
                    AS: lead.purpose,
                    LEVEL: str(level + 1),
                    LIST: lead.url,
                    YEARS: request.carry.get(YEARS, ""),
                }
                yield replace(self._first(lead, carry), role=Role.LIST, part=lead.url)

    def _first(self, lead: Lead, carry: dict[str, str]) -> PageRequest:
        """The request for a list: as the family asks for it whose address it is, where one alone is asked."""
        plain = PageRequest(lead.url, carry=carry)
        if lead.purpose != COLUMN:
            return plain
        column = Column(id="found", name=lead.name or lead.url, url=lead.url)
        for reader in self.readers.values():
            if not any(sign.pattern.search(shape_of(lead.url)) for sign in reader.signs[:2]):
                continue
            asked = list(islice(reader.column_requests(column, ()), 2))
            if len(asked) != 1 or (asked[0].url == lead.url and not asked[0].carry):
                return plain
            known = {READER: reader.name} if asked[0].url != lead.url else {}
            return tagged(asked[0], {**carry, **known})
        return plain

    def leads(self, tree: HtmlElement, here: str, request: PageRequest) -> Iterator[Lead]:
        """Links of a page that lead to columns of reports or to areas that hold some, each once."""
        known = {here, request.url, request.carry.get(LIST, ""), self.portal.base_url}
        for link in links_of(tree, here):
            url = self.identity(link.url)
            if url in known or (
                is_home(url) and normal_host(urlsplit(url).hostname or "") == self.portal.host
            ):
                continue
            purpose = self._purpose(link, url, here, request)
            if purpose is not None:
                known.add(url)
                yield Lead(url, link.name, purpose)

    def _purpose(self, link: Seen, url: str, here: str, request: PageRequest) -> str | None:
        """What a link leads to: a column of reports, an area that leads to some, or neither."""
        if self._leads_nowhere(link, url):
            return None
        if request.carry[AS] == COLUMN:
            return COLUMN if self._is_below(link, url, here) else None
        name, shape = link.name, shape_of(url)
        if COLUMN_WORDS.column_name.search(name) or COLUMN_WORDS.column_slug.search(shape):
            return COLUMN
        is_hub = COLUMN_WORDS.hub_name.search(name) or (not name and COLUMN_WORDS.hub_slug.search(shape))
        is_body = (
            int(request.carry.get(LEVEL, "0")) >= 1
            and COLUMN_WORDS.body_name.search(name)
            and not WORDS.other_column.search(name)
        )
        return HUB if is_hub or is_body else None

    def _leads_nowhere(self, link: Seen, url: str) -> bool:
        """A file, a page off the site, a title instead of a name, or a name of something else."""
        name = link.name
        if FILE.search(urlsplit(url).path) or not self.is_ours(url) or len(name) > NAME or name.isdigit():
            return True
        if COLUMN_WORDS.elsewhere.search(name) or COLUMN_WORDS.not_a_column.search(name):
            return True
        is_title = _is_titled_report(name) and not COLUMN_WORDS.year_name.search(name)
        return is_title or bool(FILE.search(name)) or read_title(name).kind is TitleKind.OTHER

    def _is_below(self, link: Seen, url: str, here: str) -> bool:
        """Whether a link of a report column leads to a part of it: a year, a body, a folder below."""
        if WORDS.other_column.search(link.name):
            return False
        if link.anchor.tag in {"iframe", "frame"}:
            return True
        path, own = urlsplit(url).path, urlsplit(here).path
        folder = own if own.endswith("/") else own.rpartition(".")[0] + "/"
        if path.startswith(folder) and path != own:
            return bool(link.name) and not read_title(link.name).cut
        if COLUMN_WORDS.year_name.search(link.name):
            return True
        if link.framed:
            return False
        is_body = COLUMN_WORDS.body_name.search(link.name) is not None
        return is_body and read_title(link.name).kind is TitleKind.UNKNOWN

    def _unseen(self, tree: HtmlElement, page: Page, request: PageRequest, listed: ListPage) -> str | None:
        if request.carry[AS] == HUB:
            return None if request.part else FOUND_BY_LINKS
        if listed.next is None and not page.turned and not says_empty(tree) and unseen_pages(tree):
            return f"下一页只能由脚本打开 the next page is opened by script alone: {request.url}"
        return None

    def is_ours(self, url: str) -> bool:
        """Whether an address lies on the portal's hosts or below their name; the guard has the last word."""
        host, own = normal_host(urlsplit(url).hostname or ""), self.portal.host
        if host in self.portal.hosts:
            return True
        stem = own.removeprefix("www.")
        return host.endswith(f".{stem}") and "." in stem

    # --- naming ------------------------------------------------------------------------------------------

    def is_document(self, url: str) -> bool:
        """Any page may be a document here: rows are told by their titles and dates."""
        return not is_home(url) and not COLUMN_WORDS.calendar.search(url)

    def identity(self, url: str) -> str:
        return same_site(self.portal.base_url, without_session(url))


def is_home(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.query and not is_route(url) and HOME.fullmatch(parts.path) is not None


def _is_titled_report(title: str) -> bool:
    reading = read_title(title)
    return reading.kind is TitleKind.REPORT and reading.year is not None


def _is_row(row: Row) -> bool:
    """A link titled as some year's report, or a dated one: what is neither is a name, no title."""
    if row.date is None and COLUMN_WORDS.year_name.search(row.title):
        return False  # a year's folder or a year's report: its page tells
    return _is_titled_report(row.title) or (row.date is not None and bool(row.title))
