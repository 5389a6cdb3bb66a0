"""Pagers that a script prints: `createPageHTML` in its forms, `countPage`, rendered links (portals.md §4.2).

Static lists name their pages `index.html`, `index_1.html`, … (page 2 is `_1`: 0-based) or `list_2.shtml`
(page 2 is `_2`: 1-based). What the numbers in a call mean is told by where they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

CALL = re.compile(r"(?<!function )create(?:Static)?PageHTML\s*\((?P<args>[^)]*)\)")
ARGUMENT = re.compile(r"""\s*(?:'(?P<s>[^']*)'|"(?P<d>[^"]*)"|(?P<n>-?\d+)|(?P<x>[^,]*))\s*(?:,|$)""")
VARIABLE = r"(?:var\s+)?(?<![\w.])%s\s*[:=]\s*['\"]?(\d+)"
PAGES = re.compile(
    VARIABLE % "(?:countPage|pageCount|totalPage|totalPages|page_count|maxPage)", re.IGNORECASE
)
CURRENT = re.compile(VARIABLE % "(?:currentPage|curPage|nCurrIndex)", re.IGNORECASE)
RECORDS = re.compile(
    VARIABLE % "(?:countnum|totalRecord|totalRecords|recordCount|m_nRecordCount|totalCount)", re.IGNORECASE
)
SET_PAGE = re.compile(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(\d+)\s*,\s*(\d+)")
CONFIG_TOTAL = re.compile(r"pagination_script_config\.total\s*=\s*['\"]?(\d+)")
NUMBERED = re.compile(r"^(?P<stem>.+?)(?:_(?P<n>\d+))?\.(?P<ext>s?html?)$")


@dataclass(frozen=True, slots=True)
class Pager:
    """What a list page says of its pages. `first` is the suffix of page 2: 1 (0-based) or 2 (1-based)."""

    pages: int | None = None
    records: int | None = None
    stem: str | None = None
    ext: str | None = None
    first: int | None = None


def read_pager(text: str, number: int, links: list[str]) -> Pager | None:
    """The pager of page `number` (from 1), None where the page has none. `links` are the page's hrefs."""
    scripted = _from_call(text, number) or _from_variables(text)
    rendered = _from_links(links)
    if scripted is None or rendered is None or number != 1:
        return scripted or rendered
    # The first page shows a link to the second: its name decides what the script's numbers leave open.
    return replace(
        scripted, first=rendered.first, stem=scripted.stem or rendered.stem, ext=scripted.ext or rendered.ext
    )


def page_url(base: str, pager: Pager, number: int) -> str:
    """The address of page `number` of a static list; `base` is the list's own address."""
    parts = urlsplit(base)
    head, _, name = parts.path.rpartition("/")
    found = NUMBERED.match(name)
    stem = pager.stem or (found["stem"] if found else "index")
    ext = pager.ext or (found["ext"] if found else "html")
    suffix = "" if number == 1 else f"_{number - 2 + (pager.first or 1)}"
    return urlunsplit(parts._replace(path=f"{head}/{stem}{suffix}.{ext}", query="", fragment=""))


def _from_call(text: str, number: int) -> Pager | None:
    """(pages, cur, stem, ext) · (records, pages, cur, stem, ext) · (box, pages, cur, stem, ext, records)."""
    for call in CALL.finditer(text):
        kinds = [_argument(found) for found in ARGUMENT.finditer(call["args"]) if found.group().strip(" ,")]
        leading_box = bool(kinds) and isinstance(kinds[0], str)
        rest = kinds[1:] if leading_box else kinds
        numbers, names, after = _split(rest)
        if len(numbers) < 2:
            continue
        pages, current = numbers[-2:]
        records = numbers[0] if len(numbers) > 2 else next((n for n in after if n >= pages), None)
        # The box form counts from 1 (湖南, UCAP); elsewhere the first page's own number tells.
        one_based = leading_box if number != 1 else current == 1 if current in (0, 1) else leading_box
        stem, ext = (*names, None, None)[:2]
        return Pager(pages, records or None, stem or None, ext or None, 2 if one_based else 1)
    return None


def _argument(found: re.Match[str]) -> int | str:
    if found["n"] is not None:
        return int(found["n"])
    return (
        found["s"] if found["s"] is not None else found["d"] if found["d"] is not None else found["x"].strip()
    )


def _split(arguments: list[int | str]) -> tuple[list[int], list[str], list[int]]:
    """Numbers before the first name, names, numbers after it."""
    before: list[int] = []
    names: list[str] = []
    after: list[int] = []
    for argument in arguments:
        if isinstance(argument, str):
            names.append(argument)
        elif names:
            after.append(argument)
        else:
            before.append(argument)
    return before, names, after


def _from_variables(text: str) -> Pager | None:
    pages = PAGES.search(text)
    records = RECORDS.search(text)
    current = CURRENT.search(text)
    set_page = SET_PAGE.search(text)
    config = CONFIG_TOTAL.search(text)
    if pages is None and set_page is None and config is None:
        return None
    count = int(pages.group(1)) if pages else int(set_page.group(2)) if set_page else None
    if count is None and config is not None:
        count = int(config.group(1))
    one_based = current is not None and current.group(1) == "1" and "index_1" not in text
    return Pager(count, int(records.group(1)) if records else None, first=2 if one_based else None)


def _from_links(links: list[str]) -> Pager | None:
    """The rendered pager: the highest number among links such as index_3.html."""
    best: Pager | None = None
    for link in links:
        found = NUMBERED.match(link.partition("?")[0].partition("#")[0].rpartition("/")[2])
        if found is None or found["n"] is None or found["stem"] not in {"index", "list", "common_list"}:
            continue
        last = int(found["n"])
        lowest = last if best is None or best.first is None else min(best.first, last)
        highest = last if best is None or best.pages is None else max(best.pages, last)
        best = Pager(highest, None, found["stem"], found["ext"], lowest)
    if best is None or best.pages is None:
        return None
    # Names from _1 on are 0-based (last + 1 pages), from _2 on 1-based (last pages).
    first = 1 if best.first in (0, 1) else 2
    return Pager(best.pages + (1 if first == 1 else 0), None, best.stem, best.ext, first)
