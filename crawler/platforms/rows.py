"""Rows of a list page, found by shape: an anchor, the element that is its row, a date, an index number.

One reader for all families, since counties restyle their lists but keep the row: `li`, `tr`, `dl`, or a `div`
around one link. What differs by family (which link is a document) is asked of the platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree, html
from lxml.html import HtmlElement

import archive.file_links
from crawler.platforms.links import absolute
from crawler.platforms.row_days import day_in, is_excerpt
from crawler.platforms.words import WORDS
from crawler.titles import printed_day, read_title

ELLIPSIS = re.compile(r"(?:\.{2,}|…+|···+)\s*$")
INDEX_SHAPE = re.compile(
    r"^[0-9A-Za-z]{2,}(?:-[0-9A-Za-z]+)*[/\\-]\d{4,6}-\d{3,8}$|^QZ\d{5}-\d{4}-\d{4}-\d{5}$"
)
FRAME = re.compile(  # whole words only: Lonsun calls its list xxgk_nav_list
    r"(?:^|\s)(?:foot(?:er)?|nav(?:bar|igation)?|header|copyright|crumbs?|breadcrumb)(?:$|\s)", re.IGNORECASE
)
FRAME_TAGS = {"header", "footer", "nav"}
CLICKED = re.compile(
    r"\([^()]*?[\"'](?P<url>[^\"'()\s]*\.(?:s?html?|jsp|do|pdf|docx?|wps|ofd|xlsx?|zip)(?:\?[^\"'()\s]*)?)[\"']",
    re.IGNORECASE,
)
FILE_LINK = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar|et)(?:[?#]|$)", re.IGNORECASE)
# A second page in one file, or markup after the end: the parser would drop all of it (archive.md §3.6).
EARLY_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
MAX_CLIMB = 6
STOP_TAGS = {"ul", "ol", "table", "tbody", "body", "html", "form"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the list prints it. `belongs` is False where the link plainly lies in another column."""

    url: str
    title: str
    date: str | None = None
    publisher: str | None = None
    index_number: str | None = None
    belongs: bool | None = None
    files: tuple[tuple[str, str], ...] = ()  # (URL, name) of files that the list itself names


def parse_html(text: str) -> HtmlElement:
    """A tree of the page without its comments, so that nothing hidden is read. Empty page, empty tree."""
    if not text.strip():
        return html.fragment_fromstring("", create_parent="div")
    text = EARLY_END.sub("", text)
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return html.fragment_fromstring("", create_parent="div")


def read_rows(tree: HtmlElement, base: str, is_document: Callable[[str], bool]) -> list[Row]:
    """The rows of a page in document order, each URL once (the entry with the longest title stays)."""
    links = [(anchor, url) for anchor, url in _links(tree, base) if _is_row(anchor, url, is_document)]
    anchors = dict(links)
    rows: dict[str, Row] = {}
    for anchor, url in links:
        row = _read(anchor, url, anchors)
        known = rows.get(url)
        if known is None:
            rows[url] = row
        elif len(row.title) > len(known.title):
            rows[url] = Row(
                url,
                row.title,
                row.date or known.date,
                row.publisher or known.publisher,
                row.index_number or known.index_number,
            )
    return [row for row in rows.values() if row.title]


def file_links(tree: HtmlElement, base: str, is_attachment: Callable[[str], bool]) -> list[tuple[str, str]]:
    """(URL, name) of the files that a page links to, each once (archive.file_links). Never OLDSRC (§4.2).

    `is_attachment`: the platform's own addresses of files.
    """
    named = [(link.href, link.name) for link in archive.file_links.file_links(tree)]
    base = _base(tree, base)
    found: dict[str, str] = {}
    for href, name in named:
        if url := absolute(base, href):
            found[url] = found.get(url) or name
    for anchor, url in _links(tree, base):
        if is_attachment(url):
            found[url] = found.get(url) or text_of(anchor) or anchor.get("title", "")
    return list(found.items())


def page_title(tree: HtmlElement) -> str | None:
    """The title that a document page gives itself: ArticleTitle, else the page's title."""
    for name in ("ArticleTitle", "articletitle"):
        for value in tree.xpath("//meta[@name=$name]/@content", name=name):
            if str(value).strip():
                return " ".join(str(value).split())
    title = tree.find(".//title")
    return text_of(title) or None if title is not None else None


def text_of(element: HtmlElement) -> str:
    """The visible text of an element in one line; scripts and styles are left out."""
    parts = element.xpath(".//text()[not(ancestor::script) and not(ancestor::style)]")
    return re.sub(r"[\s\u3000\xa0]+", " ", "".join(str(part) for part in parts)).strip()


def _links(tree: HtmlElement, base: str) -> Iterator[tuple[HtmlElement, str]]:
    base = _base(tree, base)
    for anchor in tree.iter("a"):
        url = absolute(base, anchor.get("href")) or _clicked(base, anchor)
        if url is not None:
            yield anchor, url


def _base(tree: HtmlElement, base: str) -> str:
    given = tree.find(".//base[@href]")
    return base if given is None else absolute(base, given.get("href")) or base


def _clicked(base: str, anchor: HtmlElement) -> str | None:
    """The page that a link without an address opens by script: javascript:view('/art/…html'), onclick."""
    script = f"{anchor.get('href') or ''} {anchor.get('onclick') or ''}"
    found = CLICKED.search(script)
    return absolute(base, found["url"]) if found else None


