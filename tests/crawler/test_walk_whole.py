"""Every way to lose `complete`, on columns that a test plays: one portal crawled whole on two days."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.context import RowOutcome, WalkRecord
from tests.crawler.crawling import Ran, list_page, portal_file, scrapy
from tests.crawler.odd_server import Answer, odd_server

TITLE = "示例{}镇2024年政府信息公开工作年度报告"
OTHER = "示例镇行政执法年度统计公告"


def rows(first: int, count: int = 10, *, of: str = "x") -> list[tuple[str, str]]:
    return [(f"/{of}/202501/t20250110_{n}.html", TITLE.format(n)) for n in range(first, first + count)]


def stated(pages: int, here: int) -> str:
    return f'<script>createPageHTML({pages}, {here}, "index", "html")</script>'


def pages(day: int) -> dict[str, str]:
    """The list pages; on the second day the reports of two columns are gone."""
    later = day == 2
    pinned = rows(900, 2)
    return {
        "/fine/": list_page(*rows(0), tail="共10条"),
        "/same/": list_page(*rows(0), tail=stated(2, 0)),
        "/same/index_1.html": list_page(*rows(0), tail=stated(2, 1)),
        "/round/": list_page(*rows(0), tail=stated(4, 0)),
        "/round/index_1.html": list_page(*rows(10), tail=stated(4, 1)),
        "/round/index_2.html": list_page(*rows(0), tail=stated(4, 2)),
        "/round/index_3.html": list_page(*rows(10), tail=stated(4, 3)),
        "/total/": list_page(*rows(0), tail="共12条"),
        "/pinned/": list_page(*pinned, *rows(0, 8), tail=f"共18条{stated(2, 0)}"),
        "/pinned/index_1.html": list_page(*pinned, *rows(10, 8), tail=f"共18条{stated(2, 1)}"),
        "/clamped/": list_page(*rows(0)),
        "/clamped/index_1.html": list_page(*rows(10)),
        "/clamped/index_2.html": list_page(*rows(10)),
        "/cut/": list_page((rows(700)[0][0], "示例镇2024年政府信息公开工作年…"), (rows(701)[0][0], OTHER)),
        "/offsite/": list_page(*rows(0, 3), ("http://elsewhere.test/202501/t20250110_1.html", TITLE)),
        "/thrice/": list_page(*(rows(1, 1, of=name)[0] for name in ("a", "b", "c"))),
        "/template/": list_page(("{{item.url}}", "{{item.title}}"), ("${url}", "${title}")),
        "/emptied/": list_page(tail="暂无相关信息") if later else list_page(*rows(0, 3)),
        "/changed/": list_page(*[(rows(800)[0][0], OTHER)] if later else rows(800, 3)),
        "/broken/": list_page(*rows(600, 2)),
    }


NAMES = tuple(dict.fromkeys(path.split("/")[1] for path in pages(1)))


def crawl(folder: Path, day: int) -> Ran:
    shown = pages(day)

    def behave(path: str, _before: int) -> Answer:
        if path in shown:
            return Answer(body=shown[path])
        if path == "/home/":
            return Answer(302, headers=(("Location", "/"),))
        if path == "/":
            return Answer(body=list_page(*rows(0, 3)))
        if path.endswith("_600.html"):
            return Answer(500, "出错了")
        if path.endswith("_601.html"):
            return Answer(404, "no")  # the site itself says that it is not there
        if "/202501/" in path:
            return Answer(body=f"<html><body>{TITLE.format('某')}</body></html>")
        return Answer(404, "no")

    with odd_server({"county.test": behave}) as server:
        places = (
            f"PORTAL_DIRS={folder / 'portals'}",
            f"SAMPLE_PORT={server.port}",
            "GUARD_EXEMPT_HOSTS=county.test",
            "RETRY_TIMES=0",
            f"CLOCK_START=2026-02-0{day}T09:00:00+08:00",
        )
        return scrapy(folder / "data", "crawl", "portal", "-a", "full=1", settings=places)


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, WalkRecord], dict[str, WalkRecord]]:
    folder = tmp_path_factory.mktemp("whole")
    kinds = {"cut": "catalogue"}
    columns = [
        {"id": name, "name": name, "url": f"/{name}/", "kind": kinds.get(name, "reports")}
        for name in (*NAMES, "home")
    ]
    portal_file(folder / "portals", "county", columns=columns)
    walks = []
    for day in (1, 2):
        ran = crawl(folder, day)
        assert ran.code == 10, ran.err
        walks.append({walk.column: walk for walk in ran.walks().values()})
    return walks[0], walks[1]


@pytest.mark.parametrize(
    ("column", "result", "count", "words"),
    [
        ("fine", "healthy", 10, None),
        ("same", "incomplete", 10, "more may follow"),
        ("round", "incomplete", 20, "same page came twice"),
        ("total", "incomplete", 10, "fewer rows"),
        ("pinned", "healthy", 18, None),
        ("clamped", "healthy", 20, None),
        ("cut", "healthy", 2, None),
        ("offsite", "incomplete", 4, "elsewhere.test"),
        ("thrice", "healthy", 3, None),
        ("template", "layout_changed", 0, "no row"),
        ("home", "layout_changed", 0, "home page"),
        ("broken", "incomplete", 2, "HTTP 500"),
    ],
)
def test_complete_is_earned(
    days: tuple[dict[str, WalkRecord], dict[str, WalkRecord]],
    column: str,
    result: str,
    count: int,
    words: str | None,
) -> None:
    walk = days[0][column]
    assert (walk.result, len(walk.rows), walk.complete) == (result, count, result == "healthy"), walk.reason
    assert (words or "") in (walk.reason or "")
    assert (words is None) == (walk.reason is None)


def test_a_cut_title_is_followed_in_a_list_of_everything(
    days: tuple[dict[str, WalkRecord], dict[str, WalkRecord]],
) -> None:
    outcomes = [(row.outcome, row.reason) for row in days[0]["cut"].rows]
    assert outcomes == [
        (RowOutcome.FOLLOWED, None),
        (RowOutcome.SKIPPED, "not_a_report:enforcement_statistics"),
    ]


@pytest.mark.parametrize("column", ["emptied", "changed"])
def test_reports_that_are_gone_are_a_changed_layout_with_both_captures_as_evidence(
    days: tuple[dict[str, WalkRecord], dict[str, WalkRecord]], column: str
) -> None:
    before, after = (day[column] for day in days)
    assert before.complete
    assert (after.result, after.complete) == ("layout_changed", False)
    assert before.pages[0] in (after.reason or "")
    assert after.pages[0] in (after.reason or "")


def test_what_was_whole_stays_whole_on_another_day(
    days: tuple[dict[str, WalkRecord], dict[str, WalkRecord]],
) -> None:
    whole = [name for name, walk in days[0].items() if walk.complete]
    assert [name for name in whole if not days[1][name].complete] == ["emptied", "changed"]
