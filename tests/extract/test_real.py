"""Real pages beside the checkout, against their gold; skipped where they are absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import extract
from parser.document import Document, Grid, Paragraph
from tests.extract.pages import register

REAL = Path(__file__).parent.parent.parent.parent / "shared" / "real"
CASES = sorted(path.name for path in REAL.glob("*/") if path.name.startswith(("detail_", "metadata_")))
FIELDS = {
    "索引号": "index_number",
    "发布机构": "publisher",
    "发文机关": "publisher",
    "公开日期": "published",
    "发布日期": "published",
    "生成日期": "generated",
    "成文日期": "written",
    "发文日期": "written",
    "文号": "document_number",
    "发文字号": "document_number",
    "名称": "name",
    "主题分类": "theme",
    "有效性": "validity",
}


def read(folder: Path) -> tuple[Document, dict[str, object]]:
    source = json.loads((folder / "source.json").read_text("utf-8"))
    page = next(path for path in folder.iterdir() if path.suffix in {".html", ".pdf"})
    return extract.read(page.read_bytes(), url=source.get("url"), register=register()), source


@pytest.mark.parametrize("name", CASES or ["none"])
def test_metadata_gold(name: str, real_pages: Path) -> None:
    document, source = read(real_pages / name)
    gold = source.get("gold", {})
    assert isinstance(gold, dict)
    for label, value in gold.items():
        found = [m for m in document.metadata if m.field == FIELDS[label] and m.source == "metadata_row"]
        assert found, label
        assert found[0].raw == value
        assert found[0].value == (None if value == "无" else value)
    if "索引号" in gold:
        assert document.index_number is not None
        assert document.index_number.raw == gold["索引号"]


def test_a_page_without_an_index_number_has_none(real_pages: Path) -> None:
    document, _ = read(real_pages / "detail_pingtan_no_index")
    assert document.index_number is None
    assert [(c.lo.isoformat(), c.source) for c in document.dates] == [("2016-01-27", "metadata_row")]


def test_central_pages(real_pages: Path) -> None:
    for name in ("detail_govcn_001", "detail_govcn_017", "detail_govcn_045"):
        document, source = read(real_pages / name)
        assert document.meta("publisher") == source["publisher"]
        assert document.index_number is not None
        assert document.index_number.prefix == "000014349"
        assert document.title == document.meta("name")
        assert all(isinstance(block, Paragraph) for block in document.blocks)


def test_report_page(real_pages: Path) -> None:
    document, source = read(real_pages / "report_pingtan_2025")
    assert document.title == "平潭综合实验区2025年度政府信息公开工作年度报告"
    assert document.publisher is not None
    assert document.publisher.name == source["publisher"]
    assert [(g.n_rows, g.n_columns) for g in document.blocks if isinstance(g, Grid)] == [
        (14, 4),
        (28, 10),
        (4, 15),
    ]
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert texts[0].startswith("本报告根据")
    assert texts[-1] == "2025年，无收取信息处理费情况。"
    days = {(c.source, c.lo.isoformat()) for c in document.dates}
    assert days == {("metadata_row", "2026-03-10"), ("meta_tag", "2026-03-10"), ("url_day", "2026-03-13")}
    assert "dates_disagree" in {finding.code for finding in document.findings}


def test_report_pdf(real_pages: Path) -> None:
    document, source = read(real_pages / "report_huaian_2024_pdf")
    assert document.publisher is not None
    assert document.publisher.name == source["publisher"]
    assert document.title is not None
    assert "2024年政府信息公开工作年度报告" in document.title
