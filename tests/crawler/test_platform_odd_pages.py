# ruff: noqa: E501 - pieces of markup stand on one line
"""Lonsun, Openness, gkmlpt and NFCMS on pages out of their own parts in any order: rows, or a layout not known."""

from __future__ import annotations

import json
from contextlib import suppress
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.platforms.base import LayoutUnknownError, PageRequest
from crawler.platforms.page import Page
from tests.crawler.test_platforms import HOST, platform

PLACES = {
    "lonsun": "/public/column/5960?type=3&timeFrame=2022",
    "openness": "/Xxgknb/year/6/2022.html?page=1",
    "gkmlpt": "/gkmlpt/index",
    "nfcms": "/zwgk/xxgknb/index.html",
}
PIECES = st.sampled_from(
    [
        "<ul class='xxgk_nav_list'>", "<div class='xxgk_navli'><ul>", "<li>", "</li>", "</ul>", "<span class='syh'>", "2025-01-01",
        "<a href='/public/1/2.html;jsessionid=1'>", "<a paged='x'>", "<a paged='99999999999999999999'>", "</a>", "<script>", "</script>",
        "Ls.ajax({url:'/site/label/8888',data:{", "organId:'1',", "pageSize:'0',", "pageIndex:pageIndex", "}})", "'/site/label/8888?labelName=publicInfoList&pageSize=x'",
        "Ls.pagination(", "pageCount:", "0", "3", "totalCount:'x'", "<meta name='SiteId'>", "siteId=", "暂无", "页面不存在", "共3页", "1/3页", "0/0页",
        "<div class='page'>", "<a href='/Xxgknb/show/1.html'>", "<a href='/public/column/7'>", "<a href='javascript:go(2)'>", "下一页", "</div>",
        "window._CONFIG={", "SID:'7',", "TREE:[", '{"id":5,"name":"年报","children":[]}', '{"id":null,"children":{}}', "]", "DETAIL:{", '"attachment":[{"url":"::"}]', "}",
        '{"articles":[', '{"id":5,"title":"x"}', '{"id":"x"}', '],"classify":{"post_count":"x"}}', '],"total":-3}', '"date":1e99', "\ufeff", "\x00", "示例镇2024年度报告",
        "<a href='content/mpost_1.html'>", "<a href='http://[/content/post_1.html'>", "<a href='index_2.html'>", "2", "</html>",
    ]
)  # fmt: skip
CARRIES = st.sampled_from(
    [
        {},
        {"static": "1"},
        {"fragment": "1", "static": "", "size": "2"},
        {"api": "1", "page": "1", "below": json.dumps([["6", ""], ["7", "http://["]])},
        {"api": "1", "page": "2", "size": "100", "pages": "3"},
        {"category": "5", "name": "年报"},
    ]
)


@given(
    st.lists(PIECES | st.text(max_size=3), max_size=25),
    st.sampled_from(sorted(PLACES)),
    CARRIES,
    st.booleans(),
)
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_no_page_breaks_these_platforms(
    pieces: list[str], name: str, carry: dict[str, str], by_year: bool
) -> None:
    url = HOST + PLACES[name]
    made, column = platform(name, url=url)
    page = Page(url, "".join(pieces))
    request = PageRequest(url, carry=carry, year=2022 if by_year else None)
    if "fragment" in carry and name != "lonsun":
        return
    with suppress(LayoutUnknownError):
        listed = made.read_list(page, request, column)
        asked = [listed.next, listed.next and listed.next.fallback, *listed.lists]
        found = [row.url for row in listed.rows] + [request.url for request in asked if request]
        assert all(urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname for url in found)
        assert len({row.url for row in listed.rows}) == len(listed.rows), "each address once"
        assert listed.next is None or listed.next.url != url or listed.next.carry != carry
    with suppress(LayoutUnknownError):
        made.route_is_empty(page)
        made.route_list(page, request, column)
    with suppress(LayoutUnknownError):
        made.read_organs(page, request)
    assert all(url.startswith("http") for url, _ in made.attachments(page))
