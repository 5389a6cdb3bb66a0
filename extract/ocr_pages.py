"""Which pages of a file are recognised, and what a person is told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from extract.ocr import Answer, PageTask, Trouble, recognise
from extract.ocr_data import ocr_table
from extract.pdf_page import PageContent, is_scan
from parser.document import Block, Finding, Paragraph, Severity

IMAGE = 0.05  # share of a page without text from which an image on it is more than a line or a seal
OUTLINES = 200  # drawn objects on a page without text: letters drawn as shapes
UNMAPPED = 0.3  # share of characters that the fonts do not name
FEW = 30  # characters over a scan: a page number, a note
LAYER = 200  # characters of a whole file but digits, none of them Chinese: the text layer is garbage
_ANSWERED = frozenset(
    {
        "no_text_layer",
        "ocr_text_layer",
        "image_not_read",
        "unmapped_characters",
        "overprinted",
        "slanted_text",
        "page_overfull",
        "page_drawing",
    }
)
_TROUBLE = {
    "time": "识别超过时限，已停止 (recognition met its bound of time)",
    "memory": "识别超过内存上限，已停止 (recognition met its bound of memory)",
    "crash": "识别进程意外结束 (the process that recognises ended)",
    "damaged": "图像无法打开 (its picture cannot be opened)",
}
MISSING = (
    "{what}是图像，未安装文字识别组件，其中文字和数字未读取；请安装 nianbao[ocr] 后重新读取 "
    "(an image: install the extra `ocr`, then read again)"
)
USED = (
    "{what}的文字和数字由图像识别（OCR）得出，可能有错，请对照原件 "
    "(recognised from an image: compare with the original)"
)


def needs_recognition(content: PageContent) -> bool:
    """Whether a PDF page's text lies in its picture alone: no text layer, or none to be trusted."""
    inked = [g.text for g in content.glyphs if not g.text.isspace()]
    if not inked:
        return content.image_cover > IMAGE or content.n_objects > OUTLINES
    if is_scan(content) and (content.invisible or len(inked) < FEW):
        return True
    unmapped = sum(text == "\ufffd" or "\ue000" <= text <= "\uf8ff" for text in inked)
    return unmapped > UNMAPPED * len(inked)


def is_garbage(contents: Sequence[PageContent]) -> bool:
    """Whether the text layer of a whole file holds no Chinese among many characters: codes without sense."""
    said = "".join(g.text for content in contents for g in content.glyphs if not g.text.isdigit()).split()
    words = "".join(said)
    return len(words) >= LAYER and not any("\u4e00" <= character <= "\u9fff" for character in words)


def with_recognised(
    payload: bytes, contents: Sequence[PageContent], findings: list[Finding]
) -> tuple[list[PageContent], list[Finding]]:
    """The pages of a PDF, those without a text layer recognised, and the findings as they are then."""
    garbage = is_garbage(contents)
    wanted = [content.number for content in contents if garbage or needs_recognition(content)]
    if not wanted:
        return list(contents), findings
    answers, told = recognised(wanted, lambda number: PageTask(payload, "pdf", number - 1))
    done = {number for number, answer in answers.items() if _says(answer)}
    places = {f"page {number}" for number in done}
    kept = [f for f in findings if not (f.locator in places and f.code in _ANSWERED)]
    pages: list[PageContent] = []
    for content in contents:
        answer = answers.get(content.number)
        pages.append(answer if isinstance(answer, PageContent) and answer.glyphs else content)
    return pages, [*kept, *told]


def recognised(
    numbers: Sequence[int], task: Callable[[int], PageTask]
) -> tuple[dict[int, Answer], list[Finding]]:
    """Answers by page (from 1), within the bound of pages, and what is to be told of them."""
    most = ocr_table().bounds.pages
    chosen, left = list(numbers[:most]), list(numbers[most:])
    given = recognise([task(number) for number in chosen])
    answers = {number: replace_number(answer, number) for number, answer in zip(chosen, given, strict=True)}
    findings: list[Finding] = []
    read = [number for number, answer in answers.items() if _says(answer)]
    if read:
        findings.append(_told("ocr_used", Severity.WARN, read, USED))
    absent = [n for n, a in answers.items() if isinstance(a, Trouble) and a.reason == "absent"]
    if absent:
        findings.append(_told("ocr_missing", Severity.FAIL, absent, MISSING))
    for number, answer in answers.items():
        if isinstance(answer, Trouble) and answer.reason in _TROUBLE:
            said = f"第{number}页{_TROUBLE[answer.reason]}"
            findings.append(Finding("ocr_failed", Severity.FAIL, said, f"page {number}"))
    if left:
        said = (
            f"共{len(numbers)}页是图像，只识别前{most}页，其余未读取 "
            f"({len(numbers)} scanned pages: only the first {most} were recognised)"
        )
        findings.append(Finding("ocr_too_many", Severity.FAIL, said, f"page {left[0]}"))
    return answers, findings


def uncertain(blocks: Sequence[Block]) -> list[Finding]:
    """Of recognised text: where it is least sure. Numbers in tables are told cell by cell (parser.tables)."""
    least = ocr_table().confidence.text
    weak = [
        b for b in blocks if isinstance(b, Paragraph) and b.confidence is not None and b.confidence < least
    ]
    if not weak:
        return []
    worst = min(weak, key=lambda block: block.confidence or 0.0)
    said = (
        f"有{len(weak)}段文字识别把握不足，如“{worst.text[:20]}” "
        f"({len(weak)} recognised paragraphs are uncertain: compare with the original)"
    )
    return [Finding("ocr_uncertain", Severity.INFO, said, worst.locator)]


def _says(answer: Answer | None) -> bool:
    """Whether any text was recognised: else the picture may show none."""
    return isinstance(answer, PageContent) and bool(answer.glyphs)


def replace_number(answer: Answer, number: int) -> Answer:
    """The page under the number that it has in the file."""
    return replace(answer, number=number) if isinstance(answer, PageContent) else answer


def _told(code: str, severity: Severity, pages: Sequence[int], words: str) -> Finding:
    return Finding(code, severity, words.format(what=f"第{_spans(pages)}页"), f"page {pages[0]}")


def _spans(pages: Sequence[int]) -> str:
    """`1–3、5`."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return "、".join(f"{a}" if a == b else f"{a}–{b}" for a, b in spans)
