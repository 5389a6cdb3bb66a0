"""Openness: a controller for each kind of information; reports have their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.context import Role
from crawler.platforms.base import PageRequest, Platform, Sign
from crawler.portal import Column


class Openness(Platform):
    """Recognise: `/OpennessAnnualReport/show/ID.html`, `/OpennessContent/showList/BRANCH/TOPIC/page_N.html`.

    portals.md §4.6. The report's controller may be renamed (`XxgkAnnualReport`, `Xxgknb`). Its list by organ
    and year, `…/year/BRANCH/YEAR.html`, or its report by organ and year, `…/year/show/ORGAN/YEAR.html`, is a
    column of kind route, whose areas' keys are those numbers.
    Reports show no index number here, and no index search is known.
    """

    name = "openness"
    title = "Openness（池州、宣城、铜陵等）"
    signs = (
        Sign(
            re.compile(r"/\w*(?:AnnualReport|Xxgknb)/(?:show|year|showList)/", re.IGNORECASE),
            "年报控制器 …AnnualReport/show",
        ),
        Sign(re.compile(r"/\w*Openness\w*/(?:show|showList|download)/"), "信息公开控制器 Openness…/show"),
        Sign(re.compile(r"/openness/", re.IGNORECASE), "路径 openness"),
    )
    detail = re.compile(
        r"/(?:\w*AnnualReport|\w*Openness\w*|Xxgk\w*)/(?:show/\d+|year/show/\d+/20\d\d)\.html?$",
        re.IGNORECASE,
    )
    attachment = re.compile(r"/\w*Openness\w*/download/\d+", re.IGNORECASE)
    route = "/OpennessAnnualReport/year/"

    def route_requests(self, column: Column, years: Sequence[int]) -> Iterator[PageRequest]:
        base = self.portal.absolute(column.url).rstrip("/")
        role = Role.REPORT if base.endswith("/show") else Role.LIST
        for area in column.areas:
            for year in years:
                url = f"{base}/{area.key}/{year}.html"
                yield PageRequest(url, role=role, publisher=area.publisher, year=year)

    def place(self, url: str) -> str | None:
        found = re.search(r"/(\w+)/show/\d+\.html?$", url)
        return found.group(1) if found else None

    def place_of(self, column: Column) -> str | None:
        found = re.search(r"/(\w+)/(?:showList|year|show)/", self.portal.absolute(column.url))
        return found.group(1) if found else None
