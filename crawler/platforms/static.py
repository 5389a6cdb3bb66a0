"""Lists that are static files with numbered names: what TRS and UCAP have in common."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.platforms.base import ListPage, PageRequest, Platform, next_link, stated
from crawler.platforms.links import absolute
from crawler.platforms.page import Page
from crawler.platforms.pager import Link, Pager, page_url, read_pager
from crawler.platforms.rows import Row, parse_html, text_of
from crawler.platforms.words import WORDS
from crawler.portal import Column

# A pager that a script draws from elsewhere, such as avalon's or layui's: the list may go on unseen.
UNKNOWN_PAGER = re.compile(
    r"(?:class|id|ms-controller)=[\"'][^\"']*(?:page_?bar|page_base|pagination|pager|laypage)|laypage\.render",
    re.IGNORECASE,
)
FULL_PAGE = 10  # a first page with fewer rows and no pager is the whole list
ENDING = re.compile(r"\.(s?html?)(?:\?|$)", re.IGNORECASE)
STUB = 600  # characters: pages beyond the last are sometimes stubs of 300–400 bytes (portals.md §4.2)


class StaticList(Platform):
    """Page 1 says how many pages there are; the later ones are named after it."""

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        if request.number > 1 and self._is_stub(page, request):
            return ListPage((), says_empty=True)
        listed = super().read_list(page, request, column)
        if second := self._misnamed(request, listed.rows):
            return ListPage((), second)
        pager = _pager(page, request, _links(parse_html(page.text), page.url))
        if pager is None:
            return _nothing_more(listed, request)
        pages, total = pager.pages or listed.pages, pager.records or listed.total
        return _nothing_more(replace(listed, total=total, pages=pages), request)

    def next_page(
        self, page: Page, tree: HtmlElement, request: PageRequest, rows: Sequence[Row]
    ) -> PageRequest | None:
        pager = _pager(page, request, _links(tree, page.url))
        if pager is None:
            return self.unannounced_page(page, tree, request, rows)
        if pager.pages is not None and request.number >= pager.pages:
            return None
        return _numbered(request.carry.get("base") or page.url, pager, request, rows)

    def unannounced_page(
        self, page: Page, tree: HtmlElement, request: PageRequest, rows: Sequence[Row]
    ) -> PageRequest | None:
        """No pager is known: the link that says 下一页, else index_1 where words or a full page hint so."""
        if url := next_link(tree, page.url):
            return replace(_after(request), url=url)
        own = [row for row in rows if row.belongs is not False]
        if request.number > 1 or not own or "?" in page.url:
            return None
        pages, total = stated(WORDS.stated_pages, tree), stated(WORDS.stated_total, tree)
        if pages is not None:
            return _numbered(page.url, Pager(pages), request, rows) if pages > 1 else None
        if len(own) < FULL_PAGE and (total is None or total <= len(own)):
            return None
        doubtful = UNKNOWN_PAGER.search(page.text) is not None
        guess = _numbered(page.url, Pager(), request, rows)
        fallback = guess.fallback and replace(guess.fallback, probe=True, doubtful=doubtful)
        return replace(guess, probe=True, doubtful=doubtful, fallback=fallback)

    def _is_stub(self, page: Page, request: PageRequest) -> bool:
        """A page named by the pager that holds nothing: the list ends there, or the stated pages differ."""
        stated = bool(request.carry.get("pages"))
        return stated and len(page.text) < STUB and not parse_html(page.text).xpath("//a[@href]")

    def _misnamed(self, request: PageRequest, rows: Sequence[Row]) -> PageRequest | None:
        """`index_1` is page 1 once more: the names count from 1, page 2 is the fallback.

        Or it shows page 1 for every name: that the fallback is not there proves no end then.
        """
        repeated = request.carry.get("same") == _digest(rows) and request.number == 2
        return replace(request.fallback, doubtful=True) if repeated and request.fallback else None


def _nothing_more(listed: ListPage, request: PageRequest) -> ListPage:
    """A later page without rows: an end where no number of pages is stated, never passed over in silence."""
    if listed.rows or listed.next is None or request.number == 1:
        return listed
    if not request.carry.get("pages"):
        return replace(listed, next=None)
    return replace(listed, unseen=f"第 {request.number} 页读不出任何行 no row could be read")


def _links(tree: HtmlElement, base: str) -> list[Link]:
    """The page's links, those of a drop-down of pages among them."""
    found = [(anchor, anchor.get("href")) for anchor in tree.iter("a")]
    found += [(option, option.get("value")) for option in tree.iter("option")]
    resolved = [(element, absolute(base, href)) for element, href in found if href]
    return [Link(url, text_of(element)) for element, url in resolved if url is not None]


def _pager(page: Page, request: PageRequest, links: Sequence[Link]) -> Pager | None:
    """The pager as the first page told it, with the newest number of pages."""
    here = read_pager(page.text, request.number, links, page.url)
    carry = request.carry
    if "first" not in carry:
        return here
    pages = (
        here.pages if here is not None and here.pages else int(carry["pages"]) if carry.get("pages") else None
    )
    records = here.records if here is not None else None
    stem, ext = carry.get("stem") or None, carry.get("ext") or None
    return Pager(pages, records, stem, ext, int(carry["first"]), sure=True)


def _numbered(base: str, pager: Pager, request: PageRequest, rows: Sequence[Row]) -> PageRequest:
    """The next page. Page 2 is `_1` or `_2`: where that is not sure, the other is the fallback."""
    pager = replace(pager, ext=pager.ext or _extension(base, rows))
    following = _named(base, pager, request)
    if pager.sure or request.number > 1 or (pager.first or 1) == 2:
        return following
    other = _named(base, replace(pager, first=2), request)
    return replace(following, fallback=other, carry={**following.carry, "same": _digest(rows)})


def _extension(base: str, rows: Sequence[Row]) -> str | None:
    """Of a list at a folder's address: that of most of its documents. None: the address says it itself."""
    if urlsplit(base).path.rpartition("/")[2]:
        return None
    endings = Counter(found.group(1).lower() for row in rows if (found := ENDING.search(row.url)))
    return endings.most_common(1)[0][0] if endings else None


def _named(base: str, pager: Pager, request: PageRequest) -> PageRequest:
    following = _after(request)
    return replace(
        following,
        url=page_url(base, pager, following.number),
        probe=pager.pages is None,
        carry={
            "base": base,
            "first": str(pager.first or 1),
            "stem": pager.stem or "",
            "ext": pager.ext or "",
            "pages": str(pager.pages or ""),
        },
    )


def _after(request: PageRequest) -> PageRequest:
    """A request for the page after this one, of the same list."""
    return PageRequest(
        request.url,
        number=request.number + 1,
        publisher=request.publisher,
        part=request.part,
        settled=request.settled,
    )


def _digest(rows: Sequence[Row]) -> str:
    urls = "\n".join(sorted(row.url for row in rows if row.belongs is not False))
    return hashlib.sha256(urls.encode()).hexdigest()[:16] if urls else ""
