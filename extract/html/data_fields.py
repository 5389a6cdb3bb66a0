"""Metadata that a page or an answer carries as data: JSON objects, `_CONFIG.DETAIL`, attributes of a link.

An object is read as JSON, or else as the literal of a script: bare keys, single quotes, `JSON.parse('…')`.

See portals.md §4.1, §4.3, §4.4 and §5. The keys are a data table (labels.yml); where the page prints a row,
that stands before what its data say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from extract.data_tables import labels
from extract.html.tree import Page
from extract.metadata import clean, is_placeholder
from extract.metadata_labels import named
from parser.document import MetaValue

SOURCE = "json"
MAX_SCRIPT = 4_000_000
MAX_DOMAIN = 50  # entries of a domainMetaList
MAX_LITERAL = 100_000
MAX_VALUES = 20_000
_STRING = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_DETAIL = re.compile(
    rf"[\"']?\bDETAIL[\"']?\s*[:=]\s*(?:(?=\{{)|JSON\.parse\(\s*(?P<parsed>{_STRING}))", re.DOTALL
)
_TOKEN = re.compile(
    rf"(?P<open>[{{\[])|(?P<close>[}}\]])"
    rf"|[\"']?(?P<key>[A-Za-z_]\w*)[\"']?\s*:\s*(?P<value>{_STRING}|-?\d+(?:\.\d+)?)|{_STRING}",
    re.DOTALL,
)
_ATTRIBUTES = {"mc": "name", "wh": "document_number", "rq": "published", "syh": "index_number"}


def fields_of(data: Mapping[str, object], locator: str) -> list[MetaValue]:
    """The fields of one JSON object, in the order of its keys; of two keys for a field both are kept."""
    found: list[MetaValue] = []
    for key, value in _pairs(data):
        field = _field_of(key)
        if field is None or isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        text = clean(str(value))
        if text:
            told = None if is_placeholder(field, text) else text
            found.append(MetaValue(field, told, text, SOURCE, f"{locator} {key}".strip()))
    return found


def _field_of(key: str) -> str | None:
    """By the table of keys, or where the key is a label in Chinese."""
    keys = labels().json_keys
    field = keys.get(key.lower()) or keys.get(key.lower().replace("_", ""))
    if field is None and not key.isascii():
        label = named(key)
        field = label.field if label is not None else None
    return field


def _pairs(data: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    yield from data.items()
    listed = data.get("domainMetaList")
    for entry in listed[:MAX_DOMAIN] if isinstance(listed, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("resultList"), list):
            for inner in entry["resultList"][:MAX_DOMAIN]:
                if isinstance(inner, dict) and isinstance(inner.get("key"), str):
                    yield inner["key"], inner.get("value")
        elif isinstance(entry, dict) and isinstance(entry.get("key"), str):
            yield entry["key"], entry.get("value")


def page_fields(page: Page) -> list[MetaValue]:
    """What the page's scripts and attributes say of its document."""
    return [*_details(page), *_islands(page), *_attributes(page)]


def _details(page: Page) -> list[MetaValue]:
    for script in page.root.iter("script"):
        text = script.text or ""
        match = _DETAIL.search(text) if "DETAIL" in text and len(text) <= MAX_SCRIPT else None
        if match is not None:
            return fields_of(_object(text, match), f"{page.locator(script)} DETAIL")
    return []


def _object(text: str, match: re.Match[str]) -> dict[str, object]:
    """The object that begins where the match ends; empty where it is none."""
    try:
        if match["parsed"]:
            told, at = _unquoted(match["parsed"]), 0
        else:
            told, at = text, match.end()
        data, _ = json.JSONDecoder().raw_decode(told, at)
    except (ValueError, RecursionError):
        return _literal(text[match.end() : match.end() + MAX_LITERAL])
    return data if isinstance(data, dict) else {}


def _unquoted(literal: str) -> str:
    """The text of a script's string, of whose escapes those of quotes and backslashes matter here."""
    return re.sub(r"\\(['\"\\/])", r"\1", literal[1:-1])


def _literal(text: str) -> dict[str, object]:
    """Keys and plain values of an object as a script writes it, up to its closing brace."""
    found: dict[str, object] = {}
    depth = 0
    for token in _TOKEN.finditer(text):
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth -= 1
            if depth == 0:
                break
        elif token["key"] and depth == 1:
            value = token["value"]
            found.setdefault(token["key"], _unquoted(value) if value[:1] in "'\"" else value)
    return found


def _islands(page: Page) -> list[MetaValue]:
    """The one object of the page's JSON scripts that tells the most fields, among them a number or a day."""
    best: list[MetaValue] = []
    rivals = 0
    for script in page.root.iter("script"):
        kind, text = (script.get("type") or "").lower(), script.text or ""
        if not kind.endswith("json") or len(text) > MAX_SCRIPT:
            continue
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for inner in _objects(data):
            fields = fields_of(inner, page.locator(script))
            told = {field.field for field in fields if field.value}
            if not told & {"index_number", "published"} or len(told) < len({f.field for f in best}):
                continue
            rivals = rivals + 1 if len(told) == len({f.field for f in best}) else 0
            best = fields
    return best if not rivals else []  # several alike are the rows of a list


def _objects(data: object) -> Iterator[dict[str, object]]:
    stack = [data]
    for _ in range(MAX_VALUES):
        if not stack:
            return
        value = stack.pop()
        if isinstance(value, dict):
            yield value
            stack += value.values()
        elif isinstance(value, list):
            stack += value


def _attributes(page: Page) -> list[MetaValue]:
    """`mc`, `wh`, `rq` of the one element that has them; several are the rows of a list."""
    named = [element for element, names in page.bearing if "mc" in names]
    holders = [e for e in named if e.get("mc") and (e.get("rq") or e.get("wh"))]
    if len(holders) != 1:
        return []
    [holder] = holders
    values: list[MetaValue] = []
    for name, field in _ATTRIBUTES.items():
        text = clean(holder.get(name) or "")
        if text:
            value = None if is_placeholder(field, text) else text
            values.append(MetaValue(field, value, text, "metadata_row", f"{page.locator(holder)} @{name}"))
    return values
