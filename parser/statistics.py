"""The statistics table of reports before 2019 (statute.md §2.6) as a labelled list: label, unit, number.

It is read row by row, so that a row that nobody foresaw is kept as printed; the rows that data/statistics.yml
names get a key. Numbers are counts, or 万元 where the row says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from parser.document import Block, Cell, Finding, Grid, Paragraph
from parser.findings import finding
from parser.report import CellState, Check, CheckResult, NumberCell, StatisticRow
from parser.values import Kind, read_value

_ENUMERATOR = re.compile(
    r"^(?:其中[:：]|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|\d{1,2}[.．、])+"
)
_LINE = re.compile(r"^(?P<label>\S.*?)[\s|]+(?P<unit>[^\s\d|]{1,2})[\s|]+(?P<value>[\d,.]+|[/／—-]?)\s*\|?$")
_HEADING = 30  # characters of a line that may be a group's heading


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(_Table):
    """Something that is known by words of its label."""

    key: str
    any: tuple[str, ...]
    none: tuple[str, ...] = ()

    def matches(self, label: str) -> bool:
        """Whether a label without its enumerator is this one."""
        return any(word in label for word in self.any) and not any(word in label for word in self.none)


class StatisticLabel(Named):
    """A row of the table."""

    group: str
    part_of: str | None = None


class StatisticLabels(_Table):
    """data/statistics.yml."""

    head: tuple[str, ...]
    units: frozenset[str]
    least: int
    groups: tuple[Named, ...]
    rows: tuple[StatisticLabel, ...]

    def model_post_init(self, _context: object) -> None:
        keys = [row.key for row in self.rows]
        groups = {group.key for group in self.groups}
        strange = {row.group for row in self.rows} - groups
        strange |= {row.part_of for row in self.rows if row.part_of} - set(keys)
        if strange or len(keys) != len(set(keys)):
            raise ValueError(f"statistics.yml: {sorted(strange) or 'a key twice'}")


STATISTICS = StatisticLabels.model_validate(
    yaml.safe_load((files("parser") / "data" / "statistics.yml").read_text(encoding="utf-8"))
)

_PARTS = {
    total.key: [row.key for row in STATISTICS.rows if row.part_of == total.key] for total in STATISTICS.rows
}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A row as it is drawn: label, unit, and the cell of its number."""

    label: str
    unit: str | None
    value: str
    locator: str


def read_statistics(blocks: Sequence[Block]) -> tuple[StatisticRow, ...] | None:
    """Every row of the table, None where the document has none (fewer known rows than `least`)."""
    rows = tuple(_named(_drawn(blocks)))
    known = sum(row.key is not None for row in rows)
    return rows if known >= STATISTICS.least else None


def statistics_checks(rows: Iterable[StatisticRow]) -> tuple[list[Check], list[Finding]]:
    """Totals against their parts where the table prints all that it prints as numbers; only told."""
    cells = {row.key: row.cell for row in rows if row.key is not None}
    checks: list[Check] = []
    findings: list[Finding] = []
    for total, every in _PARTS.items() if cells else ():
        parts = [key for key in every if key in cells]
        whole = cells[total].value if total in cells else None
        values = [cells[key].value for key in parts]
        known = [value for value in values if value is not None]
        if whole is None or len(parts) < 2 or len(known) < len(values):
            continue
        together = sum(known)
        names = tuple(f"statistics.{key}" for key in (total, *parts))
        result = CheckResult.PASS if whole == together else CheckResult.INFO
        checks.append(Check(f"G1.{total}", "total = sum of its parts", whole, together, result, names))
        if result is CheckResult.INFO:
            label = cells[total].label or total
            findings.append(finding("G1", cells=names, row=label, lhs=whole, rhs=together))
    return checks, findings


def _named(drawn: Iterable[_Drawn]) -> Iterator[StatisticRow]:
    """Each row with its group, that of the last heading, and its key; a key is given once."""
    group: str | None = None
    taken: set[str] = set()
    for row in drawn:
        label = _ENUMERATOR.sub("", row.label)
        group = next((group.key for group in STATISTICS.groups if group.matches(label)), group)
        named = next(
            (r for r in STATISTICS.rows if r.group == group and r.key not in taken and r.matches(label)), None
        )
        if named is not None:
            taken.add(named.key)
        elif not row.value.strip() or group is None:
            continue  # a heading, or a row before the first group: another table's
        yield StatisticRow(named.key if named else None, group, row.label, _cell(row))


def _cell(row: _Drawn) -> NumberCell:
    value = read_value(row.value)
    if value.kind is Kind.NUMBER:
        return NumberCell(value.plain, CellState.READ, row.value, row.label, row.unit, row.locator)
    state = CellState.BLANK if value.kind is Kind.BLANK else CellState.UNREADABLE
    return NumberCell(None, state, row.value or None, row.label, row.unit, row.locator)


def _drawn(blocks: Sequence[Block]) -> Iterator[_Drawn]:
    for block in blocks:
        if isinstance(block, Paragraph):
            match = _LINE.match(block.plain.strip())
            if match is not None and match["unit"] in STATISTICS.units:
                label = "".join(match["label"].split())
                yield _Drawn(label, match["unit"], match["value"], block.locator)
            elif len(block.plain) <= _HEADING:
                yield _Drawn("".join(block.plain.split()).rstrip("—-|"), None, "", block.locator)
        else:
            yield from _of_grid(block)


def _of_grid(grid: Grid) -> Iterator[_Drawn]:
    """A row with a unit is label, unit, number; one without is a heading, or label and number."""
    by_row: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    for cells in by_row.values():
        texts = ["".join(cell.plain.split()) for cell in cells]
        units = [n for n, text in enumerate(texts) if text in STATISTICS.units]
        unit = units[0] if units else None
        words = [text for text in texts[:unit] if text and read_value(text).kind is Kind.WORDS]
        if not words:
            continue
        value = cells[unit + 1] if unit is not None and unit + 1 < len(cells) else cells[-1]
        number = "" if value.plain and "".join(value.plain.split()) == words[-1] else value.plain.strip()
        if unit is None and read_value(number).kind is not Kind.NUMBER:
            number = ""
        yield _Drawn(words[-1], texts[unit] if unit is not None else None, number, value.locator)
