"""What became of each delivery to one parser: an append-only journal of JSON lines, fsynced line by line.

A line cut by a power cut or `kill -9` is passed over: at worst a document is delivered a second time. Nobody
else writes while a Journal is open, and the parser's process shares the lock: after a `kill -9` the next run
begins when the orphan has ended, so that no late answer mixes in.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from archive.clock import Clock

_STEP = 0.05  # seconds between two looks at the lock


class JournalBusyError(RuntimeError):
    """Another run hands over to the same parser."""


@dataclass
class Parked:
    """A document that a parser could not take, with the last error."""

    delivery: str
    parser: str
    attempts: int
    error: str
    url: str
    publisher: str | None
    record_id: str
    at: str


@dataclass
class _State:
    done: set[str] = field(default_factory=set)
    spooled: dict[str, dict[str, Any]] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    parked: dict[str, dict[str, Any]] = field(default_factory=dict)


class Journal:
    """The journal of one parser in `folder`. Opened with `with`; raises JournalBusyError, OSError."""

    def __init__(self, folder: Path, parser: str, clock: Clock, patience: float = 5.0) -> None:
        self.parser = parser
        self._path = folder / f"{parser}.jsonl"
        self._lock_path = folder / f"{parser}.lock"
        self._clock = clock
        self._patience = patience
        self._state = _State()
        self._fd = -1
        self._lock: BinaryIO | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._locked()
        self._state = _replayed(self._path)
        self._fd = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        _end_line(self._fd)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)
        if self._lock is not None:
            self._lock.close()

    @property
    def lock(self) -> int:
        """The lock's descriptor, for the parser's process to share."""
        assert self._lock is not None
        return self._lock.fileno()

    def is_due(self, delivery: str) -> bool:
        """Whether it is still to be delivered."""
        state = self._state
        return not (delivery in state.done or delivery in state.parked or delivery in state.spooled)

    @property
    def spooled(self) -> tuple[dict[str, Any], ...]:
        """The deliveries that lie in a spool, not yet taken, in the order of spooling."""
        return tuple(self._state.spooled.values())

    def tries(self, delivery: str) -> int:
        """How often it failed since it was first delivered, or taken up again."""
        return self._state.tries.get(delivery, 0)

    def write(self, event: str, delivery: str, **more: Any) -> None:  # noqa: ANN401 - JSON
        """Append a line and sync it. Events: ack, spooled, failed, parked, retry."""
        line = {"event": event, "delivery": delivery, **more, "at": self._clock.now().isoformat()}
        data = json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        while data:
            data = data[os.write(self._fd, data) :]
        os.fsync(self._fd)
        _apply(self._state, line)

    def _locked(self) -> BinaryIO:
        stream = self._lock_path.open("ab")
        until = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() < until:
                    time.sleep(_STEP)
                    continue
                stream.close()
                raise JournalBusyError(
                    "另一个运行正在移交，或上次的解析程序尚未结束 another run hands over, or its parser"
                    f" has not ended: {self.parser}（{self._lock_path}）"
                ) from error
            return stream


def read_parked(folder: Path) -> list[Parked]:
    """What is parked, of every parser, in the order of parking."""
    found = [
        _parked(path.stem, line)
        for path in (sorted(folder.glob("*.jsonl")) if folder.is_dir() else ())
        for line in _replayed(path).parked.values()
    ]
    return sorted(found, key=lambda item: (item.at, item.parser, item.delivery))


def _parked(parser: str, line: dict[str, Any]) -> Parked:
    return Parked(
        delivery=line["delivery"],
        parser=parser,
        attempts=int(line.get("attempts", 0)),
        error=str(line.get("error", "")),
        url=str(line.get("url", "")),
        publisher=line.get("publisher"),
        record_id=str(line.get("record_id", "")),
        at=str(line.get("at", "")),
    )


def _replayed(path: Path) -> _State:
    state = _State()
    if path.exists():
        for data in path.read_bytes().split(b"\n"):
            line = _read(data)
            if line is not None:
                _apply(state, line)
    return state


def _read(data: bytes) -> dict[str, Any] | None:
    """None for a line that was cut."""
    try:
        line = json.loads(data)
    except ValueError:
        return None
    return line if isinstance(line, dict) and isinstance(line.get("delivery"), str) else None


def _apply(state: _State, line: dict[str, Any]) -> None:
    delivery = line["delivery"]
    match line.get("event"):
        case "ack":
            state.done.add(delivery)
            state.spooled.pop(delivery, None)
            state.tries.pop(delivery, None)
        case "spooled":
            state.spooled[delivery] = line
        case "failed":
            state.tries[delivery] = state.tries.get(delivery, 0) + 1
        case "parked":
            state.parked[delivery] = line
            state.spooled.pop(delivery, None)
        case "retry":
            state.parked.pop(delivery, None)
            state.tries.pop(delivery, None)


def _end_line(fd: int) -> None:
    """A cut last line must not swallow the next one."""
    size = os.fstat(fd).st_size
    if size and os.pread(fd, 1, size - 1) != b"\n":
        os.write(fd, b"\n")
