"""Two reports in one file are told apart; pages of a PDF that lie on their side are turned."""

from __future__ import annotations

import html
import io
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from sqlalchemy import select

import extract
import parser
from archive.catalogue import Catalogue, schema
from archive.context import CrawlContext, Role
from archive.register import load_register
from archive.warc.exchange import Exchange
from archive.warc.writer import ArchiveWriter
from extract.rebuild import rebuild
from parser.document import Document, Grid
from parser.report import AnnualReport
from tests.extract.printing import blocks
from tests.extract.rebuild_making import FixedClock
from tests.extract.test_seeds_printed import misread
from tests.portals.tables import Block, Para
from tests.portals.word import docx

SEED_PDF = Path(__file__).parents[1] / "portals/files/seed_004.pdf"
BARE: list[Block] = [
    Para("示例一镇2024年政府信息公开工作年度报告"),
    Para("一、总体情况"),
    Para("示例一镇认真落实各项要求。" * 20),
    Para("二、主动公开政府信息情况"),
    Para("三、收到和处理政府信息公开申请情况"),
    Para("四、政府信息公开行政复议、行政诉讼情况"),
    Para("五、存在的主要问题及改进情况"),
    Para("六、其他需要报告的事项"),
    Para("没有其他需要报告的事项。"),
]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def read(payload: bytes, name: str) -> AnnualReport:
    return parser.parse(extract.read(payload, name=name, register=load_register()))


def page(shown: list[Block]) -> bytes:
    parts: list[str] = []
    for block in shown:
        if isinstance(block, Para):
            parts.append(f"<p>{html.escape(block.text)}</p>")
            continue
        rows = (
            "".join(f"<td rowspan={c.rowspan} colspan={c.colspan}>{html.escape(c.text)}</td>" for c in row)
            for row in block.rows
        )
        parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return f"<meta charset=utf-8><body><div id=zoom>{''.join(parts)}</div>".encode()


def codes(report: AnnualReport) -> set[str]:
    return {finding.code for finding in report.findings}


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_the_first_of_two_reports_is_read_and_the_second_told(kind: str) -> None:
    both = [*blocks("003"), *blocks("001")]
    report = read(docx(both) if kind == "docx" else page(both), f"a.{kind}")
    assert misread("003", report) == {}
    assert (report.report_year, report.title) == (2025, "昌吉市阿什里乡2025年政府信息公开工作年度报告")
    [told] = [finding for finding in report.findings if finding.code == "two_reports"]
    assert "2023年暨阳街道办事处" in told.message
    assert told.locator


def test_nothing_that_the_first_lacks_is_read_from_the_second() -> None:
    report = read(docx([*BARE, *blocks("001")]), "a.docx")
    assert "two_reports" in codes(report)
    assert (report.report_year, report.tables.applications, report.tables.review_litigation) == (
        2024,
        None,
        None,
    )


def test_one_text_shown_twice_is_one_report() -> None:
    report = read(page([*blocks("003"), *blocks("003")]), "a.html")
    assert "two_reports" not in codes(report)
    assert misread("003", report) == {}


def test_a_list_of_contents_is_no_report_of_its_own() -> None:
    contents = [block for block in BARE if isinstance(block, Para) and block.text[1] == "、"]
    first, *rest = blocks("001")
    report = read(docx([first, *contents, *rest]), "a.docx")
    assert "two_reports" not in codes(report)
    assert misread("001", report) == {}


def test_the_finding_reaches_the_catalogue(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 20, 1, tzinfo=UTC)
    url = "http://www.example.gov.cn/nb/both.docx"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {WORD}\r\n\r\n".encode()
    answer = head + docx([*blocks("003"), *blocks("001")])
    context = CrawlContext(portal="test", platform="trs", role=Role.ATTACHMENT, run="test")
    with ArchiveWriter(tmp_path / "warc", clock=FixedClock(moment), warcinfo={"isPartOf": "test"}) as writer:
        writer.write_exchange(Exchange("GET", url, b"GET / HTTP/1.1\r\n\r\n", answer, moment), context)
    with Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        rebuild(tmp_path / "warc", catalogue, load_register(), everything=True, workers=1)
        findings = schema.finding.c
        query = select(findings.severity, findings.version).where(findings.code == "two_reports")
        with catalogue.engine.connect() as connection:
            [(severity, version)] = connection.execute(query).all()
    assert severity == "fail"
    assert version is not None


# ------------------------------------------------------------------ pages on their side


def turned(payload: bytes, degrees: int) -> bytes:
    """As a viewer turns it: the entry /Rotate."""
    document = pdfium.PdfDocument(payload)
    with closing(document):
        for sheet in document:
            sheet.set_rotation(degrees)
        held = io.BytesIO()
        document.save(held)
    return held.getvalue()


def laid_down(payload: bytes, quarter: int, degrees: int) -> bytes:
    """What is drawn lies on its side, on a sheet of the other format; `degrees`: what /Rotate says of it."""
    document = pdfium.PdfDocument(payload)
    with closing(document):
        for sheet in document:
            wide, high = sheet.get_size()
            a, b, c, d, e, f = {1: (0, 1, -1, 0, high, 0), 3: (0, -1, 1, 0, 0, wide)}[quarter]
            matrix = pdfium_c.FS_MATRIX(a, b, c, d, e, f)
            whole = pdfium_c.FS_RECTF(0, wide, high, 0)
            sheet.set_mediabox(0, 0, high, wide)
            sheet.set_cropbox(0, 0, high, wide)
            assert pdfium_c.FPDFPage_TransFormWithClip(sheet, matrix, whole)
            sheet.set_rotation(degrees)
        held = io.BytesIO()
        document.save(held)
    return held.getvalue()


FORMS = {
    "rotate_90": lambda payload: turned(payload, 90),
    "rotate_180": lambda payload: turned(payload, 180),
    "rotate_270": lambda payload: turned(payload, 270),
    "laid_left": lambda payload: laid_down(payload, 1, 0),
    "laid_right": lambda payload: laid_down(payload, 3, 0),
    "laid_left_and_turned_back": lambda payload: laid_down(payload, 1, 90),
    "laid_right_and_turned_wrong": lambda payload: laid_down(payload, 3, 180),
}


@pytest.mark.parametrize("form", FORMS)
def test_turned_pages_are_read_as_they_are_printed(form: str) -> None:
    upright = extract.read(SEED_PDF.read_bytes(), name="a.pdf", register=load_register())
    document = extract.read(FORMS[form](SEED_PDF.read_bytes()), name="a.pdf", register=load_register())
    assert misread("004", parser.parse(document)) == {}

    def cells(of: Document) -> list[tuple[str, int, int]]:
        found = [block for block in of.blocks if isinstance(block, Grid)]
        return [(cell.text, cell.rowspan, cell.colspan) for grid in found for cell in grid.cells]

    assert cells(document) == cells(upright)
