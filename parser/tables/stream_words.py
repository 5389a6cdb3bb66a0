"""What a cell's words are in a stream of single cells: a row's label, a group, part of a head, or text."""

from __future__ import annotations

import re
from functools import lru_cache

from parser.labels import APPLICATIONS, DISCLOSURE, HEADINGS, REVIEW
from parser.tables.vocabulary import (
    Head,
    application_column,
    application_group,
    application_rows,
    disclosure_column,
    disclosure_rows,
    is_application_head,
    is_item,
    review_word,
)
from parser.text import bare, bare_label

MAX_WORD = 40  # bare characters of words that nobody knows and that may still be part of a table
_SENTENCE = re.compile("[。；;]")
_NUMERAL = re.compile(r"^\s*第?[一二三四五六七八九十]{1,2}(?:部分)?\s*[、.．\s]")
_ENUMERATOR = re.compile(r"^\s*[(（]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[)）、.．]")
_GROUP_OF = {row.key: row.group for row in APPLICATIONS.rows}

RowName = tuple[str, str]  # table, key of the row
_OFFICIAL: dict[RowName, tuple[str, ...]] = {
    **{("applications", row.key): (bare_label(row.label),) for row in APPLICATIONS.rows},
    **{("disclosure", row.key): (*row.exact, *row.any) for row in DISCLOSURE.rows},
}


@lru_cache(maxsize=4096)
def row_names(text: str) -> tuple[RowName, ...]:
    """The rows of tables 二 and 三 that the label may be."""
    rows = [("applications", key) for key in application_rows(text)]
    return tuple(rows or [("disclosure", key) for key in disclosure_rows(text)])


@lru_cache(maxsize=4096)
def group_name(text: str) -> str | None:
    """The group of table 三 whose cell this is."""
    return application_group(text)


@lru_cache(maxsize=4096)
def is_item_cell(text: str) -> bool:
    """`第二十条第(一)项`."""
    return is_item(text)


def fits_group(name: RowName, group: str | None) -> bool:
    """Whether the row stands in this group of table 三."""
    return name[0] == "applications" and group is not None and _GROUP_OF[name[1]] == group


def is_official(text: str, name: RowName) -> bool:
    """Whether the text is the row's label as the format words it, and nothing more."""
    return bare_label(text) in _OFFICIAL.get(name, ())


@lru_cache(maxsize=4096)
def is_of_head(text: str, head: Head) -> bool:
    """Whether the words may stand in the head of that table."""
    if head is Head.APPLICATIONS:
        return application_column(text) is not None or is_application_head(text)
    if head is Head.DISCLOSURE:
        return bare(text) in DISCLOSURE.head or disclosure_column(text) is not None
    return head is Head.REVIEW and review_word(text) is not None


@lru_cache(maxsize=4096)
def opens_head(text: str) -> Head:
    """The table whose head may begin with these words; 其他, 总计 and halves of words begin none."""
    word = review_word(text)
    if word is not None and word not in ("fragment", "outcome:total"):
        return Head.REVIEW
    if is_application_head(text) or application_column(text) not in (None, "other_org", "total"):
        return Head.APPLICATIONS
    return Head.DISCLOSURE if is_of_head(text, Head.DISCLOSURE) else Head.NONE


@lru_cache(maxsize=4096)
def names_total(text: str) -> bool:
    """Whether a cell of table 三's head is that of its last column."""
    return application_column(text) == "total"


@lru_cache(maxsize=4096)
def is_fragment(text: str) -> bool:
    """Half of a word of table 四's head."""
    return review_word(text) == "fragment"


@lru_cache(maxsize=4096)
def is_outcome(text: str) -> bool:
    """A whole word over a column of table 四."""
    return (review_word(text) or "").startswith("outcome:")


def is_enumerated(text: str) -> bool:
    """Words with an enumerator go on with no label: they are a label that nobody knows."""
    return _ENUMERATOR.match(text) is not None


def stands_before_numbers(text: str) -> bool:
    """数量 and the like: the label of table 四's only row."""
    return bare(text) in REVIEW.row_labels


@lru_cache(maxsize=4096)
def ends_table(text: str) -> bool:
    """Running text or a section's heading: words that are no label and no cell of a table."""
    if len(bare(text)) > MAX_WORD or _SENTENCE.search(text) is not None:
        return True
    if _NUMERAL.match(text) is None:
        return False
    return any(heading.matches(bare_label(text)) for heading in HEADINGS.current)
