"""Pictures of report pages for the tests of recognition: drawn from PDFs whose text is known."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from extract.ocr import models_folder

SEED_PDF = Path(__file__).parents[1] / "portals/files/seed_004.pdf"

Picture = Image.Image


@cache
def drawn(page: int, dpi: int) -> Picture:
    """One page of the paged seed report, from 1."""
    document = pdfium.PdfDocument(SEED_PDF)
    with closing(document):
        return document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB")


def single(page: int) -> bytes:
    """The same page as a PDF of its own, with its text layer."""
    whole, one = pdfium.PdfDocument(SEED_PDF), pdfium.PdfDocument.new()
    with closing(whole), closing(one):
        one.import_pages(whole, [page - 1])
        held = io.BytesIO()
        one.save(held)
    return held.getvalue()


def worn(picture: Picture, *, degrees: float = 1.2, quality: int = 60) -> Picture:
    """Laid askew on the glass, sealed in red over the table, and saved as a JPEG."""
    pen = ImageDraw.Draw(picture := picture.copy())
    x, y, radius = picture.width * 0.7, picture.height * 0.3, picture.width * 0.09
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(220, 40, 40), width=5)
    pen.text((x - radius / 2, y), "SEAL", fill=(220, 40, 40), font_size=radius / 2)
    picture = picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=quality)
    return Image.open(held).convert("RGB")


def saved(kind: str, pictures: Sequence[Picture], **options: object) -> bytes:
    """As a file of that kind: PDF and TIFF hold several pages."""
    held = io.BytesIO()
    first, *others = pictures
    more = {"save_all": True, "append_images": others} if kind in {"PDF", "TIFF"} else {}
    first.save(held, kind, **more, **options)
    return held.getvalue()


def recognition(request: pytest.FixtureRequest) -> None:
    """Skips where the extra `ocr` is not installed; fails where optional tests are required."""
    if models_folder() is None:
        said = "the extra ocr is not installed"
        if request.config.getoption("--optional") == "required":
            pytest.fail(said)
        pytest.skip(said)
