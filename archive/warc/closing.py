"""Closing a file, in an order that can be cut anywhere: index, manifest, then the rename that ends it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from archive.warc import manifest
from archive.warc.layout import WARC_DIR, Layout, sync_folder, with_open


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
    """The sorted index, whole or not at all."""
    draft = index.with_name(index.name + ".new")
    with draft.open("wb") as stream:
        stream.writelines(sorted(lines))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(index)
    sync_folder(index.parent)
