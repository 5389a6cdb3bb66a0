"""At the end of a test run: every WARC that it made is read by warcio, FastWARC and pywb without a complaint.

A closed file counts once, however often it was copied. Left out are only the folders of tests that damage
files on purpose, by name; a test that is new to damaging must be named here, or its run ends with an error.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator

from tests.archive.warc_making import demand_that_others_read

# The beginnings of temporary folders: pytest names them by the test, cut to thirty letters, and a number.
DAMAGED = (
    "test_a_damaged_archive",
    "test_a_file_that_is_no_warc",
    "test_a_record_that_was_exchang",
    "test_check_names_what_is_wrong",
    "test_damage_is_named_on_stdout",
    "test_damage_is_told_from_a_wor",
    "test_nothing_is_dropped_that_i",
    "test_one_damaged_record_is_nam",
    "test_others_complain_of_damage",
)
BEYOND_WARCIO = (
    "shown",
)  # brotli, unasked for: warcio 1.8.1 raises on it where Google's brotli is installed


def made_files(base: Path) -> Iterator[Path]:
    """Every closed WARC below a run's temporary folder, equal ones once, damaged ones left out."""
    seen: set[bytes] = set()
    for path in sorted(base.rglob("*.warc.gz")):
        if path.relative_to(base).parts[0].startswith(DAMAGED):
            continue
        digest = hashlib.sha256(path.read_bytes()).digest()
        if digest not in seen:
            seen.add(digest)
            yield path


def complaints(base: Path, indexer: Path | None) -> list[str]:
    """What other tools have to say of the files below `base`; nothing, if all is well. `indexer`: pywb's."""
    told: list[str] = []
    files = list(made_files(base))
    for path in files:
        try:
            if path.relative_to(base).parts[0].startswith(BEYOND_WARCIO):
                demand_that_fastwarc_reads(path)
            else:
                demand_that_others_read([path])
        except Exception as error:  # noqa: BLE001 — whatever another reader raises is a complaint
            told.append(f"{path.relative_to(base)}: {error!r}")
    if indexer is not None and files:
        quiet = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [str(indexer), *map(str, files)],
            env=quiet,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if done.returncode != 0:
            told.append(f"{indexer.name} ended with {done.returncode}: {done.stderr[-800:]}")
    return told


def demand_that_fastwarc_reads(path: Path) -> None:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            assert record.verify_block_digest(), record.record_id
