"""The gallery crawled for real: one full crawl, a rebuild and a routine crawl of every portal in it."""

from __future__ import annotations

import pytest

from archive.context import WalkResult
from tests.crawler.crawling import ROOT, Ran
from tests.portals.gallery_play import SITES, Played, play

pytestmark = pytest.mark.parametrize("portal", sorted(SITES))


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Only the portals that the selected tests ask for are crawled."""
    items = [item for item in request.session.items if item.path == request.path]
    chosen = sorted({item.callspec.params["portal"] for item in items})  # type: ignore[attr-defined]
    return play(chosen, tmp_path_factory.mktemp("gallery"))


def walks(ran: Ran, portal: str) -> dict:
    return {key: walk for key, walk in ran.walks().items() if walk.portal == portal}


def test_every_column_is_walked_whole(played: Played, portal: str) -> None:
    assert played.full.code == 0, played.full.err
    site = SITES[portal]()
    for key, walk in walks(Ran(0, "", "", played.full.data), portal).items():
        assert walk.result is WalkResult.HEALTHY, (key, walk.reason)
    runs = [walk for _, walk in played.full.reader.walks() if walk.portal == portal]
    assert runs, site.portal
    first = [walk for walk in runs if walk.run == runs[0].run]
    assert [(walk.column, walk.complete, walk.reason) for walk in first] == [
        (walk.column, True, None) for walk in first
    ]


def test_every_planted_report_is_in_the_catalogue_and_nothing_else(played: Played, portal: str) -> None:
    site = SITES[portal]()
    assert played.rebuilt.code in range(24), played.rebuilt.err
    held = played.rows(
        "select publisher, report_year from report where publisher like :c", c=f"{site.county_code}%"
    )
    assert set(held) == set(site.truth.reports.values())
    read = played.rows(
        "select d.url from version v join document d on d.document = v.document"
        " where v.kind = 'report' and d.portal = :p",
        p=portal,
    )
    taken = {url for (url,) in read}
    assert taken <= set(site.truth.reports) | site.truth.attachments
    assert not taken & site.truth.others


def test_every_planted_attachment_is_held(played: Played, portal: str) -> None:
    site = SITES[portal]()
    asked = {f"http://{site.host}{path}" for path in played.asked(site, played.full_log)}
    assert site.truth.attachments <= asked


def test_a_full_crawl_costs_little_more_than_what_it_brings(played: Played, portal: str) -> None:
    site = SITES[portal]()
    truth, asked = site.truth, played.asked(site, played.full_log)
    needed = truth.lists + len(truth.reports) + len(truth.attachments)
    assert len(asked) <= 1.5 * needed, (len(asked), needed)


def test_a_routine_crawl_of_an_unchanged_portal_costs_one_request_a_column(
    played: Played, portal: str
) -> None:
    assert played.routine.code == 0, played.routine.err
    site = SITES[portal]()
    columns = {walk.column for walk in walks(played.full, portal).values()}
    assert len(played.asked(site, played.routine_log)) <= len(columns) + site.sublists


def test_its_portal_file_is_short(portal: str) -> None:
    path = ROOT / "tests" / "portals" / "gallery" / f"{portal}.yml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.split("#")[0].strip()]
    assert len(lines) <= 20
