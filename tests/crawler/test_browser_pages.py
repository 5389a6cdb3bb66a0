"""What pages do in a browser: XHR, hash routes, redirects, downloads, workers, other hosts (T14, T15).

Each page is shown by the shipped handler and middlewares, all in one crawl with one Chromium; the server
keeps the bytes that it was sent, so that a request past the recorder would be seen.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import brotli
import pytest
from fastwarc.warc import ArchiveIterator
from scrapy.settings import Settings

from archive.warc.reader import ArchiveReader
from archive.warc.verify import verify
from tests.archive.warc_making import warcs
from tests.crawler.raw_server import Answer, RawServer
from tests.crawler.test_browser import browser_options
from tests.crawler.test_recording import HOST, Crawled, crawl, groups_of, head, sized

HTML, SCRIPT, JSON = (
    f"Content-Type: {kind}" for kind in ("text/html", "text/javascript", "application/json")
)
ROWS = json.dumps([[7, "示例镇2024年政府信息公开工作年度报告"], [8, "示例镇2023年政府信息公开工作年度报告"]])
DETAIL = json.dumps({"title": "示例镇2024年政府信息公开工作年度报告", "text": "一、总体情况" * 20})
APP = """
const main = document.getElementById('main');
async function show() {
  const [, what, id] = location.hash.split('/');
  if (what === 'list') {
    const rows = await (await fetch('/api/list')).json();
    main.innerHTML = rows.map(row => `<li><a href="#/detail/${row[0]}">${row[1]}</a></li>`).join('');
  } else {
    const asked = {method: 'POST', body: JSON.stringify({id}), headers: {'Content-Type': 'application/json'}};
    const report = await (await fetch('/api/detail', asked)).json();
    main.innerHTML = `<h1>${report.title}</h1><p>${report.text}</p>`;
  }
}
addEventListener('hashchange', show);
show();
"""
WORKER = "addEventListener('fetch', event => event.respondWith(new Response('forged')));"
REGISTERS = """
const ready = navigator.serviceWorker ? 'can register; ' : 'no workers here; ';
navigator.serviceWorker && navigator.serviceWorker.register('/worker.js').catch(() => null);
document.body.append(ready);
fetch('/api/list').then(answer => answer.text()).then(text => document.body.append('got ' + text.length));
"""
# What goes past request interception or wants another host; PORT is the server's own.
ESCAPES = """
fetch('http://elsewhere.example/x').catch(() => null);
navigator.sendBeacon('/beacon', 'x');
new Image().src = 'http://127.0.0.1:PORT/pixel';
new WebSocket('ws://127.0.0.1:PORT/socket');
new WebSocket('ws://zhuji.test:PORT/socket');
for (const rel of ['prefetch', 'dns-prefetch', 'preconnect']) {
  const link = document.createElement('link');
  link.rel = rel; link.href = rel === 'prefetch' ? '/prefetched' : '//127.0.0.1:PORT/';
  document.head.append(link);
}
document.body.append('escaped');
"""
PDF = sized(b"%PDF-1.4 nothing", "Content-Type: application/pdf", "Content-Disposition: attachment")


def page(body: str) -> bytes:
    return sized(f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode(), HTML)


def script(text: str) -> bytes:
    return sized(text.encode(), SCRIPT)


def paths_of(port: int) -> dict[str, list[Answer]]:
    answers = {
        "/robots.txt": sized(b"none", status="404 Not Found"),
        "/app/": page('<div id="main"></div><script src="/app.js"></script>'),
        "/app.js": script(APP),
        "/api/list": sized(brotli.compress(ROWS.encode()), JSON, "Content-Encoding: br"),
        "/api/detail": sized(DETAIL.encode(), JSON),
        "/moved": sized(b"", "Location: /to/new.html", status="302 Found"),
        "/to/new.html": page('<p id="here"></p><a href="deep.html">x</a><script src="/where.js"></script>'),
        "/where.js": sized(b"", "Location: /there.js", status="301 Moved Permanently"),
        "/there.js": script("document.getElementById('here').textContent = 'here ' + location.pathname"),
        "/loads": page("<p>before</p><script src='/loads.js'></script>"),
        "/loads.js": script("location.href = '/report.pdf'"),
        "/report.pdf": PDF,
        "/onward": page("<p>first</p><script src='/onward.js'></script>"),
        "/onward.js": script("location.replace('/second')"),
        "/second": page("<p>second page</p>"),
        "/worker": page("<script src='/worker-page.js'></script>"),
        "/worker-page.js": script(REGISTERS),
        "/worker.js": script(WORKER),
        "/polls": page("polls<script src='/polls.js'></script>"),
        "/polls.js": script("setInterval(() => fetch('/tick').catch(() => null), 40)"),
        "/tick": sized(b"1", JSON),
        "/script-moved": page("<script src='/script-moved.js'></script>"),
        "/script-moved.js": script("location.href = '/moved'"),
        "/escapes": page("<script src='/escapes.js'></script>"),
        "/escapes.js": script(ESCAPES.replace("PORT", str(port))),
        "/beacon": head("204 No Content"),
        "/prefetched": page("prefetched"),
    }
    return {path: [Answer([answer])] for path, answer in answers.items()}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Crawled]:
    root = tmp_path_factory.mktemp("shown") / "archive"
    shipped = Settings()
    shipped.setmodule("crawler.settings", priority="project")
    handlers = dict.fromkeys(("http", "https"), "crawler.browser.BrowserDownloadHandler")
    options = browser_options(request)
    options["args"] += [
        "--unsafely-treat-insecure-origin-as-secure=http://zhuji.test"
    ]  # else no worker at all
    settings: dict[str, Any] = {
        "DOWNLOADER_MIDDLEWARES": dict(shipped["DOWNLOADER_MIDDLEWARES"]),
        "DOWNLOAD_HANDLERS": handlers | dict.fromkeys(("data", "file", "ftp", "s3")),
        "PLAYWRIGHT_LAUNCH_OPTIONS": options,
        "LOOPBACK_HOSTS": ["zhuji.test"],
        "DOWNLOAD_TIMEOUT": 20,
        "DOWNLOAD_SLOTS": {"playwright": {"concurrency": 4, "delay": 0}},
        "CONCURRENT_REQUESTS": 8,
        "RETRY_ENABLED": False,
    }
    asked = ["/app/#/list", "/app/#/detail/7", "/moved", "/loads", "/onward", "/worker", "/escapes", "/polls"]
    asked += ["/script-moved", "/report.pdf"]
    requests = [{"url": HOST + path, "meta": {"playwright": True}, "role": "list"} for path in asked]
    with socket.create_server(("127.0.0.1", 0)) as trap, RawServer(paths_of(trap.getsockname()[1])) as server:
        said, summary = crawl(root, requests, SAMPLE_PORT=server.port, **settings)
        trap.setblocking(False)
        with suppress(BlockingIOError), trap.accept()[0]:
            server.received["the trap"] = [b"somebody knocked"]
        yield Crawled(said, summary, dict(server.received), root, groups_of(root))


def of_kind(shown: Crawled, kind: str) -> list[tuple[str, bytes]]:
    records = [record for group in shown.groups for record in group if record.kind == kind]
    return [(str(record.get("WARC-Target-URI")), record.block) for record in records]


def drawn(shown: Crawled, path: str) -> str:
    (page_,) = [block for url, block in of_kind(shown, "conversion") if url == HOST + path]
    return page_.decode()


def test_lists_and_details_behind_hash_routes_are_drawn(shown: Crawled) -> None:
    assert "#/detail/8" in drawn(shown, "/app/#/list")
    assert "一、总体情况" in drawn(shown, "/app/#/detail/7")
    detail = [block for url, block in of_kind(shown, "request") if url == f"{HOST}/api/detail"]
    assert [block.rpartition(b"\r\n\r\n")[2] for block in detail] == [b'{"id":"7"}'], "the POST as sent"


def test_what_the_network_sent_is_a_response_and_what_was_drawn_never_is(shown: Crawled) -> None:
    sent = {
        HOST + path: answers[0].parts[0] for path, answers in paths_of(0).items() if "escapes" not in path
    }
    responses = [(url, block) for url, block in of_kind(shown, "response") if url in sent]
    assert responses
    assert {url for url, block in responses if block != sent[url]} == set()
    known = {entry.record_id: entry for entry in ArchiveReader(shown.root).entries()}
    for conversion in ArchiveReader(shown.root).conversions():
        assert conversion.url.partition("#")[0] == known[conversion.of].url, "it names its page, no file"
        assert known[conversion.of].mime == "text/html"


def test_every_request_of_a_browser_is_recorded(shown: Crawled) -> None:
    asked: dict[str, list[bytes]] = {}
    for url, block in of_kind(shown, "request"):
        asked.setdefault(url.removeprefix(HOST), []).append(block)
    assert asked == shown.received, "nothing but what was recorded has arrived, and nothing at the trap"
    assert all(
        b"Accept-Encoding: gzip, deflate\r\n" in block for blocks in asked.values() for block in blocks
    )


def test_brotli_that_was_not_asked_for_is_kept_and_undone_for_the_browser(shown: Crawled) -> None:
    for capture in shown.captures("/api/list"):
        assert (capture.payload, ("Content-Encoding", "br") in capture.headers) == (ROWS.encode(), True)


def test_redirects_of_pages_and_scripts(shown: Crawled) -> None:
    hops = [capture for path in ("/moved", "/where.js") for capture in shown.captures(path)]
    assert [capture.status for capture in hops] == [302, 302, 301], (
        "code is loaded once, as by a person's tab"
    )
    pages = [
        conversion for conversion in ArchiveReader(shown.root).conversions() if "/to/new" in conversion.url
    ]
    assert len(pages) == 2, "asked for, and moved to by a script"
    assert all("here /to/new.html" in page_.payload.decode() for page_ in pages), "opened where it ends"
    answers = shown.answers("/to/new.html")
    assert [answer["status"] for answer in answers] == [200, 200]
    assert {answer["archive"]["record_id"] for answer in answers} == {page_.of for page_ in pages}


def test_a_download_is_kept_and_the_page_stays(shown: Crawled) -> None:
    assert shown.blocks("/report.pdf") == [PDF, PDF], "asked for by a script, and as if it were a page"
    assert "before" in drawn(shown, "/loads")
    assert "IsFileError" in {line.get("error") for line in shown.said if "report.pdf" in line["url"]}


def test_a_script_that_moves_on_is_followed(shown: Crawled) -> None:
    assert "second page" in drawn(shown, "/second")
    (entry,) = ArchiveReader(shown.root).find(f"{HOST}/second")
    assert shown.answers("/second")[0]["archive"]["record_id"] == entry.record_id


def test_a_service_worker_forges_nothing(shown: Crawled) -> None:
    assert "can register; got " in drawn(shown, "/worker")
    assert "/worker.js" not in shown.received


def test_other_hosts_are_refused_and_the_refusal_is_recorded(shown: Crawled) -> None:
    assert "escaped" in drawn(shown, "/escapes")
    refused = [capture for capture in ArchiveReader(shown.root).captures() if capture.outcome == "guard"]
    assert {capture.url for capture in refused} == {"http://elsewhere.example/x"}
    assert {capture.context["via"] for capture in refused} == {f"{HOST}/escapes"}
    assert "the trap" not in shown.received


def test_a_page_that_polls_comes_to_rest(shown: Crawled) -> None:
    assert "polls" in drawn(shown, "/polls")
    assert len(shown.received["/tick"]) == 3


def test_others_read_what_a_browser_left(shown: Crawled) -> None:
    """FastWARC alone: with Google's brotli installed, warcio 1.8.1 raises on any record of that coding."""
    result = verify(shown.root)
    assert result.damages == []
    read = 0
    for path in warcs(shown.root):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                assert record.verify_block_digest(), record.record_id
                read += 1
    assert read == result.records
