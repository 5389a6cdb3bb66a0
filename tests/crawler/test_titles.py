"""What titles say, and which report years a row may be of."""

from __future__ import annotations

import pytest

from crawler.arguments import read_flag, read_years
from crawler.titles import TitleKind, is_outside, printed_day, published_year, read_title, title_year

REPORTS = [
    ("示例街道2023年政府信息公开工作年度报告", 2023),
    ("2024年示例镇政府信息公开年报", 2024),
    ("示例县人民政府办公室2019年政府信息公开工作年度报告", 2019),
    ("示例局二〇二四年度政府信息公开工作报告", 2024),
    ("示例局 ２０２１ 年政府信息公开工作年度报告", 2021),
    ("示例鎮2020年政府信息公開工作年度報告", 2020),
    ("示例鎮2020年政府信息公開(kāi)工作年度報(bào)告", 2020),
    ("示例局关于2022年度政府信息公开工作情况的报告", 2022),
    ("政府信息公开年度报告(2024年)", 2024),
    ("示例县2024年度政务公开工作年度报告", 2024),
]
OTHERS = [
    ("示例县2024年政府网站工作年度报表", "website_statement"),
    ("示例局2024年法治政府建设年度报告", "rule_of_law"),
    ("示例局2024年度行政执法统计年报", "enforcement_statistics"),
    ("关于做好2024年政府信息公开工作年度报告编制发布工作的通知", "notice_to_prepare"),
    ("一图读懂示例县2024年政府信息公开工作年度报告", "explanation"),
    ("《示例县2024年政府信息公开工作年度报告》解读", "explanation"),
    ("2024年各单位政府信息公开年度报告汇总", "digest"),
    ("示例镇政府信息公开指南", "guide"),
    ("示例县2024年政务公开工作要点", "summary_or_plan"),
    ("示例县2024年政府信息公开工作年度报告（征求意见稿）", "draft_or_template"),
    ("××镇2024年政府信息公开工作年度报告（模板）", "draft_or_template"),
    ("示例区召开2020年度工作会暨表彰大会", "news"),
    ("2024年示例县政府工作报告", "other_report"),
]


@pytest.mark.parametrize(("title", "year"), REPORTS)
def test_titled_as_a_report(title: str, year: int) -> None:
    reading = read_title(title)
    assert (reading.kind, reading.year) == (TitleKind.REPORT, year)


@pytest.mark.parametrize(("title", "code"), OTHERS)
def test_named_as_something_else(title: str, code: str) -> None:
    reading = read_title(title)
    assert (reading.kind, reading.code) == (TitleKind.OTHER, code)


@pytest.mark.parametrize(
    "name",
    [
        "综合行政执法局",
        "城市管理行政执法大队",
        "行政审批服务局",
        "行政许可服务中心",
        "法治政府建设办公室",
        "政府网站管理中心",
        "审计局",
        "统计局",
        "财政局",
        "会议中心",
        "教师培训中心",
    ],
)
@pytest.mark.parametrize(
    "title",
    [
        "示例县{name}2024年政府信息公开工作年度报告",
        "示例县{name}2024年度政府信息公开工作年度报告",
        "示例县{name}2024年政府信息公开年报",
    ],
)
def test_no_bodys_name_makes_its_report_something_else(title: str, name: str) -> None:
    assert read_title(title.format(name=name)).kind is TitleKind.REPORT, "skipped, it would be called missing"


@pytest.mark.parametrize(
    ("title", "hinted"),
    [("示例镇人民政府", True), ("2024年", True), ("年报", True), ("栽下梧桐引凤来", False), ("", False)],
)
def test_unknown_titles(title: str, hinted: bool) -> None:
    reading = read_title(title)
    assert (reading.kind, reading.hinted) == (TitleKind.UNKNOWN, hinted)


def test_years_in_titles_and_addresses() -> None:
    assert title_year("国办公开办函〔2021〕30号 2024年报告") == 2024
    assert title_year("12024") is None
    assert published_year("发布：2025-01-10", "") == 2025
    assert published_year(None, "http://a/art/2025/1/13/art_1_2.html") == 2025
    assert published_year(None, "http://a/x/202601/t20260124_1.html") == 2026
    assert published_year(None, "http://a/2024_nd/content_1.html") is None, "a folder year is no date"
    assert published_year(None, "http://a/x/2017052662977646594.html") is None, "a snowflake id is no date"
    assert published_year(None, "http://a/t19700101_3.html") is None, "a bogus date is none"
    assert printed_day("时间：2025年1月3日 10:00") == "2025年1月3日"
    assert printed_day("编号 12025-01-03") is None


@pytest.mark.parametrize(
    ("title", "printed", "outside"),
    [
        ("2024年政府信息公开年度报告", "2025-01-10", False),
        ("2020年政府信息公开年度报告", "2021-01-10", True),
        ("2020年政府信息公开年度报告", "2025-01-10", False),  # filed late: its list year − 1 lies inside
        ("2024年政府信息公开年度报告", "2021-01-10", False),  # its title lies inside
        ("政府信息公开年度报告", "2021-01-10", False),  # no title year: fetched
        ("2020年政府信息公开年度报告", None, False),  # no date: fetched
    ],
)
def test_a_row_is_outside_only_if_both_say_so(title: str, printed: str | None, outside: bool) -> None:
    assert is_outside(frozenset({2024}), title, printed, "http://a/x.html") is outside
    assert not is_outside(frozenset(), title, printed, "http://a/x.html")


def test_arguments() -> None:
    assert read_years("") == frozenset()
    assert read_years("2024") == {2024}
    assert read_years("2018,2020-2022") == {2018, 2020, 2021, 2022}
    for wrong in ("20", "2025-2019", "1999", "2024-", "x"):
        with pytest.raises(ValueError, match="年份"):
            read_years(wrong)
    assert read_flag("1")
    assert not read_flag("")
    with pytest.raises(ValueError, match="full"):
        read_flag("maybe")
