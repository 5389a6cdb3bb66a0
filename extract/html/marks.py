"""Small marks in the markup that change what a number is: raised digits, struck-out words, fields of a form.

`12<sup>1</sup>` is 12 with a footnote, `<del>9</del>13` is 13, and a field with a value shows that value.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree
from lxml.etree import _Element as Element

_BLOCKS = """
address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody
td tfoot th thead tr ul
"""
BLOCK_TAGS = frozenset(_BLOCKS.split())

STRUCK_TAGS = frozenset({"del", "s", "strike"})
_STRUCK_STYLE = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FILLED = re.compile(r"\s*[\d.,]{1,12}\s*")
MAX_MARK = 2  # digits of a footnote mark


@lru_cache(maxsize=4096)
def is_struck(style: str) -> bool:
    """Whether a style strikes the words out."""
    return _STRUCK_STYLE.search(style) is not None


@lru_cache(maxsize=4096)
def is_raised(style: str) -> bool:
    """Whether a style prints the element above the line."""
    return _RAISED_STYLE.search(style) is not None


def is_fixed(field: Element) -> bool:
    """Whether a form's field only shows what it holds."""
    return field.get("readonly") is not None or field.get("disabled") is not None


def is_shown(field: Element) -> bool:
    """Whether a form's field holds a number and stands in a table's cell, or only shows what it holds."""
    if (field.get("type") or "text").lower() not in {"text", "number", "date"}:
        return False
    if is_fixed(field):
        return bool((field.get("value") or "").strip())
    told = _FILLED.fullmatch(field.get("value") or "") is not None
    return told and next(field.iterancestors("td", "th"), None) is not None


def raise_mark(element: Element) -> None:
    """Print the digits of a footnote mark as raised ones; a raised number that stands alone is the number."""
    text = _told(element)
    if not text.isdecimal() or len(text) > MAX_MARK or not _text_before(element):
        return
    for inner in element.iter(etree.Element):
        inner.text = inner.text and inner.text.translate(_RAISED)
        if inner is not element:
            inner.tail = inner.tail and inner.tail.translate(_RAISED)


def _told(element: Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


def _text_before(element: Element) -> str:
    """What stands right before an inline element in its line; empty at the line's beginning."""
    at: Element | None = element
    while at is not None and at.tag not in BLOCK_TAGS:
        before = at.getprevious()
        while before is not None and before.tag != "br" and before.tag not in BLOCK_TAGS:
            if text := (before.tail or "").strip() or _told(before):
                return text
            before = before.getprevious()
        if before is not None:
            return (before.tail or "").strip()
        at = at.getparent()
        if at is not None and (text := (at.text or "").strip()):
            return text
    return ""
