"""Word documents built by hand: spans, drawn numbers, revisions, and files that mean harm."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
import yaml

import extract
from extract.errors import Unreadable
from extract.word import MAX_PART, WordBody, read_docx
from parser.document import Grid, GridSource, Paragraph

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="{{}}"/>'
    "</Relationships>"
)


def pack(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def docx(body: str, *, namespace: str = TRANSITIONAL, main: str = "word/document.xml", **parts: str) -> bytes:
    names = {
        "_rels/.rels": RELATIONS.format(main),
        main: f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
    }
    for name, xml in parts.items():
        names[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{namespace}">{xml}</w:{name}>'
    return pack(names)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, *, span: int = 1, merge: str = "") -> str:
    merged = {"": "", "restart": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}[merge]
    paragraphs = "".join(p(line) for line in text.split("\n"))
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merged}</w:tcPr>{paragraphs}</w:tc>'


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def texts(grid: Grid) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in grid.rows]


def grids(body: WordBody) -> list[Grid]:
    return [block for block in body.blocks if isinstance(block, Grid)]


def paragraphs(body: WordBody) -> list[str]:
    return [block.text for block in body.blocks if isinstance(block, Paragraph)]


def codes(body: WordBody) -> set[str]:
    return {finding.code for finding in body.findings}


# ------------------------------------------------------------------ tables


def test_merged_cells_cover_their_places() -> None:
    table = tbl(
        tr(tc("情形", span=3, merge="restart"), tc("申请人情况", span=3)),
        tr(tc("", span=3, merge="on"), tc("自然人"), tc("其他"), tc("总计")),
        tr(tc("一、本年新收", span=3), tc("3001"), tc("53"), tc("3054")),
        tr(
            tc("三、本年度\n办理结果", merge="restart"),
            tc("（一）予以公开", span=2),
            tc("7"),
            tc("0"),
            tc("7"),
        ),
        tr(
            tc("", merge="on"),
            tc("（三）不予\n公开", merge="restart"),
            tc("1.国家秘密"),
            tc("2"),
            tc("1"),
            tc("3"),
        ),
        tr(tc("", merge="on"), tc("", merge="on"), tc("2.其他"), tc("0"), tc(""), tc("0")),
    )
    (grid,) = grids(read_docx(docx(table)))
    assert texts(grid) == [
        ["情形"] * 3 + ["申请人情况"] * 3,
        ["情形"] * 3 + ["自然人", "其他", "总计"],
        ["一、本年新收"] * 3 + ["3001", "53", "3054"],
        ["三、本年度办理结果", "（一）予以公开", "（一）予以公开", "7", "0", "7"],
        ["三、本年度办理结果", "（三）不予公开", "1.国家秘密", "2", "1", "3"],
        ["三、本年度办理结果", "（三）不予公开", "2.其他", "0", "", "0"],
    ]
    assert (grid.source, grid.locator) == (GridSource.WORD, "table 1")
    assert grid.cells[4].locator == "table 1 row 2 cell 4"
    assert (grid.cells[0].rowspan, grid.cells[0].colspan) == (2, 3)


def test_columns_that_no_cell_needs_are_left_out() -> None:
    table = tbl(tr(tc("规章", span=2), tc("3", span=3)), tr(tc("许可", span=2), tc("4", span=3)))
    (grid,) = grids(read_docx(docx(table)))
    assert texts(grid) == [["规章", "3"], ["许可", "4"]]


def test_row_that_begins_further_right() -> None:
    table = tbl(
        tr(tc("甲"), tc("乙"), tc("丙")), tr(tc("二"), tc("三"), properties='<w:gridBefore w:val="1"/>')
    )
    (grid,) = grids(read_docx(docx(table)))
    assert texts(grid) == [["甲", "乙", "丙"], [None, "二", "三"]]


def test_a_span_of_nothing_is_a_span_of_one() -> None:
    (grid,) = grids(read_docx(docx(tbl(tr(tc("甲", span=0), tc("1", span=0)), tr(tc("乙"), tc("2"))))))
    assert texts(grid) == [["甲", "1"], ["乙", "2"]]


def test_numbers_under_one_another_stay_apart() -> None:
    (grid,) = grids(read_docx(docx(tbl(tr(tc("合计"), tc("12\n34"))))))
    assert texts(grid) == [["合计", "12 34"]]


def test_deleted_row_and_covered_text() -> None:
    table = tbl(
        tr(tc("甲", merge="restart"), tc("1")),
        tr(tc("乙"), tc("2"), properties="<w:del/>"),
        tr(tc("看不见", merge="on"), tc("3")),
    )
    body = read_docx(docx(table))
    assert texts(grids(body)[0]) == [["甲", "1"], ["甲", "3"]]
    assert codes(body) == {"covered_text"}


def test_frame_of_running_text_is_opened_and_its_numbers_count_once() -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    inner = tbl(tr(tc("规章"), tc("3")))
    cell = f"<w:tc>{p('总体情况', numbered)}{p('正文' * 120)}{inner}{p('申请情况', numbered)}</w:tc>"
    body = read_docx(docx(tbl(tr(cell)), numbering=numbering("chineseCounting", "%1、")))
    assert paragraphs(body)[0] == "一、总体情况"
    assert paragraphs(body)[-1] == "二、申请情况"
    assert [texts(grid) for grid in grids(body)] == [[["规章", "3"]]]


# ------------------------------------------------------------------ paragraphs


def numbering(kind: str, text: str, start: int = 1) -> str:
    return (
        f'<w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:start w:val="{start}"/>'
        f'<w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )


def listed(num: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'


@pytest.mark.parametrize(
    ("kind", "text", "start", "drawn"),
    [
        ("chineseCounting", "%1、", 1, ["一、", "二、", "三、"]),
        ("japaneseCounting", "（%1）", 9, ["（九）", "（十）", "（十一）"]),
        ("decimal", "%1.", 1, ["1.", "2.", "3."]),
        ("decimal", "%1.", 0, ["0.", "1.", "2."]),
        ("decimalEnclosedCircle", "%1", 1, ["①", "②", "③"]),
        ("upperLetter", "%1)", 1, ["A)", "B)", "C)"]),
        ("lowerRoman", "%1.", 3, ["iii.", "iv.", "v."]),
        ("bullet", "·", 1, ["", "", ""]),
    ],
)
def test_drawn_numbers(kind: str, text: str, start: int, drawn: list[str]) -> None:
    body = "".join(p(f"条目{at}", listed(1)) for at in range(3))
    read = read_docx(docx(body, numbering=numbering(kind, text, start)))
    assert paragraphs(read) == [f"{number}条目{at}" for at, number in enumerate(drawn)]


def test_levels_restart_and_lists_go_on() -> None:
    body = (
        p("甲", listed(1))
        + p("子", listed(1, 1))
        + p("乙", listed(1))
        + p("子", listed(1, 1))
        + p("新", listed(2))
    )
    read = read_docx(docx(body, numbering=numbering("decimal", "%1、")))
    assert paragraphs(read) == ["1、甲", "1.1子", "2、乙", "2.1子", "1、新"]


def test_number_by_style_and_switched_off() -> None:
    styles = f'<w:style w:styleId="H1"><w:pPr>{listed(1)}</w:pPr></w:style>'
    body = p("甲", '<w:pStyle w:val="H1"/>') + p("乙", f'<w:pStyle w:val="H1"/>{listed(0)}')
    read = read_docx(docx(body, numbering=numbering("chineseCounting", "%1、"), styles=styles))
    assert paragraphs(read) == ["一、甲", "乙"]


def test_row_labels_numbered_by_word() -> None:
    cell = f"<w:tc>{p('属于国家秘密', listed(1))}</w:tc>"
    table = tbl(tr(cell, tc("2")), tr(cell.replace("国家秘密", "其他"), tc("3")))
    (grid,) = grids(read_docx(docx(table, numbering=numbering("decimal", "%1."))))
    assert texts(grid) == [["1.属于国家秘密", "2"], ["2.属于其他", "3"]]


def test_revisions_hidden_text_breaks_and_containers() -> None:
    body = (
        "<w:p><w:r><w:t>共受理</w:t></w:r><w:del><w:r><w:delText>11</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>12</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>件</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>上行</w:t><w:br/><w:t>下行</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{p('控件内')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>"
    )
    read = read_docx(docx(body))
    assert paragraphs(read) == ["共受理12件", "上行", "下行", "控件内", "链接"]
    assert codes(read) == {"tracked_changes", "hidden_text"}
    assert [b.locator for b in read.blocks] == [f"paragraph {n}" for n in (1, 2, 2, 3, 4)]


def test_text_box_is_read_once() -> None:
    body = (
        '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><w:t>正文</w:t>'
        f"<mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>{p('框内')}</w:txbxContent></w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict><w:txbxContent>{p('框内')}</w:txbxContent></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert paragraphs(read_docx(docx(body))) == ["正文", "框内"]


def test_first_of_alternatives_is_read() -> None:
    body = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{p('甲')}</mc:Choice><mc:Fallback>{p('乙')}</mc:Fallback></mc:AlternateContent>"
    )
    assert paragraphs(read_docx(docx(body))) == ["甲"]


def test_strict_namespace_and_other_part_name() -> None:
    payload = docx(p("示例一镇2024年政府信息公开工作年度报告"), namespace=STRICT, main="word/document2.xml")
    read = read_docx(payload)
    assert read.title == "示例一镇2024年政府信息公开工作年度报告"
    assert read.title_locator == "paragraph 1"


def test_list_of_contents_is_told_not_kept() -> None:
    body = read_docx(docx(p("一、总体情况1", '<w:pStyle w:val="TOC1"/>') + p("一、总体情况")))
    assert [b.text for b in body.blocks] == ["一、总体情况"]  # type: ignore[union-attr]
    assert codes(body) == {"contents_lines"}


def test_only_pictures() -> None:
    assert codes(read_docx(docx("<w:p><w:r><w:drawing/></w:r></w:p>"))) == {"no_text_layer"}


# ------------------------------------------------------------------ files that mean harm

LAUGHS = (
    '<!DOCTYPE w:document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<w:document xmlns:w="{TRANSITIONAL}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
)
OUTSIDE = LAUGHS.replace('<!ENTITY a "ha">', '<!ENTITY a SYSTEM "file:///etc/hostname">')
DEEP = "<w:sdt><w:sdtContent>" * 400 + "</w:sdtContent></w:sdt>" * 400


def encrypted() -> bytes:
    payload = bytearray(docx(p("甲")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = payload.find(mark)
        while at >= 0:
            payload[at + offset] |= 1
            at = payload.find(mark, at + 1)
    return bytes(payload)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "损坏"),
        (b"\xd0\xcf\x11\xe0 an old doc", "损坏"),
        (docx(p("甲" * 50))[:-60], "损坏"),
        (pack({"hello.txt": "hello"}), "没有正文"),
        (pack({"word/document.xml": "<a><b></a>"}), "XML"),
        (pack({"word/document.xml": "<a/>"}), "没有正文"),
        (pack({"word/document.xml": LAUGHS}), "文档类型"),
        (pack({"word/document.xml": OUTSIDE}), "文档类型"),
        (pack({"word/document.xml": LAUGHS.encode("utf-16")}), "文档类型"),
        (pack({"word/document.xml": b" " * (MAX_PART + 10)}), "过大"),
        (docx(DEEP), "XML"),
        (encrypted(), "加密"),
    ],
)
def test_refused_in_plain_words(payload: bytes, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_docx(payload)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_deep_but_allowed_nesting_is_read() -> None:
    deep = "<w:sdt><w:sdtContent>" * 100 + p("底") + "</w:sdtContent></w:sdt>" * 100
    assert paragraphs(read_docx(docx(deep))) == ["底"]
    tables = p("底")
    for _ in range(30):
        tables = f"<w:tbl><w:tr><w:tc>{tables}</w:tc></w:tr></w:tbl>"
    assert read_docx(docx(tables)).blocks is not None


def test_very_wide_table_is_bounded() -> None:
    row = tr(*[tc("1", span=9000) for _ in range(50)])
    assert "too_many_columns" in codes(read_docx(docx(tbl(row))))


READERS = ("pdf", "word", "sheet", "zipped", "document", "ocr")
OF_PAGES = {"unsupported_media", "image_only", "index_number_odd"}  # in findings.yml


def test_every_finding_of_the_file_readers_is_in_the_table() -> None:
    room = Path(extract.__file__).parent
    table = yaml.safe_load((room / "data/findings_files.yml").read_text(encoding="utf-8"))["findings"]
    sources = [p.read_text(encoding="utf-8") for p in room.glob("*.py") if p.name.startswith(READERS)]
    made = {
        code
        for text in sources
        for code in re.findall(r'"([a-z]+(?:_[a-z]+)*)",\s*Severity|\.note\("(\w+)"\)', text)
        for code in code
        if code
    }
    named = {
        code
        for text in sources
        for code in re.findall(r'^    "([a-z_]+)": \(\s*Severity', text, re.MULTILINE)
    }
    assert (made | named) - OF_PAGES == set(table)
    assert len(table) > 15
