"""Table 三: 25 (v2021) or 23 (v2019) rows of seven numbers: found, laid out, solved if cells are lost."""

from __future__ import annotations

from collections.abc import Sequence

from parser.findings import finding
from parser.labels import APPLICATIONS, ApplicationRow
from parser.quick import quick
from parser.report import ApplicationsRow, CellState, NumberCell
from parser.tables.application_found import COLUMN_LABELS, SUB_ROWS, TABLE, Found
from parser.tables.application_layout import lay_out
from parser.tables.application_rows import Scanner, name_unlabelled
from parser.tables.application_solve import solve_short
from parser.tables.cells import Place, absent, number_cell
from parser.tables.inference import offer_numbers
from parser.tables.layout import Line
from parser.tables.rows import Row
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS

_row = quick(ApplicationsRow)
_PLACES = {
    row.key: {
        column.key: Place(f"applications.{row.key}.{column.key}", TABLE, row.label, column.label)
        for column in APPLICATIONS.columns
    }
    for row in APPLICATIONS.rows
}


def read_applications(rows: Sequence[Row]) -> Found:
    """Read table 三 out of all rows of a document."""
    found = Found()
    lines = list(Scanner(rows, found).lines())
    if not _is_table(lines):
        return Found()
    name_unlabelled(lines, found)
    version = _judge_version(lines, found)
    kept = _reject_foreign(lines, version, found)
    by_key = lay_out(kept, found)
    solve_short(by_key, version, found)
    found.version = version if found.evidence else None
    found.grids = {line.row.grid for line in lines}
    found.rows = offer_numbers(
        [_build(row, by_key.get(row.key), found) for row in APPLICATIONS.rows_of(version)]
    )
    _missing(found, by_key, version)
    return found


def _is_table(lines: list[Line]) -> bool:
    """A few of the labels come in other tables too: 涉及国家秘密, 部分公开 in the statistics of 2014–2018."""
    keys = {line.key for line in lines if line.key}
    return len(keys) >= 5 or (
        len(keys) >= 3 and bool(keys & {"new_received", "carried_over", "carried_forward"})
    )


def _judge_version(lines: list[Line], found: Found) -> str:
    keys = {line.key for line in lines}
    if any(key in keys for key in SUB_ROWS):
        found.evidence.append("表三(六)其他处理分三行")
        return "v2021"
    if any(line.key == "other_processing" and len(line.tokens) > 2 for line in lines):
        found.evidence.append("表三(六)其他处理为一行")
        return "v2019"
    return "v2021"


def _reject_foreign(lines: list[Line], version: str, found: Found) -> list[Line]:
    """Leave out rows that this form does not have: the group cell (六)其他处理 of v2021 with numbers."""
    own = {row.key for row in APPLICATIONS.rows_of(version)}
    kept = [line for line in lines if line.key in own]
    for line in lines:
        if line.key not in own and line.filled:
            found.tell("unexpected_row", line.key, line.row)
            found.rejected.append(line.row)
    return kept


def _build(row: ApplicationRow, line: Line | None, found: Found) -> ApplicationsRow:
    group, subgroup = APPLICATIONS.group_label(row)
    cells: dict[str, NumberCell] = {}
    placed = dict(zip(line.columns, line.placed, strict=False)) if line is not None and line.placed else {}
    for column, place in _PLACES[row.key].items():
        token = placed.get(column)
        if token is None:
            cells[column] = absent(place.column)
        else:
            cells[column] = number_cell(token, place, found.findings)
    return _row(row.key, row.label, group, subgroup, cells)


def _missing(found: Found, by_key: dict[str, Line], version: str) -> None:
    assert found.rows is not None
    rows = APPLICATIONS.rows_of(version)
    gone = [row for row in rows if row.key not in by_key]
    for row in gone:
        found.tell("missing_row", row.key, None)
    for column in COLUMNS:
        if by_key and all(line.columns and column not in line.columns for line in by_key.values()):
            found.findings.append(
                finding(
                    "missing_column",
                    cells=[f"applications.*.{column}"],
                    table=TABLE,
                    column=COLUMN_LABELS[column],
                )
            )
    for key, line in by_key.items():
        if line.placed is None and line.columns and not line.filled:
            found.tell("row_width", key, line.row, n=len(line.tokens), expected=len(line.columns))
    states = [cell.state for row in found.rows for cell in row.cells.values()]
    if CellState.READ not in states and CellState.UNREADABLE not in states:
        found.findings.append(finding("empty_table", cells=["applications"], table=TABLE))
