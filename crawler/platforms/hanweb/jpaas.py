"""jpaas: lists as units of HTML inside JSON, paged by `paramJson` only (portals.md §4.1 c)."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode, urljoin

from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest, says_empty
from crawler.platforms.hanweb.store import number, unescaped
from crawler.platforms.page import Page, read_json
from crawler.platforms.rows import Row, parse_html

UNIT_URL = "/api-gateway/jpaas-publish-server/front/page/build/unit"
TAG = re.compile(r"<[^<>]*\bquerydata\s*=[^<>]*>", re.IGNORECASE | re.DOTALL)
QUERY = re.compile(
    r"\bquerydata\s*=\s*(?:\"(?P<d>[^\"]*)\"|'(?P<s>(?:\{.*?\}|[^']*))'(?=[\s/>]))", re.IGNORECASE | re.DOTALL
)
ADDRESS = re.compile(r"\burl\s*=\s*(?P<q>[\"'])(?P<url>[^\"']+)(?P=q)", re.IGNORECASE)
PAIR = re.compile(r"[\"']?(?P<key>\w+)[\"']?\s*:\s*[\"'](?P<value>[^\"']*)[\"']")
PAGER = re.compile(r"<[^<>]*\bclass\s*=\s*[\"']?[^<>\"']*pagination[^<>]*>", re.IGNORECASE)
ROWS = re.compile(r"\brows\s*=\s*[\"']?(?P<n>\d+)", re.IGNORECASE)
COUNT = re.compile(r"\bcount\s*=\s*[\"']?(?P<n>\d+)", re.IGNORECASE)
LISTED = re.compile(r"当前栏目|列表|list|信息", re.IGNORECASE)  # tagId of the unit that is the list
PAGE_SIZE = 15
UNPAGED = "栏目单元没有回答，页面之后的行没有看到 no unit answered: rows after the page's own are not seen"
Unit = tuple[str, dict[str, str]]  # address and fields


def units(page: Page) -> list[Unit]:
    """(address, fields) of the page's units, the one that is the column's list first."""
    found = []
    for tag in TAG.finditer(page.text):
        query = QUERY.search(tag.group())
        raw = entities.unescape((query["d"] if query["d"] is not None else query["s"]) or "") if query else ""
        fields = {pair["key"]: unescaped(pair["value"]) for pair in PAIR.finditer(raw)}
        if fields:
            address = ADDRESS.search(tag.group())
            found.append((urljoin(page.url, address["url"] if address else UNIT_URL), fields))
    return sorted(found, key=_likeness)


def list_request(page: Page, request: PageRequest, rows: Sequence[Row]) -> ListPage | None:
    """What a jpaas column page leads to: first rows and the second page, or a unit; None for another page.

    A page that is built statically holds its first rows and a pager that counts all of them: nothing has to
    be asked for again. Otherwise each unit is asked for until one is a list, and at last the page itself is.
    """
    found = units(page)
    if not found:
        return None
    own = [row for row in rows if row.belongs is not False]
    if request.carry.get("static"):
        return ListPage(tuple(rows), unseen=None if len(own) < PAGE_SIZE else UNPAGED)
    pager = PAGER.search(page.text)
    if own and pager is not None and (total := number(COUNT, pager.group())) is not None:
        size = number(ROWS, pager.group()) or len(own)
        following = _ask(page, request, found[0], 2, size) if size < total else None
        return ListPage(tuple(rows), following, total=total)
    asked = replace(request, carry={**request.carry, "static": "1"})
    # "again": the first unit was asked for without this page, and was no list.
    for unit in reversed(found[1:] if request.carry.get("again") else found):
        asked = replace(_ask(page, request, unit, 1, PAGE_SIZE), fallback=asked)
    return ListPage(tuple(rows), asked)


def read_unit(page: Page, request: PageRequest) -> tuple[str, ListPage]:
    """The fragment of HTML in {"success":true,"data":{"html":"<ul>…"}} and what it says of further pages.

    Rows are for the caller to read; `rows` of the pager's element is the page's size, `count` the total.
    """
    try:
        answer = read_json(page.text)
        data = answer["data"]
        fragment = str(data["html"] if isinstance(data, dict) else data)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LayoutUnknownError(f"jpaas 的回答读不懂 answer not understood: {error!r}") from None
    if answer.get("success") is False:
        raise LayoutUnknownError(f"jpaas 说不成功 says no success: {str(answer.get('message'))[:60]}")
    pager = PAGER.search(fragment)
    total = number(COUNT, pager.group()) if pager else None
    size = (number(ROWS, pager.group()) if pager else None) or _int(request.carry.get("size")) or PAGE_SIZE
    here = _int(request.carry.get("page")) or 1
    following = None
    if total is not None and here * size < total:
        base = Page(request.carry.get("base", page.url), "")
        unit = (page.url.partition("?")[0], _fields(request))
        following = _ask(base, request, unit, here + 1, size)
    empty = says_empty(parse_html(fragment)) or total == 0
    return fragment, ListPage((), following, total=total, says_empty=empty)


def _ask(page: Page, request: PageRequest, unit: Unit, here: int, size: int) -> PageRequest:
    """Paging works only through paramJson; a bare pageNo is ignored."""
    address, fields = unit
    param = json.dumps({"pageNo": here, "pageSize": size}, separators=(",", ":"))
    return PageRequest(
        f"{address}?{urlencode({**fields, 'paramJson': param})}",
        number=request.number + 1,
        publisher=request.publisher,
        headers=(("Referer", page.url),),
        carry={
            "kind": "jpaas",
            "page": str(here),
            "size": str(size),
            "base": page.url,
            "fields": json.dumps(fields, ensure_ascii=False),
        },
    )


def _fields(request: PageRequest) -> dict[str, str]:
    try:
        return {str(key): str(value) for key, value in json.loads(request.carry["fields"]).items()}
    except (KeyError, ValueError, AttributeError):
        raise LayoutUnknownError("jpaas 页面没有 queryData no queryData in the page") from None


def _likeness(unit: Unit) -> int:
    fields = unit[1]
    return -2 * bool(LISTED.search(fields.get("tagId", ""))) - (fields.get("pageType") == "column")


def _int(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
