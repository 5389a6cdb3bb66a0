"""The hard checks: A1, A2, A3, B1 (statute.md §3), under the blank policy.

A blank counts as 0 where at least one addend is a number; a cell that is absent or unreadable, and a blank
total, make the relation not evaluable. Tolerance is 0. A check holds all its cells; the finding of one that
fails names those that may be wrong (parser.suspects).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from parser.document import Finding
from parser.findings import finding
from parser.labels import APPLICATIONS, REVIEW, keys_of
from parser.report import ApplicationsRow, CellState, Check, CheckResult, NumberCell, Tables
from parser.suspects import Relation, suspects

COLUMNS = keys_of(APPLICATIONS.columns)
PARTS = tuple(column for column in COLUMNS if column != "total")
KEYS = {
    (row.key, column): f"applications.{row.key}.{column}" for row in APPLICATIONS.rows for column in COLUMNS
}
_ROW_LABELS = {KEYS[row.key, column]: row.label for row in APPLICATIONS.rows for column in COLUMNS}
_COLUMN_LABELS = {column.key: column.label for column in APPLICATIONS.columns}
_GROUP_LABELS = {group.key: group.label for group in REVIEW.groups}
_RELATIONS = {
    "A1": "new_received + carried_over = result_total + carried_forward",
    "A2": "result_total = sum(leaf result rows)",
    "A3": "total = natural_person + 5 organisation columns",
    "B1": "total = upheld + corrected + other + pending",
}


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a relation: its cells with their keys, the sum (None: unknown), and what was blank."""

    keys: tuple[str, ...]
    value: int | float | None
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Out:
    checks: list[Check]
    judged: list[tuple[str, _Side, _Side, dict[str, str]]]  # name, sides, and what a finding fills in
    with_blanks: list[str]  # relations in which a blank was counted as 0
    blanks: dict[str, None]  # the cells, in order


def hard_checks(tables: Tables) -> tuple[list[Check], list[Finding]]:
    """All 42 (v2021) or 40 (v2019) checks that the tables at hand allow, in SCHEMA.md's order."""
    out = _Out([], [], [], {})
    if tables.applications is not None and not _all_blank(_cells(tables.applications)):
        _application_checks(tables.applications, out)
    if tables.review_litigation is not None and not _all_blank(tables.review_litigation.values()):
        _review_checks(tables.review_litigation, out)
    findings = []
    if any(check.result is CheckResult.FAIL for check in out.checks):
        cells = _by_key(tables)
        relations = [Relation(name, a.keys, b.keys, a.value, b.value) for name, a, b, _ in out.judged]
        named = suspects(relations, {key: cell.value for key, cell in cells.items()})
        findings = [*_broken(out, named, cells), *_recognised(cells, named)]
    if out.with_blanks:
        first, n = out.with_blanks[0], len(out.with_blanks)
        findings.append(finding("blank_as_zero", cells=out.blanks, relation=first, n=n))
    return out.checks, findings


def _broken(
    out: _Out, named: Mapping[str, tuple[str, ...]], cells: Mapping[str, NumberCell]
) -> Iterable[Finding]:
    """A finding for each relation that fails, with the cells of it that may be wrong."""
    for name, left, right, fields in out.judged:
        if name not in named:
            continue
        family, suspected = name.partition(".")[0], named[name]
        code, pointed = family, {}
        if len(suspected) == 1 and suspected != left.keys and suspected[0] in _ROW_LABELS:
            code, pointed = f"{family}_cell", _pointed(suspected[0], cells)
        told = finding(code, cells=suspected, lhs=left.value, rhs=right.value, **fields, **pointed)
        yield replace(told, code=family, check=name)


def _pointed(key: str, cells: Mapping[str, NumberCell]) -> dict[str, str]:
    """What the words say of the one cell that all broken relations point to."""
    cell = cells[key]
    row, column = _ROW_LABELS[key], cell.label or ""
    return {"suspect_row": row, "suspect_column": column, "value": cell.raw or ""}


