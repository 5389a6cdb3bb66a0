"""The timeliness axis: when was it published, as far as its sources agree (practice.md §1.2, §1.3, §1.11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from archive.audit.deadlines import Basis, Deadline
from archive.audit.evidence import Claim, ReportEvidence
from archive.audit.statuses import Timeliness
from archive.audit.verdict import Reason, Timing
from archive.audit.workdays import day_in_china

#: Sources whose word on the publication day is believed. Written, generated and signed dates are not among
#: them: they tell when the text was made (practice.md §1.2).
CREDIBLE = {
    "metadata_row": ("页面公开日期", "the page's own row"),
    "meta_tag": ("页面标签", "a meta tag"),
    "list_row": ("列表日期", "the list"),
    "url_day": ("网址中的日期", "the day in the URL"),
    "url_month": ("网址中的月份", "the month in the URL"),
    "json": ("接口数据", "the list's data"),
}
_FIRST_YEAR = 2008  # no report was due before 31 March 2009
_MIGRATION_DAYS = 300  # statute.md §4.2: two report years that share a day so long after the due day
_MASS_MIGRATION_DAYS, _MASS_YEARS = 30, 3  # practice.md §1.2: several years, whenever after the due day


@dataclass(frozen=True, slots=True)
class _Span:
    """The days on which it may have been published, and what bears on them."""

    lo: date
    hi: date
    claims: tuple[Claim, ...]
    reasons: tuple[Reason, ...] = ()


def judge_timing(report: ReportEvidence, deadline: Deadline) -> Timing:
    """When the report was published, compared with its due day. Pure; never asks the clock."""
    span = published_span(report)
    if span is None:
        return _undated(report, deadline)
    lo, hi = span.lo, span.hi
    timing = Timing(Timeliness.DATE_DISPUTED, lo, hi, None, span.claims, span.reasons)
    if hi <= date(report.report_year, 12, 31):
        words = Reason(
            f"公开于{_days(lo, hi)}，报告年度尚未结束", f"published {_days(lo, hi)}, before the year ended"
        )
        return _told(timing, Timeliness.PREMATURE, words)
    if lo == hi and _is_migration(report.shared_days.get(lo, 1), (lo - deadline.due).days):
        words = Reason(
            f"同一栏目多个年度的报告都标{lo}，应为网站迁移日",
            f"reports of several years in one column carry {lo}: the day of a migration",
        )
        return _told(timing, Timeliness.DATE_IS_MIGRATION, words)
    return _compared(timing, lo, hi, deadline)


def _is_migration(years: int, days_after: int) -> bool:
    """Whether a day shared by so many report years of one column is the day of a migration."""
    if years >= _MASS_YEARS:
        return days_after > _MASS_MIGRATION_DAYS
    return years > 1 and days_after > _MIGRATION_DAYS


def published_span(report: ReportEvidence) -> _Span | None:
    """The days on which it may have been published; None where no credible source tells.

    Of several addresses the one published first counts. What captures contradict is widened by them.
    """
    seen = day_in_china(true_since(report))
    spans = [
        span
        for document in sorted({claim.document for claim in report.claims})
        if (span := _agreed([c for c in _believable(report, seen) if c.document == document], seen))
    ]
    if not spans:
        return None
    first = min(spans, key=lambda span: (span.hi, span.lo))
    return _against_captures(first, report, seen)


def true_since(report: ReportEvidence) -> datetime:
    """First capture of what truly is the report: a placeholder before it does not count."""
    if report.placeholder_until is None:
        return report.first_seen
    return min((v.first_seen for v in report.versions if v.kind == report.kind), default=report.first_seen)


def _believable(report: ReportEvidence, seen: date) -> list[Claim]:
    """Claims on the publication day that are possible at all."""
    kept = [
        claim
        for claim in report.claims
        if claim.kind == "published"
        and claim.source in CREDIBLE
        and claim.lo.year >= _FIRST_YEAR
        and claim.lo <= day_in_china(claim.seen)
        and claim.lo <= seen
    ]
    if report.placeholder_until is not None:
        before = day_in_china(report.placeholder_until)
        kept = [claim for claim in kept if claim.hi > before]
    return kept


def _agreed(claims: Sequence[Claim], seen: date) -> _Span | None:
    """The hull of the claims, the coarser of two that agree left out, cut at the first capture."""
    if not claims:
        return None
    sharp = [claim for claim in claims if not any(_inside(other, claim) for other in claims)]
    lo, hi = min(claim.lo for claim in sharp), min(seen, max(claim.hi for claim in sharp))
    reasons: tuple[Reason, ...] = ()
    if len({(claim.lo, claim.hi) for claim in sharp}) > 1:
        reasons = (
            Reason(f"各处日期不一致：{_listed(sharp, 0)}", f"the sources disagree: {_listed(sharp, 1)}"),
        )
    return _Span(lo, hi, tuple(claims), reasons)


def _inside(one: Claim, other: Claim) -> bool:
    """Whether `one` agrees with `other` and is narrower."""
    return other.lo <= one.lo and one.hi <= other.hi and (one.lo, one.hi) != (other.lo, other.hi)


def _against_captures(span: _Span, report: ReportEvidence, seen: date) -> _Span:
    """A claim for a day on which the column was captured without the report (practice.md §1.3)."""
    if report.absent_on is None or day_in_china(report.absent_on) <= span.hi:
        return span
    absent = day_in_china(report.absent_on)
    words = Reason(
        f"标称{_days(span.lo, span.hi)}公开，但{absent}采集的栏目中尚无，{seen}首次采集到",
        f"claims {_days(span.lo, span.hi)}; column captured without it on {absent}, first seen {seen}",
    )
    return replace(span, hi=max(span.hi, seen), reasons=(*span.reasons, words))


def _undated(report: ReportEvidence, deadline: Deadline) -> Timing:
    """No usable date: the captures alone may still prove it."""
    seen = day_in_china(true_since(report))
    timing = Timing(Timeliness.DATE_UNKNOWN, None, seen, None, report.claims)
    if seen <= deadline.closes:
        status = Timeliness.ON_TIME if seen <= deadline.due else Timeliness.ON_TIME_NEXT_WORKDAY
        words = Reason(f"页面未标日期；{seen}已采集到", f"no date shown; captured on {seen} already")
        return _told(timing, status, words)
    if report.absent_on is not None and day_in_china(report.absent_on) > deadline.closes:
        absent = day_in_china(report.absent_on)
        words = Reason(
            f"页面未标日期；到期后{absent}采集的栏目中尚无，{seen}采集到",
            f"no date shown; column captured after the due day, on {absent}, without it, on {seen} with it",
        )
        return replace(_told(timing, Timeliness.LATE_PROVED_BY_CAPTURE, words), lo=absent)
    words = Reason(
        f"没有可信的公开日期，{seen}首次采集到", f"no credible publication date; first captured on {seen}"
    )
    return _told(timing, Timeliness.DATE_UNKNOWN, words)


def _compared(timing: Timing, lo: date, hi: date, deadline: Deadline) -> Timing:
    due = deadline.due
    if hi <= due:
        words = Reason(f"{_days(lo, hi)}公开，期限{due}", f"published {_days(lo, hi)}, due {due}")
        return _told(timing, Timeliness.ON_TIME, words)
    if hi <= deadline.closes:
        words = Reason(
            f"期限{due}非工作日，{_days(lo, hi)}公开，在其后第一个工作日{deadline.closes}之内",
            f"due {due}, no working day; published {_days(lo, hi)}, by the next one, {deadline.closes}",
        )
        return _told(timing, Timeliness.ON_TIME_NEXT_WORKDAY, words)
    if lo <= deadline.closes:
        words = Reason(
            f"公开日期在{lo}与{hi}之间，跨过期限{due}，不能判断是否按期",
            f"published between {lo} and {hi}, across the due day {due}: not to be decided",
        )
        return _told(timing, Timeliness.DATE_DISPUTED, words)
    return _after_due(timing, lo, hi, deadline)


def _after_due(timing: Timing, lo: date, hi: date, deadline: Deadline) -> Timing:
    days = (lo - deadline.due).days
    late = replace(timing, days_late=days)
    if deadline.basis is Basis.STATUTE:
        words = Reason(
            f"{_days(lo, hi)}公开，期限{deadline.due}（{deadline.article}），超过{days}天",
            f"published {_days(lo, hi)}, due {deadline.due} by statute, {days} days late",
        )
        return _told(late, Timeliness.LATE, words)
    past = lo > deadline.outer_closes
    words = Reason(
        f"{_days(lo, hi)}公开，惯例期限{deadline.due}，晚{days}天；{deadline.note_zh}",
        f"published {_days(lo, hi)}, {days} days after {deadline.due}, the day by {deadline.basis.value};"
        " the statute sets no date",
    )
    return _told(late, Timeliness.LATE_PAST_OUTER if past else Timeliness.LATE_BY_PRACTICE, words)


def _told(timing: Timing, status: Timeliness, *words: Reason) -> Timing:
    return replace(timing, status=status, reasons=(*timing.reasons, *words))


def _days(lo: date, hi: date) -> str:
    return lo.isoformat() if lo == hi else f"{lo}–{hi}"


def _listed(claims: Iterable[Claim], language: int) -> str:
    rows = sorted({(claim.lo, claim.hi, claim.source) for claim in claims})
    return "，".join(f"{CREDIBLE[source][language]} {_days(lo, hi)}" for lo, hi, source in rows)
