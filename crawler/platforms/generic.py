"""Any portal: columns found by their names, lists and reports told by what the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from crawler.guard import normal_host
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, Sign, once, says_empty
from crawler.platforms.dead import is_home
from crawler.platforms.generic_asked import ENDPOINT, SCRIPT, ByEndpoint, is_report
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
    shape_of,
    tagged,
)
from crawler.platforms.generic_page import NAME, Seen, links_of, next_page_of, report_title, unseen_pages
from crawler.platforms.generic_printed import printed
from crawler.platforms.generic_rows import drawn_pager, embedded, menu_entries
from crawler.platforms.generic_words import COLUMN_WORDS, without_session
from crawler.platforms.links import absolute, same_site
from crawler.platforms.page import Page
from crawler.platforms.pager import RECORDS
from crawler.platforms.rows import Row, parse_html, read_rows
from crawler.platforms.static import UNKNOWN_PAGER
from crawler.platforms.words import WORDS
from crawler.portal import Column, ColumnKind
from crawler.titles import TitleKind, read_title

LEVELS = 4  # home, area of 公开, area of a body, its column, a year
YEAR_IN_ADDRESS = re.compile(r"[/=](20[0-4]\d)(?=\.\w{2,5}$|/?$|&[^/]*$)")
LOCAL_PAGE = re.compile(r"^/(?!/)[^\s?#]*\.(?:s?html?|jsp|aspx|php|do)(?:[?#]\S*)?$")
BELOW = parse_html("<iframe>").find(".//iframe")  # stands for a place that a menu of the column names
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


class Generic(ByEndpoint):
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
        if carry[AS] in {SCRIPT, ENDPOINT}:
            return self.read_answered(page, request)
        if carry[AS] == COLUMN:
            found = self._by_route(page, request, own) or self._by_reader(page, request, own)
            if found is None and not page.turned:  # a browser has asked the page's endpoints already
                found = self.direct(page, request)
            if found:
                return found
        return self._by_sight(replace(page, text=printed(page.text)), request, column)

    def _by_sight(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        """A page by what it shows: links, data that it carries, and the endpoints that its scripts ask."""
        carry = dict(request.carry)
        tree = parse_html(page.text)
        if title := report_title(tree, page.url):
            years = self._other_years(page, request) if carry[AS] == COLUMN else ()
            return ListPage((Row(self.identity(page.url), title),), lists=years)
        listed = super().read_list(page, request, column)
        carried = self._carried(page, listed) if carry[AS] == COLUMN else ()
        listed = replace(listed, rows=tuple(once([*listed.rows, *carried])))
        if carry[AS] == HUB:  # news of the day stand there too
            rows = tuple(row for row in listed.rows if _is_titled_report(row.title))
            listed = replace(listed, rows=rows, next=None, says_empty=True, total=None, pages=None)
        listed = replace(listed, next=listed.next and tagged(listed.next, carry))
        listed = replace(listed, lists=tuple(self._lists(tree, page, request, listed)))
        if carry[AS] == COLUMN and request.number == 1 and not page.turned:
            listed = self._completed(tree, page, request, listed)
        if carry[AS] == HUB and not request.part and not listed.rows and not listed.lists:
            raise LayoutUnknownError(f"找不到年报栏目 no column of annual reports is linked from {page.url}")
        return replace(listed, unseen=listed.unseen or self._unseen(tree, page, request, listed))

    # --- lists that are data -----------------------------------------------------------------------------

    def _carried(self, page: Page, listed: ListPage) -> tuple[Row, ...]:
        """Rows that the page carries beside its markup, of carriers that hold a report."""
        known = {row.url for row in listed.rows}
        found: list[Row] = []
        for carrier in embedded(page.text, page.url):
            rows = [replace(row, url=self.identity(row.url)) for row in carrier.rows]
            if any(map(is_report, rows)):
                found += [row for row in rows if _is_row(row) and row.url not in known]
        return tuple(found)

    def _completed(self, tree: HtmlElement, page: Page, request: PageRequest, listed: ListPage) -> ListPage:
        """The list with what its page does not hold: rows that only an endpoint gives."""
        stated = RECORDS.search(page.text)
        total = listed.total if listed.total is not None else int(stated[1]) if stated else None
        has_reports = any(map(is_report, listed.rows))
        wanting = total is not None and len(listed.rows) < total
        if listed.next is None:
            scripted = unseen_pages(tree) or UNKNOWN_PAGER.search(page.text) or drawn_pager(tree)
            if has_reports and not wanting and not scripted:
                return listed
            if (first := self.trials(page, request, listed.rows, total)) is None:
                return replace(listed, total=total if wanting else listed.total)
            return replace(listed, next=first, total=total, pages=None)
        if has_reports and not listed.next.probe and listed.next.fallback is None:
            other = self.trials(page, request, listed.rows, total)
            return replace(listed, next=replace(listed.next, fallback=other))
        return listed

    def _other_years(self, page: Page, request: PageRequest) -> tuple[PageRequest, ...]:
        """A report's address for the other years of the portal file, where it is known by its year."""
        years = [int(year) for year in request.carry.get(YEARS, "").split(",") if year]
        found = YEAR_IN_ADDRESS.search(page.url)
        if found is None or len(years) < 2 or request.carry.get(LEVEL) == str(LEVELS):
            return ()
        made = []
        for year in years:
            url = f"{page.url[: found.start(1)]}{year}{page.url[found.end(1) :]}"
            if url != page.url:
                carry = {AS: COLUMN, LEVEL: str(LEVELS), LIST: url, YEARS: ""}
                made.append(PageRequest(url, part=url, year=year, carry=carry))
        return tuple(made)

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
        if request.carry[AS] == HUB:  # the portal's other columns are walked by themselves
            known |= {self.identity(self.portal.absolute(column.url)) for column in self.portal.columns}
        for link in (*links_of(tree, here), *self._told_links(tree, here, request)):
            url = self.identity(link.url)
            if url in known or (
                is_home(url) and normal_host(urlsplit(url).hostname or "") == self.portal.host
            ):
                continue
            purpose = self._purpose(link, url, here, request)
            if purpose is not None:
                known.add(url)
                yield Lead(url, link.name, purpose)

    def _told_links(self, tree: HtmlElement, here: str, request: PageRequest) -> Iterator[Seen]:
        """Links that are no markup: entries of a menu in a script, the page that a shell's frame is told."""
        if request.carry[AS] != COLUMN:
            return
        frames = [frame for frame in tree.iter("iframe", "frame") if absolute(here, frame.get("src")) is None]
        for _, value in parse_qsl(urlsplit(here).query) if frames else ():
            if LOCAL_PAGE.match(value) and (url := absolute(here, value)):
                yield Seen(url, "", False, frames[0])
        for script in tree.iter("script"):
            for row in menu_entries(script.text or "", here):
                if COLUMN_WORDS.column_name.search(row.title) and not COLUMN_WORDS.not_a_column.search(
                    row.title
                ):
                    yield Seen(row.url, "", False, BELOW)

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
        if FILE.search(urlsplit(url).path) or not self.is_ours(url) or len(name) > NAME:
            return True
        if name.isdigit() and not COLUMN_WORDS.year_name.search(name):
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

    # --- naming ------------------------------------------------------------------------------------------

    def is_document(self, url: str) -> bool:
        """Any page may be a document here: rows are told by their titles and dates."""
        return not is_home(url) and not COLUMN_WORDS.calendar.search(url)

    def identity(self, url: str) -> str:
        return same_site(self.portal.base_url, without_session(url))


def _is_titled_report(title: str) -> bool:
    reading = read_title(title)
    return reading.kind is TitleKind.REPORT and reading.year is not None


def _is_row(row: Row) -> bool:
    """A link titled as some year's report, or a dated one: what is neither is a name, no title."""
    if row.date is None and COLUMN_WORDS.year_name.search(row.title):
        return False  # a year's folder or a year's report: its page tells
    return _is_titled_report(row.title) or (row.date is not None and bool(row.title))
