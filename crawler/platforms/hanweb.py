"""Hanweb 大汉: `/col/colN/` columns with a datastore island, the xxgk module with its index search."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from archive.context import Role
from crawler.platforms.base import (
    LayoutUnknownError,
    ListPage,
    PageRequest,
    Platform,
    Sign,
    says_empty,
    stated,
)
from crawler.platforms.links import absolute, with_query, without_query
from crawler.platforms.page import Page, read_json
from crawler.platforms.rows import Row, parse_html
from crawler.platforms.words import WORDS
from crawler.portal import Column

ISLAND = re.compile(r"<datastore>(?P<inner>.*?)</datastore>", re.DOTALL | re.IGNORECASE)
RECORD = re.compile(
    r"<record>\s*(?:<!\[CDATA\[)?(?P<html>.*?)(?:\]\]>)?\s*</record>", re.DOTALL | re.IGNORECASE
)
NEXT_GROUP = re.compile(r"<nextgroup>.*?href\s*=\s*[\"'](?P<url>[^\"']+)[\"']", re.DOTALL | re.IGNORECASE)
SCRIPT_STORE = re.compile(r"dataStore\s*=\s*\[(?P<inner>.*?)\]\s*;?\s*$", re.DOTALL)
STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
TOTAL = re.compile(r"<?total_?records?>?\s*[:=]?\s*[\"']?(?P<n>\d+)", re.IGNORECASE)
PROXY = re.compile(
    r"[\"'](?P<url>[^\"'\s]*(?:dataproxy|morecolumndataproxy)\.jsp[^\"'\s]*)[\"']", re.IGNORECASE
)
PARAMETERS = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)
PARAMETER = re.compile(
    r"(?<![\w])[\"']?(?P<key>" + "|".join(PARAMETERS) + r")[\"']?\s*[:=]\s*[\"']?(?P<value>[^\"',}&\s;<>]*)",
    re.ASCII,
)
JPAAS_URL = "/api-gateway/jpaas-publish-server/front/page/build/unit"
JPAAS_QUERY = re.compile(r"querydata\s*=\s*(?P<q>[\"'])(?P<json>\{.*?\})(?P=q)", re.IGNORECASE | re.DOTALL)
JPAAS_PAIR = re.compile(r"[\"'](?P<key>\w+)[\"']\s*:\s*[\"'](?P<value>[^\"']*)[\"']")
JPAAS_PAGER = re.compile(r"<[^>]*class=[\"'][^\"']*pagination[^\"']*[\"'][^>]*>", re.IGNORECASE)
MODULE_LIST = re.compile(r"/module/xxgk/(?:search|search_custom|subjectinfo)\.jsp")
CHUNK = 100  # more than about 300 is cut short; 100 is safe (portals.md §4.1)


@dataclass(frozen=True, slots=True)
class _Store:
    """A datastore, as XML or as script: its records' HTML, the total it states, the address of more."""

    records: tuple[str, ...]
    total: int | None
    more: str | None


