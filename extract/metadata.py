"""The metadata block, read by label from paragraphs and grids (portals.md §5).

It is given the blocks of the whole page (or text) with tag boundaries marked, so one reader serves tables in
any pairing, lists, paragraphs and inline runs. All candidates are kept, those of the fullest group first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from extract.blocks import as_plain
from extract.data_tables import Label
from extract.dates import parse_days
from extract.metadata_grids import grid_hits
from extract.metadata_labels import (
    COLON,
    DATE_FIELDS,
    EDGES,
    FREE_TEXT,
    LEADING_DAY,
    MAX_VALUE,
    Hit,
    Markup,
    NoMarkup,
    clean,
    is_placeholder,
    named,
    squeeze,
    without_ignored,
    without_tool,
)
from extract.metadata_lines import SHORT_LINE, Lines, begins_with_label, line_hits, split_line
from extract.normal import Normaliser
from parser.document import Block, Finding, Grid, MetaValue, Paragraph

__all__ = ["DATE_FIELDS", "Metadata", "clean", "is_placeholder", "read_metadata", "split_line"]

MAX_BODY_PLACE = 15  # metadata inside the body stands within its first blocks
MAX_META_BLOCKS = 60  # … or goes on from there, a label and a value a line
HEAD = 5  # of these, the first may be a line with weak labels alone
NEAR = 3  # blocks between lines of one group
MAX_COLUMN = 40  # blocks from a label to its value, in columns of labels and values
LISTING = 4  # a label that stands so often in lines belongs to a list of documents


@dataclass
class Metadata:
    """What was read, and which blocks are nothing but metadata."""

    values: list[MetaValue] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    blocks: set[tuple[str, str]] = field(default_factory=set)  # of block_key

    def holds(self, block: Block) -> bool:
        """Whether the block is nothing but metadata, and so no part of the document's text."""
        return block_key(block) in self.blocks


def block_key(block: Block) -> tuple[str, str]:
    """Lines parted by <br> share their locator, so a paragraph's words belong to its key."""
    return block.locator, squeeze(block.text) if isinstance(block, Paragraph) else ""


def read_metadata(
    printed: Sequence[Block],
    body_places: Sequence[str] = (),
    normaliser: Normaliser | None = None,
    markup: Markup | None = None,
) -> Metadata:
    """Read all labelled values. `body_places` are the locators of the body's blocks, in order.

    `markup` knows of the fields of forms, of empty elements and of links; of a text there is none.

    A page in traditional characters or with glosses is read by its normal form, values included.
    """
    changed = normaliser is not None and normaliser.changes_words
    blocks = as_plain(printed, normaliser) if changed and normaliser is not None else printed
    early = _early(blocks, body_places)
    late = set(body_places[MAX_BODY_PLACE:]) - early
    result = Metadata()
    lines = Lines(blocks, frozenset(body_places), markup or NoMarkup())
    hits: list[Hit] = []
    for at, block in enumerate(blocks):
        if block.locator in late:
            continue
        if isinstance(block, Grid):
            hits += grid_hits(block, at, result.findings)
        else:
            hits += line_hits(lines, at, block, result.findings)
    result.blocks |= {
        block_key(printed[at]) for at, b in enumerate(blocks) if b.locator in early and _is_tools(b)
    }
    hits = [hit for hit in hits if not _asks(hit, blocks[hit.at], lines.markup)]
    groups = _groups(hits)
    listed = Counter(hit.label.text for hit in hits if not hit.from_grid)
    kept = [g for g in groups if _is_believed(g, blocks, early, set(body_places[:HEAD]))]
    kept.sort(key=_rank)
    for number, group in enumerate(kept):
        poor = number > 0 or len({hit.label.field for hit in group}) < 3
        taken: set[str] = set()
        for hit in group:
            of_list = listed[hit.label.text] >= LISTING and (poor or hit.label.text in taken)
            if hit.label.field is None or of_list:
                continue
            taken.add(hit.label.text)
            value = _value(hit)
            if value is not None and value not in result.values:
                result.values.append(value)
            if _is_lone_label(blocks[hit.at]) and hit.raw:
                behind = range(hit.at + 1, min(hit.at + MAX_COLUMN, len(blocks)))
                place = next((at for at in behind if blocks[at].locator == hit.locator), hit.at + 1)
                result.blocks.add(block_key(printed[place]))
        result.blocks |= {block_key(printed[hit.at]) for hit in group if _is_all_meta(blocks[hit.at])}
    return result


