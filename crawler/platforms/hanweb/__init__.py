"""Hanweb 大汉: `/col/colN/` columns with a datastore island, the xxgk module with its index search, jpaas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from archive.context import Role
from archive.index_number import IndexNumber
from crawler.platforms.base import (
    LayoutUnknownError,
    ListPage,
    OrganPage,
    PageRequest,
    Platform,
    Sign,
    says_empty,
)
from crawler.platforms.hanweb import jpaas, module, proxy
from crawler.platforms.hanweb.store import (
    TOTAL,
    Store,
    islands,
    number,
    script_store,
    without_islands,
)
from crawler.platforms.links import same_site, with_query, without_query
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, parse_html, read_rows, text_of
from crawler.platforms.words import WORDS
from crawler.portal import Column
from crawler.titles import TitleKind, read_title

FRAME_ONLY = 400  # characters beside links: a route's answer with more is a report
JPAAS_DETAIL = r"/art/20\d\d/art_[0-9a-f]{32}\.html?$"


class Hanweb(Platform):
    """Recognise: `/col/colN/index.html`, `/art/YYYY/M/D/art_COL_ID.html`, `/module/…` (portals.md §4.1).

    Lists: the datastore of the column page (XML island or script) and `dataproxy.jsp` after it, TrueCMS
    `getMessage.do`; `search.jsp` of the xxgk module (`options`: area, infotypeId, jdid, `method: post` where
    it answers nothing else); the JSON units of
    jpaas. Reports: `xxgkAnnualReport.jsp?fbtime=YEAR&area=ORGAN`, a column of kind route; its organs stand in
    `tree.jsp` or on a page that links to them (`options: {organs: …}`). Index search: `search.jsp` with
    `vc_number`. `area` is a free key and says nothing of the organ.
    """

    name = "hanweb"
    title = "Hanweb 大汉"
    version = "2"
    signs = (
        Sign(re.compile(r"/col/col\d+/"), "栏目地址 /col/colN/"),
        Sign(
            re.compile(r"/art/20\d\d/(?:\d{1,2}/\d{1,2}/)?art_[0-9a-z_]+\.html?$"),
            "文章地址 /art/…/art_栏目_编号",
        ),
        Sign(re.compile(r"/module/(?:xxgk|web/jpage|jpage|download)/"), "大汉模块路径 /module/"),
        Sign(re.compile(r"vc_xxgkarea=|/api-gateway/jpaas"), "大汉参数 vc_xxgkarea 或 jpaas 接口"),
        Sign(re.compile(r"(?i)/truecms/"), "TrueCMS 接口路径"),
    )
    detail = re.compile(
        r"/art/20\d\d/(?:\d{1,2}/\d{1,2}/)?art_[0-9a-z_]+\.html?(?:\?|$)|/doc/20\d\d/\d\d/\d\d/\d+\.shtml$"
        r"|/content/[0-9a-f]{8}-[0-9a-f-]{27}\.html?$|xxgkAnnualReport\.jsp\?",
        re.IGNORECASE,
    )
    attachment = re.compile(r"/module/download/down\w*\.jsp|/attach/")
    route = "/module/xxgk/xxgkAnnualReport.jsp"

    # --- asking ------------------------------------------------------------------------------------------

    def route_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        url = self.portal.absolute(column.url)
        for area in column.areas:
            for year in years:
                asked = with_query(url, [("fbtime", str(year)), ("area", area.key)])
                yield PageRequest(asked, role=Role.REPORT, publisher=area.publisher, year=year)

    def lookup_requests(self, index_number: str) -> Iterator[PageRequest]:
        url = self.portal.absolute(self.portal.lookup_url or "/module/xxgk/search.jsp")
        given = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        fields = module.search_fields({**given, "vc_number": index_number})
        yield PageRequest(with_query(url, fields), role=Role.LOOKUP, carry={"kind": "module"})

    def area_of(self, number: IndexNumber) -> str | None:
        return None if number.is_default else number.prefix

    def organ_requests(self, column: Column) -> Iterator[PageRequest]:
        page = column.options.get("organs")
        url = page or "/module/xxgk/tree.jsp?standardXxgk=1&area=&divid=div1"
        yield PageRequest(self.portal.absolute(url), role=Role.COLUMN if page else Role.LIST)

    # --- reading -----------------------------------------------------------------------------------------

    def read_organs(self, page: Page, request: PageRequest) -> OrganPage:  # noqa: ARG002
        return module.read_organs(page)

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        kind = request.carry.get("kind")
        if kind == "proxy":
            return proxy.read_answer(page, request, lambda records, base: self.records(records, base, column))
        if kind == "jpaas":
            return self._read_unit(page, request, column)
        if kind == "module" or module.SEARCH.search(request.url):
            tree = parse_html(page.text)
            _alive(page, text_of(tree))
            return module.read_fragment(page, request, self.rows(tree, page.url, column), tree)
        stores = islands(page.text) or [store for store in [script_store(page.text)] if store]
        if stores and self._holds_list(stores, page, column):
            return self._read_stores(page, request, stores, column)
        return self._read_page(page, request, super().read_list(page, request, column), column)

    def records(self, records: Sequence[str], base: str, column: Column) -> list[Row]:
        """The rows of a datastore's records: all of them are the list's own, wherever they lead."""
        rows = self.rows(parse_html(f"<ul>{''.join(records)}</ul>"), base, column)
        return [replace(row, belongs=row.belongs or None) for row in rows]

    def route_is_empty(self, page: Page) -> bool:
        tree = parse_html(page.text)
        text = text_of(tree)
        if self._has_body(page) or self._reports(page):
            return False
        _alive(page, text)
        return says_empty(tree) or len(text) < FRAME_ONLY

    def route_list(
        self,
        page: Page,
        request: PageRequest,  # noqa: ARG002
        column: Column,  # noqa: ARG002
    ) -> ListPage | None:
        rows = [] if self._has_body(page) else self._reports(page)
        return ListPage(tuple(rows)) if rows else None

    # --- naming ------------------------------------------------------------------------------------------

    def identity(self, url: str) -> str:
        url = without_query(url, ["xxgkhide"]) if "xxgkhide" in url else url
        return same_site(self.portal.base_url, url)

    def place(self, url: str) -> str | None:
        path = urlsplit(url).path
        found = re.search(r"/art_(\d+)_\d+\.html?$", path) or re.search(rf"/col/col(\d+){JPAAS_DETAIL}", path)
        found = found or re.search(rf"^(/.*/){JPAAS_DETAIL[1:]}", path)
        return found.group(1) if found else None

    def place_of(self, column: Column) -> str | None:
        found = re.search(r"/col/col(\d+)(?:/|$)", column.url)
        return column.options.get("col") or (found.group(1) if found else None)

    @classmethod
    def column_of(cls, url: str) -> str | None:
        found = re.search(r"^(https?://[^/]+)/art/.*/art_(\d+)_\d+\.html?$", url)
        return f"{found[1]}/col/col{found[2]}/index.html" if found else None

    # --- the kinds of lists ------------------------------------------------------------------------------

    def _holds_list(self, stores: Sequence[Store], page: Page, column: Column) -> bool:
        """Whether the list is in the datastores: not if they hold nothing of the column and the HTML does."""
        own = self.place_of(column)
        held = [row for store in stores for row in self.records(store.records, page.url, column)]
        if any(own is None or self.place(row.url) == own for row in held):
            return True
        shown = self.rows(parse_html(page.text), page.url, column)
        return not any(not held or self.place(row.url) == own for row in shown)

    def _read_stores(
        self, page: Page, request: PageRequest, stores: Sequence[Store], column: Column
    ) -> ListPage:
        """The column page: one datastore is the list, others stand beside it, such as news."""
        read = [(store, self.records(store.records, page.url, column)) for store in stores]
        own = self.place_of(column)

        def weight(item: tuple[Store, list[Row]]) -> tuple[bool, bool, int]:
            store, rows = item
            named = own is not None and any(self.place(row.url) == own for row in rows)
            return named, store.more is not None, len(rows)

        main, rows = max(read, key=weight)
        known = {row.url for row in rows}
        beside = [
            replace(row, belongs=own is not None and self.place(row.url) == own)
            for store, others in read
            if store is not main
            for row in others
            if row.url not in known
        ]
        stated = main.total if main.total is not None else number(TOTAL, without_islands(page.text))
        following = proxy.first_request(page, main, rows, request)
        empty = stated == 0 or (not rows and says_empty(parse_html(page.text)))
        return ListPage((*rows, *beside), following, total=stated, says_empty=empty)

    def _read_unit(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        fragment, listed = jpaas.read_unit(page, request)
        rows = self.rows(parse_html(fragment), request.carry.get("base", page.url), column)
        if not rows and not listed.says_empty:
            raise LayoutUnknownError("jpaas 的回答没有行 no rows in the answer")
        return replace(listed, rows=tuple(rows))

    def _read_page(self, page: Page, request: PageRequest, listed: ListPage, column: Column) -> ListPage:
        """A column page without a datastore: units of jpaas, more behind TrueCMS, a fragment, or rows."""
        if unit := jpaas.list_request(page, request, listed.rows):
            return unit
        own_id, listed_id = self.place_of(column), proxy.column_named(page.text)
        if proxy.PROXY.search(page.text) and (None in (own_id, listed_id) or own_id == listed_id):
            bare = Store((), number(TOTAL, page.text))
            own = [row for row in listed.rows if row.belongs is not False]
            following = proxy.first_request(page, bare, own, request)
            total = listed.total if bare.total is None else bare.total
            return replace(listed, next=following or listed.next, total=total)
        if not listed.rows and (asked := module.list_request(page, request, column.options)):
            return ListPage((), asked)
        return listed

    def _has_body(self, page: Page) -> bool:
        """Whether a route's answer shows a report: a file, a table, or more text than a frame has."""
        tree = parse_html(page.text)
        if self.attachments(page) or tree.xpath(
            "//table[count(.//tr) > 2][not(.//a[contains(@href,'/art/')])]"
        ):
            return True
        links = sum(len(text_of(anchor)) for anchor in tree.iter("a"))
        return len(text_of(tree)) - links > FRAME_ONLY

    def _reports(self, page: Page) -> list[Row]:
        tree = parse_html(page.text)
        found = [
            replace(row, url=self.identity(row.url)) for row in read_rows(tree, page.url, self.is_document)
        ]
        return [
            row for row in found if row.url != page.url and read_title(row.title).kind is TitleKind.REPORT
        ]


def _alive(page: Page, text: str) -> None:
    """Raises LayoutUnknownError for a dead page that answers 200."""
    if dead := WORDS.dead_page.search(text):
        raise LayoutUnknownError(f"页面已失效 a dead page that answers {page.status}: {dead.group()}")
