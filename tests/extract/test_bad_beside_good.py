"""Bad attachments among good documents: every good one is read as if it were alone, every bad one is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue import Catalogue, schema
from archive.context import Role
from archive.register import Register, load_register
from extract.rebuild import rebuild
from tests.extract import bad_files
from tests.extract.rebuild_making import Day, register_file

PAGES = Path(__file__).parents[1] / "pages"
GOOD = ("attachment_docx", "attachment_pdf", "attachment_xlsx", "attachment_zip")
OF_A_VERSION = (schema.version, schema.cell, schema.section, schema.fact, schema.check_result, schema.finding)


def bad_attachments() -> dict[str, bytes]:
    """Those of tests/pages that need no other program, and one that breaks its reader."""
    found = {}
    for case in sorted(PAGES.glob("bad_*")):
        if "needs" not in json.loads((case / "meta.json").read_text("utf-8")):
            [page] = case.glob("page.*")
            found[f"{case.name}{page.suffix}"] = page.read_bytes()
    return found | {"fatal.pdf": bad_files.pdf_stream_bomb()}


def good_day() -> Day:
    day = Day("2025-01-22")
    for town in ("甲", "乙"):
        day.report(town, 2024)
    for name in GOOD:
        [page] = (PAGES / name).glob("page.*")
        day.add(f"http://www.example.gov.cn/a/{name}{page.suffix}", page.read_bytes(), role=Role.ATTACHMENT)
    return day


def read(root: Path, name: str, register: Register, *days: Day) -> tuple[Catalogue, int]:
    for day in days:
        day.write(root / name)
    catalogue = Catalogue(f"sqlite:///{root / name}.sqlite")
    return catalogue, rebuild(root / name, catalogue, register, workers=2).broken


def rows_of(catalogue: Catalogue, versions: set[str]) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in catalogue.rows(table) if row["version"] in versions]
        for table in OF_A_VERSION
    }


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return load_register([register_file(tmp_path)])


def test_good_documents_are_read_as_if_they_were_alone(tmp_path: Path, register: Register) -> None:
    bad = bad_attachments()
    assert len(bad) > 25
    first = Day("2025-01-21")  # they come before the good ones
    for name, payload in bad.items():
        first.add(f"http://www.example.gov.cn/b/{name}", payload, role=Role.ATTACHMENT)
    alone, broken = read(tmp_path, "alone", register, good_day())
    beside, broken_beside = read(tmp_path, "beside", register, first, good_day())
    with alone, beside:
        assert (broken, broken_beside) == (0, 1)
        good = {row["version"] for row in alone.rows(schema.version)}
        assert len(good) == 2 + len(GOOD)
        assert rows_of(beside, good) == rows_of(alone, good)
        urls = {row["url"]: row for row in beside.rows(schema.capture)}
        assert len(urls) == len(bad) + len(good)  # nothing is lost
        told = {row["version"] for row in beside.rows(schema.finding)}
        told |= {row["record_id"] for row in beside.rows(schema.finding)}
        for name in bad:
            row = urls[f"http://www.example.gov.cn/b/{name}"]
            assert {row["record_id"], row["version"]} & told, name
