"""UCAP 开普云: `.shtml` columns, documents named by 32 hex digits, lists as files or as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, Sign
from crawler.platforms.links import absolute, folder, with_query
from crawler.platforms.page import Page, read_json
from crawler.platforms.rows import Row, parse_html
from crawler.platforms.static import StaticList
from crawler.portal import Column

JSON_LIST = re.compile(r"[\"'(](?P<url>/(?:common/search|searchList)/[0-9A-Za-z]+[^\"')\s]*)")
CHANNEL_ID = re.compile(
    r"<meta[^>]*name=[\"']channel[\"'][^>]*channelid=[\"'](?P<id>[0-9A-Za-z]+)[\"']", re.IGNORECASE
)
TITLE_KEYS = {
    "index_number": ("syh", "c_syh"),
    "publisher": ("fbjg", "fwjg", "c_fbjg"),
    "date": ("fwrq", "cwrq"),
}


class Ucap(StaticList):
    """Recognise: `/SITE/cNNNNNN/`, `/YYYYMM/<32 hex>.shtml`, `<meta name="channel" channelId=…>`.

    portals.md §4.3. A list is files (`list.shtml`, `list_2.shtml`: counted from 1) or JSON at
    `/common/search/CHANNEL`, which names the index number `syh` in `domainMetaList`. The file name of a list
    says nothing of what it lists.
    """

    name = "ucap"
    title = "UCAP 开普云"
    signs = (
        Sign(re.compile(r"/20\d{4}/[0-9a-f]{32}\.shtml$"), "文章地址 年月/32位十六进制.shtml"),
        Sign(re.compile(r"/20\d{4}/\d{3,}\.shtml$"), "文章地址 年月/编号.shtml"),
        Sign(re.compile(r"/c\d{5,7}/(?:[\w-]+\.shtml)?$"), "栏目目录 cNNNNNN"),
        Sign(
            re.compile(r"/(?:zfxxgk_\w+|common_list|listCollect|xxgk_\w+|bmxxgk_list)\.shtml$"),
            "UCAP 列表模板名",
        ),
        Sign(re.compile(r"/(?:common/search|searchList)/"), "UCAP 列表接口 common/search"),
        Sign(re.compile(r"\.shtml$"), "地址以 .shtml 结尾"),
    )
    detail = re.compile(
        r"/(?:20\d{4}|20\d\d/\d{1,2}/\d{1,2})/(?:[0-9a-f]{32}|\d{3,})\.s?html$|/c\d+_\d+\.shtml$"
    )

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        if request.carry.get("json"):
            return self._read_json(page, request, column)
        listed = super().read_list(page, request, column)
        url = None if request.carry.get("static") else self._json_url(page, column)
        whole = listed.rows and listed.next is None
        if url is None or (whole and "channel_id" not in column.options):
            return listed
        # The JSON list begins with the rows of this page and tells more of them, so it is read instead. Where
        # it is not there, the page is asked for once more and read as files.
        first = PageRequest(
            with_query(url, [("page", "1"), ("_pageSize", "20"), ("_isAgg", "true"), ("_isJson", "true")]),
            number=request.number + 1,
            publisher=request.publisher,
            carry={"json": "1", "page": "1"},
            fallback=replace(request, carry={"static": "1"}),
        )
        return ListPage((), first)

    def place(self, url: str) -> str | None:
        found = re.search(r"^(?P<place>.*/)20\d{4}/(?:[0-9a-f]{32}|\d{3,})\.s?html$", url)
        return found["place"].partition("://")[2] if found else None

    @classmethod
    def column_of(cls, url: str) -> str | None:
        found = re.search(r"^(.*/)20\d{4}/(?:[0-9a-f]{32}|\d{3,})\.s?html$", url)
        return found[1] if found else None

    def place_of(self, column: Column) -> str | None:
        return folder(self.portal.absolute(column.url)).partition("://")[2]

    def _json_url(self, page: Page, column: Column) -> str | None:
        """Where the JSON list is: by the portal file, by the page's script, or by the channel's id."""
        if channel := column.options.get("channel_id"):
            return str(urljoin(page.url, f"/common/search/{channel}"))
        if found := JSON_LIST.search(page.text):
            return str(urljoin(page.url, found["url"].partition("?")[0]))
        if found := CHANNEL_ID.search(page.text):
            return str(urljoin(page.url, f"/common/search/{found['id']}"))
        return None

    def _read_json(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        try:
            answer = read_json(page.text)
            data = answer.get("data", answer)
            entries = data.get("results", data.get("list"))
            rows = [row for entry in entries if (row := _json_row(entry, page.url)) is not None]
            total = int(data["total"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LayoutUnknownError(f"列表接口的回答读不懂 list answer not understood: {error!r}") from None
        here = int(request.carry["page"])
        size = int(data.get("rows") or 0) or max(1, len(rows))
        following = None
        if rows and here * size < total:
            following = replace(
                request,
                url=with_query(request.url, [("page", str(here + 1))]),
                number=request.number + 1,
                carry={"json": "1", "page": str(here + 1)},
                fallback=None,
            )
        return ListPage(tuple(self.sort_out(rows, column)), following, total=total, says_empty=total == 0)


def _json_row(entry: dict[str, Any], base: str) -> Row | None:
    url = absolute(base, str(entry["url"]))  # often protocol-relative
    if url is None:
        return None
    known = dict(_pairs(entry.get("domainMetaList")))
    values = {
        name: next((known[key] for key in keys if known.get(key)), None) for name, keys in TITLE_KEYS.items()
    }
    day = entry.get("publishedTimeStr") or entry.get("pubDate") or values["date"]
    title = parse_html(str(entry["title"])).text_content()
    return Row(
        url=url,
        title=" ".join(title.split()),
        date=str(day) if day else None,
        publisher=values["publisher"] or entry.get("c_fbjg"),
        index_number=values["index_number"] or entry.get("c_syh"),
    )


def _pairs(node: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 — JSON
    """(key, value) of a domainMetaList, at whatever depth the version nests it."""
    if isinstance(node, list):
        for item in node:
            yield from _pairs(item)
    elif isinstance(node, dict):
        if isinstance(node.get("key"), str) and isinstance(node.get("value"), str):
            yield node["key"], node["value"]
        for item in node.values():
            if isinstance(item, list | dict):
                yield from _pairs(item)
