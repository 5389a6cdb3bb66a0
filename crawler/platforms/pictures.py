"""Pictures that may be a report's pages or tables, where its page holds no table of its own (portals.md §9).

`div.ewebeditor_doc img`, `W020….jpg`: the report was scanned and its pages pasted into the editor. Whether a
picture says anything is for extract to read; here only the site's own frame is left out.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.file_links import WORDS
from crawler.platforms.links import absolute
from crawler.platforms.rows import FRAME, FRAME_TAGS

MAX_PICTURES = 20  # of one page; a report has up to 15 pages
MIN_CELLS = 20  # with a number, in the statutory tables of a page that has them
MIN_SIDE = 200  # pixels, where the page states them: anything smaller is an icon
_FRAME = re.compile("|".join(WORDS.frame_pictures), re.IGNORECASE)
_SIZE = re.compile(r"\s*(\d{1,5})\s*(?:px)?\s*$")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)(?:[?#]|$)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\d[\d,.]*\s*$")


def body_pictures(tree: HtmlElement, base: str) -> list[tuple[str, str]]:
    """(URL, alternative text) of the pictures of a page without tables, each once, in order."""
    if _has_tables(tree):
        return []
    found: dict[str, str] = {}
    for image in tree.iter("img"):
        told = next((value for name in WORDS.pictures if (value := image.get(name))), None)
        url = absolute(base, told)
        if url is not None and not _is_small(image) and not _is_of_the_frame(image, url):
            found.setdefault(url, image.get("alt") or "")
    return list(found.items())[:MAX_PICTURES]


def _has_tables(tree: HtmlElement) -> bool:
    numbers = 0
    for cell in tree.iter("td"):
        text = cell.text_content()
        numbers += len(text) < 20 and _NUMBER.match(text) is not None
        if numbers >= MIN_CELLS:
            return True
    return False


def _is_small(image: HtmlElement) -> bool:
    sizes = [match for name in ("width", "height") if (match := _SIZE.match(image.get(name) or ""))]
    return any(int(match[1]) < MIN_SIDE for match in sizes)


def _is_of_the_frame(image: HtmlElement, url: str) -> bool:
    """By its own names, by the boxes around it, or since it is a link to somewhere else than a picture."""
    names = " ".join((url.rpartition("/")[2], *(image.get(name) or "" for name in ("class", "id", "alt"))))
    folders = urlsplit(url).path.lower().split("/")[:-1]
    if _FRAME.search(names) or not WORDS.frame_folders.isdisjoint(folders):
        return True
    for box in image.iterancestors():
        if box.tag in FRAME_TAGS or FRAME.search(f"{box.get('class', '')} {box.get('id', '')}"):
            return True
        href = (box.get("href") or "").strip().lower() if box.tag == "a" else ""
        if href and not href.startswith(("#", "javascript:")) and not _PICTURE.search(href):
            return True
    return False
