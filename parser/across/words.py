"""data/across.yml: what is compared across reports, and from which size on."""

from __future__ import annotations

import re
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from parser.labels import APPLICATIONS, DISCLOSURE, NARRATIVE, REVIEW


class AcrossTable(BaseModel):
    """The table. Raises ValueError for a number or fact that is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carried_over_explained: re.Pattern[str]
    growth: dict[str, tuple[str, ...]]
    growth_words: re.Pattern[str]
    growth_up: frozenset[str]
    growth_percent: frozenset[str]
    growth_counts: frozenset[str]
    fee: str
    fee_factor: tuple[float, float]
    outstanding: tuple[str, ...]
    outstanding_percentile: int = Field(gt=50, lt=100)
    peers_least: int = Field(ge=20)
    alike_at_least: float = Field(gt=0, le=1)
    area_sums: tuple[str, ...]

    def model_post_init(self, _context: object) -> None:
        strange = set(self.growth) - set(NARRATIVE.facts)
        named = (
            *(key for keys in self.growth.values() for key in keys),
            self.fee,
            *self.outstanding,
            *self.area_sums,
        )
        strange |= set(named) - KEYS
        if strange:
            raise ValueError(f"across.yml: {sorted(strange)}")


def _keys() -> frozenset[str]:
    disclosure = {
        f"proactive_disclosure.{row.key}.{column}"
        for row in DISCLOSURE.rows
        for columns in row.columns.values()
        for column in columns
    }
    applications = {
        f"applications.{row.key}.{column.key}" for row in APPLICATIONS.rows for column in APPLICATIONS.columns
    }
    return frozenset(disclosure | applications | {f"review_litigation.{key}" for key in REVIEW.keys})


def row_label(key: str) -> str:
    """How the row of table 二 is called that a number stands in. Raises StopIteration for another key."""
    _, row, _ = key.split(".")
    return next(term.any or term.exact for term in DISCLOSURE.rows if term.key == row)[0]


#: Every number of the statutory tables, by key.
KEYS = _keys()

ACROSS = AcrossTable.model_validate(
    yaml.safe_load((files("parser") / "data" / "across.yml").read_text(encoding="utf-8"))
)
