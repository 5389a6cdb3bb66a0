"""What follows from all captures together, as rows of the catalogue: worked out at the end of a rebuild.

Whose each report is, its days, its homes, what was listed and never had. An audit of everything held reads
these rows county by county (archive.audit.ledger). One that may admit less, or that has another register,
works from the captures.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, Table, func, select

import archive
from archive.audit.assemble import assemble
from archive.audit.collect import OpenRows
from archive.audit.evidence import ReportEvidence
from archive.audit.holdings import COUNTED, Holdings, Walk, changed_cells, load_holdings, moment_text
from archive.audit.slots import Stray, sort_into_slots
from archive.audit.stored import Row, row_of
from archive.catalogue import Catalogue, schema
from archive.catalogue.store import canonical, insert_all
from archive.register import Register

_ROOM = Path(archive.__file__).parent
#: Whatever code or table of words decides the rows: another of these, and they are worked out anew.
_DECIDING = ("audit", "register", "routes.py", "catalogue/store.py")
_WORDS = ("audit/data/titles.yml", "register/data/name_rules.yml")


@dataclass(frozen=True)
class Concluded:
    """The rows by table, and the reports that they are of."""

    reports: tuple[ReportEvidence, ...]
    rows: Mapping[Table, Sequence[Row]]

    def write(self, connection: Connection) -> None:
        """Put the rows in place of what was concluded before."""
        for table, rows in self.rows.items():
            connection.execute(table.delete())
            insert_all(connection, table, rows)


def conclude(catalogue: Catalogue, register: Register) -> Concluded:
    """Work it out from every capture of the catalogue."""
    holdings = load_holdings(catalogue)
    slots, strays = sort_into_slots(holdings, register)
    reports = tuple(assemble(slots, holdings, partial(changed_cells, catalogue)))
    rows = [row_of(report, _county(report, register)) for report in reports]
    return Concluded(
        reports,
        {
            schema.report: sorted(
                rows, key=lambda row: (row["county"], row["publisher"], row["report_year"])
            ),
            schema.spell: list(_spells(holdings.walks)),
            schema.guest: _guests(reports, holdings, register),
            schema.stray: [_stray_row(stray) for stray in strays],
            schema.open_row: list(_open_rows(holdings)),
        },
    )


def count_findings(connection: Connection) -> None:
    """Bring the numbers of findings up to what the checks across reports found since."""
    report, finding = schema.report, schema.finding
    counted = select(func.count()).where(finding.c.version == report.c.version, *COUNTED)
    connection.execute(report.update().values(n_findings=counted.scalar_subquery()))


def concluded_by(register: Register, latest: str) -> str:
    """By which code and register, and up to which capture: what Catalogue.end_work notes."""
    return f"{_code()} {register.fingerprint} {latest}"


def latest_moment(catalogue: Catalogue) -> str:
    """Of the last capture or walk, as the catalogue writes moments; empty where there is none."""
    capture, probe = schema.capture, schema.probe
    with catalogue.engine.connect() as connection:
        seen = connection.execute(select(func.max(capture.c.date))).scalar() or ""
        walked = connection.execute(select(func.max(probe.c.ended))).scalar() or ""
    return max(str(seen), str(walked))


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for name in _DECIDING:
        place = _ROOM / name
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(path.read_bytes())
    for name in _WORDS:
        digest.update((_ROOM / name).read_bytes())
    return digest.hexdigest()[:16]


def _county(report: ReportEvidence, register: Register) -> str:
    publisher = register.by_code(report.publisher)
    return publisher.county_code if publisher is not None else ""


def _spells(walks: Iterable[Walk]) -> Iterator[Row]:
    """Walks of one column, one after the other, that covered and found the same."""
    columns: dict[tuple[str, str, str], list[Walk]] = defaultdict(list)
    for walk in walks:
        columns[walk.county, walk.portal, walk.column].append(walk)
    for (county, portal, column), found in sorted(columns.items()):
        for n, (_, spell) in enumerate(groupby(found, key=_alike)):
            same = list(spell)
            yield {
                "county": county,
                "portal": portal,
                "column_id": column,
                "n": n,
                "column_url": same[0].column_url,
                "publishers": canonical(same[0].publishers),
                "years": canonical(same[0].years),
                "healthy": int(same[0].healthy),
                "result": same[0].result,
                "reason": same[0].reason,
                "looks": canonical(
                    [[w.record_id, moment_text(w.started), moment_text(w.ended)] for w in same]
                ),
            }


def _alike(walk: Walk) -> tuple[object, ...]:
    return (walk.column_url, walk.publishers, walk.years, walk.healthy, walk.result, walk.reason)


def _guests(reports: Iterable[ReportEvidence], holdings: Holdings, register: Register) -> list[Row]:
    counties: dict[str, set[str]] = defaultdict(set)
    for walk in holdings.walks:
        counties[walk.home].add(walk.county)
    return [
        {"county": county, "home": home, "report_year": report.report_year, "publisher": report.publisher}
        for report in reports
        for home in report.homes
        for county in sorted(counties[home] - {_county(report, register)})
    ]


def _stray_row(stray: Stray) -> Row:
    return {
        "version": stray.version,
        "county": stray.county,
        "url": stray.url,
        "title": stray.title,
        "report_year": stray.report_year,
        "publisher_name": stray.publisher_name,
        "candidates": canonical(stray.candidates),
        "kind": stray.kind,
    }


def _open_rows(holdings: Holdings) -> Iterator[Row]:
    open_rows = OpenRows.of(holdings)
    by_county: dict[str, list[Walk]] = defaultdict(list)
    for walk in holdings.walks:
        by_county[walk.county].append(walk)
    for county, walks in sorted(by_county.items()):
        for row in open_rows(walks):
            yield {
                "county": county,
                "document": row.document,
                "title": row.title,
                "publisher_hint": row.publisher_hint,
                "skipped": row.skipped,
            }
