"""Tables flattened by text extractors: what each layout keeps, and what is no table."""

from __future__ import annotations

import pytest

import extract
from extract.plaintext import read_blocks
from parser.document import Grid, Paragraph
from tests.extract.pages import register, texts


def read(text: str) -> list[str | list[list[str]]]:
    shown: list[str | list[list[str]]] = []
    for block in read_blocks(text):
        if isinstance(block, Paragraph):
            shown.append(block.text)
        else:
            assert isinstance(block, Grid)
            shown.append([[c.text for c in block.cells if c.row == row] for row in range(block.n_rows)])
    return shown


def test_one_cell_a_line() -> None:
    text = "二、标题\n|\n甲 |\n1 |\n|\n乙\n续 |\n2 |\n||\n|\n丙 |\n3 |\n三、标题\n正文。"
    assert read(text) == [
        "二、标题",
        [["甲", "1"], ["乙\n续", "2", "", ""], ["丙", "3"]],
        "三、标题",
        "正文。",
    ]


def test_a_blank_cell_is_no_new_row() -> None:
    text = "|\n标签 |\n1 |\n2 |\n3 |\n|\n另一 |\n4 |\n|\n5 |\n|\n末 |\n6 |\n7 |\n8 |\n后文。"
    assert read(text) == [[["标签", "1", "2", "3"], ["另一", "4", "", "5"], ["末", "6", "7", "8"]], "后文。"]


def test_a_row_of_numbers_after_full_rows_is_a_row() -> None:
    text = "|\n结果 |\n维持 |\n总计 |\n|\n0 |\n1 |\n2 |\n五、标题"
    assert read(text) == [[["结果", "维持", "总计"], ["0", "1", "2"]], "五、标题"]


def test_one_row_a_line_in_either_style() -> None:
    assert read("甲 | 1 | 2 |\n乙 | | 4 |\n完。") == [[["甲", "1", "2"], ["乙", "", "4"]], "完。"]
    assert read("| 甲 | 1 |\n|---|:--:|\n| 乙 | 2 |") == [[["甲", "1"], ["乙", "2"]]]
    assert read("甲 | - | - |\n- | - | - |") == [[["甲", "-", "-"], ["-", "-", "-"]]]
    assert read("甲 | 1\n---|---\n乙 | 2") == [[["甲", "1"], ["乙", "2"]]]


def test_one_cell_a_line_with_the_pipe_in_front() -> None:
    text = "指标\n| 计量\n单位\n| 本期\n|\n公开数\n| 条\n| 5\n|\n其中：\n全文\n| 条\n|\n|\n二、标题\n正文。"
    table = [["指标", "计量\n单位", "本期"], ["公开数", "条", "5"], ["其中：\n全文", "条", ""]]
    assert read(text) == [table, "二、标题", "正文。"]


def test_tabs_over_page_breaks() -> None:
    text = "甲\t1\t2\n乙\t3\t4\n\n\f\n丙\t5\t6\n续文\n丁\t7\t8\n\n后文。"
    assert read(text) == [
        [["甲", "1", "2"], ["乙", "3", "4"], ["丙", "5", "6"], ["续文"], ["丁", "7", "8"]],
        "后文。",
    ]


def test_columns_parted_by_runs_of_blanks() -> None:
    head = "二、标题\n  信息内容      本年制发件数    废止件数\n  规章            0          3\n"
    text = head + "规范性\n  文件         12      1\n  许可       7     8\n三、标题"
    table = [
        ["信息内容", "本年制发件数", "废止件数"],
        ["规章", "0", "3"],
        ["规范性"],
        ["文件", "12", "1"],
        ["许可", "7", "8"],
    ]
    assert read(text) == ["二、标题", table, "三、标题"]
    names = "甲局  乙局  丙局\n丁局  戊局  己局\n庚局  辛局  壬局"
    assert read(names) == names.split("\n")


def test_what_is_no_table() -> None:
    assert read("\t缩进的一段。\n另一段。") == ["缩进的一段。", "另一段。"]
    assert read("一段\t有一个制表符。") == ["一段\t有一个制表符。"]
    assert read("一段。\r\n\r\n另一段。\r第三段。") == ["一段。", "另一段。", "第三段。"]


def test_locators_are_lines() -> None:
    blocks = read_blocks("\n甲\n\n|\n乙 |\n1 |\n")
    assert [block.locator for block in blocks] == ["line 2", "line 4"]
    grid = blocks[1]
    assert isinstance(grid, Grid)
    assert [cell.locator for cell in grid.cells] == ["line 5", "line 6"]


TITLE = "示例县示例局2023年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"# {TITLE}\n", "## 一、总体情况\n示例局认真落实要求。\n[网站](http://www.example.gov.cn/)\n"),
        (f"**{TITLE}**\n", "**一、总体情况**\n示例局认真落实要求。\n网站\n"),
        (
            f"Title: {TITLE}\n\nURL Source: http://x.gov.cn/\n\nMarkdown Content:\n",
            "一、总体情况\n示例局认真落实要求。\n网站\n",
        ),
    ],
    ids=["hashes", "stars", "proxy"],
)
def test_marks_of_a_converter_are_no_words(head: str, body: str) -> None:
    document = extract.read((head + body).encode(), name="x.txt", register=register())
    assert document.title == TITLE
    assert texts(document) == [TITLE, "一、总体情况", "示例局认真落实要求。", "网站"]


@pytest.mark.parametrize(
    "menu",
    [
        "• 设为首页|\n• 加入收藏|\n您现在所在的位置: 网站首页 > 示例局 > 政府信息公开年报\n",
        "当前位置 : 首页 > 政府信息公开年报\n01418439X/2024-00001\n其他;政府信息公开年报;\n2024-01-31\n",
    ],
)
def test_the_title_stands_behind_a_menu(menu: str) -> None:
    text = f"{menu}{TITLE}\n本报告由示例局编制。\n一、总体情况\n正文。\n"
    assert extract.read(text.encode(), name="x.txt", register=register()).title == TITLE


def test_stars_inside_a_sentence_stay() -> None:
    document = extract.read(
        "一是**加强学习**，二是改进。\n正文。\n".encode(), name="x.txt", register=register()
    )
    assert texts(document) == ["一是**加强学习**，二是改进。", "正文。"]
