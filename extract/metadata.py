"""The metadata block, read by label from paragraphs and grids (portals.md §5).

It is given the blocks of the whole page (or text) with tag boundaries marked, so one reader serves tables in
any pairing, lists, paragraphs and inline runs. All candidates are kept, those of the fullest group first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.blocks import as_plain
from extract.data_tables import BLANK, Label, label_index, label_pattern, labels, organs
from extract.dates import parse_days
from extract.index_number import parse_index_number
from extract.normal import Normaliser
from parser.document import Block, Cell, Finding, Grid, MetaValue, Paragraph, Severity

DATE_FIELDS = frozenset({"published", "written", "generated"})
FREE_TEXT = frozenset({"name", "abstract"})

_COLON = re.compile(rf"{BLANK}*[：:]")
_BOUNDARY = re.compile("[\\s\u00a0\x1f]*\x1f")
_BEFORE = frozenset(" \t\n\u00a0\u3000\x1f|｜;；,，。】]）)(（[【·•*◆■>》/")
_EDGES = " \t\n\u00a0\u3000\x1f：:|｜;；,，"
_DROP = re.compile(f"{BLANK}+")
_UNKNOWN = re.compile("(?:^|[\\s\u00a0\u3000\x1f])((?:[\u4e00-\u9fff][ \u00a0\u3000]*){2,8})[：:]")
_EMPTY_SIGNS = re.compile(r"^[\s—\-–_/\\〔〕\[\]【】()（）号第.。*、]*$")

_LEADING_DAY = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"(?:[ T]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\S*[Z+]))?(?=[^\dTZ+]|$)"
)

MAX_LINE = 400
MAX_VALUE = 200
MAX_BODY_PLACE = 15  # metadata inside the body stands within its first blocks
HEAD = 5  # of these, the first may be a line with weak labels alone
SHORT_LINE = 80
MAX_META_CELLS = 60
MAX_UNKNOWN = 12
NEAR = 3  # blocks between lines of one group
LISTING = 4  # a label that stands so often in lines belongs to a list of documents


@dataclass(frozen=True)
class Hit:
    """A label with its value. `at` is the number of its block."""

    label: Label
    raw: str
    locator: str
    at: int
    from_grid: bool


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


def squeeze(text: str) -> str:
    """A label's or cell's text without blanks, tag marks and colons at its end."""
    return _DROP.sub("", text).strip("：:")


def clean(raw: str) -> str:
    """A value as a reader sees it."""
    text = re.sub(r"\s+", " ", raw.replace("\x1f", "").replace("\u00a0", " ").replace("\u3000", " "))
    text = re.sub("[\u200b-\u200f\u2060\ufeff]", "", text).strip(_EDGES)
    for opening, closing in ("【】", "（）", "()", "[]"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip(_EDGES)
    return text


def is_placeholder(field_name: str, text: str) -> bool:
    """`— —`, `〔〕号`, `无`, nothing, or the prefix of an index number without its serial."""
    if _EMPTY_SIGNS.match(text) or re.sub(r"\s", "", text) in labels().placeholders:
        return True
    if field_name == "index_number":
        number = parse_index_number(text.rstrip("/-\\"))
        return number is not None and number.serial is None and number.prefix_kind in {"org9", "uscc18"}
    return False


def read_metadata(
    printed: Sequence[Block], body_places: Sequence[str] = (), normaliser: Normaliser | None = None
) -> Metadata:
    """Read all labelled values. `body_places` are the locators of the body's blocks, in order.

    A page in traditional characters or with glosses is read by its normal form, values included.
    """
    changed = normaliser is not None and normaliser.changes_words
    blocks = as_plain(printed, normaliser) if changed and normaliser is not None else printed
    early = set(body_places[:MAX_BODY_PLACE])
    late = set(body_places[MAX_BODY_PLACE:]) - early
    result = Metadata()
    hits: list[Hit] = []
    for at, block in enumerate(blocks):
        if block.locator in late:
            continue
        if isinstance(block, Grid):
            hits += _grid_hits(block, at, result.findings)
        else:
            hits += _line_hits(blocks, at, block, result.findings, frozenset(body_places))
    result.blocks |= {
        block_key(printed[at]) for at, b in enumerate(blocks) if b.locator in early and _is_tools(b)
    }
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
                result.blocks.add(block_key(printed[hit.at + 1]))
        result.blocks |= {block_key(printed[hit.at]) for hit in group if _is_all_meta(blocks[hit.at])}
    return result


def _rank(group: list[Hit]) -> tuple[bool, int, int]:
    fields = {hit.label.field for hit in group if hit.label.strong and hit.raw.strip(_EDGES)}
    return "index_number" not in fields, -len(fields), group[0].at


def _value(hit: Hit) -> MetaValue | None:
    name = hit.label.field
    assert name is not None
    text = clean(hit.raw)
    if len(text) > MAX_VALUE and name not in FREE_TEXT:
        return None
    if name in DATE_FIELDS and (day := _LEADING_DAY.match(text)):
        text = day.group().strip()  # 2026-01-20 【下载】
    value = None if is_placeholder(name, text) else text
    return MetaValue(name, value, text, "metadata_row", hit.locator)


# --- lines


def split_line(text: str) -> list[tuple[Label, str]]:
    """Every `label：value` of a line. A label without a colon counts at a tag boundary."""
    found: list[tuple[Label, int, int]] = []
    at = 0
    while (match := label_pattern().search(text, at)) is not None:
        end = _value_start(text, match, bool(found))
        if end is None:
            at = match.start() + 1  # a shorter label may begin inside: 某镇政府 信息索引号
        else:
            found.append((label_index()[_DROP.sub("", match.group())], match.start(), end))
            at = end
    if not found:
        found = _without_colons(text)
    ends = [*(start for _, start, _ in found[1:]), len(text)]
    return [(label, text[start:end]) for (label, _, start), end in zip(found, ends, strict=False)]


def _value_start(text: str, match: re.Match[str], follows: bool) -> int | None:
    """Where the value of a label begins; None where the match is no label but part of other words."""
    label = label_index()[_DROP.sub("", match.group())]
    before = text[: match.start()]
    colon = _COLON.match(text, match.end())
    if before and before[-1] not in _BEFORE:
        # Text extractors glue runs together: 来源：某局发布日期：2023-10-08
        glued = follows and label.strong and len(match.group()) == len(label.text) >= 4
        return colon.end() if glued and colon is not None else None
    if colon is not None:
        return colon.end()
    inline = _BOUNDARY.match(text, match.end())
    alone = not before.strip(_EDGES) or before.endswith("\x1f")
    return inline.end() if inline is not None and alone else None


def _without_colons(text: str) -> list[tuple[Label, int, int]]:
    """`索引号 014… 发布机构 某局`: strong labels parted by blanks alone, the first at the start of the line.

    One label alone is believed where its value is plainly of its kind.
    """
    found: list[tuple[Label, int, int]] = []
    for match in label_pattern().finditer(text):
        label = label_index()[_DROP.sub("", match.group())]
        before, after = text[: match.start()], text[match.end() :]
        if label.strong and (not before.strip() or before[-1].isspace()) and after[:1].isspace():
            found.append((label, match.start(), match.end()))
    if not found or text[: found[0][1]].strip() or (len(found) == 1 and len(text) > SHORT_LINE):
        return []
    label, _, end = found[0]
    return found if len(found) > 1 or _is_of_kind(label, clean(text[end:])) else []


def _glued(text: str) -> list[tuple[Label, str]]:
    """`<td><b>索引号</b>014…</td>`: a cell whose label only a tag parts from its value."""
    match = label_pattern().match(text.strip())
    if match is None:
        return []
    label, value = label_index()[_DROP.sub("", match.group())], text.strip()[match.end() :]
    return [(label, value)] if label.strong and _is_of_kind(label, clean(value)) else []


def _is_of_kind(label: Label, value: str) -> bool:
    if label.field in DATE_FIELDS:
        return _LEADING_DAY.match(value) is not None
    if label.field == "index_number":
        return " " not in value and parse_index_number(value) is not None
    return label.field == "publisher" and value.endswith(organs().endings) and len(value) <= 30


def _line_hits(
    blocks: Sequence[Block], at: int, block: Paragraph, findings: list[Finding], body: frozenset[str]
) -> list[Hit]:
    text = block.text
    if len(text) > MAX_LINE:
        return []
    alone = label_index().get(squeeze(text))
    if alone is not None:
        following = _value_below(blocks, at, body)
        if following is None:
            return [Hit(alone, "", block.locator, at, from_grid=False)]
        return [Hit(alone, following.text, following.locator, at, from_grid=False)]
    hits: list[Hit] = []
    for label, raw in split_line(text):
        value = raw
        unknown = _UNKNOWN.search(raw, 1) if label.field not in FREE_TEXT and raw.strip(_EDGES) else None
        if unknown and raw[: unknown.start()].strip(_EDGES):
            value = raw[: unknown.start()]
            if label.strong:
                findings.append(unknown_label(unknown.group(1), block.locator))
        hits.append(Hit(label, value, block.locator, at, from_grid=False))
    return hits


def _value_below(blocks: Sequence[Block], at: int, body: frozenset[str]) -> Paragraph | None:
    """The paragraph after a lone label, if it stands beside it in the markup and is no label itself.

    A block of metadata may end with a label left blank (文号, 时效): the body's first line is not its value.
    """
    if at + 1 >= len(blocks):
        return None
    following = blocks[at + 1]
    if isinstance(following, Grid) or len(following.text) > MAX_VALUE:
        return None
    if squeeze(following.text) in label_index() or split_line(following.text):
        return None
    here, there = blocks[at].locator, following.locator
    if there in body and here not in body:
        return None
    if here.startswith("line "):
        return following
    return following if _parents(here) & _parents(there) else None


def _parents(locator: str) -> set[str]:
    parent = locator.rpartition("/")[0]
    return {parent, parent.rpartition("/")[0]}


# --- grids


def _grid_hits(grid: Grid, at: int, findings: list[Finding]) -> list[Hit]:
    told = [cell for cell in grid.cells if cell.text.strip()]
    if not told or len(told) > MAX_META_CELLS:
        return []
    by_place = {(cell.row, cell.column): cell for cell in grid.cells}
    names = {(c.row, c.column): label for c in told if (label := label_index().get(squeeze(c.text)))}
    if _is_listing(grid, names):
        return []
    hits: list[Hit] = []
    used: set[tuple[int, int]] = set()
    for place, label in names.items():
        value = _paired(grid, by_place, names, place)
        if value is not None:
            used.add((value.row, value.column))
        cell = value or by_place[place]
        hits.append(Hit(label, value.text if value else "", cell.locator, at, from_grid=True))
    for cell in told:
        if (cell.row, cell.column) not in names and (cell.row, cell.column) not in used:
            pairs = split_line(cell.text) or _glued(cell.text)
            hits += [Hit(label, raw, cell.locator, at, from_grid=True) for label, raw in pairs]
    if not any(hit.label.strong and hit.raw.strip() for hit in hits) or len(hits) * 5 < len(told):
        return []
    findings += _unknown_cells(grid, by_place, names, used)
    return hits


def _paired(
    grid: Grid,
    by_place: dict[tuple[int, int], Cell],
    names: dict[tuple[int, int], Label],
    place: tuple[int, int],
) -> Cell | None:
    """The value's cell: the next one in the row, or the one below in a row of labels."""
    cell = by_place[place]
    if _heads_columns(grid, cell, names):
        return by_place.get((cell.row + cell.rowspan, cell.column))
    right = next(
        (c for c in grid.cells if c.row == cell.row and c.column >= cell.column + cell.colspan), None
    )
    return right if right is not None and (right.row, right.column) not in names else None