def _by_key(tables: Tables) -> dict[str, NumberCell]:
    rows = tables.applications or ()
    cells = {KEYS[row.key, column]: cell for row in rows for column, cell in row.cells.items()}
    for key, cell in (tables.review_litigation or {}).items():
        cells[f"review_litigation.{key}"] = cell
    return cells


def _recognised(cells: Mapping[str, NumberCell], named: Mapping[str, Sequence[str]]) -> Iterable[Finding]:
    """For each relation that fails: which numbers were recognised from an image, the least sure first."""
    for name, suspected in named.items():
        sure = {key: cells[key].confidence for key in suspected}
        keys = sorted((value, key) for key, value in sure.items() if value is not None)
        if keys:
            raw = "、".join(f"{cells[key].label} {cells[key].raw}" for _, key in keys[:3])
            told = finding("ocr_in_check", cells=[key for _, key in keys], check=name, n=len(keys), raw=raw)
            yield replace(told, check=name)


def _cells(rows: Sequence[ApplicationsRow]) -> Iterable[NumberCell]:
    return (cell for row in rows for cell in row.cells.values())


def _all_blank(cells: Iterable[NumberCell]) -> bool:
    return all(cell.state is CellState.BLANK for cell in cells)


def _application_checks(rows: Sequence[ApplicationsRow], out: _Out) -> None:
    by_key = {row.key: row for row in rows}
    leaves = [row.key for row in rows if row.key in APPLICATIONS.leaves]

    def side(keys: Iterable[str], column: str) -> _Side:
        return _sum([(KEYS[key, column], by_key[key].cells[column]) for key in keys])

    for column in COLUMNS:
        sides = (
            side(("new_received", "carried_over"), column),
            side(("result_total", "carried_forward"), column),
        )
        _judge(f"A1.{column}", sides, out, column=_COLUMN_LABELS[column])
    for column in COLUMNS:
        total = by_key["result_total"].cells[column]
        sides = _total(KEYS["result_total", column], total), side(leaves, column)
        _judge(f"A2.{column}", sides, out, column=_COLUMN_LABELS[column])
    for row in rows:
        parts = _sum([(KEYS[row.key, column], row.cells[column]) for column in PARTS])
        sides = _total(KEYS[row.key, "total"], row.cells["total"]), parts
        _judge(f"A3.{row.key}", sides, out, row=row.label)


def _review_checks(cells: Mapping[str, NumberCell], out: _Out) -> None:
    for group in REVIEW.groups:
        total = f"{group.key}_total"
        keys = [f"{group.key}_{outcome.key}" for outcome in REVIEW.outcomes if outcome.key != "total"]
        parts = _sum([(f"review_litigation.{key}", cells[key]) for key in keys])
        sides = _total(f"review_litigation.{total}", cells[total]), parts
        _judge(f"B1.{group.key}", sides, out, group=_GROUP_LABELS[group.key])


def _total(key: str, cell: NumberCell) -> _Side:
    return _Side((key,), cell.value)


def _sum(cells: Sequence[tuple[str, NumberCell]]) -> _Side:
    keys = tuple([key for key, _ in cells])
    values = [cell.value for _, cell in cells]
    if None not in values:
        return _Side(keys, sum([value for value in values if value is not None]))
    total: int | float = 0
    blanks: list[str] = []
    for key, cell in cells:
        if cell.value is not None:
            total += cell.value
        elif cell.state is CellState.BLANK:
            blanks.append(key)
        else:
            return _Side(keys, None)
    return _Side(keys, total if len(blanks) < len(keys) else None, tuple(blanks))


def _judge(name: str, sides: tuple[_Side, _Side], out: _Out, **names: str) -> None:
    left, right = sides
    family, cells = name.partition(".")[0], (*left.keys, *right.keys)
    if left.value is None or right.value is None:
        result = CheckResult.NOT_EVALUABLE
    else:
        result = CheckResult.PASS if left.value == right.value else CheckResult.FAIL
    out.checks.append(Check(name, _RELATIONS[family], left.value, right.value, result, cells))
    out.judged.append((name, left, right, names))
    if result is not CheckResult.NOT_EVALUABLE and (left.blanks or right.blanks):
        out.with_blanks.append(name)
        out.blanks.update(dict.fromkeys((*left.blanks, *right.blanks)))
