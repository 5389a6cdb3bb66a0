"""Damage to cells and rows: lost, doubled, merged, parted, out of place."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.parser.drawing import Drawing, Drawn, DrawnRow
from tests.parser.mutating import a_row, keys_of, mutation, row_key, row_of_three, values_of


@mutation
def dropped_cell(rng: random.Random, drawing: Drawing) -> set[str]:
    table, at = a_row(rng, drawing)
    gone = rng.choice(values_of(table[at]))
    keys = keys_of(table[at])
    drawing.lose(table[at][gone].shows)
    del table[at][gone]
    return keys


@mutation
def two_dropped_cells(rng: random.Random, drawing: Drawing) -> set[str]:
    at = row_of_three(rng, drawing)
    keys = keys_of(drawing.three[at])
    for _ in range(2):
        gone = rng.choice(values_of(drawing.three[at]))
        drawing.lose(drawing.three[at][gone].shows)
        del drawing.three[at][gone]
    return keys


@mutation
def dropped_cells_in_two_rows(rng: random.Random, drawing: Drawing) -> set[str]:
    return {key for _ in range(2) for key in dropped_cell(rng, drawing)}


@mutation
def dropped_row(rng: random.Random, drawing: Drawing) -> set[str]:
    table = rng.choice([drawing.two, drawing.three, drawing.three])
    at = rng.choice(
        [at for at, row in enumerate(table) if row_key(row) and all(c.role != "group" for c in row)]
    )
    keys = keys_of(table[at])
    del table[at]
    for key in keys - {key for row in table for key in keys_of(row)}:  # the row may have been drawn twice
        drawing.unsay(key)
    return keys


@mutation
def doubled_row(rng: random.Random, drawing: Drawing) -> set[str]:
    table = rng.choice([drawing.two, drawing.three, drawing.three])
    at = rng.choice(
        [at for at, row in enumerate(table) if row_key(row) and all(c.role != "group" for c in row)]
    )
    table.insert(at, list(table[at]))
    drawing.damaged |= keys_of(table[at])
    return set()


@mutation
def doubled_row_other_numbers(rng: random.Random, drawing: Drawing) -> set[str]:
    at = rng.choice(
        [at for at, row in enumerate(drawing.three) if row_key(row) and all(c.role != "group" for c in row)]
    )
    other = [
        replace(cell, text=str(rng.randint(1, 9999))) if cell.shows else cell for cell in drawing.three[at]
    ]
    drawing.three.insert(at + rng.choice((0, 1)), other)
    drawing.damaged |= keys_of(other)
    return keys_of(other)


@mutation
def doubled_cell(rng: random.Random, drawing: Drawing) -> set[str]:
    table, at = a_row(rng, drawing)
    which = rng.choice(values_of(table[at]))
    table[at].insert(which, table[at][which])
    drawing.damaged.add(table[at][which].shows)
    return keys_of(table[at])


@mutation
def merged_values(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two neighbouring numbers drawn as one cell: one of them only, or both."""
    at = row_of_three(rng, drawing)
    row = drawing.three[at]
    which = rng.choice(values_of(row)[:-1])
    keys = keys_of(row)
    both = rng.random() < 0.5
    text = f"{row[which].text} {row[which + 1].text}" if both else row[which].text
    if not both:
        drawing.lose(row[which].shows)
        drawing.unsay(row[which + 1].shows)
    row[which : which + 2] = [replace(row[which], text=text, colspan=2)]
    return keys


@mutation
def merged_down(rng: random.Random, drawing: Drawing) -> set[str]:
    """A number that hangs down over the row below."""
    at = rng.choice(
        [at for at, row in enumerate(drawing.three[:-1]) if row_key(row) and row_key(drawing.three[at + 1])]
    )
    place = rng.randrange(7)
    above, below = drawing.three[at], drawing.three[at + 1]
    keys = keys_of(above) | keys_of(below)
    upper, lower = values_of(above)[place], values_of(below)[place]
    drawing.lose(above[upper].shows)
    drawing.unsay(below[lower].shows)
    above[upper] = replace(above[upper], rowspan=2)
    del below[lower]
    return keys


@mutation
def identical_neighbours_dropped(rng: random.Random, drawing: Drawing) -> set[str]:
    """An extractor that leaves out a cell equal to the one before it."""
    hit: set[str] = set()
    for table in (drawing.two, drawing.three, drawing.four):
        for row in table:
            kept: DrawnRow = []
            for cell in row:
                if kept and cell.shows and kept[-1].shows and kept[-1].text == cell.text:
                    hit |= keys_of(row)
                    drawing.lose(cell.shows)
                    continue
                kept.append(cell)
            row[:] = kept
    return hit


@mutation
def parted_number(rng: random.Random, drawing: Drawing) -> set[str]:
    """A wide number printed over two cells."""
    at = row_of_three(rng, drawing)
    row = drawing.three[at]
    wide = [place for place in values_of(row) if len(row[place].text) > 1]
    if not wide:
        return set()
    which = rng.choice(wide)
    cell = row[which]
    cut = rng.randint(1, len(cell.text) - 1)
    drawing.unsay(cell.shows)
    row[which : which + 1] = [
        replace(cell, text=cell.text[:cut]),
        replace(cell, text=cell.text[cut:], shows=""),
    ]
    return keys_of(row)


@mutation
def stray_number(rng: random.Random, drawing: Drawing) -> set[str]:
    table, at = a_row(rng, drawing)
    place = rng.choice((len(table[at]), values_of(table[at])[0]))
    beside = table[at][min(place, len(table[at]) - 1)]
    table[at].insert(place, Drawn(str(rng.randint(1, 9999)), role="pad"))
    drawing.damaged.add(beside.shows)
    return keys_of(table[at])
