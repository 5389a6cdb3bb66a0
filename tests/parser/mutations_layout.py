"""Damage to how tables are drawn: heads, labels, columns, breaks over pages, several tables."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.parser.drawing import COLUMNS, Drawing, Drawn, DrawnRow
from tests.parser.mutating import keys_of, mutation, row_key, row_of_three, values_of


@mutation
def swapped_columns(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two organisation columns change places, head and numbers."""
    one, two = rng.sample(range(5), 2)
    head = drawing.three[2]
    head[one], head[two] = head[two], head[one]
    for row in drawing.three:
        values = values_of(row)
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
    drawing.damaged |= keys_of(table[at])
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
    blank = [Drawn("", role="pad") for _ in values_of(row)]
    first, rest = replace(label, text=label.text[:cut]), replace(label, text=label.text[cut:])
    numbers = row[which + 1 :]
    drawing.damaged |= keys_of(row)
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
def swapped_rows(rng: random.Random, drawing: Drawing) -> set[str]:
    """Two rows change places with their labels."""
    movable = [
        at
        for at, row in enumerate(drawing.three)
        if row_key(row) and [c.role for c in row[:1]] == ["label"] and row[0].colspan == 1
    ]
    one, two = rng.sample(movable, 2)
    drawing.damaged |= keys_of(drawing.three[one]) | keys_of(drawing.three[two])
    drawing.three[one], drawing.three[two] = drawing.three[two], drawing.three[one]
    return set()


@mutation
def lost_label(rng: random.Random, drawing: Drawing) -> set[str]:
    at = row_of_three(rng, drawing)
    which = next(place for place, cell in enumerate(drawing.three[at]) if cell.role == "label")
    drawing.three[at][which] = replace(drawing.three[at][which], text="")
    drawing.damaged |= keys_of(drawing.three[at])
    return set()


@mutation
def lost_group_cell(rng: random.Random, drawing: Drawing) -> set[str]:
    at = rng.choice([at for at, row in enumerate(drawing.three) if any(cell.role == "group" for cell in row)])
    drawing.three[at] = [cell for cell in drawing.three[at] if cell.role != "group"]
    drawing.damaged |= keys_of(drawing.three[at])
    return set()


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
        values = values_of(row)
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
    drawing.damaged |= {key for row in table for key in keys_of(row)}
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
        hit |= {key for row in table for key in keys_of(row)}
    drawing.damaged |= hit
    return hit


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
    drawing.damaged |= keys_of(one) | keys_of(two)
    return keys_of(one) | keys_of(two)


@mutation
def number_row_in_two(rng: random.Random, drawing: Drawing) -> set[str]:
    """Table 四's numbers run on into a second row."""
    row = drawing.four[3]
    cut = rng.randint(1, 14)
    drawing.four[3:] = [row[:cut], row[cut:]]
    drawing.damaged |= keys_of(row)
    return keys_of(row)


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
