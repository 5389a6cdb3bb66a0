"""Metadata that a page or an answer carries as data: JSON objects, `_CONFIG.DETAIL`, attributes of a link.

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
from parser.document import MetaValue

SOURCE = "json"
MAX_SCRIPT = 4_000_000
MAX_DOMAIN = 50  # entries of a domainMetaList
_DETAIL = re.compile(r"[\"']?\bDETAIL[\"']?\s*[:=]\s*(?=\{)")
_ATTRIBUTES = {"mc": "name", "wh": "document_number", "rq": "published", "syh": "index_number"}


def fields_of(data: Mapping[str, object], locator: str) -> list[MetaValue]:
    """The fields of one JSON object, in the order of its keys; of two keys for a field both are kept."""
    found: list[MetaValue] = []
    for key, value in _pairs(data):
        field = labels().json_keys.get(key.lower())
        if field is None or isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        text = clean(str(value))
        if text:
            told = None if is_placeholder(field, text) else text
            found.append(MetaValue(field, told, text, SOURCE, f"{locator} {key}".strip()))
    return found


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
    return [*_details(page), *_attributes(page)]


def _details(page: Page) -> list[MetaValue]:
    for script in page.root.iter("script"):
        text = script.text or ""
        match = _DETAIL.search(text) if len(text) <= MAX_SCRIPT else None
        if match is None:
            continue
        try:
            data, _ = json.JSONDecoder().raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            return fields_of(data, f"{page.locator(script)} DETAIL")
    return []


def _attributes(page: Page) -> list[MetaValue]:
    """`mc`, `wh`, `rq` of the one element that has them; several are the rows of a list."""
    holders = [
        e for e in page.root.iter() if isinstance(e.tag, str) and e.get("mc") and (e.get("rq") or e.get("wh"))
    ]
    if len(holders) != 1:
        return []
    [holder] = holders
    found: list[MetaValue] = []
    for name, field in _ATTRIBUTES.items():
        text = clean(holder.get(name) or "")
        if text:
            value = None if is_placeholder(field, text) else text
            found.append(MetaValue(field, value, text, "metadata_row", f"{page.locator(holder)} @{name}"))
    return found
