"""T5, T6: the few numbers that are held against those of all bodies of a kind and year.

One new report may move what is usual for all of them. So these checks are worked out for every report after
each run, from a handful of numbers; what stays the same is not written again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, or_, select
from sqlalchemy import Row as SqlRow

from archive.catalogue import schema
from archive.catalogue.store import delete_where, insert_all
from archive.register import Register
from extract.rebuild_rows import Row, check_row, finding_row, with_key
from parser.across import ACROSS, Figures, Peers, fee_checks, peer_checks, peers_of

Group = tuple[str, int]  # kind of body, report year
_FAMILIES = ("T5", "T6")
NO_PEERS = peers_of([])


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in each group, and the numbers of each report that it follows from."""

    peers: Mapping[Group, Peers]
    figures: Mapping[tuple[str, int], tuple[str, Group, Figures]]  # publisher, year → version, group

    def of(self, group: Group) -> Peers:
        """Nothing where no report of the group gives a number."""
        return self.peers.get(group, NO_PEERS)


def whole(value: float) -> int | float:
    """As the parser gave it: the catalogue keeps every number as a float."""
    return int(value) if value == int(value) else value


def usual(connection: Connection, register: Register) -> Usual:
    """Out of all reports of the catalogue whose publisher the register knows."""
    report, cell = schema.report, schema.cell
    keys = (ACROSS.fee, *ACROSS.outstanding)
    query = (
        select(report.c.publisher, report.c.report_year, report.c.version, cell.c.key, cell.c.value)
        .join(cell, and_(cell.c.version == report.c.version, cell.c.key.in_(keys)))
        .where(cell.c.value.is_not(None))
        .order_by(report.c.publisher, report.c.report_year)
    )
    groups: dict[Group, list[Figures]] = defaultdict(list)
    figures: dict[tuple[str, int], tuple[str, Group, Figures]] = {}
    for (code, year), found in groupby(connection.execute(query).all(), key=_report):
        publisher, rows = register.by_code(code), list(found)
        if publisher is None:
            continue
        group = publisher.kind.value, year
        groups[group].append(Figures(year, None, {row.key: row.value for row in rows}))
        told = Figures(year, None, {row.key: whole(row.value) for row in rows})
        figures[code, year] = rows[0].version, group, told
    return Usual({group: peers_of(reports) for group, reports in groups.items()}, figures)


def _report(row: SqlRow[str, int, str, str, Any]) -> tuple[str, int]:
    return row.publisher, row.report_year


def renew(connection: Connection, found: Usual, versions: Collection[str]) -> None:
    """Bring these checks of the given versions up to what is usual now."""
    checks: dict[tuple[str, str], Row] = {}
    findings: dict[str, Row] = {}
    for (code, year), (version, group, now) in found.figures.items():
        if version not in versions:
            continue
        results = peer_checks(now, found.of(group))
        if (last := found.figures.get((code, year - 1))) is not None:
            results += fee_checks(now, last[2])
        for check, told in results:
            checks[version, check.id] = {"version": version, **check_row(check)}
            if told is not None:
                row = with_key({"version": version, "record_id": None, **finding_row(told)})
                findings[row["finding"]] = row
    _renew_checks(connection, checks, versions)
    _renew_findings(connection, findings, versions)


def _renew_checks(
    connection: Connection, wanted: Mapping[tuple[str, str], Row], versions: Collection[str]
) -> None:
    table = schema.check_result
    ours = or_(*(table.c.id.startswith(f"{family}.", autoescape=True) for family in _FAMILIES))
    rows = connection.execute(select(table).where(ours)).mappings()
    held = {(row["version"], row["id"]): dict(row) for row in rows if row["version"] in versions}
    for version, name in held.keys() - {key for key, row in wanted.items() if held.get(key) == row}:
        connection.execute(table.delete().where(table.c.version == version, table.c.id == name))
    insert_all(connection, table, [row for key, row in sorted(wanted.items()) if held.get(key) != row])


def _renew_findings(connection: Connection, wanted: Mapping[str, Row], versions: Collection[str]) -> None:
    table = schema.finding
    query = select(table.c.finding, table.c.version).where(table.c.code.in_(_FAMILIES))
    held = {row.finding for row in connection.execute(query) if row.version in versions}
    delete_where(connection, table, "finding", sorted(held - wanted.keys()))
    insert_all(connection, table, [row for key, row in sorted(wanted.items()) if key not in held])
