"""Which part of the page is the document: a known container, or what the narrative extractor points at.

Containers are a data table (extract/data/bodies.yml). Where none stands, trafilatura says which paragraphs
are narrative; the smallest element around them and the page's data tables is then the container. The numbers
never come from trafilatura (measurements.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from lxml.etree import _Element as Element

from extract.data_tables import BodySelector, bodies
from extract.html.flat import ENDS
from extract.html.narrative import ASKED, DATA_TABLE_CELLS, Asked, narrative
from extract.html.tree import Page, words_of
from extract.html.walk import walk
from parser.document import Block, Paragraph

_HOLDERS = frozenset({"div", "td", "section", "article", "span", "ucapcontent", "p", "form"})
MIN_BODY = 40  # compact characters below which a container is taken for an empty shell
MIN_SHARE = 0.15  # of the page's text outside links, below which a named container is not the body
NEARLY_ALL = 0.9
MAX_SHELL = 800  # characters of a page around a body that is but an image or a file
FULL_WEIGHT = 300  # characters from which a paragraph weighs as much as a table
LONG_LINE = 600  # characters of a narrative line from which it may be a whole cell
MIN_INSIDE = 6  # characters of a paragraph that is looked for inside such a line
MOSTLY_LINKS = 0.8
MAX_FRAME_LINE = 200
_HEADING_TAGS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "li", "span"})
_BLANK = re.compile(r"[\s\u200b\ufeff]+")
_BLANKS = " \t\r\n\f\v\u00a0\u3000\u2002\u2003\u2009\u200b\ufeff"
_NUMERALS = frozenset("一二三四五六")
_OPENING = _NUMERALS | frozenset(_BLANKS)
MIN_SECTION = 4
MAX_SECTION = 40  # characters of a section's heading
# the six sections of an annual report (statute.md §2.1), by the word that tells each
_SECTION = re.compile(
    r"[一二三四五六][、.．](?:政府信息公开)?(?:工作)?(总体|主动公开|收到和处理|行政复议|存在|其他)"
)


@dataclass(frozen=True)
class Body:
    """The blocks, and how they were found: strong | weak | narrative | page."""

    blocks: list[Block]
    elements: tuple[Element, ...]
    how: str


@cache
def _names(strength: str) -> tuple[frozenset[str], frozenset[str]]:
    rows: tuple[BodySelector, ...] = getattr(bodies(), strength)
    by_class = frozenset(row.class_.lower() for row in rows if row.class_)
    return by_class, frozenset(row.id.lower() for row in rows if row.id)


def find_body(page: Page, asked: Asked = ASKED) -> Body:
    """The document's own blocks in reading order."""
    for strength in ("strong", "weak"):
        elements = _named(page, *_names(strength))
        if elements and _is_enough(page, elements, strength):
            whole = _with_strays(page, elements)
            blocks = [b for e in whole for b in walk(page, e)]
            if strength == "weak" or whole is not elements:
                blocks = _without_frame(page, blocks)
            return Body(_without_tools(blocks), whole, strength)
    element, how = _by_narrative(page, asked)
    return Body(_without_frame(page, walk(page, element)), (element,), how)


def _link_length(page: Page, element: Element) -> int:
    links = (link for link in element.iter("a") if link.get("href") and link not in page.skipped)
    return sum(page.length(link) for link in links)


def _named(page: Page, by_class: frozenset[str], by_id: frozenset[str]) -> tuple[Element, ...]:
    """The innermost element that holds nearly all of what the named ones hold, or several side by side."""
    found = [
        element
        for element, tag, class_, id_ in page.named
        if tag in _HOLDERS
        and (id_.lower() in by_id or not by_class.isdisjoint(words_of(class_)))
        and element not in page.skipped
    ]
    if by_class is _names("strong")[0]:
        found += _marked(page)
    if not found:
        return ()
    sizes = [(element, page.length(element)) for element in found[:200]]
    most = max(size for _, size in sizes)
    whole = [element for element, size in sizes if size >= most * NEARLY_ALL]
    best = whole[-1]  # in document order an inner element follows its outer one
    inside = {best, *best.iterdescendants(), *best.iterancestors()}
    beside = {e for e, size in sizes if e not in inside and size >= MIN_BODY}
    outer = [e for e in found if e in beside and beside.isdisjoint(e.iterancestors())]
    if sum(page.length(e) for e in outer) < most * (1 - NEARLY_ALL):
        return (best,)
    return tuple(e for e in found if e is best or e in outer)


