"""Draws a page folder from a portal of the gallery: `python -m tests.pages.draw PORTAL [YEAR [KIND]]`.

One report page as that portal serves it, with where it stands and what it imitates. What is read of it is
written by test_pages.py on its first run, for a person to review.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tests.portals.gallery import gallery
from tests.portals.gallery.base import TOWN, GallerySite, Item
from tests.portals.site import Reply, Request

FOLDER = Path(__file__).parent


def served(site: GallerySite, path: str) -> Reply:
    """What the portal answers to a plain request for the path."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return site.reply(Request(parts.path, query, parts.query), site.host)


def chosen(site: GallerySite, year: int, kind: str) -> Item:
    """A report whose body stands in the page, with an index number and of such a body if there is one.

    Of that year, or the next after it.
    """
    reports = [item for item in site.items if item.year is not None and not item.attachment]
    return min(reports, key=lambda item: _rank(item, year, kind))


def _rank(item: Item, year: int, kind: str) -> tuple[bool, bool, bool, int, int]:
    written = item.year or 0
    return (item.index_number is None, item.body.kind != kind, written < year, written, item.serial)


def draw(portal: str, year: int = 2021, kind: str = TOWN) -> Path:
    """Write the folder `gallery_<portal>` without expected.json; gives it."""
    site = next(kind for kind in gallery() if kind.portal == portal)()
    item = chosen(site, year, kind)
    reply = served(site, item.path)
    folder = FOLDER / f"gallery_{portal}"
    folder.mkdir(exist_ok=True)
    (folder / "page.html").write_bytes(reply.body)
    habits = " ".join(
        (type(site).__doc__ or sys.modules[type(site).__module__].__doc__ or "").split("\n\n")[0].split()
    )
    meta = {
        "url": site.url(item.path),
        "headers": [["Content-Type", reply.content_type]],
        "source": {"list_title": item.title, "list_date": f"{item.day}"},
        "gallery": portal,
        "provenance": f"{site.family}: as the gallery's portal {portal} serves it. {habits}",
    }
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / "expected.json").unlink(missing_ok=True)
    return folder


if __name__ == "__main__":
    for name in sys.argv[1].split(","):
        print(draw(name, *map(int, sys.argv[2:3]), *sys.argv[3:4]))
