# ruff: noqa: E501 - markup stands on one line, as pages have it
"""The platforms on pages written after portals.md §4, and on real pages where they lie beside the checkout."""

from __future__ import annotations

import csv
import json
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.context import Role
from crawler.detect import detect
from crawler.platforms import PLATFORMS, Platform
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.links import absolute
from crawler.platforms.page import Page, decode, read_json, script_redirect
from crawler.portal import Column, Portal

HOST = "https://www.example.gov.cn"


def platform(name: str, **column: object) -> tuple[Platform, Column]:
    shape = {"id": "nb", "name": "年报", "url": "/nb/"} | column
    portal = Portal.model_validate(
        {
            "id": "county",
            "name": "示例县",
            "county_code": "330681",
            "platform": name,
            "base_url": f"{HOST}/",
            "years": [2018, 2025],
            "columns": [shape],
        }
    )
    return PLATFORMS[name](portal), portal.columns[0]


def read(name: str, url: str, text: str, request: PageRequest | None = None, **column: object) -> ListPage:
    made, described = platform(name, **({"url": url} | column))
    return made.read_list(Page(url, text), request or PageRequest(url), described)


def rows(listed: ListPage) -> list[tuple[str, str, str | None]]:
    return [(row.url, row.title, row.date) for row in listed.rows]


# --- TRS ---------------------------------------------------------------------------------------------------

TRS = f"{HOST}/zwgk_70039/zfxxgknb_70056/"


def trs_list(script: str, n: int = 2, start: int = 0) -> str:
    items = "".join(
        f'<li><a href="./202601/t2026012{i}_1535093{i}.html" title="示例{i}镇2025年政府信息公开工作年度报告">示例{i}镇2025…</a>'
        f"<span>2026-01-2{i}</span></li>"
        for i in range(start, start + n)
    )
    return f'<html><body><ul class="list">{items}</ul><script>{script}</script></body></html>'


@pytest.mark.parametrize(
    ("script", "pages", "total", "second"),
    [
        ('createPageHTML(3, 0, "index", "html");', 3, None, "index_1.html"),
        ("createPageHTML(191, 13, 0, 'index', 'html')", 13, 191, "index_1.html"),
        ('createPageHTML(4,0,"index","shtml","black2",77)', 4, 77, "index_1.shtml"),
        ("createPageHTML('paging', 5, 1, 'index','html', 90)", 5, 90, "index_2.html"),
        ("createPageHTML('page_div',6,1,'list','shtml',110);", 6, 110, "list_2.shtml"),
        ("var countPage=56; var currentPage=0; var countnum= 6348;", 56, 6348, "index_1.html"),
        ('$(".p").pagination("setPage", 1, 7);', 7, None, "index_1.html"),
    ],
)
def test_trs_pagers(script: str, pages: int, total: int | None, second: str) -> None:
    listed = read("trs", TRS, trs_list(script))
    assert (listed.pages, listed.total) == (pages, total)
    assert listed.next is not None
    assert listed.next.url == TRS + second
    assert not listed.next.probe


def test_trs_pages_to_the_end() -> None:
    page = read("trs", TRS, trs_list('createPageHTML(3, 0, "index", "html")'))
    urls = []
    for number in (1, 2):
        assert page.next is not None
        urls.append(page.next.url)
        script = f'createPageHTML(3, {number}, "index", "html")'
        page = read("trs", page.next.url, trs_list(script, start=2 * number), page.next)
    assert urls == [f"{TRS}index_1.html", f"{TRS}index_2.html"]
    assert page.next is None


def test_trs_rendered_links_decide_what_the_script_leaves_open() -> None:
    rendered = '<a href="index_2.html">2</a><a href="index_3.html">3</a><a href="index_2.html">下一页</a>'
    listed = read("trs", TRS, trs_list("var countPage = 3;") + rendered)
    assert listed.next is not None
    assert listed.next.url == f"{TRS}index_2.html"


def test_trs_guesses_only_where_a_page_looks_full() -> None:
    assert read("trs", TRS, trs_list("", 3)).next is None
    guess = read("trs", TRS, trs_list("", 10)).next
    assert guess is not None
    assert guess.probe
    assert guess.url == f"{TRS}index_1.html"


