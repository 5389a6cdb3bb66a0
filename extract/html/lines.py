"""Lines of a page that are the rows of a table without a <table>: a <span> for each cell, or blanks between.

Read as running text such a row would run its numbers together, and lose a cell that is blank. They become
TEXT grids, as in a text file: their columns are not to be trusted (parser.document.GridSource).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.etree import _Element as Element

from extract.blocks import grid_from_rows
from extract.html.tree import Page, collapse
from parser.document import Block, GridSource, Paragraph

_NUMBER_LAST = re.compile(r"[\d/—-][\s\u00a0\u3000]*$")
_GAP = re.compile("[ \u00a0]{2,}|\u3000{2,}")
_NUMBER = re.compile(r"[\d.,/—-]+")
_HEADING = re.compile(r"^\s*[一二三四五六七八九十]+\s*[、.．]")

MAX_LINE = 400
MAX_CELL = 80
MIN_ROWS = 3
MANY = 10  # numbers of a row that alone make its lines a table
MIN_WIDTH = 3  # cells of the widest row
MAX_LONE = 40  # characters of a line between two rows that may be a row of one cell

Row = list[str]


def tables_in_lines(page: Page, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with a grid for each run of lines that are rows."""
    if sum(isinstance(b, Paragraph) and _NUMBER_LAST.search(b.text) is not None for b in blocks) < MIN_ROWS:
        return list(blocks)
    known: dict[Element, dict[str, Row]] = {}
    rows = [_row(page, block, known) for block in blocks]
    done: list[Block] = []
    at = 0
    while at < len(blocks):
        end = _end_of_run(blocks, rows, at)
        run = [row for row in rows[at:end] if row is not None]
        if end - at >= MIN_ROWS and _is_table(run):
            placed = [[(text, b.locator) for text in row] for b, row in zip(blocks[at:end], run, strict=True)]
            done.append(grid_from_rows(placed, GridSource.TEXT, blocks[at].locator))
            at = end
        else:
            done.append(blocks[at])
            at += 1
    return done


def _end_of_run(blocks: Sequence[Block], rows: Sequence[Row | None], start: int) -> int:
    """Behind the last of the rows that begin here; a short line between two rows is one of a single cell."""
    if (first := rows[start]) is None or len(first) < 2:
        return start
    at = start + 1
    while at < len(blocks):
        row = rows[at]
        if row is None:
            break
        if len(row) < 2:
            after = rows[at + 1] if at + 1 < len(blocks) else None
            if after is None or len(after) < 2 or len(row[0]) > MAX_LONE or _HEADING.match(row[0]):
                break
        at += 1
    return at


def _is_table(rows: Sequence[Row]) -> bool:
    """Half of the rows are mostly numbers, or one has very many, as that of table 四."""
    several = [row for row in rows if len(row) > 1]
    if max(map(len, several), default=0) < MIN_WIDTH:
        return False
    counts = [sum(bool(_NUMBER.fullmatch(cell)) for cell in row) for row in several]
    numeric = sum(count * 2 >= len(row) for count, row in zip(counts, several, strict=True))
    return numeric >= max(MIN_ROWS - 1, len(several) / 2) or max(counts, default=0) >= MANY


def _row(page: Page, block: Block, known: dict[Element, dict[str, Row]]) -> Row | None:
    """The cells of a line; None for what cannot be a row."""
    if not isinstance(block, Paragraph) or len(block.text) > MAX_LINE or " " in block.locator:
        return None
    element = page.at(block.locator)
    if element not in known:
        known[element] = _lines(page, element)
    row = known[element].get(block.text) or _parted(block.text)
    return row if all(len(cell) <= MAX_CELL for cell in row) else None


def _parted(text: str) -> Row:
    return [cell.strip(" \u00a0\u3000") for cell in _GAP.split(text.strip(" \u00a0\u3000"))]


def _lines(page: Page, element: Element) -> dict[str, Row]:
    """By its text, each line of the element in which elements stand side by side and nothing between them."""
    while len(element) == 1 and not collapse(f"{element.text or ''}{element[0].tail or ''}").strip():
        element = element[0]
    found: dict[str, Row] = {}
    cells: Row = []
    parts: list[str] = []
    only_cells = True

    def flush() -> None:
        nonlocal only_cells
        if only_cells and len(cells) > 1:
            found[collapse("".join(parts)).strip()] = list(cells)
        cells.clear()
        parts.clear()
        only_cells = True

    def between(text: str | None) -> None:
        nonlocal only_cells
        if text:
            parts.append(text)
            only_cells = only_cells and not text.strip(" \t\r\n\f\u00a0\u3000")

    between(element.text)
    for child in element:
        if child.tag == "br":
            flush()
        elif isinstance(child.tag, str) and child not in page.skipped:
            text = page.text_of(child).replace("\n", " ")
            parts.append(text)
            cells.append(text.strip(" \u00a0\u3000"))
        between(child.tail)
    flush()
    return found
