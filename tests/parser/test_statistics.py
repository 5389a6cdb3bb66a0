"""The statistics table of the form before 2019: each drawing gives the same list, and nothing else is one."""

from __future__ import annotations

import random

import pytest

from archive.register import load_register
from extract import read
from parser import parse, report_json
from parser.report import AnnualReport, CheckResult, FormatVersion

ROWS = [
    ("一、主动公开情况", "——", None),
    ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", 1286),
    ("其中：主动公开规范性文件数", "条", 12),
    ("制发规范性文件总数", "件", 14),
    ("（二）通过不同渠道和方式公开政府信息的情况", "——", None),
    ("1.政府公报公开政府信息数", "条", 31),
    ("2.政府网站公开政府信息数", "条", 1200),
    ("二、回应解读情况", "——", None),
    ("3.政策解读稿件发布数", "篇", 17),
    ("三、依申请公开情况", "——", None),
    ("（一）收到申请数", "件", 23),
    ("1.当面申请数", "件", 3),
    ("2.传真申请数", "件", 0),
    ("3.网络申请数", "件", 15),
    ("4.信函申请数", "件", 5),
    ("（二）申请办结数", "件", 22),
    ("1.按时办结数", "件", 20),
    ("2.延期办结数", "件", 2),
    ("（三）申请答复数", "件", 22),
    ("2.同意公开答复数", "件", 19),
    ("3.同意部分公开答复数", "件", 2),
    ("4.不同意公开答复数", "件", 1),
    ("其中：涉及商业秘密", "件", 1),
    ("四、行政复议数量", "件", 3),
    ("（一）维持具体行政行为数", "件", 2),
    ("（二）被依法纠错数", "件", 1),
    ("（三）其他情形数", "件", 0),
    ("五、行政诉讼数量", "件", 1),
    ("（一）维持具体行政行为或者驳回原告诉讼请求数", "件", 1),
    ("（三）其他情形数", "件", 0),
    ("某项地方自设指标", "件", 7),
    ("七、依申请公开信息收取的费用", "万元", 0.25),
    ("（三）从事政府信息公开工作人员数", "人", 6),
]
KEYED = {
    "items_disclosed": 1286,
    "normative_documents_issued": 14,
    "received": 23,
    "received_by_network": 15,
    "concluded": 22,
    "disclosed": 19,
    "partly_disclosed": 2,
    "denied": 1,
    "denied_business_secret": 1,
    "review": 3,
    "review_other": 0,
    "litigation": 1,
    "litigation_upheld": 1,
    "litigation_other": 0,
    "fees": 0.25,
}
PROSE = (
    "示例县人民政府2016年政府信息公开工作年度报告",
    "一、概述",
    "2016年，本县主动公开政府信息1286条。",
    "二、主动公开政府信息情况",
    "主动公开规范性文件12条。",
    "三、依申请公开政府信息情况",
    "全年收到申请23件。",
    "四、政府信息公开的收费及减免情况",
    "收取费用0.25万元。",
    "五、存在的主要问题及改进情况",
    "公开深度不够，下一步将加强培训。",
)


def shown(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def page(body: str) -> bytes:
    return f"<html><meta charset=utf-8><title>{PROSE[0]}</title>{body}</html>".encode()


def html(rows: list[tuple[str, str, float | None]]) -> bytes:
    body = "".join(
        f"<tr><td>{label}</td><td>{unit}</td><td>{shown(value)}</td></tr>" for label, unit, value in rows
    )
    text = "".join(f"<p>{line}</p>" for line in PROSE)
    head = "<tr><th>统计指标</th><th>单位</th><th>统计数</th></tr>"
    return page(f"{text}<table>{head}{body}</table>")


def spread(rows: list[tuple[str, str, float | None]]) -> bytes:
    """The labels pushed to the right by a column for the enumerator's level."""
    body = "".join(
        f"<tr><td></td><td>{label}</td><td>{unit}</td><td align=right>{shown(value)} </td></tr>"
        for label, unit, value in rows
    )
    text = "".join(f"<p>{line}</p>" for line in PROSE)
    return page(f"{text}<table>{body}</table>")


def piped(rows: list[tuple[str, str, float | None]]) -> bytes:
    lines = [f"{label} | {unit} | {shown(value)} |" for label, unit, value in rows]
    return "\n".join([*PROSE, *lines]).encode()


def spaced(rows: list[tuple[str, str, float | None]]) -> bytes:
    lines = [f"{label}    {unit}    {shown(value)}" for label, unit, value in rows]
    return "\n".join([*PROSE, *lines]).encode()


REGISTER = load_register()
DRAWN = {"html": html, "spread": spread, "piped": piped, "spaced": spaced}


def parsed(payload: bytes, media: str) -> AnnualReport:
    return parse(read(payload, headers=[("Content-Type", media)], register=REGISTER))


def numbers(report: AnnualReport) -> dict[str, float | None]:
    assert report.statistics is not None
    return {row.key: row.cell.value for row in report.statistics if row.key is not None}


@pytest.mark.parametrize("drawing", DRAWN)
def test_each_drawing_gives_the_same_list(drawing: str) -> None:
    media = "text/html" if drawing in ("html", "spread") else "text/plain; charset=utf-8"
    report = parsed(DRAWN[drawing](ROWS), media)
    assert report.format_version is FormatVersion.PRE2019
    assert report.report_year == 2016
    read_numbers = numbers(report)
    assert {key: read_numbers[key] for key in KEYED} == KEYED
    rows = report.statistics or ()
    own = next(row for row in rows if row.label == "某项地方自设指标")
    assert (own.key, own.cell.value, own.cell.unit) == (None, 7, "件")
    assert all(row.cell.locator for row in rows)


def test_totals_are_held_against_their_parts() -> None:
    good = parsed(html(ROWS), "text/html")
    results = {check.id: check.result for check in good.checks if check.id.startswith("G1.")}
    assert results["G1.received"] is CheckResult.PASS
    assert results["G1.review"] is CheckResult.PASS
    wrong = [(label, unit, 24 if label == "（一）收到申请数" else value) for label, unit, value in ROWS]
    report = parsed(html(wrong), "text/html")
    told = [found.message for found in report.findings if found.code == "G1"]
    assert told == ["统计表“（一）收到申请数”填24，所列各项合计23"]


def test_a_blank_is_no_zero() -> None:
    blank = [(label, unit, None if label == "2.传真申请数" else value) for label, unit, value in ROWS]
    report = parsed(html(blank), "text/html")
    assert numbers(report)["received_by_fax"] is None
    assert "G1.received" not in {check.id for check in report.checks}, "a part is not known"


def test_rows_in_any_number_are_read_and_none_is_taken_twice() -> None:
    rng = random.Random(2014)
    for _ in range(20):
        kept = [row for row in ROWS if row[2] is None or rng.random() < 0.8]
        report = parsed(html(kept), "text/html")
        rows = report.statistics or ()
        keys = [row.key for row in rows if row.key]
        assert len(keys) == len(set(keys))
        values = [row.cell.value for row in rows if row.cell.value is not None]
        assert values == [value for _, _, value in kept if value is not None]


def test_a_report_of_today_has_none() -> None:
    report = parsed(html(ROWS[:4]), "text/html")
    assert report.statistics is None
    assert report_json(report)["statistics"] is None
