"""Statuses as data: code, axis, words and colour (data/statuses.yml)."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from archive.register.model import PublisherKind


class Presence(StrEnum):
    """Is there a report?"""

    NOT_EXPECTED = "not_expected"
    COVERED = "covered"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    NOT_YET_DUE = "not_yet_due"
    MISSING = "missing"
    MISSING_UNCONFIRMED = "missing_unconfirmed"
    COLUMN_SUSPECT = "column_suspect"
    NOT_CRAWLED = "not_crawled"


class Timeliness(StrEnum):
    """When was it published?"""

    ON_TIME = "on_time"
    ON_TIME_NEXT_WORKDAY = "on_time_next_workday"
    LATE = "late"
    LATE_BY_PRACTICE = "late_by_practice"
    LATE_PAST_OUTER = "late_past_outer"
    LATE_PROVED_BY_CAPTURE = "late_proved_by_capture"
    DATE_DISPUTED = "date_disputed"
    DATE_UNKNOWN = "date_unknown"
    DATE_IS_MIGRATION = "date_is_migration"
    PREMATURE = "premature"


class Content(StrEnum):
    """Is it what it should be?"""

    COMPLETE = "complete"
    SHELL_ONLY = "shell_only"
    UNREADABLE = "unreadable"
    WRONG_YEAR = "wrong_year"
    ATTRIBUTION_UNCLEAR = "attribution_unclear"
    PLACEHOLDER_REPLACED = "placeholder_replaced"
    REPLACED = "replaced"
    DUPLICATE = "duplicate"
    SAME_TEXT_TWO_PUBLISHERS = "same_text_two_publishers"


class NotCrawled(StrEnum):
    """Why nothing can be said."""

    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    LAYOUT_CHANGED = "layout_changed"
    BLOCKED = "blocked"
    NEVER_VISITED = "never_visited"


class StatusWord(BaseModel):
    """How a status is said and shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    zh: str
    en: str
    colour: str = "grey"
    colour_other: str | None = None  # without a statutory basis

    @property
    def both(self) -> str:
        """Chinese and English."""
        return f"{self.zh} {self.en}"


class CountWord(BaseModel):
    """How a number of archive.audit.run.Tally is headed and shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    zh: str
    en: str
    colour: str = ""


class StatusTable(BaseModel):
    """The whole table; every code of the four status lists has exactly one row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    presence: tuple[StatusWord, ...]
    timeliness: tuple[StatusWord, ...]
    content: tuple[StatusWord, ...]
    not_crawled: tuple[StatusWord, ...]
    counts: tuple[CountWord, ...]
    tables: tuple[StatusWord, ...]
    decisions: tuple[StatusWord, ...]  # what a person may decide (archive.audit.decisions)
    changes: tuple[StatusWord, ...]  # why a verdict is another than before (archive.audit.changes)
    shows: tuple[StatusWord, ...]  # what a record of the archive shows (archive.audit.verdict.Evidence)
    watched: tuple[StatusWord, ...]  # fields of the JSON that make a change
    kinds: tuple[StatusWord, ...]  # what a body is (archive.register.PublisherKind)


@cache
def status_table() -> StatusTable:
    """The table, read once. Raises ValueError where a row is missing or names no status."""
    path = Path(__file__).parent / "data" / "statuses.yml"
    table = StatusTable.model_validate(yaml.safe_load(path.read_text("utf-8")))
    _check(table.presence, Presence)
    _check(table.timeliness, Timeliness)
    _check(table.content, Content)
    _check(table.not_crawled, NotCrawled)
    _check(table.kinds, PublisherKind)
    return table


def word(status: Presence | Timeliness | Content | NotCrawled) -> StatusWord:
    """The row of a status."""
    return _words()[(type(status), status.value)]


def kind_word(kind: PublisherKind) -> str:
    """How a kind of body is called in Chinese."""
    return next(row.zh for row in status_table().kinds if row.code == kind.value)


def table_word(code: str) -> StatusWord:
    """How a table of a report is called; a key that is in no table stands for itself."""
    rows = {row.code: row for row in status_table().tables}
    return rows.get(code) or StatusWord(code=code, zh=code, en=code)


def shown(code: str) -> StatusWord:
    """What a record of the archive shows, in words. Raises StopIteration for a code that has no row."""
    return next(row for row in status_table().shows if row.code == code)


@cache
def _words() -> dict[tuple[type[StrEnum], str], StatusWord]:
    table = status_table()
    lists = (
        (Presence, table.presence),
        (Timeliness, table.timeliness),
        (Content, table.content),
        (NotCrawled, table.not_crawled),
    )
    return {(kind, row.code): row for kind, rows in lists for row in rows}


def _check(rows: tuple[StatusWord, ...], codes: type[StrEnum]) -> None:
    given = sorted(row.code for row in rows)
    wanted = sorted(code.value for code in codes)
    if given != wanted:
        raise ValueError(f"statuses.yml: {codes.__name__}: {given} instead of {wanted}")
