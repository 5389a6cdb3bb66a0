"""Lines of an index file: parsed, found by key without reading them all, relied on while a file grows."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.warc.errors import ArchiveDamaged
from archive.warc.index import IndexEntry, parse_line
from archive.warc.layout import WARC_DIR


def parsed(index: Path, line: bytes) -> IndexEntry:
    try:
        return parse_line(line, WARC_DIR)
    except (ValueError, IndexError) as error:
        raise ArchiveDamaged(index, f"索引行无法读取 unreadable index line: {line[:80]!r}") from error


def growing(index: bytes, size: int) -> list[IndexEntry]:
    """The lines of an open index that can be relied on; what follows them is read from the file itself.

    After a kill a group may lie there without its line, after a power cut a line without its group.
    The last line that fits is left to the file too: its group may not be whole.
    """
    entries: list[IndexEntry] = []
    for line in index.splitlines(keepends=True):
        try:
            entry = parse_line(line, WARC_DIR)
        except (ValueError, IndexError):
            break
        if not line.endswith(b"\n") or entry.offset + entry.length > size:
            break
        entries.append(entry)
    return entries[:-1]


def lines_with(keys: Sequence[bytes], index: Path) -> Iterator[bytes]:
    """The lines of a sorted index that begin with one of these keys, by bisection."""
    with index.open("rb") as stream:
        if stream.read(1) == b"":
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
            for key in keys:
                yield from _lines_from(view, key + b" ")


def _lines_from(view: mmap.mmap, wanted: bytes) -> Iterator[bytes]:
    low, high = 0, len(view)
    while low < high:
        start = view.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = view.find(b"\n", start)
        end = len(view) if end < 0 else end
        if view[start:end] < wanted:
            low = end + 1
        else:
            high = start
    view.seek(min(low, len(view)))  # an index whose last newline is damaged ends before the place behind it
    while (line := view.readline()).startswith(wanted):
        yield line
