"""Results kept for short texts: menus, labels and numbers say the same on page after page of a site."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

MAX_LENGTH = 120  # characters; longer texts do not come again
KEPT = 8192

_Result = TypeVar("_Result")


def remembered(work: Callable[[str], _Result]) -> Callable[[str], _Result]:
    """For a pure function of a text whose result is never changed."""
    known = lru_cache(maxsize=KEPT)(work)

    @wraps(work)
    def told(text: str) -> _Result:
        return known(text) if len(text) <= MAX_LENGTH else work(text)

    return told
