"""Two reports as real portals served them: every number right. Skipped where the shared pages are absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import extract
from archive.register import load_register
from parser import parse
from parser.document import Severity
from parser.report import DocumentKind
from tests.parser.judging import cells_of

REAL = Path(__file__).parents[3] / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="needs the shared real pages")


def test_a_page_whose_tables_were_pasted_from_word() -> None:
    report = parse(extract.read_file(REAL / "report_pingtan_2025" / "page.html", register=load_register()))
    assert report.kind is DocumentKind.REPORT
    assert report.report_year == 2025
    assert report.format_version == "v2021"
    assert len(report.sections) == 6
    cells = cells_of(report)
    assert len(cells) == 10 + 25 * 7 + 15
    assert all(cell.value is not None for cell in cells.values())
    assert cells["proactive_disclosure.fees.amount_wan_yuan"].value == 4166.241619
    assert cells["applications.unavailable_not_held.natural_person"].value == 49
    assert cells["review_litigation.review_other"].value == 8
    assert {check.result.value for check in report.checks} == {"pass"}
    assert [finding for finding in report.findings if finding.severity is not Severity.INFO] == []


def test_a_pdf_with_rows_cut_by_pages() -> None:
    folder = REAL / "report_huaian_2024_pdf"
    report = parse(extract.read_file(folder / "report.pdf", register=load_register()))
    gold = json.loads((folder / "gold_tables.json").read_text(encoding="utf-8"))
    cells = cells_of(report)
    rows = [row.key for row in report.tables.applications or ()]
    columns = list(report.tables.applications[0].cells) if report.tables.applications else []
    for key, values in zip(rows, gold["table_requests"]["rows"].values(), strict=True):
        assert [cells[f"applications.{key}.{column}"].value for column in columns] == values, key
    review = [cell.value for key, cell in cells.items() if key.startswith("review_litigation.")]
    assert review == list(gold["table_review_litigation"].values())
    article20 = [
        n
        for part in gold["table_article20"].values()
        for row in part.values()
        for n in (row.values() if isinstance(row, dict) else [row])
    ]
    assert [cell.value for key, cell in cells.items() if key.startswith("proactive")] == article20
    assert report.report_year == 2024
    assert len(report.sections) == 6
    assert {check.result.value for check in report.checks} == {"pass"}
