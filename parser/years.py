"""Which year a report reports on: what title, stated period and body say, and which of them is believed.

Body figures outrank the title: a title is often last year's, copied. Neither the day of publication nor a
list's hint is believed against the text; they only help where the text names no year.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from parser.document import Finding
from parser.findings import finding
from parser.report import Section

FIRST_YEAR = 2008
STRONG = 4  # weight of mentions in section one that no date outweighs
# Begun with a figure, since the search looks for that first; what must not stand before it is told behind it.
_YEAR = re.compile(r"(20(?<!\d20)\d{2})\s*年(?!\s*度?\s*(?:[—–\-~至到]\s*20\d{2}))")
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_TITLE_SURE = re.compile(r"(?<!\d)(20\d{2})\s*年?\s*度")
_DAY = re.compile(r"20\d{2}\s*(?:[-./]|年)\s*\d{1,2}\s*(?:[-./]|月)\s*\d{1,2}\s*日?")
_CHINESE_YEAR = re.compile(r"二[〇○零ＯO0][〇○零ＯO0一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans("〇○零ＯO一二三四五六七八九", "00000123456789")
_PERIOD = re.compile(
    r"(?P<from>20(?<!\d20)\d{2})\s*年\s*1\s*月\s*1\s*日\s*(?:起)?\s*(?:至|到|—+|-+|–|~|～)\s*(?:(?P<to>20\d{2})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
)
_ODD_PERIOD = re.compile(  # any days, where the words say that it is the statistical period
    r"(?:统计|数据)[^。；;\n]{0,8}(?:期限|期间|时段|截止)[^。；;\n\d]{0,6}(?P<from>20\d{2})\s*年\s*(?P<month_from>\d{1,2})\s*月\s*"
    r"(?P<day_from>\d{1,2})\s*日\s*(?:起)?\s*(?:至|到|—+|-+|–|~|～)\s*(?:(?P<to>20\d{2})\s*年\s*)?"
    r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
)
_QUOTED = re.compile(
    r"《[^》]{0,120}》|〔[^〕]{0,12}〕|\[20\d{2}\]|【[^】]{0,40}】|“[^”]{0,60}”|<[^>]{0,80}>"
)
_OPENS = re.compile(r"(?:^|[。；;！\n）)])\s*$")
_OUTLOOK = re.compile(
    r"(20(?<!\d20)\d{2})\s*年[^。；;\n]{0,20}?"
    r"(?:将(?!于|[^，,。；;\n]{0,20}(?:纳入|作为|列为|列入|融入|贯穿|分解))|拟将|打算)"
)
_HISTORY = re.compile(r"(?:自|从|于|在|至|到|截至|以来|比|较)$")
_UNTIL = re.compile(r"截[至止]$")
_FAR = re.compile(
    r"[^，,。；;]{0,8}(?:以来|修订|修正|施行|实施|颁布|印发|制定|出台|成立|起|前|底前|远景|建成|版|度?要点|国务院)"
)
_PAST = ("已", "了", "完成", "开展了")


@dataclass(frozen=True, slots=True)
class Years:
    """The year believed, and what each source says (None: nothing)."""

    year: int | None
    sources: dict[str, int | None]
    period: tuple[date, date] | None
    findings: tuple[Finding, ...]

    @property
    def from_title(self) -> int | None:
        return self.sources["from_title"]

    @property
    def from_body(self) -> int | None:
        return self.sources["from_body"]


def read_years(
    title: str | None,
    opening: str,
    sections: Sequence[Section],
    *,
    dates: Sequence[date],
    elsewhere: Mapping[str, int | None],
) -> Years:
    """`opening`: the text before the first section; `dates`: days of publication or signature, best first.

    `elsewhere`: what tables, list and address say (parser.year_sources), the most trusted first.
    """
    from_title = title_year(title) if title else None
    period = stated_period(opening) or stated_period("\n".join(section.text for section in sections[:1]))
    weights = _body_weights(opening, sections)
    from_body = _heaviest(weights, from_title)
    sources = {
        "from_title": from_title,
        "from_body": from_body,
        "from_stated_period": period[1].year if period else None,
        **elsewhere,
    }
    findings: list[Finding] = []
    dated = {day.year - 1 for day in dates} | {elsewhere.get(name) for name in ("from_table", "from_list")}
    year = _believed(sources, weights, dated)
    hint = next((told for told in elsewhere.values() if told is not None), None)
    if year is None and hint is not None:
        year = hint
        findings.append(finding("year_from_hint", year=hint))
    if year is None and dates:
        year = dates[0].year - 1
        findings.append(finding("year_from_date", year=year))
    return Years(year, sources, period, tuple(findings))


def title_year(title: str) -> int | None:
    """The year of a title: before 年度 if it names several; never that of a day printed beside it."""
    title = _DAY.sub(" ", _arabic(title))
    sure = [int(year) for year in _TITLE_SURE.findall(title)]
    every = [int(year) for year in _TITLE_YEAR.findall(title)]
    years = [year for year in (sure or every) if year >= FIRST_YEAR]
    return years[-1] if years else None


def stated_period(text: str) -> tuple[date, date] | None:
    """`自2024年1月1日起至2024年12月31日止` as (start, end); another first day if told so."""
    match = _PERIOD.search(text) or _ODD_PERIOD.search(text)
    if match is None:
        return None
    day = match.groupdict()
    start = int(match["from"])
    end = int(match["to"] or start)
    try:
        first = date(start, int(day.get("month_from") or 1), int(day.get("day_from") or 1))
        return first, date(end, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _arabic(text: str) -> str:
    return _CHINESE_YEAR.sub(lambda match: match.group().translate(_DIGITS).replace("二", "2"), text)


def _body_weights(opening: str, sections: Sequence[Section]) -> Counter[int]:
    """Mentions of each year in section one (else in all); the first word of a sentence counts double."""
    overall = next((section.text for section in sections if section.key == "overall" and section.text), None)
    text = overall if overall is not None else "\n".join(section.text for section in sections)
    weights = _weigh(text)
    if not weights:
        weights = _weigh(opening)
    return weights


def _weigh(text: str) -> Counter[int]:
    text = _QUOTED.sub("《》", _arabic(text))
    weights: Counter[int] = Counter()
    for match in _YEAR.finditer(text):
        year = int(match[1])
        if year >= FIRST_YEAR:
            weights[year] += 2 if _OPENS.search(text[max(0, match.start() - 3) : match.start()]) else 1
    return weights


def _heaviest(weights: Counter[int], preferred: int | None) -> int | None:
    if not weights:
        return None
    top = max(weights.values())
    best = [year for year, weight in weights.items() if weight == top]
    return preferred if preferred in best else max(best)


def _believed(
    sources: dict[str, int | None], weights: Counter[int], dated: AbstractSet[int | None]
) -> int | None:
    """`dated`: years that dates and hints speak for; they settle a close quarrel of title and body."""
    title, body, period = sources["from_title"], sources["from_body"], sources["from_stated_period"]
    if title is None:
        if period is not None and body is not None and weights[period] * 2 < weights[body]:
            return body
        return period or body
    if body is None:
        return period or title
    if body == title:
        return title
    if period is not None:
        return period if period in (title, body) else body
    return _quarrel(title, body, weights, dated)


def _quarrel(title: int, body: int, weights: Counter[int], dated: AbstractSet[int | None]) -> int:
    if weights[body] >= STRONG and weights[body] >= 3 * weights[title]:
        return body
    if (title in dated) != (body in dated):
        return title if title in dated else body
    return body if weights[body] >= 2 and weights[body] * 2 > weights[title] * 3 else title


def outlook_years(text: str) -> list[tuple[int, str]]:
    """Years of which the text says that something will be done, with the sentence."""
    found = []
    for match in _OUTLOOK.finditer(_QUOTED.sub("《》", text)):
        sentence = match.string[match.start() : match.end() + 24].split("。")[0]
        if not any(word in match.group() for word in _PAST):
            found.append((int(match[1]), sentence))
    return found


def stray_years(text: str, year: int) -> list[tuple[int, str]]:
    """Years that the running text names, with the words around; laws, plans and histories left out.

    `year`: the report's own. What is counted up to a year after the next is no history: 截至2087年底.
    """
    found = []
    plain = _QUOTED.sub("《》", text)
    for match in _YEAR.finditer(plain):
        behind = plain[match.end() : match.end() + 10]
        before = plain[max(0, match.start() - 6) : match.start()]
        history = _HISTORY.search(before) or _FAR.match(behind)
        if history and not (_UNTIL.search(before) and int(match[1]) > year + 1):
            continue
        found.append((int(match[1]), plain[max(0, match.start() - 10) : match.end() + 20].replace("\n", "")))
    return found
