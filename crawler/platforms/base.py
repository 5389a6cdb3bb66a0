"""The base of every platform class: how a CMS lists, pages and searches (design rule 6).

A platform builds addresses and reads links; it parses no report and writes no file. One class per CMS, not
per county: what differs between two counties on one CMS stands in their portal files.

To add a platform: subclass, say in the docstring how to recognise it and where portals.md tells of it, list
the URL signs, override what differs, and name it in crawler/platforms/__init__.py. Arguments that the base
does not use are there for subclasses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from archive.index_number import IndexNumber
from crawler.platforms.links import absolute
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, file_links, parse_html, read_rows, text_of
from crawler.platforms.words import WORDS
from crawler.portal import Column, ColumnKind, Portal


class LayoutUnknownError(Exception):
    """A page that is not what the platform's pages look like: a finding, never an empty list."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """One request that a platform wants. `number` is the page of the walk, from 1."""

    url: str
    role: Role = Role.LIST
    number: int = 1
    method: str = "GET"
    form: tuple[tuple[str, str], ...] = ()
    json: str = ""  # a JSON body, sent as application/json; never together with `form`
    headers: tuple[tuple[str, str], ...] = ()
    publisher: str | None = None  # register code, where the request is for one organ
    year: int | None = None  # report year, where the request is for one year
    probe: bool = False  # a guess: that it is not there means that the list has ended
    doubtful: bool = False  # a probe beside a pager that is not understood: its absence proves no end
    part: str = ""  # which of the column's lists the page belongs to; "": the column's own
    settled: bool = False  # a list of a year gone by: a routine crawl leaves it alone once it is held
    fallback: PageRequest | None = None  # asked for if this one is not there or not understood
    carry: Mapping[str, str] = field(
        default_factory=dict
    )  # what the platform must remember for its next page


@dataclass(frozen=True, slots=True)
class ListPage:
    """What one list page says. `next` is None on the last page."""

    rows: tuple[Row, ...]
    next: PageRequest | None = None
    total: int | None = None  # rows in the whole list, as the portal states it
    pages: int | None = None  # pages in the whole list, likewise
    says_empty: bool = False  # the page says in words that it has nothing
    lists: tuple[PageRequest, ...] = ()  # further lists that it opens, such as year folders: parts
    unseen: str | None = None  # what of the column this walk will not see, in words for people


@dataclass(frozen=True, slots=True)
class Organ:
    """A body as the portal's own organ tree or list names it. `key` is what its annual-report route takes."""

    key: str
    name: str = ""  # as printed; "" where the tree names none


