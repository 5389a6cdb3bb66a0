"""An answer of ours, read in one go: the response and its context, as our own writer makes them.

Whoever walks a whole archive pays for every copy and every look at a header. Here both members are unpacked
once, checksums included, and one expression per record takes what a capture needs from a head that is
exactly as our writer makes it. Anything else gives None; the reader then goes the long way (record, wire),
which reads everything or says what is wrong. Verification always goes the long way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from isal import isal_zlib

from archive.warc import wire
from archive.warc.capture import Pointer
from archive.warc.record import FIELDS, GROUP, GZIP_ERROR, HTTP_RESPONSE, parse_fields

FOLLOWING = 4096  # bytes to read behind a response: a context record is a few hundred
_WINDOW = 1 << 18  # read at once by whoever reads on
_LINES = r"(?:[!-9;-~]+: [^\r\n]*\r\n)*?"
_END = r"Content-Length: (\d+)\r\n\r\n"
_ANSWER = re.compile(
    (
        r"WARC/1\.1\r\nWARC-Type: response\r\nWARC-Record-ID: ([^\r\n]+)\r\nWARC-Date: ([^\r\n]+)\r\n"
        rf"WARC-Target-URI: ([^\r\n]+)\r\n{_LINES}(?:WARC-Truncated: ([^\r\n]+)\r\n)?"
        rf"(?:WARC-Concurrent-To: [^\r\n]+\r\n)?{GROUP}: (\d+)/(\d+)\r\n{_LINES}"
        rf"Content-Type: {re.escape(HTTP_RESPONSE)}\r\n{_END}"
        r"(HTTP/\d\.\d (\d{3})(?: [^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n)"
    ).encode()
)
_CONTEXT = re.compile(
    (
        rf"WARC/1\.1\r\nWARC-Type: metadata\r\n{_LINES}{GROUP}: (\d+)/(\d+)\r\n{_LINES}"
        rf"Content-Type: {re.escape(FIELDS)}\r\n{_END}"
    ).encode()
)
_LARGEST = 1 << 27  # bytes of a record that are unpacked in one go; larger ones go the long way
_BODILESS = (204, wire.NOT_MODIFIED)
_TAIL = b"\r\n\r\n"


@dataclass(slots=True)
class Answer:
    """A response as it lies in the archive; `fields` are those of its group's metadata: facts and context."""

    url: str
    date: str
    truncated: str | None
    head: bytes
    status: int
    body: bytes
    fields: dict[str, str]


def read_answer(member: bytes, rest: bytes, pointer: Pointer) -> Answer | None:
    """`member` is the response's, whole; `rest` what lies behind it, as far as the metadata's end."""
    plain = _whole(member)
    found = _ANSWER.match(plain)
    if found is None:
        return None
    record_id, date, url, truncated, number, total, length, head, status_word = found.groups()
    status = int(status_word)
    whole = len(plain) == found.start(8) + int(length) + 4 and plain.endswith(_TAIL)
    # Interim answers and a transfer coding are for the long way.
    plainly = status >= 200 and status not in _BODILESS and b"ransfer-" not in head.lower()
    if not whole or not plainly or record_id.decode() != pointer.record_id:
        return None
    fields: dict[str, str] | None = {}
    if number != total:
        fields = _last(rest, total) if int(total) == int(number) + 1 else None
    if fields is None:
        return None
    return Answer(
        url.decode("utf-8", "surrogateescape"),
        date.decode("ascii", "replace"),
        truncated.decode() if truncated else None,
        head,
        status,
        plain[found.end() : -4],
        fields,
    )


def read_along(stream: BinaryIO, pointers: Sequence[Pointer]) -> Iterator[tuple[Pointer, bytes, bytes]]:
    """(place, member, what follows it) of each, read by large pieces; places in the order of the file."""
    start, window = 0, b""
    for pointer in pointers:
        at = pointer.offset - start
        if at + pointer.length + FOLLOWING > len(window):
            start, at = pointer.offset, 0
            stream.seek(start)
            window = stream.read(max(_WINDOW, pointer.length + FOLLOWING))
        end = at + pointer.length
        yield pointer, window[at:end], window[end : end + FOLLOWING]


def _last(data: bytes, total: bytes) -> dict[str, str] | None:
    """The fields of the metadata record that ends a group."""
    plain = _first(data)
    found = _CONTEXT.match(plain)
    if found is None or found[1] != total or found[2] != total:
        return None
    if len(plain) != found.end() + int(found[3]) + 4 or not plain.endswith(_TAIL):
        return None
    return parse_fields(plain[found.end() : -4])


def _whole(member: bytes) -> bytes:
    """The record of a member that is one gzip member and nothing more; empty if it is not.

    A member ends with its unpacked size: room is made once, and bytes behind it would be taken for that size.
    """
    size = int.from_bytes(member[-4:], "little")
    if size > _LARGEST:
        return b""
    try:
        plain = isal_zlib.decompress(member, 31, size + 1)
    except GZIP_ERROR:
        return b""
    return plain if len(plain) == size else b""


def _first(data: bytes) -> bytes:
    """The record of the first member of `data`; empty if that is not whole."""
    engine = isal_zlib.decompressobj(31)
    try:
        plain = engine.decompress(data)
    except GZIP_ERROR:
        return b""
    return plain if engine.eof else b""
