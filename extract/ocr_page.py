"""One page's picture → the page as the PDF reader takes it: characters with their confidence, ruling lines.

Upright first: the page is level already (ocr_picture); sideways and upside-down are told by sample lines.
Then ruled tables cell by cell, each from its own ink; and all other lines as the detector finds them. A
number is read twice, from two cuts; where they differ its confidence is halved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

import numpy as np
import numpy.typing as npt

from extract.ocr_data import ocr_table
from extract.ocr_lines import NUMBER_CUTS, TextLine, crop, lines_of_cell, usual_em
from extract.ocr_models import Box, Character, Grey, Models
from extract.ocr_picture import Sheet, ink_of
from extract.ocr_rules import rules_in
from extract.pdf_lattice import Lattice, TooManyLinesError, find_lattices
from extract.pdf_page import Glyph, PageContent, Rule

SAMPLES = 6  # lines by which it is judged which way is up
SAMPLE_WIDTH = 8  # heights of a line
SHORT = 3.5  # em: a line in a cell that is no longer may be a number
DISAGREE = 0.5  # factor of confidence where two readings differ
SAME_SIZE = 0.13  # of the em: sizes this close are one
GROWN = 1.45  # height of a detected line to that of its characters
SEAL_NEAR = 3  # pixels
INSET = 1  # pixels within a cell's edges
_NUMBER = re.compile(r"[^\u3400-\u9fff]{1,16}")
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CJK = re.compile(r"[\u3400-\u9fff]")
_NARROW = re.compile(r"[\x21-\x7e]")


@dataclass(frozen=True, slots=True)
class _Said:
    line: TextLine
    characters: list[Character]


def read_sheet(
    sheet: Sheet, models: Models, number: int, points: tuple[float, float] | None = None
) -> PageContent:
    """Recognise one page. `points`: width and height of the page where they are known, else A4 is meant."""
    quarters, boxes = upright(sheet.grey, models)
    sheet = sheet.turned(quarters)
    height, width = sheet.grey.shape
    across = (
        points[quarters % 2] if points else ocr_table().picture.points * max(1.0, min(width / height, 1.4142))
    )
    scale = width / across
    rules, covered = rules_in(ink_of(sheet.grey), scale)
    try:
        lattices = find_lattices(rules)
    except TooManyLinesError:
        lattices = []
    content = PageContent(
        number, width / scale, height / scale, rules=_real(rules, lattices), recognised=True
    )
    said = _in_cells(sheet, covered, lattices, models, scale)
    said += _outside(sheet, boxes, lattices, models, scale)
    sizes = _sizes(said)
    for one, size in zip(said, sizes, strict=True):
        content.glyphs += _glyphs(one, size, scale)
    return content


def _real(rules: Sequence[Rule], lattices: Sequence[Lattice]) -> list[Rule]:
    """Without lines that are part of no table."""

    def touches(rule: Rule, table: Lattice) -> bool:
        left, top, right, bottom = table.box
        x, y = (rule.lo + rule.hi) / 2, rule.at
        if not rule.horizontal:
            x, y = y, x
        return left - 8 <= x <= right + 8 and top - 8 <= y <= bottom + 8

    return [rule for rule in rules if any(touches(rule, table) for table in lattices)]


def upright(grey: Grey, models: Models) -> tuple[int, list[Box]]:
    """Quarter turns (counter-clockwise) that bring the page upright, and the lines of text on it then."""
    boxes = models.lines(grey)
    long = [box for box in boxes if max(box.width, box.height) > 2.5 * min(box.width, box.height)]
    tall = sum(box.height > box.width for box in long)
    quarters = 0
    if tall * 2 > len(long):
        quarters = 1
        boxes = [_turned(box, grey.shape[1]) for box in boxes]
        grey = np.ascontiguousarray(np.rot90(grey))
    samples = sorted((b for b in boxes if b.width > b.height), key=lambda b: -b.width)[: SAMPLES * 3][::3]
    cuts = [grey[b.top : b.bottom, b.left : b.left + SAMPLE_WIDTH * b.height] for b in samples]
    if not cuts:
        return quarters, boxes
    right = _sureness(models.read(cuts))
    if right < ocr_table().confidence.orientation or quarters:
        turned = _sureness(models.read([np.ascontiguousarray(np.rot90(cut, 2)) for cut in cuts]))
        if turned > right:
            height, width = grey.shape
            half = [Box(width - b.right, height - b.bottom, width - b.left, height - b.top) for b in boxes]
            return quarters + 2, half
    return quarters, boxes


def _turned(box: Box, width: int) -> Box:
    """A box on the page after a quarter turn counter-clockwise of a page that wide."""
    return Box(box.top, width - box.right, box.bottom, width - box.left)


def _sureness(said: Sequence[Sequence[Character]]) -> float:
    return mean([mean([c.confidence for c in line]) if line else 0.0 for line in said])


def _in_cells(
    sheet: Sheet, covered: npt.NDArray[np.bool_], lattices: Sequence[Lattice], models: Models, scale: float
) -> list[_Said]:
    """Every line in every cell. Coloured ink (a seal) is left out where black ink stands beside it."""
    page = np.where(covered, np.uint8(255), sheet.black)
    with_seals = np.where(covered, np.uint8(255), sheet.grey)
    ink, all_ink = ink_of(page), ink_of(with_seals)
    places = [
        tuple(round(edge * scale) for edge in table.place_box(place))
        for table in lattices
        for place in table.places
    ]
    cells = [
        (left + INSET, top + INSET, right - INSET, bottom - INSET) for left, top, right, bottom in places
    ]
    em = usual_em([ink[top:bottom, left:right] for left, top, right, bottom in cells])
    lines: list[TextLine] = []
    sources: list[Grey] = []
    for left, top, right, bottom in cells:
        found = lines_of_cell(ink[top:bottom, left:right], em, left, top)
        source = page
        if not found and sheet.tinted[top:bottom, left:right].any():
            found, source = lines_of_cell(all_ink[top:bottom, left:right], em, left, top), with_seals
        lines += found
        sources += [source] * len(found)
    said = _read(lines, sources, models)
    for at, line in enumerate(lines):
        if sources[at] is page and _is_sealed(sheet, line.box):
            said[at] = _doubted(said[at])
    return [_Said(line, characters) for line, characters in zip(lines, said, strict=True)]


def _is_sealed(sheet: Sheet, box: Box) -> bool:
    """Whether coloured ink crosses a line of black ink: what is left of it may be another number."""
    top, left = max(0, box.top - SEAL_NEAR), max(0, box.left - SEAL_NEAR)
    return bool((sheet.tinted[top : box.bottom + SEAL_NEAR, left : box.right + SEAL_NEAR] > 127).any())


def _doubted(said: list[Character]) -> list[Character]:
    return [Character(c.text, c.at, c.confidence * DISAGREE) for c in said]


def _read(lines: Sequence[TextLine], sources: Sequence[Grey], models: Models) -> list[list[Character]]:
    """What stands in each line of a cell. What is short, or reads as a number, is read from two cuts made
    for numbers; only where these say no number at all are its words what the plain cut says."""
    said: list[list[Character]] = [[] for _ in lines]
    short = {at for at, line in enumerate(lines) if line.box.width <= SHORT * line.em}
    numbers = _numbers(sorted(short), lines, sources, models)
    wordy = [at for at in range(len(lines)) if at not in short or _CJK.search(_text(numbers[at]))]
    cuts = [crop(sources[at], lines[at]) for at in wordy]
    for at, characters in zip(wordy, models.read(cuts), strict=True):
        said[at] = characters
    late = [at for at in wordy if at not in short and _NUMBER.fullmatch(_text(said[at]))]
    numbers |= _numbers(late, lines, sources, models)
    for at, characters in numbers.items():
        if at not in wordy or at in late:
            said[at] = characters
    return [characters or [Character("\ufffd", 0.5, 0.0)] for characters in said]  # ink is never a blank


def _numbers(
    chosen: Sequence[int], lines: Sequence[TextLine], sources: Sequence[Grey], models: Models
) -> dict[int, list[Character]]:
    """Two readings of each, made one: agreed they confirm each other, else the result is doubtful."""
    first, second = (models.read([crop(sources[at], lines[at], cut) for at in chosen]) for cut in NUMBER_CUTS)
    return {at: _agreed(a, b) for at, a, b in zip(chosen, first, second, strict=True)}


def _agreed(first: list[Character], second: list[Character]) -> list[Character]:
    if _text(first) == _text(second):
        return [
            Character(a.text, a.at, 1 - (1 - a.confidence) * (1 - b.confidence))
            for a, b in zip(first, second, strict=True)
        ]
    plain = [said for said in (first, second) if _PLAIN_NUMBER.fullmatch(_text(said))]
    chosen = plain[0] if len(plain) == 1 else first or second
    return _doubted(chosen)


def _text(characters: Sequence[Character]) -> str:
    return "".join(c.text for c in characters)


def _outside(
    sheet: Sheet, boxes: Sequence[Box], lattices: Sequence[Lattice], models: Models, scale: float
) -> list[_Said]:
    """Lines of text that stand in no table."""
    free = [
        box
        for box in boxes
        if not any(
            table.contains((box.left + box.right) / 2 / scale, (box.top + box.bottom) / 2 / scale)
            for table in lattices
        )
    ]
    said = models.read([sheet.grey[b.top : b.bottom, b.left : b.right] for b in free])
    lines = [TextLine(box, box.height / GROWN) for box in free]
    return [_Said(line, found) for line, found in zip(lines, said, strict=True) if found]


def _sizes(said: Sequence[_Said]) -> list[float]:
    """The em of each line in pixels: by the pitch of its Chinese characters, else by its height. Sizes that
    nearly agree are one, since print has few."""
    sizes: list[float] = []
    for one in said:
        wide = [c.at for c in one.characters if _CJK.match(c.text)]
        pitches = [b - a for a, b in pairwise(wide)]
        sizes.append(median(pitches) * one.line.box.width if len(pitches) >= 3 else one.line.em)
    for at, size in enumerate(sizes):
        near = [other for other in sizes if abs(other - size) <= SAME_SIZE * size]
        sizes[at] = median(near)
    return sizes


def _glyphs(one: _Said, size: float, scale: float) -> list[Glyph]:
    """The line's characters side by side, in points: each goes on to where the next begins."""
    box = one.line.box
    middle = (box.top + box.bottom) / 2
    top, bottom = (middle - size / 2) / scale, (middle + size / 2) / scale
    found: list[Glyph] = []
    inked = one.characters
    for at, character in enumerate(inked):
        centre = box.left + character.at * box.width
        half = size * (0.28 if _NARROW.match(character.text) else 0.5)
        left, right = centre - half, centre + half
        if at:
            left = box.left + (inked[at - 1].at + character.at) / 2 * box.width
        if at + 1 < len(inked):
            right = box.left + (inked[at + 1].at + character.at) / 2 * box.width
        left, right = max(left, centre - size), min(right, centre + size)
        confidence = round(character.confidence, 2)
        found.append(
            Glyph(character.text, left / scale, top, right / scale, bottom, size / scale, confidence)
        )
    return found
