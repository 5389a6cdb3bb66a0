"""What is held is asked for conditionally, what is unchanged becomes a revisit (issue 3 item 4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.catalogue import Catalogue, schema
from archive.context import RowOutcome, WalkResult
from archive.register import load_register
from archive.warc.verify import verify
from extract.rebuild import rebuild
from tests.crawler.crawling import list_page, portal_file
from tests.crawler.odd_server import Answer, Behaviour, odd_server
from tests.crawler.place import Place

TITLE = "示例镇2024年政府信息公开工作年度报告"
REPORT = "/nb/202501/t20250110_1.html"
LIST = list_page(("./202501/t20250110_1.html", TITLE))
PAGE = f"<html><body><h1>{TITLE}</h1><p>{'正文' * 200}</p></body></html>"
MODIFIED = (("Last-Modified", "Fri, 10 Jan 2025 01:00:00 GMT"), ("ETag", '"a"'))
FULL = ("-a", "full=1")
NAMES = ("If-None-Match", "If-Modified-Since")


@contextmanager
def played(folder: Path, behaviour: Behaviour) -> Iterator[Place]:
    with odd_server({"demo.test": behaviour}) as server:
        yield Place(folder, server)


def tagged(path: str, before: int) -> Answer:
    """Validators on everything; from the second time on nothing has changed."""
    if path == "/robots.txt":
        return Answer(404)
    if before:
        return Answer(304, headers=(("ETag", '"a"'),))
    return Answer(body=LIST if path == "/nb/" else PAGE, headers=MODIFIED)


def test_a_full_crawl_asks_for_documents_conditionally_and_for_lists_whole(tmp_path: Path) -> None:
    def behave(path: str, before: int) -> Answer:
        return Answer(body=LIST, headers=MODIFIED) if path == "/nb/" else tagged(path, before)

    with played(tmp_path, behave) as place:
        place.crawl(*FULL)
        ran = place.crawl(*FULL, at="2026-02-06T09:00")
    assert ran.code == 0, ran.err
    _, again = place.asked(REPORT)
    assert [again.headers.get(name) for name in NAMES] == ['"a"', "Fri, 10 Jan 2025 01:00:00 GMT"]
    assert not any(arrival.headers.get(name) for arrival in place.asked("/nb/") for name in NAMES)
    for url, status in (("http://demo.test/nb/", 200), (f"http://demo.test{REPORT}", 304)):
        first, second = ran.reader.find(url)
        assert (second.status, second.refers) == (status, first.as_original)
        assert ran.reader.capture(second).payload == ran.reader.capture(first).payload
    assert all(walk.complete for _, walk in ran.reader.walks())
    assert verify(tmp_path / "data" / "warc").ok


def test_an_unchanged_column_costs_a_routine_crawl_one_conditional_request(tmp_path: Path) -> None:
    with played(tmp_path, tagged) as place:
        place.crawl(*FULL)
        before = len(place.server.arrivals)
        ran = place.crawl(at="2026-02-06T09:00")
    asked = [arrival for arrival in place.server.arrivals[before:] if arrival.path != "/robots.txt"]
    assert [(a.path, a.headers.get("If-None-Match")) for a in asked] == [("/nb/", '"a"')]
    walk = ran.walks()["demo/nb"]
    assert [(row.outcome, row.title) for row in walk.rows] == [(RowOutcome.HELD, TITLE)]
    assert (walk.result, walk.complete) == (WalkResult.HEALTHY, False)


def test_a_changed_page_is_a_new_version_and_the_old_one_stays(tmp_path: Path) -> None:
    def behave(path: str, before: int) -> Answer:
        if path == REPORT and before:
            return Answer(body=PAGE.replace("正文", "更正"), headers=(("ETag", '"b"'),))
        return tagged(path, 0)

    with played(tmp_path, behave) as place:
        place.crawl(*FULL)
        place.crawl(*FULL, at="2026-02-06T09:00")
        ran = place.crawl(*FULL, at="2026-02-09T09:00")
    *_, third = place.asked(REPORT)
    assert third.headers["If-None-Match"] == '"b"', "the newest version is asked about"
    old, new, same = ran.reader.find(f"http://demo.test{REPORT}")
    assert (new.refers, same.refers) == (None, new.as_original)
    assert old.digest != new.digest


def test_refusals_never_repeat_each_other(tmp_path: Path) -> None:
    """Two equal challenge pages are two answers (archive.md T22)."""
    challenge = "<script>document.cookie='__jsl_clearance_s=1';location.reload()</script>"

    def behave(path: str, before: int) -> Answer:
        return Answer(body=challenge, headers=(("ETag", '"c"'),)) if path == REPORT else tagged(path, 0)

    with played(tmp_path, behave) as place:
        place.crawl(*FULL)
        ran = place.crawl(*FULL, at="2026-02-06T09:00")
    captures = ran.reader.find(f"http://demo.test{REPORT}")
    assert [(entry.status, entry.refers) for entry in captures] == [(200, None), (200, None)]
    assert not any(arrival.headers.get("If-None-Match") for arrival in place.asked(REPORT))


def test_each_year_begins_with_a_whole_answer(tmp_path: Path) -> None:
    with played(tmp_path, lambda path, before: tagged(path, 0)) as place:
        place.crawl(*FULL, at="2025-12-30T09:00")
        ran = place.crawl(*FULL, at="2026-01-05T09:00")
    assert not any(arrival.headers.get("If-None-Match") for arrival in place.asked(REPORT))
    assert [entry.refers for entry in ran.reader.find(f"http://demo.test{REPORT}")] == [None, None]


def test_a_304_that_nobody_asked_for_is_no_page(tmp_path: Path) -> None:
    def behave(path: str, before: int) -> Answer:
        return Answer(304) if path == REPORT else tagged(path, 0)

    with played(tmp_path, behave) as place:
        ran = place.crawl(*FULL)
    walk = ran.walks()["demo/nb"]
    assert ({row.reason for row in walk.rows}, walk.complete) == ({"http_304"}, False)


def test_a_redirect_does_not_take_the_validators_along(tmp_path: Path) -> None:
    """The first time the address is the page; later it leads to another one, which is asked for whole."""

    def behave(path: str, before: int) -> Answer:
        if path == REPORT and before:
            return Answer(302, headers=(("Location", "/moved.html"),))
        return tagged(path, 0)

    with played(tmp_path, behave) as place:
        place.crawl(*FULL)
        place.crawl(*FULL, at="2026-02-06T09:00")
        ran = place.crawl(*FULL, at="2026-02-09T09:00")
    first, second = place.asked("/moved.html")
    assert first.headers.get("If-None-Match") is None
    assert second.headers.get("If-None-Match") == '"a"', "what it leads to is held under its own address"
    assert len(ran.reader.find("http://demo.test/moved.html")) == 2


def test_a_column_that_is_itself_the_report_is_looked_at_again(tmp_path: Path) -> None:
    with played(tmp_path, tagged) as place:
        column = {"id": "nb", "name": "年报", "url": REPORT, "kind": "document"}
        portal_file(place.portals, "demo", columns=[column])
        place.crawl(*FULL)
        ran = place.crawl(at="2026-02-06T09:00")
    assert [a.headers.get("If-None-Match") for a in place.asked(REPORT)] == [None, '"a"']
    assert [row.outcome for row in ran.walks()["demo/nb"].rows] == [RowOutcome.HELD]


def test_a_second_list_adds_what_it_says_and_no_request(tmp_path: Path) -> None:
    """The lists name two days for one report; both become claims, and the catalogue grows as from nothing."""

    def behave(path: str, before: int) -> Answer:
        if path == "/bm/":
            return Answer(body=LIST.replace("./202501", "/nb/202501").replace("2025-01-10", "2025-02-11"))
        return tagged(path, 0)

    with played(tmp_path, behave) as place:
        columns = [
            {"id": name, "name": "年报", "url": f"/{name}/", "kind": "reports"} for name in ("nb", "bm")
        ]
        portal_file(place.portals, "demo", columns=columns)
        place.crawl(*FULL)
        ran = place.crawl(at="2026-02-06T09:00")
    assert len(place.asked(REPORT)) == 1
    (note,) = ran.reader.contexts()
    dates = {"nb": "2025-01-10", "bm": "2025-02-11"}
    assert note.url == f"http://demo.test{REPORT}"
    assert note.context["list_date"] == dates[note.context["column"]]
    archive, register = tmp_path / "data" / "warc", load_register()
    with (
        Catalogue(f"sqlite:///{tmp_path / 'grown.sqlite'}") as grown,
        Catalogue(f"sqlite:///{tmp_path / 'fresh.sqlite'}") as fresh,
    ):
        rebuild(archive, grown, register)
        rebuild(archive, grown, register)
        rebuild(archive, fresh, register, everything=True)
        assert grown.content_hash() == fresh.content_hash()
        listed = {row["raw"] for row in grown.rows(schema.date_claim) if row["source"] == "list_row"}
        (document,) = grown.rows(schema.document)
    assert listed == set(dates.values())
    assert document["n_captures"] == 1
