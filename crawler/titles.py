"""What a list row's title says: an annual report, something else by name, or unknown; and of which year.

The words are data (data/titles.yml). Reading the page itself is extract's work; here it is only decided what
is asked for, and every row that is not carries its reason into the walk record (design rule 4).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

# The date in a detail URL, as the families write it (portals.md §3.4, §4). Folder years are not dates.
URL_DAY = (
    re.compile(r"/art/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/"),
    re.compile(r"/t(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)_\d+"),
    re.compile(r"/(?P<y>20\d\d)-(?P<m>\d\d)/(?P<d>\d\d)/"),
    re.compile(r"/(?:doc|cols)/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/"),
)
URL_MONTH = (re.compile(r"/(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])/"), re.compile(r"/art/(?P<y>20\d\d)/art_"))
PRINTED_DAY = re.compile(
    r"(?<!\d)(?P<y>20\d\d|19\d\d)\s*[-/.年]\s*(?P<m>1[0-2]|0?[1-9])\s*[-/.月]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)(?:\s*日)?"
)


CUT = re.compile(r"(?:…|\.{2,}|·{3,}|。{3,})\s*$")  # how lists end a title that is too long for them


class TitleKind(StrEnum):
    """How sure a title is."""

    REPORT = "report"
    OTHER = "other"  # named as something else
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TitleReading:
    """`code` names the rule for OTHER; `hinted` is true for an UNKNOWN title that may well be a report's."""

    kind: TitleKind
    code: str | None = None
    year: int | None = None
    hinted: bool = False
    cut: bool = False  # hinted, and its end is cut off: what it is called stands where it cannot be read


class _Other(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    meaning: str
    pattern: re.Pattern[str]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    not_a_report: tuple[_Other, ...]
    report: tuple[re.Pattern[str], ...]
    hints: tuple[re.Pattern[str], ...]
    variants: Mapping[str, str]
    digits: Mapping[str, str]


@cache
def _table() -> _Table:
    path = Path(__file__).parent / "data" / "titles.yml"
    return _Table.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def read_title(title: str) -> TitleReading:
    """Judge one title. An empty title is UNKNOWN and not hinted."""
    plain = normal_title(title)
    year = title_year(plain)
    for other in _table().not_a_report:
        if other.pattern.search(plain):
            return TitleReading(TitleKind.OTHER, code=other.code, year=year)
    if any(pattern.search(plain) for pattern in _table().report):
        return TitleReading(TitleKind.REPORT, year=year, hinted=True)
    hinted = bool(plain) and (year is not None or any(hint.search(plain) for hint in _table().hints))
    return TitleReading(TitleKind.UNKNOWN, year=year, hinted=hinted, cut=hinted and bool(CUT.search(title)))


def normal_title(title: str) -> str:
    """The form in which titles are matched: NFKC, simplified where the table knows it, nothing invisible."""
    plain = unicodedata.normalize("NFKC", title)
    plain = re.sub(r"\([a-z\u00c0-\u024f ]+\)", "", plain.lower())  # a gloss such as 報(bào)
    plain = "".join(_table().variants.get(char, char) for char in plain)
    return re.sub(r"[\s\u200b\ufeff“”\"'《》〈〉「」\[\]【】·•…]+", "", plain)


def title_year(title: str) -> int | None:
    """The year that a title names: one before 年, else a bare one. 二〇二四年 is read too."""
    plain = re.sub(
        r"[〇零○一二三四五六七八九]{4}(?=年)",
        lambda found: "".join(_table().digits[char] for char in found.group()),
        unicodedata.normalize("NFKC", title),
    )
    years = re.findall(r"(?<!\d)(20[0-4]\d)\s*年", plain) or re.findall(r"(?<!\d)(20[0-4]\d)(?!\d)", plain)
    return int(years[0]) if years else None


def printed_day(text: str) -> str | None:
    """The first full date in a text, exactly as printed."""
    found = PRINTED_DAY.search(text)
    return found.group() if found else None


def published_year(printed: str | None, url: str) -> int | None:
    """The year in which a row says it was published: its printed date, else the date in its URL."""
    found = PRINTED_DAY.search(printed or "")
    if found is None:
        found = next((m for pattern in (*URL_DAY, *URL_MONTH) if (m := pattern.search(url))), None)
    return int(found["y"]) if found else None


def is_outside(years: frozenset[int], title: str, printed: str | None, url: str) -> bool:
    """True if a row is surely of another report year: title year and publication year − 1 lie outside.

    A row that lacks either is never outside (design.md §5). `years` empty: nothing is outside.
    """
    named, published = title_year(title), published_year(printed, url)
    if not years or named is None or published is None:
        return False
    return named not in years and published - 1 not in years
