"""Sections, kinds, years, heads and tails, on documents of a few lines."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pytest

from parser import parse, report_json
from parser.document import (
    Block,
    Cell,
    DateClaim,
    DateKind,
    Document,
    Grid,
    GridSource,
    IndexNumber,
    Paragraph,
    PublisherRef,
)
from parser.report import AnnualReport, DocumentKind, Tables
from parser.tail import read_date
from tests.parser.drawing import document, draw

TITLE = "示例镇2024年政府信息公开工作年度报告"
LAST_YEARS = "示例镇2023年政府信息公开工作年度报告"
TWO, THREE, FOUR = (block for block in document(draw(random.Random(1))).blocks if isinstance(block, Grid))


def make(lines: Sequence[str | Grid], title: str | None = TITLE, **more: object) -> Document:
    blocks: list[Block] = [
        line if isinstance(line, Grid) else Paragraph(line, line, f"line {at}")
        for at, line in enumerate(lines, 1)
    ]
    return Document(title=title, blocks=tuple(blocks), text="", media_type="text/html", **more)  # type: ignore[arg-type]


def report_of(
    *,
    head: Sequence[str] = (),
    overall: str = "2024年，我镇开展工作。",
    end: Sequence[str] = ("无。",),
    **more: object,
) -> AnnualReport:
    lines: list[str | Grid] = [*head, "一、总体情况", overall, "二、主动公开政府信息情况", TWO]
    lines += ["三、收到和处理政府信息公开申请情况", THREE, "四、政府信息公开行政复议、行政诉讼情况", FOUR]
    lines += ["五、存在的主要问题及改进情况", "有问题，要改进。", "六、其他需要报告的事项", *end]
    return parse(make(lines, **more))


def codes(report: AnnualReport) -> set[str]:
    return {finding.code for finding in report.findings}


# --- sections


def keys(report: AnnualReport) -> list[str]:
    return [section.key for section in report.sections]


SIX = [
    "overall",
    "proactive_disclosure",
    "applications",
    "review_litigation",
    "problems_improvements",
    "other_matters",
]


HEADINGS = """
一、基本情况
二、行政机关主动公开政府信息情况
三、行政机关收到和处理政府信息公开申请情况
四、因政府信息公开工作被申请行政复议、提起行政诉讼情况
五、存在问题及改进情况
六、其他报告的事项

一、 工作基本情况：
二．主动公开政府信息情况
三、收到和处理政府信息公开申请
四、政府信息公开行政复议及行政诉讼情况
五、政府信息公开工作存在的主要问题及改进情况
六、其它需要报告的事项

第一部分 总体情况
第二部分 主动公开政府信息情况
第三部分 收到和处理政府信息公开申请情况
第四部分 政府信息公开行政复议、行政诉讼情况
第五部分 存在的主要问题及改进情况
第六部分 其他需要报告的事项

总体情况
主动公开政府信息情况
收到和处理政府信息公开申请情况
政府信息公开行政复议、行政诉讼情况
存在的主要问题及改进情况
其他需要报告的事项

