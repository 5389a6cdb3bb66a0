"""The writer: groups by one write(2), fsync close behind, files closed under a final name (archive.md §3.3).

    acknowledged   write_exchange returned: the group survives the end of this process
    synced         at most `sync_seconds` or `sync_groups` later: it survives a power cut

A failed write cuts the file back to the last whole group, and the writer refuses everything after it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.clock import Clock
from archive.context import CrawlContext, RunRecord, WalkRecord
from archive.warc import record as rec
from archive.warc.capture import Pointer, Refers
from archive.warc.closing import close_file
from archive.warc.errors import ArchiveWriteError
from archive.warc.exchange import Exchange
from archive.warc.group import (
    Group,
    context_group,
    conversion_group,
    exchange_group,
    index_entry,
    run_group,
    walk_group,
)
from archive.warc.index import IndexEntry
from archive.warc.layout import WARC_DIR, Layout, Lock, sync_folder, with_open
from archive.warc.record import RawRecord, Record
from archive.warc.recover import recover_locked

FORMAT = "WARC File Format 1.1"
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
TRANSFER_CODING = (
    "Responses are as received but for the transfer coding: chunked bodies are stored de-chunked (chunk "
    "extensions and trailers dropped), their header Transfer-Encoding is renamed x-orig-transfer-encoding. "
    "Content-Encoding is kept. Interim 1xx answers are left out and listed in the metadata record."
)
_EARLY = 0.75  # of sync_seconds: the fsync itself takes time


class ArchiveWriter:
    """One per archive (lock). Recovers what a killed writer left, then writes; safe to call from any thread.

    `warcinfo` says who crawls and how; format, clock (when simulated) and the note on the transfer coding are
    added. Raises ArchiveLocked, and ArchiveWriteError when the folder cannot be written.
    """

    def __init__(  # noqa: PLR0913 — all keywords, each with a default that holds
        self,
        root: Path,
        *,
        clock: Clock,
        warcinfo: Mapping[str, str],
        prefix: str = "nianbao",
        sync_seconds: float = 1.0,
        sync_groups: int = 256,
        rotate_bytes: int = 1_000_000_000,
    ) -> None:
        self.root = root
        self.failure: ArchiveWriteError | None = None
        self.groups_written = 0
        self.groups_synced = 0
        self._layout = Layout(root)
        self._clock = clock
        self._warcinfo = dict(warcinfo)
        self._prefix = prefix
        self._sync_seconds = sync_seconds
        self._sync_groups = sync_groups
        self._rotate_bytes = rotate_bytes
        self._file: _OpenFile | None = None
        self._oldest_unsynced: float | None = None
        self._closed = False
        self._changed = threading.Condition()
        try:
            self._layout.create()
            self._lock = Lock(root)
        except OSError as error:
            raise ArchiveWriteError(_cannot_write(root, error)) from error
        try:
            self.recovered = recover_locked(self._layout)
        except OSError as error:
            self._lock.release()
            raise ArchiveWriteError(_cannot_write(root, error)) from error
        self._syncer = threading.Thread(target=self._sync_in_time, name="archive-sync", daemon=True)
        self._syncer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write_exchange(
        self, exchange: Exchange, context: CrawlContext | None, *, refers_to: Refers | None = None
    ) -> Pointer:
        """Write an attempt's group. Returns where its main record lies; raises ArchiveWriteError.

        `refers_to` is the full response that is held of what was asked for (`IndexEntry.as_original`). After
        a 304, or when the payload is the same byte for byte, a revisit is written; else a response as always.
        It must not be an answer that declines: those repeat each other (archive.md T22).
        """
        with self._changed:
            file = self._writable_file()
            return self._write(file, exchange_group(exchange, context, file.warcinfo_id, refers_to))

    def write_walk(self, walk: WalkRecord) -> Pointer:
        """Write the record of a column walk. Raises ArchiveWriteError."""
        with self._changed:
            file = self._writable_file()
            return self._write(file, walk_group(walk, file.warcinfo_id))

    def write_run(self, run: RunRecord) -> Pointer:
        """Write where a run begins, goes on or ends. Raises ArchiveWriteError."""
        with self._changed:
            file = self._writable_file()
            return self._write(file, run_group(run, file.warcinfo_id))

    def write_context(self, url: str, context: CrawlContext) -> Pointer:
        """Write that a page was met again where nothing was asked for. Raises ArchiveWriteError."""
        with self._changed:
            file = self._writable_file()
            return self._write(file, context_group(url, context, self._clock.now(), file.warcinfo_id))

    def write_conversion(
        self,
        url: str,
        payload: bytes,
        *,
        of: Pointer,
        context: CrawlContext | None = None,
        content_type: str = "text/html; charset=utf-8",
    ) -> Pointer:
        """Write the DOM that a browser made of the response `of`. Raises ArchiveWriteError."""
        with self._changed:
            file = self._writable_file()
            group = conversion_group(
                url,
                payload,
                content_type=content_type,
                of=of.record_id,
                context=context,
                date=self._clock.now(),
                warcinfo_id=file.warcinfo_id,
            )
            return self._write(file, group)

    def close(self) -> None:
        """Close the open file for good, free the archive. Raises ArchiveWriteError if anything was lost."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            try:
                if self._file is not None:
                    self._finish()
            finally:
                self._changed.notify_all()
                self._lock.release()
        self._syncer.join()
        if self.failure is not None:
            raise self.failure

    # --- under self._changed ---

    def _writable_file(self) -> _OpenFile:
        if self.failure is not None:
            raise self.failure
        if self._closed:
            raise ArchiveWriteError(f"{self.root}: 已经关闭 the writer is closed")
        now = self._clock.now()
        if self._file is not None and (self._file.size >= self._rotate_bytes or self._file.day != now.date()):
            self._finish()
        if self._file is None:
            try:
                self._file = _OpenFile(self._layout, self._layout.new_name(self._prefix, now), now)
                self._file.append([self._warcinfo_record(self._file, now)])
            except OSError as error:
                raise self._fail(error) from error
        return self._file

    def _write(self, file: _OpenFile, group: Group) -> Pointer:
        try:
            written = file.append(group.records)
            entry = index_entry(written, file.relative)
            assert entry is not None
            file.append_index(entry)
            self.groups_written += 1
            if self._oldest_unsynced is None:
                self._oldest_unsynced = time.monotonic()
                self._changed.notify_all()
            if self.groups_written - self.groups_synced >= self._sync_groups:
                os.fsync(file.handle)
                self._synced(self.groups_written)
        except OSError as error:
            raise self._fail(error) from error
        return entry.pointer

    def _finish(self) -> None:
        assert self._file is not None
        file, self._file = self._file, None
        if self.failure is not None:
            self._finish_after_failure(file)
            return
        try:
            file.close()
        except OSError as error:
            raise self._fail(error) from error
        self._synced(self.groups_written)

    def _finish_after_failure(self, file: _OpenFile) -> None:
        """The index may lack a line: recovery makes it anew, now if there is room, else at the next start."""
        file.abandon()
        with contextlib.suppress(OSError):  # the failure that stopped the writer is what gets told
            recover_locked(self._layout)

    def _synced(self, groups: int) -> None:
        self.groups_synced = max(self.groups_synced, groups)
        if self.groups_synced == self.groups_written:
            self._oldest_unsynced = None

    def _fail(self, error: OSError) -> ArchiveWriteError:
        if self.failure is None:
            self.failure = ArchiveWriteError(_cannot_write(self.root, error))
        return self.failure

    def _warcinfo_record(self, file: _OpenFile, now: datetime) -> Record:
        info = dict(self._warcinfo)
        info.setdefault("software", "nianbao")
        info |= {"format": FORMAT, "conformsTo": CONFORMS_TO, "description": TRANSFER_CODING}
        if self._clock.name != "system":
            info["clock"] = self._clock.name
        fields = (("WARC-Filename", file.name), (rec.GROUP, "1/1"))
        return Record(
            "warcinfo", file.warcinfo_id, now, rec.FIELDS, rec.warc_fields(list(info.items())), fields
        )

    # --- the thread that keeps the promise of `sync_seconds` also when no further group comes ---

    def _sync_in_time(self) -> None:
        with self._changed:
            while not self._closed:
                if self._oldest_unsynced is None or self._file is None or self.failure is not None:
                    self._changed.wait()
                    continue
                due = self._oldest_unsynced + self._sync_seconds * _EARLY - time.monotonic()
                if due > 0:
                    self._changed.wait(due)
                    continue
                self._sync_outside_the_lock(self._file)

    def _sync_outside_the_lock(self, file: _OpenFile) -> None:
        """Writers go on meanwhile; a copy of the handle survives a rotation."""
        handle, groups = os.dup(file.handle), self.groups_written
        self._oldest_unsynced = time.monotonic()  # of what is written from here on
        self._changed.release()
        failed: OSError | None = None
        try:
            os.fsync(handle)
        except OSError as error:
            failed = error
        finally:
            os.close(handle)
            self._changed.acquire()
        if failed is None:
            self._synced(groups)
        else:
            self._fail(failed)