def test_trs_rows_are_whole_and_in_place() -> None:
    aside = '<div class="hot"><a href="/xw/202601/t20260109_7.html">示例新闻2026</a></div>'
    foot = '<div class="footer"><a href="../lxwm/201709/t20170912_7.html">网站声明</a></div>'
    hidden = '<!--<li><a href="./202601/t20260101_9.html">示例</a></li>-->'
    listed = read("trs", TRS, trs_list("") + aside + foot + hidden)
    assert rows(listed)[:2] == [
        (f"{TRS}202601/t20260120_15350930.html", "示例0镇2025年政府信息公开工作年度报告", "2026-01-20"),
        (f"{TRS}202601/t20260121_15350931.html", "示例1镇2025年政府信息公开工作年度报告", "2026-01-21"),
    ]
    assert [row.belongs for row in listed.rows] == [True, True, False]


def test_trs_rows_below_the_column_and_report_titles_anywhere() -> None:
    text = (
        '<li><a href="./2025n/202601/t20260120_1.html">甲局</a></li><li><a href="t_7158622.html">乙局</a></li>'
        '<li><a href="./202601/t20260128_2_app.shtml">丙局</a></li><li><a href="http://other.example.com/x">丁局2025年政府信息公开工作年度报告</a></li>'
        '<li><a href="./202601/P020260128660861964604.pdf">戊局2025年政府信息公开工作年度报告.pdf</a></li>'
        '<li><a href="javascript:void(0)">己局2025年政府信息公开工作年度报告</a></li><li><a href="#">庚</a></li>'
    )
    listed = read("trs", TRS, f"<ul>{text}</ul>")
    assert [(row.url.removeprefix(TRS), row.belongs) for row in listed.rows] == [
        ("2025n/202601/t20260120_1.html", True),
        ("t_7158622.html", True),
        ("202601/t20260128_2.shtml", True),
        ("http://other.example.com/x", None),
        ("202601/P020260128660861964604.pdf", True),
    ]


def test_trs_table_with_a_head() -> None:
    text = (
        "<table><tr><th>名称</th><th>索 引 号</th><th>发布机构</th><th>发布日期</th></tr>"
        '<tr><td><a href="./202008/t20200805_1.html">示例通知</a></td><td>000014348/2020-35428</td><td>示例局</td><td>2020-08-05</td></tr></table>'
    )
    (row,) = read("trs", TRS, text).rows
    assert (row.index_number, row.publisher, row.date) == ("000014348/2020-35428", "示例局", "2020-08-05")


def test_trs_labelled_spans_and_printed_lists() -> None:
    labelled = (
        '<li><a href="./202003/t20200316_1.html">示例通知</a><span>索引号：000125014/2020-00025</span>'
        "<span>文号：无</span><span>发文日期：2020-03-16</span></li>"
    )
    (row,) = read("trs", TRS, labelled).rows
    assert (row.index_number, row.date) == ("000125014/2020-00025", "2020-03-16")
    printed = """<script>document.writeln("<li><a href=\\"./202003/t20200317_2.html\\">示例镇2019年政府信息公开年报<\\/a>2020-03-17<\\/li>");</script>"""
    (row,) = read("trs", TRS, printed).rows
    assert (row.title, row.date) == ("示例镇2019年政府信息公开年报", "2020-03-17")


def test_trs_jsonp() -> None:
    url = f"{HOST}/govsearch/jsonp/gkml/zf_list.jsp?page=1&lb=58855&callback=result"
    entry = {
        "title": "示…",
        "puburl": "http://www.example.gov.cn/a/t20230202_1.html",
        "tip": {"dates": "2023-02-03", "title": "示例报告"},
    }
    text = "\ufeff\r\n\r\nresult(" + json.dumps({"num": 3, "nPage": 1, "data": [entry, entry]}) + ")"
    listed = read("trs", url, text)
    assert (listed.total, len(listed.rows), listed.rows[0].title, listed.rows[0].date) == (
        3,
        2,
        "示例报告",
        "2023-02-03",
    )
    assert listed.next is not None
    assert parse_qs(urlsplit(listed.next.url).query)["page"] == ["2"]
    with pytest.raises(LayoutUnknownError):
        read("trs", url, "result({")


