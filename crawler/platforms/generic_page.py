"""What a page of an unknown system shows: its links with their names, the next page, a report of its own.

Nothing here knows a family: names, places and masses of text decide, and what they leave open stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from crawler.platforms.generic_words import COLUMN_WORDS, without_session
from crawler.platforms.links import absolute
from crawler.platforms.rows import CLICKED, FRAME, FRAME_TAGS, page_title, text_of
from crawler.titles import TitleKind, read_title

REPORT_TEXT = 600  # characters: the shortest reports are longer, lists of titles are links
REPORT_ROWS = 4  # rows: a statutory table has more
LINKED = 0.3  # the share of text inside links above which a page is a list
NAME = 40  # characters: a longer link text is a title, no name of a column
NEXT_WORD = re.compile(r"(?:下一?页|后一?页|下一頁|下页|nextpage|older|更早)[>»›→]*", re.IGNORECASE)
NEXT_SIGN = re.compile(r"(?:next)?[>»›→〉⟩〉▶►]|>>|next", re.IGNORECASE)
IDLE = re.compile(r"disabled|inactive|\bcur(?:rent)?\b", re.IGNORECASE)
INDEX_FILE = re.compile(r"/(?:index|default)\.\w{3,5}$", re.IGNORECASE)
PART = re.compile(r"#\d{2,}$")
CALENDAR_DAYS = 20  # so many numbered links in one table are days, not pages


@dataclass(frozen=True, slots=True)
class Seen:
    """A link as the page shows it."""

    url: str
    name: str
    framed: bool  # it stands in the page's frame: header, footer, navigation
    anchor: HtmlElement


def links_of(tree: HtmlElement, base: str) -> Iterator[Seen]:
    """Links of the page with their names, those of calendars left out, addresses without session ids."""
    given = tree.find(".//base[@href]")
    if given is not None:
        base = absolute(base, given.get("href")) or base
    for anchor in tree.iter("a", "area"):
        url = absolute(base, anchor.get("href")) or _clicked(base, anchor)
        if url is None or COLUMN_WORDS.calendar.search(url):
            continue
        name = re.sub(r"\s+", "", text_of(anchor) or anchor.get("title") or "")
        if part := PART.search(anchor.get("href") or ""):
            url += part.group()  # of a page whose script shows one of its lists by the number
        yield Seen(without_session(url), name, _is_framed(anchor), anchor)
    for frame in tree.iter("iframe", "frame"):
        url = absolute(base, frame.get("src"))
        if url is not None:
            yield Seen(without_session(url), "", False, frame)


def _clicked(base: str, anchor: HtmlElement) -> str | None:
    """The page that a link opens by script alone."""
    found = CLICKED.search(f"{anchor.get('href') or ''} {anchor.get('onclick') or ''}")
    return absolute(base, found["url"]) if found else None


def _is_framed(anchor: HtmlElement) -> bool:
    return any(
        box.tag in FRAME_TAGS or FRAME.search(f"{box.get('class', '')} {box.get('id', '')}")
        for box in anchor.iterancestors()
    )


def report_title(tree: HtmlElement, url: str) -> str | None:
    """The title of a page that is itself a report, by headings, tables and its mass of text; else None.

    A list may show a report whole, or many. There the heading above it leads to the report's own page: such a
    heading is no title of this one, and nor is then what the page calls itself.
    """
    own, is_list = _heads(tree, url)
    shown = own if is_list else [page_title(tree) or "", *own]
    title = next((text for text in shown if read_title(text).kind is TitleKind.REPORT), None)
    if title is None:
        return None
    text = text_of(tree)
    linked = sum(len(text_of(anchor)) for anchor in tree.iter("a"))
    if len(text) < REPORT_TEXT or linked > LINKED * len(text):
        return None
    headings = len(set(COLUMN_WORDS.report_heading.findall(text)))
    return title if headings >= 2 or tree.xpath(f"//table[count(.//tr) > {REPORT_ROWS}]") else None


def _heads(tree: HtmlElement, url: str) -> tuple[list[str], bool]:
    """The headings that are the page's own, and whether one above its first table leads to another report."""
    here = _place(url)
    own: list[str] = []
    is_list, above = False, True
    for element in tree.iter("h1", "h2", "h3", "table"):
        if element.tag == "table":
            above = above and len(element.xpath(".//tr")) <= REPORT_ROWS
            continue
        text = text_of(element)
        anchors = [*element.iter("a"), *element.iterancestors("a")]
        links = [link for anchor in anchors if (link := absolute(url, anchor.get("href")))]
        if all(_place(link) == here for link in links):
            own.append(text)
        elif above:
            reading = read_title(text)
            is_list = is_list or (reading.kind is TitleKind.REPORT and reading.year is not None)
    return own, is_list


def _place(url: str) -> tuple[str, str, str]:
    """What tells a page's address from another's: neither scheme nor session nor fragment."""
    parts = urlsplit(without_session(url))
    return (parts.hostname or "").removeprefix("www."), INDEX_FILE.sub("/", unquote(parts.path)), parts.query


def next_page_of(tree: HtmlElement, base: str, number: int) -> str | None:
    """The address of the page after page `number`: a link that says so, or that bears its number."""
    here = without_session(base)
    named, numbered = None, None
    for link in links_of(tree, base):
        if (
            link.url == here
            or not _same_list(here, link.url)
            or _is_idle(link.anchor)
            or _is_day(link.anchor)
        ):
            continue
        rel = (link.anchor.get("rel") or "").lower().split()
        if "next" in rel or NEXT_WORD.fullmatch(link.name):
            return link.url
        if NEXT_SIGN.fullmatch(link.name):
            named = named or link.url
        elif re.sub(r"[\[\]第页]", "", link.name) == str(number + 1):
            numbered = numbered or link.url
    if numbered is not None:
        return numbered
    return named if named is not None and re.search(rf"(?<!\d){number + 1}(?!\d)", named) else None


def unseen_pages(tree: HtmlElement) -> bool:
    """Whether a next page is offered that only a script opens."""
    for anchor in tree.iter("a", "button", "span", "li"):
        name = re.sub(r"\s+", "", text_of(anchor)) if len(anchor) < 3 else ""
        if not NEXT_WORD.fullmatch(name) or _is_idle(anchor):
            continue
        scripted = (anchor.get("href") or "").lower().startswith("javascript:") or anchor.get("onclick")
        if scripted and "void(0)" not in (anchor.get("href") or "") + (anchor.get("onclick") or ""):
            return True
    return False


def _same_list(here: str, url: str) -> bool:
    """Whether an address may be another page of a list: the same host, and the same folder or below."""
    ours, other = urlsplit(here), urlsplit(url)
    if ours.hostname != other.hostname:
        return False
    folder = ours.path.rpartition("/")[0]
    above = folder.rpartition("/")[0]
    stem = ours.path.rpartition(".")[0]
    return other.path.startswith((f"{folder}/", f"{stem}/", *([f"{above}/"] if above else [])))


def _is_idle(anchor: HtmlElement) -> bool:
    boxes = [anchor, *([parent] if (parent := anchor.getparent()) is not None else [])]
    return any(IDLE.search(box.get("class") or "") for box in boxes)


def _is_day(anchor: HtmlElement) -> bool:
    """Whether a link stands in a table of days."""
    table = next(anchor.iterancestors("table"), None)
    if table is None:
        return False
    cells = (cell for cell in table.iter("td", "th") if next(cell.iterancestors("table")) is table)
    return sum(1 for cell in cells if text_of(cell).isdigit()) >= CALENDAR_DAYS
