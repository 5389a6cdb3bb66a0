"""The generic platform on markup that belongs to no family; imitates portals.md §3.3, §4.9, §5, §8, §10."""

from __future__ import annotations

import pytest

from crawler.platforms import PLATFORMS
from crawler.platforms.base import LayoutUnknownError, ListPage
from crawler.platforms.generic import Generic
from crawler.platforms.page import Page
from crawler.portal import Portal

HOST = "http://www.shili.gov.cn"
PORTAL = Portal.model_validate(
    {
        "id": "shili",
        "name": "示例县",
        "county_code": "999900",
        "platform": "generic",
        "base_url": f"{HOST}/",
        "years": [2023, 2025],
        "columns": [
            {"id": "home", "name": "首页", "url": "/"},
            {"id": "nb", "name": "年报", "url": "/nb/a.php"},
        ],
    }
)
GENERIC = Generic(PORTAL)


def read(body: str, *, column: int = 1, at: str = "", head: str = "") -> ListPage:
    """The first page of a column as it is read."""
    asked = next(iter(GENERIC.column_requests(PORTAL.columns[column], [2023, 2024])))
    page = Page(at or asked.url, f"<html><head>{head}</head><body>{body}</body></html>")
    return GENERIC.read_list(page, asked, PORTAL.columns[column])


def row(number: int, year: int = 2024, day: str = "2025-01-20") -> str:
    return f'<p><a href="/v.php?id={number}">示例{number}镇{year}年政府信息公开工作年度报告</a> {day}</p>'


def test_it_is_the_last_of_the_platforms() -> None:
    assert list(PLATFORMS)[-1] == "generic"


def test_a_home_page_leads_to_columns_and_areas_by_their_names() -> None:
    listed = read(
        '<a href="/c/1">政府信息公开年报</a><a href="/c/2">法治政府建设年度报告</a>'
        '<a href="/c/3">信息公开指南</a>'
        '<a href="/c/4">部门信息公开</a><a href="/c/5">网站工作年度报表</a><a href="/zwgk/xxgknb/">更多</a>'
        '<a href="http://other.example.com/nb/">信息公开年报</a><a href="/f.pdf">信息公开年报</a>',
        column=0,
    )
    assert [(asked.url, asked.carry["g_as"]) for asked in listed.lists] == [
        (f"{HOST}/c/1", "column"),
        (f"{HOST}/c/4", "hub"),
        (f"{HOST}/zwgk/xxgknb/", "column"),
    ]
    assert listed.unseen is not None
    assert "链接" in listed.unseen


def test_a_home_page_without_a_column_is_a_finding() -> None:
    with pytest.raises(LayoutUnknownError, match="找不到年报栏目"):
        read('<a href="/news/">要闻</a>' + row(1, day="").replace("年度报告", "通知"), column=0)


def test_news_on_the_home_page_are_no_rows() -> None:
    listed = read(
        '<a href="/c/1">信息公开年报</a><p><a href="/n/1">县财政局</a> 2025-01-20</p>' + row(3), column=0
    )
    assert [found.url for found in listed.rows] == [f"{HOST}/v.php?id=3"]


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="a.php?p=2">下一页</a>',
        '<a href="/nb/a.php?p=2">更早 →</a>',
        '<b>1</b> <a href="a.php?p=2">2</a> <a href="a.php?p=3">3</a>',
        '<a href="a.php?p=2">[2]</a>',
        '<a href="a.php?p=2">第2页</a>',
        '<a rel="next" href="a.php?p=2"><img src="r.gif"></a>',
        '<a href="a.php?p=2">&gt;</a>',
        '<a href="a.php?p=2;jsessionid=8A7F6E5D">下页</a>',
    ],
)
def test_the_next_page_by_what_the_page_shows(pager: str) -> None:
    listed = read(row(1) + row(2) + pager)
    assert listed.next is not None
    assert (listed.next.url, listed.next.number) == (f"{HOST}/nb/a.php?p=2", 2)


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="?month=2025-02">&gt;</a>',
        '<a href="/rili/2025/2">2</a>',
        "<table>" + "".join(f'<td><a href="d.php?on={n}">{n}</a></td>' for n in range(1, 31)) + "</table>",
        '<a class="disabled" href="a.php?p=1">下一页</a>',
        '<a href="http://else.gov.cn/p2">下一页</a>',
        '<a href="a.php">下一页</a>',
        '<a href="/other/2.html">&gt;</a>',
    ],
)
def test_what_is_no_next_page(pager: str) -> None:
    listed = read(row(1) + row(2) + pager)
    assert len(listed.rows) == 2
    assert listed.next is None
    assert listed.unseen is None


