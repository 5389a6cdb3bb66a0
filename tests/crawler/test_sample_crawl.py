"""The five sample portals crawled for real: all planted reports are found, walks are whole."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml

from archive.context import RowOutcome, WalkResult
from archive.warc.index import IndexEntry
from tests.crawler.crawling import ROOT, Ran, scrapy
from tests.portals import planted
from tests.portals.rehearse import server

FIRST, SECOND, _ = planted.DAYS
SEED_001 = "001008006002065/2024-154563"


@dataclass(frozen=True)
class Day:
    ran: Ran
    arrivals: list[dict]

    def paths(self, host: str) -> list[str]:
        return [arrival["path"] for arrival in self.arrivals if arrival["host"] == host]


def crawl_day(data: Path, day: date, *arguments: str) -> Day:
    log = data / f"{day}{''.join(arguments)}.jsonl".replace("/", "")
    with server(day, log=log) as port:
        ran = scrapy(
            data,
            "crawl",
            "portal",
            *arguments,
            settings=(f"SAMPLE_PORT={port}", f"CLOCK_START={day}T09:00:00+08:00"),
            module="tests.portals.settings",
        )
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return Day(ran, [json.loads(line) for line in lines])


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Day:
    return crawl_day(tmp_path_factory.mktemp("sample"), FIRST, "-a", "full=1")


@pytest.fixture(scope="module")
def second(first: Day) -> Day:
    """The second day into the same archive, full again."""
    return crawl_day(first.ran.data, SECOND, "-a", "full=1")


@pytest.fixture(scope="module")
def routine(second: Day) -> Day:
    """The same day once more, routine."""
    return crawl_day(second.ran.data, SECOND)


def published(day: date) -> set[str]:
    return {report.url for report in planted.REPORTS if report.first_served <= day}


def test_every_planted_report_is_fetched(first: Day) -> None:
    assert first.ran.code == 0, first.ran.err
    fetched = {entry.url for entry in first.ran.captures("report")}
    assert fetched == published(FIRST)


def test_walks_are_whole_and_say_what_they_skipped(first: Day) -> None:
    walks = first.ran.walks()
    assert set(walks) == {f"{c.portal}/{c.key}" for c in planted.COLUMNS if c.reports}
    for walk in walks.values():
        assert (walk.result, walk.complete, walk.reason) == (WalkResult.HEALTHY, True, None)
        assert walk.pages
        assert len(set(walk.pages)) == len(walk.pages)
    skipped = [row for walk in walks.values() for row in walk.rows if row.outcome is RowOutcome.SKIPPED]
    notices = {n.url for n in planted.NOTICES if n.column.reports and n.first_served <= FIRST}
    assert {row.url for row in skipped} == notices
    assert all(row.reason and row.reason.startswith("not_a_report:") for row in skipped)


def test_rows_are_read_as_printed(first: Day) -> None:
    rows = {row.url: row for walk in first.ran.walks().values() for row in walk.rows}
    for report in planted.REPORTS:
        if report.first_served > FIRST:
            continue
        row = rows[report.url]
        assert row.title == report.title
        if report.dates["list"]:
            assert row.date == report.dates["list"]
        elif report.portal != "laishui":
            assert row.date is None
        if report.portal == "zhangshu" and report.list_index_number:
            assert row.index_number == report.list_index_number


def test_stated_totals_are_met(first: Day) -> None:
    totals = {key: walk.stated_total for key, walk in first.ran.walks().items()}
    assert all(totals[key] for key in ("zhuji/nb", "zhangshu/nb", "dongzhi/nb"))
    for key, walk in first.ran.walks().items():
        assert totals[key] in (None, len(walk.rows)), key


def test_contexts_tell_role_column_and_list(first: Day) -> None:
    reader = first.ran.reader
    captures = {c.url: c for c in reader.captures()}
    seed = next(r for r in planted.REPORTS if r.seed == "001")
    context = captures[seed.url].context
    assert (context["portal"], context["platform"], context["column"]) == ("zhuji", "hanweb", "nb")
    assert (context["list_title"], context["list_date"]) == (seed.title, seed.dates["list"])
    roles = Counter(entry.role for entry in first.ran.captures())
    assert roles["robots"] == 5
    assert roles["column"] == 6
    pdf = next(c for c in captures.values() if c.context.get("role") == "attachment")
    assert pdf.url.endswith(".pdf")
    assert pdf.context["via"] == next(r.url for r in planted.REPORTS if r.seed == "004")
    assert pdf.payload.startswith(b"%PDF")


def test_nothing_is_asked_twice_and_robots_come_first(first: Day) -> None:
    asked = Counter((a["host"], a["path"]) for a in first.arrivals)
    assert max(asked.values()) == 1
    for host in planted.HOSTS.values():
        assert first.paths(host)[0] == "/robots.txt"


def test_a_second_full_crawl_asks_conditionally(second: Day) -> None:
    assert second.ran.code == 0, second.ran.err
    assert {entry.url for entry in second.ran.captures("report")} >= published(SECOND)
    assert all(walk.complete for walk in second.ran.walks().values())
    statuses = {a["host"] + a["path"]: a["status"] for a in second.arrivals}
    tagged = [
        r
        for r in planted.REPORTS
        if r.portal in {"zhangshu", "changji", "laishui"} and r.first_served <= FIRST
    ]
    same = [r for r in tagged if not (r.replaced_on and r.replaced_on <= SECOND)]
    assert same
    assert {statuses[planted.HOSTS[r.portal] + r.path] for r in same} == {304}
    revisits = {e.url for e in second.ran.captures("report") if e.refers is not None}
    kept = [r for r in planted.REPORTS if r.first_served <= FIRST]
    unchanged = {r.url for r in kept if not (r.replaced_on and r.replaced_on <= SECOND)}
    assert revisits == unchanged, "unchanged pages become revisits, with or without validators"
    for url in {r.url for r in kept} - unchanged:
        old, new = (second.ran.reader.capture(entry) for entry in second.ran.reader.find(url))
        assert old.payload != new.payload, "a changed page is a new version, the old one stays"
    attachment = next(path for path in statuses if path.endswith(".pdf"))
    assert statuses[attachment] == 304, "the attachment of an unchanged page is asked for too"


def test_a_routine_crawl_of_unchanged_columns_costs_one_conditional_request_each(routine: Day) -> None:
    """UCAP's column page only leads to its JSON list: that is asked for straight away."""
    assert routine.ran.code == 0, routine.ran.err
    assert len({walk.run for walk in routine.ran.walks().values()}) == 1
    asked = Counter(a["host"] for a in routine.arrivals if a["path"] != "/robots.txt")
    columns = Counter(planted.HOSTS[c.portal] for c in planted.COLUMNS if c.reports)
    assert asked == columns
    tagged = {a["host"] for a in routine.arrivals if a["status"] == 304}
    assert tagged >= {"changji.test", "laishui.test"}
    kinds = {e.url: (e.status, e.refers is not None) for e in last_run(routine.ran) if e.role != "robots"}
    assert set(kinds.values()) == {(304, True), (200, True)}, "unchanged lists without validators repeat too"
    for walk in routine.ran.walks().values():
        assert not walk.complete
        assert walk.result is WalkResult.HEALTHY
        assert RowOutcome.HELD in {row.outcome for row in walk.rows}


