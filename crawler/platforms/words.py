"""What list pages say in words (data/lists.yml), loaded once and checked."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Labels(_Strict):
    """Labels beside a row's link; the group `value` is what stands behind them."""

    index_number: re.Pattern[str]
    publisher: re.Pattern[str]


class Heads(_Strict):
    """What the columns of a list table are called."""

    index_number: re.Pattern[str]
    publisher: re.Pattern[str]
    date: re.Pattern[str]


class ListWords(_Strict):
    """data/lists.yml."""

    labels: Labels
    heads: Heads
    site_link: re.Pattern[str]
    other_column: re.Pattern[str]
    next_page: re.Pattern[str]
    title_label: re.Pattern[str]
    title_end: re.Pattern[str]
    nothing_here: re.Pattern[str]
    dead_page: re.Pattern[str]
    stated_total: re.Pattern[str]
    stated_pages: re.Pattern[str]


WORDS = ListWords.model_validate(
    yaml.safe_load((Path(__file__).parent.parent / "data" / "lists.yml").read_text(encoding="utf-8"))
)
