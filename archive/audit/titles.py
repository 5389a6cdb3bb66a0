"""What titles of list rows and printed publishers tell, by words kept as data (data/titles.yml)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class TitleWords(BaseModel):
    """data/titles.yml"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report_words: tuple[str, ...]
    disclosure_words: tuple[str, ...]
    harmless_skips: tuple[str, ...]
    unknown_skip: str
    name_ends: tuple[str, ...]
    body_endings: tuple[str, ...]
    self_words: tuple[str, ...]


@cache
def title_words() -> TitleWords:
    """The table, read once."""
    path = Path(__file__).parent / "data" / "titles.yml"
    return TitleWords.model_validate(yaml.safe_load(path.read_text("utf-8")))


def names_a_body(name: str | None) -> bool:
    """Whether a printed publisher is a body of its own, rather than a poster, a self-reference or nothing."""
    words = title_words()
    if name is None or name.startswith(words.self_words):
        return False
    return name.endswith(words.body_endings)


def body_in(title: str) -> str | None:
    """The body that a title names, by cutting off the year and what follows the name."""
    rest = re.sub(r"(?<!\d)20\d\d年?(?:度)?", "", title)
    name = re.split("|".join(title_words().name_ends), rest, maxsplit=1)[0].strip()
    return name or None
