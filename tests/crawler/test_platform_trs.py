# ruff: noqa: E501 - markup stands on one line, as pages have it
"""TRS on pages of our own, written after portals.md §4.2: pagers, rows, folders, printed and answered lists."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.context import Role
from crawler.platforms.base import LayoutUnknownError, ListPage, PageRequest
from crawler.platforms.page import Page
from crawler.platforms.trs import Trs
from crawler.portal import Column, Portal

HOST = "https://www.example.gov.cn"
LIST = f"{HOST}/zwgk_70039/zfxxgknb_70056/"


def trs(url: str = LIST, lookup: str | None = None, **column: object) -> tuple[Trs, Column]:
    shape = {"id": "nb", "name": "年报", "url": url} | column
    data = {
        "id": "county",
        "name": "示例县",
        "county_code": "330681",
        "platform": "trs",
        "base_url": f"{HOST}/",
    }
    portal = Portal.model_validate(data | {"columns": [shape], "lookup_url": lookup})
    return Trs(portal), portal.columns[0]


def read(text: str, request: PageRequest | None = None, url: str = LIST, **column: object) -> ListPage:
    made, described = trs(url, **column)
    asked = request or PageRequest(url)
    return made.read_list(Page(asked.url, text), asked, described)


def row(n: int, folder: str = "./202601/", title: str = "") -> str:
    title = title or f"示例{n}镇2025年政府信息公开工作年度报告"
    return f'<li><a href="{folder}t202601{n % 28 + 1:02}_{15350000 + n}.html" title="{title}">{title[:8]}…</a><span>2026-01-{n % 28 + 1:02}</span></li>'


def page(*numbers: int, script: str = "", more: str = "") -> str:
    return f'<html><body><ul class="list">{"".join(map(row, numbers))}</ul>{more}<script>{script}</script></body></html>'


def following(listed: ListPage) -> str:
    assert listed.next is not None
    return listed.next.url.removeprefix(LIST)


# --- pagers (§4.2 List and paging) --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "pages", "total", "second"),
    [
        ("createPageHTML('3', '0', 'index', 'html');", 3, None, "index_1.html"),
        ('createPageHTML( "191" , "13" ,"0", "index" ,"html" )', 13, 191, "index_1.html"),
        ("createPageHTML(13, 0, 15, 'index', 'htm')", 13, None, "index_1.htm"),
        ("createPageHTML('paging', '5', '1', 'index','html', '90')", 5, 90, "index_2.html"),
        ('createPageHTML(4,0,"list",".shtml")', 4, None, "list_1.shtml"),
        ("/* createPageHTML(9, 0, 'index', 'html') */ createPageHTML(2, 0, 'index', 'html')", 2, None, "index_1.html"),
        ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){} createPageHTML(2,0,'index','html')", 2, None, "index_1.html"),
        ("pagination_script_config = { pageNumber: '0', total: '3' }", 3, None, "index_1.html"),
        ("pagination_script_config.total='3'", 3, None, "index_1.html"),
        ('$(".p").pagination("setPage", "1", "7");', 7, None, "index_1.html"),
        ("createPage(6, 0, 'index', 'html')", 6, None, "index_1.html"),
        ("<!--\ncreatePageHTML(4, 0, 'index', 'html');\n//-->", 4, None, "index_1.html"),
        ("$('#page').paging({pageNo:1, totalPage: 12, totalSize: 230})", 12, 230, "index_1.html"),
        ("var m_nRecordCount = 41; var m_nPageCount = 3;", 3, 41, "index_1.html"),
        ("var countPage = 56//共多少页\nvar currentPage = 0;//所在页从0开始\nvar countnum= '6348';", 56, 6348, "index_1.html"),
    ],
)  # fmt: skip
def test_pagers_in_their_forms(script: str, pages: int, total: int | None, second: str) -> None:
    listed = read(page(1, 2, script=script))
    assert (listed.pages, listed.total, following(listed)) == (pages, total, second)


@pytest.mark.parametrize(
    ("links", "second", "pages"),
    [
        ('<a href="list_2.html">2</a><a href="./list_3.html">尾页</a>', "list_2.html", 3),
        ('<a href="wjk_glrb_2.html">2</a> <a href="wjk_glrb_34.html">末页</a>', "wjk_glrb_2.html", 34),
        ('<a href="index_1.shtml">[2]</a><a href="index_6.shtml">7</a>', "index_1.shtml", 7),
        ('<a href="index_2.html">下一页</a><a href="index_9.html">尾页</a>', "index_2.html", 9),
        ('<select><option value="index.html">1</option><option value="index_1.html">2</option></select>', "index_1.html", 2),
        ('<a href="/other/index_4.html">4</a>', None, None),
    ],
)  # fmt: skip
def test_rendered_pagers_of_any_name(links: str, second: str | None, pages: int | None) -> None:
    listed = read(page(1, 2, more=links))
    assert listed.pages == pages
    assert (listed.next.url.removeprefix(LIST) if listed.next else None) == second


def test_pages_are_named_like_the_documents_where_nothing_says_how() -> None:
    text = page(1, 2, script="var countPage=2;").replace(".html", ".htm")
    assert following(read(text)) == "index_1.htm"
    told = text.replace(
        "countPage=2;", """countPage=2; document.write("<a href=\\"index"+"_"+(n-1)+"."+"shtml\\">");"""
    )
    assert following(read(told)) == "index_1.shtml"
    assert read(text, url=f"{LIST}index.shtml").next.url == f"{LIST}index_1.shtml"  # type: ignore[union-attr]


@pytest.mark.parametrize(("words", "probe"), [("共3页", False), ("共有 23 条", True)])
def test_words_tell_of_pages_where_no_pager_does(words: str, probe: bool) -> None:
    listed = read(page(1, 2, more=f"<div>{words}</div>"))
    assert following(listed) == "index_1.html"
    assert listed.next is not None
    assert listed.next.probe is probe
    assert read(page(1, 2, more="<div>共1页，共2条</div>")).next is None


def test_a_second_page_that_is_the_first_is_looked_for_under_its_other_name() -> None:
    first = read(page(1, 2, script="var countPage=2;"))
    assert first.next is not None
    assert first.next.fallback is not None  # asked for if index_1 is not there
    assert first.next.fallback.url == f"{LIST}index_2.html"
    same = read(page(1, 2, script="var countPage=2;"), first.next)
    assert (same.rows, following(same)) == ((), "index_2.html")
    whole = read(page(3, script="var countPage=2;"), same.next)
    assert len(whole.rows) == 1
    assert whole.next is None


@pytest.mark.parametrize(
    "script", ['createPageHTML(3, 0, "index", "html")', "createPageHTML('b',3,1,'index','html')"]
)
def test_a_stub_ends_a_list_and_leaves_its_pages_short(script: str) -> None:
    second = read(page(1, 2, script=script)).next
    stub = read("<html><head><title>404</title></head><body>页面不存在</body></html>", second)
    assert (stub.rows, stub.next, stub.says_empty) == ((), None, True)
    with pytest.raises(LayoutUnknownError):  # a whole page that says so is no stub
        read(f"<a href='/'>首页</a>{'示例 ' * 200}页面不存在", second)


def test_a_later_page_without_rows_is_not_passed_over() -> None:
    second = read(page(1, script='createPageHTML(3, 0, "index", "html")')).next
    empty = read(f"<a href='/'>首页</a>{'示例 ' * 200}", second)
    assert empty.unseen
    assert following(empty) == "index_2.html"


def test_a_list_that_pages_for_ever_without_rows_ends() -> None:
    onward = PageRequest(f"{LIST}?page=7", number=7)
    endless = read('<div class="list"></div><a href="?page=8">下一页</a>' + "示例 " * 300, onward)
    assert endless.next is None


# --- rows ---------------------------------------------------------------------------------------------------


def test_rows_by_either_scheme_with_queries_and_twins_are_one_document() -> None:
    text = (
        '<li><a href="http://www.example.gov.cn/zwgk_70039/zfxxgknb_70056/202601/t20260124_1.html?from=zt">示例一</a></li>'
        '<li><a href="//www.example.gov.cn:443/zwgk_70039/zfxxgknb_70056/202601/t20260124_1_app.html">示例一镇年报</a></li>'
        "<li><A HREF = './t_7158622.html' >示例二</A></li>"
    )
    assert [found.url for found in read(f"<ul>{text}</ul>").rows] == [
        f"{LIST}202601/t20260124_1.html",
        f"{LIST}t_7158622.html",
    ]


def test_rows_beside_documents_that_are_none_by_their_address() -> None:
    away = '<li><a href="https://mp.weixin.qq.com/s/abc">示例：本县公众号推文</a><span>2026-01-02</span></li>'
    listed = read(
        f"<ul>{row(1)}{row(2)}{row(3)}{away}</ul><ul class='links'><li><a href='https://other.gov.cn/a/b.jsp'>省政府门户网站首页</a></li></ul>"
    )
    assert [found.url for found in listed.rows][3:] == ["https://mp.weixin.qq.com/s/abc"]


def test_rows_of_other_bodies_in_the_columns_own_list_belong_to_it() -> None:
    """A county's list of its townships' pages: some rows lie below the column, others in each township's."""
    hot = '<ul class="hot"><li><a href="/xw/202601/t20260109_7.html">示例新闻</a></li></ul>'
    listed = read(f"<ul>{row(1)}{row(2)}{row(3)}{row(4, '/jz/yzz/nb/')}{row(5, '/jz/exx/nb/')}</ul>{hot}")
    assert [found.belongs for found in listed.rows] == [True] * 5 + [False]


