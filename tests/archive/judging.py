"""Makes what `judge` is given: publishers, reports, claims and probes, in few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from archive.audit import Verdict, judge
from archive.audit.evidence import Absence, Case, Claim, Probe, ReportEvidence, VersionSeen
from archive.clock import SHANGHAI
from archive.register import ExpectedBasis, Publisher, PublisherKind

PAGE = "page"


def at(day: str, hour: int = 9) -> datetime:
    """A moment in China."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)


def body(kind: str = "county_department", **fields: object) -> Publisher:
    given = {
        "code": "999901-1",
        "official_name": "某县某局",
        "county_code": "999901",
        "kind": PublisherKind(kind),
        "expected_basis": ExpectedBasis.OFFICIAL_LIST,
        **fields,
    }
    return Publisher.model_validate(given)


def claim(
    lo: str,
    hi: str | None = None,
    *,
    source: str = "metadata_row",
    kind: str = "published",
    seen: str = "2026-06-01",
    document: str = PAGE,
) -> Claim:
    return Claim(
        kind, source, date.fromisoformat(lo), date.fromisoformat(hi or lo), lo, "urn:1", at(seen), document
    )


def version(seen: str, digest: str = "a", kind: str = "report", document: str = PAGE) -> VersionSeen:
    return VersionSeen(
        f"v-{digest}",
        document,
        f"http://x/{document}",
        digest,
        kind,
        at(seen),
        at(seen),
        f"urn:{digest}",
        219,
    )


def report(year: int, *claims: Claim, seen: str = "2026-06-01", **fields: object) -> ReportEvidence:
    made = ReportEvidence(
        publisher="999901-1",
        report_year=year,
        version="v-a",
        document=PAGE,
        url="http://x/page",
        title="某局年度报告",
        kind="report",
        versions=(version(seen),),
        claims=tuple(claims),
        first_seen=at(seen),
        last_seen=at(seen),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def probe(day: str, home: str = "p/c", result: str = "healthy", *, own: bool = False) -> Probe:
    return Probe(
        home=home,
        column_url=f"http://x/{home}",
        started=at(day),
        ended=at(day, 10),
        healthy=result == "healthy",
        result=result,
        reason=None if result == "healthy" else "for a test",
        record_id=f"urn:{home}:{day}",
        own=own,
    )


def judged(
    year: int,
    *,
    kind: str = "county_department",
    held: ReportEvidence | None = None,
    probes: tuple[Probe, ...] = (),
    as_of: str = "2030-01-01",
    publisher: Publisher | None = None,
    absence: Absence | None = None,
    held_before: bool = False,
) -> Verdict:
    case = Case(held, probes, absence or Absence(), held_before)
    return judge(publisher or body(kind), year, case, as_of=date.fromisoformat(as_of))
