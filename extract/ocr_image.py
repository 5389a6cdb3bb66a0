"""An image file → blocks: a scan sent as a picture, a picture of a page in a web page or a Word file."""

from __future__ import annotations

from collections.abc import Sequence

from extract.blocks import placed
from extract.errors import Unreadable
from extract.media import media_type
from extract.ocr import PageTask, models_folder
from extract.ocr_data import ocr_table
from extract.ocr_pages import MISSING, recognised
from extract.pdf import PdfBody, body_of
from extract.pdf_page import PageContent
from parser.document import Block, Finding, Grid, Severity

LEAST_BYTES = 20_000  # of a picture in which a page may stand
MIN_TABLE = 20  # cells of a grid that may be a statutory table
_PICTURES = frozenset({"no_text_layer", "image_only", "table_image"})  # findings that recognition answers


def read_image(payload: bytes) -> PdfBody:
    """One image file (a TIFF may hold several pages). What is damaged or beyond the bounds is told."""
    return read_images([payload])


def with_pictures(
    blocks: Sequence[Block], findings: Sequence[Finding], pictures: Sequence[bytes]
) -> tuple[list[Block], list[Finding]]:
    """A document with what its pictures say: all of it where the document says nothing itself; their tables
    where it has text and no table; else they are photographs and seals, and are told.
    """
    large = [
        picture for picture in pictures if media_type(picture).startswith("image/") and _is_large(picture)
    ]
    if not large:
        return list(blocks), list(findings)
    if any(isinstance(block, Grid) and len(block.cells) >= MIN_TABLE for block in blocks):
        said = f"文中有{len(large)}幅较大的图片，其中文字未读取 ({len(large)} large images were not read)"
        return list(blocks), [*findings, Finding("image_not_read", Severity.INFO, said)]
    body = read_images(large[: ocr_table().bounds.pictures])
    read = [placed(block, "image") for block in body.blocks if not blocks or isinstance(block, Grid)]
    kept = [finding for finding in findings if not (read and finding.code in _PICTURES)]
    return [*blocks, *read], [*kept, *body.findings]


def _is_large(picture: bytes) -> bool:
    """Whether text may stand in it. Without the extra nobody can say: then by its bytes."""
    if models_folder() is None:
        return len(picture) >= LEAST_BYTES
    from extract.ocr_picture import size_of  # noqa: PLC0415 - as below

    try:
        width, height = size_of(picture)
    except Unreadable:
        return True  # told by whoever reads it
    least = ocr_table().bounds.least_side
    return min(width, height) >= least and max(width, height) >= 3 * least


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
