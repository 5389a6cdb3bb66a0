"""What is wrong in the reports held, as rows for people: place, value given, value it should be."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Table, select
from sqlalchemy.engine import RowMapping

from archive.catalogue import Catalogue, schema

_AT_ONCE = 500  # versions in one question
_CELLS = 3  # as printed, of the cells concerned


@dataclass(frozen=True, slots=True)
class Problem:
    """One warning or failure of a report. Values are None where the check compares none."""

    code: str
    severity: str  # warn | fail
    place: str
    given: float | date | None
    against: float | date | None
    relation: str  # in Chinese
    printed: str  # as the report prints it
    advice: str
    message: str
    where: str = ""  # in the report, where `place` is no place but the whole message


class ProblemRow(BaseModel):
    """What a code stands for. `quotes`: its message ends with the report's own words.
    `dates`: it compares days, kept as numbers like 20250131. `where`: its place in the report, where the
    message does not begin with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    relation: str = ""
    where: str = ""
    advice: str = ""
    quotes: bool = False
    dates: bool = False


class ProblemTable(BaseModel):
    """data/problems.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    advice: Mapping[str, str]  # by severity, where a code has none of its own
    severities: Mapping[str, str]
    problems: tuple[ProblemRow, ...]


@cache
def problem_table() -> ProblemTable:
    """The table, read once."""
    path = Path(__file__).parent / "data" / "problems.yml"
    return ProblemTable.model_validate(yaml.safe_load(path.read_text("utf-8")))


def load_problems(catalogue: Catalogue, versions: Collection[str]) -> dict[str, tuple[Problem, ...]]:
    """The warnings and failures of these versions, failures first; versions without any are left out."""
    found: dict[str, list[Problem]] = defaultdict(list)
    wanted = sorted(versions)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        checks = {
            (row["version"], row["id"].partition(".")[0], row["cells"]): row
            for row in _rows(catalogue, schema.check_result, some)
        }
        rows = [
            row for row in _rows(catalogue, schema.finding, some) if row["severity"] in problem_table().advice
        ]
        cells = _printed(catalogue, {row["version"] for row in rows})
        for row in rows:
            family = row["code"].partition("_")[0]  # C1_column, Y4_shorter: findings of one check
            check = checks.get((row["version"], family, row["cells"]))
            found[row["version"]].append(_problem(row, check, cells))
    order = list(problem_table().advice)
    return {
        version: tuple(sorted(rows, key=lambda p: (order.index(p.severity), p.code, p.message)))
        for version, rows in found.items()
    }


def _rows(catalogue: Catalogue, table: Table, versions: list[str]) -> list[RowMapping]:
    with catalogue.engine.connect() as connection:
        return list(connection.execute(select(table).where(table.c.version.in_(versions))).mappings())


def _printed(catalogue: Catalogue, versions: Collection[str]) -> dict[tuple[str, str], str]:
    return {
        (row["version"], row["key"]): row["raw"]
        for row in _rows(catalogue, schema.cell, sorted(versions))
        if row["raw"]
    }


def _value(value: float | None, told: ProblemRow) -> float | date | None:
    return datetime.strptime(f"{value:.0f}", "%Y%m%d").date() if told.dates and value else value  # noqa: DTZ007


def _problem(row: RowMapping, check: RowMapping | None, cells: Mapping[tuple[str, str], str]) -> Problem:
    code, message = row["code"], row["message"]
    told = next((known for known in problem_table().problems if known.code == code), ProblemRow(code=code))
    place, _, rest = message.partition("：")
    if told.quotes:
        printed = message.rpartition("：")[2]
    else:
        keys = json.loads(row["cells"])[:_CELLS]
        printed = "、".join(cells[row["version"], key] for key in keys if (row["version"], key) in cells)
    return Problem(
        code=code,
        severity=row["severity"],
        place=place if rest else message,
        where=told.where,
        given=_value(check["lhs"], told) if check else None,
        against=_value(check["rhs"], told) if check else None,
        relation=told.relation,
        printed=printed,
        advice=told.advice or problem_table().advice[row["severity"]],
        message=message,
    )
