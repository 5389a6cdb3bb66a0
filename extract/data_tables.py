"""The data tables of this room, loaded once and checked: labels, body containers."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FOLDER = Path(__file__).parent / "data"


def load_yaml(name: str) -> object:
    """A table of extract/data as plain data."""
    return yaml.safe_load((_FOLDER / name).read_text("utf-8"))


class Labels(BaseModel):
    """labels.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    strong: dict[str, tuple[str, ...]]
    weak: dict[str, tuple[str, ...]]
    ignored: tuple[str, ...]
    placeholders: tuple[str, ...]
    meta_tags: dict[str, str]
    day_marks: frozenset[str]
    json_keys: dict[str, str]


class BodySelector(BaseModel):
    """One row of bodies.yml: a class or an id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    class_: str | None = Field(None, alias="class")
    id: str | None = None
    of: str


class Bodies(BaseModel):
    """bodies.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    strong: tuple[BodySelector, ...]
    weak: tuple[BodySelector, ...]
    frame_lines: tuple[str, ...]
    frame_pictures: tuple[str, ...]
    picture_files: tuple[str, ...]


class Charsets(BaseModel):
    """charsets.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    common: str
    signs: tuple[str, ...]


class Organs(BaseModel):
    """organs.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    endings: tuple[str, ...]
    divisions: dict[str, str]
    zones: tuple[str, ...]
    self_names: dict[str, tuple[str, ...]]
    whole_area: tuple[str, ...]
    not_before: tuple[str, ...]
    telling: str
    self_kinds: dict[str, tuple[str, ...]]


@cache
def organs() -> Organs:
    """How public bodies are named."""
    return Organs.model_validate(load_yaml("organs.yml"))


@cache
def labels() -> Labels:
    """The label table."""
    return Labels.model_validate(load_yaml("labels.yml"))


@cache
def bodies() -> Bodies:
    """The body containers."""
    return Bodies.model_validate(load_yaml("bodies.yml"))


@cache
def charsets() -> Charsets:
    """What tells charsets apart."""
    return Charsets.model_validate(load_yaml("charsets.yml"))


class Label(BaseModel):
    """What a printed label means. `field` is None for a label that is ignored by name."""

    model_config = ConfigDict(frozen=True)

    text: str
    field: str | None
    strong: bool


@cache
def label_index() -> dict[str, Label]:
    """Every spelling → its label."""
    table = labels()
    index: dict[str, Label] = {}
    for strength, rows in ((True, table.strong), (False, table.weak)):
        for field, spellings in rows.items():
            for text in spellings:
                index[text] = Label(text=text, field=field, strong=strength)
    for text in table.ignored:
        index[text] = Label(text=text, field=None, strong=False)
    return index


BLANK = "[\\s\u00a0\u200b-\u200f\u2060\ufeff\u001f]"


@cache
def label_pattern() -> re.Pattern[str]:
    """Any label with blanks or tag boundaries (\\x1f) between its characters; the longest that fits.

    Labels that begin alike share their beginning in the pattern, so that a character is looked at once and
    not once for each of some three hundred labels.
    """
    return re.compile(_spelt(sorted(label_index())))


def _spelt(spellings: list[str]) -> str:
    """The pattern of one of several texts, the longer before the shorter of which it is the beginning."""
    if len(spellings) == 1:
        return f"{BLANK}*".join(map(re.escape, spellings[0]))
    rest = [text for text in spellings if text]
    branches = [
        re.escape(first) + _behind([text[1:] for text in group])
        for first, group in ((first, list(group)) for first, group in groupby(rest, itemgetter(0)))
    ]
    return "|".join(branches)


def _behind(rests: list[str]) -> str:
    """The pattern of what may follow a character that several texts share; nothing, where one ends there."""
    told = [rest for rest in rests if rest]
    if not told:
        return ""
    return f"(?:{BLANK}*(?:{_spelt(told)})){'?' if len(told) < len(rests) else ''}"
