"""What a killed writer left: its whole groups kept, indexed again, closed (archive.md §2 K, §3.3).

As a rule the end alone is torn, and is cut off. Damage in the middle (a bad disk, pages lost in a power cut)
takes only the groups that it hit: the whole ones on both sides of it go on into the file that is closed.
What is taken out lies in quarantine/, byte for byte, each piece with a note.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.warc import manifest
from archive.warc.closing import close_file
from archive.warc.group import index_entry
from archive.warc.layout import OPEN, WARC_DIR, Layout, Lock, sync_folder, with_open
from archive.warc.members import TornFileError, next_record, walk_records
from archive.warc.record import RawRecord

_DRAFT = ".new"


@dataclass(frozen=True, slots=True)
class _Lost:
    """Bytes that are no whole group."""

    start: int
    end: int
    reason: str


@dataclass(slots=True)
class _Survey:
    """What a file holds: index lines, groups with a line, and what lies between whole groups."""

    lines: list[bytes] = field(default_factory=list)
    groups: int = 0
    lost: list[_Lost] = field(default_factory=list)
    end: int = 0  # of the last whole group

    def keep(self, group: Sequence[RawRecord], file: str, reason: str | None) -> None:
        """A whole group; `reason` says why the bytes between the one before and it are lost, if any are."""
        if group[0].offset > self.end:
            self.lost.append(_Lost(self.end, group[0].offset, reason or ""))
        entry = index_entry(group, file)
        if entry is not None:
            self.lines.append(entry.line())
            self.groups += 1
        self.end = group[-1].offset + group[-1].length


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of one file. `cut` bytes were no whole group and lie in quarantine/ as `quarantined`.

    `reason` says why, for the first of them. When bytes before other groups were taken out, the groups that
    follow lie nearer to the beginning than before: pointers into the file are to be had from its new index.
    """

    file: str
    groups: int
    cut: int
    quarantined: tuple[str, ...]
    reason: str | None


def recover(root: Path) -> list[Recovered]:
    """Close every file that a killed writer left open. Raises ArchiveLocked while a writer is at work."""
    layout = Layout(root)
    layout.create()
    lock = Lock(root)
    try:
        return recover_locked(layout)
    finally:
        lock.release()


def recover_locked(layout: Layout) -> list[Recovered]:
    """The same, for the holder of the lock. Twice is as good as once. Raises OSError."""
    manifest.mend(layout.manifest)
    done = [_recover_file(layout, path) for path in layout.open_files()]
    drafts = (*layout.indexes.glob("*.new"), *layout.warcs.glob(f"*{OPEN}{_DRAFT}"))
    for leftover in (*layout.indexes.glob(f"*{OPEN}"), *drafts):
        leftover.unlink()
    return [entry for entry in done if entry is not None]


def _recover_file(layout: Layout, opened: Path) -> Recovered | None:
    size = opened.stat().st_size
    if size == 0:  # killed between open and the first write: it holds nothing
        opened.unlink()
        return None
    found = _survey(opened)
    lost = found.lost
    quarantined = tuple([_quarantine(layout, opened, piece) for piece in lost])
    cut, reason = sum(piece.end - piece.start for piece in lost), lost[0].reason if lost else None
    final = opened.with_name(opened.name.removesuffix(OPEN))
    file = f"{WARC_DIR}/{final.name}"
    if cut == size:
        opened.unlink()
        with_open(layout.index_of(file)).unlink(missing_ok=True)
        sync_folder(layout.warcs)
        return Recovered(file, 0, cut, quarantined, reason)
    if lost and lost[0].end < size:
        _write_without(opened, lost)
        found = _survey(opened)
    else:
        _cut_off(opened, lost[0].start if lost else size)
    close_file(layout, final, found.lines, manifest.file_digest(opened))
    return Recovered(file, found.groups, cut, quarantined, reason)


def _cut_off(opened: Path, end: int) -> None:
    handle = os.open(opened, os.O_RDWR)
    try:
        os.ftruncate(handle, end)
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_without(opened: Path, lost: Sequence[_Lost]) -> None:
    """The file without these pieces takes its place in one step; a kill before that leaves it as it was."""
    draft = opened.with_name(opened.name + _DRAFT)
    starts = [0, *(piece.end for piece in lost)]
    ends = [*(piece.start for piece in lost), opened.stat().st_size]
    with draft.open("wb") as target:
        for start, end in zip(starts, ends, strict=True):
            for piece in _pieces(opened, start, end):
                target.write(piece)
        target.flush()
        os.fsync(target.fileno())
    draft.replace(opened)
    sync_folder(opened.parent)


def _survey(opened: Path) -> _Survey:
    found = _Survey()
    reason: str | None = None  # why the bytes after the last whole group are lost
    start: int | None = 0
    home: str | None = None
    group: list[RawRecord] = []
    file = f"{WARC_DIR}/{opened.name.removesuffix(OPEN)}"
    with opened.open("rb") as stream:
        while start is not None:
            try:
                for record in walk_records(stream, start):
                    home = home or _home(record)
                    group.append(record)
                    if not _fits(group) or _home(record) != home:
                        reason = reason or f"@ {record.offset}: 记录不在其组内 a record out of its group"
                        group = [record] if _begins(record) and _home(record) == home else []
                    if not group:
                        continue
                    if record.place == (len(group), len(group)):
                        found.keep(group, file, reason)
                        reason, group = None, []
                start = None
            except TornFileError as torn:
                reason, group = reason or str(torn), []
                start = next_record(stream, torn.offset)
    if found.end < (size := opened.stat().st_size):
        reason = reason or f"@ {found.end}: 最后一组不完整 the last group is not whole"
        found.lost.append(_Lost(found.end, size, reason))
    return found


def _fits(group: Sequence[RawRecord]) -> bool:
    """Is the newest record the one that the group waits for?"""
    place, first = group[-1].place, group[0].place
    return place is not None and first is not None and place == (len(group), first[1])


def _begins(record: RawRecord) -> bool:
    return record.place is not None and record.place[0] == 1


def _home(record: RawRecord) -> str | None:
    """The warcinfo that a record belongs to. Behind a damage an archived WARC may show its own records."""
    return record.record_id if record.kind == "warcinfo" else record.get("WARC-Warcinfo-ID")


def _quarantine(layout: Layout, opened: Path, lost: _Lost) -> str:
    """Copies these bytes, with a note, before they are taken out. Nothing is thrown away."""
    layout.quarantine.mkdir(exist_ok=True)
    name = f"{opened.name.removesuffix(OPEN)}.from-{lost.start}"
    target = layout.quarantine / name
    with target.open("wb") as copy:
        for piece in _pieces(opened, lost.start, lost.end):
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    note = (
        f"来自 from: {WARC_DIR}/{opened.name}, bytes {lost.start}–{lost.end - 1}\n"
        f"原因 reason: {lost.reason}\n"
        "这些字节不构成完整的一组记录；其前其后的完整记录已正常关闭。\n"
        "These bytes are no whole group of records; the whole ones before and behind were closed as usual.\n"
    )
    (layout.quarantine / f"{name}.note.txt").write_text(note, encoding="utf-8")
    sync_folder(layout.quarantine)
    return f"{layout.quarantine.name}/{name}"


def _pieces(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(start)
        while start < end and (piece := stream.read(min(1 << 20, end - start))):
            start += len(piece)
            yield piece
