"""Labelled values in tables: beside, below, in one cell, behind a cell that holds a colon or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extract.data_tables import Label
from extract.metadata_labels import COLONS, Hit, named, squeeze, unknown_label
from extract.metadata_lines import begins_with_label, glued, split_line
from parser.document import Cell, Finding, Grid

MAX_META_CELLS = 60
MAX_UNKNOWN = 12

Place = tuple[int, int]


@dataclass(frozen=True)
class _Table:
    """A grid with what its cells are."""

    grid: Grid
    told: list[Cell]  # the cells that say anything
    names: Mapping[Place, Label]
    by_place: Mapping[Place, Cell]
    spacers: frozenset[int]  # columns that only part labels from values


def grid_hits(grid: Grid, at: int, findings: list[Finding]) -> list[Hit]:
    """The labelled values of one grid; none where it is a list of documents or a table of something else."""
    told = [cell for cell in grid.cells if cell.text.strip()]
    if not told or len(told) > MAX_META_CELLS:
        return []
    by_place = {(cell.row, cell.column): cell for cell in grid.cells}
    names = {(c.row, c.column): label for c in told if (label := named(c.text))}
    if _is_listing(grid, names):
        return []
    table = _Table(grid, told, names, by_place, _spacers(grid, names, by_place))
    hits: list[Hit] = []
    used: set[Place] = set()
    for place, label in names.items():
        value = _paired(table, place)
        if value is not None:
            used.add((value.row, value.column))
        cell = value or by_place[place]
        hits.append(Hit(label, value.text if value else "", cell.locator, at, from_grid=True))
    for cell in told:
        if (cell.row, cell.column) not in names and (cell.row, cell.column) not in used:
            pairs = _stacked(grid, cell, used) or split_line(cell.text) or glued(cell.text)
            hits += [Hit(label, raw, cell.locator, at, from_grid=True) for label, raw in pairs]
    if not any(hit.label.strong and hit.raw.strip() for hit in hits) or len(hits) * 5 < len(told):
        return []
    findings += _unknown_cells(table, used)
    return hits


def _stacked(grid: Grid, cell: Cell, used: set[Place]) -> list[tuple[Label, str]]:
    """A cell of labels, one a line, beside a cell with as many lines of values."""
    lines = [line for line in cell.text.split("\n") if line.strip()]
    labels = [label for line in lines if (label := named(line)) is not None]
    right = _right(grid, cell)
    if len(lines) < 2 or len(labels) < len(lines) or right is None:
        return []
    values = [line for line in right.text.split("\n") if line.strip()]
    if len(values) != len(labels) or any(named(value) for value in values):
        return []
    used.add((right.row, right.column))
    return list(zip(labels, values, strict=True))


def _paired(table: _Table, place: Place) -> Cell | None:
    """The value's cell: the next one in the row, or the one below in a row of labels."""
    cell = table.by_place[place]
    if _heads_columns(table, cell):
        return table.by_place.get((cell.row + cell.rowspan, cell.column))
    right = _right(table.grid, cell)
    while right is not None and right.column in table.spacers and not squeeze(right.text):
        right = _right(table.grid, right)
    if right is None or (right.row, right.column) in table.names or _is_pair(right.text):
        return None
    return right


def _is_pair(text: str) -> bool:
    """Whether a cell holds a label and its value: `文号：` beside `发布日期：2025-01-13` is blank."""
    return begins_with_label(text) and bool(split_line(text))


def _right(grid: Grid, cell: Cell) -> Cell | None:
    """The next drawn cell of the row."""
    return next((c for c in grid.cells if c.row == cell.row and c.column >= cell.column + cell.colspan), None)


def _spacers(grid: Grid, names: Mapping[Place, Label], by_place: Mapping[Place, Cell]) -> frozenset[int]:
    """Columns that hold colons or nothing beside every label: `索引号 | ： | 014…`.

    A single label with an empty cell is a label whose value is blank; a colon, or two labels, tell a spacer.
    """
    beside = [right for place in names if (right := _right(grid, by_place[place])) is not None]
    columns = {cell.column for cell in beside}
    empty = all(not squeeze(cell.text) for cell in grid.cells if cell.column in columns)
    colons = any(cell.text.strip() in set(COLONS) for cell in beside)
    return frozenset(columns) if empty and (colons or len(beside) > 1) else frozenset()


def _heads_columns(table: _Table, cell: Cell) -> bool:
    """Whether the cell's row is labels alone over a row of values alone."""
    row = [c for c in table.told if c.row == cell.row]
    below = [c for c in table.told if c.row == cell.row + cell.rowspan]
    if not below or not all((c.row, c.column) in table.names for c in row):
        return False
    several = len(row) > 1 or table.grid.n_columns == 1
    return several and not any((c.row, c.column) in table.names for c in below)


def _is_listing(grid: Grid, names: Mapping[Place, Label]) -> bool:
    """A header of labels over several rows of values lists many documents."""
    heads = {row for row, _ in names}
    return len(names) >= 2 and len(heads) == 1 and grid.n_rows - min(heads) > 2


def _unknown_cells(table: _Table, used: set[Place]) -> list[Finding]:
    """Cells that stand where labels stand and are none of the table's."""
    names = table.names
    columns = {column for _, column in names}
    rows = {row for row, _ in names} | {cell.row for cell in table.grid.cells if cell.column in columns}
    found: list[Finding] = []
    for row in sorted(rows):
        cells = [cell for cell in table.grid.cells if cell.row == row and cell.column not in table.spacers]
        if sum(1 for cell in cells if cell.text.strip()) == 1 and not any(p[0] == row for p in names):
            continue  # a caption over the whole width
        turns = {i % 2 for i, cell in enumerate(cells) if (row, cell.column) in names}
        for i, cell in enumerate(cells):
            place, text = (cell.row, cell.column), squeeze(cell.text)
            known = place in names or place in used
            if not text or known or len(text) > MAX_UNKNOWN or split_line(cell.text):
                continue
            in_turn = turns == {i % 2} and i + 1 < len(cells)
            if in_turn or cell.column in columns or cell.text.rstrip().endswith(tuple(COLONS)):
                found.append(unknown_label(text, cell.locator))
    return found
