"""From slots to report evidence: one report per publisher and year, with its versions, dates and homes."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from archive.audit.dating import published_span
from archive.audit.evidence import Claim, ReportEvidence, VersionSeen
from archive.audit.holdings import Holdings, Sighting
from archive.audit.slots import Family, Member, Seen, Slot, best, first_gone
from archive.audit.workdays import day_in_china

Changed = Callable[[str, str], tuple[str, ...]]


@dataclass(frozen=True)
class Homes:
    """Which columns list an address, and when each was walked to its end."""

    listed: Mapping[str, Mapping[str, datetime]]  # document → home → start of the first walk that lists it
    whole: Mapping[str, Sequence[datetime]]  # home → ends of its complete walks, in order


def list_homes(holdings: Holdings) -> Homes:
    """The same list seen again and again is read once: by the first walk of a column that saw it."""
    first: dict[tuple[str, str], datetime] = {}  # (listing, home) → start
    whole: dict[str, list[datetime]] = defaultdict(list)
    for walk in holdings.walks:
        key = (walk.listing, walk.home)
        first[key] = min(first.get(key, walk.started), walk.started)
        if walk.healthy:
            whole[walk.home].append(walk.ended)
    listed: dict[str, dict[str, datetime]] = defaultdict(dict)
    for (listing, home), started in first.items():
        for row in holdings.listings.get(listing, ()):
            homes = listed[holdings.target(row.document)]
            homes[home] = min(homes.get(home, started), started)
    return Homes(listed, {home: sorted(ends) for home, ends in whole.items()})


def assemble(slots: Iterable[Slot], holdings: Holdings, changed: Changed) -> list[ReportEvidence]:
    """Every report held, by publisher and year. `changed` names the cells by which two versions differ."""
    homes = list_homes(holdings)
    reports = [_report(slot, holdings, homes, changed) for slot in slots]
    return _with_shared_texts(_with_shared_days(reports), holdings)


def _report(slot: Slot, holdings: Holdings, homes: Homes, changed: Changed) -> ReportEvidence:
    family, chosen, attribution = best(slot.members)
    kind = chosen.version.kind
    members = [m for m in slot.members if m[1].version.kind == kind]
    versions = _versions(members)
    own = [v for v in versions if v.document == chosen.sighting.document]
    replaced = next((v for v in own[1:] if v.content_digest != own[0].content_digest), None)
    gone = _gone(members)
    report = ReportEvidence(
        publisher=slot.publisher,
        report_year=slot.report_year,
        version=chosen.version.version,
        document=chosen.sighting.document,
        url=family.url,
        title=chosen.version.title or chosen.sighting.list_title,
        kind=kind,
        versions=versions,
        claims=_claims(members, holdings),
        first_seen=min(m[1].sighting.moment for m in members),
        last_seen=max(m[1].sighting.moment for m in members),
        first_gone=gone.moment if gone else None,
        gone_record=gone.record_id if gone else "",
        titled=_other_years(members, slot.report_year),
        index_number=chosen.version.index_number,
        publisher_shown=chosen.version.publisher_shown,
        duplicates=_copies(family, chosen, members, same=True),
        other_texts=_copies(family, chosen, members, same=False),
        replaced_on=day_in_china(replaced.first_seen) if replaced else None,
        changed_cells=changed(own[0].version, own[-1].version) if replaced else (),
        placeholder_until=_placeholder(family, members),
        attribution=attribution.how,
        attribution_unclear=attribution.unclear,
        unreadable=kind != "report" and any(s.version.version in holdings.scans for s in family.seen),
        n_findings=holdings.findings.get(chosen.version.version, 0),
    )
    return _with_homes(report, _families(members), homes)


def _other_years(members: Sequence[Member], report_year: int) -> tuple[tuple[int, str], ...]:
    """Other years by which one of its pages is titled: last year's text under this year's title is one."""
    last = {seen.sighting.document: seen for _, seen, _ in sorted(members, key=_moment)}
    titled = {
        (year, seen.version.title or seen.sighting.list_title or seen.sighting.url)
        for seen in last.values()
        if (year := seen.version.title_year) is not None and year != report_year
    }
    return tuple(sorted(titled))


def _moment(member: Member) -> datetime:
    return member[1].sighting.moment


def _families(members: Sequence[Member]) -> list[Family]:
    return list({family.page: family for family, _, _ in members}.values())


def _versions(members: Sequence[Member]) -> tuple[VersionSeen, ...]:
    """Each content of each document once, from its first to its last capture, by first capture."""
    runs: dict[tuple[str, str], list[Seen]] = {}
    for _, seen, _ in members:
        runs.setdefault((seen.sighting.document, seen.version.content_digest), []).append(seen)
    rows = [_version_seen(run) for run in runs.values()]
    return tuple(sorted(rows, key=lambda v: (v.first_seen, v.document, v.version)))


def _version_seen(run: Sequence[Seen]) -> VersionSeen:
    first = min(run, key=lambda seen: (seen.sighting.moment, seen.sighting.record_id))
    return VersionSeen(
        version=first.version.version,
        document=first.sighting.document,
        url=first.sighting.url,
        content_digest=first.version.content_digest,
        kind=first.version.kind,
        first_seen=first.sighting.moment,
        last_seen=max(seen.sighting.moment for seen in run),
        record_id=first.sighting.record_id,
        n_cells=first.version.n_cells,
    )


def _claims(members: Sequence[Member], holdings: Holdings) -> tuple[Claim, ...]:
    """The pages' claims; an attachment's only where its page makes none (its address dates the upload)."""
    found: list[Claim] = []
    for family in _families(members):
        page = [s for s in family.sightings if s.document == family.page]
        claims = [c for s in page for c in holdings.claims.get(s.record_id, ())]
        if not any(claim.kind == "published" for claim in claims):
            claims += [
                c
                for s in family.sightings
                if s.document != family.page
                for c in holdings.claims.get(s.record_id, ())
            ]
        found += claims
    return tuple(found)


def _gone(members: Sequence[Member]) -> Sighting | None:
    """The capture since which it is at no address any more; None while it is at one."""
    found: list[Sighting] = []
    for family in _families(members):
        mine = [seen for other, seen, _ in members if other is family]
        for document in sorted({seen.sighting.document for seen in mine}):
            gone = first_gone(family, document, {seen.version.version for seen in mine})
            if gone is None:
                return None
            found.append(gone)
    return max(found, key=lambda sighting: sighting.moment)


def _copies(family: Family, chosen: Seen, members: Sequence[Member], *, same: bool) -> tuple[str, ...]:
    """Other addresses with the same text, or with another."""
    text = chosen.version.text_digest
    urls = {
        other.url
        for other, seen, _ in members
        if other is not family and (seen.version.text_digest == text) is same
    }
    return tuple(sorted(urls - {family.url}))


def _placeholder(family: Family, members: Sequence[Member]) -> datetime | None:
    """Last capture, in an earlier run, of what stood at the report's place and was not yet the report."""
    first = min(m[1].sighting.moment for m in members)
    if any(m[0] is not family and m[1].sighting.moment == first for m in members):
        return None  # the report was already held elsewhere
    own = [m[1].sighting for m in members if m[0] is family]
    runs = {sighting.run for sighting in own}
    earlier = [
        seen.sighting.moment
        for seen in family.seen
        if seen.sighting.moment < min(s.moment for s in own)
        and seen.sighting.run not in runs
        and seen.version.kind != "report"
    ]
    return max(earlier, default=None)


