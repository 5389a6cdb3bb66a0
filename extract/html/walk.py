"""An element's subtree → blocks in reading order, with a stack instead of recursion."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml.etree import _Element as Element

from extract.html.flat import BREAK, CELL, END, END_INLINE, INLINE, PRE, TABLE, TEXT, Flat, Todo
from extract.html.grids import (
    TABLE_PARTS,
    RawCell,
    RawTable,
    is_layout,
    read_table,
    split_at_headings,
    to_grid,
)
from extract.html.tree import Page, collapse
from extract.plaintext import bounded_lines, read_blocks
from parser.document import Block, Cell, Grid, Paragraph
from parser.quick import quick

_WORD = re.compile(r"\w")
MAX_MARKED_CELLS = 150
_INLINE = frozenset({INLINE, END_INLINE})
_HELD = frozenset({TABLE, PRE})
_paragraph = quick(Paragraph)
MARK = "\x1f"  # where an inline element begins or ends, in walks that ask for it


def walk(page: Page, start: Element, *, marks: bool = False) -> list[Block]:
    """A Paragraph per block-level element or <br> line, a Grid per data table, layout tables looked through.

    With `marks` the text of paragraphs holds MARK at every edge of an inline element.
    """
    if start in page.skipped:
        return []
    walker = _Walker(page, page.flat_of(start), marks=marks)
    walker.run(start)
    return walker.blocks


class _Walker:
    def __init__(self, page: Page, flat: Flat, *, marks: bool) -> None:
        self.page = page
        self.flat = flat
        self.marks = marks
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.open: list[Element] = []  # block-level elements around the text that is being gathered

    def run(self, start: Element) -> None:
        self.open.append(start)
        todo: list[Todo] = [self.flat.span(start)]
        while todo:
            next_one = todo.pop()
            if isinstance(next_one, tuple):
                todo += self._steps(*next_one)
            else:
                self._flush()
                self.blocks.append(next_one)
        self._flush()

    def _steps(self, at: int, last: int) -> list[Todo]:
        """Walk up to a table or preformatted text: gives what is then to be done, in reverse order."""
        kinds, things, parts, marks = self.flat.kinds, self.flat.things, self.parts, self.marks
        while at < last:
            kind = kinds[at]
            if kind == TEXT:
                parts.append(things[at])  # type: ignore[arg-type] # a text's step holds text
            elif kind in _INLINE:
                if marks:
                    parts.append(MARK)
            elif kind == END:
                if parts:
                    self._flush()
                if things[at] is self.open[-1] and len(self.open) > 1:
                    self.open.pop()
            else:
                if parts:
                    self._flush()
                if kind in _HELD and (inner := self._inner(at, kind)) is not None:
                    return [(self.flat.close[at] + 1, last), *reversed(inner)]
                if kind != BREAK:
                    self.open.append(things[at])  # type: ignore[arg-type] # the element that begins
            at += 1
        return []

    def _flush(self) -> None:
        text = collapse("".join(self.parts)).strip()
        self.parts.clear()
        if text.strip(MARK + " \u00a0\u3000"):
            self.blocks.append(_paragraph(text, text, self.page.locator(self.open[-1])))

    def _inner(self, at: int, kind: int) -> list[Todo] | None:
        """What stands in a table or in preformatted text; None for a table that only lays out the page."""
        element = self.flat.things[at]
        assert not isinstance(element, str)
        if kind == PRE:
            return list(self._pre(element))
        return self._table(element, at)

    def _table(self, element: Element, at: int) -> list[Todo] | None:
        if self.marks and self._is_too_big_for_metadata(at):
            return []
        if at not in self.flat.tables:
            self.flat.tables[at] = self._read_table(element, at)
        return self.flat.tables[at]

    def _read_table(self, element: Element, at: int) -> list[Todo] | None:
        table = read_table(self.flat, at)
        if is_layout(table):
            return None
        todo = self._beside_cells(element, at)
        for part in split_at_headings(table):
            if isinstance(part, RawCell):
                todo.append(self.flat.span(part.element))
            else:
                todo.append(to_grid(self.page, part))
                todo += self._nested(part)
        return todo

    def _is_too_big_for_metadata(self, at: int) -> bool:
        """Walks with marks look for metadata, and no block of it has hundreds of cells in one table."""
        inner = self.flat.kinds[at + 1 : self.flat.close[at]]
        return TABLE not in inner and inner.count(CELL) > MAX_MARKED_CELLS

    def _beside_cells(self, table: Element, at: int) -> list[Todo]:
        """What stands in a table but in none of its cells: a caption, stray text, a table between rows."""
        lines = self.flat.text_without(table, TABLE_PARTS).split("\n")
        told = [line for line in lines if _WORD.search(line)]
        place = self.page.locator(table) if told else ""
        todo: list[Todo] = [Paragraph(line, line, place) for line in told]
        if TABLE in self.flat.kinds[at + 1 : self.flat.close[at]]:
            for inner in table.iterdescendants("table"):
                around = next(inner.iterancestors("td", "th", "table"))
                if around is table and inner in self.flat.begin:
                    todo.append(self.flat.span(inner))
        return todo

    def _nested(self, table: RawTable) -> list[Todo]:
        """The outermost tables inside the cells of a grid: they follow it as grids of their own."""
        todo: list[Todo] = []
        for cell in table.cells:
            if cell.nested:
                inner = [t for t in cell.element.iter("table") if t in self.flat.begin]
                outer = [t for t in inner if next(t.iterancestors("td", "th"), None) is cell.element]
                todo += [self.flat.span(t) for t in outer]
        return todo

    def _pre(self, element: Element) -> list[Block]:
        """Preformatted text is plain text: its flattened tables are read as such."""
        place = self.page.locator(element)
        blocks: list[Block] = []
        text, overfull = bounded_lines(self.flat.raw(element))
        if overfull is not None:
            self.page.tell(overfull.code, overfull.severity, overfull.message, place)
        for block in read_blocks(text):
            if isinstance(block, Paragraph):
                blocks.append(replace(block, locator=place))
            else:
                cells = tuple(
                    Cell(c.row, c.column, c.text, c.plain, f"{place} {c.locator}", c.rowspan, c.colspan)
                    for c in block.cells
                )
                blocks.append(Grid(cells, block.n_rows, block.n_columns, block.source, place))
        return blocks
