"""Numbers offered for cells that show none: only where all relations that can be worked out say the same.

An inferred number stands beside the read value and never in its place; a blank cell is blank and gets none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parser.labels import APPLICATIONS, keys_of
from parser.report import ApplicationsRow, CellState, NumberCell

COLUMNS = keys_of(APPLICATIONS.columns)
Number = int | float | None
_SHOWN = frozenset({CellState.READ, CellState.BLANK})


def offer_numbers(rows: Sequence[ApplicationsRow]) -> tuple[ApplicationsRow, ...]:
    """The rows with `inferred` filled in where a cell that is absent or unreadable is determined."""
    if not any(_lacks_a_number(row) for row in rows):
        return tuple(rows)
    by_key = {row.key: row.cells for row in rows}
    leaves = [row.key for row in rows if row.key in APPLICATIONS.leaves]
    return tuple(_with_offers(row, by_key, leaves) for row in rows)


def _lacks_a_number(row: ApplicationsRow) -> bool:
    return not _SHOWN.issuperset([cell.state for cell in row.cells.values()])


def _with_offers(
    row: ApplicationsRow, by_key: dict[str, dict[str, NumberCell]], leaves: Sequence[str]
) -> ApplicationsRow:
    offers = {}
    for column, cell in row.cells.items():
        if cell.state in _SHOWN:
            continue
        said = {_by_row(row.cells, column), *_by_column(row.key, column, by_key, leaves)} - {None}
        if len(said) == 1 and min(n for n in said if n is not None) >= 0:
            offers[column] = replace(cell, inferred=said.pop())
    return replace(row, cells=row.cells | offers) if offers else row


def _number(cell: NumberCell) -> Number:
    return 0 if cell.state is CellState.BLANK else cell.value


def _difference(plus: Sequence[Number], minus: Sequence[Number]) -> Number:
    if None in plus or None in minus:
        return None
    return sum(n for n in plus if n is not None) - sum(n for n in minus if n is not None)


def _by_row(cells: dict[str, NumberCell], column: str) -> Number:
    """A3: the total is the sum of the six others."""
    others = [_number(cells[key]) for key in COLUMNS if key not in (column, "total")]
    if column == "total":
        return _difference(others, ())
    return _difference([_number(cells["total"])], others)


def _by_column(
    key: str, column: str, by_key: dict[str, dict[str, NumberCell]], leaves: Sequence[str]
) -> tuple[Number, ...]:
    """A2 and A1, whichever the row takes part in."""

    def numbers(keys: Sequence[str]) -> list[Number]:
        return [_number(by_key[name][column]) for name in keys]

    ins, outs = ("new_received", "carried_over"), ("result_total", "carried_forward")
    if key in leaves:
        return (_difference(numbers(["result_total"]), numbers([leaf for leaf in leaves if leaf != key])),)
    side, across = (ins, outs) if key in ins else (outs, ins)
    by_flow = _difference(numbers(across), numbers([name for name in side if name != key]))
    return (by_flow, _difference(numbers(leaves), ())) if key == "result_total" else (by_flow,)
