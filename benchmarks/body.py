"""Finding a body whose container nobody knows: what the settings of trafilatura cost and what they find.

    python -m benchmarks.body [--pages 40] [--rounds 5]

The corpus: every page of tests/pages whose body stands in a known container, and `--pages` generated ones of
every family (benchmarks/report_pages.py). The container's name is taken away, and the body that is then found
is held against what the page says with its name. Text is compared line by line, by characters; cells by their
number.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import median, rounds, table
from benchmarks.report_pages import pages as generated
from extract.charset import decode
from extract.data_tables import bodies
from extract.errors import Unreadable
from extract.html.body import find_body
from extract.html.narrative import ASKED, Asked, narrative
from extract.html.tree import Page
from parser.document import Block, Grid, Paragraph
from parser.text import compact

PAGES = Path(__file__).parent.parent / "tests" / "pages"
MIN_TEXT = 150  # characters of a body that is more than a shell
SETTINGS = {
    "as used: data tables and link lists dropped first, recall, fast": ASKED,
    "link lists kept": Asked(without_lists=False),
    "data tables kept": Asked(without_tables=False),
    "both kept": Asked(without_tables=False, without_lists=False),
    "without its own tables": Asked(tables=False),
    "balanced": Asked(recall=False),
    "precision": Asked(recall=False, precision=True),
    "not fast": Asked(fast=False),
    "not fast, both kept": Asked(fast=False, without_tables=False, without_lists=False),
}


@dataclass(frozen=True)
class Sample:
    """A page without the names of its containers, and what its body says."""

    name: str
    text: str
    lines: Counter[str]
    cells: int


def samples(count: int) -> Iterator[Sample]:
    """Pages whose body's container is known."""
    for name, text in _texts(count):
        try:
            body = find_body(Page(text))
        except Unreadable:
            continue
        lines, cells = said(body.blocks)
        if body.how in {"strong", "weak"} and sum(map(len, lines.elements())) >= MIN_TEXT:
            yield Sample(name, unnamed(text), lines, cells)


def _texts(count: int) -> Iterator[tuple[str, str]]:
    for path in sorted(PAGES.glob("*/page.html")):
        yield path.parent.name, decode(path.read_bytes()).text
    for number, page in enumerate(generated(count)):
        yield f"generated {number}", page.body.decode(page.charset)


def unnamed(text: str) -> str:
    """The page with every known name of a container made one that says nothing."""
    names = [row.class_ or row.id for row in (*bodies().strong, *bodies().weak)]
    known = "|".join(re.escape(name) for name in sorted(filter(None, names), key=len, reverse=True))
    attribute = re.compile(r"""\b(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
    word = re.compile(rf"(?<![\w-])(?:{known})(?![\w-])", re.IGNORECASE)
    text = re.sub(r"<meta[^>]*Content(?:Start|End)[^>]*>", "", text, flags=re.IGNORECASE)
    return attribute.sub(lambda found: word.sub("q7", found.group()), text)


def said(blocks: list[Block]) -> tuple[Counter[str], int]:
    """The lines of the paragraphs, and the number of cells."""
    lines = Counter(compact(block.text) for block in blocks if isinstance(block, Paragraph))
    return lines, sum(len(block.cells) for block in blocks if isinstance(block, Grid))


def quality(corpus: list[Sample], asked: Asked) -> list[float]:
    """Shares: of the text and of what was found as text, the same of the cells; of pages that are exact."""
    wanted = found = right = cells_wanted = cells_found = cells_right = exact = 0
    for sample in corpus:
        lines, cells = said(find_body(Page(sample.text), asked).blocks)
        both = lines & sample.lines
        wanted += sum(map(len, sample.lines.elements()))
        found += sum(map(len, lines.elements()))
        right += sum(map(len, both.elements()))
        cells_wanted, cells_found = cells_wanted + sample.cells, cells_found + cells
        cells_right += min(cells, sample.cells)
        exact += both == sample.lines and cells == sample.cells
    pairs = ((right, wanted), (right, found), (cells_right, cells_wanted), (cells_right, cells_found))
    shares = [part / max(1, whole) for part, whole in pairs]
    return [*shares, exact / len(corpus)]


def milliseconds(pages: list[Page], asked: Asked) -> float:
    """Of trafilatura and what is done for it, for one page."""
    start = time.process_time()
    for page in pages:
        narrative(page, asked)
    return (time.process_time() - start) * 1000 / len(pages)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    corpus = list(samples(options.pages))
    pages = [Page(sample.text) for sample in corpus]
    arms = {name: (lambda asked=asked: milliseconds(pages, asked)) for name, asked in SETTINGS.items()}
    times = rounds(arms, options.rounds)
    head = ("setting", "ms a page", "text recall", "text precision", "cell recall", "cell precision", "exact")
    rows = [
        [name, f"{median(times[name]):.1f}", *(f"{share:.3f}" for share in quality(corpus, asked))]
        for name, asked in SETTINGS.items()
    ]
    inexact = [sample.name for sample in corpus if quality([sample], ASKED)[-1] < 1]
    sys.stderr.write(f"not exact: {' '.join(inexact)}\n")
    command = f"--pages {options.pages} --rounds {options.rounds}"
    sys.stdout.write(f"## Finding a body\n\n`python -m benchmarks.body {command}`\n")
    sys.stdout.write(table(f"{len(corpus)} pages, their containers made unknown", head, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
