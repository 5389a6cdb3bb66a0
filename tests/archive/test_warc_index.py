"""The CDXJ: keys as replay tools make them, lines there and back."""

from __future__ import annotations

import json

import pytest

from archive.warc.index import IndexEntry, parse_line
from archive.warc.surt import full_url_key, url_key
from tests.archive.warc_making import MORNING


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.example.gov.cn/", "cn,gov,example)/"),
        ("https://Example.GOV.cn", "cn,gov,example)/"),
        ("http://example.gov.cn:80/A/B.html#top", "cn,gov,example)/a/b.html"),
        ("http://example.gov.cn:8080/x/", "cn,gov,example:8080)/x"),
        ("http://example.gov.cn/s?b=2&a=1", "cn,gov,example)/s?a=1&b=2"),
        ("http://example.gov.cn/%e5%b9%b4", "cn,gov,example)/%e5%b9%b4"),
        ("http://example.gov.cn/%E5%B9%B4", "cn,gov,example)/%e5%b9%b4"),
        ("http://192.0.2.7/x", "192.0.2.7)/x"),
        ("http://example.gov.cn/a b", "cn,gov,example)/a%20b"),
        ("mailto:a@b", "mailto:a@b"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_key(url: str, key: str) -> None:
    assert url_key(url) == key
    assert " " not in url_key(url)


def entry(**more) -> IndexEntry:
    given = {
        "file": "warc/x.warc.gz",
        "offset": 12,
        "length": 345,
        "record_id": "<urn:uuid:1>",
        "url": "http://www.example.gov.cn/年报.html",
        "date": MORNING,
        "status": 200,
        "digest": "sha256:00",
        "kind": "capture",
        "role": "report",
        "mime": "text/html",
    }
    return IndexEntry(**(given | more))


@pytest.mark.parametrize(
    "more", [{}, {"status": 0, "digest": None, "role": None}, {"kind": "walk", "status": 0}]
)
def test_there_and_back(more: dict) -> None:
    line = entry(**more).line()
    assert line.endswith(b"\n")
    assert parse_line(line, "warc") == entry(**more)


def test_fields_that_replay_needs() -> None:
    key, stamp, text = entry().line().split(b" ", 2)
    assert (key, stamp) == (b"cn,gov,example)/%e5%b9%b4%e6%8a%a5.html", b"20260203010203")
    fields = json.loads(text)
    needed = ("url", "mime", "status", "digest", "length", "offset", "filename")
    assert all(isinstance(fields[name], str) for name in needed)
    assert fields["filename"] == "x.warc.gz"


def test_failures_and_walks_are_no_pages() -> None:
    assert entry(status=0).line().startswith(b"urn:failed:cn,gov,")
    assert entry(kind="walk", status=0).line().startswith(b"urn:walk:cn,gov,")


@pytest.mark.parametrize("line", [b"", b"a b", b"a b {}", b"a b []", b'a b {"kind": "x"}', b"a b {"])
def test_a_line_that_is_none(line: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        parse_line(line, "warc")


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.gov.cn/art/2026/1/30/art_1_2.html",
        "https://www2.example.gov.cn/A/B/",
        "http://example.gov.cn/",
        "http://www.www.cn/x",
        "http://www.cn/x",
        "http://www.gov.cn//x//",
        "http://wwwx.gov.cn/~a/-b_c",
        "http://203.0.113.9/x",
        "http://example.gov.cn",
        "http://example.gov.cn:80/x",
        "http://Example.gov.cn/x?b=1&a=2",
        "http://localhost/x",
    ],
)
def test_the_short_way_to_a_key_gives_the_same(url: str) -> None:
    assert url_key(url) == full_url_key(url)
