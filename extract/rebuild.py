"""Archive → catalogue (design.md §3.2): incremental, or `everything` from nothing, equal by content hash.

Captures not yet read by this extractor and register are read; what depends on more than one capture (which
report counts, documents over time) is worked out anew from all rows after each run. Nothing is fetched: the
WARCs are all it needs. A page that breaks the reader becomes a finding with its record id; the run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Table, func, select

import extract
from archive.audit.conclude import conclude, concluded_by, count_findings, latest_moment
from archive.audit.evidence import ReportEvidence
from archive.audit.holdings import OK
from archive.catalogue import Catalogue, schema
from archive.catalogue.store import delete_where, document_key, insert_all
from archive.context import WalkKind, WalkRecord
from archive.register import Register
from archive.routes import identity_of
from archive.warc.index import IndexEntry
from archive.warc.reader import ArchiveReader
from extract.rebuild_across import compare_reports, counting
from extract.rebuild_reading import BROKEN, KILLED, UNREADABLE, CaptureSource, read_entries
from extract.rebuild_rows import (
    MET_AGAIN,
    CaptureRows,
    Row,
    is_drawn_document,
    note_rows,
    probe_rows,
)

_BATCH = 50  # captures a commit (measurements: 50 documents a commit 2,147/s, one 1,573/s)


@dataclass(frozen=True, slots=True)
class RebuildSummary:
    """What a run did. Captures that broke the reader or held nothing to read are findings, by record id."""

    captures: int
    read: int
    kept: int  # read before by the same extractor and register
    unreadable: int  # in the whole catalogue: an empty page, a cut PDF
    broken: int  # in the whole catalogue: the reader raised, or had to be killed
    walks: int
    reports: int
    removed: int  # captures whose records are no longer in the archive


def rebuild(  # noqa: PLR0913 - what is optional is named
    archive_root: Path,
    catalogue: Catalogue,
    register: Register,
    *,
    everything: bool = False,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
    isolated: bool = True,
) -> RebuildSummary:
    """Bring the catalogue up to the archive; `workers` processes read, `progress` hears captures read and to
    read. Not `isolated`, this process reads by itself: for tests. Raises ArchiveDamaged where a record cannot
    be read back; what was read before it stays, and the next run goes on from there.
    """
    if everything:
        catalogue.clear()
    reader = ArchiveReader(archive_root)
    entries = list(reader.entries())
    captures = [entry for entry in entries if entry.kind == "capture" or is_drawn_document(entry)]
    notes = list(reader.contexts())
    read_by = f"{extract.EXTRACTOR_VERSION}:{register.fingerprint}"
    present = {entry.record_id for entry in captures} | {note.pointer.record_id for note in notes}
    unfinished = catalogue.at_work
    counted = counting(catalogue)
    catalogue.begin_work()
    removed = _forget_missing(catalogue, present)
    known = _read_already(catalogue, read_by)
    fresh = [entry for entry in captures if entry.record_id not in known]
    before = None if unfinished or not known else counted  # another extractor or register: everything
    source = CaptureSource(archive_root, register, read_by)
    rows = read_entries(source, fresh, workers, isolated=isolated)
    done = 0
    if progress:
        progress(done, len(fresh))
    while batch := list(islice(rows, _BATCH)):
        _store(catalogue, batch)
        done += len(batch)
        if progress:
            progress(done, len(fresh))
    _store(catalogue, [note_rows(n, read_by) for n in notes if n.pointer.record_id not in known])
    walks = [(entry, reader.walk(entry)) for entry in entries if entry.kind == "walk"]
    _conclude(catalogue, register, walks)
    if fresh or removed or unfinished:
        compare_reports(catalogue, register, before)
        with catalogue.engine.begin() as connection:
            count_findings(connection)
    catalogue.end_work(concluded_by(register, latest_moment(catalogue)))
    return RebuildSummary(
        captures=len(captures),
        read=len(fresh),
        kept=len(captures) - len(fresh),
        unreadable=_count_findings(catalogue, UNREADABLE),
        broken=_count_findings(catalogue, BROKEN) + _count_findings(catalogue, KILLED),
        walks=len(walks),
        reports=len(catalogue.rows(schema.report)),
        removed=removed,
    )


def _count_findings(catalogue: Catalogue, code: str) -> int:
    table = schema.finding
    query = select(func.count()).where(table.c.code == code)
    with catalogue.engine.connect() as connection:
        return connection.execute(query).scalar_one()


def _read_already(catalogue: Catalogue, read_by: str) -> set[str]:
    query = select(schema.capture.c.record_id).where(schema.capture.c.read_by == read_by)
    with catalogue.engine.connect() as connection:
        return set(connection.execute(query).scalars())


def _forget_missing(catalogue: Catalogue, present: set[str]) -> int:
    """Drop captures whose records the archive no longer holds, as a run from nothing would."""
    with catalogue.engine.begin() as connection:
        known = set(connection.execute(select(schema.capture.c.record_id)).scalars())
        gone = known - present
        _forget(connection, gone)
    return len(gone)


def _forget(connection: Connection, record_ids: Iterable[str]) -> None:
    ids = list(record_ids)
    for table in (schema.capture, schema.date_claim, schema.finding):
        delete_where(connection, table, "record_id", ids)


def _store(catalogue: Catalogue, rows: list[CaptureRows]) -> None:
    with catalogue.engine.begin() as connection:
        _forget(connection, [row.capture["record_id"] for row in rows])
        insert_all(connection, schema.capture, [row.capture for row in rows])
        insert_all(connection, schema.date_claim, [claim for row in rows for claim in row.claims])
        insert_all(
            connection, schema.finding, [f for row in rows if row.version is None for f in row.findings]
        )
        _store_versions(connection, {row.version["version"]: row for row in rows if row.version is not None})


def _store_versions(connection: Connection, rows: dict[str, CaptureRows]) -> None:
    """Versions not yet there; a version's rows follow from its key, so that one there is the same."""
    query = select(schema.version.c.version).where(schema.version.c.version.in_(sorted(rows)))
    there = set(connection.execute(query).scalars())
    new = [row for version, row in rows.items() if version not in there]
    insert_all(connection, schema.version, [row.version for row in new if row.version is not None])
    insert_all(connection, schema.cell, [cell for row in new for cell in row.cells])
    insert_all(connection, schema.check_result, [check for row in new for check in row.checks])
    insert_all(connection, schema.section, [section for row in new for section in row.sections])
    insert_all(connection, schema.fact, [fact for row in new for fact in row.facts])
    insert_all(connection, schema.finding, [finding for row in new for finding in row.findings])


