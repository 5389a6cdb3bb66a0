"""The one function that judges: a publisher, a report year and what is known of them → a verdict.

Pure: the day judged is given, the clock never asked. `report_counts` decides whether a report is there on
that day; the presence and timeliness axes have modules of their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from archive.audit.dating import published_span
from archive.audit.deadlines import Deadline, deadline
from archive.audit.evidence import Case, ReportEvidence
from archive.audit.presence import expected_basis, judge_absence, not_expected
from archive.audit.reasons import Language, Reason
from archive.audit.statuses import Content, Presence, table_word
from archive.audit.timing import judge_timing
from archive.audit.verdict import Standing, Timing, Verdict
from archive.audit.workdays import day_in_china
from archive.quick import quick
from archive.register.model import Publisher

_KEYS_SHOWN = 3  # a few changed numbers are named by their keys, as `scrapy explain --cell` takes them


_made = quick(Verdict)
_stand = quick(Standing)


def judge(publisher: Publisher, report_year: int, case: Case, *, as_of: date) -> Verdict:
    """The verdict on `as_of`. `case` holds only what was captured up to `seen_until` (archive.audit.collect).

    The order is that of practice.md §1.11: the first presence that applies, then timeliness where a report is
    held, then every content flag.
    """
    due = deadline(publisher.kind, report_year, publisher.county_code)
    unexpected = not_expected(publisher, report_year, due, case)
    if unexpected is not None:
        reasons = (unexpected,) if case.report is None else (unexpected, Reason("voluntary"))
        standing = Standing(Presence.NOT_EXPECTED, None, reasons)
        return _verdict(publisher, report_year, case, due, standing=standing)
    assert due is not None  # not_expected told otherwise
    cover = publisher.cover_in(report_year)
    if cover is None and publisher.gone_by(report_year, due.due):
        cover = publisher.successor
    if cover is not None:
        standing = Standing(Presence.COVERED, None, (Reason("covered", (cover.by, cover.reason)),))
        return _verdict(publisher, report_year, case, due, standing=standing)
    if case.report is not None and report_counts(case.report, as_of):
        return _held(publisher, case.report, case, due)
    return _absent(publisher, report_year, case, due, as_of=as_of)


def report_counts(report: ReportEvidence, as_of: date) -> bool:
    """Whether the report was there on `as_of`: published by then, or, undated, not proved absent then."""
    span = published_span(report)
    if span is not None:
        return span.lo <= as_of
    if day_in_china(report.first_seen) <= as_of:
        return True
    return report.absent_on is None or day_in_china(report.absent_on) < as_of


def _held(publisher: Publisher, report: ReportEvidence, case: Case, due: Deadline) -> Verdict:
    timing: Timing | None = judge_timing(report, due, case.launches)
    flags, reasons = _content(report)
    if report.attribution_unclear and timing is not None and timing.days_late is not None:
        timing = None  # whose report it is must be clear before anyone is called late (practice.md §1.5)
    dated = timing.reasons if timing is not None else ()
    standing = _stand(Presence.HELD, None, (*dated, *reasons))
    if report.first_gone is not None:
        gone = Reason("gone", (day_in_china(report.last_seen), day_in_china(report.first_gone)))
        standing = Standing(Presence.WITHDRAWN, None, (gone, *standing.reasons))
    year = report.report_year
    return _verdict(publisher, year, case, due, standing=standing, timing=timing, content=flags)


def _absent(publisher: Publisher, report_year: int, case: Case, due: Deadline, *, as_of: date) -> Verdict:
    """No report counts on that day; one published since is told, and only probes before it prove absence."""
    later: tuple[Reason, ...] = ()
    if case.report is not None:
        first = case.report.first_seen
        span = published_span(case.report)
        later = (Reason("published_since", (span.lo if span else day_in_china(first),)),)
        before = tuple(probe for probe in case.probes if probe.ended < first)
        case = replace(case, probes=before, looks=None, report=None)
    standing = judge_absence(publisher, due, case, as_of)
    if later:
        standing = replace(standing, reasons=(*standing.reasons, *later))
    flags = (Content.WRONG_YEAR,) if case.absence.wrong_year else ()
    return _verdict(publisher, report_year, case, due, standing=standing, content=flags)


_COMPLETE: tuple[tuple[Content, ...], tuple[Reason, ...]] = ((Content.COMPLETE,), ())


def _content(report: ReportEvidence) -> tuple[tuple[Content, ...], tuple[Reason, ...]]:
    """Every content flag that applies, with its reason; COMPLETE alone where none does."""
    if report.kind == "report" and not any(
        (
            report.attribution_unclear,
            report.unreadable,
            report.placeholder_until,
            report.replaced_on,
            report.other_texts,
            report.duplicates,
            report.same_text_as,
        )
    ):
        return _COMPLETE
    found = [*_readable(report), *_replaced(report)]
    if report.attribution_unclear:
        found.insert(0, (Content.ATTRIBUTION_UNCLEAR, Reason("attribution", (report.attribution,))))
    if report.duplicates:
        found.append((Content.DUPLICATE, Reason("same_text_at", (report.duplicates,))))
    if report.same_text_as:
        found.append((Content.SAME_TEXT_TWO_PUBLISHERS, Reason("same_text_of", (report.same_text_as,))))
    return tuple(flag for flag, _ in found), tuple(words for _, words in found)


def _readable(report: ReportEvidence) -> list[tuple[Content, Reason]]:
    if report.unreadable:
        return [(Content.UNREADABLE, Reason("unreadable"))]
    return [] if report.kind == "report" else [(Content.SHELL_ONLY, Reason("title_alone"))]


def _replaced(report: ReportEvidence) -> list[tuple[Content, Reason]]:
    found: list[tuple[Content, Reason]] = []
    if report.placeholder_until is not None:
        words = Reason("placeholder", (day_in_china(report.placeholder_until),))
        found.append((Content.PLACEHOLDER_REPLACED, words))
    if report.replaced_on is not None:
        words = Reason("replaced", (report.replaced_on, _Changed(report.changed_cells)))
        found.append((Content.REPLACED, words))
    elif report.other_texts:
        found.append((Content.REPLACED, Reason("other_text", (report.other_texts,))))
    return found


@dataclass(frozen=True, slots=True)
class _Changed:
    """How many numbers of which tables changed; none: the text alone."""

    cells: tuple[str, ...]

    def say(self, language: Language) -> str:
        """One line; in Chinese a few of them by their keys."""
        cells = self.cells
        if not cells:
            return "数字未变，文字有改动" if language == "zh" else "text only"
        tables = Counter(cell.partition(".")[0] for cell in cells)
        if language == "en":
            counts = ", ".join(f"{n} in {table_word(t).en}" for t, n in tables.items())
            return f"numbers changed: {counts}"
        keys = f"（{'、'.join(cells)}）" if len(cells) <= _KEYS_SHOWN else ""
        return "改动数字：" + "、".join(f"{table_word(t).zh}{n}处" for t, n in tables.items()) + keys


def _verdict(  # noqa: PLR0913 - what a verdict is made of
    publisher: Publisher,
    report_year: int,
    case: Case,
    due: Deadline | None,
    *,
    standing: Standing,
    timing: Timing | None = None,
    content: tuple[Content, ...] = (),
) -> Verdict:
    status, lo, hi, late = None, None, None, None
    if timing is not None:
        status, lo, hi, late = timing.status, timing.lo, timing.hi, timing.days_late
    return _made(
        publisher=publisher,
        report_year=report_year,
        presence=standing.status,
        not_crawled=standing.not_crawled,
        timeliness=status,
        content=content,
        expected_basis=expected_basis(publisher, case),
        deadline=due,
        published_lo=lo,
        published_hi=hi,
        days_late=late,
        reasons=standing.reasons,
        looks=standing.looks,
        report=case.report,
        held_before=case.held_before,
    )
