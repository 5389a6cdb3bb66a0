"""Rows of a list that are no documents by their address: links that lead off the site, files, reposts.

They stand in the list like any other row and count in its total (portals.md §10), so each is told of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.platforms.links import absolute
from crawler.platforms.rows import Row, text_of
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


def lists_on(tree: HtmlElement, base: str) -> Iterator[tuple[HtmlElement, HtmlElement, str]]:
    """(element around the rows, link, address) of each link that stands in a row of a list."""
    for anchor in tree.iter("a"):
        url = absolute(base, anchor.get("href"))
        row = next(anchor.iterancestors(*ROW_TAGS), None)
        if url is not None and row is not None and row.getparent() is not None:
            yield row.getparent(), anchor, url


def neighbours(tree: HtmlElement, base: str, is_document: Callable[[str], bool]) -> frozenset[str]:
    """Addresses of rows that stand in one list with at least LEAST documents."""
    found = list(lists_on(tree, base))
    documents = Counter(where for where, _, url in found if is_document(url))
    return frozenset(
        url
        for where, anchor, url in found
        if documents[where] >= LEAST and not is_document(url)
        if len(text_of(anchor)) >= SHORTEST and not _is_folder(url)
    )


def in_own_lists(rows: Sequence[Row], tree: HtmlElement, base: str, known: Callable[[str], str]) -> list[Row]:
    """Rows told to lie elsewhere that stand in one list with the column's own: a list of many bodies' pages.

    `known` gives the address under which a row is known for the one that its link has.
    """
    where: dict[str, HtmlElement] = {known(url): element for element, _, url in lists_on(tree, base)}
    own = {where[row.url] for row in rows if row.belongs and row.url in where}
    return [
        replace(row, belongs=True) if row.belongs is False and where.get(row.url) in own else row
        for row in rows
    ]


def _is_folder(url: str) -> bool:
    name = urlsplit(url).path.rpartition("/")[2]
    return not name or INDEX.match(name) is not None
