"""Which year a title names."""

from __future__ import annotations

import pytest

from parser.report import FormatVersion
from parser.year_sources import disagreement, folder_year, format_disagrees
from parser.years import title_year


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("示例镇2025年政府信息公开工作年度报告 2026-01-17", 2025),  # a list's day beside the title
        ("2024年度报告（2025年1月20日）", 2024),
        ("示例局2023年政府信息公开工作年度报告[2024.1.9]", 2023),
        ("二〇二四年政府信息公开年报", 2024),
        ("2021—2022年度报告", 2022),
        ("2023.12.1 公告", None),
        ("政府信息公开工作年度报告", None),
    ],
)
def test_the_year_before_the_report_and_never_that_of_a_day(title: str, year: int | None) -> None:
    assert title_year(title) == year


@pytest.mark.parametrize(
    ("url", "year"),
    [
        ("http://a.test/zwgk/zfxxgknb/2024n/202501/t20250113_1.html", 2024),
        ("http://a.test/gknb2017/t20250113_1.html", 2017),
        ("http://a.test/2020_504392/qzfbgs/202101/t20210129_15364021.html", 2020),
        ("http://a.test/2025bmzjxxgknb/1.html", 2025),
        ("http://a.test/zfxxgknb/n2022n/xz/zgz.htm", 2022),
        ("http://a.test/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=2024", 2024),
        ("http://a.test/public/column/5961?type=3&timeFrame=2022&hasContent=true", 2022),
        ("http://a.test/openness/OpennessAnnualReport/year/6/2022.html", 2022),
        ("http://a.test/art/2026/1/13/art_1_2.html", None),
        ("http://a.test/202501/t20250113_1.html", None),
        ("http://a.test/2025/01/1.html", None),
        ("http://a.test/wyll20231/1.html", None),
        ("http://a.test/c100/2024n.html", None),
        (None, None),
    ],
)
def test_the_year_of_a_folder(url: str | None, year: int | None) -> None:
    assert folder_year(url) == year


AGREED: dict[str, int | None] = {"from_title": 2024, "from_body": 2024, "from_stated_period": 2024}


@pytest.mark.parametrize(
    ("others", "checked", "code"),
    [
        ({}, True, None),
        ({"from_list": 2024, "from_folder": 2024, "from_table": 2024}, True, None),
        ({"from_list": 2023}, True, "years_disagree"),
        ({"from_table": 2023}, True, "years_disagree"),
        ({"from_folder": 2025}, True, None),  # of the year of publication
        ({"from_folder": 2022}, True, "year_elsewhere"),
        ({"from_body": 2023}, True, "year_elsewhere"),
        ({"from_title": 2023}, True, None),  # check Y1 tells it
        ({"from_title": 2023}, False, "years_disagree"),
        ({"from_stated_period": 2023}, False, "years_disagree"),
    ],
)
def test_every_disagreement_is_told(others: dict[str, int | None], checked: bool, code: str | None) -> None:
    found = disagreement({**AGREED, **others}, 2024, checked=checked)
    assert [finding.code for finding in found] == ([code] if code else [])
    for told in others.values():
        assert not found or str(told) in found[0].message


def test_tables_of_another_years_format() -> None:
    assert not format_disagrees(FormatVersion.V2021, 2024)
    assert not format_disagrees(FormatVersion.V2019, 2020)
    for version, year in ((FormatVersion.V2021, 2019), (FormatVersion.V2019, 2023)):
        [found] = format_disagrees(version, year)
        assert (found.code, str(year) in found.message) == ("format_year", True)
