"""The one function that judges: a publisher, a report year and what is known of them → a verdict.

Pure: the day judged is given, the clock never asked. `report_counts` decides whether a report is there on
that day; the presence and timeliness axes have modules of their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from archive.audit.deadlines import Deadline, deadline
from archive.audit.evidence import Case, ReportEvidence
from archive.audit.presence import expected_basis, judge_absence, not_expected
from archive.audit.statuses import Content, Presence, table_word
from archive.audit.timing import judge_timing, published_span
from archive.audit.verdict import Evidence, Reason, Standing, Timing, Verdict
from archive.audit.workdays import day_in_china
from archive.register.model import Publisher

_KEYS_SHOWN = 3  # a few changed numbers are named by their keys, as `scrapy explain --cell` takes them


@dataclass(frozen=True, slots=True)
class _Subject:
    """Who and which year is judged, by what."""

    publisher: Publisher
    report_year: int
    case: Case
    due: Deadline | None


def judge(publisher: Publisher, report_year: int, case: Case, *, as_of: date) -> Verdict:
    """The verdict on `as_of`. `case` holds only what was captured up to `seen_until` (archive.audit.collect).

    The order is that of practice.md §1.11: the first presence that applies, then timeliness where a report is
    held, then every content flag.
    """
    due = deadline(publisher.kind, report_year, publisher.county_code)
    subject = _Subject(publisher, report_year, case, due)
    unexpected = not_expected(publisher, report_year, due, case)
    if unexpected is not None:
        reasons = (unexpected, *_voluntary(case.report))
        return _verdict(subject, Standing(Presence.NOT_EXPECTED, None, reasons, _captures(case.report)))
    cover = publisher.cover_in(report_year)
    if cover is not None:
        words = Reason(f"由{cover.by}合并公开：{cover.reason}", f"covered by {cover.by}: {cover.reason}")
        return _verdict(subject, Standing(Presence.COVERED, None, (words,)))
    assert due is not None  # not_expected told otherwise
    if case.report is not None and report_counts(case.report, as_of):
        return _held(subject, case.report, due)
    return _absent(subject, due, as_of)


def report_counts(report: ReportEvidence, as_of: date) -> bool:
    """Whether the report was there on `as_of`: published by then, or, undated, not proved absent then."""
    span = published_span(report)
    if span is not None:
        return span.lo <= as_of
    if day_in_china(report.first_seen) <= as_of:
        return True
    return report.absent_on is None or day_in_china(report.absent_on) < as_of


def _held(subject: _Subject, report: ReportEvidence, due: Deadline) -> Verdict:
    standing = Standing(Presence.HELD, None, (), _captures(report))
    if report.first_gone is not None:
        gone = day_in_china(report.first_gone)
        words = Reason(
            f"最后采集到{day_in_china(report.last_seen)}，{gone}起打不开或已是其他内容",
            f"last captured {day_in_china(report.last_seen)}; gone, or other content, since {gone}",
        )
        standing = Standing(Presence.WITHDRAWN, None, (words,), _captures(report))
    timing: Timing | None = judge_timing(report, due)
    flags, reasons = _content(report)
    if report.attribution_unclear and timing is not None and timing.days_late is not None:
        timing = None  # whose report it is must be clear before anyone is called late (practice.md §1.5)
    standing = replace(standing, reasons=(*standing.reasons, *(timing.reasons if timing else ()), *reasons))
    return _verdict(subject, standing, timing, flags)


def _absent(subject: _Subject, due: Deadline, as_of: date) -> Verdict:
    """No report counts on that day; one published since is told, and only probes before it prove absence."""
    case = subject.case
    later: tuple[Reason, ...] = ()
    if case.report is not None:
        first = case.report.first_seen
        span = published_span(case.report)
        when = span.lo if span else day_in_china(first)
        later = (Reason(f"其后于{when}公开", f"published since, on {when}"),)
        before = tuple(probe for probe in case.probes if probe.ended < first)
        case = replace(case, probes=before, report=None)
    standing = judge_absence(subject.publisher, due, case, as_of)
    standing = replace(standing, reasons=(*standing.reasons, *later))
    flags = (Content.WRONG_YEAR,) if case.absence.wrong_year else ()
    return _verdict(replace(subject, case=case), standing, None, flags)


def _content(report: ReportEvidence) -> tuple[tuple[Content, ...], tuple[Reason, ...]]:
    """Every content flag that applies, with its words; COMPLETE alone where none does."""
    found: list[tuple[Content, Reason]] = []
    if report.attribution_unclear:
        found.append((Content.ATTRIBUTION_UNCLEAR, Reason(report.attribution, report.attribution)))
    if report.unreadable:
        words = Reason("正文是图片或扫描件，没有文字", "the body is a picture or a scan without text")
        found.append((Content.UNREADABLE, words))
    elif report.kind != "report":
        words = Reason("只有标题，正文或附件读不到", "a title alone: body or attachment could not be read")
        found.append((Content.SHELL_ONLY, words))
    if report.placeholder_until is not None:
        day = day_in_china(report.placeholder_until)
        words = Reason(f"{day}采集到的还不是报告", f"what was captured on {day} was not yet the report")
        found.append((Content.PLACEHOLDER_REPLACED, words))
    if report.replaced_on is not None:
        found.append((Content.REPLACED, _replaced(report, report.replaced_on)))
    elif report.other_texts:
        others = "、".join(report.other_texts)
        words = Reason(f"另一网址的文本不同：{others}", f"another text of the same year at {others}")
        found.append((Content.REPLACED, words))
    if report.duplicates:
        others = "、".join(report.duplicates)
        found.append((Content.DUPLICATE, Reason(f"同文另见{others}", f"the same text also at {others}")))
    if report.same_text_as:
        others = "、".join(report.same_text_as)
        words = Reason(f"与{others}的报告文本相同", f"the same text as the report of {others}")
        found.append((Content.SAME_TEXT_TWO_PUBLISHERS, words))
    if not found:
        return (Content.COMPLETE,), ()
    return tuple(flag for flag, _ in found), tuple(words for _, words in found)


def _replaced(report: ReportEvidence, day: date) -> Reason:
    chinese, english = "数字未变，文字有改动", "text only"
    if cells := report.changed_cells:
        tables = Counter(cell.partition(".")[0] for cell in cells)
        keys = f"（{'、'.join(cells)}）" if len(cells) <= _KEYS_SHOWN else ""
        chinese = "改动数字：" + "、".join(f"{table_word(t).zh}{n}处" for t, n in tables.items()) + keys
        english = "numbers changed: " + ", ".join(f"{n} in {table_word(t).en}" for t, n in tables.items())
    return Reason(
        f"公开后内容有改动，{day}采集到新版本，{chinese}",
        f"changed after publication, new version captured on {day}: {english}",
    )


def _voluntary(report: ReportEvidence | None) -> tuple[Reason, ...]:
    if report is None:
        return ()
    return (Reason("自愿公开了报告", "published one all the same"),)


def _captures(report: ReportEvidence | None) -> tuple[Evidence, ...]:
    if report is None:
        return ()
    shown = tuple(Evidence(v.record_id, v.url, v.first_seen, "report") for v in report.versions)
    if report.first_gone is not None:
        shown += (Evidence("", report.url, report.first_gone, "gone"),)
    return shown


def _verdict(
    subject: _Subject, standing: Standing, timing: Timing | None = None, content: tuple[Content, ...] = ()
) -> Verdict:
    return Verdict(
        publisher=subject.publisher,
        report_year=subject.report_year,
        presence=standing.status,
        not_crawled=standing.not_crawled,
        timeliness=timing.status if timing else None,
        content=content,
        expected_basis=expected_basis(subject.publisher, subject.case),
        deadline=subject.due,
        published_lo=timing.lo if timing else None,
        published_hi=timing.hi if timing else None,
        days_late=timing.days_late if timing else None,
        reasons=standing.reasons,
        evidence=standing.evidence,
        claims=timing.claims if timing else (),
        report=subject.case.report,
        held_before=subject.case.held_before,
    )
