"""A document as lines in reading order: each line of each paragraph, each drawn cell of each grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parser.document import Document, Grid, Paragraph

MIN_CELL_TEXT = 120  # characters from which a cell may hold paragraphs of its own


@dataclass(slots=True)
class Line:
    """A line of a paragraph, or a grid's cell. Both texts are without white space at their ends."""

    text: str
    plain: str
    locator: str
    in_grid: bool


def lines_of(document: Document) -> list[Line]:
    """All lines; a cell with paragraphs of its own (a report inside a layout table) is told line by line."""
    lines: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.extend(_parted(block.text, block.plain, block.locator, in_grid=False))
        elif isinstance(block, Grid):
            for cell in block.cells:
                text = cell.text.strip()
                if not text:
                    continue
                if len(text) < MIN_CELL_TEXT:
                    plain = text if cell.plain == cell.text else cell.plain.strip()
                    lines.append(Line(text, plain, cell.locator, True))
                else:
                    lines.extend(_parted(cell.text, cell.plain, cell.locator, in_grid=True))
    return lines


def _parted(text: str, plain: str, locator: str, *, in_grid: bool) -> Iterator[Line]:
    if text == plain:
        for one in text.split("\n"):
            if stripped := one.strip():
                yield Line(stripped, stripped, locator, in_grid)
        return
    texts, plains = text.split("\n"), plain.split("\n")
    if len(texts) != len(plains):
        texts, plains = [text], [plain]
    for one, one_plain in zip(texts, plains, strict=True):
        if stripped := one.strip():
            yield Line(stripped, one_plain.strip(), locator, in_grid)
