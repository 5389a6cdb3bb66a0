"""Where else a year stands: in the tables, in the list that led here, in a folder of the address.

Whatever disagrees with the year believed is told, never silently resolved. A folder may be named after the
year of publication, so that Y+1 there is no disagreement.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from parser.document import Block, Document, Finding, Grid
from parser.findings import finding
from parser.report import FormatVersion
from parser.years import title_year

_QUERY = re.compile(r"[?&](?:timeframe|fbtime|nbyear|year|niandu|nd)=(20[0-3]\d)(?!\d)", re.IGNORECASE)
_PATH = re.compile(r"/year/\d+/(20[0-3]\d)\.", re.IGNORECASE)
# 2024n, nb2024bm, 2025bmzjxxgknb, 2020_504392; a bare 2025 is as often the year of publication
_FOLDER = re.compile(
    r"/(?:[a-z]+(20[0-3]\d)(?!\d)[a-z_]*|(20[0-3]\d)(?:[a-z][a-z0-9_]*|_\d+))(?=/)", re.IGNORECASE
)
_TABLE_YEAR = re.compile(r"(?<![\d〔\[])(20[0-3]\d)\s*年")
_WORDS = {
    "from_title": "标题",
    "from_body": "正文",
    "from_stated_period": "统计期限",
    "from_table": "表格",
    "from_list": "栏目列表",
    "from_folder": "网址目录",
}
_TOLD_BY_CHECKS = frozenset({"from_title", "from_stated_period"})  # Y1, Y4
_WEAK = frozenset({"from_body", "from_folder"})  # a body compares years, a folder may be reused
HEAD_ROWS = 3
MAX_HEAD = 60
FIRST_OF_V2021, LAST_OF_V2019 = 2021, 2020


def years_elsewhere(document: Document, hint: int | None) -> dict[str, int | None]:
    """The years of the tables' heads, the list (`hint`, where it was told apart) and the address."""
    source = document.source
    listed = title_year(source.list_title) if source.list_title else None
    return {
        "from_table": table_year(document.blocks),
        "from_list": hint if hint is not None else listed,
        "from_folder": folder_year(source.url),
    }


def folder_year(url: str | None) -> int | None:
    """The year that an address names as a year of reports; None where it names none."""
    if url is None:
        return None
    if asked := _QUERY.search(url) or _PATH.search(url):
        return int(asked[1])
    folders = [int(a or b) for a, b in _FOLDER.findall(url.partition("?")[0])]
    return folders[-1] if folders else None


def table_year(blocks: Sequence[Block]) -> int | None:
    """The year in the heads of the tables, where they name one alone."""
    told: Counter[int] = Counter()
    for block in blocks:
        if isinstance(block, Grid):
            heads = [c.plain for c in block.cells if c.row < HEAD_ROWS and len(c.plain) <= MAX_HEAD]
            told.update(int(year) for text in heads for year in _TABLE_YEAR.findall(text))
    return next(iter(told)) if len(told) == 1 else None


def disagreement(sources: Mapping[str, int | None], year: int | None, *, checked: bool) -> list[Finding]:
    """What says another year than the one believed; `checked`: Y1 and Y4 tell of title and period."""
    if year is None:
        return []
    against = {
        name
        for name, told in sources.items()
        if told is not None and told != year and not (name == "from_folder" and told == year + 1)
    }
    against -= _TOLD_BY_CHECKS if checked else frozenset()
    if not against:
        return []
    raw = "，".join(f"{_WORDS[name]}{told}年" for name, told in sources.items() if told is not None)
    return [finding("year_elsewhere" if against <= _WEAK else "years_disagree", raw=raw, year=year)]


def format_disagrees(version: FormatVersion | None, year: int | None) -> list[Finding]:
    """Tables of a format that was not in use for the year believed (statute.md §2)."""
    early = version == FormatVersion.V2021 and year is not None and year < FIRST_OF_V2021
    late = version == FormatVersion.V2019 and year is not None and year > LAST_OF_V2019
    if not (early or late):
        return []
    told = "2021年" if early else "2019年"
    return [finding("format_year", raw=told, year=year)]