@pytest.mark.parametrize(
    "link",
    [
        """<a href="javascript:void(0)" onclick="window.open('./202601/t20260124_1.html','_blank')">""",
        """<a href="#" data-url="./202601/t20260124_1.html">""",
        """<a href="javascript:openDoc('./202601/t20260124_1.html');">""",
    ],
)
def test_links_that_only_a_click_follows(link: str) -> None:
    (found,) = read(f"<ul><li>{link}示例镇2025年年报</a></li></ul>").rows
    assert found.url == f"{LIST}202601/t20260124_1.html"


def test_index_numbers_in_spans() -> None:
    """天津: every value labelled, the date's label among them."""
    text = (
        '<li><a href="./202003/t20200316_87172.shtml">示例通知</a><span class="date1">索引号：000125014/2020-00025</span>'
        '<span class="date2">文号：津示〔2020〕1号</span><span class="date3">发文日期：2020-03-16</span></li>'
    )
    (found,) = read(f"<ul>{text}</ul>").rows
    assert (found.index_number, found.date) == ("000125014/2020-00025", "2020-03-16")


# --- lists that scripts print -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        r"""document.writeln("<li><a href=\"./202601/t20260124_1.html\" title=\"示例镇2025年年报\">示例…<\/a><span>2026-01-24</span><\/li>");""",
        """var u='./202601/t20260124_1.html', t = "示例镇2025年年报"; document.write('<li><a href="'+u+'">'+t+'</a>'); document.write("2026-01-24</li>");""",
        r"""document.write ( "\u003cli><a href='./202601/t20260124_1.html'>\u793a例镇2025年年报</a><i>" + (n+1) + "</i>2026-01-24</li>" )""",
    ],
)
def test_lists_printed_by_script(script: str) -> None:
    (found,) = read(f"<ul><script>{script}</script></ul>").rows
    assert (found.url, found.title, found.date) == (
        f"{LIST}202601/t20260124_1.html",
        "示例镇2025年年报",
        "2026-01-24",
    )


