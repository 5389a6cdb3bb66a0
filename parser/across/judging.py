"""How a comparison is told: a check with both sides, and a finding of the same weight where it fails."""

from __future__ import annotations

from dataclasses import replace

from parser.across.figures import Number
from parser.document import Finding
from parser.report import Check, CheckResult


def judged(
    name: str, relation: str, sides: tuple[Number, Number], told: Finding, *, holds: bool
) -> tuple[Check, Finding | None]:
    """The check named so, of the cells that the finding names; data/findings.yml says how much it matters."""
    result = CheckResult.PASS if holds else CheckResult(told.severity.value)
    return Check(name, relation, *sides, result, told.cells), None if holds else replace(told, check=name)
