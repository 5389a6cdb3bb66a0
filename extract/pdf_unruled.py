"""Tables without ruling lines, told by the gaps in lines.

A run of lines that hold numbers parted by wide gaps is a table. Its number columns are the places where
numbers stand under one another; what stands left of the first is the label, which may run over several
lines above, beside and below its numbers. Such columns are a judgement, so every such table is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from extract.blocks import joint
from extract.pdf_lines import Line, least
from extract.pdf_page import Glyph
from extract.pdf_table import ENUMERATOR, NUMERIC, Piece, Table, locator

MAX_PAGE_LINES = 400  # more lines are no page that a person reads
MIN_TABULAR = 3  # lines with gaps
MIN_NUMERIC = 2  # of them with a number; or one with MANY_NUMBERS
MANY_NUMBERS = 5
MAX_HEAD = 20  # characters
MAX_BETWEEN = 3  # label lines between two lines with gaps
MAX_LABEL_COLUMNS = 3
NARROW = 0.6  # share of the page's width that a label line may fill
HEAD_PITCH = 1.7  # of its size, between two lines of one head
HEAD_GAP = 0.3  # em between two heads
_BLANK = re.compile(r"[/／\-—–]{1,3}|无")
_SECTION = re.compile(r"[一二三四五六七八]\s*、.*(?:情况|事项|问题)")
_PAGE_NUMBER = re.compile(r"[-—–\s]{0,3}(?:第\s*)?\d{1,3}(?:\s*页)?[-—–\s]{0,3}")
_ITEM = re.compile(r"\s*第.{1,6}条")

Box = tuple[float, float, float, float]


def _is_value(piece: Line) -> bool:
    return NUMERIC.fullmatch(piece.text) is not None or _BLANK.fullmatch(piece.text) is not None


def _is_tabular(line: Line) -> bool:
    pieces = line.pieces
    return len(pieces) >= 2 and (len(pieces) >= 3 or any(_is_value(p) for p in pieces[1:]))


def _is_head(line: Line) -> bool:
    """Short texts side by side: the upper lines of a head."""
    pieces = line.pieces
    return len(pieces) >= 2 and all(len(p.text) <= MAX_HEAD and p.text[-1] not in "。；：:" for p in pieces)


def unruled_tables(
    lines: Sequence[Line], page: int, width: float, *, goes_on: bool = False
) -> tuple[list[Table], list[Line]]:
    """Tables found among lines outside ruled tables, and the lines that remain.

    `goes_on`: the page before ended in such a table, so that one row at the top is the rest of it.
    """
    tables: list[Table] = []
    rest: list[Line] = []
    at = 0
    if len(lines) > MAX_PAGE_LINES:
        return [], list(lines)
    while at < len(lines):
        run = _run(lines[at:], width, goes_on=goes_on and at == 0)
        table = _table(run, page) if run else None
        if table is None:
            rest.append(lines[at])
            at += 1
        else:
            tables.append(table)
            at += len(run)
    return tables, rest


def _run(lines: Sequence[Line], width: float, *, goes_on: bool) -> list[Line]:
    """The lines of a table that begins with the first line; empty where none does."""
    if not (_is_tabular(lines[0]) or _is_head(lines[0])):
        return []
    end = between = 0
    for at, line in enumerate(lines):
        if at and (_SECTION.fullmatch(line.text) or line.size > 1.15 * lines[0].size):
            break
        if _is_tabular(line):
            end, between = at + 1, 0
        elif line.right - line.left > NARROW * width or between == MAX_BETWEEN:
            break
        else:
            between += 1
    run = list(lines[:end])
    # A label's last lines stand below its numbers.
    for before, line in pairwise(lines[end - 1 :]):
        follows = (
            line.middle - before.middle <= 1.7 * before.size and line.right <= run[-1].pieces[0].right + 1
        )
        if not follows or _starts_row(line.text) or _is_tabular(line):
            break
        run.append(line)
    tail = lines[len(run) :]
    if tail and _PAGE_NUMBER.fullmatch(tail[-1].text):
        tail = tail[:-1]
    if len(tail) <= MAX_BETWEEN and all(_is_head(line) or _ITEM.match(line.text) for line in tail):
        run += tail  # a head at the page's end, whose rows stand on the next
    tabular = [line for line in run if _is_tabular(line)]
    numeric = [line for line in tabular if any(_is_value(p) for p in line.pieces[1:])]
    several = any(sum(_is_value(p) for p in line.pieces) >= MANY_NUMBERS for line in numeric)
    if goes_on and numeric and numeric[0] is run[0]:
        return run
    return run if len(tabular) >= MIN_TABULAR and (len(numeric) >= MIN_NUMERIC or several) else []


def _starts_row(text: str) -> bool:
    return ENUMERATOR.match(text) is not None or _ITEM.match(text) is not None


@dataclass
class _Row:
    """A row under work: its labels by column (a label may have several lines), and its other pieces."""

    labels: list[list[Line]] = field(default_factory=list)
    values: list[Line] = field(default_factory=list)
    last: Line | None = None

    @property
    def label(self) -> str:
        return "".join(label[0].text for label in self.labels[-1:])

    @property
    def has_number(self) -> bool:
        return any(_is_value(p) for p in self.values)


def _table(run: Sequence[Line], page: int) -> Table | None:
    edges = _value_edges(run)
    if edges is None:
        return None
    rows = _with_whole_heads(_rows(run, edges), edges)
    label_edges = _label_edges(rows)
    xs = [*label_edges, *edges]
    pieces = [p for at, row in enumerate(rows) for p in _row_pieces(row, at, xs, len(label_edges), page)]
    labelled = any(row.has_number and row.labels for row in rows)
    doubtful = labelled and any(row.has_number and not row.labels for row in rows)
    box = (xs[0], min(x.top for x in run), xs[-1], max(x.bottom for x in run))
    return Table(tuple(xs), len(rows), tuple(pieces), page, box, locator(page, box), False, doubtful)


def _value_edges(run: Sequence[Line]) -> list[float] | None:
    """Edges of the number columns: midway between the places where numbers stand."""
    numeric = [line for line in run if any(_is_value(p) for p in line.pieces[1:])]
    labels = 0 if all(_is_value(line.pieces[0]) for line in numeric) else 1  # table 四 has no labels
    held = [[p.centre for p in line.pieces[labels:] if _is_value(p)] for line in run]
    centres = sorted(x for line in held for x in line)
    if not centres:
        return None
    steps = [b - a for line in held for a, b in pairwise(line)]
    step = min(steps) if steps else 6 * run[0].size
    clusters: list[list[float]] = []
    for x in centres:
        if clusters and x - clusters[-1][-1] <= 0.5 * step:
            clusters[-1].append(x)
        else:
            clusters.append([x])
    middles = [median(cluster) for cluster in clusters]
    labels_end = max((line.pieces[0].right for line in numeric if labels), default=0.0)
    first = max(middles[0] - step / 2, min(labels_end, middles[0] - run[0].size))
    return [first, *((a + b) / 2 for a, b in pairwise(middles)), middles[-1] + step / 2]


def _rows(run: Sequence[Line], edges: Sequence[float]) -> list[_Row]:
    rows: list[_Row] = []
    values_from = edges[0]
    for line in run:
        pieces = [part for p in line.pieces for part in _off_label(p, edges)]
        labels = [p for p in pieces if p.centre < values_from]
        beside = [p for p in pieces if p.centre >= values_from]
        values = [part for piece in beside for part in _split(piece, edges)]
        row = rows[-1] if rows else None
        if row is None or not _same_row(row, line, labels, values):
            row = _Row()
            rows.append(row)
        _add(row, labels)
        row.values += values
        row.last = line
    return rows


def _off_label(piece: Line, edges: Sequence[float]) -> list[Line]:
    """A label that fills its column up to the number beside it, and that number."""
    reaches_over = piece.left < edges[0] < piece.right and piece.centre < edges[0]
    parts = _split(piece, edges[:1]) if reaches_over else [piece]
    return parts if len(parts) == 2 and _is_value(parts[1]) else [piece]


def _split(piece: Line, edges: Sequence[float]) -> list[Line]:
    """A head that runs into its neighbour's: cut where a column ends and the print leaves a gap."""
    if _is_value(piece):
        return [piece]
    parts: list[list[Glyph]] = [[]]
    for before, glyph in zip((None, *piece.glyphs), piece.glyphs, strict=False):
        if before is not None:
            gap = glyph.left - before.right
            near = any(before.right - gap <= edge <= glyph.left + gap for edge in edges)
            if near and gap >= HEAD_GAP * glyph.size:
                parts.append([])
        parts[-1].append(glyph)
    return [Line(tuple(part)) for part in parts]


