"""What trafilatura takes for a page's narrative, where no known container says what the document is.

Its settings are a choice by measurement: `python -m benchmarks.body`, docs/reading.md. The numbers of tables
never come from it (measurements.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import trafilatura
from lxml import etree, html

from extract.html.tree import Page

DATA_TABLE_CELLS = 12
MIN_LINKS = 6  # of a list of links
MOST_OF_IT = 0.8  # share of a list's text that stands in links
LISTS = ("ul", "ol", "dl", "nav")


@dataclass(frozen=True, slots=True)
class Asked:
    """How trafilatura is asked, and what is taken out of the page beforehand."""

    without_tables: bool = True  # those of data: most of a report's markup
    without_lists: bool = True  # those of links: most of a site's frame
    tables: bool = True  # whether it reads the tables that are left, as layout tables must be
    recall: bool = True
    precision: bool = False
    fast: bool = True


ASKED = Asked()


def narrative(page: Page, asked: Asked = ASKED) -> frozenset[str]:
    """The compact lines of what trafilatura takes for the text."""
    tree = html.document_fromstring(etree.tostring(page.root, encoding="unicode", method="html"))
    if asked.without_tables:
        _drop(tree, _is_data, "table")
    if asked.without_lists:
        _drop(tree, _is_links, *LISTS)
    _drop(tree, lambda _: True, "script", "style", "noscript")
    text = trafilatura.extract(
        tree,
        include_comments=False,
        include_tables=asked.tables,
        favor_recall=asked.recall,
        favor_precision=asked.precision,
        fast=asked.fast,
        deduplicate=False,
    )
    return frozenset(re.sub(r"[\s|]", "", line.lstrip("- ")) for line in (text or "").splitlines()) - {""}


def _is_data(table: html.HtmlElement) -> bool:
    cells = sum(1 for _ in table.iter("td", "th"))
    return cells >= DATA_TABLE_CELLS and next(table.iterdescendants("table"), None) is None


def _is_links(element: html.HtmlElement) -> bool:
    """Whether an element is a list of links and next to nothing else."""
    links = list(element.iter("a"))
    if len(links) < MIN_LINKS:
        return False
    inside = sum(len("".join(link.itertext()).strip()) for link in links)
    return inside >= MOST_OF_IT * len("".join("".join(element.itertext()).split()))


def _drop(tree: html.HtmlElement, chosen: Callable[[html.HtmlElement], bool], *tags: str) -> None:
    """Take the chosen elements out of the tree, their tails left in place."""
    for element in list(tree.iter(*tags)):
        if isinstance(element, html.HtmlElement) and element.getparent() is not None and chosen(element):
            element.drop_tree()
