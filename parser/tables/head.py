"""The head of table 三: which number column is which, from head cells over one, two or three rows."""

from __future__ import annotations

from dataclasses import dataclass

from parser.document import Finding
from parser.findings import finding
from parser.tables.application_found import COLUMN_LABELS, TABLE
from parser.tables.rows import Row, Token
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS
from parser.tables.vocabulary import application_column

_ORGANISATIONS = COLUMNS[1:-1]


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """The columns in order, each with its head cell; no columns where the head contradicts itself."""

    columns: tuple[str, ...]
    tokens: tuple[Token, ...]
    grid: int
    trusted: bool


_NO_HEAD = ColumnHead(COLUMNS, (), -1, trusted=False)


class HeadBuilder:
    """Gathers head rows; `columns()` closes the head at the first row of numbers below it."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.rows: list[Row] = []
        self.current = _NO_HEAD
        self.seen = False

    def add(self, row: Row) -> None:
        """Another row of the head."""
        self.rows.append(row)

    def columns(self) -> tuple[str, ...]:
        """The columns of the rows that follow; the standard order where there is no head."""
        if self.rows:
            head, self.rows = _read(self.rows), []
            self._report(head)
            self.current, self.seen = head, True
        return self.current.columns

    def cells(self, row: Row) -> tuple[Token, ...]:
        """The head's cells by column, if head and row lie in one grid whose columns are places."""
        same = self.current.trusted and self.current.grid == row.grid
        return self.current.tokens if same and len(self.current.tokens) == len(self.current.columns) else ()

    def _report(self, head: ColumnHead) -> None:
        place = next((token.cell.locator for token in head.tokens), "")
        if not head.columns:
            self.findings.append(
                finding("header_unclear", locator=place, cells=["applications"], table=TABLE)
            )
            return
        standard = [key for key in COLUMNS if key in head.columns]
        if list(head.columns) != standard:
            names = "、".join(COLUMN_LABELS[key] for key in head.columns)
            self.findings.append(
                finding("column_order", locator=place, cells=["applications"], table=TABLE, columns=names)
            )
        both_whole = len(head.columns) == len(COLUMNS) == len(self.current.columns)
        if self.seen and both_whole and head.columns != self.current.columns:
            self.findings.append(
                finding("header_changed", locator=place, cells=["applications"], table=TABLE)
            )


def _read(rows: list[Row]) -> ColumnHead:
    named = [_named(row) for row in rows]
    flat = [pair for row in named for pair in row if pair[0] != "organisations"]
    grid, trusted = rows[0].grid, rows[0].trusted and all(row.grid == rows[0].grid for row in rows)
    if not flat:
        return _NO_HEAD
    pairs = _in_order(named)
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        return ColumnHead((), tuple(token for _, token in flat), grid, trusted)
    return ColumnHead(tuple(keys), tuple(token for _, token in pairs), grid, trusted)


Pair = tuple[str, Token]


def _named(row: Row) -> list[Pair]:
    """(column, head cell) in the order of the row, each column once: a repeated merged cell is one cell."""
    pairs: list[Pair] = []
    for at in row.words:
        key = application_column(row.tokens[at].text)
        if key is not None and (not pairs or pairs[-1][0] != key):
            pairs.append((key, row.tokens[at]))
    return pairs


def _in_order(named: list[list[Pair]]) -> list[Pair]:
    """One sequence of the head's rows: the row of organisations goes where the cell over them stands."""
    named = [row for row in named if row]
    over = next((row for row in named if any(key == "organisations" for key, _ in row)), None)
    if over is None:
        if len(named) == 1:
            return named[0]
        flat = [pair for row in named for pair in row]
        return sorted(flat, key=lambda pair: COLUMNS.index(pair[0]))
    inner = [pair for row in named if row is not over for pair in row if pair[0] in _ORGANISATIONS]
    known = {key for key, _ in over} | set(_ORGANISATIONS)  # a copy of a cell that hangs down names none
    outer = [pair for row in named if row is not over for pair in row if pair[0] not in known]
    if any(key in _ORGANISATIONS for key, _ in over) and not inner:
        return [pair for pair in over if pair[0] != "organisations"]
    pairs: list[Pair] = []
    for key, token in over:
        pairs.extend(inner if key == "organisations" else [(key, token)])
    before = [pair for pair in outer if pair[0] == "natural_person"]
    after = [pair for pair in outer if pair[0] == "total"]
    return [*before, *pairs, *after]
