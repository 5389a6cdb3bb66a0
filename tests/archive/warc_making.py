"""What the WARC tests share: a clock to turn, exchanges to write, and two readers that are not ours."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from fastwarc.warc import ArchiveIterator
from warcio.checker import Checker

from archive.context import CrawlContext, Role, RowOutcome, WalkRecord, WalkResult, WalkRow
from archive.warc.exchange import Exchange
from archive.warc.writer import ArchiveWriter

MORNING = datetime(2026, 2, 3, 1, 2, 3, 456789, tzinfo=UTC)
GBK_HEAD = (
    "HTTP/1.1 200 成功\r\n"
    "Server: x\r\n"
    "Set-Cookie: a=1\r\n"
    "Content-Type: text/html; charset=gbk\r\n"
    "Set-Cookie: b=2\r\n"
    'Content-Disposition: attachment; filename="附件.doc"\r\n'
    "\r\n"
).encode("gbk")


class TurnedClock:
    """Goes on by a second at each look, and can be set back."""

    name = "turned for a test"

    def __init__(self, start: datetime = MORNING) -> None:
        self.time = start

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def exchange(url: str = "http://www.example.gov.cn/a.html", body: bytes = b"<p>x</p>", **more) -> Exchange:
    request = f"GET {url} HTTP/1.1\r\nHost: www.example.gov.cn\r\n\r\n".encode("utf-8", "replace")
    given = {"request": request, "response": GBK_HEAD + body, "started": MORNING, "ip": "203.0.113.9"}
    return Exchange("GET", url, **(given | more))


def failed(url: str = "http://gone.example.gov.cn/", outcome: str = "dns") -> Exchange:
    return Exchange("GET", url, b"", b"", MORNING, outcome=outcome, error="CannotResolveHostError")


def context(role: Role = Role.REPORT, **more) -> CrawlContext:
    return CrawlContext(portal="demo", platform="hanweb", role=role, run="run-1", **more)


def walk(column: str = "c1") -> WalkRecord:
    return WalkRecord(
        portal="demo",
        county_code="330681",
        column=column,
        column_url=f"http://www.example.gov.cn/col/{column}/",
        publishers=("330681-S01",),
        years=(2025,),
        run="run-1",
        started=MORNING,
        ended=MORNING + timedelta(minutes=2),
        pages=("<urn:uuid:1>",),
        rows=(
            WalkRow(
                url="http://www.example.gov.cn/a.html", title="年报", outcome=RowOutcome.SKIPPED, reason="r"
            ),
        ),
        stated_total=1,
        result=WalkResult.HEALTHY,
        complete=True,
        adapter="hanweb",
        adapter_version="1",
    )


def writer(root: Path, **more) -> ArchiveWriter:
    return ArchiveWriter(root, **({"clock": TurnedClock(), "warcinfo": {"software": "tests"}} | more))


def warcs(root: Path) -> list[Path]:
    return sorted((root / "warc").iterdir())


def only_warc(root: Path) -> Path:
    (path,) = warcs(root)
    return path


def demand_that_others_read(paths: Iterable[Path]) -> int:
    """warcio's checker and FastWARC with digests on read every record; returns how many FastWARC saw."""
    count = 0
    for path in paths:
        told = io.StringIO()
        with redirect_stdout(told):
            checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=False))
            assert checker.process_all() == 0, told.getvalue()
        assert told.getvalue() == ""
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                count += 1
                assert record.verify_block_digest(), record.record_id
                # A revisit states the payload digest of the response that it repeats (WARC/1.1 §6.7).
                if "WARC-Payload-Digest" in record.headers and record.headers["WARC-Type"] != "revisit":
                    record.parse_http()
                    assert record.verify_payload_digest(), record.record_id
    return count
