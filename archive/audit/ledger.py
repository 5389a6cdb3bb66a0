"""What a rebuild concluded (archive.audit.conclude), read county by county: one pass over each table.

Never more than a county lies in memory. `open_ledger` gives nothing where the rows are not of this register,
this code and every capture that is admitted; then the audit works from the captures.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Column, Connection, Select, Table, select

from archive.audit.collect import Facts, held_by_home, titled
from archive.audit.conclude import concluded_by
from archive.audit.holdings import ListedRow, Walk, moment_text
from archive.audit.slots import Stray
from archive.audit.stored import COLUMNS, evidence_of
from archive.catalogue import Catalogue, schema
from archive.register import Register

_FEW = 100  # counties that are asked for one by one
_AT_ONCE = 2000  # rows fetched together

_moment = datetime.fromisoformat
Answer = Sequence[Any]


def open_ledger(catalogue: Catalogue, register: Register, seen_until: datetime | None) -> Ledger | None:
    """The ledger, None where its rows would not be what the captures give."""
    noted = catalogue.concluded
    latest = noted.rpartition(" ")[2]
    if not noted or noted != concluded_by(register, latest):
        return None
    if seen_until is not None and latest > moment_text(seen_until):
        return None
    return Ledger(catalogue, register)


@dataclass(frozen=True)
class Ledger:
    """A catalogue whose conclusions hold."""

    catalogue: Catalogue
    register: Register

    def walked(self) -> tuple[str, ...]:
        """The counties of the walks, in order."""
        county = schema.spell.c.county
        with self.catalogue.engine.connect() as connection:
            return tuple(connection.execute(select(county).distinct().order_by(county)).scalars())

    def facts(self, counties: Sequence[str]) -> Iterator[tuple[str, Facts]]:
        """Each county, in the order of their codes, with what is known of it."""
        wanted = sorted(set(counties))
        with self.catalogue.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")  # all tables as of one moment: a rebuild may begin
            query = select(*_STRAY).where(schema.stray.c.county.is_(None)).order_by(schema.stray.c.version)
            lost = tuple(_stray(row, None) for row in connection.execute(query))
            parts = [wanted] if len(wanted) > _FEW else [[county] for county in wanted]
            for part in parts:
                one = part[0] if len(part) == 1 else None
                pages = _Pages(*(_Page(connection, table, columns, one) for table, columns in _READ))
                for county in part:
                    yield county, self._facts(county, pages, lost)

    def _facts(self, county: str, pages: _Pages, lost: tuple[Stray, ...]) -> Facts:
        held = [evidence_of(row[1:]) for row in pages.reports.of(county)]
        own = ((home, report.report_year, report.publisher) for report in held for home in report.homes)
        guests = ((home, year, code) for _, home, year, code in pages.guests.of(county))
        return Facts(
            register=self.register,
            reports={(report.publisher, report.report_year): report for report in held},
            titled=titled(held),
            held=held_by_home(chain(own, guests)),
            walks={county: _walks(pages.spells.of(county))},
            strays={None: lost, county: tuple(_stray(row[1:], county) for row in pages.strays.of(county))},
            open_rows={county: tuple(ListedRow(*row[1:]) for row in pages.open_rows.of(county))},
        )


_SPELL = tuple(column for column in schema.spell.columns if column.name != "n")
_STRAY = tuple(column for column in schema.stray.columns if column.name != "county")
_READ: tuple[tuple[Table, Sequence[Column[Any]]], ...] = (
    (schema.report, COLUMNS),
    (schema.spell, _SPELL[1:]),
    (schema.guest, tuple(schema.guest.columns)[1:]),
    (schema.stray, _STRAY),
    (schema.open_row, tuple(schema.open_row.columns)[1:]),
)
#: What orders the rows of a county, where that is to be told.
_WITHIN = {schema.stray: schema.stray.c.version, schema.open_row: schema.open_row.c.document}


class _Page:
    """A table's rows, county after county."""

    def __init__(
        self, connection: Connection, table: Table, columns: Sequence[Column[Any]], one: str | None
    ) -> None:
        county = table.c.county
        order = [county, _WITHIN[table]] if table in _WITHIN else [county]
        query = select(county, *columns).order_by(*order)
        query = query.where(county.is_not(None) if one is None else county == one)
        self._groups = groupby(_streamed(connection, query), key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, county: str) -> Sequence[Answer]:
        """A county's rows. To be asked in the order of the counties."""
        while self._next is not None and self._next[0] < county:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != county:
            return ()
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _streamed(connection: Connection, query: Select[Any]) -> Iterable[Answer]:
    """The rows of a query, not all at once. From SQLite as the driver has them, which costs half as much."""
    if connection.dialect.name != "sqlite":
        return connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE).execute(query)
    written = query.compile(connection, compile_kwargs={"literal_binds": True})
    cursor = connection.connection.cursor()
    cursor.execute(str(written))
    return cast("Iterable[Answer]", cursor)


class _Pages(NamedTuple):
    """The tables side by side."""

    reports: _Page
    spells: _Page
    guests: _Page
    strays: _Page
    open_rows: _Page


def _walks(spells: Sequence[Answer]) -> tuple[Walk, ...]:
    """Each walk of the spells, by its end. Which list it saw is not kept: its open rows are told apart."""
    found: list[Walk] = []
    for county, portal, column, url, publishers, years, healthy, result, reason, looks in spells:
        whose, when = tuple(json.loads(publishers)), tuple(json.loads(years))
        found += [
            Walk(
                record_id=record_id,
                portal=portal,
                county=county,
                column=column,
                column_url=url,
                publishers=whose,
                years=when,
                started=_moment(started),
                ended=_moment(ended),
                listing="",
                healthy=healthy == 1,
                result=result,
                reason=reason,
            )
            for record_id, started, ended in json.loads(looks)
        ]
    return tuple(sorted(found, key=lambda walk: (walk.ended, walk.record_id)))


def _stray(row: Sequence[Any], county: str | None) -> Stray:
    version, url, title, report_year, publisher_name, candidates, kind = row
    whose = tuple(json.loads(candidates))
    return Stray(county, url, title, report_year, publisher_name, whose, version, kind)
