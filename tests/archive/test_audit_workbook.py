"""The workbook and the letters, read back as an office would."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.workbook import Workbook as Book

from archive.audit.holdings import Walk
from archive.audit.problems import Problem
from archive.audit.render import audit_letters
from archive.audit.render.letter import letter_table
from archive.audit.render.sheets import Row as SheetRow
from archive.audit.render.sheets import add_sheet, sheet_title
from archive.audit.render.workbook import FEEDBACK_CAP, audit_workbook, workbook_name
from archive.audit.run import Audit, CountyAudit, Home, Scope, tally
from archive.audit.verdict import Verdict
from archive.register import County
from tests.archive.judging import at, body, claim, judged, probe, report

moment = datetime.fromisoformat  # as a workbook holds it: without a zone

LOOKS = (probe("2025-04-10"), probe("2025-04-20"))
PROBLEM_HEADS = "单位 位置 填报值 对照值 关系式 原文 程度 建议"
SUM_HEADS = "类别 应公开 按期 顺延期内 逾期 晚于惯例 未检索到 存疑 未能核查"
LEDGER_HEADS = (
    "序号 单位名称 类别 期限 期限依据 状态 页面公开日期 首次采集 逾期天数 标题 网址 索引号 页面发布机构"
    " 内部时限 上年是否公开 核查时间 问题数 人工核定 备注"
)


def home(url: str = "http://x/p/c") -> Home:
    walk = Walk(
        "urn:w",
        "p",
        "999901",
        "c",
        url,
        (),
        (),
        at("2025-04-20"),
        at("2025-04-20", 10),
        "l",
        True,
        "healthy",
        None,
    )
    return Home("p/c", url, frozenset(), walk, walk.ended)


def audit_of(*verdicts: Verdict, as_of: str = "2025-06-30", sample: bool = False) -> Audit:
    county = County(code="999901", name="某县", sample=sample)
    made = CountyAudit(county, verdicts, tally(verdicts), at("2025-04-20", 10), (), (home(),))
    years = tuple(sorted({v.report_year for v in verdicts})) or (2024,)
    return Audit(Scope(date.fromisoformat(as_of), None, years), (made,))


def workbook_of(audit: Audit, problems: dict[str, tuple[Problem, ...]] | None = None) -> Book:
    return load_workbook(io.BytesIO(audit_workbook(audit.counties[0], audit, problems or {})))


def sheet_rows(book: Book, title: str) -> list[dict[str, object]]:
    head, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def problem(**fields: object) -> Problem:
    given = {
        "code": "A2",
        "severity": "fail",
        "place": "表三(七)总计“总计”列",
        "given": 17.0,
        "against": 18.0,
        "relation": "(七)总计＝各分项之和",
        "printed": "17",
        "advice": "请重算",
        "message": "表三(七)总计“总计”列：填17，应为18（各分项之和）",
        **fields,
    }
    return Problem(**given)  # type: ignore[arg-type]


def late() -> Verdict:
    held = report(
        2024,
        claim("2025-02-08"),
        index_number="001008006002065/2025-1",
        title="=HYPERLINK(1)",
        publisher_shown="某局",
    )
    return judged(2024, held=held, held_before=True)


def named(verdict: Verdict, n: int) -> Verdict:
    return replace(verdict, publisher=body(code=f"999901-{n}", official_name=f"某县第{n}局"))


def test_sheets_and_heads_are_those_of_the_office() -> None:
    book = workbook_of(audit_of(late()), {"v-a": (problem(),)})
    assert book.sheetnames == ["汇总", "台账", "问题清单", "未能核查", "说明", "某县某局"]
    assert " ".join(str(c.value) for c in book["汇总"][1][:9]) == SUM_HEADS
    assert " ".join(str(c.value) for c in book["台账"][1][:19]) == LEDGER_HEADS
    assert [c.value for c in book["问题清单"][1][:8]] == [
        "单位",
        "位置",
        "填报值",
        "对照值",
        "关系式",
        "原文",
        "程度",
        "建议",
    ]
    elsewhere = workbook_of(audit_of(late()), {"v-a": (problem(where="表二“规章”行"),)})
    assert sheet_rows(elsewhere, "问题清单")[0]["位置"] == "表二“规章”行"
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    for title in book.sheetnames[:5]:
        assert book[title].auto_filter.ref == book[title].dimensions
    assert workbook_name(audit_of(late()).counties[0], audit_of(late(), as_of="2026-02-01")) == (
        "某县_2024年度_年报核查台账_截至2026-02-01.xlsx"
    )


def test_days_are_days_numbers_numbers_and_all_else_text() -> None:
    book = workbook_of(audit_of(late()), {"v-a": (problem(), problem(severity="warn"))})
    [entry] = sheet_rows(book, "台账")
    assert entry["期限"] == moment("2025-01-31")
    assert entry["页面公开日期"] == moment("2025-02-08")
    assert entry["逾期天数"] == 8
    assert (entry["状态"], entry["类别"]) == ("已公开；逾期", "县级部门")
    assert (entry["问题数"], entry["上年是否公开"], entry["内部时限"]) == (2, "是", None)
    assert entry["核查时间"] == moment("2025-04-20T10:00")
    heads = [cell.value for cell in book["台账"][1]]
    for head, value in (
        ("标题", "=HYPERLINK(1)"),
        ("索引号", "001008006002065/2025-1"),
        ("单位代码", "999901-1"),
    ):
        cell = book["台账"].cell(2, heads.index(head) + 1)
        assert (cell.value, cell.data_type, cell.number_format) == (value, "s", "@")
    assert book["台账"].cell(2, heads.index("状态") + 1).fill.fgColor.rgb.endswith("F8CBC8")  # red
    first = sheet_rows(book, "问题清单")[0]
    assert (first["填报值"], first["对照值"], first["程度"]) == (17, 18, "错误")


def test_red_is_for_the_statute_amber_for_townships_grey_for_what_was_not_checked() -> None:
    rows = {
        "F8CBC8": judged(2024, probes=LOOKS),
        "FCE8B8": judged(2024, kind="township_government", probes=LOOKS),
        "E4E7EB": judged(2024, probes=(probe("2025-04-10", result="declined"),)),
    }
    for colour, verdict in rows.items():
        book = workbook_of(audit_of(verdict))
        assert book["台账"].cell(2, 6).fill.fgColor.rgb.endswith(colour)
        assert book["台账"].cell(2, 6).value
        [row] = sheet_rows(book, "台账")
        assert "http://x/p/c" in str(row["备注"]), "no status without a link"
    [unchecked] = sheet_rows(book, "未能核查")
    assert unchecked["原因（非单位原因）"] == "网站谢绝访问"
    assert unchecked["栏目链接"] == "http://x/p/c"
    assert book.sheetnames[-1] == "说明", "what was not checked is nothing that a unit must answer for"
    accused = " ".join(str(cell.value) for sheet in book.worksheets for row in sheet for cell in row)
    for word in ("未编制", "漏报", "拒不公开"):
        assert word not in accused


@pytest.mark.parametrize(
    ("as_of", "first", "left", "workday"),
    [
        ("2026-01-20", "催办", "还有11天", moment("2026-01-30")),
        ("2026-01-31", "催办", "今天截止", moment("2026-01-30")),
        ("2026-02-01", "汇总", "已过2026-01-31，可顺延至2026-02-02", moment("2026-01-30")),
    ],
)
def test_before_the_due_day_the_first_sheet_urges(
    as_of: str, first: str, left: str, workday: datetime
) -> None:
    book = workbook_of(audit_of(judged(2025, as_of=as_of), as_of=as_of))
    assert book.sheetnames[0] == first
    [row] = sheet_rows(book, "催办")
    assert (row["未发布单位"], row["距截止天数"]) == ("某县某局", left)
    assert row["截止日前最后一个工作日"] == workday  # 31 January 2026 is a Saturday
    assert row["栏目链接"] == "http://x/p/c"


def test_after_all_due_days_nobody_is_urged() -> None:
    assert "催办" not in workbook_of(audit_of(judged(2024, probes=LOOKS))).sheetnames


def test_the_sums_count_everybody_once() -> None:
    kinds = [
        late(),
        judged(2024, held=report(2024, claim("2025-01-20"))),
        judged(2024, probes=LOOKS),
        judged(2024, probes=LOOKS[:1]),
        judged(2024),
        judged(2024, kind="township_government", held=report(2024, claim("2025-02-20"))),
        judged(2024, as_of="2025-01-10"),
    ]
    *_, total = sheet_rows(workbook_of(audit_of(*kinds)), "汇总")
    assert total["类别"] == "合计"
    counts = [total[name] for name in (*SUM_HEADS.split()[2:], "未到期")]
    assert counts == [1, 0, 1, 1, 1, 1, 1, 1]
    assert total["应公开"] == sum(counts) == len(kinds)  # type: ignore[arg-type]


def test_a_page_for_each_unit_the_gravest_first_capped_and_told() -> None:
    fine = judged(2024, held=report(2024, claim("2025-01-20"), version="v-fine"))
    units = [named(judged(2024, probes=LOOKS), n) for n in range(FEEDBACK_CAP + 5)]
    book = workbook_of(audit_of(*units, named(late(), 900), named(fine, 901)), {})
    sheets = book.sheetnames[5:]
    assert len(sheets) == FEEDBACK_CAP
    assert sheets[0] == "某县第900局", "late by statute comes first"
    assert "某县第901局" not in sheets
    told = [str(row["内容"]) for row in sheet_rows(book, "说明") if row["项目"] == "反馈单"]
    assert f"{FEEDBACK_CAP + 6}" in told[0]
    assert f"{FEEDBACK_CAP}" in told[0]


def test_a_page_holds_what_fits_and_tells_the_rest() -> None:
    many = tuple(problem(place=f"第{n}处") for n in range(30))
    sheet = workbook_of(audit_of(late()), {"v-a": many})["某县某局"]
    texts = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    assert any("另有11项" in text for text in texts)
    assert sheet.max_row < 3 + 20 + 5, "twenty rows, head and foot"
    assert any("http://x/page" in text for text in texts), "no status without a link"
    assert sheet.page_setup.fitToHeight == 1


def test_titles_of_sheets_are_legal_and_differ() -> None:
    book = Workbook()
    for _ in range(3):
        book.create_sheet(sheet_title(book, "某县[一]:办公室/综合" + "长" * 40))
    titles = book.sheetnames[1:]
    assert len(set(titles)) == 3
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)


def test_a_value_under_no_heading_is_refused() -> None:
    with pytest.raises(KeyError, match="说明"):
        add_sheet(Workbook(), "notes", [SheetRow({"题目": "x"})])


def test_control_characters_and_endless_text_do_not_break_the_file() -> None:
    held = report(2024, claim("2025-02-08"), title="标\x0b题" + "长" * 40_000)
    [entry] = sheet_rows(workbook_of(audit_of(judged(2024, held=held))), "台账")
    assert str(entry["标题"]).startswith("标题长")
    assert len(str(entry["标题"])) <= 32_767


def test_letters_name_the_day_the_columns_and_the_captures() -> None:
    verdicts = (named(judged(2024, probes=LOOKS), 1), named(late(), 2))
    text = audit_letters(audit_of(*verdicts).counties[0], audit_of(*verdicts))
    assert "截至2025-06-30，在下列栏目（附网址、采集时间）未检索到你单位2024年度" in text
    assert "As of 2025-06-30" in text
    assert "如已公开，请反馈网址" in text
    assert "栏目中没有 2025-04-10 10:00 http://x/p/c urn:p/c:2025-04-10" in text
    assert "公开日期为2025-02-08，条例（2019）第四十九条第一款规定的期限为2025-01-31" in text
    assert "页面公开日期 2025-02-08" in text
    assert text.count("签发") == 1 + 2


def test_no_letter_accuses_a_township_or_threatens() -> None:
    township = judged(2024, kind="township_government", held=report(2024, claim("2025-02-20")))
    unchecked = judged(2024, probes=(probe("2025-04-10", result="declined"),))
    once = judged(2024, probes=LOOKS[:1])
    for verdict in (township, unchecked, once):
        assert "没有需要发函的单位" in audit_letters(audit_of(verdict).counties[0], audit_of(verdict))
    told = " ".join(part for row in letter_table().letters for part in row.text)
    for word in ("责令", "处分", "违法", "未编制", "拒不", "追究"):
        assert word not in told
    assert "请勿发出" in audit_letters(
        audit_of(late(), sample=True).counties[0], audit_of(late(), sample=True)
    )
