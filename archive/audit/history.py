"""What former crawls did, from the archive alone: how long, how much, how they ended, what fewer they found.

Without a memory beside the archive, as archive.audit.due. Reports stay held whatever a later crawl finds;
where a whole walk saw fewer of them than the whole walk before it, that is said here, by column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from archive.context import RowOutcome, RunEvent, RunRecord, WalkKind, WalkRecord
from archive.warc.reader import ArchiveReader


@dataclass(frozen=True, slots=True)
class Fewer:
    """A column whose last whole walk listed fewer reports than the whole walk before, of the same years."""

    portal: str
    column: str
    before: int
    now: int
    before_run: str


@dataclass(frozen=True, slots=True)
class RunHistory:
    """One crawl. `ended` is None for one that was cut off; `bytes` are those of its groups, as compressed."""

    run: str
    began: datetime
    ended: datetime | None
    full: bool
    portals: tuple[str, ...]
    years: tuple[int, ...]
    resumed: int
    captures: int
    bytes: int
    walks: tuple[WalkRecord, ...]  # of columns
    fewer: tuple[Fewer, ...] = ()
    reason: str | None = None  # how it ended, Scrapy's word

    @property
    def whole(self) -> int:
        """Columns walked to their end."""
        return sum(walk.complete for walk in self.walks)

    @property
    def reports(self) -> int:
        """Rows of its columns that are reports, held before or not."""
        return sum(_reports(walk) for walk in self.walks)


@dataclass(slots=True)
class _Books:
    """A run while the archive is read."""

    began: RunRecord
    ended: RunRecord | None = None
    resumed: int = 0
    captures: int = 0
    bytes: int = 0
    walks: list[WalkRecord] = field(default_factory=list)


def read_history(reader: ArchiveReader) -> tuple[RunHistory, ...]:
    """Every run of the archive, by its beginning. Raises ArchiveDamaged.

    One crawl writes at a time (the archive is locked): what stands between two beginnings is the first one's.
    """
    runs: dict[str, _Books] = {}
    records = dict(reader.runs())
    current: _Books | None = None
    for entry in reader.entries():
        if entry.kind == "run":
            current = _marked(runs, records[entry.pointer])
        if current is None:
            continue
        current.bytes += entry.length
        current.captures += entry.kind == "capture"
        if entry.kind == "walk":
            walk = reader.walk(entry)
            if walk.kind is WalkKind.COLUMN:
                current.walks.append(walk)
    return tuple(_with_fewer(runs.values()))


def _marked(runs: dict[str, _Books], record: RunRecord) -> _Books | None:
    """The books that go on from this mark; None where its beginning lies in no file that is here."""
    if record.event is RunEvent.BEGAN:
        runs[record.run] = _Books(record)
    books = runs.get(record.run)
    if books is not None and record.event is RunEvent.RESUMED:
        books.resumed += 1
    if books is not None and record.event is RunEvent.ENDED:
        books.ended = record
    return books


def _with_fewer(runs: Iterable[_Books]) -> Iterator[RunHistory]:
    """In time, each whole walk held against the last whole one of its column and years."""
    last: dict[tuple[str, str, tuple[int, ...]], WalkRecord] = {}
    for books in sorted(runs, key=lambda books: books.began.at):
        fewer: list[Fewer] = []
        for walk in books.walks:
            if not walk.complete:
                continue
            key = (walk.portal, walk.column, walk.years)
            former = last.get(key)
            if former is not None and _reports(walk) < _reports(former):
                fewer.append(Fewer(*key[:2], _reports(former), _reports(walk), former.run))
            last[key] = walk
        began, ended = books.began, books.ended
        yield RunHistory(
            run=began.run,
            began=began.at,
            ended=ended.at if ended else None,
            full=began.full,
            portals=began.portals,
            years=began.years,
            resumed=books.resumed,
            captures=books.captures,
            bytes=books.bytes,
            walks=tuple(books.walks),
            fewer=tuple(fewer),
            reason=ended.reason if ended else None,
        )


def _reports(walk: WalkRecord) -> int:
    return sum(row.outcome is not RowOutcome.SKIPPED for row in walk.rows)
