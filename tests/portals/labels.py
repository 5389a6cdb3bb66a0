"""The statutory tables' labels, typed as statute.md §2 and golden/SCHEMA.md give them.

The sample portals import nothing of the product: a mistake in the product's own tables must show here.
"""

from __future__ import annotations

COLUMNS = {
    "natural_person": "自然人",
    "commercial_enterprise": "商业企业",
    "research_institution": "科研机构",
    "social_welfare_org": "社会公益组织",
    "legal_service_org": "法律服务机构",
    "other_org": "其他",
    "total": "总计",
}
BALANCE = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)"

# statute.md §2.4, without the rows of (六), which differ by format.
RESULT_ROWS = (
    ("result_disclosed", "", "(一)予以公开"),
    ("result_partial", "", "(二)部分公开(区分处理的,只计这一情形,不计其他情形)"),
    ("denied_state_secret", "(三)不予公开", "1.属于国家秘密"),
    ("denied_law_prohibited", "(三)不予公开", "2.其他法律行政法规禁止公开"),
    ("denied_three_security_one_stability", "(三)不予公开", "3.危及“三安全一稳定”"),
    ("denied_third_party", "(三)不予公开", "4.保护第三方合法权益"),
    ("denied_internal_affairs", "(三)不予公开", "5.属于三类内部事务信息"),
    ("denied_process_info", "(三)不予公开", "6.属于四类过程性信息"),
    ("denied_enforcement_file", "(三)不予公开", "7.属于行政执法案卷"),
    ("denied_admin_query", "(三)不予公开", "8.属于行政查询事项"),
    ("unavailable_not_held", "(四)无法提供", "1.本机关不掌握相关政府信息"),
    ("unavailable_needs_creation", "(四)无法提供", "2.没有现成信息需要另行制作"),
    ("unavailable_unclear", "(四)无法提供", "3.补正后申请内容仍不明确"),
    ("not_processed_petition", "(五)不予处理", "1.信访举报投诉类申请"),
    ("not_processed_duplicate", "(五)不予处理", "2.重复申请"),
    ("not_processed_publication", "(五)不予处理", "3.要求提供公开出版物"),
    ("not_processed_excessive", "(五)不予处理", "4.无正当理由大量反复申请"),
    ("not_processed_reconfirm", "(五)不予处理", "5.要求行政机关确认或重新出具已获取信息"),
)
OTHER_V2019 = (("other_processing", "", "(六)其他处理"),)
OTHER_V2021 = (
    (
        "other_overdue_correction",
        "(六)其他处理",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ),
    (
        "other_overdue_fee",
        "(六)其他处理",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    ("other_other", "(六)其他处理", "3.其他"),
)
NEW_RECEIVED = "一、本年新收政府信息公开申请数量"
CARRIED_OVER = "二、上年结转政府信息公开申请数量"
RESULTS = "三、本年度办理结果"
RESULT_TOTAL = "(七)总计"
CARRIED_FORWARD = "四、结转下年度继续办理"


def leaf_rows(version: str) -> tuple[tuple[str, str, str], ...]:
    """(key, group label or '', label) of the rows that (七) sums: 21 in v2021, 19 in v2019."""
    return RESULT_ROWS + (OTHER_V2021 if version == "v2021" else OTHER_V2019)


# statute.md §2.2, §2.3: (item, column keys and labels, row keys and labels).
DISCLOSURE_V2021 = (
    (
        "第二十条第(一)项",
        (("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")),
        (("regulations", "规章"), ("normative_documents", "行政规范性文件")),
    ),
    ("第二十条第(五)项", (("decisions", "本年处理决定数量"),), (("licensing", "行政许可"),)),
    (
        "第二十条第(六)项",
        (("decisions", "本年处理决定数量"),),
        (("penalties", "行政处罚"), ("coercion", "行政强制")),
    ),
    (
        "第二十条第(八)项",
        (("amount_wan_yuan", "本年收费金额(单位:万元)"),),
        (("fees", "行政事业性收费"),),
    ),
)
_ITEMS = (("prev_year_items", "上一年项目数量"), ("change", "本年增/减"), ("decisions", "处理决定数量"))
DISCLOSURE_V2019 = (
    (
        "第二十条第(一)项",
        (
            ("newly_made", "本年新制作数量"),
            ("newly_disclosed", "本年新公开数量"),
            ("total_disclosed", "对外公开总数量"),
        ),
        (("regulations", "规章"), ("normative_documents", "规范性文件")),
    ),
    (
        "第二十条第(五)项",
        _ITEMS,
        (("licensing", "行政许可"), ("other_external_services", "其他对外管理服务事项")),
    ),
    ("第二十条第(六)项", _ITEMS, (("penalties", "行政处罚"), ("coercion", "行政强制"))),
    ("第二十条第(八)项", _ITEMS[:2], (("fees", "行政事业性收费"),)),
    (
        "第二十条第(九)项",
        (("items", "采购项目数量"), ("total_amount_wan_yuan", "采购总金额")),
        (("procurement", "政府集中采购"),),
    ),
)


def disclosure(version: str) -> tuple:
    """Table 二 of the format."""
    return DISCLOSURE_V2021 if version == "v2021" else DISCLOSURE_V2019


# statute.md §2.5.
REVIEW_GROUPS = ("review", "litigation_direct", "litigation_after_review")
REVIEW_RESULTS = (
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
)

# statute.md §2.1.
HEADINGS = (
    ("overall", "一、总体情况"),
    ("proactive_disclosure", "二、主动公开政府信息情况"),
    ("applications", "三、收到和处理政府信息公开申请情况"),
    ("review_litigation", "四、政府信息公开行政复议、行政诉讼情况"),
    ("problems_improvements", "五、存在的主要问题及改进情况"),
    ("other_matters", "六、其他需要报告的事项"),
)
