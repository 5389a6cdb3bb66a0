"""What is wrong or missing before an audit: each told in a clear line, Chinese first, and nobody accused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from archive.audit.run import Audit, Scope, run_audit
from archive.catalogue import Catalogue
from archive.register import RegisterError, load_register
from crawler.audit_notes import audit_notes
from tests.archive.planted.world import World, moment
from tests.archive.test_audit_commands import audited, scrapy

DUE = date(2026, 1, 31)


def audit_of(world: World, year: int = 2025) -> Audit:
    with Catalogue("sqlite://") as catalogue:
        world.fill(catalogue)
        counties = tuple(place.code for place in world.places)
        return run_audit(catalogue, world.register(), Scope(world.as_of, None, (year,), counties))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county looked at on 10 and 13 February 2025: a town in time, one missing, a bureau late."""
    folder = tmp_path_factory.mktemp("data")
    world = World(date(2025, 2, 14))
    place = world.place("999901")
    good, late = (
        place.body("township_government", "township_government"),
        place.body("county_department", "county_department"),
    )
    place.body("township_government", "township_government")
    for body, day in ((good, date(2025, 1, 20)), (late, date(2025, 2, 8))):
        claim = ("published", "metadata_row", (day, day))
        world.capture(place.page(body, 2024), body, 2024, moment(day), [claim])
    for day in (date(2025, 2, 10), date(2025, 2, 13)):
        place.walk(day)
    with Catalogue(f"sqlite:///{folder / 'catalogue.sqlite'}") as catalogue:
        world.fill(catalogue)
    rows = [body.model_dump(mode="json", include=_FIELDS) for body in place.bodies]
    file = {
        "format": 1,
        "provenance": "made for a test",
        "counties": [{"code": place.code, "name": place.name}],
        "publishers": rows,
    }
    (folder / "county.yml").write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")
    return folder


_FIELDS = {"code", "county_code", "official_name", "kind"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--as-of", "2999-01-01"), "核查日过远"),
        (("--as-of", "2025-2-3"), "日期应写成"),
        (("--as-of", "2025-02-29"), "日期应写成"),
        (("--as-of", "2025-02-03T09:00:00"), "日期应写成"),
        (("--as-of", "明天"), "日期应写成"),
        (("--as-of", ""), "请给出核查日"),
        (("--as-of", "2025-02-14", "--seen-until", "2025-02-14T25:00:00"), "时间应写成"),
        (("--as-of", "2025-02-14", "--county", "330109"), "名录中没有县区"),
        (("--as-of", "2025-02-14", "--publisher", "某县没有的局"), "名录中没有这个单位"),
    ],
)
def test_a_day_a_county_or_a_body_that_is_none(data: Path, arguments: tuple[str, ...], told: str) -> None:
    done = scrapy(data, "audit", *arguments)
    assert done.returncode == 2, done.stdout
    assert done.stderr.startswith(told)
    assert done.stdout == ""


def test_a_county_of_the_country_is_told_how_to_come_into_the_register(data: Path) -> None:
    done = scrapy(data, "audit", "--as-of", "2025-02-14", "--county", "330109")
    assert "scrapy register draft 330109 --write" in done.stderr


def test_a_day_long_after_the_last_look_is_told(data: Path) -> None:
    done = scrapy(data, "audit", "--as-of", "2026-12-31", "--years", "2025", "--county", "999901")
    assert done.returncode == 23, done.stdout  # nothing is called missing that nobody looked for
    assert done.stderr.startswith("核查日2026-12-31晚于最后一次采集（2025-02-13）686天")
    assert audited(data).stderr == ""


def test_a_county_without_a_portal_accuses_nobody(data: Path) -> None:
    done = scrapy(data, "audit", "--as-of", "2025-02-14", "--years", "2024", "--county", "360982")
    assert done.returncode == 23
    assert done.stderr.startswith("樟树市：没有门户文件或从未采集，全部记为未能核查")
    assert "未能核查（非单位原因）" in done.stdout


def test_only_the_bodies_asked_for_are_told(data: Path) -> None:
    done = audited(data, "--publisher", "示例一镇", "999901-002")
    assert done.returncode == 21, done.stderr
    assert "示例一镇人民政府" in done.stdout  # though it is as it should be
    assert "示例二局" in done.stdout
    assert "示例三镇" not in done.stdout
    one = audited(data, "--publisher", "示例一镇人民政府", "--format", "letter")
    assert one.returncode == 0
    assert "的核查情况为：已公开；按期" in one.stdout
    assert "向主管部门提出" in audited(data, "--format", "citizen").stdout


def test_a_portal_that_was_down_all_january() -> None:
    world = World(date(2026, 2, 3))
    place = world.place("900001")
    bodies = [place.body("county_department", "county_department") for _ in range(8)]
    for body in bodies:  # last year's reports are there
        page = place.page(body, 2024)
        world.capture(
            page, body, 2024, moment(date(2025, 1, 20)), [("published", "list_row", (date(2025, 1, 20),) * 2)]
        )
    place.walk(date(2025, 12, 30))
    for day in range(1, 35):
        place.walk(date(2025, 12, 31) + timedelta(days=day), [], result="unreachable")
    audit = audit_of(world)
    assert {(v.presence, v.not_crawled) for v in audit.verdicts} == {("not_crawled", "unreachable")}
    assert (audit.missing, audit.late, audit.unknown) == (False, False, True)
    assert "未能走完" in audit.verdicts[0].reasons[0].zh
    assert list(audit_notes(audit)) == []


