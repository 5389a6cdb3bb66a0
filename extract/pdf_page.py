"""One page of a PDF as PDFium sees it: glyphs and ruling lines, turned so that the text stands upright.

Coordinates are points from the upper left corner of the page as read. A page whose text runs sideways
(a landscape table on a portrait sheet) is turned by the direction of its own text, not by the page's
/Rotate entry, which writers forget. Work is bounded by counts, never by a clock, so that the same bytes
always give the same result.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

MAX_GLYPHS = 30_000  # a dense page of small print has about 5,000
MAX_OBJECTS = 60_000
MAX_FORM_DEPTH = 5
THIN = 3.0  # points: a filled rectangle not thicker than this is a ruling line
SHORT = 1.5  # points: anything shorter is a dot
DOT = 0.2
SKEW = 0.02  # slope up to which a stroke counts as horizontal or vertical
COVERING = 0.7  # share of the page from which an image is a scan of it
_FULL_EM = 0.88  # the part of an em that stands above the baseline, in East Asian fonts

Handle = Any  # a ctypes pointer of PDFium
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn character, its box in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float  # the em, in points
    confidence: float | None = None  # of a recognised character, 0 to 1; None: drawn as text

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight ruling line: at y = `at` from x = `lo` to `hi` where horizontal, else x and y exchanged."""

    horizontal: bool
    at: float
    lo: float
    hi: float


