"""What the sample portals publish, when, and what an audit must say of it: the truth, as data.

Worked out by hand from practice.md and statute.md §4; nothing here asks the product. Every publisher but the
five of the seeds is invented (示例…), every generated figure too. Host names end in `.test`.

The story: three crawl days (DAYS); a report is served from the day it is published (`Report.first_served`),
one is replaced between the first and the second day. The audit judges 2026-02-03, the day after the working
day that follows 31 January 2026 (a Saturday); statuses in EXPECTED hold after all three days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tests.portals.bodies import (
    BY_CODE,
    COLUMNS,
    COUNTIES,
    GOV,
    HOSTS,
    PUBLISHERS,
    Column,
    Publisher,
    column,
    government,
)
from tests.portals.entries import Notice, Report
from tests.portals.notices import lookalikes, news, non_reports

__all__ = [
    "AS_OF",
    "CASES",
    "COLUMNS",
    "COUNTIES",
    "DAYS",
    "EXPECTED",
    "HOSTS",
    "LATER_CASES",
    "LATER_DAY",
    "LATER_NOTICES",
    "LATER_REPORTS",
    "NEWS_PER_PORTAL",
    "NOTICES",
    "PUBLISHERS",
    "REPORTS",
    "Column",
    "Expected",
    "Notice",
    "Publisher",
    "Report",
    "column",
    "government",
]

DAYS = (date(2026, 1, 28), date(2026, 2, 3), date(2026, 2, 6))
AS_OF = date(2026, 2, 3)


def _r(code: str, year: int, day: str, case: str = "plain", **more: object) -> Report:
    return Report(code, year, date.fromisoformat(day), case, **more)  # type: ignore[arg-type]


_D = date.fromisoformat
CASES = {
    "plain": "as it should be",
    "office_as_publisher": "a government's report that names its office as 发布机构 (practice.md §1.5)",
    "late_9_days": "a department's report nine days after 31 January",
    "late_by_practice": "a township's report in March",
    "on_time_next_workday": "published on the working day after a due day that is none",
    "replaced": "other numbers under the same address between the first two crawl days",
    "wrong_sum": "one row total that is not the sum of its row",
    "date_disputed": "list and page name days on both sides of the due day",
    "title_other_year": "the title names another year than body and tables",
    "undated": "no date in list, page or address",
    "after_as_of": "published after the day judged; one look before it, so absence is unconfirmed",
}
_PLAIN = (
    _r("330681-S00", 2023, "2024-03-28"),
    _r("330681-S00", 2024, "2025-03-20", "office_as_publisher", page_publisher="示例甲市人民政府办公室"),
    _r("330681-S01", 2018, "2019-03-15"),
    _r("330681-S01", 2019, "2020-01-20", signed=_D("2020-01-17")),
    _r("330681-S01", 2020, "2021-01-25"),
    _r("330681-S02", 2023, "2024-01-19"),
    _r("330681-S02", 2024, "2025-02-09", "late_9_days"),
    _r("330681-S02", 2025, "2026-02-02", "on_time_next_workday"),
    _r("330681-S03", 2021, "2022-01-21"),
    _r("330681-S03", 2022, "2023-01-18", signed=_D("2023-01-16")),
    _r("330681-S04", 2024, "2025-03-12", "late_by_practice"),
    _r("330681-S05", 2025, "2026-01-15", "replaced", replaced_on=_D("2026-01-30")),
    _r(
        "330681001",
        2023,
        "2024-01-26",
        "seed",
        seed="001",
        page_publisher="暨阳街道",
        index_number="001008006002065/2024-154563",
        printed_title="2023年暨阳街道办事处政府信息公开工作年度报告",
    ),
    _r("360982-S00", 2024, "2025-03-25"),
    _r("360982-S01", 2018, "2019-03-20"),
    _r("360982-S01", 2019, "2020-01-17"),
    _r("360982-S02", 2022, "2023-01-16"),
    _r("360982-S02", 2023, "2024-01-22", "wrong_sum", fails=("A2.total", "A3.denied_third_party")),
    _r("360982-S02", 2024, "2025-01-24"),
    _r("360982-S03", 2020, "2021-01-20"),
    _r("360982-S03", 2021, "2022-01-24", signed=_D("2022-01-20")),
    _r("360982-S04", 2024, "2025-01-15"),
    _r("360982-S04", 2025, "2026-01-22"),
    _r(
        "360982202",
        2024,
        "2025-01-20",
        "seed",
        seed="000",
        printed_title="洋湖乡2024年政府信息公开工作年度报告",
    ),
    _r("341721-S00", 2024, "2025-03-18"),
    _r("341721-S01", 2019, "2020-01-16"),
    _r("341721-S01", 2020, "2021-01-28"),
    _r("341721-S02", 2023, "2024-01-25"),
    _r(
        "341721-S02",
        2024,
        "2025-01-24",
        "date_disputed",
        page_day=_D("2025-01-24"),
        list_day=_D("2025-02-12"),
    ),
    _r("341721-S02", 2025, "2026-01-26"),
    _r("341721-S03", 2018, "2019-03-11"),
    _r("341721-S04", 2021, "2022-01-20"),
    _r("341721-S04", 2022, "2023-01-12", signed=_D("2023-01-10")),
    _r("341721-S04", 2023, "2024-01-17"),
    _r(
        "341721-S04",
        2024,
        "2025-01-21",
        "title_other_year",
        printed_title="示例六乡2023年政府信息公开工作年度报告",
    ),
    _r(
        "341721102",
        2020,
        "2021-01-15",
        "seed",
        seed="002",
        printed_title="大渡口镇2020年政府信息公开工作年度报告",
    ),
    _r("652301-S00", 2024, "2025-03-27"),
    _r("652301-S01", 2022, "2023-01-19"),
    _r("652301-S01", 2023, "2024-01-18", "undated", dated=False),
    _r("652301-S02", 2024, "2025-01-13"),
    _r("652301-S02", 2025, "2026-01-27"),
    _r("652301-S03", 2018, "2019-03-05"),
    _r("652301-S03", 2019, "2020-01-14"),
    _r("652301-S03", 2020, "2021-01-22"),
    _r("652301-S04", 2021, "2022-01-26"),
    _r("652301-S04", 2022, "2023-01-10"),
    _r("652301-S05", 2025, "2026-02-05", "after_as_of"),
    _r(
        "652301202",
        2025,
        "2026-01-20",
        "seed",
        seed="003",
        printed_title="昌吉市阿什里乡2025年政府信息公开工作年度报告",
    ),
    _r("130623-S00", 2023, "2024-03-22"),
    _r("130623-S00", 2024, "2025-03-14"),
    _r("130623-S01", 2018, "2019-03-25"),
    _r("130623-S01", 2019, "2020-01-19"),
    _r("130623-S02", 2025, "2026-01-28"),
    _r("130623-S03", 2020, "2021-01-15"),
    _r("130623-S03", 2021, "2022-01-17"),
    _r("130623-S03", 2022, "2023-01-20"),
    _r("130623-S04", 2024, "2025-01-22"),
    _r("130623-S04", 2025, "2026-01-23"),
    _r(
        "130623100",
        2024,
        "2025-01-16",
        "seed",
        seed="004",
        media="pdf",
        printed_title="涞水镇2023年政府信息公开工作年度报告",
    ),
)


def _numbered(plain: tuple[Report, ...], first: int = 0) -> tuple[Report, ...]:
    """The reports with their running numbers and index numbers, which follow from their order."""
    numbered = []
    for place, report in enumerate(plain, first):
        serial = {
            "zhuji": 3_100_000,
            "zhangshu": 700,
            "dongzhi": 4_000,
            "changji": 951_000,
            "laishui": 86_000,
        }
        given = {"serial": serial[report.portal] + 37 * place + 11}
        if not report.seed:
            given |= _index_number(report, place)
        numbered.append(replace(report, **given))
    return tuple(numbered)


def _index_number(report: Report, place: int) -> dict[str, str]:
    """An index number in the portal's own form (portals.md §6.3), on the page or in list data only."""
    published = report.day.year
    if report.portal == "zhuji":  # a tree code and a six-digit serial, as in seed 001
        return {"index_number": f"0010080060029{report.code[-2:]}/{published}-{154_600 + 7 * place}"}
    if report.portal == "zhangshu":  # one prefix for the whole site, told by the JSON list alone
        return {"list_index_number": f"014599990/{published}-{300 + 7 * place:05}"}
    if report.portal == "changji":  # a local code
        return {"index_number": f"sl{report.code[-2:]}/{published}-{1 + place:05}"}
    if report.portal == "laishui":  # the default prefix, which fails its check digit (§6.4)
        return {"index_number": f"000014348/{published}-{400 + 7 * place:05}"}
    return {}