class Hanweb(Platform):
    """Recognise: `/col/colN/index.html`, `/art/YYYY/M/D/art_COL_ID.html`, `/module/…` (portals.md §4.1).

    Lists: the island of the column page and `dataproxy.jsp` after it; `search.jsp` of the xxgk module; the
    JSON units of jpaas. Reports: `xxgkAnnualReport.jsp?fbtime=YEAR&area=ORGAN`, a column of kind route. Index
    search: `search.jsp?vc_number=…`. `area` is a free key and says nothing of the organ.
    """

    name = "hanweb"
    title = "Hanweb 大汉"
    signs = (
        Sign(re.compile(r"/col/col\d+/"), "栏目地址 /col/colN/"),
        Sign(
            re.compile(r"/art/20\d\d/(?:\d{1,2}/\d{1,2}/)?art_[0-9a-z_]+\.html?$"),
            "文章地址 /art/…/art_栏目_编号",
        ),
        Sign(re.compile(r"/module/(?:xxgk|web/jpage|jpage|download)/"), "大汉模块路径 /module/"),
        Sign(re.compile(r"vc_xxgkarea=|/api-gateway/jpaas"), "大汉参数 vc_xxgkarea 或 jpaas 接口"),
    )
    detail = re.compile(
        r"/art/20\d\d/(?:\d{1,2}/\d{1,2}/)?art_[0-9a-z_]+\.html?$|/doc/20\d\d/\d\d/\d\d/\d+\.shtml$|xxgkAnnualReport\.jsp\?"
    )
    attachment = re.compile(r"/module/download/down\w*\.jsp|/attach/")
    route = "/module/xxgk/xxgkAnnualReport.jsp"

    def route_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        url = self.portal.absolute(column.url)
        for area in column.areas:
            for year in years:
                asked = with_query(url, [("fbtime", str(year)), ("area", area.key)])
                yield PageRequest(asked, role=Role.REPORT, publisher=area.publisher, year=year)

    def lookup_requests(self, index_number: str) -> Iterator[PageRequest]:
        url = self.portal.absolute(self.portal.lookup_url or "/module/xxgk/search.jsp")
        asked = [
            ("infotypeId", ""),
            ("jdid", "1"),
            ("divid", "div1"),
            ("area", ""),
            ("vc_title", ""),
            ("vc_number", index_number),
            ("vc_filenumber", ""),
            ("vc_all", ""),
            ("texttype", "0"),
            ("fbtime", "-1"),
            ("sortfield", "compaltedate:0"),
            ("currpage", "1"),
        ]
        given = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        yield PageRequest(
            with_query(url, [(key, given.get(key, value)) for key, value in asked]), role=Role.LOOKUP
        )

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        kind = request.carry.get("kind")
        if kind == "proxy":
            return self._read_proxy(page, request, column)
        if kind == "jpaas":
            return self._read_jpaas(page, request, column)
        if MODULE_LIST.search(request.url):
            return self._read_module(page, request, column)
        stores = [_xml_store(found["inner"]) for found in ISLAND.finditer(page.text)]
        if stores:
            return self._read_islands(page, stores, column)
        if JPAAS_QUERY.search(page.text):
            return ListPage((), _jpaas_request(page, request, 1))
        return super().read_list(page, request, column)

    def identity(self, url: str) -> str:
        return without_query(url, ["xxgkhide"]) if "xxgkhide" in url else url

    def place(self, url: str) -> str | None:
        found = re.search(r"/art_(\d+)_\d+\.html?$", url) or re.search(
            r"//[^/]+(/.*/)art/20\d\d/art_[0-9a-f]{32}", url
        )
        return found.group(1) if found else None

    @classmethod
    def column_of(cls, url: str) -> str | None:
        found = re.search(r"^(https?://[^/]+)/art/.*/art_(\d+)_\d+\.html?$", url)
        return f"{found[1]}/col/col{found[2]}/index.html" if found else None

    def place_of(self, column: Column) -> str | None:
        found = re.search(r"/col/col(\d+)/", column.url)
        return found.group(1) if found else None

    # --- the datastore island and its proxy --------------------------------------------------------------

    def _read_islands(self, page: Page, stores: Sequence[_Store], column: Column) -> ListPage:
        """The column page: the island with the most rows is the list, others stand beside it."""
        read = [(store, self._records(store.records, page.url, column)) for store in stores]
        main, rows = max(read, key=lambda item: (item[0].more is not None, len(item[1])))
        outside = ISLAND.sub("", page.text)
        total = main.total if main.total is not None else _number(TOTAL, outside)
        chunk = min(len(rows), CHUNK)
        url = self._proxy_url(page, main, outside)
        following = None
        if url and chunk and (total is None or total > len(rows)):
            following = _proxy_request(url, 2, chunk, total, seen=len(rows))
        return ListPage(tuple(rows), following, total=total, says_empty=total == 0)

    def _read_proxy(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        store = _script_store(page.text) or next(
            (_xml_store(found["inner"]) for found in ISLAND.finditer(page.text)), None
        )
        if store is None:
            raise LayoutUnknownError(f"dataproxy 没有返回记录 no records in {len(page.text)} characters")
        rows = self._records(store.records, page.url, column)
        total = store.total if store.total is not None else _int(request.carry.get("total"))
        chunk = int(request.carry["chunk"])
        following = None
        seen = int(request.carry["seen"]) + len(rows)
        if rows and (total is None or seen < total):
            following = _proxy_request(request.carry["url"], request.number + 1, chunk, total, seen=seen)
        return ListPage(tuple(rows), following, total=total)

    def _proxy_url(self, page: Page, store: _Store, outside: str) -> str | None:
        """The address of more records, with the parameters that the page's script holds."""
        found = PROXY.search(outside)
        address = store.more or (found["url"] if found else None)
        if address is None:
            return None
        url = absolute(page.url, entities.unescape(address))
        if url is None:
            return None
        known = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        told = (
            {pair["key"]: pair["value"] for pair in PARAMETER.finditer(outside)} if store.more is None else {}
        )
        return with_query(url, [(key, told[key]) for key in PARAMETERS if key in told and key not in known])

    def _records(self, records: Sequence[str], base: str, column: Column) -> list[Row]:
        return self.rows(parse_html(f"<ul>{''.join(records)}</ul>"), base, column)

    # --- the xxgk module ---------------------------------------------------------------------------------

    def _read_module(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        """A fragment of table rows; 共N页 tells the pages. 浙江 2020: data in the link's attributes."""
        tree = parse_html(page.text)
        attributed = {
            absolute(page.url, anchor.get("href")): anchor for anchor in tree.iter("a") if anchor.get("mc")
        }
        rows = [
            replace(row, title=anchor.get("mc", row.title), date=anchor.get("rq") or row.date)
            if (anchor := attributed.get(row.url)) is not None
            else row
            for row in self.rows(tree, page.url, column)
        ]
        pages = stated(WORDS.stated_pages, tree)
        listed = super().read_list(page, request, column)
        following = None
        if pages is not None and request.number < pages:
            number = request.number + 1
            following = replace(
                request, url=with_query(request.url, [("currpage", str(number))]), number=number
            )
        return ListPage(tuple(rows), following, listed.total, pages, says_empty(tree))

    # --- jpaas -------------------------------------------------------------------------------------------

    def _read_jpaas(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        """{"success":true,"data":{"html":"<ul>…"}}; `rows` and `count` stand at the pager's element."""
        try:
            fragment = str(read_json(page.text)["data"]["html"])
        except (ValueError, KeyError, TypeError) as error:
            raise LayoutUnknownError(f"jpaas 的回答读不懂 answer not understood: {error!r}") from None
        tree = parse_html(fragment)
        rows = self.rows(tree, request.carry["base"], column)
        pager = JPAAS_PAGER.search(fragment)
        size = _number(re.compile(r"rows=[\"']?(?P<n>\d+)"), pager.group()) if pager else None
        total = _number(re.compile(r"count=[\"']?(?P<n>\d+)"), pager.group()) if pager else None
        here = int(request.carry["page"])
        following = None
        if rows and total is not None and here * (size or len(rows)) < total:
            following = _jpaas_request(Page(request.carry["base"], request.carry["query"]), request, here + 1)
        return ListPage(tuple(rows), following, total=total, says_empty=says_empty(tree))


def _xml_store(inner: str) -> _Store:
    more = NEXT_GROUP.search(inner)
    records = tuple(
        entities.unescape(r["html"]) if "&lt;" in r["html"] else r["html"] for r in RECORD.finditer(inner)
    )
    return _Store(records, _number(TOTAL, RECORD.sub("", inner)), more["url"] if more else None)


def _script_store(text: str) -> _Store | None:
    """`totalRecord=714.0;totalPage = 27;dataStore = ['…','…']` (甘肃 2020)."""
    found = SCRIPT_STORE.search(text.strip())
    if found is None:
        return None
    records = tuple(
        re.sub(r"\\(.)", r"\1", single or double) for single, double in STRING.findall(found["inner"])
    )
    return _Store(records, _number(TOTAL, text[: found.start()]), None)


def _proxy_request(url: str, number: int, chunk: int, total: int | None, *, seen: int) -> PageRequest:
    """Page `number` in pieces of `chunk`, asked in both ways: some servers obey `page` only (§4.1)."""
    last = number * chunk if total is None else min(number * chunk, total)
    asked = [
        ("page", str(number)),
        ("startrecord", str((number - 1) * chunk + 1)),
        ("endrecord", str(last)),
        ("perpage", str(chunk)),
    ]
    return PageRequest(
        with_query(url, asked),
        number=number,
        carry={
            "kind": "proxy",
            "url": url,
            "chunk": str(chunk),
            "total": "" if total is None else str(total),
            "seen": str(seen),
        },
    )


def _jpaas_request(page: Page, request: PageRequest, here: int) -> PageRequest:
    """Paging works only through paramJson; a bare pageNo is ignored."""
    found = JPAAS_QUERY.search(page.text)
    if found is None:
        raise LayoutUnknownError("jpaas 页面没有 queryData no queryData in the page")
    query = [(pair["key"], pair["value"]) for pair in JPAAS_PAIR.finditer(entities.unescape(found["json"]))]
    asked = [*query, ("paramJson", f'{{"pageNo":{here},"pageSize":15}}')]
    return PageRequest(
        urljoin(page.url, f"{JPAAS_URL}?{urlencode(asked)}"),
        number=request.number + 1,
        carry={"kind": "jpaas", "page": str(here), "base": page.url, "query": found.group()},
    )


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found["n"]) if found else None


def _int(text: str | None) -> int | None:
    return int(text) if text else None
