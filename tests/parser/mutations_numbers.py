"""Damage to what stands in cells: blanks, words, other spellings, wrong numbers."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.parser.drawing import Drawing, DrawnRow
from tests.parser.mutating import a_row, keys_of, mutation, row_of_three, values_of


@mutation
def blank_cells(rng: random.Random, drawing: Drawing) -> set[str]:
    gone = set()
    for _ in range(rng.randint(1, 12)):
        table, at = a_row(rng, drawing)
        which = rng.choice(values_of(table[at]))
        table[at][which] = replace(table[at][which], text=rng.choice(("", "/", "-", "—", "无", " ")))
        drawing.unsay(table[at][which].shows)
        gone |= keys_of(table[at])
    return gone


@mutation
def blank_zeros(rng: random.Random, drawing: Drawing) -> set[str]:
    """The writer left every second number of table 三 blank."""
    for row in drawing.three:
        for at in values_of(row):
            if rng.random() < 0.5:
                row[at] = replace(row[at], text="")
                drawing.unsay(row[at].shows)
    return {key for row in drawing.three for key in keys_of(row)}


@mutation
def words_for_a_number(rng: random.Random, drawing: Drawing) -> set[str]:
    table, at = a_row(rng, drawing)
    which = rng.choice(values_of(table[at]))
    cell = table[at][which]
    drawing.unsay(cell.shows)
    table[at][which] = replace(
        cell, text=rng.choice(("约12", "十二余", "3、", "12?", "l2", "见附件", "#REF!"))
    )
    return keys_of(table[at])


@mutation
def written_otherwise(rng: random.Random, drawing: Drawing) -> set[str]:
    """Full-width digits, thousands separators, units, footnote marks: the same numbers."""
    full_width = str.maketrans("0123456789", "０１２３４５６７８９")
    for table in (drawing.two, drawing.three, drawing.four):
        for row in table:
            for at in values_of(row):
                text, how = row[at].text, rng.randrange(5)
                money = "万元" in text or "." in text
                if how == 0:
                    text = text.translate(full_width)
                elif not text.isdecimal():
                    continue
                elif how == 1 and not money:
                    text = f"{int(text):,}"
                elif how == 2 and not money:
                    text += rng.choice(("件", " 件", "条"))
                elif how == 3 and not money:
                    text += rng.choice(("①", "*", "（注1）"))
                if text != row[at].text:
                    drawing.damaged.add(row[at].shows)
                row[at] = replace(row[at], text=text)
    return set()


def _misprint(rng: random.Random, drawing: Drawing, row: DrawnRow, which: int) -> None:
    """Another number in a cell: it is read all the same, and must be named."""
    number = rng.randint(1, 9999)
    number += number == drawing.truth[row[which].shows]
    drawing.misprint(row[which].shows, number)
    row[which] = replace(row[which], text=str(number))


@mutation
def wrong_sum(rng: random.Random, drawing: Drawing) -> set[str]:
    """A number as the body printed it, wrong by arithmetic."""
    row = drawing.three[row_of_three(rng, drawing)]
    _misprint(rng, drawing, row, rng.choice(values_of(row)))
    return set()


@mutation
def wrong_sums(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two or three of them, in other rows and columns or in the same."""
    cells = [(at, which) for at, row in enumerate(drawing.three) for which in values_of(row)]
    for at, which in rng.sample(cells, rng.choice((2, 3))):
        _misprint(rng, drawing, drawing.three[at], which)
    return set()


@mutation
def wrong_sum_of_four(rng: random.Random, drawing: Drawing) -> set[str]:
    """The same in table 四, where a number stands in one relation alone."""
    row = drawing.four[3]
    _misprint(rng, drawing, row, rng.choice(values_of(row)))
    return set()


@mutation
def numbers_exchanged(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two numbers of one row of table 三 in each other's cells."""
    row = drawing.three[row_of_three(rng, drawing)]
    one, two = rng.sample(values_of(row)[:-1], 2)
    if row[one].text != row[two].text:
        first, second = int(row[one].text), int(row[two].text)
        drawing.misprint(row[one].shows, second)
        drawing.misprint(row[two].shows, first)
        row[one], row[two] = replace(row[one], text=str(second)), replace(row[two], text=str(first))
    return set()


@mutation
def wrong_number_summed_up(rng: random.Random, drawing: Drawing) -> set[str]:
    """A wrong number of a row, and the row's total with it: the writer's sheet added it up."""
    row = drawing.three[row_of_three(rng, drawing)]
    which = rng.choice(values_of(row)[:-1])
    for at in (which, values_of(row)[-1]):
        drawing.misprint(row[at].shows, int(row[at].text) + 137)
        row[at] = replace(row[at], text=str(int(row[at].text) + 137))
    return set()


@mutation
def zeros_left_blank(rng: random.Random, drawing: Drawing) -> set[str]:
    """Nobody wrote a zero in table 三, and some totals of rows are left out: as ministries and bureaus do."""
    changed: set[str] = set()
    for row in drawing.three:
        for at in values_of(row):
            left_out = row[at].shows.endswith(".total") and rng.random() < 0.3
            if row[at].text == "0" or left_out:
                changed |= keys_of(row)
                drawing.unsay(row[at].shows)
                row[at] = replace(row[at], text="")
    return changed