def test_trs_index_search_posts_the_form() -> None:
    made, _ = platform("trs")
    assert list(made.lookup_requests("1")) == []
    portal = made.portal.model_copy(update={"lookup_url": "/govsearch/simp_gov_list.jsp?channelid=258715"})
    (request,) = PLATFORMS["trs"](portal).lookup_requests("000014348/2020-35428")
    assert (request.method, request.role) == (
        "GET",
        Role.LOOKUP,
    )  # what it answers: test_platform_trs_search.py


# --- Hanweb ------------------------------------------------------------------------------------------------

COLUMN = f"{HOST}/col/col1229849805/index.html"


def record(n: int) -> str:
    return (
        f'<record><![CDATA[<li><a href="/art/2025/1/{n}/art_1229849805_{n}.html" title="示例{n}镇2024年政府信息公开工作年度报告">'
        f"示例{n}镇…</a><span>2025-01-{n:02}</span></li>]]></record>"
    )


def island(n: int, more: str = "") -> str:
    return (
        f'<div id="297589"><script type="text/xml"><datastore>{more}<recordset>{"".join(map(record, range(1, n + 1)))}'
        "</recordset></datastore></script></div>"
    )


NEXT = '<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;columnid=1229849805&amp;unitid=297589"></a>]]></nextgroup>'


def test_hanweb_island_and_proxy() -> None:
    listed = read("hanweb", COLUMN, island(5, NEXT) + "<script>x.jpage({totalRecord:8,perPage:5})</script>")
    assert (len(listed.rows), listed.total) == (5, 8)
    assert listed.rows[0].title == "示例1镇2024年政府信息公开工作年度报告"
    assert listed.rows[0].belongs
    assert listed.next is not None
    query = parse_qs(urlsplit(listed.next.url).query)
    assert query["columnid"] == ["1229849805"]
    assert (query["page"], query["startrecord"], query["endrecord"], query["perpage"]) == (
        ["1"],  # as the list's own link counts its groups
        ["6"],
        ["8"],
        ["5"],
    )
    answer = f"<?xml version='1.0'?><datastore><totalrecord>8</totalrecord><recordset>{''.join(map(record, (6, 7, 8)))}</recordset></datastore>"
    last = read("hanweb", listed.next.url, answer, listed.next, id="nb")
    assert len(last.rows) == 3
    assert last.next is None


def test_hanweb_proxy_goes_on_until_the_total_is_met() -> None:
    listed = read("hanweb", COLUMN, island(5, NEXT) + "<script>x.jpage({totalRecord:13})</script>")
    starts = []
    for first in (6, 11):
        assert listed.next is not None
        starts.append(parse_qs(urlsplit(listed.next.url).query)["startrecord"][0])
        records = "".join(map(record, range(first, min(first + 5, 14))))
        answer = f"<datastore><totalrecord>13</totalrecord><recordset>{records}</recordset></datastore>"
        listed = read("hanweb", listed.next.url, answer, listed.next, id="nb")
    assert starts == ["6", "11"]
    assert listed.next is None


def test_hanweb_proxy_told_by_script_only() -> None:
    script = (
        "<script>$('#1').jpage({totalRecord:20,proxyUrl:'/module/jpage/dataproxy.jsp',"
        "param:{'col':'1','appid':'1','webid':'3086','path':'/','columnid':'77','sourceContentType':'1','unitid':'297589'}})</script>"
    )
    listed = read("hanweb", COLUMN, island(5) + script)
    assert listed.next is not None
    query = parse_qs(urlsplit(listed.next.url).query)
    assert (query["columnid"], query["unitid"], query["webid"]) == (["77"], ["297589"], ["3086"])


def test_hanweb_script_store_and_empty_deep_page() -> None:
    request = read("hanweb", COLUMN, island(5, NEXT) + "<script>x.jpage({totalRecord:9})</script>").next
    assert request is not None
    script = "\n\ntotalRecord=9.0;totalPage = 2;dataStore = ['<li><a href=\"/art/2020/1/2/art_7_1.html\">甲镇\\'报告</a>2020-01-02</li>','<li><a href=\"/art/2020/1/3/art_7_2.html\">乙</a></li>']"
    listed = read("hanweb", request.url, script, request)
    assert listed.total == 9
    assert rows(listed)[0] == (f"{HOST}/art/2020/1/2/art_7_1.html", "甲镇'报告", "2020-01-02")
    with pytest.raises(LayoutUnknownError):
        read("hanweb", request.url, "\n" * 54, request)


