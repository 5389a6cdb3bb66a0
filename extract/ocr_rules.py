"""Ruling lines in a page's picture, by their form: long, thin, level or upright."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extract.pdf_page import Rule

Ink = npt.NDArray[np.uint8]

LEAST = (
    (True, 21.0),
    (False, 12.5),
)  # points: length of a level, of an upright line; small print has shorter
SURE = 60.0  # points: a line as long is no stroke of a character
NEAR = 4.0  # points: lines this close meet
MAX_LINES = 3000  # of one direction; more is a drawing
THICK = 4.5  # points: anything thicker is a bar
GAP = 3  # pixels: breaks within a line


def rules_in(ink: npt.NDArray[np.bool_], scale: float) -> tuple[list[Rule], npt.NDArray[np.bool_]]:
    """The lines of tables in points (`scale`: pixels to a point), and the pixels that they cover."""
    drawn = ink.astype(np.uint8)
    masks = [_long(drawn, round(least * scale), horizontal=level) for level, least in LEAST]
    found = [
        line
        for mask, (level, _) in zip(masks, LEAST, strict=True)
        for line in _lines(mask, scale, horizontal=level)
    ]
    kept = _of_tables([line.rule for line in found])
    covered = np.zeros_like(drawn)
    for line in found:
        if line.rule in kept:
            place = np.s_[line.top : line.top + line.height, line.left : line.left + line.width]
            covered[place] |= masks[0 if line.rule.horizontal else 1][place]
    grown = np.asarray(cv2.dilate(covered, np.ones((5, 5), np.uint8)), np.bool_)
    return [line.rule for line in found if line.rule in kept], grown & ink


def _of_tables(rules: list[Rule]) -> set[Rule]:
    """Without strokes of large print (工, 口, 年): a short line of a table ends at other lines at both ends,
    and those hang together with a long one."""
    across = {rule for rule in rules if rule.horizontal}
    down = {rule for rule in rules if not rule.horizontal}
    long = {rule for rule in across if _length(rule) >= SURE}
    before = -1
    while before != len(across) + len(down):
        before = len(across) + len(down)
        down = {rule for rule in down if _length(rule) >= SURE or _held(rule, across)}
        across = {rule for rule in across if rule in long or _held(rule, down)}
    reached, fresh = set(long), set(long)
    while fresh:
        fresh = {r for r in across | down if r not in reached and any(_meet(r, other) for other in fresh)}
        reached |= fresh
    return reached


def _length(rule: Rule) -> float:
    return rule.hi - rule.lo


def _held(rule: Rule, crossing: set[Rule]) -> bool:
    """Whether lines of the other direction stand at both ends."""
    held = [other for other in crossing if other.lo - NEAR <= rule.at <= other.hi + NEAR]
    return all(any(abs(other.at - end) <= NEAR for other in held) for end in (rule.lo, rule.hi))


def _meet(one: Rule, other: Rule) -> bool:
    if one.horizontal == other.horizontal:
        return False
    return one.lo - NEAR <= other.at <= one.hi + NEAR and other.lo - NEAR <= one.at <= other.hi + NEAR


def _long(drawn: Ink, least: int, *, horizontal: bool) -> Ink:
    """Pixels of strokes at least that long. A line that steps by a pixel, or breaks for a few, is one."""
    thicker = cv2.dilate(drawn, _kernel(3, horizontal=not horizontal))
    kept = cv2.morphologyEx(thicker, cv2.MORPH_OPEN, _kernel(least, horizontal=horizontal))
    return np.asarray(cv2.morphologyEx(kept, cv2.MORPH_CLOSE, _kernel(GAP, horizontal=horizontal)), np.uint8)


def _kernel(length: int, *, horizontal: bool) -> Ink:
    return np.ones((1, length) if horizontal else (length, 1), np.uint8)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and its box in pixels."""

    rule: Rule
    left: int
    top: int
    width: int
    height: int


def _lines(mask: Ink, scale: float, *, horizontal: bool) -> list[_Line]:
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found: list[_Line] = []
    for number in range(1, min(count, MAX_LINES + 1)):
        x, y, w, h, area = (int(value) for value in stats[number])
        long = w if horizontal else h
        if area / long > THICK * scale:
            continue
        at = float(centres[number][1 if horizontal else 0]) + 0.5
        lo = x if horizontal else y
        found.append(_Line(Rule(horizontal, at / scale, lo / scale, (lo + long) / scale), x, y, w, h))
    return found
