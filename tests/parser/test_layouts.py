"""Tables whose cells stand one a line or one a paragraph, and grids whose spans were written out."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

import extract
from archive.register import load_register
from parser import parse
from parser.document import Block, Document, Grid, GridSource, Paragraph, Severity
from parser.report import AnnualReport, CellState
from tests.parser.drawing import Drawing, Drawn, draw, text_grid
from tests.parser.judging import cells_of, judge
from tests.parser.layouts import HTML, TEXT, page, sheet
from tests.parser.mutations import MUTATIONS

LAYOUTS = (*TEXT, *HTML)
CASES = 3  # of each kind of damage: a short form; raise it for a long run
# A cell that covers two numbers' places and was written out into both is like two numbers; a head that
# stands across hanging cells cannot be written out. Of `marked_padded` a blank line may be a row's opening.
_COPIES = {
    "merged_values",
    "merged_down",
    "broken_with_repeated_head",
    "compound",
    "deduplicated_and_damaged",
}
UNFIT = {
    "written_out": _COPIES,
    "copied": _COPIES,
    "marked_padded": {"row_cut_by_page"},
}
OFTEN = ("dropped_cell", "identical_neighbours_dropped", "zeros_left_blank", "dropped_row", "doubled_row")
STREAMS = tuple(layout for layout in LAYOUTS if layout not in ("marked_padded", "written_out", "copied"))


def read(drawing: Drawing, layout: str) -> AnnualReport:
    if layout in TEXT:
        content, name = sheet(drawing, layout), "report.txt"
    else:
        content, name = page(drawing, layout), "report.html"
    return parse(extract.read(content.encode(), name=name, register=load_register()))


def codes(report: AnnualReport) -> set[str]:
    return {finding.code for finding in report.findings}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("version", ["v2021", "v2019"])
@pytest.mark.parametrize("sparse", [False, True])
def test_every_number_is_read(layout: str, version: str, sparse: bool) -> None:
    drawing = draw(random.Random(layout), version, sparse=sparse)
    report = read(drawing, layout)
    assert judge(report, drawing, set()).right == list(drawing.truth)
    assert report.format_version == version
    assert len(report.sections) == 6
    assert {check.result.value for check in report.checks} <= {"pass", "warn"}
    warned = {finding.code for finding in report.findings if finding.severity is not Severity.INFO}
    assert warned - {"D2"} == ({"read_from_lines"} if layout in STREAMS else set())


@pytest.mark.parametrize("layout", HTML)
def test_a_body_in_a_cell_of_the_page_s_own_table(layout: str) -> None:
    """No container that anybody knows, a menu in the cell beside."""
    menu = "".join(f'<li><a href="/m/{n}">栏目{n}</a></li>' for n in range(30))
    frame = f'<table width="1000"><tr><td><ul>{menu}</ul></td><td><div>{{}}</div></td></tr></table>'
    drawing = draw(random.Random(layout))
    content = page(drawing, layout, frame=frame)
    report = parse(extract.read(content.encode(), name="report.html", register=load_register()))
    assert judge(report, drawing, set()).right == list(drawing.truth)
    assert len(report.sections) == 6
    assert "栏目" not in "".join(section.text for section in report.sections)


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_a_damaged_report_has_no_wrong_number_that_looks_right(name: str) -> None:
    wrong, silent, right, lost = [], [], 0, 0
    fit = [layout for layout in LAYOUTS if name not in UNFIT.get(layout, ())]
    for case in range(CASES * 3 if name in OFTEN else CASES):
        rng = random.Random(f"{name} {case}")
        layout, version, sparse = rng.choice(fit), rng.choice(("v2021", "v2019")), rng.random() < 0.6
        label = f"{name} {case} {layout} {version} {'sparse' if sparse else 'dense'}"
        drawing = draw(rng, version, sparse=sparse)
        undetermined = MUTATIONS[name](rng, drawing)
        verdict = judge(read(drawing, layout), drawing, undetermined)
        wrong += [(label, key) for key in verdict.wrong_unflagged]
        silent += [(label, key) for key in verdict.lost_in_silence]
        right += len(verdict.right)
        lost += len(verdict.lost)
    assert wrong == []
    assert silent == []
    # Where a label is lost, nothing says any more where its row begins: the row before it is lost too.
    share = 10 if name in ("lost_label", "row_cut_by_page") else 40
    assert right >= share * lost, f"{right} right, {lost} lost"


def damaged(damage: Callable[[Drawing], object], layout: str, version: str = "v2021") -> AnnualReport:
    drawing = draw(random.Random(7), version)
    damage(drawing)
    return read(drawing, layout)


@pytest.mark.parametrize("layout", STREAMS)
def test_a_row_whose_label_is_lost_takes_no_number_of_its_neighbour(layout: str) -> None:
    def damage(drawing: Drawing) -> None:
        drawing.three[9] = [cell for cell in drawing.three[9] if cell.role != "label"]

    report = damaged(damage, layout)
    cells = cells_of(report)
    both = ("denied_law_prohibited", "denied_three_security_one_stability")
    for row in (*both, "denied_third_party"):
        values = {cell.value for key, cell in cells.items() if f".{row}." in key}
        assert (values == {None}) == (row in both), row
    told = {name for finding in report.findings for name in finding.cells}
    assert {f"applications.{row}" for row in both} <= told


def test_two_equal_numbers_under_two_heads_are_two_numbers() -> None:
    def damage(drawing: Drawing) -> None:
        for key in ("regulations.issued", "regulations.repealed", "regulations.in_force"):
            drawing.truth[f"proactive_disclosure.{key}"] = 70
        drawing.two[2] = [Drawn("规章"), *(Drawn("70") for _ in range(3))]

    for layout in ("copied", "written_out"):
        cells = cells_of(damaged(damage, layout))
        keys = ("issued", "repealed", "in_force")
        assert [cells[f"proactive_disclosure.regulations.{key}"].value for key in keys] == [70, 70, 70]


def test_different_numbers_under_one_head_are_left_open() -> None:
    def damage(drawing: Drawing) -> None:
        drawing.two[6] = [Drawn("行政许可"), Drawn("70"), Drawn("71"), Drawn("70")]

    for layout in ("copied", "written_out"):
        report = damaged(damage, layout)
        cell = cells_of(report)["proactive_disclosure.licensing.decisions"]
        assert (cell.value, cell.state) == (None, CellState.ABSENT)
        assert "row_width" in codes(report)


def paragraphs(texts: list[str]) -> list[Block]:
    return [Paragraph(text, text, f"p {at}") for at, text in enumerate(texts)]


def cells_in_order(rows: list[list[Drawn]]) -> list[str]:
    return [cell.text for row in rows for cell in row if cell.text]


def whole(blocks: list[Block]) -> Document:
    return Document("示例镇2024年政府信息公开工作年度报告", tuple(blocks), "", "text/html")


def test_labels_broken_over_lines() -> None:
    """At most twelve characters a line, heads and labels alike."""
    drawing = draw(random.Random(11))
    texts = [
        text[at : at + 12]
        for rows in (drawing.two, drawing.three, drawing.four)
        for text in cells_in_order(rows)
        for at in range(0, len(text), 12)
    ]
    assert judge(parse(whole(paragraphs(texts))), drawing, set()).right == list(drawing.truth)


def test_heads_of_table_four_broken_into_halves() -> None:
    drawing = draw(random.Random(12))
    texts = cells_in_order(drawing.three)
    for text in cells_in_order(drawing.four):
        texts += [text[:2], text[2:]] if text[:2] in ("结果", "其他", "尚未") else [text]
    report = parse(whole(paragraphs(texts)))
    wanted = [key for key in drawing.truth if key.startswith("review")]
    assert [key for key in judge(report, drawing, set()).right if key.startswith("review")] == wanted


def test_a_table_in_several_grids_with_text_between() -> None:
    """Pages cut the run of cells: a grid, a page number, a running title, another grid."""
    drawing = draw(random.Random(13))
    texts = cells_in_order(drawing.three)
    cuts = [at for at, text in enumerate(texts) if text.startswith(("6.属于四类", "（五）"))]
    blocks: list[Block] = []
    for start, end in zip([0, *cuts], [*cuts, len(texts)], strict=True):
        blocks.append(text_grid([[Drawn(text)] for text in texts[start:end]], pad="none"))
        blocks += paragraphs(["— 3 —", "示例镇2024年政府信息公开工作年度报告"])
    report = parse(whole([*blocks, *paragraphs(["四、政府信息公开行政复议、行政诉讼情况"])]))
    verdict = judge(report, drawing, set())
    assert [key for key in drawing.truth if key.startswith("applications")] == verdict.right
    assert all(block.source is GridSource.TEXT for block in blocks if isinstance(block, Grid))


def test_words_where_a_number_should_stand_leave_their_cell_open() -> None:
    drawing = draw(random.Random(14))
    texts = cells_in_order(drawing.three)
    at = texts.index("4.保护第三方合法权益") + 3
    texts[at] = "见附件"
    report = parse(whole(paragraphs(texts)))
    key = "applications.denied_third_party.research_institution"
    cell = cells_of(report)[key]
    assert (cell.state, cell.value, cell.inferred) == (CellState.ABSENT, None, drawing.truth[key])
    verdict = judge(report, drawing, {key})
    assert (verdict.wrong_flagged, verdict.wrong_unflagged) == ([], [])
    assert sum(name.startswith("applications") for name in verdict.right) == 174
    assert "missing_cell" in codes(report)


@pytest.mark.parametrize("layout", ["piped", "piped_bare", "marked_padded"])
def test_a_lone_pipe_is_a_blank_cell(layout: str) -> None:
    drawing = draw(random.Random(15))
    keys = [f"applications.denied_third_party.{column}" for column in ("commercial_enterprise", "other_org")]
    for row in drawing.three:
        row[:] = [replace(cell, text="") if cell.shows in keys else cell for cell in row]
    report = read(drawing, layout)
    assert [cells_of(report)[key].state for key in keys] == [CellState.BLANK, CellState.BLANK]
    assert judge(report, drawing, set(keys)).right == [key for key in drawing.truth if key not in keys]


STRAY = (
    "— 3 —",
    "4",
    "示例镇2024年政府信息公开工作年度报告",
    "以上由办公室统计。",
    "（单位：件）",
    "其他",
    "总计",
    "备注",
)


@pytest.mark.parametrize("stray", STRAY)
def test_what_strays_into_a_table_moves_no_number(stray: str) -> None:
    """A page number, a running title, a note somewhere; in half of the cases every zero is gone too."""
    for case in range(6):
        rng = random.Random(f"{stray} {case}")
        drawing = draw(rng, rng.choice(("v2021", "v2019")), sparse=case > 0)
        texts: list[str] = []
        for rows in (drawing.two, drawing.three, drawing.four):
            for cell in (cell for row in rows for cell in row):
                if cell.shows and cell.text == "0" and case % 2:
                    drawing.lose(cell.shows)
                else:
                    texts.append(cell.text)
        texts.insert(rng.randrange(len(texts)), stray)
        verdict = judge(parse(whole(paragraphs(texts))), drawing, set())
        assert (verdict.wrong_unflagged, verdict.lost_in_silence) == ([], []), case


def test_a_label_that_nobody_knows_leaves_its_numbers_to_no_row() -> None:
    """The row before it has no numbers left: every zero is gone."""
    drawing = draw(random.Random(16))
    texts = cells_in_order(drawing.three)
    at = texts.index("5.属于三类内部事务信息")
    texts[at : at + 8] = ["5.属于三类内部事务信息"]
    texts[at + 1] = "6.属于四类过过性信息"
    for row in ("denied_internal_affairs", "denied_process_info"):
        for key in [key for key in drawing.truth if f".{row}." in key]:
            drawing.lose(key)
    report = parse(whole(paragraphs(texts)))
    verdict = judge(report, drawing, set())
    assert (verdict.wrong_flagged, verdict.wrong_unflagged) == ([], [])
    assert [key for key in verdict.lost_in_silence if key.startswith("applications")] == []
    assert {"unknown_row", "row_width", "missing_row"} <= codes(report)


@pytest.mark.parametrize("place", range(10))
def test_a_number_inside_the_head_moves_no_column(place: int) -> None:
    """What is left of the head has fewer columns than the rows have numbers, and every zero is gone."""
    for case in range(12):
        drawing = draw(random.Random(f"head {case}"), sparse=True)
        texts = cells_in_order(drawing.three)
        texts.insert(place, "4")
        for cell in (cell for row in drawing.three for cell in row):
            if cell.text == "0":
                drawing.lose(cell.shows)
        report = parse(whole(paragraphs([text for text in texts if text != "0"])))
        verdict = judge(report, drawing, set())
        assert verdict.wrong_unflagged == [], case


def test_running_text_with_labels_and_a_number_is_no_table() -> None:
    texts = [
        "一、总体情况",
        "（一）予以公开。全年公开5条。",
        "2.重复申请",
        "（二）部分公开",
        "12",
        "结转下年度继续办理。",
    ]
    report = parse(whole(paragraphs(texts)))
    assert [key for key, cell in cells_of(report).items() if cell.value is not None] == []
