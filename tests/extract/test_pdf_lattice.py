"""Ruled tables of every kind of drawing are read as drawn: whatever merges, whatever line style."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.pdf import read_pdf
from parser.document import Grid
from tests.extract.pdf_maker import MadePage, make_pdf
from tests.extract.test_pdf import grids, texts


def read_grids(*pages: MadePage) -> list[Grid]:
    body = read_pdf(make_pdf(*pages))
    assert "unruled_table" not in {finding.code for finding in body.findings}
    return grids(body)


@dataclass(frozen=True)
class Part:
    """A cell of a made table."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str


@st.composite
def made_tables(draw: st.DrawFn) -> tuple[list[float], list[float], list[Part]]:
    """A table with random widths, heights, merges and texts; each text names its place or is a number."""
    widths = draw(st.lists(st.integers(30, 90), min_size=2, max_size=6))
    heights = draw(st.lists(st.integers(16, 40), min_size=2, max_size=7))
    free = {(r, c) for r in range(len(heights)) for c in range(len(widths))}
    parts: list[Part] = []
    for row in range(len(heights)):
        for column in range(len(widths)):
            if (row, column) not in free:
                continue
            colspan = draw(st.integers(1, 2))
            rowspan = draw(st.integers(1, 2))
            places = {(r, c) for r in range(row, row + rowspan) for c in range(column, column + colspan)}
            if not places <= free:
                rowspan = colspan = 1
                places = {(row, column)}
            free -= places
            text = draw(st.sampled_from(["0", "17", "", "规章", "390"]))
            parts.append(Part(row, column, rowspan, colspan, text))
    xs, ys = [60.0], [80.0]
    for width in widths:
        xs.append(xs[-1] + width)
    for height in heights:
        ys.append(ys[-1] + height)
    return xs, ys, parts


@settings(max_examples=60, deadline=None)
@given(made_tables(), st.sampled_from(["boxes", "fills", "double"]))
def test_any_ruled_table_reads_as_drawn(
    table: tuple[list[float], list[float], list[Part]], style: str
) -> None:
    xs, ys, parts = table
    page = MadePage()
    for part in parts:
        left, right = xs[part.column], xs[part.column + part.colspan]
        top, bottom = ys[part.row], ys[part.row + part.rowspan]
        if style == "boxes":
            page.box(left, top, right, bottom)
        else:
            for x in (left, right):
                page.fill(x, top, x + 0.5, bottom)
            for y in (top, bottom):
                page.fill(left, y, right, y + 0.5)
        if style == "double":
            page.box(left + 1, top + 1, right - 1, bottom - 1)
        page.text(left + 4, (top + bottom) / 2 + 3, part.text, 8)
    found = read_grids(page)
    if len(parts) == 1 or not any(part.text for part in parts):
        assert found == []
        return
    (grid,) = found
    used_x = sorted({e for p in parts for e in (p.column, p.column + p.colspan)})
    used_y = sorted({e for p in parts for e in (p.row, p.row + p.rowspan)})
    want = [
        (
            used_y.index(p.row),
            used_x.index(p.column),
            used_y.index(p.row + p.rowspan) - used_y.index(p.row),
            used_x.index(p.column + p.colspan) - used_x.index(p.column),
            p.text,
        )
        for p in parts
    ]
    assert [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in grid.cells] == want


def grid_lines(page: MadePage, xs: list[float], ys: list[float], dash: float = 0.0) -> None:
    def draw(x0: float, y0: float, x1: float, y1: float) -> None:
        if not dash:
            page.line(x0, y0, x1, y1)
            return
        steps = int(max(x1 - x0, y1 - y0) / (2 * dash))
        for step in range(steps + 1):
            a, b = step / (steps + 0.5), min(1.0, (step + 0.5) / (steps + 0.5))
            page.line(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)

    for x in xs:
        draw(x, ys[0], x, ys[-1])
    for y in ys:
        draw(xs[0], y, xs[-1], y)


def fill_words(page: MadePage, xs: list[float], ys: list[float]) -> list[list[str]]:
    words = [[f"{10 * r + c}" for c in range(len(xs) - 1)] for r in range(len(ys) - 1)]
    for r, row in enumerate(words):
        for c, word in enumerate(row):
            page.text(xs[c] + 5, ys[r] + 14, word)
    return words


XS, YS = [80.0, 180.0, 280.0, 380.0], [100.0, 120.0, 140.0, 160.0]


def test_dashed_lines() -> None:
    page = MadePage()
    grid_lines(page, XS, YS, dash=3.0)
    words = fill_words(page, XS, YS)
    assert texts(read_grids(page)[0]) == words


