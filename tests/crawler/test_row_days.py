# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Which day a row of a list prints, and which it does not; and lists that show reports whole."""

from __future__ import annotations

import pytest

from crawler.platforms.generic_page import next_page_of, report_title
from crawler.platforms.rows import parse_html, read_rows

BASE = "http://www.sample.test/c/nianbao.html"
TITLE = "示例一镇2024年政府信息公开工作年度报告"
EXCERPT = f"根据条例要求，现公布{TITLE}。本报告所列数据的统计期限自2024年1月1日起至2024年12月31日止。"


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ('<abbr class="published" title="2025-01-20T09:00:00+08:00">Published: Mon 20 January 2025</abbr>', "2025-01-20"),
        ('<time datetime="2025-01-19T23:30:00Z">Jan 20</time>', "2025-01-20"),
        ('<time class="updated" datetime="2025-02-11">11 Feb</time><time datetime="2025-01-20">x</time>', "2025-01-20"),
        ('<time datetime="2025-01-20T09:00">2025年1月20日 09:00</time>', "2025年1月20日"),
        ("<span>2025-01-20</span>", "2025-01-20"),
        ("<i>发布日期：2025年1月20日</i>", "2025年1月20日"),
        ("", None),
    ],
)  # fmt: skip
def test_the_day_of_a_row_is_not_one_of_its_excerpt(row: str, day: str | None) -> None:
    page = f'<ol><li><h2><a href="/p1.html">{TITLE}</a></h2><p>{EXCERPT}</p>{row}</li></ol>'
    (found,) = read_rows(parse_html(page), BASE, lambda url: True)
    assert found.date == day


def test_the_day_after_a_link_is_not_one_of_its_excerpt() -> None:
    rows = "".join(
        f'<h2><a href="/p{n}.html">{TITLE.replace("2024", str(2020 + n))}</a></h2><p>{EXCERPT}</p><p>202{n + 1}-01-20</p>'
        for n in (3, 4)
    )
    found = read_rows(parse_html(f"<main>{rows}</main>"), BASE, lambda url: True)
    assert [row.date for row in found] == ["2024-01-20", "2025-01-20"]


TABLE = "<table>" + "<tr><td>行政许可</td><td>3140</td></tr>" * 6 + "</table>"
BODY = f"<p>{EXCERPT}</p><h2>一、总体情况</h2><p>{'公开。' * 200}</p><h2>二、主动公开政府信息情况</h2>{TABLE}"


@pytest.mark.parametrize(
    ("head", "is_report"),
    [
        (f"<h1>{TITLE}</h1>", True),
        (f'<h1><a href=".">{TITLE}</a></h1>', True),
        (f'<h1><a href="https://sample.test/c/nianbao.html#top">{TITLE}</a></h1>', True),
        (f'<h1><a href="/p1.html">{TITLE}</a></h1>', False),
        (f'<a href="/p1.html"><h1>{TITLE}</h1></a>', False),
    ],
)
def test_a_list_that_shows_a_report_whole_is_no_report(head: str, *, is_report: bool) -> None:
    shelf = "<title>政府信息公开年报</title>" if not is_report else "<title>示例县</title>"
    url = BASE if "nianbao.html" in head else "http://www.sample.test/c/"
    assert bool(report_title(parse_html(f"{shelf}{head}{BODY}"), url)) is is_report


def test_a_report_with_others_linked_below_it_is_one() -> None:
    below = f'<h3><a href="/p2.html">{TITLE.replace("2024", "2023")}</a></h3>'
    page = parse_html(f"<title>{TITLE}</title><h1>{TITLE}</h1>{BODY}{below}")
    assert report_title(page, BASE) == TITLE
    page = parse_html(f"<title>{TITLE}</title>{BODY}{below}")
    assert report_title(page, BASE) == TITLE


@pytest.mark.parametrize("sign", ["⟩", "〉", "›", "»", "→"])
def test_a_sign_turns_the_page(sign: str) -> None:
    page = parse_html(f'<a href="/c/nianbao2.html">{sign}</a><a href="/c/nianbao3.html">⟫</a>')
    assert next_page_of(page, BASE, 1) == "http://www.sample.test/c/nianbao2.html"
