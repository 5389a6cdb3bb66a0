"""Datastores: records of HTML in an XML island, in an answer of script, in JSONP (portals.md §4.1)."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crawler.platforms.page import read_json

ISLAND = re.compile(r"<datastore\b[^>]*?(?:/>|>(?P<inner>.*?)</datastore\s*>)", re.DOTALL | re.IGNORECASE)
HIDDEN = re.compile(r"<!--(?:(?!-->).)*?<datastore\b.*?-->", re.DOTALL | re.IGNORECASE)
RECORD = re.compile(
    r"<record\b[^>]*>\s*(?:<!\[CDATA\[)?(?P<html>.*?)(?:\]\]>)?\s*</record\s*>", re.DOTALL | re.IGNORECASE
)
NEXT_GROUP = re.compile(
    r"<nextgroup\b[^>]*>.*?href\s*=\s*[\"']?(?P<url>[^\"'<>\s]+)", re.DOTALL | re.IGNORECASE
)
TEMPLATE = re.compile(r"\$\{|\{\{|<%|<#|\{\$")  # a script's template for records, not records
SCRIPT_STORE = re.compile(r"\bdataStore[\"']?\s*[:=]\s*\[", re.IGNORECASE)
ITEM = re.compile(r"[\s,]*(?:'(?P<s>(?:[^'\\]|\\.)*)'|\"(?P<d>(?:[^\"\\]|\\.)*)\")", re.DOTALL)
END = re.compile(r"[\s,]*\]")
TOTAL = re.compile(r"total_?records?[\"']?\s*>?\s*[:=]?\s*[\"']?(?P<n>\d+)", re.IGNORECASE)
PAGES = re.compile(r"total_?pages?[\"']?\s*>?\s*[:=]?\s*[\"']?(?P<n>\d+)", re.IGNORECASE)
ESCAPE = re.compile(r"\\(?:u(?P<u>[0-9a-fA-F]{4})|x(?P<x>[0-9a-fA-F]{2})|(?P<c>.))", re.DOTALL)
CONTROL = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": ""}


@dataclass(frozen=True, slots=True)
class Store:
    """A datastore: its records' HTML, what it states of the whole list, the address of more as printed."""

    records: tuple[str, ...]
    total: int | None = None
    pages: int | None = None
    more: str | None = None
    at: int = -1  # where it begins in its page's text


def islands(text: str) -> list[Store]:
    """The datastores of a page, those in comments and a script's templates of records left out."""
    text = HIDDEN.sub(lambda found: " " * len(found.group()), text)
    if "<datastore" not in text.lower() and "&lt;datastore" in text.lower():
        text = entities.unescape(text)
    found = []
    for island in ISLAND.finditer(text):
        inner = island["inner"] or ""
        records = [_plain(record["html"]) for record in RECORD.finditer(inner)]
        kept = tuple(record for record in records if not TEMPLATE.search(record))
        if records and not kept:
            continue
        around = RECORD.sub("", inner)
        more = NEXT_GROUP.search(around)
        url = entities.unescape(more["url"]) if more else None
        found.append(Store(kept, number(TOTAL, around), number(PAGES, around), url, island.start()))
    return found


def without_islands(text: str) -> str:
    """The page without its datastores: what its script says."""
    return ISLAND.sub("", HIDDEN.sub("", text))


def script_store(text: str) -> Store | None:
    """`totalRecord=714.0;totalPage = 27;dataStore = ['…','…']` (甘肃 2020); None where none is whole."""
    for found in SCRIPT_STORE.finditer(text):
        records: list[str] = []
        place = found.end()
        while item := ITEM.match(text, place):
            records.append(unescaped(item["s"] if item["s"] is not None else item["d"]))
            place = item.end()
        if END.match(text, place):
            beside = text[: found.start()] + text[place : place + 400]
            return Store(tuple(records), number(TOTAL, beside), number(PAGES, beside), None, found.start())
    return None


def answered_store(text: str) -> Store | None:
    """The datastore of an endpoint's answer in whatever wrapping; None where it holds none."""
    plain = text.lstrip("\ufeff\r\n\t ")
    if store := script_store(plain):
        return store
    fragment = next(_fragments(plain), None)
    if fragment is None:
        fragment = unescaped(plain) if re.match(r"[\w.$]+\s*\(\s*[\"']", plain) else plain
    if found := islands(fragment):
        return max(found, key=lambda store: len(store.records))
    if fragment is not plain and "<a " in fragment.lower():
        return Store((fragment,), number(TOTAL, plain), number(PAGES, plain))
    return None


def number(pattern: re.Pattern[str], text: str) -> int | None:
    """The number in the group `n`."""
    found = pattern.search(text)
    return int(found["n"]) if found else None


def unescaped(text: str) -> str:
    r"""A string of script without its escapes: \', \/, \uXXXX."""

    def one(found: re.Match[str]) -> str:
        code = found["u"] or found["x"]
        if code:
            return chr(int(code, 16))
        return CONTROL.get(found["c"], found["c"])

    return ESCAPE.sub(one, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(record: str) -> str:
    return entities.unescape(record) if "&lt;" in record and "<a" not in record.lower() else record


def _fragments(text: str) -> Iterator[str]:
    """Strings of HTML or XML inside a JSON or JSONP answer."""
    try:
        yield from _strings(read_json(text))
    except (ValueError, RecursionError):
        return


def _strings(node: Any) -> Iterator[str]:  # noqa: ANN401 — JSON
    if isinstance(node, str):
        if "<" in node:
            yield node
    elif isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _strings(item)
