"""The checks that compare reports, over the whole catalogue: their results stand beside each report's own.

Worked out anew for the counties whose reports changed, county by county, so that memory holds one county at a
time. What is usual among peers is asked of the whole catalogue first (extract.rebuild_peers).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, or_, select

from archive.catalogue import Catalogue, schema
from archive.catalogue.store import insert_all
from archive.export.conduct import figure_scope
from archive.export.similarity import LEAST, alike, own_text, runs_of, twins
from archive.export.source import Held, load_source
from archive.register import PublisherKind, Register
from extract.rebuild_peers import Usual, renew, usual, whole
from extract.rebuild_rows import Row, check_row, finding_row, with_key
from parser.across import ACROSS, CODES, FAMILIES, Figures, area_checks, peer_checks, year_checks
from parser.document import Finding
from parser.report import Check, Fact, FormatVersion

Counting = tuple[str, int, str]  # publisher, report year, the version that counts
_SCOPE = {"whole_area": True, "own_body": False}
_AT_ONCE = 500  # versions asked for at once


def counting(catalogue: Catalogue) -> frozenset[Counting]:
    """Which version counts for each report."""
    report = schema.report
    query = select(report.c.publisher, report.c.report_year, report.c.version)
    with catalogue.engine.connect() as connection:
        return frozenset((row.publisher, row.report_year, row.version) for row in connection.execute(query))


def compare_reports(
    catalogue: Catalogue, register: Register, before: frozenset[Counting] | None = None
) -> None:
    """Bring the results of these checks up to the reports.

    `before`: what `counting` told when they were last worked out, by the same register and parser; only what
    follows from the difference is then worked out again. None: everything.
    """
    now = counting(catalogue)
    changed = _counties(now if before is None else now ^ before, register)
    with catalogue.engine.begin() as connection:
        found = usual(connection, register)
        if before is None:
            _forget(connection)
        else:
            kept = {version for code, _, version in now if _county_of(code, register) not in changed}
            old = {version for _, _, version in now | before} - kept
            for start in range(0, len(old), _AT_ONCE):
                _forget(connection, sorted(old)[start : start + _AT_ONCE])
            renew(connection, found, kept)
    for county in sorted(changed):
        held = load_source(catalogue, register, counties=(county,), with_claims=False).held
        results = {report.version["version"]: result for report, result in _county(held, register, found)}
        with catalogue.engine.begin() as connection:
            insert_all(connection, schema.check_result, list(_check_rows(results)))
            insert_all(connection, schema.finding, list(_finding_rows(results)))


def _forget(connection: Connection, versions: Sequence[str] | None = None) -> None:
    """Drop the results; of these versions alone where some are named."""
    check, finding = schema.check_result, schema.finding
    ours = or_(*(check.c.id.startswith(f"{family}.", autoescape=True) for family in sorted(FAMILIES)))
    of_checks, of_findings = (
        check.delete().where(ours),
        finding.delete().where(finding.c.code.in_(sorted(CODES))),
    )
    if versions is not None:
        of_checks = of_checks.where(check.c.version.in_(versions))
        of_findings = of_findings.where(finding.c.version.in_(versions))
    connection.execute(of_checks)
    connection.execute(of_findings)


def _counties(reports: Iterable[Counting], register: Register) -> set[str]:
    known = (_county_of(code, register) for code, _, _ in reports)
    return {county for county in known if county is not None}


def _county_of(code: str, register: Register) -> str | None:
    publisher = register.by_code(code)
    return publisher.county_code if publisher is not None else None


def _county(
    held: Sequence[Held], register: Register, found: Usual
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
            figures[key], found.of((report.publisher.kind.value, year)), twin=nearest.get(key)
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
        values={key: whole(value) for key, value in values.items()},
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
