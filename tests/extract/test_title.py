"""Titles: the document's own, chosen by evidence; columns and sites are none."""

from __future__ import annotations

import pytest

from parser.document import Paragraph
from tests.extract.pages import read_html

TITLE = "示例县示例镇2024年政府信息公开工作年度报告"
BODY = "<div class=TRS_Editor><p>" + "正文文字" * 30 + "</p></div>"


@pytest.mark.parametrize(
    "page",
    [
        ("", f"<h1>{TITLE}</h1>"),
        ("", f"<div class='article_title'>\n  {TITLE}\n</div>"),
        ("", "<p id=title>示例县示例镇2024年<br>政府信息公开工作年度报告</p>"),
        (f"<title>{TITLE}_政府信息公开年报_示例县人民政府</title>", ""),
        (f"<title>示例县人民政府-政府信息公开年报-{TITLE}</title>", "<h1>示例县人民政府</h1>"),
        (
            f"<title>政府信息公开年报</title><meta name=ArticleTitle content='{TITLE}'>",
            "<h2>政府信息公开年报</h2>",
        ),
        (
            f"<title>示例县人民政府 {TITLE[:12]}</title>",
            f"<ul><li>索引号：1-2/3</li><li>名称：{TITLE}</li></ul>",
        ),
        ("<title>首页</title>", f"<h2>政府信息公开年报</h2><h2>{TITLE}</h2><h2>相关链接</h2>"),
    ],
)
def test_the_documents_own_title(page: tuple[str, str]) -> None:
    head, body = page
    document = read_html(body + BODY, head=head)
    assert document.title is not None
    assert document.title.replace(" ", "") == TITLE
    assert document.title_locator


@pytest.mark.parametrize(
    "page",
    [
        ("<title>政府信息公开年报</title>", "<h1>示例县人民政府</h1><h2>政府信息公开年报</h2>"),
        ("<title>示例县人民政府门户网站</title>", ""),
        ("<meta name=ColumnName content='示例专题报告'>", "<h2>示例专题报告</h2>"),
        ("", "<h2>通知公告</h2>"),
    ],
)
def test_columns_and_sites_are_no_titles(page: tuple[str, str]) -> None:
    assert read_html(page[1] + BODY, head=page[0]).title is None


def test_a_title_inside_the_body_is_its_paragraph() -> None:
    lines = "<p>示例县示例镇</p><p>2024年政府信息公开工作年度报告</p><p>" + "正文文字" * 30 + "</p>"
    document = read_html(f"<div id=zoom>{lines}</div>", head=f"<meta name=ArticleTitle content='{TITLE}'>")
    assert document.title == TITLE
    first = document.blocks[0]
    assert isinstance(first, Paragraph)
    assert (first.locator, first.text.replace("\n", "")) == (document.title_locator, TITLE)
    assert len(document.blocks) == 2


def test_a_truncated_list_title_does_not_win() -> None:
    document = read_html(f"<h1>{TITLE}</h1>{BODY}", head=f"<title>{TITLE[:14]}...</title>")
    assert document.title == TITLE


def test_a_title_over_three_lines() -> None:
    lines = ["示例县示例局", "2023年度政府信息公开", "工作年度报告"]
    head = "".join(f"<p align=center><b>{line}</b></p>" for line in lines)
    document = read_html(f'<div class="TRS_Editor">{head}<p>一、总体情况</p><p>{"正文" * 40}</p></div>')
    assert document.title == "".join(lines)