@dataclass(slots=True)
class PageContent:
    """What stands on one page. `number` is 1-based."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    n_objects: int = 0  # paths, path pieces and images looked at
    image_cover: float = 0.0  # the largest image's share of the page
    invisible: bool = False  # the text is an invisible layer, as recognition software writes over a scan
    slanted: str = ""  # text that runs at an angle (a watermark): kept out of the reading
    overfull: bool = False  # a bound was met: the page is not read to its end
    recognised: bool = False  # all of it was read from a picture of the page


class _Turn:
    """Page space (origin lower left, y up) → reading space (origin upper left, y down)."""

    def __init__(self, box: tuple[float, float, float, float], quarter: int) -> None:
        self.left, self.bottom, self.right, self.top = box
        self.quarter = quarter  # quarter turns of the text, counter-clockwise
        wide, high = self.right - self.left, self.top - self.bottom
        self.width, self.height = (wide, high) if quarter % 2 == 0 else (high, wide)

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.quarter:
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case 3:
                return self.top - y, self.right - x
            case _:
                return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return min(a, c), min(b, d), max(a, c), max(b, d)


def read_page(page: pdfium.PdfPage, number: int) -> PageContent:
    """Read glyphs and ruling lines of one pypdfium2 page. Raises pdfium.PdfiumError on a broken page."""
    box = page.get_bbox()  # the crop box within the media box, also where they are inherited
    textpage = page.get_textpage()
    try:
        raw = _raw_glyphs(textpage)
        quarter = Counter(g.quarter for g in raw if g.quarter is not None).most_common(1)
        turn = _Turn(box, quarter[0][0] if quarter else (-page.get_rotation() // 90) % 4)
        content = PageContent(number, turn.width, turn.height)
        content.overfull = pdfium_c.FPDFText_CountChars(textpage.raw) > MAX_GLYPHS
        content.slanted = "".join(g.text for g in raw if g.quarter is None).strip()
        content.glyphs = _upright(raw, turn)
        content.invisible = _is_invisible(textpage, len(raw))
    finally:
        textpage.close()
    _read_objects(page, turn, content)
    return content


@dataclass(slots=True)
class _RawGlyph:
    text: str
    x: float  # origin
    y: float
    box: tuple[float, float, float, float]  # left, bottom, right, top
    size: float
    quarter: int | None  # None: slanted


def _raw_glyphs(textpage: pdfium.PdfTextPage) -> list[_RawGlyph]:
    count = min(pdfium_c.FPDFText_CountChars(textpage.raw), MAX_GLYPHS)
    glyphs: list[_RawGlyph] = []
    x, y, rect, matrix = ctypes.c_double(), ctypes.c_double(), pdfium_c.FS_RECTF(), pdfium_c.FS_MATRIX()
    handle, high = textpage.raw, 0
    for at in range(count):
        code = pdfium_c.FPDFText_GetUnicode(handle, at)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if pdfium_c.FPDFText_IsGenerated(handle, at) == 1 or code in {0x0A, 0x0D}:
            continue
        if not pdfium_c.FPDFText_GetCharOrigin(handle, at, x, y):
            continue
        pdfium_c.FPDFText_GetLooseCharBox(handle, at, rect)
        scale = 1.0
        quarter: int | None = 0
        if pdfium_c.FPDFText_GetMatrix(handle, at, matrix):
            scale = math.hypot(matrix.c, matrix.d)
            quarter = _quarter(matrix.a, matrix.b)
        size = pdfium_c.FPDFText_GetFontSize(handle, at) * scale
        bounds = (rect.left, rect.bottom, rect.right, rect.top)
        glyphs.append(_RawGlyph(_character(code), x.value, y.value, bounds, size, quarter))
    return glyphs


def _quarter(a: float, b: float) -> int | None:
    """The direction of the baseline in quarter turns, None where it is slanted by more than 6 degrees."""
    turns = math.atan2(b, a) / (math.pi / 2)
    nearest = round(turns)
    return nearest % 4 if abs(turns - nearest) < 0.07 else None


def _character(code: int) -> str:
    """U+FFFD for what the font does not map to a character: no code, controls, non-characters."""
    if code == 0x02:
        return "-"  # so PDFium marks a hyphen at a line's end; Chinese is never hyphenated, it is drawn text
    if code < 0x20:
        return " " if code == 0x09 else "\ufffd"
    if 0xF020 <= code <= 0xF0FF:  # symbol fonts, used for bullets
        return "•"
    if 0xD800 <= code < 0xE000 or (code & 0xFFFE) == 0xFFFE or code > 0x10FFFF:
        return "\ufffd"
    return chr(code)


def _upright(raw: list[_RawGlyph], turn: _Turn) -> list[Glyph]:
    """Glyphs in reading space, with a vertical extent of one em about the baseline."""
    glyphs: list[Glyph] = []
    for g in raw:
        if g.quarter is None:
            continue
        left, top, right, bottom = turn.box(*g.box)
        size = g.size if 1.0 <= g.size <= 200.0 else max(right - left, bottom - top, 1.0)
        x, baseline = turn.point(g.x, g.y)
        if g.quarter == turn.quarter:
            if not 0.0 < right - left <= 3 * size:
                left, right = x, x + size
            top, bottom = baseline - _FULL_EM * size, baseline + (1 - _FULL_EM) * size
        glyph = Glyph(g.text, left, top, right, bottom, size)
        if 0 <= glyph.centre <= turn.width and 0 <= glyph.middle <= turn.height:  # else cut off by the sheet
            glyphs.append(glyph)
    return glyphs


def _is_invisible(textpage: pdfium.PdfTextPage, count: int) -> bool:
    """Whether the text is drawn in mode 3 (invisible), judged on a sample of the glyphs."""
    if not count:
        return False
    sample = range(0, count, max(1, count // 16))
    invisible = 0
    for at in sample:
        text_object = pdfium_c.FPDFText_GetTextObject(textpage.raw, at)
        if text_object and pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) == 3:
            invisible += 1
    return invisible * 2 > len(sample)


def _read_objects(page: pdfium.PdfPage, turn: _Turn, content: PageContent) -> None:
    area = turn.width * turn.height
    for raw, matrix in _objects(page.raw, form=False, outer=_IDENTITY, depth=0):
        content.n_objects += 1
        if content.n_objects > MAX_OBJECTS:
            content.overfull = True
            return
        if pdfium_c.FPDFPageObj_GetType(raw) == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            content.image_cover = max(content.image_cover, _image_area(matrix) / area)
            continue
        content.n_objects += pdfium_c.FPDFPath_CountSegments(raw) // 4
        for rule in _path_rules(raw, matrix, turn):
            content.rules += _on_sheet(rule, turn)


def _on_sheet(rule: Rule, turn: _Turn) -> list[Rule]:
    """The visible part of a line: a browser may print a long table whole on each page, cut by the sheet."""
    along, beside = (turn.width, turn.height) if rule.horizontal else (turn.height, turn.width)
    lo, hi = max(rule.lo, 0.0), min(rule.hi, along)
    return [replace(rule, lo=lo, hi=hi)] if lo < hi and -THIN <= rule.at <= beside + THIN else []


def _objects(container: Handle, *, form: bool, outer: Matrix, depth: int) -> Iterator[tuple[Handle, Matrix]]:
    """Paths and images, also those within form XObjects, each with its matrix to page space."""
    count_of = pdfium_c.FPDFFormObj_CountObjects if form else pdfium_c.FPDFPage_CountObjects
    get = pdfium_c.FPDFFormObj_GetObject if form else pdfium_c.FPDFPage_GetObject
    wanted = {pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE}
    for at in range(count_of(container)):
        raw = get(container, at)
        kind = pdfium_c.FPDFPageObj_GetType(raw)
        if kind in wanted:
            yield raw, _joined(_matrix(raw), outer)
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
            yield from _objects(raw, form=True, outer=_joined(_matrix(raw), outer), depth=depth + 1)


def _matrix(raw: Handle) -> Matrix:
    m = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(raw, m):
        return _IDENTITY
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _joined(inner: Matrix, outer: Matrix) -> Matrix:
    if outer == _IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _image_area(matrix: Matrix) -> float:
    """An image is the unit square under its matrix."""
    a, b, c, d, _, _ = matrix
    return abs(a * d - b * c)


def _path_rules(raw: Handle, matrix: Matrix, turn: _Turn) -> Iterator[Rule]:
    """The ruling lines that a path draws: straight strokes, and fills too thin to be an area."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(raw, fill, stroke)
    if not (fill.value or stroke.value):
        return
    for points, curved in _subpaths(raw, matrix, turn):
        if stroke.value:
            for a, b in pairwise(points):
                yield from _stroke(a, b)
        elif not curved:
            yield from _thin_fill(points)


