"""UCAP 开普云: `.shtml` columns, documents named by 32 hex digits, lists as files or as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, Sign
from crawler.platforms.links import folder, same_site
from crawler.platforms.page import Page
from crawler.platforms.rows import Row
from crawler.platforms.static import StaticList
from crawler.platforms.ucap.answers import JSON_LIST, digest, is_answer, list_addresses, page_of, read_answer
from crawler.portal import Column

MONTH = r"(?:20\d{4}|20\d\d/\d{1,2}/\d{1,2})"
PLACE = re.compile(rf"^(?P<place>.*/){MONTH}/(?:[0-9a-f]{{32}}|\d{{3,}})\.s?html?$", re.IGNORECASE)
PAGED = re.compile(
    r"\b(?:class|id)\s*=\s*[\"']?[^\"'<>]*\bpag(?:e|es|er|ination)(?![a-z])|laypage", re.IGNORECASE
)
SHOWN = 8  # rows of the column page by which its JSON list is known


class Ucap(StaticList):
    """Recognise: `/SITE/cNNNNNN/`, `/YYYYMM/<32 hex>.shtml`, `<meta name="channel" channelId=…>`.

    portals.md §4.3. A list is files (`list.shtml`, `list_2.shtml`: counted from 1) or JSON at
    `/common/search/CHANNEL` or `/searchList/CHANNEL` (`options: {channel_id: …}` where the page names none),
    which names the index number `syh` in `domainMetaList` and files in `resList`. JSON of another channel is
    not believed: it has to show the column page's own rows. The file name of a list says nothing of what it
    lists: `xxgk_gknb_list.shtml` is used for 指南 too.
    """

    name = "ucap"
    title = "UCAP 开普云"
    version = "2"
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
        rf"/{MONTH}/(?:[0-9a-f]{{32}}|\d{{3,}})\.s?html?(?:\?|$)|/c\d+_\d+\.shtml$|/c\d{{5,}}/content\.s?html?$",
        re.IGNORECASE,
    )

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        if request.carry.get("json") or is_answer(request.url):
            return self._read_answer(page, request, column)
        listed = super().read_list(page, request, column)
        if request.carry.get("static") or request.number > 1:
            return listed
        addresses = list_addresses(page, column.options.get("channel_id"))
        if not addresses or (_is_whole(listed, page) and "channel_id" not in column.options):
            return listed
        # The JSON list begins with the rows of this page and tells more of them, so it is read instead. Where
        # it is not there, the page is asked for once more and read as files.
        asked = replace(request, carry={**request.carry, "static": "1"})
        if listed.next is not None:
            addresses = addresses[:1]  # there are files to fall back on: no second guess
        own = [digest(row.url) for row in listed.rows if row.belongs is not False]
        # "again": the first address was asked for without this page, and was no such list.
        for url in reversed(addresses[1:] if request.carry.get("again") else addresses):
            asked = PageRequest(
                url,
                number=request.number + 1,
                publisher=request.publisher,
                headers=(("Referer", page.url),),
                carry={"json": "1", "page": "1", "own": ",".join(own[:SHOWN])},
                fallback=asked,
            )
        return ListPage((), asked)

    def identity(self, url: str) -> str:
        return same_site(self.portal.base_url, url)

    def place(self, url: str) -> str | None:
        found = PLACE.search(url)
        return found["place"].partition("://")[2] if found else None

    @classmethod
    def column_of(cls, url: str) -> str | None:
        found = PLACE.search(url)
        return found["place"] if found else None

    def place_of(self, column: Column) -> str | None:
        return folder(self.portal.absolute(column.url)).partition("://")[2]

    def _read_answer(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        answer = read_answer(page)
        rows = [replace(row, url=self.identity(row.url)) for row in answer.rows]
        _check_channel(rows, request)
        here = int(request.carry.get("page", "1"))
        following = None
        if answer.rows and here * answer.size < answer.total:
            following = replace(
                request,
                url=page_of(request.url, here + 1),
                number=request.number + 1,
                carry={"json": "1", "page": str(here + 1)},
                fallback=None,
            )
        unseen = None
        if answer.dropped:
            unseen = f"{answer.dropped} 条没有可用的地址 entries without an address"
        return ListPage(
            tuple(self._belonging(rows, request, column)),
            following,
            total=answer.total,
            says_empty=answer.total == 0,
            unseen=unseen,
        )

    def _belonging(self, rows: Sequence[Row], request: PageRequest, column: Column) -> list[Row]:
        """Rows of a list that was known by its column page are its own, in whatever folder they lie."""
        if request.carry.get("json"):
            return [replace(row, belongs=row.belongs or None) for row in self.sort_out(rows, column)]
        return self.sort_out(rows, column)


def _is_whole(listed: ListPage, page: Page) -> bool:
    """Whether the page holds the whole list: rows, and no sign of more of them by files or by script."""
    if not listed.rows or listed.next is not None:
        return False
    return listed.pages is not None or not (PAGED.search(page.text) or JSON_LIST.search(page.text))


def _check_channel(rows: Sequence[Row], request: PageRequest) -> None:
    """Raises LayoutUnknownError where the answer shows none of the rows that the column page does."""
    own = set(filter(None, request.carry.get("own", "").split(",")))
    if own and request.carry.get("page") == "1" and not own & {digest(row.url) for row in rows}:
        raise LayoutUnknownError("接口回答的是另一个栏目 the answer is another channel's list")
