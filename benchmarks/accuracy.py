"""How right the parser is on damaged reports: `python -m benchmarks.accuracy [--cases 20000] [--write]`.

Reports are drawn with consistent numbers, damaged in one of the kinds of tests/parser/mutations.py (each says
before the parser runs which cells stay determinable), parsed, and compared cell by cell with what was drawn.
The kinds of tests/parser/mutations_words.py damage what is said beside the tables: there every cell stays
determinable, and each kind says which finding must tell of it. Every case is seeded by its name; `--write`
puts the tables into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import cycle, product
from pathlib import Path

from parser import parse
from parser.document import Finding, Severity
from tests.parser.drawing import STYLES, document, draw
from tests.parser.judging import is_flagged, judge
from tests.parser.mutations import MUTATIONS
from tests.parser.mutations_words import KINDS
from tests.parser.story import read, tell

ROOT = Path(__file__).resolve().parents[1]
MARK = "<!-- measured -->"
VERSIONS, DENSITIES = ("v2021", "v2019"), ("dense", "sparse")
UNDAMAGED = "nothing"  # the kind that may give no finding above a note


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
    untold: int = 0  # cases that lack the finding their kind declares

    def add(self, other: Count) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def one(kind: str, label: str, style: str, version: str, density: str) -> Count:
    """Draw, damage, parse and judge one report."""
    rng = random.Random(label)
    undetermined: set[str] = set()
    untold = False
    if kind in KINDS:
        story = tell(rng, version)
        KINDS[kind].damage(rng, story)
        drawing = story.drawing
        report, findings = read(story, style)
        report = replace(report, findings=tuple(findings))
        undetermined = {key for key, number in drawing.truth.items() if number is None}
        untold = not _is_told(KINDS[kind].code, findings)
    else:
        drawing = draw(rng, version, sparse=density == "sparse")
        undetermined = MUTATIONS[kind](rng, drawing)
        report = parse(document(drawing, style))
        untold = kind == UNDAMAGED and not _is_told("", report.findings)
    verdict = judge(report, drawing, undetermined)
    if verdict.wrong_unflagged or verdict.lost_in_silence or untold:
        told = [finding.code for finding in report.findings]
        print(f"{label}: {verdict.wrong_unflagged or verdict.lost_in_silence or told}", file=sys.stderr)
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
        untold=untold,
        flagged=flagged if dense else 0,
        damaged=damaged if dense else 0,
        flagged_sparse=0 if dense else flagged,
        damaged_sparse=0 if dense else damaged,
    )


def _is_told(code: str, findings: Sequence[Finding]) -> bool:
    """The finding that the kind declares is there; where none is declared, nothing above a note is."""
    if not code:
        return all(finding.severity is Severity.INFO for finding in findings)
    return any(finding.code == code for finding in findings)


def batch(kind: str, cases: int) -> tuple[str, Count]:
    """So many cases of one kind, over all styles, formats and densities."""
    total = Count()
    for n, (style, version, density) in zip(range(cases), _endless(kind), strict=False):
        total.add(one(kind, f"{kind} {n} {style} {version} {density}", style, version, density))
    return kind, total


def _endless(kind: str) -> Iterator[tuple[str, str, str]]:
    """Every way of drawing, over and over; words are told of large numbers alone."""
    of_words = kind in KINDS
    versions, densities = (KINDS[kind].versions, DENSITIES[:1]) if of_words else (VERSIONS, DENSITIES)
    return cycle(product(STYLES, versions, densities))


def measure(cases: int) -> dict[str, Count]:
    """At least `cases` cases, evenly over the kinds, on all cores."""
    kinds = [*sorted(MUTATIONS), *sorted(KINDS)]
    each = -(-cases // len(kinds))
    counts: dict[str, Count] = defaultdict(Count)
    with ProcessPoolExecutor() as pool:
        for kind, count in pool.map(batch, kinds, [each] * len(kinds)):
            counts[kind].add(count)
    return counts


def table(counts: dict[str, Count]) -> str:
    """Markdown: the kinds of damage to tables, then those to words."""
    tables = [_row(kind.replace("_", " "), counts[kind]) for kind in sorted(MUTATIONS) if kind in counts]
    words = [_word_row(kind, counts[kind]) for kind in sorted(KINDS) if kind in counts]
    tables.append(_row("**all**", _sum(counts, MUTATIONS)))
    words.append(_word_row("**all**", _sum(counts, KINDS)))
    return "\n".join([_HEAD, *tables, "", _WORD_HEAD, *words])


def _sum(counts: dict[str, Count], kinds: Iterable[str]) -> Count:
    total = Count()
    for kind in kinds:
        total.add(counts[kind])
    return total


_HEAD = (
    "| damage | reports | determinable cells | right | null, told | wrong, flagged | wrong, unflagged |"
    " flagged per damaged cell | the same, nearly all zeros |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)
_WORD_HEAD = (
    "| damage to words | finding | reports | told | determinable cells | right | wrong, unflagged |"
    " flagged per cell spoken of |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def _row(name: str, count: Count) -> str:
    return (
        f"| {name} | {count.cases:,} | {count.determinable:,} | {_share(count)} | {count.lost:,} |"
        f" {count.wrong_flagged:,} | {count.wrong_unflagged:,} |"
        f" {_ratio(count.flagged, count.damaged)} | {_ratio(count.flagged_sparse, count.damaged_sparse)} |"
    )


def _word_row(name: str, count: Count) -> str:
    code = (KINDS[name].code or "none") if name in KINDS else ""
    return (
        f"| {name.replace('_', ' ')} | {code} | {count.cases:,} | {count.cases - count.untold:,} |"
        f" {count.determinable:,} | {_share(count)} | {count.wrong_unflagged:,} |"
        f" {_ratio(count.flagged, count.damaged)} |"
    )


def _share(count: Count) -> str:
    """Right of the determinable."""
    return f"{100 * count.right / count.determinable:.2f} %" if count.determinable else "–"


def _ratio(flagged: int, damaged: int) -> str:
    """Flagged for each damaged cell; a kind that damages no cell tells how many it flags."""
    return f"{flagged / damaged:.1f}" if damaged else f"{flagged} of none" if flagged else "none"


def _is_wrong(count: Count) -> bool:
    return bool(count.wrong_unflagged or count.lost_in_silence or count.untold)


def main() -> int:
    """The command. Ends 1 if a number is wrong and nothing says so, or a finding is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--write", action="store_true", help="into docs/accuracy.md")
    options = parser.parse_args()
    counts = measure(options.cases)
    measured = f"`python -m benchmarks.accuracy --cases {options.cases}`\n\n{table(counts)}\n"
    print(f"## Accuracy\n\n{measured}")
    if options.write:
        page = ROOT / "docs" / "accuracy.md"
        text = page.read_text(encoding="utf-8").partition(MARK)[0]
        page.write_text(f"{text}{MARK}\n\n{measured}", encoding="utf-8")
    return 1 if any(_is_wrong(count) for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
