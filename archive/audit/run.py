"""The audit of counties and years: every publisher judged, the brake applied, the sums made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Protocol

from archive.audit.assemble import assemble
from archive.audit.collect import Facts, gather, suspect_homes
from archive.audit.decisions import Journal
from archive.audit.holdings import Walk, changed_cells, load_holdings
from archive.audit.judge import judge
from archive.audit.ledger import open_ledger
from archive.audit.lists import Difference, differences
from archive.audit.office import spare_county_and_office
from archive.audit.organs import OrganList, load_organ_lists
from archive.audit.reasons import Reason
from archive.audit.slots import Stray, sort_into_slots
from archive.audit.statuses import Presence, Timeliness
from archive.audit.stored import Unread
from archive.audit.verdict import Former, Verdict
from archive.catalogue import Catalogue
from archive.register import County, PublisherKind, Register

_SYSTEMIC_SHARE = 0.8  # practice.md §1.10
_SYSTEMIC_COUNT = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """A county in numbers. The first is the sum of those below it, up to `not_yet_due`."""

    expected: int  # publisher-years
    on_time: int
    late: int  # on a statutory basis
    late_by_practice: int
    missing: int  # confirmed
    doubtful: int  # undated, disputed, unconfirmed, withdrawn
    not_crawled: int  # column_suspect among them
    not_yet_due: int
    held: int  # reports held, voluntary ones too
    findings: int  # warnings and failures in the reports held


@dataclass(frozen=True, slots=True)
class Home:
    """A column as the walks know it: where reports of a county are looked for."""

    home: str  # portal/column
    url: str
    publishers: frozenset[str]  # whose; empty: every body of the county
    last_look: Walk
    last_whole: datetime | None  # the last complete walk

    def covers(self, publisher: str) -> bool:
        """Whether it is a home of the body's reports."""
        return not self.publishers or publisher in self.publishers


@dataclass(frozen=True)
class CountyAudit:
    """One county's verdicts, by publisher and year."""

    county: County
    verdicts: tuple[Verdict, ...]
    tally: Tally
    last_walk: datetime | None  # the last complete walk of any of its columns
    strays: tuple[
        Stray, ...
    ] = ()  # reports found whose publisher the register does not know, or nobody can tell
    homes: tuple[Home, ...] = ()  # the columns that were walked
    differences: Sequence[Difference] = ()  # of its register and other lists of its bodies
    every: bool = False  # tell every verdict, not only what is to be looked at (archive.audit.select)


