"""Table 三's lines under its columns: each laid out alone, then lines with the same label merged."""

from __future__ import annotations

from collections.abc import Sequence

from parser.findings import finding
from parser.labels import APPLICATIONS
from parser.tables.application_found import TABLE, Found
from parser.tables.layout import Line, place
from parser.tables.rows import Token
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS

_ORDER = {row.key: at for at, row in enumerate(APPLICATIONS.rows)}


def lay_out(lines: list[Line], found: Found) -> dict[str, Line]:
    by_grid: dict[int, list[Line]] = {}
    for line in lines:
        by_grid.setdefault(line.row.grid, []).append(line)
    _narrow_heads(lines)
    for line in lines:
        if line.columns:
            line.placed = place(line, len(line.columns), by_grid[line.row.grid], line.head)
            if line.placed is not None and None in line.placed:
                _report_holes(line, line.placed, found)
    by_key: dict[str, list[Line]] = {}
    for line in lines:
        by_key.setdefault(line.key, []).append(line)
    doubled = [key for key, same in by_key.items() if len(_with_content(same)) > 1]
    merged = {key: _merge(key, same, found, quiet=len(doubled) > 4) for key, same in by_key.items()}
    if len(doubled) > 4:
        differ = [key for key in doubled if merged[key].columns == ()]
        code = "two_tables" if differ else "doubled_table"
        cells = [f"applications.{key}" for key in differ] or ["applications"]
        found.findings.append(finding(code, cells=cells, table=TABLE, locator=lines[0].row.locator))
    _check_order(lines, found, skip=len(doubled) > 0)
    return merged


def _report_holes(line: Line, placed: Sequence[Token | None], found: Found) -> None:
    drawn = sum(token is not None for token in placed)
    holes = [column for column, token in zip(line.columns, placed, strict=True) if token is None]
    found.widths[line.key] = drawn
    found.tell("missing_cell", line.key, line.row, holes, n=drawn, expected=len(placed))


def _narrow_heads(lines: list[Line]) -> None:
    """A head that shows fewer than seven columns is cut if the rows have seven numbers all the same.

    So it is in a grid of text if its rows do not have as many numbers as the head has columns either.
    """
    partial = [line for line in lines if 0 < len(line.columns) < len(COLUMNS)]
    whole = sum(line.full(len(COLUMNS)) for line in partial) * 2 >= len(partial)
    loose = [line for line in partial if line.filled and not line.row.trusted]
    if partial and (whole or (loose and not _fits(loose))):
        for line in partial:
            in_order = [COLUMNS.index(key) for key in line.columns]
            line.columns = COLUMNS if in_order == sorted(in_order) else ()
            line.head = ()


def _fits(lines: list[Line]) -> bool:
    """Whether the rows are those of a head that leaves out columns: of a half of the table, say."""
    full = sum(line.full(len(line.columns)) for line in lines)
    wider = sum(line.filled > len(line.columns) for line in lines)
    ends = all(COLUMNS[0] in line.columns or COLUMNS[-1] in line.columns for line in lines)
    return ends and wider <= 1 and full * 2 > len(lines)


def _with_content(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.filled] or lines[:1]


def _merge(key: str, lines: list[Line], found: Found, *, quiet: bool) -> Line:
    """One line of several with the same label: equal ones, halves with other columns, or a conflict."""
    lines = _with_content(lines)
    first = lines[0]
    for other in lines[1:]:
        if not set(first.columns) & set(other.columns) and first.placed and other.placed:
            first.placed = (*first.placed, *other.placed)
            first.columns = (*first.columns, *other.columns)
            _take(other)
            continue
        same = _numbers(first) == _numbers(other)
        if same:
            _take(other)
        if not quiet:
            found.tell("doubled_row" if same else "doubled_row_differs", key, other.row)
        if not same:
            found.rejected.extend(line.row for line in lines)
            return Line(key, first.row, first.at, [], columns=())
    return first


def _numbers(line: Line) -> list[tuple[str, object]]:
    tokens = line.placed if line.placed is not None else tuple(line.core())
    return [("", None) if token is None else (token.value.kind, token.value.number) for token in tokens]


def _take(line: Line) -> None:
    for token in line.tokens:
        token.taken = True


def _check_order(lines: list[Line], found: Found, *, skip: bool) -> None:
    if skip:
        return
    places = [_ORDER[line.key] for line in lines]
    if places == sorted(places):
        return
    kept = set(_longest_rising(places))
    for at, line in enumerate(lines):
        if at not in kept:
            found.tell("row_order", line.key, line.row)


def _longest_rising(places: Sequence[int]) -> list[int]:
    """Indices of the longest part that is in order: what remains was moved."""
    best: list[list[int]] = []  # for each index the longest that ends there
    for at in range(len(places)):
        before = [chain for chain in best if places[chain[-1]] <= places[at]]
        best.append([*max(before, key=len, default=[]), at])
    return max(best, key=len, default=[])
