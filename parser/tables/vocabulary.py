"""Which label of which table a cell's text is. Answers are cached: the same labels come in every report."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from parser.labels import APPLICATIONS, DISCLOSURE, REVIEW, Term, keys_of
from parser.text import bare, bare_label

if TYPE_CHECKING:
    from parser.tables.rows import Row

MAX_LABEL = 60  # bare characters: longer texts are no labels
MAX_SHORT = 16


class Head(StrEnum):
    """What kind of head a row is."""

    APPLICATIONS = "applications"
    DISCLOSURE = "disclosure"
    REVIEW = "review"
    NONE = "none"


def _keys(terms: Sequence[Term], text: str, limit: int) -> tuple[str, ...]:
    if len(bare(text)) > limit:
        return ()
    exact = tuple(term.key for term in terms if bare_label(text) == bare_label(term.label) and term.label)
    return exact or tuple(term.key for term in terms if term.matches(text))


@lru_cache(maxsize=8192)
def application_rows(text: str) -> tuple[str, ...]:
    """The rows of table 三 that the label may be: none, one, or several where labels were run together."""
    return _keys(APPLICATIONS.rows, text, MAX_LABEL)


@lru_cache(maxsize=8192)
def application_group(text: str) -> str | None:
    """The group of table 三 whose cell this is."""
    found = _keys(APPLICATIONS.groups, text, MAX_SHORT)
    return found[0] if found else None


@lru_cache(maxsize=8192)
def application_column(text: str) -> str | None:
    """The column of table 三 whose head this is; `organisations` for the cell over five of them."""
    if bare(text) in APPLICATIONS.organisations:
        return "organisations"
    found = _keys(APPLICATIONS.columns, text, MAX_SHORT)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8192)
def is_application_head(text: str) -> bool:
    """Words of table 三's head that name no column."""
    return any(word in bare(text) for word in APPLICATIONS.head)


@lru_cache(maxsize=8192)
def disclosure_rows(text: str) -> tuple[str, ...]:
    """The rows of table 二 that the label may be."""
    return _keys(DISCLOSURE.rows, text, MAX_SHORT + 4)


@lru_cache(maxsize=8192)
def disclosure_column(text: str) -> str | None:
    """The column of table 二 whose head this is."""
    found = _keys(DISCLOSURE.columns, text, MAX_SHORT + 8)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8192)
def is_item(text: str) -> bool:
    """`第二十条第(一)项`."""
    return bare(text).startswith(DISCLOSURE.item_heading) and len(bare(text)) <= MAX_SHORT


@lru_cache(maxsize=8192)
def review_word(text: str) -> str | None:
    """`group:…`, `litigation`, `outcome:…` or `fragment` for the words of table 四's head."""
    label = bare(text)
    if len(label) > MAX_SHORT:
        return None
    if label in REVIEW.litigation:
        return "litigation"
    for prefix, terms in (("group", REVIEW.groups), ("outcome", REVIEW.outcomes)):
        found = _keys(terms, text, MAX_SHORT)
        if found:
            return f"{prefix}:{found[0]}"
    return "fragment" if label in REVIEW.fragments else None


def head_of(row: Row) -> Head:
    """Which table's head the row is, if it is one. Rows with numbers never are."""
    if row.head is None:  # the readers of all three tables ask
        row.head = _head_of(row)
    return row.head


def _head_of(row: Row) -> Head:
    if row.numbers or not row.words:
        return Head.NONE
    words = [row.tokens[at].text for at in row.words]
    review = [review_word(text) for text in words]
    own = sum(word is not None and word not in ("outcome:total", "fragment") for word in review)
    if own and all(word is not None for word in review) and (own > 1 or review[0] != "outcome:other"):
        return Head.REVIEW
    if all(review) and any(
        word == "fragment" and not application_column(text) for word, text in zip(review, words, strict=True)
    ):
        return (
            Head.REVIEW
        )  # 结果 | 其他 | 尚未 | 总计: halves of table 四's head, of which two name columns of table 三
    columns = [application_column(text) for text in words]
    if sum(column is not None for column in columns) >= 2 or any(is_application_head(text) for text in words):
        return Head.APPLICATIONS
    if any(bare(text) in DISCLOSURE.head for text in words) or any(disclosure_column(text) for text in words):
        return Head.DISCLOSURE
    return Head.NONE


def is_fragment_row(row: Row) -> bool:
    """A head row of which only halves of words are left (维持 | 纠正 | 结果 | 审结)."""
    return bool(row.words) and not row.numbers and all(review_word(row.tokens[at].text) for at in row.words)


APPLICATION_COLUMNS = keys_of(APPLICATIONS.columns)