def test_hanweb_two_islands_the_list_is_the_one_that_goes_on() -> None:
    beside = island(9).replace("art_1229849805_", "art_55_")
    listed = read("hanweb", COLUMN, beside + island(5, NEXT))
    own = {row.url.split("art_")[1].split("_")[0] for row in listed.rows if row.belongs}
    assert own == {"1229849805"}, "what stands beside the list is told, as of another column"


def test_hanweb_module_list() -> None:
    url = f"{HOST}/module/xxgk/search.jsp?area=11&infotypeId=D001&currpage=1"
    fragment = (
        '<table><tr class="tr_main_value_odd"><td>1</td><td><a class="bt_link" href="/art/2025/1/13/art_9_8.html" title="示例报告">示例</a></td>'
        '<td width="120">2025-01-13</td></tr></table><div>共3页</div>'
    )
    listed = read("hanweb", url, fragment)
    assert rows(listed) == [(f"{HOST}/art/2025/1/13/art_9_8.html", "示例报告", "2025-01-13")]
    assert listed.next is not None
    assert parse_qs(urlsplit(listed.next.url).query)["currpage"] == ["2"]


def test_hanweb_jpaas() -> None:
    url = f"{HOST}/zfxxgk/nb/index.html"
    shell = """<div querydata="{'webId':'w','pageId':'p','parseType':'bulidstatic','pageType':'column','tagId':'t','tplSetId':'s'}"></div>"""
    first = read("hanweb", url, shell)
    assert first.next is not None
    query = parse_qs(urlsplit(first.next.url).query)
    assert query["webId"] == ["w"]
    assert json.loads(query["paramJson"][0]) == {"pageNo": 1, "pageSize": 15}
    name = "f793c650c732461fb343a36ddbaae76d"
    fragment = f'<ul><li class="clearfix"><a href="./art/2026/art_{name}.html">示例报告</a><span>2026-01-05</span></li></ul><div class="pagination" rows="1" count="2"></div>'
    answer = json.dumps({"success": True, "data": {"html": fragment}})
    listed = read("hanweb", first.next.url, answer, first.next, id="nb")
    assert rows(listed) == [(f"{HOST}/zfxxgk/nb/art/2026/art_{name}.html", "示例报告", "2026-01-05")]
    assert listed.total == 2
    assert listed.next is not None
    assert '"pageNo":2' in parse_qs(urlsplit(listed.next.url).query)["paramJson"][0]


def test_hanweb_route_and_lookup() -> None:
    made, column = platform(
        "hanweb",
        kind="route",
        url="/module/xxgk/xxgkAnnualReport.jsp",
        areas=[{"key": "113325000026455663", "publisher": "330681001"}, {"key": "NY122"}],
    )
    asked = list(made.column_requests(column, [2024, 2025]))
    assert len(asked) == 4
    assert {request.role for request in asked} == {Role.REPORT}
    assert asked[0].url == f"{HOST}/module/xxgk/xxgkAnnualReport.jsp?fbtime=2024&area=113325000026455663"
    assert (asked[0].publisher, asked[0].year) == ("330681001", 2024)
    assert made.route_is_empty(Page("x", "<p>暂无相关信息</p>"))
    (search,) = made.lookup_requests("H097/2025-00300")
    query = parse_qs(urlsplit(search.url).query)
    assert query["vc_number"] == ["H097/2025-00300"]
    assert (
        made.identity(f"{HOST}/art/2025/1/1/art_1_2.html?xxgkhide=1") == f"{HOST}/art/2025/1/1/art_1_2.html"
    )


# --- UCAP --------------------------------------------------------------------------------------------------

HEX = "c531fcfd84284253aaceb3f0345912cd"
UCAP = f"{HOST}/xjwqx/c128570/zfxxgk_gknbz.shtml"


