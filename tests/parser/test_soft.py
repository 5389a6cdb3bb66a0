"""Each soft check fires where it should and is silent where it should not (statute.md §3, practice.md §3)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from parser import parse
from parser.document import PublisherRef
from parser.narrative import read_breakdowns, read_facts
from parser.report import AnnualReport, Section
from parser.soft import Subject, soft_checks
from parser.years import Years
from tests.parser.drawing import document, draw

YEAR = 2024
DRAWING = draw(random.Random("soft"))
REPORT = parse(document(DRAWING))
TRUTH = DRAWING.truth
TOTAL = {
    row: TRUTH[f"applications.{row}.total"] for row in ("new_received", "result_total", "carried_forward")
}
ASPECTS = "主动公开、依申请公开、政府信息管理、平台建设和监督保障工作有序开展。" * 8


def group(name: str) -> int:
    rows = {row.key: row for row in REPORT.tables.applications or ()}
    return sum(int(rows[key].cells["total"].value or 0) for key in rows if key.startswith(name + "_"))


def section(text: str, key: str) -> Section:
    return Section(1, key, "", "", text, len(text), "", "", len(text), "", "")


def judged(
    overall: str = "",
    *,
    five: str = "一是问题；二是改进。",
    six: str = "无。",
    name: str = "某县某镇人民政府",
    report: AnnualReport = REPORT,
    period: tuple[date, date] | None = None,
    published: date | None = None,
    signed: date | None = None,
) -> dict[str, str]:
    sections = [
        section(overall or ASPECTS, "overall"),
        section(five, "problems_improvements"),
        section(six, "other_matters"),
    ]
    years = Years(YEAR, {"from_title": YEAR, "from_body": YEAR, "from_stated_period": None}, period, ())
    publisher = PublisherRef(name=name, kind="township_government")
    subject = Subject(
        sections,
        report.tables,
        years,
        publisher,
        published,
        signed,
        {},
        read_facts(sections),
        read_breakdowns(sections),
    )
    checks, findings = soft_checks(subject)
    told = {check.id: check.result.value for check in checks}
    faults = {ident.partition(".")[0] for ident, result in told.items() if result in ("warn", "fail", "info")}
    assert faults - {"T1", "D2"} <= {finding.code.partition("_")[0] for finding in findings} | {"S1"}
    return told


@pytest.mark.parametrize(
    ("ident", "right", "wrong"),
    [
        (
            "N1b.natural_persons",
            f"收到申请中自然人申请{TRUTH['applications.new_received.natural_person']}件。",
            "收到申请中自然人申请3件。",
        ),
        ("N9.denied", f"对申请不予公开{group('denied')}件。", "对申请不予公开3件。"),
        ("N9.unavailable", f"对申请无法提供{group('unavailable')}件。", "对申请无法提供3件。"),
        (
            "N6.normative_issued",
            f"制发规范性文件{TRUTH['proactive_disclosure.normative_documents.issued']}件。",
            "未制发规范性文件。",
        ),
        (
            "N11.penalties",
            f"作出行政处罚决定{TRUTH['proactive_disclosure.penalties.decisions']}件。",
            "作出行政处罚决定3件。",
        ),
        (
            "N7.reviews",
            f"因信息公开被申请行政复议{TRUTH['review_litigation.review_total']}件。",
            "未发生因信息公开引起的行政复议。",
        ),
        (
            "N10.reviews_upheld",
            (
                f"行政复议{TRUTH['review_litigation.review_total']}件，其中结果维持"
                f"{TRUTH['review_litigation.review_upheld']}件。"
            ),
            f"行政复议{TRUTH['review_litigation.review_total']}件，其中结果维持1件。",
        ),
        (
            "N4.narrative_self_sum",
            "收到申请20件，办结17件，1件尚未审结，2件结转下年度办理。",
            "收到申请20件，办结17件，9件尚未审结，2件结转下年度办理。",
        ),
        (
            "N5.breakdown_sum",
            "主动公开政府信息100条，其中公告16条、文件20条、动态64条。",
            "主动公开政府信息100条，其中公告16条、文件20条、动态99条。",
        ),
        ("Y3.stray_year", "2023年以来，2025年将继续。", "2021年，我镇开展培训。"),
    ],
)
def test_words_are_held_against_numbers(ident: str, right: str, wrong: str) -> None:
    assert judged(ASPECTS + right).get(ident) in ("pass", None if ident.startswith("Y3") else "pass")
    assert judged(ASPECTS + wrong)[ident] == "warn"


def test_two_numbers_for_one_thing_prove_nothing() -> None:
    assert "N9.denied" not in judged(ASPECTS + "对申请不予公开3件。对申请不予公开5件。")


def test_a_list_that_ends_with_and_so_on_may_be_shorter_than_its_total() -> None:
    text = "主动公开政府信息100条，其中公告16条、文件20条、动态24条等。"
    assert judged(ASPECTS + text)["N5.breakdown_sum"] == "pass"


def test_a_rate_of_all_concluded_is_told_and_one_of_punctuality_is_not() -> None:
    assert judged(ASPECTS + "办结率100%。")["N13.all_concluded"] == "info"
    assert "N13.all_concluded" not in judged(ASPECTS + "按时办结率100%。")


def test_a_count_that_is_the_year_is_told_with_its_cell() -> None:
    rows = REPORT.tables.applications
    assert rows is not None
    cells = rows[2].cells | {"other_org": replace(rows[2].cells["other_org"], value=YEAR)}
    tables = replace(REPORT.tables, applications=(*rows[:2], replace(rows[2], cells=cells), *rows[3:]))
    assert judged(report=replace(REPORT, tables=tables))["H1.yearlike"] == "warn"
    assert "H1.yearlike" not in judged()


def test_the_five_aspects() -> None:
    assert judged()["S2.five_aspects"] == "pass"
    assert judged("本年工作有序开展，成效明显。" * 20)["S2.five_aspects"] == "warn"


def test_section_five_has_problems_and_improvements() -> None:
    assert judged()["S3.problems_and_improvements"] == "pass"
    assert judged(five="成绩显著。")["S3.problems_and_improvements"] == "warn"


@pytest.mark.parametrize("residue", ["××镇", "XX单位", "以表格形式报告", "某某局"])
def test_what_a_template_leaves_behind(residue: str) -> None:
    assert judged(ASPECTS + residue)["S4.template_residue"] == "warn"
    assert "S4.template_residue" not in judged()


def test_self_names() -> None:
    assert judged(ASPECTS + "我乡高度重视。")["S5.self_name"] == "warn"
    assert judged(ASPECTS + "我镇高度重视。我镇积极。我乡努力。")["S5.self_name"] == "info"
    assert judged(ASPECTS + "我镇高度重视。")["S5.self_name"] == "pass"
    assert "S5.self_name" not in judged(name="某县财政局")


@pytest.mark.parametrize(
    ("end", "result"),
    [(date(2024, 12, 31), "pass"), (date(2024, 11, 30), "warn"), (date(2023, 12, 31), "fail")],
)
def test_the_stated_period_is_the_whole_year(end: date, result: str) -> None:
    assert judged(period=(date(end.year, 1, 1), end))["Y4.stated_period"] == result


@pytest.mark.parametrize(
    ("signed", "result"),
    [(date(2025, 1, 10), "pass"), (date(2025, 2, 1), "warn"), (date(2024, 10, 1), "warn")],
)
def test_signed_before_published_and_not_long_before(signed: date, result: str) -> None:
    assert judged(signed=signed, published=date(2025, 1, 20))["D3.signed_before_published"] == result


def test_a_third_carried_forward_is_worth_a_look() -> None:
    expected = "info" if 3 * TOTAL["carried_forward"] > TOTAL["new_received"] else "pass"
    assert judged()["T7.carried_forward_share"] == expected


def test_a_fee_in_words_is_among_the_fees_of_the_table() -> None:
    fee = "全年收取政府信息公开信息处理费{}元。"
    assert judged(six=fee.format(10))["T8.processing_fee"] == "pass"
    assert judged(six=fee.format(90_000_000))["T8.processing_fee"] == "info"
