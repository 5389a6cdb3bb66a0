"""Further records of a datastore list: `dataproxy.jsp` under its several paths, and TrueCMS `getMessage.do`.

What servers do differs (portals.md §4.1): most give the records from `startrecord` to `endrecord`; some obey
`page` only, which counts groups as large as the column page's own, from 0 or from 1; some cut `perpage`; some
name the list by encrypted ids and then answer deep pages with 54 bytes. So each request says both, what has
been seen is kept, an answer with nothing new is asked for once under the next number, and an answer without
records under the list's plain ids, then as the column page with `uid` and `pageNum`.
"""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.hanweb.store import TOTAL, Store, answered_store, islands, number, without_islands
from crawler.platforms.links import absolute, with_query, without_query
from crawler.platforms.page import Page
from crawler.platforms.rows import Row

AHEAD = 100  # records asked for at once: more than about 300 is cut short, 100 is safe (portals.md §4.1)
TRUECMS = 50  # 50 works, 100 is answered with nothing (portals.md §4.1 c)
PROXY = re.compile(
    r"[\"'](?P<url>[^\"'\s<>]*(?:dataproxy\.jsp|messageController/getMessage\.do)[^\"'\s<>]*)[\"']",
    re.IGNORECASE,
)
PARAMETERS = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "columnId",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)
PARAMETER = re.compile(
    r"(?<![\w.])[\"']?(?P<key>"
    + "|".join(PARAMETERS)
    + r")[\"']?\s*[:=]\s*[\"']?(?P<value>[^\"',}&\s;<>)]*)",
    re.ASCII,
)
PER_PAGE = re.compile(r"\bperPage[\"']?\s*[:=]\s*[\"']?(?P<n>\d+)", re.IGNORECASE)
UNIT = re.compile(r"\$\(\s*[\"']#(?P<id>\d+)[\"']\s*\)\s*\.jpage")
BOX = re.compile(
    r"<div\b[^>]*\bid\s*=\s*[\"']?(?P<id>\d+)[\"']?[^>]*>\s*(?:<script\b[^>]*>\s*)?$", re.IGNORECASE
)
ASKED = ("page", "startrecord", "endrecord", "perpage")
Reader = Callable[[Sequence[str], str], list[Row]]  # records and the address that they are relative to


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a datastore list was read, and where more of it is asked for. Carried from page to page."""

    base: str  # the column page: the records are put into it, so their links are relative to it
    url: str  # what is asked for more, without the parameters of paging
    others: tuple[str, ...] = ()  # where it can be asked for otherwise
    page: int = 2  # the group that comes next, for servers that obey `page` only
    chunk: int = 15  # records of a group
    ahead: int = AHEAD
    per: int = 0  # rows that a reader sees at a time; 0: not told
    total: int | None = None
    at: int = 0  # records received
    known: tuple[str, ...] = ()  # rows seen, by digest
    more: bool = False  # the server itself said that more follows
    retried: bool = False
    swept: bool = False

    @classmethod
    def load(cls, text: str) -> Walked:
        """Raises LayoutUnknownError for what is no such state."""
        try:
            data = json.loads(text)
            return cls(**{**data, "others": tuple(data["others"]), "known": tuple(data["known"])})
        except (ValueError, TypeError, KeyError) as error:
            raise LayoutUnknownError(f"翻页状态读不懂 state of paging not understood: {error!r}") from None

    @property
    def done(self) -> bool:
        return self.total is not None and (len(self.known) >= self.total or self.at >= self.total)

    def saw(self, rows: Sequence[Row]) -> Walked:
        """With these rows added; `at` moves on only if one of them is new."""
        seen = set(self.known)
        new = dict.fromkeys(d for row in rows if (d := _digest(row.url)) not in seen)
        return replace(self, known=(*self.known, *new), at=self.at + len(rows) if new else self.at)


def first_request(page: Page, main: Store, rows: Sequence[Row], request: PageRequest) -> PageRequest | None:
    """What a column page with a datastore leads to; None where it holds the whole list."""
    outside = without_islands(page.text)
    total = main.total if main.total is not None else number(TOTAL, outside)
    per = number(PER_PAGE, outside) or 0
    addresses = _addresses(page, main, outside)
    if not addresses:
        return None
    # A list that ends in the middle of a page that a reader sees is whole.
    if total is None and per and len(main.records) % per:
        return None
    truecms = "getMessage.do" in addresses[0]
    state = Walked(
        base=page.url,
        url=without_query(addresses[0], ASKED),
        others=tuple(addresses[1:]),
        page=_group(main.more) or 2,
        chunk=TRUECMS if truecms else max(1, min(len(main.records) or per or 15, AHEAD)),
        ahead=TRUECMS if truecms else AHEAD,
        per=per,
        total=total,
        more=main.more is not None,
    ).saw(rows)
    return None if state.done else _ask(state, request)


def column_named(text: str) -> str | None:
    """The column whose list a page's script asks for; None where it names none by number."""
    named = (pair["value"] for pair in PARAMETER.finditer(text) if pair["key"] == "columnid")
    return next((value for value in named if value.isdigit()), None)


