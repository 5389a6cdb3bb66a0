"""Lines of text within one cell of a ruled table, by their ink alone: no line is too short to be seen.

A detector of text misses a lone 0; here every cell that holds ink gives at least one line to recognise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from extract.ocr_models import Box, Grey

Ink = npt.NDArray[np.bool_]

SPECK = 0.12  # em: a spot smaller both ways is dirt, unless it is a point within a line
LEAST_EM = 12  # pixels
APART = 1.1  # em: a wider gap parts two texts
WHOLE = 1.25  # em: pieces that together are not higher are one line (二, 三, 一)
EDGE = 3  # pixels around ink that are fainter and belong to it


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line's ink, and the height of its characters (em) in pixels."""

    box: Box
    em: float


def usual_em(cells: Sequence[Ink]) -> float:
    """The height of print in the cells of a page."""
    heights = [bottom - top for ink in cells for top, bottom in _runs(np.asarray(ink.any(axis=1)))]
    tall = [height for height in heights if height >= LEAST_EM]
    return float(median(tall)) if tall else 22.0


def lines_of_cell(ink: Ink, em: float, left: int, top: int) -> list[TextLine]:
    """The lines of one cell from top to bottom, each cut where a wide gap parts it. Boxes in page pixels."""
    ink = _without_specks(ink, em)
    found: list[TextLine] = []
    for upper, lower in _rows(ink, em):
        for first, last in _pieces(ink[upper:lower], em):
            rows = np.flatnonzero(ink[upper:lower, first:last].any(axis=1))
            high, low = upper + int(rows[0]), upper + int(rows[-1]) + 1
            box = Box(left + first, top + high, left + last, top + low)
            found.append(TextLine(box, max(em * 0.8, float(low - high))))
    return found


def _without_specks(ink: Ink, em: float) -> Ink:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    least = max(2.0, SPECK * em)
    kept = np.zeros(count, np.bool_)
    kept[1:] = (stats[1:, cv2.CC_STAT_WIDTH] > least) | (stats[1:, cv2.CC_STAT_HEIGHT] > least)
    large = kept[labels]
    if not large.any():
        return np.asarray(large, np.bool_)
    rows = np.flatnonzero(large.any(axis=1))
    inside = np.zeros_like(large)
    inside[rows[0] : rows[-1] + 1] = True  # a decimal point stands within the height of its digits
    columns = np.flatnonzero(large.any(axis=0))
    inside[:, : columns[0]] = inside[:, columns[-1] + 1 + round(em) :] = False
    return np.asarray(ink & (large | inside), np.bool_)


def _runs(seen: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Begin and end of each run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], seen.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _rows(ink: Ink, em: float) -> Iterator[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    for top, bottom in _runs(np.asarray(ink.any(axis=1))):
        if rows and bottom - rows[-1][0] <= WHOLE * em:
            rows[-1] = (rows[-1][0], bottom)
        else:
            rows.append((top, bottom))
    yield from rows


def _pieces(ink: Ink, em: float) -> Iterator[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    for left, right in _runs(np.asarray(ink.any(axis=0))):
        if pieces and left - pieces[-1][1] <= APART * em:
            pieces[-1] = (pieces[-1][0], right)
        else:
            pieces.append((left, right))
    yield from pieces


@dataclass(frozen=True, slots=True)
class Cut:
    """How a line is cut out: paper above and beside it in em, and its width drawn together (1: as it is)."""

    above: float
    beside: float
    narrow: float = 1.0


PLAIN = Cut(0.22, 0.44)
#: Two cuts for numbers. Drawn together, a lone 0 is no longer taken for an O (docs/scans.md).
NUMBER_CUTS = (Cut(0.22, 0.44, 0.75), Cut(0.5, 1.0, 0.75))


def crop(grey: Grey, line: TextLine, cut: Cut = PLAIN) -> Grey:
    """The line with its soft edges and paper around it, never lower than its characters are high."""
    box = line.box
    top, bottom = max(0, box.top - EDGE), min(grey.shape[0], box.bottom + EDGE)
    left, right = max(0, box.left - EDGE), min(grey.shape[1], box.right + EDGE)
    inner = grey[top:bottom, left:right]
    lacks = max(0, round(line.em) - inner.shape[0])
    above, beside = round(line.em * cut.above), round(line.em * cut.beside)
    sides = ((above + lacks // 2, above + lacks - lacks // 2), (beside, beside))
    framed = np.pad(inner, sides, constant_values=255)
    if cut.narrow != 1.0:
        size = (max(8, round(framed.shape[1] * cut.narrow)), framed.shape[0])
        return np.asarray(cv2.resize(framed, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(framed, np.uint8)
