"""Files that a page links to (portals.md §9): archive.file_links, with absolute addresses."""

from __future__ import annotations

from urllib.parse import unquote, urljoin

from archive.file_links import file_links
from extract.html.tree import Page
from extract.metadata import clean
from parser.document import Attachment


def read_attachments(page: Page, url: str | None) -> list[Attachment]:
    """Every file once, as archive.file_links finds them; absolute where the page's own address is known."""
    base = base_address(page, url)
    found: dict[str, Attachment] = {}
    for link in file_links(page.root, page.bearing):
        try:
            address = urljoin(base, link.href.strip())
        except ValueError:
            continue  # an address that no browser could follow either
        name = clean(link.name) or unquote(address.rpartition("/")[2])
        found.setdefault(address, Attachment(address, name, page.locator(link.element)))
    return list(found.values())


def base_address(page: Page, url: str | None) -> str:
    """What addresses on the page are relative to: its <base>, where that is an address, else its own."""
    tag = page.root.find(".//base[@href]")
    try:
        return urljoin(url or "", tag.get("href") or "") if tag is not None else url or ""
    except ValueError:
        return url or ""
