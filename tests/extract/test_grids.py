"""Span-aware grids: what is drawn is what is read, whatever the markup around it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parser.document import GridSource
from tests.extract.pages import grids, read_html, texts

Area = tuple[int, int, int, int]  # row, column, rowspan, colspan


@st.composite
def tilings(draw: st.DrawFn) -> tuple[int, int, list[Area]]:
    """A random division of a table into cells with spans, in reading order."""
    n_rows, n_columns = draw(st.integers(2, 7)), draw(st.integers(2, 7))
    taken: set[tuple[int, int]] = set()
    areas: list[Area] = []
    for row in range(n_rows):
        for column in range(n_columns):
            if (row, column) in taken:
                continue
            width = 1
            while column + width < n_columns and (row, column + width) not in taken and draw(st.booleans()):
                width += 1
            height = draw(st.integers(1, n_rows - row)) if draw(st.integers(0, 3)) == 0 else 1
            taken |= {(r, c) for r in range(row, row + height) for c in range(column, column + width)}
            areas.append((row, column, height, width))
    return n_rows, n_columns, areas


def markup(n_rows: int, areas: list[Area], noise: str) -> str:
    rows = []
    for row in range(n_rows):
        cells = "".join(
            f'<td rowspan="{height}" colspan="{width}">{noise}格{number}</td>'
            for number, (r, _, height, width) in enumerate(areas)
            if r == row
        )
        rows.append(f"<tr>{cells}</tr>")
    return f"<table>{''.join(rows)}</table>"


@settings(max_examples=60, deadline=None)
@given(tiling=tilings(), noise=st.sampled_from(["", "<!-- x -->", "<p>", "<span></span>", "\n  "]))
def test_spans_are_placed_as_drawn(tiling: tuple[int, int, list[Area]], noise: str) -> None:
    n_rows, n_columns, areas = tiling
    # A row whose places are all covered from above is drawn without cells, which no table of a report does.
    if any(all(r != row for r, *_ in areas) for row in range(n_rows)):
        return
    if max(sum(r == row for r, *_ in areas) for row in range(n_rows)) < 2:
        return  # one cell in each row: a layout, not a grid
    (grid,) = grids(read_html(f"<div id='zoom'><p>{'正文' * 30}</p>{markup(n_rows, areas, noise)}</div>"))
    expected = [[""] * n_columns for _ in range(n_rows)]
    for number, (row, column, height, width) in enumerate(areas):
        for r in range(row, row + height):
            for c in range(column, column + width):
                expected[r][c] = f"格{number}"
    assert [[cell.text if cell else "" for cell in row] for row in grid.rows] == expected
    assert grid.source is GridSource.HTML
    assert len(grid.cells) == len(areas)


TABLE = "<tr><td>项目</td><td>数量</td></tr><tr><td>公开</td><td>12</td></tr><tr><td>废止</td><td>3</td></tr>"
WORD_NUMBER = "<p class=MsoNormal><span lang=EN-US>1</span><span>2</span><o:p></o:p></p>"
ROWS = [["项目", "数量"], ["公开", "12"], ["废止", "3"]]


@pytest.mark.parametrize(
    "page",
    [
        f"<table>{TABLE}</table>",
        f"<table><form>{TABLE}</form></table>",
        f"<form><table><tbody>{TABLE}</tbody></table></form>",
        f"<table><tr><td><p>说明</p><table>{TABLE}</table></td></tr></table>",
        f"<table><tr><td>&nbsp;</td><td><div><table>{TABLE}</table></div></td></tr></table>",
        f"<center><font><table border=0 class=MsoNormalTable>{TABLE}</table></font></center>",
        "<table>" + TABLE.replace("</td>", "").replace("</tr>", "") + "</table>",
        f"<table><thead>{TABLE[:40]}</table>".replace(TABLE[:40], TABLE.replace("td>", "th>", 4)),
        f"<div>前文<table>{TABLE}</table>后文</div>",
        f"<p>前文<table>{TABLE}</table>后文</p>",
        f"<table>{TABLE.replace('12', WORD_NUMBER)}</table>",
    ],
)
def test_one_table_in_many_markups(page: str) -> None:
    (grid,) = grids(read_html(f"<div class='TRS_Editor'><p>{'正文文字' * 20}</p>{page}</div>"))
    assert [[cell.text if cell else None for cell in row] for row in grid.rows] == ROWS


def test_absurd_spans_are_clamped() -> None:
    rows = "<tr><td colspan=1000000000>甲</td></tr><tr><td rowspan=999999999>乙<td>丙</tr><tr><td>丁</tr>"
    (grid,) = grids(read_html(f"<div id=zoom><p>{'正文' * 40}</p><table>{rows}</table></div>"))
    assert (grid.n_rows, grid.n_columns) == (3, 2)
    assert [[c.text if c else None for c in row] for row in grid.rows] == [
        ["甲", "甲"],
        ["乙", "丙"],
        ["乙", "丁"],
    ]


def test_a_table_inside_a_cell_is_a_grid_of_its_own() -> None:
    inner = "<table><tr><td>子</td><td>1</td></tr><tr><td>丑</td><td>2</td></tr></table>"
    outer = f"<table><tr><td>甲<td>5<td>6</td></tr><tr><td>乙</td><td>7{inner}</td><td>8</td></tr></table>"
    first, second = grids(read_html(f"<div id=zoom><p>{'正文' * 40}</p>{outer}<p>结尾</p></div>"))
    assert [[c.text if c else None for c in row] for row in first.rows] == [
        ["甲", "5", "6"],
        ["乙", "7", "8"],
    ]
    assert [[c.text if c else None for c in row] for row in second.rows] == [["子", "1"], ["丑", "2"]]


def test_captions_and_strays_are_not_lost() -> None:
    inner = "<table><tr><td>子</td><td>1</td></tr></table>"
    table = f"<table><caption>表一 情况</caption>{TABLE}<tr>{inner}</tr>散落文字</table>"
    document = read_html(f"<div id=zoom><p>{'正文' * 40}</p>{table}</div>")
    assert texts(document)[1:] == ["表一 情况", "散落文字"]
    assert [[c.text for c in grid.cells] for grid in grids(document)] == [
        ["子", "1"],
        [text for row in ROWS for text in row],
    ]


def test_a_report_inside_one_table_is_text_and_grids() -> None:
    heading = "<tr><td colspan=2>{}</td></tr>"
    rows = (
        heading.format("一、总体情况")
        + heading.format(
            "本年度主动公开信息一百二十条，依申请公开零件，管理规范，平台稳定，监督有力，保障到位。"
        )
        + heading.format("二、主动公开政府信息情况")
        + heading.format("第二十条第（一）项")
        + TABLE
        + heading.format("三、收到和处理政府信息公开申请情况")
    )
    document = read_html(f"<div class=v_news_content><table>{rows}</table></div>")
    assert [text[:6] for text in texts(document)] == [
        "一、总体情况",
        "本年度主动公",
        "二、主动公开",
        "三、收到和处",
    ]
    (grid,) = grids(document)
    assert grid.rows[0][1] is grid.rows[0][0]
    assert [[c.text if c else None for c in row] for row in grid.rows[1:]] == ROWS


def test_reading_order_and_locators() -> None:
    document = read_html(f"<div id=zoom><p>甲{'字' * 50}</p><table>{TABLE}</table><p>乙<br>丙</p></div>")
    kinds = [type(block).__name__ for block in document.blocks]
    assert kinds == ["Paragraph", "Grid", "Paragraph", "Paragraph"]
    assert document.blocks[1].locator == "/html/body/div/table"
    assert grids(document)[0].cells[3].locator == "/html/body/div/table/tr[2]/td[2]"
