# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Hanweb on pages written after portals.md §4.1: what servers do with paging, the module, jpaas, the route."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.context import Role
from archive.index_number import parse_index_number
from crawler.detect import detect
from crawler.platforms.base import LayoutUnknownError, Organ, PageRequest
from crawler.platforms.page import Page
from tests.crawler.following import Server, follow
from tests.crawler.test_platforms import HOST, platform

COLUMN = f"{HOST}/col/col1229/index.html"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><datastore/>\n\n\n\n'
SECRET = "columnid=Y2dL%3D&unitid=MTY4"


def fields(request: PageRequest) -> dict[str, str]:
    query = dict(request.form) or {
        k: v[0] for k, v in parse_qs(urlsplit(request.url).query, keep_blank_values=True).items()
    }
    return {str(k): str(v) for k, v in query.items()}


def li(n: int, column: str = "1229") -> str:
    return f'<li><a href="/art/2025/1/{n % 28 + 1}/art_{column}_{n}.html" title="示例{n}镇2024年政府信息公开工作年度报告">示例…</a><b>2025-01-02</b></li>'


def records(numbers: range) -> str:
    return "".join(f"<record><![CDATA[{li(n)}]]></record>" for n in numbers)


def column_page(
    shown: int, total: int | None, *, ids: str = "columnid=1229&unitid=55", beside: str = ""
) -> str:
    more = f'<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;webid=3&amp;{ids}"></a>]]></nextgroup>'
    stated = "" if total is None else f"totalRecord:{total},"
    return (
        f'{beside}<div id="55" class="default_pgContainer"><script type="text/xml"><datastore>{more}<recordset>{records(range(1, shown + 1))}</recordset></datastore></script></div>'
        f"<script>$('#55').jpage({{{stated}perPage:{shown},proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{{webid:3,columnid:1229,unitid:'55'}}}});</script>"
    )


def xml(numbers: range, total: int | None) -> str:
    stated = "" if total is None else f"<totalrecord>{total}</totalrecord>"
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<datastore>{stated}<recordset>{records(numbers)}</recordset></datastore>"


def served(total: int, window: Callable[[dict[str, str]], range], shown: int = 6, **page: object) -> Server:
    def server(request: PageRequest) -> str | None:
        if "dataproxy" not in request.url:
            return column_page(shown, total, **page)  # type: ignore[arg-type]
        asked = window(fields(request))
        return xml(range(asked.start, min(asked.stop, total + 1)), total)

    return server


# --- datastore and dataproxy (portals.md §4.1 a) -----------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "most"),
    [
        (lambda q: range(int(q["startrecord"]), int(q["endrecord"]) + 1), 2),
        (lambda q: range(int(q["startrecord"]), min(int(q["endrecord"]), int(q["startrecord"]) + 8) + 1), 5),
        (lambda q: range(int(q["page"]) * 6 + 1, int(q["page"]) * 6 + 7), 6),
        (lambda q: range((int(q["page"]) - 1) * 6 + 1, int(q["page"]) * 6 + 1), 7),
        (lambda q: range((int(q["page"]) - 1) * int(q["perpage"]) + 1, int(q["page"]) * int(q["perpage"]) + 1), 7),
    ],
    ids=["startrecord", "perpage cut", "page from 0", "page from 1", "page and perpage"],
)  # fmt: skip
def test_a_list_is_read_whole_whatever_the_server_obeys(
    window: Callable[[dict[str, str]], range], most: int
) -> None:
    made, column = platform("hanweb", url=COLUMN)
    came = follow(made, column, served(33, window))
    assert len(came.own) == 33
    assert came.troubles == []
    assert len(came.asked) <= most
    assert all(dict(r.headers)["Referer"] == COLUMN for r in came.asked[1:]), "404 without it on some (§4.1)"


def test_the_same_records_again_and_again_end_the_walk_not_complete() -> None:
    made, column = platform("hanweb", url=COLUMN)
    came = follow(made, column, served(33, lambda q: range(1, 7)))
    assert len(came.own) == 6
    assert came.troubles
    assert len(came.asked) < 10


