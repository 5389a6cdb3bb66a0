"""What the parser costs, from a ready Document to an AnnualReport.

    python -m benchmarks.parser [--reports 300] [--rounds 5]

Corpora: `generated`, the pages of every family (benchmarks/report_pages.py) as extract reads them; `dense`,
drawn reports with large numbers in every cell, in each layout; `damaged`, such reports with one damage each,
of the kinds of tests/parser/mutations.py; `real`, the report pages of ../shared/real over and over (left out
where that folder is absent). Counted is processor time on one core. Each round gets copies of its own, so
that no text has been seen before but those that all reports share. *With JSON* is the report's JSON on top.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import pickle
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice, product
from pathlib import Path

import extract
from archive.register import load_register
from benchmarks.extract import real_pages
from benchmarks.measuring import Ratio, goals, median, rounds, table
from benchmarks.report_pages import pages, sites
from parser import parse, report_json
from parser.document import Document
from parser.report import DocumentKind
from tests.parser.drawing import STYLES, document, draw
from tests.parser.mutations import MUTATIONS
from tests.portals.gallery_play import register_file

VERSIONS = ("v2021", "v2019")
GOAL = 400  # reports a second


def corpora(count: int) -> dict[str, list[Document]]:
    """Those of the module's docstring, `count` documents each."""
    with tempfile.TemporaryDirectory() as scratch:
        register = load_register([register_file(sites(count), Path(scratch))])
        read = partial(extract.read, register=register)
        made = {
            "generated": [
                read(page.body, headers=[("Content-Type", page.content_type)], url=page.url)
                for page in pages(count)
            ],
            "dense": [_drawn(number, "nothing") for number in range(count)],
            "damaged": [_drawn(number, kind) for number, kind in zip(range(count), cycle(sorted(MUTATIONS)))],
        }
        real = [read(page.body, headers=[("Content-Type", page.content_type)]) for page in real_pages()]
    real = [document for document in real if parse(document).kind is DocumentKind.REPORT]
    if real:
        made["real"] = list(islice(cycle(real), count))
    return made


def _drawn(number: int, kind: str) -> Document:
    rng = random.Random(f"{kind} {number}")
    style, version = next(islice(cycle(product(STYLES, VERSIONS)), number, None))
    drawing = draw(rng, version)
    MUTATIONS[kind](rng, drawing)
    return document(drawing, style)


def cost(kept: bytes, count: int, *, with_json: bool) -> float:
    """Milliseconds of processor time a report."""
    documents: list[Document] = pickle.loads(kept)
    gc.collect()
    began = time.process_time()
    for one in documents:
        report = parse(one)
        if with_json:
            json.dumps(report_json(report), ensure_ascii=False)
    return (time.process_time() - began) / count * 1000


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--reports", type=int, default=300)
    options.add_argument("--rounds", type=int, default=5)
    told = options.parse_args()
    print(f"## Parser\n\n`python -m benchmarks.parser --reports {told.reports} --rounds {told.rounds}`")
    os.sched_setaffinity(0, {0})
    arms: dict[str, Callable[[], float]] = {}
    for name, documents in corpora(told.reports).items():
        kept = pickle.dumps(documents)
        for suffix, with_json in (("", False), (", with JSON", True)):
            arms[f"{name}{suffix}"] = partial(cost, kept, told.reports, with_json=with_json)
    found = rounds(arms, told.rounds)
    rows = [
        [name, f"{median(v):.2f}", f"{1000 / median(v):,.0f}", f"{min(v):.2f}–{max(v):.2f}"]
        for name, v in found.items()
    ]
    head = ["", "CPU ms a report", "reports a second", "ms, lowest–highest"]
    print(table(f"{told.reports} reports each, one core", head, rows), flush=True)
    ratios = [
        Ratio(f"{name}, reports a second", 1000 / median(values), low=GOAL)
        for name, values in found.items()
        if not name.endswith("JSON")
    ]
    print(goals(ratios))


if __name__ == "__main__":
    main()
