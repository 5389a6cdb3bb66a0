"""The crawler's and the parser's words for titles are two tables, since a mistake costs two different things.

What the crawler skips is never seen, and counts as absent; what the parser accepts is counted. Where they
meet they must agree: the report of any body is followed by the one and counted by the other.
"""

from __future__ import annotations

import pytest

from crawler.titles import TitleKind, read_title
from parser.kind import is_report_title, non_report

BODIES = [
    "人民政府",
    "人民政府办公室",
    "发展和改革局",
    "教育体育局",
    "科学技术局",
    "工业和信息化局",
    "公安局",
    "民政局",
    "司法局",
    "财政局",
    "人力资源和社会保障局",
    "自然资源和规划局",
    "生态环境局",
    "住房和城乡建设局",
    "交通运输局",
    "水利局",
    "农业农村局",
    "商务局",
    "文化广电旅游局",
    "卫生健康委员会",
    "退役军人事务局",
    "应急管理局",
    "审计局",
    "市场监督管理局",
    "统计局",
    "医疗保障局",
    "综合行政执法局",
    "城市管理行政执法局",
    "行政审批服务管理局",
    "信访局",
    "政务服务管理办公室",
    "公共资源交易中心",
    "机关事务管理局",
    "档案馆",
    "气象局",
    "税务局",
    "供销合作社联合社",
    "投资促进局",
    "数据局",
    "绩效考核办公室",
    "政府网站管理中心",
    "法治政府建设办公室",
    "会议中心",
    "标准化研究中心",
    "国有资产监督管理办公室",
    "大数据发展服务中心",
    "人民防空办公室",
    "住房公积金管理中心",
    "红十字会",
    "残疾人联合会",
    "经济开发区管理委员会",
    "示例街道办事处",
    "示例镇人民政府",
    "示例乡",
]
SHAPES = (
    "示例县{body}2024年政府信息公开工作年度报告",
    "示例县{body}2024年度政府信息公开工作年度报告",
    "2024年示例县{body}政府信息公开年度报告",
    "示例县{body}关于2024年政府信息公开工作情况的报告",
    "示例县{body}2024年政府信息公开工作年报",
    "关于示例县{body}2024年度政府信息公开工作的报告",
)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("body", BODIES)
def test_the_report_of_any_body_is_followed_and_counted(body: str, shape: str) -> None:
    title = shape.format(body=body)
    assert read_title(title).kind is TitleKind.REPORT, "not followed"
    assert is_report_title(title), "not counted"
    assert non_report(title) is None, "counted as something else"
