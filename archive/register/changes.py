"""Changes of divisions since 2003: what was renamed, merged, founded, abolished or given another code.

Read from `data/changes.csv.gz` (tools/build_register.py; where it comes from: `data/changes_sources.yml`).
No row was checked by a person. A date is a year, a month, a day, or the span of two: `2023-06/2026-09`. What
a date leaves open is never held against a body (practice.md §1.7): it must exist on 31 December of the
report year and on the due day, so its last year here is the last for which that is certain.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from archive.register.errors import RegisterError

CHANGES = Path(__file__).parent / "data" / "changes.csv.gz"
_DUE = (3, 31)  # the latest day on which a report of the year before is due (article 49)


class ChangeKind(StrEnum):
    """What happened. `code_changed` alone leaves the name: a body under another number or county."""

    RENAMED = "renamed"
    MERGED = "merged"
    FOUNDED = "founded"
    ABOLISHED = "abolished"
    CODE_CHANGED = "code_changed"


_WORDS = {
    ChangeKind.RENAMED: "更名或改制为",
    ChangeKind.MERGED: "并入",
    ChangeKind.FOUNDED: "设立",
    ChangeKind.ABOLISHED: "撤销",
    ChangeKind.CODE_CHANGED: "改代码，现",
}


class DivisionChange(BaseModel):
    """One change: from the old side to the new. Codes are empty where the source has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str = Field(pattern=r"^\d{4}(?:-\d\d){0,2}(?:/\d{4}(?:-\d\d){0,2})?$")
    kind: ChangeKind
    level: Literal["county", "township"]
    old_code: str = Field(pattern=r"^(?:\d{6}|\d{9})?$")
    old_name: str
    new_code: str = Field(pattern=r"^(?:\d{6}|\d{9})?$")
    new_name: str
    source: str = Field(min_length=2, description="where the row comes from, in words")
    verified: bool

    @model_validator(mode="after")
    def _has_its_sides(self) -> DivisionChange:
        wants_old, wants_new = self.kind is not ChangeKind.FOUNDED, self.kind is not ChangeKind.ABOLISHED
        if bool(self.old_name) != wants_old or bool(self.new_name) != wants_new:
            raise ValueError(f"{self.kind} 缺名称或多名称 lacks a name, or has one too many")
        return self

    @property
    def earliest(self) -> dt.date:
        """The first day on which it can have happened."""
        return _day(self.date.partition("/")[0], last=False)

    @property
    def latest(self) -> dt.date:
        """The last day on which it can have happened."""
        return _day(self.date.rpartition("/")[2], last=True)

    @property
    def last_certain_year(self) -> int:
        """The last report year that the old body surely had to publish: it still stood on its due day."""
        return last_certain_year(self.earliest)

    @property
    def last_possible_year(self) -> int:
        """The last report year on whose 31 December the old body can have stood."""
        return self.latest.year - 1

    @property
    def first_year(self) -> int:
        """The first report year on whose 31 December the new body surely stood."""
        return self.latest.year

    @property
    def words(self) -> str:
        """The reason that stands beside every use of the change."""
        told = f"{self.date}{_WORDS[self.kind]}{self.new_name}"
        return f"{told}（{self.source}，未核实 unverified）"


def last_certain_year(day: dt.date) -> int:
    """The last report year that a body which ended on that day surely had to publish."""
    return day.year - (1 if (day.month, day.day) > _DUE else 2)


def _day(text: str, *, last: bool) -> dt.date:
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    month = month or (12 if last else 1)
    return dt.date(year, month, day or (monthrange(year, month)[1] if last else 1))


@dataclass
class Past:
    """What went into a body of today."""

    former: list[DivisionChange] = field(default_factory=list)  # its own former names and codes, latest first
    absorbed: list[DivisionChange] = field(default_factory=list)  # others that were merged into it
    founded: DivisionChange | None = None


@dataclass(frozen=True)
class Changes:
    """All changes, by both sides."""

    rows: tuple[DivisionChange, ...]

    @cached_property
    def _into(self) -> dict[str, list[DivisionChange]]:
        return _by(self.rows, "new_code")

    @cached_property
    def _from(self) -> dict[str, list[DivisionChange]]:
        return _by(self.rows, "old_code")

    def past_of(self, code: str, name: str) -> Past:
        """What became the body of that code and name, through every step back."""
        past, wanted, seen = Past(), [(code, name)], set()
        while wanted:
            body = wanted.pop(0)
            for row in reversed(self._into.get(body[0], [])):
                if (row.new_code, row.new_name) != body or row in seen:
                    continue
                seen.add(row)
                if row.kind is ChangeKind.MERGED:
                    past.absorbed.append(row)
                elif row.kind is ChangeKind.FOUNDED:
                    past.founded = row
                else:
                    past.former.append(row)
                    wanted.append((row.old_code, row.old_name))
        return past

    def ends_of(self, code: str, name: str | None = None) -> list[DivisionChange]:
        """What became of the body that had that code (and name), earliest first."""
        return [row for row in self._from.get(code, []) if name in {None, row.old_name}]

    def of_county(self, county_code: str) -> list[DivisionChange]:
        """The changes of townships that began or ended in a county."""
        return self._townships.get(county_code, [])

    @cached_property
    def _townships(self) -> dict[str, list[DivisionChange]]:
        found: dict[str, list[DivisionChange]] = defaultdict(list)
        for row in self.rows:
            if row.level == "township":
                for code in {row.old_code[:6], row.new_code[:6]}:
                    found[code].append(row)
        return found


def _by(rows: Iterable[DivisionChange], side: str) -> dict[str, list[DivisionChange]]:
    found: dict[str, list[DivisionChange]] = defaultdict(list)
    for row in rows:
        if code := getattr(row, side):
            found[code].append(row)
    return found


@cache
def load_changes(path: Path = CHANGES) -> Changes:
    """The shipped changes, or those of another file of the form. Raises RegisterError."""
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
        raw = list(csv.DictReader(io.StringIO(text)))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise RegisterError(f"名录文件读不了 register file cannot be read: {path}: {error}") from error
    rows: list[DivisionChange] = []
    for number, row in enumerate(raw, 2):
        try:
            rows.append(DivisionChange.model_validate(row))
        except ValidationError as error:
            first = error.errors()[0]
            told = f"第 {number} 行 line {number}: {'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise RegisterError(f"名录文件有误 register file is wrong: {path}: {told}") from error
    rows.sort(key=lambda row: (row.earliest, row.latest))
    _refuse_two_ends(rows, path)
    return Changes(tuple(rows))


def _refuse_two_ends(rows: Iterable[DivisionChange], path: Path) -> None:
    """A body that ended twice, and was not made again between, has two validities that overlap."""
    ended: dict[tuple[str, str], DivisionChange] = {}
    for row in rows:
        old, new = (row.old_code, row.old_name), (row.new_code, row.new_name)
        if row.old_code and old in ended:
            first = ended[old]
            told = f"{first.date} {first.kind}, {row.date} {row.kind}"
            raise RegisterError(
                f"名录文件有误 register file is wrong: {path}: {row.old_code} {row.old_name} "
                f"两次终止，有效期重叠 ends twice, its validities overlap: {told}; "
                "请只保留正确的一行，或补上其间的设立 keep the right row, or add its founding between"
            )
        if row.old_code and old != new:
            ended[old] = row
        ended.pop(new, None)
