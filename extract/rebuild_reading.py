"""Captures → rows, in processes that can be killed, in the order of the entries: the result is the same.

A page that breaks the reader gives a finding with its record id; only a record that cannot be read back from
the archive ends the run.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Self

import extract
from archive.register import Register
from archive.warc.capture import Capture
from archive.warc.errors import ArchiveDamaged
from archive.warc.index import IndexEntry
from archive.warc.reader import ArchiveReader
from extract.errors import Unreadable
from extract.ocr import Answer, Key, PageTask, Recognisers, RecognitionNeeded, Trouble, answers_given
from extract.rebuild_repeats import Repeats, answers_that_repeat
from extract.rebuild_rows import READ_ROLES, CaptureRows, Row, capture_row, read_rows, unread_rows, year_in
from extract.worker import Bounds, Killed, Worker
from parser import parse

UNREADABLE, BROKEN, TRUNCATED = "capture_unreadable", "reader_broke", "capture_truncated"  # codes of findings
KILLED = "extractor_killed"
TARGET = "extract.rebuild_reading:reading_of"
MAX_RECOGNISED = 100  # pages of one capture, a zip of scans included
_WINDOW = 16  # captures that each process may be ahead of the one that is waited for
_KILLED = {
    "time": "读取超过时限（处理器 {bounds.cpu_seconds} 秒或总计 {bounds.wall_seconds:.0f} 秒），已停止，"
    "请人工查看 (reading met its bound of time and was stopped)",
    "memory": "读取超过内存上限，已停止，请人工查看 (reading met its bound of memory and was stopped)",
    "crash": "读取进程意外结束（{detail}），请报告此文件 (the reading process ended on this file)",
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CaptureSource:
    """Where captures are read from, and by which extractor and register."""

    root: Path
    register: Register
    read_by: str


def read_entries(
    source: CaptureSource, entries: Sequence[IndexEntry], workers: int, *, isolated: bool = True
) -> Iterator[CaptureRows]:
    """The rows of every entry, in order. Raises ArchiveDamaged where a record cannot be read back.

    `isolated`: by processes that can be killed (extract.worker), `workers` at a time; else in this one.
    """
    if not isolated:
        reader, repeats, again = ArchiveReader(source.root), Repeats(), answers_that_repeat(entries)
        for entry in entries:
            held = repeats if entry.record_id in again else None
            yield read_entry(reader.capture(entry), entry, source, held)
        return
    if not entries:
        return
    with Readers(source, workers) as readers:
        yield from readers.read(entries)


class Readers:
    """Processes that read side by side; results come in the order of the entries."""

    def __init__(self, source: CaptureSource, number: int) -> None:
        self._source, self._number = source, max(1, number)
        # The processes have no network: what lies in a store is fetched here and handed to them.
        self._fetched = None if isinstance(source.root, Path) else ArchiveReader(source.root)
        self._workers = [Worker(TARGET, source) for _ in range(self._number)]
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._given_up = False
        self._recognisers = Recognisers()  # one process, whatever the number: each holds a gigabyte
        self._threads = ThreadPoolExecutor(self._number + 1, "reading")  # one may wait for recognition

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._given_up = True
            for worker in self._workers:
                worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._recognisers.close()

    def read(self, entries: Sequence[IndexEntry]) -> Iterator[CaptureRows]:
        """The rows of every entry; no more are read ahead than the window holds."""
        waiting: deque[Future[CaptureRows]] = deque()
        again = answers_that_repeat(entries)
        for entry in entries:
            waiting.append(self._threads.submit(self._read, entry, again=entry.record_id in again))
            if len(waiting) >= _WINDOW * self._number:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _read(self, entry: IndexEntry, *, again: bool) -> CaptureRows:
        capture = None if self._fetched is None else self._fetched.capture(entry)
        answers: dict[Key, Answer] = {}
        result = self._ask(_Task(entry, capture, answers, again))
        while isinstance(result, _Scans):
            for task in result.tasks:
                left = len(answers) < MAX_RECOGNISED
                answers[task.key] = self._recognisers.answer(task) if left else Trouble("time")
            result = self._ask(_Task(entry, capture, answers, again))
        if isinstance(result, _Damage):
            raise ArchiveDamaged(result.path, result.reason, result.offset)
        if isinstance(result, Killed):
            return self._told(entry, result)
        assert isinstance(result, CaptureRows)
        return result

    def _ask(self, task: _Task) -> object:
        worker = self._free.get()
        try:
            done = worker.ask(task)
            if done == Killed("crash", "SIGKILL") and not self._given_up:  # by whoever: the file may be good
                done = worker.ask(task)
            return done
        finally:
            self._free.put(worker)

    def _told(self, entry: IndexEntry, killed: Killed) -> CaptureRows:
        """The finding that stands for a capture whose reading had to be ended."""
        _log.warning("%s %s: %s %s", entry.record_id, entry.url, killed.reason, killed.detail)
        capture = ArchiveReader(self._source.root).capture(entry)
        words = _KILLED[killed.reason].format(detail=killed.detail, bounds=Bounds())
        return unread_rows(capture_row(capture, entry, self._source.read_by), KILLED, words)


def read_entry(
    capture: Capture, entry: IndexEntry, source: CaptureSource, repeats: Repeats | None = None
) -> CaptureRows:
    """One capture. Only a whole answer of a report page or attachment is read; the rest is kept as it is.

    `repeats`: given for an answer that comes more than once.
    """
    base = capture_row(capture, entry, source.read_by)
    if base["role"] not in READ_ROLES or capture.status != 200:
        return CaptureRows(capture=base)
    if capture.truncated is not None:
        words = f"采集中断，不作读取 the answer was cut off ({capture.truncated}); it is not read"
        return unread_rows(base, TRUNCATED, words)
    try:
        if repeats is not None:
            return repeats.rows(capture, base, lambda: _parsed(capture, base, source.register))
        return _parsed(capture, base, source.register)
    except Unreadable as error:
        return unread_rows(base, UNREADABLE, str(error))
    except (MemoryError, RecognitionNeeded):
        raise  # the process has met its bound (extract.worker); or it asks for pages (extract.ocr)
    except Exception as error:  # noqa: BLE001 - one page must not end the run; it is told, with its record
        _log.warning("%s %s: %s", capture.pointer.record_id, capture.url, error, exc_info=error)
        words = f"读取时出错，请报告此页 the reader broke on this page: {type(error).__name__}: {error}"
        return unread_rows(base, BROKEN, words)


def _parsed(capture: Capture, base: Row, register: Register) -> CaptureRows:
    document = extract.read_capture(capture, register)
    return read_rows(base, document, parse(document, year_hint=year_in(base["list_title"])))


@dataclass(frozen=True, slots=True)
class _Task:
    """An entry to read; its capture where the process cannot fetch it; the pages recognised for it so far."""

    entry: IndexEntry
    capture: Capture | None
    answers: dict[Key, Answer]
    again: bool  # whether the same answer comes more than once


@dataclass(frozen=True, slots=True)
class _Scans:
    """Instead of rows: pages to recognise before the entry can be read."""

    tasks: tuple[PageTask, ...]


@dataclass(frozen=True, slots=True)
class _Damage:
    """An ArchiveDamaged on its way out of a worker: the exception itself does not survive pickling."""

    path: Path
    reason: str
    offset: int | None


def reading_of(source: object) -> Callable[[object], object]:
    """What a reading process does with entries (the target of extract.worker)."""
    assert isinstance(source, CaptureSource)
    if not source.read_by.startswith(extract.EXTRACTOR_VERSION):
        raise RuntimeError("the reader's sources changed while a rebuild was running: run it again")
    reader, repeats = ArchiveReader(source.root), Repeats()

    def read(task: object) -> object:
        assert isinstance(task, _Task)
        try:
            with answers_given(task.answers):
                held = repeats if task.again else None
                return read_entry(task.capture or reader.capture(task.entry), task.entry, source, held)
        except RecognitionNeeded as needed:
            return _Scans(needed.tasks)
        except ArchiveDamaged as error:
            return _Damage(error.path, error.reason, error.offset)

    return read
