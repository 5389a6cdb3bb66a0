"""What the shipped settings module promises to the archive; the reasons stand beside the settings."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from archive.warc.reader import ArchiveReader
from crawler.recording import RecordingDownloadHandler
from tests.crawler.raw_server import Answer, RawServer
from tests.crawler.test_recording import HOST, PAGE, crawl, head, sized


@pytest.fixture
def shipped() -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    return settings


def test_only_recording_handlers_fetch(shipped: Settings) -> None:
    handlers = {name: load_object(path) for name, path in shipped["DOWNLOAD_HANDLERS"].items() if path}
    assert set(handlers) == {"http", "https"}
    assert all(issubclass(handler, RecordingDownloadHandler) for handler in handlers.values())


def test_no_coding_is_asked_for_that_replay_tools_cannot_undo(shipped: Settings) -> None:
    assert shipped["DEFAULT_REQUEST_HEADERS"]["Accept-Encoding"] == "gzip, deflate"


def test_no_cache_stands_before_the_archive(shipped: Settings) -> None:
    assert not shipped.getbool("HTTPCACHE_ENABLED")


def test_answers_are_bounded(shipped: Settings) -> None:
    assert shipped.getint("DOWNLOAD_MAXSIZE") == 64 * 1024 * 1024


REFRESH = b'<html><head><meta http-equiv="refresh" content="0;url=/to"></head></html>'


def of_shipped(shipped: Settings, *names: str) -> dict[str, Any]:
    """The settings of these names, for a crawl of the recording tests."""
    return {name: shipped.attributes[name].value for name in names}


def test_a_coded_meta_refresh_is_followed_and_both_hops_are_kept(tmp_path: Path, shipped: Settings) -> None:
    paths = {
        "/from": [
            Answer([sized(gzip.compress(REFRESH), "Content-Type: text/html", "Content-Encoding: gzip")])
        ],
        "/to": [Answer([sized(PAGE)])],
    }
    middlewares = {
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "crawler.decompression.DecompressionMiddleware": 590,
    }
    assert middlewares.items() <= dict(shipped["DOWNLOADER_MIDDLEWARES"]).items()
    with RawServer(paths) as server:
        said, _ = crawl(
            tmp_path,
            [{"url": f"{HOST}/from"}],
            SAMPLE_PORT=server.port,
            DOWNLOADER_MIDDLEWARES=middlewares,
            **of_shipped(shipped, "METAREFRESH_MAXDELAY"),
        )
    assert [line["url"] for line in said] == [f"{HOST}/to"]
    assert [capture.url for capture in ArchiveReader(tmp_path).captures()] == [f"{HOST}/from", f"{HOST}/to"]


def test_an_attachment_beyond_the_bound_is_kept_as_far_as_it_came_and_marked(
    tmp_path: Path, shipped: Settings
) -> None:
    size = 100 * 1024 * 1024
    large = bytes(1 << 20)
    paths = {
        "/said.pdf": [Answer([head("200 OK", f"Content-Length: {size}") + large])],
        "/unsaid.pdf": [Answer([head("200 OK", "Connection: close"), *[large] * 70], "close")],
    }
    with RawServer(paths) as server:
        crawl(
            tmp_path,
            [{"url": f"{HOST}/said.pdf"}, {"url": f"{HOST}/unsaid.pdf"}],
            SAMPLE_PORT=server.port,
            RETRY_ENABLED=False,
            DOWNLOAD_TIMEOUT=60,
            **of_shipped(shipped, "DOWNLOAD_MAXSIZE"),
        )
    said, unsaid = ArchiveReader(tmp_path).captures()
    assert (said.status, said.truncated, unsaid.truncated) == (200, "length", "length")
    assert 64 << 20 < len(unsaid.payload) < 66 << 20
