"""Glyphs to lines of text, and lines of one cell to the cell's text.

Blanks are judged from the drawing: Chinese is set without them, and justified lines or spread labels
(自 然 人) have gaps that mean nothing, while two numbers side by side are parted by nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from extract.blocks import joint
from extract.pdf_page import Glyph

WORD_GAP = 0.3  # em: between Latin letters or digits this is a blank
CELL_PADDING = 11.5  # points kept free at both sides of a cell together, as Word does
WIDE_GAP = 1.0  # em: between any characters this is a blank
_NARROW = re.compile(r"[0-9A-Za-z.,%+\-]")
_NUMBER_END = re.compile(r"[0-9.,]$")
_NUMBER_START = re.compile(r"[-+.,]?[0-9]")
_OPENS_TOKEN = re.compile(r"[0-9A-Za-z.,%+\-:/@_]+")


@dataclass(frozen=True)
class Line:
    """Glyphs on one baseline, from left to right; blanks at its ends do not count for its extent."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def _inked(self) -> tuple[Glyph, ...]:
        return tuple(g for g in self.glyphs if not g.text.isspace())

    @cached_property
    def left(self) -> float:
        return min(g.left for g in self._inked)

    @cached_property
    def right(self) -> float:
        return max(g.right for g in self._inked)

    @cached_property
    def top(self) -> float:
        return min(g.top for g in self._inked)

    @cached_property
    def bottom(self) -> float:
        return max(g.bottom for g in self._inked)

    @cached_property
    def middle(self) -> float:
        return median(g.middle for g in self._inked)

    @cached_property
    def size(self) -> float:
        """The em of the greater part of the line."""
        return median(g.size for g in self._inked)

    @cached_property
    def confidence(self) -> float | None:
        """That of its least certain character; None where all are drawn as text."""
        return least(g.confidence for g in self._inked)

    @cached_property
    def text(self) -> str:
        return _spaced(self.glyphs)

    @cached_property
    def pieces(self) -> tuple[Line, ...]:
        """The line cut where the gap is wider than an em, or wider than half an em beside a number."""
        pieces: list[list[Glyph]] = [[]]
        for before, glyph in zip((None, *self._inked), self._inked, strict=False):
            if before is not None:
                gap = (glyph.left - before.right) / max(before.size, glyph.size)
                numeric = _NARROW.match(before.text) and _NARROW.match(glyph.text)
                if gap > (0.5 if numeric else WIDE_GAP):
                    pieces.append([])
            pieces[-1].append(glyph)
        return tuple(Line(tuple(piece)) for piece in pieces if piece)

    @property
    def centre(self) -> float:
        """Midway between its ends."""
        return (self.left + self.right) / 2

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.left, self.top, self.right, self.bottom


def least(confidences: Iterable[float | None]) -> float | None:
    """The least of those that are given."""
    return min((value for value in confidences if value is not None), default=None)


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom. Lines of blanks alone are left out."""
    rows: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.middle, g.left)):
        if rows and glyph.middle - middle <= 0.5 * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
            middle += (glyph.middle - middle) / len(rows[-1])
        else:
            rows.append([glyph])
            middle = glyph.middle
    lines = (Line(tuple(_once(sorted(row, key=lambda g: g.left)))) for row in rows)
    return [line for line in lines if line.text]


def _once(row: Sequence[Glyph]) -> list[Glyph]:
    """Without glyphs that are drawn twice for a bold look: same character, almost the same place."""
    kept: list[Glyph] = []
    for glyph in row:
        if kept and kept[-1].text == glyph.text and glyph.left - kept[-1].left < 0.2 * glyph.size:
            continue
        kept.append(glyph)
    return kept


def _spaced(glyphs: Sequence[Glyph]) -> str:
    text, before, blank = "", None, False
    for glyph in glyphs:
        if glyph.text.isspace():
            blank = True
            continue
        if before is not None:
            gap = (glyph.left - before.right) / max(before.size, glyph.size)
            narrow = _NARROW.match(before.text) and _NARROW.match(glyph.text)
            if (blank and gap > 0.1) or gap >= (WORD_GAP if narrow else WIDE_GAP):
                text += " "
        text += glyph.text
        before, blank = glyph, False
    return text


def unbroken(line: Line, following: Line, right: float, slack: float = 0.0) -> bool:
    """Whether `line` ends because the first token of `following` found no room before `right`."""
    token = _OPENS_TOKEN.match(following.text)
    inked = [g for g in following.glyphs if not g.text.isspace()]
    head = inked[: len(token.group()) if token else 1]
    width = head[-1].right - head[0].left
    return line.right + width + slack > right


def filled(line: Line, following: float, width: float) -> bool:
    """Whether a cell's line had no room for `following` points more, whatever its alignment."""
    return line.right - line.left + following + CELL_PADDING > width


def cell_text(lines: Sequence[Line], width: float) -> str:
    """One cell's lines as one text. Numbers under one another are joined only where the cell was too
    narrow for the number; otherwise a blank parts them, and no reader can take them for one number."""
    text = ""
    for before, line in zip((None, *lines), lines, strict=False):
        if before is not None:
            digits = _NUMBER_END.search(before.text) and _NUMBER_START.match(line.text)
            first = next(g for g in line.glyphs if not g.text.isspace())
            apart = digits and not filled(before, first.right - first.left, width)
            text += " " if apart else joint(before.text, line.text)
        text += line.text
    return text
