"""All three tables of a document, and what is left over when they have taken their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parser.document import Block, Finding, Severity
from parser.findings import finding
from parser.report import FormatVersion, Tables
from parser.tables import applications, disclosure, review
from parser.tables.lines import rows_from_lines
from parser.tables.rows import Row, rows_of
from parser.values import Kind

_NAMES = {"proactive_disclosure": "表二", "applications": "表三", "review_litigation": "表四"}


@dataclass
class ReadTables:
    """The tables with the format that they are of, and the rows whose width was wrong (check S1)."""

    tables: Tables
    version: FormatVersion | None
    findings: list[Finding] = field(default_factory=list)
    widths: dict[str, int] = field(default_factory=dict)  # application row → cells drawn


def read_tables(blocks: Sequence[Block]) -> ReadTables:
    """Find and read the three tables. Every number near them is taken, or named in a finding."""
    rows = rows_of(blocks)
    found = _read(rows)
    lined = [name for name, part in zip(_NAMES, found, strict=True) if part[0] is None]
    findings: list[Finding] = []
    if lined:
        extra = rows_from_lines(blocks, first_grid=1 + max((row.grid for row in rows), default=-1))
        again = _read(extra) if extra else None
        if again is not None:
            found, rows = _take_lines(found, again, findings), rows + extra
    (two, two_part), (three, three_part), (four, four_part) = found
    for part in (two_part, three_part, four_part):
        findings.extend(part.findings)
    findings.extend(_leftovers(rows, (two_part, three_part, four_part)))
    version = _version(two_part, three_part, findings)
    if two is None and three is None and four is None:
        version = None
    return ReadTables(Tables(two, three, four), version, findings, three_part.widths)


_Parts = tuple[
    tuple[tuple[disclosure.ProactiveRow, ...] | None, disclosure.Found],
    tuple[tuple[applications.ApplicationsRow, ...] | None, applications.Found],
    tuple[dict[str, review.NumberCell] | None, review.Found],
]


def _read(rows: Sequence[Row]) -> _Parts:
    three = applications.read_applications(rows)
    two = disclosure.read_disclosure(rows, three.version or "v2021")
    four = review.read_review(rows)
    return (two.rows, two), (three.rows, three), (four.cells, four)


def _take_lines(grids: _Parts, lines: _Parts, findings: list[Finding]) -> _Parts:
    """For each table that no grid holds, the one read from lines of text."""
    chosen = []
    for name, from_grid, from_lines in zip(_NAMES, grids, lines, strict=True):
        take = from_grid[0] is None and from_lines[0] is not None
        if take:
            findings.append(finding("read_from_lines", cells=[name], table=_NAMES[name]))
        chosen.append(from_lines if take else from_grid)
    return chosen[0], chosen[1], chosen[2]  # type: ignore[return-value]


def _leftovers(
    rows: Sequence[Row], parts: tuple[disclosure.Found, applications.Found, review.Found]
) -> list[Finding]:
    grids = {grid: name for name, part in zip(_NAMES, parts, strict=True) for grid in part.grids}
    rejected = {id(row) for part in parts for row in part.rejected}
    findings = []
    for row in rows:
        if row.grid not in grids or not row.numbers or id(row) in rejected:
            continue
        left = [token for at, token in enumerate(row.tokens) if not token.taken and not _is_serial(row, at)]
        raw = [token.raw for token in left if token.value.kind in (Kind.NUMBER, Kind.SEVERAL)]
        if raw:
            table = _NAMES[grids[row.grid]]
            text = f"{row.label}：{'，'.join(raw)}" if row.label else "，".join(raw)
            findings.append(
                finding(
                    "leftover_number", locator=row.locator, cells=[grids[row.grid]], table=table, raw=text
                )
            )
    return findings


def _is_serial(row: Row, at: int) -> bool:
    """A small number left of the row's words counts the rows."""
    number = row.tokens[at].value.number
    return number is not None and number <= 30 and bool(row.words) and at < row.words[0]


def _version(
    two: disclosure.Found, three: applications.Found, findings: list[Finding]
) -> FormatVersion | None:
    evidence = {version: list(dict.fromkeys(words)) for version, words in two.evidence.items()}
    if three.version is not None:
        evidence.setdefault(three.version, []).extend(three.evidence)
    if all(evidence[version] for version in ("v2019", "v2021")):
        text = "；".join(f"{version}：{'、'.join(words[:3])}" for version, words in evidence.items())
        findings.append(finding("mixed_format", cells=["format_version"], evidence=text))
    version = two.version or three.version
    return FormatVersion(version) if version else None


def worst(findings: Sequence[Finding]) -> Severity | None:
    """The gravest severity, None where there is no finding."""
    order = [Severity.FAIL, Severity.WARN, Severity.INFO]
    return next((severity for severity in order if any(f.severity is severity for f in findings)), None)