def test_a_row_printed_over_two_scripts() -> None:
    text = """<li><script>var lj='./202601/t20260124_1.html';document.write('<a href="'+lj+'">');</script>示例镇2025年年报<script>document.write('</a>')</script><b>2026-01-24</b></li>"""
    (found,) = read(text).rows
    assert (found.title, found.date) == ("示例镇2025年年报", "2026-01-24")


def test_a_broken_script_prints_no_rows_and_breaks_nothing() -> None:
    assert read('<script>document.write("&nbsp;<a href="index."+"html">首页</a>|</script>').rows == ()


# --- columns of folders -------------------------------------------------------------------------------------

MENU = (
    '<a href="./2021n/">2021年政府信息公开年报</a><a href="2024n/index.html">2024年</a><a href="./2023_nb">2023年</a>'
    '<a href="./qzfbgs/">区政府办</a><a href="../xxgkzn/">公开指南</a><a href="./zn/">政府信息公开指南</a><a href="./202601/">一月</a>'
    '<a href="./2024n/?x=1">按热度</a><a href="https://other.gov.cn/zwgk_70039/zfxxgknb_70056/2020n/">邻县</a>'
)


def test_a_column_of_folders_opens_each_and_settles_the_old() -> None:
    listed = read(MENU)
    assert [(opened.part.rpartition("70056/")[2], opened.settled) for opened in listed.lists] == [
        ("2021n/", True), ("2024n/", False), ("2023_nb/", False), ("qzfbgs/", False)
    ]  # fmt: skip
    assert listed.lists[1].url == f"{LIST}2024n/index.html"
    assert listed.rows == ()  # a folder is no document, whatever its link says
    assert listed.unseen is None