def _is_row(anchor: HtmlElement, url: str, is_document: Callable[[str], bool]) -> bool:
    """A link to a document by its shape, or any other link that is titled as some year's report.

    Links of the page's frame (footer, navigation, crumbs) are no rows, unless they are titled as a report.
    """
    title = _title(anchor)
    reading = read_title(title)
    if reading.kind == "report" and reading.year is not None:
        return True
    if not is_document(url) or WORDS.site_link.fullmatch(title):
        return False
    return not any(
        box.tag in FRAME_TAGS or FRAME.search(f"{box.get('class', '')} {box.get('id', '')}")
        for box in anchor.iterancestors()
    )


def _title(anchor: HtmlElement) -> str:
    """The full title: the `title` attribute where the text is cut short, else the text without its date."""
    shown = text_of(anchor)
    attribute = _clean_attribute(anchor.get("title") or "")
    stem = ELLIPSIS.sub("", shown)
    day = printed_day(stem)
    if day and stem.strip("[]()（） ") != day:
        stem = re.sub(r"[\[(（]?\s*" + re.escape(day) + r"\s*[\])）]?", "", stem).strip()
    return attribute if len(attribute) >= len(stem) else stem


def _around(container: HtmlElement, anchor: HtmlElement) -> str:
    """The text of a row beside its link; texts of different elements stay apart."""
    inside = {id(part) for part in anchor.iter()}
    parts: list[str] = []
    for element in container.iter():
        if (
            id(element) not in inside
            and isinstance(element.tag, str)
            and element.tag not in {"script", "style"}
        ):
            parts.append(element.text or "")
        if element is not container and (id(element) not in inside or element is anchor):
            parts.append(element.tail or "")
    return re.sub(r"[\s\u3000\xa0]+", " ", " ".join(parts)).strip()


def _clean_attribute(text: str) -> str:
    """Some sites put several lines there: 标题：… 发布时间：…; the title is the first."""
    first = WORDS.title_end.split(text.strip(), maxsplit=1)[0]
    return re.sub(r"\s+", " ", WORDS.title_label.sub("", first)).strip()


def _read(anchor: HtmlElement, url: str, anchors: dict[HtmlElement, str]) -> Row:
    title = _title(anchor)
    container = _container(anchor, url, anchors)
    values = _cells(container) if container.tag == "tr" else {}
    rest = _around(container, anchor) if container is not anchor else text_of(container)
    date = (
        values.get("date")
        or day_in(container, without=None if container is anchor else anchor)
        or _date_after(anchor, anchors)
        or day_in(anchor)
    )
    index = values.get("index_number") or _labelled(WORDS.labels.index_number, rest) or _by_shape(container)
    publisher = values.get("publisher") or _labelled(WORDS.labels.publisher, rest)
    return Row(url, title, date, publisher or None, index or None)


def _container(anchor: HtmlElement, url: str, anchors: dict[HtmlElement, str]) -> HtmlElement:
    """The highest element around the link that holds no other row's link, at most MAX_CLIMB up."""
    container = anchor
    for _ in range(MAX_CLIMB):
        parent = container.getparent()
        if parent is None or parent.tag in STOP_TAGS:
            break
        if any(anchors.get(other, url) != url for other in parent.iter("a")):
            break
        container = parent
        if container.tag in {"tr", "li", "dl"}:
            break
    return container


def _cells(row: HtmlElement) -> dict[str, str]:
    """The cells of a table row by what the table's head calls them."""
    table = next(row.iterancestors("table"), None)
    if table is None:
        return {}
    head = next((tr for tr in table.iter("tr") if tr is not row and not tr.xpath(".//a[@href]")), None)
    if head is None:
        return {}
    names = [text_of(cell) for cell in head.iterchildren("th", "td")]
    cells = [text_of(cell) for cell in row.iterchildren("th", "td")]
    values: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        for key, pattern in WORDS.heads:
            if pattern.fullmatch(name) or (key == "index_number" and pattern.search(name)):
                values.setdefault(key, (printed_day(cell) or "") if key == "date" else cell)
    return {key: value for key, value in values.items() if value}


def _date_after(anchor: HtmlElement, anchors: dict[HtmlElement, str]) -> str | None:
    """A date that follows the link before the next row's link: lists of dt and dd, or of bare text."""
    element: HtmlElement | None = anchor
    for _ in range(3):
        if element is None:
            return None
        if (day := printed_day(element.tail or "")) and not is_excerpt(element.tail or ""):
            return day
        for sibling in element.itersiblings():
            if sibling in anchors or any(link in anchors for link in sibling.iter("a")):
                return None
            tail = "" if is_excerpt(sibling.tail or "") else sibling.tail or ""
            if day := day_in(sibling) or printed_day(tail):
                return day
        element = element.getparent()
        if element is not None and element.tag in STOP_TAGS:
            return None
    return None


def _labelled(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found["value"] if found else None


def _by_shape(container: HtmlElement) -> str | None:
    for leaf in container.iter("td", "span", "li", "div", "p", "em"):
        value = text_of(leaf)
        if INDEX_SHAPE.match(value) and not printed_day(value):
            return value
    return None
