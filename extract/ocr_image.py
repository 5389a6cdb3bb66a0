"""An image file → blocks: a scan sent as a picture, a picture of a page in a web page or a Word file."""

from __future__ import annotations

from collections.abc import Sequence

from extract.errors import Unreadable
from extract.ocr import PageTask, models_folder
from extract.ocr_data import ocr_table
from extract.ocr_pages import MISSING, recognised
from extract.pdf import PdfBody, body_of
from extract.pdf_page import PageContent
from parser.document import Finding, Severity


def read_image(payload: bytes) -> PdfBody:
    """One image file (a TIFF may hold several pages). What is damaged or beyond the bounds is told."""
    return read_images([payload])


def read_images(payloads: Sequence[bytes]) -> PdfBody:
    """Image files in order, as pages of one document."""
    if models_folder() is None:
        said = MISSING.format(what="文件")
        return PdfBody((), None, 0, (Finding("ocr_missing", Severity.FAIL, said),), has_text_layer=False)
    from extract.ocr_picture import count_frames, size_of  # noqa: PLC0415 - its libraries belong to the extra

    least = ocr_table().bounds.least_side
    pages: list[tuple[bytes, int]] = []
    findings: list[Finding] = []
    for payload in payloads:
        try:
            if min(size_of(payload)) < least:
                said = f"图片小于{least}像素，未识别 (an image smaller than {least} pixels is not read)"
                findings.append(Finding("image_small", Severity.INFO, said))
                continue
            pages += [(payload, frame) for frame in range(count_frames(payload))]
        except Unreadable as error:
            findings.append(Finding("ocr_failed", Severity.FAIL, str(error)))

    def task(number: int) -> PageTask:
        payload, frame = pages[number - 1]
        return PageTask(payload, "image", frame)

    answers, told = recognised(range(1, len(pages) + 1), task)
    contents = [answer for answer in answers.values() if isinstance(answer, PageContent)]
    return body_of(contents, [*findings, *told], len(pages))
