"""What the soft checks look at, and how they tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parser.document import Finding, PublisherRef
from parser.narrative import Breakdown
from parser.report import Check, Fact, Section, Tables
from parser.years import Years

Result = list[tuple[Check, Finding | None]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A report as the soft checks see it."""

    sections: Sequence[Section]
    tables: Tables
    years: Years
    publisher: PublisherRef | None
    publish_date: date | None
    signed_date: date | None
    widths: dict[str, int]  # rows of table 三 that are drawn with another number of cells
    facts: Sequence[Fact] = ()
    breakdowns: Sequence[Breakdown] = ()

    @property
    def text(self) -> dict[str, str]:
        """The sections' text by key."""
        return {section.key: section.text for section in self.sections}

    def told(self, key: str) -> list[Fact]:
        """What the words say of one fact, softened numbers left out."""
        return [fact for fact in self.facts if fact.key == key and not fact.approximate]

    def one(self, key: str) -> Fact | None:
        """The fact where the words give one number for it and no other."""
        told = self.told(key)
        return told[0] if len({fact.value for fact in told}) == 1 else None