def test_a_list_that_pages_for_ever_ends() -> None:
    """No total anywhere, and every answer says that more follows: new records come to an end all the same."""
    made, column = platform("hanweb", url=COLUMN)

    def server(request: PageRequest) -> str:
        if "dataproxy" not in request.url:
            return column_page(6, None)
        start = min(int(fields(request)["startrecord"]), 25)
        more = (
            '<nextgroup><![CDATA[<a href="./dataproxy.jsp?page=9&columnid=1229&unitid=55"></a>]]></nextgroup>'
        )
        return f"<datastore>{more}<recordset>{records(range(start, start + 6))}</recordset></datastore>"

    came = follow(made, column, server)
    assert len(came.own) == 30
    assert came.troubles, "what the server still promises was not seen"


def test_encrypted_ids_and_a_deep_page_of_54_bytes() -> None:
    made, column = platform("hanweb", url=COLUMN)

    def server(request: PageRequest) -> str:
        if "dataproxy" not in request.url:
            return column_page(6, 20, ids=SECRET)
        query = fields(request)
        if query["columnid"] != "1229":
            return EMPTY
        return xml(range(int(query["startrecord"]), min(int(query["endrecord"]), 20) + 1), None)

    came = follow(made, column, server)
    assert len(EMPTY) == 54
    assert (len(came.own), came.troubles) == (20, [])
    assert [fields(r)["unitid"] for r in came.asked[1:]] == ["MTY4", "55"]


def test_a_link_that_is_relative_to_the_proxy() -> None:
    made, column = platform("hanweb", url=COLUMN)
    page = column_page(6, 8).replace('href="/module/web/jpage/dataproxy.jsp', 'href="./dataproxy.jsp')
    (asked,) = [p.next for p in [made.read_list(Page(COLUMN, page), PageRequest(COLUMN), column)]]
    assert asked is not None
    assert urlsplit(asked.url).path == "/module/web/jpage/dataproxy.jsp"


def test_where_dataproxy_answers_nothing_the_column_is_asked_for_by_page() -> None:
    made, column = platform("hanweb", url=COLUMN)

    def server(request: PageRequest) -> str:
        query = fields(request)
        if "dataproxy" in request.url:
            return EMPTY
        first = (int(query.get("pageNum", "1")) - 1) * 6 + 1
        assert query.get("uid", "55") == "55"
        return column_page(6, 14).replace(records(range(1, 7)), records(range(first, min(first + 6, 15))))

    came = follow(made, column, server)
    assert (len(came.own), came.troubles) == (14, [])


def test_an_empty_dataproxy_is_no_end_of_a_list_that_owes_records() -> None:
    made, column = platform("hanweb", url=COLUMN)
    came = follow(made, column, lambda r: EMPTY if "dataproxy" in r.url else column_page(6, 14))
    assert len(came.own) == 6
    assert came.troubles


def test_a_column_page_with_the_whole_list_asks_for_nothing() -> None:
    made, column = platform("hanweb", url=COLUMN)
    came = follow(made, column, lambda r: column_page(6, 6))
    assert (len(came.own), len(came.asked), came.troubles) == (6, 1, [])


def test_script_answers_with_escapes_and_brackets_in_titles() -> None:
    made, column = platform("hanweb", url=COLUMN)

    def server(request: PageRequest) -> str:
        if "dataproxy" not in request.url:
            return column_page(6, None)
        first = int(fields(request)["page"]) * 6 + 1
        rows = ",\n".join(
            json.dumps(li(n).replace("示例…", "['示例'];")).replace("/", "\\/")
            for n in range(first, min(first + 6, 16))
        )
        return f"\r\n\r\n\ufefftotalRecord=15.0;totalPage = 3;dataStore = [{rows}];var x=[1];\n"

    came = follow(made, column, server)
    assert (len(came.own), came.troubles) == (15, [])
    assert {row.title for row in came.rows} >= {"示例15镇2024年政府信息公开工作年度报告"}


def test_a_script_answer_that_is_cut_off_is_no_answer() -> None:
    made, column = platform("hanweb", url=COLUMN)
    cut = f"totalRecord=15;dataStore = ['{li(7)}','<li><a href="
    came = follow(made, column, lambda r: cut if "dataproxy" in r.url else column_page(6, 15))
    assert len(came.own) == 6
    assert came.troubles