def test_ucap_files() -> None:
    text = (
        f'<div class="gknr_list"><dl><dd><a href="202601/{HEX}.shtml" title="示例乡2025年政府信息公开工作年度报告">示例乡…</a><span>2026-01-19</span></dd></dl></div>'
        "<script>createPageHTML('page_div', 2, 1, 'zfxxgk_gknbz', 'shtml', 3)</script>"
    )
    listed = read("ucap", UCAP, text)
    assert rows(listed) == [
        (f"{HOST}/xjwqx/c128570/202601/{HEX}.shtml", "示例乡2025年政府信息公开工作年度报告", "2026-01-19")
    ]
    assert listed.next is not None
    assert listed.next.url == f"{HOST}/xjwqx/c128570/zfxxgk_gknbz_2.shtml"


def test_ucap_json_with_the_files_to_fall_back_on() -> None:
    text = (
        '<meta name="channel" channelname="年报" channelId="5c0de"/>'
        f"<dl><dd><a href=\"202601/{HEX}.shtml\">示例乡…</a></dd></dl><script>createPageHTML('page_div', 2, 1, 'x', 'shtml', 3)</script>"
    )
    listed = read("ucap", UCAP, text)
    assert listed.rows == ()
    assert listed.next is not None
    assert urlsplit(listed.next.url).path == "/common/search/5c0de"
    assert listed.next.fallback is not None
    again = read("ucap", UCAP, text, listed.next.fallback)
    assert len(again.rows) == 1
    assert again.next is not None
    assert again.next.url.endswith("x_2.shtml")
    answer = {
        "data": {
            "page": 1,
            "rows": 20,
            "total": 21,
            "results": [
                {
                    "title": "示例乡<em>2025</em>年政府信息公开工作年度报告",
                    "url": f"//www.example.gov.cn/xjwqx/c128570/202601/{HEX}.shtml",
                    "publishedTimeStr": "2026-01-19 20:34:00",
                    "domainMetaList": [
                        {
                            "resultList": [
                                {"key": "syh", "value": "K45899617/2026-00221"},
                                {"key": "fbjg", "value": "示例乡"},
                            ]
                        }
                    ],
                }
            ],
        }
    }
    data = read("ucap", listed.next.url, json.dumps(answer), listed.next)
    (row,) = data.rows
    assert row.url == f"{HOST}/xjwqx/c128570/202601/{HEX}.shtml"
    assert (row.index_number, row.publisher, row.title) == (
        "K45899617/2026-00221",
        "示例乡",
        "示例乡2025年政府信息公开工作年度报告",
    )
    assert data.next is not None
    assert parse_qs(urlsplit(data.next.url).query)["page"] == ["2"]
    with pytest.raises(LayoutUnknownError):
        read("ucap", listed.next.url, "<html>404</html>", listed.next)


def test_ucap_short_list_needs_no_json() -> None:
    text = f'<meta name="channel" channelId="5c0de"/><dl><dd><a href="202601/{HEX}.shtml">示例乡2025年</a></dd></dl>'
    assert read("ucap", UCAP, text).next is None


# --- Openness, VSB -----------------------------------------------------------------------------------------


def test_openness() -> None:
    text = (
        '<div class="xxgk_list"><ul><li><a href="/Xxgknb/show/5246.html" title="示例乡2024年政府信息公开工作年度报告">示…</a><span class="date">2025-01-14</span></li></ul></div>'
        '<div class="pagination">共9条 <a href="/OpennessContent/showList/6/1026/page_2.html">下一页</a></div>'
    )
    listed = read("openness", f"{HOST}/OpennessContent/showList/6/1026/page_1.html", text)
    assert rows(listed) == [
        (f"{HOST}/Xxgknb/show/5246.html", "示例乡2024年政府信息公开工作年度报告", "2025-01-14")
    ]
    assert listed.total == 9
    assert listed.next is not None
    assert listed.next.url.endswith("page_2.html")
    made, column = platform(
        "openness", kind="route", url="/openness/OpennessAnnualReport/year/", areas=[{"key": "6"}]
    )
    (asked,) = made.column_requests(column, [2022])
    assert (asked.url, asked.role) == (f"{HOST}/openness/OpennessAnnualReport/year/6/2022.html", Role.LIST)


