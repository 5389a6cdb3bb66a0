"""Rows that are data instead of markup: JSON, script arrays, XML islands, attributes, markup inside these.

Nothing here knows a family. A record is told by its members: a title that holds words, an address that looks
like one, as a hint what they are called (data/fields.yml). What is no record is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape

from lxml import etree
from lxml.html import HtmlElement

from crawler.platforms.base import says_empty, stated
from crawler.platforms.generic_fields import FIELDS, member
from crawler.platforms.generic_printed import PLAIN_TYPE, SCRIPT
from crawler.platforms.generic_records import TEMPLATE, WORDED, day_of, number_of, record, title_of
from crawler.platforms.generic_script import Script
from crawler.platforms.links import absolute
from crawler.platforms.page import read_json
from crawler.platforms.pager import PAGES, RECORDS
from crawler.platforms.rows import Row, parse_html, read_rows, text_of
from crawler.platforms.words import WORDS
from crawler.titles import read_title

MAX_DEPTH = 12
MAX_DATA = 200_000  # members of one answer that are looked at
MARKUP = re.compile(r"<(?:a|li|tr|dd|td)\b[^>]*>", re.IGNORECASE)
CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
XML = re.compile(
    r"^\s*(?:<\?xml\b|<(?!!|html\b|div\b|ul\b|li\b|table\b|tr\b|dl\b|p\b|span\b|a\b|script\b|body\b|head\b)[\w:]+[^>]*>)",
    re.IGNORECASE,
)
ISLAND = re.compile(
    r"<(?P<tag>textarea|xmp|template|datastore|xml)\b[^>]*>(?P<text>.*?)</(?P=tag)\s*>",
    re.DOTALL | re.IGNORECASE,
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
DRAWN = re.compile(r"(?i)(?:^|[\s_\-])(?:page|pages|pager|paging|fenye)(?:$|[\s_\-])")


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one carrier and what it states of the whole list. `empty`: it says that there are none."""

    rows: tuple[Row, ...] = ()
    total: int | None = None
    pages: int | None = None
    empty: bool = False


@dataclass
class _Gathered:
    """What was met while going through an answer."""

    base: str
    records: list[Row] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    seen: int = 0
    hollow: bool = False  # a list without entries was met


def read_answer(text: str, base: str) -> Found | None:
    """The rows of an endpoint's answer: JSON, JSONP, XML, script, a piece of markup; None for none."""
    text = text.strip().lstrip("\ufeff").strip()
    if not text:
        return None
    data = _json(text)
    if isinstance(data, dict | list):
        return from_data(data, base)
    if XML.match(text):
        return from_xml(text, base)
    if "<" not in text.split("'", 1)[0].split('"', 1)[0]:  # script: markup only inside its texts
        values = Script(text).assigned()
        return from_data(values, base) if values else None
    return from_markup(text, base)


def from_data(data: object, base: str) -> Found:
    """The records of nested objects and lists, and of markup in their texts."""
    met = _Gathered(base)
    _gather(data, met, 0)
    found = [from_markup("\n".join(met.markup), base)] if met.markup else []
    rows = [*met.records, *(row for part in found for row in part.rows)]
    total = next((n for n in met.totals if n >= len(rows)), None)
    pages = next(iter(met.pages), None)
    if total is None:
        total = next((part.total for part in found if part.total is not None), None)
    pages = pages or next((part.pages for part in found if part.pages), None)
    empty = not rows and (total == 0 or (met.hollow and not met.totals) or any(part.empty for part in found))
    return Found(tuple(rows), total, pages, empty)


def _gather(data: object, met: _Gathered, depth: int) -> None:
    met.seen += 1
    if depth > MAX_DEPTH or met.seen > MAX_DATA:
        return
    if isinstance(data, Mapping):
        if row := record(data, met.base):
            met.records.append(row)
            return
        _totals(data, met)
        for value in data.values():
            _gather(value, met, depth + 1)
    elif isinstance(data, list):
        met.hollow = met.hollow or not data
        for value in data:
            _gather(value, met, depth + 1)
    elif isinstance(data, str) and len(data) > 20 and "<" in data:
        if XML.match(data) and CDATA.search(data):
            _gather_xml(data, met)
        elif MARKUP.search(data):
            met.markup.append(data)


def _totals(data: Mapping[str, object], met: _Gathered) -> None:
    for names, numbers in ((FIELDS.members.total, met.totals), (FIELDS.members.pages, met.pages)):
        number = number_of(member(data, names))
        if number is not None:
            numbers.append(number)


def from_xml(text: str, base: str) -> Found:
    """The records of an XML answer or island: markup in CDATA, or elements that are members."""
    met = _Gathered(base)
    _gather_xml(text, met)
    part = from_markup("\n".join(met.markup), base) if met.markup else Found()
    rows = (*met.records, *part.rows)
    total = next((n for n in met.totals if n >= len(rows)), part.total)
    return Found(rows, total, next(iter(met.pages), part.pages), not rows and total == 0)


