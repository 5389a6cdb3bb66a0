"""`scrapy runs`: what former crawls did, from the archive alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.audit.history import Fewer, read_history
from archive.context import RowOutcome, WalkRecord, WalkRow
from archive.warc.reader import ArchiveReader
from tests.archive.test_audit_commands import scrapy
from tests.archive.test_audit_due import archived, run, walk


def listing(day: str, rows: int, *, whole: bool = True, result: str = "healthy") -> WalkRecord:
    """A walk of run `run DAY` that listed so many reports and one row that is none."""
    reports = tuple(WalkRow(url=f"http://x/{n}", title="年报", outcome=RowOutcome.HELD) for n in range(rows))
    other = WalkRow(url="http://x/other", title="通知", outcome=RowOutcome.SKIPPED, reason="not_a_report")
    found = walk(day, whole=whole, result=result)
    return found.model_copy(update={"rows": (*reports, other)})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    days = ("2026-02-03T09:00", 12, True), ("2026-02-10T09:00", 3, False), ("2026-02-17T09:00", 11, True)
    for day, rows, whole in days:
        archived(tmp_path, run(day), listing(day, rows, whole=whole), run(day, "ended"))
    archived(tmp_path, run("2026-02-24T09:00"))
    return tmp_path


def test_each_crawl_tells_what_it_did_and_how_it_ended(data: Path) -> None:
    first, partial, last, cut = read_history(ArchiveReader(data / "warc"))
    assert (first.whole, first.reports, first.fewer) == (1, 12, ())
    assert (partial.whole, partial.reports, partial.fewer) == (0, 3, ())
    assert last.fewer == (Fewer("a", "nb", 12, 11, first.run),), "held against the last whole walk"
    assert cut.ended is None
    assert first.ended is not None
    assert first.bytes > 0


def test_the_command_says_what_is_fewer_and_that_it_is_kept(data: Path) -> None:
    (data / "warc").rename(data / "archive")
    table = scrapy(data, "runs").stdout
    assert "a/nb: 报告 reports 12 → 11" in table
    assert "上次所见仍保留" in table
    assert "未走完 not whole" in table
    assert "中断 cut off" in table
    assert "采集 runs 4" in table
    records = json.loads(scrapy(data, "runs", "--last", "2", "--format", "json").stdout)["runs"]
    assert [record["reports"] for record in records] == [11, 0]
    assert records[0]["fewer"] == [{"portal": "a", "column": "nb", "before": 12, "now": 11}]
    assert records[0]["findings"] is None


def test_no_archive_and_no_number(tmp_path: Path) -> None:
    assert "采集 runs 0" in scrapy(tmp_path, "runs").stdout
    assert scrapy(tmp_path, "runs", "--last", "0").returncode == 2
