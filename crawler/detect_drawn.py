"""Pages that only scripts draw: how they are told, and the endpoints that their data comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from crawler.platforms.page import Page
from crawler.platforms.rows import parse_html, text_of

SAYS = 120  # characters: a page with a script that shows no more than this is the frame of an application
LINKS = 3  # or with fewer links than this


def by_script_alone(page: Page) -> bool:
    """Whether what was sent is a frame that a script fills: no text, hardly a link, a script."""
    tree = parse_html(page.text)
    if tree.find(".//script") is None:
        return False
    for hidden in tree.xpath("//noscript | //title"):
        hidden.drop_tree()
    links = {anchor.get("href") for anchor in tree.iter("a", "area", "iframe", "frame")}
    return len(text_of(tree)) < SAYS and len(links) < LINKS


def endpoints(data: Iterable[tuple[str, str]], titles: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of the answers that a drawn page asked for (address, text): those that hold a title of a report.

    Each with the title, once. That is evidence of a list's endpoint, which no one has proved yet.
    """
    wanted = [title for title in dict.fromkeys(titles) if title]
    for url, text in dict(data).items():
        for title in wanted:
            if title in text or json.dumps(title)[1:-1] in text:
                yield url, title
                break
