"""Any portal: found from the home page alone, and by the file that `scrapy detect --write` makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from archive.context import WalkResult
from archive.warc.reader import ArchiveReader
from benchmarks.generic import Line, measure
from benchmarks.sample_portals import Sample, arrivals, samples

SAMPLES = {sample.portal: sample for sample in samples()}
BY_HOME = ("any_office", "any_shelves", "any_journal", "vsb_list")
BY_DETECT = ("hanweb_jpaas", "openness_year", "any_office")


def crawled(chosen: list[Sample], folder: Path, *, detect: bool) -> tuple[list[Line], Path]:
    """The short form of `python -m benchmarks.generic`: the files are written, linted, crawled, audited."""
    (folder / "portals").mkdir(parents=True)
    return measure(chosen, folder, detect=detect), folder / "arrivals.jsonl"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Line], Path]:
    folder = tmp_path_factory.mktemp("home") / "gallery"
    lines, _ = crawled([SAMPLES[portal] for portal in BY_HOME], folder, detect=False)
    return lines, folder


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Line], Path]:
    folder = tmp_path_factory.mktemp("written") / "gallery"
    lines, _ = crawled([SAMPLES[portal] for portal in BY_DETECT], folder, detect=True)
    return lines, folder


def test_every_planted_report_is_found_from_the_home_page_alone(home: tuple[list[Line], Path]) -> None:
    lines, _ = home
    found, planted = sum(line.found for line in lines), sum(line.planted for line in lines)
    assert planted > 70
    assert found >= 0.95 * planted, [line.lost for line in lines]
    assert sum(line.wrong for line in lines) == 0
    for line in lines:
        assert line.requests <= 3 * line.planted, line


def test_columns_found_by_links_prove_no_absence(home: tuple[list[Line], Path]) -> None:
    walks = [walk for _, walk in ArchiveReader(home[1] / "warc").walks()]
    assert {walk.portal for walk in walks} == set(BY_HOME)
    for walk in walks:
        assert not walk.complete
        assert walk.result is WalkResult.INCOMPLETE
        assert "链接" in (walk.reason or "")


def test_no_calendar_is_followed_and_no_session_makes_a_page_twice(home: tuple[list[Line], Path]) -> None:
    asked = [a["path"] for a in arrivals(home[1] / "arrivals.jsonl") if a["host"] == "www.any-office.test"]
    assert not [path for path in asked if "do=day" in path or "sessionid" in path]
    assert len(asked) == len(set(asked))


def test_what_detect_writes_is_crawled_without_a_hand_on_it(written: tuple[list[Line], Path]) -> None:
    lines, _ = written
    assert [line.named for line in lines] == ["hanweb", "openness", "generic"]
    for line in lines:
        assert line.found == line.planted, line.lost
        assert line.held == line.planted, "the audit, by the file as it was written"
        assert line.wrong == 0


def test_detect_says_from_which_page_and_asks_for_few(written: tuple[list[Line], Path]) -> None:
    _, folder = written
    for portal in BY_DETECT:
        sample = SAMPLES[portal]
        told = (folder / f"detect-{portal}.log").read_text("utf-8")
        fetched = [line for line in told.splitlines() if line.startswith("已抓取 fetched:")]
        assert 2 <= len(fetched) <= 5
        for line in told.splitlines():
            if line.startswith(("依据", "栏目", "年报", "可能还有", "仅见")):
                assert line.count(f"//{sample.host}/") >= 1, line
        file = folder / "portals" / f"{sample.host.split('.')[-2]}.yml"
        data = yaml.safe_load(file.read_text("utf-8"))
        assert data["county_code"] == sample.county_code
