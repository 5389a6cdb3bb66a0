"""Which groups an export takes: those asked for, whole, and the responses that they repeat."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from archive.clock import SHANGHAI
from archive.warc import record as rec
from archive.warc.errors import ArchiveDamaged
from archive.warc.group import context_fields, grouped, index_entry
from archive.warc.index import IndexEntry, parse_date
from archive.warc.layout import OPEN, Layout
from archive.warc.members import TornFileError, walk_records
from archive.warc.record import RawRecord


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: of one portal (its id), of days in China, both ends included. Empty: everything.

    What is `withheld` never goes, nor what repeats or shows it (practice.md §7).
    """

    portal: str | None = None
    since: date | None = None
    until: date | None = None
    withheld: frozenset[str] = frozenset()  # digests of payloads that are not passed on, in lower case

    @property
    def everything(self) -> bool:
        return (self.portal, self.since, self.until) == (None, None, None)

    def takes(self, moment: datetime, portals: Sequence[str]) -> bool:
        """Is a group of this date and these portals asked for?"""
        day = moment.astimezone(SHANGHAI).date()
        return (
            (self.portal is None or self.portal in portals)
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
        )


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A group: bytes `start` to `end` of its file, what the index says of it, and what it refers to."""

    start: int
    end: int
    date: datetime
    entry: IndexEntry | None
    refers: str | None


@dataclass(slots=True)
class FilePart:
    """What is taken of one closed file. `head` ends its warcinfo (0: none); `groups` in order."""

    file: str
    size: int
    head: int
    is_part_of: str | None
    groups: list[GroupPlace]
    whole: bool = True
    cut: bool = False  # something in it is not passed on

    def ranges(self) -> list[tuple[int, int]]:
        """The bytes to copy, in order, neighbours joined."""
        if self.whole:
            return [(0, self.size)]
        joined = [(0, self.head)] if self.head else []
        for group in self.groups:
            if joined and joined[-1][1] == group.start:
                joined[-1] = (joined[-1][0], group.end)
            else:
                joined.append((group.start, group.end))
        return joined

    def entries_moved(self) -> Iterator[tuple[IndexEntry, int]]:
        """The index entries, each with its offset in the copy."""
        ranges = iter(self.ranges())
        start, end = next(ranges)
        before = 0
        for group in self.groups:
            while group.start >= end:
                before += end - start
                start, end = next(ranges)
            if group.entry is not None:
                yield group.entry, group.entry.offset - start + before


@dataclass(slots=True)
class Selection:
    """The parts in order of writing, and how many groups came along only as what others repeat."""

    parts: list[FilePart] = field(default_factory=list)
    targets: int = 0
    withheld: int = 0  # groups left out because they may not be passed on
    notes: list[str] = field(default_factory=list)


def select(layout: Layout, wanted: Wanted) -> Selection:
    """Walks every closed file once. Raises ArchiveDamaged where a record is not whole."""
    selection = Selection()
    left: list[list[GroupPlace]] = []
    files = layout.files()
    still_open = {path.name.removesuffix(OPEN) for path in layout.open_files()}  # after: a crawl may go on
    for file in files:
        if Path(file).name in still_open:
            continue
        part, rest = _walked(layout.root / file, file, wanted)
        selection.parts.append(part)
        left.append(rest)
    out = _withheld([*(part.groups for part in selection.parts), *left], wanted.withheld)
    for number, part in enumerate(selection.parts):
        selection.withheld += sum(_names(group) in out for group in part.groups)
        part.cut = any(_names(group) in out for group in (*part.groups, *left[number]))
        part.groups = [group for group in part.groups if _names(group) not in out]
        left[number] = [group for group in left[number] if _names(group) not in out]
    _take_targets(selection, left)
    for part, rest in zip(selection.parts, left, strict=True):
        part.whole = not rest and not part.cut
    return selection


def _withheld(places: Sequence[Sequence[GroupPlace]], digests: frozenset[str]) -> frozenset[str]:
    """The ids of the groups with these payloads, and of those that repeat one or were drawn from one."""
    if not digests:
        return frozenset()
    groups = [group for some in places for group in some]
    out: set[str] = set()
    before = -1
    while before < len(out):
        before = len(out)
        for group in groups:
            name = _names(group)
            if name is not None and (_has_digest(group, digests) or group.refers in out):
                out.add(name)
    return frozenset(out)


def _has_digest(group: GroupPlace, digests: frozenset[str]) -> bool:
    return group.entry is not None and (group.entry.digest or "").lower() in digests


def _take_targets(selection: Selection, left: list[list[GroupPlace]]) -> None:
    """Without the response that it repeats a revisit shows nothing; nor does a DOM prove anything."""
    taken = [group for part in selection.parts for group in part.groups]
    held = {_names(group) for group in taken}
    needed: set[str | None] = {group.refers for group in taken if group.refers is not None}
    needed -= held
    for number, part in enumerate(selection.parts):
        found = [group for group in left[number] if _names(group) in needed]
        left[number] = [group for group in left[number] if _names(group) not in needed]
        needed -= {_names(group) for group in found}
        selection.targets += len(found)
        part.groups = sorted([*part.groups, *found], key=lambda group: group.start)
    selection.notes += [
        f"所指的原始响应不在档案中，无法回放 what a revisit repeats is not held: {record_id}"
        for record_id in sorted(map(str, needed))
    ]


def _names(group: GroupPlace) -> str | None:
    """The id by which another group can refer to this one."""
    return None if group.entry is None else group.entry.record_id


def _walked(path: Path, file: str, wanted: Wanted) -> tuple[FilePart, list[GroupPlace]]:
    """(what was asked for, the other groups)."""
    part = FilePart(file, path.stat().st_size, 0, None, [])
    rest: list[GroupPlace] = []
    with path.open("rb") as stream:
        try:
            for group in grouped(walk_records(stream)):
                end = group[-1].offset + group[-1].length
                if group[0].kind == "warcinfo" and group[0].offset == 0:
                    part.head = end
                    part.is_part_of = rec.parse_fields(group[0].block).get("isPartOf")
                    continue
                place = _placed(group, file, end)
                taken = wanted.everything or wanted.takes(place.date, _portals(group))
                (part.groups if taken else rest).append(place)
        except TornFileError as torn:
            raise ArchiveDamaged(path, torn.reason, torn.offset) from torn
        except ValueError as error:  # a date or a JSON block
            raise ArchiveDamaged(path, f"记录无法读取 unreadable record ({error})") from error
    return part, rest


def _placed(group: Sequence[RawRecord], file: str, end: int) -> GroupPlace:
    entry = index_entry(group, file)
    moment = entry.date if entry is not None else parse_date(group[0].get("WARC-Date") or "")
    main = next((record for record in group if record.kind in ("revisit", "conversion")), None)
    refers = main.get("WARC-Refers-To") if main is not None else None
    return GroupPlace(group[0].offset, end, moment, entry, refers)


def _portals(group: Sequence[RawRecord]) -> tuple[str, ...]:
    """The portals that a group tells of: by its crawl context, a walk's or a run's own record."""
    main = next((record for record in group if record.get(rec.KIND)), None)
    if main is not None and main.content_type == rec.JSON:
        said = json.loads(main.block)
        return tuple(said.get("portals") or (said.get("portal"),))
    portal = context_fields(group).get("portal")
    return (portal,) if portal else ()