def _same_row(row: _Row, line: Line, labels: Sequence[Line], values: Sequence[Line]) -> bool:
    """Whether a line goes on with the label of the row before it, or brings its numbers."""
    near = row.last is not None and line.middle - row.last.middle <= 1.7 * line.size
    if not near or (values and row.values) or not row.labels:
        return False
    if not all(_is_value(p) for p in values):
        return False
    return not labels or (_starts_row(row.label) and not any(_starts_row(p.text) for p in labels))


def _add(row: _Row, labels: Sequence[Line]) -> None:
    """Label pieces go below the label that they stand under, else beside it."""
    for piece in labels:
        under = next((held for held in row.labels if _overlap(held[-1], piece)), None)
        if under is not None:
            under.append(piece)
        else:
            row.labels.append([piece])


def _overlap(a: Line, b: Line) -> bool:
    return min(a.right, b.right) > max(a.left, b.left)


def _with_whole_heads(rows: list[_Row], edges: Sequence[float]) -> list[_Row]:
    """Heads that narrow columns broke over lines (结果 / 维持) made whole, where the first line stands."""
    n_head = next((at for at, row in enumerate(rows) if row.has_number), 0)
    above: dict[int, tuple[_Row, Line]] = {}  # by column: the head under work, and its row
    for row in rows[:n_head]:
        for piece in list(row.values):
            column = _own_column(piece, edges)
            if column is None:
                continue
            held = above.get(column)
            if held is not None and piece.middle - held[1].glyphs[-1].middle <= HEAD_PITCH * piece.size:
                owner, head = held
                whole = Line((*head.glyphs, *piece.glyphs))
                owner.values[owner.values.index(head)] = whole
                row.values.remove(piece)
                above[column] = (owner, whole)
            else:
                above[column] = (row, piece)
    return [row for at, row in enumerate(rows) if at >= n_head or row.values or row.labels]


