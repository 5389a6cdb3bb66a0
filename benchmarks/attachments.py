"""Word files and PDFs with a text layer into reports: `python -m benchmarks.attachments [--rounds 5]`.

Each file is read and parsed as a rebuild does it, in one process on one core; counted is its CPU time. The
files: seeds as .docx of the sample portals' own making, and as PDF printed by Chromium; the paged PDF of
seed 004; the real report beside the checkout (left out where it is absent). Every file is held to its true
numbers first: speed of a wrong reading is none.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import extract
import parser
from archive.register import Register, load_register
from benchmarks.measuring import Ratio, goals, median, rounds, table
from benchmarks.ocr import REAL, ROOT, SEEDS, golden, seed_printed
from extract.rebuild_rows import _cells
from tests.portals.seedpage import seed_blocks
from tests.portals.word import docx

PDF_A_SECOND, DOCX_A_SECOND = 5, 50


@dataclass(frozen=True)
class File:
    """A report as a file; `seed` where its true numbers are known."""

    name: str
    payload: bytes
    seed: str | None = None


def word_files() -> list[File]:
    return [File(f"{seed}.docx", docx(list(seed_blocks(seed))), seed) for seed in SEEDS]


def pdf_files(folder: Path) -> list[File]:
    made = [File(f"{seed}.pdf", seed_printed(seed, folder), seed) for seed in SEEDS]
    made.append(File("004.pdf", (ROOT / "tests/portals/files/seed_004.pdf").read_bytes(), "004"))
    if REAL.exists():
        made.append(File("real.pdf", REAL.read_bytes()))
    return made


def wrong(file: File, register: Register) -> list[str]:
    """Keys of the numbers that are not read as they are; one cell of seed 004 is lost in the seed itself."""
    if file.seed is None:
        return []
    report = parser.parse(extract.read(file.payload, name=file.name, register=register))
    read = {cell["key"]: cell["value"] for cell in _cells(report)}
    keys = [key for key, value in golden(file.seed).items() if read.get(key) != value]
    return keys if file.seed != "004" or len(keys) != 1 else []


def seconds(files: Sequence[File], register: Register, repeats: int) -> float:
    """CPU seconds a file."""
    began = time.process_time()
    for _ in range(repeats):
        for file in files:
            parser.parse(extract.read(file.payload, name=file.name, register=register))
    return (time.process_time() - began) / repeats / len(files)


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    os.sched_setaffinity(0, {0})
    register = load_register()
    with tempfile.TemporaryDirectory() as folder:
        kinds = {"docx": word_files(), "pdf": pdf_files(Path(folder))}
    for file in (file for files in kinds.values() for file in files):
        if keys := wrong(file, register):
            sys.stderr.write(f"{file.name} is misread: {', '.join(keys[:5])}\n")
            return 1
    print(f"## Attachments\n\n`python -m benchmarks.attachments --rounds {chosen.rounds}`")
    arms: dict[str, Callable[[], float]] = {
        f"{kind} {file.name}": partial(seconds, [file], register, 2)
        for kind, files in kinds.items()
        for file in files
    }
    told = rounds(arms, chosen.rounds)
    rows = [
        [name, f"{1000 * median(v):.0f}", f"{1000 * min(v):.0f}–{1000 * max(v):.0f}"]
        for name, v in told.items()
    ]
    print(table("CPU ms a report, parsed", ["file", "median", "lowest–highest"], rows))
    rates = {
        kind: median(
            [len(files) / sum(told[f"{kind} {f.name}"][n] for f in files) for n in range(chosen.rounds)]
        )
        for kind, files in kinds.items()
    }
    found = [
        Ratio("Word files a second, one core", rates["docx"], low=DOCX_A_SECOND),
        Ratio("PDFs with a text layer a second, one core", rates["pdf"], low=PDF_A_SECOND),
    ]
    print(goals(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
