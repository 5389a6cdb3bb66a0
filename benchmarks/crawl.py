"""Crawling with the full archive on, against bare Scrapy: pages per CPU second, on one core.

    python -m benchmarks.crawl [--pages 1000] [--rounds 5] [--memory | --only-memory]

Ours runs the shipped settings module; only DOWNLOAD_DELAY is lifted, and 16 hosts keep 16 requests under way
(one a host, as always). Bare Scrapy keeps 16 under way too and writes as little of a log. What is measured is
the CPU time of the process from the opening of the spider to its end, the closing of the archive included.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from archive.warc.members import walk_records
from benchmarks.measuring import Ratio, goals, median, rounds, table
from benchmarks.pages import page

CLIENT_CORE, SERVER_CORE = 0, 1
UVLOOP = {"ASYNCIO_EVENT_LOOP": "uvloop.Loop"}
STOCK, STOCK_UVLOOP, OURS, OURS_STOCK_LOOP = "bare", "bare, uvloop", "ours", "ours, default loop"


@contextmanager
def serving(count: int, *, zipped: bool) -> Iterator[int]:
    """The server as a process of its own; its port."""
    command = [sys.executable, "-m", "benchmarks.server", str(count), "gzip" if zipped else "plain"]
    process = subprocess.Popen([*command, str(SERVER_CORE)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(timeout=10)
        assert process.stdout is not None
        process.stdout.close()


def crawl(kind: str, port: int, count: int, archive: Path, more: dict[str, Any]) -> dict[str, float]:
    """One crawl in a process of its own."""
    shutil.rmtree(archive, ignore_errors=True)
    settings = json.dumps({"ARCHIVE_DIR": str(archive), **more})
    command = [sys.executable, "-m", "benchmarks.client", kind, str(port), str(count)]
    done = subprocess.run(
        [*command, str(CLIENT_CORE), settings], stdout=subprocess.PIPE, text=True, check=True
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def arms(port: int, count: int, archive: Path, *, explained: bool) -> dict[str, Callable[[], float]]:
    """Pages per CPU second of each; `explained`: also of those that no goal asks for."""

    def per_second(kind: str, more: dict[str, Any]) -> float:
        return count / crawl(kind, port, count, archive, more)["cpu"]

    asked: dict[str, Callable[[], float]] = {
        STOCK: partial(per_second, "bare", {}),
        STOCK_UVLOOP: partial(per_second, "bare", UVLOOP),
        OURS: partial(per_second, "ours", {}),
    }
    more: dict[str, Callable[[], float]] = {
        "bare, uvloop, CONCURRENT_ITEMS=1": partial(per_second, "bare", UVLOOP | {"CONCURRENT_ITEMS": 1}),
        OURS_STOCK_LOOP: partial(per_second, "ours", {"ASYNCIO_EVENT_LOOP": None}),
    }
    return asked | more if explained else asked


def wget(port: int, count: int, folder: Path) -> float:
    """Pages per CPU second of `wget --warc-file`, one after the other, nothing kept but the WARC."""
    urls = folder / "urls"
    urls.write_text(
        "".join(f"http://localhost:{port}/art/2026/1/30/{number}.html\n" for number in range(count))
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pinned = ["taskset", "-c", str(CLIENT_CORE)]
    quietly = ["-q", "-O", "/dev/null", f"--warc-file={folder / 'wget'}", "-i", str(urls)]
    subprocess.run([*pinned, "wget", *quietly], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return count / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _gzip6(data: bytes) -> bytes:
    engine = zlib.compressobj(6, zlib.DEFLATED, 31)
    return engine.compress(data) + engine.flush()


def record_size_ratio(archive: Path) -> float:
    """The WARCs against the very same records by zlib level 6."""
    ours = by_zlib = 0
    for path in archive.rglob("*.warc.gz"):
        ours += path.stat().st_size
        data = path.read_bytes()
        with path.open("rb") as stream:
            for record in walk_records(stream):
                member = data[record.offset : record.offset + record.length]
                by_zlib += len(_gzip6(gzip.decompress(member)))
    return ours / by_zlib


def show(kind: str, found: dict[str, list[float]]) -> str:
    stock = median(found[STOCK])
    rows = [
        [
            name,
            f"{median(values):,.0f}",
            f"{median(values) / stock:.2f}",
            f"{min(values):,.0f}–{max(values):,.0f}",
        ]
        for name, values in found.items()
    ]
    return table(f"{kind} bodies", ["crawler", "pages per CPU second", "× bare", "lowest–highest"], rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true", help="50,000 pages once besides, for the memory")
    parser.add_argument("--only-memory", action="store_true", help="that and nothing else")
    options = parser.parse_args()
    count = options.pages
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if options.only_memory:
            print("## Crawl: memory\n", goals(memory(folder)), sep="")
            return
        mean = sum(len(page(number)[0]) for number in range(200)) / 200
        command = f"python -m benchmarks.crawl --pages {count} --rounds {options.rounds}"
        print(f"## Crawl\n\n`{command}{' --memory' * options.memory}`: pages of {mean / 1000:.0f} KB")
        plain, ratios = _plain(folder, count, options.rounds)
        with serving(count, zipped=True) as port:
            zipped = rounds(arms(port, count, folder / "archive", explained=False), options.rounds)
            value = median(zipped[OURS]) / median(zipped[STOCK])
            ratios.append(Ratio("gzip without charset: ours / bare", value, low=1.6))
        if options.memory:
            ratios += memory(folder)
    print(show("Plain", plain), show("Gzip (no charset named)", zipped), goals(ratios), sep="")


def _plain(folder: Path, count: int, turns: int) -> tuple[dict[str, list[float]], list[Ratio]]:
    """All arms on plain bodies, wget among them, and the size of what ours wrote."""
    archive = folder / "archive"
    with serving(count, zipped=False) as port:
        plain_arms = arms(port, count, archive, explained=True)
        if shutil.which("wget"):
            plain_arms["wget --warc-file"] = partial(wget, port, count, folder)
        plain = rounds(plain_arms, turns)
        crawl("ours", port, count, archive, {})
        size = record_size_ratio(archive)
    ours = median(plain[OURS])
    return plain, [
        Ratio("plain: ours / bare", ours / median(plain[STOCK]), low=0.85),
        Ratio("plain: ours / bare on the same event loop", ours / median(plain[STOCK_UVLOOP]), low=0.78),
        Ratio("WARC size: ours / the same records by zlib 6", size, high=1.15),
    ]


def memory(folder: Path) -> list[Ratio]:
    """RSS after 50,000 pages against RSS after 1,000, in one crawl of ours; closing sorts the index."""
    with serving(2000, zipped=False) as port:
        told = crawl("ours", port, 50_000, folder / "archive", {})
    return [
        Ratio("RSS after 50,000 pages / after 1,000", told["rss_last"] / told["rss_first"], high=1.3),
        Ratio(
            "RSS when the archive is closed / after 1,000", told["rss_closed"] / told["rss_first"], high=1.3
        ),
    ]


if __name__ == "__main__":
    main()
