# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Openness on pages written after portals.md §4.6: controllers, both ways of paging, years, dead pages."""

from __future__ import annotations

import pytest

from archive.context import Role
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.page import Page
from tests.crawler.test_platforms import HOST, platform

LIST = f"{HOST}/OpennessContent/showList/6/1026/page_1.html"


def read(text: str, url: str = LIST, request: PageRequest | None = None, **column: object) -> ListPage:
    made, described = platform("openness", url=url, **column)
    return made.read_list(Page(url, text), request or PageRequest(url), described)


def rows(*paths: str) -> str:
    items = "".join(
        f"<tr><td><a href='{path}'>示例{n}镇2024年政府信息公开年度报告</a></td><td>2025-01-1{n}</td></tr>"
        for n, path in enumerate(paths)
    )
    return f"<table>{items}</table>"


@pytest.mark.parametrize(
    "path",
    [
        "/OpennessAnnualReport/show/6523.html",
        "/openness/OpennessAnnualReport/show/3965.html",
        "/XxgkAnnualReport/show/6144.html",
        "/Xxgknb/show/5246.html",
        "/Gkndbg/show/77.html",
        "/BranchOpennessContent/show/5c6a13a1463a6e63215a5992.html",
        "/OpennessAnnualReport/year/show/335/2019.html",
    ],
)
def test_controllers_old_renamed_and_unseen(path: str) -> None:
    made, _ = platform("openness")
    assert made.is_document(HOST + path)
    assert made.role(HOST + path) is Role.REPORT
    listed = read(rows(path))
    assert [(row.url, row.date) for row in listed.rows] == [(HOST + path, "2025-01-10")]


def test_old_and_renamed_controllers_are_one_list_and_news_beside_it_is_not() -> None:
    news = "".join(
        f'<p><a href="/Content/show/{n}.html">示例县召开2024年工作会议{n}</a></p>' for n in range(2)
    )
    own = rows(
        "/Xxgknb/show/1.html",
        "/OpennessAnnualReport/show/2.html",
        "/XxgkAnnualReport/show/3.html",
        "/OpennessContent/show/9.html",
    )
    listed = read(own + news, url=f"{HOST}/Xxgknb/year/6/2024.html")
    assert [row.belongs for row in listed.rows] == [True] * 4 + [False] * 2


@pytest.mark.parametrize(
    ("url", "pager", "following"),
    [
        (LIST, "<a href='page_2.html'>下一页</a>", "/OpennessContent/showList/6/1026/page_2.html"),
        (
            LIST,
            "<div class='pages'>共9条 1/3页 <a href='javascript:;'>&gt;</a></div>",
            "/OpennessContent/showList/6/1026/page_2.html",
        ),
        (
            f"{HOST}/OpennessGuide/showList/463.html?page=1",
            "<div id=pager>1/3</div>",
            "/OpennessGuide/showList/463.html?page=2",
        ),
        (
            f"{HOST}/opennessTarget/?branch_id=5c6a13a1463a6e63215a5992&topic_id=1",
            "<div class='pagination'>1/3页</div>",
            "/opennessTarget/?branch_id=5c6a13a1463a6e63215a5992&topic_id=1&page=2",
        ),
        (
            f"{HOST}/Xxgknb/year/6/2022.html",
            "<div class='Page'>1/3页</div>",
            "/Xxgknb/year/6/2022.html?page=2",
        ),
    ],
)
def test_paging_by_link_and_by_number(url: str, pager: str, following: str) -> None:
    listed = read(rows("/Xxgknb/show/1.html") + pager, url=url)
    assert listed.next is not None
    assert listed.next.url == HOST + following
    assert listed.next.number == 2


def test_the_last_page_a_day_and_a_loop_bring_no_next_page() -> None:
    last = PageRequest(LIST, number=3)
    assert read(rows("/Xxgknb/show/1.html") + "<div class=pages>3/3页</div>", request=last).next is None
    assert read(rows("/Xxgknb/show/1.html") + "<div class=page>2025/12/31</div>").next is None
    assert read(rows("/Xxgknb/show/1.html") + "<a href='page_1.html'>下一页</a>").next is None


