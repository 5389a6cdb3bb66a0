"""Captures → rows, in this process or in several, in the order of the entries: the result is the same.

A page that breaks the reader gives a finding with its record id; only a record that cannot be read back from
the archive ends the run.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import extract
from archive.register import Register
from archive.warc.capture import Capture
from archive.warc.errors import ArchiveDamaged
from archive.warc.index import IndexEntry
from archive.warc.reader import ArchiveReader
from extract.errors import Unreadable
from extract.rebuild_rows import READ_ROLES, CaptureRows, Row, capture_row, read_rows, unread_rows, year_in
from parser import parse

UNREADABLE, BROKEN, TRUNCATED = "capture_unreadable", "reader_broke", "capture_truncated"  # codes of findings
_CHUNK = 10  # entries that a worker takes at a time
_WORTH_A_POOL = 100  # starting workers takes as long as reading about so many pages
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CaptureSource:
    """Where captures are read from, and by which extractor and register."""

    root: Path
    register: Register
    read_by: str


def read_entries(source: CaptureSource, entries: Sequence[IndexEntry], workers: int) -> Iterator[CaptureRows]:
    """The rows of every entry, in order. Raises ArchiveDamaged where a record cannot be read back."""
    if workers < 2 or len(entries) < _WORTH_A_POOL:
        reader = ArchiveReader(source.root)
        for entry in entries:
            yield read_entry(reader, entry, source)
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would copy threads and open databases
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start, initargs=(source,)) as pool:
        for result in pool.map(_read_in_worker, entries, chunksize=_CHUNK):
            if isinstance(result, _Damage):
                raise ArchiveDamaged(result.path, result.reason, result.offset)
            yield result


def read_entry(reader: ArchiveReader, entry: IndexEntry, source: CaptureSource) -> CaptureRows:
    """One capture. Only a whole answer of a report page or attachment is read; the rest is kept as it is."""
    capture = reader.capture(entry)
    base = capture_row(capture, entry, source.read_by)
    if base["role"] not in READ_ROLES or capture.status != 200:
        return CaptureRows(capture=base)
    if capture.truncated is not None:
        words = f"采集中断，不作读取 the answer was cut off ({capture.truncated}); it is not read"
        return unread_rows(base, TRUNCATED, words)
    try:
        return _parsed(capture, base, source.register)
    except Unreadable as error:
        return unread_rows(base, UNREADABLE, str(error))
    except Exception as error:  # noqa: BLE001 - one page must not end the run; it is told, with its record
        _log.warning("%s %s: %s", capture.pointer.record_id, capture.url, error, exc_info=error)
        words = f"读取时出错，请报告此页 the reader broke on this page: {type(error).__name__}: {error}"
        return unread_rows(base, BROKEN, words)


def _parsed(capture: Capture, base: Row, register: Register) -> CaptureRows:
    document = extract.read_capture(capture, register)
    return read_rows(base, document, parse(document, year_hint=year_in(base["list_title"])))


@dataclass(frozen=True, slots=True)
class _Damage:
    """An ArchiveDamaged on its way out of a worker: the exception itself does not survive pickling."""

    path: Path
    reason: str
    offset: int | None


_worker: list[tuple[ArchiveReader, CaptureSource]] = []  # what a worker process was started with


def _start(source: CaptureSource) -> None:
    if not source.read_by.startswith(extract.EXTRACTOR_VERSION):
        raise RuntimeError("the reader's sources changed while a rebuild was running: run it again")
    _worker[:] = [(ArchiveReader(source.root), source)]


def _read_in_worker(entry: IndexEntry) -> CaptureRows | _Damage:
    reader, source = _worker[0]
    try:
        return read_entry(reader, entry, source)
    except ArchiveDamaged as error:
        return _Damage(error.path, error.reason, error.offset)
