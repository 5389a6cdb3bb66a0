"""PDF with a text layer → blocks: paragraphs, and grids with their true rows and columns.

Text and ruling lines both come from PDFium (`pdf_page`); ruled tables from their lines (`pdf_lattice`,
`pdf_table`), tables without lines from the gaps between their words (`pdf_unruled`, with a finding), and
the rest as paragraphs (`pdf_text`). A page without a text layer is a finding; recognition is another door.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pypdfium2 as pdfium

from extract.errors import Unreadable
from extract.ocr_pages import uncertain, with_recognised
from extract.pdf_columns import columns_apart
from extract.pdf_lattice import TooManyLinesError, find_lattices
from extract.pdf_lines import lines_of
from extract.pdf_page import PageContent, is_scan, read_page
from extract.pdf_parts import carried
from extract.pdf_table import Table, joined, ruled_tables
from extract.pdf_text import (
    PageFlow,
    Placed,
    Printed,
    drop_furniture,
    in_order,
    margins_of,
    paragraphs,
    title_of,
)
from extract.pdf_unruled import unruled_tables
from parser.document import Block, Finding, Paragraph, Severity

MAX_PAGES = 300
LARGE_IMAGE = 0.2  # share of the page; a seal has 0.03
MAX_PAGE_NUMBER = 12  # characters
OVERPRINTED = 10  # characters on a page
OVERPRINTED_SHARE = 0.03  # and of its characters; narrow Latin print has 0.02
MAX_CORE = 40.0  # points: larger print is a background
MAX_WORK = 250_000  # glyphs and drawn objects in all: about ten seconds; a report has 5,000
MAX_BYTES = 200_000_000
_NO_TEXT = frozenset(
    {"no_text_layer", "ocr_used", "ocr_missing", "ocr_failed", "image_small"}
)  # told already
PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD


@dataclass(frozen=True)
class PdfBody:
    """What a PDF says. `plain` of every block equals its text; the caller normalises.

    `title`: the paragraph that names the report, else None. `n_pages`: pages of the file, also those that
    were not read. `has_text_layer`: False where no page holds a drawn character.
    """

    blocks: tuple[Block, ...]
    title: str | None
    n_pages: int
    findings: tuple[Finding, ...]
    has_text_layer: bool
    title_locator: str = ""


def read_pdf(payload: bytes) -> PdfBody:
    """Read one PDF. Raises Unreadable where it is none, is cut short, encrypted or without pages."""
    document = _opened(payload)
    try:
        n_pages = len(document)
        contents, findings = _contents(document, n_pages)
        findings += carried(document, payload)
    finally:
        document.close()
    if _is_cut_short(payload):
        said = "PDF 结尾缺失，内容可能不全，请重新取得文件 (the end of the PDF is missing)"
        findings.append(Finding("file_cut_short", Severity.FAIL, said))
    if n_pages > MAX_PAGES:
        findings.append(
            Finding("too_many_pages", Severity.WARN, f"共{n_pages}页，只读前{MAX_PAGES}页 ({n_pages} pages)")
        )
    contents, findings = with_recognised(payload, contents, findings)
    return body_of(contents, findings, n_pages)


def body_of(contents: Sequence[PageContent], findings: list[Finding], n_pages: int) -> PdfBody:
    """Pages as read, or recognised, to paragraphs and grids."""
    has_text = any(content.glyphs and not content.recognised for content in contents)
    pages: list[PageFlow] = []
    for content in contents:
        pages.append(_flow(content, findings, goes_on=bool(pages) and _ends_in_unruled(pages[-1])))
    blocks, title = _blocks(pages, findings)
    findings += uncertain(blocks)
    title_text, where = (title.text, title.locator) if title else (None, "")
    return PdfBody(blocks, title_text, n_pages, tuple(findings), has_text, where)


def _is_cut_short(payload: bytes) -> bool:
    """Whether the end of the file is missing, though PDFium could mend what is left of it."""
    linearized = re.search(rb"/Linearized\b.{0,200}?/L\s+(\d+)", payload[:1024], re.DOTALL)
    if linearized and int(linearized.group(1)) > len(payload):
        return True
    return b"startxref" not in payload[-4096:]


def _opened(payload: bytes) -> pdfium.PdfDocument:
    if len(payload) > MAX_BYTES:
        raise Unreadable(f"PDF 文件过大（{len(payload)} 字节），未读取 (PDF larger than {MAX_BYTES} bytes)")
    if not payload:
        raise Unreadable("文件为空，请重新取得文件 (the file is empty)")
    if b"%PDF-" not in payload[:1024]:
        raise Unreadable("不是 PDF 文件：开头没有 %PDF 标记，请核对文件 (not a PDF: no %PDF mark)")
    try:
        document = pdfium.PdfDocument(payload)
    except pdfium.PdfiumError as error:
        # PDFium keeps the error of an earlier file where a file without pages sets none.
        if error.err_code == PASSWORD_NEEDED and b"/Encrypt" in payload:
            raise Unreadable("PDF 已加密，需要密码，请取得未加密的文件 (PDF is encrypted)") from error
        said = "PDF 已损坏、不完整或没有页面，请重新取得文件 (PDF is damaged, cut short or has no pages)"
        raise Unreadable(said) from error
    return document


def _contents(document: pdfium.PdfDocument, n_pages: int) -> tuple[list[PageContent], list[Finding]]:
    contents: list[PageContent] = []
    findings: list[Finding] = []
    work = 0
    for at in range(min(n_pages, MAX_PAGES)):
        try:
            with closing(document[at]) as page:
                content = read_page(page, at + 1)
        except pdfium.PdfiumError:
            findings.append(_page_finding("page_unreadable", Severity.FAIL, at + 1, "无法读取", "unreadable"))
            continue
        contents.append(content)
        findings += _page_findings(content)
        work += len(content.glyphs) + content.n_objects
        if work > MAX_WORK:
            said = f"内容过多，只读到第{at + 1}页 (too much content: read up to page {at + 1})"
            findings.append(Finding("file_overfull", Severity.FAIL, said))
            break
    return contents, findings


def _page_finding(code: str, severity: Severity, page: int, chinese: str, english: str) -> Finding:
    return Finding(code, severity, f"第{page}页{chinese} (page {page}: {english})", f"page {page}")


def _page_findings(content: PageContent) -> list[Finding]:
    found: list[Finding] = []

    def add(code: str, severity: Severity, chinese: str, english: str) -> None:
        found.append(_page_finding(code, severity, content.number, chinese, english))

    inked = [g for g in content.glyphs if not g.text.isspace()]
    if not inked and content.image_cover > 0.05:
        add("no_text_layer", Severity.FAIL, "没有文字层，只有图像", "an image without text")
    elif inked and is_scan(content) and content.invisible:
        add(
            "ocr_text_layer", Severity.WARN, "的文字是扫描件的识别结果", "its text was recognised from a scan"
        )
    elif inked and content.image_cover >= LARGE_IMAGE:
        add("image_not_read", Severity.WARN, "有大幅图像，其中文字未读取", "a large image was not read")
    unmapped = sum(g.text == "\ufffd" or "\ue000" <= g.text <= "\uf8ff" for g in inked)
    if unmapped:
        add(
            "unmapped_characters",
            Severity.WARN,
            f"有{unmapped}个字符无法识别",
            f"{unmapped} unmapped characters",
        )
    if _overprinted(content) > max(OVERPRINTED, OVERPRINTED_SHARE * len(inked)):
        add("overprinted", Severity.FAIL, "的文字互相重叠，数字可能读错", "text drawn over other text")
    if content.slanted:
        sample = content.slanted[:20]
        add("slanted_text", Severity.INFO, f"略去斜排文字“{sample}”", "slanted text left out")
    if content.overfull:
        add("page_overfull", Severity.WARN, "内容过多，未读完", "too many objects, not read to its end")
    return found


def _overprinted(content: PageContent) -> int:
    """How many characters have their middle within the core of a different one (places of two points)."""
    inked = [g for g in content.glyphs if not g.text.isspace() and g.size <= MAX_CORE]
    places = [(round(g.centre / 2), round(g.middle / 2)) for g in inked]
    rows = {y for _, y in places}  # cores are noted where a middle may fall: on a few rows of a page
    cores: dict[tuple[int, int], str] = {}
    for g in inked:
        wide, high = 0.35 * (g.right - g.left), 0.25 * g.size
        columns = range(round((g.centre - wide) / 2), round((g.centre + wide) / 2) + 1)
        for y in range(round((g.middle - high) / 2), round((g.middle + high) / 2) + 1):
            if y in rows:
                for x in columns:
                    cores.setdefault((x, y), g.text)
    return sum(cores[place] != g.text for place, g in zip(places, inked, strict=True))


def _ends_in_unruled(page: PageFlow) -> bool:
    """Whether a table without lines reaches the page's end, but for a page number below it."""
    tail = page.items[-2:]
    below = [item for item in tail[-1:] if not isinstance(item, Table) and len(item.text) <= MAX_PAGE_NUMBER]
    last = tail[: len(tail) - len(below)][-1:]
    return any(isinstance(item, Table) and not item.ruled for item in last)


