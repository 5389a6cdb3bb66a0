"""UCAP lists as JSON: `/common/search/ID`, `/searchList/ID`, 海南 `/u/search/wjk/rs` (portals.md §4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawler.platforms.base import LayoutUnknownError
from crawler.platforms.links import absolute, with_query
from crawler.platforms.page import Page, read_json
from crawler.platforms.rows import FILE_LINK, Row, parse_html

# `/search/` alone is the list only with a channel behind it: `/search/pcRender` is the site's search page.
LIST_PATH = r"/(?:common/search|searchList)/[0-9A-Za-z]{5,}|/search/[0-9a-f]{32}|/u/search/\w+/rs"
JSON_LIST = re.compile(
    rf"[\"'(](?P<url>(?:(?:https?:)?//[^\"')\s/]+)?(?:/[\w.-]+){{0,3}}?(?:{LIST_PATH})[^\"')\s]*)"
)
META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
IS_CHANNEL = re.compile(r"\bname\s*=\s*[\"']?channel[\"'\s/>]", re.IGNORECASE)
CHANNEL_ID = re.compile(r"\bchannelid\s*=\s*[\"']?(?P<id>[0-9A-Za-z]+)", re.IGNORECASE)
SCRIPT_ID = re.compile(r"\bchannelId[\"']?\s*[:=]\s*[\"'](?P<id>[0-9A-Za-z]{5,})[\"']")
KEYS = {
    "index_number": ("syh", "c_syh", "indexnumber", "IdxID"),
    "publisher": ("fbjg", "fwjg", "c_fbjg", "publisher", "publishunit"),
    "date": ("publishedTimeStr", "pubDate", "fwrq", "cwrq", "writtendate"),
}
NOTHING = {"", "null", "undefined", "无"}
SIZE = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `dropped` entries have no address that can be asked for."""

    rows: tuple[Row, ...]
    total: int
    size: int
    dropped: int = 0


def list_addresses(page: Page, channel: str | None) -> list[str]:
    """Where the JSON list is: by the portal file, by the page's script, or by the channel's id."""
    found = JSON_LIST.search(page.text)
    if found and channel is None:
        return [first_page(urljoin(page.url, found["url"]))]
    known = channel or channel_id(page.text)
    if known is None:
        return []
    return [first_page(urljoin(page.url, f"/{path}/{known}")) for path in ("common/search", "searchList")]


def channel_id(text: str) -> str | None:
    for meta in META.finditer(text):
        if IS_CHANNEL.search(meta.group()) and (found := CHANNEL_ID.search(meta.group())):
            return found["id"]
    found = SCRIPT_ID.search(text)
    return found["id"] if found else None


def is_answer(url: str) -> bool:
    return re.search(rf"(?:{LIST_PATH})(?:\?|$)", url) is not None


def first_page(url: str) -> str:
    """A list's first page; the site of the list is named by what its own address says beside."""
    if "/u/search/" in url:
        return with_query(url, [("curPage", "1"), ("PageSize", str(SIZE))])
    kept = [(key, value) for key, value in parse_qsl(urlsplit(url).query) if key not in ("page", "_pageSize")]
    fixed = [("page", "1"), ("_pageSize", str(SIZE)), ("_isAgg", "true"), ("_isJson", "true")]
    return with_query(url.partition("?")[0], [*fixed, *((k, v) for k, v in kept if k not in dict(fixed))])


def page_of(url: str, number: int) -> str:
    """The same list's page `number`."""
    return with_query(url, [("curPage" if "/u/search/" in url else "page", str(number))])


def read_answer(page: Page) -> Answer:
    """Raises LayoutUnknownError for what is no such answer: an error page that says 200, say."""
    try:
        data = _data(read_json(page.text))
        entries = data.get("results", data.get("list"))
        rows = [_row(entry, page.url) for entry in entries]
        total = int(data.get("total", data.get("totalCount", data.get("count"))))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LayoutUnknownError(f"列表接口的回答读不懂 list answer not understood: {error!r}") from None
    size = data.get("rows", data.get("pageSize"))
    plain = int(size) if str(size).isascii() and str(size).isdigit() and int(size) else max(1, len(rows))
    kept = tuple(row for row in rows if row is not None)
    return Answer(kept, total, plain, len(rows) - len(kept))


def digest(url: str) -> str:
    """A document's address without its host: lists name twins of one host."""
    return sha256(urlsplit(url).path.encode()).hexdigest()[:10]


def _data(answer: Any) -> Mapping[str, Any]:  # noqa: ANN401 — JSON
    """What holds the entries: `data`, `results.data`, `page` or the answer itself."""
    for key in ("data", "results", "page", "data"):
        if isinstance(answer, dict) and isinstance(answer.get(key), dict):
            answer = answer[key]
    if not isinstance(answer, dict):
        raise TypeError("no object")
    return answer


def _row(entry: Mapping[str, Any], base: str) -> Row | None:
    url = absolute(base, str(entry.get("url") or ""))  # often protocol-relative
    if url is None:
        return None
    known = {str(key): str(value) for key, value in entry.items() if isinstance(value, str | int)}
    known |= dict(_pairs(entry.get("domainMetaList")))
    said = {name: _first(known, keys) for name, keys in KEYS.items()}
    title = parse_html(f"<p>{entry.get('title') or ''}</p>").text_content()
    return Row(
        url=url,
        title=" ".join(title.split()),
        date=said["date"],
        publisher=said["publisher"],
        index_number=said["index_number"],
        files=tuple(_files(entry.get("resList"), url)),
    )


def _first(known: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((v.strip() for key in keys if (v := known.get(key, "")).strip() not in NOTHING), None)


def _files(node: Any, base: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 — JSON
    """(URL, name) of a document's files: the string that is a file's address, and its name."""
    for item in node if isinstance(node, list) else []:
        texts = [v for v in item.values() if isinstance(v, str)] if isinstance(item, dict) else []
        paths = [text for text in texts if "/" in text and FILE_LINK.search(urlsplit(text).path)]
        url = absolute(base, paths[0]) if paths else None
        if url is not None:
            names = [text for text in texts if "/" not in text and FILE_LINK.search(text)]
            yield url, names[0] if names else ""


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
