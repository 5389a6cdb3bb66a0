"""Closed files into the store, each read back before it counts; what a kill left undone is taken up again."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archive.warc import manifest
from archive.warc.errors import ArchiveDamaged, ArchiveLocked
from archive.warc.layout import OPEN, Layout
from archive.warc.store import Store, StoreError

_LOCK = ".store.lock"


@dataclass(slots=True)
class PushSummary:
    """`pushed` went into the store now, `there` were in it; `dropped` no longer lie here."""

    pushed: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    left_open: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StoreFault:
    """What is wrong with a file in the store. `absent`: it is not there yet, which a push mends."""

    file: str
    message: str
    absent: bool = False

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


def push(
    root: Path, url: str, *, drop_local: bool = False, told: Callable[[str, str], None] | None = None
) -> PushSummary:
    """Copy every closed file of the local archive into the store: WARC, index, then its manifest line.

    Pushing again copies nothing again. `drop_local` takes away a WARC here once its digest was read in the
    store in this very run; its index and its manifest line stay. `told` hears (file, pushed | there |
    dropped). Raises StoreError, ArchiveLocked while another push is at work, and ArchiveDamaged where a local
    file is not what the manifest says: that is never pushed.
    """
    layout = Layout(root)
    summary = PushSummary(left_open=[path.name.removesuffix(OPEN) for path in layout.open_files()])
    with _alone(root):
        store = Store(url)
        closed = [file for file in layout.files() if (root / file).exists()]
        listed, _ = manifest.read(layout.manifest)  # after the look: a crawl lists a file, then closes it
        stored, sizes = store.read_manifest(), store.listing()
        for file in closed:
            if file not in listed:
                raise ArchiveDamaged(root / file, "清单中没有此文件 the manifest does not list it")
            if file in stored and stored[file] != listed[file]:
                raise StoreError(
                    f"{url}：存储中同名文件内容不同，请换一个网址 another file of that name lies there, "
                    f"use another URL: {file}"
                )
            whole = _push_file(layout, store, file, listed[file], stored, sizes)
            state = "pushed" if whole else "there"
            (summary.pushed if whole else summary.there).append(file)
            if drop_local:
                _drop(layout, store, file, listed[file], known=whole)
                summary.dropped.append(file)
                state = "dropped"
            if told:
                told(file, state)
    return summary


def _push_file(  # noqa: PLR0913, PLR0917 - one caller
    layout: Layout, store: Store, file: str, digest: str, stored: dict[str, str], sizes: dict[str, int]
) -> bool:
    """Was there anything to do? What is done when it returns was read back."""
    path, index = layout.root / file, layout.index_of(file)
    index_name = index.relative_to(layout.root).as_posix()
    if file in stored and sizes.get(file) == path.stat().st_size and sizes.get(index_name) == _size(index):
        return False
    if manifest.file_digest(path) != digest:
        raise ArchiveDamaged(path, "内容与清单不符，未送出 its content differs from the manifest: not sent")
    _put(store, file, path, digest, sizes)
    _put(store, index_name, index, manifest.file_digest(index), sizes)
    stored[file] = digest
    store.write_manifest(stored)
    return True


def _put(store: Store, name: str, path: Path, digest: str, sizes: dict[str, int]) -> None:
    """Put a file unless a push before this one did, and read it back."""
    size = _size(path)
    if sizes.get(name) == size and store.digest(name, size) == digest:
        return
    store.put(name, path)
    if store.digest(name, size) != digest:
        raise StoreError(f"{store.url}：读回的内容不同，请重试 what was read back differs, try again: {name}")
    sizes[name] = size


def _drop(layout: Layout, store: Store, file: str, digest: str, *, known: bool) -> None:
    path = layout.root / file
    if not known and store.digest(file, _size(path)) != digest:
        raise StoreError(
            f"{store.url}：存储中的文件已损坏，本地保留 the file in the store is damaged, kept here: {file}"
        )
    path.unlink()


def check(root: Path, url: str) -> tuple[int, list[StoreFault]]:
    """(files in the store, what is wrong), for every file that the local manifest lists; reads them all.

    Raises StoreError where the store cannot be reached.
    """
    layout, store = Layout(root), Store(url)
    listed, _ = manifest.read(layout.manifest)
    stored, sizes = store.read_manifest(), store.listing()
    faults: list[StoreFault] = []
    for file, digest in listed.items():
        if file not in stored:
            faults.append(StoreFault(file, "不在存储中 not in the store", absent=True))
            continue
        index = layout.index_of(file)
        index_name = index.relative_to(root).as_posix()
        if file not in sizes or index_name not in sizes:
            faults.append(StoreFault(file, "文件或索引不在了 the file or its index is gone"))
        elif stored[file] != digest or store.digest(file, sizes[file]) != digest:
            faults.append(StoreFault(file, "内容与清单不符 its content differs from the manifest"))
        elif index.exists() and store.digest(index_name, sizes[index_name]) != manifest.file_digest(index):
            faults.append(StoreFault(index_name, "索引与本地不同 the index differs from the one here"))
    return len(listed) - len(faults), faults


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError as error:
        raise ArchiveDamaged(path, "文件不在了 the file is gone") from error


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One push at a time; a crawl may go on meanwhile. The system frees the lock however we end."""
    handle = os.open(root / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveLocked(
                f"{root}: 另一个进程正在送往存储，请稍后再试 another process is pushing, try again later"
            ) from error
        yield
    finally:
        os.close(handle)
