"""Closing a file, in an order that can be cut anywhere: index, manifest, then the rename that ends it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
from heapq import merge
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from archive.warc import manifest
from archive.warc.layout import WARC_DIR, Layout, sync_folder, with_open

RUN = 10_000  # index lines sorted at once: about 5 MB


def close_file(layout: Layout, path: Path, lines: Iterable[bytes], digest: str) -> None:
    """`path` is the final name; `PATH.open` lies there whole and synced. Raises OSError.

    The manifest is written before the rename: a closed file that it does not list is then never ours. A kill
    before the rename leaves the `.open`, which recovery closes again, with the same result.
    """
    index = layout.index_of(path.name)
    write_index(index, lines)
    with_open(index).unlink(missing_ok=True)
    manifest.append(layout.manifest, f"{WARC_DIR}/{path.name}", digest)
    with_open(path).rename(path)
    sync_folder(layout.warcs)
    sync_folder(layout.root)


def write_index(index: Path, lines: Iterable[bytes]) -> None:
    """The sorted index, whole or not at all. `lines` are read once, and never all in memory."""
    draft = index.with_name(index.name + ".new")
    with ExitStack() as runs, draft.open("wb") as stream:
        stream.writelines(_in_order(lines, index.parent, runs))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(index)
    sync_folder(index.parent)


def _in_order(lines: Iterable[bytes], folder: Path, runs: ExitStack) -> Iterable[bytes]:
    """Sorted in runs that are merged from nameless files in `folder`: a kill leaves none behind."""
    left = iter(lines)
    files: list[IO[bytes]] = []
    while run := sorted(islice(left, RUN)):
        if not files and len(run) < RUN:
            return run
        file = runs.enter_context(TemporaryFile(dir=folder))  # noqa: SIM115 — the stack closes it
        file.writelines(run)
        run.clear()  # before the next is read
        file.seek(0)
        files.append(file)
    return merge(*files)
