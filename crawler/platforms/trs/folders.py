"""Columns of columns: a report column whose page links to folders, each a list of its own (portals.md §4.2).

`zfxxgknb/2021n/` (贵阳), `zfxxgknan_ew/2020_504392/qzfbgs/` (渝中), `gb2025/2025n/` (大冶): years, bodies, or
bodies below years. Every folder below the column is walked, two levels deep; the year in a folder's name is
not the report year (portals.md §1 no. 6) and only tells which folders are old.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from crawler.platforms.base import PageRequest
from crawler.platforms.links import absolute
from crawler.platforms.rows import text_of
from crawler.platforms.words import WORDS

LEVELS = 2
MAX_FOLDERS = 300  # a county has about a hundred bodies
INDEX = re.compile(r"^(?:index|default)\.s?html?$", re.IGNORECASE)
MONTH = re.compile(r"^(?:19|20)\d\d(?:0[1-9]|1[0-2])$")
REPORT_FOLDER = re.compile(r"gk[a-z]*(?:nb|ndbg|nan)|^(?:nb|ndbg|zfnb|nianbao)(?:_|\d|$)")  # portals.md §3.3
YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
LIVE_YEARS = 2  # folders of the newest years get new reports; older ones are settled


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder below the column, as a page links to it."""

    url: str
    place: str  # host and path, with a slash at the end
    name: str

    @property
    def parent(self) -> str:
        return self.place.rstrip("/").rpartition("/")[0] + "/"

    @property
    def year(self) -> int | None:
        found = YEAR.search(self.name) or YEAR.search(self.place.rstrip("/").rpartition("/")[2])
        return int(found.group(1)) if found else None


def place_of(url: str) -> str | None:
    """Host and path of the folder that an address names; None for the address of a file."""
    parts = urlsplit(url)
    head, _, name = parts.path.rpartition("/")
    if parts.query or (name and "." in name and not INDEX.match(name)):
        return None
    path = f"{head}/{name}/" if name and not INDEX.match(name) else f"{head}/"
    return parts.netloc + re.sub(r"/{2,}", "/", path)


def is_folder_below(url: str, root: str) -> bool:
    """True for a folder that lies below the column at `root`."""
    place = place_of(url)
    return place is not None and place != root and place.startswith(root)


def is_folder_of(url: str, base: str) -> bool:
    """True for a folder of the site that `base` is a page of."""
    return place_of(url) is not None and urlsplit(url).netloc == urlsplit(base).netloc


def folders(tree: HtmlElement, base: str, root: str, *, elsewhere: bool = False) -> list[Folder]:
    """The folders below `root` that a page links to, each once, the page's own left out.

    `elsewhere`: also folders of the same site that are named as report columns, such as every township's own
    (荣昌: `/jz/zsz/zwgk_70755/zfxxgknb_70772/`), for a page that is nothing but links to them.
    """
    here = place_of(base)
    found: dict[str, Folder] = {}
    for anchor in tree.iter("a"):
        url = absolute(base, anchor.get("href"))
        place = place_of(url) if url else None
        if url is None or place is None or place in (here, root):
            continue
        if not place.startswith(root) and not (elsewhere and _is_report_column(place, base)):
            continue
        name = text_of(anchor) or anchor.get("title", "")
        if any(MONTH.match(part) for part in place.split("/")) or WORDS.other_column.search(name):
            continue
        found.setdefault(place, Folder(url, place, name))
    return list(found.values())


def _levels(place: str, root: str) -> int:
    return place.removeprefix(root).count("/") if place.startswith(root) else 1


def _is_report_column(place: str, base: str) -> bool:
    host, *path = place.rstrip("/").split("/")
    return host == urlsplit(base).netloc and bool(path) and REPORT_FOLDER.search(path[-1]) is not None


def lists_of(
    found: Iterable[Folder], root: str, request: PageRequest
) -> tuple[tuple[PageRequest, ...], str | None]:
    """A request for the first page of each folder, and words for those that are not asked for."""
    found = list(found)
    within = [folder for folder in found if _levels(folder.place, root) <= LEVELS]
    left = len(found) - len(within[:MAX_FOLDERS])
    unseen = f"另有 {left} 个下级栏目未读 sub-columns not read" if left else None
    newest: dict[str, set[int]] = defaultdict(set)
    for folder in within:
        if folder.year is not None:
            newest[folder.parent].add(folder.year)
    asked = []
    for folder in within[:MAX_FOLDERS]:
        live = sorted(newest[folder.parent])[-LIVE_YEARS:]
        settled = request.settled or (folder.year is not None and folder.year not in live)
        made = PageRequest(folder.url, role=Role.LIST, publisher=request.publisher, part=folder.place)
        asked.append(replace(made, settled=settled))
    return tuple(asked), unseen
