"""When recording is impossible: refuse to start, or stop at once; after a kill nothing told is lost."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from archive.warc.reader import ArchiveReader
from archive.warc.recover import recover
from archive.warc.verify import verify
from tests.archive.warc_making import demand_that_others_read, exchange, warcs, writer
from tests.crawler.raw_server import Answer, RawServer
from tests.crawler.test_recording import HOST, crawl, sized

PAGES = 60


@pytest.fixture
def many() -> dict[str, list[Answer]]:
    return {f"/{number}": [Answer([sized(os.urandom(4000))])] for number in range(PAGES)}


def requests(count: int = PAGES) -> list[dict[str, Any]]:
    return [{"url": f"{HOST}/{number}"} for number in range(count)]


def ask_with(
    root: Path, asked: list[dict[str, Any]], *, limit: int | None = None, **settings: Any
) -> subprocess.Popen[str]:
    """A crawl whose process is ours to limit and to kill."""

    child = subprocess.Popen(
        [sys.executable, "-m", "tests.crawler.recording_crawl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if limit is not None:
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (limit, limit))
    assert child.stdin is not None
    with child.stdin:
        child.stdin.write(json.dumps({"settings": {"ARCHIVE_DIR": str(root)} | settings, "requests": asked}))
    return child


def test_a_full_disk_stops_the_crawl_at_once(tmp_path: Path, many: dict[str, list[Answer]]) -> None:
    with RawServer(many) as server:
        # One at a time per host, seven more waiting; without a delay Scrapy 2.19 lets them all go at once.
        one_by_one = {"CONCURRENT_REQUESTS": 8, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.01}
        child = ask_with(tmp_path, requests(), limit=50_000, SAMPLE_PORT=server.port, **one_by_one)
        assert child.stdout is not None
        assert child.stderr is not None
        with child.stdout, child.stderr:
            *said, summary = [json.loads(line) for line in child.stdout]
            log = child.stderr.read()
        child.wait(timeout=60)
        asked = sum(map(len, server.received.values()))
    assert summary["reason"] == "archive_write_failed", log
    assert "cannot be written" in summary["failure"]
    told = [line["archive"]["record_id"] for line in said if line.get("archive")]
    assert len(told) > 5
    assert {line["error"] for line in said if "error" in line} == {"ArchiveWriteError"}
    assert all(line["archive"] for line in said if "status" in line), "no answer goes up unrecorded"
    kept = [entry.record_id for entry in ArchiveReader(tmp_path).entries()]
    assert kept[: len(told)] == told, "a closing spider may not take the last answer any more"
    assert asked == len(kept) + 1, "one answer could not be written; after it nothing was asked for"
    assert verify(tmp_path).damages == []

    with RawServer(many) as server:
        said, summary = crawl(tmp_path, requests(3), SAMPLE_PORT=server.port)
    assert summary["reason"] == "finished"
    found = [entry.record_id for entry in ArchiveReader(tmp_path).entries()]
    assert found == kept + [line["archive"]["record_id"] for line in said]
    assert verify(tmp_path).notes == []


@pytest.mark.parametrize("answers", [1, 25])
def test_killed_in_the_middle(tmp_path: Path, many: dict[str, list[Answer]], answers: int) -> None:
    with RawServer(many) as server:
        child = ask_with(tmp_path, requests(), SAMPLE_PORT=server.port)
        assert child.stdout is not None
        assert child.stderr is not None
        with child.stdout, child.stderr:
            lines = [child.stdout.readline() for _ in range(answers)]
            child.send_signal(signal.SIGKILL)
            lines += child.stdout.readlines()
        child.wait(timeout=60)
    told = [json.loads(line)["archive"]["record_id"] for line in lines if line.endswith("\n")]
    recover(tmp_path)
    found = [entry.record_id for entry in ArchiveReader(tmp_path).entries()]
    assert found[: len(told)] == told
    assert len(found) <= len(told) + 2
    assert verify(tmp_path).ok
    demand_that_others_read(warcs(tmp_path))


def test_asked_to_stop_it_closes_its_files(tmp_path: Path, many: dict[str, list[Answer]]) -> None:
    with RawServer(many) as server:
        child = ask_with(tmp_path, requests(), SAMPLE_PORT=server.port, DOWNLOAD_DELAY=0.02)
        assert child.stdout is not None
        assert child.stderr is not None
        with child.stdout, child.stderr:
            lines = [child.stdout.readline() for _ in range(5)]
            child.send_signal(signal.SIGTERM)
            lines += child.stdout.readlines()
        child.wait(timeout=60)
    *said, summary = map(json.loads, lines)
    assert summary["reason"] == "shutdown"
    found = [entry.record_id for entry in ArchiveReader(tmp_path).entries()]
    assert found[: len(said)] == [line["archive"]["record_id"] for line in said]
    assert len(found) < PAGES
    result = verify(tmp_path)
    assert (result.damages, result.notes) == ([], [])


def test_a_second_crawl_on_the_archive_is_refused(tmp_path: Path) -> None:
    with RawServer({"/1": [Answer([sized(b"x")])]}) as server:
        with writer(tmp_path) as other:
            other.write_exchange(exchange(), None)
            said, summary = crawl(tmp_path, requests(2)[1:], SAMPLE_PORT=server.port)
        assert server.received == {}
    assert (said, summary["refused"]) == ([], ["ArchiveLocked"])


@pytest.mark.parametrize(
    "handlers",
    [
        {"http": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"},
        {"https": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"},
        {"ftp": "scrapy.core.downloader.handlers.ftp.FTPDownloadHandler"},
    ],
)
def test_no_crawl_past_the_recorder(tmp_path: Path, handlers: dict[str, str]) -> None:
    own = "crawler.recording.RecordingDownloadHandler"
    all_handlers = {"http": own, "https": own, "data": None, "file": None, "ftp": None, "s3": None} | handlers
    with RawServer({"/1": [Answer([sized(b"x")])]}) as server:
        said, summary = crawl(
            tmp_path, requests(2)[1:], SAMPLE_PORT=server.port, DOWNLOAD_HANDLERS=all_handlers
        )
        assert server.received == {}
    assert (said, summary["refused"]) == ([], ["RecordingUnavailable"])


def test_no_crawl_without_an_archive(tmp_path: Path) -> None:
    with RawServer({"/1": [Answer([sized(b"x")])]}) as server:
        said, _ = crawl(tmp_path, requests(2)[1:], SAMPLE_PORT=server.port, EXTENSIONS={})
        assert server.received == {}
    assert [line["error"] for line in said] == ["NotSupported"]


WITHOUT_THE_HOOK = """
import sys
from twisted.web.client import HTTPConnectionPool
from scrapy.core.downloader.handlers import http11
from tests.crawler import recording_crawl
change = sys.argv[1]
if change == "no factory":
    inner = http11.HTTP11DownloadHandler.__init__
    def without(self, crawler):
        inner(self, crawler)
        self._pool._factory = None
    http11.HTTP11DownloadHandler.__init__ = without
