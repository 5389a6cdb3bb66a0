"""Table rows that no ruling holds together: lines of text in which a label is followed by numbers.

Some PDFs and pasted texts have no grid. A line is taken for a row only if it begins with a label of a table
and ends with numbers parted by white space; a label's lines before and after are joined by the scanner of the
table as in any broken row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parser.document import Block, Cell, Paragraph
from parser.labels import DISCLOSURE
from parser.tables.rows import Row, Token, make_row
from parser.tables.vocabulary import application_rows, disclosure_column, disclosure_rows, review_word
from parser.values import read_value

_NUMBERS = re.compile(
    r"^(?P<label>.*?)(?P<numbers>(?:(?:^|\s+)[+\-]?\d[\d,.]*(?:万元|元)?|\s+[/—-])+)\s*$", re.DOTALL
)


def rows_from_lines(blocks: Sequence[Block], first_grid: int) -> list[Row]:
    """Rows made of paragraphs; all of them count as one TEXT grid."""
    rows: list[Row] = []
    for block in blocks:
        if isinstance(block, Paragraph) and len(block.plain) <= 120:
            for line in block.plain.split("\n"):
                texts = cells_of_line(line)
                if texts is not None:
                    tokens = list(_tokens(texts, block, len(rows)))
                    rows.append(make_row(first_grid, len(rows), False, tokens))
    return rows


def cells_of_line(line: str) -> list[str] | None:
    """The cells of a line that is a row or a label of a table; None for any other line."""
    line = line.strip()
    if not line:
        return None
    words = line.split()
    if len(words) > 1 and all(
        review_word(word) or disclosure_column(word) or word in DISCLOSURE.head for word in words
    ):
        return words
    match = _NUMBERS.match(line)
    if match is None:
        return [line] if application_rows(line) else None
    label, numbers = match["label"].strip(), match["numbers"].split()
    if not label:
        return numbers if len(numbers) > 1 else None
    return [label, *numbers] if application_rows(label) or disclosure_rows(label) else None


def _tokens(texts: list[str], block: Paragraph, row: int) -> Iterator[Token]:
    for column, text in enumerate(texts):
        cell = Cell(row, column, text, text, block.locator, confidence=block.confidence)
        yield Token(cell, read_value(text), column, column + 1, text)
