"""A regression is a folder: page.html (or .txt) as served, meta.json (address, provenance), expected.json.

A folder without expected.json gets one made and fails once, for a person to review what was read. What
cannot be read at all has the words of the refusal there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

import extract
from archive.register import Register, load_register
from extract.errors import Unreadable
from extract.ocr import models_folder
from extract.office import converter
from parser import parse
from parser.document import Document, Grid, Paragraph, Source
from parser.report import AnnualReport

FOLDER = Path(__file__).parent
README = FOLDER / "README.md"
CASES = sorted(path.parent for path in FOLDER.glob("*/meta.json"))


TABLES = Path(extract.__file__).parent / "data"
EXTRACT_CODES = {
    code
    for path in TABLES.glob("findings*.yml")
    for code in yaml.safe_load(path.read_text("utf-8"))["findings"]
}


#: What a folder may need (`needs` in its meta.json) → what is said where it is not installed.
NEEDS: dict[str, Callable[[], str | None]] = {
    "office": lambda: None if converter() else "LibreOffice: apt-get install libreoffice-writer-nogui",
    "ocr": lambda: None if models_folder() else "recognition of scans: pip install nianbao[ocr]",
}


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
        "report": report_outline(parse(document)),
    }


def report_outline(report: AnnualReport) -> dict[str, Any]:
    """What the parser makes of the page; its numbers are the business of tests/parser."""
    tables = (report.tables.proactive_disclosure, report.tables.applications, report.tables.review_litigation)
    return {
        "kind": report.kind.value,
        "year": report.report_year,
        "years": {name: year for name, year in report.year_sources.items() if year is not None},
        "format": report.format_version and report.format_version.value,
        "published": report.publish_date and report.publish_date.isoformat(),
        "sections": [section.key for section in report.sections],
        "tables": [table is not None for table in tables],
        "findings": sorted({f.code for f in report.findings} - EXTRACT_CODES),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page(case: Path, request: pytest.FixtureRequest) -> None:
    needs = json.loads((case / "meta.json").read_text("utf-8")).get("needs")
    lacking = NEEDS[needs]() if needs else None
    if lacking and request.config.getoption("--optional") == "required":
        pytest.fail(lacking)
    if lacking:
        pytest.skip(lacking)
    try:
        read = outline(read_case(case))
    except Unreadable as refusal:
        read = {"refused": str(refusal)}
    expected = case / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"{expected} was made from what was read: review it and run again")
    assert read == json.loads(expected.read_text("utf-8"))


def test_every_folder_is_a_case() -> None:
    folders = {path for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders == set(CASES)
    assert len(CASES) >= 70


def test_every_folder_tells_where_it_is_from_and_was_reviewed() -> None:
    for case in CASES:
        meta = json.loads((case / "meta.json").read_text("utf-8"))
        assert len(meta["provenance"]) >= 15, case.name
        host = urlsplit(meta.get("url") or "http://a.test/").hostname or ""
        assert host.endswith(".test") or "example" in host, case.name


def table_rows() -> list[tuple[str, list[str]]]:
    """The rows of the README's tables: what is shown, and the folders that show it."""
    lines = README.read_text("utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("| ") and "`" in line]
    return [(row[0].strip(), re.findall("`([a-z0-9_]+)`", row[-1])) for row in rows]


def test_the_readme_names_folders_that_exist() -> None:
    names = {case.name for case in CASES}
    rows = table_rows()
    assert len(rows) >= 60
    for what, folders in rows:
        assert folders, what
        assert set(folders) <= names, what
    assert names <= {folder for _, folders in rows for folder in folders}


def shape(case: Path) -> str:
    """A page without its values: words, figures and addresses left out, runs of like rows told once."""
    data = next(path for path in sorted(case.iterdir()) if path.stem == "page").read_bytes()
    if b"\0" in data[:2000]:
        return case.name  # no text
    if b"<" not in data[:2000]:
        return (
            re.sub(r"\s+", "", data.decode("utf-8", "replace"))
            if data.isascii() or len(data) < 4000
            else case.name
        )
    tags = re.findall(rb"</?[a-zA-Z][\w:-]*|(?:class|id)\s*=\s*[\"'][^\"']*[\"']|<!--", data)
    return re.sub(
        r"(\S+(?: \S+){0,9})(?: \1)+", r"\1", " ".join(tag.decode("utf-8", "replace") for tag in tags)
    )


def test_no_two_folders_differ_by_values_alone() -> None:
    shapes: dict[str, str] = {}
    for case in CASES:
        other = shapes.setdefault(shape(case), case.name)
        assert other == case.name, f"{case.name} is {other} with other values"
