"""Text set in two columns, told by the gap between them."""

from __future__ import annotations

from collections.abc import Sequence

from extract.pdf_lines import Line

MIN_COLUMN_LINES = 8
MIN_COLUMN_TEXT = 8


def columns_apart(lines: Sequence[Line]) -> list[Line]:
    """Text set in two columns, as the left column's lines and then the right one's; else unchanged."""
    paired = [
        line
        for line in lines
        if len(line.pieces) == 2 and min(len(p.text) for p in line.pieces) >= MIN_COLUMN_TEXT
    ]
    if len(paired) < max(MIN_COLUMN_LINES, 0.5 * len(lines)):
        return list(lines)
    gutter_left = max(line.pieces[0].right for line in paired)
    gutter_right = min(line.pieces[1].left for line in paired)
    if gutter_left >= gutter_right:
        return list(lines)
    middle = (gutter_left + gutter_right) / 2
    is_paired = {id(line) for line in paired}
    done: list[Line] = []
    right: list[Line] = []
    for line in lines:
        if id(line) in is_paired:
            done.append(line.pieces[0])
            right.append(line.pieces[1])
        elif line.left > middle:
            right.append(line)
        elif line.right > middle:  # a heading over both columns
            done += right
            right = []
            done.append(line)
        else:
            done.append(line)
    return done + right
