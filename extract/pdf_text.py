"""Lines outside tables to paragraphs: what a printed line break means.

A line goes on in the next where it is full (the next line's first token found no room before the right
margin) and the next is not indented. At a page break it also goes on where no sentence has ended. Page
numbers and running heads are taken out and told in a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extract.blocks import joint
from extract.pdf_lines import Line, least, unbroken
from extract.pdf_table import Table, locator
from parser.document import Paragraph

MAX_TITLE_LINES = 12  # lines from the top within which a title ends
MAX_TITLE_DEPTH = 8  # paragraphs from the top of the first page
SHORT_END = 16  # characters of a title's last line that does not name the report by itself
SCATTERED = 4  # pieces parted by wide gaps: a row of something, not running text
HEAD_BAND = 0.12  # share of the page's height in which running heads and page numbers stand
_PAGE_NUMBER = re.compile(
    r"[-—–―·.•~\s]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,5})\s*(?:页)?\s*(?:[,，/／]?\s*共?\s*\d{1,4}\s*页?)?[-—–―·.•~\s]*"
)
_SENTENCE_END = re.compile(r"[。！？；：…:;!?](?:[”’」』）)])?$")
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}\s*、|[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)]|第[一二三四五六七八九十]{1,3}[章节条])"
)
_CONTENTS = re.compile(r".*?[.．·•…⋯]{3,}\s*[-—(（]?\s*\d{1,3}\s*[-—)）]?")
_TITLE_YEAR = re.compile(r"[(（〔]?(?:[12]\d{3}|二[〇○零])")
_TITLE_END = re.compile(r"(?:报告|年报)(?:[（(〔].{1,12}[)）〕])?$")
_TITLE = re.compile(r"年度报告|年报|信息公开.{0,6}报告")


@dataclass(frozen=True, slots=True)
class Margins:
    """Where running text begins and ends, in points; judged over all pages."""

    left: float
    right: float
    size: float
    width: float  # of the page
    indented: bool  # paragraphs begin two characters in, so a line that does not goes on


@dataclass
class PageFlow:
    """A page's lines and tables in reading order."""

    number: int
    width: float
    height: float
    items: list[Line | Table]

    @property
    def lines(self) -> list[Line]:
        return [item for item in self.items if isinstance(item, Line)]


def in_order(lines: Iterable[Line], tables: Iterable[Table]) -> list[Line | Table]:
    """By upper edge; what overlaps vertically, from left to right."""
    items: list[Line | Table] = [*lines, *tables]
    return sorted(items, key=lambda item: (round(item.box[1]), item.box[0]))


def drop_furniture(pages: Sequence[PageFlow]) -> list[str]:
    """Take page numbers, running heads and lists of contents out of the pages; returns their texts."""
    repeated = _running_heads(pages)
    dropped: list[str] = []
    for page in pages:
        kept: list[Line | Table] = []
        lines = page.lines
        ends = {id(line) for line in (*lines[:1], *lines[-1:])}
        for item in page.items:
            if not isinstance(item, Line):
                kept.append(item)
            elif _CONTENTS.fullmatch(item.text) or (
                _in_band(item, page)
                and (
                    (id(item) in ends and _PAGE_NUMBER.fullmatch(item.text)) or _mask(item, page) in repeated
                )
            ):
                dropped.append(item.text)
            else:
                kept.append(item)
        page.items = kept
    return dropped


def _in_band(line: Line, page: PageFlow) -> bool:
    return line.middle < HEAD_BAND * page.height or line.middle > (1 - HEAD_BAND) * page.height


def _mask(line: Line, page: PageFlow) -> tuple[str, int, bool]:
    """The line without its digits, and its height on the page: equal for a running head on every page."""
    return re.sub(r"\d+", "0", line.text), round(line.middle / 4), line.middle * 2 < page.height