def _conclude(catalogue: Catalogue, register: Register, walks: list[tuple[IndexEntry, WalkRecord]]) -> None:
    """Everything that depends on more than one capture, from all rows."""
    with catalogue.engine.begin() as connection:
        _drop_orphans(connection)
        _replace_walks(connection, walks)
        _replace(connection, schema.document, _document_rows(connection))
    concluded = conclude(catalogue, register)
    owners = _owners(concluded.reports)
    with catalogue.engine.begin() as connection:
        concluded.write(connection)
        for document, publisher in sorted(owners.items()):
            table = schema.document
            connection.execute(table.update().where(table.c.document == document).values(publisher=publisher))


def _drop_orphans(connection: Connection) -> None:
    """Versions that no capture shows any more (another extractor read them)."""
    shown = select(schema.capture.c.version).where(schema.capture.c.version.is_not(None))
    version, cell, check, finding = schema.version, schema.cell, schema.check_result, schema.finding
    for table in (version, cell, check, finding, schema.section, schema.fact):
        column = table.c.version
        connection.execute(table.delete().where(column.is_not(None), column.not_in(shown)))


def _replace_walks(connection: Connection, walks: list[tuple[IndexEntry, WalkRecord]]) -> None:
    probes: list[Row] = []
    organs: list[Row] = []
    listings: dict[tuple[str, int], Row] = {}
    for entry, walk in walks:
        if walk.kind is WalkKind.LOOKUP:
            continue
        probe, rows = probe_rows(entry.pointer, walk)
        if walk.kind is WalkKind.COLUMN:
            probes.append(probe)
        else:  # an organ tree is no home of reports, so no probe: it tells who is there
            organs.append({c.name: probe[c.name] for c in schema.organ_walk.columns})
        listings.update({(row["listing"], row["n"]): row for row in rows})
    _replace(connection, schema.probe, probes)
    _replace(connection, schema.organ_walk, organs)
    _replace(connection, schema.listing_row, list(listings.values()))


def _replace(connection: Connection, table: Table, rows: list[Row]) -> None:
    connection.execute(table.delete())
    insert_all(connection, table, rows)


def _document_rows(connection: Connection) -> list[Row]:
    """One row per address: first and last seen, and the kind of what it showed last."""
    capture, version = schema.capture, schema.version
    query = (
        select(capture, version.c.kind)
        .outerjoin(version, version.c.version == capture.c.version)
        .where(capture.c.document.is_not(None), capture.c.outcome != MET_AGAIN)
        .order_by(capture.c.date, capture.c.record_id)
    )
    redirects: dict[str, str] = {}
    rows: dict[str, Row] = {}
    for capture_ in connection.execute(query).mappings():
        row = rows.setdefault(
            capture_["document"],
            {
                "document": capture_["document"],
                "url": identity_of(capture_["url"]),
                "role": capture_["role"],
                "page": None,
                "portal": capture_["portal"],
                "kind": None,
                "publisher": None,
                "first_seen": capture_["date"],
                "last_seen": capture_["date"],
                "n_captures": 0,
            },
        )
        row["n_captures"] += 1
        if capture_["location"]:
            redirects[capture_["document"]] = document_key(capture_["location"])
        if capture_["status"] in OK:
            row["last_seen"] = capture_["date"]
        row["kind"] = capture_["kind"] or row["kind"]
        if row["page"] is None and row["role"] == "attachment" and capture_["via"]:
            row["page"] = document_key(capture_["via"])
    for row in rows.values():
        row["page"] = redirects.get(row["page"], row["page"])
    return list(rows.values())


def _owners(reports: Iterable[ReportEvidence]) -> dict[str, str]:
    """Document → publisher of the report that it carries."""
    return {version.document: report.publisher for report in reports for version in report.versions}
