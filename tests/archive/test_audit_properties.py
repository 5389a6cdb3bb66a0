"""What must hold of every verdict, over thousands of made-up cases: nobody is accused without proof.

Drawn by a seeded generator rather than searched: the interesting cases lie around the due day, and a count
at the end shows that each kind of accusation was really made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from archive.audit.evidence import Claim, Probe, ReportEvidence
from archive.audit.verdict import Verdict
from archive.audit.workdays import day_in_china, workdays_between
from archive.register import PublisherKind
from tests.archive.judging import claim, judged, probe, report

YEAR = 2024  # due 31 January 2025, closed on 5 February
CASES = 4000
KINDS = [kind.value for kind in PublisherKind]
STATUTE = {"county_government", "county_department"}


@dataclass(frozen=True)
class Drawn:
    """One case."""

    kind: str
    held: ReportEvidence | None
    probes: tuple[Probe, ...]
    as_of: str

    def judged(self, *more: Probe) -> Verdict:
        probes = (*self.probes, *more)
        return judged(YEAR, kind=self.kind, held=self.held, probes=probes, as_of=self.as_of)


def cases() -> Iterator[Drawn]:
    random = Random(20250205)
    for _ in range(CASES):
        probes = tuple(
            probe(
                _day(random),
                random.choice(["p/own", "p/own", "p/summary"]),
                random.choice(["healthy"] * 7 + ["declined", "incomplete"]),
            )
            for _ in range(random.randrange(6))
        )
        as_of = random.choice(["2025-06-30", _day(random)])
        held = random.choice([None, _report(random)])
        yield Drawn(random.choice([*KINDS, "county_department"]), held, probes, as_of)


def _day(random: Random) -> str:
    first, width = random.choice([(date(2025, 1, 25), 30), (date(2024, 12, 20), 190)])
    return (first + timedelta(days=random.randrange(width))).isoformat()


def _report(random: Random) -> ReportEvidence:
    claims = [_claim(random) for _ in range(random.choice([0, 1, 1, 1, 2, 3]))]
    seen = random.choice(["2025-06-30", _day(random)])
    return report(YEAR, *claims, seen=seen, attribution_unclear=random.random() < 0.1)


def _claim(random: Random) -> Claim:
    lo = _day(random)
    hi = date.fromisoformat(lo) + timedelta(days=random.choice([0, 0, 0, 5, 28]))
    return claim(
        lo,
        hi.isoformat(),
        kind=random.choice(["published"] * 5 + ["signed", "written"]),
        source=random.choice(["metadata_row", "meta_tag", "list_row", "url_day"]),
        seen=random.choice(["2025-06-30", _day(random)]),
    )


def test_nobody_is_accused_without_proof() -> None:
    seen: Counter[str] = Counter()
    for case in cases():
        found = case.judged()
        seen.update({found.presence.value, found.timeliness.value if found.timeliness else "none"})
        _check_missing(found, case)
        _check_late(found, case)
        assert ("逾期" in found.words()) is (found.timeliness == "late")
        assert (found.colour != "red") or case.kind in STATUTE
    for status in ("missing", "late", "late_by_practice", "late_past_outer", "date_disputed", "on_time"):
        assert seen[status] >= 20, seen


def _check_missing(found: Verdict, case: Drawn) -> None:
    """Every home twice, after the next working day, two working days apart: counted anew, by hand."""
    if found.presence != "missing":
        return
    assert found.deadline is not None
    assert date.fromisoformat(case.as_of) > found.deadline.closes
    assert case.kind not in {"vertical_body", "public_institution"}
    before = [p for p in case.probes if case.held is None or p.ended < case.held.first_seen]
    assert before
    for home in {p.home for p in before}:
        days = [day_in_china(p.started) for p in before if p.home == home and p.healthy]
        after = [day for day in days if day > found.deadline.closes]
        assert after
        assert workdays_between(min(after), max(after)) >= 2


def _check_late(found: Verdict, case: Drawn) -> None:
    """Every day that a possible source names lies after the next working day."""
    if found.timeliness != "late":
        return
    assert case.kind in STATUTE
    assert found.deadline is not None
    assert case.held is not None
    assert not case.held.attribution_unclear
    first = day_in_china(case.held.first_seen)
    published = [c for c in case.held.claims if c.kind == "published"]
    believed = [c for c in published if c.lo <= first and c.lo <= day_in_china(c.seen)]
    assert believed
    assert all(c.lo > found.deadline.closes for c in believed if c.lo == c.hi)


def test_every_verdict_is_whole_and_the_same_again() -> None:
    for case in cases():
        found = case.judged()
        assert found.reasons
        assert (found.timeliness is None) or found.presence in {"held", "withdrawn"}
        assert (found.not_crawled is not None) is (found.presence == "not_crawled")
        assert bool(found.content) is (found.presence in {"held", "withdrawn"})
        assert found.words("zh")
        assert found.words("en")
        if found.published_lo and found.published_hi:
            assert found.published_lo <= found.published_hi
        assert case.judged() == found


def test_one_more_home_that_could_not_be_walked_makes_nobody_missing() -> None:
    failed = probe("2025-03-01", home="p/third", result="declined")
    assert not any(case.judged(failed).presence == "missing" for case in cases() if case.held is None)
