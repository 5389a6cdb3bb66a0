"""What must hold of every verdict, over generated cases: nobody is accused without proof."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.audit.evidence import Claim, Probe, ReportEvidence
from archive.audit.verdict import Verdict
from archive.audit.workdays import day_in_china, workdays_between
from archive.register import PublisherKind
from tests.archive.judging import claim, judged, probe, report

YEAR = 2024
KINDS = sorted(kind.value for kind in PublisherKind)
DAYS = st.dates(date(2024, 12, 20), date(2025, 6, 30)).map(date.isoformat)
SOURCES = st.sampled_from(["metadata_row", "meta_tag", "list_row", "url_day"])
STATUTE = {"county_government", "county_department"}


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    lo = draw(DAYS)
    width = draw(st.sampled_from([0, 0, 0, 5, 30]))
    hi = (date.fromisoformat(lo) + timedelta(days=width)).isoformat()
    kind = draw(st.sampled_from(["published", "published", "signed", "written"]))
    return claim(lo, hi, kind=kind, source=draw(SOURCES), seen=draw(DAYS))


@st.composite
def reports(draw: st.DrawFn) -> ReportEvidence:
    made = draw(st.lists(claims(), max_size=4))
    return report(YEAR, *made, seen=draw(DAYS), attribution_unclear=draw(st.booleans()))


PROBES = st.lists(
    st.builds(
        probe,
        DAYS,
        st.sampled_from(["p/own", "p/summary"]),
        st.sampled_from(["healthy", "healthy", "healthy", "declined", "incomplete"]),
    ),
    max_size=8,
).map(tuple)
CASES = {
    "kind": st.sampled_from(KINDS),
    "held": st.none() | reports(),
    "probes": PROBES,
    "as_of": DAYS,
}


def proves_absence(verdict: Verdict, probes: tuple[Probe, ...]) -> bool:
    """Counted anew, by hand: every home twice, after the next working day, two working days apart."""
    assert verdict.deadline is not None
    homes = {p.home for p in probes}
    for home in homes:
        days = [
            day_in_china(p.started)
            for p in probes
            if p.home == home and p.healthy and day_in_china(p.started) > verdict.deadline.closes
        ]
        if not days or workdays_between(min(days), max(days)) < 2:
            return False
    return bool(homes)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(**CASES)
def test_nobody_is_accused_without_proof(
    kind: str, held: ReportEvidence | None, probes: tuple[Probe, ...], as_of: str
) -> None:
    found = judged(YEAR, kind=kind, held=held, probes=probes, as_of=as_of)
    if found.presence == "missing":
        assert found.deadline is not None
        assert date.fromisoformat(as_of) > found.deadline.closes
        before = tuple(p for p in probes if held is None or p.ended < held.first_seen)
        assert proves_absence(found, before)
        assert kind != "vertical_body"
    if found.timeliness == "late":
        assert kind in STATUTE
        assert found.deadline is not None
        assert held is not None
        assert not held.attribution_unclear
        published = [
            c for c in held.claims if c.kind == "published" and c.lo <= day_in_china(held.first_seen)
        ]
        believed = [c for c in published if c.lo <= day_in_china(c.seen)]
        assert believed
        assert all(c.lo > found.deadline.closes for c in believed if c.lo == c.hi)
    assert ("逾期" in found.words()) is (found.timeliness == "late")
    assert (found.colour != "red") or kind in STATUTE


@settings(max_examples=200, deadline=None, derandomize=True)
@given(**CASES)
def test_every_verdict_is_whole(
    kind: str, held: ReportEvidence | None, probes: tuple[Probe, ...], as_of: str
) -> None:
    found = judged(YEAR, kind=kind, held=held, probes=probes, as_of=as_of)
    assert found.reasons
    assert (found.timeliness is None) or found.presence in {"held", "withdrawn"}
    assert (found.not_crawled is not None) is (found.presence == "not_crawled")
    assert bool(found.content) is (found.presence in {"held", "withdrawn"})
    assert found.words("zh")
    assert found.words("en")
    if found.published_lo and found.published_hi:
        assert found.published_lo <= found.published_hi
    assert judged(YEAR, kind=kind, held=held, probes=probes, as_of=as_of) == found


@settings(max_examples=150, deadline=None, derandomize=True)
@given(probes=PROBES, extra=DAYS)
def test_one_more_failed_home_never_makes_anyone_missing(probes: tuple[Probe, ...], extra: str) -> None:
    more = (*probes, probe(extra, home="p/third", result="declined"))
    assert judged(YEAR, probes=more, as_of="2025-07-01").presence != "missing"
