# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Epoint on pages of our own, written after portals.md §4.8: shells, static lists, the JSON list, error pages."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from archive.context import Role
from archive.index_number import parse_index_number
from crawler.detect import detect
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.epoint import Epoint
from crawler.platforms.page import Page
from crawler.portal import Column, Portal

HOST = "http://www.example.gov.cn"
CODE = "11411002005750994L"
FILE = f"{HOST}/govxxgk/{CODE}/category/035/035001/govlist.html"
SHELL = f"/govxxgk/{CODE}/openSubPage.html?specialurl=/govxxgk/{CODE}/category/035/035001/govlist.html&righttitle=信息公开年度报告"
DYNAMIC = "/dynamic/zwgk/govInfoPub.html?categorynum=003005&deptcode=001001"
GUID = "bc6e816e-9041-43ad-8e13-8fcb82ea831a"
UUID = "2b1c5ef4-0f1c-4c57-9d0a-{:012}"


def epoint(url: str, **column: object) -> tuple[Epoint, Column]:
    shape = {"id": "nb", "name": "年报", "url": url} | column
    data = {
        "id": "county",
        "name": "示例县",
        "county_code": "411002",
        "platform": "epoint",
        "base_url": f"{HOST}/",
    }
    portal = Portal.model_validate(data | {"years": [2018, 2025], "columns": [shape]})
    return Epoint(portal), portal.columns[0]


def first(url: str, **column: object) -> PageRequest:
    made, described = epoint(url, **column)
    (asked,) = made.column_requests(described, [2024])
    return asked


def read(text: str, asked: PageRequest, url: str = FILE, **column: object) -> ListPage:
    made, described = epoint(url, **column)
    return made.read_list(Page(asked.url, text), asked, described)


def body(request: PageRequest | None) -> dict[str, object]:
    assert request is not None
    assert (request.method, request.role) == ("POST", Role.LIST)
    made = json.loads(request.json)
    assert isinstance(made, dict)
    return made


# --- shells and files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [SHELL, FILE, f"{HOST}/govxxgk/{CODE}/openSubPage.html?specialurl={FILE}"])
def test_the_list_in_a_shell_is_asked_for(url: str) -> None:
    asked = first(url)
    assert (asked.url, asked.role, asked.method) == (FILE, Role.COLUMN, "GET")


def test_a_file_lists_and_pages() -> None:
    rows = "".join(
        f'<li><a href="/govxxgk/{CODE}/2025-01-{n:02}/{UUID.format(n)}.html" title="示例局{2000 + n}年政府信息公开工作年度报告">示例局…</a><span>2025-01-{n:02}</span></li>'
        for n in (8, 9)
    )
    listed = read(
        f'<ul id="govinfolist">{rows}</ul><a href="?pageIndex=2">下一页</a><a href="/about/">关于我们</a>',
        PageRequest(FILE),
    )
    assert [(row.title, row.date) for row in listed.rows] == [
        ("示例局2008年政府信息公开工作年度报告", "2025-01-08"),
        ("示例局2009年政府信息公开工作年度报告", "2025-01-09"),
    ]
    assert listed.next is not None
    assert (listed.next.url, listed.next.number) == (f"{FILE}?pageIndex=2", 2)


def test_an_outer_page_leads_to_its_frame() -> None:
    shell = PageRequest(f"{HOST}/govxxgk/{CODE}/index.html")
    listed = read('<iframe src="./category/035/035001/govlist.html"></iframe>', shell)
    assert listed.next is not None
    assert (listed.rows, listed.next.url) == ((), FILE)


def test_a_file_that_a_script_fills_is_asked_for_by_its_code_and_category() -> None:
    listed = read(
        f'<ul id="govinfolist"></ul><script>var siteInfo={{siteGuid:"{GUID}",projectName:"EWB_YK_Mid"}}</script>',
        PageRequest(FILE),
    )
    asked = body(listed.next)
    assert (asked["deptcode"], asked["categorynum"], asked["siteGuid"]) == (CODE, "035001", GUID)
    assert listed.next is not None
    assert listed.next.url == f"{HOST}/EWB_YK_Mid/rest/lightfrontaction/getgovinfolist"


