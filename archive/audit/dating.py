"""The days on which a report may have been published, by its sources and the captures (practice.md §1.2).

Needs no due day and no day judged: what it finds is worked out once, when the catalogue is rebuilt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from archive.audit.evidence import Claim, ReportEvidence, Span
from archive.audit.reasons import Language, Period, Reason
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


@dataclass(frozen=True, slots=True)
class ClaimsTold:
    """Each source with the days that it names."""

    rows: tuple[tuple[date, date, str], ...]

    def say(self, language: Language) -> str:
        """One line."""
        place = 0 if language == "zh" else 1
        return "，".join(f"{CREDIBLE[source][place]} {Period(lo, hi)}" for lo, hi, source in self.rows)


def published_span(report: ReportEvidence) -> Span | None:
    """The days on which it may have been published; None where no credible source tells.

    Of several addresses the one published first counts. What captures contradict is widened by them.
    """
    if report.spans is not None:
        return report.spans[0] if report.spans else None
    seen = day_in_china(true_since(report))
    found = _first(report, seen)
    return None if found is None else _against_captures(found[0], report, seen)


def claims_told(report: ReportEvidence) -> tuple[Claim, ...]:
    """The claims that the span was made of; every claim where there is none."""
    found = _first(report, day_in_china(true_since(report)))
    return tuple(report.claims) if found is None else found[1]


def true_since(report: ReportEvidence) -> datetime:
    """First capture of what truly is the report: a placeholder before it does not count."""
    if report.placeholder_until is None:
        return report.first_seen
    return min((v.first_seen for v in report.versions if v.kind == report.kind), default=report.first_seen)


def _first(report: ReportEvidence, seen: date) -> tuple[Span, tuple[Claim, ...]] | None:
    """What the claims of that address say which was published first."""
    believed = _believable(report, seen)
    found: list[tuple[Span, tuple[Claim, ...]]] = []
    for document in sorted({claim.document for claim in report.claims}):
        claims = tuple(claim for claim in believed if claim.document == document)
        if claims:
            found.append((_agreed(claims, seen), claims))
    return min(found, key=lambda one: (one[0].hi, one[0].lo), default=None)


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


def _agreed(claims: Sequence[Claim], seen: date) -> Span:
    """The hull of the claims, the coarser of two that agree left out, cut at the first capture."""
    sharp = [claim for claim in claims if not any(_inside(other, claim) for other in claims)]
    lo, hi = min(claim.lo for claim in sharp), min(seen, max(claim.hi for claim in sharp))
    if len({(claim.lo, claim.hi) for claim in sharp}) <= 1:
        return Span(lo, hi)
    told = ClaimsTold(tuple(sorted({(claim.lo, claim.hi, claim.source) for claim in sharp})))
    return Span(lo, hi, (Reason("sources_disagree", (told,)),))


def _inside(one: Claim, other: Claim) -> bool:
    """Whether `one` agrees with `other` and is narrower."""
    return other.lo <= one.lo and one.hi <= other.hi and (one.lo, one.hi) != (other.lo, other.hi)


def _against_captures(span: Span, report: ReportEvidence, seen: date) -> Span:
    """A claim for a day on which the column was captured without the report (practice.md §1.3)."""
    if report.absent_on is None or day_in_china(report.absent_on) <= span.hi:
        return span
    absent = day_in_china(report.absent_on)
    words = Reason("captured_without", (Period(span.lo, span.hi), absent, seen))
    return replace(span, hi=max(span.hi, seen), reasons=(*span.reasons, words))
