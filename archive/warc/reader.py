"""Reads an archive, also while it is written: in the order of writing, or one record by its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archive.context import RunRecord, WalkRecord
from archive.warc import coding, lookup, wire
from archive.warc import record as rec
from archive.warc.answers import FOLLOWING, Answer, read_along, read_answer
from archive.warc.capture import Capture, ContextNote, Conversion, Pointer, Refers
from archive.warc.errors import ArchiveDamaged
from archive.warc.group import FACTS, context_fields, grouped, index_entry, refers_of
from archive.warc.index import IndexEntry, entry_key, parse_date, parse_place
from archive.warc.layout import OPEN, WARC_DIR, Layout, with_open
from archive.warc.members import TornFileError, walk_records
from archive.warc.record import BadRecordError, RawRecord, read_member
from archive.warc.wire import NOT_MODIFIED

DRAWN_STATUS = 200  # only of a page that was there is a drawn form kept
_OF_THE_MESSAGE = ("transfer-encoding", "x-orig-transfer-encoding", "connection", "keep-alive", "trailer")


class ArchiveReader:
    """Holds no file open; a pointer stays good when its file is closed and renamed.

    Raises ArchiveDamaged (it names the file) for whatever is not as the index says. An archive without a
    folder is empty.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._layout = Layout(root)

    def entries(self) -> Iterator[IndexEntry]:
        """Every capture and walk in the order of writing, from the indexes; cheap."""
        for file in self._layout.files():
            yield from self._entries_of(file)

    def entries_since(self, moment: datetime) -> Iterator[IndexEntry]:
        """Entries from `moment` on, by the newest files alone: the first older one ends the look back."""
        for file in reversed(self._layout.files()):
            entries = self._entries_of(file)
            recent = [entry for entry in entries if entry.date >= moment]
            yield from recent
            if entries and not recent:
                return

    def find(self, url: str) -> list[IndexEntry]:
        """The captures of exactly this URL (fragment aside), failed ones included, in order of writing."""
        wanted = url.partition("#")[0]
        keys = [entry_key(wanted, "capture", status).encode() for status in (200, NOT_MODIFIED, 0)]
        found: list[IndexEntry] = []
        for file in self._layout.files():
            index = self._layout.index_of(file)
            if index.exists():
                entries = [lookup.parsed(index, line) for line in lookup.lines_with(keys, index)]
                entries.sort(key=lambda entry: entry.offset)
            else:
                entries = self._entries_of(file)
            found += [entry for entry in entries if entry.kind == "capture" and entry.url == wanted]
        return found

    def capture(self, place: IndexEntry | Pointer, *, original: IndexEntry | None = None) -> Capture:
        """The capture that lies there, content coding undone, with the context of its group.

        `original`: what a revisit is known to repeat; without it the indexes are searched for that.
        """
        pointer = _pointer(place)
        with self._opened(pointer.file) as stream:
            return self._capture_in(stream, pointer, original)

    def captures(self) -> Iterator[Capture]:
        """All captures in the order of writing."""
        for file in self._layout.files():
            pointers = self._captures_of(file)
            if pointers:
                with self._opened(file) as stream:
                    for pointer, member, rest in read_along(stream, pointers):
                        yield self._capture(stream, pointer, member, rest)

    def walk(self, place: IndexEntry | Pointer) -> WalkRecord:
        """The walk record that lies there."""
        pointer = _pointer(place)
        record = self._records_from(pointer)[0]
        try:
            return WalkRecord.model_validate_json(record.block)
        except ValueError as error:
            reason = f"不是栏目巡查记录 no walk record ({str(error).splitlines()[0]})"
            raise ArchiveDamaged(self._path(pointer.file), reason, pointer.offset) from error

    def walks(self) -> Iterator[tuple[Pointer, WalkRecord]]:
        """All walk records in the order of writing."""
        for entry in self.entries():
            if entry.kind == "walk":
                yield entry.pointer, self.walk(entry)

    def runs(self) -> Iterator[tuple[Pointer, RunRecord]]:
        """Where runs began, went on and ended, in the order of writing."""
        for entry in self.entries():
            if entry.kind != "run":
                continue
            record = self._records_from(entry.pointer)[0]
            try:
                yield entry.pointer, RunRecord.model_validate_json(record.block)
            except ValueError as error:
                reason = f"不是采集记录 no run record ({str(error).splitlines()[0]})"
                raise ArchiveDamaged(self._path(entry.file), reason, entry.offset) from error

    def files_of(self, run: str) -> list[str]:
        """The files that a run wrote, by their warcinfo records, in the order of writing."""
        return [file for file in self._layout.files() if self._warcinfo(file).get("run") == run]

    def _warcinfo(self, file: str) -> dict[str, str]:
        with self._opened(file) as stream:
            try:
                first = next(walk_records(stream, piece=FOLLOWING), None)
            except TornFileError:
                return {}
        if first is None or first.kind != "warcinfo":
            return {}
        return rec.parse_fields(first.block)

    def contexts(self) -> Iterator[ContextNote]:
        """The pages that were met again and not asked for, in the order of writing."""
        for entry in self.entries():
            if entry.kind == "context":
                fields = context_fields(self._records_from(entry.pointer))
                yield ContextNote(entry.pointer, entry.url, entry.date, fields)

    def conversions(self) -> Iterator[Conversion]:
        """The rendered pages, in the order of writing."""
        for entry in self.entries():
            if entry.kind == "conversion":
                yield self.conversion(entry)

    def conversion(self, place: IndexEntry | Pointer) -> Conversion:
        """The rendered page that lies there."""
        pointer = _pointer(place)
        main, *rest = self._records_from(pointer)
        return Conversion(
            pointer=pointer,
            url=main.get("WARC-Target-URI") or "",
            date=parse_date(main.get("WARC-Date") or ""),
            content_type=main.content_type,
            payload=main.block,
            of=main.get("WARC-Refers-To"),
            context=context_fields(rest),
        )

    def original(self, refers: Refers) -> IndexEntry | None:
        """The full response that a revisit refers to; None if the archive does not hold it."""
        held = self.find(refers.url)
        return next((entry for entry in held if entry.record_id == refers.record_id), None)

    def _revisited(
        self, pointer: Pointer, main: RawRecord, rest: list[RawRecord], known: IndexEntry | None
    ) -> Capture:
        refers = refers_of(main)
        entry = known
        if refers is not None and (entry is None or entry.record_id != refers.record_id):
            entry = self.original(refers)
        if refers is None or entry is None or entry.refers is not None:
            named = main.get("WARC-Refers-To") or "-"
            reason = f"所指的原始响应不在档案中 the response that it repeats is not here: {named}"
            raise ArchiveDamaged(self._path(pointer.file), reason, pointer.offset)
        original, *_ = self._records_from(entry.pointer)
        return _repeated(_answered(pointer, main, rest), main, original, entry.pointer)

    def _path(self, file: str) -> Path:
        """Where a file lies now: under its final name, or still open."""
        path = self.root / file
        return path if path.exists() else with_open(path)

    def _opened(self, file: str) -> BinaryIO:
        try:
            return self._path(file).open("rb")
        except FileNotFoundError as error:
            raise ArchiveDamaged(self.root / file, "文件不在了 the file is gone") from error

    def _records_from(self, pointer: Pointer) -> list[RawRecord]:
        """The record at a place and the rest of its group."""
        with self._opened(pointer.file) as stream:
            return self._records_in(stream, pointer)

    def _records_in(self, stream: BinaryIO, pointer: Pointer) -> list[RawRecord]:
        try:
            stream.seek(pointer.offset)
            records = [read_member(stream.read(pointer.length), pointer.offset)]
            number, total = records[0].place or (1, 1)
            if number < total:
                following = walk_records(stream, pointer.offset + pointer.length, FOLLOWING)
                records += [next(following) for _ in range(total - number)]
        except (BadRecordError, TornFileError, StopIteration) as error:
            reason = str(error) or "组不完整 the group is not whole"
            raise ArchiveDamaged(self._path(pointer.file), reason, pointer.offset) from error
        if records[0].record_id != pointer.record_id:
            reason = f"此处是另一条记录 another record lies here: {records[0].record_id}"
            raise ArchiveDamaged(self._path(pointer.file), reason, pointer.offset)
        return records

    def _capture_in(self, stream: BinaryIO, pointer: Pointer, original: IndexEntry | None = None) -> Capture:
        stream.seek(pointer.offset)
        data = stream.read(pointer.length + FOLLOWING)
        return self._capture(stream, pointer, data[: pointer.length], data[pointer.length :], original)

    def _capture(
        self,
        stream: BinaryIO,
        pointer: Pointer,
        member: bytes,
        rest: bytes,
        original: IndexEntry | None = None,
    ) -> Capture:
        answer = read_answer(member, rest, pointer)
        if answer is not None:
            return _served(pointer, answer)
        main, *others = self._records_in(stream, pointer)
        if main.kind == "revisit":
            return self._revisited(pointer, main, others, original)
        if main.kind == "response":
            return _answered(pointer, main, others)
        if main.kind == "conversion":
            return _drawn(pointer, main, others)
        return _unanswered(pointer, main)

    def _captures_of(self, file: str) -> list[Pointer]:
        index = self._layout.index_of(file)
        if not index.exists():
            return [entry.pointer for entry in self._entries_of(file) if entry.kind == "capture"]
        try:
            found = [parse_place(line, WARC_DIR) for line in index.read_bytes().splitlines()]
        except (ValueError, IndexError):
            return [entry.pointer for entry in self._entries_of(file) if entry.kind == "capture"]
        return sorted((place for place in found if place is not None), key=lambda place: place.offset)

    def _entries_of(self, file: str) -> list[IndexEntry]:
        index = self._layout.index_of(file)
        try:
            return self._indexed(file, index)
        except FileNotFoundError:  # closed and renamed between two looks
            return self._indexed(file, index)

    def _indexed(self, file: str, index: Path) -> list[IndexEntry]:
        if index.exists():
            lines = index.read_bytes().splitlines()
            return sorted((lookup.parsed(index, line) for line in lines), key=lambda entry: entry.offset)
        growing = with_open(index)
        if not growing.exists():
            return list(self._scanned(file, 0))
        entries = lookup.growing(growing.read_bytes(), self._path(file).stat().st_size)
        end = entries[-1].offset + entries[-1].length if entries else 0
        return [*entries, *self._scanned(file, end)]

    def _scanned(self, file: str, start: int) -> Iterator[IndexEntry]:
        """The entries of groups from `start` on, made from the records."""
        path = self._path(file)
        with path.open("rb") as stream:
            try:
                for group in grouped(walk_records(stream, start)):
                    entry = index_entry(group, f"{WARC_DIR}/{Path(file).name}")
                    if entry is not None:
                        yield entry
            except TornFileError as torn:
                if not path.name.endswith(OPEN):  # an open file may end in the middle of a write
                    raise ArchiveDamaged(path, torn.reason, torn.offset) from torn


