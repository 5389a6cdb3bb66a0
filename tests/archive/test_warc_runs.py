"""A run's marks: which runs there were, which are unfinished, and which files they wrote."""

from __future__ import annotations

from pathlib import Path

from archive.context import RunEvent, RunRecord
from archive.warc.reader import ArchiveReader
from archive.warc.verify import verify
from archive.warc.writer import ArchiveWriter
from tests.archive.warc_making import MORNING, TurnedClock, context, exchange


def mark(run: str, event: RunEvent = RunEvent.BEGAN) -> RunRecord:
    return RunRecord(run=run, event=event, at=MORNING, portals=("demo",), years=(2025,), full=True)


def crawl(root: Path, run: str, *, ends: bool, rotate: int = 1_000_000) -> None:
    writer = ArchiveWriter(root, clock=TurnedClock(), warcinfo={"run": run}, rotate_bytes=rotate)
    with writer:
        writer.write_run(mark(run))
        writer.write_exchange(exchange(), context())
        if ends:
            writer.write_run(mark(run, RunEvent.ENDED))


def test_runs_come_back_with_their_files(tmp_path: Path) -> None:
    crawl(tmp_path, "one", ends=True)
    crawl(tmp_path, "two", ends=False, rotate=1)
    reader = ArchiveReader(tmp_path)
    told = [(record.run, record.event) for _, record in reader.runs()]
    assert told == [("one", RunEvent.BEGAN), ("one", RunEvent.ENDED), ("two", RunEvent.BEGAN)]
    assert next(record for _, record in reader.runs()) == mark("one")
    files = {name: reader.files_of(name) for name in ("one", "two", "three")}
    assert (len(files["one"]), len(files["two"]), files["three"]) == (1, 2, [])
    assert {entry.file for entry in reader.entries()} == {*files["one"], *files["two"]}
    assert verify(tmp_path).ok


def test_marks_are_read_while_the_file_is_open(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path, clock=TurnedClock(), warcinfo={"run": "now"}) as writer:
        writer.write_run(mark("now"))
        reader = ArchiveReader(tmp_path)
        assert [record.run for _, record in reader.runs()] == ["now"]
        assert len(reader.files_of("now")) == 1


def test_a_run_is_no_page(tmp_path: Path) -> None:
    crawl(tmp_path, "one", ends=True)
    lines = b"".join(path.read_bytes() for path in (tmp_path / "index").iterdir()).splitlines()
    assert sum(line.startswith(b"urn:run:") for line in lines) == 2
    assert len(list(ArchiveReader(tmp_path).captures())) == 1
