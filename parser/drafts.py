"""What a clerk is told of a draft: warnings and failures, and what does not fit last year's report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parser.across.figures import Figures, figures_of
from parser.across.years import carried_over_checks, year_checks
from parser.document import Finding, Severity
from parser.labels import APPLICATIONS
from parser.report import AnnualReport, Check, DocumentKind


def draft_findings(
    report: AnnualReport, prior: Figures | None, *, alike: float | None = None
) -> Iterator[tuple[Finding, Check | None]]:
    """What can be acted on: warnings, failures, why a file is no report, and what last year's report tells.

    `prior` may be a whole report, or the numbers carried forward alone (then only C1 is asked). `alike`: how
    much of the own words is last year's. What is told of several places in the same words is told once. With
    each comes the check that it tells of, where it tells of one: both sides of it.
    """
    unread = any(found.severity is Severity.FAIL for found in report.findings)
    no_report = report.kind is DocumentKind.NOT_A_REPORT and not unread
    told: set[str] = set()
    checks = {check.id: check for check in report.checks}
    for found in report.findings:
        weighty = found.severity is not Severity.INFO or (no_report and found.code == "not_a_report")
        if weighty and found.message not in told:
            told.add(found.message)
            yield found, checks.get(found.check)
    if prior is None:
        return
    now = figures_of(report)
    whole = prior.format_version is not None
    results = year_checks(now, prior, alike=alike) if whole else carried_over_checks(now, prior)
    for check, against in results:
        if against is not None and against.severity is not Severity.INFO:
            yield against, check


_ENGLISH = re.compile(r"(?<=[^\x00-\x7f])\s+(?:\d+ )?[A-Za-z(][ -~]*$")


def in_chinese(message: str) -> str:
    """A message of the rooms that read files, without the English that stands behind the Chinese."""
    return _ENGLISH.sub("", message)


def column_key(label: str) -> str | None:
    """The column of table 三 that a list's heading names: 总计, 自然人 …, 结转下年度继续办理."""
    text = "".join(label.split())
    if "结转下年" in text:
        return "total"
    return next((column.key for column in APPLICATIONS.columns if text in (column.label, column.key)), None)
