"""The county's report and its office's own: the commonest false accusation (practice.md §1.5).

In most counties there is only one of the two, and it often names the office as 发布机构. So where the office
holds a report and the county none, neither is accused: it may be the county's.
"""

from __future__ import annotations

from dataclasses import replace

from archive.audit.reasons import Reason
from archive.audit.statuses import Content, Presence
from archive.audit.verdict import Verdict
from archive.register import PublisherKind
from archive.register.matching import is_government_office


def spare_county_and_office(verdicts: list[Verdict]) -> list[Verdict]:
    """One county's verdicts of one year, with the doubt between the two told."""
    county = next(
        (v for v in verdicts if v.publisher.kind is PublisherKind.COUNTY_GOVERNMENT and v.expected), None
    )
    if county is None or county.report is not None:
        return verdicts
    office = next((v for v in verdicts if v.report is not None and is_government_office(v.publisher)), None)
    if office is None:
        return verdicts
    changed = {office.publisher.code: _spared_office(office), county.publisher.code: _spared_county(county)}
    return [changed.get(v.publisher.code, v) for v in verdicts]


def _spared_office(verdict: Verdict) -> Verdict:
    if verdict.presence is not Presence.HELD or not verdict.late:
        return verdict
    words = Reason("maybe_the_countys")
    content = (Content.ATTRIBUTION_UNCLEAR, *(c for c in verdict.content if c is not Content.COMPLETE))
    return replace(
        verdict, timeliness=None, days_late=None, content=content, reasons=(*verdict.reasons, words)
    )


def _spared_county(verdict: Verdict) -> Verdict:
    if not verdict.unfound:
        return verdict
    words = Reason("maybe_the_offices")
    return replace(verdict, presence=Presence.MISSING_UNCONFIRMED, reasons=(*verdict.reasons, words))
