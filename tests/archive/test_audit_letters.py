"""Letters per publisher, and a citizen's letter to the office in charge, read as whoever signs them would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from archive.audit.decisions import Decision
from archive.audit.evidence import Absence
from archive.audit.render import audit_letters, citizen_letters
from archive.audit.render.letter import letter_table
from archive.audit.run import Audit
from archive.audit.select import only_publishers
from archive.audit.verdict import Verdict
from tests.archive.judging import at, body, claim, judged, probe, report
from tests.archive.test_audit_workbook import audit_of

LOOKS = (probe("2025-04-10"), probe("2025-04-17"))
TOWN = body("township_government", official_name="某县示例甲镇人民政府")
THREATS = ("责令", "处分", "违法", "违反", "未编制", "漏报", "拒不", "追究", "通报批评", "逾期")


def letters(verdict: Verdict) -> str:
    """What a letter to the one unit says, asked for by its name."""
    audit = only_publishers(audit_of(verdict), {verdict.publisher.code})
    return audit_letters(audit.counties[0], audit)


def citizens(audit: Audit) -> str:
    return citizen_letters(audit.counties[0], audit)


@pytest.mark.parametrize(
    ("verdict", "chinese", "english"),
    [
        (
            judged(2024, publisher=TOWN, held=report(2024, claim("2025-02-20"))),
            "根据下列采集，你单位2024年度政府信息公开工作年度报告的核查情况为：已公开；晚于1月31日（条例未规定期限）。",
            "As of 2025-06-30, according to the captures below, the state of your report for 2024 is: held;",
        ),
        (
            judged(2024, held=report(2024, claim("2025-01-20"))),
            "的核查情况为：已公开；按期。",
            "is: held; on time.",
        ),
        (
            judged(2024, probes=(probe("2025-04-10", result="declined"),)),
            "的核查情况为：未能核查（非单位原因）；网站谢绝访问。",
            "not checked (not the body's doing); the site declines.",
        ),
    ],
)
def test_a_unit_asked_for_is_told_how_its_report_stands(verdict: Verdict, chinese: str, english: str) -> None:
    text = letters(verdict)
    assert chinese in text
    assert english in text
    assert f"{verdict.publisher.official_name}：" in text
    assert "所据采集：" in text
    assert "According to these captures:" in text
    assert "签发：＿" in text
    assert not any(word in text for word in THREATS)


def test_where_nobody_looked_no_capture_is_claimed() -> None:
    text = letters(judged(2024))
    assert (
        "的核查情况为：未能核查（非单位原因）；到期后尚未核查（没有可核查的栏目，或从未采集）。没有可据的采集。"
        in text
    )
    assert "No capture tells more." in text
    assert "所据采集" not in text
    assert "根据下列采集" not in text


def test_a_unit_not_asked_for_gets_no_letter_about_nothing() -> None:
    audit = audit_of(judged(2024, held=report(2024, claim("2025-01-20"))))
    assert "没有需要发函的单位" in audit_letters(audit.counties[0], audit)


def test_the_missing_are_asked_in_the_words_of_the_office() -> None:
    text = letters(judged(2024, publisher=TOWN, probes=LOOKS))
    assert (
        "某县示例甲镇人民政府：\n截至2025-06-30，在下列栏目（附网址、采集时间）未检索到你单位2024年度"
        "政府信息公开工作年度报告。如已公开，请反馈网址；如栏目已调整，请告知。\n所据采集：\n"
        "  · 栏目中没有 2025-04-10 10:00 http://x/p/c urn:p/c:2025-04-10\n"
        "  · 栏目中没有 2025-04-17 10:00 http://x/p/c urn:p/c:2025-04-17\n"
    ) in text
    assert not any(word in text for word in THREATS)


def test_a_citizen_writes_to_the_office_in_charge_and_threatens_nobody() -> None:
    missing = judged(2024, publisher=TOWN, probes=LOOKS)
    text = citizens(audit_of(missing))
    assert (
        "某县人民政府办公室：\n根据《中华人民共和国政府信息公开条例》第四十七条第二款，向主管部门提出下列情况，"
        "请予核实。\n截至2025-06-30，在下列栏目（附网址、采集时间）未检索到某县示例甲镇人民政府2024年度"
    ) in text
    assert "栏目中没有 2025-04-10 10:00 http://x/p/c urn:p/c:2025-04-10" in text
    assert "article 47(2)" in text
    assert "提出人：＿" in text
    assert not any(word in text for word in (*THREATS, "签发", "你单位"))


@pytest.mark.parametrize(
    "verdict",
    [
        judged(2024, probes=LOOKS[:1]),  # not confirmed
        judged(
            2024, held=report(2024, claim("2025-01-20"), claim("2025-03-20", source="url_day"))
        ),  # disputed
        judged(2024, held=report(2024, claim("2025-02-20"))),  # late: it is there to be read
        judged(2024, publisher=TOWN, held=report(2024, claim("2025-02-20"))),
        judged(2024, probes=(probe("2025-04-10", result="unreachable"),)),
        judged(2024, probes=LOOKS, absence=Absence(suspect_columns=("p/c",))),
        judged(2024, held=report(2024, claim("2025-01-20"), attribution_unclear=True, attribution="不明")),
    ],
)
def test_doubts_are_nothing_for_a_citizen_to_write_about(verdict: Verdict) -> None:
    assert "没有需要反映的情况" in citizens(audit_of(verdict))


def test_what_the_office_decided_is_not_in_a_citizens_letter() -> None:
    decision = Decision.model_validate(
        {
            "publisher": TOWN.code,
            "year": 2024,
            "decision": "under_review",
            "reason": "内部核实中",
            "who": "政务公开科",
            "date": date(2025, 5, 1),
        }
    )
    missing = replace(judged(2024, publisher=TOWN, probes=LOOKS), decisions=(decision,))
    assert "内部核实中" in letters(missing)
    assert "内部核实中" not in citizens(audit_of(missing))


def test_no_letter_of_the_table_accuses() -> None:
    table = letter_table()
    rows = (*table.letters, *table.citizen.letters)
    words = [part for row in rows for part in row.text]
    said = " ".join([*words, *table.statement, *table.no_captures, *table.citizen.opening])
    assert not any(word in said for word in (*THREATS, "unlawful", "illegal", "punish"))
    assert all(len(row.text) == 2 and all(row.text) for row in rows)


def test_a_gone_report_names_the_last_capture_with_it() -> None:
    gone = report(2024, claim("2025-01-20"), seen="2025-01-21", first_gone=at("2025-05-01"))
    text = citizens(audit_of(judged(2024, publisher=TOWN, held=gone)))
    assert "曾经公开，现在原网址打不开或已是其他内容" in text
    assert "报告 2025-01-21" in text
    assert "已打不开 2025-05-01" in text
