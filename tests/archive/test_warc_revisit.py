"""Revisits, pages met again, rendered pages: what is written, read back, and demanded by verification."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

from archive.context import Role
from archive.warc.capture import Refers
from archive.warc.errors import ArchiveDamaged
from archive.warc.members import walk_records
from archive.warc.reader import ArchiveReader
from archive.warc.record import RawRecord
from archive.warc.recover import recover
from archive.warc.verify import verify
from tests.archive.warc_making import (
    MORNING,
    context,
    demand_that_others_read,
    exchange,
    failed,
    only_warc,
    walk,
    warcs,
    writer,
)

URL = "http://www.example.gov.cn/a.html"
PAGE = "报告".encode("gbk")
FIRST = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\nContent-Encoding: gzip\r\n"
    b'ETag: "1"\r\nX-First: yes\r\n\r\n' + gzip.compress(PAGE, mtime=0)
)
AGAIN = FIRST.replace(b"X-First: yes", b"X-Again: yes")
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\netag: "2"\r\nContent-Type: text/plain\r\nDate: now\r\n\r\n'
LATER = MORNING + timedelta(days=3)


def records(root: Path, kind: str) -> list[RawRecord]:
    found = []
    for path in warcs(root):
        with path.open("rb") as stream:
            found += [record for record in walk_records(stream) if record.kind == kind]
    return found


def held(root: Path, url: str = URL) -> Refers:
    return ArchiveReader(root).find(url)[0].as_original


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An archive that holds URL, from an earlier run."""
    with writer(tmp_path) as archive:
        archive.write_exchange(exchange(URL, response=FIRST), context())
    return tmp_path


def visit(root: Path, response: bytes, url: str = URL, **more) -> None:
    refers = held(root)
    with writer(root) as archive:
        archive.write_exchange(
            exchange(url, response=response, started=LATER, **more), context(Role.LIST), refers_to=refers
        )