def test_templates_comments_and_news_beside_are_not_the_list() -> None:
    made, column = platform("hanweb", url=COLUMN)
    beside = (
        "<script>var t='<datastore><recordset><record><![CDATA[<li><a href=\"${m.path}\">${m.title}2024年政府信息公开工作年度报告</a></li>]]></record></recordset></datastore>';</script>"
        f"<!-- <div id='9'><script type='text/xml'><datastore><recordset>{records(range(90, 99))}</recordset></datastore></script></div> -->"
        f"<div id='7'><script type='text/xml'><datastore><recordset>{''.join(f'<record><![CDATA[{li(n, chr(55) * 2)}]]></record>' for n in range(1, 12))}</recordset></datastore></script></div>"
    )
    came = follow(made, column, lambda r: column_page(6, 6, beside=beside))
    assert came.own == [f"{HOST}/art/2025/1/{n % 28 + 1}/art_1229_{n}.html" for n in range(1, 7)]
    assert {row.belongs for row in came.rows if "art_77_" in row.url} == {False}


@pytest.mark.parametrize(
    "beside",
    [
        "<script>$('#1').jpage({contentTemplate:'<datastore><recordset><record><![CDATA[<li>${m}</li>]]></record></recordset></datastore>'});</script>",
        "<script>var dataStore = [];</script>",
        "<script type='text/xml'><datastore><recordset></recordset></datastore></script>",
        (
            f"<script type='text/xml'><datastore><recordset><record><![CDATA[{li(1, '77')}]]></record></recordset></datastore></script>"
            "<script>$('#9').jpage({totalRecord:99,proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{columnid:77,unitid:'9'}});</script>"
        ),
    ],
    ids=["template only", "empty script", "empty island", "news beside"],
)
def test_a_list_in_the_html_beside_a_datastore_that_is_not_the_list(beside: str) -> None:
    made, column = platform("hanweb", url=COLUMN)
    came = follow(made, column, lambda r: f"{beside}<ul>{''.join(map(li, range(1, 5)))}</ul>")
    assert [url for url in came.own if "_1229_" in url] == came.own
    assert (len(came.own), came.troubles) == (4, [])


def test_truecms_jsonp_by_fifty_with_its_referer() -> None:
    made, column = platform("hanweb", url="/sgczj/nb/nb.html")

    def server(request: PageRequest) -> str | None:
        if "getMessage" not in request.url:
            rows = "".join(map(li, range(1, 4)))
            return f"<ul>{rows}</ul><script>$('#c').jpage({{totalRecord:60,proxyUrl:'/truecms/messageController/getMessage.do',ajaxParam:{{columnId:'754f6db5-d294'}}}});</script>"
        query = fields(request)
        assert (query["columnId"], query["callback"]) == ("754f6db5-d294", "cb")
        if "Referer" not in dict(request.headers) or int(query["perpage"]) != 50:
            return None
        found = xml(range(int(query["startrecord"]), min(int(query["endrecord"]), 60) + 1), 60)
        return f"\ufeff\n\ncb({json.dumps({'result': found})})"

    came = follow(made, column, server)
    assert (len(came.own), came.troubles, len(came.asked)) == (60, [], 3)


# --- the xxgk module (portals.md §4.1 b) -------------------------------------------------------------------

SHELL = (
    '<iframe src="/module/xxgk/tree.jsp?standardXxgk=1&amp;area=11370800004312466C-ZF&amp;divid=div4"></iframe>'
    "<script>loadDynamic('/module/xxgk/search.jsp?standardXxgk=1&infotypeId='+a+'&area=11370800004312466C-ZF','div4','','','','1');</script>"
)


def fragment(n: int, pages: int, *, onclick: bool = False) -> str:
    path = f"/art/2025/1/{n}/art_1229_{n}.html"
    link = f'href="javascript:void(0)" onclick="view(\'{path}\')"' if onclick else f'href="{path}"'
    return f'<table><tr class="tr_main_value_odd"><td>1</td><td><a class="bt_link" {link} mc="示例{n}镇2024年政府信息公开工作年度报告" wh="" rq="2025-01-0{n}">示例</a></td><td></td></tr></table><div>共{pages}页</div>'


