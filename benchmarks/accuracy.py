"""How right the parser is on damaged reports: `python -m benchmarks.accuracy [--cases 20000] [--write]`.

Reports are drawn with consistent numbers, damaged in one of the kinds of tests/parser/mutations.py (each says
before the parser runs which cells stay determinable), parsed, and compared cell by cell with what was drawn.
Every case is seeded by its name; `--write` puts the table into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from parser import parse
from parser.document import Severity
from tests.parser.drawing import STYLES, document, draw
from tests.parser.judging import is_flagged, judge
from tests.parser.mutations import MUTATIONS

ROOT = Path(__file__).resolve().parents[1]
MARK = "<!-- measured -->"
VERSIONS, DENSITIES = ("v2021", "v2019"), ("dense", "sparse")
SHOWN = 20  # labels of wrong cases printed


@dataclass
class Count:
    """One kind of damage in numbers; cells unless said otherwise."""

    cases: int = 0
    determinable: int = 0
    right: int = 0
    lost: int = 0  # null where a number was determinable; told by a finding
    lost_in_silence: int = 0
    wrong_flagged: int = 0
    wrong_unflagged: int = 0
    flagged: int = 0  # cells that a finding names, right or not; of reports of large numbers
    damaged: int = 0  # cells that the kind of damage touched, of the same reports
    flagged_sparse: int = 0  # the same of reports that are nearly all zeros
    damaged_sparse: int = 0
    warned: int = 0  # cases with a warning or worse

    def add(self, other: Count) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def one(kind: str, label: str, style: str, version: str, density: str) -> Count:
    """Draw, damage, parse and judge one report."""
    rng = random.Random(label)
    drawing = draw(rng, version, sparse=density == "sparse")
    undetermined = MUTATIONS[kind](rng, drawing)
    report = parse(document(drawing, style))
    verdict = judge(report, drawing, undetermined)
    if verdict.wrong_unflagged or verdict.lost_in_silence:
        print(f"{label}: {verdict.wrong_unflagged or verdict.lost_in_silence}", file=sys.stderr)
    flagged, damaged = sum(is_flagged(report, key) for key in drawing.truth), len(drawing.damaged)
    dense = density == "dense"
    return Count(
        cases=1,
        determinable=len(set(drawing.truth) - undetermined),
        right=len(verdict.right),
        lost=len(verdict.lost),
        lost_in_silence=len(verdict.lost_in_silence),
        wrong_flagged=len(verdict.wrong_flagged),
        wrong_unflagged=len(verdict.wrong_unflagged),
        flagged=flagged if dense else 0,
        damaged=damaged if dense else 0,
        flagged_sparse=0 if dense else flagged,
        damaged_sparse=0 if dense else damaged,
        warned=any(finding.severity is not Severity.INFO for finding in report.findings),
    )


def batch(kind: str, cases: int) -> tuple[str, Count]:
    """So many cases of one kind, over all styles, formats and densities."""
    total = Count()
    for n, (style, version, density) in zip(range(cases), _endless(), strict=False):
        total.add(one(kind, f"{kind} {n} {style} {version} {density}", style, version, density))
    return kind, total


def _endless():  # noqa: ANN202 - an endless product
    while True:
        yield from product(STYLES, VERSIONS, DENSITIES)


def measure(cases: int) -> dict[str, Count]:
    """At least `cases` cases, evenly over the kinds, on all cores."""
    each = -(-cases // len(MUTATIONS))
    counts: dict[str, Count] = defaultdict(Count)
    with ProcessPoolExecutor() as pool:
        for kind, count in pool.map(batch, sorted(MUTATIONS), [each] * len(MUTATIONS)):
            counts[kind].add(count)
    return counts


def table(counts: dict[str, Count]) -> str:
    """Markdown."""
    total = Count()
    for count in counts.values():
        total.add(count)
    head = (
        "| damage | reports | determinable cells | right | null, told | wrong, flagged | wrong, unflagged |"
        " flagged per damaged cell | the same, nearly all zeros |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    rows = [_row(kind.replace("_", " "), counts[kind]) for kind in sorted(counts)]
    return "\n".join([head, *rows, _row("**all**", total)])


def _row(name: str, count: Count) -> str:
    share = 100 * count.right / max(count.determinable, 1)
    return (
        f"| {name} | {count.cases:,} | {count.determinable:,} | {share:.2f} % | {count.lost:,} |"
        f" {count.wrong_flagged:,} | {count.wrong_unflagged:,} |"
        f" {_ratio(count.flagged, count.damaged)} | {_ratio(count.flagged_sparse, count.damaged_sparse)} |"
    )


def _ratio(flagged: int, damaged: int) -> str:
    """Flagged for each damaged cell; a kind that damages no cell tells how many it flags."""
    return f"{flagged / damaged:.1f}" if damaged else f"{flagged} of none" if flagged else "none"


def main() -> int:
    """The command. Ends 1 if a number is wrong and nothing says so."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--write", action="store_true", help="into docs/accuracy.md")
    options = parser.parse_args()
    counts = measure(options.cases)
    measured = f"`python -m benchmarks.accuracy --cases {options.cases}`\n\n{table(counts)}\n"
    print(measured)
    if options.write:
        page = ROOT / "docs" / "accuracy.md"
        text = page.read_text(encoding="utf-8").partition(MARK)[0]
        page.write_text(f"{text}{MARK}\n\n{measured}", encoding="utf-8")
    return 1 if any(count.wrong_unflagged or count.lost_in_silence for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
