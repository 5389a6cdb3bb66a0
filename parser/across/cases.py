"""C5–C7: reviews and lawsuits of two years."""

from __future__ import annotations

from parser.across.figures import Figures, Number
from parser.across.judging import judged
from parser.findings import finding
from parser.labels import REVIEW
from parser.soft.subject import Result

_RECEIVED = ("applications.new_received.total", "applications.carried_over.total")
_CASES = tuple(f"review_litigation.{group.key}_total" for group in REVIEW.groups)


def case_checks(now: Figures, before: Figures) -> Result:
    """All three."""
    return [*_pending(now, before), *_after_review(now, before), *_without_applications(now, before)]


def _pending(now: Figures, before: Figures) -> Result:
    """C5: cases pending at the end of Y-1 are among those of Y."""
    results: Result = []
    for group in REVIEW.groups:
        cell = f"review_litigation.{group.key}_total"
        total = now.values.get(cell)
        pending = before.values.get(f"review_litigation.{group.key}_pending")
        if total is None or not pending:
            continue
        told = finding("C5", cells=[cell], group=group.label, lhs=total, rhs=pending)
        relation = "total(Y) >= pending(Y-1)"
        results.append(judged(f"C5.{group.key}", relation, (total, pending), told, holds=total >= pending))
    return results


def _after_review(now: Figures, before: Figures) -> Result:
    """C6: suits after review follow reviews concluded in Y or Y-1, or were pending at the end of Y-1."""
    cell = "review_litigation.litigation_after_review_total"
    suits = now.values.get(cell)
    pending = before.values.get("review_litigation.litigation_after_review_pending")
    concluded, concluded_before = _concluded(now), _concluded(before)
    if suits is None or pending is None or concluded is None or concluded_before is None:
        return []
    most = concluded + concluded_before + pending
    told = finding("C6", cells=[cell], lhs=suits, rhs=most)
    relation = "suits after review(Y) <= reviews concluded(Y, Y-1) + pending suits(Y-1)"
    return [judged("C6.after_review", relation, (suits, most), told, holds=suits <= most)]


def _concluded(year: Figures) -> Number | None:
    total = year.values.get("review_litigation.review_total")
    pending = year.values.get("review_litigation.review_pending")
    return None if total is None or pending is None else total - pending


def _without_applications(now: Figures, before: Figures) -> Result:
    """C7: reviews or suits over disclosure, and not one application in two years."""
    received = [year.values.get(key) for year in (now, before) for key in _RECEIVED]
    cells = [key for key in _CASES if now.values.get(key)]
    if None in received or any(received) or not cells:
        return []
    cases = sum(now.values[key] for key in cells)
    told = finding("C7", cells=cells, lhs=cases)
    relation = "no applications in Y and Y-1, no cases"
    return [judged("C7.cases_without_applications", relation, (cases, 0), told, holds=False)]
