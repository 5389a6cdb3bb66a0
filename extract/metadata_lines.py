"""Labelled values in lines: `label：value`, a label alone over its value, a label in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.blocks import block_text
from extract.data_tables import BLANK, Label, label_pattern, organs
from extract.index_number import parse_index_number
from extract.metadata_labels import (
    BRACKETS,
    COLON,
    COLONS,
    DATE_FIELDS,
    EDGES,
    FREE_TEXT,
    LEADING_DAY,
    MAX_VALUE,
    Hit,
    Markup,
    clean,
    label_of,
    named,
    unknown_label,
)
from parser.document import Block, Finding, Grid, Paragraph

_BOUNDARY = re.compile("[\\s\u00a0\x1f]*\x1f")
_BEFORE = frozenset(" \t\n\u00a0\u3000\x1f|｜;；,，。】]）)（([【·•*＊※◆●■>》/」〗")
_NUMBERED = re.compile(r"^\s*\d{1,2}\s*[.．、)）]\s*$")
_MARKED_COLON = re.compile(
    rf"{BLANK}*\x1f{BLANK}*[?？*＊]{BLANK}*[{COLONS}]"
)  # a tip's sign before the colon
_UNKNOWN = re.compile("(?:^|[\\s\u00a0\u3000\x1f])((?:[\u4e00-\u9fff][ \u00a0\u3000]*){2,8})[：:]")
# `索引号——014…`, `索引号=014…`, `索引号｜014…`
_PARTED = re.compile(rf"{BLANK}*(?:[—–―─]+|-{{2,}}|[=＝|｜→])")
_SAYS = re.compile(rf"{BLANK}*(?:[\w〔（(《【]|$)")  # no `— —`
_NUMBERED_DOCUMENT = re.compile(r"[〔\[［(（]\d{4}[〕\]］)）]\s*第?\s*\d+\s*号")
_TRAILING_BLANKS = re.compile(f"{BLANK}+$")

MAX_LINE = 400
SHORT_LINE = 80
MAX_LABELS = 15  # of a column of labels


@dataclass(frozen=True)
class Lines:
    """The blocks of a page or text; `body` are the locators of the document's own."""

    blocks: Sequence[Block]
    body: frozenset[str]
    markup: Markup


def line_hits(lines: Lines, at: int, block: Paragraph, findings: list[Finding]) -> list[Hit]:
    """The labelled values of one paragraph."""
    text = block.text
    if len(text) > MAX_LINE:
        return []
    alone = named(text)
    if alone is not None:
        paired = lines.markup.paired(block.locator)
        if paired is not None:
            return [Hit(alone, paired.text, paired.locator, at, from_grid=False)]
        following = _value_beside(lines.blocks, at, lines.body) or _value_below(lines, at)
        if following is not None and _is_menu(lines.markup, block, following):
            return []
        if following is None:
            return [Hit(alone, "", block.locator, at, from_grid=False)]
        return [Hit(alone, following.text, following.locator, at, from_grid=False)]
    hits: list[Hit] = []
    for label, raw in split_line(text):
        value = raw
        unknown = _UNKNOWN.search(raw, 1) if label.field not in FREE_TEXT and raw.strip(EDGES) else None
        if unknown and raw[: unknown.start()].strip(EDGES):
            value = raw[: unknown.start()]
            if label.strong:
                findings.append(unknown_label(unknown.group(1), block.locator))
        hits.append(Hit(label, value, block.locator, at, from_grid=False))
    return hits


def split_line(text: str) -> list[tuple[Label, str]]:
    """Every `label：value` of a line. A label without a colon counts at a tag boundary or in brackets."""
    found: list[tuple[Label, int, int]] = []
    at = 0
    while (match := label_pattern().search(text, at)) is not None:
        place = _place(text, match, bool(found))
        if place is None:
            at = match.start() + 1  # a shorter label may begin inside: 某镇政府 信息索引号
        else:
            found.append((label_of(match.group()), *place))
            at = place[1]
    if not found:
        found = _without_colons(text)
    ends = [*(start for _, start, _ in found[1:]), len(text)]
    return [(label, text[start:end]) for (label, _, start), end in zip(found, ends, strict=False)]


def _place(text: str, match: re.Match[str], follows: bool) -> tuple[int, int] | None:
    """Where a label begins and where its value does; None where the match is part of other words."""
    label = label_of(match.group())
    before = text[: match.start()]
    bracketed = _in_brackets(text, before, match)
    if bracketed is not None:
        return bracketed
    colon = COLON.match(text, match.end())
    if before and before[-1] not in _BEFORE and not _NUMBERED.match(before):
        # Text extractors glue runs together: 来源：某局发布日期：2023-10-08
        glued = follows and label.strong and len(match.group()) == len(label.text) >= 4
        return (match.start(), colon.end()) if glued and colon is not None else None
    if colon is not None:
        return match.start(), colon.end()
    marked = _MARKED_COLON.match(text, match.end())
    inline = marked or _BOUNDARY.match(text, match.end())
    if inline is None and follows and match.end() == len(text) and before.endswith("\x1f"):
        return match.start(), match.end()  # the last label of a line, left blank
    alone = not before.strip(EDGES) or before.endswith("\x1f")
    parted = _PARTED.match(text, match.end())
    if inline is not None and alone:
        sign = parted if parted is not None and _SAYS.match(text, parted.end()) else inline
        return match.start(), sign.end()
    sure = label.strong or follows or alone
    return (match.start(), parted.end()) if parted is not None and sure else None


