"""Ruled tables with their texts, and tables that a page break cut joined into one.

Joining. The last table of a page and the first of the next are one where nothing stands between them, their
outer edges agree and so do most of the inner ones. The joined table has the edges of both, so a page on
which a column is not drawn keeps its numbers under their heads. Header rows that the second page repeats
are left out. A cell that the break cut becomes one again: from the left, as long as the lower half is empty
or goes on with a label that began with an enumerator ((四)无 / 法提供); and a whole row, where one half
holds its numbers and the other none, and the label went on. All else stays adjacent, as drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extract.pdf_lattice import Lattice
from extract.pdf_lines import cell_text, filled, least, lines_of
from extract.pdf_page import Glyph
from parser.document import Cell, Grid, GridSource

EDGES_AGREE = 4.0  # points
MOST = 0.7
MAX_FRAME_CELLS = 4
FRAME_TEXT = 200  # characters in one cell: it frames running text
ENUMERATOR = re.compile(
    r"\s*(?:[（(]\s*[一二三四五六七八九十\d]+\s*[）)]|[一二三四五六七八九十\d]+\s*[、.．])"
)
NUMERIC = re.compile(r"[-+]?\d[\d,，.]*\s*(?:元|万元|件|条|%)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell of a table under work: the places that it covers, its text, and where it stands.

    `full`: its last line had no room for another character, so the text may go on.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    locator: str
    full: bool = False
    confidence: float | None = None  # where recognised from a picture

    @property
    def below(self) -> int:
        return self.row + self.rowspan

    @property
    def span(self) -> tuple[int, int]:
        return self.column, self.colspan

    @property
    def is_number(self) -> bool:
        return NUMERIC.fullmatch(self.text) is not None

    @property
    def enumerated(self) -> bool:
        return ENUMERATOR.match(self.text) is not None


@dataclass(frozen=True)
class Table:
    """A table of one page, or of several after joining. `box` and `page` are those of its last part.

    `ruled`: False where the columns are a judgement from gaps; `doubtful` where its rows are open too.
    """

    xs: tuple[float, ...]
    n_rows: int
    pieces: tuple[Piece, ...]
    page: int
    box: tuple[float, float, float, float]
    locator: str
    ruled: bool = True
    doubtful: bool = False

    def grid(self) -> Grid:
        """The table for the Document; `plain` is filled in by the normaliser of the whole text."""
        pieces = sorted(self.pieces, key=lambda p: (p.row, p.column))
        cells = tuple(
            Cell(p.row, p.column, p.text, p.text, p.locator, p.rowspan, p.colspan, p.confidence)
            for p in pieces
        )
        recognised = any(p.confidence is not None for p in pieces)
        source = GridSource.OCR if recognised else GridSource.PDF
        return Grid(cells, self.n_rows, len(self.xs) - 1, source, self.locator)


def locator(page: int, box: tuple[float, float, float, float]) -> str:
    """`page 3 box 72,410,540,428`: left, top, right, bottom in whole points."""
    return f"page {page} box " + ",".join(str(round(edge)) for edge in box)


def ruled_tables(
    lattices: Sequence[Lattice], glyphs: Iterable[Glyph], page: int, *, recognised: bool = False
) -> tuple[list[Table], list[Glyph]]:
    """Tables with their texts, and the glyphs that stand in none. A glyph belongs to the innermost table.
    `recognised`: the page is a picture, so that an empty cell too is a judgement.
    """
    by_size = sorted(lattices, key=lambda t: (t.xs[-1] - t.xs[0]) * (t.ys[-1] - t.ys[0]))
    inside: dict[int, list[Glyph]] = {}
    outside: list[Glyph] = []
    for glyph in glyphs:
        at = next((i for i, t in enumerate(by_size) if t.contains(glyph.centre, glyph.middle)), None)
        (outside if at is None else inside.setdefault(at, [])).append(glyph)
    tables: list[Table] = []
    for at, held in inside.items():
        table = _filled(by_size[at], held, page, recognised=recognised)
        if table is None:
            outside += held
        else:
            tables.append(table)
    return tables, outside


def _filled(lattice: Lattice, glyphs: Iterable[Glyph], page: int, *, recognised: bool) -> Table | None:
    """The lattice with its texts; None where it only frames running text, or holds no text at all."""
    owner = {
        (row, column): at
        for at, p in enumerate(lattice.places)
        for row in range(p.row, p.row + p.rowspan)
        for column in range(p.column, p.column + p.colspan)
    }
    held: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        held.setdefault(owner[lattice.unit(glyph.centre, glyph.middle)], []).append(glyph)
    pieces: list[Piece] = []
    for at, place in enumerate(lattice.places):
        box = lattice.place_box(place)
        lines = lines_of(held.get(at, ()))
        width = box[2] - box[0]
        full = bool(lines) and filled(lines[-1], lines[-1].size, width)
        text = cell_text(lines, width)
        where = locator(page, box)
        sure = least(line.confidence for line in lines)
        if recognised and sure is None:
            sure = 1.0
        pieces.append(Piece(place.row, place.column, place.rowspan, place.colspan, text, where, full, sure))
    longest = max(len(piece.text) for piece in pieces)
    if longest == 0 or (len(pieces) <= MAX_FRAME_CELLS and longest > FRAME_TEXT):
        return None
    where = locator(page, lattice.box)
    return Table(lattice.xs, len(lattice.ys) - 1, tuple(pieces), page, lattice.box, where)


def joined(upper: Table, lower: Table) -> Table | None:
    """Both parts as one table, None where they are two (see the module's text)."""
    if upper.ruled != lower.ruled or not _edges_agree(upper.xs, lower.xs):
        return None
    lower = _without_repeated_head(upper, lower)
    xs = _united(upper.xs, lower.xs)
    above = _moved(upper, xs, 0)
    below = _moved(lower, xs, upper.n_rows)
    pieces = _without_empty_rows(_mend(above, below, upper.n_rows))
    return Table(
        xs,
        max(piece.below for piece in pieces),
        tuple(pieces),
        lower.page,
        lower.box,
        f"{upper.locator}; {lower.locator}",
        upper.ruled,
        upper.doubtful or lower.doubtful,
    )


def _without_empty_rows(pieces: Sequence[Piece]) -> list[Piece]:
    """Rows in which no cell begins are the lower halves of mended rows: they go."""
    begins = sorted({p.row for p in pieces})
    count = [0] * (max(p.below for p in pieces) + 1)
    for row in begins:
        count[row + 1 :] = [n + 1 for n in count[row + 1 :]]
    return [replace(p, row=count[p.row], rowspan=count[p.below] - count[p.row]) for p in pieces]


def _edges_agree(upper: Sequence[float], lower: Sequence[float]) -> bool:
    if abs(upper[0] - lower[0]) > EDGES_AGREE or abs(upper[-1] - lower[-1]) > EDGES_AGREE:
        return False
    few, many = sorted((upper[1:-1], lower[1:-1]), key=len)
    shared = sum(any(abs(x - other) <= EDGES_AGREE for other in many) for x in few)
    return shared >= MOST * len(few)


def _united(upper: Sequence[float], lower: Sequence[float]) -> tuple[float, ...]:
    extra = [x for x in lower if all(abs(x - other) > EDGES_AGREE for other in upper)]
    return tuple(sorted([*upper, *extra]))


def _moved(table: Table, xs: Sequence[float], rows: int) -> list[Piece]:
    """The table's pieces on other column edges, some rows further down."""
    nearest = [min((abs(x - edge), at) for at, edge in enumerate(xs))[1] for x in table.xs]
    return [
        replace(
            p,
            row=p.row + rows,
            column=nearest[p.column],
            colspan=nearest[p.column + p.colspan] - nearest[p.column],
        )
        for p in table.pieces
    ]


def _without_repeated_head(upper: Table, lower: Table) -> Table:
    count = 0
    for rows in range(1, min(upper.n_rows, lower.n_rows)):
        head = _head(lower, rows)
        if head is None or head != _head(upper, rows):
            continue
        count = rows
    if not count:
        return lower
    kept = tuple(replace(p, row=p.row - count) for p in lower.pieces if p.row >= count)
    return replace(lower, pieces=kept, n_rows=lower.n_rows - count)


def _head(table: Table, rows: int) -> list[tuple[int, int, int, str]] | None:
    """The first rows where they are a head: whole cells, no number, more than one text."""
    pieces = [p for p in table.pieces if p.row < rows]
    if any(p.below > rows or p.is_number for p in pieces) or sum(bool(p.text) for p in pieces) < 2:
        return None
    return sorted((p.row, p.column, p.rowspan, re.sub(r"\s", "", p.text)) for p in pieces)


def _mend(above: list[Piece], below: list[Piece], cut: int) -> list[Piece]:
    """Cells that the page break cut, made whole."""
    ending = {p.column + p.colspan: p for p in above if p.below == cut}
    starting = sorted((p for p in below if p.row == cut), key=lambda p: p.column)
    pairs = [(ending.get(p.column + p.colspan), p) for p in starting]
    whole = [(a, b) for a, b in pairs if a is not None]
    mended: list[tuple[Piece, Piece]] = []
    if len(whole) == len(pairs) and _is_cut_row(whole):
        mended = whole
    else:
        in_head = not any(p.is_number for p in (*ending.values(), *starting))
        for a, b in pairs:
            if a is None or a.span != b.span or not _goes_on(a, b, in_head=in_head):
                break
            mended.append((a, b))
    gone = {id(p) for pair in mended for p in pair}
    return [p for p in (*above, *below) if id(p) not in gone] + [_one(a, b) for a, b in mended]


def _goes_on(upper: Piece, lower: Piece, *, in_head: bool) -> bool:
    """A label cell cut by the break, from its two halves; in a head also a narrow cell's (结, 果维持)."""
    if upper.is_number or lower.is_number:
        return False
    tall = max(upper.rowspan, lower.rowspan) > 1
    if not (upper.text and lower.text):
        return tall or bool(upper.text)
    began = (tall and upper.enumerated) or (in_head and upper.full)
    return began and not lower.enumerated


def _is_cut_row(pairs: Sequence[tuple[Piece, Piece]]) -> bool:
    """One half of the row holds the numbers, the other none; the label began in the upper half."""
    numbers = [(a, b) for a, b in pairs if a.is_number or b.is_number]
    labels = [(a, b) for a, b in pairs if not (a.is_number or b.is_number)]
    if not numbers or not _numbers_go_on(numbers):
        return False
    if labels and not any(a.text for a, _ in labels):
        return False
    # A label without an enumerator goes on only where its upper half filled its line to the end.
    return all(not (a.text and b.text) or ((a.enumerated or a.full) and not b.enumerated) for a, b in labels)


def _numbers_go_on(numbers: Sequence[tuple[Piece, Piece]]) -> bool:
    """One half holds all numbers; or the break cut numbers that the narrow cell had wrapped: then the lower
    half holds digits only under full cells, and nothing under at least one other number."""
    upper, lower = [a for a, _ in numbers if a.text], [b for _, b in numbers if b.text]
    if not (upper and lower):
        return True
    alone = [a for a, b in numbers if a.text and not b.text]
    return bool(alone) and all(
        a.is_number and a.full and re.fullmatch(r"[\d.]+", b.text) for a, b in numbers if b.text
    )


def _one(upper: Piece, lower: Piece) -> Piece:
    where = f"{upper.locator}; {lower.locator}"
    sure = least((upper.confidence, lower.confidence))
    rowspan, text = upper.rowspan + lower.rowspan, upper.text + lower.text
    return replace(upper, rowspan=rowspan, text=text, locator=where, confidence=sure)
