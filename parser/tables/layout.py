"""Where the numbers of a row stand: after its label, or under the columns that the rows around it show.

In a TEXT grid columns are counts, padded at will, and a row that lost a cell moves left; in other grids a
column is a place. So a row is read in plain order only if it has exactly as many numbers as columns; a row
with blanks is read by the pattern of a complete row near it; all others are left to parser.tables.alignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parser.tables.rows import Row, Token
from parser.values import Kind, read_value


@dataclass(slots=True, eq=False)
class Line:
    """A row that bears a label of a table, with the tokens of its value area: all that stands right of it."""

    key: str
    row: Row
    at: int  # index of the label's token, -1: no label in this row
    tokens: list[Token]
    placed: tuple[Token | None, ...] | None = None  # by column position, None: not yet certain
    several: bool = False  # numbers of one cell had to be parted
    columns: tuple[str, ...] = ()
    head: tuple[Token, ...] = ()  # the head's cells in the order of `columns`, where columns are places

    @property
    def first(self) -> int:
        return next((at for at, token in enumerate(self.tokens) if not token.padding), -1)

    @property
    def last(self) -> int:
        return next((at for at in range(len(self.tokens) - 1, -1, -1) if not self.tokens[at].padding), -1)

    @property
    def span(self) -> int:
        """Cells from the first to the last in which something is written."""
        return self.last - self.first + 1 if self.first >= 0 else 0

    @property
    def filled(self) -> int:
        """Cells in which something is written, be it a mark for no number."""
        return sum([not token.padding for token in self.tokens])

    def core(self) -> list[Token]:
        """The value area without empty cells at its ends."""
        first = self.first
        return self.tokens[first : self.last + 1] if first >= 0 else []

    def full(self, width: int) -> bool:
        """Exactly `width` cells that hold something, side by side."""
        if len(self.tokens) <= width:
            return len(self.tokens) == width and True not in [token.padding for token in self.tokens]
        return self.filled == width == self.span

    def loose(self, width: int) -> list[Token]:
        """What an arrangement has to lay out: ends that may be padding are left out."""
        if self.row.trusted and len(self.tokens) < width:
            return list(self.tokens)
        return self.core()


def part_several(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with cells of several numbers parted at their white space."""
    parted: list[Token] = []
    for token in tokens:
        if token.value.kind is not Kind.SEVERAL:
            parted.append(token)
            continue
        for part in token.value.parts:
            parted.append(Token(token.cell, read_value(part), token.start, token.end, part))
            parted[-1].merged = token.merged
    return parted


def place(
    line: Line, width: int, neighbours: Sequence[Line], head: Sequence[Token] = ()
) -> tuple[Token | None, ...] | None:
    """The tokens by column, or None where their places are not certain.

    `neighbours`: lines of the same grid; `head`: the cells of its head in column order, if all were found.
    """
    if line.full(width):
        return tuple(line.core())
    if any(token.value.kind is Kind.SEVERAL for token in line.tokens):
        return _place_parted(line, width)
    if line.filled > width:
        return None
    if line.row.trusted:
        return _place_by_columns(line, width, neighbours, head)
    return _place_by_pattern(line, width, neighbours)


def _place_parted(line: Line, width: int) -> tuple[Token | None, ...] | None:
    parted = part_several(line.core())
    if len(parted) != width:
        return None
    line.several = True
    return tuple(parted)


# --- grids whose columns are places


def _place_by_columns(
    line: Line, width: int, neighbours: Sequence[Line], head: Sequence[Token]
) -> tuple[Token | None, ...] | None:
    references = [other for other in neighbours if other is not line and other.full(width)]
    if len(line.tokens) == width:
        spans = [(token.start, token.end) for token in line.tokens]
        if references:
            if any([(t.start, t.end) for t in other.core()] == spans for other in references):
                return tuple(line.tokens)
        elif _usual_width(neighbours, width):
            return tuple(line.tokens)
    for other in _nearest(line, references):
        placed = under(line, other.core(), other.row.end)
        if placed is not None:
            return placed
    if not references and len(head) == width:
        placed = under(line, head, max(token.end for token in head))
        if placed is not None:
            return placed
    blank = [token for token in line.tokens if token.blank]
    if line.filled == 0 and sum(token.end - token.start for token in blank) >= width:
        return tuple(blank[at] if at < len(blank) else blank[-1] for at in range(width))
    return None


