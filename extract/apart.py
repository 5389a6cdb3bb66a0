"""A local file of a kind that can break its reader, read in a process of its own (extract.worker).

A command that reads one file then ends with words, as a rebuild goes on: never by a signal. Scans are
recognised as for a rebuild: the reading process asks for pages and is asked again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from archive.register import Register
from extract import media
from extract.document import assemble, read_payload
from extract.errors import Unreadable
from extract.ocr import Answer, Key, PageTask, RecognitionNeeded, answers_given, recognise
from extract.worker import Bounds, Killed, Worker
from parser.document import Document, Source

TARGET = "extract.apart:reader"
_TEXT = frozenset({media.HTML, media.TEXT, media.JSON, media.MHT, media.BINARY, media.OFD})
_SAID = {
    "time": "读取超过时限，已停止 (reading met its bound of time: {bounds.cpu_seconds} s)",
    "memory": "读取超过内存上限，已停止 (reading met its bound of memory: {bounds.memory} bytes)",
    "crash": "读取进程意外结束，请报告此文件 (the reading process ended: {detail})",
}


def can_break(payload: bytes, name: str) -> bool:
    """Whether native code reads a file of this kind: PDF, Word, a spreadsheet, an image, a zip of them."""
    return media.media_type(payload, (), name) not in _TEXT


@dataclass(frozen=True, slots=True)
class _Task:
    payload: bytes = field(repr=False)
    url: str | None
    name: str
    answers: dict[Key, Answer]


@dataclass(frozen=True, slots=True)
class _Scans:
    tasks: tuple[PageTask, ...]


@dataclass(frozen=True, slots=True)
class _Refused:
    said: str


def read_apart(payload: bytes, *, url: str | None, name: str, register: Register) -> Document:
    """As extract.read. Raises Unreadable also where the process had to be ended."""
    answers: dict[Key, Answer] = {}
    with closing(Worker(TARGET, register)) as worker:
        while True:
            done = worker.ask(_Task(payload, url, name, answers))
            if not isinstance(done, _Scans):
                break
            answers |= zip((task.key for task in done.tasks), recognise(done.tasks), strict=True)
    if isinstance(done, Killed):
        raise Unreadable(_SAID[done.reason].format(bounds=Bounds(), detail=done.detail))
    if isinstance(done, _Refused):
        raise Unreadable(done.said)
    assert isinstance(done, Document)
    return done


def reader(register: object) -> Callable[[object], object]:
    """Within the process: what it does with a task."""
    assert isinstance(register, Register)

    def read(task: object) -> object:
        assert isinstance(task, _Task)
        source = Source(url=task.url)
        try:
            with answers_given(task.answers):
                return assemble(read_payload(task.payload, (), source, task.name), (), source, register)
        except RecognitionNeeded as needed:
            return _Scans(needed.tasks)
        except Unreadable as error:
            return _Refused(str(error))

    return read
