"""Rows of a list that are no documents by their address: links that lead off the site, files, reposts.

They stand in the list like any other row and count in its total (portals.md §10), so each is told of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.platforms.links import absolute
from crawler.platforms.rows import text_of
from crawler.platforms.trs.folders import INDEX

ROW_TAGS = ("li", "tr", "dl")
CLICKED = re.compile(r"[\"'](?P<url>[^\"'\s]+\.s?html?(?:\?[^\"'\s]*)?)[\"']", re.IGNORECASE)
DATA_LINKS = ("data-href", "data-url", "data-link", "_href")
LEAST = 3  # documents side by side that make a list
SHORTEST = 6  # characters of a title


def mended(tree: HtmlElement, base: str) -> HtmlElement:
    """The tree with an address in each link that has its own only in `onclick` or a data attribute."""
    for anchor in tree.iter("a"):
        if absolute(base, anchor.get("href")) is not None:
            continue
        told = next((anchor.get(name) for name in DATA_LINKS if anchor.get(name)), None)
        clicked = CLICKED.search(anchor.get("onclick") or anchor.get("href") or "")
        if target := told or (clicked["url"] if clicked else None):
            anchor.set("href", target)
    return tree


def neighbours(tree: HtmlElement, base: str, is_document: Callable[[str], bool]) -> frozenset[str]:
    """Addresses of rows that stand in one list with at least LEAST documents."""
    lists: Counter[HtmlElement] = Counter()
    others: list[tuple[HtmlElement, str]] = []
    for anchor in tree.iter("a"):
        url = absolute(base, anchor.get("href"))
        row = next(anchor.iterancestors(*ROW_TAGS), None)
        if url is None or row is None or row.getparent() is None:
            continue
        if is_document(url):
            lists[row.getparent()] += 1
        elif len(text_of(anchor)) >= SHORTEST and not _is_folder(url):
            others.append((row.getparent(), url))
    return frozenset(url for where, url in others if lists[where] >= LEAST)


def _is_folder(url: str) -> bool:
    name = urlsplit(url).path.rpartition("/")[2]
    return not name or INDEX.match(name) is not None
