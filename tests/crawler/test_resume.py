"""A killed run goes on where it was; a finished one is read again without the network (archive.md §3.10)."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue import Catalogue, schema
from archive.clock import SimulatedClock
from archive.context import RunEvent, RunRecord, WalkResult
from archive.register import load_register
from archive.warc.verify import verify
from archive.warc.writer import ArchiveWriter
from extract.rebuild import rebuild
from tests.crawler.crawling import ROOT, list_page, portal_file, scrapy, scrapy_command
from tests.crawler.odd_server import Answer, odd_server
from tests.crawler.place import Place
from tests.portals import planted
from tests.portals.rehearse import server

DAY = planted.DAYS[1]
MODULE = "tests.portals.settings"
FULL = ("crawl", "portal", "-a", "full=1", "-a", "portals=zhuji,laishui")
HOSTS = 2
REGISTER = ROOT / "tests" / "portals" / "register"


def settings(port: int) -> tuple[str, ...]:
    return (f"SAMPLE_PORT={port}", f"CLOCK_START={DAY}T09:00:00+08:00")


def arrivals(log: Path) -> list[tuple[str, str]]:
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [(line["host"], line["path"]) for line in map(json.loads, lines)]


def killed_after(data: Path, port: int, log: Path, wanted: int) -> None:
    """A full crawl, killed when the server has seen so many requests."""
    before = len(arrivals(log))
    command = scrapy_command(data, *FULL, settings=settings(port), module=MODULE)
    with (data.parent / "killed.log").open("w") as said:
        process = subprocess.Popen(command.line, cwd=ROOT, env=command.environment, stdout=said, stderr=said)
        try:
            while len(arrivals(log)) - before < wanted:
                assert process.poll() is None, "the crawl ended before it could be killed"
                time.sleep(0.002)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(20)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """The catalogue of the crawl that nobody kills, and how many requests it takes."""
    data = tmp_path_factory.mktemp("undisturbed")
    with server(DAY, log=data / "log") as port:
        ran = scrapy(data, *FULL, settings=settings(port), module=MODULE)
    assert ran.code == 0, ran.err
    return catalogue_of(data / "warc"), len(arrivals(data / "log"))


def catalogue_of(archive: Path) -> dict[str, Any]:
    """What a catalogue says, but for what no two crawls share: record ids, places and moments."""
    with Catalogue(f"sqlite:///{archive.parent / 'compared.sqlite'}") as catalogue:
        rebuild(archive, catalogue, load_register([REGISTER]))
        reports = {
            (row["publisher"], row["report_year"], row["version"], row["url"], row["attribution"])
            for row in catalogue.rows(schema.report)
        }
        cells = {(row["version"], row["key"], row["value"]) for row in catalogue.rows(schema.cell)}
        table = schema.date_claim
        claims = Counter((row["kind"], row["source"], row["raw"]) for row in catalogue.rows(table))
        documents = {
            (row["url"], row["role"], row["page"], row["publisher"], row["n_captures"])
            for row in catalogue.rows(schema.document)
        }
        probes = Counter(
            (row["portal"], row["column_id"], row["listing"], row["result"], row["complete"], row["reason"])
            for row in catalogue.rows(schema.probe)
        )
        captures = Counter(
            (row["url"], row["status"], row["payload_digest"], row["role"], row["column_id"], row["via"])
            for row in catalogue.rows(schema.capture)
        )
    return {
        "reports": reports,
        "cells": cells,
        "claims": claims,
        "documents": documents,
        "probes": probes,
        "captures": captures,
    }


@pytest.mark.parametrize("share", [(0.06,), (0.3, 0.25), (0.93,)], ids=["early", "twice", "late"])
def test_a_killed_run_goes_on_where_it_was(
    tmp_path: Path, undisturbed: tuple[dict[str, Any], int], share: tuple[float, ...]
) -> None:
    catalogue, requests = undisturbed
    data, log = tmp_path / "data", tmp_path / "arrivals"
    data.mkdir()
    with server(DAY, log=log) as port:
        for part in share:
            killed_after(data, port, log, int(part * requests))
        ran = scrapy(data, *FULL, settings=settings(port), module=MODULE)
    assert ran.code == 0, ran.err
    asked = Counter(arrivals(log))
    repeated = sum(asked.values()) - len(asked)
    assert len(asked) == requests, "nothing is left out"
    assert repeated <= HOSTS * len(share), "one request at a time per host can be under way when it is killed"
    marks = [record.event for _, record in ran.reader.runs()]
    assert marks == [RunEvent.BEGAN, *[RunEvent.RESUMED] * len(share), RunEvent.ENDED]
    assert len({record.run for _, record in ran.reader.runs()}) == 1
    assert verify(data / "warc").ok
    assert catalogue_of(data / "warc") == catalogue


def site(path: str, before: int) -> Answer:
    if path == "/robots.txt":
        return Answer(404)
    if path == "/nb/":
        links = [
            (f"./202501/t20250110_{n}.html", f"示例{n}镇2024年政府信息公开工作年度报告") for n in range(3)
        ]
        return Answer(body=list_page(*links))
    if path == "/col/":
        records = "".join(
            f'<record><![CDATA[<li><a href="/art/2025/1/10/art_1_{n}.html" title="示例{n}镇2024年政府信息公开'
            f'工作年度报告">…</a><span>2025-01-10</span></li>]]></record>'
            for n in range(3)
        )
        island = f"<datastore><recordset>{records}</recordset></datastore>"
        return Answer(body=f'<html><body><script type="text/xml">{island}</script></body></html>')
    return Answer(body="<html><body><h1>示例镇2024年政府信息公开工作年度报告</h1></body></html>")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with odd_server({"demo.test": site}) as server:
        yield Place(tmp_path, server)


def test_a_run_is_read_again_without_the_network(place: Place) -> None:
    ran = place.crawl("-a", "full=1")
    assert ran.code == 0, ran.err
    (first,) = (walk for _, walk in ran.reader.walks())
    asked, captures = len(place.server.arrivals), ran.captures()
    again = place.crawl("-a", f"replay={first.run}", at=f"{DAY}T15:00")
    assert again.code == 0, again.err
    assert len(place.server.arrivals) == asked, "the network was touched"
    assert again.captures() == captures
    old, new = (walk for _, walk in again.reader.walks())
    assert (new.run, new.rows, new.pages, new.complete) == (old.run, old.rows, old.pages, True)
    assert old.started <= new.started <= new.ended <= old.ended, "the look took place when its pages came"


def test_a_newer_adapter_finds_rows_that_were_never_fetched(place: Place) -> None:
    """The first adapter could not read the list; the right one can, but the reports were never asked for."""
    column = {"id": "nb", "name": "年报", "url": "/col/", "kind": "reports"}
    portal_file(place.portals, "demo", columns=[column])
    ran = place.crawl("-a", "full=1")
    (first,) = (walk for _, walk in ran.reader.walks())
    assert (first.rows, first.result) == ((), WalkResult.LAYOUT_CHANGED)
    portal_file(place.portals, "demo", columns=[column], platform="hanweb")
    asked = len(place.server.arrivals)
    again = place.crawl("-a", f"replay={first.run}")
    assert again.code == 10
    assert len(place.server.arrivals) == asked
    *_, new = (walk for _, walk in again.reader.walks())
    assert (new.adapter, len(new.rows), new.complete) == ("hanweb", 3, False)
    assert {row.reason for row in new.rows} == {"not_archived"}
    assert new.result is WalkResult.INCOMPLETE
    assert "404" in (new.reason or "")


def test_what_cannot_be_read_again_is_refused(place: Place) -> None:
    place.crawl("-a", "full=1")
    unknown = place.crawl("-a", "replay=20200101T000000Z-abcdef")
    assert (unknown.code, unknown.err.count("\n")) == (5, 1), unknown.err
    assert "20200101T000000Z-abcdef" in unknown.err
    both = place.crawl("-a", "replay=x", "-a", "full=1")
    assert (both.code, both.err.count("\n")) == (2, 1), both.err


@pytest.mark.parametrize(
    ("arguments", "hour", "settings"),
    [
        (("-a", "full=1", "-a", "resume=0"), 9, ()),
        (("-a", "full=1", "-a", "years=2024"), 9, ()),
        ((), 9, ()),
        (("-a", "full=1"), 23, ("RESUME_WITHIN_HOURS=10",)),
    ],
    ids=["told-not-to", "other-years", "routine", "too-old"],
)
def test_another_run_begins_anew(
    place: Place, arguments: tuple[str, ...], hour: int, settings: tuple[str, ...]
) -> None:
    unfinished(place)
    ran = place.crawl(*arguments, at=f"{DAY}T{hour:02}:00", settings=settings)
    assert len({record.run for _, record in ran.reader.runs()}) == 2
    assert ran.code == 0, ran.err


def test_a_run_that_was_cut_off_before_its_first_request_goes_on(place: Place) -> None:
    unfinished(place)
    ran = place.crawl("-a", "full=1", at=f"{DAY}T10:00")
    assert ran.code == 0, ran.err
    assert [record.event for _, record in ran.reader.runs()][-2:] == [RunEvent.RESUMED, RunEvent.ENDED]
    assert len({record.run for _, record in ran.reader.runs()}) == 1
    assert max(Counter(place.server.paths("demo.test")).values()) == 1


def with_attachments(path: str, before: int) -> Answer:
    """Each report links a file; answers take a moment, so that a crawl can be killed among them."""
    if path.endswith(".html"):
        file = path.replace(".html", ".pdf")
        return Answer(body=f'<html><body><h1>年度报告</h1><a href="{file}">附件</a></body></html>', wait=0.2)
    return (
        Answer(body=b"%PDF-", content_type="application/pdf") if path.endswith(".pdf") else site(path, before)
    )


def test_a_routine_run_takes_nothing_of_its_own_for_held_before(tmp_path: Path) -> None:
    """A report archived right before the kill is followed again: its attachment was not asked for yet."""
    with odd_server({"demo.test": with_attachments}) as server:
        place = Place(tmp_path, server)
        given = (f"PORTAL_DIRS={place.portals}", "GUARD_EXEMPT_HOSTS=demo.test")
        options = (*settings(server.port), *given)
        command = scrapy_command(place.data, "crawl", "portal", settings=options)
        process = subprocess.Popen(
            command.line,
            cwd=ROOT,
            env=command.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        try:
            while len(server.arrivals) < 4:  # robots.txt, the list, one report; the second is under way
                assert process.poll() is None
                time.sleep(0.005)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(20)
        ran = place.crawl()
        asked = Counter(server.paths("demo.test"))
    assert ran.code == 0, ran.err
    assert sum(path.endswith(".pdf") for path in asked) == 3
    assert sum(asked.values()) - len(asked) <= 1


def unfinished(place: Place) -> None:
    """A full run that ends before it has begun to ask: its mark of the beginning is all there is."""
    clock = SimulatedClock(datetime.fromisoformat(f"{DAY}T09:00:00+08:00"))
    with ArchiveWriter(place.data / "warc", clock=clock, warcinfo={"run": "cut-off"}) as writer:
        writer.write_run(
            RunRecord(
                run="cut-off", event=RunEvent.BEGAN, at=clock.now(), portals=("demo",), years=(), full=True
            )
        )