def _own_column(piece: Line, edges: Sequence[float]) -> int | None:
    """The number column that a piece stands in with all its width; None where it reaches over."""
    for column, (left, right) in enumerate(pairwise(edges)):
        if left <= piece.centre < right:
            return column if piece.left >= left - 1.0 and piece.right <= right + 1.0 else None
    return None


def _label_edges(rows: Sequence[_Row]) -> list[float]:
    """Left edges of the label columns: where labels begin; one column where they begin anywhere."""
    lefts = sorted(label[0].left for row in rows for label in row.labels)
    if not lefts:
        return []
    size = rows[0].labels[0][0].size if rows[0].labels else 10.0
    edges = [lefts[0]]
    for x in lefts:
        if x - edges[-1] > 2.0 * size:
            edges.append(x)
    return edges if len(edges) <= MAX_LABEL_COLUMNS else edges[:1]


def _row_pieces(row: _Row, at: int, xs: Sequence[float], n_labels: int, page: int) -> list[Piece]:
    """The row's cells; every number place of the row has a cell, empty where nothing stands."""
    texts: dict[int, list[tuple[str, Box, float | None]]] = {}
    for label in sorted(row.labels, key=lambda held: held[0].left):
        column = max((c for c in range(n_labels) if xs[c] <= label[0].left + 1.0), default=0)
        texts.setdefault(column, []).append(
            (_label_text(label), _around(label), least(x.confidence for x in label))
        )
    ends: dict[int, int] = {}
    for value in row.values:
        first, last = _columns(value, xs, n_labels)
        texts.setdefault(first, []).append((value.text, value.box, value.confidence))
        ends[first] = max(ends.get(first, 0), last + 1)
    starts = sorted(texts)
    pieces: list[Piece] = []
    for start, following in zip(starts, [*starts[1:], len(xs) - 1], strict=True):
        end = min(ends.get(start, n_labels), following) if start >= n_labels else min(following, n_labels)
        text = " ".join(t for t, _, _ in texts[start])
        where, sure = locator(page, texts[start][0][1]), least(s for _, _, s in texts[start])
        pieces.append(Piece(at, start, 1, max(1, end - start), text, where, confidence=sure))
    covered = {c for p in pieces for c in range(p.column, p.column + p.colspan)}
    empty = [c for c in range(n_labels, len(xs) - 1) if c not in covered] if row.has_number else []
    sure = least(p.confidence for p in pieces)
    return pieces + [Piece(at, c, 1, 1, "", f"page {page}", confidence=sure) for c in empty]


def _columns(piece: Line, xs: Sequence[float], n_labels: int) -> tuple[int, int]:
    """First and last number column that a piece stands over: by its centre, or by its extent where wide."""
    last_column = len(xs) - 2
    centre = next((c for c in range(n_labels, last_column) if piece.centre < xs[c + 1]), last_column)
    if _is_value(piece):
        return centre, centre
    over = [
        c for c in range(n_labels, last_column + 1) if piece.left <= (xs[c] + xs[c + 1]) / 2 <= piece.right
    ]
    return (min(over), max(over)) if over else (centre, centre)


def _label_text(label: Sequence[Line]) -> str:
    text = label[0].text
    for line in label[1:]:
        text += joint(text, line.text) + line.text
    return text


def _around(lines: Sequence[Line]) -> Box:
    return (
        min(x.left for x in lines),
        min(x.top for x in lines),
        max(x.right for x in lines),
        max(x.bottom for x in lines),
    )