@pytest.mark.parametrize(
    "news", ["", f'<li><a href="/a/20250101/{UUID.format(1)}.html">示例新闻一则</a></li>']
)
def test_an_error_page_that_answers_200_is_no_list(news: str) -> None:
    with pytest.raises(LayoutUnknownError):
        read(f"<title>您访问的页面不存在</title><ul>{news}</ul>", PageRequest(FILE))


# --- the JSON list ------------------------------------------------------------------------------------------


def answer(numbers: Sequence[int], total: object = 30, **entry: object) -> str:
    data = [
        {
            "title": f"示例{n}…",
            "realtitle": f"示例{n}局2024年年报",
            "infourl": f"/xxgk/20250120/{UUID.format(n)}.html",
            "infodate": "2025-01-20 10:00:00",
        }
        | entry
        for n in numbers
    ]
    return json.dumps({"custom": {"data": data, "total": total}})


def dynamic(**options: str) -> dict[str, object]:
    return {"url": DYNAMIC, "options": options}


def test_the_sites_id_and_endpoint_come_from_a_script() -> None:
    asked = first(DYNAMIC)
    assert (asked.url, asked.role) == (f"{HOST}/js/webBuilderCommon.js", Role.COLUMN)
    listed = read(f'var siteInfo = {{"projectName":"/EWB-X","siteGuid":"{GUID}"}};', asked, **dynamic())
    assert body(listed.next) == {
        "deptcode": "001001",
        "categorynum": "003005",
        "pageIndex": 0,
        "pageSize": 20,
        "siteGuid": GUID,
    }
    assert listed.next is not None
    assert listed.next.url == f"{HOST}/EWB-X/rest/lightfrontaction/getgovinfolist"
    second = read("<title>404</title>", asked, **dynamic()).next
    assert second is not None
    assert second.url == f"{HOST}/js/ajaxReq.js"
    blind = read("nothing here", second, **dynamic()).next
    assert body(blind)["siteGuid"] == "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
    assert asked.fallback is not None  # the same, where the script is not there
    assert asked.fallback.url == second.url


def test_other_ways_of_asking_are_fallen_back_on() -> None:
    asked: PageRequest | None = first(DYNAMIC, options={"site_guid": GUID})
    ways = []
    while asked is not None:
        made = body(asked)
        inner = made.get("params", made)
        assert isinstance(inner, dict)
        ways.append(("params" in made, inner["pageIndex"]))
        asked = asked.fallback
    assert ways == [(False, 0), (True, 0), (False, 1), (True, 1)]
    known = first(DYNAMIC, options={"site_guid": GUID, "wrap": "params", "first_page": "1"})
    assert (known.fallback, body(known)["params"]["pageIndex"]) == (None, 1)  # type: ignore[index]


@pytest.mark.parametrize(
    "text", ["", "<html>登录</html>", '{"status":{"code":401}}', '{"custom":{"total":3}}', '{"custom":""}']
)
def test_an_answer_without_a_list_is_not_empty(text: str) -> None:
    asked = first(DYNAMIC, options={"site_guid": GUID})
    with pytest.raises(LayoutUnknownError):
        read(text, asked, **dynamic())


def turned(asked: PageRequest, *answers: str) -> list[ListPage]:
    listed = []
    following: PageRequest | None = asked
    for text in answers:
        assert following is not None
        listed.append(read(text, following, **dynamic()))
        following = listed[-1].next
    return listed


def shape(listed: Sequence[ListPage]) -> tuple[list[int], bool]:
    return [len(page.rows) for page in listed], listed[-1].next is None


A, B, C = answer(range(20), 50), answer(range(20, 40), 50), answer(range(40, 50), 50)


@pytest.mark.parametrize(
    ("answers", "rows"),
    [
        ((A, B, C), [20, 20, 10]),  # pages count from 0
        ((A, A, B, C), [20, 0, 20, 10]),  # from 1, page 0 is page 1
        ((answer([], 50), A, B, C), [0, 20, 20, 10]),  # from 1, page 0 is empty
        ((answer(range(5), "5"),), [5]),
        ((answer(range(20), None), answer([20], None)), [20, 1]),  # no total: a short page is the last
        ((answer([], 0),), [0]),
    ],
)
def test_pages_from_0_or_1(answers: tuple[str, ...], rows: list[int]) -> None:
    listed = turned(first(DYNAMIC, options={"site_guid": GUID}), *answers)
    assert shape(listed) == (rows, True)


