"""Words, marks and routes of any portal (data/columns.yml, marks.yml, routes.yml), loaded once, checked."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_DATA = Path(__file__).parent.parent / "data"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnWords(_Strict):
    """data/columns.yml."""

    column_name: re.Pattern[str]
    column_type: re.Pattern[str]
    column_slug: re.Pattern[str]
    not_a_column: re.Pattern[str]
    hub_name: re.Pattern[str]
    hub_slug: re.Pattern[str]
    body_name: re.Pattern[str]
    year_name: re.Pattern[str]
    elsewhere: re.Pattern[str]
    calendar: re.Pattern[str]
    session_path: re.Pattern[str]
    session_query: re.Pattern[str]
    report_heading: re.Pattern[str]


class Mark(_Strict):
    """What the markup shows of a platform. `weight` 3 names it alone, 1 only together with others."""

    platform: str
    weight: int = Field(ge=1, le=3)
    pattern: re.Pattern[str]
    reason: str


class Route(_Strict):
    """An address of a family's yearly route: the column's own part of it, and the organ's key."""

    platform: str
    pattern: re.Pattern[str]
    harvest: bool


def _read(name: str) -> object:
    return yaml.safe_load((_DATA / name).read_text(encoding="utf-8"))


COLUMN_WORDS = ColumnWords.model_validate(_read("columns.yml"))
MARKS = TypeAdapter(tuple[Mark, ...]).validate_python(_read("marks.yml"))
ROUTES = TypeAdapter(tuple[Route, ...]).validate_python(_read("routes.yml"))


def marks_in(text: str) -> list[Mark]:
    """The marks that a page's text shows."""
    return [mark for mark in MARKS if mark.pattern.search(text)]


def without_session(url: str) -> str:
    """The address without what a server adds to know its reader again."""
    parts = urlsplit(COLUMN_WORDS.session_path.sub("", url))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not COLUMN_WORDS.session_query.search("=".join(pair))]
    if len(kept) == len(pairs):
        return urlunsplit(parts)
    return urlunsplit(parts._replace(query=urlencode(kept)))
