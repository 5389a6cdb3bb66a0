"""Reading: in order, by place, by URL, while the file grows, and from files of other makers."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.context import Role
from archive.warc.answers import Answer, read_answer
from archive.warc.capture import Pointer
from archive.warc.errors import ArchiveDamaged
from archive.warc.index import IndexEntry
from archive.warc.layout import Layout
from archive.warc.reader import ArchiveReader
from tests.archive.warc_making import GBK_HEAD, MORNING, context, exchange, failed, only_warc, walk, writer


def test_a_capture_as_it_was_served(tmp_path: Path) -> None:
    head = GBK_HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
    body = gzip.compress("报告".encode("gbk"))
    framed = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    with writer(tmp_path) as archive:
        pointer = archive.write_exchange(
            exchange(response=head + framed), context(publisher_hint="330681-S01")
        )
    capture = ArchiveReader(tmp_path).capture(pointer)
    assert capture.payload == "报告".encode("gbk")
    assert (capture.status, capture.outcome, capture.date, capture.truncated) == (
        200,
        "response",
        MORNING,
        None,
    )
    assert [value for name, value in capture.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert (capture.header("content-disposition") or "").encode("latin-1").decode("gbk").endswith('附件.doc"')
    assert capture.context == {
        "portal": "demo",
        "platform": "hanweb",
        "role": "report",
        "run": "run-1",
        "publisher_hint": "330681-S01",
    }
    assert capture.pointer == pointer


def test_a_failure_is_a_capture_without_status(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        dns = archive.write_exchange(failed(), context(Role.LIST))
        odd = archive.write_exchange(exchange(response=b"SSH-2.0\r\n"), None)
    reader = ArchiveReader(tmp_path)
    assert (reader.capture(dns).status, reader.capture(dns).outcome) == (0, "dns")
    assert reader.capture(dns).context["role"] == "list"
    assert "outcome" not in reader.capture(dns).context
    assert (reader.capture(odd).status, reader.capture(odd).outcome) == (0, "protocol")


def test_while_it_grows_and_after(tmp_path: Path) -> None:
    reader = ArchiveReader(tmp_path)
    assert list(reader.entries()) == []
    with writer(tmp_path) as archive:
        first = archive.write_exchange(exchange("http://www.example.gov.cn/z"), context())
        assert reader.capture(first).url == "http://www.example.gov.cn/z"
        second = archive.write_exchange(exchange("http://www.example.gov.cn/a"), None)
        place = archive.write_walk(walk())
        growing = list(reader.entries())
        assert [entry.pointer for entry in growing] == [first, second, place]
        assert list(reader.walks()) == [(place, walk())]
    assert list(reader.entries()) == growing, "order of writing, not of the sorted index"
    assert [entry.role for entry in growing] == ["report", None, None]
    assert reader.capture(first).url == "http://www.example.gov.cn/z", "pointers outlive the rename"
    assert [capture.url for capture in reader.captures()] == [entry.url for entry in growing[:2]]
    assert list(reader.walks()) == [(place, walk())]


def test_find(tmp_path: Path) -> None:
    urls = [f"http://www.example.gov.cn/{name}?b={turn}&a=1" for name in "bca" for turn in range(15)]
    reader = ArchiveReader(tmp_path)

    def found(url: str) -> list[IndexEntry]:
        return reader.find(url)

    for times in (1, 2):
        with writer(tmp_path) as archive:
            for url in urls:
                archive.write_exchange(exchange(url), None)
            archive.write_exchange(failed(urls[3]), None)
            archive.write_walk(walk())
            assert len(found(urls[0])) == times
    for url in urls:
        assert [entry.url for entry in found(url + "#top")] == [url] * (4 if url == urls[3] else 2)
    assert [entry.status for entry in found(urls[3])] == [200, 0, 200, 0]
    for absent in (
        "http://www.example.gov.cn/",
        "http://a.example.gov.cn/",
        "http://zz.example.gov.cn/x",
        "x",
    ):
        assert found(absent) == []
    assert found("http://www.example.gov.cn/b?a=1&b=0") == [], "another order of the query is another URL"


def test_a_wrong_place_is_told(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        one = archive.write_exchange(exchange(), None)
        two = archive.write_exchange(exchange(), None)
    reader = ArchiveReader(tmp_path)
    for wrong in (
        replace(one, offset=one.offset + 1),
        replace(one, length=one.length - 1),
        replace(one, length=one.length + 1),
        replace(one, record_id=two.record_id),
        replace(one, file="warc/none.warc.gz"),
    ):
        with pytest.raises(ArchiveDamaged) as told:
            reader.capture(wrong)
        assert wrong.file.rpartition("/")[2] in str(told.value)
    with pytest.raises(ArchiveDamaged):
        reader.walk(one)


def test_a_damaged_index_is_told(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        archive.write_exchange(exchange(), None)
    (index,) = (tmp_path / "index").iterdir()
    index.write_bytes(b"cn,gov)/ 2026 {oops\n")
    with pytest.raises(ArchiveDamaged, match="cdxj"):
        list(ArchiveReader(tmp_path).entries())


def test_a_lost_index_is_read_from_the_file(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        pointer = archive.write_exchange(exchange(), context())
    (index,) = (tmp_path / "index").iterdir()
    index.unlink()
    (entry,) = ArchiveReader(tmp_path).entries()
    assert (entry.pointer, entry.role) == (pointer, "report")
    path = only_warc(tmp_path)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(ArchiveDamaged):
        list(ArchiveReader(tmp_path).entries())


def test_a_file_of_another_maker(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.create()
    with (layout.warcs / "wget.warc.gz").open("wb") as stream:
        other = WARCWriter(stream, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Transfer-Encoding", "chunked")], protocol="HTTP/1.1")
        body = io.BytesIO(b"5\r\nhello\r\n0\r\n\r\n")
        record = other.create_warc_record("http://x.example/", "response", payload=body, http_headers=headers)
        other.write_record(record)
        record.raw_stream.close()  # a temporary file that warcio leaves open
    (capture,) = ArchiveReader(tmp_path).captures()
    assert (capture.url, capture.status, capture.payload) == ("http://x.example/", 200, b"hello")


def many_answers(root: Path) -> None:
    coded = GBK_HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + gzip.compress(b"<p>x</p>")
    chunked = (
        GBK_HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n") + b"2\r\nok\r\n0\r\n\r\n"
    )
    strange = GBK_HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: gzip\r\n\r\n") + b"as it came"
    with writer(root) as archive:
        archive.write_exchange(exchange(body=b"y" * 5000), context(list_title="年度报告"))
        archive.write_exchange(exchange(), None)
        archive.write_exchange(exchange(request=b""), context())
        archive.write_exchange(exchange(truncated="length"), context())
        for response in (coded, chunked, strange, coded[:-9], b"HTTP/1.1 100 Continue\r\n\r\n" + coded):
            archive.write_exchange(exchange(response=response), context())
        for response in (b"HTTP/1.1 204 No\r\n\r\n", b"HTTP/1.1 200\r\n\r\n"):
            archive.write_exchange(exchange(response=response), context())
        archive.write_exchange(failed(), context())


def test_the_short_way_reads_what_the_long_way_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many_answers(tmp_path)
    short: list[bool] = []

    def told(member: bytes, rest: bytes, pointer: Pointer) -> Answer | None:
        answer = read_answer(member, rest, pointer)
        short.append(answer is not None)
        return answer

    monkeypatch.setattr("archive.warc.reader.read_answer", told)
    by_both = list(ArchiveReader(tmp_path).captures())
    assert short.count(True) >= 6
    assert short.count(False) >= 3
    assert [ArchiveReader(tmp_path).capture(one.pointer) for one in by_both] == by_both
    monkeypatch.setattr("archive.warc.reader.read_answer", lambda *_: None)
    assert list(ArchiveReader(tmp_path).captures()) == by_both


def test_a_damaged_member_gives_no_capture(tmp_path: Path) -> None:
    """Whatever byte is hurt: what is handed out is what was written, or nothing."""
    many_answers(tmp_path)
    path = only_warc(tmp_path)
    sound = path.read_bytes()
    expected = list(ArchiveReader(tmp_path).captures())
    refused = 0
    for place in range(expected[0].pointer.offset, len(sound), 131):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1 << place % 8]) + sound[place + 1 :])
        for capture in expected:
            try:
                assert ArchiveReader(tmp_path).capture(capture.pointer) == capture, f"byte {place}"
            except ArchiveDamaged:
                refused += 1
    assert refused > 20
    path.write_bytes(sound)
    for capture in expected[:-1]:
        for by in (-1, 1):
            with pytest.raises(ArchiveDamaged):
                ArchiveReader(tmp_path).capture(replace(capture.pointer, length=capture.pointer.length + by))


def test_a_file_cut_in_the_last_context_gives_no_capture(tmp_path: Path) -> None:
    with writer(tmp_path) as archive:
        pointer = archive.write_exchange(exchange(), context())
    path = only_warc(tmp_path)
    sound = path.read_bytes()
    for end in (len(sound) - 1, len(sound) - 9, pointer.offset + pointer.length, pointer.offset + 30):
        path.write_bytes(sound[:end])
        with pytest.raises(ArchiveDamaged):
            list(ArchiveReader(tmp_path).captures())
