"""Ruling lines to lattices: the cells of a ruled table, with the rows and columns that each one covers.

A lattice is built from what is drawn: every ruling line gives a column edge or a row edge, and two places
are one cell where no line parts them. So a merged cell covers its places, a line drawn in pieces or twice
is one line, and a table whose outer border is missing (open sides, a page cut) is closed at its extent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.pdf_page import Rule

TOUCH = 6.0  # points: lines this close meet (cells with wide double borders are boxes of their own)
DASH = 4.0  # points: gap within one dashed or pieced line
SAME_LINE = 1.5  # points: parallel pieces this close are one line
SAME_EDGE = 7.0  # points: a column or row narrower than this holds no text (double borders)
OPEN_SIDE = 8.0  # points: lines that go on this far beyond the last crossing line show an open side
STUB = 5.0  # points: shorter lines are no part of a table
MAX_LINES = 400  # of one direction on a page; more is a drawing
MAX_TABLES = 60  # on a page; more are a drawing


@dataclass(frozen=True, slots=True)
class Place:
    """A cell as drawn: first row and column, and how many of each it covers."""

    row: int
    column: int
    rowspan: int
    colspan: int


@dataclass(frozen=True)
class Lattice:
    """A ruled table: edges in points, and its cells in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    places: tuple[Place, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def contains(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.box
        return left <= x <= right and top <= y <= bottom

    def unit(self, x: float, y: float) -> tuple[int, int]:
        """(row, column) of a point within the box."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        return row, column

    def place_box(self, place: Place) -> tuple[float, float, float, float]:
        return (
            self.xs[place.column],
            self.ys[place.row],
            self.xs[place.column + place.colspan],
            self.ys[place.row + place.rowspan],
        )


class TooManyLinesError(Exception):
    """The page's lines are a drawing, beyond what a table can have."""


def find_lattices(rules: Iterable[Rule]) -> list[Lattice]:
    """All ruled tables of a page, from top to bottom. A frame with one cell is no table.

    Raises TooManyLinesError where the lines are beyond the bounds.
    """
    rules = list(rules)
    across = _merged([r for r in rules if r.horizontal])
    down = _merged([r for r in rules if not r.horizontal])
    if len(across) > MAX_LINES or len(down) > MAX_LINES:
        raise TooManyLinesError
    found = (_lattice(*group) for group in _groups(across, down))
    lattices = [lattice for lattice in found if lattice and len(lattice.places) > 1]
    if len(lattices) > MAX_TABLES:
        raise TooManyLinesError
    return sorted(lattices, key=lambda lattice: (lattice.ys[0], lattice.xs[0]))


def _merged(rules: list[Rule]) -> list[Rule]:
    """Pieces of one line made one; stubs left out."""
    done: list[Rule] = []
    for level in _levels(sorted(rules, key=lambda r: r.at)):
        at = sum(r.at for r in level) / len(level)
        pieces = sorted((r.lo, r.hi) for r in level)
        lo, hi = pieces[0]
        for next_lo, next_hi in pieces[1:]:
            if next_lo <= hi + DASH:
                hi = max(hi, next_hi)
                continue
            done.append(Rule(level[0].horizontal, at, lo, hi))
            lo, hi = next_lo, next_hi
        done.append(Rule(level[0].horizontal, at, lo, hi))
    return [r for r in done if r.hi - r.lo >= STUB]


def _levels(rules: list[Rule]) -> list[list[Rule]]:
    levels: list[list[Rule]] = []
    for rule in rules:
        if levels and rule.at - levels[-1][0].at <= SAME_LINE:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    return levels


def _groups(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that hang together, each group as (horizontal, vertical)."""
    lines = across + down
    parent = list(range(len(lines)))
    for i, a in enumerate(across):
        for j, d in enumerate(down, start=len(across)):
            if a.lo - TOUCH <= d.at <= a.hi + TOUCH and d.lo - TOUCH <= a.at <= d.hi + TOUCH:
                parent[_root(parent, i)] = _root(parent, j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at, line in enumerate(lines):
        groups.setdefault(_root(parent, at), ([], []))[0 if line.horizontal else 1].append(line)
    return [group for group in groups.values() if group[0] and group[1]]


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


def _edges(lines: Sequence[Rule], crossing: Sequence[Rule]) -> tuple[float, ...]:
    """Where lines of one direction stand, snapped together where no cell has room between them; and the ends
    of the lines that cross them, where those go on beyond the outermost (a side that is not drawn)."""
    clusters: list[list[float]] = []
    for position in sorted(line.at for line in lines):
        if clusters and position - clusters[-1][0] <= SAME_EDGE:
            clusters[-1].append(position)
        else:
            clusters.append([position])
    edges = [sum(cluster) / len(cluster) for cluster in clusters]
    first, last = min(line.lo for line in crossing), max(line.hi for line in crossing)
    if first < edges[0] - OPEN_SIDE:
        edges.insert(0, first)
    if last > edges[-1] + OPEN_SIDE:
        edges.append(last)
    return tuple(edges)


def _lattice(across: list[Rule], down: list[Rule]) -> Lattice | None:
    xs = _edges(down, across)
    ys = _edges(across, down)
    if len(xs) < 2 or len(ys) < 2:
        return None
    right_drawn = _drawn(down, xs, ys)
    below_drawn = _drawn(across, ys, xs)
    n_rows, n_columns = len(ys) - 1, len(xs) - 1
    parent = list(range(n_rows * n_columns))
    for row in range(n_rows):
        for column in range(n_columns):
            at = row * n_columns + column
            if column + 1 < n_columns and (column + 1, row) not in right_drawn:
                parent[_root(parent, at)] = _root(parent, at + 1)
            if row + 1 < n_rows and (row + 1, column) not in below_drawn:
                parent[_root(parent, at)] = _root(parent, at + n_columns)
    regions: dict[int, list[tuple[int, int]]] = {}
    for at in range(n_rows * n_columns):
        regions.setdefault(_root(parent, at), []).append(divmod(at, n_columns))
    places = [place for region in regions.values() for place in _rectangles(region)]
    return _without_unused_edges(xs, ys, places)


def _drawn(lines: list[Rule], edges: Sequence[float], crossing: Sequence[float]) -> set[tuple[int, int]]:
    """(edge, span between two crossing edges) for every border piece that is drawn over half its length."""
    cover: dict[int, list[tuple[float, float]]] = {}
    for line in lines:
        nearest = min(range(len(edges)), key=lambda at: abs(edges[at] - line.at))
        cover.setdefault(nearest, []).append((line.lo, line.hi))
    drawn: set[tuple[int, int]] = set()
    for edge, pieces in cover.items():
        for span in range(len(crossing) - 1):
            lo, hi = crossing[span], crossing[span + 1]
            covered = sum(max(0.0, min(hi, b) - max(lo, a)) for a, b in pieces)
            if covered >= 0.5 * (hi - lo):
                drawn.add((edge, span))
    return drawn


def _rectangles(region: list[tuple[int, int]]) -> list[Place]:
    """A region as rectangles: itself where it is one, else its runs of equal extent."""
    runs: list[tuple[int, int, int, int]] = []  # row, column, rowspan, colspan
    by_row: dict[int, list[int]] = {}
    for row, column in region:
        by_row.setdefault(row, []).append(column)
    for row in sorted(by_row):
        columns = sorted(by_row[row])
        start = columns[0]
        for column, following in zip(columns, [*columns[1:], None], strict=True):
            if following == column + 1:
                continue
            width = column - start + 1
            above = next(
                (i for i, (r, c, rs, cs) in enumerate(runs) if (c, cs, r + rs) == (start, width, row)), None
            )
            if above is None:
                runs.append((row, start, 1, width))
            else:
                first, _, rowspan, _ = runs[above]
                runs[above] = (first, start, rowspan + 1, width)
            start = following if following is not None else start
    return [Place(*run) for run in runs]


def _without_unused_edges(xs: Sequence[float], ys: Sequence[float], places: list[Place]) -> Lattice:
    """Edges at which no cell begins or ends are stray lines; they would count as empty columns."""
    used_x = sorted({e for p in places for e in (p.column, p.column + p.colspan)})
    used_y = sorted({e for p in places for e in (p.row, p.row + p.rowspan)})
    column_at = {edge: at for at, edge in enumerate(used_x)}
    row_at = {edge: at for at, edge in enumerate(used_y)}
    moved = [
        Place(
            row_at[p.row],
            column_at[p.column],
            row_at[p.row + p.rowspan] - row_at[p.row],
            column_at[p.column + p.colspan] - column_at[p.column],
        )
        for p in places
    ]
    moved.sort(key=lambda p: (p.row, p.column))
    return Lattice(tuple(xs[e] for e in used_x), tuple(ys[e] for e in used_y), tuple(moved))