def test_a_column_page_leads_to_its_fragment_and_its_pages() -> None:
    made, column = platform("hanweb", url=f"{COLUMN}?vc_xxgkarea=11370800004312466C-ZF&number=D001&jh=1")
    came = follow(
        made, column, lambda r: fragment(int(fields(r)["currpage"]), 3) if "search.jsp" in r.url else SHELL
    )
    assert [(row.url[-7:], row.title[:4], row.date) for row in came.rows] == [
        (f"_{n}.html", f"示例{n}镇", f"2025-01-0{n}") for n in (1, 2, 3)
    ]
    asked = fields(came.asked[1])
    assert (asked["area"], asked["infotypeId"], asked["divid"]) == ("11370800004312466C-ZF", "D001", "div4")
    assert [fields(r)["currpage"] for r in came.asked[1:]] == ["1", "2", "3"]


def test_a_fragment_that_answers_post_only_and_links_by_script() -> None:
    made, column = platform("hanweb", url=f"{COLUMN}?vc_xxgkarea=002276772")

    def server(request: PageRequest) -> str | None:
        if "search.jsp" not in request.url:
            return SHELL
        return (
            fragment(int(fields(request)["currpage"]), 2, onclick=True) if request.method == "POST" else None
        )

    came = follow(made, column, server)
    assert (len(came.rows), came.troubles) == (2, [])
    assert [r.method for r in came.asked] == ["GET", "GET", "POST", "POST"]


@pytest.mark.parametrize("answer", ["<div>系统错误</div>", "<html>您访问的页面不存在</html>", ""])
def test_a_fragment_without_rows_or_word_of_it_is_trouble(answer: str) -> None:
    made, column = platform("hanweb", url=f"{COLUMN}?vc_xxgkarea=002276772")
    came = follow(made, column, lambda r: answer if "search.jsp" in r.url else SHELL)
    assert came.rows == []
    assert came.troubles


def test_a_district_that_ignores_the_node_is_told_from_the_column() -> None:
    made, column = platform("hanweb", url=f"{COLUMN}?vc_xxgkarea=002276772&number=D001")
    rows = "".join(
        f'<tr><td><a href="/art/2025/1/2/art_{c}_{c}{n}.html" title="示例文件{n}">x</a></td></tr>'
        for c, n in [(1229, 1), (88, 2), (88, 3)]
    )
    listed = made.read_list(
        Page(f"{HOST}/module/xxgk/search.jsp", f"<table>{rows}</table>共1页"),
        PageRequest(f"{HOST}/module/xxgk/search.jsp"),
        column,
    )
    assert next(row.belongs for row in listed.rows if "_1229_" in row.url) is True


@pytest.mark.parametrize(
    ("tree", "organs"),
    [
        (
            "d.add(0,-1,'机构','');d.add(1,0,'示例街道','javascript:funclick(\\'001008003\\',\\'示例街道\\');');d.add(2,0,\"示例镇(3)\",\"javascript:funclick('Y02000','x')\");",
            [Organ("001008003", "示例街道"), Organ("Y02000", "示例镇")],
        ),
        (
            '<li><a href="/col/col9/index.html?vc_xxgkarea=113706000042603877A%7CU%7CB1&jh=1" title="示例局">示例…</a></li><a HREF=/module/xxgk/tree.jsp?area=00423579-8>示例办</a>',
            [Organ("113706000042603877A|U|B1", "示例局"), Organ("00423579-8", "示例办")],
        ),
    ],
)
def test_organs_of_a_tree_and_of_a_page_of_links(tree: str, organs: list[Organ]) -> None:
    made, column = platform(
        "hanweb", url="/module/xxgk/xxgkAnnualReport.jsp", kind="route", areas=[{"key": "1"}]
    )
    (asked,) = made.organ_requests(column)
    assert urlsplit(asked.url).path == "/module/xxgk/tree.jsp"
    assert list(made.read_organs(Page(asked.url, tree), asked).organs) == organs


