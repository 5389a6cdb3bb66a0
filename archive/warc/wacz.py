"""WACZ 1.1.1: an archive, or a part of it, as one file that replay programs open. An export, never a store.

What is taken whole is the file as it lies there, byte for byte. Of a file that is taken in part whole groups
are copied, member by member, into a WARC of another name; its warcinfo comes along and still names the file
that the records were taken from. The same input gives the same bytes: everything is in order, and no time of
the export is written.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from archive.context import Role
from archive.warc import manifest
from archive.warc.capture import Capture
from archive.warc.errors import ArchiveDamaged, ArchiveError
from archive.warc.index import IndexEntry
from archive.warc.layout import WARC, Layout, sync_folder
from archive.warc.reader import ArchiveReader
from archive.warc.wacz_package import Package
from archive.warc.wacz_select import FilePart, Wanted, select
from archive.warc.wire import NOT_MODIFIED

PAGE_ROLES = frozenset({Role.COLUMN, Role.LIST, Role.REPORT})
_PIECE = 1 << 20


class NothingToExport(ArchiveError):  # noqa: N818 — as the others of archive.warc.errors
    """No group of that portal and those days lies in a closed file."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What the list of pages and its text index say of a page."""

    title: str
    text: str


TextOf = Callable[[Capture], PageText | None]  # None: not a page that one opens (a list as JSON)


@dataclass(slots=True)
class WaczSummary:
    """What was exported; `left_open` are files that a writer has not closed, `notes` for a person."""

    files: int = 0
    groups: int = 0
    pages: int = 0
    targets: int = 0  # responses that were not asked for, but are repeated by one that was
    left_open: list[str] = field(default_factory=list)
    withheld: int = 0  # groups that may not be passed on (suppress.jsonl)
    notes: list[str] = field(default_factory=list)


def export(root: Path, target: Path, wanted: Wanted, text_of: TextOf, *, title: str) -> WaczSummary:
    """Write the WACZ `target`: a draft beside it, renamed once whole.

    Raises ArchiveDamaged where a file is not what the manifest or its records say, ArchiveError where sample
    and real data would be mixed, NothingToExport, OSError where `target` cannot be written.
    """
    layout = Layout(root)
    summary = WaczSummary(left_open=[path.name for path in layout.open_files()])
    selection = select(layout, wanted)
    summary.notes += selection.notes
    _demand_one_kind({part.is_part_of for part in selection.parts if part.groups})
    parts = [part for part in selection.parts if part.groups]
    if not parts:
        raise NothingToExport("没有可导出的记录 nothing to export: 请检查门户和日期 check portal and dates")
    summary.files, summary.targets, summary.withheld = len(parts), selection.targets, selection.withheld
    summary.groups = sum(len(part.groups) for part in parts)
    draft = target.with_name(f"{target.name}.part")
    try:
        with draft.open("w+b") as stream:
            with Package(stream) as package:
                _write_records(package, layout, parts)
                pages = _page_lines(ArchiveReader(root), _page_entries(parts), text_of, summary)
                package.write_pages(title, pages)
                package.describe(_described(title, parts))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(target.parent)
    return summary


def _write_records(package: Package, layout: Layout, parts: Sequence[FilePart]) -> None:
    listed, _ = manifest.read(layout.manifest)
    lines: list[bytes] = []
    for part in parts:
        lines += _write_warc(package, layout.root, part, listed)
    package.write_index(sorted(lines))


def _write_warc(package: Package, root: Path, part: FilePart, listed: dict[str, str]) -> list[bytes]:
    """One WARC of the package; the index lines of what can be replayed from it."""
    name = part_name(part)
    digest = hashlib.sha256()
    with (root / part.file).open("rb") as source, package.member(f"archive/{name}", stored=True) as copy:
        for start, end in part.ranges():
            source.seek(start)
            left = end - start
            while left:
                piece = source.read(min(_PIECE, left))
                if not piece:
                    raise ArchiveDamaged(root / part.file, "文件变短了 the file became shorter")
                copy.write(piece)
                digest.update(piece)
                left -= len(piece)
    if part.whole and listed.get(part.file) != digest.hexdigest():
        raise ArchiveDamaged(root / part.file, "内容与清单不符 its content differs from the manifest")
    return [
        replace(entry, file=name, offset=offset).line()
        for entry, offset in part.entries_moved()
        if is_playable(entry)
    ]


def part_name(part: FilePart) -> str:
    """The name in the package: a part is never taken for the file, nor for another part of it."""
    name = Path(part.file).name
    if part.whole:
        return name
    taken = hashlib.sha256(repr(part.ranges()).encode()).hexdigest()[:8]
    return f"{name.removesuffix(WARC)}-part-{taken}{WARC}"


def is_playable(entry: IndexEntry) -> bool:
    """Is this an answer that a replay can show? A 304 shows nothing; what it refers to does."""
    return entry.kind == "capture" and entry.status not in (0, NOT_MODIFIED)


def _page_entries(parts: Sequence[FilePart]) -> list[IndexEntry]:
    """The pages, each content of each address once, at its first date."""
    first: dict[tuple[str, str | None], IndexEntry] = {}
    found = [group.entry for part in parts for group in part.groups if group.entry is not None]
    for entry in sorted(found, key=lambda entry: (entry.date, entry.record_id)):
        if is_playable(entry) and entry.status == 200 and entry.role in PAGE_ROLES:
            first.setdefault((entry.url, entry.digest), entry)
    return list(first.values())


def _page_lines(
    reader: ArchiveReader, entries: Sequence[IndexEntry], text_of: TextOf, summary: WaczSummary
) -> Iterator[dict[str, str]]:
    for entry in entries:
        page = text_of(reader.capture(entry))
        if page is None:
            continue
        summary.pages += 1
        yield {
            "id": str(UUID(entry.record_id.strip("<>"))),
            "url": entry.url,
            "ts": _second(entry.date),
            "title": page.title,
            "text": page.text,
        }


def _second(moment: datetime) -> str:
    """To the second, as the index has it: replay looks a page up by both."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _described(title: str, parts: Sequence[FilePart]) -> dict[str, Any]:
    """The head of datapackage.json. `created` is the date of the last record: the export has no date."""
    last = max(group.date for part in parts for group in part.groups)
    return {"title": title, "created": _second(last), "software": "nianbao"}


def _demand_one_kind(kinds: set[str | None]) -> None:
    if len(kinds) > 1:
        told = "、".join(sorted(kind or "—" for kind in kinds))
        raise ArchiveError(
            f"样例与真实数据不可混在一起导出 sample and real data do not mix (isPartOf: {told})"
        )