def test_folders_below_folders_inherit_and_deeper_ones_are_told() -> None:
    opened = read(MENU).lists[0]
    below = read('<a href="./yzz/">示例一镇</a><a href="./yzz/2021/x/">更下</a>', opened)
    assert [(found.part.rpartition("70056/")[2], found.settled) for found in below.lists] == [
        ("2021n/yzz/", True)
    ]
    assert below.unseen
    assert (
        read(f"<ul>{row(1)}</ul>", below.lists[0]).rows[0].url
        == f"{LIST}2021n/yzz/202601/t20260102_15350001.html"
    )


def test_folders_are_opened_in_report_columns_only() -> None:
    assert read(MENU, kind="catalogue").lists == ()
    assert read(MENU, url=f"{HOST}/").lists == ()  # a whole site is no column


def test_a_folder_that_is_the_report_itself_is_its_own_row() -> None:
    opened = read(MENU).lists[0]
    body = "一、总体情况。示例镇认真贯彻条例，" * 80
    report = f"<title>示例镇2021年政府信息公开工作年度报告</title><p>{body}</p>"
    assert [found.url for found in read(report, opened).rows] == [opened.url]
    assert read(f"<title>示例镇人民政府</title><p>{body}</p>", opened).rows == ()
    assert read(report).rows == ()  # a column that is a document says so in its portal file


def test_a_page_of_links_to_report_columns_opens_them() -> None:
    """Every township has its own column, with the same ids (开州): the county's page only links to them."""
    links = (
        '<a href="/jz/yzz/zwgk_73112/zfxxgknb_73130/">示例一镇</a><a href="/jz/exx/zwgk_73112/zfxxgknb_73130/">示例二乡</a>'
        '<a href="/jd/nb/">示例街道</a><a href="/xwzx/">新闻</a><a href="https://other.gov.cn/xxgknb/">邻县</a><a href="./">年报</a>'
    )
    parts = [opened.part.partition("/")[2] for opened in read(links).lists]
    assert parts == ["jz/yzz/zwgk_73112/zfxxgknb_73130/", "jz/exx/zwgk_73112/zfxxgknb_73130/", "jd/nb/"]
    assert read(links + f"<ul>{row(1)}</ul>").lists == ()  # beside rows such links are a menu


def test_pages_of_a_folder_stay_in_its_part() -> None:
    opened = read(MENU).lists[1]
    listed = read(page(1, 2, script='createPageHTML(2, 0, "index", "html")'), opened)
    assert listed.next is not None
    assert (listed.next.part, listed.next.url, listed.next.number) == (
        opened.part,
        f"{LIST}2024n/index_1.html",
        2,
    )


# --- further pages by POST search ---------------------------------------------------------------------------

TEMPLATE = '<dl ms-repeat="list"><a ms-attr-href="el.chnldocurl" ms-text="el.doctitle|html"></a></dl><div class="page_base" ms-controller="list_pagebar"></div>'
CONFIG = "var c = {url: '/fjdzapp/search', channelid: '229105', classsql: 'chnlid=39794', recordCount: '%s'}"


def search(listed: ListPage) -> PageRequest:
    assert listed.next is not None
    assert (listed.next.method, listed.next.url) == ("POST", f"{HOST}/fjdzapp/search")
    return listed.next


def test_post_search_goes_on_where_the_file_ends() -> None:
    asked = search(read(page(*range(10), script=CONFIG % 83, more=TEMPLATE)))
    assert dict(asked.form) == {
        "channelid": "229105", "sortfield": "-docorderpri,-docreltime", "classsql": "chnlid=39794", "page": "1", "prepage": "75"
    }  # fmt: skip
    assert ("Referer", LIST) in asked.headers
    entry = {
        "doctitle": "示例2011年<em>年报</em>",
        "chnldocurl": "http://www.example.gov.cn/a/201201/t20120131_1.htm",
        "docreltime": "2012-01-31 08:00:00",
    }
    listed = read("\ufeff\r\n" + json.dumps({"data": [entry] * 75, "count": "83"}), asked)
    assert (listed.rows[0].url, listed.rows[0].title, listed.rows[0].date) == (
        f"{HOST}/a/201201/t20120131_1.htm",
        "示例2011年年报",
        "2012-01-31",
    )
    assert dict(search(listed).form)["page"] == "2"
    assert read(json.dumps({"docs": [entry], "count": "83"}), search(listed)).next is None


