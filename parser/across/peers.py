"""C4c, T5, T6: a report beside those of other bodies of its kind and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from parser.across.figures import Figures, Number
from parser.across.judging import judged
from parser.across.words import ACROSS, row_label
from parser.findings import finding
from parser.soft.subject import Result


@dataclass(frozen=True, slots=True)
class Peers:
    """What is usual among bodies of one kind in one year; nothing where too few are known."""

    fee: Number | None  # the median of those that charge any
    high: Mapping[str, float]  # key → the percentile from which on a number stands out


def peers_of(reports: Sequence[Figures]) -> Peers:
    """The usual numbers of reports that are of one kind and year."""
    fees = [fee for report in reports if (fee := report.values.get(ACROSS.fee))]
    high = {}
    for key in ACROSS.outstanding:
        known = [report.values[key] for report in reports if key in report.values]
        if len(known) >= ACROSS.peers_least:
            high[key] = quantiles(known, n=100, method="inclusive")[ACROSS.outstanding_percentile - 1]
    return Peers(median(fees) if len(fees) >= ACROSS.peers_least else None, high)


def peer_checks(now: Figures, peers: Peers, *, twin: tuple[str, float] | None = None) -> Result:
    """`twin`: the body whose words are nearest to its own, and how near, 0 to 1."""
    return [*_fee(now, peers), *_outstanding(now, peers), *_twin(twin)]


def _fee(now: Figures, peers: Peers) -> Result:
    """T5: a fee ten thousand times the usual one."""
    fee = now.values.get(ACROSS.fee)
    if not fee or not peers.fee:
        return []
    low, high = ACROSS.fee_factor
    told = finding("T5", cells=[ACROSS.fee], lhs=fee, rhs=peers.fee, whom="同类单位中位数")
    relation = "the fee is not ten thousand times its peers'"
    return [
        judged("T5.fee_of_peers", relation, (fee, peers.fee), told, holds=not low <= fee / peers.fee <= high)
    ]


def _outstanding(now: Figures, peers: Peers) -> Result:
    """T6."""
    results: Result = []
    for key, limit in peers.high.items():
        value = now.values.get(key)
        if value is None:
            continue
        told = finding("T6", cells=[key], row=row_label(key), lhs=value, rhs=limit)
        relation = "not above the 99th percentile of its kind"
        results.append(
            judged(f"T6.{key.split('.')[1]}", relation, (value, limit), told, holds=value <= limit)
        )
    return results


def _twin(twin: tuple[str, float] | None) -> Result:
    """C4c: the words are another body's."""
    if twin is None:
        return []
    name, alike = twin
    told = finding("C4c", lhs=f"{alike:.0%}", raw=name)
    sides = (alike, ACROSS.alike_at_least)
    relation = "share of the own words that is another body's < 0.9"
    return [judged("C4c.other_body", relation, sides, told, holds=alike < ACROSS.alike_at_least)]
