"""A crawl after the story, over four portals: blank cells, a Word file, a moved page, and lookalikes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from scrapy.settings import Settings
from sqlalchemy import Row, select

from archive.catalogue import Catalogue
from archive.catalogue.schema import cell, check_result, document, report
from tests.portals import planted
from tests.portals.planted import LATER_DAY, LATER_NOTICES, LATER_REPORTS, REPORTS, Report
from tests.portals.rehearse import crawl_day, fresh

PORTALS = ("zhuji", "dongzhi", "changji", "laishui")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory):
    data = tmp_path_factory.mktemp("later") / "sample"
    fresh(data)
    crawl_day(LATER_DAY, data, portals=PORTALS)
    with Catalogue(f"sqlite:///{data / 'catalogue.sqlite'}") as opened:
        yield opened


def held(catalogue: Catalogue, planted_report: Report) -> Row:
    query = select(report).where(
        report.c.publisher == planted_report.code, report.c.report_year == planted_report.year
    )
    with catalogue.engine.connect() as connection:
        return connection.execute(query).one()


def test_no_lookalike_is_held(catalogue: Catalogue) -> None:
    with catalogue.engine.connect() as connection:
        rows = connection.execute(select(report.c.publisher, report.c.report_year, report.c.url)).all()
        read = set(connection.execute(select(document.c.url)).scalars())
    fetched = {notice.kind for notice in LATER_NOTICES if notice.url in read}
    assert {
        "unmarked_template",
        "school_report",
        "draft",
        "wording_only",
    } <= fetched  # their titles pass for reports
    expected = {(r.code, r.year) for r in (*REPORTS, *LATER_REPORTS) if r.portal in PORTALS}
    assert {(row.publisher, row.report_year) for row in rows} == expected
    assert not {row.url for row in rows} & {notice.url for notice in LATER_NOTICES}


def test_a_draft_beside_a_report_changes_nothing(catalogue: Catalogue) -> None:
    for draft in (notice for notice in LATER_NOTICES if notice.kind == "draft"):
        (true,) = (
            r
            for r in REPORTS
            if (r.portal, r.year) == (draft.portal, 2025) and draft.title.startswith(r.publisher.short)
        )
        row = held(catalogue, true)
        assert (row.url, row.replaced_on) == (true.url, None)


@pytest.mark.parametrize("later", LATER_REPORTS, ids=lambda r: r.case)
def test_every_cell_of_a_harder_report(catalogue: Catalogue, later: Report) -> None:
    row = held(catalogue, later)
    with catalogue.engine.connect() as connection:
        cells = connection.execute(select(cell).where(cell.c.version == row.version)).mappings().all()
        failed = connection.execute(
            select(check_result.c.id).where(
                check_result.c.version == row.version, check_result.c.result == "fail"
            )
        ).scalars()
        hard = {check for check in failed if check.partition(".")[0] in {"A1", "A2", "A3", "B1"}}
    read = {found["key"]: found["value"] for found in cells}
    assert read == flat(later)
    assert hard == set()


def flat(later: Report) -> dict[str, float | None]:
    return {
        (f"{table}.{key}" if table == "review_litigation" else f"{table}.{row}.{key}"): number
        for table, rows in later.cells().items()
        for row, cells in rows.items()
        for key, number in cells.items()
    }


def test_blank_is_not_zero() -> None:
    blank = next(r for r in LATER_REPORTS if r.case == "blank_cells")
    assert sum(number is None for number in flat(blank).values()) == 4
    assert 0 not in flat(blank).values()


def test_a_sample_archive_says_so(catalogue: Catalogue) -> None:
    files = sorted((Path(catalogue.engine.url.database).parent / "warc").rglob("*.warc.gz"))
    assert files
    for file in files:
        head = gzip.decompress(file.read_bytes()).partition(b"WARC/1.1")[2].partition(b"WARC/1.1")[0]
        assert b"WARC-Type: warcinfo" in head
        assert b"isPartOf: sample" in head
        assert b"simulated" in head


def test_the_sample_settings_keep_the_shipped_manners() -> None:
    settings = Settings()
    settings.setmodule("tests.portals.settings")
    assert settings.getdict("ARCHIVE_WARCINFO") == {"isPartOf": "sample"}
    assert settings.getlist("GUARD_EXEMPT_HOSTS") == sorted(planted.HOSTS.values())
    assert settings["DATA_DIR"].endswith("/data/sample")
    assert settings["DOWNLOAD_DELAY"] == 3.0  # the shipped delay; portal files shorten theirs with a reason
