"""The check at the end of a run sees what is damaged, and passes what is whole (tests/foreign_readers.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.warc_making import context, exchange, only_warc, writer
from tests.foreign_readers import DAMAGED, complaints, made_files


@pytest.fixture
def base(tmp_path: Path) -> Path:
    with writer(tmp_path / "made") as archive:
        archive.write_exchange(exchange(), context())
    return tmp_path


def test_whole_files_pass(base: Path) -> None:
    copy = base / "copied" / "same.warc.gz"
    copy.parent.mkdir()
    copy.write_bytes(only_warc(base / "made").read_bytes())
    assert len(list(made_files(base))) == 1, "a copy counts once"
    assert complaints(base, None) == []


def test_others_complain_of_damage(base: Path) -> None:
    path = only_warc(base / "made")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    (told,) = complaints(base, None)
    assert path.name in told
    damaged = base / f"{DAMAGED[0]}0" / path.name
    damaged.parent.mkdir()
    path.rename(damaged)
    assert complaints(base, None) == [], "left out by name"
