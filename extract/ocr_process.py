"""Within the process that recognises (target of extract.worker): models loaded once, then page by page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import numpy as np
import pypdfium2 as pdfium

from extract.errors import Unreadable
from extract.ocr import Answer, PageTask, Trouble
from extract.ocr_data import ocr_table
from extract.ocr_models import Models
from extract.ocr_page import read_sheet
from extract.ocr_picture import LONGEST, Colour, decode, sheet_of

LEAST_SIDE = 32  # pixels
MAX_SCALE = 6.0  # pixels to a point


def recogniser(start: object) -> Callable[[object], object]:
    """Loads the models; the function that it gives recognises one PageTask."""
    del start
    models = Models()

    def read(task: object) -> object:
        assert isinstance(task, PageTask)
        return answer(task, models)

    return read


def answer(task: PageTask, models: Models) -> Answer:
    """The page recognised; Trouble where its picture cannot be made."""
    try:
        picture, points = _drawn(task) if task.kind == "pdf" else (decode(task.payload, task.page), None)
    except (Unreadable, pdfium.PdfiumError) as error:
        return Trouble("damaged", str(error))
    if min(picture.shape[:2]) < LEAST_SIDE:
        return Trouble("damaged", "too small")
    return read_sheet(sheet_of(picture), models, task.page + 1, points)


def _drawn(task: PageTask) -> tuple[Colour, tuple[float, float]]:
    """A PDF page as a person would see it, and its size in points."""
    document = pdfium.PdfDocument(task.payload)
    try:
        with closing(document[task.page]) as page:
            width, height = page.get_size()
            scale = min(
                ocr_table().picture.width / min(width, height), MAX_SCALE, LONGEST / max(width, height)
            )
            drawn = page.render(scale=scale, rev_byteorder=True, fill_color=(255, 255, 255, 255))
            return np.ascontiguousarray(drawn.to_numpy()[..., :3]), (width, height)
    finally:
        document.close()
