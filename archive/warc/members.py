"""Walks a file record by record over its gzip members; says where it stops being whole (archive.md §2 K)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from isal import isal_zlib

from archive.warc.record import GZIP_ERROR, BadRecordError, RawRecord, parse_record

_PIECE = 1 << 16  # what is left of a piece is copied at each record


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
    offset, buffer = start, b""
    while True:
        buffer = buffer or stream.read(piece)
        if not buffer:
            return
        engine = isal_zlib.decompressobj(31)
        parts: list[bytes] = []
        length = 0
        while not engine.eof:
            if not buffer and not (buffer := stream.read(piece)):
                raise TornFileError(offset, "压缩成员不完整 the last gzip member is cut")
            length += len(buffer)
            try:
                parts.append(engine.decompress(buffer))
            except GZIP_ERROR as error:
                raise TornFileError(offset, f"压缩数据损坏 damaged gzip member ({error})") from error
            buffer = engine.unused_data if engine.eof else b""
        length -= len(buffer)
        try:
            yield parse_record(b"".join(parts), offset, length)
        except BadRecordError as error:
            raise TornFileError(offset, str(error)) from error
        offset += length
