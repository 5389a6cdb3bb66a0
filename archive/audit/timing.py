"""The timeliness axis: when was it published, compared with its due day (practice.md §1.2, §1.3, §1.11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from archive.audit.dating import published_span, true_since
from archive.audit.deadlines import Deadline
from archive.audit.evidence import ReportEvidence, Span
from archive.audit.reasons import Period, Reason
from archive.audit.statuses import Timeliness
from archive.audit.verdict import Timing
from archive.audit.workdays import day_in_china

_MIGRATION_DAYS = 300  # statute.md §4.2: two report years that share a day so long after the due day
_MASS_MIGRATION_DAYS, _MASS_YEARS = 30, 3  # practice.md §1.2: several years, whenever after the due day


def judge_timing(report: ReportEvidence, deadline: Deadline, launches: Sequence[date] = ()) -> Timing:
    """When the report was published, compared with its due day. Pure; never asks the clock.

    `launches`: days on which the site was opened or moved; older reports carry them (statute.md §4.2).
    """
    span = published_span(report)
    if span is None:
        return _undated(report, deadline)
    if span.reasons or report.shared_days or launches:
        years, moved = report.shared_days.get(span.lo, 1), span.lo in launches
        return _dated(span, report.report_year, deadline, years=years, moved=moved)
    return _plain(span.lo, span.hi, report.report_year, deadline)


@lru_cache(1 << 16)  # most reports of a country came out on a few hundred days
def _plain(lo: date, hi: date, report_year: int, deadline: Deadline) -> Timing:
    return _dated(Span(lo, hi), report_year, deadline)


def _dated(
    span: Span, report_year: int, deadline: Deadline, *, years: int = 1, moved: bool = False
) -> Timing:
    """`years`: how many report years of one column carry the day; `moved`: the site did on that day."""
    lo, hi = span.lo, span.hi
    if hi.year <= report_year:
        return _told(span, Timeliness.PREMATURE, Reason("premature", (Period(lo, hi),)))
    if lo == hi and _is_migration(years, (lo - deadline.due).days):
        return _told(span, Timeliness.DATE_IS_MIGRATION, Reason("migration", (lo,)))
    if lo == hi and moved and lo > deadline.closes:
        return _told(span, Timeliness.DATE_IS_MIGRATION, Reason("launched", (lo,)))
    return _compared(span, deadline)


def _is_migration(years: int, days_after: int) -> bool:
    """Whether a day shared by so many report years of one column is the day of a migration."""
    if years >= _MASS_YEARS:
        return days_after > _MASS_MIGRATION_DAYS
    return years > 1 and days_after > _MIGRATION_DAYS


def _undated(report: ReportEvidence, deadline: Deadline) -> Timing:
    """No usable date: the captures alone may still prove it."""
    seen = day_in_china(true_since(report))
    if seen <= deadline.closes:
        status = Timeliness.ON_TIME if seen <= deadline.due else Timeliness.ON_TIME_NEXT_WORKDAY
        return Timing(status, None, seen, None, (Reason("undated_held", (seen,)),))
    if report.absent_on is not None and day_in_china(report.absent_on) > deadline.closes:
        absent = day_in_china(report.absent_on)
        words = Reason("undated_absent", (absent, seen))
        return Timing(Timeliness.LATE_PROVED_BY_CAPTURE, absent, seen, None, (words,))
    return Timing(Timeliness.DATE_UNKNOWN, None, seen, None, (Reason("undated", (seen,)),))


def _compared(span: Span, deadline: Deadline) -> Timing:
    lo, hi, due = span.lo, span.hi, deadline.due
    if hi <= due:
        return _told(span, Timeliness.ON_TIME, Reason("on_time", (Period(lo, hi), due)))
    if hi <= deadline.closes:
        words = Reason("next_workday", (due, Period(lo, hi), deadline.closes))
        return _told(span, Timeliness.ON_TIME_NEXT_WORKDAY, words)
    if lo <= deadline.closes:
        return _told(span, Timeliness.DATE_DISPUTED, Reason("across_due", (lo, hi, due)))
    return _after_due(span, deadline)


def _after_due(span: Span, deadline: Deadline) -> Timing:
    days, period = (span.lo - deadline.due).days, Period(span.lo, span.hi)
    if deadline.basis.is_law:
        words = Reason("late", (period, deadline.due, deadline.article, days))
        return replace(_told(span, Timeliness.LATE, words), days_late=days)
    past = span.lo > deadline.outer
    words = Reason("late_by_practice", (period, deadline.due, days, deadline.note_zh, deadline.basis.value))
    status = Timeliness.LATE_PAST_OUTER if past else Timeliness.LATE_BY_PRACTICE
    return replace(_told(span, status, words), days_late=days)


def _told(span: Span, status: Timeliness, words: Reason) -> Timing:
    return Timing(status, span.lo, span.hi, None, (*span.reasons, words))
