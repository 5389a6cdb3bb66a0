"""One token → one NumberCell: states, units, and a finding for whatever is not a plain count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from parser.document import Finding
from parser.findings import finding
from parser.labels import MARKS
from parser.quick import quick
from parser.report import CellState, NumberCell
from parser.tables.rows import Token
from parser.values import Kind, as_plain

_READ, _BLANK = CellState.READ, CellState.BLANK  # a look-up on an Enum is dear where it is made for each cell
_cell = quick(NumberCell)


@dataclass(slots=True)
class Place:
    """Which cell of which table it is: its key, and the table, row and column as a person calls them."""

    key: str
    table: str
    row: str
    column: str


def absent(label: str) -> NumberCell:
    """A cell that is not drawn, or whose place is not certain."""
    return _cell(None, CellState.ABSENT, None, label)


def number_cell(token: Token, place: Place, findings: list[Finding], *, signed: bool = False) -> NumberCell:
    """A count. Negative or fractional counts keep their number and are reported (check H0)."""
    value, drawn = token.value, token.cell
    if drawn.confidence is None and not token.merged:  # nearly every cell is one of these two
        if value.ordinary:
            token.taken = True
            return _cell(value.plain, _READ, token.raw, place.column, None, drawn.locator)
        if token.blank:
            token.taken = True
            return _cell(None, _BLANK, token.raw, place.column, None, drawn.locator)
    cell = _count(token, place, findings, signed=signed)
    return cell if drawn.confidence is None else _recognised(cell, token, place, findings)


def _recognised(cell: NumberCell, token: Token, place: Place, findings: list[Finding]) -> NumberCell:
    """A number out of a picture is marked as such, and told where it is uncertain; it is never mended."""
    sure = token.cell.confidence
    if sure is not None and sure < MARKS.doubtful_below and cell.state is not CellState.UNREADABLE:
        findings.append(_about("ocr_doubtful", token, place))
    return replace(cell, confidence=sure)


def _count(token: Token, place: Place, findings: list[Finding], *, signed: bool) -> NumberCell:
    token.taken = True
    value, label, locator = token.value, place.column, token.cell.locator
    if token.merged:
        findings.append(_about("merged_cell", token, place))
        return NumberCell(None, CellState.UNREADABLE, token.raw, label, None, locator)
    if value.kind is Kind.BLANK:
        return NumberCell(None, _BLANK, token.raw, label, None, locator)
    if value.number is None:
        code = "several_numbers" if value.kind is Kind.SEVERAL else "unreadable"
        findings.append(_about(code, token, place))
        return NumberCell(None, CellState.UNREADABLE, token.raw, label, None, locator)
    if value.unit is not None and value.unit in MARKS.money_units:
        findings.append(_about("unit_unexpected", token, place))
        return NumberCell(None, CellState.UNREADABLE, token.raw, label, value.unit, locator)
    if value.footnote:
        findings.append(_about("footnote", token, place))
    if value.number < 0 and not signed:
        findings.append(_about("negative", token, place))
    plain = value.plain
    if not isinstance(plain, int):
        findings.append(_about("not_whole", token, place))
    return NumberCell(plain, _READ, token.raw, label, value.unit, locator)


def money_cell(token: Token, place: Place, findings: list[Finding], *, head_unit: str | None) -> NumberCell:
    """An amount in 万元. The cell's own unit goes before that of the column's head (None: none written)."""
    cell = _money(token, place, findings, head_unit)
    return cell if token.cell.confidence is None else _recognised(cell, token, place, findings)


def _money(token: Token, place: Place, findings: list[Finding], head_unit: str | None) -> NumberCell:
    value = token.value
    if token.merged or value.kind is not Kind.NUMBER or value.number is None:
        return _count(token, place, findings, signed=False)
    token.taken = True
    if value.unit is not None and value.unit not in MARKS.money_units:
        findings.append(_about("unit_unexpected", token, place))
        return NumberCell(None, CellState.UNREADABLE, token.raw, place.column, value.unit, token.cell.locator)
    unit = value.unit or head_unit
    factor = MARKS.money_units[unit] if unit else Decimal(1)
    if unit is None and value.number != 0:
        findings.append(_about("unit_missing", token, place))
    if factor != 1:
        findings.append(_about("unit_converted", token, place))
    if value.number < 0:
        findings.append(_about("negative", token, place))
    plain = as_plain(value.number * factor)
    return NumberCell(plain, _READ, token.raw, place.column, unit, token.cell.locator)


def _about(code: str, token: Token, place: Place) -> Finding:
    return finding(
        code,
        locator=token.cell.locator,
        cells=[place.key],
        table=place.table,
        row=place.row,
        column=place.column,
        raw=token.raw,
    )
