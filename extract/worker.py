"""A process of its own in which untrusted bytes are parsed, so that it can be killed (design.md §1 rule 4).

Each task has a bound of processor time, of time by the clock and of memory. A task that meets one, or that
takes the process down with it, comes back as Killed; the next task gets a new process. The process makes no
connection, starts no program but the office converter, and writes nowhere but into a folder of its own.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from extract.confine import confine, release
from extract.sandbox import close_off

_log = logging.getLogger(__name__)
_SERVE = "from extract.worker import serve; serve()"
_STARTS = 120.0  # seconds that a process gets to load its libraries, on a machine that does much else
_ENDS = 5.0  # seconds that a process gets to end by itself
_COLLECTED = (20_000, 20, 50)  # a page makes ten thousand objects, next to none of them in a circle
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, in which the system tells memory held
_SPARE = 2  # processes that stay for the next run: starting one takes as long as reading fifty pages


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one task may use. A report takes 0.02 s and 50 MB, the largest that is read whole ten seconds.

    `memory`: bytes of address space over what the process holds at its start.
    """

    cpu_seconds: int = 60
    wall_seconds: float = 180.0
    memory: int = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Killed:
    """Instead of a result: which bound was met, or by what signal or code the process ended."""

    reason: str  # time | memory | crash
    detail: str = ""


class Worker:
    """One process that takes task after task. `target`: `module:function`, which is given `start` and gives
    the function that does a task; both, tasks and results must survive pickling. For one thread at a time.
    """

    def __init__(self, target: str, start: object, bounds: Bounds | None = None) -> None:
        self.target, self.start, self.bounds = target, start, bounds or Bounds()
        self._process: _Process | None = None

    def ask(self, task: object) -> object:
        """The result of a task, or Killed. Raises what the target's start raised."""
        if self._process is None:
            process = _Process.started(self.target, self.bounds)
            process.begin(self.start)
            self._process = process
        process = self._process
        done = process.ask(task, self.bounds.wall_seconds)
        if isinstance(done, Killed):
            self._process = None
            process.end()
        return done

    def close(self) -> None:
        """Give the process back. Safe to call twice."""
        process, self._process = self._process, None
        if process is not None:
            process.put_aside()

    def kill(self) -> None:
        """End the process now, whatever it does; a thread that waits for it gets Killed."""
        if self._process is not None:
            self._process.kill()


