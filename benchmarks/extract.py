"""Reading pages into the catalogue, beside the least that a page costs and beside the first loop one writes.

    python -m benchmarks.extract [--pages 300] [--rounds 5] [--large 1600]

F1 is FastWARC's gunzip, decoding by the charset that the header names, and lxml's tree: nothing is read off
it. *Ours* is `extract.rebuild.rebuild` as a user runs it: reading in a process that can be killed, metadata,
text, grids, publisher, parser, checks, about 200 cell rows a report into SQLite, and the conclusions over all
pages. Counted is the CPU time of all its processes, on one core. *Naive* is benchmarks/naive.py on some of
the pages.

Corpora: `generated`, pages of every family (benchmarks/report_pages.py) whose body stands in a container that
bodies.yml knows; `unnamed`, pages of the same kind without those names, so that trafilatura must find the
body; `real`, the report and detail pages of ../shared/real over and over, each time as another address (left
out where that folder is absent). All lie in WARCs that the product's own writer made. Two workers are
compared with one by the clock, over `--large` pages: one on one core, the catalogue's writer on the same, two
on two.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType
from lxml import etree

from archive.catalogue import Catalogue
from archive.clock import SimulatedClock
from archive.context import CrawlContext, Role
from archive.register import Register, load_register
from archive.warc.exchange import Exchange
from archive.warc.writer import ArchiveWriter
from benchmarks.measuring import Ratio, goals, median, rounds, table
from benchmarks.naive import READER, naive
from benchmarks.report_pages import Made, pages, sites
from extract.html.body import find_body
from extract.html.tree import Page
from extract.rebuild import rebuild
from tests.portals.gallery_play import register_file

REAL = Path(__file__).parents[2] / "shared" / "real"
START = datetime(2026, 2, 3, 1, tzinfo=UTC)
NAIVE_PAGES = 40  # a round; the loop takes twenty times as long as ours
MET = 10  # times that a page is met of those that come again
KNOWN = {"strong", "weak"}
TICKS = os.sysconf("SC_CLK_TCK")
F1_KNOWN, F1_UNNAMED, NAIVE_GENERATED, NAIVE_REAL, TWO_WORKERS, WORKER_MB = 5, 9, 8, 6, 1.7, 300


@dataclass(frozen=True)
class Corpus:
    """Pages in an archive."""

    name: str
    root: Path
    count: int
    size: float  # KB a page


def corpora(scratch: Path, count: int) -> list[Corpus]:
    """Those of the module's docstring, each in an archive of its own."""
    named = [page for page in pages(count + count // 3) if _is_known(page)][:count]
    made = [
        _written(scratch, "generated", named),
        _written(scratch, "unnamed", pages(count, named=False)),
    ]
    real = real_pages()
    if real:
        made.append(_written(scratch, "real", list(islice(cycle(real), count))))
    return made


def _is_known(page: Made) -> bool:
    return find_body(Page(page.body.decode(page.charset))).how in KNOWN


def real_pages() -> list[Made]:
    """The report and detail pages of the shared folder."""
    found = []
    for folder in sorted([*REAL.glob("report_*"), *REAL.glob("detail_*")]):
        path = folder / "page.html"
        if path.exists():
            told = json.loads((folder / "source.json").read_text("utf-8"))
            body = path.read_bytes()
            found.append(
                Made(
                    told.get("url") or f"http://www.example.gov.cn/{folder.name}.html",
                    "real",
                    "",
                    "text/html",
                    body,
                    "utf-8",
                )
            )
    return found


def _written(scratch: Path, name: str, made: Sequence[Made], times: int = 1) -> Corpus:
    """An archive of the pages, each served alike so many times."""
    root = scratch / name
    with ArchiveWriter(root, clock=SimulatedClock(START), warcinfo={"software": "benchmark"}) as writer:
        for at, (number, page) in enumerate([*enumerate(made)] * times):
            url = f"{page.url}{'&' if '?' in page.url else '?'}n={number}"
            fields = f"Content-Type: {page.content_type}\r\nContent-Length: {len(page.body)}"
            head = f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n"
            context = CrawlContext(
                portal=page.portal,
                platform="made",
                role=Role.REPORT,
                run="benchmark",
                list_title=page.title or None,
            )
            moment = START + timedelta(seconds=at)
            request = f"GET {url} HTTP/1.1\r\n\r\n".encode()
            writer.write_exchange(Exchange("GET", url, request, head.encode() + page.body, moment), context)
    size = sum(len(page.body) for page in made) / len(made) / 1000
    return Corpus(name, root, len(made) * times, size)


def floor(corpus: Corpus) -> float:
    """F1, CPU milliseconds a page."""
    began, seen = time.process_time(), 0
    for path in sorted((corpus.root / "warc").iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, parse_http=True):
                charset = record.http_charset or "utf-8"
                text = record.reader.read().decode(
                    "gb18030" if charset.startswith("gb") else "utf-8", "replace"
                )
                etree.fromstring(text, etree.HTMLParser())
                seen += 1
    assert seen == corpus.count
    return (time.process_time() - began) / seen * 1000


def ours(corpus: Corpus, register: Register, scratch: Path) -> float:
    """A rebuild from nothing with one worker: CPU milliseconds a page, all processes counted."""
    began = _cpu_time()
    _rebuilt(corpus, register, scratch, workers=1)
    return (_cpu_time() - began) / corpus.count * 1000


def by_the_clock(corpus: Corpus, register: Register, scratch: Path, workers: int, cores: set[int]) -> float:
    """The same, in pages per second of the clock on the wall."""
    for process in (os.getpid(), *_children()):
        os.sched_setaffinity(process, cores)
    began = time.perf_counter()
    _rebuilt(corpus, register, scratch, workers)
    return corpus.count / (time.perf_counter() - began)


def _rebuilt(corpus: Corpus, register: Register, scratch: Path, workers: int) -> None:
    path = scratch / "catalogue.sqlite"
    for old in scratch.glob("catalogue.sqlite*"):
        old.unlink()
    with Catalogue(f"sqlite:///{path}") as catalogue:
        summary = rebuild(corpus.root, catalogue, register, everything=True, workers=workers)
    assert summary.read == corpus.count
    assert summary.broken == 0


def _children() -> list[int]:
    """Ids of the processes that this one has started and not given up."""
    tasks = Path("/proc/self/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text("ascii").split()]


def _cpu_time() -> float:
    """Seconds of processor time of this process and of its living children."""
    told = time.process_time()
    for child in _children():
        fields = Path(f"/proc/{child}/stat").read_text("ascii").rpartition(")")[2].split()
        told += (int(fields[11]) + int(fields[12])) / TICKS
    return told


def largest_worker() -> float:
    """The most memory that a reading process has held, in MB."""
    peaks = [0]
    for child in _children():
        lines = Path(f"/proc/{child}/status").read_text("ascii", "replace").splitlines()
        peaks += [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return max(peaks) / 1000


def _registered(scratch: Path, count: int) -> Register:
    return load_register([register_file(sites(count + count // 3), scratch)])


def reading(scratch: Path, count: int, repeats: int) -> list[Ratio]:
    """Prints the table of each corpus; gives the goals."""
    register = _registered(scratch, count)
    found: list[Ratio] = []
    for corpus in corpora(scratch, count):
        ours(
            corpus, register, scratch
        )  # the process and its libraries are loaded, the floor's files are read
        arms: dict[str, Callable[[], float]] = {
            "F1": partial(floor, corpus),
            f"naive ({READER})": partial(naive, corpus.root, NAIVE_PAGES, scratch / "naive.sqlite"),
            "ours": partial(ours, corpus, register, scratch),
        }
        told = rounds(arms, repeats)
        base, slow, mine = told.values()
        rows = [
            [name, f"{median(v):.2f}", f"{median(v) / median(base):.1f}", f"{min(v):.2f}–{max(v):.2f}"]
            for name, v in told.items()
        ]
        title = f"{corpus.name}: {corpus.count} pages of {corpus.size:.0f} KB"
        print(table(title, ["", "CPU ms a page", "× F1", "lowest–highest"], rows), flush=True)
        to_floor = median([m / b for m, b in zip(mine, base, strict=True)])
        to_naive = median([s / m for s, m in zip(slow, mine, strict=True)])
        highest = {"generated": F1_KNOWN, "unnamed": F1_UNNAMED}.get(corpus.name)
        lowest = {"generated": NAIVE_GENERATED, "real": NAIVE_REAL}.get(corpus.name)
        found.append(Ratio(f"{corpus.name}: ours / F1", to_floor, high=highest))
        found.append(Ratio(f"{corpus.name}: naive / ours", to_naive, low=lowest))
    return found


def again(scratch: Path, count: int, repeats: int) -> None:
    """Pages that a crawl met again and again, as it does day by day. Prints the table."""
    register = _registered(scratch, count)
    once = _written(scratch, "met once", pages(count))
    often = _written(scratch, "met often", pages(count // MET), MET)
    ours(once, register, scratch)
    arms = {corpus.name: partial(ours, corpus, register, scratch) for corpus in (once, often)}
    rows = [
        [name, f"{median(v):.2f}", f"{min(v):.2f}–{max(v):.2f}"] for name, v in rounds(arms, repeats).items()
    ]
    title = f"{count} captures: each page once, or a tenth of the pages {MET} times"
    print(table(title, ["", "CPU ms a capture", "lowest–highest"], rows), flush=True)


def side_by_side(scratch: Path, count: int, repeats: int) -> list[Ratio]:
    """One worker and two, by the clock. Prints the table; gives the goals."""
    register = _registered(scratch, count)
    corpus = _written(scratch, "large", pages(count))
    first, both = {0}, set(range(min(2, os.cpu_count() or 1)))
    arms: dict[str, Callable[[], float]] = {
        name: partial(by_the_clock, corpus, register, scratch, workers, cores)
        for name, workers, cores in (
            ("one worker, one core", 1, first),
            ("one worker, two cores", 1, both),
            ("two workers, two cores", 2, both),
        )
    }
    arms["two workers, two cores"]()
    told = rounds(arms, repeats)
    rows = [[name, f"{median(v):.0f}", f"{min(v):.0f}–{max(v):.0f}"] for name, v in told.items()]
    print(
        table(f"{count:,} pages", ["", "pages per second by the clock", "lowest–highest"], rows), flush=True
    )
    one, free, two = told.values()
    return [
        Ratio(
            "two workers / one on one core",
            median([t / o for t, o in zip(two, one, strict=True)]),
            low=TWO_WORKERS,
        ),
        Ratio("two workers / one with two cores", median([t / o for t, o in zip(two, free, strict=True)])),
        Ratio("largest reading process, MB", largest_worker(), high=WORKER_MB),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", type=int, default=1600, help="0: no comparison of workers")
    options = parser.parse_args()
    command = f"--pages {options.pages} --rounds {options.rounds} --large {options.large}"
    print(f"## Reading\n\n`python -m benchmarks.extract {command}`")
    os.sched_setaffinity(0, {0})
    with tempfile.TemporaryDirectory() as scratch:
        found = reading(Path(scratch), options.pages, options.rounds)
        again(Path(scratch), options.pages, options.rounds)
        if options.large:
            found += side_by_side(Path(scratch), options.large, options.rounds)
    print(goals(found))
    if not REAL.is_dir():
        sys.stderr.write("no ../shared/real: its corpus was left out\n")


if __name__ == "__main__":
    main()
