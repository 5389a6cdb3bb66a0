"""Pagers that a script prints: `createPageHTML` in its forms, `countPage`, rendered links (portals.md §4.2).

Static lists name their pages `index.html`, `index_1.html`, … (page 2 is `_1`: 0-based) or `list_2.shtml`
(page 2 is `_2`: 1-based). What the numbers in a call mean is told by where they stand; what they leave open,
by the links of the pager where it is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

CALL = re.compile(r"(?<!function )\bcreate\w*?Page\w*\s*\((?P<args>[^)]*)\)")
ARGUMENT = re.compile(r"""\s*(?:'(?P<s>[^']*)'|"(?P<d>[^"]*)"|(?P<n>-?\d+)|(?P<x>[^,]*))\s*(?:,|$)""")
COMMENTS = re.compile(r"<!--.*?-->|/\*.*?\*/|(?<![:\"'\w])//[^\r\n<]*", re.DOTALL)
HIDDEN_SCRIPT = re.compile(r"(<script\b[^>]*>)\s*<!--", re.IGNORECASE)  # from browsers that knew no scripts
VARIABLE = r"(?:var\s+)?(?<![\w.])%s\s*[:=]\s*['\"]?(\d+)"
PAGES = re.compile(
    VARIABLE % "(?:countPage|(?:m_n|_?n)?pageCount|totalPages?|page_count|maxPage)", re.IGNORECASE
)
CURRENT = re.compile(VARIABLE % "(?:currentPage|curPage|nCurrIndex)", re.IGNORECASE)
RECORDS = re.compile(
    VARIABLE % "(?:countnum|totalRecords?|(?:m_n)?recordCount|totalCount|totalSize)", re.IGNORECASE
)
SET_PAGE = re.compile(
    r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*['\"]?(\d+)['\"]?\s*,\s*['\"]?(\d+)", re.IGNORECASE
)
CONFIG_TOTAL = re.compile(
    r"pagination_script_config\s*(?:\.\s*total\s*=|=\s*\{[^}]*?\btotal['\"]?\s*:)\s*['\"]?(\d+)"
)
NUMBERED = re.compile(r"^(?P<stem>.+?)(?:_(?P<n>\d+))?\.(?P<ext>s?html?)$", re.IGNORECASE)
SCRIPTED_LINK = re.compile(r"[\"'](?:\./)?(?P<name>(?:index|list|common_list)_\d+\.s?html?)\b", re.IGNORECASE)
STEMS = {"index", "list", "common_list"}  # names that lists have even where a link's text says no number
SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script", re.DOTALL | re.IGNORECASE)
SCRIPTED_EXT = re.compile(r"\bindex[^;\r\n<>]{0,60}?\W(s?html?)\b", re.IGNORECASE)  # "index"+"_"+n+"."+"html"
NEXT = re.compile(r"下一?页|下一頁|后一?页|next", re.IGNORECASE)
LAST = re.compile(r"[尾末]页|最后一页|尾頁|last", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its address as it resolves, and its text without white space."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Pager:
    """What a list page says of its pages. `first` is the suffix of page 2: 1 (0-based) or 2 (1-based).

    `sure`: a rendered link names page 2, so `first` is no guess.
    """

    pages: int | None = None
    records: int | None = None
    stem: str | None = None
    ext: str | None = None
    first: int | None = None
    sure: bool = False


def read_pager(text: str, number: int, links: Sequence[Link], base: str) -> Pager | None:
    """The pager of page `number` (from 1) at `base`, None where the page has none."""
    script = COMMENTS.sub(" ", HIDDEN_SCRIPT.sub(r"\1", text))
    scripted = _from_call(script, number) or _from_variables(script)
    rendered = _from_links(links, base, number)
    if rendered is None and scripted is None:
        rendered = _from_links(
            [Link(_beside(base, name), "") for name in _scripted_names(script)], base, number
        )
    if scripted is None or rendered is None or number != 1:
        return scripted or rendered
    # The first page shows links to others: their names decide what the script's numbers leave open.
    return replace(
        scripted,
        first=rendered.first,
        stem=scripted.stem or rendered.stem,
        ext=scripted.ext or rendered.ext,
        sure=rendered.sure,
    )


def page_url(base: str, pager: Pager, number: int) -> str:
    """The address of page `number` of a static list; `base` is the list's own address."""
    parts = urlsplit(base)
    found = NUMBERED.match(parts.path.rpartition("/")[2])
    stem = pager.stem or (found["stem"] if found else "index")
    ext = pager.ext or (found["ext"] if found else "html")
    suffix = "" if number == 1 else f"_{number - 2 + (pager.first or 1)}"
    return _beside(base, f"{stem}{suffix}.{ext}")


def _beside(base: str, name: str) -> str:
    parts = urlsplit(base)
    head = parts.path.rpartition("/")[0]
    return urlunsplit(parts._replace(path=f"{head}/{name}", query="", fragment=""))


def _from_call(text: str, number: int) -> Pager | None:
    """(pages, cur, stem, ext) · (records, pages, cur, stem, ext) · (box, pages, cur, stem, ext, records)."""
    for call in CALL.finditer(text):
        given = [
            _argument(found) for found in ARGUMENT.finditer(call["args"]) if found.group().strip(" ,\r\n\t")
        ]
        leading_box = bool(given) and isinstance(given[0], str)
        numbers, names, after = _split(given[1:] if leading_box else given)
        if len(numbers) < 2:
            continue
        pages, current, records = _meaning(numbers)
        if records is None:
            records = next((n for n in after if n >= pages), None)
        # The box form counts from 1 (湖南, UCAP); elsewhere the first page's own number tells.
        one_based = leading_box if number != 1 else current == 1 if current in (0, 1) else leading_box
        stem, ext = (*names, None, None)[:2]
        return Pager(pages, records or None, stem or None, _extension(ext), 2 if one_based else 1)
    return None


def _meaning(numbers: Sequence[int]) -> tuple[int, int, int | None]:
    """(pages, current, records). Three numbers are records, pages, current, unless they cannot be."""
    if len(numbers) > 2:
        records, (pages, current) = numbers[0], numbers[-2:]
        if current <= pages <= records:
            return pages, current, records
    return numbers[0], numbers[1], None


def _argument(found: re.Match[str]) -> int | str:
    """A number, quoted or not; else a name."""
    if found["n"] is not None:
        return int(found["n"])
    given = next(found[name] for name in ("s", "d", "x") if found[name] is not None).strip()
    return int(given) if given.isascii() and given.isdigit() else given


def _extension(name: str | None) -> str | None:
    """Some calls give the extension with its dot; what is no extension is none."""
    plain = (name or "").lstrip(".")
    return plain if re.fullmatch(r"s?html?", plain, re.IGNORECASE) else None


def _split(arguments: Sequence[int | str]) -> tuple[list[int], list[str], list[int]]:
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
    extension = SCRIPTED_EXT.search(" ".join(SCRIPT.findall(text)))
    return Pager(
        pages=count,
        records=int(records.group(1)) if records else None,
        ext=extension.group(1) if extension else None,
        first=2 if one_based else None,
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """A link to a numbered page: its suffix, and the page that its text says it leads to."""

    stem: str
    ext: str
    suffix: int
    leads_to: int | None
    is_last: bool


def _from_links(links: Sequence[Link], base: str, number: int) -> Pager | None:
    """The rendered pager: the highest number among links such as index_3.html or wjk_glrb_34.html."""
    steps = list(_steps(links, base, number))
    told = {step.stem for step in steps if step.leads_to is not None or step.is_last}
    own = NUMBERED.match(urlsplit(base).path.rpartition("/")[2])
    known = told or STEMS | ({own["stem"]} if own else set())
    steps = [step for step in steps if step.stem in known]
    if not steps:
        return None
    firsts = {step.suffix - step.leads_to + 2 for step in steps if step.leads_to is not None}
    sure = len(firsts) == 1 and firsts <= {1, 2}
    # Without a text that says so: names from _1 on are 0-based (last + 1 pages), from _2 on 1-based (last).
    first = firsts.pop() if sure else 1 if min(step.suffix for step in steps) in (0, 1) else 2
    pages = max(step.suffix for step in steps) + 2 - first
    return Pager(pages, None, steps[0].stem, steps[0].ext, first, sure)


def _steps(links: Sequence[Link], base: str, number: int) -> Iterator[_Step]:
    folder = _beside(base, "")
    for link in links:
        head, _, name = link.url.partition("?")[0].rpartition("/")
        found = NUMBERED.match(name)
        if found is None or found["n"] is None or urlsplit(f"{head}/").path != urlsplit(folder).path:
            continue
        text = re.sub(r"[\s\[\]()（）|]+", "", link.text)
        leads_to = (
            int(text) if text.isascii() and text.isdigit() else number + 1 if NEXT.match(text) else None
        )
        yield _Step(found["stem"], found["ext"], int(found["n"]), leads_to, bool(LAST.match(text)))


def _scripted_names(text: str) -> list[str]:
    return [found["name"] for found in SCRIPTED_LINK.finditer(text)]
