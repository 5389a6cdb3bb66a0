# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Lonsun and gkmlpt against servers of bad habits, crawled for real (portals.md §4.4, §4.5, §10)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from archive.context import WalkRecord, WalkResult
from tests.crawler.crawling import Ran, full_crawl, portal_file, scrapy
from tests.crawler.odd_server import Answer, Arrival, OddServer, odd_server

COLUMN = "/public/column/1?type=4&catId=2"
SCRIPT = "<script>Ls.ajax({url:'/site/label/8888?labelName=publicInfoList&siteId=1&pageSize=2&organId=1&catId=2'})</script>"
INDEX = f"<script>window._CONFIG={{SID:'7',TREE:{json.dumps([{'id': 5, 'name': '年报', 'children': []}])}}};</script>"
YEARS = """
id: years
name: years
county_code: "000000"
platform: openness
base_url: http://years.test/
allowed_hosts: [years.test]
years: [2023, 2024]
columns:
  - {id: nb, name: 年报, url: /Xxgknb/year/, kind: route, areas: [{key: "6"}]}
delay: {reason: loopback, seconds: 0}
"""
GONE = Answer(404, "gone")


def row(n: int) -> str:
    return f"<ul class='xxgk_nav_list'><li><a href='/public/1/{n}.html'>示例{n}镇2024年政府信息公开工作年度报告</a><span>2025-01-09</span></li></ul>"


def entries(*numbers: int, count: int) -> Answer:
    articles = [
        {"id": n, "title": f"示例事项{n}", "url": f"/gkmlpt/content/0/0/post_{n}.html"} for n in numbers
    ]
    return Answer(
        200, json.dumps({"classify": {"post_count": count}, "articles": articles}), "application/json"
    )


@dataclass
class Played:
    full: dict[str, WalkRecord]
    routine: Ran
    server: OddServer
    before_routine: int  # arrivals

    def later(self, host: str) -> list[Arrival]:
        return [a for a in self.server.arrivals[self.before_routine :] if a.host == host]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("servers")
    server: OddServer

    def cookie(path: str, _before: int) -> Answer:
        """Only the column's page gives the cookie, and a fragment without it is refused with 200."""
        if path.startswith("/public/column/"):
            return Answer(200, SCRIPT, headers=(("Set-Cookie", "SESSION=1; Path=/"),))
        if path.startswith("/site/label/"):
            known = "SESSION=1" in server.arrivals[-1].headers.get("Cookie", "")
            return Answer(200, row(1) + "pageCount:1" if known else "<p>请刷新页面后重试</p>")
        return Answer(200, "<p>示例</p>") if path.startswith("/public/1/") else GONE

    def forever(path: str, _before: int) -> Answer:
        if path.startswith("/public/column/"):
            return Answer(200, SCRIPT)
        return Answer(200, row(1) + "pageCount:9999") if path.startswith("/site/label/") else GONE

    def same(path: str, _before: int) -> Answer:
        """Every page of the API is the first."""
        if path == "/gkmlpt/index":
            return Answer(200, INDEX)
        return entries(*range(100), count=250) if path.startswith("/gkmlpt/api/all/5") else GONE

    def one(path: str, _before: int) -> Answer:
        """One page only: the second is 404, though the category counts more."""
        if path == "/gkmlpt/index":
            return Answer(200, INDEX)
        return entries(*range(100), count=134) if re.search(r"/api/all/5\?page=1&", path) else GONE

    def years(path: str, _before: int) -> Answer:
        """Openness by year, before anyone published for the newest."""
        if path == "/Xxgknb/year/6/2023.html":
            return Answer(
                200, "<li><a href='/Xxgknb/show/7.html'>示例镇2023年政府信息公开工作年度报告</a></li>"
            )
        if path == "/Xxgknb/year/6/2024.html":
            return Answer(200, "<p>暂无相关信息</p>")
        return Answer(200, "<p>示例</p>") if path == "/Xxgknb/show/7.html" else GONE

    (folder / "portals").mkdir()
    (folder / "portals" / "years.yml").write_text(YEARS, encoding="utf-8")
    hosts = {"cookie": cookie, "forever": forever, "same": same, "one": one, "years": years}
    for name in set(hosts) - {"years"}:
        lonsun = name in {"cookie", "forever"}
        url, kind = (COLUMN, "reports") if lonsun else ("/gkmlpt/index#5", "catalogue")
        column = {"id": "nb", "name": "年报", "url": url, "kind": kind}
        portal_file(folder / "portals", name, platform="lonsun" if lonsun else "gkmlpt", columns=[column])
    with odd_server({f"{name}.test": behaviour for name, behaviour in hosts.items()}) as server:
        names = [f"{name}.test" for name in hosts]
        ran = full_crawl(folder, server.port, *names)
        assert ran.code == 10, ran.err
        full = {walk.portal: walk for walk in ran.walks().values()}
        before = len(server.arrivals)
        settings = (
            f"PORTAL_DIRS={folder / 'portals'}",
            f"SAMPLE_PORT={server.port}",
            f"GUARD_EXEMPT_HOSTS={','.join(names)}",
        )
        routine = scrapy(folder / "data", "crawl", "portal", "-a", "portals=cookie,years", settings=settings)
        yield Played(full, routine, server, before)


def test_a_fragment_gets_the_cookie_of_its_column_page(played: Played) -> None:
    walk = played.full["cookie"]
    assert (walk.result, walk.complete, len(walk.rows)) == (WalkResult.HEALTHY, True, 1), walk.reason


def test_a_routine_crawl_refused_without_the_cookie_goes_back_for_it(played: Played) -> None:
    """It asks the fragment straight, is refused, asks the column's page and then the fragment once more."""
    assert played.routine.code == 0, played.routine.err
    asked = [a.path.partition("?")[0] for a in played.later("cookie.test")]
    assert asked == ["/robots.txt", "/site/label/8888", "/public/column/1", "/site/label/8888"]


def test_a_fragment_that_pages_for_ever_is_left_after_its_second_page(played: Played) -> None:
    walk = played.full["forever"]
    assert not walk.complete
    assert "the same page came twice" in (walk.reason or "")
    assert sum("/site/label/" in path for path in played.server.paths("forever.test")) == 2


def test_an_api_whose_second_page_is_its_first_is_left(played: Played) -> None:
    walk = played.full["same"]
    assert not walk.complete
    assert "the same page came twice" in (walk.reason or "")
    assert sum("/api/" in path for path in played.server.paths("same.test")) == 2


def test_an_api_of_one_page_is_whole_only_if_its_total_says_so(played: Played) -> None:
    walk = played.full["one"]
    assert (walk.stated_total, len(walk.rows)) == (134, 100)
    assert walk.result is WalkResult.INCOMPLETE
    assert "fewer rows than the portal states" in (walk.reason or "")


def test_a_routine_crawl_asks_for_the_newest_year_alone_and_an_empty_one_is_no_alarm(played: Played) -> None:
    assert played.full["years"].complete, played.full["years"].reason
    assert [a.path for a in played.later("years.test")] == ["/robots.txt", "/Xxgknb/year/6/2024.html"]
    walk = played.routine.walks()["years/nb"]
    assert (walk.result, walk.complete) == (WalkResult.HEALTHY, False), walk.reason