def _marked(page: Page) -> list[Element]:
    """Hanweb marks the body by <meta name="ContentStart"> … <meta name="ContentEnd"> inside its element."""
    marks = [tag for tag in page.root.iter("meta") if (tag.get("name") or "").lower() == "contentstart"]
    parents = [tag.getparent() for tag in marks]
    return [e for e in parents if e is not None and e.tag not in {"head", "body"} and e not in page.skipped]


def _is_enough(page: Page, elements: tuple[Element, ...], strength: str) -> bool:
    """Whether the named elements are the body, and no empty shell or menu of that name."""
    size = sum(page.length(element) for element in elements)
    links = sum(_link_length(page, element) for element in elements)
    body = page.root.find("body")
    whole = page.root if body is None else body
    rest = max(page.length(whole) - _link_length(page, whole), 1)
    if strength == "strong":
        holds_file = any(next(e.iter("a", "img", "iframe", "embed"), None) is not None for e in elements)
        says_enough = size >= MIN_BODY and (size - links) / rest >= MIN_SHARE
        return says_enough or (holds_file and rest < MAX_SHELL)
    return size >= MIN_BODY * 3 and links < size * 0.4 and (size - links) / rest >= 0.5


def _with_strays(page: Page, elements: tuple[Element, ...]) -> tuple[Element, ...]:
    """The element around the container and what of the report stands outside it.

    That is tables of numbers, and headings of sections that the container lacks: a stray end tag of the
    pasted text has closed the container early.
    """
    inside = _Inside(page, elements)
    tables = (table for table in page.root.iter("table") if table not in inside)
    stray = [t for t in tables if _is_data_table(page, t) and _is_numeric(page, t)]
    stray += _stray_headings(page, inside)
    if not stray:
        return elements
    around: dict[Element, int] = {}
    for element in (*elements, *stray):
        for e in (element, *element.iterancestors()):
            around[e] = around.get(e, 0) + 1
    common = [e for e, n in around.items() if n == len(elements) + len(stray)]
    return (max(common, key=lambda e: sum(1 for _ in e.iterancestors())),)


class _Inside:
    """Whether an element stands in one of some elements, or is one."""

    def __init__(self, page: Page, elements: Iterable[Element]) -> None:
        self._flat = page.flat
        self._spans = [page.flat.span(e) for e in elements if e in page.flat.begin]
        self._others = {d for e in elements if e not in page.flat.begin for d in e.iter()}

    def __contains__(self, element: object) -> bool:
        at = self._flat.begin.get(element) if isinstance(element, Element) else None
        if at is None:
            return element in self._others
        return any(first <= at < last for first, last in self._spans)


def _stray_headings(page: Page, inside: _Inside) -> list[Element]:
    """Headings of sections outside a container that holds others of them, and not the same."""
    told: set[str] = set()
    outside: list[tuple[str, Element]] = []
    for element in _opened_by_numeral(page):
        if (section := _SECTION.match(_BLANK.sub("", page.text_of(element)))) is None:
            continue
        if element in inside:
            told.add(section[1])
        elif next(element.iter("a"), None) is None and next(element.iterancestors("a"), None) is None:
            outside.append((section[1], element))
    strange = [element for name, element in outside if name not in told]
    return strange if told else []


def _opened_by_numeral(page: Page) -> Iterator[Element]:
    """Short elements whose first word begins with the numeral of a section."""
    flat = page.flat
    for at, word in enumerate(flat.words):
        if word[:1] in _OPENING and word.lstrip(_BLANKS)[:1] in _NUMERALS:
            for element in _opened_by(page, at):
                if page.length(element) > MAX_SECTION:
                    break
                if element.tag in _HEADING_TAGS and page.length(element) >= MIN_SECTION:
                    yield element


