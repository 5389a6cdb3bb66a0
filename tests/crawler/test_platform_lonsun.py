# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Lonsun on pages written after portals.md §4.5: calls, fragments in both forms, the route, bad answers."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.context import Role
from crawler.platforms import Platform
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.page import Page
from crawler.portal import Column
from tests.crawler.test_platforms import HOST, platform

COLUMN = f"{HOST}/public/column/5960?type=4&catId=6718&action=list&nav=3"


def lonsun(url: str = COLUMN, **column: object) -> tuple[Platform, Column]:
    return platform("lonsun", url=url, **column)


def first(text: str, url: str = COLUMN, **column: object) -> PageRequest:
    """The request that a column page leads to."""
    made, described = lonsun(url, **column)
    listed = made.read_list(Page(url, text), PageRequest(url, role=Role.COLUMN), described)
    assert listed.rows == ()
    assert listed.next is not None
    return listed.next


def fields(url: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


# --- the call of the fragment (portals.md §4.5, List) ----------------------------------------------------


@pytest.mark.parametrize(
    ("script", "path"),
    [
        (
            'Ls.ajax({dataType:"html",url:"/site/label/8888",data:{labelName:"publicInfoList",siteId:"67",pageSize:"16",pageIndex:pageIndex,action:"list",organId:"5960",type:"4",catId:"6718",result:"暂无相关信息"}})',
            "/site/label/8888",
        ),
        (
            "$.get('/zwgk/site/label/8888?IsAjax=1&amp;_=0.13&amp;labelName=publicInfoList&amp;siteId=67&amp;pageSize=16&amp;pageIndex=1&amp;organId=&amp;type=4&amp;catId=')",
            "/zwgk/site/label/8888",
        ),
        (
            "var u = \"/site/label/165919\", data : {\n siteId : '67',\n pageSize : '16', organId: organId, type: '4', catId: \"\" }",
            "/site/label/165919",
        ),
    ],
)
def test_the_call_is_read_as_it_stands_and_filled_from_the_columns_address(script: str, path: str) -> None:
    other = "Ls.ajax({url:'/site/label/8888?labelName=newsList&siteId=67&num=6'});"
    asked = first(f"<html><script>{other}{script}</script></html>")
    assert urlsplit(asked.url).path == path
    found = fields(asked.url)
    wanted = {
        "organId": "5960",
        "catId": "6718",
        "type": "4",
        "siteId": "67",
        "pageSize": "16",
        "pageIndex": "1",
    }
    assert {key: found[key] for key in wanted} == wanted
    assert "_" not in found
    assert asked.carry["size"] == "16"
    assert asked.fallback is not None


def test_what_the_call_says_goes_before_the_columns_address() -> None:
    asked = first(
        "<script>Ls.ajax({url:'/site/label/8888?labelName=publicInfoList&organId=77&catId='})</script>"
    )
    assert (fields(asked.url)["organId"], fields(asked.url)["catId"]) == ("77", "6718")


def test_a_call_in_a_script_file_is_made_from_the_columns_address() -> None:
    text = '<meta name="SiteId" content="4970"><div id="xxgk_lmcon"></div><script src="/js/gk.js"></script>'
    asked = first(text, options={"file": "/xxgk/publicInfoList_newest2020"})
    found = fields(asked.url)
    assert (found["siteId"], found["organId"], found["catId"]) == ("4970", "5960", "6718")
    assert found["file"] == "/xxgk/publicInfoList_newest2020"


def test_a_list_asked_for_again_after_its_column_page_is_another_request_to_the_walk() -> None:
    made, column = lonsun()
    text = "<script>Ls.ajax({url:'/site/label/8888?labelName=publicInfoList&organId=5960'})</script>"
    once = made.read_list(Page(COLUMN, text), PageRequest(COLUMN), column).next
    again = made.read_list(Page(COLUMN, text), PageRequest(COLUMN, carry={"again": "1"}), column).next
    assert once is not None
    assert again is not None
    assert once.url == again.url
    assert once.carry["static"] != again.carry["static"]


# --- fragments -------------------------------------------------------------------------------------------

FRAGMENT = PageRequest(
    f"{HOST}/site/label/8888?labelName=publicInfoList&pageIndex=1",
    carry={"fragment": "1", "static": "", "size": "2"},
)


def fragment(text: str, request: PageRequest = FRAGMENT) -> ListPage:
    made, column = lonsun()
    return made.read_list(Page(request.url, text), request, column)


NAVLI = (
    '<div class="xxgk_navli"><ul><li class="num">{n}</li><li class="syh">00298627-2/202003-0001{n}</li>'
    '<li><a href="/public/6600001/1171234{n}.html" title="示例{n}镇2020年政府信息公开工作年度报告">示例{n}镇2020年政府信…</a></li>'
    "<li>2021-01-2{n}</li></ul></div>"
)


def test_rows_of_cells_side_by_side_one_box_each() -> None:
    listed = fragment(
        "".join(NAVLI.format(n=n) for n in (1, 2))
        + "<script>Ls.pagination('#p',f,{pageCount:3,totalCount:5})</script>"
    )
    assert [(r.url, r.index_number, r.date) for r in listed.rows] == [
        (f"{HOST}/public/6600001/1171234{n}.html", f"00298627-2/202003-0001{n}", f"2021-01-2{n}")
        for n in (1, 2)
    ]
    assert listed.rows[0].title == "示例1镇2020年政府信息公开工作年度报告", "the title attribute is whole"
    assert (listed.pages, listed.total) == (3, 5)
    assert listed.next is not None
    assert fields(listed.next.url)["pageIndex"] == "2"
    assert listed.next.carry["pages"] == "3", "a last page that is not there ends the list"


def test_rows_of_cells_side_by_side_all_in_one_list() -> None:
    cells = "".join(
        f"<li>{n}</li><li>00298627-2/202003-0001{n}</li><li><a href=/public/1/{n}.html>示例{n}镇2020年度报告</a></li><li>2021/1/2{n}</li>"
        for n in (1, 2, 3)
    )
    listed = fragment(f"<div class='xxgk_navli'><ul>{cells}</ul></div>pageCount:1")
    assert [(r.index_number, r.date) for r in listed.rows] == [
        (f"00298627-2/202003-0001{n}", f"2021/1/2{n}") for n in (1, 2, 3)
    ]
    assert listed.next is None


def test_a_row_without_index_number_takes_none_of_the_next_row() -> None:
    cells = "".join(
        f"<li>{n}</li><li>{number}</li><li><a href=/public/1/{n}.html>示例{n}镇2020年度报告</a></li><li>{day}</li>"
        for n, number, day in ((1, "", ""), (2, "00298627-2/202003-00012", "2021-01-22"))
    )
    first_row, second_row = fragment(f"<div class='xxgk_navli'><ul>{cells}</ul></div>pageCount:1").rows
    assert (first_row.index_number, first_row.date) == (None, None)
    assert second_row.index_number == "00298627-2/202003-00012"


def test_rows_of_the_newer_list() -> None:
    text = (
        "<ul class='clearfix xxgk_nav_list'><li><span class='syh'>003110926/201510-00216</span>"
        "<A TITLE='示例局2024年度报告' HREF='HTTP://www.example.gov.cn:80/public/5/9.html;jsessionid=AB12'>示例局…</A>"
        "<span class='date'>\r\n\t\t2025-01-13\t</span></li></ul><a paged='4'>尾页</a>"
    )
    (row,) = fragment(text).rows
    assert (row.url, row.index_number, row.date) == (
        f"{HOST}/public/5/9.html",
        "003110926/201510-00216",
        "2025-01-13",
    )
    assert fragment(text).pages == 4


def test_a_full_fragment_without_a_pager_is_followed_by_a_guess() -> None:
    full = "".join(NAVLI.format(n=n) for n in (1, 2))
    following = fragment(full).next
    assert following is not None
    assert following.probe
    assert fragment(NAVLI.format(n=1)).next is None, "a page that is not full is the last"
    beyond = fragment("", following)
    assert (beyond.rows, beyond.next) == ((), None), "a guess that brings nothing ends the list"


def test_a_refused_fragment_is_not_an_empty_list() -> None:
    assert fragment("暂无相关信息").says_empty
    with pytest.raises(LayoutUnknownError):
        fragment('<div class="tip">请刷新页面后重试</div>')
    with pytest.raises(LayoutUnknownError):
        fragment("<html><title>系统提示</title>页面不存在</html>")


def test_a_template_block_yields_no_rows() -> None:
    text = "<script type='text/template'><ul class='xxgk_nav_list'><li><a href='/public/5/{{id}}.html'>{{title}}</a></li></ul></script>暂无相关信息"
    assert fragment(text).rows == ()


def test_a_row_to_another_host_stays_a_row_and_says_so() -> None:
    text = "<ul class='xxgk_nav_list'><li><a href='//www.other.gov.cn/public/1/2.html'>全市2024年政府信息公开工作年度报告</a></li></ul>"
    assert [row.url for row in fragment(text).rows] == ["https://www.other.gov.cn/public/1/2.html"]


# --- lists that hold their rows --------------------------------------------------------------------------


def test_content_column_pages_by_page_index() -> None:
    url = f"{HOST}/content/column/7001"
    made, column = lonsun(url)
    text = "<ul><li><a href='/content/article/88'>示例镇2024年政府信息公开年度报告</a><i>2025-01-02</i></li></ul><script>Ls.pagination('.page',{ pageCount : 2 })</script>"
    listed = made.read_list(Page(url, text), PageRequest(url, role=Role.COLUMN), column)
    assert [row.url for row in listed.rows] == [f"{HOST}/content/article/88"]
    assert listed.next is not None
    assert listed.next.url == f"{url}?pageIndex=2"
    last = made.read_list(Page(listed.next.url, text), listed.next, column)
    assert last.next is None


# --- the route of reports (portals.md §4.5, Annual reports) ----------------------------------------------


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("/public/column/", "/public/column/5961?type=3&timeFrame=2022&hasContent=true"),
        (
            "/public/column/5960?type=3&nav=5&sub=2",
            "/public/column/5961?type=3&nav=5&sub=2&timeFrame=2022&hasContent=true",
        ),
        ("/zwgk/public/column/?type=3", "/zwgk/public/column/5961?type=3&timeFrame=2022&hasContent=true"),
    ],
)
def test_the_route_asks_for_organ_and_year(url: str, asked: str) -> None:
    made, column = lonsun(url, kind="route", areas=[{"key": "5961", "publisher": "330681-D01"}])
    (request,) = made.route_requests(column, [2022])
    assert request.url == HOST + asked
    assert (request.role, request.publisher, request.year) == (Role.REPORT, "330681-D01", 2022)
    assert made.role(request.url) is Role.REPORT


