"""The hard checks: A1, A2, A3, B1 (statute.md §3), under the blank policy.

A blank counts as 0 where at least one addend is a number; a cell that is absent or unreadable, and a blank
total, make the relation not evaluable. Tolerance is 0. A check holds all its cells; the finding of one that
fails names those that may be wrong (parser.suspects).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from parser.document import Finding
from parser.findings import finding
from parser.labels import APPLICATIONS, REVIEW, keys_of
from parser.quick import quick
from parser.report import ApplicationsRow, CellState, Check, CheckResult, NumberCell, Tables
from parser.suspects import Relation, suspects

COLUMNS = keys_of(APPLICATIONS.columns)
PARTS = tuple(column for column in COLUMNS if column != "total")
KEYS = {
    (row.key, column): f"applications.{row.key}.{column}" for row in APPLICATIONS.rows for column in COLUMNS
}
_ROW_OF_CELL = {KEYS[row.key, column]: row.label for row in APPLICATIONS.rows for column in COLUMNS}
_COLUMN_LABELS = {column.key: column.label for column in APPLICATIONS.columns}
_ROW_LABELS = {row.key: row.label for row in APPLICATIONS.rows}
_RELATIONS = {
    "A1": "new_received + carried_over = result_total + carried_forward",
    "A2": "result_total = sum(leaf result rows)",
    "A3": "total = natural_person + 5 organisation columns",
    "B1": "total = upheld + corrected + other + pending",
}


Number = int | float | None
_check = quick(Check)


@dataclass(frozen=True, slots=True)
class _Spec:
    """A relation by the keys of its cells, and what a finding fills in."""

    family: str
    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Out:
    checks: list[Check]
    judged: list[tuple[_Spec, Number, Number]]  # with the sums of both sides
    with_blanks: list[str]  # relations in which a blank was counted as 0
    blanks: dict[str, None]  # the cells, in order


def hard_checks(tables: Tables) -> tuple[list[Check], list[Finding]]:
    """All 42 (v2021) or 40 (v2019) checks that the tables at hand allow, in SCHEMA.md's order."""
    out = _Out([], [], [], {})
    cells = _by_key(tables)
    numbers = {key: cell.value for key, cell in cells.items()}
    specs: list[_Spec] = []
    if tables.applications is not None and not _all_blank(_cells(tables.applications)):
        specs += _of_applications(tuple([row.key for row in tables.applications]))
    if tables.review_litigation is not None and not _all_blank(tables.review_litigation.values()):
        specs += _OF_REVIEW
    for spec in specs:
        _judge(spec, cells, numbers, out)
    findings = []
    if any(check.result is CheckResult.FAIL for check in out.checks):
        relations = [Relation(spec.name, spec.left, spec.right, lhs, rhs) for spec, lhs, rhs in out.judged]
        named = suspects(relations, numbers)
        findings = [*_broken(out, named, cells), *_recognised(cells, named)]
    if out.with_blanks:
        first, n = out.with_blanks[0], len(out.with_blanks)
        findings.append(finding("blank_as_zero", cells=out.blanks, relation=first, n=n))
    return out.checks, findings


def _broken(
    out: _Out, named: Mapping[str, tuple[str, ...]], cells: Mapping[str, NumberCell]
) -> Iterable[Finding]:
    """A finding for each relation that fails, with the cells of it that may be wrong."""
    for spec, lhs, rhs in out.judged:
        if spec.name not in named:
            continue
        suspected = named[spec.name]
        code, pointed = spec.family, {}
        if len(suspected) == 1 and suspected != spec.left and suspected[0] in _ROW_OF_CELL:
            code, pointed = f"{spec.family}_cell", _pointed(suspected[0], cells)
        told = finding(code, cells=suspected, lhs=lhs, rhs=rhs, **spec.fields, **pointed)
        yield replace(told, code=spec.family, check=spec.name)


def _pointed(key: str, cells: Mapping[str, NumberCell]) -> dict[str, str]:
    """What the words say of the one cell that all broken relations point to."""
    cell = cells[key]
    row, column = _ROW_OF_CELL[key], cell.label or ""
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


@cache
def _of_applications(rows: tuple[str, ...]) -> tuple[_Spec, ...]:
    """A1, A2 and A3 of table 三 with these rows."""
    leaves = [row for row in rows if row in APPLICATIONS.leaves]

    def keys(rows: Iterable[str], column: str) -> tuple[str, ...]:
        return tuple(KEYS[row, column] for row in rows)

    specs = []
    for column in COLUMNS:
        sides = (
            keys(("new_received", "carried_over"), column),
            keys(("result_total", "carried_forward"), column),
        )
        specs.append(_Spec("A1", f"A1.{column}", *sides, {"column": _COLUMN_LABELS[column]}))
    for column in COLUMNS:
        sides = keys(("result_total",), column), keys(leaves, column)
        specs.append(_Spec("A2", f"A2.{column}", *sides, {"column": _COLUMN_LABELS[column]}))
    for row in rows:
        parts = tuple(KEYS[row, column] for column in PARTS)
        specs.append(_Spec("A3", f"A3.{row}", (KEYS[row, "total"],), parts, {"row": _ROW_LABELS[row]}))
    return tuple(specs)


def _of_review() -> Iterable[_Spec]:
    for group in REVIEW.groups:
        keys = {outcome.key: f"review_litigation.{group.key}_{outcome.key}" for outcome in REVIEW.outcomes}
        total = keys.pop("total")
        yield _Spec("B1", f"B1.{group.key}", (total,), tuple(keys.values()), {"group": group.label})


_OF_REVIEW = tuple(_of_review())


def _judge(spec: _Spec, cells: Mapping[str, NumberCell], numbers: Mapping[str, Number], out: _Out) -> None:
    lhs, left_blanks = _sum(spec.left, cells, numbers)
    rhs, right_blanks = _sum(spec.right, cells, numbers)
    if lhs is None or rhs is None:
        result = CheckResult.NOT_EVALUABLE
    else:
        result = CheckResult.PASS if lhs == rhs else CheckResult.FAIL
        if left_blanks or right_blanks:
            out.with_blanks.append(spec.name)
            out.blanks.update(dict.fromkeys((*left_blanks, *right_blanks)))
    out.checks.append(_check(spec.name, _RELATIONS[spec.family], lhs, rhs, result, (*spec.left, *spec.right)))
    out.judged.append((spec, lhs, rhs))


def _sum(
    keys: tuple[str, ...], cells: Mapping[str, NumberCell], numbers: Mapping[str, Number]
) -> tuple[Number, Sequence[str]]:
    """The sum, None where it cannot be known, and the cells that were blank."""
    values = [numbers[key] for key in keys]
    if None not in values:
        return sum(values), ()  # type: ignore[arg-type]  # none is None
    blanks = [key for key in keys if cells[key].state is CellState.BLANK]
    if len(blanks) == len(keys) or len(blanks) < values.count(None):
        return None, blanks
    return sum([value for value in values if value is not None]), blanks
