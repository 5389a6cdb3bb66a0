"""One HTML page → Reading: body, metadata, title, attachments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, reduce

from lxml.etree import _Element as Element

from extract.blocks import block_text, joint, normalise
from extract.charset import Decoded, decode
from extract.dateline import add_dateline
from extract.html.attachments import read_attachments
from extract.html.attributes import attribute_values, is_value
from extract.html.beside import PageMarkup
from extract.html.body import Body, find_body
from extract.html.data_fields import page_fields
from extract.html.embedded import embedded_blocks, page_of_json, page_of_xml, state_of_scripts
from extract.html.images import as_attachments, pictures, tables_as_pictures
from extract.html.lines import tables_in_lines
from extract.html.meta_tags import marked_day, read_meta_tags
from extract.html.tree import Page, words_of
from extract.html.walk import walk
from extract.metadata import clean, read_metadata
from extract.normal import Normaliser
from extract.reading import Reading
from extract.title import Candidate, choose, in_body, merge_title, over_body, parts_of_page_title
from parser.document import Block, Finding, Grid, MetaValue, Paragraph, Severity, Source

_TITLE_CLASSES = ("title", "bt", "tit", "biaoti", "headline")
_TITLE_TAGS = frozenset({"h1", "h2", "ucaptitle"})
_TITLED_TAGS = frozenset({"div", "p", "td", "span", "strong"})
_PLACE_TAGS = frozenset({"div", "ul", "p", "td", "span"})
MIN_SHOWN = 300  # characters of a body below which a script may be the one to write it
MIN_TEXT = 60  # characters of a body that says anything by itself


def read_html(payload: bytes, headers: Sequence[tuple[str, str]], source: Source) -> Reading:
    """Raises Unreadable where the payload holds no markup at all."""
    decoded = decode(payload, headers)
    found = page_of_xml(decoded.text)
    if found is not None:
        return _read_page(replace(decoded, text=found.page), source, found.fields)
    return _read_page(decoded, source)


def read_json(payload: bytes, headers: Sequence[tuple[str, str]], source: Source) -> Reading | None:
    """An answer in JSON that holds a document's markup; None where it holds none."""
    decoded = decode(payload, headers)
    found = page_of_json(decoded.text)
    return None if found is None else _read_page(replace(decoded, text=found.page), source, found.fields)


def _read_page(decoded: Decoded, source: Source, told: Sequence[MetaValue] = ()) -> Reading:
    page = Page(decoded.text)
    body = _whole_body(page, find_body(page))
    whole = page.root.find("body")
    everything = walk(page, page.root if whole is None else whole, marks=True)
    normaliser = Normaliser("\n".join(block_text(block) for block in everything))
    places = [b.locator for b in body.blocks]
    metadata = read_metadata(everything, places, normaliser, PageMarkup(page))
    tags = read_meta_tags(page)
    if (day := marked_day(page)) and not any(tag.field == "published" and tag.value for tag in tags):
        tags.append(day)
    named = attribute_values(page, metadata.values)
    if body.how == "embedded" and (state := state_of_scripts(page)) is not None:
        told = [*told, *state.fields]
        if state.title:
            told.append(MetaValue("name", state.title, state.title, "json", state.place))
    values = [*metadata.values, *named, *page_fields(page), *told, *tags]
    own = [b for b in body.blocks if not metadata.holds(b) and not (named and is_value(b, named))]
    own = tables_in_lines(page, own)
    blocks = list(normalise(own, normaliser))
    reading = Reading("text/html", decoded.charset, blocks=blocks, metadata=values)
    reading.attachments = read_attachments(page, source.url)
    reading.findings = [
        *decoded.findings,
        *page.findings,
        *metadata.findings,
        *_body_findings(page, body, reading, source.url),
    ]
    titles = [tag.text or "" for tag in page.root.iter("title")]
    reading.around = "\n".join([*titles, *(block_text(block) for block in everything)])
    over = _over_body(page, body, everything)
    _set_title(reading, page, over, normaliser, source)
    add_dateline(reading, everything)
    return reading


def _whole_body(page: Page, body: Body) -> Body:
    """The body, or where it says next to nothing what a script would write into the page."""
    told = sum(len(b.text) if isinstance(b, Paragraph) else len(b.cells) for b in body.blocks)
    blocks = embedded_blocks(page) if told < MIN_SHOWN else []
    return Body(blocks, body.elements, "embedded") if blocks else body


def _over_body(page: Page, body: Body, everything: Sequence[Block]) -> list[Block]:
    """The paragraphs of the page that stand before its body and lead nowhere."""
    first = body.blocks[0].locator if body.blocks else None
    found: list[Block] = []
    for block in everything:
        if block.locator == first:
            break
        if isinstance(block, Paragraph) and next(page.at(block.locator).iter("a"), None) is None:
            text = clean(block.text)
            found.append(Paragraph(text, text, block.locator))
    return found