def test_not_modified_is_a_revisit_with_the_real_304(root: Path) -> None:
    visit(root, UNCHANGED)
    (revisit,) = records(root, "revisit")
    (original,) = records(root, "response")
    assert revisit.block == UNCHANGED
    assert revisit.get("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.get("WARC-Refers-To") == original.record_id
    assert revisit.get("WARC-Refers-To-Target-URI") == URL
    assert revisit.get("WARC-Refers-To-Date") == original.get("WARC-Date")
    assert revisit.get("WARC-Payload-Digest") == original.get("WARC-Payload-Digest")


def test_not_modified_reads_as_what_it_repeats(root: Path) -> None:
    visit(root, UNCHANGED)
    reader = ArchiveReader(root)
    first, again = reader.captures()
    assert (again.status, again.payload, again.date, again.not_modified) == (200, PAGE, LATER, True)
    assert again.original == first.pointer
    assert again.pointer == list(reader.entries())[1].pointer != first.pointer
    assert (again.context["role"], first.context["role"]) == ("list", "report")
    assert [again.header(name) for name in ("ETag", "Content-Type", "Date", "X-First")] == [
        '"2"',
        "text/html; charset=gbk",
        "now",
        "yes",
    ]
    assert again.truncated is None


def test_an_identical_answer_keeps_its_own_head(root: Path) -> None:
    visit(root, AGAIN)
    (revisit,) = records(root, "revisit")
    assert revisit.block + gzip.compress(PAGE, mtime=0) == AGAIN
    assert (revisit.get("WARC-Profile") or "").endswith("/1.1/revisit/identical-payload-digest")
    first, again = ArchiveReader(root).captures()
    assert (again.status, again.payload, again.header("X-Again"), again.not_modified) == (
        200,
        PAGE,
        "yes",
        False,
    )
    assert (again.original, again.truncated, again.header("X-First")) == (first.pointer, None, None)


def test_the_same_page_at_another_address(root: Path) -> None:
    visit(root, AGAIN, "http://www.example.gov.cn/copy.html")
    (revisit,) = records(root, "revisit")
    assert revisit.get("WARC-Refers-To-Target-URI") == URL
    assert ArchiveReader(root).find("http://www.example.gov.cn/copy.html")[0].refers == held(root)
    assert verify(root).ok


@pytest.mark.parametrize(
    ("response", "more"),
    [
        (FIRST + b"changed", {}),
        (AGAIN, {"truncated": "disconnect"}),
        (FIRST.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", {}),
        (b"", {"outcome": "timeout"}),
    ],
    ids=["changed", "cut", "empty", "none"],
)
def test_whatever_is_not_the_same_is_written_in_full(
    root: Path, response: bytes, more: dict[str, str]
) -> None:
    visit(root, response, **more)
    assert records(root, "revisit") == []
    assert len(records(root, "response")) == (2 if response else 1)
    assert verify(root).ok


def test_304_of_another_address_repeats_nothing(root: Path) -> None:
    visit(root, UNCHANGED, "http://www.example.gov.cn/elsewhere.html")
    assert records(root, "revisit") == []
    assert ArchiveReader(root).find("http://www.example.gov.cn/elsewhere.html")[0].status == 304


def test_304_without_a_prior_capture_is_a_response(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        pointer = archive.write_exchange(exchange(response=UNCHANGED), None)
    capture = ArchiveReader(tmp_path).capture(pointer)
    assert (capture.status, capture.payload, capture.not_modified) == (304, b"", False)


def test_a_revisit_of_a_revisit_refers_to_the_response(root: Path) -> None:
    visit(root, UNCHANGED)
    newest = ArchiveReader(root).find(URL)[-1]
    assert newest.refers is not None
    with writer(root) as archive:
        archive.write_exchange(exchange(URL, response=AGAIN), None, refers_to=newest.as_original)
    assert {record.get("WARC-Refers-To") for record in records(root, "revisit")} == {
        records(root, "response")[0].record_id
    }
    assert [capture.payload for capture in ArchiveReader(root).captures()] == [PAGE] * 3


def test_the_index_says_it_as_replay_tools_do(root: Path) -> None:
    visit(root, UNCHANGED)
    line = max((root / "index").iterdir()).read_text()
    assert line.startswith("urn:not-modified:cn,gov,example)/a.html 20260206010203 ")
    assert '"mime": "warc/revisit", "status": "304"' in line
    assert ArchiveReader(root).find(URL)[1].refers == held(root)


def test_the_index_offers_an_identical_answer_as_a_page(root: Path) -> None:
    visit(root, AGAIN)
    line = max((root / "index").iterdir()).read_text()
    assert line.startswith("cn,gov,example)/a.html 20260206010203 ")
    assert '"mime": "warc/revisit", "status": "200"' in line


def test_everything_survives_recovery(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    refers = held(root)
    archive = writer(root)
    archive.write_exchange(exchange(URL, response=UNCHANGED), context(), refers_to=refers)
    pointer = archive.write_exchange(exchange(URL, response=AGAIN), context(), refers_to=refers)
    archive.write_context(URL, context(Role.REPORT, list_title="又见"))
    archive.write_conversion(URL, b"<html>DOM</html>", of=pointer, context=context())
    archive._file.abandon()  # as a kill would
    archive._file = None
    archive.close()
    before = list(ArchiveReader(root).entries())
    recover(root)
    assert list(ArchiveReader(root).entries()) == before
    result = verify(root)
    assert (result.damages, result.revisits, result.captures) == ([], 2, 3)
    demand_that_others_read(warcs(root))


def test_a_page_met_again_and_a_rendered_page(root: Path) -> None:
    with writer(root) as archive:
        response = archive.write_exchange(exchange(URL), None)
        noted = archive.write_context(URL, context(Role.REPORT, column="c2", list_title="又见"))
        drawn = archive.write_conversion(URL, b"<html>DOM</html>", of=response, context=context(Role.LIST))
        bare = archive.write_conversion(URL, b"<p>", of=response)
        archive.write_walk(walk())
    reader = ArchiveReader(root)
    (note,) = reader.contexts()
    assert (note.pointer, note.url, note.context["column"], note.context["list_title"]) == (
        noted,
        URL,
        "c2",
        "又见",
    )
    first, second = reader.conversions()
    assert (first.pointer, first.payload, first.of) == (drawn, b"<html>DOM</html>", response.record_id)
    assert (first.context["role"], second.pointer, second.context) == ("list", bare, {})
    assert [entry.pointer for entry in reader.find(URL)] == [reader.find(URL)[0].pointer, response]
    assert len(list(reader.captures())) == 2, "neither is a capture"
    assert [record.block for record in records(root, "conversion")] == [b"<html>DOM</html>", b"<p>"]
    assert len(records(root, "response")) == 2, "a DOM is never a response"
    assert verify(root).ok
    demand_that_others_read(warcs(root))


def test_verify_names_a_revisit_without_its_response(root: Path, tmp_path: Path) -> None:
    gone = Refers("<urn:uuid:0>", URL, MORNING, "sha256:" + "0" * 64)
    with writer(root) as archive:
        pointer = archive.write_exchange(exchange(URL, response=UNCHANGED), None, refers_to=gone)
    (damage,) = verify(root).damages
    assert (damage.code, damage.file, damage.offset) == ("revisit", pointer.file, pointer.offset)
    with pytest.raises(ArchiveDamaged, match="repeats is not here"):
        ArchiveReader(root).capture(pointer)


def test_verify_names_a_revisit_of_another_payload(root: Path) -> None:
    other = Refers(held(root).record_id, URL, MORNING, "sha256:" + "0" * 64)
    with writer(root) as archive:
        archive.write_exchange(exchange(URL, response=UNCHANGED), None, refers_to=other)
    assert [damage.code for damage in verify(root).damages] == ["revisit"]


def test_a_lone_file_is_not_blamed_for_what_lies_elsewhere(root: Path, tmp_path: Path) -> None:
    visit(root, UNCHANGED)
    lone = tmp_path / "elsewhere.warc.gz"
    lone.write_bytes(warcs(root)[-1].read_bytes())
    result = verify(root, [lone])
    assert result.ok
    assert "1 revisit" in result.notes[0]


def test_failures_never_become_revisits(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        pointer = archive.write_exchange(
            failed(), None, refers_to=Refers("<urn:uuid:0>", URL, MORNING, "sha256:0")
        )
    assert ArchiveReader(tmp_path).capture(pointer).outcome == "dns"
    assert only_warc(tmp_path).stat().st_size