def test_a_route_that_is_none_is_told() -> None:
    made, column = lonsun("/nb/", kind="route", areas=[{"key": "1"}])
    with pytest.raises(LayoutUnknownError):
        list(made.route_requests(column, [2022]))


FRAME = '<div><a href="/public/column/5961?type=2">信息公开指南</a><a href="/public/column/5962?type=3">示例一镇</a></div>{}<div>样例单位主办</div>'
ROUTE = f"{HOST}/public/column/5961?type=3&timeFrame=2022"


def test_an_empty_year_a_report_a_list_and_an_error_page_are_told_apart() -> None:
    made, column = lonsun()
    asked = PageRequest(ROUTE, role=Role.REPORT, year=2022)

    def page(text: str) -> Page:
        return Page(ROUTE, text)

    empty = page(FRAME.format("<p>暂无相关信息</p>"))
    assert made.route_is_empty(empty)
    assert made.route_is_empty(page(FRAME.format("")))
    body = f"<h1>示例局2022年政府信息公开工作年度报告</h1><p>{'一、总体情况。' * 80}</p><p>六、其他需要报告的事项</p><p>暂无</p>"
    report = page(FRAME.format(body))
    assert not made.route_is_empty(report), "a report may say 暂无 of some matter"
    assert made.route_list(report, asked, column) is None
    listing = page(
        FRAME.format("<li><a href='/public/5961/7.html'>示例局2022年政府信息公开工作年度报告</a></li>")
    )
    assert not made.route_is_empty(listing)
    listed = made.route_list(listing, asked, column)
    assert listed is not None
    assert [row.url for row in listed.rows] == [f"{HOST}/public/5961/7.html"]
    file = page(FRAME.format("<a href='/group6/M00/0A/7D/rBYC.doc'>2022年度报告</a>"))
    assert not made.route_is_empty(file)
    assert made.attachments(file) == [(f"{HOST}/group6/M00/0A/7D/rBYC.doc", "2022年度报告")]
    foot = f"<div class='footer clearfix'>{'主办单位样例单位。' * 100}</div>"
    assert made.route_is_empty(page(FRAME.format("") + foot)), "a long footer is no report"
    guide = f"<p>暂无相关信息</p><p>{'检索说明文字。' * 100}</p>"
    assert made.route_is_empty(page(FRAME.format(guide))), "nor is a page that says 暂无 among other words"
    with pytest.raises(LayoutUnknownError):
        made.route_is_empty(page("<html><title>502</title>系统繁忙</html>"))


