"""Tables that a page break cut: what is joined, what is mended, and what is left as drawn."""

from __future__ import annotations

import pytest

from extract.pdf import read_pdf
from parser.document import Paragraph
from tests.extract.pdf_maker import MadePage, make_pdf, text_width
from tests.extract.test_pdf import grids, texts

Row = list[tuple[int, int, int, str]]  # column, colspan, rowspan, text
XS = (80.0, 120.0, 260.0, 320.0, 380.0)
LABELS: Row = [
    (0, 1, 1, "组"),
    (1, 1, 1, "情形"),
    (2, 1, 1, "甲"),
    (3, 1, 1, "乙"),
]  # so that every edge is drawn


def draw(page: MadePage, top: float, rows: list[Row], xs: tuple[float, ...] = XS, step: float = 30) -> None:
    for at, row in enumerate(rows):
        for column, colspan, rowspan, text in row:
            y = top + at * step
            page.cell(xs[column], y, xs[column + colspan], y + rowspan * step, text, 8)


def read(
    upper: list[Row],
    lower: list[Row],
    between: str = "",
    xs_below: tuple[float, ...] = XS,
    xs_above: tuple[float, ...] = XS,
) -> list[list[list]]:
    first, second = MadePage(), MadePage()
    draw(first, 700, upper, xs_above)
    if between:
        second.text(80, 90, between, 12)
    draw(second, 110, lower, xs_below)
    return [texts(grid) for grid in grids(read_pdf(make_pdf(first, second)))]


HEAD: Row = [(0, 2, 1, "信息内容"), (2, 1, 1, "自然人"), (3, 1, 1, "总计")]


def test_label_cut_in_two_goes_on() -> None:
    upper: list[Row] = [
        HEAD,
        [(0, 1, 1, "(四)无"), (1, 1, 1, "1.本机关不掌握"), (2, 1, 1, "7"), (3, 1, 1, "9")],
    ]
    lower: list[Row] = [
        [(0, 1, 2, "法提供"), (1, 1, 1, "2.没有现成信息"), (2, 1, 1, "5"), (3, 1, 1, "6")],
        [(1, 1, 1, "3.补正后"), (2, 1, 1, "1"), (3, 1, 1, "2")],
    ]
    (table,) = read(upper, lower)
    assert [row[0] for row in table[1:]] == ["(四)无法提供"] * 3
    assert [row[2:] for row in table[1:]] == [["7", "9"], ["5", "6"], ["1", "2"]]


@pytest.mark.parametrize("numbers_first", [True, False])
def test_row_cut_in_two_with_its_numbers_on_either_half(numbers_first: bool) -> None:
    full, empty = [(2, 1, 1, "67"), (3, 1, 1, "71")], [(2, 1, 1, ""), (3, 1, 1, "")]
    upper: list[Row] = [LABELS, [(0, 2, 1, "2.申请人逾期未按收费"), *(full if numbers_first else empty)]]
    lower: list[Row] = [
        [(0, 2, 1, "通知要求缴纳费用"), *(empty if numbers_first else full)],
        [(0, 2, 1, "3.其他"), (2, 1, 1, "8"), (3, 1, 1, "8")],
    ]
    (table,) = read(upper, lower)
    assert [row[1:] for row in table[1:]] == [
        ["2.申请人逾期未按收费通知要求缴纳费用", "67", "71"],
        ["3.其他", "8", "8"],
    ]


def test_blank_row_after_a_full_row_stays_a_row() -> None:
    upper: list[Row] = [LABELS, [(0, 2, 1, "2.重复申请"), (2, 1, 1, "67"), (3, 1, 1, "71")]]
    lower: list[Row] = [
        [(0, 2, 1, "3.其他"), (2, 1, 1, ""), (3, 1, 1, "")],
        [(0, 2, 1, "(七)总计"), (2, 1, 1, "8"), (3, 1, 1, "8")],
    ]
    (table,) = read(upper, lower)
    assert [row[1:] for row in table[1:]] == [
        ["2.重复申请", "67", "71"],
        ["3.其他", "", ""],
        ["(七)总计", "8", "8"],
    ]


def test_full_label_without_enumerator_goes_on() -> None:
    upper: list[Row] = [LABELS, [(0, 1, 1, "事业收"), (1, 1, 1, "甲"), (2, 1, 1, "4166.24"), (3, 1, 1, "1")]]
    lower: list[Row] = [[(0, 1, 1, "费"), (1, 1, 1, ""), (2, 1, 1, ""), (3, 1, 1, "")]]
    (table,) = read(upper, lower)
    assert table[1:] == [["事业收费", "甲", "4166.24", "1"]]


def test_head_cell_cut_in_two_goes_on() -> None:
    xs = (80.0, 100.0, 120.0, 220.0, 320.0)
    upper: list[Row] = [
        [(0, 2, 1, "行政复议"), (2, 2, 1, "行政诉讼")],
        [(0, 1, 1, "结"), (1, 1, 1, "总"), (2, 2, 1, "直接起诉")],
    ]
    lower: list[Row] = [
        [(0, 1, 1, "果"), (1, 1, 1, "计"), (2, 1, 1, "结果维持"), (3, 1, 1, "总计")],
        [(0, 1, 1, "12"), (1, 1, 1, "13"), (2, 1, 1, "14"), (3, 1, 1, "15")],
    ]
    (table,) = read(upper, lower, xs_below=xs, xs_above=xs)
    assert table[1:] == [
        ["结果", "总计", "直接起诉", "直接起诉"],
        ["结果", "总计", "结果维持", "总计"],
        ["12", "13", "14", "15"],
    ]


