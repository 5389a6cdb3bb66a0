"""A WARC that only we can read proves nothing: pywb indexes and replays the season's archive."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.warc.reader import ArchiveReader
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
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [str(program), "--bind", "127.0.0.1", "-p", str(port), "-d", str(folder)]
    with (folder / "pywb.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
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


def test_pywb_replays_the_pages_as_served(
    line: Line, optional_tool: Callable[[str], Path], tmp_path: Path
) -> None:
    collection = tmp_path / "collections" / "season"
    (collection / "archive").mkdir(parents=True)
    (collection / "indexes").mkdir()
    for warc in line.archive.rglob("*.warc.gz"):
        shutil.copy(warc, collection / "archive" / warc.name)
    indexing = subprocess.run(
        [str(optional_tool("wb-manager")), "reindex", "season"],
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert indexing.returncode == 0, indexing.stderr
    reader = ArchiveReader(line.archive)
    with wayback(optional_tool("wayback"), tmp_path) as base:
        for planted in REPORTS[::11]:
            held = reader.capture(reader.find(planted.url)[-1])
            with urllib.request.urlopen(f"{base}/season/{held.date:%Y%m%d%H%M%S}id_/{planted.url}") as replayed:
                assert replayed.read() == held.payload
