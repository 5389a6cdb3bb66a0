"""What Lonsun's pages and fragments say: the script call that fills a list, its rows, its pager.

portals.md §4.5. The call stands in the page as an address with its query, or as an address and `data: {…}`.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.platforms.base import Organ, stated
from crawler.platforms.links import absolute, with_query
from crawler.platforms.page import Page
from crawler.platforms.rows import FRAME, FRAME_TAGS, INDEX_SHAPE, Row, read_rows, text_of
from crawler.platforms.words import WORDS
from crawler.titles import TitleKind, printed_day, read_title

CALL = re.compile(
    r"[\"'](?P<url>[^\"'\s]*/site/label/\d+(?:\?[^\"']*)?)[\"']"
    r"(?P<data>\s*,?\s*[\"']?data[\"']?\s*:\s*\{[^{}]*\})?",
    re.IGNORECASE,
)
PAIR = re.compile(
    r"[\"']?(?P<key>[A-Za-z]\w*)[\"']?\s*:\s*(?:\"(?P<d>[^\"]*)\"|'(?P<s>[^']*)'|(?P<n>\d+|true|false))",
)
SITE_META = re.compile(r"<meta[^>]*name=[\"']SiteId[\"'][^>]*>", re.IGNORECASE)
SITE_SCRIPT = re.compile(r"\bsiteId[\"']?\s*[:=]\s*[\"']?(?P<id>\d+)", re.IGNORECASE)
CONTENT = re.compile(r"content\s*=\s*[\"']?(?P<id>\d+)", re.IGNORECASE)
PAGE_COUNT = re.compile(r"\b(?:pageCount|totalPages?)[\"']?\s*[:=]\s*[\"']?(?P<n>\d+)", re.IGNORECASE)
ROW_COUNT = re.compile(
    r"\b(?:total|totalCount|totalRecords?|recordCount)[\"']?\s*[:=]\s*[\"']?(?P<n>\d+)", re.IGNORECASE
)
PAGINATION = re.compile(r"\bpagination\s*\(", re.IGNORECASE)
ORGAN = re.compile(r"/public/column/(?P<organ>\d+)/?$")
LIST_KEYS = {"organId", "catId", "catIds"}  # a call with one of them lists a catalogue
DEFAULT_SIZE = 15


@dataclass(frozen=True, slots=True)
class Label:
    """A call of `/site/label/N` and its fields, in the page's order."""

    base: str
    address: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Rows on a page, as asked for."""
        asked = self.fields.get("pageSize", "")
        return int(asked) if asked.isdigit() and int(asked) else DEFAULT_SIZE

    def filled(self, known: Mapping[str, str]) -> Label:
        """With what the column's own address says, where the script leaves it open (a variable)."""
        missing = {
            key: value
            for key, value in known.items()
            if value and not self.fields.get(key) and key != "pageIndex"
        }
        return replace(self, fields={**self.fields, **missing})

    def page(self, number: int) -> str:
        """The address of a page of the list."""
        fields = {"IsAjax": "1", "dataType": "html", **self.fields, "pageIndex": str(number)}
        fields.pop("_", None)  # a random number against caches: one page would have many addresses
        return with_query(urljoin(self.base, self.address), fields.items())


def list_label(page: Page) -> Label | None:
    """The call that fills the page's list of documents; other labels fill menus and news."""
    for found in CALL.finditer(entities.unescape(page.text)):
        address, _, query = found["url"].partition("?")
        fields = dict(parse_qsl(query, keep_blank_values=True))
        for pair in PAIR.finditer((found["data"] or "").partition("{")[2]):
            value = next(part for part in (pair["d"], pair["s"], pair["n"]) if part is not None)
            fields.setdefault(pair["key"], value)
        listed = fields.get("labelName", "").lower().startswith("publicinfolist")
        if listed or (LIST_KEYS & set(fields) and fields.get("action", "list") == "list"):
            return Label(page.url, address, fields)
    return None


def site_of(page: Page) -> str | None:
    """The site's id, by the page's meta or script."""
    if meta := SITE_META.search(page.text):
        found = CONTENT.search(meta.group())
        if found:
            return found["id"]
    found = SITE_SCRIPT.search(page.text)
    return found["id"] if found else None


