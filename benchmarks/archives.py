"""Reading, verifying and recovering an archive, on one core.

    python -m benchmarks.archives [--megabytes 40] [--rounds 5]

The archive is written by the product's own writer: request, response and context metadata of synthetic report
pages, one after the other. FastWARC reads the same files with HTTP parsing on, and the body of each response.
Rates are per second of processor time (the machine may be shared; 1,000 records at random are timed by the
clock on the wall) and counted twice: in bytes of the records, and in bytes of the compressed files. Beyond
200 MB each page ends in a comment that does not compress, so that a gigabyte is made within two minutes.
"""

from __future__ import annotations

import argparse
import base64
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from archive.clock import SimulatedClock
from archive.context import CrawlContext, Role
from archive.warc.exchange import Exchange
from archive.warc.members import walk_records
from archive.warc.reader import ArchiveReader
from archive.warc.recover import recover
from archive.warc.verify import verify
from archive.warc.writer import ArchiveWriter
from benchmarks.measuring import Ratio, goals, median, rounds, table
from benchmarks.pages import answer

CORE = 0
START = datetime(2026, 2, 3, 1, tzinfo=UTC)
DISTINCT = 400  # pages made; each is written again under another URL
LARGE = 200  # megabytes
NOISE = 30_000  # bytes


def make(root: Path, megabytes: int, *, zipped: bool = False) -> int:
    """Fill an archive up to a size on disk; how many pages that took."""
    answers = [answer(number, zipped=zipped) for number in range(DISTINCT)]
    if megabytes > LARGE:
        answers = [_with_noise(plain, number) for number, plain in enumerate(answers)]
    count, size = 0, 0
    with ArchiveWriter(root, clock=SimulatedClock(START), warcinfo={"software": "benchmark"}) as writer:
        while size < megabytes * 1_000_000:
            url = f"http://www.example.gov.cn/art/2026/1/30/art_{count}.html"
            context = CrawlContext(
                portal="example", platform="hanweb", role=Role.REPORT, run="benchmark", list_title="年度报告"
            )
            request = f"GET {url} HTTP/1.1\r\nHost: www.example.gov.cn\r\n\r\n".encode()
            response = answers[count % DISTINCT]
            exchange = Exchange("GET", url, request, response, START + timedelta(seconds=count))
            pointer = writer.write_exchange(exchange, context)
            size += pointer.length + 1000
            count += 1
    return count


def _with_noise(plain: bytes, number: int) -> bytes:
    head, gap, body = plain.partition(b"\r\n\r\n")
    body += b"<!-- " + base64.b64encode(random.Random(number).randbytes(NOISE)) + b" -->"
    return re.sub(rb"(Content-Length: )\d+", rb"\g<1>%d" % len(body), head) + gap + body