def _flow(content: PageContent, findings: list[Finding], *, goes_on: bool) -> PageFlow:
    try:
        lattices = find_lattices(content.rules)
    except TooManyLinesError:
        lattices = []
        said = _page_finding(
            "page_drawing", Severity.WARN, content.number, "线条过多，未识别表格", "too many lines for tables"
        )
        findings.append(said)
    tables, outside = ruled_tables(lattices, content.glyphs, content.number, recognised=content.recognised)
    lines = lines_of(outside)
    unruled, lines = unruled_tables(lines, content.number, content.width, goes_on=goes_on and not tables)
    apart = columns_apart(lines)
    if apart != lines and not tables and not unruled:
        return PageFlow(content.number, content.width, content.height, list(apart))
    items = in_order(lines, [*tables, *unruled])
    return PageFlow(content.number, content.width, content.height, items)


def _blocks(pages: list[PageFlow], findings: list[Finding]) -> tuple[tuple[Block, ...], Paragraph | None]:
    dropped = drop_furniture(pages)
    if dropped:
        sample = "、".join(dict.fromkeys(dropped))[:60]
        findings.append(
            Finding("page_furniture", Severity.INFO, f"略去页眉页脚、页码、目录行：{sample} (page furniture)")
        )
    if not any(page.items for page in pages):
        if not (dropped or any(f.code in _NO_TEXT for f in findings)):
            findings.append(Finding("no_text_layer", Severity.FAIL, "没有文字层 (the file holds no text)"))
        return (), None
    margins = margins_of(pages)
    blocks: list[Block] = []
    printed: list[Printed] = []
    waiting: list[Placed] = []

    def flush() -> None:
        done = paragraphs(waiting, margins)
        printed.extend(done)
        blocks.extend(p.paragraph for p in done)
        waiting.clear()

    for item in _joined_items(pages):
        if isinstance(item, Placed):
            waiting.append(item)
            continue
        flush()
        if not item.ruled:
            findings.append(_unruled_finding(item))
        blocks.append(item.grid())
    flush()
    return tuple(blocks), title_of(printed, pages[0].number, margins)


def _unruled_finding(table: Table) -> Finding:
    if table.doubtful:
        said = "表格没有框线，数字所属的行不能确定，请人工核对 (no lines: the rows of some numbers are open)"
        return Finding("unruled_doubtful", Severity.FAIL, said, table.locator)
    said = "表格没有框线，列按间距判断，请核对 (a table without lines: columns judged by gaps)"
    return Finding("unruled_table", Severity.WARN, said, table.locator)


def _joined_items(pages: Sequence[PageFlow]) -> list[Placed | Table]:
    """Lines and tables of all pages; a table that a page break cut is one."""
    items: list[Placed | Table] = []
    for page in pages:
        for item in page.items:
            if isinstance(item, Table):
                last = items[-1] if items else None
                whole = joined(last, item) if isinstance(last, Table) and last.page < item.page else None
                if whole is not None:
                    items[-1] = whole
                else:
                    items.append(item)
            else:
                items.append(Placed(page.number, item))
    return items
