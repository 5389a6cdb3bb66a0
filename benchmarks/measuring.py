"""What the benchmarks share: medians of interleaved rounds, and tables."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Ratio:
    """A goal of the issue: `name` is what is divided by what; `low` ≤ or `high` ≥ the value."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None

    @property
    def reached(self) -> bool:
        return (self.low is None or self.value >= self.low) and (self.high is None or self.value <= self.high)

    def line(self) -> str:
        if self.low is None and self.high is None:
            return f"| {self.name} | {self.value:,.2f} | | |"
        goal = f"≥ {self.low:g}" if self.low is not None else f"≤ {self.high:g}"
        return f"| {self.name} | {self.value:,.2f} | {goal} | {'yes' if self.reached else '**no**'} |"


def rounds(arms: Mapping[str, Callable[[], float]], count: int = ROUNDS) -> dict[str, list[float]]:
    """Each arm once a round, in turn, so that a slow spell of the machine hits all alike."""
    found: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(count):
        for name, arm in arms.items():
            found[name].append(arm())
        sys.stderr.write(f"round {number + 1} of {count}\n")
    return found


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [f"\n### {title}\n", f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows]) + "\n"


def goals(ratios: Sequence[Ratio]) -> str:
    """The goals as a table in Markdown."""
    lines = ["\n| ratio | measured | goal | reached |", "| --- | --- | --- | --- |"]
    return "\n".join(lines + [ratio.line() for ratio in ratios]) + "\n"
