"""Tables as reStructuredText draws them: a grid of strokes, in which a cell may cover several.

A Chinese character is two columns wide there, as on a screen.
"""

from __future__ import annotations

from unicodedata import east_asian_width

from tests.portals.tables import Drawn, Table, placed


def width(text: str) -> int:
    """Columns that a text takes."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def grid_table(table: Table) -> str:
    """The table as lines of strokes."""
    cells = placed(table)
    wide = max(left + drawn.colspan for (_, left), drawn in cells.items())
    high = max(top + drawn.rowspan for (top, _), drawn in cells.items())
    widths = _widths(cells, wide)
    edges = [sum(widths[:place]) + place for place in range(wide + 1)]
    canvas = [[" "] * (edges[-1] + 1) for _ in range(2 * high + 1)]
    for (top, left), drawn in cells.items():
        _frame(canvas, 2 * top, 2 * (top + drawn.rowspan), edges[left], edges[left + drawn.colspan])
    for (top, left), drawn in cells.items():
        _write(canvas[2 * top + 1], edges[left] + 2, drawn.text)
    return "\n".join("".join(line).rstrip() for line in canvas)


def _widths(cells: dict[tuple[int, int], Drawn], wide: int) -> list[int]:
    widths = [3] * wide
    for (_, left), drawn in sorted(cells.items(), key=lambda cell: cell[1].colspan):
        covered = range(left, left + drawn.colspan)
        short = width(drawn.text) + 2 - sum(widths[place] for place in covered) - (drawn.colspan - 1)
        widths[covered[-1]] += max(short, 0)
    return widths


def _frame(canvas: list[list[str]], top: int, bottom: int, left: int, right: int) -> None:
    for row in (top, bottom):
        for place in range(left, right + 1):
            if canvas[row][place] != "+":
                canvas[row][place] = "-"
    for row in range(top, bottom + 1):
        for place in (left, right):
            canvas[row][place] = "+" if canvas[row][place] in "+-" or row in (top, bottom) else "|"


def _write(line: list[str], start: int, text: str) -> None:
    for char in text:
        line[start] = char
        if width(char) == 2:
            line[start + 1] = ""
            start += 1
        start += 1