def test_openness_report_by_organ_and_year() -> None:
    made, column = platform(
        "openness", kind="route", url="/OpennessAnnualReport/year/show/", areas=[{"key": "335"}]
    )
    (asked,) = made.column_requests(column, [2019])
    assert (asked.url, asked.role) == (f"{HOST}/OpennessAnnualReport/year/show/335/2019.html", Role.REPORT)
    assert made.is_document(asked.url)


def test_vsb_follows_the_link_and_not_the_number() -> None:
    text = (
        '<ul><li id="line_u9_0"><a href="../info/1052/5791.htm">示例镇2024年政府信息公开工作年度报告</a><span>2025/01/15</span></li></ul>'
        '<span class="p_pages"><span class="p_no_d">1</span><span class="p_no"><a href="nb/10.htm">2</a></span>'
        '<span class="p_next p_fun"><a href="nb/10.htm">下页</a></span><span class="p_last p_fun"><a href="nb/1.htm">尾页</a></span></span><span class="p_t">1/11</span>'
    )
    listed = read("vsb", f"{HOST}/zwgk/nb.htm", text)
    assert rows(listed) == [
        (f"{HOST}/info/1052/5791.htm", "示例镇2024年政府信息公开工作年度报告", "2025/01/15")
    ]
    assert listed.pages == 11
    assert listed.next is not None
    assert listed.next.url == f"{HOST}/zwgk/nb/10.htm"
    last = text.replace(
        '<span class="p_next p_fun"><a href="nb/10.htm">下页</a></span>',
        '<span class="p_next_d p_fun">下页</span>',
    )
    assert read("vsb", f"{HOST}/zwgk/nb/1.htm", last).next is None
    made, column = platform("vsb", kind="document", url="/zwgk/n2022n/zgz.htm")
    (asked,) = made.column_requests(column, [])
    assert asked.role is Role.REPORT


def test_attachments() -> None:
    made, _ = platform("vsb")
    page = Page(
        f"{HOST}/info/1/2.htm",
        '<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner=1&amp;wbfileid=77">附件：年报</a>'
        '<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner=1&amp;wbfileid=77">再</a><a href="/x.htm">x</a>',
    )
    assert [name for _, name in made.attachments(page)] == ["附件：年报"]
    made, _ = platform("trs")
    page = Page(
        f"{HOST}/a/202601/t20260101_1.html",
        '<a href="./P020260428660861964604.docx" OLDSRC="/protect/P0/P020260428660861964604.docx">年报.docx</a><iframe src="/pdf/x.pdf"></iframe>',
    )
    assert [url for url, _ in made.attachments(page)] == [
        f"{HOST}/a/202601/P020260428660861964604.docx",
        f"{HOST}/pdf/x.pdf",
    ]


# --- what all share ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_dead_pages_and_empty_pages(name: str) -> None:
    with pytest.raises(LayoutUnknownError):
        read(name, f"{HOST}/nb/", "<html><body>您访问的页面不存在</body></html>")
    assert read(name, f"{HOST}/nb/", "<html><body>暂无相关信息</body></html>").says_empty
    for text in ("", " ", "\x00", "<", "<!--", "﻿"):
        listed = read(name, f"{HOST}/nb/", text)
        assert listed.rows == ()
        assert not listed.says_empty


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_every_platform_tells_how_it_is_recognised(name: str) -> None:
    made = PLATFORMS[name]
    assert "Recognise" in (made.__doc__ or "")
    assert "§4" in (made.__doc__ or "")
    assert made.signs
    assert made.title


