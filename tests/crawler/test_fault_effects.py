"""Traps by their effect on a crawl, not by the setting that avoids them (archive.md T2, T16, T17, T24, §4).

One portal, crawled whole twice; two of its columns show the same list, and one is itself a document of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.context import WalkResult
from tests.crawler.crawling import Ran, full_crawl, list_page, portal_file
from tests.crawler.odd_server import Answer, Arrival, odd_server
from tests.crawler.place import Place

TITLE = "示例镇2024年政府信息公开工作年度报告"
REPORT, OTHER, GONE = (f"/nb/202501/t20250110_{number}.html" for number in (1, 2, 3))
LIST = list_page(
    (REPORT, TITLE), (OTHER, TITLE.replace("2024", "2023")), (GONE, TITLE.replace("2024", "2022"))
)


def answers(path: str, before: int) -> Answer:
    if path == "/nb/":
        return Answer(body=LIST)
    if path in (REPORT, OTHER):
        return Answer(body=f"<html><body><h1>{TITLE}</h1><p>{'一、总体情况' * 40}</p></body></html>")
    if path == "/moved/":
        return Answer(302, headers=(("Location", "/nb/"),))
    return Answer(404, "nothing here")


@dataclass(frozen=True)
class Twice:
    """Two whole crawls, a week apart, and what arrived at the server in each."""

    first: Ran
    second: Ran
    arrived: tuple[list[Arrival], list[Arrival]]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    with odd_server({"demo.test": answers}) as server:
        place = Place(tmp_path_factory.mktemp("effects"), server)
        columns = [
            {"id": name, "name": "年报", "url": url, "kind": kind}
            for name, url, kind in (
                ("nb", "/nb/", "reports"),
                ("again", "/nb/", "reports"),
                ("moved", "/moved/", "reports"),
                ("one", REPORT, "document"),
            )
        ]
        portal_file(place.portals, "demo", columns=columns)
        first = place.crawl("-a", "full=1")
        seen = len(server.arrivals)
        second = place.crawl("-a", "full=1", at="2026-02-10T09:00")
        yield Twice(first, second, (server.arrivals[:seen], server.arrivals[seen:]))


def test_no_coding_is_asked_for_that_replay_tools_cannot_undo(twice: Twice) -> None:
    offered = {arrival.headers.get("Accept-Encoding") for arrivals in twice.arrived for arrival in arrivals}
    assert offered == {"gzip, deflate"}


def test_every_arrival_is_a_record_and_every_record_arrived(twice: Twice) -> None:
    arrived = Counter(arrival.path for arrivals in twice.arrived for arrival in arrivals)
    kept = Counter(entry.url.removeprefix("http://demo.test") for entry in twice.second.captures())
    assert kept == arrived
    assert {"/robots.txt", "/nb/", "/moved/", REPORT, GONE} <= set(kept)


def test_a_later_crawl_asks_the_server_and_no_cache(twice: Twice) -> None:
    for arrivals in twice.arrived:
        assert {"/robots.txt", "/nb/", REPORT, OTHER} <= {arrival.path for arrival in arrivals}


def test_one_address_is_asked_for_again_where_another_column_needs_it(twice: Twice) -> None:
    for ran in (twice.first, twice.second):
        walks = ran.walks()
        assert {name for name, walk in walks.items() if walk.complete} == set(walks), ran.err
        assert len(walks) == 4
        assert len(walks["demo/again"].pages) == 1
    asked = Counter(arrival.path for arrival in twice.arrived[0])
    assert asked["/nb/"] == 3, "by three columns, each with its own books"
    assert asked[REPORT] == 2, "as a row, and as a column that is itself a document"
    assert asked[OTHER] == 1, "a report is asked for once, however many lists name it"


def test_a_name_that_is_no_ascii(tmp_path: Path) -> None:
    """As a portal file writes it; asked for, recorded and guarded by its ASCII form."""
    name = "示例县.test"
    ascii_name = name.encode("idna").decode()
    with odd_server({ascii_name: answers}) as server:
        portal_file(tmp_path / "portals", "idn", base_url=f"http://{name}/", allowed_hosts=[name])
        ran = full_crawl(tmp_path, server.port, ascii_name)
        assert {arrival.host for arrival in server.arrivals} == {ascii_name}
    assert ran.walks()["idn/nb"].complete, ran.err
    assert f"http://{ascii_name}/nb/" in {entry.url for entry in ran.captures()}


DEAD = "<html><head><title>提示</title></head><body>您访问的页面不存在或已删除</body></html>"


def test_a_page_that_says_that_it_is_none_proves_no_absence(tmp_path: Path) -> None:
    """200, and the column is gone: its walk is not complete, the pages are kept, none stands for another."""

    def dead(path: str, before: int) -> Answer:
        return Answer(404) if path == "/robots.txt" else Answer(body=DEAD)

    with odd_server({"demo.test": dead}) as server:
        portal_file(
            tmp_path / "portals",
            "demo",
            columns=[
                {"id": f"c{number}", "name": "年报", "url": f"/c{number}/", "kind": "reports"}
                for number in (1, 2)
            ],
        )
        ran = full_crawl(tmp_path, server.port, "demo.test")
    assert {(walk.result, walk.complete) for walk in ran.walks().values()} == {
        (WalkResult.LAYOUT_CHANGED, False)
    }
    pages = [entry for entry in ran.captures() if "/c" in entry.url]
    assert [(entry.status, entry.refers) for entry in pages] == [(200, None)] * 2
