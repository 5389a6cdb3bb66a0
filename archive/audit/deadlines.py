"""Due days as data (data/deadlines.yml; statute.md §4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from archive.audit.workdays import next_workday
from archive.register.model import PublisherKind


class Basis(StrEnum):
    """What a due day rests on. Only law may give 'late' (practice.md §1.10); a notice is none."""

    STATUTE = "statute"
    LOCAL_RULE = "local_rule"  # a 地方性法规 or 规章 that names a day
    ANALOGY = "analogy"
    PRACTICE = "practice"
    NONE = "none"

    @property
    def is_law(self) -> bool:
        """Whether a report after the day is late, and not only later than usual."""
        return self in {Basis.STATUTE, Basis.LOCAL_RULE}


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

    def __hash__(self) -> int:
        return hash((self.due, self.outer))  # asked a million times: most of the fields follow from these


MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$")]  # of the year after the report year
Scope = Annotated[str, Field(pattern=r"^(?:\*|\d{2}|\d{4}|\d{6})$")]  # all, or a code's beginning
_FIRST_YEAR = 2008  # the first report year (statute.md §1.1)
_LEAP = 2000  # a year in which every day of the calendar is one


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeadlineRow(_Row):
    """A row of the table. `outer`: the day beyond which even practice calls a report overdue."""

    kind: PublisherKind
    from_: int | None = Field(default=None, alias="from")
    until: int | None = None
    due: MonthDay | None
    outer: MonthDay | None
    basis: Basis
    article: str = Field(min_length=4)
    source: str = Field(min_length=2)
    note_zh: str = ""

    @model_validator(mode="after")
    def _holds_together(self) -> DeadlineRow:
        if (self.due is None, self.outer is None) != ((self.basis is Basis.NONE),) * 2:
            raise ValueError("due、outer 为空当且仅当 basis: none both days go with a basis, and only then")
        if self.due and self.outer and not _in(self.due, _LEAP) <= _in(self.outer, _LEAP):
            raise ValueError(f"outer 早于 due the outer day comes first: {self.outer} < {self.due}")
        if self.basis is Basis.LOCAL_RULE:
            raise ValueError("local_rule 写在 local_rules 中 local rules stand under local_rules")
        if self.basis in {Basis.ANALOGY, Basis.PRACTICE} and not self.note_zh:
            raise ValueError("没有法定依据的须有 note_zh a row without a statutory day says so in note_zh")
        return self

    def holds_in(self, report_year: int) -> bool:
        """Whether it is the row of that report year."""
        after = self.from_ is None or self.from_ <= report_year
        return after and (self.until is None or report_year <= self.until)


class Extension(_Row):
    """A later due day by law (never by a notice), for all (`*`) or the counties of a code's beginning."""

    scope: Scope
    report_year: int = Field(ge=_FIRST_YEAR)
    kinds: tuple[PublisherKind, ...] = Field(min_length=1)
    due: date
    source: str = Field(min_length=2)


class LocalRule(_Row):
    """A day that a 地方性法规 or 规章 names for the counties of a code's beginning. A notice is none."""

    scope: Scope
    form: Literal["地方性法规", "规章"]
    kinds: tuple[PublisherKind, ...] = Field(min_length=1)
    from_: int = Field(alias="from", ge=_FIRST_YEAR)
    until: int | None = None
    due: MonthDay
    article: str = Field(min_length=4)
    source: str = Field(min_length=2)


class DeadlineTable(_Row):
    """The whole table. `extensions` and `local_rules` are empty until one is known (statute.md §1.4)."""

    deadlines: tuple[DeadlineRow, ...]
    extensions: tuple[Extension, ...] = ()
    local_rules: tuple[LocalRule, ...] = ()

    @model_validator(mode="after")
    def _one_row_each(self) -> DeadlineTable:
        for kind in PublisherKind:
            for year in range(_FIRST_YEAR, 2101):
                rows = [row for row in self.deadlines if row.kind is kind and row.holds_in(year)]
                if len(rows) != 1:
                    told = f"{kind.value} {year}年度有{len(rows)}行 rows, 应为一行 must be one"
                    raise ValueError(told)
        for extension in self.extensions:
            for kind in extension.kinds:
                row = self.row(kind, extension.report_year)
                if row.due is None or extension.due <= _in(row.due, extension.report_year + 1):
                    told = f"{kind.value} {extension.report_year}年度 {extension.due}"
                    raise ValueError(
                        f"延期不晚于原期限 an extension must be later than the day it moves: {told}"
                    )
        for rule in self.local_rules:
            for kind in rule.kinds:
                row = self.row(kind, rule.from_)
                if row.basis.is_law and row.due and _in(rule.due, _LEAP) > _in(row.due, _LEAP):
                    told = f"{kind.value} {rule.due}"
                    raise ValueError(f"地方规定晚于条例期限 no local rule moves a day of the statute: {told}")
        return self

    def row(self, kind: PublisherKind, report_year: int) -> DeadlineRow:
        """The row of a kind and report year. Raises LookupError for a year before the first."""
        for row in self.deadlines:
            if row.kind is kind and row.holds_in(report_year):
                return row
        raise LookupError(f"deadlines.yml has no row for {kind.value} {report_year}")


def _in(day: str, year: int) -> date:
    """Raises ValueError for a day that no calendar has."""
    return date.fromisoformat(f"{year}-{day}")


def _within(scope: str, county_code: str) -> bool:
    return scope == "*" or county_code.startswith(scope)


def deadline(kind: PublisherKind, report_year: int, county_code: str = "*") -> Deadline | None:
    """The due day, None where the kind has no duty. Raises LookupError where the table has no row."""
    table = deadline_table()
    local = bool(table.extensions or table.local_rules)
    return _known(kind, report_year, county_code if local else "*")


@cache
def _known(kind: PublisherKind, report_year: int, county_code: str) -> Deadline | None:
    return deadline_in(deadline_table(), kind, report_year, county_code)


def deadline_in(
    table: DeadlineTable, kind: PublisherKind, report_year: int, county_code: str
) -> Deadline | None:
    """The same by a table."""
    row = table.row(kind, report_year)
    if row.due is None or row.outer is None:
        return None
    rule = _rule(table, kind, report_year, county_code)
    due = _in(rule.due if rule else row.due, report_year + 1)
    moved = [e for e in table.extensions if e.report_year == report_year and kind in e.kinds]
    due = max([due, *(e.due for e in moved if _within(e.scope, county_code))])
    closes, guessed = next_workday(due)
    return Deadline(
        due=due,
        closes=closes,
        outer=max(due, _in(row.outer, report_year + 1)),
        basis=Basis.LOCAL_RULE if rule else row.basis,
        article=rule.article if rule else row.article,
        note_zh="" if rule else row.note_zh,
        provisional=guessed,
    )


def _rule(table: DeadlineTable, kind: PublisherKind, year: int, county_code: str) -> LocalRule | None:
    """The rule of the narrowest scope."""
    found = [
        rule
        for rule in table.local_rules
        if kind in rule.kinds
        and _within(rule.scope, county_code)
        and rule.from_ <= year
        and (rule.until is None or year <= rule.until)
    ]
    return max(found, key=lambda rule: len(rule.scope), default=None)


@cache
def deadline_table() -> DeadlineTable:
    """The table, read once. Raises ValueError for one that has gaps, doubles or days that are none."""
    path = Path(__file__).parent / "data" / "deadlines.yml"
    return DeadlineTable.model_validate(yaml.safe_load(path.read_text("utf-8")))
