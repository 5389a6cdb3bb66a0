"""Finds one document by its 索引号 in the portals' own index search; what is fetched is archived."""

from __future__ import annotations

from archive.index_number import parse_index_number
from crawler.numbers import Search, Wanted
from crawler.spiders.portal import PortalSpider


class LookupSpider(PortalSpider):
    """Arguments: `number` (the 索引号), `portals` (ids; all). Asks no yearly route: one document is wanted.

    Raises ValueError for what is no index number.
    """

    name = "lookup"
    with_routes = False

    def __init__(self, number: str = "", portals: str = "") -> None:
        super().__init__(portals=portals, resume="0")
        read = parse_index_number(number)
        if read is None:
            raise ValueError(f"不像索引号 not an index number: {number}")
        self.numbers = (Wanted(read),)

    @property
    def found(self) -> list[Search]:
        """What came of it, one of each portal."""
        return [search for _, search in self.searches]
