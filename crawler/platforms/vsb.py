"""VSB 博达 WebPlus: `.htm` columns, pages numbered from the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.platforms.base import ListPage, PageRequest, Platform, Sign
from crawler.platforms.links import absolute
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, parse_html, text_of
from crawler.portal import Column

OF_PAGES = re.compile(r"^\s*(?P<here>\d+)\s*/\s*(?P<pages>\d+)\s*$")


class Vsb(Platform):
    """Recognise: `/info/COLUMN/ID.htm`, `span.p_pages`, `download.jsp?wbfileid=` (portals.md §4.7).

    Page p of N is the file `…/(N−p+1).htm`, so that names shift whenever a page is added: the link of
    `p_next` is followed, never a number. A column may itself be the report (kind document). No index search
    is known.
    """

    name = "vsb"
    title = "VSB 博达 WebPlus"
    signs = (
        Sign(re.compile(r"/info/\d+/\d+\.htm$"), "文章地址 info/栏目/编号.htm"),
        Sign(re.compile(r"/system/_content/download\.jsp\?"), "附件地址 download.jsp?wbfileid="),
        Sign(re.compile(r"wbtreeid=\d+"), "地址参数 wbtreeid"),
        Sign(re.compile(r"\.htm$"), "栏目地址以 .htm 结尾"),
    )
    detail = re.compile(r"/info/\d+/\d+\.html?$|[?&]wbnewsid=\d+")
    attachment = re.compile(r"download\.jsp\?.*wbfileid=|/__local/")

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        listed = super().read_list(page, request, column)
        tree = parse_html(page.text)
        counters = (OF_PAGES.match(text_of(span)) for span in tree.xpath("//span[contains(@class,'p_t')]"))
        pages = next((int(found["pages"]) for found in counters if found), None)
        return replace(listed, pages=pages or listed.pages)

    def next_page(
        self, page: Page, tree: HtmlElement, request: PageRequest, rows: Sequence[Row]
    ) -> PageRequest | None:
        for anchor in tree.xpath("//span[contains(concat(' ', @class, ' '), ' p_next ')]//a[@href]"):
            if url := absolute(page.url, anchor.get("href")):
                return PageRequest(url, number=request.number + 1, publisher=request.publisher)
        if tree.xpath("//span[contains(@class,'p_next_d')]"):
            return None
        return super().next_page(page, tree, request, rows)

    def place(self, url: str) -> str | None:
        found = re.search(r"/info/(\d+)/\d+\.html?$", url)
        return found.group(1) if found else None
