"""A <table> → a span-aware Grid, or the verdict that it only lays out the page.

Every drawn cell stands once, at its place, with its spans clamped to the table: a colspan of 10⁹ is a slip of
a template, never a width. A table inside a cell is a grid of its own and no part of the outer cell's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from extract.html.tree import Page
from parser.document import Cell, Grid, GridSource, Severity

MAX_SPAN = 60  # wider or higher is a slip; the widest statutory table has 15 columns
MAX_ROWS = 5_000
MAX_COLUMNS = 200
LONG_TEXT = 160  # characters of a cell that is running text
SHORT_TEXT = 30  # the same inside a table that holds section headings
_SECTION = re.compile(r"^[一二三四五六七八九十]{1,2}\s*[、.．]")
_TABLE = frozenset({"table"})
_CELLS = frozenset({"td", "th"})
TABLE_PARTS = _TABLE | _CELLS  # what a walk over a table's own words does not enter


@dataclass(frozen=True)
class RawCell:
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


def read_table(page: Page, table: Element) -> RawTable:
    """Rows and cells of the table itself; forms and stray tags between them are looked through."""
    rows: list[list[RawCell]] = []
    row_element: Element | None = None
    for kind, thing in page.events(table, TABLE_PARTS):
        if kind != "start" or not isinstance(thing, Element) or thing is table:
            continue
        if thing.tag == "tr":
            rows.append([])
            row_element = thing
        elif thing.tag in _CELLS and len(rows) <= MAX_ROWS:
            if row_element is None:  # cells without a row: the page was cut or mistyped
                rows.append([])
                row_element = thing
            rows[-1].append(_raw_cell(page, thing))
    return RawTable(table, tuple(tuple(row) for row in rows if row))


def _raw_cell(page: Page, cell: Element) -> RawCell:
    nested = next(cell.iter("table"), None) is not None
    text = page.text_of(cell, _TABLE if nested else frozenset())
    return RawCell(cell, text, _span(cell, "rowspan"), _span(cell, "colspan"), nested)


def _span(cell: Element, name: str) -> int:
    """A span as written: 0 means to the end for rows; what is no number is 1."""
    found = re.match(r"\s*(\d{1,12})", cell.get(name) or "1")
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
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for row, raws in enumerate(table.rows):
        column = 0
        for raw in raws:
            while (row, column) in taken:
                column += 1
            rowspan = min(raw.rowspan or n_rows, n_rows - row)
            colspan = max(1, min(raw.colspan, MAX_SPAN, max(width - column, 1)))
            if raw.colspan > MAX_SPAN:
                colspan = max(1, width - column)
            taken.update((r, c) for r in range(row, row + rowspan) for c in range(column, column + colspan))
            place = page.locator(raw.element)
            cells.append(Cell(row, column, raw.text, raw.text, place, rowspan, colspan))
            column += colspan
    if any(raw.colspan > MAX_SPAN or raw.rowspan > MAX_SPAN for raw in table.cells):
        message = "单元格跨度超出表格，按表格大小读取 a span far beyond its table was cut to the table's size"
        page.tell("absurd_span", Severity.INFO, message, page.locator(table.element))
    n_columns = max((cell.column + cell.colspan for cell in cells), default=0)
    return Grid(tuple(cells), n_rows, n_columns, GridSource.HTML, page.locator(table.element))
