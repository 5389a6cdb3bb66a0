"""The checks that compare reports, over the whole catalogue: their results stand beside each report's own.

Worked out anew whenever a report changed, county by county, so that memory holds one county at a time. What
is usual among peers is asked of the whole catalogue first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, and_, select

from archive.catalogue import Catalogue, schema
from archive.catalogue.store import insert_all
from archive.export.conduct import figure_scope
from archive.export.similarity import LEAST, alike, own_text, runs_of, twins
from archive.export.source import Held, load_source
from archive.register import PublisherKind, Register
from extract.rebuild_rows import Row, check_row, finding_row, with_key
from parser.across import (
    ACROSS,
    CODES,
    FAMILIES,
    Figures,
    Peers,
    area_checks,
    peer_checks,
    peers_of,
    year_checks,
)
from parser.document import Finding
from parser.report import Check, Fact, FormatVersion

Group = tuple[str, int]  # kind of body, report year
_SCOPE = {"whole_area": True, "own_body": False}


def compare_reports(catalogue: Catalogue, register: Register) -> None:
    """Replace every result of these checks by what the reports now give."""
    with catalogue.engine.begin() as connection:
        _forget(connection)
        counties = _counties(connection, register)
        peers = _peers(connection, register)
    for county in counties:
        held = load_source(catalogue, register, counties=(county,)).held
        results = {report.version["version"]: result for report, result in _county(held, register, peers)}
        with catalogue.engine.begin() as connection:
            insert_all(connection, schema.check_result, list(_check_rows(results)))
            insert_all(connection, schema.finding, list(_finding_rows(results)))


def _forget(connection: Connection) -> None:
    check, finding = schema.check_result, schema.finding
    connection.execute(finding.delete().where(finding.c.code.in_(sorted(CODES))))
    for family in sorted(FAMILIES):
        connection.execute(check.delete().where(check.c.id.startswith(f"{family}.", autoescape=True)))


def _counties(connection: Connection, register: Register) -> list[str]:
    owners = connection.execute(select(schema.report.c.publisher).distinct()).scalars()
    known = (register.by_code(code) for code in owners)
    return sorted({publisher.county_code for publisher in known if publisher is not None})


def _peers(connection: Connection, register: Register) -> dict[Group, Peers]:
    """What is usual, by kind and year, of the few numbers that are compared so."""
    report, cell = schema.report, schema.cell
    keys = (ACROSS.fee, *ACROSS.outstanding)
    query = (
        select(report.c.publisher, report.c.report_year, cell.c.key, cell.c.value)
        .join(cell, and_(cell.c.version == report.c.version, cell.c.key.in_(keys)))
        .where(cell.c.value.is_not(None))
        .order_by(report.c.publisher, report.c.report_year)
    )
    groups: dict[Group, list[Figures]] = defaultdict(list)
    rows = connection.execute(query).all()
    for (code, year), found in groupby(rows, key=lambda row: (row.publisher, row.report_year)):
        publisher = register.by_code(code)
        if publisher is not None:
            values = {row.key: row.value for row in found}
            groups[publisher.kind.value, year].append(Figures(year, None, values))
    return {group: peers_of(reports) for group, reports in groups.items()}


def _county(
    held: Sequence[Held], register: Register, peers: Mapping[Group, Peers]
) -> Iterator[tuple[Held, list[tuple[Check, Finding | None]]]]:
    """Each report of one county with its results."""
    figures = {(report.publisher.code, report.year): _figures(report) for report in held}
    texts = {
        (report.publisher.code, report.year): runs_of(text)
        for report in held
        if len(text := own_text(report)) >= LEAST
    }
    nearest = _twins(held, texts)
    for report in held:
        code, year = key = report.publisher.code, report.year
        results = peer_checks(
            figures[key], peers.get((report.publisher.kind.value, year), _UNKNOWN), twin=nearest.get(key)
        )
        before = figures.get((code, year - 1))
        if before is not None:
            copied = (
                alike(texts[key], texts[code, year - 1]) if {key, (code, year - 1)} <= texts.keys() else None
            )
            results += year_checks(figures[key], before, alike=copied)
        if report.publisher.kind is PublisherKind.COUNTY_GOVERNMENT:
            results += _area(report, held, figures, register)
        yield report, results


_UNKNOWN = peers_of([])


def _area(
    report: Held, held: Sequence[Held], figures: Mapping[tuple[str, int], Figures], register: Register
) -> list[tuple[Check, Finding | None]]:
    units = [
        figures[unit.publisher.code, unit.year]
        for unit in held
        if unit.year == report.year and unit.publisher.code != report.publisher.code
    ]
    bodies = register.of_county(report.county.code)
    expected = sum(body.expected and body.valid_in(report.year) for body in bodies) - 1
    scope = _SCOPE.get(figure_scope(report)[0])
    return area_checks(
        figures[report.publisher.code, report.year], units, expected=expected, whole_area=scope
    )


def _twins(
    held: Iterable[Held], texts: Mapping[tuple[str, int], frozenset[str]]
) -> dict[tuple[str, int], tuple[str, float]]:
    """Reports whose words are another body's of the same county and year: its name, and how much."""
    names = {report.publisher.code: report.publisher.official_name for report in held}
    found: dict[tuple[str, int], tuple[str, float]] = {}
    for year in sorted({year for _, year in texts}):
        runs = {code: text for (code, of), text in texts.items() if of == year}
        for code, (other, score) in twins(runs, ACROSS.alike_at_least).items():
            found[code, year] = (names[other], score)
    return found


def _figures(report: Held) -> Figures:
    """A report of the catalogue as the checks see it."""
    version = report.version["format_version"]
    values = {key: row["value"] for key, row in report.cells.items() if row["value"] is not None}
    publisher = report.publisher
    return Figures(
        year=report.year,
        format_version=FormatVersion(version) if version else None,
        values={key: int(value) if value == int(value) else value for key, value in values.items()},
        facts=[
            Fact(row["key"], row["value"], row["quote"], row["section"], bool(row["approximate"]))
            for row in report.facts
        ],
        text="\n".join(row["text"] for row in report.sections),
        joined=publisher.valid_from in {report.year, report.year - 1},
    )


Results = Mapping[str, list[tuple[Check, Finding | None]]]


def _check_rows(results: Results) -> Iterator[Row]:
    for version, found in sorted(results.items()):
        yield from ({"version": version, **check_row(check)} for check, _ in found)


def _finding_rows(results: Results) -> Iterator[Row]:
    for version, found in sorted(results.items()):
        for _, told in found:
            if told is not None:
                yield with_key({"version": version, "record_id": None, **finding_row(told)})
