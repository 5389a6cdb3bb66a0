"""Which portals are due for a look, from the archive's own walk records and data/cadence.yml.

Pure and without a memory of its own: an hour of downtime, a lost catalogue or another machine with the same
archive changes nothing. A column is due when its last good look is older than the season asks, and not before
its pause after failures is over; a portal when any of its columns is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from archive.clock import SHANGHAI
from archive.context import RunEvent, RunRecord, WalkKind, WalkRecord
from archive.warc.reader import ArchiveReader

NEVER = datetime.min.replace(tzinfo=UTC)


class Pace(BaseModel):
    """How long a look holds, in hours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    routine_hours: float = Field(gt=0)
    full_hours: float = Field(gt=0)


class Pause(BaseModel):
    """How long a failed look is waited after, in hours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_hours: float = Field(gt=0)
    longest_hours: float = Field(gt=0)

    def after(self, failures: int) -> timedelta:
        """The pause after so many failures in a row."""
        doubled = self.first_hours * 2 ** min(failures - 1, 30)
        return timedelta(hours=min(doubled, self.longest_hours))


class Season(BaseModel):
    """Months, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_month: int = Field(ge=1, le=12)
    last_month: int = Field(ge=1, le=12)


class CadenceTable(BaseModel):
    """data/cadence.yml. A result that has no pause is a look that succeeded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    season: Season
    dense: Pace
    sparse: Pace
    pauses: Mapping[str, Pause]
    remembered_days: int = Field(gt=0)

    def pace(self, at: datetime) -> Pace:
        """What the season asks, by the month in China."""
        month = at.astimezone(SHANGHAI).month
        return self.dense if self.season.first_month <= month <= self.season.last_month else self.sparse


@cache
def cadence_table() -> CadenceTable:
    """The table, read once."""
    path = Path(__file__).parent / "data" / "cadence.yml"
    return CadenceTable.model_validate(yaml.safe_load(path.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Looks:
    """What the archive tells of former crawls."""

    walks: tuple[WalkRecord, ...]  # of columns, by end
    full_runs: frozenset[str]
    unfinished: tuple[RunRecord, ...]  # cut off and not gone on with, by begin


@dataclass(frozen=True, slots=True)
class PortalPlan:
    """A portal file as far as it matters here. `pace` is the file's own, where it has one."""

    portal: str
    name: str
    columns: tuple[str, ...]
    pace: Pace | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When a portal is to be looked at, how, and why."""

    portal: str
    name: str
    full: bool
    at: datetime  # NEVER: it was never looked at
    last_look: datetime | None  # the last good one of the column that waits longest
    last_whole: datetime | None  # likewise, a complete one
    failures: int = 0  # in a row, of that column
    last_result: str | None = None
    columns: tuple[str, ...] = ()  # those that are due

    def is_due(self, now: datetime) -> bool:
        """Whether it is time."""
        return self.at <= now


def read_looks(reader: ArchiveReader, now: datetime) -> Looks:
    """The records that still matter at `now`; those from later on are left out. Raises ArchiveDamaged."""
    since = now - timedelta(days=cadence_table().remembered_days)
    walks = [
        walk
        for entry in reader.entries()
        if entry.kind == "walk" and entry.date >= since
        for walk in (reader.walk(entry),)
        if walk.kind is WalkKind.COLUMN and walk.ended <= now
    ]
    runs = [record for _, record in reader.runs() if since <= record.at <= now]
    began = {record.run: record for record in runs if record.event is RunEvent.BEGAN}
    ended = {record.run for record in runs if record.event is RunEvent.ENDED}
    return Looks(
        walks=tuple(sorted(walks, key=lambda walk: (walk.ended, walk.portal, walk.column))),
        full_runs=frozenset(run for run, record in began.items() if record.full),
        unfinished=tuple(record for run, record in began.items() if run not in ended),
    )


def when_due(plans: Iterable[PortalPlan], looks: Looks, now: datetime) -> list[Due]:
    """Every portal with the moment at which it is or was due, the longest due first."""
    by_column: dict[tuple[str, str], list[WalkRecord]] = defaultdict(list)
    for walk in looks.walks:
        by_column[walk.portal, walk.column].append(walk)
    found = [_portal(plan, by_column, looks.full_runs, now) for plan in plans]
    return sorted(found, key=lambda due: (due.at, due.portal))


def _portal(
    plan: PortalPlan,
    by_column: Mapping[tuple[str, str], Sequence[WalkRecord]],
    full_runs: frozenset[str],
    now: datetime,
) -> Due:
    pace = plan.pace or cadence_table().pace(now)
    columns = {
        column: _column(plan, by_column.get((plan.portal, column), ()), full_runs, pace, now)
        for column in plan.columns
    }
    first = min(columns.values(), key=lambda due: due.at)
    ready = tuple(column for column, due in columns.items() if due.is_due(now))
    full = any(columns[column].full for column in ready) if ready else first.full
    return Due(
        plan.portal,
        plan.name,
        full,
        first.at,
        first.last_look,
        first.last_whole,
        first.failures,
        first.last_result,
        ready,
    )


def _column(
    plan: PortalPlan, walks: Sequence[WalkRecord], full_runs: frozenset[str], pace: Pace, now: datetime
) -> Due:
    pauses = cadence_table().pauses
    good = [walk for walk in walks if walk.result.value not in pauses]
    whole = [walk for walk in good if walk.complete or walk.run in full_runs]
    failed = 0
    for walk in reversed(walks):
        if walk.result.value not in pauses:
            break
        failed += 1
    look = max((walk.started for walk in good), default=None)
    full_look = max((walk.started for walk in whole), default=None)
    routine_at = look + timedelta(hours=pace.routine_hours) if look else NEVER
    full_at = full_look + timedelta(hours=pace.full_hours) if full_look else NEVER
    at = min(routine_at, full_at)
    if failed:
        at = max(at, walks[-1].ended + pauses[walks[-1].result.value].after(failed))
    return Due(
        plan.portal,
        plan.name,
        full_at <= max(at, now),
        at,
        look,
        max((walk.ended for walk in walks if walk.complete), default=None),
        failed,
        walks[-1].result.value if walks else None,
    )
