"""What records call their members, and endpoints their parameters (data/fields.yml), loaded once, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Members(_Strict):
    """Names of a record's members, the most trusted first."""

    title: tuple[str, ...]
    url: tuple[str, ...]
    date: tuple[str, ...]
    index_number: tuple[str, ...]
    publisher: tuple[str, ...]
    total: tuple[str, ...]
    pages: tuple[str, ...]


class Parameters(_Strict):
    """Names of an endpoint's parameters by what they say."""

    page: frozenset[str]
    start: frozenset[str]
    end: frozenset[str]
    size: frozenset[str]


class Asked(_Strict):
    """Members of the object with which a script asks."""

    url: tuple[str, ...]
    data: tuple[str, ...]
    method: tuple[str, ...]
    kind: tuple[str, ...]


class Fields(_Strict):
    """data/fields.yml."""

    members: Members
    parameters: Parameters
    not_a_list: re.Pattern[str]
    library: re.Pattern[str]
    asks: re.Pattern[str]
    asked: Asked


FIELDS = Fields.model_validate(
    yaml.safe_load((Path(__file__).parent.parent / "data" / "fields.yml").read_text(encoding="utf-8"))
)


def plain(name: object) -> str:
    """A member's name without case and without what is neither letter nor digit."""
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", str(name).lower())


def member(record: Mapping[str, object], names: Sequence[str]) -> object | None:
    """The value of the first of these members that the record has and that holds something."""
    given = {plain(key): value for key, value in record.items()}
    return next((given[name] for name in names if given.get(name) not in (None, "", [], {})), None)


def means(name: str) -> str | None:
    """What a parameter's name says: "page", "start", "end", "size"; None for any other."""
    word = plain(name)
    groups = FIELDS.parameters
    kinds = (("page", groups.page), ("start", groups.start), ("end", groups.end), ("size", groups.size))
    return next((kind for kind, words in kinds if word in words), None)
