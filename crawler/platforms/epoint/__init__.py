"""Epoint 新点: shells around static `govlist.html` files, or lists answered as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urljoin, urlsplit

from archive.context import Role
from archive.index_number import IndexNumber, PrefixKind
from crawler.platforms.base import LayoutUnknownError, ListPage, Organ, OrganPage, PageRequest, Sign
from crawler.platforms.epoint.api import (
    DEFAULT_SITE,
    ENDPOINT,
    FOLDER,
    SCRIPTS,
    Query,
    first_request,
    read_answer,
    site_settings,
)
from crawler.platforms.links import absolute, same_site, with_query
from crawler.platforms.page import Page
from crawler.platforms.rows import parse_html, text_of
from crawler.platforms.static import StaticList
from crawler.platforms.words import WORDS
from crawler.portal import Column, ColumnKind

ORGAN = re.compile(r"/govxxgk/(?P<code>[0-9A-Za-z][0-9A-Za-z-]{5,})(?=/)")
CATEGORY = re.compile(r"/category/(?:\w+/)*(?P<number>\d{3,})/govlist\w*\.html?$", re.IGNORECASE)
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
PAGE_SIZE = 20


class Epoint(StaticList):
    """Recognise: `/govxxgk/<18-char code>/`, `/dynamic/zwgk/govInfoPub.html?categorynum=`, `/EWB-FRONT/`.

    portals.md §4.8. A column is the shell (`openSubPage.html?specialurl=…`) or the list that it names
    (`govlist.html`); or the dynamic page with `categorynum` and `deptcode`, whose rows come by POST from
    `getgovinfolist`. `options` of the column: `site_guid`, `api`, `first_page`, `wrap`, `page_size`; what is
    not given is found out by asking. Route: `kind: route` with the codes of organs as `areas`; each takes the
    place of the code in the column's address.
    """

    name = "epoint"
    title = "Epoint 新点"
    route = "/govxxgk/"
    signs = (
        Sign(
            re.compile(r"/openSubPage\.html\?.*specialurl=|/govxxgk/(?:[^?]*/)?govlist\.html"),
            "新点目录页 openSubPage/govlist",
        ),
        Sign(
            re.compile(r"/dynamic/\w+/(?:\w*govInfoPub\w*|openlist)\.html", re.IGNORECASE),
            "新点动态页 govInfoPub",
        ),
        Sign(re.compile(r"/rest/lightfrontaction/|/EWB-FRONT/"), "新点接口 lightfrontaction"),
        Sign(re.compile(r"/govxxgk/"), "新点目录 govxxgk"),
        Sign(re.compile(rf"/(?:20\d{{6}}|20\d\d-\d\d-\d\d)/{UUID}\.html?$"), "文章地址 年月日/UUID"),
    )
    detail = re.compile(
        rf"/(?:20\d{{6}}|20\d\d-\d\d-\d\d)/{UUID}\.(?:html?|pdf|docx?)(?:\?|$)"
        rf"|[?&]info(?:id|guid)={UUID}",
        re.IGNORECASE,
    )
    attachment = re.compile(r"attachGuid=|/downloadAttach|/attach\w*\.action", re.IGNORECASE)

    # --- asking ------------------------------------------------------------------------------------------

    def column_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        if column.kind in (ColumnKind.ROUTE, ColumnKind.DOCUMENT):
            yield from super().column_requests(column, years)
        else:
            yield self._first(self.portal.absolute(column.url), column)

    def route_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:  # noqa: ARG002
        """One list per organ: its code takes the place of the one in the column's address."""
        url = self.portal.absolute(column.url)
        for area in column.areas:
            own, count = ORGAN.subn(f"/govxxgk/{area.key}", url)
            if not count:
                own = with_query(url, [("deptcode", area.key)])
            first = self._first(own, column)
            yield replace(first, publisher=area.publisher, part=area.key)

    def area_of(self, number: IndexNumber) -> str | None:
        """The 18-character code: it names the organ's folder too (portals.md §1 no. 4)."""
        return number.prefix if number.prefix_kind is PrefixKind.USCC18 else None

    def organ_requests(self, column: Column) -> Iterator[PageRequest]:
        """The page that links to the organs' folders: option `organs` of the column, else its own page."""
        yield PageRequest(self.portal.absolute(column.options.get("organs", column.url)), role=Role.COLUMN)

    # --- reading -----------------------------------------------------------------------------------------

    def read_organs(self, page: Page, request: PageRequest) -> OrganPage:  # noqa: ARG002
        tree = parse_html(page.text)
        found: dict[str, str] = {}
        for anchor in tree.iter("a"):
            code = ORGAN.search(absolute(page.url, anchor.get("href")) or "")
            name = text_of(anchor) or anchor.get("title", "")
            if code is not None and not found.get(code["code"]):
                found[code["code"]] = name
        if not found:
            raise LayoutUnknownError(f"没有读到单位目录 no organ's folder on the page: {page.url}")
        return OrganPage(tuple(Organ(code, name) for code, name in found.items()))

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        kind = request.carry.get("kind")
        if kind == "list":
            listed = read_answer(page, request)
            rows = tuple(replace(row, url=same_site(page.url, row.url)) for row in listed.rows)
            return replace(listed, rows=rows)
        if kind == "script":
            return self._read_script(page, request, column)
        self._refuse_error_page(page)
        listed = super().read_list(page, request, column)
        return listed if listed.rows or request.number > 1 else self._behind(listed, page, request, column)

    def _refuse_error_page(self, page: Page) -> None:
        """Errors answer 200, with the site's menus and news on the page: the title tells."""
        title = parse_html(page.text).find(".//title")
        if title is not None and (dead := WORDS.dead_page.search(text_of(title))):
            raise LayoutUnknownError(f"页面已失效 a dead page that answers {page.status}: {dead.group()}")

    def _behind(self, listed: ListPage, page: Page, request: PageRequest, column: Column) -> ListPage:
        """A page without rows may be a shell: the list is in its frame, or comes from the endpoint."""
        for frame in parse_html(page.text).iter("iframe", "frame"):
            url = absolute(page.url, frame.get("src"))
            if url is not None and "govlist" in url and url != page.url:
                return ListPage(
                    (), replace(self._first(url, column), number=request.number + 1, part=request.part)
                )
        if listed.says_empty or listed.next is not None or not _category(page.url, column):
            return listed
        site, target = site_settings(page.text)
        return ListPage(
            (), first_request(self._query(page.url, column, site, target), request, column.options)
        )

    def _read_script(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        site, target = site_settings(page.text)
        if site is None and request.fallback is not None:
            return ListPage((), request.fallback)
        query = self._query(request.carry["column"], column, site, target)
        return ListPage((), first_request(query, request, column.options))

    # --- the two kinds of list ---------------------------------------------------------------------------

    def _first(self, url: str, column: Column) -> PageRequest:
        """What a column's address is asked by: the list in a shell, the file itself, or the endpoint."""
        given = dict(parse_qsl(urlsplit(url).query))
        if special := given.get("specialurl"):
            return PageRequest(urljoin(url, special), role=Role.COLUMN)
        if "/dynamic/" not in urlsplit(url).path or not _category(url, column):
            return PageRequest(url, role=Role.COLUMN)
        if "site_guid" in column.options:
            query = self._query(url, column, column.options["site_guid"], None)
            return first_request(query, None, column.options)
        blind = first_request(self._query(url, column, None, None), None, column.options)
        asked = replace(blind, number=2)
        for script in reversed(SCRIPTS):
            carry = {"kind": "script", "column": url}
            asked = PageRequest(urljoin(url, script), role=Role.COLUMN, carry=carry, fallback=asked)
        return asked

    def _query(self, url: str, column: Column, site: str | None, target: str | None) -> Query:
        given = dict(parse_qsl(urlsplit(url).query))
        code = ORGAN.search(urlsplit(url).path)
        return Query(
            target=urljoin(url, column.options.get("api") or target or FOLDER + ENDPOINT),
            site=column.options.get("site_guid") or site or DEFAULT_SITE,
            department=given.get("deptcode") or (code["code"] if code else ""),
            category=_category(url, column),
            size=int(column.options.get("page_size", PAGE_SIZE)),
            referer=url,
        )

    @classmethod
    def column_of(cls, url: str) -> str | None:
        found = re.search(rf"^(.*/)(?:20\d{{6}}|20\d\d-\d\d-\d\d)/{UUID}\.html?$", url)
        return found[1] if found else None


def _category(url: str, column: Column) -> str:
    """The category number: in the query, in the path of a `govlist.html`, or in the portal file."""
    parts = urlsplit(url)
    found = CATEGORY.search(parts.path)
    given = dict(parse_qsl(parts.query))
    return given.get("categorynum") or column.options.get("categorynum") or (found["number"] if found else "")