def read_answer(page: Page, request: PageRequest, read: Reader) -> ListPage:
    """One answer. Raises LayoutUnknownError where it holds nothing that the list still owes."""
    state = Walked.load(request.carry.get("state", ""))
    store = _of_page(page.text, state, read) if _is_page(request.url) else answered_store(page.text)
    if store is None:
        raise LayoutUnknownError(f"dataproxy 没有返回记录 no records in {len(page.text)} characters")
    rows = read(store.records, state.base)
    state = replace(state, total=state.total if store.total is None else store.total)
    after = state.saw(rows)
    if not rows and not state.more and (state.total is None or state.done):
        return ListPage((), total=state.total, says_empty=True)
    if after.at == state.at:
        return _nothing_new(state, request, rows, len(page.text))
    after = replace(
        after,
        page=_group(store.more) or state.page + 1,
        more=store.more is not None,
        retried=False,
    )
    return ListPage(
        tuple(rows), _ask(after, request) if _goes_on(after, store, rows) else None, total=after.total
    )


def _goes_on(state: Walked, store: Store, rows: Sequence[Row]) -> bool:
    if state.total is not None:
        return not state.done
    if store.pages is not None:
        return state.page <= store.pages
    return state.more or len(rows) >= state.chunk


def _nothing_new(state: Walked, request: PageRequest, rows: Sequence[Row], size: int) -> ListPage:
    """No new record: the next group, the second group where it was passed over, another address."""
    if rows and not state.retried:
        return ListPage((), _ask(replace(state, page=state.page + 1, retried=True), request))
    if not state.swept and state.page > 2 and len(state.known) < (state.total or 0):
        return ListPage((), _ask(replace(state, page=1, swept=True, retried=True), request))
    words = f"dataproxy 没有返回新的记录 no new record in {size} characters"
    if request.fallback is not None or not rows:
        raise LayoutUnknownError(words)
    return ListPage(tuple(rows), total=state.total, unseen=words)


def _ask(state: Walked, request: PageRequest) -> PageRequest:
    """The request for what comes next; under another address where this one brings nothing."""
    other = None
    if state.others:
        moved = replace(state, url=state.others[0], others=state.others[1:], retried=False)
        other = _ask(moved, request)
    last = state.at + state.ahead
    if state.total is not None and state.ahead != TRUECMS:
        last = min(last, max(state.total, state.at + 1))
    asked = [
        ("page", str(state.page)),
        ("startrecord", str(state.at + 1)),
        ("endrecord", str(last)),
        ("perpage", str(state.chunk)),
    ]
    if state.ahead == TRUECMS:
        asked = [*asked[1:], ("callback", "cb")]
    if _is_page(state.url):
        asked = [("pageNum", str(state.at // (state.per or state.chunk) + 1))]
    return PageRequest(
        with_query(state.url, asked),
        number=request.number + 1,
        publisher=request.publisher,
        part=request.part,
        settled=request.settled,
        headers=(("Referer", state.base),),
        fallback=other,
        carry={"kind": "proxy", "state": json.dumps(asdict(state), ensure_ascii=False)},
    )


def _addresses(page: Page, main: Store, outside: str) -> list[str]:
    """Where more records can be asked for: as the list's own link says, with the script's ids, as a page."""
    told = {pair["key"]: pair["value"] for pair in PARAMETER.finditer(outside) if pair["value"]}
    unit = told.get("unitid") or _unit(page.text, main, outside)
    found = PROXY.search(outside)
    proxy = absolute(page.url, entities.unescape(found["url"])) if found else None
    beside = re.match(r"(?:\./)?[\w.]+\?", main.more or "") and proxy  # named beside the proxy itself
    linked = absolute(beside or page.url, main.more)
    addresses = [linked] if linked else []
    if bare := proxy or linked:
        ids = dict(parse_qsl(urlsplit(bare).query, keep_blank_values=True)) | told
        column = re.search(r"/col/col(\d+)/", page.url)
        if linked is not None or "columnid" not in ids:
            ids |= {"columnid": told.get("columnid") or (column.group(1) if column else "")}
        if unit:
            ids["unitid"] = unit
        if "getMessage.do" in bare:
            ids.pop("columnid", None)
        known = ids.get("columnid") or ids.get("columnId")
        address = with_query(bare, [(key, value) for key, value in ids.items() if value])
        if known and (linked is None or not _same(address, linked)):
            addresses.append(address)
    if unit and addresses and "getMessage.do" not in addresses[0]:
        addresses.append(with_query(page.url, [("uid", unit)]))
    return addresses


def _same(one: str, other: str) -> bool:
    """Whether two addresses name the same list: what else they say is of no account."""
    first, second = (dict(parse_qsl(urlsplit(url).query)) for url in (one, other))
    same_path = urlsplit(one).path == urlsplit(other).path
    return same_path and all(first.get(key) == second.get(key) for key in ("columnid", "unitid"))


def _unit(text: str, main: Store, outside: str) -> str | None:
    """The list's unit: the number of the box around its datastore."""
    found = BOX.search(text[max(0, main.at - 400) : main.at]) if main.at > 0 else None
    found = found or UNIT.search(outside)
    return found["id"] if found else None


def _of_page(text: str, state: Walked, read: Reader) -> Store | None:
    """The datastore of a column page that was asked for by number: the one with the most records not seen."""
    return max(islands(text), key=lambda s: len(state.saw(read(s.records, state.base)).known), default=None)


def _is_page(url: str) -> bool:
    return "uid=" in urlsplit(url).query and not PROXY.search(f'"{url}"')


def _group(url: str | None) -> int | None:
    """The number of the group that a `nextgroup` link leads to."""
    value = dict(parse_qsl(urlsplit(url or "").query)).get("page", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _digest(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:10]
