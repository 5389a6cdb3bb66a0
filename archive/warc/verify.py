"""Verification: manifest, checksums, digests, groups and indexes; every damage is named (archive.md §3.3)."""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from archive.warc import manifest, wire
from archive.warc import record as rec
from archive.warc.errors import ArchiveDamaged
from archive.warc.group import IDENTICAL, NOT_MODIFIED, grouped, index_entry, is_whole, refers_of
from archive.warc.hashed import HashedStream
from archive.warc.index import parse_date
from archive.warc.layout import CDXJ, LOCK, OPEN, WARC, WARC_DIR, Layout, with_open
from archive.warc.members import TornFileError, next_record, walk_records
from archive.warc.reader import ArchiveReader
from archive.warc.record import RawRecord, sha256


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong.

    `code`: torn, record, digest, payload_digest, group, revisit, index, manifest, missing.
    """

    file: str
    code: str
    message: str
    offset: int | None = None

    def __str__(self) -> str:
        where = self.file if self.offset is None else f"{self.file} @ {self.offset}"
        return f"{where}: {self.message}"


@dataclass(slots=True)
class VerifyResult:
    """What was looked at, what is wrong, and what is merely unfinished (`notes`)."""

    files: int = 0
    records: int = 0
    captures: int = 0
    walks: int = 0
    revisits: int = 0
    bytes: int = 0
    damages: list[Damage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unresolved: list[tuple[str, RawRecord]] = field(default_factory=list, repr=False)  # revisits, heads only

    @property
    def ok(self) -> bool:
        return not self.damages

    def blame(self, file: str, code: str, message: str, offset: int | None = None) -> None:
        self.damages.append(Damage(file, code, message, offset))


def verify(root: Path, files: Sequence[Path] | None = None) -> VerifyResult:
    """Verify a whole archive, or the WARCs given. Reads only.

    Files inside the archive are held against its manifest and index; others against themselves. Raises
    ArchiveDamaged for a given file that is absent or no WARC, and for an archive that does not exist.
    """
    layout = Layout(root)
    result = VerifyResult()
    listed, bad_lines = manifest.read(layout.manifest)
    if files is not None:
        for path in files:
            file = _inside(layout, path)
            _demand_warc(path, known=file in listed)
            _verify_file(layout, path, file, listed, result)
        _verify_revisits(root, result)
        return result
    if not layout.warcs.is_dir():
        raise ArchiveDamaged(root, "此处没有档案 no archive here")
    for file in layout.files():
        path = root / file
        _verify_file(layout, path if path.exists() else with_open(path), file, listed, result)
    for number in bad_lines:
        result.blame(layout.manifest.name, "manifest", f"第 {number} 行无法读取 line {number} is unreadable")
    _verify_companions(layout, listed, result)
    _verify_revisits(root, result)
    return result


def _inside(layout: Layout, path: Path) -> str | None:
    """The file's name within the archive, or None if it lies elsewhere."""
    if path.resolve().parent != layout.warcs.resolve():
        return None
    return f"{WARC_DIR}/{path.name.removesuffix(OPEN)}"


def _demand_warc(path: Path, *, known: bool) -> None:
    try:
        with path.open("rb") as stream:
            start = stream.read(7)
            if start == b"WARC/1.":
                raise ArchiveDamaged(
                    path, "未逐条压缩的 WARC，请先转换 not compressed by record, convert it first"
                )
            if not known and next(walk_records(stream), None) is None:
                raise ArchiveDamaged(path, "空文件，不是 WARC an empty file is no WARC")
    except OSError as error:
        raise ArchiveDamaged(path, f"无法读取 cannot be read ({error.strerror})") from error
    except TornFileError as torn:
        raise ArchiveDamaged(
            path, f"不是 WARC，请给出 .warc.gz 文件 no WARC, give a .warc.gz file ({torn.reason})"
        ) from torn


def _verify_file(
    layout: Layout, path: Path, file: str | None, listed: dict[str, str], result: VerifyResult
) -> None:
    name = file or str(path)
    still_open = path.name.endswith(OPEN)
    result.files += 1
    result.bytes += path.stat().st_size
    with path.open("rb") as stream:
        hashed = HashedStream(stream)
        strangers = len(result.unresolved)
        lines = _verify_groups(cast("BinaryIO", hashed), name, still_open, result)
        digest = hashed.digest() if file in listed and not still_open else None
    if file is None:
        if repeats := len(result.unresolved) - strangers:
            result.notes.append(f"{name}: {repeats} revisit 所指未核对 repeat records of another archive")
            del result.unresolved[strangers:]
        return
    if still_open:
        busy = "正在写入 being written" if _is_locked(layout.root) else "未关闭，下次抓取时恢复 left open"
        result.notes.append(f"{name}: {busy}")
    elif file not in listed:
        result.blame(name, "manifest", "清单中没有此文件 the manifest does not list it")
    elif digest != listed[file]:
        result.blame(name, "manifest", "内容与清单不符 its content differs from the manifest")
    _check_index(layout, file, lines, still_open, result)


def _verify_groups(stream: BinaryIO, name: str, still_open: bool, result: VerifyResult) -> list[bytes]:
    """Checks every record and group; the lines that the index must have."""
    lines: list[bytes] = []
    for group in grouped(_checked(_all_records(stream, name, still_open, result), name, result)):
        if still_open and not is_whole(group):
            _note_half_written(result, name, group[0].offset)
        else:
            _check_group(group, name, result)
        entry = index_entry(group, name)
        if entry is not None:
            lines.append(entry.line())
            result.walks += entry.kind == "walk"
            result.captures += entry.kind == "capture"
            result.revisits += entry.refers is not None
    return lines