REPORTS = _numbered(_PLAIN)


def silent(portal: str) -> Publisher:
    """A body without a report of 2025 on the day judged, where there is one: its other papers exist."""
    reporting = {(r.code, r.year) for r in REPORTS if r.day <= AS_OF}
    bodies = [p for p in PUBLISHERS if p.portal == portal and p.kind != GOV and 2025 in p.years]
    return next((p for p in bodies if (p.code, 2025) not in reporting), bodies[-1])


NEWS_PER_PORTAL = 92


def _notices() -> tuple[Notice, ...]:
    made = []
    for portal in HOSTS:
        bodies = [p for p in PUBLISHERS if p.portal == portal and not p.seed and p.kind != GOV]
        main = column(portal, "nb")
        start = {
            "zhuji": 3_300_000,
            "zhangshu": 5_000,
            "dongzhi": 9_000,
            "changji": 970_000,
            "laishui": 99_000,
        }
        for place, (kind, title, day, lines) in enumerate(
            non_reports(government(portal), bodies, silent(portal))
        ):
            made.append(
                Notice(
                    portal,
                    main,
                    start[portal] + place * 13,
                    title,
                    day,
                    kind,
                    f"{government(portal).short}办公室",
                    lines,
                )
            )
        for place in range(NEWS_PER_PORTAL):
            title, day, lines = news(portal, place)
            made.append(
                Notice(
                    portal,
                    column(portal, "news"),
                    start[portal] + 2_000 + place * 3,
                    title,
                    day,
                    "news",
                    COUNTIES[portal][1],
                    lines,
                )
            )
    return tuple(made)