def _pointer(place: IndexEntry | Pointer) -> Pointer:
    return place if isinstance(place, Pointer) else place.pointer


def _answered(pointer: Pointer, main: RawRecord, rest: list[RawRecord]) -> Capture:
    response = wire.parse_response(main.block)
    if response is None:
        return _unanswered(pointer, main)
    answer = Answer(
        url=main.get("WARC-Target-URI") or "",
        date=main.get("WARC-Date") or "",
        truncated=main.get("WARC-Truncated"),
        head=response.head,
        status=response.status,
        body=response.body,
        fields=context_fields(rest),
    )
    return _served(pointer, answer)


def _served(pointer: Pointer, answer: Answer) -> Capture:
    headers = wire.header_texts(answer.head)
    payload, outcome, note = answer.body, "response", None
    if b"content-encoding" in answer.head.lower():
        codings = ",".join([value for name, value in headers if name.lower() == "content-encoding"])
        decoded = coding.undo(answer.body, codings)
        cut = answer.truncated is not None and (decoded.problem or "").startswith("coding_damaged")
        payload, note = decoded.payload, decoded.note
        outcome = "response" if decoded.problem is None or cut else decoded.problem
    fields = context = answer.fields
    if not FACTS.isdisjoint(fields):
        context = {name: value for name, value in fields.items() if name not in FACTS}
    return Capture(
        pointer,
        answer.url,
        parse_date(answer.date),
        answer.status,
        headers,
        payload,
        answer.truncated,
        outcome,
        context,
        () if note is None and context is fields else _notes(fields, note),
    )


