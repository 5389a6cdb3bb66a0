"""What gkmlpt's pages and API say (portals.md §4.4): `window._CONFIG`, the categories, the rows of a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.platforms.base import LayoutUnknownError
from crawler.platforms.links import absolute
from crawler.platforms.page import Page, read_json
from crawler.platforms.rows import Row, parse_html
from crawler.titles import printed_day

CONFIG = re.compile(r"(?:window\.)?_CONFIG\s*=\s*\{", re.IGNORECASE)
SID = re.compile(r"[\"']?\bSID[\"']?\s*:\s*[\"']?(?P<sid>\d+)")
TREE = re.compile(r"[\"']?\bTREE[\"']?\s*:\s*(?=\[)")
DETAIL = re.compile(r"[\"']?\bDETAIL[\"']?\s*:\s*(?=\{)")
CHINA = timedelta(hours=8)
# When a row was put up, as versions of the API call it; `date` is the day of writing and comes last.
PUBLISHED = (
    "display_publish_time",
    "publish_time",
    "first_publish_time",
    "create_time",
    "created_at",
    "date",
)


@dataclass(frozen=True, slots=True)
class Node:
    """A category of the catalogue. `jump_url`: it stands elsewhere."""

    id: str
    name: str
    jump_url: str | None = None
    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """`window._CONFIG` as far as it can be read."""

    sid: str | None
    tree: tuple[Node, ...] = ()
    files: tuple[tuple[str, str], ...] = ()  # (href, name) of a document's attachments

    def nodes(self) -> Iterator[Node]:
        """Every category, parents before children."""
        waiting = list(self.tree)
        while waiting:
            node = waiting.pop(0)
            yield node
            waiting.extend(node.children)

    def node(self, category: str) -> Node | None:
        return next((node for node in self.nodes() if node.id == category), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of the API. `entries` counts what it lists, rows without an address too."""

    rows: tuple[Row, ...]
    entries: int
    total: int | None
    jump_url: str | None = None


def read_config(text: str) -> Config | None:
    """The page's configuration; None where it has none. A tree that is no JSON is left out."""
    start = CONFIG.search(text)
    if start is None:
        return None
    rest = text[start.start() :]
    sid = SID.search(rest)
    tree = _value(TREE, rest)
    detail = _value(DETAIL, rest)
    return Config(
        sid["sid"] if sid else None,
        tuple(_nodes(tree)) if isinstance(tree, list) else (),
        tuple(_files(detail.get("attachment") or detail.get("attachments")))
        if isinstance(detail, dict)
        else (),
    )


def read_answer(page: Page, base: str) -> Answer:
    """A page of `/gkmlpt/api/all/`. `base` is the address of the catalogue. Raises LayoutUnknownError."""
    try:
        data = read_json(page.text)
        data = data if "articles" in data else data["data"]
        classify = data.get("classify") or {}
        articles = data["articles"] or []
        rows = tuple(row for article in articles if (row := _row(article, page.url, base)) is not None)
        total = data.get("total")
        stated = classify.get("post_count") if total is None else total
        return Answer(
            rows,
            len(articles),
            int(stated) if stated is not None else None,
            str(classify.get("jump_url") or "") or None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LayoutUnknownError(
            f"目录接口的回答读不懂 the API's answer is not understood: {error!r}"
        ) from None


def _row(article: dict[str, Any], here: str, base: str) -> Row | None:
    url = absolute(here, str(article.get("url") or article.get("post_url") or ""))
    if url is None:
        number = int(article["id"])
        url = f"{base}/content/{number // 10**6}/{number // 1000}/post_{number}.html"
    title = " ".join(parse_html(str(article["title"])).text_content().split())
    return Row(
        url,
        title,
        date=next((day for key in PUBLISHED if (day := _day(article.get(key)))), None),
        publisher=str(article.get("publisher") or "").strip() or None,
        index_number=str(article.get("identifier") or "").strip() or None,
        files=tuple(
            (file, name)
            for href, name in _files(article.get("attachment"))
            if (file := absolute(here, href)) is not None
        ),
    )


def _day(value: object) -> str | None:
    """A day out of seconds since 1970 or of text; None for 0 and nonsense."""
    if isinstance(value, str):
        if day := printed_day(value):
            return day
        value = int(value) if value.isdigit() else 0
    if not isinstance(value, int | float) or not 0 < value < 4e9:
        return None
    return (datetime.fromtimestamp(value, UTC) + CHINA).date().isoformat()


def _value(name: re.Pattern[str], text: str) -> Any:  # noqa: ANN401 — JSON
    found = name.search(text)
    if found is None:
        return None
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, found.end())[0]
    except ValueError:
        return None


def _nodes(tree: list[Any]) -> Iterator[Node]:
    for entry in tree:
        if isinstance(entry, dict) and entry.get("id") is not None:
            below = entry.get("children")
            yield Node(
                str(entry["id"]),
                str(entry.get("name") or "").strip(),
                str(entry.get("jump_url") or "").strip() or None,
                tuple(_nodes(below)) if isinstance(below, list) else (),
            )


def _files(attachments: object) -> Iterator[tuple[str, str]]:
    for entry in attachments if isinstance(attachments, list) else ():
        if isinstance(entry, dict) and entry.get("url"):
            yield str(entry["url"]), str(entry.get("name") or "")
