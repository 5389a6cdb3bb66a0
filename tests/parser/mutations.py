"""Damage as real reports show it, done to a drawing. Each kind says which cells stay determinable.

A mutation changes the drawing (and its truth, where the damage changes what is printed) and returns the keys
of the cells that no reader can be asked to read; all others stay determinable.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from tests.parser.drawing import COLUMNS, Drawing, Drawn, DrawnRow

Mutation = Callable[[random.Random, Drawing], set[str]]
MUTATIONS: dict[str, Mutation] = {}


def mutation(function: Mutation) -> Mutation:
    MUTATIONS[function.__name__] = function
    return function


def row_key(row: DrawnRow) -> str:
    shown = next((cell.shows for cell in row if cell.shows), "")
    return shown.rpartition(".")[0]


def _tables(drawing: Drawing) -> list[list[DrawnRow]]:
    return [drawing.two, drawing.three, drawing.three, drawing.three, drawing.four]


def _a_row(rng: random.Random, drawing: Drawing) -> tuple[list[DrawnRow], int]:
    table = rng.choice(_tables(drawing))
    return table, rng.choice([at for at, row in enumerate(table) if row_key(row)])


def _row_of_three(rng: random.Random, drawing: Drawing) -> int:
    return rng.choice([at for at, row in enumerate(drawing.three) if row_key(row)])


def _values(row: DrawnRow) -> list[int]:
    return [at for at, cell in enumerate(row) if cell.shows]


def _keys(row: DrawnRow) -> set[str]:
    return {cell.shows for cell in row if cell.shows}


@mutation
def nothing(rng: random.Random, drawing: Drawing) -> set[str]:
    return set()


@mutation
def dropped_cell(rng: random.Random, drawing: Drawing) -> set[str]:
    table, at = _a_row(rng, drawing)
    gone = rng.choice(_values(table[at]))
    keys = _keys(table[at])
    drawing.lose(table[at][gone].shows)
    del table[at][gone]
    return keys


@mutation
def two_dropped_cells(rng: random.Random, drawing: Drawing) -> set[str]:
    at = _row_of_three(rng, drawing)
    keys = _keys(drawing.three[at])
    for _ in range(2):
        gone = rng.choice(_values(drawing.three[at]))
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
    keys = _keys(table[at])
    for key in keys:
        drawing.unsay(key)
    del table[at]
    return keys


@mutation
def doubled_row(rng: random.Random, drawing: Drawing) -> set[str]:
    table = rng.choice([drawing.two, drawing.three, drawing.three])
    at = rng.choice(
        [at for at, row in enumerate(table) if row_key(row) and all(c.role != "group" for c in row)]
    )
    table.insert(at, list(table[at]))
    drawing.damaged |= _keys(table[at])
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
    drawing.damaged |= _keys(other)
    return _keys(other)


@mutation
def doubled_cell(rng: random.Random, drawing: Drawing) -> set[str]:
    table, at = _a_row(rng, drawing)
    which = rng.choice(_values(table[at]))
    table[at].insert(which, table[at][which])
    drawing.damaged.add(table[at][which].shows)
    return _keys(table[at])


@mutation
def swapped_columns(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two organisation columns change places, head and numbers."""
    one, two = rng.sample(range(5), 2)
    head = drawing.three[2]
    head[one], head[two] = head[two], head[one]
    for row in drawing.three:
        values = _values(row)
        if len(values) == 7:
            first, second = values[one + 1], values[two + 1]
            row[first], row[second] = row[second], row[first]
            drawing.damaged |= {row[first].shows, row[second].shows}
    return set()


