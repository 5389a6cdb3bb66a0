"""Content coding undone: gzip, deflate, br, zstd, also several on top of each other (archive.md T2, §3.6)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from fastwarc.stream_io import BrotliReader, ZstdReader

MAX_PAYLOAD = 512 * 1024 * 1024  # a bomb must not take the machine down
_PIECE = 1 << 16


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


def undo(body: bytes, header: str | None) -> Decoded:
    """Undo the codings that a Content-Encoding header lists, the last one first."""
    codings = [name.strip().lower() for name in (header or "").split(",")]
    note = None
    for coding in reversed([name for name in codings if name not in ("", "identity", "none", "utf-8")]):
        decode = _DECODERS.get(coding)
        if decode is None:
            return Decoded(body, f"coding_unknown:{coding}", note)
        if not body:
            break
        if coding in _GZIP and body[:2] != b"\x1f\x8b":
            note = f"Content-Encoding says {coding}, the body is not"
            continue
        try:
            body, whole = decode(body)
        except _TooLargeError:
            return Decoded(b"", f"coding_too_large:{coding}", note)
        if not whole:
            return Decoded(body, f"coding_damaged:{coding}", note)
    return Decoded(body, None, note)


def _gunzip(body: bytes) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    size = 0
    rest = body
    while rest[:2] == b"\x1f\x8b":
        plain, whole, rest = _inflate(rest, 31)
        size += len(plain)
        if size > MAX_PAYLOAD:
            raise _TooLargeError
        parts.append(plain)
        if not whole:
            return b"".join(parts), False
    return b"".join(parts), True  # bytes after the last member are no gzip: servers append blank lines


def _deflate(body: bytes) -> tuple[bytes, bool]:
    """Deflate is zlib by the standard and raw in many servers."""
    plain, whole, _ = _inflate(body, zlib.MAX_WBITS)
    if not plain and not whole:
        plain, whole, _ = _inflate(body, -zlib.MAX_WBITS)
    return plain, whole


def _inflate(body: bytes, wbits: int) -> tuple[bytes, bool, bytes]:
    engine = zlib.decompressobj(wbits)
    parts: list[bytes] = []
    size = 0
    view = memoryview(body)
    try:
        for start in range(0, len(view), _PIECE):
            part = engine.decompress(view[start : start + _PIECE], MAX_PAYLOAD + 1 - size)
            parts.append(part)
            size += len(part)
            if size > MAX_PAYLOAD:
                raise _TooLargeError
            if engine.eof:
                return b"".join(parts), True, engine.unused_data + bytes(view[start + _PIECE :])
    except zlib.error:
        return b"".join(parts), False, b""
    return b"".join(parts), False, b""


def _stream(
    reader: Callable[[io.BytesIO], BrotliReader | ZstdReader],
) -> Callable[[bytes], tuple[bytes, bool]]:
    def decode(body: bytes) -> tuple[bytes, bool]:
        source = reader(io.BytesIO(body))
        parts: list[bytes] = []
        size = 0
        try:
            while part := source.read(_PIECE):
                parts.append(part)
                size += len(part)
                if size > MAX_PAYLOAD:
                    raise _TooLargeError
        except OSError:
            return b"".join(parts), False
        return b"".join(parts), True

    return decode


_GZIP = ("gzip", "x-gzip")
_DECODERS: dict[str, Callable[[bytes], tuple[bytes, bool]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _stream(BrotliReader),
    "zstd": _stream(ZstdReader),
}
