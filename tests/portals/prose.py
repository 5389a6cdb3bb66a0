"""The running text around the tables: its sentences agree with the numbers (statute.md §2.1, §3 N).

Governments tell of 工作考核, 社会评议 and 责任追究 (art. 50); the five aspects of section 一 are all there.
"""

from __future__ import annotations

from random import Random

from tests.portals.figures import Cells
from tests.portals.labels import HEADINGS
from tests.portals.tables import (
    Block,
    Para,
    application_rows,
    disclosure_rows,
    layout,
    review_rows,
)

SELF = {
    "县": "全县",
    "市": "全市",
    "局": "本局",
    "镇": "我镇",
    "乡": "我乡",
    "街道": "我街道",
    "办公室": "本机关",
    "学": "本校",
}
PROBLEMS = (
    ("公开内容与群众需求结合不够紧密", "围绕群众关心的事项及时更新公开目录"),
    ("政策解读形式较为单一", "采用图文、问答等形式丰富解读"),
    ("业务人员更替较快，培训不足", "建立新进人员上岗培训制度"),
    ("部分栏目更新不够及时", "实行栏目责任到人、按月巡查"),
    ("依申请公开答复文书不够规范", "统一答复文书样式并集中审核"),
    ("线下公开专区使用率不高", "在便民服务大厅增设查阅指引"),
)
WORK = (
    "结合年度重点任务编制主动公开目录，及时发布财政预决算、民生实事和公共服务信息",
    "围绕村级事务、惠农补贴和安全生产等内容，持续更新政务公开栏目",
    "按照应公开尽公开的原则，集中发布规划计划、重大项目和行政执法信息",
    "以企业和群众办事需求为导向，梳理并公开办事指南和政策文件",
)


def report_blocks(name: str, kind: str, year: int, version: str, cells: Cells) -> list[Block]:
    """The body of a generated report without its title and signature."""
    if version == "pre2019":
        return _pre2019(name, year)
    random = Random(f"{name} {year} prose")
    applications, review = cells["applications"], cells["review_litigation"]["all"]
    me = self_name(name)
    blocks: list[Block] = [
        Para(
            f"根据《中华人民共和国政府信息公开条例》（国务院令第711号）要求，现公布{name}{year}年政府信息公开工作年度报告（样例数据）。"
            f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
        ),
        Para(HEADINGS[0][1]),
        *_overall(random, me, kind, year, version, cells),
        Para(HEADINGS[1][1]),
        layout(disclosure_rows(cells["proactive_disclosure"], version)),
        Para(HEADINGS[2][1]),
        layout(application_rows(applications, version)),
        Para(HEADINGS[3][1]),
        layout(review_rows(review_cells(review))),
        Para(HEADINGS[4][1]),
        *_problems(random, me),
        Para(HEADINGS[5][1]),
        Para("按照《政府信息公开信息处理费管理办法》规定，本年度未收取信息处理费，无其他需要报告的事项。"),
    ]
    return blocks


def self_name(name: str) -> str:
    """How a body speaks of itself: 我镇, 本局, 全市."""
    short = name.removesuffix("人民政府")
    return next(word for ending, word in SELF.items() if short.endswith(ending))


def review_cells(row: dict) -> dict:
    """Table 四 in the shape that `tables.review_rows` takes."""
    return {"all": row}


def _overall(random: Random, me: str, kind: str, year: int, version: str, cells: Cells) -> list[Para]:
    applications, review = cells["applications"], cells["review_litigation"]["all"]
    totals = {key: row["total"] for key, row in applications.items()}
    suits = review["litigation_direct_total"] + review["litigation_after_review_total"]
    made = cells["proactive_disclosure"]["normative_documents"]
    documents = (
        f"全年制发行政规范性文件{made['issued']}件。"
        if version == "v2021"
        else f"全年新制作规范性文件{made['newly_made']}件。"
    )
    duty = ""
    if kind.endswith("government"):
        duty = "政务公开纳入年度工作考核，组织社会评议一次，评议结果为满意，全年无责任追究情形。"
    return [
        Para(f"（一）主动公开情况。{year}年，{me}{random.choice(WORK)}。{documents}"),
        Para(
            f"（二）依申请公开情况。{year}年，{me}新收政府信息公开申请{totals['new_received']}件，"
            f"上年结转{totals['carried_over']}件；办结{totals['result_total']}件，"
            f"结转下年度继续办理{totals['carried_forward']}件。"
            f"因政府信息公开被申请行政复议{review['review_total']}件、提起行政诉讼{suits}件。"
        ),
        Para(f"（三）政府信息管理情况。{me}严格执行信息发布审核和保密审查制度，做到先审查、后公开。"),
        Para(f"（四）政府信息公开平台建设情况。{me}依托政府网站专栏和线下查阅点公开信息，方便公众获取。"),
        Para(f"（五）监督保障情况。{me}明确专人负责政务公开工作，全年开展业务培训两次。{duty}"),
    ]


def _problems(random: Random, me: str) -> list[Para]:
    (one, mend_one), (two, mend_two) = random.sample(PROBLEMS, 2)
    return [
        Para(f"（一）存在的主要问题：一是{one}；二是{two}。"),
        Para(f"（二）改进情况：{me}一是{mend_one}；二是{mend_two}。"),
    ]


def _pre2019(name: str, year: int) -> list[Block]:
    """The free prose of the years before 国办公开办函〔2019〕60号: no statutory tables."""
    random = Random(f"{name} {year} prose")
    me = self_name(name)
    return [
        Para(
            f"根据《中华人民共和国政府信息公开条例》规定，现公布{name}{year}年政府信息公开工作年度报告（样例数据）。"
            f"本年度报告中所列数据的统计期限自{year}年1月1日至{year}年12月31日。"
        ),
        Para("一、概述"),
        Para(f"{year}年，{me}{random.choice(WORK)}，政府信息公开工作有序开展。"),
        Para("二、主动公开政府信息情况"),
        Para(
            f"{year}年主动公开政府信息{random.randint(300, 900)}条，"
            f"其中政府网站公开{random.randint(100, 299)}条。"
        ),
        Para("三、依申请公开政府信息情况"),
        Para(f"{year}年共收到政府信息公开申请{random.randint(11, 60)}件，均按时办结。"),
        Para("四、政府信息公开的收费及减免情况"),
        Para("本年度未向申请人收取费用。"),
        Para("五、因政府信息公开申请行政复议、提起行政诉讼的情况"),
        Para("本年度没有因政府信息公开工作被申请行政复议、提起行政诉讼。"),
        Para("六、存在的主要问题及改进情况"),
        *_problems(random, me),
    ]
