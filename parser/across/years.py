"""C1–C4, T5: a report beside the same body's report of the year before."""

from __future__ import annotations

from parser.across.cases import case_checks
from parser.across.figures import Figures
from parser.across.growth import growth_checks
from parser.across.judging import judged
from parser.across.words import ACROSS, row_label
from parser.findings import finding
from parser.labels import APPLICATIONS
from parser.report import FormatVersion
from parser.soft.subject import Result

_TABLED = {FormatVersion.V2019, FormatVersion.V2021}
_LEAST_NUMBERS = 2  # nonzero numbers of table 二: one alone may well be the same by chance


def year_checks(now: Figures, before: Figures, *, alike: float | None = None) -> Result:
    """All of them. `alike`: how much of the own words is last year's, 0 to 1; None where it is not known.

    The two must be reports of one body and of adjacent years.
    """
    checks = (_carried_over, _in_force, _items_before, _same_numbers, fee_checks, case_checks, growth_checks)
    results: Result = [result for check in checks for result in check(now, before)]
    return [*results, *_alike(alike)]


def carried_over_checks(now: Figures, before: Figures) -> Result:
    """C1: what was carried forward is carried over. A failure for the total, unless it is explained."""
    softened = now.joined or ACROSS.carried_over_explained.search(now.text) is not None
    total = "C1_explained" if softened else "C1"
    results: Result = []
    for column in APPLICATIONS.columns:
        cell = f"applications.carried_over.{column.key}"
        left = now.values.get(cell)
        right = before.values.get(f"applications.carried_forward.{column.key}")
        if left is None or right is None:
            continue
        code = total if column.key == "total" else "C1_column"
        told = finding(code, cells=[cell], column=column.label, lhs=left, rhs=right)
        relation = "carried_over(Y) = carried_forward(Y-1)"
        results.append(judged(f"C1.{column.key}", relation, (left, right), told, holds=left == right))
    return results


def _carried_over(now: Figures, before: Figures) -> Result:
    return carried_over_checks(now, before) if _both(now, before, _TABLED) else []


def _both(now: Figures, before: Figures, versions: set[FormatVersion]) -> bool:
    return now.format_version in versions and before.format_version in versions


def _in_force(now: Figures, before: Figures) -> Result:
    """C2; only told, since 现行有效 is often restated."""
    if not _both(now, before, {FormatVersion.V2021}):
        return []
    results: Result = []
    relation = "in_force(Y) = in_force(Y-1) + issued(Y) - repealed(Y)"
    for row in ("regulations", "normative_documents"):
        cells = [f"proactive_disclosure.{row}.{key}" for key in ("in_force", "issued", "repealed")]
        in_force, issued, repealed = (now.values.get(cell) for cell in cells)
        former = before.values.get(cells[0])
        if in_force is None or issued is None or repealed is None or former is None:
            continue
        expected = former + issued - repealed
        told = finding("C2", cells=cells, row=row_label(cells[0]), lhs=in_force, rhs=expected)
        sides = (in_force, expected)
        results.append(judged(f"C2.{row}", relation, sides, told, holds=in_force == expected))
    return results


def _items_before(now: Figures, before: Figures) -> Result:
    """C3, in the form of 2019."""
    if not _both(now, before, {FormatVersion.V2019}):
        return []
    results: Result = []
    relation = "prev_year_items(Y) = prev_year_items(Y-1) + change(Y-1)"
    for cell in sorted(key for key in now.values if key.endswith(".prev_year_items")):
        former = before.values.get(cell)
        change = before.values.get(cell.replace("prev_year_items", "change"))
        if former is None or change is None:
            continue
        sides = (now.values[cell], former + change)
        told = finding("C3", cells=[cell], row=row_label(cell), lhs=sides[0], rhs=sides[1])
        results.append(judged(f"C3.{cell.split('.')[1]}", relation, sides, told, holds=sides[0] == sides[1]))
    return results


def _same_numbers(now: Figures, before: Figures) -> Result:
    """C4b: table 二 is last year's, number for number. A table of zeros is nobody's copy."""
    if not _both(now, before, {FormatVersion.V2021}):
        return []
    mine, theirs = _disclosure(now), _disclosure(before)
    nonzero = [key for key, value in mine.items() if value]
    if len(nonzero) < _LEAST_NUMBERS:
        return []
    shared = sum(value == theirs.get(key) for key, value in mine.items())
    told = finding("C4b", cells=nonzero, n=len(nonzero))
    relation = "numbers of table 2 that are last year's < numbers of table 2"
    return [judged("C4b.disclosure", relation, (shared, len(mine)), told, holds=mine != theirs)]


def _disclosure(figures: Figures) -> dict[str, int | float]:
    return {key: value for key, value in figures.values.items() if key.startswith("proactive_disclosure.")}


def fee_checks(now: Figures, before: Figures) -> Result:
    """T5: a fee ten thousand times last year's: 元 in a column of 万元."""
    fee, former = now.values.get(ACROSS.fee), before.values.get(ACROSS.fee)
    if not fee or not former:
        return []
    low, high = ACROSS.fee_factor
    told = finding("T5", cells=[ACROSS.fee], lhs=fee, rhs=former, whom="上年")
    relation = "fee(Y) is not ten thousand times fee(Y-1)"
    return [judged("T5.fee_unit", relation, (fee, former), told, holds=not low <= fee / former <= high)]


def _alike(alike: float | None) -> Result:
    """C4: the words are last year's."""
    if alike is None:
        return []
    sides = (alike, ACROSS.alike_at_least)
    relation = "share of the own words that is last year's < 0.9"
    told = finding("C4", lhs=f"{alike:.0%}")
    return [judged("C4.own_words", relation, sides, told, holds=alike < ACROSS.alike_at_least)]
