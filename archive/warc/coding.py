"""Content coding undone: gzip, deflate, br, zstd, also several on top of each other (archive.md T2, §3.6)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from fastwarc.stream_io import BrotliReader, ZstdReader
from isal import isal_zlib

from archive.warc.record import GZIP_ERROR

MAX_PAYLOAD = 512 * 1024 * 1024  # a bomb must not take the machine down
_PIECE = 1 << 16
_GZIP_START = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Decoded:
    """`problem` is None, or a word and the coding: coding_unknown:x, coding_damaged:x, coding_too_large:x.

    `payload` holds what could be decoded; for an unknown coding the body as sent. `note` tells of a body that
    was not coded at all although its header says so.
    """

    payload: bytes
    problem: str | None = None
    note: str | None = None


class _TooLargeError(Exception):
    """Decoding went past MAX_PAYLOAD."""


def undo(body: bytes, header: str | None, limit: int | None = None) -> Decoded:
    """Undo the codings that a Content-Encoding header lists, the last one first.

    A step that gives more than `limit` bytes (MAX_PAYLOAD by default) ends with coding_too_large.
    """
    limit = MAX_PAYLOAD if limit is None else limit
    codings = [name.strip().lower() for name in (header or "").split(",")]
    note = None
    for coding in reversed([name for name in codings if name not in ("", "identity", "none", "utf-8")]):
        decode = _DECODERS.get(coding)
        if decode is None:
            return Decoded(body, f"coding_unknown:{coding}", note)
        if not body:
            break
        if coding in _GZIP and not _GZIP_START.startswith(body[:2]):  # a cut body may be one byte long
            note = f"Content-Encoding says {coding}, the body is not"
            continue
        try:
            body, whole = decode(body, limit)
        except _TooLargeError:
            return Decoded(b"", f"coding_too_large:{coding}", note)
        if not whole:
            return Decoded(body, f"coding_damaged:{coding}", note)
    return Decoded(body, None, note)


def _gunzip(body: bytes, limit: int) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    size = 0
    rest = body
    while rest[:2] == _GZIP_START:
        plain, whole, rest = _inflate(rest, 31, limit)
        size += len(plain)
        if size > limit:
            raise _TooLargeError
        parts.append(plain)
        if not whole:
            return b"".join(parts), False
    return b"".join(parts), True  # bytes after the last member are no gzip: servers append blank lines


def _deflate(body: bytes, limit: int) -> tuple[bytes, bool]:
    """Deflate is zlib by the standard and raw in many servers."""
    plain, whole, _ = _inflate(body, zlib.MAX_WBITS, limit)
    if not plain and not whole:
        plain, whole, _ = _inflate(body, -zlib.MAX_WBITS, limit)
    return plain, whole


def _inflate(body: bytes, wbits: int, limit: int) -> tuple[bytes, bool, bytes]:
    engine = isal_zlib.decompressobj(wbits)
    parts: list[bytes] = []
    size = 0
    view = memoryview(body)
    try:
        for start in range(0, len(view), _PIECE):
            part = engine.decompress(view[start : start + _PIECE], limit + 1 - size)
            parts.append(part)
            size += len(part)
            if size > limit:
                raise _TooLargeError
            if engine.eof:
                return b"".join(parts), True, engine.unused_data + bytes(view[start + _PIECE :])
    except GZIP_ERROR:
        return b"".join(parts), False, b""
    return b"".join(parts), False, b""


def _stream(
    reader: Callable[[io.BytesIO], BrotliReader | ZstdReader],
) -> Callable[[bytes, int], tuple[bytes, bool]]:
    def decode(body: bytes, limit: int) -> tuple[bytes, bool]:
        source = reader(io.BytesIO(body))
        parts: list[bytes] = []
        size = 0
        try:
            while part := source.read(_PIECE):
                parts.append(part)
                size += len(part)
                if size > limit:
                    raise _TooLargeError
        except OSError:
            return b"".join(parts), False
        return b"".join(parts), True

    return decode


_GZIP = ("gzip", "x-gzip")
_DECODERS: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _stream(BrotliReader),
    "zstd": _stream(ZstdReader),
}