def _set_title(
    reading: Reading, page: Page, over: Sequence[Block], normaliser: Normaliser, source: Source
) -> None:
    values = reading.metadata
    candidates = [Candidate(v.value, v.locator, 5) for v in values if v.field == "name" and v.value]
    candidates += _headings(page)
    candidates += in_body(reading.blocks) or over_body(normalise(over, normaliser))
    for tag in page.root.iter("title"):
        if tag.text and next(tag.iterancestors("svg"), None) is None:
            candidates += parts_of_page_title(clean(tag.text), page.locator(tag))
    if source.list_title:
        candidates.append(Candidate(clean(source.list_title), "", 3))
    names = [v.value for v in values if v.field in {"column_name", "column_type", "site_name"} and v.value]
    names += _breadcrumb(page)
    if normaliser.changes_words:
        candidates = [replace(c, plain=normaliser.plain(c.text)) for c in candidates]
    chosen = choose(candidates, [normaliser.plain(name) for name in names])
    if chosen is None:
        return
    reading.title, reading.title_locator = chosen.text, chosen.locator
    reading.blocks, printed = merge_title(reading.blocks, chosen.text)
    reading.title_locator = printed or reading.title_locator


def _headings(page: Page) -> list[Candidate]:
    """h1–h3 and elements whose class or id says title, where they stand outside menus."""
    found: list[Candidate] = []
    for element, tag, class_, id_ in page.named:
        is_heading = tag in _TITLE_TAGS
        if not is_heading and tag != "h3" and (tag not in _TITLED_TAGS or not _is_titled(class_, id_)):
            continue
        text = clean(reduce(_joined, page.text_of(element).split("\n")))
        if 4 <= len(text) <= 120:
            found.append(Candidate(text, page.locator(element), 4 if is_heading else 3))
    return found[:40]


def _joined(before: str, after: str) -> str:
    return f"{before}{joint(before, after)}{after}"


@lru_cache(maxsize=4096)
def _is_titled(class_: str, id_: str) -> bool:
    names = [*words_of(class_), id_.lower()]
    return any(name.endswith(_TITLE_CLASSES) or name.startswith("title") for name in names if name)


def _breadcrumb(page: Page) -> list[str]:
    """Texts of links in a place line: names of columns."""
    found: list[str] = []
    for element, tag, class_, id_ in page.named:
        text = page.text_of(element) if tag in _PLACE_TAGS and _says_place(class_, id_) else ""
        if text and len(text) < 300:
            found += [clean(page.text_of(link)) for link in element.iter("a")]
    return [name for name in found if name]


@lru_cache(maxsize=4096)
def _says_place(class_: str, id_: str) -> bool:
    names = " ".join([*words_of(class_), id_.lower()])
    return any(word in names for word in ("crumb", "location", "weizhi", "position", "dqwz", "bread", "wz"))


_SMALL_FRAME = 100  # pixels of a side


def _body_findings(page: Page, body: Body, reading: Reading, url: str | None) -> list[Finding]:
    found: list[Finding] = []
    text = sum(len(b.text) for b in reading.blocks if isinstance(b, Paragraph))
    grids = any(isinstance(b, Grid) for b in reading.blocks)
    if body.how == "embedded":
        message = "正文取自页面脚本中的内容 the body was read from what a script would write into the page"
        found.append(Finding("embedded_body", Severity.INFO, message, body.blocks[0].locator))
    if body.how in {"narrative", "page"}:
        message = "未识别正文容器，按叙述文字判定 no known body container: the narrative decided"
        found.append(Finding("body_unknown", Severity.INFO, message, page.locator(body.elements[0])))
    if text < MIN_TEXT and not grids:
        frames = [f for f in page.root.iter("iframe", "frame") if _shows_a_page(f)]
        images = pictures(page, body.elements)
        if reading.attachments:
            message = "正文仅有附件，请查看附件 the body is an attachment"
            found.append(Finding("attachment_only", Severity.INFO, message, reading.attachments[0].locator))
        elif frames:
            message = f"正文在框架页 {frames[0].get('src')} 中 the body is in a frame: read that page"
            found.append(Finding("framed_body", Severity.WARN, message, page.locator(frames[0])))
        elif images:
            message = "正文仅有图片，无法读取文字 the body is an image"
            found += [Finding("image_only", Severity.WARN, message, page.locator(image)) for image in images]
            reading.attachments += as_attachments(page, images, url)
        return found
    images = tables_as_pictures(page, body.elements, reading.blocks)
    message = "表格处为图片，其中数字未读取 a picture stands where a table should: its numbers were not read"
    found += [Finding("table_image", Severity.WARN, message, page.locator(image)) for image in images]
    reading.attachments += as_attachments(page, images, url)
    return found


def _shows_a_page(frame: Element) -> bool:
    """Not an empty frame, nor a strip too small for a text: the weather, a counter."""
    source = (frame.get("src") or "").strip().lower()
    sides = [(frame.get(side) or "").strip().removesuffix("px") for side in ("width", "height")]
    small = any(side.isdecimal() and int(side) < _SMALL_FRAME for side in sides)
    return bool(source) and not small and not source.startswith(("about:", "javascript:", "#"))
