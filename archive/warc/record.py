"""One WARC/1.1 record: built as bytes, compressed as one gzip member, and read back strictly.

Reading is our own and strict, because the evidence hangs on it: FastWARC hands out a cut member without an
error. The suite reads every file with FastWARC and warcio besides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import uuid4

from isal import igzip_lib, isal_zlib

from archive.warc.index import warc_date

VERSION = b"WARC/1.1"
HTTP_REQUEST = "application/http; msgtype=request"
HTTP_RESPONSE = "application/http; msgtype=response"
FIELDS = "application/warc-fields"
JSON = "application/json"
OCTETS = "application/octet-stream"
GROUP = "Nianbao-Group"  # "2/3": the second of the three records that were written at once
KIND = "Nianbao-Kind"  # capture or walk, on the record of the group that the index points at

GZIP_ERROR = cast("type[Exception]", isal_zlib.error)  # its stub calls it an instance

_LEVEL = 2  # ISA-L; within 1.15 × zlib 6 on report pages and five times as fast
_MAX_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """A record about to be written. `fields` come after type, id and date; digests and length are added."""

    kind: str
    record_id: str
    date: datetime
    content_type: str
    block: bytes
    fields: Sequence[tuple[str, str]] = ()
    payload_digest: str | None = None

    def headers(self) -> tuple[tuple[str, str], ...]:
        """All header fields, in order, as they are written. Costs a digest of the block."""
        head = [
            ("WARC-Type", self.kind),
            ("WARC-Record-ID", self.record_id),
            ("WARC-Date", warc_date(self.date)),
            *self.fields,
            ("WARC-Block-Digest", sha256(self.block)),
        ]
        if self.payload_digest is not None:
            head.append(("WARC-Payload-Digest", self.payload_digest))
        head += [("Content-Type", self.content_type), ("Content-Length", str(len(self.block)))]
        return tuple([(name, one_line(value)) for name, value in head])

    def to_member(self, offset: int) -> tuple[bytes, RawRecord]:
        """The record as one gzip member, and as it will be read back from `offset`."""
        headers = self.headers()
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
        plain = b"".join((VERSION, b"\r\n", lines.encode(), b"\r\n", self.block, b"\r\n\r\n"))
        member = igzip_lib.compress(plain, _LEVEL, igzip_lib.COMP_GZIP)
        return member, RawRecord(offset, len(member), headers, self.block)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as read. `headers` in order; `offset` and `length` are those of its gzip member."""

    offset: int
    length: int
    headers: tuple[tuple[str, str], ...]
    block: bytes
    _by_name: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {name.lower(): value for name, value in self.headers[::-1]}
        object.__setattr__(self, "_by_name", names)

    def get(self, name: str) -> str | None:
        """The first header of that name, any case."""
        return self._by_name.get(name.lower())

    @property
    def kind(self) -> str:
        return self.get("WARC-Type") or ""

    @property
    def record_id(self) -> str:
        return self.get("WARC-Record-ID") or ""

    @property
    def content_type(self) -> str:
        return self.get("Content-Type") or ""

    @property
    def place(self) -> tuple[int, int] | None:
        """(2, 3) for the second record of a group of three; None in files of other makers."""
        number, slash, total = (self.get(GROUP) or "").partition("/")
        return (int(number), int(total)) if slash and number.isdigit() and total.isdigit() else None


class BadRecordError(ValueError):
    """Bytes that are no whole WARC record; the message says what is wrong."""


def parse_record(data: bytes, offset: int, length: int) -> RawRecord:
    """A decompressed member → record. Raises BadRecordError unless it is exactly one whole WARC record."""
    if not data.startswith(b"WARC/1."):
        raise BadRecordError("不是 WARC 记录 no WARC record")
    end = data.find(b"\r\n\r\n", 0, _MAX_HEAD)
    if end < 0:
        raise BadRecordError("记录头不完整 the record's head has no end")
    headers = _headers(data[:end].decode("utf-8", "surrogateescape"))
    record = RawRecord(offset, length, headers, data[end + 4 : -4])
    stated = record.get("Content-Length") or ""
    if not stated.isdigit() or len(record.block) != int(stated) or not data.endswith(b"\r\n\r\n"):
        raise BadRecordError(f"记录长度不符 the record is not as long as it says ({stated or 'no length'})")
    return record


def _headers(head: str) -> tuple[tuple[str, str], ...]:
    fields = head.partition("\r\n")[2]
    if "\n " not in fields and "\n\t" not in fields:  # as we write it, in one pass
        parts = [line.partition(": ") for line in fields.split("\r\n")]
        if all(gap for _, gap, _ in parts):
            return tuple([(name.strip(), value.strip()) for name, _, value in parts])
    headers: list[tuple[str, str]] = []
    for line in fields.split("\r\n"):
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
        elif colon:
            headers.append((name.strip(), value.strip()))
        else:
            raise BadRecordError(f"记录头有坏行 a bad line in the record's head: {line[:60]!r}")
    return tuple(headers)


def read_member(data: bytes, offset: int) -> RawRecord:
    """Bytes of exactly one gzip member, checksum included → record. Raises BadRecordError."""
    try:
        engine = isal_zlib.decompressobj(31)
        plain = engine.decompress(data)
    except GZIP_ERROR as error:
        raise BadRecordError(f"压缩数据损坏 damaged gzip member ({error})") from error
    if not engine.eof or engine.unused_data:
        raise BadRecordError("压缩成员不完整 not one whole gzip member")
    return parse_record(plain, offset, len(data))


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def new_id() -> str:
    """uuid4: uuid1 would tell the machine's MAC address."""
    return f"<urn:uuid:{uuid4()}>"


def one_line(value: str) -> str:
    """A header value as it can be written: white space with a line break in it becomes one space, and what
    UTF-8 cannot say (half a surrogate pair) is spelled out."""
    if value.isascii():
        if value.isprintable():
            return value.strip()
    else:
        value = value.encode("utf-8", "backslashreplace").decode()
    return " ".join(value.split()) if len(value.splitlines()) > 1 else value.strip()


def warc_fields(pairs: Sequence[tuple[str, str]]) -> bytes:
    """A block of application/warc-fields."""
    return "".join(f"{name}: {one_line(value)}\r\n" for name, value in pairs).encode()


def parse_fields(block: bytes) -> dict[str, str]:
    """A block of application/warc-fields → its fields; the first of a name counts."""
    fields: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip(), value.strip())
    return fields
