"""The writer: what lies in the file, who may write, when it is synced, what happens when it cannot."""

from __future__ import annotations

import fcntl
import gzip
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from archive.clock import SimulatedClock, SystemClock
from archive.context import Role
from archive.warc.errors import ArchiveLocked, ArchiveWriteError
from archive.warc.reader import ArchiveReader
from archive.warc.verify import verify
from tests.archive.warc_making import (
    GBK_HEAD,
    MORNING,
    TurnedClock,
    context,
    demand_that_others_read,
    exchange,
    failed,
    only_warc,
    walk,
    warcs,
    writer,
)


def test_a_file_of_everything(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        archive.write_exchange(exchange(), context(list_title="标题\n第二行"))
        archive.write_exchange(exchange("http://www.example.gov.cn/robots.txt"), None)
        archive.write_exchange(failed(), context(Role.LIST))
        archive.write_exchange(exchange(response=b"SSH-2.0\r\n", outcome="protocol"), None)
        archive.write_walk(walk())
    assert demand_that_others_read([only_warc(tmp_path)]) == 1 + 3 + 2 + 1 + 3 + 1
    result = verify(tmp_path)
    assert (result.damages, result.notes, result.captures, result.walks) == ([], [], 4, 1)
    plain = gzip.decompress(only_warc(tmp_path).read_bytes())
    assert GBK_HEAD + b"<p>x</p>\r\n\r\n" in plain
    assert "list_title: 标题 第二行\r\n".encode() in plain
    assert b"WARC-Date: 2026-02-03T01:02:03.456789Z\r\n" in plain


def test_records_of_a_group_name_each_other(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        pointer = archive.write_exchange(exchange(), context())
    info, request, response, metadata = _heads(only_warc(tmp_path))
    assert response["WARC-Record-ID"] == pointer.record_id
    assert request["WARC-Concurrent-To"] == metadata["WARC-Concurrent-To"] == pointer.record_id
    assert response["WARC-Concurrent-To"] == request["WARC-Record-ID"]
    assert {record["WARC-Warcinfo-ID"] for record in (request, response, metadata)} == {
        info["WARC-Record-ID"]
    }
    assert len({record["WARC-Date"] for record in (request, response, metadata)}) == 1
    assert (response["WARC-IP-Address"], response["WARC-Protocol"]) == ("203.0.113.9", "http/1.1")
    assert response["WARC-Payload-Digest"] == pointer.payload_digest
    assert info["WARC-Filename"] == only_warc(tmp_path).name


def _heads(path: Path) -> list[dict[str, str]]:
    heads = [
        part.split("\r\n\r\n")[0]
        for part in gzip.decompress(path.read_bytes()).decode("latin-1").split("WARC/1.1\r\n")
    ]
    return [dict(line.split(": ", 1) for line in head.split("\r\n")) for head in heads[1:]]


def test_truncation_and_framing(tmp_path: Path) -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz"
    with writer(tmp_path) as archive:
        cut = archive.write_exchange(exchange(truncated="disconnect", error="ResponseDataLossError"), None)
        broken = archive.write_exchange(exchange(response=chunks + b"\r\nx"), None)
    reader = ArchiveReader(tmp_path)
    assert reader.capture(cut).truncated == "disconnect"
    assert reader.capture(cut).notes == ("error: ResponseDataLossError",)
    assert reader.capture(broken).truncated == "unspecified"
    assert reader.capture(broken).payload == b"hello"
    assert "framing-error" in reader.capture(broken).notes[0]
    demand_that_others_read(warcs(tmp_path))


def test_warcinfo_tells_who_and_which_clock(tmp_path: Path) -> None:
    clock = SimulatedClock(MORNING)
    with writer(tmp_path, clock=clock, warcinfo={"software": "s", "isPartOf": "sample"}) as archive:
        archive.write_walk(walk())
    info = gzip.decompress(only_warc(tmp_path).read_bytes()).decode()
    for line in ("software: s", "isPartOf: sample", "format: WARC File Format 1.1", f"clock: {clock.name}"):
        assert f"{line}\r\n" in info
    assert "x-orig-transfer-encoding" in info


def test_the_system_clock_needs_no_name(tmp_path: Path) -> None:
    with writer(tmp_path, clock=SystemClock()) as archive:
        archive.write_walk(walk())
    assert b"clock:" not in gzip.decompress(only_warc(tmp_path).read_bytes())


def test_nothing_written_nothing_left(tmp_path: Path) -> None:
    with writer(tmp_path):
        pass
    assert warcs(tmp_path) == []
    assert verify(tmp_path).ok


def test_rotation_by_size_keeps_the_order(tmp_path: Path) -> None:
    with writer(tmp_path, rotate_bytes=3000) as archive:
        written = [
            archive.write_exchange(exchange(f"http://www.example.gov.cn/{n}"), None) for n in range(20)
        ]
    assert len(warcs(tmp_path)) > 3
    assert [entry.pointer for entry in ArchiveReader(tmp_path).entries()] == written
    assert verify(tmp_path).ok
    demand_that_others_read(warcs(tmp_path))


def test_rotation_by_day_and_a_clock_set_back(tmp_path: Path) -> None:
    clock = TurnedClock()
    written = []
    with writer(tmp_path, clock=clock) as archive:
        for days in (0, 1, -9):
            clock.time += timedelta(days=days)
            written.append(archive.write_exchange(exchange(f"http://www.example.gov.cn/{days}"), None))
    assert len(warcs(tmp_path)) == 3
    assert [entry.pointer for entry in ArchiveReader(tmp_path).entries()] == written


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    with writer(tmp_path) as first:
        with pytest.raises(ArchiveLocked, match=str(os.getpid())):
            writer(tmp_path)
        code = (
            "import sys; from pathlib import Path; from archive.clock import SystemClock\n"
            "from archive.warc.errors import ArchiveLocked; from archive.warc.writer import ArchiveWriter\n"
            "try: ArchiveWriter(Path(sys.argv[1]), clock=SystemClock(), warcinfo={})\n"
            "except ArchiveLocked: sys.exit(7)"
        )
        assert subprocess.run([sys.executable, "-c", code, tmp_path], check=False, timeout=30).returncode == 7
        first.write_walk(walk())
    with writer(tmp_path) as second:
        second.write_walk(walk())
    assert len(warcs(tmp_path)) == 2


def test_a_look_at_the_lock_is_no_second_writer(tmp_path: Path) -> None:
    with writer(tmp_path):
        pass
    with (tmp_path / ".lock").open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        threading.Timer(0.03, fcntl.flock, (looking.fileno(), fcntl.LOCK_UN)).start()
        writer(tmp_path).close()


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The moments at which fsync came back, for the calls as they are made."""
    moments: list[float] = []
    fsync = os.fsync

    def noted(handle: int) -> None:
        fsync(handle)
        moments.append(time.monotonic())

    monkeypatch.setattr("archive.warc.writer.os.fsync", noted)
    return moments


def test_synced_in_time_without_further_traffic(tmp_path: Path, syncs: list[float]) -> None:
    with writer(tmp_path, sync_seconds=0.4) as archive:
        archive.write_exchange(exchange(), None)
        syncs.clear()
        written = time.monotonic()
        while archive.groups_synced < 1 and time.monotonic() < written + 5:
            time.sleep(0.01)
        assert archive.groups_synced == 1
        assert 0.2 < syncs[0] - written <= 0.4
        time.sleep(0.5)
        assert len(syncs) == 1, "nothing new, nothing to sync"
        archive.write_exchange(exchange(), None)
        time.sleep(0.45)
        assert archive.groups_synced == 2


def test_synced_after_so_many_groups(tmp_path: Path, syncs: list[float]) -> None:
    with writer(tmp_path, sync_seconds=3600, sync_groups=5) as archive:
        archive.write_exchange(exchange(), None)
        syncs.clear()
        for turn in range(2, 25):
            archive.write_exchange(exchange(), None)
            assert archive.groups_written - archive.groups_synced < 5
            assert len(syncs) == turn // 5


def test_a_failing_sync_stops_the_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = writer(tmp_path, sync_seconds=0.1)
    archive.write_exchange(exchange(), None)

    def no_longer(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("archive.warc.writer.os.fsync", no_longer)
    archive.write_exchange(exchange(), None)
    time.sleep(0.3)
    with pytest.raises(ArchiveWriteError, match="Input/output error"):
        archive.write_exchange(exchange(), None)
    monkeypatch.undo()
    with pytest.raises(ArchiveWriteError):
        archive.close()


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file of this process may grow beyond; write(2) then fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    archive = writer(tmp_path)
    written = []
    with file_size_limit(60_000):
        with pytest.raises(ArchiveWriteError):  # noqa: PT012 — which of the writes it is, the disk decides
            while True:
                written.append(archive.write_exchange(exchange(body=os.urandom(5000)), None))
        whole = written[-1].offset + written[-1].length
        assert only_warc(tmp_path).stat().st_size == whole, "the half-written group is taken back at once"
        with pytest.raises(ArchiveWriteError):
            archive.write_walk(walk())
        with pytest.raises(ArchiveWriteError):
            archive.close()
    assert len(written) > 5
    assert [entry.pointer for entry in ArchiveReader(tmp_path).entries()] == written
    assert verify(tmp_path).damages == []
    with writer(tmp_path) as again:
        written.append(again.write_exchange(exchange(), None))
    assert [entry.pointer for entry in ArchiveReader(tmp_path).entries()] == written
    assert verify(tmp_path).notes == []
    demand_that_others_read(warcs(tmp_path))


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveWriteError, match="file"):
        writer(tmp_path / "file")


def test_what_cannot_be_said_in_a_header_does_not_break_it(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        pointer = archive.write_exchange(
            exchange("http://www.example.gov.cn/\ud800\r\nWARC-Type: x"), context(list_title="\udcff\n标题")
        )
    assert ArchiveReader(tmp_path).capture(pointer).context["list_title"].endswith("标题")
    assert verify(tmp_path).ok


def test_errors_are_none_that_scrapy_retries() -> None:
    assert not issubclass(ArchiveWriteError, OSError)
    assert not issubclass(ArchiveLocked, OSError)
