"""What stands beside the reports: the non-reports of practice.md §2, and ordinary news.

They share words, weeks and columns with the reports; a reader that goes by titles alone takes some of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.portals.bodies import Publisher

Entry = tuple[str, str, date, tuple[str, ...]]  # kind, title, day, lines of the page


def non_reports(government: Publisher, bodies: list[Publisher], silent: Publisher) -> list[Entry]:
    """The non-reports of a portal's report column.

    `bodies` are its invented departments and townships; `silent` is one that is without a report, whose other
    yearly papers must not be taken for one.
    """
    last = silent.short
    first = bodies[0].short
    office = f"{government.short}办公室"
    return [
        (
            "website_report",
            f"{last}2025年政府网站工作年度报表",
            date(2026, 1, 16),
            (
                "网站名称：样例网站",
                "信息发布总数 1283 条",
                "在线办事事项 214 项",
                "填报单位为样例单位，数据为样例数据。",
            ),
        ),
        (
            "rule_of_law_report",
            f"{last}2025年度法治政府建设年度报告",
            date(2026, 1, 21),
            (
                f"2025年，{last}深入推进法治政府建设，现将有关情况报告如下（样例）。",
                "一、主要举措和成效",
                "完善行政规范性文件管理制度，落实重大行政决策程序。",
                "二、存在的不足和原因",
                "行政执法人员业务能力有待提高。",
                "三、下一年度工作安排",
                "持续加强法治培训。",
            ),
        ),
        (
            "enforcement_statistics",
            f"{first}2025年度行政执法统计年报",
            date(2026, 1, 20),
            ("行政处罚实施数量 1312 宗，行政强制实施数量 427 宗（样例数据）。",),
        ),
        (
            "circular",
            "关于做好2025年政府信息公开工作年度报告编制发布工作的通知",
            date(2025, 12, 22),
            (
                "各乡镇（街道）、各部门：",
                "请于2026年1月31日前编制完成并在政府网站公开2025年政府信息公开工作年度报告。",
                "一、总体情况、二、主动公开政府信息情况等六个部分不得遗漏。",
                f"{office}",
            ),
        ),
        (
            "reading",
            f"一图读懂：{government.short}2024年政府信息公开工作年度报告",
            date(2025, 3, 31),
            ("图解内容见附图（样例）。", "全年办理政府信息公开申请情况请查阅报告全文。"),
        ),
        (
            "reading",
            f"《{government.short}2024年政府信息公开工作年度报告》解读",
            date(2025, 4, 2),
            (
                "一、编制背景",
                "按照条例规定，政府信息公开工作主管部门应当公布上一年度报告。",
                "二、主要内容",
                "报告由六个部分组成。",
            ),
        ),
        (
            "guide",
            f"{government.short}政府信息公开指南",
            date(2023, 6, 8),
            (
                "为方便公众获取政府信息，编制本指南（样例）。",
                "一、公开范围",
                "二、申请方式",
                "三、监督与救济",
            ),
        ),
        (
            "summary_of_work",
            f"{last}2025年政务公开工作总结",
            date(2026, 1, 12),
            (
                f"2025年，{last}扎实推进政务公开工作，现总结如下（样例）。",
                "一、加强组织领导",
                "二、规范信息发布",
                "三、下一步打算",
            ),
        ),
        (
            "template",
            "××镇（街道）2025年政府信息公开工作年度报告（模板）",
            date(2025, 12, 25),
            (
                "××镇（街道）2025年，认真贯彻落实《中华人民共和国政府信息公开条例》，现公布本年度报告。",
                "一、总体情况",
                "（本部分概述××情况）",
                "二、主动公开政府信息情况",
                "（以表格形式报告）",
                "三、收到和处理政府信息公开申请情况",
                "（以表格形式报告）",
                "四、政府信息公开行政复议、行政诉讼情况",
                "（以表格形式报告）",
                "五、存在的主要问题及改进情况",
                "××××",
                "六、其他需要报告的事项",
                "××××",
            ),
        ),
    ]


def lookalikes(government: Publisher, body: Publisher) -> list[Entry]:
    """Pages whose list title is a report's, and which are none: only their text tells.

    `body` has a true report of 2025; a draft of it stands in the column too.
    """
    who = government.short
    headings = (
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    )
    template = [line for heading in headings for line in (heading, "（以表格形式报告，××单位据实填写）")]
    return [
        (
            "unmarked_template",
            "2025年政府信息公开工作年度报告",
            date(2026, 2, 10),
            (
                "××（单位名称）2025年，认真贯彻落实《中华人民共和国政府信息公开条例》，现公布××年度报告。",
                *template,
            ),
        ),
        (
            "school_report",
            "示例中学2025年信息公开工作年度报告",
            date(2026, 2, 11),
            (
                "示例中学依据教育部门要求编制本报告（样例）。",
                "一、学校基本情况",
                "学校现有教学班36个。",
                "二、招生信息公开情况",
                "三、收费信息公开情况",
                "四、意见建议",
            ),
        ),
        (
            "draft",
            f"{body.short}2025年政府信息公开工作年度报告",
            date(2026, 2, 15),
            ("（征求意见稿，请于2月28日前反馈意见）", *template),
        ),
        (
            "letter",
            f"关于{who}2025年政府信息公开工作年度报告有关事项的复函",
            date(2026, 2, 12),
            ("来函收悉（样例）。", "2025年政府信息公开工作年度报告将于3月31日前公布。", "特此函复。"),
        ),
        (
            "link_page",
            "2025年各乡镇（街道）政府信息公开工作年度报告",
            date(2026, 2, 13),
            (
                "各乡镇（街道）2025年政府信息公开工作年度报告请查阅下列链接（样例）：",
                "示例乡镇一",
                "示例乡镇二",
            ),
        ),
        (
            "wording_only",
            f"{who}印发2025年政府信息公开工作年度报告编写提纲",
            date(2026, 2, 14),
            ("提纲（样例）", *headings, "请各单位参照执行。"),
        ),
    ]


TOPICS = (
    "召开安全生产工作例会", "开展森林防火巡查", "组织义务植树活动", "发布高温天气提示", "举办就业招聘会",
    "开展食品安全检查", "公示农村危房改造名单", "推进老旧小区改造", "部署防汛备汛工作", "开展消防应急演练",
    "发布停水检修公告", "开展文明城市创建活动", "举办全民健身比赛", "发放耕地地力保护补贴", "开展反诈宣传",
    "公开招聘社区工作者", "开展秸秆禁烧巡查", "发布疫苗接种通知", "举办农产品展销活动", "开展道路交通整治",
    "公示年度重点项目清单", "开展河道清洁行动", "召开人居环境整治推进会",
)  # fmt: skip


def news(portal: str, place: int) -> tuple[str, date, tuple[str, ...]]:
    """The ordinary notice number `place` of a portal: title, day, lines."""
    random = Random(f"{portal} news {place}")
    day = date(2018, 3, 1) + timedelta(days=31 * place + random.randint(0, 27))
    day = min(day, date(2026, 1, 25))
    topic = TOPICS[place % len(TOPICS)]
    where = random.choice(("示例社区", "示例村", "示例公园", "示例广场"))
    return (
        f"{where}{topic}（{place + 1}）",
        day,
        (
            f"{day.month}月{day.day}日，{where}{topic}（样例消息）。",
            "有关单位负责同志参加，活动取得良好效果。",
        ),
    )
