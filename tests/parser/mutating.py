"""Damage as real reports show it, done to a drawing. Each kind says which cells stay determinable.

A mutation changes the drawing (and its truth, where the damage changes what is printed), notes in it the
cells that it damages, and returns the keys of those that no reader can be asked to read; all others stay
determinable.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.parser.drawing import Drawing, DrawnRow

Mutation = Callable[[random.Random, Drawing], set[str]]
MUTATIONS: dict[str, Mutation] = {}


def mutation(function: Mutation) -> Mutation:
    MUTATIONS[function.__name__] = function
    return function


def row_key(row: DrawnRow) -> str:
    shown = next((cell.shows for cell in row if cell.shows), "")
    return shown.rpartition(".")[0]


def tables_of(drawing: Drawing) -> list[list[DrawnRow]]:
    return [drawing.two, drawing.three, drawing.three, drawing.three, drawing.four]


def a_row(rng: random.Random, drawing: Drawing) -> tuple[list[DrawnRow], int]:
    table = rng.choice(tables_of(drawing))
    return table, rng.choice([at for at, row in enumerate(table) if row_key(row)])


def row_of_three(rng: random.Random, drawing: Drawing) -> int:
    return rng.choice([at for at, row in enumerate(drawing.three) if row_key(row)])


def values_of(row: DrawnRow) -> list[int]:
    return [at for at, cell in enumerate(row) if cell.shows]


def keys_of(row: DrawnRow) -> set[str]:
    return {cell.shows for cell in row if cell.shows}
