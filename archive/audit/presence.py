"""The presence axis: is there a report, and if not, what does its absence prove? (practice.md §1.4, §1.7)

'Missing' is said only where every home of the publisher was walked to its end after the due day, twice, on
days at least two working days apart, and nothing else could explain the gap. Anything less is told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from archive.audit.deadlines import Deadline
from archive.audit.evidence import Absence, Case, Evidence, Looks, Probe
from archive.audit.reasons import Language, Reason
from archive.audit.statuses import NotCrawled, Presence
from archive.audit.verdict import Standing
from archive.audit.workdays import day_in_china, workdays_between
from archive.clock import SHANGHAI
from archive.register.model import ExpectedBasis, Publisher, PublisherKind

_WORKDAYS_APART = 2
_Look = tuple[datetime, Evidence]  # of a home walked to its end: when the walk started, its record
_FAILURES = {
    "declined": NotCrawled.DECLINED,
    "unreachable": NotCrawled.UNREACHABLE,
    "layout_changed": NotCrawled.LAYOUT_CHANGED,
    "blocked": NotCrawled.BLOCKED,
}


def expected_basis(publisher: Publisher, case: Case) -> ExpectedBasis:
    """The strongest reason to expect a report: a template becomes more once the body has published before."""
    if publisher.expected_basis is not ExpectedBasis.TEMPLATE:
        return publisher.expected_basis
    if case.held_before:
        return ExpectedBasis.PUBLISHED_BEFORE
    if any(probe.own for probe in case.probes):
        return ExpectedBasis.OWN_COLUMN
    return ExpectedBasis.TEMPLATE


def not_expected(
    publisher: Publisher, report_year: int, deadline: Deadline | None, case: Case
) -> Reason | None:
    """Why no report is expected of the body, None where one is."""
    ended = deadline is not None and publisher.gone_by(report_year, deadline.due)
    if (ended and publisher.successor is None) or not publisher.valid_in(report_year):
        if publisher.notes:
            return Reason("body_changed", (report_year, publisher.notes))
        return Reason("no_such_body", (report_year,))
    if not publisher.expected:
        return Reason("not_listed", (publisher.expected_note or "未列入名单 not in the list",))
    if deadline is None:
        return Reason("public_institution")
    if case.report is None and expected_basis(publisher, case) is ExpectedBasis.TEMPLATE:
        return Reason("template_only")
    return None


@dataclass(frozen=True, slots=True)
class _Survey:
    """What the walks of some homes say of a report due on a day: the same for all bodies with these homes."""

    unproved: Standing | None  # some home was not walked to its end after it
    evidence: tuple[Evidence, ...] = ()
    missing: Standing | None = None  # where nothing else could explain the gap


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of looks, written only where somebody reads them."""

    looks: tuple[Evidence, ...]

    def say(self, _language: Language) -> str:
        """In order, each once."""
        return "、".join(sorted({day_in_china(item.moment).isoformat() for item in self.looks}))


def judge_absence(publisher: Publisher, deadline: Deadline, case: Case, as_of: date) -> Standing:
    """No report counts on `as_of`: why, and how sure. Pure."""
    if as_of <= deadline.closes:
        return Standing(Presence.NOT_YET_DUE, None, (Reason("not_yet_due", (deadline.due,)),))
    survey = _survey(case.looks or Looks(case.probes), deadline)
    if survey.unproved is not None:
        return survey.unproved
    if case.absence.suspect_columns:
        words = Reason("column_suspect", (case.absence.suspect_columns,))
        return Standing(Presence.COLUMN_SUSPECT, None, (words,), survey.evidence)
    if publisher.kind is PublisherKind.VERTICAL_BODY:
        words = Reason("vertical")
        return Standing(Presence.NOT_CRAWLED, NotCrawled.NEVER_VISITED, (words,), survey.evidence)
    assert survey.missing is not None  # told wherever nothing is unproved
    return _doubtful(case.absence, survey.evidence) or survey.missing


def _survey(looks: Looks, deadline: Deadline) -> _Survey:
    """Kept with the looks: bodies of the same homes ask the same for the same due day."""
    found = looks.concluded.get(deadline)
    if not isinstance(found, _Survey):
        found = looks.concluded[deadline] = _surveyed(looks, deadline)
    return found


def _surveyed(looks: Looks, deadline: Deadline) -> _Survey:
    after = datetime.combine(deadline.closes + timedelta(days=1), time(), SHANGHAI)
    found = {home: [look for look in healthy if look[0] >= after] for home, healthy in looks.healthy.items()}
    for home, healthy in found.items():
        if not healthy:
            return _Survey(_unproved(home, looks.by_home[home], after))
    if not found:
        return _Survey(Standing(Presence.NOT_CRAWLED, NotCrawled.NEVER_VISITED, (Reason("no_column"),)))
    evidence = tuple(shown for healthy in found.values() for _, shown in healthy)
    return _Survey(None, evidence, _missing(found, deadline, evidence))


def _unproved(home: str, probes: Sequence[Probe], after: datetime) -> Standing:
    """A home was never walked to its end after the due day: nothing can be said."""
    last = next((probe for probe in reversed(probes) if probe.started >= after), probes[-1])
    if last.result == "healthy":  # before the due day, or a routine walk that stops at what is known
        words = Reason("not_walked_whole", (home,))
        return Standing(Presence.NOT_CRAWLED, NotCrawled.NEVER_VISITED, (words,))
    words = Reason("walk_failed", (home, day_in_china(last.started), last.reason or last.result))
    failed = Evidence(last.record_id, last.column_url, last.ended, "failed_walk")
    why = _FAILURES.get(last.result, NotCrawled.UNREACHABLE)
    return Standing(Presence.NOT_CRAWLED, why, (words,), (failed,))


def _doubtful(absence: Absence, evidence: tuple[Evidence, ...]) -> Standing | None:
    """What could be the report after all: then nobody is called missing."""
    if absence.unfetched:
        words = Reason("not_had", (absence.unfetched,))
        return Standing(Presence.NOT_CRAWLED, NotCrawled.UNREACHABLE, (words,), evidence)
    if absence.wrong_year:
        words = Reason("counted_elsewhere", (absence.wrong_year,))
        return Standing(Presence.MISSING_UNCONFIRMED, None, (words,), evidence)
    if absence.unattributed:
        words = Reason("unattributed", (absence.unattributed,))
        return Standing(Presence.MISSING_UNCONFIRMED, None, (words,), evidence)
    return None


def _missing(
    looks: Mapping[str, Sequence[_Look]], deadline: Deadline, evidence: tuple[Evidence, ...]
) -> Standing:
    days, where = _Days(evidence), tuple(looks)
    if not all(_two_looks(probes) for probes in looks.values()):
        words = Reason("one_look", (days, where))
        return Standing(Presence.MISSING_UNCONFIRMED, None, (words,), evidence)
    basis = deadline.article if deadline.basis.is_law else deadline.note_zh
    words = Reason("not_found", (deadline.due, basis, days, where))
    return Standing(Presence.MISSING, None, (words,), evidence)


def _two_looks(looks: Sequence[_Look]) -> bool:
    starts = [started for started, _ in looks]
    first, last = day_in_china(min(starts)), day_in_china(max(starts))
    return workdays_between(first, last, _WORKDAYS_APART) >= _WORKDAYS_APART