def _drawn(pointer: Pointer, main: RawRecord, rest: list[RawRecord]) -> Capture:
    """A page as a browser drew it, read like one that was sent so; `outcome` tells which it is."""
    return Capture(
        pointer=replace(pointer, payload_digest=main.get("WARC-Block-Digest")),  # it is all payload
        url=main.get("WARC-Target-URI") or "",
        date=parse_date(main.get("WARC-Date") or ""),
        status=DRAWN_STATUS,
        headers=(("Content-Type", main.content_type),),
        payload=main.block,
        outcome="drawn",
        context=context_fields(rest),
    )


def _repeated(revisit: Capture, main: RawRecord, original: RawRecord, place: Pointer) -> Capture:
    """A revisit, read as the response that it repeats."""
    full = _answered(place, original, [])
    truncated = original.get("WARC-Truncated")
    if revisit.status == NOT_MODIFIED:
        headers = _renewed(full.headers, revisit.headers)
        return replace(
            revisit,
            status=full.status,
            headers=headers,
            payload=full.payload,
            truncated=truncated,
            outcome=full.outcome,
            notes=(*revisit.notes, *full.notes),
            original=place,
            not_modified=True,
        )
    _, body = wire.split_block(original.block)
    same = replace(main, block=main.block + body, headers=_without(main.headers, "WARC-Truncated"))
    read = _answered(revisit.pointer, same, [])
    return replace(revisit, payload=read.payload, truncated=truncated, outcome=read.outcome, original=place)


