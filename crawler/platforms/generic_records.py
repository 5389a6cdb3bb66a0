"""A record as a row: an object of a script or of an answer, told by its members (data/fields.yml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape

from crawler.platforms.generic_fields import FIELDS, member
from crawler.platforms.links import absolute
from crawler.platforms.rows import FILE_LINK, Row
from crawler.titles import TitleKind, printed_day, read_title

CHINA = timedelta(hours=8)
WORDED = re.compile(r"[\u4e00-\u9fff]{2}")
ADDRESS = re.compile(
    r"^(?:https?:)?//[^\s<>]+$"
    r"|^(?:\.{0,2}/)?[\w.~%+\-]+(?:/[\w.~%+\-]*)*(?:\.\w{2,6})?(?:\?[^\s<>]*)?$"
    r"|^/[^\s<>]*$"
)
TAG = re.compile(r"<[^>]+>")
TEMPLATE = re.compile(r"\{\{|[$#]\{|<%|\}\}")


def number_of(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\s*\d+(?:\.0+)?\s*", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value != int(value):
        return None
    return int(value)


def record(data: Mapping[str, object], base: str) -> Row | None:
    """A record as a row; None for an object that is none. Members of members count (tip.title)."""
    flat: dict[str, object] = dict(data)
    for value in data.values():
        if isinstance(value, Mapping):
            flat |= {key: inner for key, inner in value.items() if not isinstance(inner, Mapping | list)}
    title = title_of(data, flat)
    url = _address(flat, base)
    if title is None or url is None:
        return None
    members = FIELDS.members
    listed = _listed_values(data)
    return Row(
        url,
        title,
        day_of(flat),
        _text(member(flat, members.publisher) or member(listed, members.publisher)),
        _text(member(flat, members.index_number) or member(listed, members.index_number)),
        files=_files(data, base),
    )


def _listed_values(data: Mapping[str, object]) -> dict[str, object]:
    """Members given as a list of {key, value}, one or two levels down."""
    found: dict[str, object] = {}
    pending: list[object] = [value for value in data.values() if isinstance(value, list)]
    for inner in pending[:40]:
        for entry in inner if isinstance(inner, list) else []:
            if not isinstance(entry, Mapping):
                continue
            if isinstance(entry.get("key"), str) and "value" in entry:
                found[str(entry["key"])] = entry["value"]
            pending += [value for value in entry.values() if isinstance(value, list)]
    for inner in pending[40:80]:
        for entry in inner if isinstance(inner, list) else []:
            if isinstance(entry, Mapping) and isinstance(entry.get("key"), str):
                found[str(entry["key"])] = entry.get("value")
    return found


def title_of(data: Mapping[str, object], flat: Mapping[str, object]) -> str | None:
    """The longest of what may be the title and is not cut short; the first where all are."""
    shown = []
    for source in (data, flat):
        for name in FIELDS.members.title:
            value = member(source, (name,))
            if isinstance(value, str) and WORDED.search(value) and not TEMPLATE.search(value):
                shown.append(" ".join(unescape(TAG.sub("", value)).split()))
    whole = [text for text in shown if not read_title(text).cut and not text.endswith(("…", "..."))]
    reports = [text for text in whole if read_title(text).kind is TitleKind.REPORT]
    return next(iter([*reports, *whole, *shown]), None)


def _address(flat: Mapping[str, object], base: str) -> str | None:
    for name in FIELDS.members.url:
        value = member(flat, (name,))
        is_address = isinstance(value, str) and ADDRESS.match(value.strip()) and set("/.?") & set(value)
        if is_address and (url := absolute(base, str(value).strip())):
            return url
    return None


def day_of(flat: Mapping[str, object]) -> str | None:
    for name in FIELDS.members.date:
        value = member(flat, (name,))
        if isinstance(value, str) and (day := printed_day(value.replace("T", " "))):
            return day
        number = number_of(value)
        if number is not None and number > 10**8:
            seconds = number / 1000 if number > 10**11 else number
            if seconds < 4 * 10**9:
                return f"{datetime.fromtimestamp(seconds, UTC) + CHINA:%Y-%m-%d}"
    return None


def _text(value: object) -> str | None:
    text = " ".join(unescape(TAG.sub("", value)).split()) if isinstance(value, str) else ""
    return text if text and text != "null" else None


def _files(data: Mapping[str, object], base: str) -> tuple[tuple[str, str], ...]:
    """Files that a record names: lists of objects whose address ends as files' do."""
    found: dict[str, str] = {}
    for value in data.values():
        for entry in value if isinstance(value, list) else ():
            if not isinstance(entry, Mapping):
                continue
            texts = [str(inner) for inner in entry.values() if isinstance(inner, str)]
            address = next((text for text in texts if FILE_LINK.search(text) and "/" in text), None)
            url = absolute(base, address)
            if url:
                found[url] = next((text for text in texts if text != address and WORDED.search(text)), "")
    return tuple(found.items())
