"""The promise of durability as the system sees it: every write to a WARC is followed by an fsync in time.

Traced from outside (strace), so that no wrapper of ours can be in the way.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

MAX_SECONDS, MAX_GROUPS = 1.0, 256
WRITER = """
import sys, time
from pathlib import Path
from archive.clock import SystemClock
from archive.warc.writer import ArchiveWriter
from tests.archive.warc_making import context, exchange
groups, pause = int(sys.argv[2]), float(sys.argv[3])
with ArchiveWriter(Path(sys.argv[1]), clock=SystemClock(), warcinfo={}, rotate_bytes=1_500_000) as archive:
    for turn in range(groups):
        archive.write_exchange(exchange(f"http://www.example.gov.cn/{turn}"), context())
        time.sleep(pause)
    time.sleep(1.2 if pause else 0)
"""
CALL = re.compile(
    r"^(\d+) +(\d+\.\d+) (write|fsync|fdatasync)\(\d+<([^>]*)>.*?(?:= (-?\d+).*<([\d.]+)>|<unfinished)"
)
RESUMED = re.compile(r"^(\d+) +(\d+\.\d+) <\.\.\. (write|fsync|fdatasync) resumed>.*= (-?\d+)")


@dataclass
class Call:
    """A finished call on a WARC: when it began and when it ended."""

    name: str
    path: str
    began: float
    ended: float


def calls_in(log: Path) -> list[Call]:
    """The calls in the order in which they ended; what did not succeed is left out."""
    calls: list[Call] = []
    pending: dict[str, tuple[str, str, float]] = {}
    for line in log.read_text().splitlines():
        if found := CALL.match(line):
            thread, moment, name, path, result, took = found.groups()
            if ".warc.gz" not in path:
                continue
            if result is None:
                pending[thread] = (name, path, float(moment))
            elif int(result) >= 0:
                calls.append(Call(name, path, float(moment), float(moment) + float(took)))
        elif (found := RESUMED.match(line)) and found[1] in pending:
            name, path, began = pending.pop(found[1])
            if int(found[4]) >= 0:
                calls.append(Call(name, path, began, float(found[2])))
    return sorted(calls, key=lambda call: call.ended)


@pytest.fixture
def strace(request: pytest.FixtureRequest) -> str:
    path = shutil.which("strace")
    if path is None:
        message = "strace is not installed: apt-get install strace"
        if request.config.getoption("--optional") == "required":
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.mark.parametrize(("groups", "pause"), [(1500, 0.0), (14, 0.25), (3, 1.1)])
def test_every_write_is_synced_in_time(strace: str, tmp_path: Path, groups: int, pause: float) -> None:
    log = tmp_path / "trace"
    command = [strace, "-f", "-y", "-ttt", "-T", "-e", "trace=write,fsync,fdatasync", "-o", str(log)]
    subprocess.run(
        [*command, sys.executable, "-c", WRITER, str(tmp_path / "archive"), str(groups), str(pause)],
        check=True,
        timeout=120,
    )
    calls = calls_in(log)
    writes = [call for call in calls if call.name == "write"]
    starts = {write.path: write for write in reversed(writes)}.values()  # warcinfo: no group, synced as well
    syncs = [call for call in calls if call.name != "write"]
    assert len(writes) >= groups
    for number, write in enumerate(writes):
        sync = next((sync for sync in syncs if sync.path == write.path and sync.began >= write.ended), None)
        assert sync is not None, f"write {number} of {len(writes)} was never synced"
        assert sync.ended - write.ended <= MAX_SECONDS, f"write {number}: {sync.ended - write.ended:.2f} s"
        between = sum(
            other.path == write.path and other not in starts and other.ended < sync.began
            for other in writes[number:]
        )
        assert between <= MAX_GROUPS, f"write {number}: {between} groups before its fsync"