elif change == "no pool":
    inner = http11.HTTP11DownloadHandler.__init__
    def without(self, crawler):
        inner(self, crawler)
        del self._pool
    http11.HTTP11DownloadHandler.__init__ = without
elif change == "no retry switch":
    del HTTPConnectionPool.retryAutomatically
elif change == "bytes go elsewhere":
    from crawler import tee
    tee._Connection.__init__ = lambda self, protocol, tap: None
recording_crawl.main()
"""


@pytest.mark.parametrize(
    ("change", "refused", "reason"),
    [
        ("no factory", ["RecordingUnavailable"], None),
        ("no pool", ["RecordingUnavailable"], None),
        ("no retry switch", ["RecordingUnavailable"], None),
        ("bytes go elsewhere", [], "archive_write_failed"),
    ],
)
def test_without_the_private_hooks_nothing_is_read(
    tmp_path: Path, change: str, refused: list[str], reason: str | None
) -> None:
    """What a new Scrapy or Twisted may change is played here on the real classes."""
    job = {"settings": {"ARCHIVE_DIR": str(tmp_path), "RETRY_ENABLED": False}, "requests": requests(2)[1:]}
    with RawServer({"/1": [Answer([sized(b"x")])]}) as server:
        job["settings"]["SAMPLE_PORT"] = server.port  # type: ignore[call-overload]
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT_THE_HOOK, change],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert not refused or server.received == {}
    *said, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert summary["refused"] == refused, done.stderr
    assert summary["reason"] == reason
    assert not [line for line in said if "status" in line], "no answer goes up unrecorded"
