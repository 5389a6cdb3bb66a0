"""Checks across reports in the catalogue: beside each report's own, the same whenever they are worked out."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, select

from archive.catalogue import Catalogue, schema
from archive.catalogue.store import insert_all
from archive.export.similarity import alike, twins
from archive.register import Register, load_register
from extract import rebuild as rebuilding
from extract.rebuild import rebuild
from extract.rebuild_across import compare_reports, counting
from parser.across import ACROSS
from tests.extract.rebuild_making import Day, register_file, report_text


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return load_register([register_file(tmp_path)])


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as opened:
        yield opened


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """甲 copies its own last year, 乙 copies 甲; 甲 carries over another number than it carried forward."""
    day = Day("2025-01-22")
    for year in (2023, 2024):
        day.report("甲", year)
    text = report_text("乙", 2024, published="2025-01-20")
    day.report("乙", 2024, text=text.replace("| 12 |", "| 13 |"))
    day.write(tmp_path / "warc")
    return tmp_path / "warc"


def told(catalogue: Catalogue, town: int, year: int) -> dict[str, str]:
    """Code → message of what is found of a report."""
    finding, report = schema.finding, schema.report
    query = (
        select(finding.c.code, finding.c.message)
        .join(report, report.c.version == finding.c.version)
        .where(report.c.publisher == f"999901-{town}", report.c.report_year == year)
    )
    with catalogue.engine.connect() as connection:
        return {row.code: row.message for row in connection.execute(query)}


def test_a_report_is_held_against_its_last_and_its_neighbours(
    archive: Path, catalogue: Catalogue, register: Register
) -> None:
    rebuild(archive, catalogue, register, isolated=False)
    first, second, other = (told(catalogue, *key) for key in ((1, 2023), (1, 2024), (2, 2024)))
    assert "C4" in second
    assert "C4" not in first
    assert "示例乙镇" in second["C4c"]
    assert "示例甲镇" in other["C4c"]
    checks = [row for row in catalogue.rows(schema.check_result) if row["id"].startswith("C1.")]
    assert {row["id"] for row in checks} >= {"C1.total"}
    assert json.loads(checks[0]["cells"])[0].startswith("applications.carried_over.")


def test_a_later_report_changes_what_is_told_of_an_earlier_one(
    tmp_path: Path, archive: Path, catalogue: Catalogue, register: Register
) -> None:
    rebuild(archive, catalogue, register, isolated=False)
    day = Day("2025-02-03")
    day.report("丙", 2023)
    day.write(archive)
    assert "C4c" not in told(catalogue, 1, 2023)
    rebuild(archive, catalogue, register, isolated=False)
    assert "示例丙镇" in told(catalogue, 1, 2023)["C4c"]
    with Catalogue(f"sqlite:///{tmp_path / 'other.sqlite'}") as other:
        rebuild(archive, other, register, everything=True, isolated=False)
        assert other.content_hash() == catalogue.content_hash()


def test_a_rebuild_that_was_cut_off_is_finished_by_the_next(
    archive: Path, catalogue: Catalogue, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, "compare_reports", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            rebuild(archive, catalogue, register, isolated=False)
    assert catalogue.at_work
    assert rebuild(archive, catalogue, register, isolated=False).read == 0
    assert "C4" in told(catalogue, 1, 2024)
    assert not catalogue.at_work


def _cut_off(*_: object) -> None:
    raise KeyboardInterrupt


def test_twins_are_found_as_if_all_had_been_compared() -> None:
    rng = random.Random(20261125)
    words = [f"词{n}" for n in range(400)]
    texts = {f"body {n}": frozenset(rng.sample(words, 120)) for n in range(40)}
    for n in range(0, 40, 4):
        near = set(texts[f"body {n}"])
        near -= set(rng.sample(sorted(near), rng.randint(0, 8)))
        texts[f"twin {n}"] = frozenset(near | set(rng.sample(words, rng.randint(0, 4))))
    exact = {}
    for name, text in texts.items():
        score, _ = max((alike(text, texts[o]), o) for o in sorted(texts) if o != name)
        if score >= 0.9:
            exact[name] = score
    assert {name: score for name, (_, score) in twins(texts, 0.9).items()} == exact
    assert len(exact) > 10


MANY = 105  # bodies of a kind from which on it is known what is usual


def test_only_the_county_of_a_new_report_is_compared_anew_but_what_is_usual_holds_for_all(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    register = load_register([_two_counties(tmp_path)])
    with catalogue.engine.begin() as connection:
        for n in range(MANY):
            _hold(connection, f"999901-{n}", 2024, licensing=n, fee=1)
        _hold(connection, "999902-0", 2023, licensing=1, fee=2)
        _hold(connection, "999902-0", 2024, licensing=2, fee=20_000)
    compare_reports(catalogue, register)
    before, first = counting(catalogue), _numbers_told(catalogue)
    assert first["999901-104 2024"] == {"T6.licensing"}
    assert first["999902-0 2024"] == {"T5.fee_unit", "T5.fee_of_peers"}
    with catalogue.engine.begin() as connection:
        mark = {"version": "999901-3 2024", "id": "C4.mark", "relation": "", "result": "pass", "cells": "[]"}
        connection.execute(schema.check_result.insert(), [mark])
        for n in range(1, 4):
            _hold(connection, f"999902-{n}", 2024, licensing=5_000, fee=1)
    compare_reports(catalogue, register, before)
    second, by_parts = _numbers_told(catalogue), catalogue.content_hash()
    assert "999901-104 2024" not in second  # what is usual has moved
    assert "C4.mark" in {row["id"] for row in catalogue.rows(schema.check_result)}
    with catalogue.engine.begin() as connection:
        connection.execute(schema.check_result.delete().where(schema.check_result.c.id == "C4.mark"))
    by_parts["check_result"] = catalogue.content_hash()["check_result"]
    compare_reports(catalogue, register)
    assert catalogue.content_hash() == by_parts


def _two_counties(folder: Path) -> Path:
    rows = [
        f'  - {{code: {county}-{n}, county_code: "{county}", official_name: 某{n}县示例{n}镇人民政府,'
        " kind: township_government}\n"
        for county, number in (("999901", MANY), ("999902", 4))
        for n in range(number)
    ]
    path = folder / "counties.yml"
    head = (
        "format: 1\nprovenance: made for a test\n"
        'counties: [{code: "999901", name: 某县}, {code: "999902", name: 另县}]\npublishers:\n'
    )
    path.write_text(head + "".join(rows), encoding="utf-8")
    return path


def _hold(connection: Connection, publisher: str, year: int, *, licensing: int, fee: int) -> None:
    """A report of these two numbers in the catalogue."""
    version = f"{publisher} {year}"
    told = {"publisher": publisher, "report_year": year, "version": version, "versions": "[]"}
    insert_all(connection, schema.report, [_row(schema.report, **told)])
    insert_all(connection, schema.version, [_row(schema.version, version=version, format_version="v2021")])
    numbers = {ACROSS.outstanding[0]: licensing, ACROSS.fee: fee}
    cells = [_row(schema.cell, version=version, key=key, value=float(n)) for key, n in numbers.items()]
    insert_all(connection, schema.cell, cells)


def _row(table: Table, **values: object) -> dict[str, object]:
    return {column.name: None if column.nullable else "" for column in table.columns} | values


def _numbers_told(catalogue: Catalogue) -> dict[str, set[str]]:
    """Version → the checks T5 and T6 of it that do not hold."""
    told: dict[str, set[str]] = {}
    for row in catalogue.rows(schema.check_result):
        if row["id"][:2] in ("T5", "T6") and row["result"] != "pass":
            told.setdefault(row["version"], set()).add(row["id"])
    return told
