"""A <table> → a span-aware Grid, or the verdict that it only lays out the page.

Every drawn cell stands once, at its place, with its spans clamped to the table: a colspan of 10⁹ is a slip of
a template, never a width. A table inside a cell is a grid of its own and no part of the outer cell's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from lxml.etree import _Element as Element

from extract.html.flat import CELL, ROW, TABLE, Flat, as_lines
from extract.html.tree import Page
from parser.document import Cell, Grid, GridSource, Severity
from parser.quick import quick

MAX_SPAN = 60  # wider or higher is a slip; the widest statutory table has 15 columns
MAX_ROWS = 5_000
MAX_COLUMNS = 200
LONG_TEXT = 160  # characters of a cell that is running text
SHORT_TEXT = 30  # the same inside a table that holds section headings
_SECTION = re.compile(r"^[一二三四五六七八九十]{1,2}\s*[、.．]")
_NUMBER = re.compile(r"\s*(\d{1,12})")
_TABLE = frozenset({TABLE})
TABLE_PARTS = frozenset({TABLE, CELL})  # what a walk over a table's own words does not enter

_cell = quick(Cell)


class RawCell(NamedTuple):
    """A cell as marked up, before it is placed."""

    element: Element
    text: str
    rowspan: int
    colspan: int
    nested: bool  # holds a table


@dataclass(frozen=True)
class RawTable:
    """The table's own rows, those of tables inside it left out."""

    element: Element
    rows: tuple[tuple[RawCell, ...], ...]

    @property
    def cells(self) -> list[RawCell]:
        return [cell for row in self.rows for cell in row]


def read_table(flat: Flat, at: int) -> RawTable:
    """Rows and cells of the table that begins at a step; forms and stray tags between are looked through."""
    kinds, things, close = flat.kinds, flat.things, flat.close
    rows: list[list[RawCell]] = []
    at_row = False
    last = close[at]
    table = things[at]
    at += 1
    while at < last:
        kind = kinds[at]
        if kind == ROW:
            rows.append([])
            at_row = True
        elif kind == CELL:
            if len(rows) <= MAX_ROWS:
                if not at_row:  # cells without a row: the page was cut or mistyped
                    rows.append([])
                    at_row = True
                rows[-1].append(_raw_cell(flat, at))
            at = close[at]
        elif kind == TABLE:
            at = close[at]
        at += 1
    assert not isinstance(table, str)
    return RawTable(table, tuple(tuple(row) for row in rows if row))


def _raw_cell(flat: Flat, at: int) -> RawCell:
    cell, last = flat.things[at], flat.close[at]
    assert not isinstance(cell, str)
    nested = TABLE in flat.kinds[at + 1 : last]
    text = flat.text_without(cell, _TABLE) if nested else as_lines("".join(flat.words[at:last]))
    return RawCell(cell, text, _span(cell.get("rowspan")), _span(cell.get("colspan")), nested)


def _span(written: str | None) -> int:
    """A span as written: 0 means to the end for rows; what is no number is 1."""
    if written is None:
        return 1
    found = _NUMBER.match(written)
    return int(found[1]) if found else 1


def is_layout(table: RawTable) -> bool:
    """Whether the table only places things on the page, so that its cells are walked through."""
    cells = table.cells
    if max((len(row) for row in table.rows), default=0) <= 1:
        return True
    told = [cell for cell in cells if cell.text.strip()]
    if any(cell.nested for cell in cells):
        return len(told) <= 2 or any(len(c.text) > LONG_TEXT for c in told) or len(told) * 2 < len(cells)
    if not told:
        return True
    longest = max(told, key=lambda cell: len(cell.text))
    whole = sum(len(cell.text) for cell in told)
    few = len(told) <= 3 or len(table.rows) <= 2
    return len(longest.text) > LONG_TEXT * 2 and len(longest.text) > whole * 0.6 and (few or whole > 3_000)


def split_at_headings(table: RawTable) -> list[RawTable | RawCell]:
    """Parts of a table in which a whole report stands: text rows by themselves, the rest as tables.

    A row that is one cell is text where it is a section heading over several columns or a long paragraph.
    """
    alone = [row[0] for row in table.rows if len(row) == 1]
    sections = sum(_is_section(cell) for cell in alone)
    least = SHORT_TEXT if sections >= 2 else LONG_TEXT
    parts: list[RawTable | RawCell] = []
    rows: list[tuple[RawCell, ...]] = []
    for row in table.rows:
        if len(row) == 1 and (_is_section(row[0]) or _length(row[0]) > least) and not _under_span(rows):
            if rows:
                parts.append(RawTable(table.element, tuple(rows)))
            parts.append(row[0])
            rows = []
        else:
            rows.append(row)
    if rows:
        parts.append(RawTable(table.element, tuple(rows)))
    return parts


def _length(cell: RawCell) -> int:
    return len(re.sub(r"\s", "", cell.text))


def _is_section(cell: RawCell) -> bool:
    return cell.colspan > 1 and _length(cell) < 60 and bool(_SECTION.match(cell.text.strip()))


def _under_span(rows: list[tuple[RawCell, ...]]) -> bool:
    """Whether a cell further up still reaches into the next row."""
    return any(c.rowspan == 0 or c.rowspan > len(rows) - i for i, row in enumerate(rows) for c in row)


def _width(table: RawTable) -> int:
    """The table's width by its own rows, absurd spans counted as one."""
    sums = (sum(c.colspan if 0 < c.colspan <= MAX_SPAN else 1 for c in row) for row in table.rows)
    return min(max(sums, default=1), MAX_COLUMNS)


def to_grid(page: Page, table: RawTable) -> Grid:
    """Place the cells as a browser does."""
    width = max(_width(table), 1)
    n_rows = len(table.rows)
    taken: set[tuple[int, int]] = set()  # places in rows below that a cell reaches down to
    cells: list[Cell] = []
    for row, raws in enumerate(table.rows):
        column = 0
        for element, text, rowspan, colspan, _ in raws:
            while (row, column) in taken:
                column += 1
            rows = min(rowspan or n_rows, n_rows - row)
            if colspan != 1:
                most = max(width - column, 1)
                colspan = most if colspan > MAX_SPAN else max(1, min(colspan, most))  # noqa: PLW2901 - clamped
            if rows > 1:
                taken.update(
                    (r, c) for r in range(row + 1, row + rows) for c in range(column, column + colspan)
                )
            cells.append(_cell(row, column, text, text, page.locator(element), rows, colspan))
            column += colspan
    if any(raw.colspan > MAX_SPAN or raw.rowspan > MAX_SPAN for raw in table.cells):
        message = "单元格跨度超出表格，按表格大小读取 a span far beyond its table was cut to the table's size"
        page.tell("absurd_span", Severity.INFO, message, page.locator(table.element))
    n_columns = max((cell.column + cell.colspan for cell in cells), default=0)
    return Grid(tuple(cells), n_rows, n_columns, GridSource.HTML, page.locator(table.element))