def page_count(text: str, tree: HtmlElement) -> int | None:
    """Pages of the list: `pageCount:N` of Ls.pagination, a rendered `paged` attribute, or 共N页."""
    if found := PAGE_COUNT.search(text):
        return int(found["n"])
    paged = [int(value) for value in tree.xpath("//a/@paged") if str(value).isdigit()]
    return max(paged) if paged else stated(WORDS.stated_pages, tree)


def row_count(text: str, tree: HtmlElement) -> int | None:
    """Rows of the whole list, where the fragment states them."""
    call = PAGINATION.search(text)
    found = ROW_COUNT.search(text, call.start()) if call else None
    return int(found["n"]) if found else stated(WORDS.stated_total, tree)


def fragment_rows(tree: HtmlElement, base: str, is_document: Callable[[str], bool]) -> list[Row]:
    """Rows by shape; where a row's cells are `li` side by side, its index number and date stand in those."""
    cells = _cells(tree, base)
    rows = []
    for row in read_rows(tree, base, is_document):
        beside = cells.get(row.url, [])
        number = next((text for text in beside if INDEX_SHAPE.match(text) and not printed_day(text)), None)
        day = next((day for text in beside if (day := printed_day(text))), None)
        rows.append(replace(row, index_number=row.index_number or number, date=row.date or day))
    return rows


def _cells(tree: HtmlElement, base: str) -> dict[str, list[str]]:
    """By address of the linked document: the texts of the `li` that stand beside its own."""
    found: dict[str, list[str]] = {}
    for box in tree.iter("ul"):
        items = box.findall("li")
        linked = [
            (place, url)
            for place, item in enumerate(items)
            for url in [next((absolute(base, a.get("href")) for a in item.iter("a") if a.get("href")), None)]
            if url is not None
        ]
        if not linked or len(linked) == len(items):
            continue  # a list whose items are rows themselves
        head = linked[0][0]
        width = linked[1][0] - head if len(linked) > 1 else len(items)
        for place, url in linked:
            texts = [text_of(item) for item in items[max(0, place - head) : place - head + width]]
            found.setdefault(url, texts)
    return found


def is_frame(box: HtmlElement) -> bool:
    """Whether the box is the page's header, footer or menu."""
    return box.tag in FRAME_TAGS or bool(FRAME.search(f"{box.get('class', '')} {box.get('id', '')}"))


def is_titled(tree: HtmlElement) -> bool:
    """Whether a heading names some year's report; the column's own name has no year."""
    readings = (read_title(text_of(box)) for box in tree.iter("title", "h1", "h2", "h3"))
    return any(reading.kind is TitleKind.REPORT and reading.year is not None for reading in readings)


def own_text(tree: HtmlElement) -> int:
    """Characters of the page beside its links and the boxes of its frame."""
    frame = [box for box in tree.iter() if isinstance(box.tag, str) and is_frame(box)]
    outer = [box for box in frame if not any(is_frame(above) for above in box.iterancestors())]
    links = [a for a in tree.iter("a") if not any(is_frame(above) for above in a.iterancestors())]
    return len(text_of(tree)) - sum(len(text_of(part)) for part in (*outer, *links))


def read_organs(tree: HtmlElement, base: str) -> list[Organ]:
    """The organs that a page's links lead to, each once, named as the tree names them.

    Links of one organ's own menu (指南, 年报) lead to the same column: such a text names no organ.
    """
    names: dict[str, str] = {}
    for anchor in tree.iter("a"):
        url = absolute(base, anchor.get("href"))
        found = ORGAN.search(urlsplit(url).path) if url else None
        if found is None:
            continue
        name = text_of(anchor) or (anchor.get("title") or "").strip()
        is_menu = read_title(name).kind is not TitleKind.UNKNOWN or WORDS.next_page.fullmatch(name)
        if not names.get(found["organ"]):
            names[found["organ"]] = "" if is_menu else name
    return [Organ(key, name) for key, name in names.items()]
