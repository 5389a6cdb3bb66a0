"""TRS WCM 拓尔思: static pages under month folders, pagers and sometimes lists printed by script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.platforms.base import ListPage, PageRequest, Sign
from crawler.platforms.links import folder, same_site
from crawler.platforms.page import Page
from crawler.platforms.pager import RECORDS
from crawler.platforms.rows import Row, page_title, parse_html, read_rows, text_of
from crawler.platforms.static import StaticList
from crawler.platforms.trs.answers import is_answer, read_answer, search_request
from crawler.platforms.trs.folders import folders, is_folder_below, is_folder_of, lists_of
from crawler.platforms.trs.neighbours import in_own_lists, mended, neighbours
from crawler.platforms.trs.printed import printed_tree
from crawler.platforms.trs.search import read_form, search_requests
from crawler.portal import Column, ColumnKind
from crawler.titles import TitleKind, read_title

DETAIL = r"/(?:t(?:19|20)\d{6}_\d+|t_\d+)(?:_app)?\.s?html?(?:\?|$)"

SHORTEST_REPORT = 1_000  # characters: the six sections' headings and the tables' labels alone are more


class Trs(StaticList):
    """Recognise: `./YYYYMM/tYYYYMMDD_ID.html`, folders such as `zwgk_70039`, `createPageHTML`.

    portals.md §4.2. Lists: static files (`index.html`, `index_1.html`, …), some printed by script, some with
    further pages by POST search (`options` of the column: `channelid`, `chnlid`, `search_url`); a column of
    folders is walked folder by folder; JSON lists of govsearch (`zf_list.jsp`) and IGS
    (`/igs/front/search/list.html`). Index search: `lookup_url` names the page that holds the `trssearchform`,
    or an IGS or JSONP list.
    """

    name = "trs"
    title = "TRS WCM 拓尔思"
    version = "2"
    signs = (
        Sign(re.compile(r"/t(?:19|20)\d{6}_\d+(?:_app)?\.s?html?$"), "文章地址 tYYYYMMDD_编号"),
        Sign(re.compile(r"/t_\d+\.s?html?$"), "文章地址 t_编号"),
        Sign(re.compile(r"/govsearch/|/igs/front/search|/fjdzapp/search"), "TRS 检索路径 govsearch/igs"),
        Sign(re.compile(r"/[a-z]+_\d{4,6}/"), "带编号的目录，如 zwgk_70039"),
    )
    detail = re.compile(DETAIL + r"|/P0\d{10,}\.(?:pdf|docx?|wps|ofd)$", re.IGNORECASE)

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        kind = request.carry.get("kind")
        if kind == "form":
            return read_form(page, request)
        if is_answer(request, page):
            listed = read_answer(page, request)
            return replace(listed, rows=tuple(self._row(row, page.url) for row in listed.rows))
        listed = super().read_list(page, request, column)
        if kind == "hits":
            records = RECORDS.search(page.text)
            return replace(listed, next=None, says_empty=records is not None and records.group(1) == "0")
        if request.number > 1:
            return listed
        listed = self._with_itself(listed, page, request)
        return self._with_folders(self._with_search(listed, page, request, column), page, request, column)

    def _with_itself(self, listed: ListPage, page: Page, request: PageRequest) -> ListPage:
        """A folder that is no list but the report itself, as on VSB (portals.md §4.7): its own only row."""
        if listed.rows or not request.part or listed.says_empty:
            return listed
        tree = parse_html(page.text)
        title = page_title(tree) or ""
        is_report = read_title(title).kind is TitleKind.REPORT and len(text_of(tree)) >= SHORTEST_REPORT
        return replace(listed, rows=(Row(page.url, title),)) if is_report else listed

    def _with_search(self, listed: ListPage, page: Page, request: PageRequest, column: Column) -> ListPage:
        """Where no static page follows for certain: the POST search that gives the further pages."""
        if not listed.rows or (listed.next is not None and not listed.next.probe):
            return listed
        search, unseen = search_request(page, request, column.options, len(listed.rows))
        if search is None and unseen is None:
            return listed
        return replace(listed, next=search, unseen=unseen)

    def _with_folders(self, listed: ListPage, page: Page, request: PageRequest, column: Column) -> ListPage:
        root = self.place_of(column)
        if column.kind is not ColumnKind.REPORTS or root is None or root.count("/") < 2:  # the whole site
            return listed
        tree, bare = parse_html(page.text), not listed.rows and not request.part
        lists, unseen = lists_of(folders(tree, page.url, root, elsewhere=bare), root, request)
        return replace(listed, lists=lists, unseen=listed.unseen or unseen)

    def rows(self, tree: HtmlElement, base: str, column: Column) -> list[Row]:
        shown = printed_tree(tree)
        tree = mended(tree if shown is None else shown, base)
        beside = neighbours(tree, base, self.is_document)
        rows = read_rows(tree, base, lambda url: url in beside or self.is_document(url))
        # A folder is a list, whatever its link says: one below the column is walked, others are menus.
        documents = [row for row in rows if not is_folder_of(row.url, base)]
        root = self.place_of(column) if column.kind is ColumnKind.REPORTS else None
        rows = documents or [row for row in rows if root is None or not is_folder_below(row.url, root)]
        unique = {row.url: row for row in reversed([self._row(row, base) for row in rows])}
        sorted_out = self.sort_out([*reversed(unique.values())], column)
        return in_own_lists(sorted_out, tree, base, lambda url: same_site(base, self.identity(url)))

    def identity(self, url: str) -> str:
        """The mobile twin and an address with a query are the same document."""
        if not self.is_document(url):
            return url
        return re.sub(r"_app(?=\.s?html?$)", "", url.partition("?")[0])

    def _row(self, row: Row, base: str) -> Row:
        """A row under its document's address. A list names its own host by either scheme: one document."""
        return replace(row, url=same_site(base, self.identity(row.url)))

    def place(self, url: str) -> str | None:
        found = re.search(r"^(?P<place>.*/)\d{6}/[^/]+$", url) or re.search(
            r"^(?P<place>.*/)t_?\d[^/]*$", url
        )
        return found["place"].partition("://")[2] if found else None

    @classmethod
    def column_of(cls, url: str) -> str | None:
        found = re.search(r"^(.*/)\d{6}/t[\d_]+[^/]*$", url)
        return found[1] if found else None

    def place_of(self, column: Column) -> str | None:
        return folder(self.portal.absolute(column.url)).partition("://")[2]

    def lookup_requests(self, index_number: str) -> Iterator[PageRequest]:
        if self.portal.lookup_url is not None:
            yield from search_requests(self.portal.absolute(self.portal.lookup_url), index_number)
