"""Scans through the whole of extract and parser, by the real models in their own process."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

import extract
import parser
from archive.register import load_register
from extract.pdf import read_pdf
from extract.summary import OCR_MARK, text_summary
from parser.document import Cell, Document, Grid, GridSource
from parser.labels import MARKS
from parser.report import AnnualReport, CellState
from tests.extract.scans import drawn, recognition, saved, single, worn

SLACK = 4  # points: turned level, the page's edge stands a little elsewhere
DOUBTFUL = MARKS.doubtful_below
UNDER_SEAL = 20  # numbers
TABLE, END = 4, 5  # pages of the paged seed report: table 三's middle; its end, table 四 and text


@pytest.fixture(scope="module")
def scan(request: pytest.FixtureRequest) -> Document:
    """Two pages as a scanner leaves them: one askew, sealed and saved badly; one upside down."""
    recognition(request)
    pages = [worn(drawn(TABLE, 150)), drawn(END, 150).rotate(180)]
    payload = saved("TIFF", pages, compression="tiff_deflate")
    read = extract.read(payload, name="scan.tif", register=load_register())
    return replace(read, title="示例一镇2024年政府信息公开工作年度报告")  # it stands on a page left out here


@pytest.fixture(scope="module")
def report(scan: Document) -> AnnualReport:
    return parser.parse(scan)


def cells(page: int) -> list[Cell]:
    return [
        cell for block in read_pdf(single(page)).blocks if isinstance(block, Grid) for cell in block.cells
    ]


def recognised(scan: Document) -> list[Cell]:
    return [cell for block in scan.blocks if isinstance(block, Grid) for cell in block.cells]


def is_number(text: str) -> bool:
    return re.fullmatch(r"\d+(?:\.\d+)?", text) is not None


def test_every_number_of_a_worn_scan_is_exact_or_doubtful(scan: Document) -> None:
    """By place: the second page's rows stand below those of the first, of which the break cut the last."""
    read = {cell.locator: cell for cell in recognised(scan)}
    true = [cell for cell in cells(TABLE) if is_number(cell.text)]
    sure = 0
    for cell in true:
        found = near(cell.locator, read)
        doubtful = not is_number(found.text) or (found.confidence or 0) < DOUBTFUL
        assert found.text == cell.text or doubtful, (found, cell)
        sure += not doubtful
    assert sure >= len(true) - UNDER_SEAL


def near(locator: str, read: dict[str, Cell]) -> Cell:
    """The cell of the scan's first page at that place of the true page, within two points."""
    box = [int(edge) for edge in locator.split("box ")[1].split(",")]
    for where, cell in read.items():
        boxes = [part.split("box ")[1].split(",") for part in where.split("; ") if part.startswith("page 1 ")]
        if any(max(abs(int(a) - b) for a, b in zip(one, box, strict=True)) <= SLACK for one in boxes):
            return cell
    raise AssertionError(f"no cell near {locator}")


def test_lattice_and_spans_are_those_of_the_page(scan: Document) -> None:
    rows = {cell.row for cell in cells(TABLE)}
    true = [(c.row, c.column, c.rowspan, c.colspan) for c in cells(TABLE) if c.row + c.rowspan < len(rows)]
    read = [(c.row, c.column, c.rowspan, c.colspan) for c in recognised(scan)]
    assert set(true) - set(read) == set()


def test_text_is_in_order_with_its_place_and_confidence(scan: Document) -> None:
    text = scan.text
    assert text.index("四、政府信息公开行政复议") < text.index("五、存在的主要问题")
    grids = [block for block in scan.blocks if isinstance(block, Grid)]
    assert {grid.source for grid in grids} == {GridSource.OCR}
    for block in scan.blocks:
        assert re.match(r"page \d+ box \d+,\d+,\d+,\d+", block.locator)
    for cell in recognised(scan):
        assert cell.confidence is not None
        assert 0.0 <= cell.confidence <= 1.0
        assert re.match(r"page [12] box ", cell.locator)


def test_numbers_are_marked_everywhere(scan: Document, report: AnnualReport) -> None:
    told = parser.report_json(report)
    cell = told["tables"]["review_litigation"]["cells"]["review_total"]
    assert (cell["value"], cell["source"]) == (0, "ocr")
    assert 0.9 <= cell["confidence"] <= 1.0
    assert f"0{OCR_MARK}" in text_summary(scan, report)
    assert "ocr_used" in {finding.code for finding in report.findings}
    assert json.dumps(told)


def test_a_doubtful_number_keeps_its_value_and_is_told(scan: Document) -> None:
    """What the recogniser is unsure of is never mended: a finding names the cell."""
    unsure = _with_confidence(scan, 0.42)
    told = [f for f in parser.parse(unsure).findings if f.code == "ocr_doubtful"]
    assert len(told) > 100
    assert all(finding.cells and finding.locator.startswith("page ") for finding in told)


def test_a_failed_relation_names_the_recognised_numbers(scan: Document) -> None:
    misread = _changed(scan, "applications.denied_state_secret.total")
    told = [f for f in parser.parse(misread).findings if f.code == "ocr_in_check"]
    assert any("applications.denied_state_secret.total" in finding.cells for finding in told)


def test_letters_among_digits_are_no_number(scan: Document) -> None:
    for text in ("O", "l2", "1,O", "〇〇"):
        report = parser.parse(_changed(scan, "applications.denied_state_secret.total", text))
        (row,) = (r for r in report.tables.applications or () if r.key == "denied_state_secret")
        cell = row.cells["total"]
        assert (cell.value, cell.state, cell.raw) == (None, CellState.UNREADABLE, text)
        assert any("applications.denied_state_secret.total" in f.cells for f in report.findings)


def _with_confidence(document: Document, value: float) -> Document:
    blocks = tuple(
        replace(block, cells=tuple(replace(c, confidence=value) for c in block.cells))
        if isinstance(block, Grid)
        else block
        for block in document.blocks
    )
    return replace(document, blocks=blocks)


def _changed(document: Document, key: str, text: str = "7") -> Document:
    """The document with another text in the cell of that key."""
    _, row, column = key.split(".")
    (found,) = (r for r in parser.parse(document).tables.applications or () if r.key == row)
    where = found.cells[column].locator
    blocks = tuple(
        replace(
            block,
            cells=tuple(replace(c, text=text, plain=text) if c.locator == where else c for c in block.cells),
        )
        if isinstance(block, Grid)
        else block
        for block in document.blocks
    )
    return replace(document, blocks=blocks)
