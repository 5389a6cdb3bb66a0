"""What a clerk is told of a draft: warnings and failures, and check C1 against last year's report.

C1: a report carries over what the body's last report carried forward (statute.md §3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parser.document import Finding, Severity
from parser.findings import finding
from parser.labels import APPLICATIONS
from parser.report import AnnualReport, DocumentKind

CarriedForward = Mapping[str, int | float]
"""Column key of table 三 → the number of 结转下年度继续办理; columns that are not known are left out."""


def draft_findings(report: AnnualReport, prior: CarriedForward) -> Iterator[Finding]:
    """What can be acted on: warnings, failures, why a file is no report, C1 where `prior` has numbers."""
    unread = any(found.severity is Severity.FAIL for found in report.findings)
    no_report = report.kind is DocumentKind.NOT_A_REPORT and not unread
    for found in report.findings:
        if found.severity is not Severity.INFO or (no_report and found.code == "not_a_report"):
            yield found
    yield from carried_over_findings(report, prior)


def carried_over_findings(report: AnnualReport, prior: CarriedForward) -> Iterator[Finding]:
    """A failure for the total, a warning for each other column that differs; blanks are not judged."""
    if report.tables.applications is None:
        return
    row = next((row for row in report.tables.applications if row.key == "carried_over"), None)
    if row is None:
        return
    for column in APPLICATIONS.columns:
        now, before = row.cells[column.key].value, prior.get(column.key)
        if now is None or before is None or now == before:
            continue
        code = "C1" if column.key == "total" else "C1_column"
        cells = [f"applications.carried_over.{column.key}"]
        yield finding(code, cells=cells, column=column.label, lhs=now, rhs=before)


def column_key(label: str) -> str | None:
    """The column of table 三 that a list's heading names: 总计, 自然人 …, 结转下年度继续办理."""
    text = "".join(label.split())
    if "结转下年" in text:
        return "total"
    return next((column.key for column in APPLICATIONS.columns if text in (column.label, column.key)), None)