def test_rows_in_other_dress() -> None:
    text = (
        '<base href="/zwgk_70039/zfxxgknb_70056/">'
        '<a href="./202601/t20260101_1.html"><p>示例甲镇2025年政府信息公开工作年度报告</p><i>2026-01-01</i></a>'
        '<dl><dt><a href="./202601/t20260102_2.html">示例乙镇2025年政府信息公开工作年度报告</a></dt><dd>2026-01-02</dd>'
        '<dt><a href="./202601/t20260103_3.html">示例丙镇2025年政府信息公开工作年度报告</a></dt><dd>2026-01-03</dd></dl>'
        '<div><span>[2026-01-04]</span><a href="./202601/t20260104_4.html" title="标题：示例丁镇2025年政府信息公开工作年度报告&#10;发布时间：2026-01-09">示例丁镇…</a></div>'
    )
    listed = read("trs", TRS, text)
    assert [(row.title[2], row.date) for row in listed.rows] == [
        ("甲", "2026-01-01"),
        ("乙", "2026-01-02"),
        ("丙", "2026-01-03"),
        ("丁", "2026-01-04"),
    ]
    assert {row.title[3:] for row in listed.rows} == {"镇2025年政府信息公开工作年度报告"}


def test_lists_in_named_boxes_and_totals_in_words() -> None:
    text = (
        '<header><a href="./202601/t20260109_9.html">头</a></header><div class="nav w1200"><a href="./202601/t20260109_8.html">导航</a></div>'
        '<ul class="xxgk_nav_list" id="page-header-list"><li><a href="./202601/t20260101_1.html">示例甲镇2025年报告</a></li></ul>'
        '<div>总记录数：31 <a href="index_1.html">&gt;</a></div>'
    )
    listed = read("trs", TRS, text)
    assert [row.title for row in listed.rows] == ["示例甲镇2025年报告"]
    assert listed.total == 31
    assert listed.next is not None
    assert listed.next.url == f"{TRS}index_1.html"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("./a b.html", f"{HOST}/x/a%20b.html"),
        ("/年报/1.html#top", f"{HOST}/%E5%B9%B4%E6%8A%A5/1.html"),
        ("..\\\\y\\\\1.html", f"{HOST}/y/1.html"),
        ("\n /z.html ", f"{HOST}/z.html"),
        ("//www.other.gov.cn/1", "https://www.other.gov.cn/1"),
        ("?id=1", f"{HOST}/x/?id=1"),
        ("javascript:void(0)", None),
        ("JavaScript:x", None),
        ("mailto:a@example.org", None),
        ("http://[", None),
        ("http://", None),
        ("#", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_as_pages_write_them(href: str | None, url: str | None) -> None:
    if href is not None:
        href = href.replace("\\\\", "\\")
    assert absolute(f"{HOST}/x/", href) == url


PIECES = st.sampled_from(
    [
        "<ul>", "<li>", "<table>", "<tr>", "<td>", "<a href='./202501/t20250101_1.html'>", "<a href='http://['>", "</a>", "</html>",
        "<a href='/art/2025/1/1/art_1_2.html' title='2024年政府信息公开年报'>", "2025-01-01", "<datastore>", "</datastore>", "<record>",
        "<![CDATA[", "]]>", "<script>", "createPageHTML(", "1,", "'index'", ")", "</script>", "下一页", "共3页", "索引号：", "<base href='//'>",
        "totalRecord=", "9999", "dataStore=['", "']", "<!--", "-->", "\x00", "页面不存在", "{", "}", "<iframe src='::'>", "location='http://['",
        "querydata=\"{'webId':'1'}\"", "<meta name='channel' channelId='1'>", "<nextgroup><a href='dataproxy.jsp?x=%'>", "result(", "[", "]",
    ]
)  # fmt: skip
CARRIES = st.sampled_from(
    [
        {}, {"json": "1", "page": "1"}, {"static": "1"}, {"kind": "jpaas", "page": "1", "base": f"{HOST}/x/", "query": ""},
        {"kind": "proxy", "state": json.dumps({"base": f"{HOST}/x/", "url": f"{HOST}/p.jsp", "others": [], "known": []})},
        {"kind": "module"},
        {"base": f"{HOST}/x/", "first": "1", "stem": "", "ext": "", "pages": "3"},
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4), max_size=30), st.sampled_from(sorted(PLATFORMS)), CARRIES)
@example(["<a href='http://['>"], "trs", {})
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_no_page_breaks_a_platform(pieces: list[str], name: str, carry: dict[str, str]) -> None:
    """Whatever a portal serves is rows, or a layout that is not known: never an exception of ours."""
    made, column = platform(name)
    page = Page(f"{HOST}/x/", "".join(pieces))
    try:
        listed = made.read_list(page, PageRequest(page.url, carry=carry), column)
    except LayoutUnknownError:
        listed = ListPage(())
    for url in [row.url for row in listed.rows] + [url for url, _ in made.attachments(page)]:
        assert url.startswith("http")
    script_redirect(page)
    with suppress(LayoutUnknownError):
        made.route_is_empty(page)


