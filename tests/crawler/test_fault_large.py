"""Attachments of 100 MB: kept as far as the bound, marked, memory bounded, and the crawl goes on (T18)."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from archive.warc.capture import Capture
from archive.warc.reader import ArchiveReader
from archive.warc.verify import verify
from tests.archive.warc_making import demand_that_others_read, warcs
from tests.crawler.crawling import ROOT, Ran, list_page, portal_file, scrapy_command

MB = 1 << 20
SIZE, BOUND = 100 * MB, 64 * MB
HTML, PDF = "text/html; charset=utf-8", "application/pdf"
WHOLE = b"<html><body><p>whole</p></body></html>"
FIRST, SECOND, SAID, UNSAID = (
    "/nb/202501/t20250110_1.html",
    "/nb/202501/t20250110_2.html",
    "/said.pdf",
    "/un.pdf",
)
TITLES = [f"示例镇{year}年政府信息公开工作年度报告" for year in (2024, 2023)]


@dataclass(frozen=True)
class Large:
    ran: Ran
    peak: int  # bytes of memory of the crawling process, at most
    asked: Counter[str]

    def capture(self, path: str) -> Capture:
        (entry,) = self.ran.reader.find(f"http://demo.test{path}")
        return self.ran.reader.capture(entry)


class Handler(BaseHTTPRequestHandler):
    """Answers by path: headers, and the body piece by piece; the length is told where the headers tell it."""

    answers: ClassVar[dict[str, tuple[str, int | None, Sequence[bytes]]]] = {}
    asked: ClassVar[Counter[str]] = Counter()
    timeout = 60

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        kind, length, pieces = self.answers.get(self.path, ("text/plain", 0, ()))
        self.send_response(200 if self.path in self.answers else 404)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        with suppress(ConnectionError):  # the crawler has enough
            for piece in pieces:
                self.wfile.write(piece)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing on stderr."""


def peak_of(child: subprocess.Popen[bytes]) -> int:
    """The process's greatest resident memory in bytes, looked at a hundred times a second until it ends."""
    peak = 0
    while child.poll() is None:
        with suppress(OSError):
            status = Path(f"/proc/{child.pid}/status").read_text()
            found = re.search(r"VmRSS:\s+(\d+) kB", status)  # its high-water mark is not told everywhere
            peak = max(peak, int(found[1]) * 1024 if found else 0)
        time.sleep(0.01)
    return peak


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    folder = tmp_path_factory.mktemp("large")
    portal_file(folder / "portals", "demo")
    piece = os.urandom(MB)
    lists = list_page(*zip((FIRST, SECOND), TITLES, strict=True)).encode()
    page = f"<html><body><h1>年报</h1><a href='{SAID}'>附件一</a><a href='{UNSAID}'>附件二</a></body></html>"
    Handler.answers = {
        "/nb/": (HTML, len(lists), [lists]),
        FIRST: (HTML, len(page.encode()), [page.encode()]),
        SECOND: (HTML, len(WHOLE), [WHOLE]),
        SAID: (PDF, SIZE, [piece]),
        UNSAID: (PDF, None, [piece] * (SIZE // MB)),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    places = (f"PORTAL_DIRS={folder / 'portals'}", f"SAMPLE_PORT={server.server_port}")
    command = scrapy_command(
        folder / "data",
        *("crawl", "portal", "-a", "full=1"),
        settings=(*places, "GUARD_EXEMPT_HOSTS=demo.test"),
    )
    try:
        with (folder / "log").open("w") as log:
            child = subprocess.Popen(command.line, cwd=ROOT, env=command.environment, stdout=log, stderr=log)
            peak = peak_of(child)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    return Large(
        Ran(child.returncode, "", (folder / "log").read_text(), folder / "data"), peak, Handler.asked
    )


def test_it_is_kept_as_far_as_it_came_and_marked(large: Large) -> None:
    said, unsaid = large.capture(SAID), large.capture(UNSAID)
    assert (said.status, said.truncated, unsaid.truncated) == (200, "length", "length"), large.ran.err
    assert BOUND < len(unsaid.payload) < BOUND + 2 * MB
    assert large.asked[SAID] == large.asked[UNSAID] == 1, "a file that is too large is too large again"


def test_the_crawl_goes_on(large: Large) -> None:
    assert large.ran.code == 0, large.ran.err
    walk = large.ran.walks()["demo/nb"]
    assert (walk.complete, [row.title for row in walk.rows]) == (True, TITLES)
    assert large.capture(SECOND).payload == WHOLE
    assert "附件未取到" in large.ran.err


def test_memory_is_bounded(large: Large) -> None:
    """The bound, times what holds the body at one time: the tee, Scrapy, the block, its compressed form."""
    assert large.peak < 8 * BOUND


def test_it_can_be_read_and_verified(large: Large) -> None:
    root = large.ran.data / "warc"
    assert verify(root).ok
    demand_that_others_read(warcs(root))
    assert sum(capture.truncated is not None for capture in ArchiveReader(root).captures()) == 2
