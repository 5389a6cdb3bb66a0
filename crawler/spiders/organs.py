"""The organ tree: the organs that a portal names, harvested before its yearly route is asked for each.

A route column with `harvest: true` need list no keys by hand. Its tree is walked first, under a walk record
of its own (kind organs); then each organ and year is one request. Keys are asked for as the tree gives them;
nothing is counted up or guessed (portals.md §4.5, §6.5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.context import RowOutcome, WalkKind, WalkResult
from archive.register import Register
from crawler.answers import answer_trouble, trouble_of
from crawler.platforms.base import LayoutUnknownError, Organ, PageRequest
from crawler.platforms.rows import Row
from crawler.portal import Area, Column, ColumnKind
from crawler.replay import moments_of
from crawler.spiders.lists import ListSpider
from crawler.spiders.steps import record_id
from crawler.walk import Walk

MAX_TREE_PAGES = 200  # no county has more branches; a tree that never ends is a fault


@dataclass
class Harvest:
    """The organs found so far for one route column. The column's walk waits for them."""

    route: Walk
    organs: dict[str, Organ] = field(default_factory=dict)  # by key
    pages: int = 0


class OrganSpider(ListSpider):
    """Harvests the organs of route columns."""

    register: Register | None = None  # known where a portal harvests: it says who an organ is

    def harvest(self, walk: Walk) -> list[Request]:
        """Requests of the organ tree; the route's own follow when it has been read. `walk` waits."""
        column = organ_column(walk.column)
        tree = Walk(walk.portal, column, walk.platform, walk.run, self.clock().now(), WalkKind.ORGANS)
        self.walks.append(tree)
        harvest = Harvest(walk)
        walk.pending += 1
        tree.pending += 1
        with self.step(tree):
            asked = list(walk.platform.organ_requests(walk.column))
            if not asked:
                words = "不知机构树在哪里 nothing is known to list the organs"
                tree.trouble(WalkResult.LAYOUT_CHANGED, "no_organs", words)
            requests = [request for page in asked for request in self._tree_page(tree, page, harvest, None)]
            return requests + self._when_read(tree, harvest)

    def parse_organs(
        self, response: Response, walk: Walk, page: PageRequest, harvest: Harvest
    ) -> list[Request]:
        """A page of the tree: its organs, then its further pages; after the last one the route."""
        with self.step(walk):
            walk.moments += moments_of(response)
            requests = self._read_organs(response, walk, page, harvest)
            return requests + self._when_read(walk, harvest)

    def organs_failed(self, failure: Failure, walk: Walk, harvest: Harvest) -> list[Request]:
        with self.step(walk):
            walk.troubles.append(trouble_of(failure.value))
            return self._when_read(walk, harvest)

    def _tree_page(self, walk: Walk, page: PageRequest, harvest: Harvest, via: str | None) -> list[Request]:
        if harvest.pages >= MAX_TREE_PAGES:
            words = f"机构树超过 {MAX_TREE_PAGES} 页 the organ tree does not end"
            walk.trouble(WalkResult.INCOMPLETE, "endless_tree", words)
            return []
        if not walk.may_ask(page):
            return []  # menus name the same branch on every page
        harvest.pages += 1
        request = self.request(walk, page, self.parse_organs, via, conditional=not self.full)
        request.cb_kwargs["harvest"] = harvest
        return [request.replace(errback=partial(self.organs_failed, walk=walk, harvest=harvest))]

    def _read_organs(
        self, response: Response, walk: Walk, page: PageRequest, harvest: Harvest
    ) -> list[Request]:
        trouble = answer_trouble(response)
        if trouble is not None:
            if page.fallback is not None:
                return self._tree_page(walk, page.fallback, harvest, response.url)
            walk.troubles.append(trouble)
            return []
        try:
            read = walk.platform.read_organs(self.page(response, walk.portal), page)
        except LayoutUnknownError as error:
            if page.fallback is not None:
                return self._tree_page(walk, page.fallback, harvest, response.url)
            walk.trouble(WalkResult.LAYOUT_CHANGED, "layout", str(error))
            return []
        if record := record_id(response):
            walk.pages.append(record)
        for organ in read.organs:
            if harvest.organs.setdefault(organ.key, organ) is organ:
                row = Row(f"{page.url.partition('#')[0]}#{organ.key}", organ.name or organ.key)
                walk.add_row(row, RowOutcome.FOLLOWED, None, self._code_of(walk, organ))
        return [
            request for more in read.lists for request in self._tree_page(walk, more, harvest, response.url)
        ]

    def _when_read(self, tree: Walk, harvest: Harvest) -> list[Request]:
        """The route's requests, once the step that runs now is the tree's last."""
        if tree.pending > 1:
            return []
        route = harvest.route
        with self.step(route):
            if tree.troubles:
                words = f"机构树未读全 the organ tree was not read whole: {tree.troubles[0].words}"
                route.trouble(tree.troubles[0].result, "organs_unread", words)
            route.column = self._with_organs(route, harvest)
            return self.first_requests(route)

    def _with_organs(self, walk: Walk, harvest: Harvest) -> Column:
        """The column with the organs listed by hand and those harvested, each key once."""
        areas = {area.key: area for area in walk.column.areas}
        for key, organ in harvest.organs.items():
            areas.setdefault(key, Area(key=key, publisher=self._code_of(walk, organ)))
        return walk.column.model_copy(update={"areas": tuple(areas.values())})

    def _code_of(self, walk: Walk, organ: Organ) -> str | None:
        """The organ's register code, where its name leaves no choice."""
        if self.register is None or not organ.name:
            return None
        found = self.register.match(organ.name, walk.portal.county_code).publisher
        return found.code if found is not None and found.county_code == walk.portal.county_code else None


def organ_column(column: Column) -> Column:
    """The organ tree of a route column, as a walk's column."""
    return Column(
        id=f"{column.id}-organs", name=f"{column.name}：机构", url=column.url, kind=ColumnKind.CATALOGUE
    )