def _gather_xml(text: str, met: _Gathered) -> None:
    pieces = CDATA.findall(text)
    marked = [piece for piece in pieces if MARKUP.search(piece) and text_of(parse_html(piece))]
    met.markup += marked
    try:
        tree = etree.fromstring(
            text.strip().encode(), etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        )
    except etree.XMLSyntaxError:
        return
    if tree is None:
        return
    for element in tree.iter(etree.Element):
        members = {str(child.tag): child.text or "" for child in element if isinstance(child.tag, str)}
        if not members:
            continue
        _totals(members, met)
        if not marked and (row := record(members, met.base)):
            met.records.append(row)


def from_markup(text: str, base: str) -> Found:
    """The rows of a piece of markup: its links, their attributes, and what it says of the whole list."""
    tree = parse_html(text)
    rows = [_by_attributes(row, tree, base) for row in read_rows(tree, base, lambda _: True)]
    counts = [number_of(value) for value in tree.xpath("//@count | //@data-count | //@data-total | //@total")]
    pages, records = PAGES.search(text), RECORDS.search(text)
    total = stated(WORDS.stated_total, tree)
    if total is None:
        total = next((n for n in counts if n is not None), None) or (int(records[1]) if records else None)
    number = stated(WORDS.stated_pages, tree) or (int(pages[1]) if pages else None)
    return Found(tuple(rows), total, number, not rows and says_empty(tree))


def _by_attributes(row: Row, tree: HtmlElement, base: str) -> Row:
    """What the link's own attributes tell and its text does not: a whole title, a day."""
    if row.date is not None and not read_title(row.title).cut:
        return row
    for anchor in tree.iter("a"):
        if len(anchor.attrib) < 3 or absolute(base, anchor.get("href")) != row.url:
            continue
        told = {str(key).removeprefix("data-"): value for key, value in anchor.attrib.items()}
        title = title_of(told, {})
        whole = title if title and len(title) > len(row.title.rstrip("….")) else row.title
        return replace(row, title=whole, date=row.date or day_of(told))
    return row


def embedded(text: str, base: str) -> Iterator[Found]:
    """What the page itself carries beside its markup, each carrier by itself. Comments are not read."""
    text = COMMENT.sub(
        lambda m: m.group() if "<script" not in m.group() and "<li" not in m.group() else "", text
    )
    for found in SCRIPT.finditer(text):
        inner = found["text"].strip()
        if len(inner) < 40:
            continue
        if PLAIN_TYPE.search(found["tag"]):
            yield from _island(inner, base)
        else:
            yield from _in_script(inner, base)
    for found in ISLAND.finditer(SCRIPT.sub("", text)):
        yield from _island(
            unescape(found["text"]) if found["tag"].lower() == "textarea" else found["text"], base
        )
    for value in _attributes(text):
        yield from_data(_json(value), base)


def _island(text: str, base: str) -> Iterator[Found]:
    if TEMPLATE.search(text):
        return
    data = _json(text)
    if isinstance(data, dict | list):
        yield from_data(data, base)
        return
    found = from_xml(text, base) if XML.match(text) else from_markup(text, base)
    if found.rows:
        yield found


def _json(text: str) -> object:
    """The text as JSON; None for anything else, and for what is nested without end."""
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return None


def _in_script(text: str, base: str) -> Iterator[Found]:
    if not WORDED.search(text) and "\\u" not in text:
        return
    script = Script(text)
    carriers: Iterable[object] = [*script.objects(), *script.lists()]
    for carrier in carriers:
        found = from_data(carrier, base)
        if found.rows:
            yield found


def _attributes(text: str) -> Iterator[str]:
    """Attributes that hold JSON with records."""
    for found in re.finditer(r"\s(?:data-|:)[\w\-]+=(?:\"(?P<d>[^\"]{40,})\"|'(?P<s>[^']{40,})')", text):
        value = unescape(found["d"] or found["s"]).strip()
        if value[:1] in "[{":
            yield value


def menu_entries(text: str, base: str) -> Iterator[Row]:
    """Entries of menus and trees in a script: a name with an address."""
    if not WORDED.search(text) and "\\u" not in text:
        return
    pending: list[object] = [*Script(text).objects()]
    while pending:
        found = pending.pop()
        if isinstance(found, Mapping):
            if row := record(found, base):
                yield row
            pending += [value for value in found.values() if isinstance(value, Mapping | list)]
        elif isinstance(found, list):
            pending += found[:500]


def drawn_pager(tree: HtmlElement) -> bool:
    """Whether an empty place for a pager stands on the page, which only a script fills."""
    return any(
        DRAWN.search(f"{box.get('id') or ''} {box.get('class') or ''}") and not text_of(box) and not len(box)
        for box in tree.iter("div", "ul", "span", "td", "p")
    )
