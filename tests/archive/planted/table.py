"""The oracle: what a story must be called, looked up in statuses.yml. Knows nothing of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Cell = Any  # a status, or a choice between statuses by the due day, the row or its class
_ROLLED = ("rolled", "workday")


@dataclass(frozen=True)
class Calendar:
    """The days that matter to one row and report year."""

    year: int
    due: date
    closes: date  # the due day, or the next working day
    looks: tuple[date, date, date]  # the working days after it
    outer: date
    law: str  # statute | outer_later | outer_same | none

    @property
    def rolled(self) -> bool:
        """Whether the due day was no working day."""
        return self.due != self.closes

    def day(self, point: str) -> date:
        """The day that a point names."""
        one = timedelta(days=1)
        return {
            "dec_31": date(self.year, 12, 31),
            "jan_1": date(self.year + 1, 1, 1),
            "before_due": self.due - one,
            "on_due": self.due,
            "after_due": self.due + one,
            "on_closes": self.closes,
            "after_closes": self.closes + one,
            "before_outer": self.outer - one,
            "on_outer": self.outer,
            "after_outer": self.outer + one,
            "long_after": self.outer + 60 * one,
        }[point]


@dataclass(frozen=True)
class Expected:
    """The three axes, as the table has them."""

    presence: str
    why: str | None
    timeliness: str | None
    content: tuple[str, ...]


@cache
def table() -> dict[str, Any]:
    """statuses.yml"""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("statuses.yml").read_text("utf-8"))
    return loaded


def calendar(row: str, year: int) -> Calendar:
    """The days of a row of statute.md §4.1."""
    due, outer, law = table()["rows"][row]["until_2018" if year <= 2018 else "since_2019"]
    days = table()["calendar"][year]
    return Calendar(year, days[due][0], days[due][1], tuple(days[due][2:]), days[outer][0], law)


def expected(row: str, year: int, story: str, point: str) -> Expected:
    """What a row's body must be called in that story at that point."""
    days = calendar(row, year)
    if days.law == "none":
        return Expected("not_expected", None, None, ())
    told = table()["stories"][story]["points"][point]
    presence = _chosen(told.get("p", {"any": "held"}), row, days)
    here = presence in {"held", "withdrawn"}
    when = told.get("t")
    timeliness = _chosen(table()["when"][point] if when == "when" else when, row, days) if here else None
    content = _chosen(told.get("c", ["complete"] if here else []), row, days)
    why = _chosen(told.get("why"), row, days) if presence == "not_crawled" else None
    return Expected(presence, why, timeliness, tuple(content))


def _chosen(cell: Cell, row: str, days: Calendar) -> Any:
    while isinstance(cell, dict):
        if cell.keys() & set(_ROLLED):
            cell = cell["rolled" if days.rolled else "workday"]
        else:
            cell = next(cell[key] for key in (row, days.law, "any") if key in cell)
    return cell
