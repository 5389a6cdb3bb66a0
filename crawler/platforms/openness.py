"""Openness: a controller for each kind of information; reports have their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from archive.context import Role
from crawler.platforms.base import LayoutUnknownError, ListPage, Organ, OrganPage, PageRequest, Platform, Sign
from crawler.platforms.links import absolute, same_site, with_query
from crawler.platforms.page import Page
from crawler.platforms.rows import Row, page_title, parse_html, text_of
from crawler.portal import Column
from crawler.titles import TitleKind, read_title, title_year

ID = r"(?:\d+|[0-9a-f]{24})"
# The branch stands first of the two numbers of a list's address, or alone before the year.
BRANCH = re.compile(
    rf"/\w+/(?:showList/({ID})/{ID}(?:[/.]|$)|year/(?:show/)?({ID})(?:/|$))|[?&]branch_?id=({ID})",
    re.IGNORECASE,
)
PATH_PAGE = re.compile(r"(?P<head>/page_)(?P<n>\d+)(?P<tail>\.html?)$", re.IGNORECASE)
OF_PAGES = re.compile(r"(?<![\d/])(?P<here>\d+)\s*/\s*(?P<pages>\d+)\s*页?(?![\d/.-])")
CONTROLLER = re.compile(r"/(\w+)/(?:show|showList|year|download)(?:/|$)", re.IGNORECASE)
OPEN_AREA = re.compile(r"openness|xxgk|annual|report|gkn?b|nb$", re.IGNORECASE)
NO_SUCH_PAGE = re.compile(r"不存在|找不到|已删除|没有找到|未找到|404", re.IGNORECASE)


class Openness(Platform):
    """Recognise: `/OpennessAnnualReport/show/ID.html`, `/OpennessContent/showList/BRANCH/TOPIC/page_N.html`,
    `/BranchOpennessContent/…`, `/openness/Openness…/…`, `/OpennessGuide/showList/ID.html?page=1`.

    portals.md §4.6. Each kind of information has a controller; that of reports may be renamed
    (`XxgkAnnualReport`, `Xxgknb`), so that old and new addresses stand in one list. Lists page by
    `page_N.html` or `?page=N`. Reports by organ and year are a column of kind route whose areas' keys are the
    branch numbers: `…/year/` lists a branch's reports of a year, `…/year/show/` shows the one.
    Reports show no index number here, and no index search is known.
    """

    name = "openness"
    title = "Openness（池州、宣城、铜陵等）"
    signs = (
        Sign(
            re.compile(r"/\w*(?:AnnualReport|Xxgknb)s?/(?:show|year|showList)/", re.IGNORECASE),
            "年报控制器 …AnnualReport/show",
        ),
        Sign(
            re.compile(r"/\w*(?:Openness|Xxgk)\w*/(?:show|showList|year|download)/", re.IGNORECASE),
            "信息公开控制器 Openness…/show",
        ),
        Sign(re.compile(r"/openness(?:/|\w+/?\?branch_?id=)", re.IGNORECASE), "路径 openness"),
    )
    detail = re.compile(rf"/\w+/(?:show/{ID}|year/show/{ID}/20\d\d)(?:\.html?)?$", re.IGNORECASE)
    attachment = re.compile(rf"/\w+/download/{ID}(?:\.html?)?(?:$|\?)", re.IGNORECASE)
    route = "/OpennessAnnualReport/year/"

    def route_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        base = self.portal.absolute(column.url).rstrip("/")
        shows = base.lower().endswith("/show")
        for area in column.areas:
            for year in years:
                url = f"{base}/{area.key}/{year}.html"
                if shows:
                    yield PageRequest(url, role=Role.REPORT, publisher=area.publisher, year=year)
                else:
                    yield PageRequest(
                        url,
                        publisher=area.publisher,
                        year=year,
                        part=f"{area.key}/{year}",
                        settled=year < max(years),
                    )

    def organ_requests(self, column: Column) -> Iterator[PageRequest]:
        """The page that links to every branch: `options.organs`, else the portal's first."""
        url = self.portal.absolute(column.options["organs"]) if "organs" in column.options else None
        yield PageRequest(url or self.portal.base_url, role=Role.COLUMN)

    def read_organs(self, page: Page, request: PageRequest) -> OrganPage:  # noqa: ARG002
        names: dict[str, str] = {}
        for anchor in parse_html(page.text).iter("a"):
            url = absolute(page.url, anchor.get("href"))
            found = BRANCH.search(url) if url else None
            if found is None:
                continue
            name, key = text_of(anchor), next(filter(None, found.groups()))
            if not names.get(key):
                is_menu = title_year(name) is not None or read_title(name).kind is not TitleKind.UNKNOWN
                names[key] = "" if is_menu else name
        if not names:
            raise LayoutUnknownError(f"页面上没有机构链接 no link to a branch: {page.url}")
        return OrganPage(tuple(Organ(key, name) for key, name in names.items()))

    def read_list(self, page: Page, request: PageRequest, column: Column) -> ListPage:
        if request.year is not None and self.is_document(page.url):
            # Sent on to the one report of the branch and year, which is then asked for under its own address.
            title = page_title(parse_html(page.text)) or f"{request.year}年政府信息公开工作年度报告"
            return ListPage((Row(self.identity(page.url), title),))
        try:
            listed = super().read_list(page, request, column)
        except LayoutUnknownError as dead:
            # Dead pages answer 200 here (portals.md §8.2): for one branch and year that is the answer "none".
            if request.year is not None and NO_SUCH_PAGE.search(str(dead)):
                return ListPage((), says_empty=True)
            raise
        return replace(listed, pages=listed.pages or _stated_pages(parse_html(page.text)))

    def next_page(
        self, page: Page, tree: HtmlElement, request: PageRequest, rows: Sequence[Row]
    ) -> PageRequest | None:
        linked = super().next_page(page, tree, request, rows)
        pages = _stated_pages(tree)
        url = linked.url if linked else None
        if url is None and rows and pages is not None and request.number < pages:
            url = _numbered(page.url, request.number + 1)  # the pager is a script's; its addresses are known
        if url is None:
            return None
        return replace(
            request,
            url=url,
            role=Role.LIST,
            number=request.number + 1,
            settled=False,
            carry={**request.carry, "pages": str(pages or "")},
        )

    def identity(self, url: str) -> str:
        return same_site(self.portal.base_url, url)

    def place(self, url: str) -> str | None:
        found = re.search(rf"/(\w+)/(?:year/)?show/{ID}(?:/20\d\d)?(?:\.html?)?$", urlsplit(url).path)
        return _area(found.group(1)) if found else None

    def place_of(self, column: Column) -> str | None:
        found = CONTROLLER.search(urlsplit(self.portal.absolute(column.url)).path)
        return _area(found.group(1)) if found else None


def _area(controller: str) -> str:
    """Controllers of the openness area share lists; `/Content/show/` beside them is the site's news."""
    return "openness" if OPEN_AREA.search(controller) else controller.lower()


def _stated_pages(tree: HtmlElement) -> int | None:
    """The N of 2/N页, as these pagers print it."""
    for box in tree.xpath("//*[contains(@class,'pag') or contains(@class,'Pag') or contains(@id,'pag')]"):
        for found in OF_PAGES.finditer(text_of(box)):
            if 1 <= int(found["here"]) <= int(found["pages"]):
                return int(found["pages"])
    return None


def _numbered(url: str, number: int) -> str | None:
    """The address of another page of the same list; None where its own shows no place for a number."""
    parts = urlsplit(url)
    if PATH_PAGE.search(parts.path):
        path = PATH_PAGE.sub(lambda found: f"{found['head']}{number}{found['tail']}", parts.path)
        return parts._replace(path=path).geturl()
    if (
        "page" in dict(parse_qsl(parts.query))
        or re.search(r"/(?:showList|year)/", parts.path)
        or BRANCH.search(url)
    ):
        return with_query(url, [("page", str(number))])
    return None
