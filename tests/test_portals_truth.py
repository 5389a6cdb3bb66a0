"""The planted truth itself: complete, consistent, and what the register files of the sample say."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from tests.portals import figures, planted, prose
from tests.portals.labels import COLUMNS, REVIEW_GROUPS, leaf_rows
from tests.portals.planted import EXPECTED, NOTICES, PUBLISHERS, REPORTS
from tests.portals.tables import Para

GENERATED = [r for r in REPORTS if not r.seed]
WITH_TABLES = [r for r in GENERATED if r.format != "pre2019"]
PARTS = [key for key in COLUMNS if key != "total"]


def ident(report: planted.Report) -> str:
    return f"{report.code}-{report.year}"


@pytest.mark.parametrize("portal", planted.HOSTS)
def test_each_portal_has_a_seed_enough_reports_and_enough_else(portal: str) -> None:
    reports = [r for r in REPORTS if r.portal == portal]
    assert [r.seed for r in reports if r.seed] in (["000"], ["001"], ["002"], ["003"], ["004"])
    assert len(reports) >= 9
    assert len([n for n in NOTICES if n.portal == portal]) >= 100
    assert {r.year for r in reports} == set(range(2018, 2026))


def test_every_case_is_planted_once() -> None:
    cases = Counter(r.case for r in REPORTS)
    assert cases.pop("seed") == 5
    assert set(cases) == set(planted.CASES)
    assert {case for case, count in cases.items() if count > 1} == {"plain"}


def test_addresses_differ() -> None:
    urls = [entry.url for entry in (*REPORTS, *NOTICES)]
    assert len(set(urls)) == len(urls)
    assert all(re.match(r"http://[a-z]+\.test/", url) for url in urls)


def test_the_expected_table_covers_every_publisher_and_year_and_nothing_else() -> None:
    assert set(EXPECTED) == {(p.code, year) for p in PUBLISHERS for year in p.years}
    held = {key for key, status in EXPECTED.items() if status.presence == "held"}
    published = {(r.code, r.year) for r in REPORTS if r.day <= planted.AS_OF}
    assert held == published


def test_lateness_is_counted_from_31_january() -> None:
    for report in REPORTS:
        status = EXPECTED[report.code, report.year]
        if status.days_late is not None:
            due = report.day.replace(month=1, day=31)
            assert (report.day - due).days == status.days_late, ident(report)


def test_first_looks_come_after_the_due_day_and_two_working_days_apart() -> None:
    first, second, third = planted.DAYS
    assert first < planted.AS_OF == second < third
    assert (third - second).days == 3
    assert {second.weekday(), third.weekday()} <= {0, 1, 2, 3, 4}


@pytest.mark.parametrize("report", WITH_TABLES, ids=ident)
def test_numbers_are_distinct_nonzero_and_no_years(report: planted.Report) -> None:
    numbers = [n for table in report.cells().values() for row in table.values() for n in row.values()]
    assert all(abs(n) >= 10 for n in numbers)
    assert len(set(numbers)) == len(numbers)
    assert not any(n in figures.YEARLIKE for n in numbers)


def failing_checks(report: planted.Report) -> set[str]:
    """A1, A2, A3 and B1 (statute.md §3), worked out from the cells."""
    cells = report.cells()
    applications, review = cells["applications"], cells["review_litigation"]["all"]
    leaves = [key for key, _, _ in leaf_rows(report.format)]
    failing = set()
    for column in COLUMNS:
        received = applications["new_received"][column] + applications["carried_over"][column]
        if received != applications["result_total"][column] + applications["carried_forward"][column]:
            failing.add(f"A1.{column}")
        if applications["result_total"][column] != sum(applications[key][column] for key in leaves):
            failing.add(f"A2.{column}")
    for key, row in applications.items():
        if row["total"] != sum(row[part] for part in PARTS):
            failing.add(f"A3.{key}")
    for group in REVIEW_GROUPS:
        parts = ("upheld", "corrected", "other", "pending")
        if review[f"{group}_total"] != sum(review[f"{group}_{part}"] for part in parts):
            failing.add(f"B1.{group}")
    return failing


@pytest.mark.parametrize("report", WITH_TABLES, ids=ident)
def test_arithmetic_holds_but_where_planted(report: planted.Report) -> None:
    assert len(report.cells()["applications"]) == (25 if report.format == "v2021" else 23)
    assert failing_checks(report) == set(report.fails)


def test_years_follow_from_each_other() -> None:
    by_key = {(r.code, r.year): r for r in WITH_TABLES if r.case != "wrong_sum"}
    pairs = [(by_key[key], by_key.get((key[0], key[1] + 1))) for key in by_key]
    chained = [(one, two) for one, two in pairs if two]
    assert len(chained) >= 10
    for one, two in chained:
        before, after = one.cells(), two.cells()
        assert after["applications"]["carried_over"] == before["applications"]["carried_forward"]  # C1
        for group in REVIEW_GROUPS:  # C5
            pending = before["review_litigation"]["all"][f"{group}_pending"]
            assert after["review_litigation"]["all"][f"{group}_total"] >= pending
        if one.format == two.format == "v2021":  # C2
            for row in ("regulations", "normative_documents"):
                then, now = (c["proactive_disclosure"][row] for c in (before, after))
                assert now["in_force"] == then["in_force"] + now["issued"] - now["repealed"]
        if one.format == two.format == "v2019":  # C3
            for row in ("licensing", "other_external_services", "penalties", "coercion", "fees"):
                then, now = (c["proactive_disclosure"][row] for c in (before, after))
                assert now["prev_year_items"] == then["prev_year_items"] + then["change"]


@pytest.mark.parametrize("report", WITH_TABLES, ids=ident)
def test_sentences_agree_with_the_tables(report: planted.Report) -> None:
    who, cells = report.publisher, report.cells()
    blocks = prose.report_blocks(who.short, who.kind, report.year, report.format, cells)
    text = "".join(block.text for block in blocks if isinstance(block, Para))
    applications, review = cells["applications"], cells["review_litigation"]["all"]
    told = re.search(
        r"新收政府信息公开申请(\d+)件，上年结转(\d+)件；办结(\d+)件，结转下年度继续办理(\d+)件", text
    )
    assert told is not None
    rows = ("new_received", "carried_over", "result_total", "carried_forward")
    assert [int(n) for n in told.groups()] == [applications[row]["total"] for row in rows]
    assert f"行政复议{review['review_total']}件" in text
    suits = review["litigation_direct_total"] + review["litigation_after_review_total"]
    assert f"行政诉讼{suits}件" in text
    years = {int(year) for year in re.findall(r"(20\d\d)年", text)}
    assert years == {report.year}


def test_a_replaced_report_has_two_editions() -> None:
    replaced = next(r for r in REPORTS if r.replaced_on)
    first, second = replaced.cells(planted.DAYS[0]), replaced.cells(planted.DAYS[1])
    assert first != second == replaced.cells()
    assert planted.DAYS[0] < replaced.replaced_on <= planted.DAYS[1]
    assert replaced.first_served <= planted.DAYS[0]


def test_dates_disagree_only_where_planted() -> None:
    for report in REPORTS:
        days = {day for day in report.dates.values() if day and len(day) == 10}
        expected = {"date_disputed": 2, "undated": 0}.get(report.case, 1)
        assert len(days) == expected, ident(report)


@pytest.mark.parametrize("portal", planted.HOSTS)
def test_the_register_file_says_the_same(portal: str) -> None:
    code, label = planted.COUNTIES[portal]
    file = yaml.safe_load((Path(planted.__file__).parent / "register" / f"{code}.yml").read_text("utf-8"))
    assert file["counties"] == [{"code": code, "display_name": label, "sample": True, "expects": "listed"}]
    rows = {row["code"]: row for row in file["publishers"]}
    mine = [p for p in PUBLISHERS if p.portal == portal]
    assert set(rows) == {p.code for p in mine}
    for publisher in mine:
        row = rows[publisher.code]
        assert (row["valid_from"], row["valid_until"]) == (publisher.first_year, publisher.last_year)
        if not publisher.seed:
            named = (row["official_name"], row["kind"], row["county_code"])
            assert named == (publisher.official_name, publisher.kind, publisher.county_code)
            assert "示例" in publisher.official_name


def test_validity_has_no_gap_between_first_and_last_report() -> None:
    for publisher in PUBLISHERS:
        years = sorted(r.year for r in REPORTS if r.code == publisher.code)
        assert all(two - one == 1 for one, two in pairwise(years))
