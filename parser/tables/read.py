"""All three tables of a document, and what is left over when they have taken their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parser.document import Block, Finding, Grid
from parser.findings import finding
from parser.report import FormatVersion, Tables
from parser.tables import application_found, applications, disclosure, review
from parser.tables.lines import rows_from_lines
from parser.tables.rows import Row, rows_of
from parser.tables.stream import is_stream, rows_from_stream
from parser.values import Kind


@dataclass
class ReadTables:
    """The tables with the format that they are of, and the rows whose width was wrong (check S1)."""

    tables: Tables
    version: FormatVersion | None
    findings: list[Finding] = field(default_factory=list)
    widths: dict[str, int] = field(default_factory=dict)  # application row → cells drawn


@dataclass
class _Found:
    """What one set of rows gives for each table."""

    two: disclosure.Found
    three: application_found.Found
    four: review.Found

    def parts(self) -> tuple[tuple[str, str, disclosure.Found | application_found.Found | review.Found], ...]:
        return (
            ("proactive_disclosure", disclosure.TABLE, self.two),
            ("applications", application_found.TABLE, self.three),
            ("review_litigation", review.TABLE, self.four),
        )


def read_tables(blocks: Sequence[Block]) -> ReadTables:
    """Find and read the three tables. Every number near them is taken, or named in a finding."""
    rows = rows_of(block for block in blocks if not (isinstance(block, Grid) and is_stream(block)))
    found = _read(rows)
    findings: list[Finding] = []
    if found.two.rows is None or found.three.rows is None or found.four.cells is None:
        for read_rows in (rows_from_stream, rows_from_lines):
            extra = read_rows(blocks, 1 + max((row.grid for row in rows), default=-1))
            if extra:
                _take_lines(found, _read(extra), findings)
                rows = rows + extra
    for _, _, part in found.parts():
        findings.extend(part.findings)
    findings.extend(_leftovers(rows, found))
    version = _version(found, findings)
    tables = Tables(found.two.rows, found.three.rows, found.four.cells)
    return ReadTables(tables, version, findings, found.three.widths)


def _read(rows: Sequence[Row]) -> _Found:
    three = applications.read_applications(rows)
    two = disclosure.read_disclosure(rows, three.version or "v2021")
    return _Found(two, three, review.read_review(rows))


def _take_lines(found: _Found, lines: _Found, findings: list[Finding]) -> None:
    """For each table that no grid holds, the one read from lines of text."""
    if found.two.rows is None and lines.two.rows is not None:
        found.two = lines.two
        findings.append(finding("read_from_lines", cells=["proactive_disclosure"], table=disclosure.TABLE))
    if found.three.rows is None and lines.three.rows is not None:
        found.three = lines.three
        findings.append(finding("read_from_lines", cells=["applications"], table=application_found.TABLE))
    if found.four.cells is None and lines.four.cells is not None:
        found.four = lines.four
        findings.append(finding("read_from_lines", cells=["review_litigation"], table=review.TABLE))


def _leftovers(rows: Sequence[Row], found: _Found) -> list[Finding]:
    grids = {grid: (name, table) for name, table, part in found.parts() for grid in part.grids}
    rejected = {id(row) for _, _, part in found.parts() for row in part.rejected}
    findings = []
    for row in rows:
        if row.grid not in grids or not row.numbers or id(row) in rejected:
            continue
        raw = [
            token.raw
            for at, token in enumerate(row.tokens)
            if not token.taken and token.value.kind in (Kind.NUMBER, Kind.SEVERAL) and not _is_serial(row, at)
        ]
        if raw:
            name, table = grids[row.grid]
            text = f"{row.label}：{'，'.join(raw)}" if row.label else "，".join(raw)
            findings.append(
                finding("leftover_number", locator=row.locator, cells=[name], table=table, raw=text)
            )
    return findings


def _is_serial(row: Row, at: int) -> bool:
    """A small number left of the row's words counts the rows."""
    number = row.tokens[at].value.number
    return number is not None and number <= 30 and bool(row.words) and at < row.words[0]


def _version(found: _Found, findings: list[Finding]) -> FormatVersion | None:
    """The format by the labels of table 二, else by the rows of table 三; a mixture is a finding."""
    two, three = found.two, found.three
    evidence = {version: list(dict.fromkeys(words)) for version, words in two.evidence.items()}
    if three.version is not None:
        evidence[three.version].extend(three.evidence)
    if all(evidence.values()):
        text = "；".join(f"{version}：{'、'.join(words[:3])}" for version, words in evidence.items())
        findings.append(finding("mixed_format", cells=["format_version"], evidence=text))
    version = two.version or three.version
    return FormatVersion(version) if version else None
