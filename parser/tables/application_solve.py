"""Rows of table 三 with too few or too many cells: laid out by what A1, A2 and A3 allow.

A row so laid out is named in a finding: the cells that stay empty or in doubt alone, where each other cell
then stands in a column that adds up; else the whole row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parser.labels import APPLICATIONS
from parser.tables.alignment import number_of, solve
from parser.tables.application_found import Found
from parser.tables.application_relations import Relations
from parser.tables.application_together import holes_together
from parser.tables.layout import Line, part_several
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS


@dataclass(slots=True)
class _Told:
    """What will be said of a row, once all rows are laid out; no column: the whole row."""

    code: str
    line: Line
    columns: list[str]
    fields: dict[str, object] = field(default_factory=dict)


def solve_short(by_key: dict[str, Line], version: str, found: Found) -> None:
    """Lay out every line that has no places yet; report each."""
    leaves = [row.key for row in APPLICATIONS.rows_of(version) if row.key in APPLICATIONS.leaves]
    relations = Relations(by_key, leaves)
    told: list[_Told] = []
    for _ in range(3):
        before = len(told)
        for line in by_key.values():
            if line.several and line.placed is not None:
                told.append(_check_parted(line, relations, found))
            if _is_open(line):
                told += _solve(line, relations, found, final=False)
        if len(told) == before:
            break
    together = [line for line in by_key.values() if _is_open(line)]
    for line, hole in zip(together, holes_together(together, relations) or (), strict=False):
        told.append(_short(line, "missing_cell", [COLUMNS[hole]], len(COLUMNS) - 1, found))
    for line in by_key.values():
        if _is_open(line):
            told += _solve(line, relations, found, final=True)
    for item in told:
        columns = item.columns if _is_vouched(item, relations) else []
        found.tell(item.code, item.line.key, item.line.row, columns, **item.fields)


def _is_open(line: Line) -> bool:
    return line.placed is None and bool(line.columns) and line.filled > 0


def _is_vouched(item: _Told, relations: Relations) -> bool:
    """Whether the cells that are not named stand in columns that add up, and are not all zeros."""
    key = item.line.key
    others = [column for column in item.line.columns if column not in item.columns]
    return any(relations.number(key, column) for column in others) and all(
        relations.holds(key, column) for column in others
    )


def _check_parted(line: Line, relations: Relations, found: Found) -> _Told:
    """Numbers that stood in one cell are kept only if the row then adds up."""
    assert line.placed is not None
    line.several = False
    raw = " ".join(token.raw for token in line.tokens)
    parted = _parted(line)
    numbers = [number_of(token) for token in line.placed]
    if relations.completer(line.key, line.columns)(numbers) is None:
        line.placed, line.columns, parted = None, (), []
        found.rejected.append(line.row)
    return _Told("several_numbers", line, parted, {"raw": raw})


def _parted(line: Line) -> list[str]:
    """The columns of numbers that stood in one cell with others."""
    placed = line.placed or ()
    cells = [token.cell for token in placed if token is not None]
    return [
        column
        for column, token in zip(line.columns, placed, strict=True)
        if token is not None and sum(cell is token.cell for cell in cells) > 1
    ]


def _solve(line: Line, relations: Relations, found: Found, *, final: bool) -> list[_Told]:
    width = len(line.columns)
    tokens = part_several(line.loose(width))
    last_resort = line.columns.index("total") if "total" in line.columns else -1
    solution = solve(tokens, width, relations.completer(line.key, line.columns), last_resort)
    if not final and (solution is None or not solution.unique):
        return []
    line.placed = solution.cells if solution is not None else (None,) * width
    drawn = sum(not token.blank for token in tokens)
    if solution is None:
        return [_short(line, "row_width", [], drawn, found)]
    _fill(line, relations)
    code = "row_width" if not solution.unique else "missing_cell" if drawn == width - 1 else "row_solved"
    return [_short(line, code, [line.columns[at] for at in solution.doubtful], drawn, found)]


def _fill(line: Line, relations: Relations) -> None:
    """Note the number of the row's only hole as its own sum gives it; what a column gave vouches for none."""
    numbers = {column: relations.number(line.key, column) for column in line.columns}
    holes = [column for column, number in numbers.items() if number is None]
    if len(holes) == 1 and len(numbers) == len(COLUMNS):
        parts = sum(number or 0 for column, number in numbers.items() if column != "total")
        number = parts if holes == ["total"] else (numbers["total"] or 0) - parts
        relations.filled[line.key, holes[0]] = number


def _short(line: Line, code: str, columns: Sequence[str], drawn: int, found: Found) -> _Told:
    found.widths[line.key] = drawn
    found.rejected.append(line.row)
    return _Told(code, line, list(columns), {"n": drawn, "expected": len(line.columns)})
