"""Finds a document by its 索引号 in the portals' own index search; what is fetched goes into the archive.

Whether such a search matches exactly or by parts is unknown (portals.md §12), so a hit counts only when the
page itself shows the number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.context import Role, WalkResult
from archive.warc.capture import Pointer
from archive.warc.reader import ArchiveReader
from crawler.answers import Trouble, answer_trouble, trouble_of
from crawler.held import Held
from crawler.platforms import PLATFORMS
from crawler.platforms.base import LayoutUnknownError, PageRequest
from crawler.platforms.rows import Row, page_title, parse_html, text_of
from crawler.portal import Column, ColumnKind
from crawler.recording import ArchiveExtension
from crawler.spiders.portal import FINISH_DECLINED, FINISH_INCOMPLETE, PortalSpider
from crawler.stores import archive_folder
from crawler.walk import Run, Walk

MAX_HITS = 5  # pages opened per portal: more hits mean that the search ignored the number


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that shows the number."""

    portal: str
    url: str
    title: str
    pointer: Pointer | None


@dataclass
class Found:
    """What the search came to."""

    hits: list[Hit] = field(default_factory=list)
    without_search: list[str] = field(
        default_factory=list
    )  # portals whose platform has no known index search
    troubles: list[tuple[str, Trouble]] = field(default_factory=list)


class LookupSpider(PortalSpider):
    """Arguments: `number` (the 索引号), `portals` (ids; all)."""

    name = "lookup"

    def __init__(self, number: str = "", portals: str = "") -> None:
        super().__init__(portals=portals, full="1", resume="0")
        self.number = number
        self.found = Found()

    async def start(self) -> AsyncIterator[Request]:
        run = Run(ArchiveExtension.of(self.crawler).run, frozenset(), full=True)
        self.held = Held(ArchiveReader(archive_folder(self.crawler.settings)))
        for portal in self.portals:
            platform = PLATFORMS[portal.platform](portal)
            asked = list(platform.lookup_requests(self.number))
            if not asked:
                self.found.without_search.append(portal.id)
            for page in asked:
                walk = Walk(portal, search_column(page), platform, run, self.clock().now())
                yield self.request(walk, page, self.parse_search, None)

    def parse_search(self, response: Response, walk: Walk, page: PageRequest) -> list[Request]:
        """The hits of a search page."""
        if trouble := answer_trouble(response):
            self.found.troubles.append((walk.portal.id, trouble))
            return []
        try:
            listed = walk.platform.read_list(self.page(response, walk.portal), page, walk.column)
        except LayoutUnknownError as error:
            layout = Trouble(WalkResult.LAYOUT_CHANGED, "layout", str(error))
            self.found.troubles.append((walk.portal.id, layout))
            return []
        wanted = canonical(self.number)
        rows = [
            row for row in listed.rows if row.index_number is None or canonical(row.index_number) == wanted
        ]
        return [self._open(walk, row, response.url) for row in rows[:MAX_HITS]]

    def _open(self, walk: Walk, row: Row, via: str) -> Request:
        role = walk.platform.role(row.url) or Role.LOOKUP
        context = self.context(walk, role, via).model_copy(
            update={"list_title": row.title, "list_date": row.date, "list_index_number": row.index_number}
        )
        return Request(
            row.url,
            callback=self.parse_hit,
            errback=partial(self.page_failed, walk=walk),
            cb_kwargs={"walk": walk, "row": row},
            meta={"context": context},
            dont_filter=True,
        )

    def parse_hit(self, response: Response, walk: Walk, row: Row) -> None:
        """A document that the search named: does it show the number?"""
        if trouble := answer_trouble(response):
            self.found.troubles.append((walk.portal.id, trouble))
            return
        tree = parse_html(self.page(response, walk.portal).text)
        if canonical(self.number) in canonical(text_of(tree)):
            title = row.title or page_title(tree) or ""
            self.found.hits.append(Hit(walk.portal.id, row.url, title, response.meta.get("archive")))

    def page_failed(self, failure: Failure, walk: Walk) -> list[Request]:
        self.found.troubles.append((walk.portal.id, trouble_of(failure.value)))
        return []

    def ended(self) -> None:
        """Only trouble that may hide the document counts: a hit settles it."""
        if self.found.hits or not self.found.troubles:
            return
        declined = all(trouble.result is WalkResult.DECLINED for _, trouble in self.found.troubles)
        raise CloseSpider(FINISH_DECLINED if declined else FINISH_INCOMPLETE)

    def closed(self, reason: str) -> None:
        """No walk is recorded: a search proves no absence."""


def canonical(number: str) -> str:
    """How two printings of one number are compared (portals.md §6.5): no white space, no hyphen in a code."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", number)).upper()
    return re.sub(r"(?<![0-9A-Z])([0-9A-Z]{8})-([0-9X])(?=[/\\-])", r"\1\2", plain)


def search_column(page: PageRequest) -> Column:
    """The index search, as platforms want a column to read it."""
    return Column(id="lookup", name="索引号检索", url=page.url, kind=ColumnKind.CATALOGUE)