@mutation
def swapped_outcomes(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two columns of one group of table 四 change places, head and numbers."""
    one, two = rng.sample(range(5), 2)
    group = rng.randrange(3)
    head, base = (drawing.four[1], 0) if group == 0 else (drawing.four[2], (group - 1) * 5)
    head[base + one], head[base + two] = head[base + two], head[base + one]
    row = drawing.four[3]
    row[group * 5 + one], row[group * 5 + two] = row[group * 5 + two], row[group * 5 + one]
    drawing.damaged |= {row[group * 5 + one].shows, row[group * 5 + two].shows}
    return set()


@mutation
def blank_cells(rng: random.Random, drawing: Drawing) -> set[str]:
    gone = set()
    for _ in range(rng.randint(1, 12)):
        table, at = _a_row(rng, drawing)
        which = rng.choice(_values(table[at]))
        table[at][which] = replace(table[at][which], text=rng.choice(("", "/", "-", "—", "无", " ")))
        drawing.unsay(table[at][which].shows)
        gone |= _keys(table[at])
    return gone


@mutation
def blank_zeros(rng: random.Random, drawing: Drawing) -> set[str]:
    """The writer left every second number of table 三 blank."""
    for row in drawing.three:
        for at in _values(row):
            if rng.random() < 0.5:
                row[at] = replace(row[at], text="")
                drawing.unsay(row[at].shows)
    return {key for row in drawing.three for key in _keys(row)}


@mutation
def split_label(rng: random.Random, drawing: Drawing) -> set[str]:
    table = rng.choice([drawing.two, drawing.three])
    at = rng.choice([at for at, row in enumerate(table) if row_key(row)])
    which = next(place for place, cell in enumerate(table[at]) if cell.role == "label")
    label = table[at][which]
    cut = rng.randint(1, len(label.text) - 1)
    table[at][which : which + 1] = [
        replace(label, text=label.text[:cut]),
        Drawn(label.text[cut:], role="label"),
    ]
    drawing.damaged |= _keys(table[at])
    return set()


@mutation
def row_cut_by_page(rng: random.Random, drawing: Drawing) -> set[str]:
    """The label goes on in a row of its own, the numbers stand on the first part or on the last."""
    at = rng.choice(
        [at for at, row in enumerate(drawing.three) if row_key(row) and all(c.role != "group" for c in row)]
    )
    row = drawing.three[at]
    which = next(place for place, cell in enumerate(row) if cell.role == "label")
    label = row[which]
    cut = rng.randint(1, len(label.text) - 1)
    blank = [Drawn("", role="pad") for _ in _values(row)]
    first, rest = replace(label, text=label.text[:cut]), replace(label, text=label.text[cut:])
    numbers = row[which + 1 :]
    drawing.damaged |= _keys(row)
    with_numbers_first = rng.random() < 0.5
    drawing.three[at] = [*row[:which], first, *(numbers if with_numbers_first else blank)]
    drawing.three.insert(at + 1, [*row[:which], rest, *(blank if with_numbers_first else numbers)])
    if rng.random() < 0.5:
        drawing.breaks.add(at + 1)
    return set()


@mutation
def broken_over_pages(rng: random.Random, drawing: Drawing) -> set[str]:
    for at in rng.sample(range(4, len(drawing.three)), rng.randint(1, 3)):
        drawing.breaks.add(at)
    return set()


@mutation
def broken_with_repeated_head(rng: random.Random, drawing: Drawing) -> set[str]:
    at = rng.randint(6, len(drawing.three) - 2)
    drawing.three[at:at] = [list(row) for row in drawing.three[:3]]
    drawing.breaks.add(at)
    return set()


@mutation
def merged_values(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two neighbouring numbers drawn as one cell: one of them only, or both."""
    at = _row_of_three(rng, drawing)
    row = drawing.three[at]
    which = rng.choice(_values(row)[:-1])
    keys = _keys(row)
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
    keys = _keys(above) | _keys(below)
    upper, lower = _values(above)[place], _values(below)[place]
    drawing.lose(above[upper].shows)
    drawing.unsay(below[lower].shows)
    above[upper] = replace(above[upper], rowspan=2)
    del below[lower]
    return keys


@mutation
def swapped_rows(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two rows change places with their labels."""
    movable = [
        at
        for at, row in enumerate(drawing.three)
        if row_key(row) and [c.role for c in row[:1]] == ["label"] and row[0].colspan == 1
    ]
    one, two = rng.sample(movable, 2)
    drawing.damaged |= _keys(drawing.three[one]) | _keys(drawing.three[two])
    drawing.three[one], drawing.three[two] = drawing.three[two], drawing.three[one]
    return set()


@mutation
def lost_label(rng: random.Random, drawing: Drawing) -> set[str]:
    at = _row_of_three(rng, drawing)
    which = next(place for place, cell in enumerate(drawing.three[at]) if cell.role == "label")
    drawing.three[at][which] = replace(drawing.three[at][which], text="")
    drawing.damaged |= _keys(drawing.three[at])
    return set()


@mutation
def lost_group_cell(rng: random.Random, drawing: Drawing) -> set[str]:
    at = rng.choice([at for at, row in enumerate(drawing.three) if any(cell.role == "group" for cell in row)])
    drawing.three[at] = [cell for cell in drawing.three[at] if cell.role != "group"]
    drawing.damaged |= _keys(drawing.three[at])
    return set()


@mutation
def identical_neighbours_dropped(rng: random.Random, drawing: Drawing) -> set[str]:
    """An extractor that leaves out a cell equal to the one before it."""
    hit: set[str] = set()
    for table in (drawing.two, drawing.three, drawing.four):
        for row in table:
            kept: DrawnRow = []
            for cell in row:
                if kept and cell.shows and kept[-1].shows and kept[-1].text == cell.text:
                    hit |= _keys(row)
                    drawing.lose(cell.shows)
                    continue
                kept.append(cell)
            row[:] = kept
    return hit


@mutation
def lost_head(rng: random.Random, drawing: Drawing) -> set[str]:
    del drawing.three[:3]
    return set()


@mutation
def lost_head_cell(rng: random.Random, drawing: Drawing) -> set[str]:
    row = rng.choice(drawing.three[1:3])
    row[rng.randrange(len(row))] = Drawn("", role="head")
    return set()


@mutation
def dropped_head_cell(rng: random.Random, drawing: Drawing) -> set[str]:
    row = rng.choice(drawing.three[1:3])
    del row[rng.randrange(len(row))]
    return set()


@mutation
def lost_head_lines(rng: random.Random, drawing: Drawing) -> set[str]:
    """The second line of table 四's head cells is lost."""
    for row in drawing.four[1:3]:
        row[:] = [replace(cell, text=cell.text[:2]) if len(cell.text) == 4 else cell for cell in row]
    return set()


@mutation
def dropped_column(rng: random.Random, drawing: Drawing) -> set[str]:
    """An organisation column is gone, head and numbers."""
    place = rng.randrange(5)
    del drawing.three[2][place]
    column = COLUMNS[place + 1]
    gone = set()
    for row in drawing.three:
        values = _values(row)
        if len(values) == 7:
            gone.add(row[values[place + 1]].shows)
            drawing.unsay(row[values[place + 1]].shows)
            del row[values[place + 1]]
    assert all(key.endswith(column) for key in gone)
    return gone


@mutation
def doubled_table(rng: random.Random, drawing: Drawing) -> set[str]:
    table = rng.choice((drawing.two, drawing.three, drawing.four))
    drawing.extra.append([list(row) for row in table])
    drawing.damaged |= {key for row in table for key in _keys(row)}
    return set()


@mutation
def second_report(rng: random.Random, drawing: Drawing) -> set[str]:
    """Another body's tables stand in the same document."""
    hit: set[str] = set()
    for table in (drawing.two, drawing.three, drawing.four):
        other = [
            [replace(cell, text=str(rng.randint(100, 9999))) if cell.shows else cell for cell in row]
            for row in table
        ]
        drawing.extra.append(other)
        hit |= {key for row in table for key in _keys(row)}
    drawing.damaged |= hit
    return hit


@mutation
def words_for_a_number(rng: random.Random, drawing: Drawing) -> set[str]:
    table, at = _a_row(rng, drawing)
    which = rng.choice(_values(table[at]))
    cell = table[at][which]
    drawing.unsay(cell.shows)
    table[at][which] = replace(
        cell, text=rng.choice(("约12", "十二余", "3、", "12?", "l2", "见附件", "#REF!"))
    )
    return _keys(table[at])


@mutation
def written_otherwise(rng: random.Random, drawing: Drawing) -> set[str]:
    """Full-width digits, thousands separators, units, footnote marks: the same numbers."""
    full_width = str.maketrans("0123456789", "０１２３４５６７８９")
    for table in (drawing.two, drawing.three, drawing.four):
        for row in table:
            for at in _values(row):
                text, how = row[at].text, rng.randrange(5)
                money = "万元" in text or "." in text
                if how == 0:
                    text = text.translate(full_width)
                elif not text.isdigit():
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


@mutation
def spaced_labels(rng: random.Random, drawing: Drawing) -> set[str]:
    """Blanks inside labels, other brackets, other quotes, enumerators with a blank."""
    swaps = [("（", "("), ("）", ")"), ("“", "「"), ("”", "」"), ("，", ", "), (".", "、"), ("公开", "公 开")]
    for table in (drawing.two, drawing.three, drawing.four):
        for row in table:
            for at, cell in enumerate(row):
                if not cell.shows:
                    text = cell.text
                    for old, new in rng.sample(swaps, 3):
                        text = text.replace(old, new)
                    row[at] = replace(cell, text=text)
    return set()


@mutation
def parted_number(rng: random.Random, drawing: Drawing) -> set[str]:
    """A wide number printed over two cells."""
    at = _row_of_three(rng, drawing)
    row = drawing.three[at]
    wide = [place for place in _values(row) if len(row[place].text) > 1]
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
    return _keys(row)


@mutation
def rows_run_together(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two rows drawn as one, each cell with both numbers in it."""
    pairs = [
        at
        for at, row in enumerate(drawing.three[:-1])
        if row_key(row)
        and row_key(drawing.three[at + 1])
        and [cell.role for cell in drawing.three[at + 1][:2]] == ["label", "value"]
        and row[-8].role == "label"
        and row[-8].colspan == drawing.three[at + 1][0].colspan
    ]
    at = rng.choice(pairs)
    one, two = drawing.three[at], drawing.three[at + 1]
    joined = [replace(a, text=f"{a.text}\n{b.text}") for a, b in zip(one[-8:], two[-8:], strict=True)]
    drawing.three[at : at + 2] = [[*one[:-8], *joined]]
    drawing.damaged |= _keys(one) | _keys(two)
    return _keys(one) | _keys(two)


@mutation
def stray_number(rng: random.Random, drawing: Drawing) -> set[str]:
    table, at = _a_row(rng, drawing)
    place = rng.choice((len(table[at]), _values(table[at])[0]))
    beside = table[at][min(place, len(table[at]) - 1)]
    table[at].insert(place, Drawn(str(rng.randint(1, 9999)), role="pad"))
    drawing.damaged.add(beside.shows)
    return _keys(table[at])


@mutation
def number_row_in_two(rng: random.Random, drawing: Drawing) -> set[str]:
    """Table 四's numbers run on into a second row."""
    row = drawing.four[3]
    cut = rng.randint(1, 14)
    drawing.four[3:] = [row[:cut], row[cut:]]
    drawing.damaged |= _keys(row)
    return _keys(row)


def _misprint(rng: random.Random, drawing: Drawing, row: DrawnRow, which: int) -> None:
    """Another number in a cell: it is read all the same, and must be named."""
    number = rng.randint(1, 9999)
    number += number == drawing.truth[row[which].shows]
    drawing.misprint(row[which].shows, number)
    row[which] = replace(row[which], text=str(number))


@mutation
def wrong_sum(rng: random.Random, drawing: Drawing) -> set[str]:
    """A number as the body printed it, wrong by arithmetic."""
    row = drawing.three[_row_of_three(rng, drawing)]
    _misprint(rng, drawing, row, rng.choice(_values(row)))
    return set()


@mutation
def wrong_sums(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two or three of them, in other rows and columns or in the same."""
    cells = [(at, which) for at, row in enumerate(drawing.three) for which in _values(row)]
    for at, which in rng.sample(cells, rng.choice((2, 3))):
        _misprint(rng, drawing, drawing.three[at], which)
    return set()


@mutation
def wrong_sum_of_four(rng: random.Random, drawing: Drawing) -> set[str]:
    """The same in table 四, where a number stands in one relation alone."""
    _misprint(rng, drawing, drawing.four[3], rng.randrange(15))
    return set()


@mutation
def numbers_exchanged(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two numbers of one row of table 三 in each other's cells."""
    row = drawing.three[_row_of_three(rng, drawing)]
    one, two = rng.sample(_values(row)[:-1], 2)
    if row[one].text != row[two].text:
        first, second = int(row[one].text), int(row[two].text)
        drawing.misprint(row[one].shows, second)
        drawing.misprint(row[two].shows, first)
        row[one], row[two] = replace(row[one], text=str(second)), replace(row[two], text=str(first))
    return set()


@mutation
def wrong_number_summed_up(rng: random.Random, drawing: Drawing) -> set[str]:
    """A wrong number of a row, and the row's total with it: the writer's sheet added it up."""
    row = drawing.three[_row_of_three(rng, drawing)]
    which = rng.choice(_values(row)[:-1])
    for at in (which, _values(row)[-1]):
        drawing.misprint(row[at].shows, int(row[at].text) + 137)
        row[at] = replace(row[at], text=str(int(row[at].text) + 137))
    return set()


@mutation
def halves(rng: random.Random, drawing: Drawing) -> set[str]:
    """Table 三 printed as two halves: three columns, then four, each with the labels."""
    left: list[DrawnRow] = []
    right: list[DrawnRow] = []
    for at, row in enumerate(drawing.three):
        if at == 0:
            left.append([Drawn("项目", 3, role="head"), Drawn("申请人情况", 3, role="head")])
            right.append([Drawn("项目", 3, role="head"), Drawn("申请人情况", 4, role="head")])
        elif at == 1:
            left.append([Drawn("", 3), Drawn("自然人"), Drawn("商业企业"), Drawn("科研机构")])
            right.append(
                [Drawn("", 3), Drawn("社会公益组织"), Drawn("法律服务机构"), Drawn("其他"), Drawn("总计")]
            )
        elif at > 2:
            labels, values = row[:-7], row[-7:]
            left.append([*labels, *values[:3]])
            right.append([*labels, *values[3:]])
    drawing.three = left
    drawing.extra.append(right)
    return set()


@mutation
def table_four_in_two(rng: random.Random, drawing: Drawing) -> set[str]:
    """复议 and 诉讼 printed as two tables."""
    head, middle, lower, values = drawing.four
    drawing.four = [[head[0]], [replace(cell, rowspan=1) for cell in middle[:5]], values[:5]]
    drawing.extra.append([[head[1]], middle[5:], lower, values[5:]])
    return set()


@mutation
def head_without_rowspans(rng: random.Random, drawing: Drawing) -> set[str]:
    """The head's lower row has blank cells of its own where others let the upper cells hang down."""
    for table, upper, lower, places in ((drawing.three, 1, 2, (0, 6)), (drawing.four, 1, 2, (0, 0, 0, 0, 0))):
        table[upper] = [replace(cell, rowspan=1) for cell in table[upper]]
        for place in places:
            table[lower].insert(place, Drawn("", role="head"))
    return set()


@mutation
def serial_numbers(rng: random.Random, drawing: Drawing) -> set[str]:
    """The enumerators of table 三 stand in cells of their own."""
    for at, row in enumerate(drawing.three):
        if row_key(row) and row[-8].text[:2] in {f"{n}." for n in range(1, 9)} and row[-8].colspan == 1:
            label = row[-8]
            row[-8:-7] = [Drawn(label.text[0], role="label"), replace(label, text=label.text[2:])]
        elif at > 2:
            row[0] = replace(row[0], colspan=row[0].colspan + 1)
    return set()


@mutation
def zeros_left_blank(rng: random.Random, drawing: Drawing) -> set[str]:
    """Nobody wrote a zero in table 三, and some totals of rows are left out: as ministries and bureaus do."""
    changed: set[str] = set()
    for row in drawing.three:
        for at in _values(row):
            left_out = row[at].shows.endswith(".total") and rng.random() < 0.3
            if row[at].text == "0" or left_out:
                changed |= _keys(row)
                drawing.unsay(row[at].shows)
                row[at] = replace(row[at], text="")
    return changed


_ALONE = frozenset(
    [
        "second_report",
        "halves",
        "table_four_in_two",
        "number_row_in_two",
        "swapped_outcomes",
        "swapped_columns",
        "lost_head",
        "lost_head_cell",
        "dropped_head_cell",
        "dropped_column",
        "merged_down",
        "rows_run_together",
        "broken_with_repeated_head",
        "lost_head_lines",
        "row_cut_by_page",
        "doubled_table",
        "identical_neighbours_dropped",
        "stray_number",
        "serial_numbers",
        "zeros_left_blank",
        "head_without_rowspans",
        "numbers_exchanged",
        "wrong_number_summed_up",
    ]
)


@mutation
def compound(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two kinds of damage at once."""
    one, two = rng.sample([name for name in MUTATIONS if name != "compound" and name not in _ALONE], 2)
    return MUTATIONS[one](rng, drawing) | MUTATIONS[two](rng, drawing)


@mutation
def deduplicated_and_damaged(rng: random.Random, drawing: Drawing) -> set[str]:
    """Damage to a report, then an extractor that leaves out repeated cells."""
    name = rng.choice(
        [
            name
            for name in MUTATIONS
            if name not in _ALONE and "compound" not in name and name != "deduplicated_and_damaged"
        ]
    )
    hit = MUTATIONS[name](rng, drawing)
    return hit | identical_neighbours_dropped(rng, drawing)
