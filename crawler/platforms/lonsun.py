"""Lonsun 龙讯: lists that a script fetches as a fragment of HTML, reports by organ and year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from lxml.html import HtmlElement

from archive.context import Role
from archive.index_number import canonical_form
from crawler.platforms.base import (
    LayoutUnknownError,
    ListPage,
    OrganPage,
    PageRequest,
    Platform,
    Sign,
    once,
    says_empty,
)
from crawler.platforms.links import same_site, with_query, without_query
from crawler.platforms.lonsun_page import (
    Label,
    fragment_rows,
    is_titled,
    list_label,
    own_text,
    page_count,
    read_organs,
    row_count,
    site_of,
)
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, parse_html, text_of
from crawler.portal import Column, ColumnKind
from crawler.titles import TitleKind, read_title

COLUMN = re.compile(r"^(?P<prefix>.*?)/public/column/(?P<organ>\d+)?/?$")
CONTENT_COLUMN = re.compile(r"/content/column/\d+")
SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
PAGE_SIZE = 20
REPORT_TYPE = "3"  # of a column: 4 is the catalogue, 2 the guide (portals.md §4.5)
FRAME_ONLY = 400  # characters beside the links: the frame of a page that holds no report
SHORTEST_REPORT = 1500  # one without tables, of before 2019; a page that says 暂无 may have much of a frame


class Lonsun(Platform):
    """Recognise: `/public/column/ORGAN?type=4&catId=…&action=list`, `/site/label/8888?…publicInfoList…`,
    `/public/ORGAN/ID.html`, `/public/description/ID.html`, attachments `/group6/M00/…` (portals.md §4.5).

    Lists: the column page calls `/site/label/N` by script and gets a fragment, counted from `pageIndex=1`,
    with the pages in `pageCount:N`; the cookie of the first load may be needed, so that a fragment refused
    is asked for again after its column page. `/content/column/ID?pageIndex=n` holds its rows itself.
    Reports are not in the catalogue of type 4: `/public/column/ORGAN?type=3&…&timeFrame=YEAR&hasContent=true`
    is the report of organ and year, a column of kind route whose areas' keys are organ ids. The list shows
    index numbers; whether its search takes one is unknown (§7), so a look-up reads the report columns.
    """

    name = "lonsun"
    title = "Lonsun 龙讯"
    signs = (
        Sign(re.compile(r"/public/column/\d+"), "栏目地址 /public/column/机构编号"),
        Sign(re.compile(r"/site/label/\d+\?"), "列表接口 /site/label/"),
        Sign(re.compile(r"/public/(?:\d+|description)/\d+\.html?$"), "文章地址 /public/机构编号/编号.html"),
        Sign(re.compile(r"/content/(?:column|article)/\d+"), "内容地址 /content/column/编号"),
        Sign(re.compile(r"/group\d+/M\d\d/"), "附件地址 /group6/M00/"),
    )
    detail = re.compile(
        r"/public/(?:\d+|description)/\d+\.html?$|/content/article/\d+(?:\.html?)?$"
        r"|/public/column/\d+\?(?:.*&)?timeFrame=20\d\d",
        re.IGNORECASE,
    )
    attachment = re.compile(r"/group\d+/M\d\d/", re.IGNORECASE)
    route = "/public/column/"

    # --- asking ------------------------------------------------------------------------------------------

    def route_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        parts = urlsplit(self.portal.absolute(column.url))
        found = COLUMN.match(parts.path)
        if found is None:
            raise LayoutUnknownError(
                f"年报专用路径应形如 /public/column/ the route looks like that, not {column.url}"
            )
        given = dict(parse_qsl(parts.query, keep_blank_values=True))
        for area in column.areas:
            path = f"{found['prefix']}/public/column/{area.key}"
            for year in years:
                fixed = {"type": REPORT_TYPE, **given, "timeFrame": str(year), "hasContent": "true"}
                url = with_query(urlunsplit(parts._replace(path=path, query="")), fixed.items())
                yield PageRequest(url, role=Role.REPORT, publisher=area.publisher, year=year)

    def lookup_requests(self, index_number: str) -> Iterator[PageRequest]:
        """The report columns, whose rows show index numbers; whether the search takes one is unknown."""
        for column in self.portal.columns:
            if column.kind in {ColumnKind.REPORTS, ColumnKind.CATALOGUE}:
                url = self.portal.absolute(column.url)
                yield PageRequest(url, role=Role.LOOKUP, carry={"number": index_number})

    def organ_requests(self, column: Column) -> Iterator[PageRequest]:
        """The page whose menu links to every organ: `options.organs`, else the column's own address."""
        yield PageRequest(self.portal.absolute(column.options.get("organs") or column.url), role=Role.COLUMN)

    # --- reading -----------------------------------------------------------------------------------------

    def read_organs(self, page: Page, request: PageRequest) -> OrganPage:  # noqa: ARG002
        organs = read_organs(parse_html(page.text), page.url)
        if not organs:
            raise LayoutUnknownError(f"页面上没有机构栏目链接 no link to an organ's column: {page.url}")
        return OrganPage(tuple(organs))

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        listed = self._read_list(page, request, column)
        number = request.carry.get("number")
        return _only(listed, number) if number else listed

    def _read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        if request.carry.get("fragment"):
            return self._read_fragment(page, request)
        label = None if request.carry.get("static") else self._label(page, column)
        if label is None:
            return self._read_page(page, request, column)
        first = PageRequest(
            label.page(1),
            number=request.number,
            publisher=request.publisher,
            headers=(("Referer", page.url),),
            # "static" tells the walk's books apart what is asked for before and after the cookie was given.
            carry={"fragment": "1", "static": request.carry.get("again", ""), "size": str(label.size)},
            fallback=replace(request, carry={"static": "1"}),
        )
        return ListPage((), first)

    def route_is_empty(self, page: Page) -> bool:
        tree = parse_html(page.text)
        if self._has_body(page, tree) or self._reports(tree, page.url):
            return False
        if says_empty(tree) or tree.xpath("//a[contains(@href,'/public/column/')]"):
            return True  # a page of the family with its menu and nothing in it
        words = "不是年报页，也没有说为空 no report, nor word that there is none"
        raise LayoutUnknownError(f"{words}: {text_of(tree)[:60]}")

    def route_list(
        self,
        page: Page,
        request: PageRequest,  # noqa: ARG002
        column: Column,  # noqa: ARG002
    ) -> ListPage | None:
        tree = parse_html(page.text)
        if self._has_body(page, tree):
            return None
        rows = self._reports(tree, page.url)
        return ListPage(tuple(rows)) if rows else None

    def _has_body(self, page: Page, tree: HtmlElement) -> bool:
        """A report, or a file that may be it: a table, or more text than the page's own frame and links."""
        if self.attachments(page) or tree.xpath("//table[count(.//tr) > 2]"):
            return True
        doubtful = says_empty(tree) and not is_titled(tree)
        return own_text(tree) > (SHORTEST_REPORT if doubtful else FRAME_ONLY)

    def _reports(self, tree: HtmlElement, base: str) -> list[Row]:
        """Links that are titled as reports: some sites list a year's reports where others show the one."""
        rows = fragment_rows(tree, base, self.is_document)
        return [row for row in rows if row.url != base and read_title(row.title).kind is TitleKind.REPORT]

    @classmethod
    def column_of(cls, url: str) -> str | None:
        found = COLUMN.match(urlsplit(url).path)
        return without_query(url, ("timeFrame", "hasContent")) if found else None

    def is_document(self, url: str) -> bool:
        return super().is_document(SESSION.sub("", url))

    def identity(self, url: str) -> str:
        return same_site(self.portal.base_url, SESSION.sub("", url))

    def _label(self, page: Page, column: Column) -> Label | None:
        """The call that fills the list; None where the page holds its rows itself."""
        asked = urlsplit(page.url)
        here = COLUMN.match(asked.path) or COLUMN.match(urlsplit(self.portal.absolute(column.url)).path)
        known = dict(parse_qsl(asked.query, keep_blank_values=True))
        if here is not None and here["organ"]:
            known["organId"] = here["organ"]
        label = list_label(page)
        if label is not None:
            return label.filled(known)
        if here is None or CONTENT_COLUMN.search(asked.path):
            return None
        if self.rows(parse_html(page.text), page.url, column) or says_empty(parse_html(page.text)):
            return None
        # The call stands in a script file of the theme: the usual one is made from the column's address.
        usual = {
            "IsAjax": "1",
            "dataType": "html",
            "labelName": "publicInfoList",
            "siteId": site_of(page) or "",
            "pageSize": str(PAGE_SIZE),
            "pageIndex": "1",
            "action": "list",
            "isDate": "true",
            "dateFormat": "yyyy-MM-dd",
            "length": "200",
            "organId": "",
            "type": "4",
            "catId": "",
            "cId": "",
            "result": "暂无相关信息",
            **column.options,
        }
        return Label(page.url, f"{here['prefix']}/site/label/8888", usual).filled(known)

    def _read_fragment(self, page: Page, request: PageRequest) -> ListPage:
        tree = parse_html(page.text)
        found = fragment_rows(tree, page.url, self.is_document)
        rows = once(replace(row, url=self.identity(row.url)) for row in found)
        empty = says_empty(tree)
        pages = page_count(page.text, tree)
        if not rows and not empty and not request.probe:
            raise LayoutUnknownError(
                "列表片段没有行，也没有说为空 no rows in the list's fragment, nor word that it has none: "
                f"{text_of(tree)[:60]}"
            )
        return ListPage(
            rows=tuple(rows),
            next=_following(request, pages, len(rows)),
            total=row_count(page.text, tree),
            pages=pages,
            says_empty=empty,
        )

    def _read_page(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        """A list that holds its rows: `/content/column/ID?pageIndex=n`."""
        listed = super().read_list(page, request, column)
        pages = page_count(page.text, parse_html(page.text)) or listed.pages
        following = listed.next
        if following is None and listed.rows and pages is not None and request.number < pages:
            number = request.number + 1
            following = PageRequest(
                with_query(page.url, [("pageIndex", str(number))]),
                number=number,
                publisher=request.publisher,
                carry={"static": "1", "pages": str(pages)},
            )
        return replace(listed, next=following, pages=pages)

    def rows(self, tree: HtmlElement, base: str, column: Column) -> list[Row]:
        found = fragment_rows(tree, base, self.is_document)
        return self.sort_out(once(replace(row, url=self.identity(row.url)) for row in found), column)


def _only(listed: ListPage, number: str) -> ListPage:
    """A look-up's answer: the row that prints the number, else the next page."""
    shown = canonical_form(number)
    rows = tuple(row for row in listed.rows if canonical_form(row.index_number or "") == shown)
    following = listed.next and replace(
        listed.next, role=Role.LOOKUP, carry={**listed.next.carry, "number": number}
    )
    return replace(listed, rows=rows, next=following)


def _following(request: PageRequest, pages: int | None, rows: int) -> PageRequest | None:
    """The next page of a fragment; a full page that tells no number of pages is followed by a guess."""
    if pages is not None:
        if request.number >= pages:
            return None
    elif rows < int(request.carry["size"]):
        return None
    number = request.number + 1
    return replace(
        request,
        url=with_query(request.url, [("pageIndex", str(number))]),
        number=number,
        probe=pages is None,
        fallback=None,
        carry={**request.carry, "pages": str(pages or "")},
    )
