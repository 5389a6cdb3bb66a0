"""What a page tells that its scripts use: variables, meta tags, fields, attributes, its own address."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from crawler.platforms.generic_fields import FIELDS, means, plain
from crawler.platforms.generic_printed import scripts_of
from crawler.platforms.generic_script import Script
from crawler.platforms.generic_words import COLUMN_WORDS

# What stands in an endpoint where a number goes: the page, where a piece begins and ends, rows before it.
PAGE, START, END, OFFSET = "\ue000", "\ue001", "\ue002", "\ue003"
MARKS = {"page": PAGE, "start": START, "end": END}
ALL_MARKS = f"{PAGE}{START}{END}{OFFSET}"
SIZE = 20  # rows asked for at once where a script computes the number
DEPTH, MOST = 8, 500  # of a menu: how deep it is read, how many entries of one branch
TITLES = {"name", "title", "text", "label"}
ID = re.compile(r"(?i)^(?!.*parent).*(?:id|code)$")
IDS = (
    "id",
    "catid",
    "categoryid",
    "channelid",
    "columnid",
    "nodeid",
    "cid",
)  # what scripts call an entry's id


class Known:
    """What a page tells that its scripts use: values of variables, fields and parameters by plain name."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = dict(values)

    def __call__(self, path: str) -> object:
        """The value of a name; a mark where the name says page, start or end; None where nothing is known."""
        name = path.rpartition(".")[2]
        kind = means(name)
        if kind in MARKS:
            return MARKS[kind]
        value = self.values.get(plain(name))
        if value is None and kind == "size":
            return SIZE
        return value

    @property
    def first(self) -> int | None:
        """The number with which a script begins to count pages, where a variable tells."""
        told = (value for name, value in self.values.items() if means(name) == "page")
        return next((value for value in told if value in (0, 1) and isinstance(value, int)), None)

    @classmethod
    def of_page(cls, tree: HtmlElement, text: str, url: str) -> Known:
        values: dict[str, object] = {}
        for script in scripts_of(text):
            read = Script(script)
            for name, value in read.assigned().items():
                _remember(values, name, value)
            for found in read.objects():
                _remember_object(values, found)
        for element in tree.iter("meta", "input"):
            named = element.get("name") or element.get("id") or ""
            _remember(values, named, element.get("content") or element.get("value") or "")
            for key, value in element.attrib.items():
                if str(key) not in {
                    "name",
                    "content",
                    "id",
                    "type",
                    "value",
                    "class",
                    "charset",
                    "http-equiv",
                }:
                    _remember(values, str(key), value)
        parts = urlsplit(url)
        for name, value in parse_qsl(parts.query):
            values[plain(name)] = value
        if parts.fragment.isdigit():
            values["id"] = parts.fragment
        return cls(values)

    def with_script(self, text: str) -> Known:
        """The same and what a script file says; what the page says stays."""
        values = dict(self.values)
        read = Script(text)
        for name, value in read.assigned().items():
            _remember(values, name, value)
        for found in read.objects():
            given: dict[str, object] = {}
            _remember_object(given, found)
            values = {**given, **values}
        return Known(values)

    def dumped(self) -> str:
        kept = {k: v for k, v in self.values.items() if len(str(v)) < 400}
        return json.dumps(dict(list(kept.items())[:200]), ensure_ascii=False)


def _remember(values: dict[str, object], name: str, value: object) -> None:
    if plain(name) and isinstance(value, str | int) and value != "":
        values.setdefault(plain(name), value)


def _remember_object(values: dict[str, object], found: Mapping[str, object], depth: int = 0) -> None:
    """The members of an object; of a menu, the id of the entry that is named as a column of reports."""
    title = next((v for k, v in found.items() if plain(k) in TITLES), None)
    if isinstance(title, str) and _is_column(title):
        for key, value in found.items():
            if ID.search(key) and isinstance(value, str | int):
                for name in (*IDS, plain(key)):
                    values.setdefault(name, value)
    if depth > DEPTH:
        return
    is_entry = isinstance(title, str) and depth > 0
    for key, value in found.items():
        if isinstance(value, dict):
            _remember_params(values, key, value)
            _remember_object(values, value, depth + 1)
        elif isinstance(value, list):
            for inner in (inner for inner in value[:MOST] if isinstance(inner, dict)):
                _remember_object(values, inner, depth + 1)
        elif not is_entry:
            _remember(values, key, value)


def _remember_params(values: dict[str, object], key: str, value: Mapping[str, object]) -> None:
    """An object of parameters, which a script may name as a whole."""
    plainly = {name: inner for name, inner in value.items() if isinstance(inner, str | int)}
    if plainly and plain(key) in FIELDS.asked.data:
        values.setdefault(plain(key), plainly)


def _is_column(title: str) -> bool:
    return bool(COLUMN_WORDS.column_name.search(title) and not COLUMN_WORDS.not_a_column.search(title))
