"""From holdings to cases: what bears on each publisher and report year, the brake included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from archive.audit.evidence import Absence, Case, Looks, Probe, ReportEvidence
from archive.audit.holdings import OK, Holdings, ListedRow, Walk
from archive.audit.slots import Stray
from archive.audit.titles import body_in, names_a_body, title_words
from archive.quick import quick
from archive.register import Publisher, Register

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_BRAKE_SHARE = 0.3  # practice.md §1.4
_BRAKE_COUNT = 5
_REPORT_KINDS = frozenset({"report", "candidate"})
_NOTHING = Absence()
_case, _absent, _looked = quick(Case), quick(Absence), quick(Probe)

Key = tuple[str, int]
K = TypeVar("K")
V = TypeVar("V")


Held = Mapping[str, Mapping[int, frozenset[str]]]  # home → report year → publishers


@dataclass(frozen=True)
class Facts:
    """Everything known, of all counties or of one, arranged so that each question is a look-up."""

    register: Register
    reports: Mapping[Key, ReportEvidence]
    titled: Mapping[Key, tuple[str, ...]]  # titles that name the year, of reports counted for another
    held: Held
    walks: Mapping[str, tuple[Walk, ...]]  # by county
    strays: Mapping[str | None, tuple[Stray, ...]]  # by county; None: of a portal without a walk
    open_rows: Mapping[str, tuple[ListedRow, ...]]  # by county: listed, never had, maybe a report
    _columns: dict[str, Columns] = field(default_factory=dict, repr=False)  # by county, made when asked for

    def columns(self, county: str) -> Columns:
        """The columns of a county, as its walks tell them."""
        found = self._columns.get(county)
        if found is None:
            bodies = frozenset(body.code for body in self.register.of_county(county))
            found = self._columns[county] = Columns(self.walks.get(county, ()), bodies)
        return found

    def case(self, publisher: Publisher, report_year: int, suspect: Sequence[str] = ()) -> Case:
        """All that bears on one publisher and report year. `suspect`: homes under the brake."""
        code = publisher.code
        report = self.reports.get((code, report_year))
        looks = self.columns(publisher.county_code).looks(code, report_year)
        before = (code, report_year - 1) in self.reports
        absence = _NOTHING if report is not None else self._absence(publisher, report_year, looks, suspect)
        launches = self.register.counties[publisher.county_code].launches
        return _case(report, looks.probes, absence, before, looks, launches)

    def _absence(
        self, publisher: Publisher, report_year: int, looks: Looks, suspect: Sequence[str]
    ) -> Absence:
        absence = _absent(
            unfetched=self._unfetched(publisher, report_year),
            unattributed=self._unattributed(publisher, report_year),
            wrong_year=self.titled.get((publisher.code, report_year), ()),
            suspect_columns=tuple(home for home in suspect if home in looks.by_home),
        )
        return _NOTHING if absence == _NOTHING else absence

    def _unfetched(self, publisher: Publisher, report_year: int) -> tuple[str, ...]:
        rows = self.open_rows.get(publisher.county_code, ())
        return tuple(row.title for row in rows if self._may_be(row, publisher, report_year))

    def _may_be(self, row: ListedRow, publisher: Publisher, report_year: int) -> bool:
        years = {int(year) for year in _YEAR.findall(row.title)}
        if years and report_year not in years:
            return False
        unknown = row.skipped == title_words().unknown_skip
        names = (body_in(row.title),) if unknown else (row.publisher_hint, body_in(row.title))
        for name in names:
            found = self.register.match(name, publisher.county_code).candidates if name else ()
            if found:
                return publisher in found
        return not unknown

    def _unattributed(self, publisher: Publisher, report_year: int) -> tuple[str, ...]:
        near = (*self.strays.get(publisher.county_code, ()), *self.strays.get(None, ()))
        return tuple(
            stray.title or stray.url
            for stray in near
            if (stray.report_year == report_year or (stray.report_year is None and stray.kind == "report"))
            and (publisher.code in stray.candidates or not names_a_body(stray.publisher_name))
        )


def gather(
    holdings: Holdings, reports: Sequence[ReportEvidence], strays: Iterable[Stray], register: Register
) -> Facts:
    """Arrange the facts by publisher, year, home and county."""
    walks = _grouped((walk.county, walk) for walk in holdings.walks)
    open_rows = OpenRows.of(holdings)
    return Facts(
        register=register,
        reports={(report.publisher, report.report_year): report for report in reports},
        titled=titled(reports),
        held=held_by_home((home, r.report_year, r.publisher) for r in reports for home in r.homes),
        walks=walks,
        strays=_grouped((stray.county, stray) for stray in strays),
        open_rows={county: open_rows(found) for county, found in walks.items()},
    )


def titled(reports: Iterable[ReportEvidence]) -> Mapping[Key, tuple[str, ...]]:
    """Titles by the year that they name, where the report was counted for another."""
    return _grouped(((report.publisher, year), title) for report in reports for year, title in report.titled)


def held_by_home(places: Iterable[tuple[str, int, str]]) -> Held:
    """From homes, report years and publishers: whose reports a home shows."""
    found: dict[str, dict[int, set[str]]] = {}
    for home, year, publisher in places:
        found.setdefault(home, {}).setdefault(year, set()).add(publisher)
    return {home: {year: frozenset(codes) for year, codes in years.items()} for home, years in found.items()}


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


def suspect_homes(
    facts: Facts, county: str, report_year: int, absent: Sequence[Publisher]
) -> tuple[str, ...]:
    """The brake (practice.md §1.4): homes from which many vanished together, or that show nobody that year.

    `absent` are the county's publishers that would be called missing, confirmed or not, for that year.
    """
    if not absent:
        return ()
    gone = {publisher.code for publisher in absent}
    columns = facts.columns(county).covered
    return tuple(
        home
        for home, covered in sorted(columns.items())
        if _suspect(facts.held.get(home, {}), report_year, gone & covered, covered)
    )


def _suspect(
    held: Mapping[int, frozenset[str]], report_year: int, gone: set[str], covered: frozenset[str]
) -> bool:
    """Whether a column covering several bodies may have moved, rather than the bodies have failed.

    Three signs: many of last year's publishers vanished together; nobody's report of the year is there; most
    of those looked for were never in this column in any year (so it may not be theirs: our own addition).
    """
    if len(covered) < 2 or not gone:
        return False
    last, shown = held.get(report_year - 1, frozenset()), held.get(report_year, frozenset())
    vanished = last & gone
    if len(vanished) >= _BRAKE_COUNT and len(vanished) >= _BRAKE_SHARE * len(last):
        return True
    if not shown:
        return True
    never = gone - {code for codes in held.values() for code in codes}
    return len(never) >= _BRAKE_COUNT and len(never) > len(shown)


class Columns:
    """The columns of one county: which bodies and years each walk covered. Bodies alike share Looks."""

    def __init__(self, walks: Sequence[Walk], bodies: frozenset[str]) -> None:
        groups: dict[tuple[tuple[str, ...], tuple[int, ...]], list[int]] = {}
        covered: dict[str, frozenset[str]] = {}
        for place, walk in enumerate(walks):
            groups.setdefault((walk.publishers, walk.years), []).append(place)
            covered.setdefault(walk.home, frozenset())
        for home, publishers in {(walk.home, walk.publishers) for walk in walks}:
            covered[home] |= frozenset(publishers) or bodies
        self.covered: Mapping[str, frozenset[str]] = covered  # by home: the bodies of any of its walks
        self._walks = walks
        self._groups = [(frozenset(whose), frozenset(years), at) for (whose, years), at in groups.items()]
        self._looks: dict[tuple[int, ...], Looks] = {}
        self._probes: dict[int, Probe] = {}
        self._of_body: dict[str, Looks] | None = None if any(years for _, years, _ in self._groups) else {}

    def looks(self, publisher: str, report_year: int) -> Looks:
        """The walks, by their end, that looked for a body's report of that year."""
        if self._of_body is None:
            return self._covering(publisher, report_year)
        found = self._of_body.get(publisher)
        if found is None:
            found = self._of_body[publisher] = self._covering(publisher, report_year)
        return found

    def _covering(self, publisher: str, report_year: int) -> Looks:
        covering = tuple(
            n
            for n, (whose, years, _) in enumerate(self._groups)
            if (not whose or publisher in whose) and (not years or report_year in years)
        )
        found = self._looks.get(covering)
        if found is None:
            places = sorted(place for n in covering for place in self._groups[n][2])
            found = self._looks[covering] = Looks(tuple(map(self._probe, places)))
        return found

    def _probe(self, place: int) -> Probe:
        if place not in self._probes:
            self._probes[place] = _probe(self._walks[place])
        return self._probes[place]


