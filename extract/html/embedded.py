"""A body that a script would write into the page: markup in a string, a text area or a template, or in JSON.

Looked for only where the page itself says next to nothing. The longest such markup is taken; it is parsed
like a page, and its locators follow that of the element that holds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape, unescape
from itertools import islice

from lxml import etree

from extract.blocks import placed
from extract.errors import Unreadable
from extract.html.data_fields import fields_of
from extract.html.tree import Page
from extract.html.walk import walk
from parser.document import Block, MetaValue

MIN_HAN = 300  # Chinese characters from which markup in a string is a text and no button
MIN_TITLED = 20  # … where an answer in JSON gives a title beside it
MAX_SCRIPT = 4_000_000
MAX_VALUES = 20_000  # of a JSON answer
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'|" + r"`(?:[^`\\]|\\.)*`", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "\n": ""}
_MARKUP = re.compile(r"<(?:p|div|table|br|span|section)\b", re.IGNORECASE)
_HAN = re.compile("[\u4e00-\u9fff]")
_HOLDERS = ("script", "textarea", "template", "xmp")
_TITLES = ("title", "articletitle", "doctitle", "infotitle", "标题", "名称", "name", "subject")
_CALL = re.compile(r"\s*[\w$.]{1,60}\s*\(\s*(?P<told>[{\[].*[}\]])\s*\)\s*;?\s*", re.DOTALL)
_OBJECT = re.compile(r"\s*(?:\{\s*\"|\[\s*\{)")
_ASSIGNED = re.compile(r"=\s*(?=\{\s*\")")
_DECLARED = re.compile(r"[\ufeff\s]*<\?xml[^>]*\?>\s*")
_NO_ANSWER = re.compile(r"<html|<!DOCTYPE|<!ENTITY|<body", re.IGNORECASE)
WITHIN = 3000
MAX_ASSIGNED = 20
_OWN_TITLE = re.compile(r"^(?!sub|site|column|channel|node|page|seo|short|list).*title$")
_DAYS = ("publishedtime", "publishtime", "pubdate", "publishdate", "display_publish_time", "pubtime", "date")


def embedded_blocks(page: Page) -> list[Block]:
    """The blocks of the longest markup that the page carries without showing it; empty for none."""
    found = ""
    place = ""
    for holder in page.root.iter(*_HOLDERS):
        text = "".join(str(part) for part in holder.itertext())
        for markup in _strings(text) if holder.tag == "script" else (text,):
            if len(markup) > len(found) and _is_text(markup):
                found, place = markup, page.locator(holder)
    if not found and (state := state_of_scripts(page)) is not None:
        found, place = state.markup, state.place  # too short to be known by itself
    if not found:
        return []
    try:
        inner = Page(found)
    except Unreadable:
        return []
    return [placed(block, place) for block in walk(inner, inner.root)]


@dataclass(frozen=True)
class PageOfJson:
    """A page made of an answer in JSON, and what the answer says of it beside its text."""

    page: str
    fields: list[MetaValue]
    title: str
    markup: str
    place: str = ""


def page_of_json(text: str) -> PageOfJson | None:
    """The longest markup of an answer in JSON, with the title and the fields beside it; None without any.

    The answer may be the argument of a function's call, an object in it JSON once more, its markup escaped.
    """
    text = text.lstrip("\ufeff")
    called = _CALL.fullmatch(text)
    try:
        data = json.loads(called["told"] if called else text)
    except (ValueError, RecursionError):
        return None
    return _page_of(data)


def page_of_xml(text: str) -> PageOfJson | None:
    """The same of an answer in XML that is no page: `<root><title>…</title><content><![CDATA[…`."""
    declared = _DECLARED.match(text)
    if declared is None or _NO_ANSWER.search(text[:WITHIN]):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(text[declared.end() :].encode(), parser)  # its charset is no longer true
    except (etree.XMLSyntaxError, ValueError):
        return None
    holders = (element for element in root.iter(etree.Element) if len(element)) if root is not None else ()
    told = [{str(inner.tag): inner.text or "" for inner in holder if not len(inner)} for holder in holders]
    return _page_of(told)


def state_of_scripts(page: Page) -> PageOfJson | None:
    """The same of the object from which a script draws the page: `window.__INITIAL_STATE__ = {…}`."""
    for script in page.root.iter("script"):
        text = script.text or ""
        if not MIN_HAN < len(text) <= MAX_SCRIPT:
            continue
        for start in islice(_ASSIGNED.finditer(text), MAX_ASSIGNED):
            try:
                data, _ = json.JSONDecoder().raw_decode(text, start.end())
            except (ValueError, RecursionError):
                continue
            if (found := _page_of(data)) is not None:
                return replace(found, place=page.locator(script))
    return None


def _page_of(data: object) -> PageOfJson | None:
    best: tuple[str, dict[str, object]] = ("", {})
    short: list[tuple[str, dict[str, object]]] = []
    stack: list[object] = [data]
    for _ in range(MAX_VALUES):
        if not stack:
            break
        value = stack.pop()
        if isinstance(value, str):
            stack += _within(value)
        elif isinstance(value, dict):
            for inner in map(_markup_of, value.values()):
                if len(inner) <= len(best[0]):
                    continue
                if _is_text(inner):
                    best = inner, value
                elif _is_text(inner, MIN_TITLED) and _title_of(value):
                    short.append((inner, value))
            stack += value.values()
        elif isinstance(value, list):
            stack += value
    markup, around = short[0] if not best[0] and len(short) == 1 else best
    if not markup:
        return None
    told = _told(around)
    title = _title_of(around)
    fields = fields_of({str(key): value for key, value in around.items()}, "")
    known = any(field.field == "published" for field in fields)
    day = "" if known else next((told[key] for key in _DAYS if told.get(key)), "")
    head = f'<title>{escape(title)}</title><meta name="PubDate" content="{escape(day)}">'
    page = f'<html><head>{head}</head><body><div id="zoom">{markup}</div></body></html>'
    return PageOfJson(page, fields, title, markup)


def _within(text: str) -> list[object]:
    """What a string holds that is JSON itself."""
    try:
        return [json.loads(text)] if _OBJECT.match(text) else []
    except (ValueError, RecursionError):
        return []


def _markup_of(value: object) -> str:
    if not isinstance(value, str) or _OBJECT.match(value):
        return ""
    return unescape(value) if "&lt;" in value and _MARKUP.search(value) is None else value


def _told(around: dict[str, object]) -> dict[str, str]:
    return {str(key).lower(): str(value) for key, value in around.items() if isinstance(value, str | int)}


def _title_of(around: dict[str, object]) -> str:
    told = _told(around)
    named = [told[key] for key in _TITLES if told.get(key)]
    return next(iter([*named, *(text for key, text in told.items() if _OWN_TITLE.search(key) and text)]), "")


def _is_text(markup: str, least: int = MIN_HAN) -> bool:
    if len(markup) < least or _MARKUP.search(markup) is None:
        return False
    return sum(1 for _ in _HAN.finditer(markup, 0, 200_000)) >= least


def _strings(script: str) -> Iterator[str]:
    """The string literals of a script, unescaped."""
    if len(script) < MIN_HAN or len(script) > MAX_SCRIPT or _MARKUP.search(script) is None:
        return
    for match in _STRING.finditer(script):
        if len(match.group()) > MIN_HAN:
            yield _ESCAPE.sub(_unescaped, match.group()[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _NAMED.get(code, code)