def test_organs_are_read_from_the_tree_and_not_from_a_menu() -> None:
    made, column = lonsun()
    (asked,) = made.organ_requests(column)
    assert asked.url == COLUMN
    organs = made.read_organs(
        Page(COLUMN, FRAME.format('<a href="/public/column/5961?type=4">示例县财政局</a>')), asked
    )
    assert [(organ.key, organ.name) for organ in organs.organs] == [
        ("5961", "示例县财政局"),
        ("5962", "示例一镇"),
    ]
    with pytest.raises(LayoutUnknownError):
        made.read_organs(Page(COLUMN, "<p>维护中</p>"), asked)


def test_the_page_itself_is_read_where_the_fragment_is_not_there() -> None:
    made, column = lonsun()
    text = "<script>Ls.ajax({url:'/site/label/8888?labelName=publicInfoList'})</script>" + NAVLI.format(n=1)
    asked = made.read_list(Page(COLUMN, text), PageRequest(COLUMN, role=Role.COLUMN), column).next
    assert asked is not None
    assert asked.fallback is not None
    listed = made.read_list(Page(COLUMN, text), replace(asked.fallback), column)
    assert [row.index_number for row in listed.rows] == ["00298627-2/202003-00011"]


def test_a_look_up_reads_the_report_columns_and_keeps_the_number_alone() -> None:
    made, column = lonsun()
    (asked,) = made.lookup_requests("002986272/202003-00012")
    assert (asked.url, asked.role) == (COLUMN, Role.LOOKUP)
    text = "<script>Ls.ajax({url:'/site/label/8888?labelName=publicInfoList'})</script>"
    following = made.read_list(Page(COLUMN, text), asked, column).next
    assert following is not None
    assert following.role is Role.LOOKUP
    first = fragment(NAVLI.format(n=1) + "pageCount:2", following)
    assert first.rows == ()
    assert first.next is not None
    hit = fragment(NAVLI.format(n=2) + NAVLI.format(n=3) + "pageCount:2", first.next)
    assert [row.index_number for row in hit.rows] == ["00298627-2/202003-00012"]
