"""The data tables of this room, loaded once and checked: labels, body containers."""

from __future__ import annotations

import re
from functools import cache
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
    """Any label with blanks or tag boundaries (\\x1f) between its characters; longest first."""
    spellings = sorted(label_index(), key=len, reverse=True)
    return re.compile("|".join(f"{BLANK}*".join(map(re.escape, text)) for text in spellings))