def _usual_width(neighbours: Sequence[Line], width: int) -> bool:
    drawn = [other for other in neighbours if other.tokens]
    return sum(len(other.tokens) == width for other in drawn) * 5 >= len(drawn) * 3


def _nearest(line: Line, references: list[Line]) -> list[Line]:
    return sorted(references, key=lambda other: abs(other.row.index - line.row.index))[:4]


def under(line: Line, template: Sequence[Token], end: int) -> tuple[Token | None, ...] | None:
    """Lay the row under a complete row's cells.

    Only if it ends where that one ends, its label ends before the first column, no cell straddles, and the
    first and the last column are covered: a row that lost a cell moves, and then leaves a hole at one end.
    """
    label_end = line.row.tokens[line.at].end if line.at >= 0 else 0
    if line.row.end != end or label_end > template[0].start:
        return None
    placed: list[Token | None] = [None] * len(template)
    for token in line.tokens:
        under = [
            at for at, other in enumerate(template) if token.start < other.end and other.start < token.end
        ]
        if not under:
            if not token.padding:
                return None
            continue
        if len(under) == 1 and (token.start, token.end) != (template[under[0]].start, template[under[0]].end):
            return None
        if len(under) > 1 and not token.blank:
            token.merged = True
        for at in under:
            if placed[at] is not None:
                return None
            placed[at] = token
    return tuple(placed) if placed[0] is not None and placed[-1] is not None else None


# --- grids of text


def _place_by_pattern(line: Line, width: int, neighbours: Sequence[Line]) -> tuple[Token | None, ...] | None:
    references = [other for other in neighbours if other is not line and other.full(width)]
    total = len(line.row.tokens)
    near = [other for other in _around(line, references) if len(other.row.tokens) == total]
    start = _agreed_start(line, near)
    if start is not None and line.at < start and start + width <= total:
        before, after = line.row.tokens[line.at + 1 : start], line.row.tokens[start + width :]
        numbers = line.row.tokens[start : start + width]
        # A blank at either end may be the padding of a row that lost a cell.
        doubtful = numbers[-1].padding or numbers[0].padding
        if all(token.padding for token in (*before, *after)) and not doubtful:
            return tuple(numbers)
    alone = len(line.tokens) == width and not references and not line.tokens[-1].padding
    if alone and _usual_width(neighbours, width):
        return tuple(line.tokens)
    if line.filled == 0 and len(line.tokens) >= width:
        return tuple(line.tokens[:width])
    return None


def _around(line: Line, references: list[Line]) -> list[Line]:
    """The complete rows right before and right after, and the nearest with the label in the same place."""
    before = [other for other in references if other.row.index < line.row.index]
    after = [other for other in references if other.row.index > line.row.index]
    return [*before[-3:], *after[:3]]


def _agreed_start(line: Line, near: list[Line]) -> int | None:
    """Where the numbers begin, if the rows around say one thing: right after the label, or at one place."""
    if not near:
        return None
    starts = {other.row.tokens.index(other.core()[0]) for other in near}
    right_after = all(
        start == other.at + 1 for other in near for start in [other.row.tokens.index(other.core()[0])]
    )
    if len({other.at for other in near}) > 1 and right_after and len(starts) > 1:
        return line.at + 1
    if len(starts) == 1:
        (start,) = starts
        same_label_place = any(other.at == line.at for other in near)
        if same_label_place or (len({other.at for other in near}) > 1 and not right_after):
            return start
    if right_after and any(other.at == line.at for other in near):
        return line.at + 1
    return None
