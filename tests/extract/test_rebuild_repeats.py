"""An answer that comes again is read once, and what stands in the catalogue is as if each had been read."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

import extract
from archive.register import load_register
from archive.warc.capture import Capture
from archive.warc.reader import ArchiveReader
from extract.rebuild_reading import CaptureSource, read_entries, read_entry
from extract.rebuild_repeats import Repeats, answer_key, answers_that_repeat
from extract.rebuild_rows import CaptureRows, capture_row, is_drawn_document
from tests.extract.rebuild_making import Day, register_file

DAYS = ("2025-01-22", "2025-02-10", "2025-02-13")


@pytest.fixture
def source(tmp_path: Path) -> CaptureSource:
    """Three days on which two reports were served alike, and a third but once."""
    days = [Day(day) for day in DAYS]
    for day in days:
        day.report("甲", 2023)
        day.report("乙", 2024, published="2025-01-20")
    days[1].report("丙", 2024, published="2025-02-07")
    root = tmp_path / "warc"
    for day in days:
        day.write(root)
    return CaptureSource(root, load_register([register_file(tmp_path)]), extract.EXTRACTOR_VERSION)


def test_rows_are_those_of_reading_each_answer(source: CaptureSource) -> None:
    reader = ArchiveReader(source.root)
    entries = [e for e in reader.entries() if e.kind == "capture" or is_drawn_document(e)]
    assert len(answers_that_repeat(entries)) == 2 * len(DAYS)
    each = [asdict(read_entry(reader.capture(entry), entry, source)) for entry in entries]
    assert [asdict(rows) for rows in read_entries(source, entries, 1, isolated=False)] == each
    assert [asdict(rows) for rows in read_entries(source, entries, 2)] == each
    assert len({claim["record_id"] for rows in each for claim in rows["claims"]}) == len(entries)


def test_an_answer_is_read_once_and_another_anew(source: CaptureSource) -> None:
    reader = ArchiveReader(source.root)
    entry = next(reader.entries())
    first = reader.capture(entry)
    reads: list[str] = []
    repeats = Repeats()

    def rows_of(capture: Capture) -> CaptureRows:
        def read() -> CaptureRows:
            reads.append(capture.url)
            return read_entry(capture, entry, source)

        return repeats.rows(capture, capture_row(capture, entry, source.read_by), read)

    again = replace(first, headers=(*first.headers, ("Date", "Mon, 10 Feb 2025 01:00:00 GMT")))
    assert rows_of(first).cells == rows_of(again).cells
    assert len(reads) == 1
    others = (
        replace(first, payload=first.payload + b" "),
        replace(first, url=first.url + "?"),
        replace(first, headers=(*first.headers, ("Last-Modified", "Mon, 10 Feb 2025 01:00:00 GMT"))),
        replace(first, context={**first.context, "list_date": "2025-01-01"}),
    )
    assert len({answer_key(capture) for capture in (first, *others)}) == 5
    for capture in others:
        rows_of(capture)
    assert len(reads) == 5


def test_the_oldest_is_given_up_first(source: CaptureSource) -> None:
    reader = ArchiveReader(source.root)
    entry = next(reader.entries())
    captures = [replace(reader.capture(entry), url=f"http://www.example.gov.cn/{n}.htm") for n in range(3)]
    reads: list[str] = []
    repeats = Repeats(most=1)

    def read(capture: Capture) -> CaptureRows:
        reads.append(capture.url)
        return CaptureRows(capture={"version": None})

    for capture in (captures[0], captures[1], captures[0]):
        repeats.rows(capture, {"record_id": "", "version": None}, lambda c=capture: read(c))  # type: ignore[misc]
    assert len(reads) == 3
