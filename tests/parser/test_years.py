"""Which year a title names."""

from __future__ import annotations

import pytest

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
