"""Content codings undone, or a plain word why not."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from backports import zstd

from archive.warc import coding

TEXT = "政府信息公开工作年度报告".encode() * 400
RAW_DEFLATE = zlib.compressobj(wbits=-15)
RAW = RAW_DEFLATE.compress(TEXT) + RAW_DEFLATE.flush()


def packed(text: bytes) -> bytes:
    """The same at any time: a case is named after its bytes, and two workers must name it alike."""
    return gzip.compress(text, mtime=0)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("gzip", packed(TEXT)),
        ("X-GZIP", packed(TEXT)),
        ("gzip", packed(TEXT[:500]) + packed(TEXT[500:])),
        ("gzip", packed(TEXT) + b"\r\n"),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", RAW),
        ("br", brotli.compress(TEXT)),
        ("zstd", zstd.compress(TEXT)),
        ("gzip, gzip", packed(packed(TEXT))),
        ("br, gzip", packed(brotli.compress(TEXT))),
    ],
)
def test_undone(header: str | None, body: bytes) -> None:
    assert coding.undo(body, header) == coding.Decoded(TEXT)


def test_a_coding_that_was_only_claimed() -> None:
    decoded = coding.undo(TEXT, "gzip")
    assert (decoded.payload, decoded.problem) == (TEXT, None)
    assert decoded.note


@pytest.mark.parametrize("make", [gzip.compress, zlib.compress, brotli.compress, zstd.compress])
def test_a_cut_body_is_damaged(make) -> None:
    name = {gzip.compress: "gzip", zlib.compress: "deflate", brotli.compress: "br", zstd.compress: "zstd"}[
        make
    ]
    decoded = coding.undo(make(TEXT)[:-6], name)
    assert decoded.problem == f"coding_damaged:{name}"
    assert TEXT.startswith(decoded.payload)


def test_unknown() -> None:
    assert coding.undo(b"abc", "dcb") == coding.Decoded(b"abc", "coding_unknown:dcb")


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "MAX_PAYLOAD", 100_000)
    for name, body in (("gzip", gzip.compress(bytes(200_000))), ("br", brotli.compress(bytes(200_000)))):
        assert coding.undo(body, name).problem == f"coding_too_large:{name}"
