"""Due days as data (data/deadlines.yml; statute.md §4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from archive.audit.workdays import next_workday
from archive.register.model import PublisherKind


class Basis(StrEnum):
    """What a due day rests on. Only STATUTE may give 'late' (practice.md §1.10)."""

    STATUTE = "statute"
    ANALOGY = "analogy"
    PRACTICE = "practice"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The due day of one kind of body for one report year.

    `closes` is the due day or, where that is no working day, the next one. Published after `due` and by
    `closes` is told apart, not counted late: the statute has no roll-over rule. `outer` does not roll
    (statute.md §4.2).
    """

    due: date
    closes: date
    outer: date
    basis: Basis
    article: str
    note_zh: str
    provisional: bool  # beyond the published holiday plans


class DeadlineRow(BaseModel):
    """A row of the table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PublisherKind
    from_: int | None = Field(default=None, alias="from")
    until: int | None = None
    due: str | None
    outer: str | None
    basis: Basis
    article: str
    source: str
    note_zh: str = ""


class Extension(BaseModel):
    """A later due day by a statute or ordinance (never by a mere notice), for one county or all (`*`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: str
    report_year: int
    kinds: tuple[PublisherKind, ...]
    due: date
    source: str


class DeadlineTable(BaseModel):
    """The whole table. `extensions` is empty until one is known (statute.md §1.4)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deadlines: tuple[DeadlineRow, ...]
    extensions: tuple[Extension, ...] = ()


@cache
def deadline(kind: PublisherKind, report_year: int, county_code: str = "*") -> Deadline | None:
    """The due day, None where the kind has no duty. Raises LookupError where the table has no row."""
    for row in _table().deadlines:
        after = row.from_ is None or row.from_ <= report_year
        if row.kind is kind and after and (row.until is None or report_year <= row.until):
            return _deadline(row, report_year, _extended(kind, report_year, county_code))
    raise LookupError(f"deadlines.yml has no row for {kind.value} {report_year}")


def _extended(kind: PublisherKind, report_year: int, county_code: str) -> date | None:
    for extension in _table().extensions:
        if (
            kind in extension.kinds
            and extension.report_year == report_year
            and extension.scope in {"*", county_code}
        ):
            return extension.due
    return None


def _deadline(row: DeadlineRow, report_year: int, extended: date | None) -> Deadline | None:
    if row.due is None or row.outer is None:
        return None
    due = extended or date.fromisoformat(f"{report_year + 1}-{row.due}")
    outer = max(due, date.fromisoformat(f"{report_year + 1}-{row.outer}"))
    closes, guessed = next_workday(due)
    return Deadline(
        due=due,
        closes=closes,
        outer=outer,
        basis=row.basis,
        article=row.article,
        note_zh=row.note_zh,
        provisional=guessed,
    )


@cache
def _table() -> DeadlineTable:
    path = Path(__file__).parent / "data" / "deadlines.yml"
    return DeadlineTable.model_validate(yaml.safe_load(path.read_text("utf-8")))
