"""What can go wrong in the archive. None is an OSError: Scrapy retries those (archive.md T12)."""

from __future__ import annotations

from pathlib import Path


class ArchiveError(Exception):
    """Base of the archive's errors; the message is one line for a person."""


class ArchiveWriteError(ArchiveError):
    """A group could not be written. Whoever gets this must stop: nothing goes on without a record."""


class ArchiveLocked(ArchiveError):  # noqa: N818 — the name is the contract of the rooms
    """Another writer holds the archive."""


class ArchiveDamaged(ArchiveError):  # noqa: N818
    """A file that is no WARC, or a record that is not where it should be, or not whole."""

    def __init__(self, path: Path | str, reason: str, offset: int | None = None) -> None:
        where = f"{path}" if offset is None else f"{path} @ {offset}"
        super().__init__(f"{where}: {reason}")
        self.path = Path(path)
        self.offset = offset
        self.reason = reason
