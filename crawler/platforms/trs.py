"""TRS WCM 拓尔思: static pages under month folders, pagers and sometimes lists printed by script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, Sign
from crawler.platforms.links import absolute, folder, with_query
from crawler.platforms.page import Page, read_json
from crawler.platforms.rows import Row, parse_html, read_rows
from crawler.platforms.static import StaticList
from crawler.portal import Column

WRITTEN = re.compile(r"document\.write(?:ln)?\(\s*(?P<q>[\"'])(?P<html>.*?)(?<!\\)(?P=q)\s*\)", re.DOTALL)
DETAIL = r"/(?:t(?:19|20)\d{6}_\d+|t_\d+)(?:_app)?\.s?html?$"


class Trs(StaticList):
    """Recognise: `./YYYYMM/tYYYYMMDD_ID.html`, folders such as `zwgk_70039`, `createPageHTML`.

    portals.md §4.2. A static list (`index.html`, `index_1.html`, …), or the JSONP list of govsearch
    (`zf_list.jsp`). Index search: `searchColumn=indexid` of govsearch, where the portal file
    gives `lookup_url`.
    """

    name = "trs"
    title = "TRS WCM 拓尔思"
    signs = (
        Sign(re.compile(r"/t(?:19|20)\d{6}_\d+(?:_app)?\.s?html?$"), "文章地址 tYYYYMMDD_编号"),
        Sign(re.compile(r"/t_\d+\.s?html?$"), "文章地址 t_编号"),
        Sign(re.compile(r"/govsearch/|/igs/front/search"), "TRS 检索路径 govsearch/igs"),
        Sign(re.compile(r"/[a-z]+_\d{4,6}/"), "带编号的目录，如 zwgk_70039"),
    )
    detail = re.compile(DETAIL + r"|/P0\d{10,}\.(?:pdf|docx?|wps|ofd)$", re.IGNORECASE)

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        if "/govsearch/jsonp/" in request.url:
            return self._read_jsonp(page, request)
        return super().read_list(page, request, column)

    def rows(self, tree: HtmlElement, base: str, column: Column) -> list[Row]:
        rows = super().rows(tree, base, column)
        known = {row.url for row in rows}
        printed = [row for row in _printed_rows(tree, base, self) if row.url not in known]
        return [*rows, *self.sort_out(printed, column)]

    def identity(self, url: str) -> str:
        """The mobile twin is the same document."""
        return re.sub(r"_app(?=\.s?html?$)", "", url)

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
        if self.portal.lookup_url is None:
            return
        url = self.portal.absolute(self.portal.lookup_url)
        given = dict(parse_qsl(urlsplit(url).query))
        form = {
            "sword": index_number,
            "searchColumn": "indexid",
            "searchYear": "all",
            "SType": "1",
            "pubURL": self.portal.base_url,
            **given,
        }
        yield PageRequest(url.partition("?")[0], role=Role.LOOKUP, method="POST", form=tuple(form.items()))

    def _read_jsonp(self, page: Page, request: PageRequest) -> ListPage:
        """result({"num":…, "nPage":…, "data":[{"title","puburl","tip":{…}}]}), 16 rows a page."""
        try:
            answer = read_json(page.text)
            rows = tuple(row for entry in answer["data"] if (row := _jsonp_row(entry, page.url)) is not None)
            total, pages = int(answer["num"]), -(-int(answer["num"]) // max(1, len(rows)))
        except (ValueError, KeyError, TypeError) as error:
            raise LayoutUnknownError(f"govsearch 的回答读不懂 answer not understood: {error!r}") from None
        number = request.number + 1
        more = rows and number <= pages
        following = (
            PageRequest(with_query(request.url, [("page", str(number))]), number=number) if more else None
        )
        return ListPage(rows, following, total=total, says_empty=total == 0)


def _jsonp_row(entry: dict[str, object], base: str) -> Row | None:
    url = absolute(base, str(entry["puburl"]))
    if url is None:
        return None
    tip = entry.get("tip")
    details = tip if isinstance(tip, dict) else {}
    return Row(
        url=url,
        title=str(details.get("title") or entry["title"]),
        date=str(details["dates"]) if details.get("dates") else None,
        publisher=str(details["publisher"]) if details.get("publisher") else None,
        index_number=str(details["indexid"]) if details.get("indexid") else None,
    )


def _printed_rows(tree: HtmlElement, base: str, platform: Trs) -> list[Row]:
    """Rows that the page prints by script: `document.writeln("<a href=…")` (武汉, portals.md §4.2)."""
    pieces = [
        found["html"].replace('\\"', '"').replace("\\'", "'").replace("\\/", "/")
        for script in tree.iter("script")
        for found in WRITTEN.finditer(script.text or "")
    ]
    if not any("<a" in piece for piece in pieces):
        return []
    return read_rows(parse_html("".join(pieces)), base, platform.is_document)
