"""Files that a page links to (portals.md §9): by suffix, by download route, in frames and in scripts."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from extract.html.tree import Page
from extract.metadata import clean
from parser.document import Attachment

_SUFFIX = re.compile(r"\.(pdf|docx?|xlsx?|wps|et|ofd|rtf|zip|rar|7z|pptx?|csv|ceb|tiff?)$", re.IGNORECASE)
_ROUTE = re.compile(
    r"/download\.jsp\?|/downfile\.jsp\?|/OpennessContent/download/|DownloadAttachUrl|/attachment/download",
    re.IGNORECASE,
)
_IN_SCRIPT = re.compile(
    r"href\s*=\s*\\?[\"']([^\"'\\<>\s]+\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar))\\?[\"']", re.IGNORECASE
)


def read_attachments(page: Page, url: str | None) -> list[Attachment]:
    """Every file once, in the page's order. Addresses are made absolute where the page's own is known."""
    base = base_address(page, url)
    found: dict[str, Attachment] = {}

    def add(href: str, name: str, locator: str) -> None:
        try:
            address = urljoin(base, href.strip())
        except ValueError:
            return  # an address that no browser could follow either
        found.setdefault(address, Attachment(address, name or unquote(address.rpartition("/")[2]), locator))

    for link in page.root.iter("a"):
        href = link.get("href") or ""
        name = clean(page.text_of(link)) or clean(link.get("title") or "")
        if _leads_to_file(href) or (_SUFFIX.search(name) and _leads_somewhere(href)):
            add(href, name, page.locator(link))
    for frame in page.root.iter("iframe", "embed", "object"):
        target = frame.get("src") or frame.get("data") or ""
        inner = _file_of(target)
        if inner is not None:
            add(inner, "", page.locator(frame))
    for script in page.root.iter("script"):
        for match in _IN_SCRIPT.finditer(script.text or ""):
            add(match.group(1), "", page.locator(script))
    return list(found.values())


def _leads_somewhere(href: str) -> bool:
    return bool(href) and not href.lower().startswith(("javascript:", "#", "mailto:"))


@lru_cache(maxsize=4096)
def _leads_to_file(href: str) -> bool:
    """Whether the address alone says so. A site's menus are the same on all its pages."""
    path = href.partition("?")[0].partition("#")[0]
    told = _SUFFIX.search(path) is not None or _ROUTE.search(href) is not None
    return told and _leads_somewhere(href)


def base_address(page: Page, url: str | None) -> str:
    """What addresses on the page are relative to: its <base>, where that is an address, else its own."""
    tag = page.root.find(".//base[@href]")
    try:
        return urljoin(url or "", tag.get("href") or "") if tag is not None else url or ""
    except ValueError:
        return url or ""


def _file_of(target: str) -> str | None:
    """The file that a frame shows: itself, or what a viewer is told to open."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    for value in parse_qs(parts.query).get("file", []):
        if _SUFFIX.search(value):
            return value
    return target if _SUFFIX.search(parts.path) else None