def _renewed(
    held: tuple[tuple[str, str], ...], said: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """The held headers with what a 304 says anew; never what describes the body (RFC 9111 §3.2)."""
    new = [pair for pair in said if not pair[0].lower().startswith(("content-", *_OF_THE_MESSAGE))]
    names = {name.lower() for name, _ in new}
    return (*(pair for pair in held if pair[0].lower() not in names), *new)


def _without(headers: tuple[tuple[str, str], ...], name: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in headers if pair[0].lower() != name.lower())


def _unanswered(pointer: Pointer, main: RawRecord) -> Capture:
    fields = rec.parse_fields(main.block) if main.content_type == rec.FIELDS else {}
    return Capture(
        pointer=pointer,
        url=main.get("WARC-Target-URI") or "",
        date=parse_date(main.get("WARC-Date") or ""),
        status=0,
        headers=(),
        payload=b"",
        outcome=fields.get("outcome", "protocol"),
        context={name: value for name, value in fields.items() if name not in FACTS},
        notes=_notes(fields, None),
    )


def _notes(fields: dict[str, str], coding_note: str | None) -> tuple[str, ...]:
    told = [
        f"{name}: {fields[name]}" for name in ("error", "interim-status", "framing-error") if name in fields
    ]
    return tuple(told + ([coding_note] if coding_note else []))
