"""Tables that fell apart into single cells: a line ending in a pipe, a paragraph or a <div> for each cell.

The cells stand in reading order and nothing says where a row ends. The labels do: a row begins with its label
(or with the cell of its group before it), heads never begin a row of numbers, and a section's heading or a
sentence ends the table. Cells that were blank may have vanished; so a row that has fewer numbers than columns
is left to the readers of the tables like any row of a TEXT grid that lost cells (parser.tables.alignment).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from parser.document import Block, Cell, Grid, GridSource, Paragraph
from parser.tables import stream_words as words
from parser.tables.lines import cells_of_line
from parser.tables.rows import Row, Token, make_row
from parser.tables.vocabulary import Head
from parser.values import Kind, read_value

MAX_WORD_ROW = 4  # pieces of a label that may come before anybody knows it
_PAGE_NUMBER = re.compile(
    r"^\s*(?:[-—–－]+\s*\d{1,3}\s*[-—–－]+|第\s*\d{1,3}\s*页(?:[\s,，/]*共\s*\d{1,3}\s*页)?)\s*$"
)
WIDTHS = {Head.APPLICATIONS: 7, Head.DISCLOSURE: 3, Head.REVIEW: 15}
MAX_CELLS = 2.5  # a row, on the average, of a grid that may be a stream
MIN_NUMBERS = 8  # rows with numbers of a grid that is told to be a stream
MAX_ROW = 40  # cells that hold something in one row: wider is no table's row


@dataclass(slots=True, eq=False)
class _Piece:
    """One cell. `padding`: an empty cell that stands behind another one in the same line."""

    text: str
    locator: str
    padding: bool = False
    confidence: float | None = None


class _Row(Enum):
    """What the row that is being gathered has shown so far."""

    NONE = auto()
    HEAD = auto()
    ITEM = auto()
    GROUP = auto()
    LABEL = auto()
    WORDS = auto()  # words that are no label yet
    NUMBERS = auto()  # numbers without a label


# --- which blocks are streams


def is_stream(grid: Grid) -> bool:
    """Whether a grid of text has one cell a row, so that its rows mean nothing."""
    if grid.source is not GridSource.TEXT:
        return False
    if grid.n_columns <= MAX_ROW and len(grid.cells) > grid.n_rows * MAX_CELLS:
        return False
    filled = [0] * grid.n_rows
    numbers = [False] * grid.n_rows
    for cell in grid.cells:
        if cell.plain and cell.row < grid.n_rows:
            filled[cell.row] += 1
            numbers[cell.row] = numbers[cell.row] or not _is_words(cell.plain)
    if max(filled, default=0) > MAX_ROW:
        return True
    cells = [count for count, own in zip(filled, numbers, strict=True) if own]
    return len(cells) >= MIN_NUMBERS and cells.count(1) * 2 > len(cells)


def rows_from_stream(blocks: Sequence[Block], first_grid: int) -> list[Row]:
    """The rows of all streams; each stretch without running text counts as one TEXT grid."""
    builder = _Builder()
    pieces = list(_pieces(blocks))
    values = [piece is not None and not _is_words(piece.text) for piece in pieces]
    for at, piece in enumerate(pieces):
        if piece is None:
            builder.end()
        else:
            builder.add(piece, before_number=at + 1 < len(pieces) and values[at + 1])
    builder.end()
    rows: list[Row] = []
    for number, stretch in enumerate(builder.stretches):
        for index, row in enumerate(stretch):
            tokens = list(_tokens(row, index))
            rows.append(make_row(first_grid + number, index, False, tokens))
    return rows


def _pieces(blocks: Iterable[Block]) -> Iterator[_Piece | None]:
    """The cells in reading order, None where a table of another kind stands."""
    for block in blocks:
        if isinstance(block, Paragraph):
            for line in block.plain.split("\n"):
                if line.strip() and not _PAGE_NUMBER.match(line):
                    texts = cells_of_line(line) if len(line) <= 120 else None
                    pieces = texts or [line.strip()]
                    yield from (_Piece(t, block.locator, confidence=block.confidence) for t in pieces)
        elif is_stream(block):
            yield from _grid_pieces(block)
        else:
            yield None


def _grid_pieces(grid: Grid) -> Iterator[_Piece]:
    row, alone = -1, True
    for cell in grid.cells:
        alone = cell.row != row
        row = cell.row
        text = cell.plain.strip()
        yield _Piece(text, cell.locator, not text and not alone, cell.confidence)


def _is_words(text: str) -> bool:
    return read_value(text).kind is Kind.WORDS


def _tokens(row: Sequence[_Piece], index: int) -> Iterator[Token]:
    for column, piece in enumerate(row):
        cell = Cell(index, column, piece.text, piece.text, piece.locator, confidence=piece.confidence)
        yield Token(cell, read_value(piece.text), column, column + 1, piece.text)


# --- cells → rows


@dataclass
class _Builder:
    """Gathers one row at a time. `stretches` are the finished rows, those without any number left out."""

    stretches: list[list[list[_Piece]]] = field(default_factory=list)
    rows: list[list[_Piece]] = field(default_factory=list)
    row: list[_Piece] = field(default_factory=list)
    kind: _Row = _Row.NONE
    head: Head = Head.NONE  # the head that is being gathered
    width: int = WIDTHS[Head.APPLICATIONS]  # of the table that the last head or label is of
    numbers: int = 0  # cells of the row's value area
    group: str | None = None
    numbered: bool = False  # a row of the stretch has numbers

    def end(self) -> None:
        """Running text, or a table of another kind."""
        self._close()
        self.head = Head.NONE
        if self.numbered:
            self.stretches.append(self.rows)
        self.rows, self.numbered = [], False

    def add(self, piece: _Piece, *, before_number: bool) -> None:
        """The next cell; `before_number`: a number or a blank follows it."""
        if not _is_words(piece.text):
            self._number(piece)
        elif not self._repeats(piece):
            self._word(piece, before_number=before_number)

    def _close(self) -> None:
        if self.row:
            self.rows.append(self.row)
        self.row, self.kind, self.numbers, self.group = [], _Row.NONE, 0, None

    def _open(self, kind: _Row, piece: _Piece) -> None:
        self._close()
        self.kind, self.row = kind, [piece]
        if kind is not _Row.HEAD:
            self.head = Head.NONE

    def _number(self, piece: _Piece) -> None:
        if piece.padding:
            if self.row:
                self.row.append(piece)
            return
        if self.kind in (_Row.NONE, _Row.HEAD, _Row.ITEM):
            self._open(_Row.NUMBERS, piece)
        else:
            self.row.append(piece)
        if self.kind in (_Row.GROUP, _Row.WORDS):
            self.kind = _Row.LABEL
        self.head = Head.NONE
        self.numbers += 1
        self.numbered = True

    def _repeats(self, piece: _Piece) -> bool:
        """A cell that was written once for each place that it covers."""
        same = bool(self.row) and not self.numbers and self.row[-1].text == piece.text
        return same and not words.is_fragment(piece.text)

    def _word(self, piece: _Piece, *, before_number: bool) -> None:
        text = piece.text
        names = words.row_names(text)
        group = words.group_name(text)
        opened = words.opens_head(text)
        if self.head is not Head.NONE and words.is_of_head(text, self.head):
            self._in_head(piece)
        elif group is not None:
            self._group(piece, group)
        elif names:
            self._label(piece, names)
        elif words.is_item_cell(text):
            self._open(_Row.ITEM, piece)
        elif opened is not Head.NONE:
            self._open(_Row.HEAD, piece)
            self.head, self.width = opened, WIDTHS[opened]
        elif words.ends_table(text):
            self.end()
        else:
            self._unknown(piece, before_number=before_number)

    def _in_head(self, piece: _Piece) -> None:
        if self._completes_outcome(piece.text):
            self._join(piece)
            return
        after_total = any(words.names_total(other.text) for other in self.row)
        if self.head is Head.APPLICATIONS and after_total:
            head = self.head
            self._open(_Row.HEAD, piece)
            self.head = head
        else:
            self.row.append(piece)

    def _completes_outcome(self, text: str) -> bool:
        """结果 and 维持 in lines of their own."""
        if self.head is not Head.REVIEW or not self.row or not words.is_fragment(self.row[-1].text):
            return False
        return words.is_outcome(self.row[-1].text + text)

    def _join(self, piece: _Piece) -> None:
        last = self.row[-1]
        self.row[-1] = _Piece(last.text + piece.text, last.locator, confidence=last.confidence)

    def _group(self, piece: _Piece, group: str) -> None:
        inside = self.kind is _Row.GROUP and self.group == "result" and group != "result"
        if inside and not self.numbers:
            self.row.append(piece)
        else:
            self._open(_Row.GROUP, piece)
        self.group = group

    def _label(self, piece: _Piece, names: tuple[words.RowName, ...]) -> None:
        joined = self.row[-1].text + piece.text if self.row and not self.numbers else ""
        if self.kind is _Row.LABEL and joined and words.row_names(joined) == names == self._names():
            self._join(piece)
        elif self.kind is _Row.WORDS and joined and self._is_whole(joined, names):
            self._join(piece)
            self.kind = _Row.LABEL
        elif self.kind is _Row.GROUP and not self.numbers and words.fits_group(names[0], self.group):
            self.row.append(piece)
            self.kind = _Row.LABEL
        else:
            self._open(_Row.LABEL, piece)
        self.width = WIDTHS[Head.APPLICATIONS if names[0][0] == "applications" else Head.DISCLOSURE]

    def _names(self) -> tuple[words.RowName, ...]:
        return words.row_names(self.row[-1].text) if self.row else ()

    def _is_whole(self, joined: str, names: tuple[words.RowName, ...]) -> bool:
        return words.row_names(joined) == names and words.is_official(joined, names[0])

    def _unknown(self, piece: _Piece, *, before_number: bool) -> None:
        """Part of a label or of a head, words where a number should stand, or words that strayed in."""
        joined = self.row[-1].text + piece.text if self.row else ""
        if self.kind is _Row.HEAD and words.is_of_head(joined, self.head):
            self._join(piece)
        elif self.kind is _Row.HEAD and self.head is not Head.REVIEW:
            self.row.append(piece)
        elif self.kind is _Row.HEAD and words.stands_before_numbers(piece.text):
            self._open(_Row.LABEL, piece)
        elif self.numbers:
            # Nobody can say whether words among numbers stand for one of them or strayed in: they are left
            # out, and a row that then lacks a number is told like any other that lost a cell.
            if not before_number or self.numbers >= self.width:
                self._open(_Row.WORDS, piece)
        elif self.kind is _Row.LABEL and not words.is_enumerated(piece.text):
            if words.row_names(joined) == self._names():
                self._join(piece)
            else:
                self.row.append(piece)
        elif self.kind in (_Row.WORDS, _Row.GROUP) and len(self.row) < MAX_WORD_ROW:
            self._more_words(piece, joined)
        else:
            self._open(_Row.WORDS, piece)

    def _more_words(self, piece: _Piece, joined: str) -> None:
        names = words.row_names(joined) if self.kind is _Row.WORDS else ()
        if len(names) == 1:
            self._join(piece)
            self.kind = _Row.LABEL
            self.width = WIDTHS[Head.APPLICATIONS if names[0][0] == "applications" else Head.DISCLOSURE]
        else:
            self.row.append(piece)
            self.kind = _Row.WORDS