def _opened_by(page: Page, at: int) -> Iterator[Element]:
    """The elements whose first word stands at a step, from the innermost out."""
    flat = page.flat
    at -= 1
    while at >= 0:
        kind, thing = flat.kinds[at], flat.things[at]
        if isinstance(thing, str):
            if thing.strip(_BLANKS):
                return
        elif kind in ENDS:
            if flat.length(thing):
                return
            at = flat.begin[thing]
        else:
            yield thing
        at -= 1


def _is_numeric(page: Page, table: Element) -> bool:
    texts = [page.text_of(cell).strip() for cell in table.iter("td", "th")]
    numbers = sum(bool(re.fullmatch(r"[\d.,]+", text)) for text in texts)
    return numbers >= len(texts) * 0.25 and not any(len(text) > 400 for text in texts)


def _by_narrative(page: Page, asked: Asked) -> tuple[Element, str]:
    body = page.root.find("body")
    whole = page.root if body is None else body
    told = narrative(page, asked)
    cells = "\n".join(sorted(line for line in told if len(line) > LONG_LINE))
    weights: dict[Element, int] = {}
    for block in walk(page, whole):
        if isinstance(block, Paragraph) and _is_told(re.sub(r"\s", "", block.text), told, cells):
            element = page.at(block.locator)
            if not _is_linked(page, element) and not _is_frame_line(block):
                weights[element] = weights.get(element, 0) + min(len(block.text), FULL_WEIGHT)
    if not weights:
        return whole, "page"
    weights |= dict.fromkeys(_data_tables(page, whole), FULL_WEIGHT)
    return _common(weights, whole), "narrative"


def _is_told(text: str, told: frozenset[str], cells: str) -> bool:
    """Whether a paragraph is narrative. Of a table that lays out the page a whole cell comes as one line."""
    return text in told or (len(text) >= MIN_INSIDE and text in cells)


def _without_frame(page: Page, blocks: list[Block]) -> list[Block]:
    """The blocks of a container that was found by its text, the site's frame left out."""
    kept = [b for b in blocks if not (isinstance(b, Paragraph) and _is_linked(page, page.at(b.locator)))]
    first = next((i for i, block in enumerate(kept) if not _is_frame_line(block)), 0)
    return _without_tools(kept[first:])


def _without_tools(blocks: list[Block]) -> list[Block]:
    """The blocks without the buttons, neighbours and editors that stand behind the document."""
    last = len(blocks)
    while last and _is_frame_line(blocks[last - 1]):
        last -= 1
    return blocks[:last] or blocks


def _is_linked(page: Page, element: Element) -> bool:
    """Whether an element says little but links to other pages."""
    links = [link for link in element.iter("a") if link not in page.skipped and link.get("href")]
    return bool(links) and sum(page.length(link) for link in links) > page.length(element) * MOSTLY_LINKS


@cache
def _frame_pattern() -> re.Pattern[str]:
    return re.compile("|".join(bodies().frame_lines), re.IGNORECASE)


def _is_frame_line(block: Block) -> bool:
    if not isinstance(block, Paragraph) or len(block.text) >= MAX_FRAME_LINE:
        return False
    return _frame_pattern().search(block.text) is not None


def _data_tables(page: Page, whole: Element) -> Iterable[Element]:
    return (table for table in whole.iter("table") if _is_data_table(page, table))


def _is_data_table(page: Page, table: Element) -> bool:
    if table in page.skipped or next(table.iterdescendants("table"), None) is not None:
        return False
    cells = sum(1 for _ in table.iter("td", "th"))
    links = sum(1 for _ in table.iter("a"))
    return cells >= DATA_TABLE_CELLS and links * 3 < cells


def _common(weights: dict[Element, int], whole: Element) -> Element:
    """The deepest element around nearly all of the weight."""
    sums: dict[Element, int] = {}
    for element, weight in weights.items():
        for around in (element, *element.iterancestors()):
            sums[around] = sums.get(around, 0) + weight
    least = sum(weights.values()) * NEARLY_ALL
    enough = [element for element, weight in sums.items() if weight >= least]
    return max(enough, key=lambda e: sum(1 for _ in e.iterancestors()), default=whole)
