"""Looks at a list that a browser shows: the page as it stood after each press of its pager."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """A list as it stood after a press. `url` is the page's own, which a script may have changed."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a look shows what no earlier one did, and whether to press once more."""

    is_new: bool
    goes_on: bool


Judge = Callable[[str, str], Judgement]  # address and markup of a look
