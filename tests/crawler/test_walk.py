"""When absence may be read from a walk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archive.context import RowOutcome, WalkKind, WalkRecord, WalkResult
from crawler.answers import Trouble
from crawler.platforms import PLATFORMS
from crawler.platforms.base import ListPage, PageRequest
from crawler.platforms.rows import Row
from crawler.portal import Portal
from crawler.walk import MAX_PAGES, MAX_STALE, Run, Walk

NOW = datetime(2026, 2, 3, tzinfo=UTC)


def walk(*, full: bool = True, **column: object) -> Walk:
    shape = {"id": "nb", "name": "年报", "url": "/nb/"} | column
    portal = Portal.model_validate(
        {
            "id": "county",
            "name": "示例县",
            "county_code": "330681",
            "platform": "hanweb",
            "base_url": "https://www.example.gov.cn/",
            "years": [2024, 2025],
            "columns": [shape],
        }
    )
    return Walk(portal, portal.columns[0], PLATFORMS["hanweb"](portal), Run("r", frozenset(), full), NOW)


def page(
    *names: str, total: int | None = None, pages: int | None = None, more: bool = False, empty: bool = False
) -> ListPage:
    rows = tuple(Row(f"https://www.example.gov.cn/{name}", name) for name in names)
    return ListPage(rows, PageRequest("x") if more else None, total=total, pages=pages, says_empty=empty)


def request(number: int) -> PageRequest:
    return PageRequest(f"https://www.example.gov.cn/nb/{number}", number=number)


def outcome(record: WalkRecord) -> tuple[bool, WalkResult]:
    return record.complete, record.result


def seen(made: Walk, *pages: ListPage) -> WalkRecord:
    for number, listed in enumerate(pages, 1):
        made.add_page(f"<urn:uuid:{number}>", listed, request(number))
        for row in listed.rows:
            made.add_row(row, RowOutcome.FOLLOWED, None, None)
    return made.record(NOW)


def test_whole() -> None:
    record = seen(walk(), page("a", "b", total=3, more=True), page("c", total=3))
    assert outcome(record) == (True, WalkResult.HEALTHY)
    assert record.reason is None
    assert record.pages == ("<urn:uuid:1>", "<urn:uuid:2>")
    assert record.stated_total == 3
    assert [row.title for row in record.rows] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("pages", "result", "words"),
    [
        ((page("a", "b", total=3),), WalkResult.INCOMPLETE, "3"),
        ((page("a", "b", more=True), page("a", "b")), WalkResult.INCOMPLETE, "相同"),
        ((page("a", pages=3, more=True), page("b", pages=3)), WalkResult.INCOMPLETE, "3 页"),
        ((page(),), WalkResult.LAYOUT_CHANGED, "第 1 页"),
        ((page("a", more=True), page()), WalkResult.LAYOUT_CHANGED, "第 2 页"),
        ((), WalkResult.INCOMPLETE, "一页"),
    ],
)
def test_not_whole(pages: tuple[ListPage, ...], result: WalkResult, words: str) -> None:
    record = seen(walk(), *pages)
    assert outcome(record) == (False, result)
    assert words in (record.reason or "")


def test_a_missing_last_page_ends_a_list() -> None:
    made = walk()
    made.part(request(3)).ended_early = True
    assert outcome(seen(made, page("a", pages=3, more=True), page("b", pages=3))) == (
        True,
        WalkResult.HEALTHY,
    )


def test_each_list_of_a_column_keeps_its_own_books() -> None:
    made = walk()
    folder = replace(request(1), part="/nb/2021n/")
    opening = ListPage((), lists=(folder, folder))
    made.add_page("<urn:uuid:1>", opening, request(1))
    assert [made.opens(opened) for opened in opening.lists] == [True, False]
    made.add_page("<urn:uuid:2>", page("a", "b", total=2, pages=1), folder)
    made.add_page("<urn:uuid:3>", page("a", "b", total=2, pages=1), replace(folder, part="/nb/2022n/"))
    assert outcome(made.record(NOW)) == (True, WalkResult.HEALTHY)
    made.add_page("<urn:uuid:4>", page("c", total=2), replace(folder, part="/nb/2023n/"))
    record = made.record(NOW)
    assert (record.complete, record.stated_total) == (False, 6)
    assert "2023n" in (record.reason or "")


def test_what_a_platform_cannot_see_keeps_the_walk_open() -> None:
    made = walk()
    made.add_page("<urn:uuid:1>", replace(page("a"), unseen="栏目太多 too many folders"), request(1))
    assert not made.record(NOW).complete


def test_an_empty_list_that_says_so_is_whole_unless_it_once_had_rows() -> None:
    assert outcome(seen(walk(), page(empty=True))) == (True, WalkResult.HEALTHY)
    emptied = walk()
    emptied.had_rows = True
    assert outcome(seen(emptied, page(empty=True))) == (False, WalkResult.LAYOUT_CHANGED)


def test_a_routine_walk_proves_nothing() -> None:
    assert outcome(seen(walk(full=False), page("a"))) == (False, WalkResult.HEALTHY)
    stopped = walk()
    stopped.stopped_early = True
    assert not seen(stopped, page("a", total=9)).complete


def test_a_report_that_could_not_be_fetched_keeps_the_walk_open() -> None:
    made = walk()
    seen(made, page("a", "b"))
    trouble = Trouble(WalkResult.INCOMPLETE, "http_500", "HTTP 500")
    made.row_failed("https://www.example.gov.cn/a", trouble, proves_nothing=True)
    record = made.record(NOW)
    assert outcome(record) == (False, WalkResult.INCOMPLETE)
    assert [row.reason for row in record.rows] == ["http_500", None]


def test_the_gravest_trouble_names_the_walk() -> None:
    made = walk()
    made.trouble(WalkResult.INCOMPLETE, "x", "一")
    made.trouble(WalkResult.DECLINED, "y", "二")
    made.trouble(WalkResult.UNREACHABLE, "z", "一")
    record = seen(made, page("a"))
    assert record.result is WalkResult.DECLINED
    assert record.reason == "一；二"


def test_a_row_seen_again_keeps_its_outcome_and_gains_what_was_missing() -> None:
    made = walk()
    made.add_row(Row("u", "示例", None), RowOutcome.SKIPPED, "year_outside", None)
    made.add_row(Row("u", "示例…", "2025-01-01", None, "A/2025-1"), RowOutcome.FOLLOWED, None, "330681001")
    (row,) = made.record(NOW).rows
    assert (row.outcome, row.reason, row.title) == (RowOutcome.SKIPPED, "year_outside", "示例")
    assert (row.date, row.index_number, row.publisher_hint) == ("2025-01-01", "A/2025-1", "330681001")


def test_a_route_must_be_seen_to_work() -> None:
    route = {"kind": "route", "url": "/r.jsp", "areas": [{"key": "1", "publisher": "330681001"}]}
    silent = walk(**route)
    silent.pages.append("<urn:uuid:1>")
    record = silent.record(NOW)
    assert outcome(record) == (False, WalkResult.INCOMPLETE)
    assert record.publishers == ("330681001",)
    working = walk(**route)
    working.pages.append("<urn:uuid:1>")
    working.answers = 1
    assert working.record(NOW).complete


def test_a_pager_that_goes_round_is_stopped() -> None:
    made = walk()
    assert made.may_ask(request(1))
    assert not made.may_ask(request(1))
    assert made.may_ask(request(2))


def test_a_pager_that_never_ends_is_stopped() -> None:
    made = walk()
    assert all(made.may_ask(request(number)) for number in range(MAX_PAGES))
    assert not made.may_ask(request(MAX_PAGES + 1))


def test_a_look_up_and_an_organ_tree_are_no_homes() -> None:
    looked = walk()
    looked.kind = WalkKind.LOOKUP
    record = seen(looked, page("a", total=1))
    assert outcome(record) == (False, WalkResult.HEALTHY)
    assert (record.kind, record.reason is None) == (WalkKind.LOOKUP, False)


def test_harvested_organs_that_nobody_knows_prove_nothing() -> None:
    made = walk(kind="route", harvest=True, url="/r.jsp")
    made.pages.append("<urn:uuid:1>")
    made.answers = 1
    assert not made.record(NOW).complete
    known = {"areas": [{"key": "1", "publisher": "330681001"}, {"key": "2"}]}
    made = walk(kind="route", harvest=True, url="/r.jsp", **known)
    made.pages.append("<urn:uuid:1>")
    made.answers = 1
    record = made.record(NOW)
    assert (record.complete, record.publishers) == (True, ("330681001",))


def test_a_guess_beyond_the_end_may_show_the_last_page_again() -> None:
    guess = replace(request(3), probe=True)
    for known, whole in ((guess, True), (replace(guess, doubtful=True), False), (request(3), False)):
        made = walk()
        for number, asked in enumerate((request(1), request(2), known)):
            made.add_page("<urn:uuid:1>", page("ab"[min(number, 1)], more=True), asked)
        assert made.record(NOW).complete is whole
    first = walk()  # page 2 is page 1 once more: does the server read the number at all?
    first.add_page("<urn:uuid:1>", page("a", more=True), request(1))
    first.add_page("<urn:uuid:2>", page("a", more=True), replace(request(2), probe=True))
    assert not first.record(NOW).complete


def test_pages_that_bring_nothing_new_are_left() -> None:
    """A calendar: each page shows other rows of the same few; none comes twice, and it would never end."""
    made = walk()
    made.add_page("<urn:uuid:1>", page("a", "b", "c", "d", more=True), request(1))
    sets = ("a", "b", "c", "d", "ab", "cd", "ac")
    went = [
        made.add_page(f"<urn:uuid:{n}>", page(*rows, more=True), request(n)) for n, rows in enumerate(sets, 2)
    ]
    assert went == [True] * MAX_STALE + [False] * (len(sets) - MAX_STALE)
    assert "without a new row" in (made.record(NOW).reason or "")
