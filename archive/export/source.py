"""What an export is made of, read once: reports with their cells, findings, facts, sections, claims."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from archive.audit.holdings import parse_moment
from archive.audit.workdays import day_in_china
from archive.catalogue import Catalogue, schema
from archive.catalogue.suppressed import suppressed_versions
from archive.register import County, Publisher, Register

Row = dict[str, Any]
_BATCH = 500  # values asked for at once


@dataclass(frozen=True)
class Held:
    """One report with everything that its counting version says."""

    publisher: Publisher
    county: County
    year: int
    report: Row
    version: Row
    cells: Mapping[str, Row]  # by key
    findings: tuple[Row, ...]
    facts: tuple[Row, ...]
    sections: tuple[Row, ...]

    @property
    def key(self) -> Row:
        """What every table begins with."""
        return {
            "county_code": self.county.code,
            "publisher_code": self.publisher.code,
            "publisher": self.publisher.official_name,
            "report_year": self.year,
        }

    def value(self, cell: str) -> float | None:
        """A number as read; None where it is blank, absent or unreadable."""
        row = self.cells.get(cell)
        return None if row is None else row["value"]


@dataclass(frozen=True)
class Source:
    """The reports of one export, by publisher and year; all sample or all real."""

    held: tuple[Held, ...]
    versions: Mapping[str, Row]  # every version that a report had
    earlier: Mapping[str, Mapping[str, Row]]  # version → cells, of reports with several versions
    claims: Mapping[str, tuple[Row, ...]]  # record id → date claims
    suppressed: frozenset[str]  # versions that are not passed on
    n_suppressed: int  # reports left out

    @property
    def counties(self) -> tuple[County, ...]:
        """The counties that have reports here."""
        return tuple({held.county.code: held.county for held in self.held}.values())


def load_source(  # noqa: PLR0913 - what is optional is named
    catalogue: Catalogue,
    register: Register,
    *,
    counties: tuple[str, ...] = (),
    years: tuple[int, ...] = (),
    suppressed: frozenset[str] = frozenset(),
    with_claims: bool = True,
) -> Source:
    """Read what is asked for; `counties` and `years` empty: all. Suppressed reports are left out.

    Not `with_claims`, no date claim is read.
    """
    hidden = suppressed_versions(catalogue, suppressed)
    reports = (_owned(row, register) for row in _reports(catalogue, register, counties))
    wanted = [
        (row, publisher, county)
        for row, publisher, county in (item for item in reports if item is not None)
        if not years or row["report_year"] in years
    ]
    shown = [item for item in wanted if item[0]["version"] not in hidden]
    counting = [row["version"] for row, _, _ in shown]
    several = {
        version: None
        for row, _, _ in shown
        if len(seen := _versions(row)) > 1
        for version in seen
        if version not in hidden
    }
    versions = _by_version(catalogue, schema.version, [*counting, *several])
    cells = _by_version(catalogue, schema.cell, [*counting, *several])
    findings, facts, sections = (
        _by_version(catalogue, table, counting) for table in (schema.finding, schema.fact, schema.section)
    )
    held = [
        Held(
            publisher,
            county,
            row["report_year"],
            row,
            versions[row["version"]][0],
            {cell["key"]: cell for cell in cells.get(row["version"], ())},
            findings.get(row["version"], ()),
            facts.get(row["version"], ()),
            sections.get(row["version"], ()),
        )
        for row, publisher, county in shown
    ]
    held.sort(key=lambda item: (item.publisher.code, item.year))
    return Source(
        tuple(held),
        {version: rows[0] for version, rows in versions.items()},
        {version: {cell["key"]: cell for cell in cells.get(version, ())} for version in several},
        _claims(catalogue, [row for row, _, _ in shown]) if with_claims else {},
        hidden,
        len(wanted) - len(shown),
    )


def last_day(catalogue: Catalogue) -> date | None:
    """The day in China of the last capture; None for an empty catalogue."""
    capture = schema.capture
    with catalogue.engine.connect() as connection:
        found = connection.execute(select(capture.c.date).order_by(capture.c.date.desc()).limit(1)).scalar()
    return day_in_china(parse_moment(found)) if found else None


def judged_counties(catalogue: Catalogue, register: Register, source: Source) -> tuple[str, ...]:
    """The counties that have reports in the export, and those that were walked."""
    probe = schema.probe
    with catalogue.engine.connect() as connection:
        walked = set(connection.execute(select(probe.c.county).distinct()).scalars())
    held = {county.code for county in source.counties}
    return tuple(sorted(held | (walked & set(register.counties))))


def _reports(catalogue: Catalogue, register: Register, counties: tuple[str, ...]) -> list[Row]:
    """The rows of the reports of these counties' bodies; all where none is named."""
    if not counties:
        return [dict(row) for row in catalogue.rows(schema.report)]
    bodies = {body.code for county in counties for body in register.of_county(county)}
    return list(_chosen(catalogue, schema.report, "publisher", bodies))


def _owned(row: Row, register: Register) -> tuple[Row, Publisher, County] | None:
    """The report with its body; None where the register, changed since, knows it no more."""
    publisher = register.by_code(row["publisher"])
    county = register.county(publisher.county_code) if publisher else None
    return None if publisher is None or county is None else (row, publisher, county)


def _versions(report: Row) -> list[str]:
    return [version for version, *_ in json.loads(report["versions"])]


def _by_version(catalogue: Catalogue, table: Table, wanted: list[str]) -> dict[str, tuple[Row, ...]]:
    return _grouped(catalogue, table, "version", wanted)


def _claims(catalogue: Catalogue, reports: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    records = {record for row in reports for _, _, _, _, record, *_ in json.loads(row["claims"])}
    return _grouped(catalogue, schema.date_claim, "record_id", records)


def _grouped(
    catalogue: Catalogue, table: Table, column: str, wanted: Iterable[str]
) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _chosen(catalogue, table, column, wanted):
        found[row[column]].append(row)
    return {value: tuple(rows) for value, rows in found.items()}


def _chosen(catalogue: Catalogue, table: Table, column: str, wanted: Iterable[str]) -> Iterator[Row]:
    """The rows whose column holds one of these values."""
    values = sorted(set(wanted))
    names = table.columns.keys()
    with catalogue.engine.connect() as connection:
        for start in range(0, len(values), _BATCH):
            inside: ColumnElement[bool] = table.c[column].in_(values[start : start + _BATCH])
            query = select(table).where(inside).order_by(*table.primary_key.columns)
            for found in connection.execute(query):
                yield dict(zip(names, found, strict=True))
