"""Facts in words, and what the tables say to them (statute.md §7, practice.md §3)."""

from __future__ import annotations

import pytest

from parser.narrative import number, read_breakdowns, read_facts
from parser.report import Section


def section(text: str, key: str = "overall") -> Section:
    return Section(1, key, "一、总体情况", "总体情况", text, len(text), "", "", len(text), "", "")


def told(text: str, key: str = "overall") -> dict[str, list[int]]:
    facts: dict[str, list[int]] = {}
    for fact in read_facts([section(text, key)]):
        facts.setdefault(fact.key, []).append(fact.value)
    return facts


@pytest.mark.parametrize(
    ("words", "value"),
    [("十二", 12), ("二十", 20), ("一百零三", 103), ("两千三百", 2300), ("三万", 30_000), ("1,234", 1234)],
)
def test_numbers_in_chinese(words: str, value: int) -> None:
    assert number(words) == value


def test_digits_side_by_side_are_no_chinese_number() -> None:
    assert number("二三十") is None


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("全年收到政府信息公开申请12件。", "applications_received", 12),
        ("全年共收到政府信息公开申请十二件。", "applications_received", 12),
        ("全年共收到政府信息公开申请１２件。", "applications_received", 12),
        ("本年度未收到政府信息公开申请。", "applications_received", 0),
        ("收到申请20件，申请人均为自然人，已办结。", "applications_by_natural_persons", 20),
        ("收到申请20件，17件均已按时办结。1件尚未审结，2件结转下年度办理。", "applications_pending", 1),
        ("收到申请20件，17件均已按时办结。1件尚未审结，2件结转下年度办理。", "carried_forward", 2),
        ("受理申请9件，上年结转3件。", "applications_carried_over", 3),
        ("收到申请30件，其中予以公开12件、部分公开3件、不予公开4件。", "result_disclosed", 12),
        ("收到申请30件，其中予以公开12件、部分公开3件、不予公开4件。", "result_partial", 3),
        ("收到申请30件，其中予以公开12件、部分公开3件、不予公开4件。", "denied", 4),
        ("全年制发行政规范性文件5件。", "normative_documents_issued", 5),
        ("全年未制发规范性文件。", "normative_documents_issued", 0),
        ("全年作出行政处罚决定31件。", "penalty_decisions", 31),
        ("因政府信息公开被申请行政复议3件，行政诉讼2件。", "reviews", 3),
        ("因政府信息公开被申请行政复议3件，行政诉讼2件。", "litigation", 2),
        ("全年未发生因政府信息公开引起的行政复议、行政诉讼。", "reviews", 0),
        ("全年未发生因政府信息公开引起的行政复议、行政诉讼。", "litigation", 0),
        ("因信息公开工作不到位问责2人。", "persons_held_to_account", 2),
    ],
)
def test_a_fact_is_read(text: str, key: str, value: int) -> None:
    assert told(text)[key] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "公开行政处罚信息200条。",
        "行政复议和行政诉讼工作有序开展。",
        "通过网络收到申请5件。",
        "收到申请一次培训。",
    ],
)
def test_what_tells_of_something_else_is_no_fact(text: str) -> None:
    assert not told(text)


def test_fees_stand_in_the_last_section() -> None:
    assert told("全年收取政府信息公开信息处理费3940元。", "other_matters") == {"fees": [3940]}


def test_a_softened_number_is_told_as_such() -> None:
    (fact, *_) = read_facts([section("全年主动公开政府信息560余条。")])
    assert (fact.key, fact.value, fact.approximate) == ("disclosures_total", 560, True)


def test_parts_are_kept_apart_from_their_total() -> None:
    text = "主动公开政府信息100条，其中公示公告16条、政策文件20条、工作动态64条。"
    (breakdown,) = read_breakdowns([section(text)])
    assert (breakdown.total.value, [n for _, n in breakdown.parts]) == (100, [16, 20, 64])
    assert told(text)["disclosures_total"] == [100]
