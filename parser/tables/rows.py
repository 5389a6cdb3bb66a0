"""Grids → rows of tokens: what each row of every grid draws, in reading order, with the columns it covers.

All grids of a document become one sequence of rows: a table may be broken over pages, share a grid with
others, or come in halves. A number cell that hangs down from a row above stands in each row that it covers
and is marked as merged, since nobody can say to which of them it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter

from parser.document import Block, Cell, Grid
from parser.tables.repeats import without_repeats
from parser.tables.vocabulary import Head
from parser.values import Kind, Value, read_value

MAX_TEXT = 160  # characters of a cell that may be a label; longer ones are running text


class Token:
    """One cell as a row shows it. `start` and `end` are the columns it covers, end excluded.

    `blank`: no number is given; `padding`: nothing at all is written, so that it may stand for a span;
    `merged`: it covers several rows and nobody can say whose it is; `taken`: a cell of a table has it.
    """

    __slots__ = (
        "blank",
        "cell",
        "end",
        "merged",
        "padding",
        "raw",
        "start",
        "taken",
        "text",
        "value",
        "words",
    )

    def __init__(self, cell: Cell, value: Value, start: int, end: int, raw: str) -> None:
        self.cell = cell
        self.value = value
        self.start = start
        self.end = end
        self.raw = raw
        self.text = cell.plain
        self.merged = False
        self.taken = False
        kind = value.kind
        self.blank = kind is _BLANK
        self.padding = self.blank and not raw
        self.words = kind is _WORDS


_BLANK, _WORDS = Kind.BLANK, Kind.WORDS  # a look-up on an Enum is dear where it is made for each cell


@dataclass(slots=True, eq=False)
class Row:
    """One row of a grid. `grid` numbers the document's grids; `trusted` says whether columns are physical."""

    grid: int
    index: int
    trusted: bool
    tokens: list[Token]
    words: list[int] = field(default_factory=list)  # indices of tokens whose words may be a label
    numbers: int = 0  # how many tokens hold numbers
    head: Head | None = None  # which table's head it is, once somebody has asked (parser.tables.vocabulary)

    @property
    def end(self) -> int:
        """The first column behind the row."""
        return max((token.end for token in self.tokens), default=0)

    @property
    def locator(self) -> str:
        return next((token.cell.locator for token in self.tokens if token.cell.locator), "")

    @property
    def label(self) -> str:
        """All words of the row before its first number."""
        texts = []
        for token in self.tokens:
            if token.value.kind in (Kind.NUMBER, Kind.SEVERAL):
                break
            if token.words:
                texts.append(token.text)
        return "".join(texts)


def rows_of(blocks: Iterable[Block]) -> list[Row]:
    """The rows of all grids in document order."""
    rows: list[Row] = []
    grids = (block for block in blocks if isinstance(block, Grid))
    for number, grid in enumerate(grids):
        rows.extend(_grid_rows(number, grid))
    return rows


def _grid_rows(number: int, drawn: Grid) -> Iterator[Row]:
    grid, trusted = without_repeats(drawn)
    by_row: list[list[Token]] = [[] for _ in range(grid.n_rows)]
    hanging: list[Token] = []
    n_rows = grid.n_rows
    for cell in grid.cells:
        row, column = cell.row, cell.column
        if row >= n_rows:
            continue
        end = column + max(cell.colspan, 1)
        token = Token(cell, read_value(cell.plain), column, end, cell.text.strip())
        by_row[row].append(token)
        if cell.rowspan > 1 and not token.words:
            hanging.append(token)
    for token in hanging:
        _hang(token, by_row)
    for index, tokens in enumerate(by_row):
        tokens.sort(key=_START)
        yield make_row(number, index, trusted, tokens)


_START = attrgetter("start")


def _hang(token: Token, by_row: list[list[Token]]) -> None:
    """Put a cell that covers rows below into those that have a label of their own."""
    first = token.cell.row
    below = range(first + 1, min(first + token.cell.rowspan, len(by_row)))
    for row in below:
        if any(other.words and other.cell.row == row for other in by_row[row]):
            by_row[row].append(token)
            token.merged = not token.blank


def make_row(grid: int, index: int, trusted: bool, tokens: list[Token]) -> Row:
    """A row with its words and numbers counted."""
    words = [at for at, token in enumerate(tokens) if token.words and len(token.text) <= MAX_TEXT]
    numbers = sum([not (token.words or token.blank) for token in tokens])
    return Row(grid, index, trusted, tokens, words, numbers)
