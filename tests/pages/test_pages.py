"""A regression is a folder: page.html (or .txt) as served, meta.json (address, provenance), expected.json.

A folder without expected.json gets one made and fails once, for a person to review what was read.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import extract
from archive.register import Register, load_register
from extract.office import converter
from parser.document import Document, Grid, Paragraph, Source

FOLDER = Path(__file__).parent
CASES = sorted(path.parent for path in FOLDER.glob("*/meta.json"))


@cache
def register() -> Register:
    return load_register()


def read_case(case: Path) -> Document:
    meta = json.loads((case / "meta.json").read_text("utf-8"))
    page = next(path for path in sorted(case.iterdir()) if path.stem == "page")
    headers = [tuple(pair) for pair in meta.get("headers", [])]
    source = Source(**meta.get("source", {}))
    return extract.read(
        page.read_bytes(),
        headers=headers,
        url=meta.get("url"),
        source=source,
        name=page.name,
        register=register(),
    )


def outline(document: Document) -> dict[str, Any]:
    """What a reviewer can check by eye against the page."""
    publisher, number = document.publisher, document.index_number
    return {
        "title": document.title,
        "media_type": document.media_type,
        "charset": document.charset,
        "script": document.script,
        "publisher": publisher
        and {"name": publisher.name, "code": publisher.code, "unclear": publisher.unclear},
        "index_number": number
        and {"canonical": number.canonical, "kind": number.prefix_kind, "ok": number.check_ok},
        "metadata": [[m.field, m.value, m.raw, m.source] for m in document.metadata],
        "dates": [[d.kind.value, d.lo.isoformat(), d.hi.isoformat(), d.source] for d in document.dates],
        "paragraphs": [block.plain for block in document.blocks if isinstance(block, Paragraph)],
        "grids": [
            [[cell and cell.plain for cell in row] for row in block.rows]
            for block in document.blocks
            if isinstance(block, Grid)
        ],
        "attachments": [[a.name, a.url] for a in document.attachments],
        "findings": [[f.code, f.message] for f in document.findings],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page(case: Path) -> None:
    needs = json.loads((case / "meta.json").read_text("utf-8")).get("needs")
    if needs == "office" and converter() is None:
        pytest.skip("LibreOffice is not installed")
    read = outline(read_case(case))
    expected = case / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected} was made from what was read: review it and run again")
    assert read == json.loads(expected.read_text("utf-8"))


def test_every_folder_is_a_case() -> None:
    folders = {path for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders == set(CASES)
    assert len(CASES) >= 12
