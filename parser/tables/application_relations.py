"""Rows of table 三 with too few or too many cells: laid out by what A1, A2 and A3 allow."""

from __future__ import annotations

from collections.abc import Sequence

from parser.labels import APPLICATIONS
from parser.tables.alignment import Complete, Numbers, Solution, number_of, solve
from parser.tables.application_found import Found
from parser.tables.layout import Line, part_several
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS


class Relations:
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


def solve_short(by_key: dict[str, Line], version: str, found: Found) -> None:
    leaves = [row.key for row in APPLICATIONS.rows_of(version) if row.key in APPLICATIONS.leaves]
    relations = Relations(by_key, leaves)
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


def _check_parted(key: str, line: Line, relations: Relations, found: Found) -> None:
    """Numbers that stood in one cell are kept only if the row then adds up."""
    assert line.placed is not None
    line.several = False
    raw = " ".join(token.raw for token in line.tokens)
    found.tell("several_numbers", key, line.row, raw=raw)
    numbers = [number_of(token) for token in line.placed]
    if relations.completer(key, line.columns)(numbers) is None:
        line.placed, line.columns = None, ()
        found.rejected.append(line.row)


def _solve(key: str, line: Line, relations: Relations, found: Found, *, final: bool) -> int:
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
    found.tell(code, key, line.row, open_columns, n=drawn, expected=width)
    found.widths[key] = drawn
    found.rejected.append(line.row)
