"""`make setup-browser`: the part of the lock, the start on about:blank, and what it says when it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.test_browser import browser_options
from tools.setup_browser import LOCK, PACKAGE, locked

ROOT = Path(__file__).resolve().parents[1]


def setup_browser(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.setup_browser"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_the_lock_gives_the_package_and_all_that_it_needs_with_hashes() -> None:
    part = locked(PACKAGE, LOCK.read_text(encoding="utf-8"))
    names = {line.partition("==")[0] for line in part.splitlines() if line[:1].isalnum()}
    assert {"scrapy-playwright", "playwright", "greenlet", "scrapy", "twisted"} <= names
    assert "pytest" not in names
    assert part.count("--hash=sha256:") >= len(names)
    assert "://" not in part


def test_it_starts_the_browser(request: pytest.FixtureRequest) -> None:
    browser_options(request)
    done = setup_browser()
    assert done.returncode == 0, done.stderr
    assert "the browser works" in done.stdout


def test_it_tells_how_to_get_one(tmp_path: Path) -> None:
    done = setup_browser(PATH=str(tmp_path), NIANBAO_BROWSER="")
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr
    assert "没有找到" in done.stderr


def test_what_is_no_browser_is_told_in_words(tmp_path: Path) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    done = setup_browser(NIANBAO_BROWSER=str(fake))
    assert done.returncode == 1
    assert "没有启动" in done.stderr
    assert str(fake) in done.stderr
    assert "Traceback" not in done.stderr