class _OpenFile:
    """A WARC that is being written, with its index."""

    def __init__(self, layout: Layout, name: str, now: datetime) -> None:
        self.name = name
        self.relative = f"{WARC_DIR}/{name}"
        self.day = now.date()
        self.size = 0
        self.warcinfo_id = rec.new_id()
        self._layout = layout
        self._path = layout.root / self.relative
        self._index = layout.index_of(self.relative)
        self._digest = hashlib.sha256()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self.handle = os.open(with_open(self._path), flags, 0o644)
        try:
            self._index_handle = os.open(with_open(self._index), flags, 0o644)
        except OSError:
            os.close(self.handle)
            raise
        sync_folder(layout.warcs)

    def append(self, records: list[Record] | tuple[Record, ...]) -> list[RawRecord]:
        """One write(2) of the whole group; a short write is taken back. Raises OSError."""
        end, members, written = self.size, [], []
        for record in records:
            member, read_back = record.to_member(end)
            members.append(member)
            written.append(read_back)
            end += len(member)
        data = b"".join(members)
        try:
            _write_whole(self.handle, data)
        except OSError:
            os.ftruncate(self.handle, self.size)
            raise
        self._digest.update(data)
        self.size = end
        return written

    def append_index(self, entry: IndexEntry) -> None:
        _write_whole(self._index_handle, entry.line())

    def close(self) -> None:
        """fsync, sorted index, manifest, rename. What a kill leaves half-done, recovery finishes."""
        try:
            os.fsync(self.handle)
        finally:
            self.abandon()
        with with_open(self._index).open("rb") as stream:
            close_file(self._layout, self._path, stream, self._digest.hexdigest())

    def abandon(self) -> None:
        """Let go of the handles and nothing else."""
        os.close(self.handle)
        os.close(self._index_handle)


def _cannot_write(root: Path, error: OSError) -> str:
    reason = error.strerror or str(error)
    return (
        f"{root}: 档案不可写 the archive cannot be written ({reason}); 检查空间与权限 check space and rights"
    )


def _write_whole(handle: int, data: bytes) -> None:
    """One write(2). A short one means that the disk or a quota is full."""
    if os.write(handle, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