@dataclass(frozen=True, slots=True)
class Scope:
    """The day judged, the last capture admitted (None: all), report years, counties (none: all crawled)."""

    as_of: date
    seen_until: datetime | None
    years: tuple[int, ...]
    counties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audit:
    """The whole audit. Printed with `as_of` and `seen_until`, always."""

    scope: Scope
    counties: tuple[CountyAudit, ...]
    unknown_counties: tuple[str, ...] = ()  # walked, but not in the register
    journal_faults: tuple[str, ...] = ()  # lines of verdicts/ that cannot be used
    gone: tuple[tuple[str, int], ...] = ()  # publisher and year of the former audit, judged no more
    since: Former | None = None  # the former audit; the verdicts are then those that differ from it

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every verdict, county by county."""
        return tuple(verdict for county in self.counties for verdict in county.verdicts)

    @property
    def missing(self) -> bool:
        """Whether somebody is missing, confirmed."""
        return any(verdict.presence is Presence.MISSING for verdict in self.verdicts)

    @property
    def late(self) -> bool:
        """Whether somebody is late on a statutory basis (the only 'late' there is)."""
        return any(verdict.timeliness is Timeliness.LATE for verdict in self.verdicts)

    @property
    def unknown(self) -> bool:
        """Whether something could not be judged."""
        return any(county.tally.not_crawled or county.tally.doubtful for county in self.counties)


def run_audit(
    catalogue: Catalogue, register: Register, scope: Scope, journal: Journal | None = None
) -> Audit:
    """Judge every publisher of the scope. Raises KeyError for a county that the register does not know."""
    journal = journal or Journal()
    source = _source(catalogue, register, scope.seen_until)
    walked = source.walked()
    codes = scope.counties or _known(walked, register) or tuple(register.counties)
    organs = load_organ_lists(catalogue, scope.seen_until)
    audited = {county.county.code: county for county in _audited(source, codes, scope, journal, organs)}
    unknown = set(walked) - set(register.counties)
    return Audit(scope, tuple(audited[code] for code in codes), tuple(sorted(unknown)), journal.faults)


def audit_counties(
    catalogue: Catalogue, register: Register, scope: Scope, journal: Journal | None = None
) -> Iterator[CountyAudit]:
    """The same county by county, in the order of their codes: none is kept once the next is asked for.

    From a catalogue whose rebuild came to its end no more than a county lies in memory.
    """
    source = _source(catalogue, register, scope.seen_until)
    codes = scope.counties or _known(source.walked(), register) or tuple(register.counties)
    organs = load_organ_lists(catalogue, scope.seen_until)
    return _audited(source, codes, scope, journal or Journal(), organs)


class _Source(Protocol):
    """Where the facts come from."""

    def walked(self) -> tuple[str, ...]: ...

    def facts(self, counties: Sequence[str]) -> Iterator[tuple[str, Facts]]: ...


@dataclass(frozen=True)
class _Captures:
    """Everything worked out from the captures admitted."""

    whole: Facts

    @classmethod
    def of(cls, catalogue: Catalogue, register: Register, seen_until: datetime | None) -> _Captures:
        holdings = load_holdings(catalogue, seen_until)
        slots, strays = sort_into_slots(holdings, register)
        reports = assemble(slots, holdings, partial(changed_cells, catalogue))
        return cls(gather(holdings, reports, strays, register))

    def walked(self) -> tuple[str, ...]:
        return tuple(sorted(self.whole.walks))

    def facts(self, counties: Sequence[str]) -> Iterator[tuple[str, Facts]]:
        return ((county, self.whole) for county in sorted(set(counties)))


def _source(catalogue: Catalogue, register: Register, seen_until: datetime | None) -> _Source:
    ledger = open_ledger(catalogue, register, seen_until)
    return _Captures.of(catalogue, register, seen_until) if ledger is None else ledger


def _known(walked: Iterable[str], register: Register) -> tuple[str, ...]:
    return tuple(sorted(set(walked) & set(register.counties)))


def _audited(
    source: _Source,
    codes: Sequence[str],
    scope: Scope,
    journal: Journal,
    organs: Mapping[str, tuple[OrganList, ...]],
) -> Iterator[CountyAudit]:
    return (
        _audit_county(facts, code, scope, journal, organs.get(code, ()))
        for code, facts in source.facts(codes)
    )


def _audit_county(
    facts: Facts, code: str, scope: Scope, journal: Journal, organs: tuple[OrganList, ...]
) -> CountyAudit:
    county = facts.register.counties[code]
    years = [
        _systemic(spare_county_and_office(_audit_year(facts, code, year, scope.as_of)))
        for year in sorted(scope.years)
    ]
    verdicts = [verdict for of_body in zip(*years, strict=True) for verdict in of_body]
    if journal.decisions:
        verdicts = [_with_decisions(verdict, journal) for verdict in verdicts]
    walks = facts.walks.get(code, ())
    last = max((walk.ended for walk in walks if walk.healthy), default=None)
    strays = tuple(stray for stray in facts.strays.get(code, ()) if stray.report_year in {None, *scope.years})
    told = Unread("", lambda _: differences(facts.register, code, scope.years, organs))
    return CountyAudit(county, tuple(verdicts), tally(verdicts), last, strays, _homes(walks), told)


def _with_decisions(verdict: Verdict, journal: Journal) -> Verdict:
    decisions = journal.of(verdict.publisher.code, verdict.report_year)
    return replace(verdict, decisions=decisions) if decisions else verdict


def _homes(walks: Iterable[Walk]) -> tuple[Home, ...]:
    """Every column walked, by name; what it covers and where it stands is what its last walk says."""
    by_home: dict[str, list[Walk]] = {}
    for walk in walks:
        by_home.setdefault(walk.home, []).append(walk)
    return tuple(
        Home(
            home,
            found[-1].column_url,
            frozenset(found[-1].publishers),
            found[-1],
            max((walk.ended for walk in found if walk.healthy), default=None),
        )
        for home, found in sorted(by_home.items())
    )


def _audit_year(facts: Facts, code: str, year: int, as_of: date) -> list[Verdict]:
    """One county and year: judged, then judged again where the brake holds."""
    publishers = facts.register.of_county(code)
    verdicts = [judge(body, year, facts.case(body, year), as_of=as_of) for body in publishers]
    absent = [verdict.publisher for verdict in verdicts if verdict.unfound]
    suspect = suspect_homes(facts, code, year, absent)
    if not suspect:
        return verdicts
    return [
        judge(v.publisher, year, facts.case(v.publisher, year, suspect), as_of=as_of) if v.unfound else v
        for v in verdicts
    ]


def _systemic(verdicts: list[Verdict]) -> list[Verdict]:
    """If nearly all departments of a county are late together, say so beside each."""
    late = [v for v in verdicts if v.timeliness is Timeliness.LATE]
    if len(late) < _SYSTEMIC_COUNT:
        return verdicts
    departments = [v for v in verdicts if v.expected and v.publisher.kind is PublisherKind.COUNTY_DEPARTMENT]
    late = [v for v in departments if v.timeliness is Timeliness.LATE]
    if len(late) < _SYSTEMIC_COUNT or len(late) < _SYSTEMIC_SHARE * len(departments):
        return verdicts
    words = Reason("systemic", (len(departments), len(late)))
    return [replace(v, reasons=(*v.reasons, words)) if v in late else v for v in verdicts]


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """The sums of a county's verdicts."""
    kinds: Counter[str] = Counter()
    held = findings = 0
    for verdict in verdicts:
        if verdict.expected:
            kinds[_kind(verdict)] += 1
        if verdict.report is not None:
            held += 1
            findings += verdict.report.n_findings
    counts = {name: kinds[name] for name in _COUNTED}
    return Tally(expected=kinds.total(), held=held, findings=findings, **counts)


_COUNTED = ("on_time", "late", "late_by_practice", "missing", "doubtful", "not_crawled", "not_yet_due")
_KINDS: dict[Presence | Timeliness, str] = {
    Presence.MISSING: "missing",
    Presence.NOT_CRAWLED: "not_crawled",
    Presence.COLUMN_SUSPECT: "not_crawled",
    Presence.NOT_YET_DUE: "not_yet_due",
    Timeliness.ON_TIME: "on_time",
    Timeliness.ON_TIME_NEXT_WORKDAY: "on_time",
    Timeliness.LATE: "late",
    Timeliness.LATE_BY_PRACTICE: "late_by_practice",
    Timeliness.LATE_PAST_OUTER: "late_by_practice",
}


def _kind(verdict: Verdict) -> str:
    """Under which number an expected publisher-year is counted: exactly one."""
    if verdict.presence is Presence.HELD and verdict.timeliness is not None:
        if verdict.timeliness is Timeliness.ON_TIME:  # most are
            return "on_time"
        return _KINDS.get(verdict.timeliness, "doubtful")
    return _KINDS.get(verdict.presence, "doubtful")
