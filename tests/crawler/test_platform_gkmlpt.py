# ruff: noqa: E501 - markup stands on one line, as pages have it
"""gkmlpt and NFCMS on answers written after portals.md §4.4: `_CONFIG`, the API, jumps, twins, bad answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from archive.context import Role
from crawler.platforms import PLATFORMS, Platform
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.page import Page
from crawler.portal import Column, Portal
from tests.crawler.test_platforms import HOST, platform

BASE = "http://www.example.gov.cn"
INDEX = f"{BASE}/zqhjj/gkmlpt/index"
TREE = [
    {
        "id": 21022,
        "name": "法定主动公开内容",
        "post_count": 0,
        "children": [
            {"id": 21023, "name": "政府信息公开年报", "post_count": 7, "jump_url": "", "children": []},
            {
                "id": 21028,
                "name": "镇街",
                "jump_url": "https://www.example.gov.cn/zwgk/zjnb/index.html",
                "children": [],
            },
        ],
    }
]


def gkmlpt(url: str = "/zqhjj/gkmlpt/index#21023", **column: object) -> tuple[Platform, Column]:
    """A portal of which only http works."""
    shape = {"id": "nb", "name": "年报", "url": url} | column
    portal = Portal.model_validate(
        {
            "id": "c",
            "name": "示例县",
            "county_code": "440681",
            "platform": "gkmlpt",
            "base_url": f"{BASE}/",
            "columns": [shape],
        }
    )
    return PLATFORMS["gkmlpt"](portal), portal.columns[0]


def index_page(tree: object = TREE, sid: str = "758019") -> str:
    return f"<div id=app></div><script>window._CONFIG = {{ SID : '{sid}', APP_URL: '/zqhjj', TREE: {json.dumps(tree)}, X: {{}} }};</script>"


def begun(made: Platform, column: Column, text: str | None = None) -> ListPage:
    (asked,) = made.column_requests(column, [])
    assert asked.url == made.portal.absolute(column.url).partition("#")[0], "the # is not asked for"
    return made.read_list(Page(asked.url, text or index_page()), asked, column)


def article(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "title": f"示例{number}局2021年政府信息公开工作年度报告",
        "identifier": f"114403006955506492/2021-{number % 10**5:05}",
        "publisher": "示例局",
        "date": 1642000000,
        "url": f"https://www.example.gov.cn/zqhjj/gkmlpt/content/9/9103/post_{number}.html",
    } | changes


def answered(articles: list[dict[str, Any]], request: PageRequest, **root: object) -> ListPage:
    made, column = gkmlpt()
    return made.read_list(Page(request.url, json.dumps({"articles": articles} | root)), request, column)


API = PageRequest(f"{BASE}/zqhjj/gkmlpt/api/all/21023?page=1&sid=758019", carry={"api": "1", "page": "1"})


# --- the catalogue's page --------------------------------------------------------------------------------


def test_the_api_is_asked_below_the_sites_folder_first_and_then_at_the_root() -> None:
    made, column = gkmlpt()
    asked = begun(made, column).next
    assert asked is not None
    assert asked.url == f"{BASE}/zqhjj/gkmlpt/api/all/21023?page=1&sid=758019", (
        "page 0 is page 1: counting starts at 1"
    )
    assert asked.fallback is not None
    assert asked.fallback.url == f"{BASE}/gkmlpt/api/all/21023?page=1&sid=758019"
    last = asked.fallback.fallback
    assert last is not None
    with pytest.raises(LayoutUnknownError):  # and a catalogue whose API never answers is told
        made.read_list(Page(INDEX, index_page()), last, column)


@pytest.mark.parametrize("name", ["政府信息公开年报", "年报"])
def test_without_a_number_the_category_is_found_by_its_name(name: str) -> None:
    made, column = gkmlpt("/zqhjj/gkmlpt/index", name=name)
    asked = begun(made, column).next
    assert asked is not None
    assert "/all/21023?" in asked.url


def test_a_category_that_cannot_be_told_is_said_with_those_there_are() -> None:
    made, column = gkmlpt("/zqhjj/gkmlpt/index")
    with pytest.raises(LayoutUnknownError, match="通知公告 #1"):
        begun(made, column, index_page([{"id": 1, "name": "通知公告"}]))
    with pytest.raises(LayoutUnknownError, match="_CONFIG"):
        begun(made, column, "<html><title>维护中</title></html>")


def test_a_tree_that_is_no_json_does_not_keep_a_numbered_category_from_being_read() -> None:
    made, column = gkmlpt()
    listed = begun(made, column, "<script>window._CONFIG={SID:'2',TREE:[{id:1,name:'x'}]}</script>")
    assert listed.next is not None
    assert listed.next.url.endswith("/21023?page=1&sid=2")


def test_a_category_with_a_jump_is_read_in_the_portal() -> None:
    made, column = gkmlpt("/zqhjj/gkmlpt/index#21028")
    away = begun(made, column).next
    assert away is not None
    assert away.url == f"{BASE}/zwgk/zjnb/index.html", "by http, as the portal file says"
    text = (
        "<ul><li><a href='content/post_2714896.html'>示例镇2024年政府信息公开工作年度报告</a><span>2024-12-30</span></li>"
        "<li><a href='https://www.example.gov.cn/zwgk/zjnb/content/mpost_2714896.html'>示例镇2024年政府信息公开…</a></li></ul>"
    )
    (row,) = made.read_list(Page(away.url, text), away, column).rows
    assert (row.url, row.date) == (f"{BASE}/zwgk/zjnb/content/post_2714896.html", "2024-12-30")


# --- the API ---------------------------------------------------------------------------------------------


def test_rows_carry_index_number_publisher_and_the_day_of_publication() -> None:
    listed = answered(
        [
            article(9103540, display_publish_time=1642435200),
            article(
                2,
                title="<em>示例</em>镇2020年&amp;报",
                url="",
                post_url="//www.example.gov.cn/gkmlpt/content/0/0/post_2.html",
                created_at="2021-01-20 10:00:00",
            ),
            article(3255421, url=None, date=0),
        ],
        API,
        classify={"post_count": 3},
    )
    first, second, third = listed.rows
    assert first.url == f"{BASE}/zqhjj/gkmlpt/content/9/9103/post_9103540.html", (
        "https as the API writes it, http as the host speaks"
    )
    assert (first.index_number, first.publisher, first.date) == (
        "114403006955506492/2021-03540",
        "示例局",
        "2022-01-18",
    )
    assert (second.title, second.date) == ("示例镇2020年&报", "2021-01-20")
    assert (third.url, third.date) == (f"{BASE}/zqhjj/gkmlpt/content/3/3255/post_3255421.html", None)
    assert (listed.total, listed.next) == (3, None)


def test_paging_goes_by_what_is_listed_and_ends() -> None:
    hundred = [article(9_100_000 + n) for n in range(100)]
    following = answered(hundred, API, classify={"post_count": 134}).next
    assert following is not None
    assert following.url == f"{BASE}/zqhjj/gkmlpt/api/all/21023?page=2&sid=758019"
    assert following.carry["pages"] == "2", "a 404 there ends the list, and the total then differs"
    assert answered(hundred[:34], following, classify={"post_count": 134}).next is None
    # Newer versions tell what can be listed beside what the category counts.
    newer = answered(hundred[:21], API, classify={"post_count": 726}, total=21)
    assert (newer.total, newer.next) == (21, None)
    unstated = answered(hundred, API).next
    assert unstated is not None
    assert unstated.probe


def test_an_empty_category_says_so_and_a_wrong_count_does_not() -> None:
    assert answered([], API, classify={"post_count": 0}).says_empty
    assert not answered([], API, classify={"post_count": 5}).says_empty


def test_a_category_without_rows_opens_those_below_it() -> None:
    made, column = gkmlpt("/zqhjj/gkmlpt/index#21022")
    asked = begun(made, column).next
    assert asked is not None
    listed = answered([], asked, classify={"post_count": 7})
    assert [(r.url, r.part) for r in listed.lists] == [
        (f"{BASE}/zqhjj/gkmlpt/api/all/21023?page=1&sid=758019", "21023"),
        (f"{BASE}/zwgk/zjnb/index.html", f"{BASE}/zwgk/zjnb/index.html"),
    ]
    assert listed.total is None, "its count is theirs"


@pytest.mark.parametrize(
    "text", ["<html>502</html>", "{}", '{"articles": 3}', '{"articles": [{"id": "x"}]}', "[]", '{"data": {}}']
)
def test_an_answer_that_is_none_is_an_unknown_layout(text: str) -> None:
    made, column = gkmlpt()
    with pytest.raises(LayoutUnknownError):
        made.read_list(Page(API.url, text), API, column)


def test_escapes_a_bom_and_blank_lines() -> None:
    made, column = gkmlpt()
    text = '\ufeff\r\n\r\n{"classify":{"post_count":1},"articles":[{"id":5,"title":"\\u793a\\u4f8b\\u9547","url":"\\/gkmlpt\\/content\\/0\\/0\\/post_5.html"}]}'
    (row,) = made.read_list(Page(API.url, text), API, column).rows
    assert (row.title, row.url) == ("示例镇", f"{BASE}/gkmlpt/content/0/0/post_5.html")


# --- documents, look-up ----------------------------------------------------------------------------------


def test_attachments_that_only_the_pages_data_names() -> None:
    made, _ = gkmlpt()
    files = [
        {"id": 1, "name": "年报.pdf", "url": "https://www.example.gov.cn/attachment/0/1/a.pdf"},
        {"name": "无址"},
    ]
    detail = {"title": "x", "attachment": files}
    text = f"<a href='/attachment/0/1/b.docx'>附件</a><script>window._CONFIG={{SID:'2',DETAIL:{json.dumps(detail)}}}</script>"
    page = Page(f"{BASE}/gkmlpt/content/0/0/post_5.html", text)
    assert made.attachments(page) == [
        (f"{BASE}/attachment/0/1/b.docx", "附件"),
        (f"{BASE}/attachment/0/1/a.pdf", "年报.pdf"),
    ]


def test_a_look_up_reads_the_report_columns_and_keeps_the_number_alone() -> None:
    made, column = gkmlpt()
    (asked,) = made.lookup_requests("114403006955506492/2021-03540")
    assert (asked.url, asked.role) == (INDEX, Role.LOOKUP)
    following = made.read_list(Page(INDEX, index_page()), asked, column).next
    assert following is not None
    assert following.role is Role.LOOKUP
    others = [article(n, identifier="" if n % 2 else f"x/2021-{n:05}") for n in range(100)]
    first = answered(others, following, classify={"post_count": 101})
    assert first.rows == (), "rows of other numbers, or of none, are no hits"
    assert first.next is not None, "and the next page is read"
    hit = answered([article(9103540), article(9103541)], first.next, classify={"post_count": 101})
    assert [row.index_number for row in hit.rows] == ["114403006955506492/2021-03540"]


def test_a_look_up_leaves_a_category_of_the_portal_alone() -> None:
    made, column = gkmlpt("/zqhjj/gkmlpt/index#21028")
    (asked,) = made.lookup_requests("114403006955506492/2021-03540")
    assert made.read_list(Page(INDEX, index_page()), asked, column).says_empty


# --- NFCMS -----------------------------------------------------------------------------------------------


def nfcms(
    text: str, url: str = f"{HOST}/zwgk/xxgknb/index.html", request: PageRequest | None = None
) -> ListPage:
    made, column = platform("nfcms", url=f"{HOST}/zwgk/xxgknb/index.html")
    return made.read_list(Page(url, text), request or PageRequest(url), column)


def test_nfcms_twins_other_columns_and_pages() -> None:
    text = (
        "<ul><li><a href='http://www.example.gov.cn/zwgk/xxgknb/content/mpost_11.html' title='示例局2024年政府信息公开工作年度报告'>示例局2024年政府…</a>2025-01-02</li>"
        "<li><a href='./content/post_11.html'>示例局2024年政府信息公开工作年度报告</a>2025-01-02</li>"
        "<li><a href='/gkz/ghtj/zfgzbg/content/post_12.html'>示例镇</a></li><li><a href='content/post_13.html'>示例街道</a></li>"
        "<li><a href='content/post_14.html'>示例街道办</a></li></ul>"
        "<div class='page'><a href='index.html'>1</a><a href='index_2.html'>2</a><a href='index_3.html'>3</a></div>"
    )
    listed = nfcms(text)
    assert [(row.url.rpartition("/")[2], row.belongs) for row in listed.rows] == [
        ("post_11.html", True),
        ("post_12.html", False),
        ("post_13.html", True),
        ("post_14.html", True),
    ]
    assert listed.pages == 3
    assert listed.next is not None
    assert listed.next.url == f"{HOST}/zwgk/xxgknb/index_2.html"


def test_nfcms_footers_and_templates_are_no_rows() -> None:
    text = "<div class=footer><a href='/wzsm/content/post_1.html'>网站声明</a></div><script id=tpl type=text/template><li><a href='content/post_{id}.html'>x</a></li></script>暂无数据"
    assert nfcms(text).rows == ()
    assert nfcms(text).says_empty
