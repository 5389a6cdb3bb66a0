"""Content coding undone on the way to the spider: the right class, the right bytes, and no bomb."""

from __future__ import annotations

import gzip
import logging
import zlib

import pytest
from backports import zstd
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response, TextResponse

from crawler.decompression import DecompressionMiddleware

PAGE = "<html><body>年报</body></html>".encode("gb18030")
URL = "http://www.example.gov.cn/art/1.html"


def undone(body: bytes, *codings: str, limit: int = 10_000, url: str = URL, **meta: object) -> Response:
    response = Response(url, headers={"Content-Encoding": list(codings), "ETag": "x"}, body=body)
    response.request = Request(url, meta=dict(meta))
    return DecompressionMiddleware(limit).process_response(response.request, response)


@pytest.mark.parametrize(
    ("body", "codings"),
    [
        (gzip.compress(PAGE, mtime=0), ["gzip"]),
        (gzip.compress(PAGE, mtime=0), ["X-GZIP"]),
        (zlib.compress(PAGE), ["deflate"]),
        (zlib.compress(PAGE)[2:-4], ["deflate"]),
        (gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0), ["gzip, gzip"]),
        (gzip.compress(zlib.compress(PAGE), mtime=0), ["deflate", "gzip"]),
        (zstd.compress(PAGE), ["zstd"]),
        (PAGE, ["gzip"]),
        (PAGE, ["identity"]),
    ],
)
def test_every_coding_comes_off_with_its_header(body: bytes, codings: list[str]) -> None:
    response = undone(body, *codings)
    assert response.body == PAGE
    assert "Content-Encoding" not in response.headers
    assert response.headers["ETag"] == b"x"
    assert isinstance(response, HtmlResponse)
    assert response.request is not None


def test_the_charset_is_found_in_the_page_not_in_the_coded_bytes() -> None:
    page = '<html><head><meta charset="gbk"></head><body>年报</body></html>'.encode("gbk")
    response = undone(gzip.compress(page), "gzip")
    assert isinstance(response, TextResponse)
    assert "年报" in response.text


def test_an_answer_without_coding_is_left_alone() -> None:
    response = Response(URL, body=PAGE)
    assert DecompressionMiddleware(10).process_response(Request(URL), response) is response


@pytest.mark.parametrize(("body", "coding"), [(PAGE, "sdch"), (gzip.compress(PAGE, mtime=0)[:-9], "gzip")])
def test_what_cannot_be_undone_goes_up_as_it_is(
    body: bytes, coding: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        response = undone(body, coding)
    assert (response.body, response.headers["Content-Encoding"]) == (body, coding.encode())
    assert URL in caplog.text


def test_a_bomb_is_refused() -> None:
    bomb = gzip.compress(bytes(20_000))
    with pytest.raises(IgnoreRequest, match="DOWNLOAD_MAXSIZE"):
        undone(bomb, "gzip")
    assert len(undone(bomb, "gzip", download_maxsize=30_000).body) == 20_000
