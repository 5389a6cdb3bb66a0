"""A season from 15 December to 30 April: every status on every played day is what the script asks for."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.catalogue import Catalogue
from archive.catalogue.schema import cell, report
from archive.warc.reader import ArchiveReader
from tests.line.season.check import Key, Verdict, differences, verdicts
from tests.line.season.pages import pages_on
from tests.line.season.script import CONTENT, PRESENCE, REASONS, TIMELINESS, Mood, expected, said_on, season
from tests.line.season.world import SeasonServer
from tests.portals.bodies import HOSTS
from tests.portals.figures import BLANKED
from tests.portals.rehearse import ROOT

SCRIPT = season()
DAYS = [day.day for day in SCRIPT.days]
RESULTS = {  # of a walk, by the mood of its portal
    Mood.DOWN: "unreachable",
    Mood.DECLINES: "declined",
    Mood.FORBIDS: "blocked",
    Mood.REDRAWN: "layout_changed",
    Mood.STOPPED: "incomplete",
}
SILENT = {"not_expected", "covered", "not_yet_due"}  # nothing was looked for
AXES = ("presence", "not_crawled", "timeliness", "content", "days_late")


@dataclass(frozen=True)
class Season:
    """The season as played."""

    data: Path

    @cached_property
    def record(self) -> dict[str, Any]:
        return json.loads((self.data / "played.json").read_text("utf-8"))

    @cached_property
    def said(self) -> dict[date, dict[Key, Verdict]]:
        return {day: verdicts(self.data / "audits" / f"{day}.json") for day in DAYS}

    def day(self, day: date) -> dict[str, Any]:
        return next(told for told in self.record["days"] if told["day"] == day.isoformat())

    def changes(self, day: date) -> dict[Key, Verdict]:
        return verdicts(self.data / "changes" / f"{day}.json")

    @cached_property
    def cells(self) -> dict[str, dict[str, tuple[float | None, float | None]]]:
        """Value and confidence of each number of the reports of 2025 that count, by publisher and key."""
        query = select(report.c.publisher, cell.c.key, cell.c.value, cell.c.confidence).join(
            cell, cell.c.version == report.c.version
        )
        found: dict[str, dict[str, tuple[float | None, float | None]]] = {}
        url = f"sqlite:///{self.data / 'catalogue.sqlite'}"
        with Catalogue(url) as catalogue, catalogue.engine.connect() as connection:
            rows = connection.execute(query.where(report.c.report_year == 2025)).all()
        for publisher, key, value, confidence in rows:
            found.setdefault(publisher, {})[key] = (value, confidence)
        return found


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Season:
    """Twelve days in one process."""
    data = tmp_path_factory.mktemp("season")
    done = subprocess.run(
        [sys.executable, "-m", "tests.line.season.play", "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Season(data)


@pytest.fixture(scope="module")
def portals() -> Iterator[SeasonServer]:
    """The portals, to be looked at as a browser does."""
    server = SeasonServer(SCRIPT)
    server.start()
    yield server
    server.shutdown()
    server.server_close()


def opened(server: SeasonServer, host: str, path: str) -> tuple[int, bytes]:
    """What a browser would see."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def of_trap(trap: str) -> list[str]:
    return [story.code for story in SCRIPT.stories if story.trap == trap]


# --- every status on every day ---------------------------------------------------------------------------


def test_every_status_of_every_day_is_the_planted_one(played: Season) -> None:
    """A false missing or a false late stands first: it alone would end trust."""
    wrong = differences(SCRIPT, played.data / "audits")
    assert not wrong, "\n".join(map(str, wrong[:20]))
    assert sum(len(said) for said in played.said.values()) > 12 * 2 * len(SCRIPT.stories)


def test_a_false_missing_or_late_is_found_and_stands_first(played: Season, tmp_path: Path) -> None:
    """Of two wrong verdicts of one audit, a gentler and a grave one."""
    name = f"{date(2026, 2, 10)}.json"
    audit = json.loads((played.data / "audits" / name).read_text("utf-8"))
    rows = {(v["publisher_code"], v["report_year"]): v for c in audit["counties"] for v in c["verdicts"]}
    rows["130623-S02", 2025]["timeliness"] = "date_disputed"
    rows["652301-S01", 2025]["timeliness"] = "late"
    (tmp_path / name).write_text(json.dumps(audit), encoding="utf-8")
    wrong = differences(SCRIPT, tmp_path)
    assert [(d.code, d.grave) for d in wrong] == [("652301-S01", True), ("130623-S02", False)]


@pytest.mark.parametrize("trap", SCRIPT.traps)
def test_a_trap_is_told_and_asserted(trap: str) -> None:
    """By a body of the script, or by a test of that name below."""
    assert of_trap(trap) or f"test_{trap}" in globals()


def test_every_status_has_its_turn() -> None:
    words = [said_on(story, year, day) for story in SCRIPT.stories for year in SCRIPT.years for day in DAYS]
    assert {word.presence for word in words} == PRESENCE
    assert {word.timeliness for word in words} - {None} == TIMELINESS
    assert {word.reason for word in words} - {None} == REASONS
    assert {flag for word in words for flag in word.content} == CONTENT


def test_the_script_reads_a_status_or_refuses_it() -> None:
    assert expected("held, late, complete, 9 days").days_late == 9
    for wrong in ("held, missing", "helt", "late, on_time"):
        with pytest.raises(ValueError, match="no status"):
            expected(wrong)


# --- what ends trust (practice.md §8) --------------------------------------------------------------------


