"""HTTP as bytes: heads, chunks, interim answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.warc import wire


def test_status_line_and_headers_stay_bytes() -> None:
    head = "HTTP/1.1 404 找不到\r\nX-B: 1\r\nx-a: 附件\r\nX-B: 2\r\n\r\n".encode("gbk")
    parsed = wire.parse_response(head + b"body")
    assert parsed is not None
    assert (parsed.head, parsed.body, parsed.status, parsed.protocol) == (head, b"body", 404, "http/1.1")
    assert wire.header_lines(head) == [(b"X-B", b"1"), (b"x-a", "附件".encode("gbk")), (b"X-B", b"2")]


@given(
    st.binary(max_size=300),
    st.lists(st.integers(1, 90), min_size=1, max_size=20),
    st.sampled_from([b"", b";name=value", b" "]),
)
def test_any_chunking_gives_the_payload_back(payload: bytes, sizes: list[int], extension: bytes) -> None:
    assert wire.dechunk(chunked(payload, sizes, extension)) == (payload, None)


@given(st.binary(max_size=120), st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 400))
def test_a_cut_gives_what_came(payload: bytes, sizes: list[int], cut: int) -> None:
    got, problem = wire.dechunk(chunked(payload, sizes)[:cut])
    assert payload.startswith(got)
    assert problem is None


def chunked(payload: bytes, sizes: list[int], extension: bytes = b"") -> bytes:
    parts, place, turn = [], 0, 0
    while place < len(payload):
        piece = payload[place : place + sizes[turn % len(sizes)]]
        parts.append(f"{len(piece):x}".encode() + extension + b"\r\n" + piece + b"\r\n")
        place, turn = place + len(piece), turn + 1
    return b"".join(parts) + b"0\r\nTrailer: 1\r\n\r\n"


def test_only_the_transfer_coding_is_renamed() -> None:
    fields = b"TRANSFER-Encoding : chunked\r\nContent-Encoding: gzip\r\nX: Transfer-Encoding: y\r\n"
    head = b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n"
    parsed = wire.parse_response(head + b"3\r\nabc\r\n0\r\n\r\n")
    assert parsed is not None
    assert parsed.head == head.replace(b"TRANSFER-Encoding", b"x-orig-transfer-encoding")
    assert parsed.body == b"abc"


@pytest.mark.parametrize("coding", [b"gzip, chunked", b"identity"])
def test_another_transfer_coding_is_left_alone(coding: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + coding + b"\r\n\r\n"
    parsed = wire.parse_response(head + b"3\r\nabc\r\n0\r\n\r\n")
    assert parsed is not None
    assert (parsed.head, parsed.body) == (head, b"3\r\nabc\r\n0\r\n\r\n")


@pytest.mark.parametrize("body", [b"zz\r\nabc", b"3\r\nabcdef\r\n0\r\n\r\n", b"-1\r\nabc\r\n"])
def test_malformed_chunks_are_told(body: bytes) -> None:
    assert wire.dechunk(body)[1] is not None


def test_interim_answers_are_listed() -> None:
    parsed = wire.parse_response(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.0 200\r\n\r\nbody"
    )
    assert parsed is not None
    assert (parsed.interim, parsed.status, parsed.body, parsed.protocol) == (
        (100, 103),
        200,
        b"body",
        "http/1.0",
    )


@pytest.mark.parametrize(
    "cut", [b"", b"HTTP/1.1", b"HTTP/1.1 200 OK\r\nServer: x\r\n", b"SSH-2.0-x\r\n\r\n", b"<html>"]
)
def test_what_is_no_whole_head_is_no_response(cut: bytes) -> None:
    assert wire.parse_response(cut) is None


def test_no_body_where_none_may_be() -> None:
    head = b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert wire.parse_response(head + b"left over").body == b""  # type: ignore[union-attr]
    assert wire.parse_response(b"HTTP/1.1 200 OK\r\n\r\nx", "HEAD").body == b""  # type: ignore[union-attr]


@given(st.lists(st.binary(max_size=30), max_size=8), st.sampled_from([b"\r\n", b"\n", b"\r\n ", b"\n\t"]))
def test_the_short_way_to_the_header_fields_gives_what_the_long_one_gives(
    lines: list[bytes], end: bytes
) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + end.join(lines) + b"\r\n\r\n"
    long = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in wire.header_lines(head)]
    assert list(wire.header_texts(head)) == long
