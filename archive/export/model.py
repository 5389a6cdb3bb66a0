"""A table to export: named, typed columns and rows of plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Row = dict[str, Any]
KEY = "county_code publisher_code publisher:text report_year:integer "  # what tables begin with


class Kind(StrEnum):
    """What a column holds. CODE is text that is kept as it is; TEXT is masked (archive.export.masking)."""

    CODE = "code"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"  # datetime.date
    MOMENT = "moment"  # ISO 8601 text, UTC


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in a fixed order; a value that a row lacks is null."""

    name: str
    columns: Mapping[str, Kind]
    rows: Sequence[Row]


def columns(text: str) -> dict[str, Kind]:
    """`publisher report_year:integer …` → columns; a name without a kind is a code."""
    pairs = (part.partition(":") for part in text.split())
    return {name: Kind(kind or "code") for name, _, kind in pairs}