def test_opens_in_a_browser(played: Season, portals: SeasonServer) -> None:
    """Whoever is called missing has no page that opens on that day."""
    looked = 0
    for day, said in played.said.items():
        missing = {key for key, verdict in said.items() if verdict["presence"] == "missing"}
        portals.show(day)
        for county in SCRIPT.counties:
            ever = {page.path: page for on in DAYS for page in pages_on(county, on)}
            for path, page in ever.items():
                if (page.code, page.year) not in missing:
                    continue
                status, body = opened(portals, HOSTS[county.portal], path)
                assert status == 404 or page.title.encode(portals_charset(county.portal)) not in body
                looked += 1
    assert looked


def portals_charset(portal: str) -> str:
    return "gbk" if portal == "changji" else "utf-8"


def test_office_list_differs(played: Season) -> None:
    printed = played.record["imported"].splitlines()
    new, left_out = (
        story.name
        for code in of_trap("office_list_differs")
        for story in SCRIPT.stories
        if story.code == code
    )
    assert printed[1:3] == ["名单中有、名录中没有 in the list, not in the register: 1", f"  {new}"]
    assert printed[3:5] == ["名录中有、名单中没有 in the register, not in the list: 1", f"  {left_out}"]
    listed = {s.code for c in SCRIPT.counties if c.office_list for s in c.stories if s.name != left_out}
    assert f"imported {len(listed)} " in printed[0]
    for said in played.said.values():
        judged = {code for (code, _), v in said.items() if v["expected_basis"] == "user_list"}
        assert judged == listed


def test_status_without_link(played: Season) -> None:
    """Each status names records, and each can be read back."""
    held = {entry.record_id for entry in ArchiveReader(played.data / "warc").entries()}
    bare = []
    for day, said in played.said.items():
        for key, verdict in said.items():
            if verdict["presence"] in SILENT or verdict["not_crawled"] == "never_visited":
                continue
            links = verdict["evidence"]
            if not links or not all(item["url"] for item in links):
                bare.append((day, key, verdict["presence"]))
            assert {item["record_id"] for item in links} <= held
    assert not bare


def test_zero_for_blank(played: Season) -> None:
    (code,) = of_trap("zero_for_blank")
    cells = played.cells[code]
    for row, column in BLANKED:
        assert cells[f"applications.{row}.{column}"][0] is None
    assert 0 not in {value for value, _ in cells.values()}


def test_ocr_without_mark(played: Season) -> None:
    (code,) = of_trap("ocr_without_mark")
    cells = played.cells[code]
    read = [confidence for value, confidence in cells.values() if value is not None]
    assert len(read) >= 20
    assert None not in read
    others = [
        mark for publisher, found in played.cells.items() if publisher != code for _, mark in found.values()
    ]
    assert others
    assert set(others) == {None}


def test_county_red_after_migration(played: Season) -> None:
    moved = of_trap("county_red_after_migration")
    for day in (date(2026, 2, 3), date(2026, 2, 5), date(2026, 2, 10)):
        said = {played.said[day][code, 2025]["presence"] for code in moved}
        assert said == {"column_suspect"}


def test_change_without_reason(played: Season) -> None:
    """What is another verdict than the day before is told, with a cause that is not the reader."""
    told = 0
    for before, day in pairwise(DAYS):
        changes = played.changes(day)
        for key, verdict in played.said[day].items():
            if any(verdict[axis] != played.said[before][key][axis] for axis in AXES):
                assert changes[key]["change"]["cause"] in {"captures", "day"}
                assert changes[key]["change_zh"].startswith(f"较{before}：")
                told += 1
    assert told > len(SCRIPT.stories)


# --- machines, portals, runs -----------------------------------------------------------------------------


def test_a_lost_machine_loses_nothing(played: Season) -> None:
    """From the WARCs alone: the same rows, verdicts and schedule; and past days judged again."""
    loss = played.record["loss"]
    assert loss["before"] == loss["after"]
    assert loss["before"]["report"]
    assert loss["same_audit"]
    assert loss["due_before"] == loss["due_after"]
    assert len(played.record["replayed"]) == 4
    assert all(played.record["replayed"].values())


def test_portals_are_told_as_they_were(played: Season) -> None:
    """Down and back, declining, forbidding, redrawn; a crawl of ours that was stopped."""
    for day in SCRIPT.days:
        walks = played.day(day.day)["walks"]
        for county in SCRIPT.counties:
            if day.crawled and county.portal not in day.crawled:
                continue
            mood = next((m for m in Mood if county.mood(day.day, m)), None)
            wanted = RESULTS[mood] if mood else "healthy"
            known = [c.id for c in county.columns if c.known_from <= day.day]
            told = {walks.get(f"{county.portal}/{column}") for column in known}
            assert told == {wanted}, (day.day, county.portal)


def test_a_crawl_that_was_stopped_says_so(played: Season) -> None:
    assert played.day(date(2026, 2, 5))["ended"]["laishui"] == "shutdown"


def test_a_run_that_lists_fewer_says_so_and_loses_nothing(played: Season) -> None:
    """Two rows were dropped and one report taken down on 24 February, one more on 10 March."""
    fewer = {day: played.day(day)["fewer"] for day in DAYS if played.day(day)["fewer"]}
    zhangshu = {
        day: before - now for day, rows in fewer.items() for p, _, before, now in rows if p == "zhangshu"
    }
    assert zhangshu == {date(2026, 2, 24): 3}


def test_a_portal_is_due_daily_in_season_and_not_within_the_hour(played: Season) -> None:
    due = {day: played.day(day)["due"] for day in DAYS}
    assert due.pop(date(2026, 2, 3)) == ["dongzhi"]  # forty minutes after the look at the others
    assert all(found == sorted(HOSTS) for found in due.values())
