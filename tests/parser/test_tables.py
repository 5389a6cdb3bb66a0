"""Shapes of the tables that real reports have, one by one; the mutations go through many at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from parser import parse
from parser.document import Block, Cell, Document, Grid, GridSource, Paragraph
from parser.report import AnnualReport, CellState
from tests.parser.drawing import Drawing, Drawn, document, draw
from tests.parser.judging import cells_of, judge
from tests.parser.mutations import MUTATIONS
from tests.parser.mutations_numbers import zeros_left_blank


def read(
    damage: Callable[[Drawing], object], *, version: str = "v2021", style: str = "html"
) -> tuple[AnnualReport, Drawing]:
    drawing = draw(random.Random(version), version)
    damage(drawing)
    return parse(document(drawing, style)), drawing


def codes(report: AnnualReport) -> set[str]:
    return {finding.code for finding in report.findings}


def row_of(drawing: Drawing, key: str) -> list[Drawn]:
    tables = (*drawing.two, *drawing.three, *drawing.four)
    return next(row for row in tables if any(cell.shows.startswith(key) for cell in row))


def test_blanks_for_zeros_keep_every_number_and_the_format() -> None:
    for version in ("v2021", "v2019"):
        drawing = draw(random.Random(version), version, sparse=True)
        zeros_left_blank(random.Random(1), drawing)
        report = parse(document(drawing))
        verdict = judge(report, drawing, set())
        assert verdict.right == list(drawing.truth)
        assert report.format_version == version
        states = {cell.state for key, cell in cells_of(report).items() if key.startswith("applications")}
        assert states == {CellState.READ, CellState.BLANK}
        assert "blank_as_zero" in codes(report)


def test_an_empty_table_is_told_and_not_checked() -> None:
    def damage(drawing: Drawing) -> None:
        drawing.three = [
            [replace(cell, text="") if cell.shows else cell for cell in row] for row in drawing.three
        ]

    report, _ = read(damage)
    assert "empty_table" in codes(report)
    assert not any(check.id.startswith("A") for check in report.checks)


def test_a_lost_cell_whose_number_is_certain_is_offered_apart() -> None:
    def damage(drawing: Drawing) -> None:
        row = row_of(drawing, "applications.denied_third_party.")
        del row[-3]

    report, drawing = read(damage)
    cell = cells_of(report)["applications.denied_third_party.legal_service_org"]
    assert (cell.value, cell.state) == (None, CellState.ABSENT)
    assert cell.inferred == drawing.truth["applications.denied_third_party.legal_service_org"]
    assert judge(report, drawing, set()).wrong_unflagged == []


def test_a_lost_cell_that_nothing_determines_leaves_the_row_open() -> None:
    def damage(drawing: Drawing) -> None:
        del row_of(drawing, "applications.denied_third_party.")[-3]
        del row_of(drawing, "applications.denied_process_info.")[-5]
        del row_of(drawing, "applications.denied_internal_affairs.")[-2]

    report, _ = read(damage)
    row = {key: cell for key, cell in cells_of(report).items() if ".denied_third_party." in key}
    assert all(cell.value is None for cell in row.values())
    assert "row_width" in codes(report)


def test_two_rows_that_lost_a_cell_are_solved_by_their_columns() -> None:
    lost = ("applications.denied_third_party.legal_service_org", "applications.denied_process_info.total")

    def damage(drawing: Drawing) -> None:
        del row_of(drawing, "applications.denied_third_party.")[-3]
        del row_of(drawing, "applications.denied_process_info.")[-1]

    report, drawing = read(damage)
    cells = cells_of(report)
    assert {key for key, cell in cells.items() if cell.value != drawing.truth[key]} == set(lost)
    assert [cells[key].value for key in lost] == [None, None]
    assert {name for finding in report.findings for name in finding.cells} == set(lost)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("251000元", 25.1, "unit_converted"),
        ("13.02万元", 13.02, None),
        ("251000", 251000, "unit_missing"),
        ("0", 0, None),
    ],
)
def test_procurement_amounts_are_kept_in_wan_yuan(text: str, value: float, code: str | None) -> None:
    def damage(drawing: Drawing) -> None:
        row = row_of(drawing, "proactive_disclosure.procurement.")
        row[-1] = replace(row[-1], text=text)

    report, _ = read(damage, version="v2019")
    cell = cells_of(report)["proactive_disclosure.procurement.total_amount_wan_yuan"]
    assert (cell.value, cell.raw) == (value, text)
    units = {"unit_converted", "unit_missing", "unit_unexpected"}
    assert codes(report) & units == ({code} if code else set())


def test_a_fee_column_in_yuan_is_converted() -> None:
    def damage(drawing: Drawing) -> None:
        for row in drawing.two:
            for at, cell in enumerate(row):
                row[at] = replace(cell, text=cell.text.replace("（单位：万元）", "（单位：元）"))
        row_of(drawing, "proactive_disclosure.fees.")[-1] = Drawn(
            "3940", 3, 1, "proactive_disclosure.fees.amount_wan_yuan"
        )

    report, _ = read(damage)
    assert cells_of(report)["proactive_disclosure.fees.amount_wan_yuan"].value == 0.394
    assert "unit_converted" in codes(report)


def test_signed_changes() -> None:
    def damage(drawing: Drawing) -> None:
        for row, text in (("licensing", "-12"), ("penalties", "+461")):
            line = row_of(drawing, f"proactive_disclosure.{row}.")
            line[-2] = replace(line[-2], text=text)

    report, _ = read(damage, version="v2019")
    cells = cells_of(report)
    assert cells["proactive_disclosure.licensing.change"].value == -12
    assert cells["proactive_disclosure.penalties.change"].value == 461
    assert "negative" not in codes(report)


def test_negative_and_fractional_counts_are_reported() -> None:
    def damage(drawing: Drawing) -> None:
        row = row_of(drawing, "applications.denied_third_party.")
        row[-1], row[-2] = replace(row[-1], text="-4"), replace(row[-2], text="1.5")

    report, _ = read(damage)
    assert {"negative", "not_whole"} <= codes(report)


def test_one_form_in_table_two_and_the_other_in_table_three() -> None:
    drawing = draw(random.Random(3), "v2021")
    drawing.two = draw(random.Random(4), "v2019").two
    report = parse(document(drawing))
    assert "mixed_format" in codes(report)
    assert report.format_version == "v2019"
    assert len(report.tables.applications or ()) == 25


def test_two_reports_in_one_document_leave_no_number_that_may_be_the_others() -> None:
    report, _ = read(lambda drawing: MUTATIONS["second_report"](random.Random(1), drawing))
    assert "two_tables" in codes(report)
    assert [key for key, cell in cells_of(report).items() if cell.value is not None] == []


def test_a_number_that_no_cell_took_is_told() -> None:
    def damage(drawing: Drawing) -> None:
        drawing.three.append([Drawn("备注", 3), *(Drawn(str(n)) for n in (71, 72))])

    report, _ = read(damage)
    told = [
        finding.message for finding in report.findings if finding.code in ("leftover_number", "unknown_row")
    ]
    assert len(told) == 1
    assert "71，72" in told[0]


def test_tables_without_ruling_are_read_from_lines() -> None:
    drawing = draw(random.Random(5), "v2021")

    def lines(rows: list[list[Drawn]]) -> list[Paragraph]:
        texts = [" ".join(cell.text for cell in row if cell.role != "group") for row in rows]
        return [Paragraph(text, text, f"line {at}") for at, text in enumerate(texts)]

    blocks: list[Block] = []
    tables = iter((drawing.two, drawing.three, drawing.four))
    for block in document(drawing).blocks:
        blocks.extend(lines(next(tables)) if isinstance(block, Grid) else [block])
    whole = Document(
        title="示例镇2024年政府信息公开工作年度报告",
        blocks=tuple(blocks),
        text="",
        media_type="application/pdf",
    )
    report = parse(whole)
    verdict = judge(report, drawing, set())
    assert verdict.wrong_unflagged == []
    assert len(verdict.right) >= 190
    assert "read_from_lines" in codes(report)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_cells_that_an_extractor_repeated(n: int) -> None:
    """A merged cell's number in each of the columns it covered."""

    def damage(drawing: Drawing) -> None:
        row = row_of(drawing, "proactive_disclosure.licensing.")
        row[1:] = [replace(row[1], colspan=1)] * n

    report, drawing = read(damage)
    assert judge(report, drawing, set()).right == list(drawing.truth)


