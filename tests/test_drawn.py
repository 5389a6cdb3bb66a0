"""Portals that only a browser shows, crawled for real: a full crawl, a rebuild and a routine crawl."""

from __future__ import annotations

import pytest

from archive.context import WalkResult
from archive.routes import is_route
from archive.warc.verify import verify
from tests.crawler.test_browser import browser_options
from tests.portals.drawn import DRAWN
from tests.portals.gallery_play import Played, play

pytestmark = pytest.mark.parametrize("portal", sorted(DRAWN))


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    browser_options(request)  # skips where there is no browser
    return play(sorted(DRAWN), tmp_path_factory.mktemp("drawn"), DRAWN, "tests.portals.drawn")


def test_every_column_is_walked_whole(played: Played, portal: str) -> None:
    assert played.full.code == 0, played.full.err[-3000:]
    walks = [walk for _, walk in played.full.reader.walks() if walk.portal == portal]
    first = [walk for walk in walks if walk.run == walks[0].run]
    told = {walk.column: (walk.result, walk.complete, walk.reason) for walk in first}
    assert told == dict.fromkeys(("nb", "xz"), (WalkResult.HEALTHY, True, None))
    site = DRAWN[portal]()
    assert {walk.column: len(walk.rows) for walk in first} == {
        channel: len(site.listed(channel)) for channel in ("nb", "xz")
    }


def test_every_planted_report_is_in_the_catalogue_and_nothing_else(played: Played, portal: str) -> None:
    site = DRAWN[portal]()
    assert played.rebuilt.code in range(24), played.rebuilt.err[-3000:]
    mine = f"{site.county_code}%"
    held = played.rows("select publisher, report_year from report where publisher like :c", c=mine)
    assert set(held) == set(site.truth.reports.values())
    read = played.rows(
        "select d.url from version v join document d on d.document = v.document"
        " where v.kind = 'report' and d.portal = :p",
        p=portal,
    )
    taken = {url for (url,) in read}
    assert taken <= set(site.truth.reports) | site.truth.attachments
    assert not taken & site.truth.others


def test_a_full_crawl_costs_little_more_than_what_it_brings(played: Played, portal: str) -> None:
    site = DRAWN[portal]()
    truth, asked = site.truth, played.asked(site, played.full_log)
    if portal == "drawn_app":  # the other's counter is asked by each page
        assert len(asked) == len(set(asked))
    assert len(asked) <= 1.1 * (truth.lists + len(truth.reports) + len(truth.attachments))


def test_a_routine_crawl_looks_at_the_first_pages_alone(played: Played, portal: str) -> None:
    assert played.routine.code == 0, played.routine.err[-3000:]
    site = DRAWN[portal]()
    assert len(played.asked(site, played.routine_log)) <= 2 + site.sublists


def test_what_was_sent_and_what_was_drawn_are_told_apart(played: Played, portal: str) -> None:
    """Every answer is a response; what was drawn is a conversion, each of a response that is there."""
    reader = played.full.reader
    responses = {entry.record_id for entry in reader.entries() if entry.kind == "capture" and entry.status}
    drawn = [one for one in reader.conversions() if one.context["portal"] == portal]
    assert drawn
    assert {one.of for one in drawn} <= responses
    roles = {one.context["role"] for one in drawn}
    assert roles == ({"column", "list", "report"} if portal == "drawn_app" else {"column", "list"})
    for one in drawn:
        assert is_route(one.url) == (portal == "drawn_app")
    index = [entry for entry in reader.entries() if entry.kind == "conversion"]
    assert all(entry.key.startswith("urn:conversion:") for entry in index), "no replay takes it for a page"
    assert verify(played.full.data / "warc").ok