def test_post_search_is_not_asked_where_the_file_is_whole() -> None:
    assert read(page(1, 2, script=CONFIG % 2, more=TEMPLATE)).next is None


def test_post_search_by_the_portal_file() -> None:
    asked = search(read(page(*range(10), more=TEMPLATE), options={"channelid": "200210", "chnlid": "7"}))
    assert (dict(asked.form)["channelid"], dict(asked.form)["classsql"]) == ("200210", "chnlid=7")


def test_post_search_that_cannot_be_asked_is_told() -> None:
    listed = read(page(*range(10), more=TEMPLATE))
    assert listed.next is None
    assert "channelid" in (listed.unseen or "")


# --- answers in JSON ----------------------------------------------------------------------------------------

JSONP = f"{HOST}/govsearch/jsonp/gkml/zf_list.jsp?page=1&lb=58855&page=1&callback=result"


def entries(*numbers: int) -> list[dict[str, object]]:
    return [
        {
            "title": "示…",
            "puburl": f"/a/202302/t20230202_{n}.html",
            "tip": {"dates": "2026-06-11", "title": f"示例{n}"},
        }
        for n in numbers
    ]


def test_jsonp_pages_to_its_stated_end() -> None:
    first = read(
        "\ufeff\r\n\r\n result(" + json.dumps({"num": 18, "nPage": 1, "data": entries(*range(16))}) + ");",
        url=JSONP,
    )
    assert (first.total, first.rows[0].title, first.rows[0].date) == (18, "示例0", "2026-06-11")
    assert first.next is not None
    assert parse_qs(urlsplit(first.next.url).query)["page"] == ["2", "2"]  # keys stand twice: both turn
    last = read(
        "result(" + json.dumps({"num": 18, "nPage": 2, "data": entries(16, 17)}) + ")", first.next, url=JSONP
    )
    assert last.next is None
    for broken in ("result({", "result([])", "<html>维护中</html>", 'result({"num":"x","data":[]})'):
        with pytest.raises(LayoutUnknownError):
            read(broken, url=JSONP)


def test_igs_pages_and_index_numbers() -> None:
    url = f"{HOST}/igs/front/search/list.html?index=file2&pageSize=1&filter[SITEID]=9"
    content = [
        {
            "DOCTITLE": "示例报告",
            "DOCPUBURL": "http://www.example.gov.cn/a/t20230202_1.html",
            "PUBDATE": "2023-02-02T00:00:00.000Z",
            "IdxID": "000125014/2023-00025",
        }
    ]
    listed = read(json.dumps({"page": {"content": content, "total": 2, "totalPages": 2}}), url=url)
    assert (listed.total, listed.rows[0].index_number, listed.rows[0].date) == (
        2,
        "000125014/2023-00025",
        "2023-02-02",
    )
    assert listed.next is not None
    assert parse_qs(urlsplit(listed.next.url).query)["pageNumber"] == ["2"]
    empty = read(json.dumps({"page": {"content": [], "total": 0, "totalPages": 0}}), url=url)
    assert (empty.rows, empty.next, empty.says_empty) == ((), None, True)


# --- index search (§7) --------------------------------------------------------------------------------------

NUMBER = "000014348/2020-35428"


def form(*options: str, method: str = "post") -> str:
    choices = "".join(f'<option value="{option}">甲</option>' for option in options)
    return (
        f'<form action="http://zwgk.example.gov.cn/govsearch/simp_gov_list.jsp" method="{method}" name="trssearchform"><input name="sword" value="">'
        f'<input type="hidden" name="channelid" value="258715"><input type="hidden" name="SType" value="1"><select name="searchColumn">{choices}</select></form>'
    )


def asked_of(text: str, lookup: str = "/zwgk/") -> PageRequest:
    made, column = trs(lookup=lookup)
    (first,) = made.lookup_requests(NUMBER)
    assert (first.method, first.role) == ("GET", Role.LOOKUP)
    listed = made.read_list(Page(first.url, text), first, column)
    assert listed.rows == ()
    assert listed.next is not None
    return listed.next


