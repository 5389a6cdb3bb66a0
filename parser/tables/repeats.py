"""Grids in which a spanning cell was written once for each place that it covers, as some converters do.

The copies are put together again, so that the readers see the spans. Words are joined with the same words
right beside them. Equal numbers are not: two columns may well hold the same number. They are joined only
where all of them stand under one cell of the head, which can have but one number below it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from parser.document import Cell, Grid, GridSource
from parser.tables.stream_words import is_fragment, is_item_cell, is_of_head
from parser.tables.vocabulary import Head
from parser.values import Kind, read_value

MIN_ROWS = 2  # rows with copies, from which a grid of text is told to be written out in full
FULL_SHARE = 0.8  # of its rows that have a cell in each column
MIN_WORD = 2  # characters of words that may be a copy
_HEADS = (Head.APPLICATIONS, Head.DISCLOSURE, Head.REVIEW)

_Span = tuple[int, int]


def without_repeats(grid: Grid) -> tuple[Grid, bool]:
    """The grid with copies joined to spans, and whether its columns are places."""
    physical = grid.source is not GridSource.TEXT
    copied = _rows_with_copies(grid)
    if not copied:
        return grid, physical
    rows: list[list[Cell]] = [[] for _ in range(grid.n_rows)]
    for cell in grid.cells:
        if cell.row < grid.n_rows:
            rows[cell.row].append(cell)
    full = sum(len(row) == grid.n_columns for row in rows)
    if not physical and len(copied) >= MIN_ROWS and full >= FULL_SHARE * grid.n_rows:
        physical = True
        rows = [_without_filling(row) for row in rows]
    joined = [_join_words(sorted(row, key=lambda cell: cell.column)) for row in rows]
    _join_numbers(joined)
    _join_heads(joined)
    cells = tuple(cell for row in joined for cell in row)
    return Grid(cells, grid.n_rows, grid.n_columns, grid.source, grid.locator), physical


def _without_filling(row: list[Cell]) -> list[Cell]:
    """Blanks behind the numbers of a row may fill up for a cell that was lost: they are no cells then."""
    if not any(read_value(cell.plain).kind is Kind.NUMBER for cell in row):
        return row
    end = max(at for at, cell in enumerate(row) if cell.plain.strip()) + 1
    return row[:end]


def _rows_with_copies(grid: Grid) -> set[int]:
    rows: set[int] = set()
    for before, cell in pairwise(grid.cells):
        if cell.plain == before.plain and len(cell.plain) > 1 and _is_copy(before, cell):
            rows.add(cell.row)
    return rows


def _is_copy(before: Cell, cell: Cell) -> bool:
    """Whether two cells with the same text are one: side by side, words, and no half of a word."""
    beside = before.row == cell.row and before.column + before.colspan == cell.column
    if not beside or before.rowspan != cell.rowspan or len(cell.plain) < MIN_WORD:
        return False
    return read_value(cell.plain).kind is Kind.WORDS and not is_fragment(cell.plain)


def _join_words(row: list[Cell]) -> list[Cell]:
    joined: list[Cell] = []
    for cell in row:
        last = joined[-1] if joined else None
        if last is not None and cell.plain == last.plain and _is_copy(last, cell):
            joined[-1] = replace(last, colspan=last.colspan + cell.colspan)
        else:
            joined.append(cell)
    return joined


def _is_head_word(text: str) -> bool:
    return any(is_of_head(text, head) for head in _HEADS)


def _is_head(row: Iterable[Cell]) -> bool:
    """Words of a head and no number."""
    kinds = {read_value(cell.plain).kind for cell in row}
    return not kinds & {Kind.NUMBER, Kind.SEVERAL} and any(_is_head_word(cell.plain) for cell in row)


# --- numbers under one cell of the head


def _join_numbers(rows: list[list[Cell]]) -> None:
    spans: dict[int, _Span] = {}  # column → the lowest cell of the head over it
    for at, row in enumerate(rows):
        if any(is_item_cell(cell.plain) for cell in row):
            spans.clear()
        if _is_head(row):
            for cell in row:
                over = (cell.column, cell.column + cell.colspan)
                spans.update(dict.fromkeys(range(*over), over))
        elif spans:
            rows[at] = _joined_under(row, spans)


def _joined_under(row: list[Cell], spans: dict[int, _Span]) -> list[Cell]:
    joined: list[Cell] = []
    for cell in row:
        last = joined[-1] if joined else None
        if last is not None and _same_number(last, cell, row, spans):
            joined[-1] = replace(last, colspan=last.colspan + cell.colspan)
        else:
            joined.append(cell)
    return joined


def _same_number(last: Cell, cell: Cell, row: list[Cell], spans: dict[int, _Span]) -> bool:
    """All cells under the head's cell are this number; else nobody can say which of them is meant."""
    span = spans.get(cell.column)
    if span is None or span != spans.get(last.column) or last.rowspan != cell.rowspan:
        return False
    texts = {other.plain for other in row if span[0] <= other.column < span[1]}
    return len(texts) == 1 and read_value(cell.plain).kind is Kind.NUMBER


# --- cells of the head that hang down


def _join_heads(rows: list[list[Cell]]) -> None:
    hanging: dict[_Span, tuple[int, int]] = {}  # place → (row, index) of the upper cell
    for at, row in enumerate(rows):
        if not _is_head(row):
            hanging = {}
            continue
        kept: list[Cell] = []
        below: dict[_Span, tuple[int, int]] = {}
        for cell in row:
            place = (cell.column, cell.colspan)
            above = hanging.get(place)
            upper = rows[above[0]][above[1]] if above is not None else None
            if above is not None and upper is not None and upper.plain == cell.plain and cell.plain:
                rows[above[0]][above[1]] = replace(upper, rowspan=at + cell.rowspan - upper.row)
                below[place] = above
            else:
                below[place] = (at, len(kept))
                kept.append(cell)
        rows[at] = kept
        hanging = below
