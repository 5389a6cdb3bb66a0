"""`scrapy tick` and `schedule`: stages of their own, ended in order; real sample portals, real signals."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from crawler.tick import Passing
from tests.portals.rehearse import ROOT, environment, scrapy_command, server

PORTAL = ROOT / "tests" / "portals" / "dongzhi.yml"


def tick(data: Path, moment: str, port: int) -> subprocess.CompletedProcess[str]:
    settings = (f"SAMPLE_PORT={port}", f"CLOCK_START={moment}", f"PORTAL_DIRS={data / 'portals'}")
    command = scrapy_command(data, "tick", settings=settings)
    return subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "portals").mkdir()
    shutil.copy(PORTAL, tmp_path / "portals")
    return tmp_path


def test_a_tick_crawls_what_is_due_and_takes_stock(data: Path) -> None:
    with server(date(2026, 2, 3)) as port:
        first = tick(data, "2026-02-03T09:00:00+08:00", port)
        assert first.returncode == 0, first.stderr
        stages = [line.partition(":")[0] for line in first.stderr.splitlines() if "退出码" in line]
        assert stages == ["crawl", "rebuild", "runs", "audit"]
        assert "采集 runs 1" in first.stdout
        written = sorted(path.suffix for path in (data / "audit").iterdir())
        assert written == [".html", ".json", ".txt", ".xlsx"]
        again = tick(data, "2026-02-03T10:00:00+08:00", port)
    stages = [line.partition(":")[0] for line in again.stderr.splitlines() if "退出码" in line]
    assert stages == ["rebuild", "audit"], "nothing was due"


def test_a_stage_that_fails_ends_the_tick_with_its_code(data: Path) -> None:
    (data / "portals" / "dongzhi.yml").write_text("id: [", encoding="utf-8")
    done = tick(data, "2026-02-03T09:00:00+08:00", 1)
    assert done.returncode == 4
    assert "due：未能完成" in done.stderr


def test_before_the_first_crawl_there_is_nothing_to_judge(data: Path) -> None:
    (data / "portals" / "dongzhi.yml").unlink()
    done = tick(data, "2026-02-03T09:00:00+08:00", 1)
    assert done.returncode == 0
    assert "还没有存档" in done.stderr


COUNTS = """
import signal, sys, time
seen = []
signal.signal(signal.SIGTERM, lambda *_: seen.append(1))
print("ready", flush=True)
end = time.monotonic() + 20
while not seen and time.monotonic() < end:
    time.sleep(0.01)
time.sleep(0.3)
sys.exit(40 + len(seen))
"""
PASSES = """
import sys
from crawler.tick import Passing
passing = Passing()
code, _ = passing.wait_for([sys.executable, "-c", sys.argv[1]], None)
after, _ = passing.wait_for([sys.executable, "-c", "print('started')"], None)
print(code, after, flush=True)
"""


def test_a_signal_is_passed_on_once_and_nothing_starts_after_it() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", PASSES, COUNTS], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    for _ in range(3):
        child.send_signal(signal.SIGTERM)
        time.sleep(0.05)
    out, _ = child.communicate(timeout=30)
    assert out == "41 130\n"


def test_a_command_that_ends_by_itself_is_no_signal() -> None:
    passing = Passing()
    assert passing.wait_for([sys.executable, "-c", "print('told')"], subprocess.PIPE) == (0, "told\n")
    assert not passing.asked_to_end


def test_the_schedule_ticks_and_ends_when_it_is_asked_to(data: Path) -> None:
    (data / "portals" / "dongzhi.yml").unlink()
    settings = (f"PORTAL_DIRS={data / 'portals'}", "SAMPLE_PORT=1")
    command = scrapy_command(data, "schedule", "--every", "0.01", settings=settings)
    log = data / "log"
    with log.open("w") as told:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=told)
        try:
            deadline = time.monotonic() + 60
            while log.read_text("utf-8").count("tick: 退出码 exit code 0") < 2:
                assert time.monotonic() < deadline, log.read_text("utf-8")
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
    assert "正在结束 ending" in log.read_text("utf-8")
