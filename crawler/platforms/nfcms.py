"""NFCMS, the portal pages of 广东集约化: static lists, documents `content/post_N.html`."""

from __future__ import annotations

import re

from crawler.platforms.base import Sign
from crawler.platforms.links import folder, same_site
from crawler.platforms.static import StaticList
from crawler.portal import Column

MOBILE = re.compile(r"/mpost_(?=\d+\.html?$)", re.IGNORECASE)


class Nfcms(StaticList):
    """Recognise: `…/FOLDER/content/post_N.html`, its mobile twin `mpost_N.html`, meta tags of 47号, lists
    `…/FOLDER/index.html`, `index_2.html` (portals.md §4.4).

    The same sites have a catalogue of their own at `/gkmlpt/` (class Gkmlpt); reports stand in either. Pages
    show no index number, so there is no index search. A twin is known by the address of the desktop's page.
    """

    name = "nfcms"
    title = "NFCMS（广东集约化门户）"
    signs = (
        Sign(re.compile(r"(?<!/gkmlpt)/content/m?post_\d+\.html?$"), "文章地址 content/post_编号"),
        Sign(re.compile(r"/content/(?:\d+/\d+/)?m?post_\d+\.html?"), "文章文件名 post_编号"),
    )
    detail = re.compile(r"/content/(?:\d+/\d+/)?m?post_\d+\.html?$", re.IGNORECASE)

    def identity(self, url: str) -> str:
        return MOBILE.sub("/post_", same_site(self.portal.base_url, url))

    def place(self, url: str) -> str | None:
        found = re.search(r"^\w+://(?P<place>.*/)content/m?post_\d+\.html?$", url)
        return found["place"] if found else None

    def place_of(self, column: Column) -> str | None:
        return folder(self.portal.absolute(column.url)).partition("://")[2]

    @classmethod
    def column_of(cls, url: str) -> str | None:
        found = re.search(r"^(.*/)content/m?post_\d+\.html?$", url)
        return found[1] if found else None
