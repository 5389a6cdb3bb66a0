"""Rows with too few or too many cells: every way to lay them under the columns, and what all ways agree on.

A row that lost a cell tells nobody which one. A number is placed only where every arrangement that the
relations of the table allow puts the same number there; the rest stays empty. Where only one complete row of
numbers is possible, that is the row; the lost cell's number is offered apart (parser.tables.inference).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from parser.tables.rows import Token
from parser.values import Kind

Numbers = list[int | float | None]
Complete = Callable[[Numbers], Numbers | None]
"""Fills in what the relations determine; None where they contradict the numbers."""

MAX_ARRANGEMENTS = 150


@dataclass(frozen=True, slots=True)
class Solution:
    """`cells`: the token of each column, None where it stays empty. `unique`: no other row is possible.

    `doubtful`: the places that are empty, or where another arrangement puts another token, be its number the
    same; where a token was left out and no place is in doubt, the place where it stood.
    """

    cells: tuple[Token | None, ...]
    unique: bool
    doubtful: tuple[int, ...]


def arrangements(tokens: Sequence[Token], width: int) -> Iterator[tuple[Token | None, ...]]:
    """All ways to lay `tokens` in order under `width` columns, cells missing or cells too many."""
    spare = len(tokens) - width
    if comb(max(len(tokens), width), abs(spare)) > MAX_ARRANGEMENTS:
        return
    if spare >= 0:
        for dropped in combinations(range(len(tokens)), spare):
            yield tuple(token for at, token in enumerate(tokens) if at not in dropped)
        return
    for gaps in combinations(range(width), -spare):
        rest = iter(tokens)
        yield tuple(None if at in gaps else next(rest) for at in range(width))


def number_of(token: Token | None) -> int | float | None:
    """The number a token stands for in a sum: a blank is 0, words and gaps are unknown."""
    if token is None or token.merged:
        return None
    if token.blank:
        return 0
    return token.value.plain if token.value.kind is Kind.NUMBER else None


def solve(tokens: Sequence[Token], width: int, complete: Complete, last_resort: int) -> Solution | None:
    """Lay out a row of the wrong width; None where no arrangement agrees with the relations.

    `last_resort` is the column that is left empty only if no other can be.
    """
    possible: list[tuple[tuple[Token | None, ...], Numbers]] = []
    for cells in arrangements(tokens, width):
        completed = complete([number_of(cell) for cell in cells])
        if completed is not None:
            possible.append((cells, completed))
    if not possible:
        return _parted(tokens, width, complete) if len(tokens) > width else None
    first = possible[0][1]
    if None not in first and all(completed == first for _, completed in possible):
        cells = _preferred([cells for cells, _ in possible], last_resort)
        return Solution(cells, True, _doubtful(cells, possible, tokens))
    agreed = tuple(_agreed([cells[at] for cells, _ in possible]) for at in range(width))
    return Solution(agreed, len(possible) == 1, _doubtful(agreed, possible, tokens))


def _parted(tokens: Sequence[Token], width: int, complete: Complete) -> Solution | None:
    """One number drawn over neighbouring cells: its place stays empty, since only the sums put it together.

    Only where leaving it open determines the very digits that stand there, and in one way alone.
    """
    extra = len(tokens) - width
    found: list[Solution] = []
    for at in range(width):
        pieces = tokens[at : at + extra + 1]
        cells = (*tokens[:at], None, *tokens[at + extra + 1 :])
        completed = complete([number_of(cell) for cell in cells])
        digits = "".join(piece.text.strip() for piece in pieces)
        if completed is not None and digits.isdecimal() and completed[at] == int(digits):
            found.append(Solution(cells, True, (at,)))
    return found[0] if len(found) == 1 else None


def _doubtful(
    chosen: Sequence[Token | None],
    possible: Sequence[tuple[tuple[Token | None, ...], Numbers]],
    tokens: Sequence[Token],
) -> tuple[int, ...]:
    doubtful = [
        at
        for at, token in enumerate(chosen)
        if token is None or any(cells[at] is not token for cells, _ in possible)
    ]
    if not doubtful and len(tokens) > len(chosen):
        left_out = next(at for at, token in enumerate(tokens) if token not in chosen)
        doubtful = [min(left_out, len(chosen) - 1)]
    return tuple(doubtful)


def _preferred(options: list[tuple[Token | None, ...]], last_resort: int) -> tuple[Token | None, ...]:
    """All options say the same numbers: leave the rightmost cell empty that is not the last resort."""

    def rank(cells: tuple[Token | None, ...]) -> tuple[bool, int]:
        gaps = [at for at, cell in enumerate(cells) if cell is None]
        return last_resort not in gaps, sum(gaps)

    return max(options, key=rank)


def _agreed(tokens: list[Token | None]) -> Token | None:
    first = tokens[0]
    if first is None or any(token is None for token in tokens):
        return None
    same = all(
        token is not None
        and token.value.kind == first.value.kind
        and token.value.number == first.value.number
        for token in tokens
    )
    return first if same else None
