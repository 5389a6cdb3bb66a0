"""What the readers of known families make of a page that bears their marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, Platform
from crawler.platforms.epoint import Epoint
from crawler.platforms.generic_page import links_of, report_title
from crawler.platforms.generic_words import ROUTES, marks_in
from crawler.platforms.gkmlpt import Gkmlpt
from crawler.platforms.hanweb import Hanweb
from crawler.platforms.lonsun import Lonsun
from crawler.platforms.nfcms import Nfcms
from crawler.platforms.openness import Openness
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, parse_html
from crawler.platforms.static import StaticList
from crawler.platforms.trs import Trs
from crawler.platforms.ucap import Ucap
from crawler.platforms.vsb import Vsb
from crawler.portal import Area, Column, ColumnKind, Portal
from crawler.titles import TitleKind, read_title

READERS: tuple[type[Platform], ...] = (Hanweb, Trs, Ucap, Openness, Vsb, Lonsun, Gkmlpt, Nfcms, Epoint)
MAX_LISTS = 400  # lists that one page may open
# What a request remembers: what its page is for, how deep it lies, whose reader read the page before.
AS, LEVEL, READER, LIST, YEARS = "g_as", "g_level", "g_reader", "g_list", "g_years"
HUB, COLUMN, ORGANS = "hub", "column", "organs"
YEAR_IN_LINK = re.compile(
    r"(?:timeFrame|fbtime|nbYear|year)=(20[0-4]\d)|/(20[0-4]\d)\.s?html?$", re.IGNORECASE
)
NO_YEARS = "年度路由需要 years，请写入门户文件 the yearly route needs `years` in the portal file"


class ByFamily(StaticList):
    """Lists and yearly routes as the family reads them whose marks the page itself bears."""

    def __init__(self, portal: Portal) -> None:
        super().__init__(portal)
        self.readers = {reader.name: reader(portal) for reader in READERS}

    # --- by the readers of known families ----------------------------------------------------------------

    def _by_reader(self, page: Page, request: PageRequest, column: Column) -> ListPage | None:
        """What a family's reader makes of a page that bears its marks; None where none reads anything."""
        for name in self._readers_for(page, request):
            reader = self.readers[name]
            try:
                listed = reader.read_list(page, request, column)
            except LayoutUnknownError:
                if request.carry.get(READER):
                    raise
                continue
            own = [row for row in listed.rows if row.belongs is not False and _may_be_report(row.title)]
            if (
                own
                or listed.lists
                or (listed.next is not None and not listed.rows)
                or request.carry.get(READER)
            ):
                carry = {**request.carry, READER: name}
                return replace(
                    listed,
                    next=listed.next and tagged(listed.next, carry),
                    lists=tuple(tagged(opened, {**carry, LIST: opened.url}) for opened in listed.lists),
                )
        return None

    def _readers_for(self, page: Page, request: PageRequest) -> list[str]:
        """The families whose marks the page bears, the surest first."""
        if known := request.carry.get(READER):
            return [known] if known in self.readers else []
        weights: dict[str, float] = {}
        for mark in marks_in(page.text):
            weights[mark.platform] = weights.get(mark.platform, 0) + mark.weight
        parts = urlsplit(page.url)
        shape = f"{parts.path}?{parts.query}" if parts.query else parts.path
        for name, reader in self.readers.items():
            found = [3 - rank for rank, sign in enumerate(reader.signs[:3]) if sign.pattern.search(shape)]
            if found:
                weights[name] = weights.get(name, 0) + found[0]
        return [name for name in sorted(weights, key=lambda name: -weights[name]) if name in self.readers]

    # --- by a family's yearly route ----------------------------------------------------------------------

    def _by_route(self, page: Page, request: PageRequest, column: Column) -> ListPage | None:
        """The years and organs of a route's page; None for any other, and for one that a route led to."""
        if request.year is not None or request.number > 1:
            return None
        for route in ROUTES:
            found = route.pattern.match(column.url)
            if found is None or route.platform == Epoint.name:  # there each organ's address is a list
                continue
            if route.platform not in self.readers:
                continue
            reader = self.readers[route.platform]
            own = column.model_copy(update={"url": found["url"], "options": {"organs": page.url}})
            if not route.harvest:
                return self._asked_by_year(reader, own, [found["key"]], page, request)
            carry = {**request.carry, AS: ORGANS, READER: reader.name, LIST: found["url"]}
            asked = [*reader.organ_requests(column.model_copy(update={"url": found["url"]}))]
            if any(organs.url == page.url for organs in asked):
                return self._organs(page, replace(request, carry=carry), own)
            lists = tuple(replace(tagged(r, carry), part=f"organs {r.url}") for r in asked)
            return ListPage((), lists=lists) if lists else None
        return None

    def _organs(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        """A page of an organ tree: the route asked for each organ and year, and further pages of the tree."""
        reader = self.readers[request.carry[READER]]
        told = reader.read_organs(page, request)
        listed = self._asked_by_year(reader, column, [organ.key for organ in told.organs], page, request)
        more = tuple(
            replace(tagged(r, {**request.carry, LIST: column.url}), part=f"organs {r.url}")
            for r in told.lists
        )
        return replace(listed, lists=(*listed.lists, *more))

    def _asked_by_year(
        self, reader: Platform, column: Column, keys: Sequence[str], page: Page, request: PageRequest
    ) -> ListPage:
        given = request.carry.get(YEARS) or ""
        years = [int(year) for year in given.split(",") if year] or _years_linked(page)
        if not years:
            return ListPage((), says_empty=True, unseen=NO_YEARS)
        areas = tuple(Area(key=key) for key in keys)
        own = column.model_copy(update={"areas": areas, "kind": ColumnKind.ROUTE})
        asked = islice(reader.route_requests(own, years), MAX_LISTS * 8)
        carry = {**request.carry, AS: COLUMN, READER: reader.name}
        made = [replace(tagged(r, {**carry, LIST: r.url}), part=r.url) for r in asked]
        others = tuple(r for r in made if r.url != page.url)
        if len(others) == len(made):
            return ListPage((), lists=others)
        if title := report_title(
            parse_html(page.text), page.url
        ):  # the page is one of the route's own answers
            return ListPage((Row(self.identity(page.url), title),), lists=others)
        try:
            shown = reader.read_list(page, request, column)
        except LayoutUnknownError as error:  # this year's page; the others may be right
            return ListPage((), lists=others, unseen=str(error))
        return replace(shown, next=shown.next and tagged(shown.next, carry), lists=others)

    def route_is_empty(self, page: Page) -> bool:
        names = self._readers_for(page, PageRequest(page.url))
        return self.readers[names[0]].route_is_empty(page) if names else super().route_is_empty(page)

    def route_list(self, page: Page, request: PageRequest, column: Column) -> ListPage | None:
        reader = self.readers.get(request.carry.get(READER, ""))
        return reader.route_list(page, request, column) if reader else None


def _years_linked(page: Page) -> list[int]:
    """The years to which the page's own links lead."""
    links = links_of(parse_html(page.text), page.url)
    found = (YEAR_IN_LINK.search(link.url) for link in links)
    return sorted({int(next(filter(None, match.groups()))) for match in found if match})


def tagged(request: PageRequest, carry: dict[str, str]) -> PageRequest:
    """The request with what this platform remembers; what a reader remembers for itself stays."""
    kept = {key: carry[key] for key in (AS, LEVEL, READER, LIST, YEARS) if key in carry}
    fallback = request.fallback and tagged(request.fallback, carry)
    return replace(request, carry={**request.carry, **kept}, fallback=fallback)


def shape_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _may_be_report(title: str) -> bool:
    reading = read_title(title)
    return reading.kind is TitleKind.REPORT or (reading.kind is TitleKind.UNKNOWN and reading.hinted)
