"""What `suppress.jsonl` names is judged like everything else, and neither told nor linked (practice.md §7).

The verdict stays with its days and record ids; titles, addresses and the words of such a report do not,
wherever they stand: the report, its evidence, the reasons of other verdicts, reports that nobody owns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.audit.evidence import Evidence, ReportEvidence
from archive.audit.reasons import Language, Reason, Told
from archive.audit.run import Audit, CountyAudit
from archive.audit.slots import Stray
from archive.audit.verdict import Verdict

WITHHELD = "（不外传 withheld: suppress.jsonl）"
MIN_SECRET = 6  # characters of a title or address that is looked for in the words of reasons


def without_withheld(audit: Audit, versions: frozenset[str]) -> Audit:
    """The audit as it may be shown; `versions` are those that are not passed on."""
    if not versions:
        return audit
    secrets = frozenset(_secrets(audit, versions))
    counties = tuple(_county(county, versions, secrets) for county in audit.counties)
    return replace(audit, counties=counties)


def _secrets(audit: Audit, versions: frozenset[str]) -> Iterable[str]:
    """Titles and addresses of what is withheld."""
    told: list[str | None] = []
    for county in audit.counties:
        for stray in county.strays:
            told += [stray.title, stray.url] if stray.version in versions else []
        for verdict in county.verdicts:
            report = verdict.report
            if report is None:
                continue
            told += [seen.url for seen in report.versions if seen.version in versions]
            if report.version in versions:
                told += [report.title, report.url, *report.duplicates]
    return (text for text in told if text and len(text) >= MIN_SECRET)


def _county(county: CountyAudit, versions: frozenset[str], secrets: frozenset[str]) -> CountyAudit:
    verdicts = tuple(_verdict(verdict, versions, secrets) for verdict in county.verdicts)
    return replace(county, verdicts=verdicts, strays=tuple(_stray(s, versions) for s in county.strays))


def _stray(stray: Stray, versions: frozenset[str]) -> Stray:
    return replace(stray, title=WITHHELD, url=WITHHELD) if stray.version in versions else stray


def _verdict(verdict: Verdict, versions: frozenset[str], secrets: frozenset[str]) -> Verdict:
    report = verdict.report
    return replace(
        verdict,
        reasons=tuple(_reason(reason, secrets) for reason in verdict.reasons),
        looks=tuple(_evidence(item, secrets) for item in verdict.looks),
        report=None if report is None else _report(report, versions, secrets),
    )


def _evidence(item: Evidence, secrets: frozenset[str]) -> Evidence:
    return replace(item, url=WITHHELD) if item.url in secrets else item


def _report(report: ReportEvidence, versions: frozenset[str], secrets: frozenset[str]) -> ReportEvidence:
    if versions.isdisjoint((report.version, *(seen.version for seen in report.versions))):
        return report
    seen = tuple(replace(s, url=WITHHELD) if s.version in versions else s for s in report.versions)
    report = replace(
        report,
        versions=seen,
        duplicates=tuple(url for url in report.duplicates if url not in secrets),
        other_texts=tuple(url for url in report.other_texts if url not in secrets),
    )
    if report.version not in versions:
        return report
    return replace(
        report,
        title=WITHHELD,
        url=WITHHELD,
        index_number=None,
        publisher_shown=None,
        changed_cells=(),
        n_findings=0,
    )


def _reason(reason: Reason, secrets: frozenset[str]) -> Reason:
    return replace(reason, args=tuple(_covered(value, secrets) for value in reason.args))


@dataclass(frozen=True, slots=True)
class _Covered:
    """Words with what is withheld taken out."""

    told: Told
    secrets: frozenset[str]

    def say(self, language: Language) -> str:
        return _clean(self.told.say(language), self.secrets)


def _covered(value: object, secrets: frozenset[str]) -> object:
    if isinstance(value, str):
        return _clean(value, secrets)
    if isinstance(value, tuple):
        return tuple(_covered(inner, secrets) for inner in value)
    return _Covered(value, secrets) if isinstance(value, Told) else value


def _clean(text: str, secrets: frozenset[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, WITHHELD)
    return text
