"""Rows of table 三 that each lost one cell, solved together: alone none of them has a column to be held to.

The columns' relations (A1, A2) decide. Two rows are tried in every way; more only with the same column left
out of each, as where a body writes no totals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from parser.tables.alignment import number_of
from parser.tables.application_relations import Relations
from parser.tables.layout import Line
from parser.tables.rows import Token
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS

_WIDTH = len(COLUMNS)
_WITNESSES = 4  # columns that must add up to more than zero


def holes_together(lines: Sequence[Line], relations: Relations) -> tuple[int, ...] | None:
    """For each line the column that it lost, where the columns' sums allow one way alone; else None.

    The lines are laid out so on return, or left as they were.
    """
    rows = [line.loose(_WIDTH) for line in lines]
    if len(rows) < 2 or any(line.columns != COLUMNS for line in lines):
        return None
    if any(len(tokens) != _WIDTH - 1 or any(number_of(t) is None for t in tokens) for tokens in rows):
        return None
    possible = [
        holes
        for holes in _ways(len(rows))
        if _lay(lines, rows, holes, relations) and _holds(lines, relations)
    ]
    if len(possible) == 1:
        _lay(lines, rows, possible[0], relations)
        return possible[0]
    for line in lines:
        line.placed = None
        for column in COLUMNS:
            relations.filled.pop((line.key, column), None)
    return None


def _ways(n: int) -> Iterator[tuple[int, ...]]:
    if n == 2:
        yield from product(range(_WIDTH), repeat=2)
    else:
        yield from ((hole,) * n for hole in range(_WIDTH))


def _lay(
    lines: Sequence[Line], rows: Sequence[Sequence[Token]], holes: Sequence[int], relations: Relations
) -> bool:
    """Lay the lines out, the holes' numbers as A3 gives them; False where it cannot hold."""
    for line, tokens, hole in zip(lines, rows, holes, strict=True):
        line.placed = (*tokens[:hole], None, *tokens[hole:])
        numbers = [number_of(token) or 0 for token in tokens]
        number = sum(numbers) if hole == _WIDTH - 1 else numbers[-1] - sum(numbers[:-1])
        if number < 0:
            return False
        for column in COLUMNS:
            relations.filled.pop((line.key, column), None)
        relations.filled[line.key, COLUMNS[hole]] = number
    return True


def _holds(lines: Sequence[Line], relations: Relations) -> bool:
    """Every column that a line takes part in adds up, and enough of them to more than zero."""
    if not all(relations.holds(line.key, column) for line in lines for column in COLUMNS):
        return False
    return sum(bool(relations.total(relations.leaves, column)) for column in COLUMNS) >= _WITNESSES
