"""Due days by kind and year (statute.md §4.1), their working days (§4.4), and the words of the statuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archive.audit.deadlines import Basis, deadline
from archive.audit.statuses import Content, NotCrawled, Presence, Timeliness, status_table, word
from archive.audit.workdays import day_in_china, is_workday, next_workday, workdays_between
from archive.register import PublisherKind
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
