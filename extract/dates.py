"""Dates as printed → days; and the claims that a URL, a list row and a header make (statute.md §4.3).

A date is an interval: a day is one day wide, a month in a URL as wide as the month. Moments with a zone, and
epoch numbers, become the day in China, where every publisher sits. A form without a year is no date.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from archive.clock import SHANGHAI
from parser.document import DateClaim, DateKind

FIRST_YEAR, LAST_YEAR = 1990, 2100  # t19700101 and the like are no dates

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "○": 0,
    "零": 0,
    "Ｏ": 0,
    "O": 0,
    "О": 0,
    "0": 0,
}
_HAN_DATE = re.compile(
    r"([〇○零ＯO0一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_DAY = re.compile(r"(?<!\d)(\d{4})\s*(?:年|[-/.．－])\s*(\d{1,2})\s*(?:月|[-/.．－])\s*(\d{1,2})(?!\d)\s*日?")
# As programs print a moment: `Mon Jan 20 10:12:00 CST 2025`, `Jan 17, 2025 9:05:00 AM`, `17 Jan 2025`
_CAPITAL = re.compile("[JFMASOND][a-z]{2}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAME = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_ENGLISH = (
    re.compile(
        rf"\b{_NAME}\s+(?P<day>\d{{1,2}})\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s+(?:[A-Z]{{2,4}}\S*\s+)?(?P<year>\d{{4}})\b"
    ),
    re.compile(rf"\b{_NAME}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})[ -]{_NAME}[ -](?P<year>\d{{4}})\b"),
)
_MONTH = re.compile(r"(?<!\d)(\d{4})\s*(?:年\s*(\d{1,2})\s*月|[-/.](\d{1,2}))(?!\s*[-/.\d])")
_SOLID_DAY = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_EPOCH = re.compile(r"^\s*(?:/?Date\()?(\d{10}|\d{13})(?:[+-]\d{4})?(?:\)/?)?(?:\.\d+)?\s*$")
_ZONED = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}))")

_URL_DAY = (
    re.compile(r"/art/(\d{4})/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/t(\d{4})(\d{2})(\d{2})_\d"),
    re.compile(r"/(\d{4})[-/](\d{1,2})[-/](\d{1,2})/"),
    re.compile(r"/(\d{4})(\d{2})/(\d{1,2})/"),
    re.compile(r"/(\d{4})(\d{2})(\d{2})/"),
    re.compile(r"/(?:[a-zA-Z]+_|Detail/)(\d{4})(\d{2})(\d{2})(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\d*(?:\.|$)"),
)
_URL_MONTH = (re.compile(r"/(20\d{2})(\d{2})/"), re.compile(r"/(20\d{2})[-/](\d{2})/"))


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _han_number(text: str) -> int:
    tens, _, ones = text.rpartition("十") if "十" in text else ("0", "", text)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + _DIGITS.get(ones, 0)


def _moment(text: str) -> date | None:
    """The day in China of an epoch number or of a time with a zone."""
    if epoch := _EPOCH.match(text):
        seconds = int(epoch[1]) / (1000 if len(epoch[1]) == 13 else 1)
        return datetime.fromtimestamp(seconds, SHANGHAI).date()
    if zoned := _ZONED.search(text):
        try:
            return datetime.fromisoformat(zoned[1].replace(" ", "")).astimezone(SHANGHAI).date()
        except ValueError:
            return None
    return None


def parse_days(text: str) -> tuple[date, date] | None:
    """The first date in a printed value as an interval of days; None where it holds no dated day or month."""
    moment = _moment(text)
    if moment is not None:
        return moment, moment
    if han := _HAN_DATE.search(re.sub(r"\s", "", text)):
        year = int("".join(str(_DIGITS[c]) for c in han[1]))
        if found := _day(year, _han_number(han[2]), _han_number(han[3])):
            return found, found
    for pattern in (_DAY, _SOLID_DAY):
        for match in pattern.finditer(text):
            if found := _day(*match.groups()):
                return found, found
    if english := _english(text):
        return english, english
    month = _MONTH.search(text)
    return month_days(month[1], month[2] or month[3]) if month else None


def _english(text: str) -> date | None:
    for pattern in _ENGLISH if _CAPITAL.search(text) else ():
        if match := pattern.search(text):
            return _day(match["year"], _MONTHS.index(match["month"]) + 1, match["day"])
    return None


def month_days(year: str, month: str) -> tuple[date, date] | None:
    """First and last day of a month."""
    first = _day(year, month, 1)
    if first is None:
        return None
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def is_date_alone(text: str) -> bool:
    """Whether a paragraph is nothing but a date, as the last line of a signature is."""
    rest = _HAN_DATE.sub("", re.sub(r"\s", "", text))
    rest = re.sub(r"^\d{4}(?:年|[-/.])\d{1,2}(?:月|[-/.])\d{1,2}日?$", "", rest)
    return not rest and bool(text.strip())


def claim(kind: DateKind, raw: str, source: str, locator: str = "") -> DateClaim | None:
    """A claim of a printed value; None where it is no date."""
    days = parse_days(raw)
    return days and DateClaim(kind, *days, raw.strip(), source, locator)


def url_claims(url: str) -> list[DateClaim]:
    """The day in a URL, or else its month. Folder years (2020_504392, 2024n) are no dates."""
    path = re.sub(r"^[a-zA-Z]+://[^/]*", "", url).partition("?")[0].partition("#")[0]
    for pattern in _URL_DAY:
        for match in pattern.finditer(path):
            if found := _day(*match.groups()):
                return [DateClaim(DateKind.PUBLISHED, found, found, match.group().strip("/"), "url_day")]
    for pattern in _URL_MONTH:
        for match in pattern.finditer(path):
            if days := month_days(*match.groups()):
                return [DateClaim(DateKind.PUBLISHED, *days, match.group().strip("/"), "url_month")]
    return []


def header_claim(value: str) -> DateClaim | None:
    """HTTP Last-Modified."""
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    day = moment.astimezone(SHANGHAI).date()
    return DateClaim(DateKind.MODIFIED, day, day, value, "http_header")