class _Process:
    """The process and the two pipes to it."""

    _spare: list[_Process] = []  # noqa: RUF012 - one list for all
    _lock = threading.Lock()

    def __init__(self, target: str, bounds: Bounds) -> None:
        self.target, self.bounds = target, bounds
        self.killed = False
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self.folder = tempfile.TemporaryDirectory(prefix="nianbao-")
        environment = {
            "PATH": os.pathsep.join(os.get_exec_path()),  # nothing else of ours: a file may not ask for it
            "LANG": "C.UTF-8",
            "HOME": self.folder.name,
            "PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path),  # noqa: PTH109
            "TMPDIR": self.folder.name,
            "PYTHONDONTWRITEBYTECODE": "1",
            "ORT_DISABLE_TELEMETRY": "1",  # else onnxruntime tells its maker of each session
        }
        told = [str(theirs_in), str(theirs_out), target, str(bounds.cpu_seconds), str(bounds.memory)]
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-P", "-c", _SERVE, *told],
            pass_fds=(theirs_in, theirs_out),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._send, self._receive = Connection(ours_out, readable=False), Connection(ours_in, writable=False)

    @classmethod
    def started(cls, target: str, bounds: Bounds) -> _Process:
        """A process that was put aside, or a new one."""
        with cls._lock:
            for process in cls._spare:
                if (process.target, process.bounds) == (target, bounds) and process.process.poll() is None:
                    cls._spare.remove(process)
                    return process
            return cls(target, bounds)

    def put_aside(self) -> None:
        with self._lock:
            keeps = len(self._spare) < _SPARE and not self.killed and self.process.poll() is None
            if keeps:
                self._spare.append(self)
        if not keeps:
            self.end()

    def begin(self, start: object) -> None:
        answer = self.ask(Start(start), _STARTS)
        if answer != _READY:
            self.end()
            raise RuntimeError(f"读取进程无法启动 the reading process could not start: {answer}")

    def ask(self, task: object, seconds: float) -> object:
        try:
            self._send.send(task)
            if self._receive.poll(seconds):
                return self._receive.recv()
        except (EOFError, OSError):
            return self._ended()
        return Killed("time")

    def _ended(self) -> Killed:
        code, peak = self._reaped()
        if code is None:
            return Killed("crash", "pipe")
        if code == -signal.SIGXCPU:
            return Killed("time")
        if code == -signal.SIGABRT and 2 * peak > self.bounds.memory:  # native code that was refused memory
            return Killed("memory", "SIGABRT")
        return Killed("crash", signal.Signals(-code).name if code < 0 else f"exit {code}")

    def _reaped(self) -> tuple[int | None, int]:
        """The exit code, None where it has not ended in time; the most memory that it held, in bytes."""
        until = time.monotonic() + _ENDS
        while self.process.returncode is None and time.monotonic() < until:
            ended, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if ended:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                return self.process.returncode, usage.ru_maxrss * _RSS_UNIT
            time.sleep(0.01)
        return self.process.returncode, 0

    def kill(self) -> None:
        """With whatever it started: it leads a session of its own."""
        self.killed = True  # it may take a moment to die
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            _log.debug("%s has ended", self.process.pid)

    def end(self) -> None:
        self.kill()
        self.process.wait()
        self._send.close()
        self._receive.close()
        self.folder.cleanup()


@atexit.register
def _end_spare() -> None:
    while _Process._spare:  # noqa: SLF001 - of this module
        _Process._spare.pop().end()  # noqa: SLF001


# --- within the process

_READY = "ready"


@dataclass(frozen=True, slots=True)
class Start:
    """Marks an object that tells the process what the tasks after it are done with."""

    value: object


def serve() -> None:
    """Task by task until the pipe is closed. The arguments are those of the command line."""
    tasks, results = (
        Connection(int(sys.argv[1]), writable=False),
        Connection(int(sys.argv[2]), readable=False),
    )
    module, _, name = sys.argv[3].partition(":")
    cpu_seconds, memory = int(sys.argv[4]), int(sys.argv[5])
    confine(tempfile.gettempdir())  # before the libraries: some start threads
    make: Callable[[object], Callable[[object], object]] = getattr(import_module(module), name)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _bound(resource.RLIMIT_AS, _address_space() + memory)
    close_off(Path(tempfile.gettempdir()))
    do: Callable[[object], object] | None = None
    while True:
        try:
            task = tasks.recv()
        except EOFError:  # nobody asks any more, perhaps because the run was killed
            release(tempfile.gettempdir())
            shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
            return
        _bound(resource.RLIMIT_CPU, int(time.process_time()) + cpu_seconds + 1)
        if isinstance(task, Start):
            do = make(task.value)
            gc.freeze()  # the libraries, the labels and the register stay; looking through them finds nothing
            gc.set_threshold(*_COLLECTED)
            results.send(_READY)
        elif do is not None and not _answer(do, task, results):
            return


def _answer(do: Callable[[object], object], task: object, results: Connection) -> bool:
    """Whether the process can go on: one that has met its bound of memory cannot."""
    try:
        result = do(task)
        results.send(result)
    except MemoryError:
        result = None
    else:
        return True
    results.send(Killed("memory"))  # only here is what the task held let go
    return False


def _bound(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _address_space() -> int:
    """Bytes that the process has mapped; a gigabyte where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 1_000_000_000
    return pages * resource.getpagesize()