def test_charsets() -> None:
    text = "示例镇2024年政府信息公开"
    assert decode(text.encode("gbk"), "text/html; charset=gb2312") == text
    assert decode(text.encode("gbk"), "text/html; charset=utf-8") == text, "mislabelled"
    assert decode(b'<meta charset="gb2312">' + text.encode("gb18030"), None).endswith(text)
    assert decode(text.encode("utf-8-sig"), None).endswith(text)
    assert decode(text.encode("gbk"), "text/html; charset=utf-8", "gb18030") == text
    assert decode(b"\xff\xfe\xff", "text/html; charset=nonsense")


def test_json_and_shells() -> None:
    assert read_json('\ufeff\r\n result({"a": 1});') == {"a": 1}
    assert read_json('{"a": "x\ny"}') == {"a": "x\ny"}
    with pytest.raises(json.JSONDecodeError):
        read_json("<html>")
    shell = Page(f"{HOST}/nb/", "<script>window.location.href='/new/nb/';</script>")
    assert script_redirect(shell) == f"{HOST}/new/nb/"
    assert script_redirect(Page(f"{HOST}/", "<script>location.replace('javascript:x')</script>")) is None
    assert script_redirect(Page(f"{HOST}/", "<script>location='/x'</script><a href=/y>y</a>")) is None


# --- real pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "url"),
    [
        ("list_ordos_report_column", "http://www.example.gov.cn/xxgk/xxgknb/"),
        ("list_pingtan_report_column", "https://www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/"),
    ],
)
def test_real_report_columns(real_pages: Path, folder: str, url: str) -> None:
    gold = json.loads((real_pages / folder / "source.json").read_text(encoding="utf-8"))["gold"]
    items = gold["items"] if isinstance(gold, dict) else gold
    text = decode((real_pages / folder / "page.html").read_bytes(), None)
    listed = read("trs", url, text)
    wanted = [
        (item.get("url") or url + item["href"].removeprefix("./"), item["title"], item["date"])
        for item in items
    ]
    assert rows(listed) == wanted
    if isinstance(gold, dict):
        assert listed.next is not None
        assert listed.next.url == url + gold["next_page"]


def test_real_list_with_index_numbers(real_pages: Path) -> None:
    gold = json.loads((real_pages / "list_handan" / "source.json").read_text(encoding="utf-8"))["gold"]
    text = decode((real_pages / "list_handan" / "list.html").read_bytes(), None)
    listed = read("trs", "http://hdzfxxgk.hd.gov.cn/zfwj/jinqixxgk/", text)
    (row,) = listed.rows
    assert {
        "名称": row.title,
        "索引号": row.index_number,
        "发布机构": row.publisher,
        "发布日期": row.date,
        "url": row.url,
    } == gold["row"]
    assert (listed.total, listed.pages) == (gold["pager"]["countnum"], gold["pager"]["countPage"])


def test_real_addresses_are_known_by_their_shape(real_pages: Path) -> None:
    """The pilot counties: each address of a report is named as its platform, and known as a document."""
    pilot = real_pages.parent / "register" / "pilot.csv"
    with pilot.open(encoding="utf-8-sig", newline="") as file:
        sites = [
            row for row in csv.DictReader(file) if row["platform"] in PLATFORMS and row["example_report_url"]
        ]
    assert len(sites) > 10
    wrong = []
    for row in sites:
        url = row["example_report_url"]
        guesses, _ = detect(url)
        column_page = row["column_basis"] == "page = column"
        made = PLATFORMS[row["platform"]](platform(row["platform"])[0].portal)
        if (
            not guesses
            or guesses[0].platform.name != row["platform"]
            or not (column_page or made.is_document(url))
        ):
            wrong.append((row["name"], url, [guess.platform.name for guess in guesses]))
    assert not wrong
