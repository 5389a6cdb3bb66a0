"""A reading process can be killed: bounds of time and memory, crashes, and what it may not do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extract.worker import Bounds, Killed, Worker

ROOT = Path(__file__).parents[2]
BOUNDS = Bounds(cpu_seconds=1, wall_seconds=30, memory=300_000_000)
TARGET = "tests.extract.worker_targets:misdeeds"


@pytest.fixture(scope="module")
def shared() -> Iterator[Worker]:
    made = Worker(TARGET, "start", BOUNDS)
    yield made
    made.close()


def alive(pid: object) -> bool:
    try:
        os.kill(int(str(pid)), 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("deed", "argument", "told"),
    [
        ("spin", None, Killed("time")),
        ("hog", None, Killed("memory")),
        ("crash", None, Killed("crash", "SIGSEGV")),
        ("exit", 7, Killed("crash", "exit 7")),
    ],
)
def test_a_task_that_goes_wrong_is_told_and_the_next_is_done(
    shared: Worker, deed: str, argument: object, told: Killed
) -> None:
    before = shared.ask(("pid", None))
    assert shared.ask((deed, argument)) == told
    assert not alive(before)
    assert shared.ask(("echo", "next")) == "next"


def test_what_sleeps_is_killed_by_the_clock() -> None:
    worker = Worker(TARGET, "start", Bounds(cpu_seconds=10, wall_seconds=2))
    pid = worker.ask(("pid", None))
    started = time.monotonic()
    assert worker.ask(("sleep", 60)) == Killed("time")
    assert time.monotonic() - started < 10
    assert not alive(pid)
    worker.close()


def test_processor_time_is_counted_for_each_task_by_itself(shared: Worker) -> None:
    pid = shared.ask(("pid", None))
    for _ in range(3):
        assert shared.ask(("sleep", 0.01)) is None
    assert shared.ask(("pid", None)) == pid


def test_a_process_makes_no_connection(shared: Worker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert str(shared.ask(("connect", port))).startswith("refused socket.")
        server.settimeout(0.2)
        if shared.ask(("network", None)) != str(
            Path("/proc/self/ns/net").readlink()
        ):  # not every system lets us
            shared.ask(("connect_natively", port))
            with pytest.raises(TimeoutError):
                server.accept()


def test_a_process_starts_no_program(shared: Worker) -> None:
    assert str(shared.ask(("start", None))).startswith("refused subprocess.Popen")


def test_a_process_writes_into_its_own_folder_alone(shared: Worker, tmp_path: Path) -> None:
    assert str(shared.ask(("write", str(tmp_path / "x")))).startswith("refused open")
    assert not (tmp_path / "x").exists()
    assert shared.ask(("write_inside", None)) == 1


def test_a_process_that_nobody_asks_any_more_ends_and_leaves_nothing() -> None:
    """As after a run that was killed: its end of the pipes is closed by the system."""
    program = (
        "import os, signal\nfrom extract.worker import Worker\n"
        f"worker = Worker({TARGET!r}, 'start')\n"
        "print(worker.ask(('pid', None)), worker.ask(('folder', None)), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=60
    )
    _, folder = done.stdout.split()
    for _ in range(100):
        if not Path(folder).exists():
            return
        time.sleep(0.1)
    pytest.fail("its folder is still there")


def test_a_process_whose_start_fails_is_told() -> None:
    with pytest.raises(RuntimeError, match="无法启动"):
        Worker(TARGET, "another start", BOUNDS).ask(("echo", 1))


def test_a_killed_process_is_not_used_again() -> None:
    first = Worker(TARGET, "start", BOUNDS)
    pid = first.ask(("pid", None))
    first.kill()
    first.close()
    second = Worker(TARGET, "start", BOUNDS)
    assert second.ask(("pid", None)) not in {pid, None}
    second.close()