def by_fastwarc(root: Path, count: int) -> float:
    """Responses per CPU second, decompressed and parsed, the body read."""
    began, seen = time.process_time(), 0
    for path in sorted((root / "warc").iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
                seen += len(record.reader.read()) > 40_000
    assert seen == count
    return count / (time.process_time() - began)


def by_fastwarc_with_context(root: Path, count: int) -> float:
    """The same, and the crawl context that stands beside each response, as fields: what ours hands out."""
    began, seen, told = time.process_time(), 0, 0
    kinds = WarcRecordType.response | WarcRecordType.metadata
    for path in sorted((root / "warc").iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=kinds, parse_http=True):
                body = record.reader.read()
                if record.record_type == WarcRecordType.response:
                    seen += len(body) > 40_000
                else:
                    lines = (line.partition(": ") for line in body.decode().splitlines())
                    told += "portal" in {name: value for name, _, value in lines}
    assert seen == told == count
    return count / (time.process_time() - began)


def by_us(root: Path, count: int) -> float:
    """Captures per CPU second: payload, headers, context."""
    began = time.process_time()
    seen = sum(len(capture.payload) > 40_000 for capture in ArchiveReader(root).captures())
    assert seen == count
    return count / (time.process_time() - began)


def at_random(root: Path, _count: int, wanted: int = 1000) -> float:
    """Seconds for 1,000 captures, each found by its URL in the index."""
    urls = [entry.url for entry in ArchiveReader(root).entries()]
    chosen = random.Random(1).sample(urls, min(wanted, len(urls)))
    reader = ArchiveReader(root)
    began = time.perf_counter()
    for url in chosen:
        (entry,) = reader.find(url)
        assert len(reader.capture(entry).payload) > 40_000
    return time.perf_counter() - began


def unpacked_size(root: Path) -> int:
    """Bytes of the records, gzip undone."""
    size = 0
    for path in (root / "warc").iterdir():
        with path.open("rb") as stream:
            size += sum(len(record.block) + 500 for record in walk_records(stream))
    return size


def megabytes_per_second(work: Callable[[], object], size: int) -> float:
    began = time.process_time()
    work()
    return size / 1e6 / (time.process_time() - began)


def recovering(root: Path, scratch: Path) -> float:
    """The largest file, left open by a kill, its last group torn."""
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / "warc").mkdir(parents=True)
    source = max((root / "warc").iterdir(), key=lambda path: path.stat().st_size)
    torn = scratch / "warc" / f"{source.name}.open"
    shutil.copy(source, torn)
    os.truncate(torn, torn.stat().st_size - 100)
    size = torn.stat().st_size
    return megabytes_per_second(partial(recover, scratch), size)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    os.sched_setaffinity(0, {CORE})
    command = f"python -m benchmarks.archives --megabytes {options.megabytes} --rounds {options.rounds}"
    print(f"## Archive\n\n`{command}`")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "archive"
        began = time.perf_counter()
        count = make(root, options.megabytes)
        sys.stderr.write(f"{count} pages made in {time.perf_counter() - began:.0f} s\n")
        size = sum(path.stat().st_size for path in (root / "warc").iterdir())
        unpacked = unpacked_size(root) / size
        arms: dict[str, Callable[[], float]] = {
            "FastWARC, responses per CPU s": partial(by_fastwarc, root, count),
            "FastWARC, responses and contexts per CPU s": partial(by_fastwarc_with_context, root, count),
            "ours, captures per CPU s": partial(by_us, root, count),
            "verify, MB of WARC per CPU s": partial(megabytes_per_second, partial(verify, root), size),
            "recovery, MB of WARC per CPU s": partial(recovering, root, Path(scratch) / "torn"),
            "1,000 records at random, s": partial(at_random, root, count),
        }
        found = rounds(arms, options.rounds)
    middle = {name: median(values) for name, values in found.items()}
    rows = [[name, f"{middle[name]:,.2f}", f"{min(v):,.2f}–{max(v):,.2f}"] for name, v in found.items()]
    title = f"{size / 1e6:,.0f} MB of WARC ({unpacked:.1f} : 1 compressed), {count:,} pages"
    print(table(title, ["", "median", "lowest–highest"], rows))
    ours = found["ours, captures per CPU s"]
    reading, whole = (
        median([mine / theirs for mine, theirs in zip(ours, found[name], strict=True)])  # round by round
        for name in ("FastWARC, responses per CPU s", "FastWARC, responses and contexts per CPU s")
    )
    ratios = [
        Ratio("reading: ours / FastWARC", reading, low=0.9),
        Ratio("reading: ours / FastWARC reading the contexts too", whole, low=0.9),
        Ratio("verify, MB/s of records", middle["verify, MB of WARC per CPU s"] * unpacked, low=100),
        Ratio("verify, MB/s of compressed file", middle["verify, MB of WARC per CPU s"], low=100),
        Ratio("recovery, MB/s of records", middle["recovery, MB of WARC per CPU s"] * unpacked, low=200),
        Ratio("recovery, MB/s of compressed file", middle["recovery, MB of WARC per CPU s"], low=200),
        Ratio("1,000 records at random, s", middle["1,000 records at random, s"], high=2),
    ]
    print(goals(ratios))


if __name__ == "__main__":
    main()
