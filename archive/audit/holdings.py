"""What the archive holds, read from the catalogue: captures, versions, claims, probes, as plain rows.

`seen_until` cuts here: what was captured later is not admitted, as if it had not happened.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.engine import RowMapping

from archive.audit.evidence import Claim
from archive.catalogue import Catalogue, schema
from archive.catalogue.store import document_key
from archive.clock import SHANGHAI

OK = frozenset({200, 304})
GONE = frozenset({404, 410})
_MAX_REDIRECTS = 5
#: Findings of extract that say: a picture, no text to read.
SCAN_CODES = ("image_only", "no_text_layer")
#: Which findings of a version are counted.
COUNTED = (schema.finding.c.severity.in_(("warn", "fail")),)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One capture of a report page or attachment."""

    record_id: str
    url: str
    moment: datetime
    status: int
    role: str
    document: str
    page: str  # document of the page: itself, or for an attachment the page that links it
    version: str | None
    run: str | None
    portal: str | None
    column: str | None
    location: str | None  # document that a redirect leads to
    publisher_hint: str | None
    list_title: str | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What one version says of itself."""

    version: str
    content_digest: str
    text_digest: str | None
    kind: str
    title: str | None
    report_year: int | None
    title_year: int | None
    publisher: str | None
    publisher_name: str | None
    publisher_unclear: bool
    publisher_reasons: tuple[str, ...]
    publisher_shown: str | None
    index_number: str | None
    n_cells: int


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a list page, as one or more walks saw it."""

    document: str  # of its address
    title: str
    publisher_hint: str | None
    skipped: str | None


@dataclass(frozen=True, slots=True)
class Walk:
    """One probe as recorded."""

    record_id: str
    portal: str
    county: str
    column: str
    column_url: str
    publishers: tuple[str, ...]
    years: tuple[int, ...]
    started: datetime
    ended: datetime
    listing: str
    healthy: bool
    result: str
    reason: str | None

    @property
    def home(self) -> str:
        """portal/column"""
        return f"{self.portal}/{self.column}"


@dataclass(frozen=True)
class Holdings:
    """Everything admitted."""

    sightings: tuple[Sighting, ...]  # by moment
    versions: Mapping[str, VersionRow]
    claims: Mapping[str, tuple[Claim, ...]]  # by record id
    walks: tuple[Walk, ...]  # by end
    listings: Mapping[str, tuple[ListedRow, ...]]
    findings: Mapping[str, int]  # warnings and failures by version
    scans: frozenset[str]  # versions that are pictures
    portal_county: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def redirects(self) -> Mapping[str, str]:
        """Document → document that its address led to when last asked for."""
        return {s.document: s.location for s in self.sightings if s.location is not None}

    def target(self, document: str) -> str:
        """The document that an address leads to in the end."""
        for _ in range(_MAX_REDIRECTS):
            following = self.redirects.get(document, document)
            if following == document:
                break
            document = following
        return document