def test_nodes_of_one_organs_catalogue_are_no_organs() -> None:
    made, _ = platform("hanweb")
    url = f"{HOST}/module/xxgk/tree.jsp?area=002276772"
    for page in (
        Page(url, "d.add(1,0,'政府信息公开年报','javascript:funclick(\"nb01\",\"x\")');"),
        Page(
            f"{HOST}/module/xxgk/tree.jsp?area=",
            "d.add(1,0,'年报','javascript:funclick(\"D001-A001\",\"x\")');",
        ),
    ):
        with pytest.raises(LayoutUnknownError):
            made.read_organs(page, PageRequest(page.url))


@pytest.mark.parametrize(
    ("number", "area"),
    [
        ("001008006002065/2024-154563", "001008006002065"),
        ("113325000026455663/2021-00426", "113325000026455663"),
        ("000014349/2020-35428", None),
    ],
)
def test_the_area_that_an_index_number_shows(number: str, area: str | None) -> None:
    made, _ = platform("hanweb")
    parsed = parse_index_number(number)
    assert parsed is not None
    assert made.area_of(parsed) == area


REPORT = "<div id='zoom'>" + "<p>本年度未收到申请，其他需要报告的事项：暂无。</p>" * 30 + "</div>"


def test_what_the_route_answers() -> None:
    made, column = platform(
        "hanweb", url="/module/xxgk/xxgkAnnualReport.jsp", kind="route", areas=[{"key": "1"}]
    )
    (asked,) = made.column_requests(column, [2024])
    menu = "".join(f"<a href='/col/col{n}/index.html'>栏目名称{n}</a>" for n in range(60))
    assert not made.route_is_empty(Page(asked.url, REPORT)), "暂无 within a report does not make it empty"
    assert made.route_is_empty(Page(asked.url, f"{menu}<p>暂无相关信息</p>"))
    assert made.route_is_empty(Page(asked.url, ""))
    with pytest.raises(LayoutUnknownError):
        made.route_is_empty(Page(asked.url, "<h1>您访问的页面不存在</h1>"))
    listing = Page(asked.url, f"{menu}<ul>{li(3)}</ul>")
    assert not made.route_is_empty(listing)
    listed = made.route_list(listing, asked, column)
    assert listed is not None
    assert [row.url for row in listed.rows] == [f"{HOST}/art/2025/1/4/art_1229_3.html"]
    assert made.route_list(Page(asked.url, REPORT), asked, column) is None


def test_the_index_search_reads_its_hits() -> None:
    made, column = platform("hanweb")
    (asked,) = made.lookup_requests("H097/2025-00300")
    assert (asked.role, fields(asked)["vc_number"]) == (Role.LOOKUP, "H097/2025-00300")
    assert len(made.read_list(Page(asked.url, fragment(2, 1)), asked, column).rows) == 1
    assert made.read_list(Page(asked.url, "<table></table>没有找到相关信息"), asked, column).rows == ()


# --- jpaas (portals.md §4.1 c) -----------------------------------------------------------------------------

NAME = "f793c650c732461fb343a36ddbaae7"


def unit(tag: str, unit_id: str) -> str:
    query = f"{{'webId':'w','pageId':'p','parseType':'bulidstatic','pageType':'column','tagId':'{tag}','tplSetId':'{unit_id}'}}"
    return f'<div class="unit" queryData="{query}" url="/api-gateway/jpaas-publish-server/front/page/build/unit"></div>'


def jpaas_rows(numbers: range, total: int) -> str:
    rows = "".join(
        f'<li class="clearfix"><a href="./art/2026/art_{NAME}{n:02}.html">示例{n}镇2025年政府信息公开工作年度报告</a><span>2026-01-05</span></li>'
        for n in numbers
    )
    return f'<ul>{rows}</ul><div rows="5" count="{total}" class="pagination"></div>'


def jpaas_answer(request: PageRequest, total: int = 12, *, always_first: bool = False) -> str:
    number = 1 if always_first else json.loads(fields(request)["paramJson"])["pageNo"]
    first = (number - 1) * 5 + 1
    return json.dumps(
        {"success": True, "data": {"html": jpaas_rows(range(first, min(first + 5, total + 1)), total)}}
    )


