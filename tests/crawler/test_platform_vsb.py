# ruff: noqa: E501 - markup stands on one line, as pages have it
"""VSB on pages written after portals.md §4.7: descending pages, columns of columns, columns that are reports."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from crawler.detect import detect
from crawler.platforms.base import PageRequest
from crawler.platforms.page import Page, decode
from tests.crawler.following import follow
from tests.crawler.test_platforms import HOST, platform

COLUMN = f"{HOST}/zfxxgk/zfxxgknb.htm"
PAGES = 4
BODY = "".join(
    f"<p>示例镇本年度主动公开政府信息的情况说明第{n}段，样例文字样例文字样例文字。</p>" for n in range(60)
)


def page(number: int, rows: range, *, link: str = "p_next p_fun") -> str:
    up, folder = ("", "zfxxgknb/") if number == 1 else ("../", "")
    items = "".join(
        f'<li id="line_u8_{n}"><a href="{up}../info/1052/{n}.htm" title="示例{n}镇2024年政府信息公开工作年度报告">示例…</a><span>2025/01/15</span></li>'
        for n in rows
    )
    more = (
        f'<span class="{link}"><a href="{folder}{PAGES - number}.htm">下页</a></span>'
        if number < PAGES
        else '<span class="p_next_d p_fun_d">下页</span>'
    )
    return f'<ul>{items}</ul><span class="p_t">共12条</span><span class="p_pages"><span class="p_no_d">{number}</span>{more}</span><span class="p_t">{number}/{PAGES}</span>'


@pytest.mark.parametrize("link", ["p_next p_fun", "p_fun p_next", "Next"])
def test_pages_are_followed_and_never_counted(link: str) -> None:
    made, column = platform("vsb", url=COLUMN)

    def server(request: PageRequest) -> str:
        path = urlsplit(request.url).path
        number = 1 if path == "/zfxxgk/zfxxgknb.htm" else PAGES + 1 - int(path.rpartition("/")[2][:-4])
        return page(number, range(number * 3 - 2, number * 3 + 1), link=link)

    came = follow(made, column, server)
    assert [urlsplit(r.url).path for r in came.asked] == [
        "/zfxxgk/zfxxgknb.htm",
        *(f"/zfxxgk/zfxxgknb/{n}.htm" for n in (3, 2, 1)),
    ]
    assert [r.number for r in came.asked] == [1, 2, 3, 4]
    assert len(came.own) == 12
    assert {(p.pages, p.total) for p in came.pages} == {(4, 12)}


def test_a_link_that_leads_back_to_its_page_ends_the_list() -> None:
    made, column = platform("vsb", url=COLUMN)
    text = page(2, range(1, 4)).replace('href="2.htm"', 'href="#"')
    assert (
        made.read_list(
            Page(f"{HOST}/zfxxgk/zfxxgknb/3.htm", text), PageRequest(COLUMN, number=2), column
        ).next
        is None
    )


TREE = {
    "/zfxxgk/xzjd.htm": '<a href="xzjd/n2024n.htm">2024年</a><a href="/zfxxgk/xzjd/n2025n.htm">2025年</a><a href="xzjd/n2025n/yz.htm">一镇</a><a href="/zfxxgk/zfxxgkzn.htm">指南</a><a href="xzjd/ysq.htm">依申请公开</a>',
    "/zfxxgk/xzjd/n2024n.htm": '<a href="/zfxxgk/xzjd/n2025n.htm">2025年</a><a href="n2024n/yz.htm">一镇</a>',
    "/zfxxgk/xzjd/n2025n.htm": '<a href="n2025n/yz.htm">一镇</a><a href="n2025n/ez.htm">二镇</a>',
    "/zfxxgk/xzjd/n2024n/yz.htm": f"<title>示例一镇2024年政府信息公开工作年度报告</title><div class='v_news_content'>{BODY}</div>",
    "/zfxxgk/xzjd/n2025n/yz.htm": f"<title>年报-示例县</title><h3>示例一镇2025年政府信息公开工作年度报告</h3><div id='vsb_content_2'><table><tr><td>{BODY}</td></tr></table></div>",
    "/zfxxgk/xzjd/n2025n/ez.htm": '<ul><li><a href="../../../info/9/7.htm">示例二镇2025年政府信息公开工作年度报告</a></li></ul>',
}


def test_a_column_of_columns_is_walked_to_the_pages_that_are_reports() -> None:
    made, column = platform("vsb", url="/zfxxgk/xzjd.htm")
    came = follow(made, column, lambda r: TREE[urlsplit(r.url).path])
    assert {row.url: row.title for row in came.rows} == {
        f"{HOST}/zfxxgk/xzjd/n2024n/yz.htm": "示例一镇2024年政府信息公开工作年度报告",
        f"{HOST}/zfxxgk/xzjd/n2025n/yz.htm": "示例一镇2025年政府信息公开工作年度报告",
        f"{HOST}/info/9/7.htm": "示例二镇2025年政府信息公开工作年度报告",
    }
    assert sorted({urlsplit(r.url).path for r in came.asked}) == sorted(TREE), (
        "no guide, no neighbour, no level skipped"
    )
    assert {r.part for r in came.asked[1:]} == set(TREE) - {"/zfxxgk/xzjd.htm"}


def test_years_gone_by_are_settled() -> None:
    made, column = platform("vsb", url="/zfxxgk/xzjd.htm")
    links = "".join(f'<a href="xzjd/n{year}n.htm">{year}年</a>' for year in range(2020, 2026))
    lists = made.read_list(
        Page(f"{HOST}/zfxxgk/xzjd.htm", links), PageRequest(f"{HOST}/zfxxgk/xzjd.htm"), column
    ).lists
    assert [r.url[-9:-5] for r in lists if not r.settled] == ["2024", "2025"]


def test_a_page_that_is_no_report_and_leads_nowhere_yields_nothing() -> None:
    made, column = platform("vsb", url="/zfxxgk/xzjd.htm")
    listed = made.read_list(
        Page(f"{HOST}/zfxxgk/xzjd.htm", f"<title>领导信箱</title><div class='v_news_content'>{BODY}</div>"),
        PageRequest(COLUMN),
        column,
    )
    assert (listed.rows, listed.lists, listed.next) == ((), (), None)


def test_a_catalogue_is_not_searched_for_columns() -> None:
    made, column = platform("vsb", url="/zfxxgk/xzjd.htm", kind="catalogue")
    text = TREE["/zfxxgk/xzjd.htm"]
    assert made.read_list(Page(f"{HOST}/zfxxgk/xzjd.htm", text), PageRequest(COLUMN), column).lists == ()


def test_gbk_is_read_whatever_the_header_says() -> None:
    made, column = platform("vsb", url=COLUMN)
    text = decode(page(4, range(1, 3)).encode("gbk"), "text/html; charset=utf-8")
    listed = made.read_list(
        Page(f"{HOST}/zfxxgk/zfxxgknb/1.htm", text), PageRequest(COLUMN, number=4), column
    )
    assert listed.rows[0].title == "示例1镇2024年政府信息公开工作年度报告"


def test_files_without_an_extension_take_their_name_from_the_link() -> None:
    made, _ = platform("vsb")
    hexes = "0123456789ABCDEF0123456789ABCDEF"
    text = f"<a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=17&wbfileid={hexes}'>年报.doc</a><a href='/__local/A/1/B.pdf'>年报.pdf</a><a href='../7.htm'>x</a>"
    found = made.attachments(Page(f"{HOST}/info/1/2.htm", text))
    assert [title for _, title in found] == ["年报.doc", "年报.pdf"]


@pytest.mark.parametrize(
    "path", ["/info/1052/5791.htm", "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=7"]
)
def test_its_addresses_give_it_away(path: str) -> None:
    guesses, _ = detect(HOST + path)
    assert guesses[0].platform.name == "vsb"
