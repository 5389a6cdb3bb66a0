"""Portals that Pelican, Nikola and Wagtail draw: found by the file that detect writes, unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine, text

from benchmarks.generic import Line, measure
from benchmarks.sample_portals import arrivals
from tests.portals import figures
from tests.portals.cms import SITES, play
from tests.portals.gallery.base import YEARS, Item

PORTALS = [kind.portal for kind in SITES]
BY_HOME = "cms-pelican"  # by the home page alone the benchmark crawls all three
Measured = tuple[dict[str, Line], Path]


@pytest.fixture(scope="session")
def built(optional_tool: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three sites, made once by their systems."""
    for kind in SITES:
        optional_tool(kind.maker)
    folder = tmp_path_factory.mktemp("cms") / "built"
    play.build(folder)
    return folder


def measured(built: Path, folder: Path, portals: Sequence[str], *, detect: bool) -> Measured:
    folder.mkdir()
    lines = measure(
        [sample for sample in play.samples(built) if sample.portal in portals],
        folder,
        detect=detect,
        serve=partial(play.serving, built),
        settings=play.settings(folder),
    )
    return {line.portal: line for line in lines}, folder


@pytest.fixture(scope="module")
def home(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measured(built, tmp_path_factory.mktemp("cms-home") / "run", [BY_HOME], detect=False)


@pytest.fixture(scope="module")
def written(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return measured(built, tmp_path_factory.mktemp("cms-written") / "run", PORTALS, detect=True)


def test_the_home_page_leads_to_every_report_at_few_requests(home: Measured) -> None:
    line = home[0][BY_HOME]
    assert (line.planted, line.found, line.wrong) == (24, 24, 0), line.lost
    asked = [arrival["path"] for arrival in arrivals(home[1] / "arrivals.jsonl")]
    assert len(asked) == len(set(asked)) <= 1.5 * line.planted


@pytest.mark.parametrize("portal", PORTALS)
def test_by_the_file_of_detect_every_report_is_found_and_nothing_else(written: Measured, portal: str) -> None:
    line = written[0][portal]
    assert (line.planted, line.found, line.wrong) == (24, 24, 0), line.lost
    assert line.held == 24  # by the audit, after a lint of the files
    assert line.requests <= 2.5 * line.planted


@pytest.mark.parametrize("portal", PORTALS)
def test_detect_names_no_family_and_the_right_county(written: Measured, portal: str) -> None:
    lines, folder = written
    assert lines[portal].named == "generic"
    told = (folder / f"detect-{portal}.log").read_text("utf-8")
    assert "不明 unknown" in told
    data = yaml.safe_load((folder / "portals" / f"{portal}.yml").read_text("utf-8"))
    assert data["county_code"] == next(kind.county_code for kind in SITES if kind.portal == portal)


def test_each_report_is_dated_as_its_page_dates_it(written: Measured) -> None:
    """Days in English words, in Chinese, in numbers; an excerpt's 2024年1月1日 is no day of publication."""
    engine = create_engine(f"sqlite:///{written[1] / 'catalogue.sqlite'}")
    with engine.connect() as connection:
        rows = connection.execute(text("select publisher, report_year, claims from report")).all()
    engine.dispose()
    told = {(publisher, year): days(claims) for publisher, year, claims in rows}
    wanted = {
        (item.body.code, item.year): {str(item.day)}
        for kind in SITES
        for item in kind().items
        if item.year is not None
    }
    assert told == wanted


def days(claims: str) -> set[str]:
    """The days of publication that anything claims."""
    return {claim[2] for claim in json.loads(claims) if claim[0] == "published"}


def numbers(item: Item) -> dict[str, float]:
    """The numbers of a planted report, keyed as the catalogue keys them; none before 2019."""
    version = figures.version(item.year)
    if version == "pre2019":
        return {}
    chain = tuple(year for year in YEARS if figures.version(year) == version)
    tables = figures.cells(item.body.code, chain, item.year)
    return {
        ".".join(part for part in (table, row, column) if part != "all"): value
        for table, rows in tables.items()
        for row, columns in rows.items()
        for column, value in columns.items()
    }


def test_the_numbers_of_each_report_are_the_planted_ones(written: Measured) -> None:
    """Tables as Markdown, reStructuredText and Wagtail's table block draw them."""
    engine = create_engine(f"sqlite:///{written[1] / 'catalogue.sqlite'}")
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "select r.publisher, r.report_year, c.key, c.value"
                " from report r join cell c on c.version = r.version"
            )
        ).all()
    engine.dispose()
    read = {(publisher, year, key): value for publisher, year, key, value in rows}
    wanted = {
        (item.body.code, item.year, key): value
        for kind in SITES
        for item in kind().items
        if item.year is not None
        for key, value in numbers(item).items()
    }
    assert len(wanted) > 12_000
    assert read == wanted