NOTICES = _notices()

# --- After the story: harder things, published when it is over, so that its numbers stay as they are -----

LATER_DAY = date(2026, 2, 24)
LATER_CASES = {
    "blank_cells": "cells left blank, or with a stroke: null, never 0",
    "docx_attachment": "the page holds nothing but a Word file",
    "download_without_extension": "a Word file behind an address that does not say so",
    "moved": "the list's address answers 302 to a new one",
}
LATER_REPORTS = _numbered(
    (
        _r("330681-S00", 2025, "2026-02-12", "moved", moved=True),
        _r("341721-S00", 2025, "2026-02-13", "blank_cells"),
        _r("130623-S00", 2025, "2026-02-14", "docx_attachment", media="docx"),
        _r("652301-S00", 2025, "2026-02-16", "download_without_extension", media="docx"),
    ),
    first=100,
)


def _lookalikes() -> tuple[Notice, ...]:
    """Titled as reports, and none: only the page can tell (practice.md §2)."""
    made = []
    for place, portal in enumerate(("zhuji", "dongzhi", "laishui")):
        where = government(portal)
        body = next(BY_CODE[r.code] for r in REPORTS if r.portal == portal and r.year == 2025 and not r.seed)
        for step, (kind, title, day, lines) in enumerate(lookalikes(where, body)):
            serial = {"zhuji": 3_400_000, "dongzhi": 9_900, "laishui": 99_800}[portal] + 17 * step + place
            text = f"{where.short}办公室"
            made.append(Notice(portal, column(portal, "nb"), serial, title, day, kind, text, lines))
    return tuple(made)


LATER_NOTICES = _lookalikes()


@dataclass(frozen=True)
class Expected:
    """The three axes of practice.md §1.1 for one publisher and report year; None where an axis is silent."""

    presence: str
    timeliness: str | None = None
    content: str | None = None
    days_late: int | None = None


_HELD = Expected("held", "on_time", "complete")
_DIFFERENT = {
    ("330681-S00", 2025): Expected("not_yet_due"),
    ("330681-S02", 2024): Expected("held", "late", "complete", days_late=9),
    ("330681-S02", 2025): Expected("held", "on_time_next_workday", "complete"),
    ("330681-S04", 2024): Expected("held", "late_by_practice", "complete", days_late=40),
    ("330681-S04", 2025): Expected("missing"),
    ("330681-S05", 2025): Expected("held", "on_time", "replaced"),
    ("360982-S00", 2025): Expected("not_yet_due"),
    ("360982-S05", 2025): Expected("missing"),
    ("341721-S00", 2025): Expected("not_yet_due"),
    ("341721-S02", 2024): Expected("held", "date_disputed", "complete"),
    ("652301-S00", 2025): Expected("not_yet_due"),
    ("652301-S01", 2023): Expected("held", "date_unknown", "complete"),
    ("652301-S05", 2025): Expected("missing_unconfirmed"),
    ("130623-S00", 2025): Expected("not_yet_due"),
}
EXPECTED: dict[tuple[str, int], Expected] = {
    (publisher.code, year): _DIFFERENT.get((publisher.code, year), _HELD)
    for publisher in PUBLISHERS
    for year in publisher.years
}
