# ruff: noqa: E501 - markup stands on one line, as pages have it
"""UCAP on pages written after portals.md §4.3: lists as files and as JSON, and answers that are neither."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.detect import detect
from crawler.platforms.base import LayoutUnknownError, PageRequest
from crawler.platforms.page import Page
from tests.crawler.following import Server, follow
from tests.crawler.test_platforms import HOST, platform

COLUMN = f"{HOST}/sszf/c128570/zfxxgk_gknbz.shtml"
META = '<meta name="channel" channelname="政府信息公开年报" channelId="5c0de9">'
BOX = '<div id="page_div"></div>'


def name(n: int) -> str:
    return f"c531fcfd84284253aaceb3f03459{n:04}"


def rows(numbers: range) -> str:
    return "".join(
        f'<dd><a href="202601/{name(n)}.shtml" title="示例{n}乡2025年政府信息公开工作年度报告">示例…</a><span>2026-01-19</span></dd>'
        for n in numbers
    )


def page(numbers: range, extra: str = "") -> str:
    return f'<html><head>{META}</head><body><div class="gknr_list"><dl>{rows(numbers)}</dl></div>{extra}</body></html>'


def entry(n: int, **more: Any) -> dict[str, Any]:
    meta = [
        {
            "resultList": [
                {"key": "syh", "value": f"K45899617/2026-{n:05}"},
                {"key": "fbjg", "value": "示例乡"},
                {"key": "wh", "value": "null"},
            ]
        }
    ]
    made = {
        "title": f"示例{n}乡<em>2025</em>年政府信息公开工作年度报告",
        "url": f"//www.example.gov.cn/sszf/c128570/202601/{name(n)}.shtml",
    }
    return made | {"publishedTimeStr": "2026-01-19 20:34:00", "domainMetaList": meta, "resList": []} | more


def answer(entries: list[dict[str, Any]], total: int, size: int) -> str:
    return json.dumps({"data": {"page": 1, "rows": size, "total": total, "results": entries}})


def served(total: int, path: str = "/common/search/5c0de9", size: int = 5, first: int = 1) -> Server:
    def server(request: PageRequest) -> str | None:
        parts = urlsplit(request.url)
        if parts.path == path:
            number = int(parse_qs(parts.query)["page"][0])
            start = first + (number - 1) * size
            return answer([entry(n) for n in range(start, min(start + size, first + total))], total, size)
        return page(range(1, 6), BOX) if parts.path.endswith("gknbz.shtml") else None

    return server


@pytest.mark.parametrize("path", ["/common/search/5c0de9", "/searchList/5c0de9"])
def test_the_json_list_is_found_by_the_channel(path: str) -> None:
    made, column = platform("ucap", url=COLUMN)
    came = follow(made, column, served(13, path))
    assert (len(came.own), came.troubles) == (13, [])
    row = came.rows[0]
    assert (row.index_number, row.publisher, row.date) == (
        "K45899617/2026-00001",
        "示例乡",
        "2026-01-19 20:34:00",
    )
    assert row.title == "示例1乡2025年政府信息公开工作年度报告"


def test_an_address_in_the_script_goes_before_the_channel() -> None:
    made, column = platform("ucap", url=COLUMN)
    script = "<a href='/search/pcRender?pageId=7'>检索</a><script>$.get('/sszf/searchList/7f00aa?_isAgg=true&_isJson=true&_pageSize=10&_template=index&_channelName=');</script>"

    def server(request: PageRequest) -> str | None:
        if "/searchList/7f00aa" in request.url:
            assert "_template=index" in request.url
            return answer([entry(n) for n in range(1, 4)], 3, 20)
        return page(range(1, 4), script) if "gknbz" in request.url else None

    came = follow(made, column, server)
    assert (len(came.own), came.troubles, len(came.asked)) == (3, [], 2)


def test_another_channels_list_is_not_believed() -> None:
    made, column = platform("ucap", url=COLUMN)
    came = follow(made, column, served(13, first=500))
    assert came.own == [f"{HOST}/sszf/c128570/202601/{name(n)}.shtml" for n in range(1, 6)]


def test_where_the_json_is_not_there_the_files_are_read() -> None:
    made, column = platform("ucap", url=COLUMN)

    def server(request: PageRequest) -> str | None:
        for number in (1, 2, 3):
            if request.url.endswith(f"gknbz{'' if number == 1 else f'_{number}'}.shtml"):
                pager = (
                    f"<script>createPageHTML('page_div', 3, {number}, 'zfxxgk_gknbz', 'shtml', 14);</script>"
                )
                return page(range(number * 5 - 4, min(number * 5 + 1, 15)), pager)
        return "<html>您访问的页面不存在</html>" if "common" in request.url else None

    came = follow(made, column, server)
    assert (len(came.own), came.troubles) == (14, [])
    assert len(came.asked) == 5, "the column page once more, and one question in vain"


def test_a_short_list_without_a_pager_is_whole() -> None:
    made, column = platform("ucap", url=COLUMN)
    came = follow(made, column, lambda r: page(range(1, 4)))
    assert (len(came.own), len(came.asked)) == (3, 1)


def test_a_template_yields_no_rows() -> None:
    made, column = platform("ucap", url=COLUMN)
    template = "<script type='text/template'><dd><a href='{{url}}'>{{title}}2024年政府信息公开工作年度报告</a></dd></script>"
    came = follow(made, column, lambda r: page(range(1, 3), template))
    assert len(came.rows) == 2


def test_files_that_only_the_list_names() -> None:
    made, column = platform("ucap", url=COLUMN)
    files = [
        {"fileName": "年报.pdf", "filePath": "/sszf/c128570/202601/files/ab.pdf", "resId": "9"},
        {"fileName": "说明", "id": "1"},
    ]
    request = PageRequest(f"{HOST}/common/search/5c0de9?page=1")
    (row,) = made.read_list(Page(request.url, answer([entry(1, resList=files)], 1, 20)), request, column).rows
    assert row.files == ((f"{HOST}/sszf/c128570/202601/files/ab.pdf", "年报.pdf"),)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(
            {
                "page": {
                    "list": [
                        {
                            "title": "示例报告",
                            "url": "/u/c06_359828.shtml",
                            "c_syh": "X1/2020-00001",
                            "c_fbjg": "示例局",
                            "pubDate": "2020-01-02",
                        }
                    ],
                    "total": "1",
                }
            }
        ),
        "\ufeff\n\nresult("
        + json.dumps({"results": {"data": {"total": 1, "rows": 20, "results": [entry(1)]}}})
        + ");",
    ],
)
def test_other_shapes_of_the_answer(text: str) -> None:
    made, column = platform("ucap", url=COLUMN)
    request = PageRequest(f"{HOST}/u/search/wjk/rs?curPage=1&PageSize=20")
    listed = made.read_list(Page(request.url, text), request, column)
    assert (len(listed.rows), listed.total, listed.next) == (1, 1, None)
    assert listed.rows[0].index_number


@pytest.mark.parametrize(
    "text", ["<html>错误</html>", "{}", '{"data":{"total":3}}', '{"data":null}', "result({", "[]"]
)
def test_what_is_no_answer_is_told(text: str) -> None:
    made, column = platform("ucap", url=COLUMN)
    request = PageRequest(f"{HOST}/common/search/5c0de9?page=1", carry={"json": "1", "page": "1"})
    with pytest.raises(LayoutUnknownError):
        made.read_list(Page(request.url, text), request, column)


def test_an_entry_without_an_address_is_not_dropped_in_silence() -> None:
    made, column = platform("ucap", url=COLUMN)
    request = PageRequest(f"{HOST}/common/search/5c0de9?page=1", carry={"json": "1", "page": "1"})
    listed = made.read_list(Page(request.url, answer([entry(1), entry(2, url=None)], 2, 20)), request, column)
    assert len(listed.rows) == 1
    assert listed.unseen


def test_an_empty_list_says_so() -> None:
    made, column = platform("ucap", url=COLUMN)
    request = PageRequest(f"{HOST}/common/search/5c0de9?page=1", carry={"json": "1", "page": "1"})
    assert made.read_list(Page(request.url, answer([], 0, 20)), request, column).says_empty


def test_a_list_that_ignores_the_page_number_ends() -> None:
    made, column = platform("ucap", url=COLUMN)
    came = follow(
        made,
        column,
        lambda r: (
            answer([entry(n) for n in range(1, 6)], 13, 5) if "common" in r.url else page(range(1, 6), BOX)
        ),
    )
    assert len(came.own) == 5, "the walk tells the repeated page and the total that is not met"
    assert len(came.asked) < 6


@pytest.mark.parametrize(
    "path",
    [
        f"/xjwqx/c128570/202601/{name(1)}.shtml",
        "/sszf/c128570/xxgk_gknb_list.shtml",
        f"/cols/2019/1/2/{name(2)}.shtml",
        "/common/search/5c0de9?page=1",
    ],
)
def test_its_addresses_give_it_away(path: str) -> None:
    guesses, _ = detect(HOST + path)
    assert guesses[0].platform.name == "ucap"
