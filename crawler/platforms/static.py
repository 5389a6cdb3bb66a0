"""Lists that are static files with numbered names: what TRS and UCAP have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.platforms.base import ListPage, PageRequest, Platform, next_link
from crawler.platforms.page import Page
from crawler.platforms.pager import Pager, page_url, read_pager
from crawler.platforms.rows import Row
from crawler.portal import Column

# A pager that a script draws from elsewhere, such as avalon's or layui's: the list may go on unseen.
UNKNOWN_PAGER = re.compile(
    r"(?:class|id|ms-controller)=[\"'][^\"']*(?:page_?bar|page_base|pagination|pager|laypage)|laypage\.render",
    re.IGNORECASE,
)
FULL_PAGE = 10  # a first page with fewer rows and no pager is the whole list


class StaticList(Platform):
    """Page 1 says how many pages there are; the later ones are named after it."""

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        listed = super().read_list(page, request, column)
        pager = _pager(page, request, [])
        if pager is None:
            return listed
        return replace(listed, total=pager.records or listed.total, pages=pager.pages or listed.pages)

    def next_page(
        self, page: Page, tree: HtmlElement, request: PageRequest, rows: Sequence[Row]
    ) -> PageRequest | None:
        links = [anchor.get("href") or "" for anchor in tree.iter("a")]
        pager = _pager(page, request, links)
        if pager is None:
            return self.unannounced_page(page, tree, request, rows)
        if pager.pages is not None and request.number >= pager.pages:
            return None
        return _numbered(request.carry.get("base") or page.url, pager, request)

    def unannounced_page(
        self, page: Page, tree: HtmlElement, request: PageRequest, rows: Sequence[Row]
    ) -> PageRequest | None:
        """No pager is known: the link that says 下一页, else a guess at index_1 where the page looks full."""
        if url := next_link(tree, page.url):
            return PageRequest(url, number=request.number + 1, publisher=request.publisher)
        own = [row for row in rows if row.belongs is not False]
        if request.number > 1 or len(own) < FULL_PAGE or "?" in page.url:
            return None
        return replace(
            _numbered(page.url, Pager(), request),
            probe=True,
            doubtful=UNKNOWN_PAGER.search(page.text) is not None,
        )


def _pager(page: Page, request: PageRequest, links: list[str]) -> Pager | None:
    """The pager as the first page told it, with the newest number of pages."""
    here = read_pager(page.text, request.number, links)
    carry = request.carry
    if "first" not in carry:
        return here
    pages = (
        here.pages if here is not None and here.pages else int(carry["pages"]) if carry.get("pages") else None
    )
    records = here.records if here is not None else None
    return Pager(pages, records, carry.get("stem") or None, carry.get("ext") or None, int(carry["first"]))


def _numbered(base: str, pager: Pager, request: PageRequest) -> PageRequest:
    number = request.number + 1
    return PageRequest(
        page_url(base, pager, number),
        number=number,
        publisher=request.publisher,
        probe=pager.pages is None,
        carry={
            "base": base,
            "first": str(pager.first or 1),
            "stem": pager.stem or "",
            "ext": pager.ext or "",
            "pages": str(pager.pages or ""),
        },
    )