def _probe(walk: Walk) -> Probe:
    return _looked(
        home=walk.home,
        column_url=walk.column_url,
        started=walk.started,
        ended=walk.ended,
        healthy=walk.healthy,
        result=walk.result,
        reason=walk.reason,
        record_id=walk.record_id,
        own=len(walk.publishers) == 1,  # and only that one's cases hold the probe
    )


@dataclass(frozen=True)
class OpenRows:
    """Rows that may be a report whose text was never had: not fetched, or fetched and no report to read.

    The second kind must name disclosure in its title: other yearly reports are fetched now and then.
    """

    holdings: Holdings
    got: frozenset[str]  # documents that were answered
    read: frozenset[str]  # documents, and pages of documents, in which a report was read

    @classmethod
    def of(cls, holdings: Holdings) -> OpenRows:
        kinds = {version: row.kind for version, row in holdings.versions.items()}
        read = {
            place
            for s in holdings.sightings
            if s.version is not None and kinds.get(s.version) in _REPORT_KINDS
            for place in (s.document, s.page)
        }
        got = frozenset(s.document for s in holdings.sightings if s.status in OK)
        return cls(holdings, got, frozenset(read))

    def __call__(self, walks: Sequence[Walk]) -> tuple[ListedRow, ...]:
        """Those of the lists that these walks saw; a list seen again and again is read once."""
        rows: dict[str, ListedRow] = {}
        for listing in dict.fromkeys(walk.listing for walk in reversed(walks)):  # the newest word counts
            for row in self.holdings.listings.get(listing, ()):
                if self._is_open(row):
                    rows.setdefault(row.document, row)
        return tuple(rows[document] for document in sorted(rows))

    def _is_open(self, row: ListedRow) -> bool:
        words = title_words()
        document = self.holdings.target(row.document)
        if document in self.read or (row.skipped or "").partition(":")[0] in words.harmless_skips:
            return False
        wanted = words.disclosure_words if document in self.got else words.report_words
        return any(word in row.title for word in wanted) or row.skipped == words.unknown_skip
