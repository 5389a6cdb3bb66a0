"""Reasons as data: a code with what it is told of, put into words on demand (data/reasons.yml).

An audit of the whole country gives nearly a million verdicts; the sentences of most are never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal, Protocol, Self, runtime_checkable

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

Language = Literal["zh", "en"]


@runtime_checkable
class Told(Protocol):
    """What a reason is told of, where that is put otherwise in each language or costs something to write."""

    def say(self, language: Language) -> str: ...


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is: a row of reasons.yml and the values of its `args`, in their order.

    A value is anything that `str` writes in both languages alike, a tuple (joined by 、) or Told.
    """

    code: str
    args: tuple[object, ...] = ()

    @property
    def zh(self) -> str:
        """In Chinese. Raises KeyError for a code that has no row."""
        return self._say("zh")

    @property
    def en(self) -> str:
        """In English. Raises KeyError for a code that has no row."""
        return self._say("en")

    def _say(self, language: Language) -> str:
        row = reason_table()[self.code]
        values = {name: _written(value, language) for name, value in zip(row.args, self.args, strict=True)}
        return (row.zh if language == "zh" else row.en).format_map(values)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from one to another, both included; a single one is written alone."""

    lo: date
    hi: date

    def __str__(self) -> str:
        return self.lo.isoformat() if self.lo == self.hi else f"{self.lo}–{self.hi}"


def _written(value: object, language: Language) -> str:
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    return value.say(language) if isinstance(value, Told) else str(value)


class ReasonRow(BaseModel):
    """A row of the table. `args` are named by the sentences, each by one of them at least."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    args: tuple[str, ...] = ()
    zh: str
    en: str

    @model_validator(mode="after")
    def _named(self) -> Self:
        named = {name for text in (self.zh, self.en) for _, name, _, _ in Formatter().parse(text) if name}
        if named != set(self.args):
            raise ValueError(f"reasons.yml: {self.code}: args {sorted(self.args)} but {sorted(named)} named")
        return self


class ReasonTable(BaseModel):
    """The whole table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reasons: tuple[ReasonRow, ...]


@cache
def reason_table() -> dict[str, ReasonRow]:
    """The rows by code, read once. Raises ValueError for a row that cannot be used or stands twice."""
    path = Path(__file__).parent / "data" / "reasons.yml"
    rows = ReasonTable.model_validate(yaml.safe_load(path.read_text("utf-8"))).reasons
    table = {row.code: row for row in rows}
    if len(table) < len(rows):
        raise ValueError(f"reasons.yml: a code stands twice: {path}")
    return table
