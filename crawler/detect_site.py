"""Looks at few pages of a site, politely and archived: home, a column, a report (at most MAX_PAGES)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement
from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.context import CrawlContext, Role, WalkResult
from archive.routes import is_route
from crawler.answers import Trouble, answer_trouble, trouble_of
from crawler.detect_drawn import by_script_alone, endpoints
from crawler.detect_evidence import Evidence, evidence_on
from crawler.guard import GOV_CN, normal_host
from crawler.platforms.base import LayoutUnknownError, PageRequest
from crawler.platforms.dead import is_home
from crawler.platforms.generic import Generic
from crawler.platforms.generic_families import AS, COLUMN, HUB, LIST
from crawler.platforms.generic_page import report_title
from crawler.platforms.generic_words import COLUMN_WORDS
from crawler.platforms.page import Page, decode, script_redirect
from crawler.platforms.rows import Row, page_title, parse_html, text_of
from crawler.politeness import BROWSER, DATA
from crawler.portal import Column, Portal
from crawler.recording import ArchiveExtension
from crawler.titles import TitleKind, read_title

MAX_PAGES = 5  # with robots.txt six requests to one host


@dataclass(frozen=True, slots=True)
class Found:
    """A column of reports: what it is called, its address, and the page on which its link was seen."""

    url: str
    name: str
    seen_on: str


class Site:
    """What the pages fetched so far say, and which page to look at next. Pure."""

    def __init__(self, url: str, portal_id: str = "", county_code: str = "000000") -> None:
        parts = urlsplit(url)
        host = normal_host(parts.hostname or "")
        self.url = url
        self.base = f"{parts.scheme}://{parts.netloc}/"
        self.host = host
        allowed = () if host.endswith(GOV_CN) else (host,)
        column = Column(id="home", name="首页", url=self.base)
        self.portal = Portal(
            id=portal_id or draft_id(host),
            name=host,
            county_code=county_code,
            platform=Generic.name,
            base_url=self.base,
            allowed_hosts=allowed,
            columns=(column,),
        )
        self.generic = Generic(self.portal)
        self.pages: dict[str, Page] = {}
        self.troubles: dict[str, str] = {}
        self.results: set[WalkResult] = set()  # of the troubles, where a request brought them
        self.evidence: list[Evidence] = []
        self.columns: dict[str, Found] = {}
        self.hubs: dict[str, Found] = {}  # areas that may hold further columns
        self.below: list[str] = []  # parts of columns: years, bodies
        self.rows: dict[str, tuple[Row, str]] = {}  # reports by their titles, and the page that lists them
        self.titles: list[tuple[str, str]] = []  # what the site calls itself, and on which page
        self.report: str | None = None  # the report page that was looked at
        self.scripted: list[str] = []  # pages that only scripts draw
        self.drawn: dict[str, Role] = {}  # of them those that were opened in a browser
        self.data: list[tuple[str, str]] = []  # and what their scripts asked for
        self._asked: set[str] = set()

    def next_wanted(self) -> tuple[str, Role] | None:
        """The page to ask for next; None when enough was seen."""
        for url, role in self._wishes():
            if url not in self._asked and len(self._asked) < MAX_PAGES:
                self._asked.add(url)
                return url, role
        return None

    def _wishes(self) -> Iterator[tuple[str, Role]]:
        yield self.url, Role.COLUMN
        yield self.base, Role.COLUMN
        if not self.rows:
            yield from ((url, Role.COLUMN) for url in [*list(self.columns)[:2], *self.below[:1]])
        if not self.columns:
            yield from ((url, Role.COLUMN) for url in list(self.hubs)[:2])
        if self.report is None:
            yield from ((url, Role.REPORT) for url in list(self.rows)[:1])

    def add(self, page: Page, asked: str) -> None:
        """A page that came."""
        self.pages[asked] = page
        self.evidence += evidence_on(page)
        tree = parse_html(page.text)
        self._name(tree, page.url)
        if title := report_title(tree, page.url):
            self.report = self.report or page.url
            self.rows.setdefault(page.url, (Row(page.url, title), page.url))
            return
        if asked in self.rows:
            return  # a report without its text, such as one that is a file: its links lead to no columns
        is_column = asked in self.columns or (not is_home(page.url) and _is_column(tree))
        if is_column:
            self.columns.setdefault(asked, Found(asked, _column_name(tree), page.url))
        request = PageRequest(page.url, carry={AS: HUB, LIST: page.url})
        for lead in self.generic.leads(tree, page.url, request):
            if is_column and (COLUMN_WORDS.year_name.search(lead.name) or _is_below(lead.url, page.url)):
                self.below.append(lead.url)  # a part of this column, which its walk opens
            elif lead.purpose == COLUMN:
                self.columns.setdefault(lead.url, Found(lead.url, lead.name, page.url))
            elif not is_column:
                self.hubs.setdefault(lead.url, Found(lead.url, lead.name, page.url))
        self._list(page, COLUMN if is_column else HUB)

    def endpoints(self) -> list[tuple[str, str]]:
        """Endpoints that the drawn pages' scripts asked for, each with a title of a report that it gave."""
        return list(endpoints(self.data, (row.title for row, _ in self.rows.values())))

    def note(self, asked: str, trouble: Trouble) -> None:
        """A page that did not come."""
        self.troubles[asked] = trouble.words
        self.results.add(trouble.result)

    def _list(self, page: Page, purpose: str) -> None:
        request = PageRequest(page.url, carry={AS: purpose, LIST: page.url})
        try:
            listed = self.generic.read_list(page, request, self.portal.columns[0])
        except LayoutUnknownError as error:
            self.troubles[page.url] = str(error)
            return
        for row in listed.rows:
            reading = read_title(row.title)
            if reading.kind is TitleKind.REPORT and reading.year is not None:
                self.rows.setdefault(row.url, (row, page.url))

    def _name(self, tree: HtmlElement, url: str) -> None:
        """What the site calls itself: SiteName, and the title of its home page."""
        for value in tree.xpath("//meta[translate(@name,'SITENAME','sitename')='sitename']/@content"):
            self.titles.append((str(value), url))
        if is_home(url) and (title := tree.find(".//title")) is not None:
            self.titles.append((text_of(title), url))