def _running_heads(pages: Sequence[PageFlow]) -> set[tuple[str, int, bool]]:
    seen = Counter(
        mask for page in pages for mask in {_mask(x, page) for x in page.lines if _in_band(x, page)}
    )
    least = max(3, (len(pages) + 1) // 2)
    return {mask for mask, count in seen.items() if count >= least}


def margins_of(pages: Sequence[PageFlow]) -> Margins:
    """Margins of running text: ends that several lines share, outliers left out."""
    lines = [line for page in pages for line in page.lines]
    long = [line for line in lines if len(line.text) >= 12] or lines
    if not long:
        return Margins(0.0, 0.0, 12.0, 0.0, indented=False)
    lefts, rights = sorted(line.left for line in long), sorted(line.right for line in long)
    left, right = lefts[len(lefts) // 20], rights[-1 - len(rights) // 20]
    size = median(line.size for line in long)
    indents = sum(1.5 * size <= line.left - left <= 2.6 * size for line in lines)
    return Margins(left, right, size, median(page.width for page in pages), indented=indents >= 2)


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its page."""

    page: int
    line: Line


@dataclass(frozen=True, slots=True)
class Printed:
    """A paragraph with the page on which it begins and the size of its print."""

    paragraph: Paragraph
    page: int
    size: float


def paragraphs(lines: Sequence[Placed], margins: Margins) -> list[Printed]:
    """Lines between two tables, over page breaks, as paragraphs."""
    groups: list[list[Placed]] = []
    for placed in lines:
        if groups and _continues(groups[-1], placed, margins):
            groups[-1].append(placed)
        else:
            groups.append([placed])
    if groups and groups[0][0].page == 1:
        groups = _title_joined(groups, margins)
    return [Printed(_paragraph(group), group[0].page, group[0].line.size) for group in groups]


def _continues(group: Sequence[Placed], following: Placed, margins: Margins) -> bool:
    before, line = group[-1].line, following.line
    unlike = abs(before.size - line.size) > 0.15 * max(before.size, line.size)
    if unlike or max(len(line.pieces), len(before.pieces)) >= SCATTERED:
        return False
    if line.left > margins.left + margins.size:
        return False
    ended = _SENTENCE_END.search(before.text) is not None
    full = unbroken(before, line, margins.right, slack=1.1 * margins.size)
    if ended and not margins.indented:
        return False
    if _HEADING.match(line.text) and (ended or not full):
        return False
    if group[-1].page != following.page:
        return full or not ended
    return full and not _is_gap(group, line)


def _is_gap(group: Sequence[Placed], line: Line) -> bool:
    """Whether more room than between the lines before parts this line from them."""
    pitch = line.middle - group[-1].line.middle
    usual = _pitch(group) if len(group) > 1 and group[-1].page == group[-2].page else pitch
    return pitch > 2.6 * line.size and pitch > 1.4 * usual


def _pitch(group: Sequence[Placed]) -> float:
    return group[-1].line.middle - group[-2].line.middle


def _title_joined(groups: list[list[Placed]], margins: Margins) -> list[list[Placed]]:
    """Centred lines of one print size at the top, of which the last names the report, are one title."""
    end = next((at for at in range(len(groups[:MAX_TITLE_LINES])) if _ends_title(groups, at, margins)), None)
    if end is None:
        return groups
    start = end
    while start and _one_title(groups[start - 1], groups[start], margins):
        start -= 1
    title = [placed for group in groups[start : end + 1] for placed in group]
    return [*groups[:start], title, *groups[end + 1 :]]


def _ends_title(groups: Sequence[list[Placed]], at: int, margins: Margins) -> bool:
    """By its own words, or with those of the line before it: a title may break inside its last word."""
    said = _said(groups[at])
    if _TITLE_END.search(said):
        return True
    broken = at > 0 and len(said) <= SHORT_END and _one_title(groups[at - 1], groups[at], margins)
    return broken and _TITLE_END.search(_said(groups[at - 1]) + said) is not None


def _said(group: Sequence[Placed]) -> str:
    return "".join(placed.line.text for placed in group)


def _one_title(upper: Sequence[Placed], lower: Sequence[Placed], margins: Margins) -> bool:
    before, line = upper[-1].line, lower[0].line
    return (
        len(upper) == 1
        and upper[-1].page == lower[0].page
        and abs(before.size - line.size) <= 0.15 * line.size
        and line.middle - before.middle <= 2.6 * line.size
        and _centred(before, margins)
        and _centred(line, margins)
        and not _HEADING.match(line.text)
    )


def _centred(line: Line, margins: Margins) -> bool:
    """Centred between the margins or on the sheet, and not a full line."""
    middles = ((margins.left + margins.right) / 2, margins.width / 2)
    near = min(abs(line.centre - middle) for middle in middles)
    short = line.left > margins.left + 1.0 * margins.size or line.size >= 1.2 * margins.size
    return near <= 1.0 * margins.size and short


def _paragraph(group: Sequence[Placed]) -> Paragraph:
    text = group[0].line.text
    is_title = len(group) <= MAX_TITLE_LINES and _TITLE_END.search(_said(group)) is not None
    for before, placed in pairwise(group):
        line = placed.line
        # A title's lines begin at different places; the year on a line of its own stays apart.
        apart = abs(before.line.left - line.left) > 0.5 * line.size and line.size == before.line.size
        parted = apart and len(text) < 40 and _TITLE_YEAR.match(line.text) and is_title
        text += (" " if parted else joint(text, line.text)) + line.text
    boxes: dict[int, tuple[float, float, float, float]] = {}
    for placed in group:
        box = boxes.get(placed.page, placed.line.box)
        boxes[placed.page] = (
            min(box[0], placed.line.left),
            min(box[1], placed.line.top),
            max(box[2], placed.line.right),
            max(box[3], placed.line.bottom),
        )
    where = "; ".join(locator(page, box) for page, box in boxes.items())
    return Paragraph(text, text, where, least(placed.line.confidence for placed in group))


def title_of(printed: Sequence[Printed], first_page: int, margins: Margins) -> Paragraph | None:
    """The paragraph near the top of the first page that names a report, by its words or its larger print."""
    top = [p for p in printed if p.page == first_page][:MAX_TITLE_DEPTH]
    named = [p for p in top if _names_report(p, margins)]
    dated = [p for p in named if re.search(r"[12]\d{3}|[二〇零○一]{2}[二〇零○一-九]{2}年", p.paragraph.text)]
    return next((p.paragraph for p in (*dated, *named)), None)


def _names_report(printed: Printed, margins: Margins) -> bool:
    text = printed.paragraph.text
    if not _TITLE.search(text) or len(text) > 80 or _HEADING.match(text):
        return False
    return printed.size >= 1.1 * margins.size or not _SENTENCE_END.search(text)
