"""The body of a Word document → paragraphs and grids, as Word draws them.

Deleted and hidden text is left out, inserted text kept. Drawn numbers stand before their text. A merged
cell covers its places: gridSpan and vMerge give true rows and columns. A table that only frames running
text is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from extract.blocks import joint
from extract.word_numbering import Numbering, num_pr
from extract.word_xml import attribute, child, contents, inner_children, local, switched_on
from parser.document import Block, Cell, Grid, GridSource, Paragraph

MAX_COLUMNS = 200
MAX_FRAME_CELLS = 4
FRAME_TEXT = 200  # characters in one cell: it frames running text
MAX_DEPTH = 8  # tables within tables
_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "rt", "pPr", "rPr", "footnoteReference", "Fallback"}
)
_CONTENTS_STYLE = re.compile(r"(?:TOC|toc|目录)\s*\d")
_BREAKS = frozenset({"br", "cr"})


@dataclass
class BodyReader:
    """Walks one body; counts paragraphs and tables for the locators, and notes what a person should know."""

    numbering: Numbering
    notes: dict[str, int] = field(default_factory=dict)
    _paragraphs: int = 0
    _tables: int = 0

    def note(self, code: str) -> None:
        self.notes[code] = self.notes.get(code, 0) + 1

    def blocks(self, container: etree._Element, depth: int = 0) -> Iterator[Block]:
        """Paragraphs and grids of a body or cell, in reading order."""
        for element in contents(container):
            name = local(element)
            if name == "p":
                yield from self._paragraph(element, depth)
            elif name == "tbl":
                yield from self._table(element, depth)
            elif name == "altChunk":
                self.note("embedded_part")

    def _paragraph(self, element: etree._Element, depth: int) -> Iterator[Block]:
        self._paragraphs += 1
        if _CONTENTS_STYLE.match(attribute(child(child(element, "pPr"), "pStyle"), "val")):
            self.note("contents_lines")
            return
        where = f"paragraph {self._paragraphs}"
        lines = self.paragraph_text(element).split("\n")
        for line in lines:
            text = re.sub(r"[ \t\u3000]+", " ", line).strip()
            if text:
                yield Paragraph(text, text, where)
        if depth < MAX_DEPTH:
            for box in _text_boxes(element):
                yield from self.blocks(box, depth + 1)

    def paragraph_text(self, element: etree._Element) -> str:
        """The drawn text of a w:p, its number first; `\\n` for a line break."""
        parts: list[str] = []
        self._collect(element, parts)
        text = "".join(parts)
        properties = child(element, "pPr")
        if properties is None:
            return text
        found = num_pr(properties)
        if found is None:
            found = self.numbering.by_style.get(attribute(child(properties, "pStyle"), "val"))
        if found is None or not found[0] or not text.strip():
            return text
        return self.numbering.label(*found) + text

    def _collect(self, element: etree._Element, parts: list[str]) -> None:
        for inner in contents(element):
            name = local(inner)
            if name in {"del", "moveFrom"}:
                self.note("tracked_changes")
            if name in _SKIPPED or name in {"drawing", "pict", "object"}:
                continue
            if name == "t":
                parts.append(inner.text or "")
            elif name == "tab":
                parts.append("\t")
            elif name in _BREAKS:
                parts.append("\n" if attribute(inner, "type") in {"", "textWrapping"} else "")
            elif name == "noBreakHyphen":
                parts.append("-")
            elif name == "r" and switched_on(child(child(inner, "rPr"), "vanish")):
                self.note("hidden_text")
            else:
                self._collect(inner, parts)

    def _table(self, element: etree._Element, depth: int) -> Iterator[Block]:
        self._tables += 1
        where = f"table {self._tables}"
        counted = self.numbering.counts()
        drawn, inner = self._cells(element, where)
        if not drawn:
            return
        longest = max(len(cell.text) for cell in drawn)
        if len(drawn) <= MAX_FRAME_CELLS and (longest > FRAME_TEXT or inner) and depth < MAX_DEPTH:
            self.numbering.count_from(counted)  # the cells are read again, as running text
            for row in inner_children(element, "tr"):
                for cell in inner_children(row, "tc"):
                    yield from self.blocks(cell, depth + 1)
            return
        if longest:
            yield _grid(drawn, where)
        for table in inner:
            if depth < MAX_DEPTH:
                yield from self._table(table, depth + 1)

    def _cells(self, element: etree._Element, where: str) -> tuple[list[Cell], list[etree._Element]]:
        """Drawn cells, and the tables within them."""
        drawn: list[Cell] = []
        open_above: dict[int, int] = {}  # column → index of the cell that a vMerge goes on with
        inner: list[etree._Element] = []
        for row, tr in enumerate(
            r for r in inner_children(element, "tr") if child(child(r, "trPr"), "del") is None
        ):
            column = _integer(child(child(tr, "trPr"), "gridBefore"), 0)
            going_on: dict[int, int] = {}
            for number, tc in enumerate(inner_children(tr, "tc"), start=1):
                given = child(tc, "tcPr")
                properties = {} if given is None else {local(e): e for e in given}
                colspan = max(1, _integer(properties.get("gridSpan"), 1))
                text = self._cell_text(tc)
                inner += inner_children(tc, "tbl")
                merge = properties.get("vMerge")
                if _continues(properties.get("hMerge")) and drawn and drawn[-1].row == row:
                    drawn[-1] = replace(drawn[-1], colspan=drawn[-1].colspan + colspan)
                elif _continues(merge) and column in open_above:
                    at = open_above[column]
                    drawn[at] = replace(drawn[at], rowspan=row - drawn[at].row + 1)
                    going_on[column] = at
                    if text:
                        self.note("covered_text")
                else:
                    locator = f"{where} row {row + 1} cell {number}"
                    drawn.append(Cell(row, column, text, text, locator, 1, colspan))
                    if merge is not None:
                        going_on[column] = len(drawn) - 1
                column += colspan
                if column > MAX_COLUMNS:
                    self.note("too_many_columns")
                    break
            open_above = going_on
        return drawn, inner

    def _cell_text(self, tc: etree._Element) -> str:
        """A cell's paragraphs as one text; numbers under one another stay apart."""
        text = ""
        for paragraph in inner_children(tc, "p"):
            for line in self.paragraph_text(paragraph).split("\n"):
                line = " ".join(line.split())  # noqa: PLW2901 - the line, trimmed
                digits = text[-1:].isdigit() and line[:1].isdigit()
                text += (" " if digits else joint(text, line)) + line if text and line else line
        return text


