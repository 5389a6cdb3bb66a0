"""The five seeds as plain text, against tests/golden: blocks, title, metadata, publisher."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import extract
from archive.register import load_register
from extract.blocks import block_text
from extract.plaintext import split_lines
from parser.document import Block, Document, Grid, GridSource, Paragraph
from parser.text import compact

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


@cache
def seed(path: Path) -> tuple[Document, dict[str, Any]]:
    golden = json.loads((ROOT / "golden" / f"{path.stem}.json").read_text("utf-8"))
    return extract.read_file(path, register=load_register()), golden


def line_of(block: Block) -> int:
    return int(block.locator.removeprefix("line "))


def plain_text(block: Block) -> str:
    return block.plain if isinstance(block, Paragraph) else "".join(cell.plain for cell in block.cells)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
class TestSeeds:
    def test_sections_are_whole(self, path: Path) -> None:
        document, golden = seed(path)
        for section in golden["sections"]:
            first, last = section["text_lines"]
            blocks = [block for block in document.blocks if first <= line_of(block) <= last]
            text = compact("".join(map(block_text, blocks)))
            assert (len(text), text[:20], text[-20:]) == (
                section["n_chars_compact"],
                section["first20"],
                section["last20"],
            )
            if "first20_normalised" in section:
                plain = compact("".join(map(plain_text, blocks)))
                assert len(plain) == section["n_chars_compact_normalised"]
                assert (plain[:20], plain[-20:]) == (
                    section["first20_normalised"],
                    section["last20_normalised"],
                )

    def test_headings_are_paragraphs(self, path: Path) -> None:
        document, golden = seed(path)
        by_line = {line_of(block): block for block in document.blocks}
        for section in golden["sections"]:
            heading = by_line[section["heading_line"]]
            assert isinstance(heading, Paragraph)
            assert (heading.text, heading.plain) == (section["heading_raw"], section["heading"])

    def test_nothing_is_lost(self, path: Path) -> None:
        document, _ = seed(path)
        lines = [line for line in split_lines(path.read_text("utf-8")) if not re.fullmatch(r"[-|\s]+", line)]
        whole = compact("".join(lines))
        kept = compact("".join(map(block_text, document.blocks)))
        metadata = "索引号:001008006002065/2024-154563发布机构:暨阳街道公开日期:2024-01-26"
        assert kept == whole.removeprefix(metadata)

    def test_title_metadata_publisher(self, path: Path) -> None:
        document, golden = seed(path)
        assert document.title == golden["title"]
        assert (document.index_number and document.index_number.raw) == golden["index_number"]
        published = [claim.lo.isoformat() for claim in document.dates if claim.kind.value == "published"]
        assert published == ([golden["publish_date"]] if golden["publish_date"] else [])
        signed = [claim.lo.isoformat() for claim in document.dates if claim.kind.value == "signed"]
        assert signed == ([golden["signed_date"]] if golden["signed_date"] else [])
        assert document.publisher is not None
        assert document.publisher.name == golden["publisher"]["name"]
        assert document.publisher.county == golden["publisher"]["parent_county"]
        assert document.publisher.county_code == golden["publisher"]["parent_county_code"]
        assert not document.publisher.unclear
        assert document.script == golden["script"][:7]

    def test_three_tables_of_text(self, path: Path) -> None:
        document, golden = seed(path)
        grids = [block for block in document.blocks if isinstance(block, Grid)]
        assert len(grids) == 3
        assert all(grid.source is GridSource.TEXT for grid in grids)
        row = next(r for r in golden["tables"]["applications"]["rows"] if r["key"] == "new_received")
        drawn = [c.text for c in grids[1].cells if "本年新收" in c.plain or "新收政府" in c.plain]
        assert len(drawn) == 1
        at = next(c.row for c in grids[1].cells if "新收政府" in c.plain)
        numbers = [int(c.text) for c in grids[1].cells if c.row == at and c.text.isdigit()]
        assert numbers == [
            row["values"][column["key"]] for column in golden["tables"]["applications"]["columns"]
        ]


def test_correction_is_told() -> None:
    document, golden = seed(next(path for path in SEEDS if path.stem.startswith("004")))
    assert document.publisher is not None
    assert document.publisher.correction
    assert golden["publisher"]["name_correction"]["from"] in "".join(document.publisher.name_raw)
    assert "publisher_corrected" in {finding.code for finding in document.findings}


def test_mojibake_and_glosses_are_told() -> None:
    document, _ = seed(next(path for path in SEEDS if path.stem.startswith("002")))
    found = {(finding.code, finding.locator) for finding in document.findings}
    assert {("mojibake", "line 6"), ("broken_gloss", "line 6"), ("broken_gloss", "line 8")} <= found
