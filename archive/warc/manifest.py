"""The manifest: sha256 of every closed file, in the format of `sha256sum`. Appended; the last line counts."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_PIECE = 1 << 20


def append(manifest: Path, file: str, digest: str) -> None:
    """Add a line and make it durable."""
    handle = os.open(manifest, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"  # a kill in the middle of a line
        os.write(handle, b"\n" * torn + f"{digest}  {file}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def mend(manifest: Path) -> None:
    """Takes away the half line that a kill or a full disk left; its file is still open and gets a new one."""
    if not manifest.exists():
        return
    text = manifest.read_bytes()
    if text and not text.endswith(b"\n"):
        os.truncate(manifest, text.rfind(b"\n") + 1)


def read(manifest: Path) -> tuple[dict[str, str], list[int]]:
    """(file → digest, numbers of the lines that are none). An absent manifest is empty."""
    return parse(manifest.read_bytes()) if manifest.exists() else ({}, [])


def parse(text: bytes) -> tuple[dict[str, str], list[int]]:
    """The same from a manifest's bytes."""
    digests: dict[str, str] = {}
    bad: list[int] = []
    for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
        digest, gap, file = line.partition("  ")
        if gap and len(digest) == 64 and set(digest) <= set("0123456789abcdef"):
            digests[file] = digest
        else:
            bad.append(number)
    return digests, bad


def file_digest(path: Path) -> str:
    """sha256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
