"""Two crawls on one archive at a time, and a clock that is set back between crawls (archive.md §4)."""

from __future__ import annotations

import subprocess
import threading
from datetime import date
from pathlib import Path

from archive.warc.verify import verify
from tests.archive.warc_making import demand_that_others_read, warcs
from tests.crawler.crawling import ROOT, Ran, full_crawl, list_page, portal_file, scrapy_command
from tests.crawler.odd_server import Answer, odd_server
from tests.crawler.place import Place

TITLE = "示例镇2024年政府信息公开工作年度报告"
REPORT = "/nb/202501/t20250110_1.html"
PAGES = {"/nb/": list_page((REPORT, TITLE)), REPORT: f"<html><body><h1>{TITLE}</h1></body></html>"}


def test_the_second_crawl_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def answers(path: str, before: int) -> Answer:
        if path == "/nb/":
            begun.set()
            goes_on.wait(60)
        return Answer(body=PAGES[path]) if path in PAGES else Answer(404)

    with odd_server({"demo.test": answers}) as server:
        portal_file(tmp_path / "portals", "demo")
        places = (f"PORTAL_DIRS={tmp_path / 'portals'}", f"SAMPLE_PORT={server.port}")
        settings = (*places, "GUARD_EXEMPT_HOSTS=demo.test")
        command = scrapy_command(tmp_path / "data", "crawl", "portal", "-a", "full=1", settings=settings)
        with subprocess.Popen(
            command.line, cwd=ROOT, env=command.environment, stderr=subprocess.PIPE, text=True
        ) as first:
            assert begun.wait(60)
            second = full_crawl(tmp_path, server.port, "demo.test")
            goes_on.set()
            _, log = first.communicate(timeout=60)
    assert second.code == 3, second.err
    assert str(first.pid) in second.err, "it says who holds the archive"
    assert (first.returncode, server.paths("demo.test")) == (0, ["/robots.txt", "/nb/", REPORT]), log
    ran = Ran(0, "", "", tmp_path / "data")
    assert ran.walks()["demo/nb"].complete
    result = verify(ran.data / "warc")
    assert (result.damages, result.notes) == ([], [])


def test_a_clock_that_was_set_back(tmp_path: Path) -> None:
    """Captures go back in time with it; nothing is lost, doubled or refused, and revisits still resolve."""

    def answers(path: str, before: int) -> Answer:
        return Answer(body=PAGES[path], headers=(("ETag", '"1"'),)) if path in PAGES else Answer(404)

    with odd_server({"demo.test": answers}) as server:
        place = Place(tmp_path, server)
        days = ("2026-02-10", "2026-02-03", "2026-02-11")
        crawls = [place.crawl("-a", "full=1", at=f"{day}T09:00") for day in days]
    ran = crawls[-1]
    assert [crawl.code for crawl in crawls] == [0, 0, 0], ran.err
    held = [entry for entry in ran.captures() if entry.url.endswith(REPORT)]
    assert [entry.date.date() for entry in held] == [date.fromisoformat(day) for day in days]
    reader = ran.reader
    assert {reader.capture(entry).payload for entry in held} == {PAGES[REPORT].encode()}
    assert [entry.refers and entry.refers.record_id for entry in held] == [None] + [held[0].record_id] * 2
    result = verify(ran.data / "warc")
    assert (result.damages, result.notes) == ([], [])
    demand_that_others_read(warcs(ran.data / "warc"))
