"""Flat rows of cell texts become tables with true rowspan and colspan (statute.md §2.2–2.5).

The flattened seeds and the generated reports go through the same layout, so that every number stands in its
true column whichever family draws the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import cycle

from tests.portals import labels

GLOSS = re.compile(r"\([a-zü\u0300-\u036f\u00c0-\u01dc]+\)")  # seed 002 prints 申請(qǐng)人

Rows = list[list[str]]
BLANKS = ("", "/", "—", "-")  # how offices leave a cell empty (statute.md §3, blank policy)


@dataclass(frozen=True)
class Drawn:
    """One drawn cell."""

    text: str
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True)
class Table:
    """Rows of drawn cells, top to bottom."""

    rows: tuple[tuple[Drawn, ...], ...]


@dataclass(frozen=True)
class Para:
    """A paragraph of the body."""

    text: str


Block = Para | Table


def placed(table: Table) -> dict[tuple[int, int], Drawn]:
    """Each cell by the row and column of its upper left corner."""
    taken: set[tuple[int, int]] = set()
    found: dict[tuple[int, int], Drawn] = {}
    for top, row in enumerate(table.rows):
        left = 0
        for drawn in row:
            while (top, left) in taken:
                left += 1
            found[top, left] = drawn
            taken |= {(top + y, left + x) for y in range(drawn.rowspan) for x in range(drawn.colspan)}
    return found


def layout(rows: Rows) -> Table:
    """The statutory table that these flat rows (blank cells left out) are."""
    whole = GLOSS.sub("", "".join(text for row in rows for text in row))
    if re.search("申[请請]人情[况況]", whole):
        return _applications(rows)
    if re.search("[复復][议議]后起[诉訴]", whole):
        return _review(rows)
    return _disclosure(rows)


def _disclosure(rows: Rows) -> Table:
    drawn = []
    for row in rows:
        wide = 4 - (len(row) - 1)  # the last cell takes what is left of the four columns
        drawn.append(tuple([Drawn(text) for text in row[:-1]] + [Drawn(row[-1], colspan=wide)]))
    return Table(tuple(drawn))


def _applications(rows: Rows) -> Table:
    balance, heading = rows[0]
    person, organisations, total = rows[1]
    drawn: list[tuple[Drawn, ...]] = [
        (Drawn(balance, 3, 3), Drawn(heading, 1, 7)),
        (Drawn(person, 2, 1), Drawn(organisations, 1, 5), Drawn(total, 2, 1)),
        tuple(Drawn(text) for text in rows[2]),
    ]
    body = rows[3:]
    for place, row in enumerate(body):
        drawn.append(tuple(_label_cells(body, place) + [Drawn(text) for text in row[-7:]]))
    return Table(tuple(drawn))


def _label_cells(body: Rows, place: int) -> list[Drawn]:
    """The label cells of one row: a chapter over all its rows, a group over its items, an item, or a line."""
    names = body[place][:-7]
    drawn = []
    if names[0].startswith("三、"):
        chapter_rows = len(body) - place - 1  # all but 四、, which is last
        drawn.append(Drawn(names[0], rowspan=chapter_rows))
        names = names[1:]
    elif names[0][1:2] == "、":
        return [Drawn(names[0], colspan=3)]
    if len(names) == 2:
        members = 1
        while _is_item(body[place + members]):
            members += 1
        return [*drawn, Drawn(names[0], rowspan=members), Drawn(names[1])]
    if names[0][0].isdigit():
        return [Drawn(names[0])]
    return [*drawn, Drawn(names[0], colspan=2)]


def _is_item(row: list[str]) -> bool:
    return len(row) == 8 and row[0][0].isdigit()


def _review(rows: Rows) -> Table:
    review, litigation = rows[0]
    *outcomes, direct, after = rows[1]
    return Table(
        (
            (Drawn(review, 1, 5), Drawn(litigation, 1, 10)),
            (*(Drawn(text, 2, 1) for text in outcomes), Drawn(direct, 1, 5), Drawn(after, 1, 5)),
            tuple(Drawn(text) for text in rows[2]),
            tuple(Drawn(text) for text in rows[3]),
        )
    )


def disclosure_rows(cells: dict, version: str) -> Rows:
    """Table 二 as flat rows."""
    rows: Rows = []
    for item, columns, units in labels.disclosure(version):
        rows.append([item])
        rows.append(["信息内容", *(label for _, label in columns)])
        rows.extend([name, *(shown(key, cells[row][key]) for key, _ in columns)] for row, name in units)
    return rows


def shown(key: str, value: float) -> str:
    """A number as printed: procurement with its unit, a change with its sign (statute.md §2.3)."""
    if key == "total_amount_wan_yuan":
        return f"{value:.2f}万元"
    if key == "change" and value > 0:
        return f"+{value}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def application_rows(cells: dict, version: str) -> Rows:
    """Table 三 as flat rows."""
    names = list(labels.COLUMNS.values())
    rows: Rows = [
        [labels.BALANCE, "申请人情况"],
        [names[0], "法人或其他组织", names[6]],
        names[1:6],
    ]

    blank = cycle(BLANKS)

    def line(key: str, *label: str) -> None:
        numbers = (cells[key][column] for column in labels.COLUMNS)
        rows.append([*label, *(next(blank) if n is None else str(n) for n in numbers)])

    line("new_received", labels.NEW_RECEIVED)
    line("carried_over", labels.CARRIED_OVER)
    before = ""
    for place, (key, group, label) in enumerate(labels.leaf_rows(version)):
        chapter = [labels.RESULTS] if place == 0 else []
        line(key, *chapter, *([group] if group and group != before else []), label)
        before = group
    line("result_total", labels.RESULT_TOTAL)
    line("carried_forward", labels.CARRIED_FORWARD)
    return rows


def review_rows(cells: dict) -> Rows:
    """Table 四 as flat rows."""
    outcomes = [label for _, label in labels.REVIEW_RESULTS]
    numbers = [
        str(cells["all"][f"{group}_{key}"])
        for group in labels.REVIEW_GROUPS
        for key, _ in labels.REVIEW_RESULTS
    ]
    return [
        ["行政复议", "行政诉讼"],
        [*outcomes, "未经复议直接起诉", "复议后起诉"],
        outcomes * 2,
        numbers,
    ]
