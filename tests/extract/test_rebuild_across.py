"""Checks across reports in the catalogue: beside each report's own, the same whenever they are worked out."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue import Catalogue, schema
from archive.export.similarity import alike, twins
from archive.register import Register, load_register
from extract import rebuild as rebuilding
from extract.rebuild import rebuild
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
