"""Epoint's list endpoint: `getgovinfolist`, asked by POST with JSON (portals.md §4.8).

What differs between installations is found out by asking: whether the body is wrapped in `params`, and
whether pages count from 0 or 1. The site's id and the endpoint's folder stand in a script of the site.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.context import Role
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.links import absolute
from crawler.platforms.page import Page, read_json
from crawler.platforms.rows import Row, parse_html, text_of

SCRIPTS = ("/js/webBuilderCommon.js", "/js/ajaxReq.js")
FOLDER = "/EWB-FRONT"
ENDPOINT = "/rest/lightfrontaction/getgovinfolist"
DEFAULT_SITE = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"  # as shipped; many installations never changed it
SITE = re.compile(r"siteGuid[\"']?\s*[:=]\s*[\"'](?P<value>[0-9A-Fa-f-]{36})[\"']")
PROJECT = re.compile(r"projectName[\"']?\s*[:=]\s*[\"']/?(?P<value>[\w-]+)/?[\"']")
ADDRESS = re.compile(r"[\"'](?P<value>[^\"'\s]*/rest/lightfrontaction/getgovinfolist)[\"']")
URL_KEYS = ("infourl", "visiturl", "linkurl")
TITLE_KEYS = ("realtitle", "title")
DATE_KEYS = ("infodate", "handsdate")


@dataclass(frozen=True, slots=True)
class Query:
    """A list as the endpoint knows it. `target` is the endpoint's address."""

    target: str
    site: str
    department: str
    category: str
    size: int
    referer: str


def site_settings(text: str) -> tuple[str | None, str | None]:
    """(site's id, path or address of the endpoint) as a script or page says them."""
    site, project, address = (pattern.search(text) for pattern in (SITE, PROJECT, ADDRESS))
    target = address["value"] if address else f"/{project['value']}{ENDPOINT}" if project else None
    return (site["value"] if site else None), target


def first_request(query: Query, after: PageRequest | None, options: Mapping[str, str]) -> PageRequest:
    """The request for the first page; each other way to ask it is the fallback of the one before.

    `options` of the column settle what is known: `first_page` (0 or 1), `wrap` (params).
    """
    wraps = ("params",) if options.get("wrap") == "params" else ("", "params")
    starts = (options["first_page"],) if options.get("first_page") in ("0", "1") else ("0", "1")
    ways = [(start, wrap) for start in starts for wrap in wraps]
    again = after is not None and after.carry.get("again") == "1"
    if again and len(ways) > 1:  # the first way was tried before the script was asked for
        ways = ways[1:]
    request: PageRequest | None = None
    for start, wrap in reversed(ways):
        made = _request(query, int(start), wrap, after)
        request = replace(made, fallback=request)
    assert request is not None
    return request


def _request(query: Query, index: int, wrap: str, after: PageRequest | None) -> PageRequest:
    body: dict[str, object] = {
        "deptcode": query.department,
        "categorynum": query.category,
        "pageIndex": index,
        "pageSize": query.size,
        "siteGuid": query.site,
    }
    if wrap:
        body = {"token": "", wrap: body}
    return PageRequest(
        query.target,
        role=Role.LIST,
        number=after.number + 1 if after else 1,
        method="POST",
        json=json.dumps(body, ensure_ascii=False),
        headers=(("Referer", query.referer), ("X-Requested-With", "XMLHttpRequest")),
        publisher=after.publisher if after else None,
        part=after.part if after else "",
        carry={"kind": "list", "index": str(index), "first": str(index), "shown": "0", "page": "1"},
    )


def read_answer(page: Page, request: PageRequest) -> ListPage:
    """Rows and the next page. Raises LayoutUnknownError for an answer that is none."""
    try:
        answer = read_json(page.text)
        custom = answer["custom"]
        custom = read_json(custom) if isinstance(custom, str) else custom
        entries = custom["data"]
        rows = tuple(row for entry in entries if (row := _row(entry, page.url)) is not None)
        total = int(custom["total"]) if str(custom.get("total", "")).strip().isdigit() else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        words = f"列表接口的回答读不懂 list answer not understood: {error!r}: {page.text[:80]!r}"
        raise LayoutUnknownError(words) from None
    return _listed(rows, total, request)


def _listed(rows: tuple[Row, ...], total: int | None, request: PageRequest) -> ListPage:
    carry, digest = request.carry, _digest(rows)
    index, first, shown = int(carry["index"]), int(carry["first"]), int(carry["shown"])
    starts = index == first == 0
    if starts and not rows and total:  # pages count from 1, page 0 is empty
        return ListPage((), _turned(request, 1, {"first": "1", "shown": "0", "page": "1"}))
    if index == 1 and rows and digest == carry.get("same"):  # pages count from 1, page 0 is page 1
        return ListPage((), _turned(request, 2, {"first": "1", "shown": carry["shown"], "page": "2"}))
    shown += len(rows)
    more = shown < total if total is not None else len(rows) >= _size(request)
    following = None
    if rows and more:
        carried = {"first": str(first), "shown": str(shown), "page": str(index - first + 2)}
        following = _turned(request, index + 1, carried | ({"same": digest} if starts else {}))
    return ListPage(rows, following, total=total, says_empty=total == 0)


def _turned(request: PageRequest, index: int, carry: Mapping[str, str]) -> PageRequest:
    """The same question for another page."""
    body = json.loads(request.json)
    body.get("params", body)["pageIndex"] = index
    return replace(
        request,
        number=request.number + 1,
        json=json.dumps(body, ensure_ascii=False),
        fallback=None,
        carry={"kind": "list", "index": str(index), **carry},
    )


def _size(request: PageRequest) -> int:
    body = json.loads(request.json)
    return int(body.get("params", body)["pageSize"])


def _digest(rows: Sequence[Row]) -> str:
    return hashlib.sha256("\n".join(sorted(row.url for row in rows)).encode()).hexdigest()[:16]


def _row(entry: Mapping[str, Any], base: str) -> Row | None:
    """An entry: `title` is cut short, `realtitle` whole; `infourl` on the site, else where it links to."""
    url = next((url for key in URL_KEYS if (url := absolute(base, str(entry.get(key) or "")))), None)
    if url is None:
        return None
    titles = [text_of(parse_html(str(entry[key]))) for key in TITLE_KEYS if entry.get(key)]
    day = next((str(entry[key]) for key in DATE_KEYS if entry.get(key)), None)
    return Row(url, max(titles, key=len, default=""), re.split(r"[T ]", day)[0] if day else None)
