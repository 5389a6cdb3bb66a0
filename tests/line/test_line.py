"""From page to verdict: what was planted on the five sample portals comes out at the other end, exactly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.catalogue import Catalogue
from archive.catalogue.schema import cell, check_result, report
from archive.warc.reader import ArchiveReader
from tests.line.conftest import Line, content_hash
from tests.portals.planted import DAYS, EXPECTED, NOTICES, REPORTS, Report
from tests.portals.rehearse import crawl_day, server

LOOKED_UP = "001008006002065/2024-154563"


def judged(audit: dict[str, Any]) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
    for county in audit["counties"]:
        for verdict in county["verdicts"]:
            yield (verdict["publisher_code"], verdict["report_year"]), verdict


def test_every_planted_status_comes_out(line: Line) -> None:
    code, audit = line.audit()
    assert code == 22  # missing confirmed, and late on a statutory basis
    found = dict(judged(audit))
    wrong = []
    for key, expected in EXPECTED.items():
        verdict = found[key]
        content = verdict["content"]
        same = (
            verdict["presence"] == expected.presence
            and verdict["timeliness"] == expected.timeliness
            and (content == [] if expected.content is None else expected.content in content)
            and (expected.days_late is None or verdict["days_late"] == expected.days_late)
        )
        if not same:
            wrong.append(
                (key, expected, {k: verdict[k] for k in ("presence", "timeliness", "content", "days_late")})
            )
    assert not wrong


def test_nobody_else_is_expected(line: Line) -> None:
    _, audit = line.audit()
    others = {
        key: v["presence"]
        for key, v in judged(audit)
        if key not in EXPECTED and v["presence"] != "not_expected"
    }
    assert not others


def test_every_status_but_the_silent_has_evidence(line: Line) -> None:
    _, audit = line.audit()
    bare = [
        key
        for key, v in judged(audit)
        if v["presence"] not in {"not_expected", "not_yet_due"} and not v["evidence"]
    ]
    assert not bare


def planted_cells(planted: Report, on: date) -> dict[str, float]:
    tables = planted.cells(on)
    assert tables is not None
    flat = {}
    for table, rows in tables.items():
        for row, cells in rows.items():
            for key, value in cells.items():
                flat[f"{table}.{key}" if table == "review_litigation" else f"{table}.{row}.{key}"] = float(
                    value
                )
    return flat


NUMBERED = [planted for planted in REPORTS if planted.cells() is not None]


@pytest.mark.parametrize("planted", NUMBERED, ids=lambda r: f"{r.code}:{r.year}")
def test_every_cell_is_what_was_planted(line: Line, planted: Report) -> None:
    with Catalogue(line.catalogue) as catalogue, catalogue.engine.connect() as connection:
        held = connection.execute(select(report).where(report.c.url == planted.url)).mappings().all()
        assert [(row["publisher"], row["report_year"]) for row in held] == [(planted.code, planted.year)]
        version = held[0]["version"]
        read = {
            row["key"]: row["value"]
            for row in connection.execute(select(cell).where(cell.c.version == version)).mappings()
        }
        failed = connection.execute(
            select(check_result.c.id).where(
                check_result.c.version == version, check_result.c.result == "fail"
            )
        ).scalars()
        hard = {check for check in failed if check.partition(".")[0] in {"A1", "A2", "A3", "B1"}}
    assert read == planted_cells(planted, DAYS[-1])
    assert hard == set(planted.fails)


def test_no_notice_is_held_as_a_report(line: Line) -> None:
    with Catalogue(line.catalogue) as catalogue:
        held = {row["url"] for row in catalogue.rows(report)}
    assert held == {planted.url for planted in REPORTS}
    assert not held & {notice.url for notice in NOTICES}


def test_incremental_and_from_nothing_agree_after_each_crawl(line: Line) -> None:
    assert len(line.hashes) == 3
    for incremental, everything in line.hashes:
        assert incremental == everything
    assert line.hashes[0] != line.hashes[1]  # the days differ, so the comparison can fail


def test_a_deleted_catalogue_comes_back_the_same(line: Line) -> None:
    before = content_hash(line.catalogue)
    for file in line.data.glob("catalogue.sqlite*"):
        file.unlink()
    assert line.scrapy("rebuild").returncode == 0
    assert content_hash(line.catalogue) == before


def test_a_later_crawl_changes_nothing_that_was_seen_until(line: Line, tmp_path: Path) -> None:
    later = Line(tmp_path / "later")
    shutil.copytree(line.data, later.data)
    before = later.audit("--seen-until", "2026-02-06")
    crawl_day(date(2026, 2, 10), later.data, portals=["changji", "zhuji"])
    assert later.audit("--seen-until", "2026-02-06") == before
    _, now = later.audit()
    assert dict(judged(now)).keys() == dict(judged(before[1])).keys()


def test_lookup_by_index_number_from_the_catalogue(line: Line) -> None:
    done = line.scrapy("lookup", LOOKED_UP)
    assert done.returncode == 0, done.stderr
    planted = next(r for r in REPORTS if r.index_number == LOOKED_UP)
    assert planted.url in done.stdout


def test_lookup_by_index_number_from_the_portal(tmp_path: Path) -> None:
    empty = Line(tmp_path)
    with server(DAYS[0]) as port:
        options = [f"SAMPLE_PORT={port}", f"CLOCK_START={DAYS[0]}T09:00:00+08:00"]
        done = empty.scrapy("lookup", LOOKED_UP, "-p", "zhuji", settings=options)
    assert done.returncode == 0, done.stderr
    planted = next(r for r in REPORTS if r.index_number == LOOKED_UP)
    assert planted.url in done.stdout
    assert [
        c.context["role"]
        for c in ArchiveReader(empty.archive).captures()
        if c.context.get("role") == "lookup"
    ]


def test_a_portal_that_declines_leaves_the_others_alone(tmp_path: Path) -> None:
    season = Line(tmp_path)
    with server(DAYS[1], log=tmp_path / "arrivals.jsonl", decline=["zhuji.test"]) as port:
        options = [f"SAMPLE_PORT={port}", f"CLOCK_START={DAYS[1]}T09:00:00+08:00"]
        crawl = season.scrapy(
            "crawl", "portal", "-a", "portals=zhuji,changji", "-a", "full=1", settings=options
        )
    assert crawl.returncode == 11, crawl.stderr
    assert season.scrapy("rebuild").returncode == 0
    arrivals = [json.loads(row) for row in (tmp_path / "arrivals.jsonl").read_text().splitlines()]
    assert 1 <= sum(a["host"].startswith("zhuji") for a in arrivals) <= 3
    _, audit = season.audit()
    for (publisher, _), verdict in judged(audit):
        if verdict["presence"] in {"not_expected", "not_yet_due"}:
            continue
        if publisher.startswith("330681"):
            assert (verdict["presence"], verdict["not_crawled"]) == ("not_crawled", "declined")
        elif publisher.startswith("652301"):
            assert verdict["presence"] != "not_crawled"


def test_the_archive_verifies(line: Line) -> None:
    done = line.scrapy("verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_explain_tells_where_a_number_stands(line: Line) -> None:
    planted = NUMBERED[0]
    done = line.scrapy(
        "explain", f"{planted.code}:{planted.year}", "--cell", "applications.new_received.total"
    )
    assert done.returncode == 0, done.stderr
    assert ".warc.gz" in done.stdout
    assert "urn:uuid:" in done.stdout