def _heads_columns(grid: Grid, cell: Cell, names: dict[tuple[int, int], Label]) -> bool:
    """Whether the cell's row is labels alone over a row of values alone."""
    row = [c for c in grid.cells if c.row == cell.row and c.text.strip()]
    below = [c for c in grid.cells if c.row == cell.row + cell.rowspan and c.text.strip()]
    if not below or not all((c.row, c.column) in names for c in row):
        return False
    return (len(row) > 1 or grid.n_columns == 1) and not any((c.row, c.column) in names for c in below)


def _is_listing(grid: Grid, names: dict[tuple[int, int], Label]) -> bool:
    """A header of labels over several rows of values lists many documents."""
    heads = {row for row, _ in names}
    return len(names) >= 2 and len(heads) == 1 and grid.n_rows - min(heads) > 2


def _unknown_cells(
    grid: Grid,
    by_place: dict[tuple[int, int], Cell],
    names: dict[tuple[int, int], Label],
    used: set[tuple[int, int]],
) -> list[Finding]:
    """Cells that stand where labels stand and are none of the table's."""
    columns = {column for _, column in names}
    found: list[Finding] = []
    for row in {row for row, _ in names} | {cell.row for cell in grid.cells if cell.column in columns}:
        cells = [cell for cell in grid.cells if cell.row == row]
        turns = {i % 2 for i, cell in enumerate(cells) if (row, cell.column) in names}
        for i, cell in enumerate(cells):
            place, text = (cell.row, cell.column), squeeze(cell.text)
            if (
                not text
                or place in names
                or place in used
                or len(text) > MAX_UNKNOWN
                or split_line(cell.text)
            ):
                continue
            value = by_place.get((row, cell.column + cell.colspan))
            in_turn = turns == {i % 2} and value is not None
            if in_turn or cell.column in columns or cell.text.rstrip().endswith(("：", ":")):
                found.append(unknown_label(text, cell.locator))
    return found


def unknown_label(label: str, locator: str) -> Finding:
    """A label that the table lacks. Its value is not repeated: it may name a person (practice.md §7)."""
    message = f"元数据栏有未识别的标签“{squeeze(label)}” unknown metadata label"
    return Finding("unknown_label", Severity.INFO, message, locator)


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
    told = [hit for hit in group if hit.raw.strip(_EDGES)]
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
    rest = label_pattern().sub(lambda m: "" if _is_ignored(m.group()) else m.group(), block.text)
    return rest != block.text and len(re.sub(r"[\W_]|[大中小]", "", rest)) <= 1


def _is_ignored(text: str) -> bool:
    return label_index()[_DROP.sub("", text)].field is None


def _is_lone_label(block: Block) -> bool:
    return isinstance(block, Paragraph) and squeeze(block.text) in label_index()


def _is_all_meta(block: Block) -> bool:
    """Whether the block is nothing but metadata, so that it is no part of the document's text."""
    if isinstance(block, Grid):
        return True
    first = block.text.lstrip(" \x1f\u00a0\u3000")
    return label_pattern().match(first) is not None
