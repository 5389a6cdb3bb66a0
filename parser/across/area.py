"""P1: a county's report beside those of its own units. Only told: most counties count themselves alone."""

from __future__ import annotations

from collections.abc import Sequence

from parser.across.figures import Figures
from parser.across.judging import judged
from parser.across.words import ACROSS
from parser.findings import finding
from parser.soft.subject import Result


def area_checks(
    county: Figures, units: Sequence[Figures], *, expected: int, whole_area: bool | None
) -> Result:
    """`units`: the reports held of its bodies, `expected`: how many there should be.

    `whole_area`: whether the text says that it speaks for the whole county; None: it does not say. Where it
    speaks for itself alone there is nothing to compare.
    """
    if whole_area is False:
        return []
    results: Result = []
    for key in ACROSS.area_sums:
        total = county.values.get(key)
        known = [unit.values[key] for unit in units if key in unit.values]
        if total is None or not known:
            continue
        largest, together, name = max(known), sum(known), key.split(".")[1]
        told = finding("P1", cells=[key], lhs=total, rhs=largest)
        relation = "county total >= each unit's own"
        results.append(judged(f"P1.{name}", relation, (total, largest), told, holds=total >= largest))
        if whole_area and total >= largest:
            told = finding("P1_sum", cells=[key], lhs=total, rhs=together, n=f"{len(known)}/{expected}")
            relation = "county total >= sum of the units held"
            sides = (total, together)
            results.append(judged(f"P1.{name}_sum", relation, sides, told, holds=total >= together))
    return results
