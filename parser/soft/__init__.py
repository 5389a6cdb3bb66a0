"""The soft checks: words against numbers (N), plausibility (T, H), years and days (Y, D), structure (S).

Only those of one report alone; what compares reports (C, P1, T5, T6, N12) needs both. A relation whose data
the report does not give yields no check.
"""

from __future__ import annotations

from dataclasses import replace

from parser.document import Finding
from parser.report import Check
from parser.soft.plausibility import plausibility_checks
from parser.soft.structure import structure_checks
from parser.soft.subject import Result, Subject
from parser.soft.times import time_checks
from parser.soft.words import word_checks

__all__ = ["Subject", "soft_checks"]


def soft_checks(subject: Subject) -> tuple[list[Check], list[Finding]]:
    """All soft checks that the report gives data for, and what they found."""
    results: Result = []
    for checks in (word_checks, plausibility_checks, time_checks, structure_checks):
        results.extend(checks(subject))
    findings = [replace(found, check=check.id) for check, found in results if found is not None]
    return [check for check, _ in results], findings
