"""A disk that is really full (ENOSPC): the crawl stops with 3, corrupts nothing, and goes on with room."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.warc.verify import verify
from tests.archive.warc_making import demand_that_others_read, warcs
from tests.crawler.crawling import Ran, full_crawl, list_page, portal_file
from tests.crawler.odd_server import Answer, odd_server

REPORTS = [(f"./202501/t20250110_{n}.html", f"示例{n}镇2024年政府信息公开工作年度报告") for n in range(20)]
SMALL, ROOMY = "160k", "8m"


def mount(*options: str) -> None:
    done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"此处不允许挂载 no file system can be mounted here: {done.stderr.strip()}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with next to no room."""
    place = tmp_path / "data"
    place.mkdir()
    try:
        mount("-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place))
    except FileNotFoundError:
        pytest.skip("没有 mount 命令 there is no mount command")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def behave(path: str, before: int) -> Answer:
    if path == "/nb/":
        return Answer(body=list_page(*REPORTS))
    if "/t2025" not in path:
        return Answer(404)
    noise = random.Random(path).randbytes(7000).hex()
    return Answer(body=f"<html><body><h1>2024年政府信息公开工作年度报告</h1><p>{noise}</p></body></html>")


def held(ran: Ran) -> list[str]:
    return [entry.record_id for entry in ran.reader.entries()]


def test_a_full_disk_stops_the_crawl_and_room_lets_it_go_on(tmp_path: Path, disk: Path) -> None:
    portal_file(tmp_path / "portals", "county")
    with odd_server({"county.test": behave}) as server:
        full = full_crawl(tmp_path, server.port, "county.test")
        assert full.code == 3, full.err
        assert "No space left on device" in full.err
        kept = held(full)
        assert 3 < len(kept) < len(REPORTS)
        assert verify(disk / "warc").damages == []

        again = full_crawl(tmp_path, server.port, "county.test")
        assert again.code == 3, "a disk that is still full was taken for one with room"
        assert held(again)[: len(kept)] == kept
        assert verify(disk / "warc").damages == []

        mount("-o", f"remount,size={ROOMY}", str(disk))
        done = full_crawl(tmp_path, server.port, "county.test")
        arrivals = Counter(server.paths("county.test"))
    assert done.code == 0, done.err
    assert held(done)[: len(kept)] == kept, "what was acknowledged before is gone or moved"
    assert done.walks()["county/nb"].complete
    assert {entry.url for entry in done.captures("report")} == {
        f"http://county.test/nb/{href[2:]}" for href, _ in REPORTS
    }
    assert len(held(done)) == len(set(held(done)))
    assert max(arrivals.values()) <= 3, "what is held was asked for again"
    result = verify(disk / "warc")
    assert result.ok, result.damages
    assert result.notes == []
    demand_that_others_read(warcs(disk / "warc"))
