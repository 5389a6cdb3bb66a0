"""What a killed writer left: cut to the last whole group, indexed again, closed (archive.md §2 K, §3.3)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.warc import manifest
from archive.warc.closing import close_file
from archive.warc.group import index_entry
from archive.warc.layout import OPEN, WARC_DIR, Layout, Lock, sync_folder, with_open
from archive.warc.members import TornFileError, walk_records
from archive.warc.record import RawRecord


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of one file. `cut` bytes were no whole group and lie in quarantine/ as `quarantined`."""

    file: str
    groups: int
    cut: int
    quarantined: str | None
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
    for leftover in (*layout.indexes.glob(f"*{OPEN}"), *layout.indexes.glob("*.new")):
        leftover.unlink()
    return [entry for entry in done if entry is not None]


def _recover_file(layout: Layout, opened: Path) -> Recovered | None:
    size = opened.stat().st_size
    if size == 0:  # killed between open and the first write: it holds nothing
        opened.unlink()
        return None
    lines, groups, end, reason = _whole_groups(opened)
    quarantined = _quarantine(layout, opened, end, reason) if end < size else None
    final = opened.with_name(opened.name.removesuffix(OPEN))
    file = f"{WARC_DIR}/{final.name}"
    if end == 0:
        opened.unlink()
        with_open(layout.index_of(file)).unlink(missing_ok=True)
        sync_folder(layout.warcs)
        return Recovered(file, 0, size, quarantined, reason)
    handle = os.open(opened, os.O_RDWR)
    try:
        os.ftruncate(handle, end)
        os.fsync(handle)
    finally:
        os.close(handle)
    close_file(layout, final, lines, manifest.file_digest(opened))
    return Recovered(file, groups, size - end, quarantined, reason)


def _whole_groups(opened: Path) -> tuple[list[bytes], int, int, str | None]:
    """(index lines, groups, end of the last whole group, why it ends there)."""
    lines: list[bytes] = []
    group: list[RawRecord] = []
    groups, end = 0, 0
    file = f"{WARC_DIR}/{opened.name.removesuffix(OPEN)}"
    with opened.open("rb") as stream:
        try:
            for record in walk_records(stream):
                group.append(record)
                if not _fits(group):
                    return lines, groups, end, f"@ {record.offset}: 记录不在其组内 a record out of its group"
                if record.place == (len(group), len(group)):
                    entry = index_entry(group, file)
                    if entry is not None:
                        lines.append(entry.line())
                        groups += 1
                    end = record.offset + record.length
                    group = []
        except TornFileError as torn:
            return lines, groups, end, str(torn)
    reason = f"@ {end}: 最后一组不完整 the last group is not whole" if group else None
    return lines, groups, end, reason


def _fits(group: Sequence[RawRecord]) -> bool:
    """Is the newest record the one that the group waits for?"""
    place, first = group[-1].place, group[0].place
    return place is not None and first is not None and place == (len(group), first[1])


def _quarantine(layout: Layout, opened: Path, end: int, reason: str | None) -> str:
    """Copies the bytes from `end` on, with a note, before they are cut off. Nothing is thrown away."""
    layout.quarantine.mkdir(exist_ok=True)
    name = f"{opened.name.removesuffix(OPEN)}.from-{end}"
    target = layout.quarantine / name
    with opened.open("rb") as source, target.open("wb") as copy:
        source.seek(end)
        while piece := source.read(1 << 20):
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    note = (
        f"来自 from: {WARC_DIR}/{opened.name}, byte {end}\n"
        f"原因 reason: {reason}\n"
        "这些字节不构成完整的一组记录；其前的内容已正常关闭。\n"
        "These bytes are no whole group of records; what came before them was closed as usual.\n"
    )
    (layout.quarantine / f"{name}.note.txt").write_text(note, encoding="utf-8")
    sync_folder(layout.quarantine)
    return f"{layout.quarantine.name}/{name}"
