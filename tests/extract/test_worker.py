"""A reading process can be killed: bounds of time and memory, crashes, and what it may not do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


# --- real documents: what a hostile one costs the others

HEAD = "<html><body><h1>示例镇2024年政府信息公开工作年度报告</h1><div id=zoom>"
GOOD = f"{HEAD}<p>{'示例镇认真落实条例要求。' * 20}</p></div></body></html>".encode()
READ = ("示例镇2024年政府信息公开工作年度报告", 1)
SLOW = (HEAD + "<table><tr><td>1<td>2<tr><td>3<td>4</table>" * 40_000).encode()  # takes seconds
DEEP = (HEAD + "<div>" * 2_000_000).encode()  # takes hundreds of megabytes
SMALL = Bounds(cpu_seconds=1, wall_seconds=60, memory=320_000_000)
DOCUMENTS = "tests.extract.worker_targets:documents"


def test_hostile_documents_in_a_row_do_not_stop_the_run() -> None:
    worker = Worker(DOCUMENTS, "start", SMALL)
    asked = [worker.ask(payload) for payload in (GOOD, SLOW, DEEP, GOOD, b"pid")]
    assert asked[:4] == [READ, Killed("time"), Killed("memory"), READ]
    assert worker.ask(b"pid") == asked[4]
    worker.close()


def test_a_document_beside_a_hostile_one_is_read_in_its_own_time() -> None:
    hostile, good = Worker(DOCUMENTS, "start", SMALL), Worker(DOCUMENTS, "start", SMALL)
    assert [hostile.ask(GOOD), good.ask(GOOD)] == [READ, READ]

    def seconds() -> float:
        started = time.monotonic()
        assert good.ask(GOOD) == READ
        return time.monotonic() - started

    alone = sorted(seconds() for _ in range(5))[2]
    with ThreadPoolExecutor(1) as threads:
        told = threads.submit(hostile.ask, SLOW)
        beside = sorted(seconds() for _ in range(5))[2]
        assert not told.done()
        assert told.result() == Killed("time")
    assert beside < alone * 5 + 0.1
    hostile.close()
    good.close()


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