def draft_id(host: str) -> str:
    labels = [label for label in host.removesuffix(GOV_CN).split(".") if label not in {"www", "zwgk", "xxgk"}]
    if len(labels) > 1 and not host.endswith(GOV_CN):
        labels = labels[:-1]
    return re.sub(r"[^a-z0-9-]", "-", labels[-1]) if labels else "county"


def _is_below(url: str, column: str) -> bool:
    return url.startswith(urljoin(column, ".")) and urljoin(column, ".") != urljoin(column, "/")


def _is_column(tree: HtmlElement) -> bool:
    """Whether a page calls itself a column of annual reports, by ColumnType, ColumnName or title."""
    for name, pattern in (
        ("columntype", COLUMN_WORDS.column_type),
        ("columnname", COLUMN_WORDS.column_name),
    ):
        for meta in tree.iter("meta"):
            if (meta.get("name") or "").lower() == name and pattern.search(meta.get("content") or ""):
                return True
    title = re.split(r"[-_—|]", page_title(tree) or "")[0].strip()
    return bool(COLUMN_WORDS.column_name.search(title)) and not COLUMN_WORDS.not_a_column.search(title)


def _column_name(tree: HtmlElement) -> str:
    for meta in tree.iter("meta"):
        if (meta.get("name") or "").lower() == "columnname" and meta.get("content"):
            return str(meta.get("content")).strip()
    return re.split(r"[-_—|]", page_title(tree) or "")[0].strip() or "政府信息公开年报"


class SiteSpider(Spider):
    """Fetches what each site wants looked at, one page after another; sites wait for each other as hosts and
    cities do in a crawl. Arguments: `url` of one site, or `sites`; `done` is called with each that was seen;
    with `browser` a page that only scripts draw is opened once more, in a browser.
    """

    name = "detect"

    def __init__(
        self,
        url: str = "",
        sites: Sequence[Site] = (),
        done: Callable[[Site], None] | None = None,
        browser: bool = False,
    ) -> None:
        super().__init__()
        self._browser = browser
        self.sites = tuple(sites) or (Site(url),)
        self._done = done

    @property
    def site(self) -> Site:
        """The first, where there is one."""
        return self.sites[0]

    async def start(self) -> AsyncIterator[Request]:
        for site in self.sites:
            for request in self._next(site):
                yield request

    def _next(self, site: Site) -> list[Request]:
        wanted = site.next_wanted()
        if wanted is None:
            if self._done is not None:
                self._done(site)
            return []
        url, role = wanted
        return [self._request(site, url, role, shown=self._browser and is_route(url))]

    def _request(self, site: Site, url: str, role: Role, *, shown: bool) -> Request:
        archive = ArchiveExtension.of(self.crawler)
        context = CrawlContext(
            portal=site.portal.id, platform=Generic.name, role=role, run=archive.run, via=site.url
        )
        if shown:
            site.drawn[url] = role
        return Request(
            url,
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"asked": url, "site": site},
            meta={"context": context, BROWSER: shown, DATA: shown},
            dont_filter=True,
        )

    def parse(self, response: Response, asked: str, site: Site) -> list[Request]:
        """A page: what it says, then the next one."""
        trouble = answer_trouble(response)
        if trouble is not None:
            site.note(asked, trouble)
            return self._next(site)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        page = Page(response.url, decode(response.body, content_type), response.status)
        if asked not in site.drawn and by_script_alone(page):
            site.scripted.append(page.url)
            if self._browser:
                return [self._request(site, asked, response.meta["context"].role, shown=True)]
        site.data += response.meta.get(DATA) or ()
        if onward := script_redirect(page):
            site.hubs.setdefault(onward, Found(onward, "", page.url))
        site.add(page, asked)
        return self._next(site)

    def failed(self, failure: Failure) -> list[Request]:
        """No answer: said, and the next page asked for."""
        given = failure.request.cb_kwargs  # type: ignore[attr-defined]  # Scrapy sets it
        given["site"].note(given["asked"], trouble_of(failure.value))
        return self._next(given["site"])
