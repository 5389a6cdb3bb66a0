"""Where things lie in an archive's folder, and who may write there.

    warc/NAME.warc.gz        closed; NAME.warc.gz.open while it is written
    index/NAME.cdxj          sorted; NAME.cdxj.open while it is written
    manifest.sha256          one line per closed file, as `sha256sum -c` reads it
    quarantine/              what recovery could not read, each with a note
    .lock                    held by the one writer

NAME is PREFIX-SERIAL-TIME-RANDOM: the serial gives the order of writing, also when a clock was set back.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from archive.warc.errors import ArchiveLocked

WARC_DIR = "warc"
INDEX_DIR = "index"
QUARANTINE_DIR = "quarantine"
MANIFEST = "manifest.sha256"
LOCK = ".lock"
WARC = ".warc.gz"
CDXJ = ".cdxj"
OPEN = ".open"

_SERIAL = re.compile(r"-(\d{6,})-\d{8}T\d{6}Z-[0-9a-f]{8}\.")


class Layout:
    """The paths of one archive."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.warcs = root / WARC_DIR
        self.indexes = root / INDEX_DIR
        self.quarantine = root / QUARANTINE_DIR
        self.manifest = root / MANIFEST

    def create(self) -> None:
        for folder in (self.warcs, self.indexes):
            folder.mkdir(parents=True, exist_ok=True)

    def new_name(self, prefix: str, now: datetime) -> str:
        """A file name after all that are there, those quarantined or kept in a store alone included."""
        last = max((serial_of(path.name) for path in self._everything()), default=0)
        return f"{prefix}-{last + 1:06d}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}{WARC}"

    def _everything(self) -> Iterable[Path]:
        for folder in (self.warcs, self.quarantine, self.indexes):  # an index stays when its file goes
            if folder.is_dir():
                yield from folder.iterdir()

    def files(self) -> list[str]:
        """All WARCs, open ones by their final name, in the order of writing; relative to the root."""
        if not self.warcs.is_dir():
            return []
        names = {path.name.removesuffix(OPEN) for path in self.warcs.iterdir()}
        kept = (name for name in names if name.endswith(WARC))
        return [f"{WARC_DIR}/{name}" for name in sorted(kept, key=lambda name: (serial_of(name), name))]

    def open_files(self) -> list[Path]:
        """What a writer left behind, or is writing now."""
        return sorted(self.warcs.glob(f"*{WARC}{OPEN}"), key=lambda path: (serial_of(path.name), path.name))

    def index_of(self, file: str) -> Path:
        """The index of a WARC, by the WARC's name."""
        return self.indexes / (Path(file).name.removesuffix(OPEN).removesuffix(WARC) + CDXJ)


def serial_of(name: str) -> int:
    """The serial in a file name; 0 for names of other makers."""
    found = _SERIAL.search(name)
    return int(found[1]) if found else 0


def with_open(path: Path) -> Path:
    return path.with_name(path.name + OPEN)


def sync_folder(folder: Path) -> None:
    """Makes renames in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Lock:
    """One writer per archive. The system frees it when the process ends, however it ends."""

    def __init__(self, root: Path) -> None:
        path = root / LOCK
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._take()
        except OSError as error:
            holder = os.pread(self._handle, 32, 0).decode("ascii", "replace").strip()
            os.close(self._handle)
            raise ArchiveLocked(
                f"{root}: 另一个进程正在写入 another process is writing here"
                f"{f' (pid {holder})' if holder else ''}; 等它结束再试 wait until it has ended"
            ) from error
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)

    def _take(self) -> None:
        """Tries for a moment: verification looks at the lock too, for less than that."""
        for patience in (0.02, 0.05, 0.1, None):
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if patience is None:
                    raise
                time.sleep(patience)
            else:
                return

    def release(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
