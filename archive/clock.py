"""The one clock. Whatever needs the time of day is handed a Clock; nothing else asks the system."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Where every publisher sits; +08:00 without summer time since 1992."""


class Clock(Protocol):
    """`now()` is UTC and aware; `name` goes into warcinfo, so that a simulated run can be told apart."""

    @property
    def name(self) -> str: ...

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    name = "system"

    def now(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock:
    """Starts at a given moment and runs on at the machine's pace: for sample portals and rehearsals only."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a simulated clock needs a time zone, for example 2026-02-03T09:00:00+08:00")
        self._start = start.astimezone(UTC)
        self._epoch = time.monotonic()
        self.name = f"simulated from {start.isoformat()}"

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._epoch)