def test_a_pager_that_only_a_script_turns_is_told() -> None:
    listed = read(row(1) + '<a href="javascript:go(2)">下一页</a>')
    assert listed.next is None
    assert listed.unseen is not None
    assert "脚本" in listed.unseen


def test_pages_of_files_are_read_as_the_families_read_them() -> None:
    listed = read(row(1) + '<script>createPageHTML(3, 0, "a", "html");</script>', at=f"{HOST}/nb/a.html")
    assert listed.pages == 3
    assert listed.next is not None
    assert listed.next.url == f"{HOST}/nb/a_1.html"


def test_one_document_has_one_address_whatever_the_session() -> None:
    listed = read(
        '<p><a href="v.php?id=7&amp;PHPSESSID=aa11">示例镇2024年政府信息公开年度报告</a> 2025-01-20</p>'
        '<p><a href="v.php;jsessionid=BB22?id=7">示例镇2024年政府信息公开年度报告</a> 2025-01-20</p>'
        '<p><a href="https://www.shili.gov.cn/nb/v.php?id=7">示例镇2024年政府信息公开年度报告</a></p>'
    )
    assert [found.url for found in listed.rows] == [f"{HOST}/nb/v.php?id=7"]


def test_a_number_that_looks_like_a_session_and_is_none_is_kept() -> None:
    listed = read('<p><a href="v.php?sid=755031">示例镇2024年政府信息公开年度报告</a> 2025-01-20</p>')
    assert listed.rows[0].url == f"{HOST}/nb/v.php?sid=755031"


def test_years_and_bodies_below_a_column_are_lists() -> None:
    listed = read(
        '<div class="nav"><a href="y2023.php">2023年</a><a href="y2024.php">2024年政府信息公开年报</a></div>'
        '<a href="zn.php">公开指南</a><div><a href="one.php">示例一镇</a></div><a href="/">首页</a>'
    )
    assert [asked.url.rpartition("/")[2] for asked in listed.lists] == ["y2023.php", "y2024.php", "one.php"]
    assert len({asked.part for asked in listed.lists}) == 3


REPORT = "<h1>示例镇2024年政府信息公开工作年度报告</h1>" + "".join(
    f"<p>{heading}</p><p>{'本年度按照要求公开政府信息。' * 20}</p>"
    for heading in ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")
)


def test_a_page_that_is_a_report_is_its_own_row() -> None:
    listed = read('<a href="/">首页</a>' + REPORT)
    assert [(found.url, found.title) for found in listed.rows] == [
        (f"{HOST}/nb/a.php", "示例镇2024年政府信息公开工作年度报告")
    ]
    assert listed.lists == ()


def test_a_list_headed_like_a_report_is_none() -> None:
    links = "".join(
        f'<li><a href="/v/{n}">示例{n}镇2024年政府信息公开工作年度报告</a> 2025-01-20</li>' for n in range(40)
    )
    listed = read(f"<h1>示例县2024年政府信息公开工作年度报告</h1><ul>{links}</ul>")
    assert len(listed.rows) == 40


def test_a_page_that_shows_nothing_is_no_empty_list() -> None:
    with pytest.raises(LayoutUnknownError):
        read("<h1>您访问的页面不存在</h1>")
    listed = read("<div id=app></div>")
    assert (listed.rows, listed.next, listed.lists, listed.says_empty) == ((), None, (), False)


def test_marks_of_a_family_call_its_reader() -> None:
    listed = read(
        '<script type="text/xml"><datastore><recordset><record><![CDATA[<li>'
        '<a href="/art/2025/1/13/art_9_8.html">'
        "示例镇2024年政府信息公开工作年度报告</a><span>2025-01-13</span></li>]]></record></recordset></datastore></script>"
    )
    assert [found.url for found in listed.rows] == [f"{HOST}/art/2025/1/13/art_9_8.html"]


def test_a_yearly_route_is_asked_for_the_years_of_the_file() -> None:
    column = PORTAL.columns[1].model_copy(update={"url": "/OpennessAnnualReport/year/6/2024.html"})
    asked = next(iter(GENERIC.column_requests(column, [2023, 2024])))
    shown = '<a href="/OpennessAnnualReport/show/5.html">示例镇2024年政府信息公开年度报告</a>'
    listed = GENERIC.read_list(Page(asked.url, f"<html><body>{shown}</body></html>"), asked, column)
    assert [found.url.rpartition("/")[2] for found in listed.lists] == ["2023.html"]
    assert [found.url.rpartition("/")[2] for found in listed.rows] == ["5.html"]
    assert {found.carry["g_reader"] for found in listed.lists} == {"openness"}
