"""Compares what was read with what was drawn, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parser.report import AnnualReport, NumberCell
from tests.parser.drawing import Drawing


def cells_of(report: AnnualReport) -> dict[str, NumberCell]:
    """All cells of the three tables by key."""
    cells: dict[str, NumberCell] = {}
    for row in report.tables.proactive_disclosure or ():
        cells |= {f"proactive_disclosure.{row.key}.{key}": cell for key, cell in row.cells.items()}
    for line in report.tables.applications or ():
        cells |= {f"applications.{line.key}.{key}": cell for key, cell in line.cells.items()}
    for key, cell in (report.tables.review_litigation or {}).items():
        cells[f"review_litigation.{key}"] = cell
    return cells


def is_flagged(report: AnnualReport, key: str) -> bool:
    """A finding names the cell, its row or its column; one that names the whole table does not count."""
    table = key.partition(".")[0]
    for finding in report.findings:
        for name in finding.cells:
            if name == key or (name != table and key.startswith(f"{name}.")):
                return True
            if name.startswith(f"{table}.*.") and key.endswith(name.partition("*")[2]):
                return True
    return False


def names_table(report: AnnualReport, key: str) -> bool:
    """A finding names the whole table."""
    return any(key.partition(".")[0] in finding.cells for finding in report.findings)


@dataclass
class Verdict:
    """Keys by what became of them."""

    right: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # no number read where one was determinable
    lost_in_silence: list[str] = field(default_factory=list)
    wrong_flagged: list[str] = field(default_factory=list)
    wrong_unflagged: list[str] = field(default_factory=list)


def judge(report: AnnualReport, drawing: Drawing, undetermined: set[str]) -> Verdict:
    """Judge a report read from a drawing; `undetermined`: cells that no reader can be asked to read.

    A number that the body misprinted is right if it is read as printed, and wrong if no finding names it.
    """
    verdict, cells = Verdict(), cells_of(report)
    for key, true in drawing.truth.items():
        cell = cells.get(key)
        value = cell.value if cell is not None else None
        if value == true or (value is not None and _meant(drawing.meant, key, value)):
            if key not in undetermined:
                verdict.right.append(key)
        elif value is None:
            if key not in undetermined:
                verdict.lost.append(key)
            if not is_flagged(report, key) and not names_table(report, key):
                verdict.lost_in_silence.append(key)
        elif is_flagged(report, key):
            verdict.wrong_flagged.append(key)
        else:
            verdict.wrong_unflagged.append(key)
    verdict.wrong_unflagged += [key for key in drawing.misprinted if not is_flagged(report, key)]
    for key, cell in cells.items():
        if key not in drawing.truth and cell.value is not None:
            verdict.wrong_unflagged.append(key)
    return verdict


def _meant(meant: Mapping[str, int | float | None], key: str, value: float) -> bool:
    return key in meant and meant[key] == value
