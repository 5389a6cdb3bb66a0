"""After a kill: nothing acknowledged is lost, nothing half-written is kept."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.warc.capture import Pointer
from archive.warc.errors import ArchiveLocked
from archive.warc.layout import Layout
from archive.warc.members import walk_records
from archive.warc.reader import ArchiveReader
from archive.warc.recover import recover
from archive.warc.verify import verify
from tests.archive.warc_making import (
    context,
    demand_that_others_read,
    exchange,
    failed,
    walk,
    warcs,
    writer,
)


@pytest.fixture(scope="module")
def left_open(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[Pointer, int]]]:
    """An archive as a kill leaves it, and (pointer, end of its group) of all that was acknowledged."""
    root, copy = tmp_path_factory.mktemp("live"), tmp_path_factory.mktemp("killed") / "archive"
    groups: list[tuple[Pointer, int]] = []
    with writer(root) as archive:
        for turn in range(8):
            pointer = (
                archive.write_exchange(exchange(body=os.urandom(300)), context())
                if turn % 3
                else archive.write_exchange(failed(), None)
            )
            groups.append((pointer, warcs(root)[0].stat().st_size))
        pointer = archive.write_walk(walk())
        groups.append((pointer, warcs(root)[0].stat().st_size))
        shutil.copytree(root, copy)
    return copy, groups


def cut_copy(left_open: Path, to: Path, size: int) -> Path:
    shutil.copytree(left_open, to)
    (path,) = warcs(to)
    os.truncate(path, size)
    return path


def pointers(root: Path) -> list[Pointer]:
    return [entry.pointer for entry in ArchiveReader(root).entries()]


def test_cut_anywhere(left_open: tuple[Path, list[tuple[Pointer, int]]], tmp_path: Path) -> None:
    killed, groups = left_open
    whole = groups[-1][1]
    places = {0, 1, 9, 10, whole} | set(range(17, whole, 131))
    with warcs(killed)[0].open("rb") as stream:
        ends = {record.offset + record.length for record in walk_records(stream)}
    places |= {end + by for end in ends for by in (-1, 0, 1) if end + by <= whole}
    for size in sorted(places):
        root = tmp_path / str(size)
        tail = cut_copy(killed, root, size).read_bytes()
        expected = [pointer for pointer, end in groups if end <= size]
        assert pointers(root) == expected, f"reading while open, cut at {size}"
        found = recover(root)
        assert pointers(root) == expected, f"after recovery, cut at {size}"
        result = verify(root)
        assert (result.damages, result.notes) == ([], []), f"cut at {size}"
        assert recover(root) == [], "twice is as good as once"
        if size:
            (only,) = found
            kept = sum(path.stat().st_size for path in warcs(root))
            assert only.cut == size - kept
            assert only.quarantined is None or (root / only.quarantined).read_bytes() == tail[kept:]
            assert (only.quarantined is None) == (kept == size)
        demand_that_others_read(warcs(root))


def test_an_index_that_lags_behind(left_open: tuple[Path, list[tuple[Pointer, int]]], tmp_path: Path) -> None:
    killed, groups = left_open
    for lines in (0, 1, 5):
        root = tmp_path / str(lines)
        shutil.copytree(killed, root)
        (index,) = (root / "index").iterdir()
        kept = index.read_bytes().splitlines(keepends=True)[:lines]
        index.write_bytes(b"".join(kept) + b"cn,gov,torn 2026")
        assert pointers(root) == [pointer for pointer, _ in groups]
        recover(root)
        assert pointers(root) == [pointer for pointer, _ in groups]
        assert verify(root).ok


@pytest.mark.parametrize("step", ["index written", "listed", "half a line in the manifest", "renamed"])
def test_killed_while_closing(
    left_open: tuple[Path, list[tuple[Pointer, int]]], tmp_path: Path, step: str
) -> None:
    killed, groups = left_open
    whole, root = tmp_path / "whole", tmp_path / "killed"
    shutil.copytree(killed, whole)
    recover(whole)
    shutil.copytree(killed, root)
    (index,) = (whole / "index").iterdir()
    shutil.copy(index, root / "index")
    (root / "index" / "x.cdxj.new").write_bytes(b"half")
    manifest = (whole / "manifest.sha256").read_bytes()
    if step != "index written":
        (root / "manifest.sha256").write_bytes(manifest[:40] if step.startswith("half") else manifest)
    if step == "renamed":
        (opened,) = warcs(root)
        opened.rename(opened.with_name(opened.name.removesuffix(".open")))
    recover(root)
    assert pointers(root) == [pointer for pointer, _ in groups]
    assert verify(root).damages == []
    assert [path.name for path in warcs(root)] == [path.name for path in warcs(whole)]


def test_what_is_no_warc_goes_to_quarantine(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.create()
    (layout.warcs / "nianbao-000007-20260101T000000Z-0a0b0c0d.warc.gz.open").write_bytes(b"no gzip at all")
    (layout.warcs / "nianbao-000008-20260101T000000Z-0a0b0c0d.warc.gz.open").write_bytes(b"")
    (found,) = recover(tmp_path)
    assert found.groups == 0
    assert warcs(tmp_path) == []
    copy, note = sorted(layout.quarantine.iterdir())
    assert copy.read_bytes() == b"no gzip at all"
    assert "no gzip" not in note.read_text("utf-8")
    assert "damaged" in note.read_text("utf-8")
    with writer(tmp_path) as archive:
        archive.write_walk(walk())
    assert "-000008-" in warcs(tmp_path)[0].name, "a serial is not used twice"


def test_damage_in_the_middle_keeps_what_is_before_and_sets_the_rest_aside(
    left_open: tuple[Path, list[tuple[Pointer, int]]], tmp_path: Path
) -> None:
    killed, groups = left_open
    root = tmp_path / "archive"
    path = cut_copy(killed, root, groups[-1][1])
    data = bytearray(path.read_bytes())
    place = groups[4][1] + 40
    data[place] ^= 0xFF
    path.write_bytes(data)
    (found,) = recover(root)
    assert pointers(root) == [pointer for pointer, _ in groups[:5]]
    assert (root / str(found.quarantined)).read_bytes() == bytes(data[groups[4][1] :])


def test_a_record_out_of_its_group_ends_what_is_kept(
    left_open: tuple[Path, list[tuple[Pointer, int]]], tmp_path: Path
) -> None:
    killed, groups = left_open
    root = tmp_path / "archive"
    path = cut_copy(killed, root, groups[-1][1])
    with path.open("rb") as stream:
        places = [(record.offset, record.length, record.place) for record in walk_records(stream)]
    offset, length = next((offset, length) for offset, length, place in places if place == (2, 3))
    data = path.read_bytes()
    path.write_bytes(data[:offset] + data[offset + length :])
    (found,) = recover(root)
    assert pointers(root) == [pointer for pointer, end in groups if end < offset]
    assert "out of its group" in str(found.reason)
    assert verify(root).ok


def test_not_while_a_writer_is_at_work(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        archive.write_walk(walk())
        with pytest.raises(ArchiveLocked):
            recover(tmp_path)


KILLED = """
import os, sys
from pathlib import Path
from archive.clock import SystemClock
from archive.warc.writer import ArchiveWriter
from tests.archive.warc_making import context, exchange
archive = ArchiveWriter(Path(sys.argv[1]), clock=SystemClock(), warcinfo={}, rotate_bytes=20_000)
for turn in range(10_000):
    pointer = archive.write_exchange(exchange(body=os.urandom(2000)), context())
    print(pointer.record_id, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 30, 61])
def test_kill_nine(tmp_path: Path, acknowledged: int) -> None:
    child = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout:
        told = [child.stdout.readline().strip() for _ in range(acknowledged)]
        child.send_signal(signal.SIGKILL)
        told += [line.strip() for line in child.stdout if line.endswith("\n")]
    child.wait(timeout=30)
    while_open = [pointer.record_id for pointer in pointers(tmp_path)]
    recover(tmp_path)
    found = [pointer.record_id for pointer in pointers(tmp_path)]
    assert found == while_open
    assert found[: len(told)] == told
    assert len(found) <= len(told) + 1, "at most the one that could not be told any more"
    assert verify(tmp_path).ok
