"""What test_worker lets a reading process do: each task names a misdeed."""

from __future__ import annotations

import ctypes
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import extract
from archive.register import load_register
from extract.errors import Unreadable
from extract.ocr import RecognitionNeeded, answers_given
from extract.rebuild_reading import reading_of


def misdeeds(start: object) -> Callable[[object], object]:
    """The function that does a task, given as (name, argument)."""

    def do(task: object) -> object:
        name, argument = task
        try:
            return _DEEDS[name](argument)
        except RuntimeError as error:
            return f"refused {error}"

    assert start == "start"
    return do


def reading_with_a_killer(source: object) -> Callable[[object], object]:
    """The real reader, but one that some addresses break."""
    read = reading_of(source)

    def do(task: object) -> object:
        for deed in ("crash", "exit", "hog"):
            if deed in task.entry.url:
                _DEEDS[deed](1)
        return read(task)

    return do


def _spin(_: object) -> object:
    while True:
        pass


def _hog(_: object) -> object:
    held = []
    while True:
        held.append(bytearray(10_000_000))


def _connect(port: int) -> object:
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        return "connected"


def _connect_natively(port: int) -> object:
    """As native code would: no audit event is raised."""
    libc = ctypes.CDLL(None, use_errno=True)
    address = bytes([2, 0]) + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    place = libc.socket(2, 1, 0)
    done = libc.connect(place, address, len(address))
    return "connected" if done == 0 else "no way out"


def _write(path: str) -> object:
    return Path(path).write_text("x", "ascii")


_DEEDS: dict[str, Callable[..., object]] = {
    "echo": lambda argument: argument,
    "pid": lambda _: os.getpid(),
    "spin": _spin,
    "sleep": time.sleep,
    "hog": _hog,
    "crash": lambda _: ctypes.string_at(0),
    "exit": os._exit,
    "connect": _connect,
    "connect_natively": _connect_natively,
    "folder": lambda _: tempfile.gettempdir(),
    "network": lambda _: str(Path("/proc/self/ns/net").readlink()),
    "start": lambda _: subprocess.run([sys.executable, "-c", "pass"], check=True),
    "write": _write,
    "write_inside": lambda _: _write(f"{tempfile.gettempdir()}/x"),
}


def documents(start: object) -> Callable[[object], object]:
    """The real reader over payloads: what a document's title is, and how many blocks it has."""
    assert start == "start"
    register = load_register()

    def read(payload: object) -> object:
        if payload == b"pid":
            return os.getpid()
        try:
            document = extract.read(payload, register=register)
        except Unreadable as error:
            return str(error)
        return document.title, len(document.blocks)

    return read


@dataclass(frozen=True)
class Measured:
    """What reading a file gave and took. `said`: the refusal, or the codes of its findings."""

    said: str
    blocks: int
    seconds: float  # of the processor
    memory: int  # bytes by which the most held has grown


def measured(start: object) -> Callable[[object], object]:
    """The real reader, as a rebuild calls it; scans are not recognised."""
    assert start is None
    register = load_register()

    def read(payload: object) -> object:
        if payload == b"pid":
            return os.getpid()
        began, held = time.process_time(), _most_held()
        blocks, said = 0, ""
        try:
            with answers_given({}):
                document = extract.read(payload, register=register)
            blocks = len(document.blocks)
            said = " ".join(f.code for f in document.findings)
        except Unreadable as error:
            said = str(error)
        except RecognitionNeeded as needed:
            said = str(needed)
        return Measured(said, blocks, time.process_time() - began, _most_held() - held)

    return read


def _most_held() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
