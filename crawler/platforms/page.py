"""A fetched page as a platform reads it: its address and its text, rightly decoded."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from w3lib.encoding import html_to_unicode

from crawler.platforms.links import absolute

# What portals call their charset, and the one that decodes all of it (archive.md §3.6).
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030"}


@dataclass(frozen=True, slots=True)
class Page:
    """`url` is the address that answered, after redirects: relative links start from it.

    `turned`: a browser drew it, and its script pager is turned there; what follows are further looks at it.
    """

    url: str
    text: str
    status: int = 200
    turned: bool = False


SCRIPT_REDIRECT = re.compile(
    r"(?:window|self|top|parent|document)?\.?location(?:\.href|\.replace|\.assign)?\s*(?:=|\()\s*"
    r"[\"'](?P<url>[^\"']+)[\"']"
)
FRAME = re.compile(r"<i?frame\b[^>]*?\bsrc\s*=\s*[\"']?(?P<url>[^\"'\s>]+)", re.IGNORECASE)
SHELL = 3000  # characters: a page that only sends on is shorter (portals.md §8.1)
MAX_SHELLS = 5  # one shell behind another, as REDIRECT_MAX_TIMES


def script_redirect(page: Page) -> str | None:
    """Where a shell page sends its reader by script; None for a page with content of its own."""
    if len(page.text) > SHELL or "<a " in page.text.lower():
        return None
    found = SCRIPT_REDIRECT.search(page.text)
    if found is None:
        return None
    url = absolute(page.url, found["url"])
    return url if url != page.url else None


def only_frame(page: Page) -> str | None:
    """The page inside a page: its one frame of the same host, as far as it has one (portals.md §8.1)."""
    host = urlsplit(page.url).hostname
    urls = {absolute(page.url, found["url"]) for found in FRAME.finditer(page.text)}
    own = [url for url in urls if url and url != page.url and urlsplit(url).hostname == host]
    return own[0] if len(own) == 1 else None


def shell_target(page: Page) -> str | None:
    """Where a page without content of its own sends its reader, by script or by a frame."""
    if onward := script_redirect(page):
        return onward
    bare = len(page.text) <= SHELL and "<a " not in page.text.lower()
    return only_frame(page) if bare else None


def decode(body: bytes, content_type: str | None, forced: str | None = None) -> str:
    """The text of a page by BOM, header and meta; GBK, and a page mislabelled UTF-8, are read as gb18030.

    `forced` is the charset of a portal file, given with a reason.
    """
    if forced:
        return body.decode(forced, "replace")
    encoding, text = html_to_unicode(content_type, body, auto_detect_fun=_guess, default_encoding="utf-8")
    wider = WIDER.get((encoding or "").lower())
    if wider:
        return body.decode(wider, "replace")
    if "\ufffd" in text:
        guessed = _guess(body)
        if guessed:
            return body.decode(guessed, "replace")
    return text


def _guess(body: bytes) -> str | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def read_json(text: str) -> Any:  # noqa: ANN401 — whatever the portal sends
    """JSON as portals send it: after a BOM or blank lines, or wrapped as JSONP. Raises ValueError."""
    text = text.strip().lstrip("\ufeff").strip()
    wrapped = re.match(r"^[\w.$]+\s*\((?P<inner>.*)\)\s*;?\s*$", text, re.DOTALL)
    return json.loads(wrapped["inner"] if wrapped else text, strict=False)
