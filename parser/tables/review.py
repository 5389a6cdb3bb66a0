"""Table 四: fifteen numbers in one row, or five and ten, decoded by position and checked against the head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parser.document import Finding
from parser.findings import finding
from parser.labels import REVIEW, keys_of
from parser.report import CellState, NumberCell
from parser.tables.alignment import Numbers, number_of, solve
from parser.tables.cells import Place, absent, number_cell
from parser.tables.layout import Line, part_several, under
from parser.tables.rows import Row, Token
from parser.tables.vocabulary import Head, head_of, is_fragment_row, review_word
from parser.text import bare
from parser.values import Kind

TABLE = "表四"
KEYS = REVIEW.keys
GROUPS = keys_of(REVIEW.groups)
OUTCOMES = keys_of(REVIEW.outcomes)
_ROW = "数字"
_PLACES = {key: Place(f"review_litigation.{key}", TABLE, _ROW, REVIEW.labels[key]) for key in KEYS}


@dataclass
class Found:
    """The table as read: the 15 cells by key, None where there is no such table."""

    cells: dict[str, NumberCell] | None = None
    findings: list[Finding] = field(default_factory=list)
    grids: set[int] = field(default_factory=set)
    rejected: list[Row] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Part:
    """A head and the rows of numbers under it."""

    head: list[Row]
    data: list[Row]


def read_review(rows: Sequence[Row]) -> Found:
    """Read table 四 out of all rows of a document."""
    found = Found()
    readings: list[dict[str, NumberCell]] = []
    parts = [part for part in _parts(rows) if part.data]
    for part in parts:
        for row in _with_numbers(part.data):
            cells = _read_row(part.head, row, found)
            if cells is not None:
                readings.append(cells)
            found.grids.add(row.grid)
    if not readings:
        if parts:
            found.cells = {key: absent(REVIEW.labels[key]) for key in KEYS}
        return found
    found.cells = _merge(readings, found)
    filled = any(cell.state in (CellState.READ, CellState.UNREADABLE) for cell in found.cells.values())
    if not filled and not found.rejected:
        found.findings.append(finding("empty_table", cells=["review_litigation"], table=TABLE))
    return found


def _parts(rows: Sequence[Row]) -> list[_Part]:
    parts: list[_Part] = []
    part: _Part | None = None
    for row in rows:
        kind = head_of(row)
        if kind is Head.REVIEW:
            if part is None or part.data:
                part = _Part([], [])
                parts.append(part)
            part.head.append(row)
        elif part is None:
            continue
        elif not part.data and is_fragment_row(row):
            part.head.append(row)
        elif row.grid != part.head[-1].grid and (part.data or row.grid > part.head[-1].grid + 1):
            part = None  # numbers of another table
        elif kind is Head.NONE and _is_data(row):
            part.data.append(row)
        elif row.words:
            part = None
    return parts


def _is_data(row: Row) -> bool:
    """Numbers and blanks alone, perhaps behind a word such as 数量."""
    words = [row.tokens[at] for at in row.words]
    own = [token for token in words if bare(token.text) not in REVIEW.row_labels]
    numbers = row.numbers + sum(token.blank for token in row.tokens)
    return numbers > 0 and len(own) * 4 <= row.numbers


def _with_numbers(data: list[Row]) -> list[Row]:
    """Rows that hold something; one blank row stands for a table that nobody filled in."""
    return [row for row in data if row.numbers or row.words] or data[:1]


def _read_row(head: list[Row], row: Row, found: Found) -> dict[str, NumberCell] | None:
    columns = _columns(head)
    if not columns.keys:
        found.findings.append(
            finding("header_unclear", locator=row.locator, cells=["review_litigation"], table=TABLE)
        )
        found.rejected.append(row)
        return None
    placed = _place(row, columns, found)
    return {key: _cell(key, token, found) for key, token in zip(columns.keys, placed, strict=True)}


def _place(row: Row, columns: _Columns, found: Found) -> Sequence[Token | None]:
    tokens = [token for token in row.tokens if bare(token.text) not in REVIEW.row_labels or token.blank]
    width = len(columns.keys)
    line = Line("", row, -1, tokens)
    if line.filled == 0 and len(tokens) >= width:
        return tokens[:width]
    if line.full(width) or (row.trusted and len(tokens) == width):
        return line.core() if line.full(width) else tokens
    if row.trusted and columns.cells:
        placed = under(line, columns.cells, max(token.end for token in columns.cells))
        if placed is not None:
            return _with_holes(placed, columns.keys, row, found)
    if line.span == width:
        return line.core()
    parted = part_several(line.loose(width))
    if any(token.value.kind is Kind.SEVERAL for token in tokens):
        raw = " ".join(token.raw for token in tokens if token.value.kind is Kind.SEVERAL)
        _tell("several_numbers", row, ["review_litigation"], found, raw=raw)
    return _solve(parted, columns.keys, row, found)


def _with_holes(
    placed: tuple[Token | None, ...], keys: tuple[str, ...], row: Row, found: Found
) -> tuple[Token | None, ...]:
    """Cells that are not drawn, between others that stand under their heads."""
    holes = [f"review_litigation.{key}" for key, token in zip(keys, placed, strict=True) if token is None]
    if holes:
        _tell("row_width", row, holes, found, n=len(keys) - len(holes), expected=len(keys))
    return placed


def _tell(code: str, row: Row, cells: Sequence[str], found: Found, **fields: object) -> None:
    found.findings.append(finding(code, locator=row.locator, cells=cells, table=TABLE, row=_ROW, **fields))


def _solve(tokens: list[Token], keys: tuple[str, ...], row: Row, found: Found) -> Sequence[Token | None]:
    width = len(keys)
    solution = solve(tokens, width, lambda numbers: _complete(keys, numbers), -1)
    placed: Sequence[Token | None] = solution.cells if solution is not None else (None,) * width
    if len(tokens) == width and solution is not None:
        return placed
    doubtful = {*(solution.doubtful if solution is not None else range(width)), *_unvouched(keys, placed)}
    cells = [f"review_litigation.{keys[at]}" for at in sorted(doubtful)]
    _tell("row_width", row, cells, found, n=len(tokens), expected=width)
    found.rejected.append(row)
    return placed


def _unvouched(keys: tuple[str, ...], placed: Sequence[Token | None]) -> Iterator[int]:
    """The places of groups that are not whole, or hold a zero: one more or less is not seen in the sum."""
    for group in GROUPS:
        places = [at for at, key in enumerate(keys) if key.removeprefix(f"{group}_") in OUTCOMES]
        numbers = [
            None if token is None or token.blank else number_of(token)
            for token in map(placed.__getitem__, places)
        ]
        if not all(numbers):
            yield from places


def _complete(keys: tuple[str, ...], numbers: Numbers) -> Numbers | None:
    """Fill in one unknown of each group by B1; None where a group does not add up."""
    done = dict(zip(keys, numbers, strict=True))
    for group in GROUPS:
        parts = [f"{group}_{outcome}" for outcome in OUTCOMES if outcome != "total"]
        total_key = f"{group}_total"
        if total_key not in done or any(part not in done for part in parts):
            continue
        unknown = [part for part in parts if done[part] is None]
        known, total = sum(done[part] or 0 for part in parts), done[total_key]
        if total is None:
            done[total_key] = known if not unknown else None
        elif known > total or (not unknown and known != total):
            return None
        elif len(unknown) == 1:
            done[unknown[0]] = total - known
    return [done[key] for key in keys]


# --- the head


@dataclass(frozen=True, slots=True)
class _Columns:
    """Cell keys in the order of the columns; `cells`: their head cells, where columns are places."""

    keys: tuple[str, ...]
    cells: tuple[Token, ...] = ()


def _columns(head: list[Row]) -> _Columns:
    """The columns under this head; none where the head contradicts itself.

    Two-line head cells often lose a line, so the standard order holds unless the head's own full labels
    say another one.
    """
    groups: list[str] = []
    whole_litigation = False
    outcomes: list[tuple[str, Token]] = []
    complete = True  # no head cell has lost a line
    for row in head:
        for at in row.words:
            word = review_word(row.tokens[at].text)
            if word == "litigation":
                whole_litigation = True
            elif word is None or word == "fragment":
                complete = False
            elif word.startswith("group:"):
                _append(groups, word.removeprefix("group:"))
            else:
                outcomes.append((word.removeprefix("outcome:"), row.tokens[at]))
    if whole_litigation and not any(group.startswith("litigation") for group in groups):
        groups.extend(GROUPS[1:])
    keys = _ordered(groups or list(GROUPS), [name for name, _ in outcomes], complete=complete)
    one_grid = len({row.grid for row in head}) == 1 and head[0].trusted
    whole = one_grid and len(outcomes) == len(keys)
    return _Columns(keys, tuple(token for _, token in outcomes) if whole else ())


def _append(groups: list[str], group: str) -> None:
    if group not in groups:
        groups.append(group)


def _ordered(groups: list[str], outcomes: list[str], *, complete: bool) -> tuple[str, ...]:
    standard = [f"{group}_{outcome}" for group in groups for outcome in OUTCOMES]
    if not complete or len(outcomes) != len(standard):
        return tuple(standard)
    keys: list[str] = []
    for at, group in enumerate(groups):
        five = outcomes[at * 5 : at * 5 + 5]
        if sorted(five) != sorted(OUTCOMES):
            return ()
        keys.extend(f"{group}_{outcome}" for outcome in five)
    return tuple(keys)


# --- the result


def _cell(key: str, token: Token | None, found: Found) -> NumberCell:
    label = REVIEW.labels[key]
    if token is None:
        return absent(label)
    return number_cell(token, _PLACES[key], found.findings)


def _merge(readings: list[dict[str, NumberCell]], found: Found) -> dict[str, NumberCell]:
    merged: dict[str, NumberCell] = {}
    conflicts: set[str] = set()
    doubled = False
    for reading in readings:
        for key, cell in reading.items():
            before = merged.get(key)
            if before is None or (before.value is None and cell.value is not None):
                merged[key] = cell
            elif cell.value is not None and before.value is not None:
                doubled = True
                if cell.value != before.value:
                    conflicts.add(key)
    for key in conflicts:
        merged[key] = absent(REVIEW.labels[key])
    if conflicts:
        found.findings.append(finding("two_tables", cells=["review_litigation"], table=TABLE))
    elif doubled:
        found.findings.append(finding("doubled_table", cells=["review_litigation"], table=TABLE))
    missing = [key for key in KEYS if key not in merged]
    if missing:
        names = "、".join(REVIEW.labels[key] for key in missing)
        found.findings.append(
            finding(
                "missing_column",
                cells=[f"review_litigation.{key}" for key in missing],
                table=TABLE,
                column=names,
            )
        )
    return {key: merged.get(key) or absent(REVIEW.labels[key]) for key in KEYS}
