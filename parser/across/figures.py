"""What the checks across reports need of one report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parser.report import AnnualReport, Fact, FormatVersion, NumberCell

Number = int | float


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers by key (`applications.new_received.total`), unknown ones left out; facts and words.

    `joined`: the body was merged with another since its last report, so that their numbers do not add up.
    """

    year: int | None
    format_version: FormatVersion | None
    values: Mapping[str, Number]
    facts: Sequence[Fact] = ()
    text: str = ""  # of the sections
    joined: bool = False

    def told(self, key: str) -> Number | None:
        """What the words say of one fact, where they give one number for it and do not soften it."""
        told = {fact.value for fact in self.facts if fact.key == key and not fact.approximate}
        return told.pop() if len(told) == 1 else None

    def number(self, keys: Sequence[str], fact: str) -> Number | None:
        """The first of these numbers that is known, else what the words say."""
        return next((self.values[key] for key in keys if key in self.values), self.told(fact))


def figures_of(report: AnnualReport, *, joined: bool = False) -> Figures:
    """The figures of a report that was just read."""
    cells = dict(_cells(report))
    return Figures(
        year=report.report_year,
        format_version=report.format_version,
        values={key: cell.value for key, cell in cells.items() if cell.value is not None},
        facts=report.facts,
        text="\n".join(section.text for section in report.sections),
        joined=joined,
    )


def _cells(report: AnnualReport) -> list[tuple[str, NumberCell]]:
    tables = report.tables
    found = [
        (f"proactive_disclosure.{row.key}.{key}", cell)
        for row in tables.proactive_disclosure or ()
        for key, cell in row.cells.items()
    ]
    found += [
        (f"applications.{row.key}.{key}", cell)
        for row in tables.applications or ()
        for key, cell in row.cells.items()
    ]
    return found + [
        (f"review_litigation.{key}", cell) for key, cell in (tables.review_litigation or {}).items()
    ]