def _all_records(stream: BinaryIO, name: str, still_open: bool, result: VerifyResult) -> Iterator[RawRecord]:
    """Every readable record; what lies between two of them is told and passed over."""
    start: int | None = 0
    while start is not None:
        try:
            yield from walk_records(stream, start)
            start = None
        except TornFileError as torn:
            start = next_record(stream, torn.offset)
            if start is None and still_open:
                _note_half_written(result, name, torn.offset)
            else:
                result.blame(name, "torn", torn.reason, torn.offset)


def _note_half_written(result: VerifyResult, name: str, offset: int) -> None:
    result.notes.append(f"{name} @ {offset}: 末尾写到一半 the last group is half written")


def _checked(records: Iterable[RawRecord], name: str, result: VerifyResult) -> Iterator[RawRecord]:
    seen: set[str] = set()
    for record in records:
        result.records += 1
        _check_record(record, name, result)
        if record.kind == "revisit":
            result.unresolved.append((name, record))
        if record.record_id in seen:
            result.blame(
                name, "record", f"记录号重复 record id used twice: {record.record_id}", record.offset
            )
        seen.add(record.record_id)
        yield record


def _check_record(record: RawRecord, name: str, result: VerifyResult) -> None:
    if not record.record_id or not record.kind:
        result.blame(name, "record", "缺记录号或类型 no record id or type", record.offset)
    try:
        parse_date(record.get("WARC-Date") or "")
    except ValueError:
        result.blame(name, "record", f"日期无效 bad date: {record.get('WARC-Date')}", record.offset)
    stated = record.get("WARC-Block-Digest") or ""
    if stated.startswith("sha256:") and stated != sha256(record.block):
        result.blame(name, "digest", f"块摘要不符 block digest differs: {record.record_id}", record.offset)
    stated = record.get("WARC-Payload-Digest") or ""
    if record.kind == "revisit":
        return  # it states the digest of what it repeats
    if stated.startswith("sha256:") and record.content_type.startswith("application/http"):
        _, body = wire.split_block(record.block)
        if stated != sha256(body):
            message = f"载荷摘要不符 payload digest differs: {record.record_id}"
            result.blame(name, "payload_digest", message, record.offset)


def _check_group(group: Sequence[RawRecord], name: str, result: VerifyResult) -> None:
    """A whole group has one main record, and its request and response name each other."""
    if not is_whole(group):
        result.blame(name, "group", "组不完整 a record without the rest of its group", group[0].offset)
        return
    if group[0].place is None or group[0].kind == "warcinfo":
        return  # another maker's file, or a group of one
    mains = [record for record in group if record.get(rec.KIND)]
    if len(mains) != 1:
        result.blame(name, "group", "组内没有唯一的主记录 not one main record in the group", group[0].offset)
        return
    for record in group:
        partner = record.get("WARC-Concurrent-To")
        if record is not mains[0] and partner != mains[0].record_id:
            message = f"请求与响应不配对 does not name the response of its group: {record.record_id}"
            result.blame(name, "group", message, record.offset)


def _verify_revisits(root: Path, result: VerifyResult) -> None:
    """Each revisit must name a full response that is held, by id, URL, date and payload digest."""
    reader = ArchiveReader(root)
    for name, record in result.unresolved:
        refers, profile = refers_of(record), record.get("WARC-Profile")
        if refers is None or profile not in (IDENTICAL, NOT_MODIFIED):
            message = f"revisit 未写明所指 does not say in full what it repeats: {record.record_id}"
            result.blame(name, "revisit", message, record.offset)
            continue
        try:
            entry = reader.original(refers)
        except ArchiveDamaged:  # blamed on the index already
            entry = None
        if entry is None or entry.as_original != refers:
            message = f"revisit 所指的响应不在或不符 what it repeats is absent or differs: {refers.record_id}"
            result.blame(name, "revisit", message, record.offset)
    result.unresolved.clear()


def _check_index(
    layout: Layout, file: str, expected: Sequence[bytes], still_open: bool, result: VerifyResult
) -> None:
    """The index must be what the records say, line for line; an open one may lag behind."""
    index = layout.index_of(file)
    if not index.exists() and still_open:
        index = with_open(index)
    name = f"{index.parent.name}/{index.name}"
    if not index.exists():
        result.blame(name, "index", "索引不在了 the index is gone")
        return
    lines = [
        line
        for line in index.read_bytes().splitlines(keepends=True)
        if line.endswith(b"\n") or not still_open
    ]
    wrong = Counter(lines) - Counter(expected)
    absent = Counter(expected) - Counter(lines)
    if wrong or (absent and not still_open):
        first = next(iter(wrong or absent)).decode("utf-8", "replace").strip()
        counts = f"{wrong.total()} 行不符，缺 {absent.total()} 行 wrong / missing"
        result.blame(name, "index", f"与 WARC 不一致 differs from the WARC ({counts}): {first[:120]}")
    elif not still_open and lines != sorted(lines):
        result.blame(name, "index", "未排序 not sorted")


def _verify_companions(layout: Layout, listed: dict[str, str], result: VerifyResult) -> None:
    """Files that are listed and gone, and indexes without a WARC."""
    present = set(layout.files())
    for file in sorted(set(listed) - present):
        result.blame(file, "missing", "清单中有，文件不在了 listed, and the file is gone")
    for index in sorted(layout.indexes.glob(f"*{CDXJ}")):
        if f"{WARC_DIR}/{index.name.removesuffix(CDXJ)}{WARC}" not in present:
            result.blame(f"{index.parent.name}/{index.name}", "missing", "索引没有对应的 WARC no WARC to it")


def _is_locked(root: Path) -> bool:
    """Is a writer at work?"""
    lock = root / LOCK
    if not lock.exists():
        return False
    handle = os.open(lock, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