def test_units_are_paged_by_param_json_and_the_right_one_is_asked() -> None:
    made, column = platform("hanweb", url="/zfxxgk/nb/index.html")

    def server(request: PageRequest) -> str:
        if "build/unit" not in request.url:
            return unit("导航", "nav") + unit("当前栏目list", "list")
        assert fields(request)["tplSetId"] == "list"
        return jpaas_answer(request)

    came = follow(made, column, server)
    assert (len(came.own), came.troubles, len(came.asked)) == (12, [], 4)
    assert came.own[0] == f"{HOST}/zfxxgk/nb/art/2026/art_{NAME}01.html", "relative to the column page"


def test_a_page_built_statically_is_its_own_first_page() -> None:
    made, column = platform("hanweb", url="/zfxxgk/nb/index.html")
    page = unit("信息列表", "list").replace("></div>", f">{jpaas_rows(range(1, 6), 12)}</div>")
    came = follow(made, column, lambda r: jpaas_answer(r) if "build/unit" in r.url else page)
    assert (len(came.own), came.troubles, len(came.asked)) == (12, [], 3)


def test_a_host_that_always_serves_page_one() -> None:
    made, column = platform("hanweb", url="/zfxxgk/nb/index.html")
    came = follow(
        made,
        column,
        lambda r: jpaas_answer(r, always_first=True) if "build/unit" in r.url else unit("list", "l"),
    )
    assert len(came.own) == 5, "the walk's books tell the total that is not met"
    assert came.pages[-1].total == 12


def test_units_that_do_not_answer_leave_the_page_itself() -> None:
    made, column = platform("hanweb", url="/zfxxgk/nb/index.html")
    page = unit("list", "l") + jpaas_rows(range(1, 4), 3).replace("pagination", "other")
    came = follow(made, column, lambda r: '{"success":false,"data":null}' if "build/unit" in r.url else page)
    assert (len(came.own), came.troubles) == (3, [])
    full = unit("list", "l") + jpaas_rows(range(1, 16), 3).replace("pagination", "other")
    came = follow(made, column, lambda r: None if "build/unit" in r.url else full)
    assert (len(came.own), len(came.troubles)) == (15, 1), "a full page may have more behind it"


# --- names -------------------------------------------------------------------------------------------------


def test_twins_of_an_address_are_one_document() -> None:
    made, column = platform("hanweb", url=COLUMN)
    path = "/art/2025/1/2/art_1229_7.html"
    twins = [
        path,
        f"{path}?xxgkhide=1",
        f"{HOST.replace('https', 'http')}{path}",
        f"{HOST}:443{path}",
        f"//www.example.gov.cn{path}",
    ]
    rows = "".join(f'<li><a href="{t}">示例镇2024年政府信息公开工作年度报告</a></li>' for t in twins)
    listed = made.read_list(Page(COLUMN, f"<ul>{rows}</ul>"), PageRequest(COLUMN), column)
    assert [row.url for row in listed.rows] == [HOST + path]


@pytest.mark.parametrize(
    "path",
    [
        "/col/col1229/index.html",
        "/art/2025/1/13/art_1_2.html",
        f"/zfxxgk/art/2026/art_{NAME}01.html",
        "/module/xxgk/xxgkAnnualReport.jsp?fbtime=2017&area=1",
        "/truecms/messageController/getMessage.do",
    ],
)
def test_its_addresses_give_it_away(path: str) -> None:
    guesses, _ = detect(HOST + path)
    assert guesses[0].platform.name == "hanweb"


def test_files_behind_downfile() -> None:
    made, _ = platform("hanweb")
    page = Page(
        f"{HOST}/art/2025/1/2/art_1_2.html",
        '<a href="/module/download/downfile.jsp?classid=0&amp;filename=ab12.pdf">年报</a><a href="/module/other.jsp">x</a>',
    )
    assert made.attachments(page) == [
        (f"{HOST}/module/download/downfile.jsp?classid=0&filename=ab12.pdf", "年报")
    ]