def last_run(ran: Ran) -> list[IndexEntry]:
    """What the newest run captured."""
    *_, (_, mark) = ran.reader.runs()
    files = ran.reader.files_of(mark.run)
    return [entry for entry in ran.captures() if entry.file in files]


def test_years_leave_out_what_lies_outside(first: Day, tmp_path: Path) -> None:
    day = crawl_day(tmp_path, FIRST, "-a", "portals=zhuji", "-a", "years=2023", "-a", "full=1")
    walk = day.ran.walks()["zhuji/nb"]
    followed = {row.url for row in walk.rows if row.outcome is RowOutcome.FOLLOWED}
    wanted = {
        r.url
        for r in planted.REPORTS
        if r.column == planted.column("zhuji", "nb")
        and r.first_served <= FIRST
        and (r.year == 2023 or (r.list_day or r.day).year - 1 == 2023)
    }
    assert followed == wanted
    assert walk.years == (2023,)
    assert "year_outside" in {row.reason for row in walk.rows}


def route_crawl(folder: Path, name: str, column: dict[str, object]) -> Ran:
    """A crawl of a sample portal by its annual-report route alone."""
    shipped = yaml.safe_load((ROOT / "tests" / "portals" / f"{name}.yml").read_text(encoding="utf-8"))
    route = {"id": "route", "name": "年报", "kind": "route"} | column
    portals = folder / "portals"
    portals.mkdir(parents=True)
    text = yaml.safe_dump(
        shipped | {"columns": [route], "years": [2020, 2024]}, sort_keys=False, allow_unicode=True
    )
    (portals / f"{name}.yml").write_text(text, encoding="utf-8")
    with server(FIRST) as port:
        return scrapy(
            folder / "data",
            "crawl",
            "portal",
            "-a",
            "full=1",
            settings=(f"SAMPLE_PORT={port}", f"PORTAL_DIRS={portals}"),
            module="tests.portals.settings",
        )


