"""Pictures in a page's body that stand for text: the whole report, or one of its tables (practice.md §1.1).

They are told by findings and handed on as attachments at the same place, so that what recognises text knows
what to read. Icons, buttons and logos are left out, by the table in extract/data/bodies.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from urllib.parse import unquote, urljoin

from lxml.etree import _Element as Element

from extract.data_tables import bodies
from extract.html.attachments import base_address
from extract.html.tree import Page, classes
from parser.document import Attachment, Block, Grid, Paragraph

_SOURCES = ("data-original", "data-src", "original", "_src", "src")  # what a lazy loader shows stands first
_SIZE = re.compile(r"\s*(\d{1,5})\s*(?:px)?\s*$")
_STYLE_SIZE = re.compile(r"(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*(\d{1,5})px", re.IGNORECASE)
# the sections that are tables (statute.md §2.1), by the word that tells each
_TABLED = re.compile(r"^\s*[二三四]\s*[、.．].{0,12}?(主动公开|收到和处理|行政复议)")
_OTHER = re.compile(r"^\s*[一五六七]\s*[、.．]")

MIN_SIDE = 120  # pixels of a picture in which a table can be read
MIN_TABLE = 6  # cells of a grid that may be a section's table
MAX_HEADING = 40
FEW_WORDS = 1_500  # characters of a body that has neither a table nor the heading of one
MAX_PICTURES = 50


def pictures(page: Page, elements: Iterable[Element]) -> list[Element]:
    """The pictures within the elements that may hold text, in order."""
    found: list[Element] = []
    for image in (image for element in elements for image in element.iter("img")):
        seen = page.skipped.isdisjoint((image, *image.iterancestors()))
        if seen and _address(image) and not _is_small(image) and not _is_frame(image):
            found.append(image)
    return found[:MAX_PICTURES]


def tables_as_pictures(page: Page, elements: Sequence[Element], blocks: Sequence[Block]) -> list[Element]:
    """Pictures in a section that should hold a table and holds none.

    Where the text neither has a table nor names such a section, and is short, all its pictures.
    """
    shown = pictures(page, elements)
    if not shown:
        return []
    order = {element: at for at, element in enumerate(page.root.iter())}
    steps: list[tuple[int, Block | Element]] = [(_place(page, order, block), block) for block in blocks]
    steps += [(order[image], image) for image in shown]
    steps.sort(key=lambda step: step[0])
    sections: list[tuple[bool, list[Element]]] = []  # whether it has a table, and its pictures
    tabled = False
    for _, step in steps:
        if isinstance(step, Paragraph):
            if len(step.text) <= MAX_HEADING and _TABLED.match(step.text):
                tabled = True
                sections.append((False, []))
            elif len(step.text) <= MAX_HEADING and _OTHER.match(step.text):
                tabled = False
        elif tabled and isinstance(step, Grid):
            sections[-1] = (sections[-1][0] or len(step.cells) >= MIN_TABLE, sections[-1][1])
        elif tabled and not isinstance(step, Grid):
            sections[-1][1].append(step)
    if not sections:
        words = sum(len(block.text) for block in blocks if isinstance(block, Paragraph))
        told = words > FEW_WORDS or any(isinstance(block, Grid) for block in blocks)
        return [] if told else shown
    return [image for has_table, images in sections if not has_table for image in images]


def as_attachments(page: Page, images: Iterable[Element], url: str | None) -> list[Attachment]:
    """The pictures as files of the document. One inside the page keeps but the head of its address."""
    base = base_address(page, url)
    found: list[Attachment] = []
    for image in images:
        source = _address(image)
        try:
            address = source if source.startswith("data:") else urljoin(base, source)
        except ValueError:
            continue  # an address that no browser could follow either
        name = (image.get("alt") or image.get("title") or "").strip()
        name = name or unquote(address.partition("?")[0].rpartition("/")[2])
        found.append(Attachment(address, name, page.locator(image)))
    return found


def _place(page: Page, order: dict[Element, int], block: Block) -> int:
    return order[page.at(block.locator.partition(" ")[0])]  # lines of preformatted text add their number


def _address(image: Element) -> str:
    return next((source.strip() for name in _SOURCES if (source := image.get(name))), "")


def _is_small(image: Element) -> bool:
    told = [match for name in ("width", "height") if (match := _SIZE.match(image.get(name) or ""))]
    told += _STYLE_SIZE.finditer(image.get("style") or "")
    return any(int(match[1]) < MIN_SIDE for match in told)


@cache
def _frame_names() -> re.Pattern[str]:
    return re.compile("|".join(bodies().frame_pictures), re.IGNORECASE)


def _is_frame(image: Element) -> bool:
    """Whether the picture is one of the site's own: by its name, or by what it leads to."""
    names = " ".join([_address(image)[-200:], *classes(image), image.get("id") or "", image.get("alt") or ""])
    if _frame_names().search(names):
        return True
    link = next(image.iterancestors("a"), None)
    return link is not None and not _leads_to_picture(link)


def _leads_to_picture(link: Element) -> bool:
    href = (link.get("href") or "").strip().lower().partition("?")[0]
    return not href or href.startswith(("javascript:", "#")) or href.endswith(tuple(bodies().picture_files))
