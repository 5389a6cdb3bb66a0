"""What A1, A2 and A3 allow a row of table 三 to hold, given the rows that are certain."""

from __future__ import annotations

from collections.abc import Sequence

from parser.tables.alignment import Complete, Numbers, number_of
from parser.tables.layout import Line
from parser.tables.vocabulary import APPLICATION_COLUMNS as COLUMNS

FLOW = ("new_received", "carried_over"), ("result_total", "carried_forward")


class Relations:
    """What A1, A2 and A3 say of one row, given all other rows that are certain."""

    def __init__(self, by_key: dict[str, Line], leaves: Sequence[str]) -> None:
        self.by_key = by_key
        self.leaves = leaves
        self.filled: dict[tuple[str, str], int | float] = {}  # numbers of holes that a row's sum determines

    def number(self, key: str, column: str) -> int | float | None:
        line = self.by_key.get(key)
        if line is None or line.placed is None or column not in line.columns:
            return None
        return number_of(line.placed[line.columns.index(column)])

    def total(self, keys: Sequence[str], column: str) -> int | float | None:
        """The sum of these rows, with the numbers of holes that are determined; None where one is unknown."""
        numbers = [self.filled.get((key, column), self.number(key, column)) for key in keys]
        return None if None in numbers else sum(number for number in numbers if number is not None)

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

    def holds(self, key: str, column: str) -> bool:
        """Whether the column's relations that the row takes part in can be worked out, and hold."""
        sums = []
        if key in self.leaves or key == "result_total":
            sums.append((self.total(("result_total",), column), self.total(self.leaves, column)))
        if key not in self.leaves:
            sums.append((self.total(FLOW[0], column), self.total(FLOW[1], column)))
        known = [(left, right) for left, right in sums if left is not None and right is not None]
        return bool(known) and all(left == right for left, right in known)

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