def test_wide_double_borders_do_not_touch_one_another() -> None:
    page = MadePage()
    ys = [100.0, 130.0, 160.0, 190.0]
    page.box(XS[0] - 4, ys[0] - 4, XS[-1] + 4, ys[-1] + 4)
    page.box(XS[0] - 7, ys[0] - 7, XS[-1] + 7, ys[-1] + 7)
    for at in range(3):
        for off in (-1.5, 1.5):
            for inner in (1, 2):
                page.line(XS[inner] + off, ys[at] + 1.5, XS[inner] + off, ys[at + 1] - 1.5)
                page.line(XS[at] + 1.5, ys[inner] + off, XS[at + 1] - 1.5, ys[inner] + off)
    words = fill_words(page, XS, ys)
    (grid,) = read_grids(page)
    assert texts(grid) == words


def test_dotted_lines_of_small_squares() -> None:
    page = MadePage()
    for y in YS:
        for at in range(151):
            page.fill(XS[0] + 2 * at, y, XS[0] + 2 * at + 0.5, y + 0.5)
    for x in XS:
        for at in range(31):
            page.fill(x, YS[0] + 2 * at, x + 0.5, YS[0] + 2 * at + 0.5)
    words = fill_words(page, XS, YS)
    assert texts(read_grids(page)[0]) == words


def test_open_sides_and_missing_foot() -> None:
    page = MadePage()
    for y in YS[:-1]:
        page.line(XS[0], y, XS[-1], y)
    for x in XS[1:-1]:
        page.line(x, YS[0], x, YS[-1])
    words = fill_words(page, XS, YS)
    assert texts(read_grids(page)[0]) == words


def test_table_drawn_whole_on_both_sheets_that_it_covers() -> None:
    """As browsers print: each sheet holds all lines and shows its own part of them."""
    ys = [700.0 + 20 * at for at in range(15)]
    sheets = []
    for shift in (0.0, 842.0):
        page = MadePage()
        grid_lines(page, XS, [y - shift for y in ys])
        for at, y in enumerate(ys[:-1]):
            if 0 <= y - shift + 14 < 842:
                for x, word in zip(XS, ("示例", str(at), "0"), strict=False):
                    page.text(x + 5, y - shift + 14, word)
        sheets.append(page)
    (grid,) = read_grids(*sheets)
    assert [row[:2] for row in texts(grid)] == [["示例", str(at)] for at in range(14)]


def test_page_frame_and_shading_are_no_table() -> None:
    page = MadePage()
    page.box(30, 30, 565, 812)
    page.fill(XS[0], YS[0], XS[-1], YS[1], 0.8)
    grid_lines(page, XS, YS)
    words = fill_words(page, XS, YS)
    page.text(80, 300, "表外的一句话。", 12)
    body = read_pdf(make_pdf(page))
    assert [texts(grid) for grid in grids(body)] == [words]
    assert body.blocks[-1].text == "表外的一句话。"  # type: ignore[union-attr]


def test_frame_of_running_text_is_no_table() -> None:
    page = MadePage()
    page.box(60, 60, 540, 100)
    page.box(60, 100, 540, 700)
    page.text(200, 85, "政府信息公开工作年度报告", 14)
    for at in range(12):
        page.text(70, 130 + 20 * at, "全年主动公开信息若干条，办理申请若干件，均在规定期限之内予以答复", 12)
    body = read_pdf(make_pdf(page))
    assert grids(body) == []
    assert body.title == "政府信息公开工作年度报告"


def test_nested_table_keeps_its_own_cells() -> None:
    page = MadePage()
    page.box(40, 60, 560, 400)
    page.line(40, 90, 560, 90)
    page.text(60, 80, "外框", 10)
    grid_lines(page, XS, YS)
    words = fill_words(page, XS, YS)
    assert words in [texts(grid) for grid in read_grids(page)]


def test_numbers_under_one_another_in_one_cell_are_never_one_number() -> None:
    page = MadePage()
    page.box(80, 100, 180, 150)
    page.box(180, 100, 280, 150)
    page.text(90, 120, "合计")
    page.text(220, 120, "12")
    page.text(220, 138, "34")
    assert texts(read_grids(page)[0]) == [["合计", "12 34"]]


def test_centred_number_broken_by_a_narrow_cell_is_one_number() -> None:
    page = MadePage()
    page.cell(80, 100, 180, 150, "行政处罚")
    page.cell(180, 100, 213, 150, "939\n14", 11)
    assert texts(read_grids(page)[0]) == [["行政处罚", "93914"]]


def test_number_broken_by_a_narrow_cell_is_one_number() -> None:
    page = MadePage()
    page.box(80, 100, 180, 150)
    page.box(180, 100, 204, 150)
    page.text(90, 120, "行政处罚")
    page.text(181, 120, "3985")
    page.text(181, 138, "758")
    assert texts(read_grids(page)[0]) == [["行政处罚", "3985758"]]