def _continues(merge: etree._Element | None) -> bool:
    return merge is not None and attribute(merge, "val") != "restart"


def _integer(element: etree._Element | None, default: int) -> int:
    if element is None:
        return default
    value = attribute(element, "val")
    return min(int(value), MAX_COLUMNS) if re.fullmatch(r"\d{1,4}", value) else default


def _text_boxes(element: etree._Element) -> list[etree._Element]:
    """Text boxes anchored in a paragraph; the fallback copy of each is left out."""
    return [
        e
        for e in element.iter()
        if local(e) == "txbxContent"
        and not any(local(a) in {"Fallback", "txbxContent"} for a in e.iterancestors())
    ]


def _grid(cells: Sequence[Cell], where: str) -> Grid:
    """Without columns in which no cell begins or ends: Word keeps such in its grid."""
    edges = sorted({e for c in cells for e in (c.column, c.column + c.colspan)})
    place = {edge: at for at, edge in enumerate(edges)}
    moved = [
        Cell(
            c.row,
            place[c.column],
            c.text,
            c.plain,
            c.locator,
            c.rowspan,
            place[c.column + c.colspan] - place[c.column],
        )
        for c in cells
    ]
    n_rows = max(c.row + c.rowspan for c in cells)
    return Grid(tuple(moved), n_rows, len(edges) - 1, GridSource.WORD, where)