def moment_text(moment: datetime) -> str:
    """The form in which the catalogue keeps moments: sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_moment(text: str) -> datetime:
    """The inverse of moment_text."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def end_of_day(day: date) -> datetime:
    """The last moment of a day in China."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=SHANGHAI)


def load_holdings(catalogue: Catalogue, seen_until: datetime | None = None) -> Holdings:
    """Read what was captured up to `seen_until` (None: everything)."""
    limit = moment_text(seen_until) if seen_until else "9999"
    sightings = _sightings(catalogue, limit)
    walks = _walks(catalogue, limit)
    versions = {row["version"]: _version(row) for row in catalogue.rows(schema.version)}
    return Holdings(
        sightings=sightings,
        versions=versions,
        claims=_claims(catalogue, {s.record_id: s for s in sightings}),
        walks=walks,
        listings=_listings(catalogue),
        findings=_finding_counts(catalogue),
        scans=_scans(catalogue),
        portal_county={walk.portal: walk.county for walk in walks},
    )


def changed_cells(catalogue: Catalogue, before: str, after: str) -> tuple[str, ...]:
    """Keys of the cells whose value differs between two versions, in bytewise order."""
    one, two = _cells(catalogue, before, after)
    return tuple(sorted(key for key in one.keys() | two.keys() if one.get(key) != two.get(key)))


def _cells(catalogue: Catalogue, *versions: str) -> list[dict[str, float | None]]:
    table = schema.cell
    query = select(table.c.version, table.c.key, table.c.value).where(table.c.version.in_(versions))
    found: dict[str, dict[str, float | None]] = {version: {} for version in versions}
    with catalogue.engine.connect() as connection:
        for version, key, value in connection.execute(query):
            found[version][key] = value
    return [found[version] for version in versions]


def _sightings(catalogue: Catalogue, limit: str) -> tuple[Sighting, ...]:
    table = schema.capture
    query = (
        select(table, schema.document.c.page)
        .outerjoin(schema.document, schema.document.c.document == table.c.document)
        .where(table.c.document.is_not(None), table.c.date <= limit)
        .order_by(table.c.date, table.c.record_id)
    )
    with catalogue.engine.connect() as connection:
        return tuple(_sighting(row) for row in connection.execute(query).mappings())


def _sighting(row: RowMapping) -> Sighting:
    return Sighting(
        record_id=row["record_id"],
        url=row["url"],
        moment=parse_moment(row["date"]),
        status=row["status"],
        role=row["role"],
        document=row["document"],
        page=row["page"] or row["document"],
        version=row["version"],
        run=row["run"],
        portal=row["portal"],
        column=row["column_id"],
        location=document_key(row["location"]) if row["location"] else None,
        publisher_hint=row["publisher_hint"],
        list_title=row["list_title"],
    )


def _version(row: RowMapping) -> VersionRow:
    names = VersionRow.__slots__
    fields = {name: row[name] for name in names if name != "publisher_reasons"}
    return VersionRow(**fields, publisher_reasons=tuple(json.loads(row["publisher_reasons"])))


def _claims(catalogue: Catalogue, sightings: Mapping[str, Sighting]) -> dict[str, tuple[Claim, ...]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for row in catalogue.rows(schema.date_claim):
        sighting = sightings.get(row["record_id"])
        if sighting is not None:
            found[sighting.record_id].append(_claim(row, sighting))
    return {record_id: tuple(claims) for record_id, claims in found.items()}


def _claim(row: RowMapping, sighting: Sighting) -> Claim:
    return Claim(
        kind=row["kind"],
        source=row["source"],
        lo=date.fromisoformat(row["lo"]),
        hi=date.fromisoformat(row["hi"]),
        raw=row["raw"],
        record_id=sighting.record_id,
        seen=sighting.moment,
        document=sighting.page,
    )


def _walks(catalogue: Catalogue, limit: str) -> tuple[Walk, ...]:
    walks = [_walk(row) for row in catalogue.rows(schema.probe) if row["ended"] <= limit]
    return tuple(sorted(walks, key=lambda walk: (walk.ended, walk.record_id)))


def _walk(row: RowMapping) -> Walk:
    return Walk(
        record_id=row["record_id"],
        portal=row["portal"],
        county=row["county"],
        column=row["column_id"],
        column_url=row["column_url"],
        publishers=tuple(json.loads(row["publishers"])),
        years=tuple(json.loads(row["years"])),
        started=parse_moment(row["started"]),
        ended=parse_moment(row["ended"]),
        listing=row["listing"],
        healthy=row["complete"] and row["result"] == "healthy",
        result=row["result"],
        reason=row["reason"],
    )


def _listings(catalogue: Catalogue) -> dict[str, tuple[ListedRow, ...]]:
    found: dict[str, list[ListedRow]] = defaultdict(list)
    for row in catalogue.rows(schema.listing_row):
        listed = ListedRow(document_key(row["url"]), row["title"], row["publisher_hint"], row["skipped"])
        found[row["listing"]].append(listed)
    return {listing: tuple(rows) for listing, rows in found.items()}


def _finding_counts(catalogue: Catalogue) -> dict[str, int]:
    table = schema.finding
    query = (
        select(table.c.version, func.count().label("n"))
        .where(table.c.version.is_not(None), *COUNTED)
        .group_by(table.c.version)
    )
    with catalogue.engine.connect() as connection:
        return {row.version: row.n for row in connection.execute(query)}


def _scans(catalogue: Catalogue) -> frozenset[str]:
    table = schema.finding
    query = select(table.c.version).where(table.c.version.is_not(None), table.c.code.in_(SCAN_CODES))
    with catalogue.engine.connect() as connection:
        return frozenset(connection.execute(query).scalars())
