"""What a clerk is told of a draft: warnings and failures, and check C1 against last year's report.

C1: a report carries over what the body's last report carried forward (statute.md §3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parser.across.figures import Figures, figures_of
from parser.across.years import carried_over_checks
from parser.document import Finding, Severity
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
    before = Figures(None, None, {f"applications.carried_forward.{key}": n for key, n in prior.items()})
    for _, differs in carried_over_checks(figures_of(report), before):
        if differs is not None:
            yield differs


def column_key(label: str) -> str | None:
    """The column of table 三 that a list's heading names: 总计, 自然人 …, 结转下年度继续办理."""
    text = "".join(label.split())
    if "结转下年" in text:
        return "total"
    return next((column.key for column in APPLICATIONS.columns if text in (column.label, column.key)), None)
