"""A file that is hashed while it is read: verification needs no second pass for the manifest's checksum."""

from __future__ import annotations

import hashlib
import os
from typing import BinaryIO

_PIECE = 1 << 20


class HashedStream:
    """Reads like the stream that it wraps. Each byte is hashed once, in order, however it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self._hashed = 0  # bytes, from the beginning
        self._at = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self._at = self._stream.seek(offset, whence)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        if self._at > self._hashed:
            self._hash_up_to(self._at)
        data = self._stream.read(size)
        self._take(data)
        self._at += len(data)
        return data

    def fileno(self) -> int:
        return self._stream.fileno()

    def digest(self) -> str:
        """sha256 of the whole file, in hex; what was not read yet is read now."""
        self._hash_up_to(None)
        return self._sha256.hexdigest()

    def _hash_up_to(self, end: int | None) -> None:
        self._stream.seek(self._hashed)
        while end is None or self._hashed < end:
            piece = self._stream.read(_PIECE if end is None else min(_PIECE, end - self._hashed))
            if not piece:
                break
            self._sha256.update(piece)
            self._hashed += len(piece)
        self._stream.seek(self._at)

    def _take(self, data: bytes) -> None:
        known = self._hashed - self._at
        if known < len(data):
            self._sha256.update(memoryview(data)[known:])
            self._hashed = self._at + len(data)