def test_a_server_that_ignores_the_page_is_left_to_the_walks_books() -> None:
    """Page 2 equal to page 1 for ever: the rows come again and again, so the walk sees them repeat."""
    listed = turned(first(DYNAMIC, options={"site_guid": GUID}), A, A, A)
    assert [len(page.rows) for page in listed] == [20, 0, 20]
    assert listed[-1].rows == listed[0].rows


def test_rows_are_whole_wherever_they_lead() -> None:
    asked = first(DYNAMIC, options={"site_guid": GUID})
    (row,) = read(answer([1]), asked, **dynamic()).rows
    assert (row.title, row.date) == ("示例1局2024年年报", "2025-01-20")
    assert row.url == f"{HOST}/xxgk/20250120/{UUID.format(1)}.html"
    (away,) = read(answer([1], infourl="", linkurl="https://mp.weixin.qq.com/s/x"), asked, **dynamic()).rows
    assert away.url == "https://mp.weixin.qq.com/s/x"
    wrapped = json.dumps({"custom": json.dumps({"data": [], "total": 0})})
    assert read(wrapped, asked, **dynamic()).says_empty


# --- organs -------------------------------------------------------------------------------------------------


def test_a_route_asks_for_each_organs_list() -> None:
    areas = [{"key": "11411082094577395T", "publisher": "411002-001"}, {"key": "00574722-6"}]
    made, column = epoint(SHELL, kind="route", areas=areas)
    asked = list(made.column_requests(column, [2023, 2024]))
    assert [one.url for one in asked] == [
        f"{HOST}/govxxgk/11411082094577395T/category/035/035001/govlist.html",
        f"{HOST}/govxxgk/00574722-6/category/035/035001/govlist.html",
    ]
    assert [(one.part, one.publisher) for one in asked] == [
        ("11411082094577395T", "411002-001"),
        ("00574722-6", None),
    ]


def test_organs_by_their_folders() -> None:
    made, _ = epoint(FILE)
    page = Page(
        f"{HOST}/zwgk/",
        f'<a href="/govxxgk/{CODE}/"><img></a><a href="/govxxgk/{CODE}/index.html">示例局</a><a href="/x/">其他</a>',
    )
    assert [(organ.key, organ.name) for organ in made.read_organs(page, PageRequest(page.url)).organs] == [
        (CODE, "示例局")
    ]
    with pytest.raises(LayoutUnknownError):
        made.read_organs(Page(page.url, "<a href='/'>首页</a>"), PageRequest(page.url))


@pytest.mark.parametrize(
    ("number", "key"),
    [(f"{CODE}/2025-00012", CODE), ("000014348/2025-00012", None), ("014006438/2025-00012", None)],
)
def test_the_organ_that_an_index_number_shows(number: str, key: str | None) -> None:
    parsed = parse_index_number(number)
    assert parsed is not None
    assert epoint(FILE)[0].area_of(parsed) == key


@pytest.mark.parametrize(
    "url",
    [
        SHELL,
        FILE,
        DYNAMIC,
        "/EWB-FRONT/rest/lightfrontaction/getgovinfolist",
        "/dynamic/zw/openlist.html?categorynum=1",
    ],
)
def test_addresses_give_it_away(url: str) -> None:
    guesses, families = detect(url if url.startswith("http") else HOST + url)
    assert (guesses[0].platform, families) == (Epoint, [])


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[]",
        '{"custom":[]}',
        '{"custom":{"data":[null],"total":1}}',
        '{"custom":{"data":[{"infourl":7,"title":null}],"total":"x"}}',
        "cb({})",
    ],
)
def test_odd_answers_are_layouts_that_are_not_known(text: str) -> None:
    asked = first(DYNAMIC, options={"site_guid": GUID})
    try:
        listed = read(text, asked, **dynamic())
    except LayoutUnknownError:
        return
    assert all(row.url.startswith("http") for row in listed.rows)
