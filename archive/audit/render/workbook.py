"""Audit → the workbook of a county (practice.md §5): 汇总, 台账, 问题清单, 未能核查, 说明, a 反馈单 a unit.

While the due day lies ahead the sheet 催办 comes first. Every sheet is a plain list: no merged cells, a
filter, a frozen head, A4 landscape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from openpyxl import Workbook

from archive.audit.problems import Problem, problem_table
from archive.audit.render.data import (
    difference_lines,
    file_stem,
    last_walk_text,
    seen_until_text,
    stray_lines,
)
from archive.audit.render.feedback import add_feedback
from archive.audit.render.sheets import Row, add_sheet, saved, workbook_table
from archive.audit.run import Audit, CountyAudit, Home
from archive.audit.statuses import Presence, Timeliness, kind_word, word
from archive.audit.verdict import Verdict
from archive.audit.workdays import day_in_china, is_workday
from archive.clock import SHANGHAI

Problems = Mapping[str, Sequence[Problem]]  # by version

_UNCHECKED = frozenset({Presence.NOT_CRAWLED, Presence.COLUMN_SUSPECT})
_BY_PRACTICE = frozenset({Timeliness.LATE_BY_PRACTICE, Timeliness.LATE_PAST_OUTER})
_SHOWN = frozenset({Presence.HELD, Presence.WITHDRAWN})


def workbook_name(county: CountyAudit, audit: Audit) -> str:
    """`某市_2025年度_年报核查台账_截至2026-02-01.xlsx`"""
    return file_stem(county.county.label, audit.scope.years, "年报核查台账", audit.scope.as_of) + ".xlsx"


def audit_workbook(county: CountyAudit, audit: Audit, problems: Problems) -> bytes:
    """The workbook as a file's bytes."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    urged = [v for v in county.verdicts if v.presence is Presence.NOT_YET_DUE]
    first = _before_due(county, audit.scope.as_of)
    if urged and first:
        _urge(book, urged, county, audit.scope.as_of)
    _sums(book, county)
    _ledger(book, county, problems)
    if urged and not first:
        _urge(book, urged, county, audit.scope.as_of)
    _problems(book, county, problems)
    _unchecked(book, county)
    capped = _notes(book, county, audit, problems)
    add_feedback(book, capped, audit, problems)
    book.active = 0
    return saved(book)


def _before_due(county: CountyAudit, as_of: date) -> bool:
    """Whether the first due day of the last report year still lies ahead, or is today."""
    last = max((v.report_year for v in county.verdicts), default=0)
    due = [v.deadline.due for v in county.verdicts if v.report_year == last and v.expected and v.deadline]
    return bool(due) and as_of <= min(due)


# --- 催办


def _urge(book: Workbook, urged: Sequence[Verdict], county: CountyAudit, as_of: date) -> None:
    ordered = sorted(urged, key=lambda v: (v.deadline.due if v.deadline else as_of, v.publisher.code))
    rows = [_urged(number, verdict, county, as_of) for number, verdict in enumerate(ordered, 1)]
    add_sheet(book, "urge", rows)


def _urged(number: int, verdict: Verdict, county: CountyAudit, as_of: date) -> Row:
    due = verdict.deadline
    assert due is not None  # else nothing were due
    words, days = workbook_table().words, (due.due - as_of).days
    left = words["left"].format(n=days) if days > 0 else words["today"]
    if days < 0:
        left = words["over"].format(due=due.due, closes=due.closes)
    homes = _homes_of(verdict, county)
    return Row(
        {
            "序号": number,
            "未发布单位": verdict.publisher.official_name,
            "类别": kind_word(verdict.publisher.kind),
            "报告年度": verdict.report_year,
            "期限": due.due,
            "期限依据": _basis(verdict),
            "距截止天数": left,
            "截止日前最后一个工作日": _last_workday(due.due),
            "栏目链接": "\n".join(home.url for home in homes),
            "核查时间": _last_look(homes),
            "人工核定": _decided(verdict),
        },
        coloured="距截止天数",
        colour="amber",
    )


def _last_workday(due: date) -> date:
    """The due day, or the last working day before it."""
    day = due
    while not is_workday(day)[0]:
        day -= timedelta(days=1)
    return day


# --- 汇总


def _sums(book: Workbook, county: CountyAudit) -> None:
    years = sorted({v.report_year for v in county.verdicts})
    rows: list[Row] = []
    for year in years:
        verdicts = [v for v in county.verdicts if v.report_year == year and v.expected]
        for kind in dict.fromkeys(v.publisher.kind for v in verdicts):
            found = [v for v in verdicts if v.publisher.kind is kind]
            rows.append(_sum_row(kind_word(kind), found, year))
        rows.append(_sum_row(workbook_table().words["total"], verdicts, year))
    add_sheet(book, "sums", rows)