def test_what_it_shows_when_it_is_back_is_judged_by_what_it_says() -> None:
    """After a month without a look: a day told is believed, an undated report is not called late."""
    world = World(date(2026, 2, 28))
    place = world.place("900001")
    dated, undated, gone = (place.body("county_department", "county_department") for _ in range(3))
    back = date(2026, 2, 4)
    claim = ("published", "metadata_row", (date(2026, 1, 20), date(2026, 1, 20)))
    world.capture(place.page(dated, 2025), dated, 2025, moment(back), [claim])
    world.capture(place.page(undated, 2025), undated, 2025, moment(back))
    for day in (date(2026, 1, 5), date(2026, 2, 2)):
        place.walk(day, [], result="unreachable")
    for day in (back, date(2026, 2, 10)):
        place.walk(day)
    verdicts = {v.publisher.code: v for v in audit_of(world).verdicts}
    assert verdicts[dated.code].timeliness == "on_time"
    assert verdicts[undated.code].timeliness == "date_unknown"
    assert verdicts[gone.code].presence == "missing"  # two whole looks after the due day


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(2087, 12, 31), date(1, 1, 1), date(9999, 12, 31)])
def test_a_report_of_an_impossible_day_is_not_late_and_not_on_time(day: date) -> None:
    world = World(date(2026, 6, 30))
    place = world.place("900001")
    body = place.body("county_department", "county_department")
    world.capture(
        place.page(body, 2025),
        body,
        2025,
        moment(date(2026, 3, 1)),
        [("published", "metadata_row", (day, day))],
    )
    place.walk(date(2026, 3, 1))
    [verdict] = audit_of(world).verdicts
    assert (verdict.presence, verdict.timeliness) == ("held", "date_unknown")
    assert "没有可信的公开日期，2026-03-01首次采集到" in verdict.reasons[-1].zh


@pytest.mark.parametrize(
    ("clock", "day", "status"),
    [
        ("23:59", DUE + timedelta(days=2), "on_time_next_workday"),  # Monday 2 February, in China
        ("00:00", DUE + timedelta(days=3), "date_unknown"),  # 2 February still, in UTC
    ],
)
def test_a_day_is_chinas(clock: str, day: date, status: str) -> None:
    world = World(date(2026, 6, 30))
    place = world.place("900001")
    body = place.body("county_department", "county_department")
    world.capture(place.page(body, 2025), body, 2025, moment(day, clock))
    place.walk(date(2026, 3, 1))
    [verdict] = audit_of(world).verdicts
    assert verdict.timeliness == status


BODY = (
    '  - {{code: 999901-{n}, county_code: "999901", official_name: {name}, kind: county_department{more}}}\n'
)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((("某县某局", ""), ("某县某局", "")), "在同一县区有两个代码"),
        (
            (("某县某局", ", valid_until: 2022"), ("某县某局", ", valid_from: 2022")),
            "在同一县区有两个代码",
        ),
        (
            (
                ("某县某局", ""),
                ("某县他局", ", aliases: [{name: 某县某局, reason: 旧名, valid_until: 2020}]"),
            ),
            "在重叠的年度同属两个单位",
        ),
        ((("某县某局", ", valid_from: 2023, valid_until: 2022"),), "有效年度起止颠倒"),
        ((("某县某局", ", valid_from: 1970"),), "有误"),
    ],
)
def test_a_register_that_contradicts_itself(
    tmp_path: Path, rows: tuple[tuple[str, str], ...], told: str
) -> None:
    path = tmp_path / "county.yml"
    head = 'format: 1\nprovenance: made for a test\ncounties: [{code: "999901", name: 某县}]\npublishers:\n'
    body = "".join(BODY.format(n=n, name=name, more=more) for n, (name, more) in enumerate(rows))
    path.write_text(head + body, encoding="utf-8")
    with pytest.raises(RegisterError, match=told) as error:
        load_register([path])
    assert str(error.value).startswith("名录")
    assert "999901" in str(error.value) or "publishers" in str(error.value)


def test_one_name_one_after_the_other_is_no_contradiction(tmp_path: Path) -> None:
    path = tmp_path / "county.yml"
    rows = [("某县某局", ", valid_until: 2021"), ("某县某局", ", valid_from: 2022")]
    head = 'format: 1\nprovenance: made for a test\ncounties: [{code: "999901", name: 某县}]\npublishers:\n'
    body = "".join(BODY.format(n=n, name=name, more=more) for n, (name, more) in enumerate(rows))
    path.write_text(head + body, encoding="utf-8")
    register = load_register([path])
    for year, code in ((2021, "999901-0"), (2022, "999901-1")):
        match = register.match("某县某局", "999901", year)
        assert match.publisher is not None
        assert match.publisher.code == code