def test_the_search_form_is_read_first() -> None:
    asked = asked_of(form("all", "biaoti", "indexid", "fwdw"))
    assert (asked.method, asked.url) == ("POST", "http://zwgk.example.gov.cn/govsearch/simp_gov_list.jsp")
    assert dict(asked.form) == {
        "sword": NUMBER,
        "channelid": "258715",
        "SType": "1",
        "searchColumn": "indexid",
        "searchYear": "all",
    }
    assert dict(asked_of(form("all", "wenhao", "keywords")).form)["searchColumn"] == "all"
    assert parse_qs(urlsplit(asked_of(form("indexid", method="GET")).url).query)["sword"] == [NUMBER]


@pytest.mark.parametrize("text", ["<html>信息公开</html>", form("wenhao", "keywords")])
def test_a_page_without_a_search_for_numbers_is_told(text: str) -> None:
    with pytest.raises(LayoutUnknownError):
        asked_of(text)


def test_hits_of_the_search() -> None:
    made, column = trs(lookup="/zwgk/")
    asked = asked_of(form("indexid"))
    hit = f'<div class="row"><li class="mc"><a href="{HOST}/a/202008/t20200805_1.html">示例通知</a></li><li>{NUMBER}</li></div><script>var m_nRecordCount = 1;</script>'
    (found,) = made.read_list(Page(asked.url, form("indexid") + hit), asked, column).rows
    assert (found.url, found.title) == (f"{HOST}/a/202008/t20200805_1.html", "示例通知")
    none = made.read_list(
        Page(asked.url, form("indexid") + "<script>var m_nRecordCount = 0;</script>"), asked, column
    )
    assert (none.rows, none.next, none.says_empty) == ((), None, True)


def test_searches_by_address() -> None:
    (igs,) = trs(lookup="/igs/front/search/list.html?index=file2")[0].lookup_requests(NUMBER)
    assert parse_qs(urlsplit(igs.url).query)["filter[IdxID]"] == [NUMBER]
    assert list(trs()[0].lookup_requests(NUMBER)) == []


# --- attachments (§4.2) -------------------------------------------------------------------------------------


def test_attachments_in_links_and_script_variables() -> None:
    text = (
        '<a href="./P020260428660861964604.zip" OLDSRC="/protect/P0202604/P020260428660861964604.zip" appendix="true">附件1.zip</a>'
        """<script>var att = '<a href="./P020260428660861964605.xlsx" OLDSRC="/protect/P0202604/P020260428660861964605.xlsx">附件2</a>';</script>"""
        r"""<script>rel_appendix = "<a href=\"P020260428660861964606.ofd\">附件3<\/a>"</script><!--<a href="./P020260428660861964607.pdf">旧</a>-->"""
        """<script>var more = '<a OLDSRC="/protect/P0202604/P020260428660861964609.doc" href="#">旧</a>'</script>"""
        '<img src="./W020260428660861964608.jpg">'
    )
    made, _ = trs()
    found = made.attachments(Page(f"{LIST}202604/t20260428_1.html", text))
    names = ["604.zip", "605.xlsx", "606.ofd"]
    assert [(url.rpartition("/")[2][-len(n):], name) for (url, name), n in zip(found, names, strict=True)] == list(zip(names, ["附件1.zip", "附件2", "附件3"], strict=True))  # fmt: skip
    assert all(url.startswith(f"{LIST}202604/P0") for url, _ in found)


ODD = ("", "null", "[]", "3", '"x"', "{}", '{"data":null}', '{"data":{"a":1}}', '{"data":[null]}', '{"data":["x"],"num":"-"}',
       '{"page":null}', '{"page":{"content":[{}],"total":"x"}}', '{"data":[{"doctitle":7,"chnldocurl":7}],"count":null}', "result(", "\ufeff<html></html>")  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_odd_answers_are_layouts_that_are_not_known(text: str) -> None:
    asked = search(read(page(*range(10), script=CONFIG % 83)))
    for request in (asked, PageRequest(JSONP), PageRequest(f"{HOST}/igs/front/search/list.html")):
        try:
            listed = read(text, request)
        except LayoutUnknownError:
            continue
        assert all(found.url.startswith("http") for found in listed.rows)