def _sum_row(name: str, verdicts: Sequence[Verdict], year: int) -> Row:
    counts = dict.fromkeys(_COUNTS, 0)
    for verdict in verdicts:
        counts[_counted_as(verdict)] += 1
    return Row({"类别": name, "应公开": len(verdicts), **counts, "报告年度": year})


_COUNTS = ("按期", "顺延期内", "逾期", "晚于惯例", "未检索到", "存疑", "未能核查", "未到期")
_BY_TIME = {
    Timeliness.ON_TIME: "按期",
    Timeliness.ON_TIME_NEXT_WORKDAY: "顺延期内",
    Timeliness.LATE: "逾期",
}
_BY_PRESENCE = {
    Presence.MISSING: "未检索到",
    Presence.NOT_CRAWLED: "未能核查",
    Presence.COLUMN_SUSPECT: "未能核查",
    Presence.NOT_YET_DUE: "未到期",
}


def _counted_as(verdict: Verdict) -> str:
    """Under which heading an expected publisher-year is counted: exactly one, as the tally counts it."""
    if verdict.presence is Presence.HELD and verdict.timeliness is not None:
        if verdict.timeliness in _BY_PRACTICE:
            return "晚于惯例"
        return _BY_TIME.get(verdict.timeliness, "存疑")
    return _BY_PRESENCE.get(verdict.presence, "存疑")


# --- 台账


def _ledger(book: Workbook, county: CountyAudit, problems: Problems) -> None:
    kept = [v for v in county.verdicts if v.expected or v.report is not None]
    rows = [_entry(number, verdict, county, problems) for number, verdict in enumerate(kept, 1)]
    add_sheet(book, "ledger", rows)


def _entry(number: int, verdict: Verdict, county: CountyAudit, problems: Problems) -> Row:
    report, words = verdict.report, workbook_table().words
    shown = report if verdict.presence in _SHOWN or not verdict.expected else None
    change = [verdict.change.words.zh] if verdict.change else []
    target = county.county.target(verdict.publisher.kind, verdict.report_year)
    return Row(
        {
            "序号": number,
            "单位名称": verdict.publisher.official_name,
            "类别": kind_word(verdict.publisher.kind),
            "期限": verdict.deadline.due if verdict.deadline else None,
            "期限依据": _basis(verdict),
            "状态": verdict.words("zh"),
            "页面公开日期": _published(verdict),
            "首次采集": day_in_china(shown.first_seen) if shown else None,
            "逾期天数": verdict.days_late if verdict.timeliness is Timeliness.LATE else None,
            "标题": shown.title if shown else None,
            "网址": shown.url if shown else None,
            "索引号": shown.index_number if shown else None,
            "页面发布机构": shown.publisher_shown if shown else None,
            "内部时限": target.day if target else None,
            "上年是否公开": words["yes"] if verdict.held_before else words["no"],
            "核查时间": _last_look(_homes_of(verdict, county)),
            "问题数": len(problems.get(shown.version, ())) if shown else None,
            "人工核定": _decided(verdict),
            "备注": "\n".join([*change, *(reason.zh for reason in verdict.reasons), *_columns(verdict)]),
            "报告年度": verdict.report_year,
            "单位代码": verdict.publisher.code,
        },
        coloured="状态",
        colour=verdict.colour,
    )


def _columns(verdict: Verdict) -> list[str]:
    """The addresses that show an absence: no status stands without a link."""
    if not verdict.expected or verdict.presence is Presence.HELD:
        return []
    return list(dict.fromkeys(item.url for item in verdict.evidence if item.url))


def _published(verdict: Verdict) -> date | str | None:
    """The day where the sources agree on one, both ends as text where they do not."""
    lo, hi = verdict.published_lo, verdict.published_hi
    if lo is None or hi is None or lo == hi:
        return lo if lo is not None and lo == hi else None
    return f"{lo} 至 {hi}"


def _basis(verdict: Verdict) -> str | None:
    due = verdict.deadline
    if due is None:
        return None
    return due.article if due.basis.is_law or not due.note_zh else f"{due.article}（{due.note_zh}）"


def _homes_of(verdict: Verdict, county: CountyAudit) -> list[Home]:
    return [home for home in county.homes if home.covers(verdict.publisher.code)]


def _last_look(homes: Sequence[Home]) -> datetime | None:
    """The last complete walk of any of them, on a clock in China."""
    moment = max((home.last_whole for home in homes if home.last_whole), default=None)
    return _minute(moment) if moment else None


