"""Where the document is on its page: one report in many frames is read the same."""

from __future__ import annotations

import re

import pytest

from extract.blocks import block_text
from extract.data_tables import bodies
from parser.text import compact
from tests.extract.pages import read_html, texts

PARTS = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "存在的主要问题及改进情况")
SENTENCE = (
    "示例镇认真落实条例要求，围绕群众关切持续推进第{}部分工作，全年各项任务平稳有序，群众满意度有所提升。"
)
TABLE = "".join(
    f"<tr><td>{name}</td>" + "".join(f"<td>{10 * row + column}</td>" for column in range(4)) + "</tr>"
    for row, name in enumerate(("项目", "规章", "规范性文件", "许可", "处罚"))
)
HEADINGS = [f"<p>{'一二三四'[i]}、{name}</p><p>{SENTENCE.format(i) * 2}</p>" for i, name in enumerate(PARTS)]
REPORT = "".join([*HEADINGS[:2], f"<table border=1>{TABLE}</table>", *HEADINGS[2:]])
TITLE = "<h1>示例县示例镇2024年政府信息公开工作年度报告</h1>"
LINKS = "".join(f"<li><a href='/{i}'>栏目链接{i}</a></li>" for i in range(40))
MENU = f"<div class=menu><ul>{LINKS}</ul></div>"
FOOT = (
    "<div class=footer><p>主办单位：示例县人民政府办公室 承办单位：示例县信息中心</p>"
    "<p>网站标识码：1234567890 示ICP备00000000号</p><p>版权所有：示例县人民政府</p></div>"
)
OTHERS = "".join(f"<p><a href='/n{i}'>另一条信息的标题之{i}</a></p>" for i in range(9))
NEWS = f"<div class=side><h3>相关信息</h3>{OTHERS}</div>"
FRAMES = {
    "known": TITLE + MENU + "<div class=TRS_Editor>{}</div>" + FOOT,
    "nested_known": MENU
    + TITLE
    + "<div id=zoom><div class=TRS_Editor><div class=view>{}</div></div></div>"
    + FOOT,
    "marked": TITLE + "<div class=a><meta name=ContentStart>{}<meta name=ContentEnd></div>" + MENU + FOOT,
    "unknown": MENU + TITLE + "<div class=q7>{}</div>" + NEWS + FOOT,
    "unknown_deep": MENU
    + "<div><div><div>"
    + TITLE
    + "</div><div><div>{}</div></div></div></div>"
    + NEWS
    + FOOT,
    "layout_table": "<table><tr><td>" + MENU + "</td><td>" + TITLE + "<div>{}</div></td></tr></table>" + FOOT,
    "cell": TITLE + "<table width=100%><tr><td>{}</td></tr></table>" + MENU + FOOT,
    "two_editors": TITLE + "<div class=TRS_Editor>{}</div><div class=TRS_Editor></div>" + FOOT,
    "hidden_twin": TITLE + "<div id=zoom>{}</div><div style='display:none'><p>隐藏的文字</p></div>" + FOOT,
}
REWRITES = {
    "as_is": lambda report: report,
    "divs": lambda report: re.sub(r"<(/?)p>", r"<\1div>", report),
    "breaks": lambda report: report.replace("<p>", "").replace("</p>", "<br>"),
    "spans": lambda report: report.replace("<p>", "<p><span style='color:red'>").replace(
        "</p>", "</span></p>"
    ),
    "upper": lambda report: re.sub(r"</?[a-z]+", lambda tag: tag.group().upper(), report),
    "ends_twice": lambda report: report.replace("<table", "</body></html>\n<!DOCTYPE html><table"),
    "unclosed": lambda report: report.replace("</p>", "").replace("</td>", "").replace("</tr>", ""),
}
EXPECTED = [compact(block_text(block)) for block in read_html(f"<div class=TRS_Editor>{REPORT}</div>").blocks]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("rewrite", REWRITES)
def test_one_report_in_every_frame(frame: str, rewrite: str) -> None:
    document = read_html(FRAMES[frame].replace("{}", REWRITES[rewrite](REPORT)))
    # Where the container is unknown the title may be read with it, and is told by its locator.
    own = [block for block in document.blocks if block.locator != document.title_locator]
    assert [compact(block_text(block)) for block in own] == EXPECTED
    assert document.title == "示例县示例镇2024年政府信息公开工作年度报告"


def test_the_expected_blocks_are_whole() -> None:
    assert len(EXPECTED) == 2 * len(PARTS) + 1
    assert EXPECTED[4] == "项目0123规章10111213规范性文件20212223许可30313233处罚40414243"


@pytest.mark.parametrize("row", bodies().strong, ids=lambda row: row.class_ or row.id)
def test_every_known_container(row) -> None:
    attribute = f"class='x {row.class_} y'" if row.class_ else f"id='{row.id}'"
    document = read_html(f"{MENU}{TITLE}<div {attribute}>{REPORT}</div>{NEWS}{FOOT}")
    assert [compact(block_text(block)) for block in document.blocks] == EXPECTED
    assert "body_unknown" not in {finding.code for finding in document.findings}


def test_an_empty_container_of_a_known_name_is_passed_over() -> None:
    document = read_html(f"<div id=zoom></div><div class=q7>{REPORT}</div>{FOOT}")
    assert [compact(block_text(block)) for block in document.blocks] == EXPECTED


def test_tables_of_numbers_outside_the_container_are_kept() -> None:
    document = read_html(
        f"{MENU}<div><div class=TRS_Editor><p>{SENTENCE * 3}</p></div><table>{TABLE}</table></div>{FOOT}"
    )
    assert compact(block_text(document.blocks[-1])) == EXPECTED[4]
    assert texts(document) == [SENTENCE * 3]


SECTIONS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
PARTS = [f"<p>{name}</p><p>{'示例局认真落实各项要求，工作平稳有序。' * 8}</p>" for name in SECTIONS]


def test_a_container_that_a_stray_end_tag_closed_early() -> None:
    tools = "<div>分享到：微信</div><div>【<a href='#'>打印本页</a>】</div>"
    body = f'<div class="TRS_Editor">{"".join(PARTS[:2])}</div>{"".join(PARTS[2:])}{tools}'
    found = texts(read_html(f'<div><a href="/">首页</a></div><div class="main9">{body}</div>'))
    assert [text for text in found if text in SECTIONS] == SECTIONS
    assert len(found) == 2 * len(SECTIONS)


def test_a_second_copy_of_the_text_is_no_part_of_it() -> None:
    copy = "".join(PARTS)
    found = texts(read_html(f'<div class="TRS_Editor">{copy}</div><div class="wap9">{copy}</div>'))
    assert [text for text in found if text in SECTIONS] == SECTIONS
