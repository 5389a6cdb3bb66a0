"""VSB 博达 WebPlus: `.htm` columns, pages numbered from the end, columns that are themselves the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from crawler.platforms.base import ListPage, PageRequest, Platform, Sign
from crawler.platforms.links import absolute, same_site
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, page_title, parse_html, text_of
from crawler.platforms.words import WORDS
from crawler.portal import Column, ColumnKind
from crawler.titles import TitleKind, read_title

OF_PAGES = re.compile(r"^\s*(?P<here>\d+)\s*/\s*(?P<pages>\d+)\s*$")
NUMBERED = re.compile(r"/\d+\.htm$", re.IGNORECASE)
COLUMN = re.compile(r"^(?P<stem>/.*[^/])\.html?$", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
BODY = "//*[contains(@class,'v_news_content') or starts-with(@id,'vsb_content') or @id='vsb_newscontent']"
LEVELS = 3  # zfxxgknb.htm, zfxxgknb/n2022n.htm, …/xz.htm, …/xz/zgz.htm (洪雅)
MAX_COLUMNS = 300
LIVE_YEARS = 2  # columns of the newest years get new reports; older ones are settled
REPORT_TEXT = 1000  # characters: a report is longer


class Vsb(Platform):
    """Recognise: `/info/COLUMN/ID.htm`, `span.p_pages`, `download.jsp?wbfileid=` (portals.md §4.7).

    Page p of N is the file `…/(N−p+1).htm`, so that names shift whenever a page is added: the link of
    `p_next` is followed, never a number. A column may itself be the report (kind document); one that is met
    in a list of columns is told by its title and text. A column without rows leads to the columns below it
    (`nb.htm` → `nb/n2022n.htm` → `nb/n2022n/xz.htm`). No index search is known.
    """

    name = "vsb"
    title = "VSB 博达 WebPlus"
    version = "2"
    signs = (
        Sign(re.compile(r"/info/\d+/\d+\.htm$"), "文章地址 info/栏目/编号.htm"),
        Sign(re.compile(r"/system/_content/download\.jsp\?"), "附件地址 download.jsp?wbfileid="),
        Sign(re.compile(r"wbtreeid=\d+"), "地址参数 wbtreeid"),
        Sign(re.compile(r"\.htm$"), "栏目地址以 .htm 结尾"),
    )
    detail = re.compile(r"/info/\d+/\d+\.html?(?:\?|$)|[?&]wbnewsid=\d+", re.IGNORECASE)
    attachment = re.compile(r"download\.jsp\?.*wbfileid=|/__local/", re.IGNORECASE)

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        listed = super().read_list(page, request, column)
        tree = parse_html(page.text)
        counters = (OF_PAGES.match(text_of(span)) for span in tree.xpath("//span[contains(@class,'p_t')]"))
        pages = next((int(found["pages"]) for found in counters if found), None)
        listed = replace(listed, pages=pages or listed.pages)
        if column.kind is not ColumnKind.REPORTS or request.number > 1 or _own(listed.rows):
            return listed
        if title := _report_title(tree):
            return ListPage((Row(self.identity(page.url), title),))
        return self._with_columns(listed, page, tree, request)

    def next_page(
        self, page: Page, tree: HtmlElement, request: PageRequest, rows: Sequence[Row]
    ) -> PageRequest | None:
        for anchor in tree.xpath("//span[contains(concat(' ', @class, ' '), ' p_next ')]//a[@href]"):
            url = absolute(page.url, anchor.get("href"))
            if url is not None and url != page.url:
                return _after(request, url)
        if tree.xpath("//span[contains(@class,'p_next_d')]"):
            return None
        following = super().next_page(page, tree, request, rows)
        return _after(request, following.url) if following else None

    def identity(self, url: str) -> str:
        return same_site(self.portal.base_url, url)

    def place(self, url: str) -> str | None:
        found = re.search(r"/info/(\d+)/\d+\.html?$", urlsplit(url).path)
        return found.group(1) if found else None

    def _with_columns(
        self, listed: ListPage, page: Page, tree: HtmlElement, request: PageRequest
    ) -> ListPage:
        """The columns below this one, each a list of its own."""
        here = COLUMN.match(urlsplit(page.url).path)
        if here is None or request.carry.get("level", "0") >= str(LEVELS):
            return listed
        root = f"{here['stem']}/"
        names: dict[str, str] = {}
        for anchor in tree.iter("a"):
            url = absolute(page.url, anchor.get("href"))
            if url is None or urlsplit(url).hostname != urlsplit(page.url).hostname:
                continue
            path, name = urlsplit(url).path, text_of(anchor) or anchor.get("title", "")
            below = path.startswith(root) and COLUMN.match(path) and not self.is_document(url)
            if below and not NUMBERED.search(path) and not WORDS.other_column.search(name):
                names.setdefault(self.identity(url), name)
        # What a menu shows of the levels below is opened by the page above it.
        nearest = [
            u for u in names if not any(u.startswith(o.rpartition(".")[0] + "/") for o in names if o != u)
        ]
        if not nearest:
            return listed
        level = str(int(request.carry.get("level", "0")) + 1)
        live = sorted({year for url in nearest if (year := _year(url, names[url]))})[-LIVE_YEARS:]
        opened = []
        for url in nearest[:MAX_COLUMNS]:
            year = _year(url, names[url])
            settled = request.settled or (year is not None and year not in live)
            part = urlsplit(url).path
            opened.append(
                PageRequest(url, role=Role.LIST, part=part, settled=settled, carry={"level": level})
            )
        left = len(nearest) - len(opened)
        unseen = f"另有 {left} 个下级栏目未读 sub-columns not read" if left else None
        return replace(listed, lists=tuple(opened), unseen=unseen)


def _own(rows: Sequence[Row]) -> bool:
    return any(row.belongs is not False for row in rows)


def _report_title(tree: HtmlElement) -> str | None:
    """The title of a column page that is itself a report; None for every other page."""
    body = max((text_of(found) for found in tree.xpath(BODY)), key=len, default="")
    if len(body) < REPORT_TEXT and not (body and tree.xpath(f"{BODY}//table[count(.//tr) > 2]")):
        return None
    title = page_title(tree) or ""
    heads = [text_of(found) for found in tree.xpath("//h1 | //h2 | //h3")]
    shown = [title, *heads, body[:60]]
    return next((text for text in shown if read_title(text).kind is TitleKind.REPORT), None)


def _year(url: str, name: str) -> int | None:
    found = YEAR.search(name) or YEAR.search(urlsplit(url).path.rpartition("/")[2])
    return int(found.group(1)) if found else None


def _after(request: PageRequest, url: str) -> PageRequest:
    return PageRequest(
        url,
        number=request.number + 1,
        publisher=request.publisher,
        part=request.part,
        settled=request.settled,
        carry=request.carry,
    )
