"""A WARC that only we can read proves nothing: pywb replays the archive, by its own index and by ours."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from archive.warc.capture import Capture
from archive.warc.reader import ArchiveReader
from tests.archive.warc_making import MORNING, context, exchange, walk, writer
from tests.line.conftest import Line
from tests.portals.planted import REPORTS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def wayback(program: Path, folder: Path) -> Iterator[str]:
    """pywb over the collections of `folder`, on loopback; its base URL."""
    port = free_port()
    # pywb's dependencies import what the offline hook forbids to look up; it is watched by its own address.
    command = [str(program), "--bind", "127.0.0.1", "-p", str(port), "-d", str(folder)]
    with (folder / "pywb.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=quiet(), stdout=log, stderr=log)
        try:
            for _ in range(100):
                with socket.socket() as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            else:
                raise AssertionError((folder / "pywb.log").read_text())
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def quiet() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


def collect(archive: Path, folder: Path, name: str, wb_manager: Path | None) -> None:
    """A pywb collection of an archive: indexed by `wb_manager`, or with our own index as it lies there."""
    collection = folder / "collections" / name
    (collection / "archive").mkdir(parents=True)
    (collection / "indexes").mkdir()
    for warc in archive.rglob("*.warc.gz"):
        shutil.copy(warc, collection / "archive" / warc.name)
    if wb_manager is None:
        lines = [line for path in archive.rglob("*.cdxj") for line in path.read_bytes().splitlines(True)]
        (collection / "indexes" / "index.cdxj").write_bytes(b"".join(sorted(lines)))
        return
    done = subprocess.run(
        [str(wb_manager), "reindex", name],
        cwd=folder,
        env=quiet(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def replayed(base: str, name: str, capture: Capture) -> bytes:
    """The payload that pywb hands out for a capture, not rewritten."""
    with urllib.request.urlopen(f"{base}/{name}/{capture.date:%Y%m%d%H%M%S}id_/{capture.url}") as answer:
        body = answer.read()
        return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


def test_pywb_replays_the_pages_as_served(
    line: Line, optional_tool: Callable[[str], Path], tmp_path: Path
) -> None:
    collect(line.archive, tmp_path, "by-pywb", optional_tool("wb-manager"))
    collect(line.archive, tmp_path, "by-us", None)
    reader = ArchiveReader(line.archive)
    with wayback(optional_tool("wayback"), tmp_path) as base:
        for planted in REPORTS[::11]:
            full = [entry for entry in reader.find(planted.url) if entry.status == 200]
            held = reader.capture(full[-1])
            for name in ("by-pywb", "by-us"):
                assert replayed(base, name, held) == held.payload


@pytest.fixture(scope="module")
def revisited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages asked for twice: the same again (gzip), the same elsewhere, not modified, changed; and a DOM."""
    root = tmp_path_factory.mktemp("revisited") / "archive"
    head = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nETag: "1"\r\n\r\n'
    host = "http://www.example.gov.cn"
    later = MORNING + timedelta(days=3)
    with writer(root) as archive:
        for name in ("same", "elsewhere", "unmodified", "changed"):
            page = head + gzip.compress(f"<p>{name}".encode(), mtime=0)
            archive.write_exchange(exchange(f"{host}/{name}", response=page), context())
            original = ArchiveReader(root).find(f"{host}/{name}")[0].as_original
            if name == "unmodified":
                page = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
            elif name == "changed":
                page = head + gzip.compress(b"<p>another", mtime=0)
            url = f"{host}/{'copy' if name == 'elsewhere' else name}"
            again = archive.write_exchange(
                exchange(url, response=page, started=later), context(), refers_to=original
            )
            archive.write_context(url, context())
        archive.write_conversion(f"{host}/changed", b"<p>DOM", of=again, context=context())
        archive.write_walk(walk())
    return root


def test_pywb_replays_revisits(revisited: Path, optional_tool: Callable[[str], Path], tmp_path: Path) -> None:
    collect(revisited, tmp_path, "by-pywb", optional_tool("wb-manager"))
    collect(revisited, tmp_path, "by-us", None)
    captures = list(ArchiveReader(revisited).captures())
    assert sum(capture.original is not None for capture in captures) == 3
    with wayback(optional_tool("wayback"), tmp_path) as base:
        for capture in captures:
            assert replayed(base, "by-us", capture) == capture.payload, capture.url
            if not capture.not_modified:  # by its own index pywb shows a 304 as a 304, without a page
                assert replayed(base, "by-pywb", capture) == capture.payload, capture.url


@pytest.mark.parametrize("command", [["warcio", "check"], ["cdxj-indexer"]])
def test_other_tools_read_every_file(
    line: Line, revisited: Path, optional_tool: Callable[[str], Path], command: list[str]
) -> None:
    files = [str(path) for root in (line.archive, revisited) for path in root.rglob("*.warc.gz")]
    done = subprocess.run(
        [str(optional_tool(command[0])), *command[1:], *files],
        env=quiet(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if command[0] == "warcio":
        assert done.stdout == ""
    else:
        assert done.stdout.count('"mime": "warc/revisit"') >= 3
