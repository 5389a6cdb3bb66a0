"""One SIGKILL at each named point: nothing acknowledged is lost, nothing doubled, the archive verifies."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.warc.reader import ArchiveReader
from archive.warc.recover import recover
from archive.warc.verify import verify
from tests.archive.killed import POINTS, RECOVERY_POINTS
from tests.archive.warc_making import demand_that_others_read, exchange, warcs, writer


def killed_at(root: Path, name: str, nth: int) -> list[str]:
    """Run the writer until it kills itself there; what was acknowledged before."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.archive.killed", str(root), str(nth), name],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, f"{name}: not passed {nth} times\n{done.stderr}"
    return done.stdout.split()


def held(root: Path) -> list[str]:
    return [entry.record_id for entry in ArchiveReader(root).entries()]


def demand_whole(root: Path, told: list[str]) -> None:
    before = held(root)
    recover(root)
    after = held(root)
    assert after == before, "recovery changes nothing that could be read"
    assert after[: len(told)] == told, "no acknowledged group is lost or moved"
    assert len(after) == len(set(after)) <= len(told) + 1
    result = verify(root)
    assert (result.damages, result.notes) == ([], [])
    demand_that_others_read(warcs(root))
    with writer(root) as again:
        pointer = again.write_exchange(exchange(), None)
    assert held(root) == [*after, pointer.record_id]
    assert verify(root).ok


@pytest.mark.parametrize("name", POINTS)
def test_killed_at(tmp_path: Path, name: str) -> None:
    point = POINTS[name]
    closing = point.call in ("replace", "rename") or point.file == "manifest.sha256"
    for nth in (1, 3) if closing or point.call in ("open", "fsync") else (3, 17):
        root = tmp_path / str(nth)
        demand_whole(root, killed_at(root, name, nth))


@pytest.mark.parametrize("name", RECOVERY_POINTS)
def test_killed_again_while_recovering(tmp_path: Path, name: str) -> None:
    told = killed_at(tmp_path, "in the middle of a record", 12)
    assert killed_at(tmp_path, name, 1) == []
    demand_whole(tmp_path, told)


@pytest.mark.parametrize("seed", range(3))
def test_killed_again_and_again(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    told: list[str] = []
    for _ in range(4):
        name = dice.choice([name for name in POINTS if "group" in name or "index line" in name])
        told += killed_at(tmp_path, name, dice.randint(4, 40))
        found = held(tmp_path)
        assert [record for record in found if record in set(told)] == told
        told = found
    demand_whole(tmp_path, told)
