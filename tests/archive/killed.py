"""A writer that kills itself with SIGKILL at a named point: what is tested is the product, unchanged.

    python -m tests.archive.killed ROOT NTH POINT

Writes groups and prints the record id of each that was acknowledged, until POINT is passed for the NTH time.
The points are system calls on certain files, before, after or in the middle of them; Python reaches all of
them through `os`, where they are wrapped here and nowhere else.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isal import isal_zlib

from archive.clock import SystemClock
from archive.warc.writer import ArchiveWriter
from tests.archive.warc_making import context, exchange, failed, walk

WARC_OPEN, CDXJ_OPEN, MANIFEST = ".warc.gz.open", ".cdxj.open", "manifest.sha256"


@dataclass(frozen=True)
class Point:
    """A system call on files of which `file` is a part of the path."""

    call: str
    file: str
    when: str  # before, after, half (of a write), first (member of a write of several)


POINTS = {
    "before a group": Point("write", WARC_OPEN, "before"),
    "between the records of a group": Point("write", WARC_OPEN, "first"),
    "in the middle of a record": Point("write", WARC_OPEN, "half"),
    "after a group, before its index line": Point("write", WARC_OPEN, "after"),
    "in the middle of an index line": Point("write", CDXJ_OPEN, "half"),
    "after an index line": Point("write", CDXJ_OPEN, "after"),
    "a file made, its index not": Point("open", WARC_OPEN, "after"),
    "before fsync": Point("fsync", WARC_OPEN, "before"),
    "after fsync": Point("fsync", WARC_OPEN, "after"),
    "before the sorted index": Point("replace", ".cdxj.new", "before"),
    "after the sorted index": Point("replace", ".cdxj.new", "after"),
    "before the manifest line": Point("write", MANIFEST, "before"),
    "in the middle of the manifest line": Point("write", MANIFEST, "half"),
    "after the manifest line": Point("write", MANIFEST, "after"),
    "before the rename": Point("rename", WARC_OPEN, "before"),
    "after the rename": Point("rename", WARC_OPEN, "after"),
}
RECOVERY_POINTS = {
    "recovery: before the quarantine is synced": Point("fsync", "quarantine/", "before"),
    "recovery: before the cut": Point("ftruncate", WARC_OPEN, "before"),
    "recovery: after the cut": Point("ftruncate", WARC_OPEN, "after"),
    "recovery: before the manifest line": Point("write", MANIFEST, "before"),
    "recovery: after the manifest line": Point("write", MANIFEST, "after"),
    "recovery: before the rename": Point("rename", WARC_OPEN, "before"),
    "recovery: after the rename": Point("rename", WARC_OPEN, "after"),
}
ROTATE = 20_000


def arm(point: Point, nth: int) -> None:
    """From here on this process dies when it passes `point` for the `nth` time."""
    real: Callable[..., Any] = getattr(os, point.call)
    passed = 0

    def wrapped(target: Any, *more: Any, **options: Any) -> Any:
        nonlocal passed
        path = Path(f"/proc/self/fd/{target}").readlink() if isinstance(target, int) else target
        if point.file not in os.fspath(path):
            return real(target, *more, **options)
        if point.when == "first" and _first_member(more[0]) == len(more[0]):
            return real(target, *more, **options)  # a group of one record has nothing between
        passed += 1
        if passed < nth:
            return real(target, *more, **options)
        if point.when == "half":
            real(target, more[0][: len(more[0]) // 2])
        elif point.when == "first":
            real(target, more[0][: _first_member(more[0])])
        elif point.when == "after":
            real(target, *more, **options)
        return os.kill(os.getpid(), signal.SIGKILL)

    setattr(os, point.call, wrapped)


def _first_member(data: bytes) -> int:
    engine = isal_zlib.decompressobj(31)
    engine.decompress(data)
    return len(data) - len(engine.unused_data)


def write_groups(root: Path, count: int, seed: int = 0) -> None:
    """Write `count` groups of all kinds, telling each that is acknowledged."""
    dice = random.Random(seed)
    with ArchiveWriter(root, clock=SystemClock(), warcinfo={}, rotate_bytes=ROTATE, sync_groups=4) as archive:
        for turn in range(count):
            if turn % 7 == 3:
                pointer = archive.write_walk(walk())
            elif turn % 7 == 5:
                pointer = archive.write_exchange(failed(), context())
            else:
                url = f"http://www.example.gov.cn/{seed}/{turn}.html"
                pointer = archive.write_exchange(exchange(url, body=dice.randbytes(2000)), context())
            print(pointer.record_id, flush=True)


def main() -> None:
    root, nth, name = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    arm((POINTS | RECOVERY_POINTS)[name], nth)
    write_groups(root, 80, seed=nth)


if __name__ == "__main__":
    main()