def test_the_annual_report_route_of_hanweb(tmp_path: Path) -> None:
    """One request for each year; the one that has a report is a row, and the route is seen to work."""
    areas = [{"key": SEED_001.partition("/")[0], "publisher": "330681001"}]
    ran = route_crawl(tmp_path, "zhuji", {"url": "/module/xxgk/xxgkAnnualReport.jsp", "areas": areas})
    assert ran.code == 0, ran.err
    assert len(ran.captures("report")) == 5
    walk = ran.walks()["zhuji/route"]
    assert walk.complete
    assert walk.publishers == ("330681001",)
    (row,) = walk.rows
    assert "fbtime=2023" in row.url
    assert row.publisher_hint == "330681001"
    assert row.title == next(r.title for r in planted.REPORTS if r.seed == "001")


def test_a_route_that_never_answers_proves_nothing(tmp_path: Path) -> None:
    ran = route_crawl(
        tmp_path, "zhuji", {"url": "/module/xxgk/xxgkAnnualReport.jsp", "areas": [{"key": "no-such-organ"}]}
    )
    walk = ran.walks()["zhuji/route"]
    assert (walk.complete, walk.result) == (False, WalkResult.INCOMPLETE)
    assert ran.code == 10


def test_the_year_lists_of_openness(tmp_path: Path) -> None:
    ran = route_crawl(tmp_path, "dongzhi", {"url": "/OpennessAnnualReport/year/", "areas": [{"key": "6"}]})
    assert ran.code == 0, ran.err
    walk = ran.walks()["dongzhi/route"]
    wanted = {
        r.url
        for r in planted.REPORTS
        if r.portal == "dongzhi" and 2020 <= r.year <= 2024 and r.first_served <= FIRST
    }
    assert {row.url for row in walk.rows} == wanted
    assert walk.complete
    assert {entry.url for entry in ran.captures("report")} == wanted


def test_lookup_asks_the_portal_when_the_catalogue_is_empty(tmp_path: Path) -> None:
    with server(FIRST) as port:
        sample = {"settings": (f"SAMPLE_PORT={port}",), "module": "tests.portals.settings"}
        found = scrapy(tmp_path, "lookup", SEED_001, **sample)
        unknown = scrapy(tmp_path, "lookup", "001008006002065/2024-99", "-p", "zhuji", **sample)
    seed = next(r for r in planted.REPORTS if r.seed == "001")
    assert found.code == 0, found.err
    assert seed.url in found.out
    assert seed.title in found.out
    assert "zhuji" in found.out
    assert {entry.role for entry in found.captures()} == {"robots", "lookup", "report"}
    assert unknown.code == 5, "a part of a number is not the number"
    assert unknown.out == ""
