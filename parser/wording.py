"""Expressions together with the words that each match holds: a text without them need not be searched.

A report is asked for some forty wordings and has a few of them. To look for a word costs a hundredth of what
an expression costs that may begin with any figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

MAX_VARIANTS = 24  # of one run of words: more are not worth looking for one by one
MIN_WORD = 2  # characters: one alone stands in every text
_SPECIAL = frozenset("\\[](){}.^$|?*+")
_ZERO_WIDTH = ("?=", "?!", "?<=", "?<!")
_NAME = re.compile(r"\?P<\w+>|\?:")
_QUANTIFIER = re.compile(r"[?*+]\??|\{\d*,?\d*\}\??")


class Wording:
    """A compiled expression that first looks for the words of `needed_words`."""

    __slots__ = ("_needed", "_pattern")

    def __init__(self, expression: str) -> None:
        self._pattern = re.compile(expression)
        self._needed = needed_words(expression)

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """As that of the expression."""
        return self._pattern.finditer(text) if self._may_match(text) else ()

    def search(self, text: str) -> re.Match[str] | None:
        """As that of the expression."""
        return self._pattern.search(text) if self._may_match(text) else None

    def _may_match(self, text: str) -> bool:
        for words in self._needed:
            for word in words:
                if word in text:
                    break
            else:
                return False
        return True


def needed_words(expression: str) -> tuple[tuple[str, ...], ...]:
    """Of each set of words one stands in every match: `(?:办结|答复)率{n}` needs 办结率 or 答复率.

    Only what stands outside of optional parts is told; an expression that is not understood needs nothing.
    """
    found: list[tuple[str, ...]] = []
    run = [""]

    def end() -> None:
        if min(map(len, run)) >= MIN_WORD:
            found.append(tuple(run))
        run[:] = [""]

    at = 0
    while at < len(expression):
        until = _item_end(expression, at)
        item = expression[at:until]
        quantifier = _QUANTIFIER.match(expression, until)
        if item == "|" or item.startswith(("(?i", "(?x")):
            return ()
        variants = None if quantifier else _variants(item)
        if variants is None or len(run) * len(variants) > MAX_VARIANTS:
            end()
        if variants is not None:
            run[:] = ["".join(pair) for pair in product(run, variants)]
        at = quantifier.end() if quantifier else until
    end()
    return tuple(found)


def _item_end(expression: str, at: int) -> int:
    """Where the character, class or group that begins at `at` ends."""
    char = expression[at]
    if char == "\\":
        return at + 2
    if char == "[":
        return expression.index("]", at + 2) + 1
    if char != "(":
        return at + 1
    at += 1
    while expression[at] != ")":
        at = _item_end(expression, at)
    return at + 1


def _variants(item: str) -> list[str] | None:
    """The words that an item stands for, where it stands for words alone; `[""]` where it has no width."""
    if not item.startswith("("):
        return None if item[0] in _SPECIAL else [item]
    inner = item[1:-1]
    if inner.startswith(_ZERO_WIDTH):
        return [""]
    words = _NAME.sub("", inner, count=1).split("|")
    return None if any(_SPECIAL & set(word) for word in words) else words
