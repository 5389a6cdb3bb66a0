"""`scrapy verify`: the words and the exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive.warc_making import context, exchange, only_warc, walk, writer

ROOT = Path(__file__).parents[2]


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env=os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with writer(tmp_path / "archive") as made:
        made.write_exchange(exchange(), context())
        made.write_walk(walk())
    return tmp_path / "archive"


def test_whole(archive: Path) -> None:
    done = scrapy("verify", "-s", f"ARCHIVE_DIR={archive}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 次抓取" in done.stdout
    assert done.stdout.endswith("完好 whole\n")


def test_damage_is_named_on_stdout(archive: Path) -> None:
    path = only_warc(archive)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    for given in ([], [str(path)]):
        done = scrapy("verify", *given, "-s", f"ARCHIVE_DIR={archive}")
        assert done.returncode == 6
        assert f"损坏 damage: warc/{path.name}" in done.stdout
        assert "Traceback" not in done.stderr


def test_what_is_no_warc(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html></html>")
    for given in (
        [str(page)],
        [str(tmp_path / "absent.warc.gz")],
        ["-s", f"ARCHIVE_DIR={tmp_path / 'none'}"],
    ):
        done = scrapy("verify", *given)
        assert (done.returncode, done.stdout) == (4, "")
        assert len(done.stderr.splitlines()) == 1
        assert given[-1].removeprefix("ARCHIVE_DIR=") in done.stderr


def test_an_unknown_option() -> None:
    done = scrapy("verify", "--deep")
    assert done.returncode == 2
    assert "--deep" in done.stderr
