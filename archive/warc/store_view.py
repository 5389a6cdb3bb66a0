"""An archive's folder and its store, read as one folder: closed files may lie in either.

The readers know `pathlib.Path` and nothing of stores. `ArchivePath` has the part of it that they use, for
reading only: a file that lies here is read here; one that lies in the store alone is read by ranges (WARC) or
fetched once (index, manifest) into a temporary folder. A look at the store holds as long as the object does.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from archive.warc.layout import MANIFEST, WARC, Layout
from archive.warc.store import Store

_REST_OF_GROUP = 4096  # a context record is a few hundred bytes; it comes along with its response
_MOST_AHEAD = 4 << 20
_KEPT = 64 << 10


def open_folder(local: Path | None, url: str) -> Path:
    """The archive at `local` (None: nowhere here) together with its store; raises StoreError, also later.

    Typed as the Path that it stands for: it answers to what archive.warc.reader and verify ask of one.
    """
    return cast("Path", ArchivePath(_Joined(local, url), PurePosixPath()))


class _Joined:
    """Where each name lies, and what was fetched of it."""

    def __init__(self, local: Path | None, url: str) -> None:
        self.local = local
        self.url = url
        self._fetched: dict[str, Path] = {}

    @cached_property
    def store(self) -> Store:
        return Store(self.url)

    @cached_property
    def stored(self) -> dict[str, int]:
        """Name → size of what is in the store: what its manifest lists, the indexes to it, the manifest."""
        sizes = self.store.listing()
        layout = Layout(Path())
        names = [MANIFEST] if MANIFEST in sizes else []
        for file in self.store.read_manifest() if names else ():
            names += [file, layout.index_of(file).as_posix()]
        return {name: sizes[name] for name in names if name in sizes}

    def here(self, name: str) -> Path | None:
        """The path of what lies in the local folder."""
        if self.local is None or not (path := self.local / name).exists():
            return None
        return path

    def real(self, name: str) -> Path:
        """A real file with those bytes: the local one, or fetched once. Raises FileNotFoundError."""
        path = self.here(name)
        if path is not None and not (name == MANIFEST and name in self.stored):
            return path
        if name not in self._fetched:
            if name not in self.stored:
                raise FileNotFoundError(name)
            target = self._folder / name.replace("/", "__")
            self.store.fetch(name, target)
            if path is not None:  # both manifests; of two lines for a file the last counts
                target.write_bytes(target.read_bytes() + path.read_bytes())
            self._fetched[name] = target
        return self._fetched[name]

    def names_in(self, folder: str) -> set[str]:
        path = self.here(folder)
        names = {entry.name for entry in path.iterdir()} if path is not None and path.is_dir() else set()
        prefix = f"{folder}/"
        stored = {name.removeprefix(prefix) for name in self.stored if name.startswith(prefix)}
        return names | stored

    @cached_property
    def _folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="nianbao-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder


class ArchivePath:
    """A name in the joined folder."""

    def __init__(self, joined: _Joined, name: PurePosixPath) -> None:
        self._joined = joined
        self._name = name

    def __truediv__(self, other: str | ArchivePath) -> ArchivePath:
        return ArchivePath(self._joined, self._name / str(other))

    @property
    def name(self) -> str:
        return self._name.name

    @property
    def parent(self) -> ArchivePath:
        return ArchivePath(self._joined, self._name.parent)

    def with_name(self, name: str) -> ArchivePath:
        return ArchivePath(self._joined, self._name.with_name(name))

    def resolve(self) -> Path:
        """The local path, where something lies there; else this."""
        path = self._joined.here(self._key)
        return cast("Path", self) if path is None else path.resolve()

    def exists(self) -> bool:
        return self._joined.here(self._key) is not None or self._key in self._joined.stored or self.is_dir()

    def is_dir(self) -> bool:
        path = self._joined.here(self._key)
        if path is not None:
            return path.is_dir()
        prefix = "" if self._key == "." else f"{self._key}/"
        return any(name.startswith(prefix) for name in self._joined.stored)

    def iterdir(self) -> Iterator[ArchivePath]:
        for name in sorted(self._joined.names_in(self._key)):
            yield self / name

    def glob(self, pattern: str) -> Iterator[ArchivePath]:
        return (path for path in self.iterdir() if fnmatch(path.name, pattern))

    def stat(self) -> os.stat_result:
        path = self._joined.here(self._key)
        if path is not None:
            return path.stat()
        if self._key not in self._joined.stored:
            raise FileNotFoundError(str(self))
        size = self._joined.stored[self._key]
        return os.stat_result((0o100444, 0, 0, 1, 0, 0, size, 0, 0, 0))

    def open(self, mode: str = "rb") -> BinaryIO:
        """Raises FileNotFoundError; StoreError here and from the stream."""
        assert mode == "rb"
        in_store_alone = self._joined.here(self._key) is None and self._key in self._joined.stored
        if in_store_alone and self.name.endswith(WARC):
            return cast("BinaryIO", RangeStream(self._joined, self._key))
        return self._joined.real(self._key).open("rb")

    def read_bytes(self) -> bytes:
        with self.open() as stream:
            return stream.read()

    def read_text(self, encoding: str = "utf-8") -> str:
        return self.read_bytes().decode(encoding)

    @property
    def _key(self) -> str:
        return self._name.as_posix()

    def __fspath__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        folder = self._joined.url if self._joined.local is None else str(self._joined.local)
        return folder if self._key == "." else f"{folder.rstrip('/')}/{self._key}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArchivePath) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: ArchivePath) -> bool:
        return self._name < other._name

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self._joined.local, self._joined.url, self._key)


def _again(local: Path | None, url: str, name: str) -> Path:
    """The same path in another process, which looks at the store for itself."""
    return open_folder(local, url) / name


class RangeStream(io.BufferedIOBase):
    """A WARC in the store. A record costs one request of its own bytes and a little; reading on costs ever
    fewer requests, for up to 4 MB each. Whoever wants a file descriptor gets the whole file, fetched."""

    def __init__(self, joined: _Joined, name: str) -> None:
        super().__init__()
        self._joined = joined
        self._key = name
        self._size = joined.stored[name]
        self._at = 0
        self._start = 0  # of the window in the file
        self._window = b""
        self._ahead = 0
        self._whole: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        left = self._size - self._at
        if size is not None and size >= 0:
            left = min(left, size)
        parts: list[bytes] = []
        while left > 0:
            piece = self._held(left) or self._fetched(left)
            if not piece:
                break  # the object became shorter: whoever reads sees a cut record
            parts.append(piece)
            self._at += len(piece)
            left -= len(piece)
        return b"".join(parts)

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(size)

    def fileno(self) -> int:
        if self._whole is None:
            self._whole = self._joined.real(self._key).open("rb")
        return self._whole.fileno()

    def close(self) -> None:
        if self._whole is not None:
            self._whole.close()
        super().close()

    def _held(self, wanted: int) -> bytes:
        place = self._at - self._start
        return self._window[place : place + wanted] if 0 <= place < len(self._window) else b""

    def _fetched(self, wanted: int) -> bytes:
        """A new window; one that goes on keeps the end of the last, for who looks ahead and steps back."""
        goes_on = bool(self._window) and self._at == self._start + len(self._window)
        self._ahead = min(2 * self._ahead, _MOST_AHEAD) if goes_on else wanted + _REST_OF_GROUP
        end = min(self._at + max(wanted, self._ahead), self._size)
        kept = self._window[-_KEPT:] if goes_on else b""
        self._window = kept + self._joined.store.read(self._key, self._at, end)
        self._start = self._at - len(kept)
        return self._held(wanted)
