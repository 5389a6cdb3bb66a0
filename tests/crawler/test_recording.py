"""Byte for byte: what the server got and sent lies in the archive, for every attempt (archive.md §4)."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archive.warc.members import walk_records
from archive.warc.reader import ArchiveReader
from archive.warc.record import RawRecord
from archive.warc.verify import verify
from tests.archive.warc_making import demand_that_others_read, warcs
from tests.crawler.raw_server import CLOSE, HANG, RESET, Answer, RawServer

PAGE = "".join(f"<td>{7919**turn % 999983}</td>第{turn}条" for turn in range(700)).encode("gbk")
GZIPPED = gzip.compress(PAGE, mtime=0)


def head(status: str, *fields: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *fields, "", "")).encode("gbk")


def chunked(body: bytes, size: int = 700) -> bytes:
    pieces = [body[place : place + size] for place in range(0, len(body), size)]
    return b"".join(f"{len(piece):x};q=1\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


def sized(body: bytes, *fields: str, status: str = "200 OK") -> bytes:
    return head(status, *fields, f"Content-Length: {len(body)}") + body


ODD_HEAD = head(
    "200 成功",
    "server: nginx",
    "Set-Cookie: a=1; path=/",
    "X-UPPER: 日期",
    "Set-Cookie: b=2; path=/",
    'Content-Disposition: attachment; filename="附件.doc"',
    "x-no-colon",
    "Transfer-Encoding: chunked",
    "Content-Encoding: gzip",
    "Content-Type: text/html; charset=gbk",
)
ODD_BODY = chunked(GZIPPED)
SECRET = "年度报告".encode() * 7000

PATHS = {
    "/robots.txt": [Answer([sized(b"none here", status="404 Not Found")])],
    "/odd": [Answer([ODD_HEAD + ODD_BODY[:100], ODD_BODY[100:]])],
    "/plain?id=123&p=2": [Answer([sized(PAGE)])],
    "/from": [Answer([sized(b"", "Location: /via", status="301 Moved Permanently")])],
    "/via": [Answer([sized(b"moved", "Location: /to", status="302 Found")])],
    "/to": [Answer([sized(b"arrived")])],
    "/cut": [Answer([head("200 OK", "Content-Length: 99999") + PAGE[:2000]], CLOSE)],
    "/cut-chunk": [Answer([ODD_HEAD + ODD_BODY[:900]], CLOSE)],
    "/half-head": [Answer([b"HTTP/1.1 200 OK\r\nServer: x\r\n"], RESET)],
    "/reset": [Answer([], RESET)],
    "/empty": [Answer([sized(b"")])],
    "/none": [Answer([head("204 No Content")])],
    "/until-close": [Answer([head("200 OK", "Connection: close") + PAGE], CLOSE)],
    "/too-much": [Answer([head("200 OK", "Content-Length: 4") + b"12345678"])],
    "/interim": [Answer([b"HTTP/1.1 100 Continue\r\n\r\n" + sized(b"final")])],
    "/no-http": [Answer([b"SSH-2.0-OpenSSH\r\n"], CLOSE)],
    "/hang": [Answer([], HANG)],
    "/hang-later": [Answer([head("200 OK", "Content-Length: 99999") + PAGE], HANG)],
    "/large": [Answer([sized(bytes(4_000_000))])],
    "/large-chunked": [
        Answer([head("200 OK", "Transfer-Encoding: chunked") + chunked(bytes(4_000_000), 50_000)])
    ],
    "/busy": [Answer([sized(b"busy", status="503 Service Unavailable")]), Answer([sized(b"now")])],
    "/stale": [Answer([sized(b"first")]), Answer([], CLOSE), Answer([sized(b"third")])],
    "/post": [Answer([sized(b"posted")]), Answer([], CLOSE), Answer([sized(b"posted again")])],
    "/claimed": [Answer([sized(b"plain after all", "Content-Encoding: gzip")])],
    "/412": [Answer([sized(b"<script>challenge</script>", status="412 Precondition Failed")])],
    "/zstd": [Answer([sized(zstd.compress(PAGE), "Content-Encoding: zstd")])],
    "/gzip-gzip": [Answer([sized(gzip.compress(GZIPPED, mtime=0), "Content-Encoding: gzip, gzip")])],
    "/304": [Answer([head("304 Not Modified", 'ETag: "x"')])],
    "/%E5%B9%B4%E6%8A%A5%20a.html?b=2&a=1": [Answer([sized(b"escaped")])],
    "/last": [Answer([sized(b"last")])],
}
HOST = "http://zhuji.test"
LIMIT = {"meta": {"download_maxsize": 9000}}
REQUESTS: list[dict[str, Any]] = [
    {"url": f"{HOST}/odd", "role": "report"},
    {"url": f"{HOST}/plain?id=123&p=2", "role": "list"},
    *(
        {"url": f"{HOST}/{name}"}
        for name in ("from", "cut", "cut-chunk", "half-head", "reset", "empty", "none")
    ),
    *(
        {"url": f"{HOST}/{name}"}
        for name in ("until-close", "too-much", "interim", "no-http", "hang", "hang-later")
    ),
    {"url": f"{HOST}/large", **LIMIT},
    {"url": f"{HOST}/large-chunked", **LIMIT},
    *({"url": f"{HOST}/{name}"} for name in ("busy", "stale", "stale")),
    {"url": f"{HOST}/post", "method": "POST", "body": SECRET.decode()},
    {"url": f"{HOST}/post", "method": "POST", "body": "page=2"},
    {"url": f"{HOST}/claimed"},
    *({"url": f"{HOST}/{name}"} for name in ("412", "zstd", "gzip-gzip", "304")),
    {"url": "http://ZHUJI.test:80/年报 a.html?b=2&a=1#top"},
    {"url": "http://gone.test/", "role": "column"},
    {"url": "http://not-allowed.example/"},
    {"url": f"{HOST}/last"},
]


@dataclass
class Crawled:
    """A finished crawl: what it said, what the server got, and the archive."""

    said: list[dict[str, Any]]
    summary: dict[str, Any]
    received: dict[str, list[bytes]]
    root: Path
    groups: list[list[RawRecord]]

    def of(self, path: str) -> list[list[RawRecord]]:
        """The groups of a path, in order."""
        return [group for group in self.groups if group[0].get("WARC-Target-URI") == f"{HOST}{path}"]

    def blocks(self, path: str, kind: str = "response") -> list[bytes]:
        return [record.block for group in self.of(path) for record in group if record.kind == kind]

    def answers(self, path: str) -> list[dict[str, Any]]:
        return [line for line in self.said if line["url"] == f"{HOST}{path}"]

    def captures(self, path: str) -> list[Any]:
        reader = ArchiveReader(self.root)
        return [reader.capture(entry) for entry in reader.find(f"{HOST}{path}")]


def crawl(
    root: Path, requests: list[dict[str, Any]], **settings: Any
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    job = {"settings": {"ARCHIVE_DIR": str(root)} | settings, "requests": requests}
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawler.recording_crawl"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, done.stderr
    assert lines[-1].pop("summary", False), done.stderr
    return lines[:-1], lines[-1] | {"log": done.stderr}


def groups_of(root: Path) -> list[list[RawRecord]]:
    groups: list[list[RawRecord]] = []
    for path in warcs(root):
        with path.open("rb") as stream:
            for record in walk_records(stream):
                if record.kind != "warcinfo":
                    groups.append([record]) if (record.place or (1, 1))[0] == 1 else groups[-1].append(record)
    return groups


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    root = tmp_path_factory.mktemp("crawled") / "archive"
    with RawServer(PATHS) as server:
        said, summary = crawl(
            root,
            REQUESTS,
            SAMPLE_PORT=server.port,
            ROBOTSTXT_OBEY=True,
            CLOCK_START="2026-02-03T09:00:00+08:00",
            ARCHIVE_WARCINFO={"isPartOf": "sample"},
        )
        yield Crawled(said, summary, dict(server.received), root, groups_of(root))


def test_every_request_lies_there_as_the_server_got_it(crawled: Crawled) -> None:
    recorded: dict[str, list[bytes]] = {}
    for group in crawled.groups:
        for record in group:
            if record.kind == "request":
                path = record.block.split(b" ", 2)[1].decode()
                recorded.setdefault(path, []).append(record.block)
    assert recorded == crawled.received
    assert all(b"nianbao-exchange" not in block.lower() for blocks in recorded.values() for block in blocks)
    assert SECRET in crawled.received["/post"][0]
    plain = recorded["/plain?id=123&p=2"][0]
    assert plain.startswith(b"GET /plain?id=123&p=2 HTTP/1.1\r\n")
    assert b"\r\nHost: zhuji.test\r\n" in plain


def test_an_odd_answer_byte_for_byte(crawled: Crawled) -> None:
    expected = ODD_HEAD.replace(b"Transfer-Encoding", b"x-orig-transfer-encoding") + GZIPPED
    assert crawled.blocks("/odd") == [expected]
    (capture,) = crawled.captures("/odd")
    assert capture.payload == PAGE
    assert capture.context["role"] == "report"
    (said,) = crawled.answers("/odd")
    assert said["size"] == len(PAGE)
    assert said["archive"]["record_id"] == capture.pointer.record_id


@pytest.mark.parametrize(
    "path",
    [
        "/plain?id=123&p=2",
        "/empty",
        "/none",
        "/until-close",
        "/too-much",
        "/claimed",
        "/412",
        "/304",
        "/zstd",
        "/robots.txt",
    ],
)
def test_plain_answers_byte_for_byte(crawled: Crawled, path: str) -> None:
    assert crawled.blocks(path) == [b"".join(PATHS[path][0].parts)]


@pytest.mark.parametrize("path", ["/zstd", "/gzip-gzip"])
def test_codings_that_were_not_asked_for(crawled: Crawled, path: str) -> None:
    (capture,) = crawled.captures(path)
    assert (capture.payload, capture.outcome) == (PAGE, "response")


def test_a_url_is_kept_as_it_was_asked_for(crawled: Crawled) -> None:
    (entry,) = [entry for entry in ArchiveReader(crawled.root).entries() if "a=1" in entry.url]
    assert entry.url.endswith("/%E5%B9%B4%E6%8A%A5%20a.html?b=2&a=1"), "no fragment, no sorted query"
    assert ArchiveReader(crawled.root).capture(entry).payload == b"escaped"
    assert ArchiveReader(crawled.root).find(entry.url) == [entry]


def test_a_cookie_asks_nobody_else(crawled: Crawled) -> None:
    """Scrapy would fetch the public suffix list here, unrecorded; the offline hook makes that a failure."""
    assert b"Cookie: a=1; b=2\r\n" in crawled.received["/last"][0]
    assert "LeftTheMachine" not in crawled.summary["log"]


def test_each_hop_of_a_redirect_is_kept(crawled: Crawled) -> None:
    for path, status in (("/from", 301), ("/via", 302), ("/to", 200)):
        assert [capture.status for capture in crawled.captures(path)] == [status]
        assert crawled.blocks(path) == [b"".join(PATHS[path][0].parts)]


def test_each_retry_is_kept(crawled: Crawled) -> None:
    assert [capture.status for capture in crawled.captures("/busy")] == [503, 200]


@pytest.mark.parametrize(
    ("path", "truncated", "body"),
    [
        ("/cut", "disconnect", PAGE[:2000]),
        ("/hang-later", "time", PAGE),
    ],
)
def test_what_was_cut_is_kept_and_marked(crawled: Crawled, path: str, truncated: str, body: bytes) -> None:
    captures = crawled.captures(path)
    assert len(captures) == 2, "the retry, too"
    assert {(capture.truncated, capture.payload, capture.outcome) for capture in captures} == {
        (truncated, body, "response")
    }
    assert "archive" in crawled.answers(path)[0]
    assert crawled.answers(path)[0]["error"]


def test_a_cut_gzip_in_cut_chunks(crawled: Crawled) -> None:
    captures = crawled.captures("/cut-chunk")
    assert {capture.truncated for capture in captures} == {"disconnect"}
    assert PAGE.startswith(captures[0].payload)
    assert captures[0].payload


def test_too_large_is_kept_as_far_as_it_came(crawled: Crawled) -> None:
    for path in ("/large", "/large-chunked"):
        (capture,) = crawled.captures(path)
        assert (capture.truncated, capture.status) == ("length", 200)
        assert len(capture.payload) < 4_000_000
        assert crawled.answers(path)[0]["error"] == "DownloadCancelledError"


@pytest.mark.parametrize(
    ("path", "outcome", "times"),
    [("/reset", "reset", 2), ("/half-head", "reset", 2), ("/no-http", "reset", 2), ("/hang", "timeout", 2)],
)
def test_no_answer_is_a_record_too(crawled: Crawled, path: str, outcome: str, times: int) -> None:
    captures = crawled.captures(path)
    assert [(capture.status, capture.outcome) for capture in captures] == [(0, outcome)] * times
    sent = b"".join(PATHS[path][0].parts)
    raw = [record.block for group in crawled.of(path) for record in group[2:]]
    assert raw == ([sent] * times if sent else [])


def test_no_connection_is_a_record_too(crawled: Crawled) -> None:
    reader = ArchiveReader(crawled.root)
    failed = {capture.url: capture for capture in reader.captures() if capture.status == 0}
    assert failed["http://gone.test/"].outcome == "dns"
    assert failed["http://gone.test/"].context["role"] == "column"


def test_a_stale_connection_hides_no_attempt(crawled: Crawled) -> None:
    assert [capture.status for capture in crawled.captures("/stale")] == [200, 0, 200]
    assert [capture.payload for capture in crawled.captures("/stale")] == [b"first", b"", b"third"]
    assert [capture.status for capture in crawled.captures("/post")] == [200, 0, 200]


def test_an_interim_answer_is_told_not_kept(crawled: Crawled) -> None:
    assert crawled.blocks("/interim") == [sized(b"final")]
    assert crawled.captures("/interim")[0].notes == ("interim-status: 100",)


def test_a_refused_url_is_never_asked_for(crawled: Crawled) -> None:
    (said,) = [line for line in crawled.said if line["url"] == "http://not-allowed.example/"]
    assert said["error"] == "GuardRefused"
    assert said["archive"] is None
    assert ArchiveReader(crawled.root).find("http://not-allowed.example/") == []


def test_every_answer_names_its_record(crawled: Crawled) -> None:
    known = {entry.record_id: entry.url for entry in ArchiveReader(crawled.root).entries()}
    named = [line for line in crawled.said if line["archive"]]
    assert len(named) == len(REQUESTS) - 1
    for line in named:
        assert known[line["archive"]["record_id"]] == line["url"]


def test_who_when_and_which_clock(crawled: Crawled) -> None:
    assert crawled.summary["reason"] == "finished"
    path = warcs(crawled.root)[0]
    info = gzip.decompress(path.read_bytes()).split(b"WARC/1.1\r\n")[1].decode()
    for text in (
        "isPartOf: sample",
        "clock: simulated from 2026-02-03",
        "scrapy/2.19",
        "http-header-user-agent: Nianbao",
    ):
        assert text in info
    record = crawled.of("/odd")[0][1]
    assert (record.get("WARC-Date") or "").startswith("2026-02-03T01:00:")
    assert (record.get("WARC-IP-Address"), record.get("WARC-Protocol")) == ("127.0.0.1", "http/1.1")


def test_others_read_it_and_it_verifies(crawled: Crawled) -> None:
    result = verify(crawled.root)
    assert (result.damages, result.notes) == ([], [])
    assert demand_that_others_read(warcs(crawled.root)) == result.records
    assert result.captures == sum(crawled.summary["outcomes"].values())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "zhuji.test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_tls_is_recorded_in_plain(certificate: ssl.SSLContext, tmp_path: Path) -> None:
    paths = {"/odd": PATHS["/odd"], "/last": PATHS["/last"]}
    with RawServer(paths, tls=certificate) as server:
        said, _ = crawl(
            tmp_path,
            [{"url": "https://zhuji.test/odd"}, {"url": "https://zhuji.test/last"}],
            SAMPLE_PORT=server.port,
        )
    assert [line.get("status") for line in said] == [200, 200]
    (request, response), _ = groups_of(tmp_path)
    assert request.block == server.received["/odd"][0]
    assert response.block == ODD_HEAD.replace(b"Transfer-Encoding", b"x-orig-transfer-encoding") + GZIPPED
    protocols = [value for name, value in response.headers if name == "WARC-Protocol"]
    assert protocols == ["http/1.1", "tls/1.3"]


def test_no_tls_behind_https_is_told_as_such(tmp_path: Path) -> None:
    with RawServer({}, greeting=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
        crawl(tmp_path, [{"url": "https://zhuji.test/"}], SAMPLE_PORT=server.port, RETRY_ENABLED=False)
    (capture,) = ArchiveReader(tmp_path).captures()
    assert (capture.status, capture.outcome) == (0, "tls")


def test_a_closed_door_is_told_as_such(tmp_path: Path) -> None:
    with RawServer({}) as server:
        port = server.port
    crawl(tmp_path, [{"url": "http://zhuji.test/"}], SAMPLE_PORT=port)
    assert [capture.outcome for capture in ArchiveReader(tmp_path).captures()] == ["refused", "refused"]