def _subpaths(raw: Handle, matrix: Matrix, turn: _Turn) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    curved = False
    for at in range(min(pdfium_c.FPDFPath_CountSegments(raw), MAX_OBJECTS)):
        segment = pdfium_c.FPDFPath_GetPathSegment(raw, at)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if not pdfium_c.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO and points:
            yield points, curved
            points, curved = [], False
        curved = curved or kind == pdfium_c.FPDF_SEGMENT_BEZIERTO
        px, py = x.value, y.value
        points.append(turn.point(a * px + c * py + e, b * px + d * py + f))
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points, curved


def _stroke(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
    wide, high = abs(a[0] - b[0]), abs(a[1] - b[1])
    if wide >= SHORT and high <= max(0.5, wide * SKEW):
        yield Rule(True, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0]))
    elif high >= SHORT and wide <= max(0.5, high * SKEW):
        yield Rule(False, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1]))


def _thin_fill(points: list[tuple[float, float]]) -> Iterator[Rule]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    wide, high = right - left, bottom - top
    # A dot of a dotted border is both; single dots come to nothing when lines are put together.
    if wide >= DOT and high <= THIN and (wide >= high or wide <= THIN):
        yield Rule(True, (top + bottom) / 2, left, right)
    if high >= DOT and wide <= THIN and (high >= wide or high <= THIN):
        yield Rule(False, (left + right) / 2, top, bottom)


def is_scan(content: PageContent) -> bool:
    """Whether an image covers the page: text on it, if any, comes from recognition software."""
    return content.image_cover >= COVERING
