"""Ruling lines in a page's picture, by their form: long, thin, level or upright."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from extract.pdf_page import Rule

Ink = npt.NDArray[np.uint8]

LEAST = (21.0, 12.5)  # points: length of a level and of an upright line; strokes of print are shorter
THICK = 4.5  # points: anything thicker is a bar
GAP = 3  # pixels: breaks within a line


def rules_in(ink: npt.NDArray[np.bool_], scale: float) -> tuple[list[Rule], npt.NDArray[np.bool_]]:
    """The lines in points (`scale`: pixels to a point), and the pixels that they cover."""
    drawn = ink.astype(np.uint8)
    covered = np.zeros_like(drawn)
    rules: list[Rule] = []
    for horizontal, least in zip((True, False), LEAST, strict=True):
        mask = _long(drawn, round(least * scale), horizontal=horizontal)
        for rule, box in _lines(mask, scale, horizontal=horizontal):
            rules.append(rule)
            x, y, w, h = box
            covered[y : y + h, x : x + w] |= mask[y : y + h, x : x + w]
    grown = np.asarray(cv2.dilate(covered, np.ones((5, 5), np.uint8)), np.bool_)
    return rules, grown & ink


def _long(drawn: Ink, least: int, *, horizontal: bool) -> Ink:
    """Pixels of strokes at least that long. A line that steps by a pixel, or breaks for a few, is one."""
    thicker = cv2.dilate(drawn, _kernel(3, horizontal=not horizontal))
    kept = cv2.morphologyEx(thicker, cv2.MORPH_OPEN, _kernel(least, horizontal=horizontal))
    return np.asarray(cv2.morphologyEx(kept, cv2.MORPH_CLOSE, _kernel(GAP, horizontal=horizontal)), np.uint8)


def _kernel(length: int, *, horizontal: bool) -> Ink:
    return np.ones((1, length) if horizontal else (length, 1), np.uint8)


def _lines(mask: Ink, scale: float, *, horizontal: bool) -> list[tuple[Rule, tuple[int, int, int, int]]]:
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found: list[tuple[Rule, tuple[int, int, int, int]]] = []
    for number in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[number])
        long = w if horizontal else h
        if area / long > THICK * scale:
            continue
        at = float(centres[number][1 if horizontal else 0]) + 0.5
        lo = x if horizontal else y
        found.append((Rule(horizontal, at / scale, lo / scale, (lo + long) / scale), (x, y, w, h)))
    return found
