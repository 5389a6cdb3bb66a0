"""One page for one unit: what it is asked about, with room for its answers (一个单位一张问题反馈单)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font

from archive.audit.guide import explained
from archive.audit.problems import Problem
from archive.audit.render.data import seen_until_text, years_text
from archive.audit.render.sheets import Row, fill_table, print_on_a4, put, sheet_title, workbook_table
from archive.audit.run import Audit
from archive.audit.statuses import Presence
from archive.audit.verdict import Verdict

_ROWS = 20  # more do not fit one page
_SHOWN = frozenset({Presence.HELD, Presence.WITHDRAWN})


Problems = Mapping[str, Sequence[Problem]]  # by version


def add_feedback(
    book: Workbook, units: Sequence[Sequence[Verdict]], audit: Audit, problems: Problems
) -> None:
    """A sheet for each unit, in their order."""
    for verdicts in units:
        _sheet(book, verdicts, audit, problems)


def _sheet(book: Workbook, verdicts: Sequence[Verdict], audit: Audit, problems: Problems) -> None:
    table, name = workbook_table(), verdicts[0].publisher.official_name
    shape = table.sheets["feedback"]
    sheet = book.create_sheet(sheet_title(book, name))
    head = put(sheet, 1, 1, table.words["feedback_head"])
    told = put(
        sheet,
        2,
        1,
        table.words["feedback_line"].format(
            name=name,
            years=years_text(verdicts),
            as_of=audit.scope.as_of,
            seen=seen_until_text(audit).removesuffix(" all"),
        ),
    )
    rows = list(_rows(verdicts, problems))
    for number, row in enumerate(rows, 1):
        row["序号"] = number
    kept = rows[:_ROWS]
    fill_table(sheet, shape, kept, at=3)
    foot = len(kept) + 4
    lines = [table.words["reply"]]
    if len(rows) > _ROWS:
        lines.insert(0, table.words["overflow"].format(n=len(rows) - _ROWS))
    below = [put(sheet, foot + n, 1, text) for n, text in enumerate(lines)]
    for cell in (head, told, *below):  # a long line runs over the empty cells beside it
        cell.alignment, cell.border = Alignment(vertical="center"), Border()
    head.font = Font(name="Microsoft YaHei", size=15, bold=True)
    sheet.freeze_panes = "A4"
    print_on_a4(sheet, one_page=True)


def _rows(verdicts: Sequence[Verdict], problems: Problems) -> Iterator[Row]:
    for verdict in verdicts:
        if not verdict.green:
            yield _status(verdict)
        if verdict.report is None:
            continue
        for problem in problems.get(verdict.report.version, ()):
            yield Row(
                {
                    "报告年度": verdict.report_year,
                    "事项": problem.place,
                    "填报值": problem.given,
                    "对照值": problem.against,
                    "说明": problem.relation or problem.message,
                    "建议": problem.advice,
                }
            )


def _status(verdict: Verdict) -> Row:
    """The status with its reasons and the addresses that show it: never a status without a link."""
    shown = verdict.report is not None and verdict.presence in _SHOWN
    urls = [verdict.report.url] if verdict.report and shown else [e.url for e in verdict.evidence]
    told = [*(reason.zh for reason in verdict.reasons), *dict.fromkeys(urls)]
    told += [f"人工核定 {decision.words('zh')}" for decision in verdict.decisions]
    return Row(
        {
            "报告年度": verdict.report_year,
            "事项": verdict.words("zh"),
            "说明": "\n".join(told),
            "建议": explained(verdict.lead).unit,
        },
        coloured="事项",
        colour=verdict.colour,
    )
