"""Walks a file record by record over its gzip members; says where it stops being whole (archive.md §2 K)."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from typing import BinaryIO

from isal import isal_zlib

from archive.warc.record import GZIP_ERROR, BadRecordError, RawRecord, parse_record

_PIECE = 1 << 20
_FEED = 1 << 16  # given to the engine at once; what it leaves over is copied
_MEMBER = b"\x1f\x8b\x08"
_MEMBER_OF_OURS = _MEMBER + bytes(5)  # no flags, no time: ours, warcio's and FastWARC's
_LEAST = 18  # bytes: the shortest gzip member there is


class TornFileError(Exception):
    """From `offset` on the file holds no whole record."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(f"@ {offset}: {reason}")
        self.offset = offset
        self.reason = reason


def walk_records(stream: BinaryIO, start: int = 0, piece: int = _PIECE) -> Iterator[RawRecord]:
    """Every record from `start` on, read by `piece` bytes.

    Raises TornFileError at the first member that is not one whole record.
    """
    stream.seek(start)
    offset, window, at = start, b"", 0
    while True:
        if at == len(window):
            window, at = stream.read(piece), 0
            if not window:
                return
        engine = isal_zlib.decompressobj(31)
        parts: list[bytes] = []
        length = 0
        while not engine.eof:
            if at == len(window):
                window, at = stream.read(piece), 0
                if not window:
                    raise TornFileError(offset, "压缩成员不完整 the last gzip member is cut")
            # Where the next member seems to begin: a wrong guess costs a copy, the engine sees the true end.
            guess = window.find(_MEMBER_OF_OURS, at + _LEAST, at + _FEED)
            end = guess if guess > 0 else min(at + _FEED, len(window))
            try:
                parts.append(engine.decompress(window[at:end]))
            except GZIP_ERROR as error:
                raise TornFileError(offset, f"压缩数据损坏 damaged gzip member ({error})") from error
            left = len(engine.unused_data) if engine.eof else 0
            length += end - at - left
            at = end - left
        try:
            yield parse_record(parts[0] if len(parts) == 1 else b"".join(parts), offset, length)
        except BadRecordError as error:
            raise TornFileError(offset, str(error)) from error
        offset += length


def next_record(stream: BinaryIO, after: int) -> int | None:
    """The next place after a damage where a whole record begins."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
        place = view.find(_MEMBER, after + 1)
        while place >= 0:
            try:
                next(walk_records(stream, place, _FEED))
            except TornFileError:
                place = view.find(_MEMBER, place + 1)
            else:
                return place
    return None
