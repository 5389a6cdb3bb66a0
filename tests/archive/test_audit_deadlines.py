"""Due days by kind and year (statute.md §4.1), their working days (§4.4), and the words of the statuses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from archive.audit.deadlines import Basis, DeadlineTable, deadline, deadline_in, deadline_table
from archive.audit.statuses import Content, NotCrawled, Presence, Timeliness, status_table, word
from archive.audit.workdays import day_in_china, is_workday, next_workday, workdays_between
from archive.register import PublisherKind, load_register
from tests.archive.judging import claim, judged, probe, report


@pytest.mark.parametrize(
    ("kind", "year", "due", "outer", "basis"),
    [
        ("county_government", 2018, "2019-03-31", "2019-03-31", "statute"),
        ("county_government", 2019, "2020-03-31", "2020-03-31", "statute"),
        ("county_department", 2018, "2019-03-31", "2019-03-31", "statute"),
        ("county_department", 2019, "2020-01-31", "2020-01-31", "statute"),
        ("authorised_org", 2018, "2019-03-31", "2019-03-31", "analogy"),
        ("authorised_org", 2019, "2020-01-31", "2020-03-31", "analogy"),
        ("development_zone", 2023, "2024-01-31", "2024-03-31", "analogy"),
        ("township_government", 2018, "2019-03-31", "2019-03-31", "practice"),
        ("township_government", 2023, "2024-01-31", "2024-03-31", "practice"),
        ("subdistrict_office", 2018, "2019-03-31", "2019-03-31", "practice"),
        ("subdistrict_office", 2023, "2024-01-31", "2024-03-31", "practice"),
        ("vertical_body", 2023, "2024-01-31", "2024-03-31", "practice"),
    ],
)
def test_due_days(kind: str, year: int, due: str, outer: str, basis: str) -> None:
    found = deadline(PublisherKind(kind), year)
    assert found is not None
    assert (found.due.isoformat(), found.outer.isoformat(), found.basis.value) == (due, outer, basis)
    assert (found.note_zh == "") is (found.basis is Basis.STATUTE)


def test_every_kind_has_a_row_for_every_year() -> None:
    for kind in PublisherKind:
        for year in range(2008, 2031):
            found = deadline(kind, year)
            assert (found is None) is (kind is PublisherKind.PUBLIC_INSTITUTION)


@pytest.mark.parametrize(
    ("year", "closes"),
    [
        (2019, "2020-02-03"),
        (2020, "2021-02-01"),
        (2021, "2022-02-07"),
        (2022, "2023-01-31"),
        (2023, "2024-01-31"),
        (2024, "2025-02-05"),
        (2025, "2026-02-02"),
    ],
)
def test_the_next_working_day_after_31_january(year: int, closes: str) -> None:
    found = deadline(PublisherKind.COUNTY_DEPARTMENT, year)
    assert found is not None
    assert found.closes.isoformat() == closes
    assert not found.provisional


@pytest.mark.parametrize(
    ("year", "closes"),
    [
        (2011, "2012-03-31"),
        (2012, "2013-04-01"),
        (2017, "2018-04-02"),
        (2018, "2019-04-01"),
        (2023, "2024-04-01"),
    ],
)
def test_the_next_working_day_after_31_march(year: int, closes: str) -> None:
    found = deadline(PublisherKind.COUNTY_GOVERNMENT, year)
    assert found is not None
    assert found.closes.isoformat() == closes


def test_beyond_the_published_holidays_weekdays_count_provisionally() -> None:
    found = deadline(PublisherKind.COUNTY_DEPARTMENT, 2030)
    assert found is not None
    assert found.provisional
    assert is_workday(date(2031, 1, 31)) == (True, True)
    assert next_workday(date(2031, 2, 1)) == (date(2031, 2, 3), True)  # a Saturday


def test_working_days_between() -> None:
    assert workdays_between(date(2026, 2, 3), date(2026, 2, 3)) == 0
    assert workdays_between(date(2026, 2, 3), date(2026, 2, 5)) == 2
    assert workdays_between(date(2026, 2, 6), date(2026, 2, 8)) == 0  # a weekend


def test_days_are_chinas() -> None:
    assert day_in_china(datetime(2026, 2, 2, 15, 59, tzinfo=UTC)) == date(2026, 2, 2)
    assert day_in_china(datetime(2026, 2, 2, 16, 0, tzinfo=UTC)) == date(2026, 2, 3)
    with pytest.raises(ValueError, match="zone"):
        day_in_china(datetime(2026, 2, 2))  # noqa: DTZ001 - that is the point


def test_the_words_are_those_of_practice() -> None:
    assert word(Timeliness.LATE).zh == "逾期"
    assert word(Presence.MISSING).zh == "未检索到"
    assert word(Presence.MISSING_UNCONFIRMED).zh == "暂未检索到"
    assert word(Presence.NOT_CRAWLED).zh == "未能核查（非单位原因）"
    assert word(Presence.COLUMN_SUSPECT).zh == "疑似栏目调整"
    forbidden = ("未编制", "漏报", "拒不公开", "违法")
    table = status_table()
    for row in (*table.presence, *table.timeliness, *table.content, *table.not_crawled):
        assert not any(bad in row.zh for bad in forbidden)
        assert row.en
    assert len(table.presence) == len(Presence)
    assert len(table.content) == len(Content)
    assert len(table.not_crawled) == len(NotCrawled)


def test_late_is_said_only_on_a_statutory_basis() -> None:
    for kind in PublisherKind:
        found = judged(2024, kind=kind.value, held=report(2024, claim("2025-03-10")))
        said_late = "逾期" in found.words()
        assert said_late is (kind is PublisherKind.COUNTY_DEPARTMENT), kind
    township = judged(2024, kind="township_government", held=report(2024, claim("2025-03-10")))
    assert "晚于1月31日（条例未规定期限）" in township.words()
    assert "no statutory date" in township.words("en")
    past = judged(2024, kind="township_government", held=report(2024, claim("2025-05-10")))
    assert "晚于3月31日（条例未规定期限）" in past.words()


def test_red_is_only_for_what_the_statute_says() -> None:
    looks = (probe("2025-04-10"), probe("2025-04-20"))
    late = claim("2025-04-10")
    assert judged(2024, held=report(2024, late)).colour == "red"
    assert judged(2024, probes=looks).colour == "red"
    for kind in ("township_government", "subdistrict_office", "development_zone", "authorised_org"):
        assert judged(2024, kind=kind, held=report(2024, late)).colour == "amber"
        assert judged(2024, kind=kind, probes=looks).colour == "amber"
    assert judged(2024, probes=()).colour == "grey"


ROWS = deadline_table().model_dump(by_alias=True, mode="json")


def table_with(**changed: object) -> DeadlineTable:
    return DeadlineTable.model_validate({**ROWS, **changed})


def row(kind: str, **changed: object) -> dict[str, object]:
    """The row of a kind, changed."""
    [found] = [r for r in ROWS["deadlines"] if r["kind"] == kind and r["from"] is not None]
    return {**found, **changed}


def others(kind: str) -> list[dict[str, object]]:
    return [r for r in ROWS["deadlines"] if r["kind"] != kind or r["from"] is None]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"from": 2020}, "township_government 2019年度有0行"),
        ({"from": 2018}, "township_government 2018年度有2行"),
        ({"due": "02-30"}, "day"),
        ({"due": "31-01"}, "month"),
        ({"outer": "01-01"}, "outer 早于 due"),
        ({"due": None}, "due、outer 为空"),
        ({"basis": "none"}, "due、outer 为空"),
        ({"basis": "local_rule"}, "local_rules"),
        ({"basis": "notice"}, "basis"),
        ({"note_zh": ""}, "note_zh"),
        ({"article": ""}, "article"),
    ],
)
def test_a_table_with_gaps_doubles_or_strange_days_is_refused(changed: dict[str, object], told: str) -> None:
    rows = [*others("township_government"), row("township_government", **changed)]
    with pytest.raises(ValidationError, match=told):
        table_with(deadlines=rows)


def test_every_row_names_its_article_basis_and_source() -> None:
    table = deadline_table()
    assert (table.extensions, table.local_rules) == ((), ())  # none is known
    statutory = {r.kind for r in table.deadlines if r.basis is Basis.STATUTE}
    assert statutory == {PublisherKind.COUNTY_GOVERNMENT, PublisherKind.COUNTY_DEPARTMENT}
    assert all(r.article and r.source.startswith("statute.md §") for r in table.deadlines)


EXTENSION = {"scope": "3306", "report_year": 2025, "kinds": ["county_department"], "source": "某条例第一条"}
RULE = {
    "scope": "33",
    "form": "地方性法规",
    "kinds": ["township_government"],
    "from": 2024,
    "due": "01-20",
    "article": "某省条例第十条",
    "source": "某省人大公告",
}


def test_an_extension_moves_the_day_of_its_counties_alone() -> None:
    table = table_with(extensions=[{**EXTENSION, "due": "2026-02-15"}])
    for county, day in (("330681", date(2026, 2, 15)), ("340000", date(2026, 1, 31))):
        found = deadline_in(table, PublisherKind.COUNTY_DEPARTMENT, 2025, county)
        assert found is not None
        assert (found.due, found.outer >= found.due) == (day, True)
    with pytest.raises(ValidationError, match="延期不晚于原期限"):
        table_with(extensions=[{**EXTENSION, "due": "2026-01-31"}])


def test_a_local_rule_makes_law_and_a_notice_does_not() -> None:
    table = table_with(local_rules=[RULE])
    here = deadline_in(table, PublisherKind.TOWNSHIP_GOVERNMENT, 2024, "330681")
    there = deadline_in(table, PublisherKind.TOWNSHIP_GOVERNMENT, 2024, "340000")
    before = deadline_in(table, PublisherKind.TOWNSHIP_GOVERNMENT, 2023, "330681")
    assert here is not None
    assert there is not None
    assert before is not None
    assert (here.due, here.basis, here.basis.is_law) == (date(2025, 1, 20), Basis.LOCAL_RULE, True)
    assert (there.basis, before.basis) == (Basis.PRACTICE, Basis.PRACTICE)
    with pytest.raises(ValidationError, match="form"):
        table_with(local_rules=[{**RULE, "form": "通知"}])
    with pytest.raises(ValidationError, match="地方规定晚于条例期限"):
        table_with(local_rules=[{**RULE, "kinds": ["county_department"], "due": "02-28"}])


def test_a_local_target_is_kept_and_makes_nobody_late(tmp_path: Path) -> None:
    path = tmp_path / "county.yml"
    path.write_text(
        'format: 1\nprovenance: made for a test\ncounties:\n  - code: "999901"\n    name: 某县\n'
        "    targets: [{kinds: [county_department], report_year: 2025, day: 2026-01-20, source: 某府办函}]\n",
        encoding="utf-8",
    )
    county = load_register([path]).counties["999901"]
    target = county.target(PublisherKind.COUNTY_DEPARTMENT, 2025)
    assert target is not None
    assert target.day == date(2026, 1, 20)
    assert county.target(PublisherKind.TOWNSHIP_GOVERNMENT, 2025) is None
    verdict = judged(2025, held=report(2025, claim("2026-01-25")))
    assert verdict.timeliness is Timeliness.ON_TIME