def _early(blocks: Sequence[Block], body_places: Sequence[str]) -> set[str]:
    """Locators of the body's first blocks, and of those after them with which lines of metadata go on."""
    early = set(body_places[:MAX_BODY_PLACE])
    if len(body_places) <= MAX_BODY_PLACE:
        return early
    places = frozenset(body_places)
    own = list(islice((b for b in blocks if b.locator in places), MAX_META_BLOCKS))
    for before, block in pairwise(own[MAX_BODY_PLACE - 1 :]):
        if not isinstance(block, Paragraph) or len(block.text) > SHORT_LINE:
            break
        if not (_is_lone_label(before) or _is_lone_label(block) or split_line(block.text)):
            break
        early.add(block.locator)
    return early


def _asks(hit: Hit, block: Block, markup: Markup) -> bool:
    """Whether a label stands before a field of a search form."""
    return clean(hit.raw) in {"", "至", "到", "从", "-", "—", "~"} and markup.asks(block.locator)


def _rank(group: list[Hit]) -> tuple[bool, int, int]:
    fields = {hit.label.field for hit in group if hit.label.strong and hit.raw.strip(EDGES)}
    return "index_number" not in fields, -len(fields), group[0].at


def _value(hit: Hit) -> MetaValue | None:
    name = hit.label.field
    assert name is not None
    text = without_tool(_once(hit.label, clean(hit.raw)))
    if len(text) > MAX_VALUE and name not in FREE_TEXT:
        return None
    if name in DATE_FIELDS and (day := LEADING_DAY.match(text)):
        text = day.group().strip()  # 2026-01-20 【下载】
    value = None if is_placeholder(name, text) else text
    return MetaValue(name, value, text, "metadata_row", hit.locator)


def _once(label: Label, text: str) -> str:
    """A value without its label printed again before it: a person typed it into the field."""
    again = text.startswith(label.text) and COLON.match(text, len(label.text))
    return clean(text[again.end() :]) if again else text


# --- groups


def _groups(hits: list[Hit]) -> list[list[Hit]]:
    """Hits of one grid, and lines near each other, belong together."""
    groups: list[list[Hit]] = []
    for hit in hits:
        last = groups[-1][-1] if groups else None
        together = last is not None and (
            (hit.from_grid and last.from_grid and hit.at == last.at)
            or (not hit.from_grid and not last.from_grid and hit.at - last.at <= NEAR)
        )
        if together:
            groups[-1].append(hit)
        else:
            groups.append([hit])
    return groups


def _is_believed(group: list[Hit], blocks: Sequence[Block], early: set[str], head: set[str]) -> bool:
    told = [hit for hit in group if hit.raw.strip(EDGES)]
    if any(hit.label.strong and _is_sound(hit) for hit in told):
        return True
    named = [hit for hit in told if hit.label.field in {"published", "source"}]
    places = {blocks[hit.at].locator for hit in named}
    if not named or not all(_is_sound(hit) for hit in named):
        return False
    if places.isdisjoint(early):
        return True
    # At the head of the body a short line that begins with the label: `时间：2016-01-27 08:00`.
    return places <= head and all(_is_short_line(blocks[hit.at]) for hit in named)


def _is_short_line(block: Block) -> bool:
    return isinstance(block, Paragraph) and len(block.text) <= SHORT_LINE and _is_all_meta(block)


def _is_sound(hit: Hit) -> bool:
    """A date that is one, a value of a value's length."""
    text = clean(hit.raw)
    if hit.label.field in DATE_FIELDS:
        return is_placeholder("published", text) or parse_days(text) is not None
    return len(text) <= MAX_VALUE


def _is_tools(block: Block) -> bool:
    """A line of page tools alone: `[字体: 大 中 小] 打印`."""
    if not isinstance(block, Paragraph) or len(block.text) > SHORT_LINE:
        return False
    rest = without_ignored(block.text)
    return rest != block.text and len(re.sub(r"[\W_]|[大中小]", "", rest)) <= 1


def _is_lone_label(block: Block) -> bool:
    return isinstance(block, Paragraph) and named(block.text) is not None


def _is_all_meta(block: Block) -> bool:
    """Whether the block is nothing but metadata, so that it is no part of the document's text."""
    return isinstance(block, Grid) or begins_with_label(block.text)
