"""Bad attachments among good documents: every good one is read as if it were alone, every bad one is told."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue import Catalogue, schema
from archive.context import Role
from archive.register import Register, load_register
from extract.office import converter
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


def processes() -> dict[int, tuple[int, bytes]]:
    """Every process: its parent and its command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            found[int(folder.name)] = parent, (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended meanwhile
    return found


def is_over(ended: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it comes to that in time: whoever is killed takes a moment to be gone."""
    until = time.monotonic() + seconds
    while not ended() and time.monotonic() < until:
        time.sleep(0.05)
    return ended()


@pytest.mark.skipif(converter() is None, reason="LibreOffice is not installed")
def test_a_reading_process_killed_in_the_middle_reads_again(tmp_path: Path, register: Register) -> None:
    """`kill -9` while LibreOffice works for it: both end, and the file is read all the same."""
    day = Day("2025-01-22")
    payload = (PAGES / "attachment_doc" / "page.wps").read_bytes()
    day.add("http://www.example.gov.cn/a/a.wps", payload, role=Role.ATTACHMENT)
    killed: list[tuple[int, int]] = []

    def kill() -> None:
        until = time.monotonic() + 60
        while not killed and time.monotonic() < until:
            there = processes()
            for office, (reader, command) in there.items():
                if b"soffice" in command and there.get(reader, (0, b""))[0] == os.getpid():
                    os.kill(reader, signal.SIGKILL)
                    killed.append((reader, office))
            time.sleep(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    catalogue, broken = read(tmp_path, "killed", register, day)
    killer.join()
    with catalogue:
        [version] = catalogue.rows(schema.version)
    assert killed
    assert broken == 0
    assert version["title"] == "示例一镇2024年政府信息公开工作年度报告"
    assert is_over(lambda: {pid for pair in killed for pid in pair}.isdisjoint(processes()))