def _minute(moment: datetime) -> datetime:
    """On a clock in China, to the minute."""
    return moment.astimezone(SHANGHAI).replace(second=0, microsecond=0)


def _decided(verdict: Verdict) -> str | None:
    return verdict.decision.words("zh") if verdict.decision else None


# --- 问题清单, 未能核查, 说明


def _problems(book: Workbook, county: CountyAudit, problems: Problems) -> None:
    severities = problem_table().severities
    rows = [
        Row(
            {
                "单位": verdict.publisher.official_name,
                "位置": problem.where or problem.place,
                "填报值": problem.given,
                "对照值": problem.against,
                "关系式": problem.relation,
                "原文": problem.printed,
                "程度": severities[problem.severity],
                "建议": problem.advice,
                "问题": problem.message,
                "报告年度": verdict.report_year,
                "编号": problem.code,
            },
            coloured="程度",
            colour="amber",
        )
        for verdict in county.verdicts
        if verdict.report is not None
        for problem in problems.get(verdict.report.version, ())
    ]
    add_sheet(book, "problems", rows)


def _unchecked(book: Workbook, county: CountyAudit) -> None:
    rows = []
    for verdict in county.verdicts:
        if verdict.presence not in _UNCHECKED:
            continue
        homes = _homes_of(verdict, county)
        tried = max((home.last_look.ended for home in homes), default=None)
        rows.append(
            Row(
                {
                    "单位": verdict.publisher.official_name,
                    "类别": kind_word(verdict.publisher.kind),
                    "报告年度": verdict.report_year,
                    "原因（非单位原因）": word(verdict.not_crawled or verdict.presence).zh,
                    "说明": "\n".join(reason.zh for reason in verdict.reasons),
                    "栏目链接": "\n".join(home.url for home in homes),
                    "最近尝试": _minute(tried) if tried else None,
                    "人工核定": _decided(verdict),
                },
                coloured="原因（非单位原因）",
                colour="grey",
            )
        )
    add_sheet(book, "unchecked", rows)


def _notes(book: Workbook, county: CountyAudit, audit: Audit, problems: Problems) -> list[list[Verdict]]:
    """Writes the sheet; gives the units that get a sheet of their own, the cap told among the notes."""
    table = workbook_table()
    units = units_with_problems(county, problems)
    values = {
        "county": county.county.label,
        "years": years_of(audit),
        "as_of": str(audit.scope.as_of),
        "seen": seen_until_text(audit).removesuffix(" all"),
        "walk": last_walk_text(county).rpartition("walk ")[2],
    }
    lines = [(name, text.format(**values)) for name, text in table.notes]
    if county.county.sample:
        lines.insert(0, ("样例", table.words["sample"]))
    if audit.since is not None:
        lines.append(("只列变化", f"较{audit.since.as_of}的核查有变化的单位；汇总也只计这些单位"))
    if len(units) > FEEDBACK_CAP:
        lines.append(("反馈单", table.words["capped"].format(n=len(units), cap=FEEDBACK_CAP)))
    lines += [("名录之外或归属不明", f"{words} {url}") for words, url in stray_lines(county.strays)]
    lines += [("名录核对", f"{words} {url}".rstrip()) for words, url in difference_lines(county)]
    lines += [("人工核定有误", fault) for fault in audit.journal_faults]
    add_sheet(book, "notes", [Row({"项目": name, "内容": text}) for name, text in lines])
    return units[:FEEDBACK_CAP]


FEEDBACK_CAP = 60  # a workbook of more sheets is no help: what is left out stands in the lists


def years_of(audit: Audit) -> str:
    """`2025年度` or `2019–2025年度`"""
    years = audit.scope.years
    return f"{years[0]}年度" if len(years) == 1 else f"{years[0]}–{years[-1]}年度"


def units_with_problems(county: CountyAudit, problems: Problems) -> list[list[Verdict]]:
    """The verdicts of each unit that has something to answer for, the gravest first.

    What could not be checked and what the register says is nothing that a unit must answer for.
    """
    found: dict[str, list[Verdict]] = {}
    for verdict in county.verdicts:
        wrong = not verdict.green and verdict.presence not in _UNCHECKED
        if wrong or (verdict.report is not None and problems.get(verdict.report.version)):
            found.setdefault(verdict.publisher.code, []).append(verdict)
    return sorted(found.values(), key=lambda verdicts: (_gravity(verdicts), verdicts[0].publisher.code))


def _gravity(verdicts: Sequence[Verdict]) -> int:
    if any(v.timeliness is Timeliness.LATE for v in verdicts):
        return 0
    if any(v.presence is Presence.MISSING for v in verdicts):
        return 1
    return 2 if any(not v.green for v in verdicts) else 3