@dataclass(frozen=True, slots=True)
class OrganPage:
    """What one page of the organ tree says. `lists` are further pages of it: branches, next pages."""

    organs: tuple[Organ, ...]
    lists: tuple[PageRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """A URL shape that gives a platform away, and why."""

    pattern: re.Pattern[str]
    reason: str


class Platform:
    """Pure: requests and pages in, rows and requests out. How to recognise a platform: see its class."""

    name: ClassVar[str]
    title: ClassVar[str]  # for people
    version: ClassVar[str] = "1"
    signs: ClassVar[tuple[Sign, ...]] = ()
    detail: ClassVar[re.Pattern[str]]  # path (and query) of a document page
    attachment: ClassVar[re.Pattern[str]] = re.compile(r"(?!)")  # attachments whose URL has no file suffix
    route: ClassVar[str | None] = None  # usual path of the annual-report route

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    # --- asking ------------------------------------------------------------------------------------------

    def column_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        """The requests that a walk of the column starts with. `years` are report years, for routes."""
        url = self.portal.absolute(column.url)
        if column.kind is ColumnKind.ROUTE:
            yield from self.route_requests(column, years)
        elif column.kind is ColumnKind.DOCUMENT:
            yield PageRequest(url, role=Role.REPORT)
        else:
            yield PageRequest(url, role=Role.COLUMN)

    def route_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:  # noqa: ARG002
        """One request per organ and year. Raises LayoutUnknownError for a platform that has no such route."""
        raise LayoutUnknownError(
            f"{self.name} 没有年报专用路径 has no annual-report route; column {column.id}"
        )

    def lookup_requests(self, index_number: str) -> Iterator[PageRequest]:  # noqa: ARG002
        """Requests of the portal's own index search; none where the platform has no known one."""
        return iter(())

    def area_of(self, number: IndexNumber) -> str | None:  # noqa: ARG002
        """The organ key of the annual-report route that an index number shows; None where it shows none.

        For platforms whose numbers begin with the organ's own key, as on some Hanweb sites (portals.md §6.3,
        internal code). The key is only asked for, never believed: what answers is judged by its text. A
        placeholder (`number.is_default`) is no key.
        """
        return None

    def organ_requests(self, column: Column) -> Iterator[PageRequest]:  # noqa: ARG002
        """Requests of the pages that list the organs of a route column; none where nothing lists them."""
        return iter(())

    # --- reading -----------------------------------------------------------------------------------------

    def read_organs(self, page: Page, request: PageRequest) -> OrganPage:  # noqa: ARG002
        """The organs that such a page names, with the keys that `route_requests` takes as `areas`.

        Raises LayoutUnknownError where no organ can be read: an organ tree is never empty.
        """
        raise LayoutUnknownError(f"{self.name} 没有机构树 has no organ tree: {page.url}")

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        """Rows and the next page. Raises LayoutUnknownError where this can be no list of the platform."""
        tree = parse_html(page.text)
        rows = self.rows(tree, page.url, column)
        if not rows and (dead := WORDS.dead_page.search(text_of(tree))):
            raise LayoutUnknownError(f"页面已失效 a dead page that answers {page.status}: {dead.group()}")
        return ListPage(
            rows=tuple(rows),
            next=self.next_page(page, tree, request, rows),
            total=stated(WORDS.stated_total, tree),
            pages=stated(WORDS.stated_pages, tree),
            says_empty=says_empty(tree),
        )

    def rows(self, tree: HtmlElement, base: str, column: Column) -> list[Row]:
        rows = [replace(row, url=self.identity(row.url)) for row in read_rows(tree, base, self.is_document)]
        return self.sort_out(once(rows), column)

    def sort_out(self, rows: Sequence[Row], column: Column) -> list[Row]:
        """Tell the column's own rows from links beside the list: most rows of a list lie in one place."""
        places = [self.place(row.url) for row in rows]
        own = self.place_of(column)
        common = Counter(place for place in places if place).most_common(1)
        main = common[0][0] if common and 2 * common[0][1] > len(rows) else None
        known = tuple(place for place in (own, main) if place)
        belongs = [_lies_in(place, known) for place in places]
        if True not in belongs:
            return list(rows)
        return [replace(row, belongs=found) for row, found in zip(rows, belongs, strict=True)]

    def next_page(
        self,
        page: Page,
        tree: HtmlElement,
        request: PageRequest,
        rows: Sequence[Row],  # noqa: ARG002
    ) -> PageRequest | None:
        """The next page of the list; None on the last. Here: the link that says so."""
        url = next_link(tree, page.url)
        return PageRequest(url, number=request.number + 1, publisher=request.publisher) if url else None

    def attachments(self, page: Page) -> list[tuple[str, str]]:
        """(URL, name) of the files that a report page links to."""
        links = file_links(parse_html(page.text), page.url, lambda url: bool(self.attachment.search(url)))
        return [(url, name) for url, name in links if url != page.url]

    def route_is_empty(self, page: Page) -> bool:
        """True if a route that should answer with a report says that there is none.

        Raises LayoutUnknownError for an answer that is neither: an error page proves no absence.
        """
        tree = parse_html(page.text)
        return says_empty(tree) or len(text_of(tree)) < 200

    def route_list(
        self,
        page: Page,  # noqa: ARG002
        request: PageRequest,  # noqa: ARG002
        column: Column,  # noqa: ARG002
    ) -> ListPage | None:
        """The rows of a route's answer that is no report but a list of documents; None for a report."""
        return None

    # --- naming ------------------------------------------------------------------------------------------

    def is_document(self, url: str) -> bool:
        """True for the address of a document page of this platform, on any host."""
        parts = urlsplit(url)
        return bool(self.detail.search(f"{parts.path}?{parts.query}" if parts.query else parts.path))

    def place(self, url: str) -> str | None:  # noqa: ARG002
        """The column that a document's address shows; None where it shows none."""
        return None

    def place_of(self, column: Column) -> str | None:  # noqa: ARG002
        """The same for a column of the portal file."""
        return None

    @classmethod
    def column_of(cls, url: str) -> str | None:  # noqa: ARG003
        """The column that a document's address lets one guess, for drafts; None where it shows none."""
        return None

    def identity(self, url: str) -> str:
        """The address under which a document is known: without what changes nothing."""
        return url

    def role(self, url: str) -> Role | None:
        """The role of a page by its address alone; None where the shape says nothing."""
        return Role.REPORT if self.is_document(url) else None


def _lies_in(place: str | None, known: Sequence[str]) -> bool | None:
    """Whether a place is one of the known ones or, where places are paths, lies below one."""
    if place is None:
        return None
    return any(place == other or (other.endswith("/") and place.startswith(other)) for other in known)


def once(rows: Iterable[Row]) -> list[Row]:
    """Each address once: twins of a document in one list are one row, with what either tells."""
    known: dict[str, Row] = {}
    for row in rows:
        other = known.get(row.url)
        known[row.url] = (
            row
            if other is None
            else replace(
                other,
                title=max(other.title, row.title, key=len),
                date=other.date or row.date,
                publisher=other.publisher or row.publisher,
                index_number=other.index_number or row.index_number,
            )
        )
    return list(known.values())


def stated(pattern: re.Pattern[str], tree: HtmlElement) -> int | None:
    """A number that the page states in words, such as 共18条."""
    found = pattern.search(text_of(tree))
    return int(next(filter(None, found.groups()))) if found else None


def says_empty(tree: HtmlElement) -> bool:
    return bool(WORDS.nothing_here.search(text_of(tree)))


def next_link(tree: HtmlElement, base: str) -> str | None:
    """The address behind 下一页; None where there is none, or it leads nowhere or back to the page."""
    for anchor in tree.iter("a"):
        if not WORDS.next_page.fullmatch(re.sub(r"\s+", "", text_of(anchor) or anchor.get("title", ""))):
            continue
        url = absolute(base, anchor.get("href"))
        if url is not None and url != base:
            return url
    return None
