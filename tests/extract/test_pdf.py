"""PDFs: the paged seed against its truth, a real report against its gold, other makes, and bad files."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pdfplumber
import pytest
from fpdf import FPDF
from fpdf.enums import EncryptionMethod

from extract.errors import Unreadable
from extract.pdf import MAX_PAGES, PdfBody, read_pdf
from parser.document import Grid, GridSource, Paragraph, Severity
from tests.extract.pdf_maker import MadePage, make_pdf, text_width
from tools import make_seed_pdf

TESTS = Path(__file__).parent.parent
SEED_PDF = TESTS / "portals/files/seed_004.pdf"
GOLDEN = TESTS / "golden/004_3939e620a62260ff.json"
REAL = TESTS.parents[1] / "shared/real/report_huaian_2024_pdf"  # beside the project, where it is


def compact(text: str) -> str:
    return re.sub(r"[\s|*]", "", text)


def grids(body: PdfBody) -> list[Grid]:
    return [block for block in body.blocks if isinstance(block, Grid)]


def texts(grid: Grid) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in grid.rows]


def codes(body: PdfBody) -> set[str]:
    return {finding.code for finding in body.findings}


@pytest.fixture(scope="module")
def seed() -> PdfBody:
    return read_pdf(SEED_PDF.read_bytes())


@pytest.fixture(scope="module")
def golden() -> dict:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


# ------------------------------------------------------------------ the paged seed


def test_seed_title_pages_and_findings(seed: PdfBody, golden: dict) -> None:
    assert (seed.title, seed.n_pages, seed.has_text_layer) == (golden["title"], 6, True)
    assert codes(seed) == {"page_furniture"}
    assert not any("—" in block.text for block in seed.blocks if isinstance(block, Paragraph))


def sections_of(body: PdfBody, headings: list[str]) -> dict[str, str]:
    """Text between headings, grids in row order."""
    found: dict[str, str] = {}
    current = ""
    for block in body.blocks:
        if isinstance(block, Paragraph) and block.text in headings:
            current = block.text
        text = block.text if isinstance(block, Paragraph) else "".join(cell.text for cell in block.cells)
        if text != current:
            found[current] = found.get(current, "") + compact(text)
    return found


def test_seed_sections(seed: PdfBody, golden: dict) -> None:
    found = sections_of(seed, [section["heading"] for section in golden["sections"]])
    for section in golden["sections"]:
        text = found[section["heading"]]
        assert (text[:20], text[-20:]) == (section["first20"], section["last20"])
    lengths = {s["key"]: len(found[s["heading"]]) for s in golden["sections"]}
    assert lengths["overall"] == 864
    assert lengths["applications"] == 631


def test_seed_sentence_goes_on_over_the_page(seed: PdfBody) -> None:
    paragraph = next(
        b for b in seed.blocks if isinstance(b, Paragraph) and "严格落实政府信息公开“三审制”" in b.text
    )
    assert re.fullmatch(r"page 1 box [\d,]+; page 2 box [\d,]+", paragraph.locator)


def test_seed_applications_cell_by_cell(seed: PdfBody, golden: dict) -> None:
    grid = grids(seed)[1]
    head = texts(grid)[2][3:]
    assert head == [column["label"] for column in golden["tables"]["applications"]["columns"]]
    rows = texts(grid)[3:]
    expected = golden["tables"]["applications"]["rows"]
    assert len(rows) == len(expected) == 25
    for row, truth in zip(rows, expected, strict=True):
        label = compact(row[2] or "")
        if truth["key"] == "result_disclosed":
            assert row[3:] == ["(一) 予以公开", *["0"] * 6]  # drawn over the first number's place
            continue
        assert label == compact(truth["label"])
        assert [int(value or "x") for value in row[3:]] == list(truth["values"].values())
        if truth["group"]:
            assert compact(row[0] or "") == truth["group"]
        if truth["subgroup"] and truth["key"] != "other_other":  # its group is not drawn on the last page
            assert compact(row[1] or "") == compact(truth["subgroup"])


def test_seed_other_tables(seed: PdfBody) -> None:
    proactive, _, review = grids(seed)
    assert texts(proactive)[5] == ["行政许可", "6429", "6429", "6429"]
    assert [cell.colspan for cell in proactive.cells if cell.text == "6429"] == [3]
    assert texts(review)[-1] == ["0"] * 15
    assert texts(review)[1][:5] == ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    assert [a + b for a, b in zip(texts(review)[2][5:9], texts(review)[3][5:9], strict=True)] == [
        "结果维持",
        "结果纠正",
        "其他结果",
        "尚未审结",
    ]
    assert all(grid.source is GridSource.PDF for grid in grids(seed))


def test_cut_cells_are_whole_and_tell_both_pages(seed: PdfBody) -> None:
    grid = grids(seed)[1]
    cut = next(cell for cell in grid.cells if cell.text.startswith("2. 申请人逾期"))
    assert cut.text == "2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    assert re.fullmatch(r"page 4 box [\d,]+; page 5 box [\d,]+", cut.locator)
    group = next(cell for cell in grid.cells if cell.text == "三、本年度办理结果")
    assert group.rowspan == 22
    assert "page 3" in group.locator
    assert "page 5" in group.locator


def test_grids_cover_each_place_once(seed: PdfBody) -> None:
    for grid in grids(seed):
        covered = [
            (row, column)
            for cell in grid.cells
            for row in range(cell.row, cell.row + cell.rowspan)
            for column in range(cell.column, cell.column + cell.colspan)
        ]
        assert len(covered) == len(set(covered)) == grid.n_rows * grid.n_columns


def test_another_reader_sees_the_same_cells(seed: PdfBody) -> None:
    """pdfplumber finds the same texts in the tables of the pages, in the same order of rows."""
    with pdfplumber.open(io.BytesIO(SEED_PDF.read_bytes())) as pdf:
        tables = [table for page in pdf.pages[2:5] for table in page.extract_tables()]
    theirs = sorted(compact(cell) for table in tables for row in table for cell in row if cell)
    ours = sorted(compact(cell.text) for grid in grids(seed) for cell in grid.cells if cell.text)
    cut = {"三、本年", "度办理结果", "三、本年度办理结果"}
    assert [t for t in theirs if t not in cut and "逾期未按" not in t and "用、行政" not in t] == [
        t for t in ours if t not in cut and "逾期未按" not in t
    ]


@pytest.mark.skipif(not make_seed_pdf.FONT.exists(), reason="fonts-wqy-zenhei is not installed")
def test_the_committed_seed_is_what_the_tool_makes(tmp_path: Path) -> None:
    sheet = make_seed_pdf.Sheet(make_seed_pdf.FONT)
    (text,) = (TESTS / "seeds").glob("004_*.txt")
    make_seed_pdf.draw(make_seed_pdf.Seed(text), sheet)
    sheet.pdf.output(str(tmp_path / "seed.pdf"))
    ours, again = (read_pdf(p.read_bytes()).blocks for p in (SEED_PDF, tmp_path / "seed.pdf"))
    assert ours == again


# ------------------------------------------------------------------ a real report


@pytest.mark.skipif(not REAL.exists(), reason="the real report is not on this machine")
def test_real_report_every_number_at_its_place() -> None:
    body = read_pdf((REAL / "report.pdf").read_bytes())
    gold = json.loads((REAL / "gold_tables.json").read_text(encoding="utf-8"))
    assert body.title == "淮安市人民政府 2024年政府信息公开工作年度报告"
    proactive, applications, review = (texts(grid) for grid in grids(body))
    item, heads, seen = "", [], 0
    for row in proactive:
        if row[0] and row[0].startswith("第二十条"):
            item = compact(row[0]).removeprefix("第二十条")
        elif row[0] == "信息内容":
            heads = row[1:]
        elif item == "第（一）项":
            assert {h: int(v or "") for h, v in zip(heads, row[1:], strict=True)} == gold["table_article20"][
                item
            ][row[0]]
            seen += 3
        else:
            (value,) = [v for k, v in gold["table_article20"][item].items() if k.startswith(row[0] or "")]
            assert {float(v or "") for v in row[1:]} == {value}
            seen += 1
    assert seen == 10
    assert applications[2][3:] == gold["table_requests"]["columns"]
    keyed = {"/".join(dict.fromkeys(compact(c or "") for c in row[1:3])): row[3:] for row in applications[3:]}
    wanted = gold["table_requests"]["rows"]
    assert len(keyed) == len(wanted) == 25
    for (label, values), (key, numbers) in zip(keyed.items(), wanted.items(), strict=True):
        assert [int(v or "x") for v in values] == numbers, (label, key)
        tail = re.sub(r"^.*[/.）]", "", key.replace("2.逾期", ""))
        assert tail[:4] in label
    assert [int(v or "x") for v in review[-1]] == list(gold["table_review_litigation"].values())
    assert codes(body) == {"page_furniture"}


# ------------------------------------------------------------------ other makes


def unruled_page() -> MadePage:
    page = MadePage()

    def row(y: float, label: str, *values: str) -> None:
        page.text(80, y, label)
        for at, value in enumerate(values):
            page.text(300 + at * 45 - text_width(value, 10) / 2, y, value)

    page.text(100, 80, "三、收到和处理政府信息公开申请情况", 16)
    row(116, "", "自然人", "商业企业", "科研机构", "社会公益", "法律", "其他", "总计")
    row(140, "一、本年新收政府信息公开申请数量", "3001", "53", "0", "0", "61", "4", "3119")
    row(156, "二、上年结转", "34", "0", "0", "0", "0", "0", "34")
    page.text(80, 172, "（二）部分公开（区分处理的，只计")
    row(178, "", "447", "7", "0", "0", "0", "0", "454")
    page.text(80, 184, "这一情形，不计其他情形）")
    page.text(80, 200, "1、申请人无正当理由逾期不")
    row(212, "补正、行政机关不再处理其", "67", "3", "0", "0", "1", "0", "71")
    page.text(80, 224, "政府信息公开申请")
    row(240, "2、重复申请", "25", "0", "0", "0", "", "0", "25")
    page.text(100, 280, "四、这里是下一节的正文。", 16)
    return page


def test_table_without_lines() -> None:
    body = read_pdf(make_pdf(unruled_page()))
    (grid,) = grids(body)
    assert texts(grid)[1:] == [
        ["一、本年新收政府信息公开申请数量", "3001", "53", "0", "0", "61", "4", "3119"],
        ["二、上年结转", "34", "0", "0", "0", "0", "0", "34"],
        ["（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "447", "7", "0", "0", "0", "0", "454"],
        [
            "1、申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "67",
            "3",
            "0",
            "0",
            "1",
            "0",
            "71",
        ],
        ["2、重复申请", "25", "0", "0", "0", "", "0", "25"],
    ]
    assert texts(grid)[0][1:] == ["自然人", "商业企业", "科研机构", "社会公益", "法律", "其他", "总计"]
    (finding,) = body.findings
    assert (finding.code, finding.severity, finding.locator) == ("unruled_table", Severity.WARN, grid.locator)
    assert [b.text for b in body.blocks if isinstance(b, Paragraph)] == [
        "三、收到和处理政府信息公开申请情况",
        "四、这里是下一节的正文。",
    ]


def test_numbers_far_below_a_label_are_not_its_numbers() -> None:
    page = MadePage()
    for y, words in (
        (100, ("1、甲", "1", "2")),
        (116, ("2、乙", "3", "4")),
        (132, ("3、丙",)),
        (180, ("", "5", "6")),
    ):
        for at, word in enumerate(words):
            page.text(80 + 100 * at, y, word)
    (grid,) = grids(read_pdf(make_pdf(page)))
    assert texts(grid)[2:] == [["3、丙", None, None], [None, "5", "6"]]


def test_running_text_is_never_a_table() -> None:
    page = MadePage()
    for at in range(12):
        page.text(
            80,
            100 + 20 * at,
            "全年共受理申请 12 件，答复 11 件，结转 1 件，同比上升 3 个百分点，如下所述",
            12,
        )
    page.text(300, 400, "联系人：办公室    电话：010-1234567", 12)
    body = read_pdf(make_pdf(page))
    assert grids(body) == []


def test_labels_over_several_lines_with_enumerators() -> None:
    page = MadePage()
    rows = [
        ("1.属于国家\n秘密", "2", "3"),
        ("2、其他法律\n行政法规\n禁止公开", "30", "1"),
        ("3.危及“三\n安全一稳定”", "5", "41"),
    ]
    y = 100.0
    page.cell(80, y, 110, y + 150, "（三）\n不予\n公开")
    for label, *values in rows:
        page.cell(110, y, 200, y + 50, label)
        for at, value in enumerate(values):
            page.cell(200 + 50 * at, y, 250 + 50 * at, y + 50, value)
        y += 50
    (grid,) = grids(read_pdf(make_pdf(page)))
    assert texts(grid) == [["（三）不予公开", r[0].replace("\n", ""), *r[1:]] for r in rows]


def landscape(page: MadePage, angle: float) -> None:
    """A table of 2 × 2 and a sentence, the text running at `angle` (90 or 270) on the sheet."""

    def place(u: float, v: float) -> tuple[float, float]:  # u right and v down, as read
        return (v, page.height - u) if angle == 90 else (page.width - v, u)

    def text(u: float, v: float, said: str) -> None:
        page.text(*place(u, v), said, 10, angle)

    text(100, 80, "这一页是横排的。")
    for row, words in enumerate((("规章", "17"), ("行政规范性文件", "204"))):
        for column, word in enumerate(words):
            text(110 + 150 * column, 120 + 30 * row, word)
    for u in (100, 250, 400):
        page.line(*place(u, 100), *place(u, 160))
    for v in (100, 130, 160):
        page.line(*place(100, v), *place(400, v))


@pytest.mark.parametrize("angle", [90, 270])
@pytest.mark.parametrize("rotate", [0, 90, 270])
def test_sideways_page_is_read_by_its_text(angle: int, rotate: int) -> None:
    page = MadePage(rotate=rotate)
    landscape(page, angle)
    body = read_pdf(make_pdf(page))
    (grid,) = grids(body)
    assert texts(grid) == [["规章", "17"], ["行政规范性文件", "204"]]
    assert grid.locator == "page 1 box 100,100,400,160"
    assert body.blocks[0] == Paragraph("这一页是横排的。", "这一页是横排的。", "page 1 box 100,71,180,81")


def test_wide_page() -> None:
    page = MadePage(842, 595)
    page.cell(100, 100, 400, 140, "规章")
    page.cell(400, 100, 800, 140, "12")
    assert texts(grids(read_pdf(make_pdf(page)))[0]) == [["规章", "12"]]


def test_lines_in_a_scaled_form() -> None:
    page = MadePage(form_matrix="0.25 0 0 0.3 0 336.8")  # the form doubles: so x is halved and y × 0.6
    for x in (200, 400, 600):
        page.line(x, 200, x, 320)
    for y in (200, 260, 320):
        page.line(200, y, 600, y)
    for x, y, word in ((110, 150, "规章"), (210, 150, "3"), (110, 186, "许可"), (210, 186, "4")):
        page.text(x, y, word)
    (grid,) = grids(read_pdf(make_pdf(page)))
    assert texts(grid) == [["规章", "3"], ["许可", "4"]]
    assert grid.locator == "page 1 box 100,120,300,192"


def test_text_drawn_twice_for_a_bold_look_is_read_once() -> None:
    page = MadePage()
    for shift in (0.0, 0.4):
        page.text(100 + shift, 100, "全年公开11件，办理00件。", 12)
    assert [b.text for b in read_pdf(make_pdf(page)).blocks if isinstance(b, Paragraph)] == [
        "全年公开11件，办理00件。"
    ]


def test_slanted_watermark_is_left_out_with_a_finding() -> None:
    page = MadePage()
    page.text(100, 100, "正文第一句，说明公开工作的情况。", 12)
    page.text(200, 500, "仅供内部", 40, angle=45)
    body = read_pdf(make_pdf(page))
    assert [b.text for b in body.blocks if isinstance(b, Paragraph)] == ["正文第一句，说明公开工作的情况。"]
    assert codes(body) == {"slanted_text"}
    assert "仅供内部" in body.findings[0].message


def test_two_columns_of_text() -> None:
    page = MadePage()
    for at in range(10):
        page.text(60, 100 + 20 * at, f"左栏文字第{at}行一二三四五六七八九", 12)
        page.text(330, 100 + 20 * at, f"右栏文字第{at}行一二三四五六七八九", 12)
    whole = "".join(b.text for b in read_pdf(make_pdf(page)).blocks if isinstance(b, Paragraph))
    assert whole.index("左栏文字第9行") < whole.index("右栏文字第0行")


def test_running_heads_and_page_numbers_are_told_not_kept() -> None:
    pages = []
    for number in range(1, 5):
        page = MadePage()
        page.text(200, 40, f"示例一镇年度报告 2025/1/2{number}", 9)
        page.text(80, 300, f"第{'一二三四'[number - 1]}页的正文在这里，一句完整的话。", 12)
        page.text(290, 810, f"第 {number} 页 共 4 页", 9)
        pages.append(page)
    body = read_pdf(make_pdf(*pages))
    kept = [b.text for b in body.blocks if isinstance(b, Paragraph)]
    assert kept == [f"第{n}页的正文在这里，一句完整的话。" for n in "一二三四"]
    (finding,) = body.findings
    assert "示例一镇年度报告" in finding.message


# ------------------------------------------------------------------ bad files


def encrypted() -> bytes:
    pdf = FPDF()
    pdf.set_encryption("owner", "user", encryption_method=EncryptionMethod.RC4)
    pdf.add_page()
    pdf.set_font("Helvetica")
    pdf.cell(text="secret")
    return bytes(pdf.output())


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "空"),
        (b"<html><body>not found</body></html>", "不是 PDF"),
        (SEED_PDF.read_bytes()[:40_000], "损坏"),
        (SEED_PDF.read_bytes()[:-400], "损坏"),
        (b"%PDF-1.4\n" + b"\0" * 500, "损坏"),
        (encrypted(), "加密"),
        (make_pdf(), "没有页面"),
    ],
)
def test_refused_in_plain_words(payload: bytes, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_pdf(payload)
    message = str(caught.value)
    assert says in message
    assert "\n" not in message


def test_missing_end_that_could_be_mended_is_a_finding() -> None:
    payload = make_pdf(unruled_page())
    cut = payload[: payload.rindex(b"trailer")]
    try:
        body = read_pdf(cut)
    except Unreadable:
        return  # refused is as honest
    assert "file_cut_short" in codes(body)


def test_scan_has_no_text_layer() -> None:
    body = read_pdf(make_pdf(MadePage(image=True)))
    assert (body.blocks, body.has_text_layer) == ((), False)
    assert [(f.code, f.severity, f.locator) for f in body.findings] == [
        ("no_text_layer", Severity.FAIL, "page 1")
    ]


def test_blank_pages_have_no_text_layer() -> None:
    body = read_pdf(make_pdf(MadePage(), MadePage()))
    assert not body.has_text_layer
    assert codes(body) == {"no_text_layer"}


def test_recognised_text_under_a_scan_is_told() -> None:
    page = MadePage(image=True)
    page.text(80, 100, "扫描件的识别文字", 12, mode=3)
    body = read_pdf(make_pdf(page))
    assert body.has_text_layer
    assert codes(body) == {"ocr_text_layer"}


def test_pages_are_bounded() -> None:
    first = MadePage()
    first.text(80, 100, "第一页。", 12)
    body = read_pdf(make_pdf(first, *[MadePage()] * MAX_PAGES))
    assert body.n_pages == MAX_PAGES + 1
    assert "too_many_pages" in codes(body)


def test_work_is_bounded_and_told() -> None:
    drawing, dense = MadePage(), MadePage()
    for at in range(450):
        drawing.line(0, at * 1.8, 595, at * 1.8)
        drawing.line(at * 1.3, 0, at * 1.3, 842)
    drawing.text(80, 100, "图", 12)
    for at in range(20_000):
        dense.text(50 + at % 70 * 7, 50 + at // 70 * 2, "一1", 1)
    assert "page_drawing" in codes(read_pdf(make_pdf(drawing)))
    assert "page_overfull" in codes(read_pdf(make_pdf(dense)))


def test_text_over_other_text_is_told() -> None:
    clean, over = MadePage(), MadePage()
    for page, shift in ((clean, 200), (over, 3)):
        for at in range(5):
            page.text(80, 100 + 20 * at, "全县各级各部门认真贯彻落实条例要求", 10)
            page.text(80 + shift, 101 + 20 * at, "0 17 305 行政复议结果维持尚未审结总计", 11)
    assert codes(read_pdf(make_pdf(clean, over))) == {"overprinted"}
    finding = next(f for f in read_pdf(make_pdf(clean, over)).findings if f.code == "overprinted")
    assert (finding.severity, finding.locator) == (Severity.FAIL, "page 2")
