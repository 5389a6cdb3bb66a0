"""One token → one NumberCell: states, units, and a finding for whatever is not a plain count."""

from __future__ import annotations

from decimal import Decimal

from parser.document import Finding
from parser.findings import finding
from parser.labels import MARKS
from parser.report import CellState, NumberCell
from parser.tables.rows import Token
from parser.values import Kind, as_plain


def absent(label: str, inferred: int | float | None = None) -> NumberCell:
    """A cell that is not drawn, or whose place is not certain."""
    return NumberCell(None, CellState.ABSENT, None, label, inferred=inferred)


def number_cell(
    token: Token, label: str, findings: list[Finding], *, key: str, table: str, row: str, signed: bool = False
) -> NumberCell:
    """A count. Negative or fractional counts keep their number and are reported (check H0)."""
    token.taken = True
    where = {"table": table, "row": row, "column": label, "raw": token.raw}
    place = token.cell.locator

    def report(code: str) -> None:
        findings.append(finding(code, locator=place, cells=[key], **where))

    if token.merged:
        report("merged_cell")
        return NumberCell(None, CellState.UNREADABLE, token.raw, label, locator=place)
    value = token.value
    if value.kind is Kind.BLANK:
        return NumberCell(None, CellState.BLANK, token.raw, label, locator=place)
    if value.number is None:
        report("several_numbers" if value.kind is Kind.SEVERAL else "unreadable")
        return NumberCell(None, CellState.UNREADABLE, token.raw, label, locator=place)
    if value.unit in MARKS.money_units:
        report("unit_unexpected")
        return NumberCell(None, CellState.UNREADABLE, token.raw, label, value.unit, place)
    if value.footnote:
        report("footnote")
    if value.number < 0 and not signed:
        report("negative")
    if value.number != value.number.to_integral_value():
        report("not_whole")
    return NumberCell(value.plain, CellState.READ, token.raw, label, value.unit, place)


def money_cell(
    token: Token,
    label: str,
    findings: list[Finding],
    *,
    key: str,
    table: str,
    row: str,
    head_unit: str | None,
) -> NumberCell:
    """An amount in 万元. The cell's own unit goes before the one in the column's head (None: none written)."""
    value = token.value
    if token.merged or value.kind is not Kind.NUMBER or value.number is None:
        return number_cell(token, label, findings, key=key, table=table, row=row)
    token.taken = True
    where = {"table": table, "row": row, "column": label, "raw": token.raw}
    place = token.cell.locator

    def report(code: str) -> None:
        findings.append(finding(code, locator=place, cells=[key], **where))

    if value.unit is not None and value.unit not in MARKS.money_units:
        report("unit_unexpected")
        return NumberCell(None, CellState.UNREADABLE, token.raw, label, value.unit, place)
    unit = value.unit or head_unit
    factor = MARKS.money_units[unit] if unit else Decimal(1)
    if unit is None and value.number != 0:
        report("unit_missing")
    if factor != 1:
        report("unit_converted")
    if value.number < 0:
        report("negative")
    return NumberCell(as_plain(value.number * factor), CellState.READ, token.raw, label, unit, place)
