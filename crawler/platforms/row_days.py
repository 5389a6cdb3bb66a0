"""The day that a list row prints: marked as a time, or in a short text of its own, never out of an excerpt.

Lists that show the beginning of each article show days that are none of the row's: 统计期限自2024年1月1日起.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from lxml.html import HtmlElement

from archive.clock import SHANGHAI
from crawler.titles import printed_day

EXCERPT = 30  # characters: a longer text with sentence marks is one
SENTENCE = re.compile(r"[，。；！？]")
CHANGED = re.compile(r"update|modif", re.IGNORECASE)  # the day of a change, not of publication


def day_in(element: HtmlElement, without: HtmlElement | None = None) -> str | None:
    """The day in an element as printed, or in ISO form where only its mark tells it.

    `without`: an element inside whose own text is left out (a title names days too); a mark in it counts.
    """
    if day := _marked_day(element):
        return day
    return printed_day(" ".join(text for text in _texts(element, without) if not is_excerpt(text)))


def is_excerpt(text: str) -> bool:
    """Whether a text is a sentence of an article and not something said of it."""
    return len(text.strip()) > EXCERPT and SENTENCE.search(text) is not None


def _marked_day(element: HtmlElement) -> str | None:
    for mark in element.iter("time", "abbr"):
        if CHANGED.search(mark.get("class") or ""):
            continue
        told = mark.get("datetime") or mark.get("title") or ""
        if day := printed_day("".join(mark.itertext())) or _day_of(told.strip()):
            return day
    return None


def _day_of(told: str) -> str | None:
    """2025-03-24T09:00:00+08:00 → the day in China, where every publisher sits."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return printed_day(told)
    if moment.tzinfo is not None:
        moment = moment.astimezone(SHANGHAI)
    return moment.date().isoformat()


def _texts(element: HtmlElement, without: HtmlElement | None) -> Iterator[str]:
    """The texts of an element one by one; scripts, styles and what lies inside `without` are left out."""
    if element is without or not isinstance(element.tag, str) or element.tag in {"script", "style"}:
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child, without)
        yield child.tail or ""