def test_row_of_numbers_alone_cut_in_two() -> None:
    xs = (80.0, 100.0, 120.0, 140.0, 160.0)
    upper: list[Row] = [LABELS, [(at, 1, 1, words) for at, words in enumerate(("56", "78", "4", "9"))]]
    lower: list[Row] = [[(at, 1, 1, words) for at, words in enumerate(("6", "9", "", ""))]]
    (table,) = read(upper, lower, xs_below=xs, xs_above=xs)
    assert table[1:] == [["566", "789", "4", "9"]]


def test_number_cut_in_two_by_the_page_is_one_number() -> None:
    xs = (80.0, 120.0, 260.0, 290.0, 320.0)
    upper: list[Row] = [LABELS, [(0, 2, 1, "4.保护第三方"), (2, 1, 1, "6851"), (3, 1, 1, "7")]]
    lower: list[Row] = [[(0, 2, 1, "合法权益"), (2, 1, 1, "5"), (3, 1, 1, "")]]
    (table,) = read(upper, lower, xs_below=xs, xs_above=xs)
    assert [row[1:] for row in table[1:]] == [["4.保护第三方合法权益", "68515", "7"]]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (("行政处罚", "3", "4"), ("行政强制", "", "")),
        (("（一）予以公开", "7", "9"), ("其中：涉及企业", "1", "2")),
        (("", "3", "4"), ("行政强制", "", "")),
        (("行政处罚", "", "4"), ("行政强制", "5", "")),
    ],
)
def test_two_rows_stay_two(above: tuple[str, str, str], below: tuple[str, str, str]) -> None:
    def row(words: tuple[str, str, str]) -> Row:
        return [(0, 2, 1, words[0]), (2, 1, 1, words[1]), (3, 1, 1, words[2])]

    (table,) = read([LABELS, row(above)], [row(below)])
    assert [row[1:] for row in table[1:]] == [list(above), list(below)]


def test_repeated_head_is_left_out() -> None:
    upper: list[Row] = [HEAD, [(0, 2, 1, "规章"), (2, 1, 1, "3"), (3, 1, 1, "4")]]
    lower: list[Row] = [HEAD, [(0, 2, 1, "文件"), (2, 1, 1, "5"), (3, 1, 1, "6")]]
    (table,) = read(upper, lower)
    assert [row[0] for row in table] == ["信息内容", "规章", "文件"]


def test_a_line_between_keeps_tables_apart() -> None:
    upper: list[Row] = [HEAD, [(0, 2, 1, "规章"), (2, 1, 1, "3"), (3, 1, 1, "4")]]
    lower: list[Row] = [HEAD, [(0, 2, 1, "文件"), (2, 1, 1, "5"), (3, 1, 1, "6")]]
    assert len(read(upper, lower, between="四、下一张表的情况")) == 2


def test_other_edges_keep_tables_apart() -> None:
    upper: list[Row] = [HEAD, [(0, 2, 1, "规章"), (2, 1, 1, "3"), (3, 1, 1, "4")]]
    lower: list[Row] = [[(0, 2, 1, "文件"), (2, 1, 1, "5"), (3, 1, 1, "6")]]
    assert len(read(upper, lower, xs_below=(80.0, 150.0, 220.0, 290.0, 400.0))) == 2


def paragraphs(*pages: MadePage) -> list[str]:
    return [b.text for b in read_pdf(make_pdf(*pages)).blocks if isinstance(b, Paragraph)]


def test_headings_stay_apart_and_full_lines_go_on() -> None:
    page = MadePage()
    full = "全年公开各类信息若干条办理申请若干件均在规定期限之内予以答复没有"  # 32 characters
    page.text(104, 100, "一、总体情况", 12)
    page.text(104, 120, full, 12)
    page.text(80, 140, "发生行政复议与行政诉讼。", 12)
    page.text(104, 160, "（一）主动公开。", 12)
    page.text(104, 180, full, 12)
    page.text(80, 200, f"{full}一二", 12)
    page.text(80, 220, "的情况。", 12)
    assert paragraphs(page) == [
        "一、总体情况",
        f"{full}发生行政复议与行政诉讼。",
        "（一）主动公开。",
        f"{full}{full}一二的情况。",
    ]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["示例县财政局", "2024年政府信息公开工作年度报告"], "示例县财政局 2024年政府信息公开工作年度报告"),
        (
            ["示例县财政局", "2024年政府信息公开", "工作年度报告"],
            "示例县财政局 2024年政府信息公开工作年度报告",
        ),
        (
            ["示例县财政局二〇二四年政府信息公开工", "作年度报告"],
            "示例县财政局二〇二四年政府信息公开工作年度报告",
        ),
        (["2024年政府信息公开工作年度报告"], "2024年政府信息公开工作年度报告"),
    ],
)
def test_title_of_centred_lines_is_one_paragraph(lines: list[str], title: str) -> None:
    page = MadePage()
    for at, line in enumerate(lines):
        page.text((595 - text_width(line, 22)) / 2, 100 + 40 * at, line, 22)
    for at in range(3):
        page.text(80, 260 + 20 * at, "根据条例规定编制本报告内容包括总体情况主动公开依申请公开等六部分组", 12)
    body = read_pdf(make_pdf(page))
    assert body.title == title
    assert body.blocks[0] == Paragraph(title, title, body.title_locator)


def test_list_of_contents_is_told_not_kept() -> None:
    page = MadePage()
    for at, heading in enumerate(("一、总体情况", "二、主动公开政府信息情况")):
        page.text(80, 200 + 20 * at, f"{heading}{'.' * 40}{at + 1}", 12)
        page.text(80, 300 + 20 * at, heading, 12)
    body = read_pdf(make_pdf(page))
    assert [b.text for b in body.blocks if isinstance(b, Paragraph)] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
    ]
    assert "一、总体情况..." in body.findings[0].message