def test_a_number_broken_over_two_lines_is_not_guessed_but_offered() -> None:
    """As narrow columns of a PDF print it: the cells beside it keep their places."""

    def damage(drawing: Drawing) -> None:
        row = row_of(drawing, "applications.denied_third_party.")
        row[-3] = replace(row[-3], text=f"{row[-3].text[:2]}\n{row[-3].text[2:]}")

    report, drawing = read(damage)
    key = "applications.denied_third_party.legal_service_org"
    cell = cells_of(report)[key]
    assert (cell.value, cell.state, cell.inferred) == (None, CellState.UNREADABLE, drawing.truth[key])
    assert judge(report, drawing, {key}).right == [other for other in drawing.truth if other != key]
    assert "several_numbers" in codes(report)


def test_a_menu_of_the_same_words_is_no_table() -> None:
    words = ("行政许可", "行政处罚", "行政强制", "规章", "规范性文件")
    menu = Grid(
        tuple(Cell(0, at, word, word) for at, word in enumerate(words)), 1, len(words), GridSource.HTML
    )
    report = parse(Document(title="示例镇", blocks=(menu,), text="", media_type="text/html"))
    assert report.tables.proactive_disclosure is None
    drawing = draw(random.Random(8))
    whole = document(drawing)
    with_menu = replace(whole, blocks=(menu, *whole.blocks))
    report = parse(with_menu)
    assert judge(report, drawing, set()).right == list(drawing.truth)
    assert codes(report) == set()


def test_numbers_of_another_grid_do_not_join_table_four() -> None:
    pages = Grid(tuple(Cell(0, at, str(at), str(at)) for at in range(1, 16)), 1, 16, GridSource.HTML)
    drawing = draw(random.Random(9))
    whole = document(drawing)
    report = parse(replace(whole, blocks=(*whole.blocks, pages)))
    assert judge(report, drawing, set()).right == list(drawing.truth)
    assert "two_tables" not in codes(report)


def test_a_head_and_its_numbers_on_two_pages() -> None:
    drawing = draw(random.Random(10))
    numbers = drawing.four.pop()
    drawing.extra.append([numbers])
    report = parse(document(drawing))
    assert judge(report, drawing, set()).right == list(drawing.truth)