# --- by branch and year ----------------------------------------------------------------------------------


def test_years_of_a_branch_are_lists_of_their_own_and_only_the_newest_is_looked_at_again() -> None:
    made, column = platform("openness", kind="route", url="/Xxgknb/year/", areas=[{"key": "6"}, {"key": "7"}])
    asked = list(made.route_requests(column, [2023, 2024]))
    assert [(r.url, r.part, r.settled) for r in asked] == [
        (f"{HOST}/Xxgknb/year/{branch}/{year}.html", f"{branch}/{year}", year == 2023)
        for branch in ("6", "7")
        for year in (2023, 2024)
    ]
    text = rows("/Xxgknb/show/1.html") + "<div class=pages>1/2页</div>"
    following = read(text, url=asked[0].url, request=asked[0]).next
    assert following is not None
    assert (following.part, following.year) == ("6/2023", 2023), "its further pages belong to the same list"


def test_a_year_without_reports_a_dead_page_a_broken_one_and_a_single_report() -> None:
    url = f"{HOST}/Xxgknb/year/6/2019.html"
    asked = PageRequest(url, year=2019, part="6/2019")
    assert read("<p>暂无相关信息</p>", url=url, request=asked).says_empty
    assert read("<p>您访问的页面不存在</p>", url=url, request=asked).says_empty
    with pytest.raises(LayoutUnknownError):
        read("<p>您访问的页面不存在</p>", url=url)  # of a plain list that proves nothing
    with pytest.raises(LayoutUnknownError):
        read("<h1>系统维护中，暂停访问</h1>", url=url, request=asked)
    made, column = platform("openness", url=url)
    sent_on = Page(
        f"{HOST}/XxgkAnnualReport/show/6144.html", "<title>示例镇2019年政府信息公开工作年度报告</title>"
    )
    (row,) = made.read_list(sent_on, asked, column).rows
    assert (row.url, row.title) == (sent_on.url, "示例镇2019年政府信息公开工作年度报告")


def test_twins_of_an_address_are_one() -> None:
    listed = read(
        rows(
            "https://www.example.gov.cn:443/Xxgknb/show/1.html",
            "http://www.example.gov.cn/Xxgknb/show/1.html",
        )
    )
    assert {row.url for row in listed.rows} == {f"{HOST}/Xxgknb/show/1.html"}
    elsewhere = read(rows("http://zwgk.other.gov.cn/Xxgknb/show/1.html"))
    assert [row.url for row in elsewhere.rows] == ["http://zwgk.other.gov.cn/Xxgknb/show/1.html"]


def test_downloads_are_attachments() -> None:
    made, _ = platform("openness")
    page = Page(
        f"{HOST}/Xxgknb/show/1.html",
        "<a href='/OpennessContent/download/88.html'>年度报告.doc</a><a href='/Content/show/3.html'>新闻</a>",
    )
    assert made.attachments(page) == [(f"{HOST}/OpennessContent/download/88.html", "年度报告.doc")]


def test_branches_are_read_from_links_and_years_are_no_names() -> None:
    made, column = platform(
        "openness", kind="route", url="/Xxgknb/year/", areas=[{"key": "6"}], options={"organs": "/openness/"}
    )
    (asked,) = made.organ_requests(column)
    assert asked.url == f"{HOST}/openness/"
    text = (
        "<a href='/Xxgknb/year/6/2024.html'>2024年</a><a href='/OpennessContent/showList/6/1026/page_1.html'>示例县政府办</a>"
        "<a href='/OpennessContent/showList/7/1026.html'>示例一镇</a><a href='/OpennessGuide/showList/463.html'>公开指南</a>"
    )
    organs = made.read_organs(Page(asked.url, text), asked)
    assert [(organ.key, organ.name) for organ in organs.organs] == [("6", "示例县政府办"), ("7", "示例一镇")]
    with pytest.raises(LayoutUnknownError):
        made.read_organs(Page(asked.url, "<p>无</p>"), asked)


def test_a_template_block_yields_no_rows() -> None:
    assert (
        read(
            "<script type='text/html'><a href='/Xxgknb/show/{id}.html'>{title}</a></script>暂无相关信息"
        ).rows
        == ()
    )