**一、总体情况**
## 二、主动公开政府信息情况
1、收到和处理政府信息公开申请情况
四 政府信息公开行政复议、行政诉讼情况
五、存在的不足及改进措施
六、其他事项
"""


@pytest.mark.parametrize("headings", [tuple(part.split("\n")) for part in HEADINGS.strip().split("\n\n")])
def test_headings_in_their_variants(headings: tuple[str, ...]) -> None:
    bodies: list[str | Grid] = ["2024年，我局开展工作。", TWO, THREE, FOUR, "有问题。", "无。"]
    report = parse(make([part for pair in zip(headings, bodies, strict=True) for part in pair]))
    assert keys(report) == SIX
    assert [section.heading for section in report.sections] == [heading.strip() for heading in headings]
    assert report.sections[0].text == "2024年，我局开展工作。"
    assert report.sections[5].text == "无。"


def test_headings_that_run_on_into_their_text() -> None:
    report = parse(
        make(
            [
                "一、总体情况　　2024年，我镇开展工作。",
                "（一）主动公开政府信息情况。公开10条。",
                "二、主动公开政府信息情况",
                TWO,
                "三、收到和处理政府信息公开申请情况",
                THREE,
                "四、政府信息公开行政复议、行政诉讼情况",
                FOUR,
                "五、存在的主要问题及改进情况 问题是不足。",
                "六、其他需要报告的事项 无。",
            ]
        )
    )
    assert keys(report) == SIX
    assert report.sections[0].heading == "一、总体情况"
    assert report.sections[0].text == "2024年，我镇开展工作。\n（一）主动公开政府信息情况。公开10条。"
    assert report.sections[5].text == "无。"


@pytest.mark.parametrize("dots", ["", "……1", "\t3"])
def test_a_table_of_contents_is_not_the_body(dots: str) -> None:
    headings = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    headings += [
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    bodies: list[str | Grid] = ["2024年，我局开展工作。", TWO, THREE, FOUR, "有问题。", "无。"]
    contents = [heading + dots for heading in headings]
    report = parse(
        make(["目录", *contents, *(part for pair in zip(headings, bodies, strict=True) for part in pair)])
    )
    assert keys(report) == SIX
    assert report.sections[0].text == "2024年，我局开展工作。"


def test_a_missing_section_is_told_and_shifts_no_other() -> None:
    report = parse(
        make(
            [
                "一、总体情况",
                "2024年，我局开展工作。",
                "二、主动公开政府信息情况",
                TWO,
                "三、收到和处理政府信息公开申请情况",
                THREE,
                "四、存在的主要问题及改进情况",
                "有问题。",
                "五、其他需要报告的事项",
                "无。",
            ]
        )
    )
    assert keys(report) == [key for key in SIX if key != "review_litigation"]
    assert [section.order for section in report.sections] == [1, 2, 3, 5, 6]
    assert {"missing_section", "missing_table", "section_order"} <= codes(report)


def test_the_form_before_2019() -> None:
    report = parse(
        make(
            [
                "根据条例编制。",
                "一、概述",
                "2013年，我县公开信息。",
                "二、主动公开政府信息情况",
                "（一）公开的主要内容。4587条。",
                "三、依申请公开政府信息情况",
                "未收到申请。",
                "四、因政府信息公开申请行政复议、提起行政诉讼情况",
                "无。",
                "五、政府信息公开的收费及减免情况",
                "未收费。",
                "六、工作存在的主要问题及下步打算",
                "加强学习。",
            ],
            title="示例县2013年政府信息公开工作年度报告",
        )
    )
    assert report.kind is DocumentKind.REPORT
    assert (report.report_year, report.format_version) == (2013, "pre2019")
    assert keys(report) == [
        "overall",
        "proactive_disclosure",
        "applications",
        "review_litigation",
        "fees_waivers",
        "problems_improvements",
    ]
    assert "missing_table" not in codes(report)


STATISTICS = """
统计指标 | 单位 | 统计数
一、主动公开情况 | |
（一）主动公开政府信息数 | 条 | 4587
其中：主动公开规范性文件数 | 条 | 12
制发规范性文件总数 | 件 | 13
三、依申请公开情况 | |
（一）收到申请数 | 件 | 20
3.同意部分公开答复数 | 件 | 3
其中：1.涉及国家秘密 | 件 | 1
四、行政复议数量 | 件 | 2
五、行政诉讼数量 | 件 | 3
"""


def test_the_statistics_of_2014_are_not_taken_for_the_statutory_tables() -> None:
    rows = [line.split("|") for line in STATISTICS.strip().splitlines()]
    cells = tuple(
        Cell(at, column, text.strip(), text.strip())
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
    )
    lines: list[str | Grid] = [
        "一、概述",
        "2016年，我县公开信息。",
        "二、主动公开政府信息情况",
        "公开4587条。",
    ]
    lines += ["三、依申请公开政府信息情况", "收到申请20件。", "四、收费及减免情况", "未收费。", "五、附表"]
    table = Grid(cells, len(rows), 3, GridSource.HTML)
    report = parse(make([*lines, table], title="示例县2016年政府信息公开工作年度报告"))
    assert (report.kind, report.format_version) == (DocumentKind.REPORT, "pre2019")
    assert report.tables == Tables(None, None, None)


def test_tables_that_are_images_are_told() -> None:
    lines = [
        "一、总体情况",
        "2022年，我镇开展工作。",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
    ]
    lines += [
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "有问题。",
        "六、其他需要报告的事项",
        "无",
    ]
    report = parse(make(lines, title="示例镇2022年政府信息公开工作年度报告"))
    assert report.kind is DocumentKind.REPORT
    assert report.format_version is None
    assert [finding.cells for finding in report.findings if finding.code == "missing_table"] == [
        ("proactive_disclosure",),
        ("applications",),
        ("review_litigation",),
    ]


# --- head and tail


def test_what_stands_around_the_sections() -> None:
    report = report_of(
        head=["来源：示例镇", TITLE, "索引号：1/2", "根据条例编制本报告。"],
        end=["无。", "示例镇人民政府", "2025年1月14日", "附件：统计表.xls", "版权所有：示例县"],
        index_number=IndexNumber("1/2", "1/2"),
    )
    assert report.preamble == "根据条例编制本报告。"
    assert report.sections[-1].text == "无。"
    assert report.tail == "示例镇人民政府\n2025年1月14日\n附件：统计表.xls\n版权所有：示例县"
    assert (report.signed_by, report.signed_date) == ("示例镇人民政府", date(2025, 1, 14))
    assert report.index_number == "1/2"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年1月14日", date(2025, 1, 14)),
        ("2025 年 1 月 4 日", date(2025, 1, 4)),
        ("二〇二五年一月十四日", date(2025, 1, 14)),
        ("二○二五年十二月三十一日", date(2025, 12, 31)),
        ("2025-01-14", date(2025, 1, 14)),
        ("2025年2月30日", None),
        ("202020年12月31日", None),
        ("1月14日", None),
    ],
)
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text) == day


def claim(kind: DateKind, source: str, day: date) -> DateClaim:
    return DateClaim(kind, day, day, day.isoformat(), source)


def test_only_the_pages_own_word_is_its_publish_date() -> None:
    first, second = date(2025, 1, 20), date(2025, 1, 26)
    listed = claim(DateKind.PUBLISHED, "list_row", first)
    in_url = claim(DateKind.PUBLISHED, "url_day", first)
    assert report_of(dates=(listed, in_url)).publish_date is None
    report = report_of(
        dates=(
            listed,
            claim(DateKind.PUBLISHED, "meta_tag", first),
            claim(DateKind.PUBLISHED, "metadata_row", second),
        )
    )
    assert report.publish_date == second
    assert report.publish_date_source is not None
    assert report.publish_date_source.startswith("page metadata row")
    assert report_of(dates=(claim(DateKind.WRITTEN, "metadata_row", first),)).publish_date is None


# --- kinds


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("关于做好2024年政府信息公开工作年度报告编制发布工作的通知", "通知"),
        ("一图读懂示例县2024年政府信息公开年度报告", "图解或解读"),
        ("示例县2024年政府信息公开工作年度报告解读", "图解或解读"),
        ("示例县2024年政府网站工作年度报表", "网站工作年度报表"),
        ("示例县2024年法治政府建设年度报告", "法治政府建设年度报告"),
        ("示例县2024年度行政执法统计年报", "行政执法年度统计报告"),
        ("示例局政府信息公开指南", "公开指南"),
        ("示例县各单位2024年政府信息公开年报汇总", "汇总链接页"),
        ("示例县第一中学2024年信息公开年度报告", "学校或医院的报告"),
        ("示例局2023年政府信息公开工作年度报告（征求意见稿）", "征求意见稿"),
        ("示例局2023年政务公开工作总结", "政务公开要点或总结"),
        ("政府信息公开工作年度报告（范本）", "范本"),
    ],
)  # fmt: skip
def test_what_stands_in_the_column_and_is_no_report(title: str, reason: str) -> None:
    report = parse(make(["详见正文。", "2024年，我镇开展工作。"], title=title))
    assert report.kind is DocumentKind.NOT_A_REPORT
    assert reason in next(finding.message for finding in report.findings if finding.code == "not_a_report")


@pytest.mark.parametrize(
    "title",
    [
        "示例县综合行政执法局2024年政府信息公开年报",
        "示例市网站管理办公室2024年政府信息公开工作年度报告",
        "示例大学城街道办事处2024年政府信息公开工作年度报告",
        "示例县考核办2024年度政府信息公开工作年度报告",
        "2024年示例镇信息公开年度报告",
        "示例镇政务公开2024年度报告 政府信息公开年度工作报告",
        None,
        "示例镇",
    ],
)
def test_what_is_a_report(title: str | None) -> None:
    assert report_of(title=title).kind is DocumentKind.REPORT


def test_a_notice_that_publishes_the_report_in_its_body() -> None:
    report = report_of(title="关于公布示例镇2024年政府信息公开工作年度报告的通知")
    assert report.kind is DocumentKind.REPORT
    assert "odd_title" in codes(report)
    for title in (
        "示例镇2024年政府信息公开工作年度报告（征求意见稿）",
        "示例镇2024年政府信息公开工作年度报告解读",
    ):
        assert report_of(title=title).kind is DocumentKind.NOT_A_REPORT


def test_a_title_alone_is_a_candidate() -> None:
    report = parse(make(["详见附件。"]))
    assert report.kind is DocumentKind.CANDIDATE
    assert "title_alone" in codes(report)


def test_other_pages_are_no_reports() -> None:
    assert parse(make(["某某会议召开。"], title="示例镇召开会议")).kind is DocumentKind.NOT_A_REPORT
    assert parse(make([], title=None)).kind is DocumentKind.NOT_A_REPORT


def test_a_form_that_nobody_filled_in() -> None:
    empty = parse(
        make(["一、总体情况", "20××年，××镇认真开展工作。"], title="××镇20××年政府信息公开工作年度报告")
    )
    assert empty.kind is DocumentKind.NOT_A_REPORT
    filled = report_of(overall="2024年，我镇开展工作。××年，××局。")
    assert filled.kind is DocumentKind.REPORT
    assert "template_residue" in codes(filled)


# --- years


@pytest.mark.parametrize(
    ("title", "overall", "year", "fails"),
    [
        (TITLE, "2024年，我镇开展工作。", 2024, False),
        (TITLE, "我镇开展工作。", 2024, False),
        (LAST_YEARS, "2024年，我镇开展工作。2024年，受理申请0件。针对2023年工作整改。", 2024, True),
        (TITLE, "与2023年相比增长。2024年，我镇开展工作。", 2024, False),
        (TITLE, "2024年，根据《2023年政务公开工作要点》和国办发〔2023〕17号，我镇开展工作。", 2024, False),
        ("2024示例县示例乡2024年度政府信息公开工作年度报告", "我乡开展工作。", 2024, False),
        ("示例镇二〇二四年政府信息公开工作年度报告", "我镇开展工作。", 2024, False),
        (None, "2024年，我镇开展工作。截至2087年底。", 2024, False),
        (None, "截至202020年12月31日。2024年，我镇开展工作。", 2024, False),
    ],
)  # fmt: skip
def test_the_report_year(title: str | None, overall: str, year: int, fails: bool) -> None:
    report = report_of(title=title, overall=overall)
    assert report.report_year == year
    assert ("Y1" in codes(report)) is fails


def test_the_stated_period_settles_a_quarrel() -> None:
    head = ["本报告数据的统计期限自2024年1月1日起至2024年12月31日止。"]
    report = report_of(head=head, overall="2023年，我镇开展工作。2023年公开10条。")
    assert report.report_year == 2024
    assert report.year_sources == {
        "from_title": 2024,
        "from_body": 2023,
        "from_stated_period": 2024,
        "from_table": None,
        "from_list": None,
        "from_folder": None,
    }


def test_a_hint_is_believed_only_where_the_text_names_no_year() -> None:
    lines = [
        "一、总体情况",
        "我镇开展工作。",
        "二、主动公开政府信息情况",
        TWO,
        "三、收到和处理政府信息公开申请情况",
        THREE,
    ]
    lines += ["四、政府信息公开行政复议、行政诉讼情况", FOUR]
    report = parse(make(lines, title="示例镇政府信息公开工作年度报告"), year_hint=2022)
    assert report.report_year == 2022
    assert "year_from_hint" in codes(report)
    assert parse(make(lines), year_hint=2022).report_year == 2024
    nobody = parse(make(lines, title="示例镇政府信息公开工作年度报告"))
    assert nobody.kind is DocumentKind.CANDIDATE
    assert "year_unknown" in codes(nobody)


# --- words against numbers


def first_total(key: str) -> int:
    row = next(row for row in report_of().tables.applications or () if row.key == key)
    value = row.cells["total"].value
    assert isinstance(value, int)
    return value


@pytest.mark.parametrize(
    ("sentence", "check", "result"),
    [
        ("2024年共收到政府信息公开申请{new}件。", "N1.received", "pass"),
        ("2024年，受理依申请公开申请{new}件，其中自然人3件。", "N1.received", "pass"),
        ("2024年共收到政府信息公开申请7件。", "N1.received", "warn"),
        ("2024年未收到政府信息公开申请。", "N1.received", "warn"),
        ("2024年收到网上申请7件，收到信函申请8件。", "N1.received", None),
        ("2024年收到群众来信7件。", "N1.received", None),
        ("2024年未收到行政复议申请，未发生因政府信息公开申请引发的行政诉讼。", "N1.received", None),
        ("2024年共收到申请{new}件，办结{done}件，结转至2025年{forward}件。", "N2.concluded", "pass"),
        ("2024年共收到申请{new}件，办结{done}件，结转至2025年{forward}件。", "N3.carried_forward", "pass"),
        ("2024年共收到申请{new}件，答复7件。", "N2.concluded", "warn"),
        ("2024年答复申请{done}件（含上年度结转申请34件）。", "N3.carried_forward", None),
    ],
)
def test_words_against_the_table(sentence: str, check: str, result: str | None) -> None:
    text = sentence.format(
        new=first_total("new_received"),
        done=first_total("result_total"),
        forward=first_total("carried_forward"),
    )
    report = report_of(overall=text)
    found = [c.result.value for c in report.checks if c.id == check]
    assert found == ([result] if result else [])


def test_stale_outlook_and_early_signature() -> None:
    report = report_of(end=["2023年我镇将推进工作。", "示例镇人民政府", "2024年1月14日"])
    assert {"Y2", "D1"} <= codes(report)
    assert not {"Y2", "D1"} & codes(
        report_of(end=["2025年我镇将推进工作。", "示例镇人民政府", "2025年1月14日"])
    )


def test_rules_of_bodies_below_the_prefecture() -> None:
    town = PublisherRef(
        "示例县示例镇人民政府", kind="township_government", county="示例县", prefecture="示例市"
    )
    assert "T1" in codes(report_of(publisher=town))
    exempt = PublisherRef(
        "东莞市示例镇人民政府", kind="township_government", county=None, prefecture="东莞市"
    )
    assert "T1" not in codes(report_of(publisher=exempt))


def test_json_keeps_null_apart_from_zero() -> None:
    out = report_json(report_of())
    cell = out["tables"]["applications"]["rows"][0]["cells"]["natural_person"]
    assert cell["state"] == "read"
    assert out["checks"]["hard_arithmetic"]["n"] == 42
    assert out["sections"][0]["key"] == "overall"


# --- more than one report


def body(overall: str) -> list[str | Grid]:
    lines: list[str | Grid] = ["一、总体情况", overall, "二、主动公开政府信息情况", TWO]
    lines += ["三、收到和处理政府信息公开申请情况", THREE, "四、政府信息公开行政复议、行政诉讼情况", FOUR]
    return [*lines, "五、存在的主要问题及改进情况", "有问题，要改进。", "六、其他需要报告的事项", "无。"]


def test_a_page_that_shows_its_text_twice() -> None:
    report = parse(make([*body("2024年，我镇开展工作。"), *body("2024年，我镇开展工作。")]))
    assert [section.text for section in report.sections if section.key in ("overall", "other_matters")] == [
        "2024年，我镇开展工作。",
        "无。",
    ]
    assert {"repeated_text", "doubled_table"} <= codes(report)
    assert report.kind is DocumentKind.REPORT


def test_two_reports_in_one_document() -> None:
    report = parse(
        make([*body("2024年，我镇开展工作。"), "示例二镇2024年报告", *body("2024年，我镇另有工作。")])
    )
    assert "two_reports" in codes(report)
    assert report.sections[0].text == "2024年，我镇开展工作。"


def test_a_date_settles_a_close_quarrel_but_not_a_plain_one() -> None:
    published = (claim(DateKind.PUBLISHED, "list_row", date(2025, 1, 20)),)
    close = "我镇自2023年以来开展工作，2023年公开10条。"
    plain = "2023年，我镇开展工作。2023年，公开10条。2023年，培训2次。"
    assert report_of(overall=close, dates=published).report_year == 2024
    assert report_of(overall=plain, dates=published).report_year == 2023
    assert "Y1" in codes(report_of(overall=plain, dates=published))
