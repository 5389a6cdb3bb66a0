"""The evidence chain of a report or of one number: from the value back to the bytes (design rule 3)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, or_, select

from archive.catalogue import schema
from archive.catalogue.store import Catalogue

Row = dict[str, Any]


@dataclass(frozen=True)
class Chain:
    """A version with everything that leads to it. `report` is None for a document that is no report."""

    version: Row
    document: Row
    report: Row | None
    captures: tuple[Row, ...]  # that show this version, by date
    claims: tuple[Row, ...]
    cells: tuple[Row, ...]
    checks: tuple[Row, ...]
    findings: tuple[Row, ...]

    def cell(self, key: str) -> Row | None:
        """One number by its key, e.g. `applications.new_received.total`."""
        return next((cell for cell in self.cells if cell["key"] == key), None)

    def checks_of(self, key: str) -> tuple[Row, ...]:
        """The relations that a number takes part in, by itself or with its whole row."""
        return tuple(check for check in self.checks if _names(check["cells"], key))

    def findings_of(self, key: str) -> tuple[Row, ...]:
        """What is told of a number: of the cell, its row, its column or its whole table."""
        return tuple(found for found in self.findings if _names(found["cells"], key))


def _names(cells: str, key: str) -> bool:
    """Whether names such as `applications.total`, `applications.*.total` or `applications` cover the key."""
    for name in json.loads(cells):
        table, column, last = name.partition(".*.")
        if key == name or key.startswith(f"{name}."):
            return True
        if column and key.startswith(f"{table}.") and key.endswith(f".{last}"):
            return True
    return False


def find_chain(catalogue: Catalogue, reference: str) -> Chain | None:
    """The chain of `publisher:year`, or of a document's URL (its last version). None where there is none."""
    with catalogue.engine.connect() as connection:
        version = _version_of(connection, reference)
        return None if version is None else _chain(connection, version)


def _version_of(connection: Connection, reference: str) -> str | None:
    publisher, _, year = reference.rpartition(":")
    if publisher and year.isdigit() and len(year) == 4:
        table = schema.report
        query = select(table.c.version).where(
            table.c.publisher == publisher, table.c.report_year == int(year)
        )
        found: str | None = connection.execute(query).scalar_one_or_none()
        if found is not None:
            return found
    capture = schema.capture
    latest = (
        select(capture.c.version)
        .where(capture.c.url == reference, capture.c.version.is_not(None))
        .order_by(capture.c.date.desc())
        .limit(1)
    )
    version: str | None = connection.execute(latest).scalar_one_or_none()
    return version


def _chain(connection: Connection, version: str) -> Chain:
    row = _rows(connection, schema.version, schema.version.c.version == version)[0]
    document = _rows(connection, schema.document, schema.document.c.document == row["document"])[0]
    report, capture = schema.report, schema.capture
    reports = _rows(
        connection, report, or_(report.c.version == version, report.c.document == row["document"])
    )
    captures = _rows(connection, capture, capture.c.version == version)
    captures.sort(key=lambda item: (item["date"], item["record_id"]))
    shown = [item["record_id"] for item in captures]
    return Chain(
        version=row,
        document=document,
        report=reports[0] if reports else None,
        captures=tuple(captures),
        claims=tuple(_rows(connection, schema.date_claim, schema.date_claim.c.record_id.in_(shown))),
        cells=tuple(_rows(connection, schema.cell, schema.cell.c.version == version)),
        checks=tuple(_rows(connection, schema.check_result, schema.check_result.c.version == version)),
        findings=tuple(_rows(connection, schema.finding, schema.finding.c.version == version)),
    )


def _rows(connection: Connection, table: Table, condition: Any) -> list[Row]:  # noqa: ANN401 - an SQL condition
    query = select(table).where(condition).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]
