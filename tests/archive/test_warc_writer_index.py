"""Closing sorts the index in runs, so that it needs no more memory for a large file than for a small one."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from archive.warc.closing import RUN, write_index

LINES = 5 * RUN + 7
PADDING = b"x" * 300


def line(number: int) -> bytes:
    return b"cn,gov,example)/%06d 20260203010000 {%s}\n" % (number, PADDING)


def shuffled() -> Iterator[bytes]:
    """Every number below LINES once, in no order."""
    numbers = list(range(LINES))
    random.Random(1).shuffle(numbers)
    yield from map(line, numbers)


def test_an_index_of_many_runs_is_sorted_in_the_memory_of_one(tmp_path: Path) -> None:
    numbers = shuffled()
    first = next(numbers)  # the shuffling itself is not measured
    tracemalloc.start()
    try:
        write_index(tmp_path / "large.cdxj", (part for lines in ([first], numbers) for part in lines))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "large.cdxj").read_bytes() == b"".join(map(line, range(LINES)))
    assert [path.name for path in tmp_path.iterdir()] == ["large.cdxj"]
    assert peak < 2 * RUN * len(line(0)), "the whole index was in memory"


def test_a_short_index_is_sorted_as_well(tmp_path: Path) -> None:
    write_index(tmp_path / "short.cdxj", iter([line(2), line(0), line(1)]))
    write_index(tmp_path / "none.cdxj", iter([]))
    assert (tmp_path / "short.cdxj").read_bytes() == line(0) + line(1) + line(2)
    assert (tmp_path / "none.cdxj").read_bytes() == b""
