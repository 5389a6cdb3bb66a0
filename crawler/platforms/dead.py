"""Pages that say, with status 200, that there is no page (portals.md §8.2)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.routes import is_route
from crawler.platforms.page import Page
from crawler.platforms.rows import parse_html, text_of
from crawler.platforms.words import WORDS

HOME = re.compile(r"/?|/(?:index|default|main)\.\w{3,5}", re.IGNORECASE)
SHORT = 400  # characters of visible text: a report has more, a page that tells of a fault has not


def dead_words(page: Page) -> str | None:
    """What a page says in the place of content; None for one with content, also where it has such words."""
    if not WORDS.dead_page.search(page.text):
        return None
    text = text_of(parse_html(page.text))
    found = WORDS.dead_page.search(text)
    return found.group() if found and len(text) <= SHORT else None


def is_home(url: str) -> bool:
    """Whether an address is a site's home page: what is gone often leads there with status 200."""
    parts = urlsplit(url)
    return not parts.query and not is_route(url) and HOME.fullmatch(parts.path) is not None
