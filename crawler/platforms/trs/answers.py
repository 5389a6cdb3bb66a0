"""Lists that TRS answers as data: JSONP of govsearch, IGS, the POST search behind a static first page.

portals.md §4.2, §7. The first page of a list of the last kind is a file; its further pages come from
`/fjdzapp/search`, and its script, or the portal file, says of which channel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.links import absolute, with_query
from crawler.platforms.page import Page, read_json
from crawler.platforms.rows import Row, parse_html, text_of

CHUNK = "75"  # rows a page of the POST search gives at most
SEARCH_URL = re.compile(r"[\"'](?P<url>[^\"'\s?]*/fjdzapp/search)\b")
TEMPLATE = re.compile(r"\bms-[\w-]+=[\"']\w+\.(?:chnldocurl|docpuburl)\b")  # a row that avalon would fill
COUNT = re.compile(r"\brecordCount\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)
SORT = "-docorderpri,-docreltime"
# What the entries call their fields, on one installation or another.
URL_KEYS = ("chnldocurl", "docpuburl", "DOCPUBURL", "puburl", "url")
TITLE_KEYS = ("doctitle", "DOCTITLE", "title")
DATE_KEYS = ("docreltime", "pubdate", "PUBDATE", "dates", "crtime", "docreldate")
PUBLISHER_KEYS = ("publisher", "PUBLISHER", "fwdw", "organ", "ORGAN")
INDEX_KEYS = ("indexid", "IdxID", "idxID", "IDXID", "idxid")


def _setting(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{name}[\"']?\s*[:=]\s*[\"']?(?P<value>[\w=\-]+)", re.IGNORECASE)


SETTINGS = {name: _setting(name) for name in ("channelid", "classsql", "chnlid")}


def is_answer(request: PageRequest, page: Page) -> bool:
    """True for a request whose answer is data. IGS answers some searches (`search.jhtml`) with a page."""
    path = urlsplit(request.url).path
    if "/igs/front/search" in path:
        return not (path.endswith(".jhtml") and page.text.lstrip("\ufeff \r\n\t").startswith("<"))
    return request.carry.get("kind") == "search" or "/govsearch/jsonp/" in path


def read_answer(page: Page, request: PageRequest) -> ListPage:
    """Rows, total and the next page. Raises LayoutUnknownError for what is no such answer."""
    try:
        answer = read_json(page.text)
        if request.carry.get("kind") == "search":
            return _search_page(answer, page, request)
        if "page" in answer:
            return _igs_page(answer["page"], page, request)
        return _jsonp_page(answer, page, request)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LayoutUnknownError(f"检索接口的回答读不懂 answer not understood: {error!r}") from None


def search_request(
    page: Page, request: PageRequest, options: Mapping[str, str], shown: int
) -> tuple[PageRequest | None, str | None]:
    """The POST search that goes on where a static first page ends; or words for why it cannot be asked.

    (None, None): the page shows no such search, or states no more rows than it shows.
    """
    url = SEARCH_URL.search(page.text)
    count = COUNT.search(page.text)
    hinted = url is not None or TEMPLATE.search(page.text) is not None
    if not (hinted or "channelid" in options) or (count is not None and int(count.group(1)) <= shown):
        return None, None
    given = {name: options.get(name) or _value(name, page.text) for name in SETTINGS}
    where = given["classsql"] or (f"chnlid={given['chnlid']}" if given["chnlid"] else None)
    if given["channelid"] is None or where is None:
        words = "后几页由检索接口给出，请在 options 中写明 channelid 与 chnlid"
        return None, f"{words} further pages come from a search: give its channelid and chnlid as options"
    target = options.get("search_url") or (url["url"] if url else "/fjdzapp/search")
    form = {
        "channelid": given["channelid"],
        "sortfield": SORT,
        "classsql": where,
        "page": "1",
        "prepage": CHUNK,
    }
    return (
        PageRequest(
            str(urljoin(page.url, target)),
            number=request.number + 1,
            method="POST",
            form=tuple(form.items()),
            headers=(("Referer", page.url), ("X-Requested-With", "XMLHttpRequest")),
            publisher=request.publisher,
            part=request.part,
            carry={"kind": "search", "page": "1"},
        ),
        None,
    )


def _value(name: str, text: str) -> str | None:
    found = SETTINGS[name].search(text)
    return found["value"] if found else None


def _search_page(answer: dict[str, Any], page: Page, request: PageRequest) -> ListPage:
    entries = answer.get("data", answer.get("docs"))
    rows = _rows(entries, page.url)
    total = _number(answer, "recordCount", "count", "total", "num", "totalCount")
    pages = _number(answer, "pageCount", "pages", "totalPages")
    here = int(request.carry["page"])
    size = int(dict(request.form)["prepage"])
    if total is not None:
        more = here * size < total
    else:
        more = here < pages if pages is not None else len(rows) >= size
    following = None
    if rows and more:
        form = tuple((key, str(here + 1) if key == "page" else value) for key, value in request.form)
        following = _turned(request, request.url, {"kind": "search", "page": str(here + 1)}, form)
    return ListPage(rows, following, total=total, says_empty=total == 0)


def _igs_page(data: dict[str, Any], page: Page, request: PageRequest) -> ListPage:
    """{"page": {"content": […], "total": N, "totalPages": n}}: `pageNumber` counts from 1."""
    rows = _rows(data["content"], page.url)
    total, pages = _number(data, "total", "totalElements"), _number(data, "totalPages")
    following = None
    if rows and (request.number < pages if pages is not None else total is not None and len(rows) < total):
        url = with_query(request.url, [("pageNumber", str(request.number + 1))])
        following = _turned(request, url, {})
    return ListPage(rows, following, total=total, pages=pages, says_empty=total == 0)


def _jsonp_page(answer: dict[str, Any], page: Page, request: PageRequest) -> ListPage:
    """result({"num":…, "nPage":…, "data":[{"title","puburl","tip":{…}}]}), 16 rows a page."""
    rows = _rows(answer["data"], page.url)
    total = int(answer["num"])
    size = int(request.carry.get("size") or 0) or max(1, len(answer["data"]))
    pages = -(-total // size)
    following = None
    if rows and request.number < pages:
        url = with_query(request.url, [("page", str(request.number + 1))])
        following = _turned(request, url, {"size": str(size)})
    return ListPage(rows, following, total=total, says_empty=total == 0)


def _turned(
    request: PageRequest, url: str, carry: Mapping[str, str], form: tuple[tuple[str, str], ...] = ()
) -> PageRequest:
    return PageRequest(
        url,
        number=request.number + 1,
        method=request.method,
        form=form,
        headers=request.headers,
        publisher=request.publisher,
        part=request.part,
        carry=carry,
    )


def _rows(entries: object, base: str) -> tuple[Row, ...]:
    if not isinstance(entries, list):
        raise TypeError(f"no list of entries: {entries!r:.60}")
    return tuple(row for entry in entries if (row := _row(entry, base)) is not None)


def _row(entry: dict[str, Any], base: str) -> Row | None:
    tip = entry.get("tip")
    known = {
        **entry,
        **{key: value for key, value in (tip if isinstance(tip, dict) else {}).items() if value},
    }
    url = absolute(base, str(_first(known, URL_KEYS) or ""))
    if url is None:
        return None
    title = text_of(parse_html(str(_first(known, TITLE_KEYS) or "")))  # matches are marked with tags
    day = _first(known, DATE_KEYS)
    publisher, index = _first(known, PUBLISHER_KEYS), _first(known, INDEX_KEYS)
    return Row(
        url=url,
        title=title,
        date=re.split(r"[T ]", str(day).strip())[0] if day else None,
        publisher=str(publisher).strip() if publisher else None,
        index_number=str(index).strip() if index else None,
    )


def _first(entry: Mapping[str, Any], keys: Sequence[str]) -> Any:  # noqa: ANN401 - JSON
    return next((entry[key] for key in keys if entry.get(key)), None)


def _number(answer: Mapping[str, Any], *keys: str) -> int | None:
    found = next((answer[key] for key in keys if str(answer.get(key, "")).strip().isdigit()), None)
    return int(found) if found is not None else None
