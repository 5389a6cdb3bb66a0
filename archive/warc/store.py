"""A store for closed files: any folder that fsspec reaches by a URL (S3, SFTP, a mounted disk).

It lies there as it lies here: warc/, index/, manifest.sha256. A file is in the store when the manifest there
lists it; that line is written last, after the file was read back. What has no line is unfinished, and no
reader sees it. Who may read and write is the driver's business (for S3: its own environment and files).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from archive.warc import manifest
from archive.warc.errors import ArchiveError
from archive.warc.layout import MANIFEST

_PIECE = 8 << 20
# A put appears whole or not at all. Elsewhere a draft is put and renamed.
_OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "memory"})
_DRAFT = ".part"

_T = TypeVar("_T")


class StoreError(ArchiveError):
    """The store cannot be reached, read or written, or gives back other bytes; one line for a person."""


class Store:
    """One URL. Names are relative to it, with `/`. Every method raises StoreError."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._fs, self._base = self._told(lambda: _connect(url))
        protocol = self._fs.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        self._whole_puts = bool(names & _OBJECT_STORES)
        self._on_disk = "file" in names

    def listing(self) -> dict[str, int]:
        """Name → size of everything that lies there, unfinished files included. Nothing there: empty."""
        try:
            found: dict[str, dict[str, Any]] = self._told(lambda: self._fs.find(self._base, detail=True))
        except _AbsentError:
            return {}
        return {name[len(self._base) :].lstrip("/"): int(info["size"]) for name, info in found.items()}

    def read_manifest(self) -> dict[str, str]:
        """File → sha256 of what is in the store. A store that holds nothing yet: empty."""
        try:
            text = self.read(MANIFEST)
        except _AbsentError:
            return {}
        return manifest.parse(text)[0]

    def write_manifest(self, digests: dict[str, str]) -> None:
        """The manifest anew, whole or not at all."""
        text = "".join(f"{digest}  {file}\n" for file, digest in digests.items()).encode()

        def put(target: str) -> None:
            self._fs.pipe_file(target, text)

        self._put(MANIFEST, put)

    def read(self, name: str, start: int | None = None, end: int | None = None) -> bytes:
        """The bytes from `start` to `end` (excluded); without them all."""
        data: bytes = self._told(lambda: self._fs.cat_file(self._full(name), start=start, end=end))
        return data

    def digest(self, name: str, size: int) -> str:
        """sha256 of what lies there, read piece by piece."""
        digest = hashlib.sha256()
        for start in range(0, size, _PIECE):
            digest.update(self.read(name, start, min(start + _PIECE, size)))
        return digest.hexdigest()

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file out of the store."""
        self._told(lambda: self._fs.get_file(self._full(name), str(target)))

    def put(self, name: str, path: Path) -> None:
        """Copy a file into the store. If that fails half-way nothing lies there under its name."""

        def put(target: str) -> None:
            self._fs.put_file(str(path), target)

        self._put(name, put)

    def _put(self, name: str, put: Callable[[str], None]) -> None:
        target = self._full(name)
        if self._whole_puts:
            self._told(lambda: put(target))
            return
        self._told(lambda: self._put_and_rename(target, put))

    def _put_and_rename(self, target: str, put: Callable[[str], None]) -> None:
        draft = target + _DRAFT
        self._fs.makedirs(target.rpartition("/")[0], exist_ok=True)
        try:
            put(draft)
            if self._on_disk:
                _settle(draft)
            self._fs.mv(draft, target)
            if self._on_disk:
                _settle(target.rpartition("/")[0])
        except Exception:
            if self._fs.exists(draft):
                self._fs.rm_file(draft)
            raise

    def _full(self, name: str) -> str:
        return f"{self._base}/{name}"

    def _told(self, work: Callable[[], _T]) -> _T:
        """Every driver has errors of its own; ours is one line that says what a person can do."""
        try:
            return work()
        except FileNotFoundError as error:
            raise _AbsentError(
                f"{self.url}：存储中没有，请检查网址 not in the store: {_first(error)}"
            ) from error
        except ImportError as error:
            raise StoreError(
                f"{self.url}：缺少驱动，请安装 the driver is not installed: pip install 'nianbao[s3]' "
                f"({_first(error)})"
            ) from error
        except Exception as error:
            if isinstance(error, PermissionError) or "Credentials" in type(error).__name__:
                raise StoreError(
                    f"{self.url}：存储拒绝访问，请检查凭据和权限 the store refuses: check credentials and "
                    f"rights ({_first(error)})"
                ) from error
            raise StoreError(
                f"{self.url}：存储无法读写，请检查网址和网络 the store cannot be read or written: "
                f"{type(error).__name__}: {_first(error)}"
            ) from error


class _AbsentError(StoreError):
    """That name, or the folder or bucket itself, is not there."""


def _connect(url: str) -> tuple[Any, str]:
    fsspec: Any = import_module("fsspec")  # an extra: an archive without a store does without it
    # Nothing remembered: what lies there is asked for each time.
    fs, base = fsspec.url_to_fs(url, use_listings_cache=False, skip_instance_cache=True)
    return fs, str(base).rstrip("/")


def _settle(path: str) -> None:
    """A disk on this machine: what is dropped here afterwards must survive a power cut there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