def _with_homes(report: ReportEvidence, groups: Sequence[Family], homes: Homes) -> ReportEvidence:
    documents = {s.document for family in groups for s in family.sightings}
    listing: dict[str, datetime] = {}
    for document in documents:
        for home, started in homes.listed.get(document, {}).items():
            listing[home] = min(listing.get(home, started), started)
    absent = [_last_before(homes.whole.get(home, ()), first) for home, first in sorted(listing.items())]
    known = [moment for moment in absent if moment is not None]
    absent_on = min(known) if known and len(known) == len(absent) else None
    return replace(report, homes=tuple(sorted(listing)), absent_on=absent_on)


def _last_before(ends: Sequence[datetime], first_listed: datetime) -> datetime | None:
    """The end of the last complete walk of a home before the report was first listed there."""
    place = bisect_left(ends, first_listed)
    return ends[place - 1] if place else None


def _with_shared_days(reports: Sequence[ReportEvidence]) -> list[ReportEvidence]:
    """For each report, on how many report years of its columns the days stand (practice.md §1.2)."""
    years: dict[str, dict[date, set[int]]] = defaultdict(lambda: defaultdict(set))
    for report in reports:
        span = published_span(report)
        if span is not None and span.lo == span.hi:
            for home in report.homes:
                years[home][span.lo].add(report.report_year)
    shared = {
        home: {day: len(found) for day, found in days.items() if len(found) > 1}
        for home, days in years.items()
    }
    told = []
    for report in reports:
        counts: dict[date, int] = {}
        for home in report.homes:
            for day, count in shared.get(home, {}).items():
                counts[day] = max(count, counts.get(day, 0))
        told.append(replace(report, shared_days=counts))
    return told


def _with_shared_texts(reports: Sequence[ReportEvidence], holdings: Holdings) -> list[ReportEvidence]:
    """Publishers whose reports of one year have the same text, word for word."""
    owners: dict[tuple[int, str], set[str]] = defaultdict(set)
    for report in reports:
        text = holdings.versions[report.version].text_digest
        if text is not None:
            owners[report.report_year, text].add(report.publisher)
    told = []
    for report in reports:
        text = holdings.versions[report.version].text_digest
        others = owners.get((report.report_year, text), set()) if text else set()
        told.append(replace(report, same_text_as=tuple(sorted(others - {report.publisher}))))
    return told
