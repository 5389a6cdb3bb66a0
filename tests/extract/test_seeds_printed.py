"""The seeds from Word files and from PDFs that real programs printed: each cell as in the golden files."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

import extract
import parser
from archive.register import load_register
from parser.document import Document, Grid
from parser.report import AnnualReport
from tests.extract.printing import NAMES, by_chromium, by_libreoffice, pages_of, word

GOLDEN = Path(__file__).parent.parent / "golden"
# Without lines: not glosses wider than their columns, nor pieces of a table in columns of their own.
UNRULED = {"chromium": ("000", "001", "003"), "libreoffice": ("000", "001", "003", "004")}
# A table whose upper head the break cut off, with nothing above it on that page.
LOST_AT_A_BREAK = {("chromium", "001"): "review_litigation."}


@cache
def golden(name: str) -> dict[str, Any]:
    [path] = GOLDEN.glob(f"{name}_*.json")
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told


def true_cells(name: str) -> dict[str, object]:
    tables = golden(name)["tables"]
    found: dict[str, object] = {}
    for row in tables["proactive_disclosure"]["rows"]:
        found |= {f"proactive_disclosure.{row['key']}.{k}": c["value"] for k, c in row["cells"].items()}
    for row in tables["applications"]["rows"]:
        found |= {f"applications.{row['key']}.{k}": value for k, value in row["values"].items()}
    review = tables["review_litigation"]["cells"]
    return found | {f"review_litigation.{k}": c["value"] for k, c in review.items()}


def cells(report: AnnualReport) -> dict[str, object]:
    tables, found = report.tables, {}
    for name, rows in (
        ("proactive_disclosure", tables.proactive_disclosure),
        ("applications", tables.applications),
    ):
        for row in rows or ():
            found |= {f"{name}.{row.key}.{key}": cell.value for key, cell in row.cells.items()}
    review = tables.review_litigation or {}
    return found | {f"review_litigation.{key}": cell.value for key, cell in review.items()}


def misread(name: str, report: AnnualReport) -> dict[str, tuple[object, object]]:
    """Cells that are not as in the golden file; the one that seed 004 lost may be any of its row."""
    read = cells(report)
    found = {key: (true, read.get(key)) for key, true in true_cells(name).items() if read.get(key) != true}
    lost = [key for key, (_, value) in found.items() if key.startswith("applications.result_disclosed.")]
    if name == "004" and len(lost) == 1 and read.get(lost[0]) is None:
        del found[lost[0]]
    return found


def read(payload: bytes, name: str) -> tuple[Document, AnnualReport]:
    document = extract.read(payload, name=name, register=load_register())
    return document, parser.parse(document)


def same(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("printed")
    made = {}
    for name, program, run in (
        ("chromium", "chromium", by_chromium),
        ("libreoffice", "soffice", by_libreoffice),
    ):
        if shutil.which(program):
            made[name] = run(folder)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_from_word(name: str) -> None:
    document, report = read(word(name), f"{name}.docx")
    assert misread(name, report) == {}
    assert (report.report_year, report.title) == (golden(name)["report_year"], golden(name)["title"])
    told = [section["n_chars_compact"] for section in golden(name)["sections"]]
    assert [section.n_chars_compact for section in report.sections] == told
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert all(re.fullmatch(r"table \d row \d+ cell \d+", c.locator) for g in grids for c in g.cells)


@pytest.mark.parametrize("program", ["chromium", "libreoffice"])
@pytest.mark.parametrize("name", NAMES)
def test_every_cell_from_print(name: str, program: str, printed: dict[str, dict[str, bytes]]) -> None:
    """With its text, title and year; each cell with its page and box."""
    if program not in printed:
        pytest.skip(f"{program} is not installed")
    document, report = read(printed[program][f"{name}-ruled"], f"{name}.pdf")
    assert misread(name, report) == {}
    assert report.report_year == golden(name)["report_year"]
    if golden(name)["title"]:
        assert same(report.title) == same(golden(name)["title"])
    told = [section["n_chars_compact"] for section in golden(name)["sections"]]
    assert [section.n_chars_compact for section in report.sections] == told
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    place = r"page \d+ box \d+,\d+,\d+,\d+"
    assert all(re.fullmatch(rf"{place}(?:; {place})*", c.locator) for g in grids for c in g.cells)


def test_two_reports_in_one_pdf_are_told_apart(printed: dict[str, dict[str, bytes]]) -> None:
    """Bound together from two files, as a scanner's operator does it."""
    if "chromium" not in printed:
        pytest.skip("chromium is not installed")
    whole = pdfium.PdfDocument.new()
    with closing(whole):
        for name in ("003", "001"):
            with closing(pdfium.PdfDocument(printed["chromium"][f"{name}-ruled"])) as part:
                whole.import_pages(part)
        payload = pages_of(whole, range(len(whole)))
    document, report = read(payload, "both.pdf")
    assert misread("003", report) == {}
    [told] = [finding for finding in report.findings if finding.code == "two_reports"]
    assert told.locator in {block.locator for block in document.blocks}


@pytest.mark.parametrize(
    ("program", "name"), [(program, name) for program, names in UNRULED.items() for name in names]
)
def test_every_cell_of_tables_without_lines(
    name: str, program: str, printed: dict[str, dict[str, bytes]]
) -> None:
    """Such a table is always told; what a break took from it is empty, never another number."""
    if program not in printed:
        pytest.skip(f"{program} is not installed")
    _, report = read(printed[program][f"{name}-bare"], f"{name}.pdf")
    lost = misread(name, report)
    assert [key for key in lost if not key.startswith(LOST_AT_A_BREAK.get((program, name), "-"))] == []
    assert all(value is None for _, value in lost.values())
    assert "unruled_table" in {finding.code for finding in report.findings}
