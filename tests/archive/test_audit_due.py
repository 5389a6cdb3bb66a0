"""`scrapy due`: from the archive's own walks, whatever else was lost. The systemd units beside it."""

from __future__ import annotations

import configparser
import io
import json
import shutil
import subprocess
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scrapy.cmdline import execute
from scrapy.settings import Settings

from archive.audit.due import Due, Looks, Pace, PortalPlan, cadence_table, read_looks, when_due
from archive.clock import SHANGHAI
from archive.context import RunEvent, RunRecord, WalkKind, WalkRecord, WalkResult
from archive.warc.reader import ArchiveReader
from archive.warc.writer import ArchiveWriter
from tests.extract.rebuild_making import FixedClock

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "docs" / "systemd"
PORTAL = """
id: {id}
name: 某县
county_code: "999901"
platform: trs
base_url: http://www.example.gov.cn/
columns:
  - {{id: nb, name: 年报, url: nb/}}
{more}
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def walk(
    day: str,
    *,
    portal: str = "a",
    column: str = "nb",
    result: str = "healthy",
    whole: bool = True,
    kind: WalkKind = WalkKind.COLUMN,
) -> WalkRecord:
    return WalkRecord(
        kind=kind,
        portal=portal,
        county_code="999901",
        column=column,
        column_url="http://www.example.gov.cn/nb/",
        publishers=(),
        years=(),
        run=f"run {day}",
        started=at(day),
        ended=at(day) + timedelta(minutes=30),
        pages=(),
        rows=(),
        result=WalkResult(result),
        complete=whole and result == "healthy",
        adapter="made",
        adapter_version="1",
    )


def run(day: str, event: str = "began", *, full: bool = True, portals: tuple[str, ...] = ("a",)) -> RunRecord:
    return RunRecord(
        run=f"run {day}", event=RunEvent(event), at=at(day), portals=portals, years=(), full=full
    )


def asked(now: str, *walks: WalkRecord, columns: tuple[str, ...] = ("nb",), pace: Pace | None = None) -> Due:
    looks = Looks(walks, frozenset(), ())
    [due] = when_due([PortalPlan("a", "某县", columns, pace)], looks, at(now))
    return due


def test_what_was_never_looked_at_is_due_whole() -> None:
    due = asked("2026-02-03T09:00")
    assert due.is_due(at("2026-02-03T09:00"))
    assert (due.full, due.last_look) == (True, None)


@pytest.mark.parametrize(
    ("now", "is_due", "full"),
    [
        ("2026-02-03T20:00", False, False),
        ("2026-02-04T06:59", False, False),
        ("2026-02-04T07:00", True, False),
        ("2026-02-09T09:00", True, False),
        ("2026-02-10T07:00", True, True),
    ],
)
def test_in_season_daily_and_whole_once_a_week(now: str, is_due: bool, full: bool) -> None:
    due = asked(now, walk("2026-02-03T09:00"))
    assert (due.is_due(at(now)), due.full) == (is_due, full)


@pytest.mark.parametrize(
    ("now", "is_due", "full"),
    [("2026-06-03T09:00", False, False), ("2026-06-09T07:00", True, False), ("2026-07-02T09:00", True, True)],
)
def test_out_of_season_weekly_and_whole_once_a_month(now: str, is_due: bool, full: bool) -> None:
    due = asked(now, walk("2026-06-02T09:00"))
    assert (due.is_due(at(now)), due.full) == (is_due, full)


def test_the_season_is_that_of_china() -> None:
    table = cadence_table()
    assert table.pace(datetime.fromisoformat("2025-12-31T16:00:00+00:00")) == table.dense
    assert table.pace(datetime.fromisoformat("2025-12-31T15:59:00+00:00")) == table.sparse


def test_a_routine_look_counts_for_the_day_and_not_for_the_week() -> None:
    looked = (walk("2026-02-03T09:00"), walk("2026-02-10T06:00", whole=False))
    due = asked("2026-02-10T12:00", *looked)
    assert due.is_due(at("2026-02-10T12:00"))
    assert due.full


def test_a_pause_doubles_with_each_failure_and_ends_with_a_success() -> None:
    failed = [walk(f"2026-02-04T{hour:02}:00", result="unreachable") for hour in (8, 10, 14)]
    good = walk("2026-02-03T09:00")
    for n, pause in ((1, 1), (2, 2), (3, 4)):
        due = asked("2026-02-04T23:00", good, *failed[:n])
        assert due.at == failed[n - 1].ended + timedelta(hours=pause)
        assert (due.failures, due.last_result) == (n, "unreachable")
    again = asked("2026-02-04T23:00", good, *failed, walk("2026-02-04T20:00"))
    assert (again.failures, again.at) == (0, at("2026-02-05T18:00"))
    long = asked(
        "2026-03-01T00:00", *(walk(f"2026-02-{d:02}T09:00", result="incomplete") for d in range(1, 20))
    )
    assert long.at == at("2026-02-19T09:30") + timedelta(hours=48)


def test_a_site_that_declines_is_left_alone_longer() -> None:
    declined = walk("2026-02-03T09:00", result="declined")
    assert asked("2026-02-03T12:00", declined).at == declined.ended + timedelta(hours=24)


def test_a_moved_layout_is_a_look_and_no_failure() -> None:
    due = asked("2026-02-03T12:00", walk("2026-02-03T09:00", result="layout_changed", whole=False))
    assert due.failures == 0
    assert due.full, "a whole walk is still lacking"


def test_one_failing_column_does_not_hold_up_the_others_and_a_new_one_is_due() -> None:
    looked = (walk("2026-02-03T09:00"), walk("2026-02-03T09:00", column="ml", result="declined"))
    due = asked("2026-02-04T08:00", *looked, columns=("nb", "ml"))
    assert due.is_due(at("2026-02-04T08:00"))
    assert due.columns == ("nb",)
    assert asked("2026-02-03T10:00", walk("2026-02-03T09:00"), columns=("nb", "new")).columns == ("new",)


def test_a_portal_of_its_own_pace() -> None:
    pace = Pace(routine_hours=71.5, full_hours=719.5)
    due = asked("2026-02-04T09:00", walk("2026-02-03T09:00"), pace=pace)
    assert due.at == at("2026-02-06T08:30")


# --- the command


def portals(folder: Path, **more: str) -> Path:
    place = folder / "portals"
    place.mkdir(exist_ok=True)
    for name in ("a", "b", *more):
        (place / f"{name}.yml").write_text(PORTAL.format(id=name, more=more.get(name, "")), encoding="utf-8")
    return place


def archived(folder: Path, *records: WalkRecord | RunRecord) -> Path:
    """Each record in a file of its own, as crawls of several days write them."""
    for record in records:
        moment = record.ended if isinstance(record, WalkRecord) else record.at
        with ArchiveWriter(
            folder / "warc", clock=FixedClock(moment), warcinfo={"isPartOf": "test"}
        ) as writer:
            if isinstance(record, WalkRecord):
                writer.write_walk(record)
            else:
                writer.write_run(record)
    return folder


def due(folder: Path, *arguments: str, portal_files: bool = True) -> tuple[int, str, str]:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    files = portals(folder) if portal_files else folder / "none"
    files.mkdir(exist_ok=True)
    places = {"DATA_DIR": folder, "ARCHIVE_DIR": folder / "warc", "PORTAL_DIRS": files}
    options = [part for name, place in places.items() for part in ("-s", f"{name}={place}")]
    out, err = io.StringIO(), io.StringIO()
    with chdir(ROOT), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        execute(["scrapy", "due", *arguments, *options], settings)
    return int(end.value.code or 0), out.getvalue(), err.getvalue()


def test_due_is_told_from_the_archive_with_everything_else_lost(tmp_path: Path) -> None:
    archived(
        tmp_path,
        run("2026-02-02T09:00"),
        walk("2026-02-02T09:00"),
        walk("2026-02-02T11:00", kind=WalkKind.ORGANS, portal="b"),
        run("2026-02-02T12:00", "ended"),
    )
    code, table, _ = due(tmp_path, "--at", "2026-02-03T08:00")
    assert code == 0
    assert "a\t某县\t常规 routine" in table
    assert "b\t某县\t完整 full\t尚未采集" in table, "an organ tree is no look at the column"
    assert "到期 due 2" in table
    assert due(tmp_path, "--at", "2026-02-03T08:00", "--kind", "full", "--format", "ids")[1] == "b\n"
    assert due(tmp_path, "--at", "2026-02-03T08:00", "--kind", "routine", "--format", "ids")[1] == "a\n"
    whole = json.loads(due(tmp_path, "--at", "2026-02-02T12:30", "--format", "json")[1])
    assert whole["at"] == "2026-02-02T12:30:00+08:00"
    assert [row["portal"] for row in whole["due"]] == ["b"]
    [later] = whole["later"]
    assert (later["portal"], later["due_since"]) == ("a", "2026-02-03T07:00:00+08:00")
    assert later["last_complete_walk"] == "2026-02-02T09:30:00+08:00"


def test_nothing_due_is_no_failure_and_no_line(tmp_path: Path) -> None:
    archived(tmp_path, walk("2026-02-03T09:00"), walk("2026-02-03T09:00", portal="b"))
    assert due(tmp_path, "--at", "2026-02-03T10:00", "--format", "ids", "--kind", "full") == (0, "", "")
    assert due(tmp_path, "--at", "2026-02-03T10:00")[1].startswith("到期 due 0，未到 not yet 2")


def test_who_has_no_portal_file_yet_is_told_where_to_begin(tmp_path: Path) -> None:
    archived(tmp_path, walk("2026-02-03T09:00"))
    code, out, told = due(tmp_path, "--at", "2026-02-03T10:00", portal_files=False)
    assert (code, out) == (0, "到期 due 0，未到 not yet 0\n")
    assert told.startswith("还没有门户文件 no portal file yet:")
    assert "scrapy detect" in told


def test_what_comes_later_is_not_known_yet(tmp_path: Path) -> None:
    archived(tmp_path, walk("2026-02-03T09:00"), walk("2026-02-20T09:00"))
    looks = read_looks(ArchiveReader(tmp_path / "warc"), at("2026-02-10T00:00"))
    assert [record.ended for record in looks.walks] == [at("2026-02-03T09:30")]


def test_a_run_that_was_cut_off_is_gone_on_with_under_its_own_portals(tmp_path: Path) -> None:
    archived(tmp_path, run("2026-02-03T09:00", portals=("a",)))
    ids = ("--kind", "full", "--format", "ids")
    assert due(tmp_path, "--at", "2026-02-03T11:00", *ids)[1] == "a\n"
    assert due(tmp_path, "--at", "2026-02-04T11:00", *ids)[1] == "a,b\n", "too old to be gone on with"
    archived(tmp_path, run("2026-02-03T09:00", "ended", portals=("a",)))
    assert due(tmp_path, "--at", "2026-02-03T11:00", *ids)[1] == "a,b\n"


def test_a_portal_file_may_set_its_cadence(tmp_path: Path) -> None:
    cadence = "cadence: {reason: 月报, routine_days: 30, full_days: 60}"
    archived(tmp_path, walk("2026-02-03T09:00", portal="c"))
    portals(tmp_path, c=cadence)
    whole = json.loads(due(tmp_path, "--at", "2026-02-20T09:00", "--format", "json")[1])
    [later] = whole["later"]
    assert (later["portal"], later["due_since"]) == ("c", "2026-03-05T08:30:00+08:00")
    portals(tmp_path, c="cadence: {routine_days: 30, full_days: 60}")
    code, _, told = due(tmp_path)
    assert code == 4
    assert "reason" in told


def test_an_odd_time_is_refused_in_one_line(tmp_path: Path) -> None:
    code, out, told = due(tmp_path, "--at", "tomorrow")
    assert (code, out, len(told.splitlines())) == (2, "", 1)
    assert "tomorrow" in told


# --- the units


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNITS / name, encoding="utf-8")
    return parser


def test_the_units_run_the_tick_and_carry_no_ones_address() -> None:
    service, timer = unit("nianbao-tick.service"), unit("nianbao-tick.timer")
    assert service["Service"]["Type"] == "oneshot"  # systemd never starts a second one beside the first
    assert service["Service"]["ExecStart"] == "/usr/bin/make tick"
    assert service["Service"]["KillMode"] == "mixed"  # the tick passes the signal on, once
    assert timer["Timer"]["Persistent"] == "true"  # what was missed while the machine was down is made up for
    assert "Asia/Shanghai" in timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"
    text = (UNITS / "nianbao-tick.service").read_text("utf-8")
    assert "NIANBAO_CONTACT=\n" in text, "whoever runs it sets who they are"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units() -> None:
    files = sorted(map(str, UNITS.iterdir()))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert [line for line in done.stderr.splitlines() if "nianbao" in line] == []