def _in_brackets(text: str, before: str, match: re.Match[str]) -> tuple[int, int] | None:
    """`【索引号】014…`: the bracket that closes behind the label stands for a colon."""
    head = _TRAILING_BLANKS.sub("", before)
    closing = BRACKETS.get(head[-1:])
    if closing is None:
        return None
    end = re.compile(rf"{BLANK}*{re.escape(closing)}").match(text, match.end())
    if end is None:
        return None
    colon = COLON.match(text, end.end())
    return len(head) - 1, (colon or end).end()


def _without_colons(text: str) -> list[tuple[Label, int, int]]:
    """`索引号 014… 发布机构 某局`: strong labels parted by blanks alone, the first at the start of the line.

    One label alone is believed where its value is plainly of its kind.
    """
    found: list[tuple[Label, int, int]] = []
    for match in label_pattern().finditer(text):
        label = label_of(match.group())
        before, after = text[: match.start()], text[match.end() :]
        if label.strong and (not before.strip() or before[-1].isspace()) and after[:1].isspace():
            found.append((label, match.start(), match.end()))
    if not found or text[: found[0][1]].strip() or (len(found) == 1 and len(text) > SHORT_LINE):
        return []
    label, _, end = found[0]
    return found if len(found) > 1 or is_of_kind(label, clean(text[end:])) else []


def glued(text: str) -> list[tuple[Label, str]]:
    """`<td><b>索引号</b>014…</td>`: a cell whose label only a tag parts from its value."""
    match = label_pattern().match(text.strip())
    if match is None:
        return []
    label, value = label_of(match.group()), text.strip()[match.end() :]
    return [(label, value)] if label.strong and is_of_kind(label, clean(value)) else []


def is_of_kind(label: Label, value: str) -> bool:
    """Whether a value is plainly what the label promises: a day, a number, a body's name."""
    if label.field in DATE_FIELDS:
        return LEADING_DAY.match(value) is not None
    if label.field == "index_number":
        return " " not in value and parse_index_number(value) is not None
    return label.field == "publisher" and value.endswith(organs().endings) and len(value) <= 30


def begins_with_label(text: str) -> bool:
    """Whether a line begins with a label, its bracket or number left out."""
    first = text.lstrip(" \x1f\u00a0\u3000【[［〖「*＊※•·●◆■>》")
    numbered = re.match(r"\d{1,2}\s*[.．、)）]\s*", first)
    return label_pattern().match(first, numbered.end() if numbered else 0) is not None


def _value_beside(blocks: Sequence[Block], at: int, body: frozenset[str]) -> Paragraph | None:
    """The value of a label in a column of labels alone, with a column of as many values behind it."""
    first, last = at, at + 1
    while first > 0 and _in_column(blocks[first - 1], blocks[at], labels=True):
        first -= 1
    while last < len(blocks) and _in_column(blocks[last], blocks[at], labels=True):
        last += 1
    values = blocks[last : last + last - first]
    if not 2 <= last - first <= MAX_LABELS or len(values) < last - first:
        return None
    above, beside = blocks[at].locator.rpartition("/")[0], values[0].locator.rpartition("/")[0]
    apart = above != beside and above.rpartition("/")[0] == beside.rpartition("/")[0]
    behind = blocks[last + last - first] if last + last - first < len(blocks) else None
    longer = behind is not None and behind.locator.rpartition("/")[0] == beside
    told = all(_in_column(value, values[0], labels=False) for value in values)
    if not apart or longer or not told or (values[0].locator in body and blocks[at].locator not in body):
        return None
    value = values[at - first]
    return value if isinstance(value, Paragraph) else None


def _in_column(block: Block, other: Block, *, labels: bool) -> bool:
    """Whether a paragraph stands in one element with the other, and is a label alone or none at all."""
    if not isinstance(block, Paragraph) or len(block.text) > MAX_VALUE:
        return False
    same = block.locator.rpartition("/")[0] == other.locator.rpartition("/")[0]
    return same and (named(block.text) is not None) == labels


def _value_below(lines: Lines, at: int) -> Paragraph | None:
    """The paragraph after a lone label, if it stands beside it in the markup and is no label itself.

    A block of metadata may end with a label left blank (文号, 时效): the body's first line is not its value,
    nor is the title.
    """
    blocks, body = lines.blocks, lines.body
    if at + 1 >= len(blocks):
        return None
    following = blocks[at + 1]
    if isinstance(following, Grid) or len(following.text) > MAX_VALUE:
        return None
    if named(following.text) or split_line(following.text):
        return None
    here, there = blocks[at].locator, following.locator
    if there in body and here not in body:
        return None
    if _ends_a_list(blocks, at):
        return None
    near = here.startswith("line ") or _parents(here) & _parents(there)
    return following if near and not lines.markup.is_vacant(here) else None


def _is_menu(markup: Markup, block: Block, following: Block) -> bool:
    """Whether a label and what follows it are links to columns."""
    return markup.leads(block.locator) and markup.leads(following.locator)


def _ends_a_list(blocks: Sequence[Block], at: int) -> bool:
    """Whether the lines before have their values behind their labels, and the next is no value of its own."""
    here, following = blocks[at], blocks[at + 1]
    label, value = named(block_text(here)), clean(block_text(following))
    if label is None or is_of_kind(label, value) or _NUMBERED_DOCUMENT.search(value):
        return False
    for before in reversed(blocks[max(0, at - MAX_LABELS) : at]):
        alike = before.locator.rpartition("/")[0] == here.locator.rpartition("/")[0]
        if not isinstance(before, Paragraph) or len(before.text) > MAX_LINE or not alike:
            return False
        if named(before.text) is None:
            return any(raw.strip(EDGES) for _, raw in split_line(before.text))
    return False


def _parents(locator: str) -> set[str]:
    parent = locator.rpartition("/")[0]
    return {parent, parent.rpartition("/")[0]}
