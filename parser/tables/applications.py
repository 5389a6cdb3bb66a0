"""Table 三: 25 (v2021) or 23 (v2019) rows of seven numbers: found, laid out, solved if cells are lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parser.document import Finding
from parser.findings import finding
from parser.labels import APPLICATIONS, ApplicationRow
from parser.report import ApplicationsRow, CellState, NumberCell
from parser.tables.alignment import Complete, Numbers, Solution, number_of, solve
from parser.tables.cells import Place, absent, number_cell
from parser.tables.head import HeadBuilder
from parser.tables.inference import offer_numbers
from parser.tables.layout import Line, part_several
from parser.tables.layout import place as lay_out
from parser.tables.rows import Row, Token
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS
from parser.tables.vocabulary import Head, application_group, application_rows, head_of
from parser.text import bare, bare_label

TABLE = "表三"
LEAVES = tuple(
    row.key
    for row in APPLICATIONS.rows
    if row.key.startswith(("result_d", "result_p", "denied", "un", "not", "other"))
)
ORDER = {row.key: at for at, row in enumerate(APPLICATIONS.rows)}
LABELS = {row.key: row.label for row in APPLICATIONS.rows}
COLUMN_LABELS = {column.key: column.label for column in APPLICATIONS.columns}
_PLACES = {
    (row.key, column.key): Place(f"applications.{row.key}.{column.key}", TABLE, row.label, column.label)
    for row in APPLICATIONS.rows
    for column in APPLICATIONS.columns
}
_SUB_ROWS = ("other_overdue_correction", "other_overdue_fee", "other_other")
_TOTAL = len(COLUMNS) - 1


@dataclass
class Found:
    """The table as read. `version` is None where its rows do not say; `evidence` is what they say."""

    rows: tuple[ApplicationsRow, ...] | None = None
    version: str | None = None
    evidence: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    grids: set[int] = field(default_factory=set)
    rejected: list[Row] = field(default_factory=list)  # rows whose numbers were left out with a finding
    widths: dict[str, int] = field(default_factory=dict)  # row → cells drawn, where that is not seven


def read_applications(rows: Sequence[Row]) -> Found:
    """Read table 三 out of all rows of a document."""
    found = Found()
    lines = list(_Scanner(rows, found).lines())
    if not _is_table(lines):
        return Found()
    _name_unlabelled(lines, found)
    version = _judge_version(lines, found)
    kept = _reject_foreign(lines, version, found)
    by_key = _lay_out(kept, found)
    _solve_short(by_key, version, found)
    found.version = version if found.evidence else None
    found.grids = {line.row.grid for line in lines}
    found.rows = offer_numbers(
        [_build(row, by_key.get(row.key), found) for row in APPLICATIONS.rows_of(version)]
    )
    _missing(found, by_key, version)
    return found


def _is_table(lines: list[Line]) -> bool:
    """A few of the labels come in other tables too: 涉及国家秘密, 部分公开 in the statistics of 2014–2018."""
    keys = {line.key for line in lines if line.key}
    return len(keys) >= 5 or (
        len(keys) >= 3 and bool(keys & {"new_received", "carried_over", "carried_forward"})
    )


# --- finding the rows


class _Scanner:
    """Walks the rows once: heads set the columns, labelled rows become lines, cut rows are joined."""

    def __init__(self, rows: Sequence[Row], found: Found) -> None:
        self.rows = rows
        self.found = found
        self.head = HeadBuilder(found.findings)
        self.last: Line | None = None  # the last labelled line
        self.cut: tuple[str, Row] | None = None  # a label part that matched nothing and had no numbers
        self.keys: set[str] = set()
        self.in_other = False  # the group cell (六)其他处理 has been seen
        self.unknown: tuple[Row, Finding] | None = None  # a row with numbers whose label matched nothing

    def lines(self) -> Iterator[Line]:
        for row in self.rows:
            kind = head_of(row)
            if kind is Head.APPLICATIONS:
                self.head.add(row)
                self.cut = None
                continue
            if kind is not Head.NONE:
                self._leave(kind)
                continue
            yield from self._row(row)

    def _leave(self, kind: Head) -> None:
        self.cut = None
        if kind is Head.REVIEW:
            self.last = None

    def _row(self, row: Row) -> Iterator[Line]:
        matches = self._labels(row)
        if len(matches) > 1 or any(len(keys) > 1 for _, keys in matches):
            yield from self._several(row, matches)
        elif matches:
            at, keys = matches[0]
            yield self._line(row, keys[0], at)
        elif row.words and not self._only_groups(row):
            yield from self._unmatched(row)
        elif row.numbers and self._belongs(row):
            yield from self._numbers_alone(row)

    def _only_groups(self, row: Row) -> bool:
        """The row's own label is gone and the cell of its group is left."""
        return row.numbers > 2 and all(application_group(row.tokens[at].text) for at in row.words)

    def _belongs(self, row: Row) -> bool:
        """Whether the row goes on from labelled rows, or comes right under a head."""
        if self.last is None:
            return bool(self.head.rows) and self.head.rows[-1].grid == row.grid
        return self.last.row.grid >= row.grid - 1

    def _labels(self, row: Row) -> list[tuple[int, tuple[str, ...]]]:
        """(token, keys) of each label in the row; a label cut into several cells is put together."""
        for at in row.words:
            group = application_group(row.tokens[at].text)
            self.in_other = self.in_other or group == "other"
        matches = [
            (at, keys) for at in row.words if (keys := self._allowed(application_rows(row.tokens[at].text)))
        ]
        named = [(at, keys) for at, keys in matches if keys != ("other_processing",)]
        if named and len(named) < len(matches):
            matches = named  # the group cell (六)其他处理 beside its first sub-row
        if matches:
            return matches
        leading = [at for at in row.words if not any(t.value.number is not None for t in row.tokens[:at])]
        if len(leading) > 1:
            for first in range(len(leading) - 1):
                text = "".join(row.tokens[at].text for at in leading[first:])
                keys = self._allowed(application_rows(text))
                if len(keys) == 1:
                    return [(leading[-1], keys)]
        return []

    def _allowed(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """其他 and 总计 name columns too: as rows they need the rows before them, 其他 those of its group."""
        if keys == ("result_total",) and len(self.keys) < 2:
            return ()
        if keys == ("other_other",) and not (self.in_other or self.keys & set(_SUB_ROWS)):
            return ()
        return keys

    def _line(self, row: Row, key: str, at: int, until: int | None = None) -> Line:
        tokens = row.tokens[at + 1 : until]
        while tokens and tokens[0].words and not _has_digit(tokens[0].text):
            tokens = tokens[1:]
        line = Line(key, row, at, tokens, columns=self.head.columns())
        line.head = self.head.cells(row)
        self.last, self.cut, self.unknown = line, None, None
        self.keys.add(key)
        return line

    def _several(self, row: Row, matches: list[tuple[int, tuple[str, ...]]]) -> Iterator[Line]:
        """Two labelled halves side by side, or labels run together in one cell."""
        if all(len(keys) == 1 for _, keys in matches):
            ends = [at for at, _ in matches[1:]] + [None]
            halves = [
                self._line(row, keys[0], at, end) for (at, keys), end in zip(matches, ends, strict=True)
            ]
            if all(half.tokens for half in halves):
                yield from halves
                return
        if row.numbers:
            self.found.findings.append(
                finding(
                    "ambiguous_label",
                    locator=row.locator,
                    cells=[f"applications.{key}" for _, keys in matches for key in keys],
                    table=TABLE,
                    raw=row.label,
                )
            )
            self.found.rejected.append(row)

    def _unmatched(self, row: Row) -> Iterator[Line]:
        """A row whose words name no row: the rest of a label that was cut, or a row that nobody knows."""
        label = row.label
        near = self.last is not None and 0 <= row.grid - self.last.row.grid <= 1
        joined = self._joined(label) if near or self.cut else None
        if joined is not None:
            key, adopts = joined
            if row.numbers and adopts:
                at = row.words[-1] if row.words else -1
                self._note("row_joined", key, row)
                yield self._line(row, key, at)
            elif self.last is None or self.last.key != key:
                yield self._line(row, key, row.words[-1])
            return
        if not near:
            return
        if row.numbers == 0:
            yield from self._completes_unknown(row)
            if application_group(label) is None and len(bare(label)) <= 40:
                self.cut = ((self.cut[0] if self.cut else "") + label, row)
            return
        if row.numbers >= 3:
            told = finding("unknown_row", locator=row.locator, cells=["applications"], table=TABLE, raw=label)
            self.found.findings.append(told)
            self.found.rejected.append(row)
            self.unknown = (row, told)

    def _completes_unknown(self, row: Row) -> Iterator[Line]:
        """The rest of the label of the row above, whose first part named no row but bears the numbers."""
        if self.unknown is None:
            return
        above, told = self.unknown
        self.unknown = None
        if 0 <= row.grid - above.grid <= 1 and (row.grid != above.grid or row.index == above.index + 1):
            keys = self._allowed(application_rows(above.label + row.label))
            if len(keys) == 1 and bare(above.label + row.label).endswith(bare_label(LABELS[keys[0]])):
                self.found.findings.remove(told)
                self.found.rejected.remove(above)
                self._note("row_joined", keys[0], above)
                yield self._line(above, keys[0], above.words[-1])

    def _joined(self, label: str) -> tuple[str, bool] | None:
        """(key, whether it still lacks numbers) if the label completes the one before it."""
        if self.last is not None:
            before = self.last.row.label + (self.cut[0] if self.cut else "")
            wanted = bare_label(LABELS[self.last.key]) if self.last.key else None
            whole = bare(before + label)
            if wanted and (
                whole.endswith(wanted) or (wanted.endswith(bare(label)) and len(bare(label)) >= 2)
            ):
                return self.last.key, self.last.filled == 0
        if self.cut is not None:
            keys = self._allowed(application_rows(self.cut[0] + label))
            if len(keys) == 1 and bare(self.cut[0] + label).endswith(bare_label(LABELS[keys[0]])):
                return keys[0], True
        return None

    def _numbers_alone(self, row: Row) -> Iterator[Line]:
        """Numbers without a label: they belong to the label above if that one has none."""
        last = self.last
        if last is not None and last.key and last.filled == 0 and len(last.tokens) < len(COLUMNS):
            self._note("row_joined", last.key, row)
            line = self._line(row, last.key, -1)
        else:
            at = row.words[-1] if row.words else -1
            line = Line("", row, at, row.tokens[at + 1 :], columns=self.head.columns())
            line.head = self.head.cells(row)
        yield line

    def _note(self, code: str, key: str, row: Row) -> None:
        self.found.findings.append(
            finding(code, locator=row.locator, cells=[f"applications.{key}"], table=TABLE, row=LABELS[key])
        )


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _name_unlabelled(lines: list[Line], found: Found) -> None:
    """A row of seven numbers without a label, right between two known rows one apart, is the row between."""
    present = {line.key for line in lines}
    for at, line in enumerate(lines):
        if line.key:
            continue
        before = lines[at - 1].key if at else ""
        after = lines[at + 1].key if at + 1 < len(lines) else ""
        between = _between(before, after, present)
        if between is not None and line.full(len(line.columns)):
            line.key = between
            found.findings.append(
                finding(
                    "label_missing",
                    locator=line.row.locator,
                    cells=[f"applications.{between}"],
                    table=TABLE,
                    row=LABELS[between],
                )
            )
    lines[:] = [line for line in lines if line.key]


def _between(before: str, after: str, present: set[str]) -> str | None:
    for version in ("v2021", "v2019"):
        keys = ["", *(row.key for row in APPLICATIONS.rows_of(version)), ""]
        for key in keys[1:-1]:
            at = keys.index(key)
            if (keys[at - 1], keys[at + 1]) == (before, after) and key not in present:
                return key
    return None


# --- version, doubles, layout


def _judge_version(lines: list[Line], found: Found) -> str:
    keys = {line.key for line in lines}
    if any(key in keys for key in _SUB_ROWS):
        found.evidence.append("表三(六)其他处理分三行")
        return "v2021"
    if any(line.key == "other_processing" and len(line.tokens) > 2 for line in lines):
        found.evidence.append("表三(六)其他处理为一行")
        return "v2019"
    return "v2021"


def _reject_foreign(lines: list[Line], version: str, found: Found) -> list[Line]:
    """Leave out rows that this form does not have: the group cell (六)其他处理 of v2021 with numbers."""
    own = {row.key for row in APPLICATIONS.rows_of(version)}
    kept = [line for line in lines if line.key in own]
    for line in lines:
        if line.key not in own and line.filled:
            found.findings.append(
                finding(
                    "unexpected_row",
                    locator=line.row.locator,
                    cells=[f"applications.{line.key}"],
                    table=TABLE,
                    row=LABELS[line.key],
                )
            )
            found.rejected.append(line.row)
    return kept


def _lay_out(lines: list[Line], found: Found) -> dict[str, Line]:
    by_grid: dict[int, list[Line]] = {}
    for line in lines:
        by_grid.setdefault(line.row.grid, []).append(line)
    _narrow_heads(lines)
    for line in lines:
        if line.columns:
            line.placed = lay_out(line, len(line.columns), by_grid[line.row.grid], line.head)
            if line.placed is not None and None in line.placed:
                _report_holes(line, line.placed, found)
    by_key: dict[str, list[Line]] = {}
    for line in lines:
        by_key.setdefault(line.key, []).append(line)
    doubled = [key for key, same in by_key.items() if len(_with_content(same)) > 1]
    merged = {key: _merge(key, same, found, quiet=len(doubled) > 4) for key, same in by_key.items()}
    if len(doubled) > 4:
        differ = [key for key in doubled if merged[key].columns == ()]
        code = "two_tables" if differ else "doubled_table"
        cells = [f"applications.{key}" for key in differ] or ["applications"]
        found.findings.append(finding(code, cells=cells, table=TABLE, locator=lines[0].row.locator))
    _check_order(lines, found, skip=len(doubled) > 0)
    return merged


def _report_holes(line: Line, placed: Sequence[Token | None], found: Found) -> None:
    drawn = sum(token is not None for token in placed)
    holes = [column for column, token in zip(line.columns, placed, strict=True) if token is None]
    found.widths[line.key] = drawn
    found.findings.append(
        finding(
            "missing_cell",
            locator=line.row.locator,
            cells=[f"applications.{line.key}", *(f"applications.{line.key}.{column}" for column in holes)],
            table=TABLE,
            row=LABELS[line.key],
            n=drawn,
            expected=len(placed),
        )
    )


def _narrow_heads(lines: list[Line]) -> None:
    """A head that shows fewer than seven columns is cut if the rows have seven numbers all the same."""
    partial = [line for line in lines if 0 < len(line.columns) < len(COLUMNS)]
    if partial and sum(line.full(len(COLUMNS)) for line in partial) * 2 >= len(partial):
        for line in partial:
            in_order = [COLUMNS.index(key) for key in line.columns]
            line.columns = COLUMNS if in_order == sorted(in_order) else ()
            line.head = ()


def _with_content(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.filled] or lines[:1]


def _merge(key: str, lines: list[Line], found: Found, *, quiet: bool) -> Line:
    """One line of several with the same label: equal ones, halves with other columns, or a conflict."""
    lines = _with_content(lines)
    first = lines[0]
    for other in lines[1:]:
        if not set(first.columns) & set(other.columns) and first.placed and other.placed:
            first.placed = (*first.placed, *other.placed)
            first.columns = (*first.columns, *other.columns)
            _take(other)
            continue
        same = _numbers(first) == _numbers(other)
        if same:
            _take(other)
        if not quiet:
            found.findings.append(
                finding(
                    "doubled_row" if same else "doubled_row_differs",
                    locator=other.row.locator,
                    cells=[f"applications.{key}"],
                    table=TABLE,
                    row=LABELS[key],
                )
            )
        if not same:
            found.rejected.extend(line.row for line in lines)
            return Line(key, first.row, first.at, [], columns=())
    return first


def _numbers(line: Line) -> list[tuple[str, object]]:
    tokens = line.placed if line.placed is not None else tuple(line.core())
    return [("", None) if token is None else (token.value.kind, token.value.number) for token in tokens]


def _take(line: Line) -> None:
    for token in line.tokens:
        token.taken = True


def _check_order(lines: list[Line], found: Found, *, skip: bool) -> None:
    if skip:
        return
    highest = -1
    for line in lines:
        at = ORDER[line.key]
        if at < highest:
            found.findings.append(
                finding(
                    "row_order",
                    locator=line.row.locator,
                    cells=[f"applications.{line.key}"],
                    table=TABLE,
                    row=LABELS[line.key],
                )
            )
        highest = max(highest, at)


# --- rows of the wrong width


class _Relations:
    """What A1, A2 and A3 say of one row, given all other rows that are certain."""

    def __init__(self, by_key: dict[str, Line], leaves: Sequence[str]) -> None:
        self.by_key = by_key
        self.leaves = leaves

    def number(self, key: str, column: str) -> int | float | None:
        line = self.by_key.get(key)
        if line is None or line.placed is None or column not in line.columns:
            return None
        return number_of(line.placed[line.columns.index(column)])

    def expected(self, key: str, column: str) -> int | float | None:
        """The only number that the column's relation allows; None where it cannot be worked out."""
        if key in self.leaves:
            return self._signed(
                column, plus=("result_total",), minus=[leaf for leaf in self.leaves if leaf != key]
            )
        if key == "result_total":
            sum_of_leaves = self._signed(column, plus=self.leaves, minus=())
            if sum_of_leaves is not None:
                return sum_of_leaves
            return self._signed(column, plus=("new_received", "carried_over"), minus=("carried_forward",))
        plus, minus = {
            "new_received": (("result_total", "carried_forward"), ("carried_over",)),
            "carried_over": (("result_total", "carried_forward"), ("new_received",)),
            "carried_forward": (("new_received", "carried_over"), ("result_total",)),
        }[key]
        return self._signed(column, plus=plus, minus=minus)

    def _signed(self, column: str, *, plus: Sequence[str], minus: Sequence[str]) -> int | float | None:
        up = [self.number(key, column) for key in plus]
        down = [self.number(key, column) for key in minus]
        if None in up or None in down:
            return None
        result = sum(n for n in up if n is not None) - sum(n for n in down if n is not None)
        return result if result >= 0 else None

    def at_most(self, key: str, column: str) -> int | float | None:
        return self.number("result_total", column) if key in self.leaves else None

    def completer(self, key: str, columns: Sequence[str]) -> Complete:
        """A function that fills in a row of numbers; it gives None where they break a relation."""
        expected = [self.expected(key, column) for column in columns]
        limits = [self.at_most(key, column) for column in columns]
        whole = len(columns) == len(COLUMNS)

        def complete(numbers: Numbers) -> Numbers | None:
            for number, wanted, limit in zip(numbers, expected, limits, strict=True):
                if number is None:
                    continue
                if (wanted is not None and number != wanted) or (limit is not None and number > limit):
                    return None
            done = [w if n is None else n for n, w in zip(numbers, expected, strict=True)]
            if not whole:
                return done
            by_column = dict(zip(columns, done, strict=True))
            return [by_column[column] for column in columns] if _row_sum(by_column) else None

        return complete


def _row_sum(done: dict[str, int | float | None]) -> bool:
    """Complete one unknown of A3 in place; False where A3 cannot hold."""
    parts = [column for column in COLUMNS if column != "total"]
    unknown = [column for column in parts if done[column] is None]
    known = sum(done[column] or 0 for column in parts)
    total = done["total"]
    if total is None:
        if not unknown:
            done["total"] = known
        return True
    if not unknown:
        return known == total
    if known > total:
        return False
    if len(unknown) == 1:
        done[unknown[0]] = total - known
    return True


def _solve_short(by_key: dict[str, Line], version: str, found: Found) -> None:
    leaves = [row.key for row in APPLICATIONS.rows_of(version) if row.key in LEAVES]
    relations = _Relations(by_key, leaves)
    for _ in range(3):
        solved = 0
        for key, line in by_key.items():
            if line.several and line.placed is not None:
                _check_parted(key, line, relations, found)
            if line.placed is None and line.columns and line.filled:
                solved += _solve(key, line, relations, found, final=False)
        if not solved:
            break
    for key, line in by_key.items():
        if line.placed is None and line.columns and line.filled:
            _solve(key, line, relations, found, final=True)


def _check_parted(key: str, line: Line, relations: _Relations, found: Found) -> None:
    """Numbers that stood in one cell are kept only if the row then adds up."""
    assert line.placed is not None
    line.several = False
    raw = " ".join(token.raw for token in line.tokens)
    found.findings.append(
        finding(
            "several_numbers",
            locator=line.row.locator,
            cells=[f"applications.{key}"],
            table=TABLE,
            row=LABELS[key],
            raw=raw,
        )
    )
    numbers = [number_of(token) for token in line.placed]
    if relations.completer(key, line.columns)(numbers) is None:
        line.placed, line.columns = None, ()
        found.rejected.append(line.row)


def _solve(key: str, line: Line, relations: _Relations, found: Found, *, final: bool) -> int:
    width = len(line.columns)
    tokens = part_several(line.loose(width))
    last_resort = line.columns.index("total") if "total" in line.columns else -1
    solution = solve(tokens, width, relations.completer(key, line.columns), last_resort)
    if not final and (solution is None or not solution.unique):
        return 0
    line.placed = solution.cells if solution is not None else (None,) * width
    _report_solution(key, line, solution, sum(not token.blank for token in tokens), found)
    return 1


def _report_solution(key: str, line: Line, solution: Solution | None, drawn: int, found: Found) -> None:
    width = len(line.columns)
    assert line.placed is not None
    open_columns = [column for column, cell in zip(line.columns, line.placed, strict=True) if cell is None]
    unique = solution is not None and solution.unique
    code = "row_width" if not unique else "missing_cell" if drawn == width - 1 else "row_solved"
    cells = [f"applications.{key}", *(f"applications.{key}.{column}" for column in open_columns)]
    found.findings.append(
        finding(
            code, locator=line.row.locator, cells=cells, table=TABLE, row=LABELS[key], n=drawn, expected=width
        )
    )
    found.widths[key] = drawn
    found.rejected.append(line.row)


# --- the result


def _build(row: ApplicationRow, line: Line | None, found: Found) -> ApplicationsRow:
    group, subgroup = APPLICATIONS.group_label(row)
    cells: dict[str, NumberCell] = {}
    for column in COLUMNS:
        label = COLUMN_LABELS[column]
        token = None
        if line is not None and line.placed is not None and column in line.columns:
            token = line.placed[line.columns.index(column)]
        if token is None:
            cells[column] = absent(label)
            continue
        cells[column] = number_cell(token, _PLACES[row.key, column], found.findings)
    return ApplicationsRow(row.key, row.label, group, subgroup, cells)


def _missing(found: Found, by_key: dict[str, Line], version: str) -> None:
    assert found.rows is not None
    rows = APPLICATIONS.rows_of(version)
    gone = [row for row in rows if row.key not in by_key]
    for row in gone:
        found.findings.append(
            finding("missing_row", cells=[f"applications.{row.key}"], table=TABLE, row=row.label)
        )
    for column in COLUMNS:
        if by_key and all(line.columns and column not in line.columns for line in by_key.values()):
            found.findings.append(
                finding(
                    "missing_column",
                    cells=[f"applications.*.{column}"],
                    table=TABLE,
                    column=COLUMN_LABELS[column],
                )
            )
    for key, line in by_key.items():
        if line.placed is None and line.columns and not line.filled:
            found.findings.append(
                finding(
                    "row_width",
                    locator=line.row.locator,
                    cells=[f"applications.{key}"],
                    table=TABLE,
                    row=LABELS[key],
                    n=len(line.tokens),
                    expected=len(line.columns),
                )
            )
    states = [cell.state for row in found.rows for cell in row.cells.values()]
    if CellState.READ not in states and CellState.UNREADABLE not in states:
        found.findings.append(finding("empty_table", cells=["applications"], table=TABLE))
