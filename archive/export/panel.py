"""panel: register × year, absent rows included, with the status as of a day (practice.md §4.1)."""

from __future__ import annotations

from collections.abc import Mapping

from archive.audit.holdings import moment_text
from archive.audit.render.data import seen_until
from archive.audit.run import Audit, CountyAudit
from archive.audit.verdict import Verdict
from archive.export.conduct import figure_scope
from archive.export.model import Row, Table, columns
from archive.export.source import Held, Source

PANEL = columns(
    "county_code publisher_code publisher:text report_year:integer county:text kind sample:flag as_of:day"
    " seen_until:text expected:flag expected_basis presence not_crawled timeliness content status_zh:text"
    " status_en:text basis due:day published_lo:day published_hi:day days_late:integer held:flag"
    " format_version figure_scope n_findings:integer title:text url index_number first_seen:moment"
    " last_seen:moment decision:text reasons_zh:text reasons_en:text evidence version suppressed:flag"
)


def panel(audit: Audit, source: Source) -> Table:
    """A row for each body and year of the audit, whether or not a report is there."""
    known = {(held.publisher.code, held.year): held for held in source.held}
    rows = [
        _row(verdict, county, audit, source, known)
        for county in audit.counties
        for verdict in sorted(county.verdicts, key=lambda v: (v.publisher.code, v.report_year))
    ]
    return Table("panel", PANEL, rows)


def _row(
    verdict: Verdict,
    county: CountyAudit,
    audit: Audit,
    source: Source,
    known: Mapping[tuple[str, int], Held],
) -> Row:
    report, due = verdict.report, verdict.deadline
    hidden = report is not None and report.version in source.suppressed
    held = known.get((verdict.publisher.code, verdict.report_year))
    row = {
        "county_code": county.county.code,
        "county": county.county.label,
        "sample": county.county.sample,
        "publisher_code": verdict.publisher.code,
        "publisher": verdict.publisher.official_name,
        "kind": verdict.publisher.kind.value,
        "report_year": verdict.report_year,
        "as_of": audit.scope.as_of,
        "seen_until": seen_until(audit),
        "expected": verdict.expected,
        "expected_basis": verdict.expected_basis.value,
        "presence": verdict.presence.value,
        "not_crawled": verdict.not_crawled.value if verdict.not_crawled else None,
        "timeliness": verdict.timeliness.value if verdict.timeliness else None,
        "content": "; ".join(flag.value for flag in verdict.content),
        "status_zh": verdict.words("zh"),
        "status_en": verdict.words("en"),
        "basis": verdict.basis.value,
        "due": due.due if due else None,
        "published_lo": verdict.published_lo,
        "published_hi": verdict.published_hi,
        "days_late": verdict.days_late,
        "held": report is not None,
        "decision": verdict.decision.words("zh") if verdict.decision else None,
        "reasons_zh": "; ".join(reason.zh for reason in verdict.reasons),
        "reasons_en": "; ".join(reason.en for reason in verdict.reasons),
        "evidence": "; ".join(item.record_id for item in verdict.evidence),
        "suppressed": hidden,
    }
    if report is not None and not hidden:
        row |= {
            "format_version": held.version["format_version"] if held else None,
            "figure_scope": figure_scope(held)[0] if held else None,
            "n_findings": report.n_findings,
            "title": report.title,
            "url": report.url,
            "index_number": report.index_number,
            "first_seen": moment_text(report.first_seen),
            "last_seen": moment_text(report.last_seen),
            "version": report.version,
        }
    return row
