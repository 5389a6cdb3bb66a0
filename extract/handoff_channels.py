"""How a delivery reaches a parser: a command that answers line by line, or a spool folder.

A command reads one JSON object a line on stdin and answers one a line on stdout (docs/handoff.md). It runs in
a process group of its own, which is killed when it is silent beyond the time limit.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

CANNOT_WORK = 78  # sysexits.h, EX_CONFIG: how a parser says that no document can be taken now
_LONGEST_ANSWER = 1 << 20
_READ = 1 << 16
_TOLD = 400  # characters of an error that are kept


class DeliveryError(Exception):
    """The parser did not take this document: it refused it, died, or was silent too long."""


class UnavailableError(Exception):
    """The parser takes no document at all: no such command, or it says so itself (exit code 78)."""


class CommandChannel:
    """Delivers to a command; starts it at the first delivery and anew after each death."""

    def __init__(self, command: Sequence[str], limit: float, lock: int) -> None:
        self._command = list(command)
        self._limit = limit
        self._lock = lock
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = b""
        self._words: deque[str] = deque(maxlen=5)

    def deliver(self, delivery: str, message: bytes) -> None:
        """Send one line and wait for its acknowledgement. Raises DeliveryError, UnavailableError."""
        process = self._started()
        try:
            answer = self._answer(process, delivery, message + b"\n", time.monotonic() + self._limit)
        except BaseException:
            self._kill()
            raise
        if answer.get("ok") is not True:
            raise DeliveryError(str(answer.get("error") or "解析程序拒收 refused")[:_TOLD])

    def close(self) -> None:
        """End of input; the parser ends by itself within the time limit, or is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            _pipe(process.stdin).close()
        try:
            process.wait(self._limit)
        except subprocess.TimeoutExpired:
            _end_group(process)
        _pipe(process.stdout).close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._kill()
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own setting, and no shell
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                pass_fds=(self._lock,),
                bufsize=0,
            )
        except OSError as error:
            raise UnavailableError(
                f"命令无法启动 cannot be started: {self._command[0]}: {error.strerror}"
            ) from error
        for pipe in (process.stdin, process.stdout):
            os.set_blocking(_pipe(pipe).fileno(), False)
        self._process, self._answers = process, b""
        self._words.clear()
        threading.Thread(target=_listen, args=(_pipe(process.stderr), self._words), daemon=True).start()
        return process

    def _answer(
        self, process: subprocess.Popen[bytes], delivery: str, data: bytes, until: float
    ) -> dict[str, Any]:
        left, source, sink = memoryview(data), _pipe(process.stdout), _pipe(process.stdin)
        with selectors.DefaultSelector() as waiting:
            waiting.register(source, selectors.EVENT_READ)
            waiting.register(sink, selectors.EVENT_WRITE)
            while True:
                ready = waiting.select(max(0.0, until - time.monotonic()))
                if not ready:
                    raise DeliveryError(f"超过时限未回应 no answer within {self._limit:g} s")
                for key, _ in ready:
                    if key.fileobj is sink:
                        left = left[self._written(process, left) :]
                        if not left:
                            waiting.unregister(sink)
                    elif (found := self._read(process, delivery)) is not None:
                        return found

    def _written(self, process: subprocess.Popen[bytes], left: memoryview) -> int:
        try:
            return os.write(_pipe(process.stdin).fileno(), left[:_READ])
        except BlockingIOError:
            return 0
        except OSError as error:
            raise self._death(process) from error

    def _read(self, process: subprocess.Popen[bytes], delivery: str) -> dict[str, Any] | None:
        """The answer to this delivery among the lines read; anything else that is printed is passed over."""
        data = os.read(_pipe(process.stdout).fileno(), _READ)
        if not data:
            raise self._death(process)
        *lines, self._answers = (self._answers + data).split(b"\n")
        if len(self._answers) > _LONGEST_ANSWER:
            raise DeliveryError("回应过长 an answer without end")
        for line in lines:
            try:
                answer = json.loads(line)
            except ValueError:
                continue
            if isinstance(answer, dict) and answer.get("delivery") == delivery:
                return answer
        return None

    def _death(self, process: subprocess.Popen[bytes]) -> Exception:
        """What to raise for a parser that is gone."""
        try:
            code = process.wait(1.0)
        except subprocess.TimeoutExpired:
            return DeliveryError("解析程序关闭了管道 the parser closed its pipe")
        time.sleep(0.05)  # its last words are still on the way
        words = f"解析程序中止 the parser ended: {code}: {' | '.join(self._words)}"[:_TOLD]
        return UnavailableError(words) if code == CANNOT_WORK else DeliveryError(words)

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _end_group(process)
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    _pipe(pipe).close()


class SpoolChannel:
    """Lays a delivery as a whole file into FOLDER/new; who takes it away has acknowledged it."""

    def __init__(self, folder: Path) -> None:
        self._new, self._failed = folder / "new", folder / "failed"

    def lay(self, name: str, message: bytes) -> None:
        """Write, sync, rename. Raises UnavailableError where the folder cannot be written."""
        try:
            self._new.mkdir(parents=True, exist_ok=True)
            for former in (self._failed / name, self._failed / f"{name}.error"):
                former.unlink(missing_ok=True)
            draft = self._new / f".{name}"
            with draft.open("wb") as stream:
                stream.write(message + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(self._new / name)
            folder = os.open(self._new, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise UnavailableError(
                f"文件夹不可写 the spool cannot be written: {error.filename}: {error.strerror}"
            ) from error

    def fate(self, name: str) -> str | None:
        """None while it waits, "" once it was taken, the error where it was moved to FOLDER/failed."""
        if (self._new / name).exists():
            return None
        if not (self._failed / name).exists():
            return ""
        told = self._failed / f"{name}.error"
        words = told.read_text("utf-8", errors="replace").strip() if told.exists() else ""
        return words[:_TOLD] or "解析程序拒收 refused"


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _listen(pipe: IO[bytes], words: deque[str]) -> None:
    """Keep the last lines that the parser complains of."""
    with pipe:
        while line := pipe.readline(_READ):
            text = line.decode("utf-8", errors="replace").strip()
            if text:
                words.append(text)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
