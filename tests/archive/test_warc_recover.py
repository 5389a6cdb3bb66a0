"""After a kill: nothing acknowledged is lost, nothing half-written is kept."""

from __future__ import annotations

import gzip
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
    only_warc,
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
            assert [(root / name).read_bytes() for name in only.quarantined] == [tail[kept:]] * (kept < size)
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


def hurt(data: bytes, place: int, how: str) -> bytes:
    if how == "a flipped bit":
        return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
    if how == "a page of zeros":
        return data[:place] + bytes(len(data[place : place + 512])) + data[place + 512 :]
    if how == "bytes gone":
        return data[:place] + data[place + 100 :]
    return data[:place] + b"\x1f\x8b\x08 something else \x1f\x8b" + data[place:]


@pytest.mark.parametrize("how", ["a flipped bit", "a page of zeros", "bytes gone", "bytes put in"])
def test_damage_in_the_middle_takes_only_the_groups_it_hits(
    left_open: tuple[Path, list[tuple[Pointer, int]]], tmp_path: Path, how: str
) -> None:
    killed, groups = left_open
    sound = warcs(killed)[0].read_bytes()[: groups[-1][1]]
    ends = [end for _, end in groups]
    starts = [groups[0][0].offset, *ends[:-1]]  # the first group begins after warcinfo, or with its request
    width = {"a flipped bit": 1, "a page of zeros": 512, "bytes gone": 100, "bytes put in": 0}[how]
    for place in range(7, len(sound), 577):
        root = tmp_path / str(place)
        broken = hurt(sound, place, how)
        cut_copy(killed, root, 0).write_bytes(broken)
        (found,) = recover(root)
        kept = [pointer.record_id for pointer in pointers(root)]
        untouched = [
            pointer.record_id
            for (pointer, end), start in zip(groups, starts, strict=True)
            if end <= place or start >= place + width
        ]
        assert [name for name in kept if name in untouched] == untouched, f"byte {place}"
        assert len(kept) <= len(untouched) + 1, "a bit in a gzip header may change nothing"
        result = verify(root)
        assert (result.damages, result.notes) == ([], []), f"byte {place}"
        aside = b"".join((root / name).read_bytes() for name in found.quarantined)
        closed = b"".join(path.read_bytes() for path in warcs(root))
        assert len(aside) == found.cut == len(broken) - len(closed)
        assert found.groups == len(kept) == len(list(ArchiveReader(root).entries()))
        assert all(ArchiveReader(root).capture(pointer) for pointer in pointers(root)[:-1])
        assert recover(root) == []
        demand_that_others_read(warcs(root))


def test_two_damages_are_set_aside_one_by_one(
    left_open: tuple[Path, list[tuple[Pointer, int]]], tmp_path: Path
) -> None:
    killed, groups = left_open
    root = tmp_path / "archive"
    path = cut_copy(killed, root, groups[-1][1] - 3)
    sound = path.read_bytes()
    path.write_bytes(hurt(sound, groups[4][1] + 40, "a flipped bit"))
    (found,) = recover(root)
    kept = [pointer.record_id for pointer in pointers(root)]
    assert kept == [groups[n][0].record_id for n in (0, 1, 2, 3, 4, 6, 7)]
    middle, end = ((root / name).read_bytes() for name in found.quarantined)
    assert middle == path_bytes(sound, groups[4][1], groups[5][1], flipped=40)
    assert end == sound[groups[7][1] :]
    notes = [(root / f"{name}.note.txt").read_text("utf-8") for name in found.quarantined]
    assert ["damaged" in note or "head" in note for note in notes] == [True, False]
    assert f"bytes {groups[4][1]}–{groups[5][1] - 1}" in notes[0]


def path_bytes(sound: bytes, start: int, end: int, *, flipped: int) -> bytes:
    return hurt(sound[start:end], flipped, "a flipped bit")


def test_a_record_out_of_its_group_costs_that_group(
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
    hit = next(pointer for pointer, end in groups if end > offset)
    kept = [pointer.record_id for pointer in pointers(root)]
    assert kept == [pointer.record_id for pointer, _ in groups if pointer != hit]
    assert "out of its group" in str(found.reason)
    assert verify(root).ok


def test_an_archived_warc_does_not_pass_for_ours_behind_a_damage(tmp_path: Path) -> None:
    """A portal may serve a WARC that looks like one of ours; its members may then lie open in our file."""
    with writer(tmp_path / "served") as archive:
        for turn in range(4):
            archive.write_exchange(exchange(f"http://www.example.gov.cn/forged/{turn}"), context())
    served = only_warc(tmp_path / "served").read_bytes()
    root = tmp_path / "archive"
    with writer(root) as archive:
        archive.write_exchange(exchange("http://www.example.gov.cn/1"), context())
        archive.write_exchange(exchange("http://www.example.gov.cn/w", body=bytes(999) + served), None)
        archive.write_exchange(exchange("http://www.example.gov.cn/2"), context())
    path = only_warc(root)
    with path.open("rb") as stream:
        plain = path.read_bytes()
        members = [plain[r.offset : r.offset + r.length] for r in walk_records(stream)]
    stored = b"".join(gzip.compress(gzip.decompress(member), 0, mtime=0) for member in members)
    assert served in stored, "the trap is set"
    opened = path.rename(path.with_name(f"{path.name}.open"))
    opened.write_bytes(hurt(stored, stored.index(bytes(999)) + 300, "a flipped bit"))
    (found,) = recover(root)
    urls = [entry.url.rpartition("/")[2] for entry in ArchiveReader(root).entries()]
    assert urls == ["1", "2"]
    assert len(found.quarantined) == 1
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
