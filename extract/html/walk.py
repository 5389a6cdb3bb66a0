"""An element's subtree → blocks in reading order, with a stack instead of recursion."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element

from extract.html.grids import (
    TABLE_PARTS,
    RawCell,
    RawTable,
    is_layout,
    read_table,
    split_at_headings,
    to_grid,
)
from extract.html.marks import BLOCK_TAGS
from extract.html.tree import Page, collapse
from extract.plaintext import bounded_lines, read_blocks
from parser.document import Block, Cell, Grid, Paragraph


@dataclass(frozen=True)
class _Text:
    text: str


@dataclass(frozen=True)
class _Start:
    element: Element


@dataclass(frozen=True)
class _End:
    element: Element


@dataclass(frozen=True)
class _Ready:
    block: Block


_Step = _Text | _Start | _End | _Ready


_WORD = re.compile(r"\w")
MAX_MARKED_CELLS = 150
MARK = "\x1f"  # where an inline element begins or ends, in walks that ask for it


def walk(page: Page, start: Element, *, marks: bool = False) -> list[Block]:
    """A Paragraph per block-level element or <br> line, a Grid per data table, layout tables looked through.

    With `marks` the text of paragraphs holds MARK at every edge of an inline element.
    """
    if start in page.skipped:
        return []
    walker = _Walker(page, marks=marks)
    walker.run(start)
    return walker.blocks


def _is_too_big_for_metadata(table: Element) -> bool:
    """Walks with marks look for metadata, and no block of it has hundreds of cells in one table."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return sum(1 for _ in table.iter("td", "th")) > MAX_MARKED_CELLS


class _Walker:
    def __init__(self, page: Page, *, marks: bool) -> None:
        self.page = page
        self.marks = marks
        self.blocks: list[Block] = []
        self.stack: list[_Step] = []
        self.parts: list[str] = []
        self.open: list[Element] = []  # block-level elements around the text that is being gathered

    def run(self, start: Element) -> None:
        self.open.append(start)
        self.stack.append(_Start(start))
        while self.stack:
            step = self.stack.pop()
            match step:
                case _Text(text):
                    self.parts.append(text)
                case _Start(element):
                    self._start(element)
                case _End(element):
                    self._flush()
                    self.open.pop()
                case _Ready(block):
                    self._flush()
                    self.blocks.append(block)
        self._flush()

    def _flush(self) -> None:
        text = collapse("".join(self.parts)).strip()
        self.parts.clear()
        if text.strip(MARK + " \u00a0\u3000"):
            self.blocks.append(Paragraph(text, text, self.page.locator(self.open[-1])))

    def _start(self, element: Element) -> None:
        if element.tag == "br":
            self._flush()
        elif element.tag == "pre":
            self._flush()
            self.stack += [_Ready(block) for block in reversed(self._pre(element))]
        elif element.tag == "table":
            self._flush()
            self._table(element)
        elif element.tag in BLOCK_TAGS:
            self._flush()
            self._enter(element)
        else:
            if self.marks:
                self.parts.append(MARK)
                self.stack.append(_Text(MARK))
            self._push_children(element)

    def _enter(self, element: Element) -> None:
        self.open.append(element)
        self.stack.append(_End(element))
        self._push_children(element)

    def _push_children(self, element: Element) -> None:
        for child in reversed(element):
            if child.tail:
                self.stack.append(_Text(child.tail))
            if isinstance(child.tag, str) and child not in self.page.skipped:
                self.stack.append(_Start(child))
        if element.text:
            self.stack.append(_Text(element.text))

    def _table(self, element: Element) -> None:
        if self.marks and _is_too_big_for_metadata(element):
            return
        table = read_table(self.page, element)
        if is_layout(table):
            self._enter(element)
            return
        steps = self._beside_cells(element)
        for part in split_at_headings(table):
            if isinstance(part, RawCell):
                steps.append(_Start(part.element))
            else:
                steps.append(_Ready(to_grid(self.page, part)))
                steps += self._nested(part)
        self.stack += reversed(steps)

    def _beside_cells(self, table: Element) -> list[_Step]:
        """What stands in a table but in none of its cells: a caption, stray text, a table between rows."""
        place = self.page.locator(table)
        lines = self.page.text_of(table, TABLE_PARTS).split("\n")
        steps: list[_Step] = [_Ready(Paragraph(line, line, place)) for line in lines if _WORD.search(line)]
        for inner in table.iterdescendants("table"):
            around = next(inner.iterancestors("td", "th", "table"))
            if around is table:
                steps.append(_Start(inner))
        return steps

    def _nested(self, table: RawTable) -> list[_Step]:
        """The outermost tables inside the cells of a grid: they follow it as grids of their own."""
        steps: list[_Step] = []
        for cell in table.cells:
            if cell.nested:
                inner = cell.element.iter("table")
                steps += [_Start(t) for t in inner if next(t.iterancestors("td", "th"), None) is cell.element]
        return steps

    def _pre(self, element: Element) -> list[Block]:
        """Preformatted text is plain text: its flattened tables are read as such."""
        place = self.page.locator(element)
        text = "".join(
            step for kind, step in self.page.events(element) if kind == "text" and isinstance(step, str)
        )
        blocks: list[Block] = []
        text, overfull = bounded_lines(text)
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
