"""What recognition is asked for, what it refuses, and that its process can be killed."""

from __future__ import annotations

import base64
import io
import struct
import time
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

import extract
from archive.catalogue import Catalogue, schema
from archive.register import load_register
from extract import ocr
from extract.ocr import PageTask, Recognisers, RecognitionNeeded, Trouble, answers_given, bounds
from extract.ocr_data import ocr_table
from extract.ocr_pages import is_garbage, needs_recognition
from extract.pdf import read_pdf
from extract.pdf_page import Glyph, PageContent
from extract.rebuild import rebuild
from extract.worker import Bounds
from parser.document import Document, Grid, GridSource
from tests.extract.pdf_maker import MadePage, make_pdf
from tests.extract.rebuild_making import Day, register_file
from tests.extract.scans import drawn, recognition, saved
from tests.extract.test_word import TRANSITIONAL

SECONDS = 10.0  # within which whatever is refused is refused


def read(payload: bytes, name: str = "a.bin") -> Document:
    return extract.read(payload, name=name, register=load_register())


def codes(document: Document) -> set[str]:
    return {finding.code for finding in document.findings}


def numbers() -> Image.Image:
    """A small ruled table of numbers, as a picture of 500 × 200 pixels."""
    picture = Image.new("RGB", (500, 200), "white")
    pen = ImageDraw.Draw(picture)
    for row in range(3):
        for column in range(4):
            box = (40 + 105 * column, 20 + 50 * row, 145 + 105 * column, 70 + 50 * row)
            pen.rectangle(box, outline="black", width=2)
            pen.text((box[0] + 35, box[1] + 14), str(10 + 101 * row + 7 * column), fill="black", font_size=22)
    return picture


def texts(document: Document) -> list[list[str]]:
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    return [[cell.text for cell in grid.cells] for grid in grids]


def word_with(picture: bytes) -> bytes:
    """A Word file that holds nothing but a picture."""
    document = (
        f'<w:document xmlns:w="{TRANSITIONAL}" xmlns:a="urn:a" xmlns:r="urn:r"><w:body><w:p><w:r><w:drawing>'
        '<a:blip r:embed="rId9"/></w:drawing></w:r></w:p></w:body></w:document>'
    )
    relations = (
        '<Relationships xmlns="urn:p"><Relationship Id="rId9" Target="media/image1.png"/></Relationships>'
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("word/document.xml", document)
        package.writestr("word/_rels/document.xml.rels", relations)
        package.writestr("word/media/image1.png", picture)
    return held.getvalue()


TRUE = [["10", "17", "24", "31", "111", "118", "125", "132", "212", "219", "226", "233"]]


def huge_png() -> bytes:
    """A picture of 60,000 × 60,000 pixels in few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(20_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# --- what is asked for


def page(text: str = "", **about: object) -> PageContent:
    glyphs = [Glyph(character, 10.0 * at, 0, 10.0 * at + 9, 10, 10) for at, character in enumerate(text)]
    return PageContent(1, 595, 842, glyphs=glyphs, **about)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (page("文字" * 40), False),
        (page(), False),
        (page(image_cover=0.9), True),
        (page(n_objects=900), True),
        (page("文字" * 40, image_cover=0.9, invisible=True), True),
        (page("文字" * 40, image_cover=0.9), False),
        (page("1", image_cover=0.9), True),
        (page("\ufffd\ue001文" * 30), True),
    ],
    ids=["text", "blank", "scan", "outlines", "invisible", "over_a_picture", "only_a_number", "unmapped"],
)
def test_pages_whose_text_lies_in_their_picture_alone(content: PageContent, wanted: bool) -> None:
    assert needs_recognition(content) is wanted


def test_a_text_layer_without_a_chinese_character_is_garbage() -> None:
    assert is_garbage([page("xQ#z" * 60)])
    assert not is_garbage([page("xQ#z" * 60 + "年")])
    assert not is_garbage([page("0123" * 60)])


def test_where_no_process_may_be_started_pages_are_asked_for(request: pytest.FixtureRequest) -> None:
    recognition(request)
    pages = [drawn(1, 40)] * (ocr_table().bounds.pages + 3)
    payload = saved("TIFF", pages, compression="tiff_deflate")
    with answers_given({}), pytest.raises(RecognitionNeeded) as asked:
        read(payload, "a.tif")
    assert [task.page for task in asked.value.tasks] == list(range(ocr_table().bounds.pages))
    answers = {task.key: Trouble("time") for task in asked.value.tasks}
    with answers_given(answers):
        document = read(payload, "a.tif")
    assert {"ocr_too_many", "ocr_failed", "image_only"} <= codes(document)


def test_without_the_extra_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.ocr.models_folder", lambda: None)
    monkeypatch.setattr("extract.ocr_image.models_folder", lambda: None)
    picture = saved("PNG", [numbers()])
    document = read(picture, "a.png")
    assert codes(document) == {"ocr_missing", "image_only"}
    assert "nianbao[ocr]" in document.findings[0].message
    body = read_pdf(make_pdf(MadePage(image=True)))
    assert {finding.code for finding in body.findings} == {"no_text_layer", "ocr_missing"}


# --- what is refused


@pytest.mark.parametrize("kind", ["huge", "cut_jpeg", "broken_png", "icon", "empty"])
def test_pictures_beyond_the_bounds_are_told_at_once(kind: str, request: pytest.FixtureRequest) -> None:
    recognition(request)
    jpeg = saved("JPEG", [numbers()])
    payload, code = {
        "huge": (huge_png(), "ocr_failed"),
        "cut_jpeg": (jpeg[: len(jpeg) // 3], "ocr_failed"),
        "broken_png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "ocr_failed"),
        "icon": (saved("PNG", [numbers().resize((60, 24))]), "image_small"),
        "empty": (b"", ""),
    }[kind]
    started = time.monotonic()
    if not code:
        with pytest.raises(extract.Unreadable):
            read(payload, "a.png")
        return
    document = read(payload, "a.pdf")
    assert {code, "image_only", "misnamed_file"} == codes(document)
    assert document.blocks == ()
    assert time.monotonic() - started < SECONDS


# --- kinds of files


@pytest.mark.parametrize("kind", ["BMP", "WEBP", "docx", "page"])
def test_a_picture_is_read_in_whatever_it_comes(kind: str, request: pytest.FixtureRequest) -> None:
    recognition(request)
    picture = saved("PNG", [numbers()])
    if kind == "docx":
        payload = word_with(picture)
    elif kind == "page":
        shown = base64.b64encode(picture).decode()
        image = f'<img src="data:image/png;base64,{shown}">'
        payload = f'<html><body><div id="zoom">{image}</div></body></html>'.encode()
    else:
        payload = saved(kind, [numbers()])
    document = read(payload)
    assert texts(document) == TRUE
    assert [block.source for block in document.blocks if isinstance(block, Grid)] == [GridSource.OCR]
    assert {"ocr_used"} <= codes(document)
    assert not {"image_only", "no_text_layer"} & codes(document)


# --- the process


def test_a_page_that_takes_too_long_is_told(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the process can be killed in the middle: test_bad_input."""
    recognition(request)
    task = PageTask(saved("PNG", [numbers()]), "image", 0)
    monkeypatch.setattr(ocr, "bounds", lambda: Bounds(30, 0.01, bounds().memory))
    with closing(Recognisers()) as hurried:
        assert hurried.answer(task) == Trouble("time")


def test_a_scan_in_an_archive_is_recognised(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The reading process may start no other: it asks, and the run fetches the answer."""
    recognition(request)
    archive = tmp_path / "warc"
    day = Day("2025-01-22")
    picture = drawn(4, 100)
    pen = ImageDraw.Draw(picture := picture.copy())
    pen.rectangle((0, 0, picture.width, 100), fill="white")
    day.add(
        "http://www.example.gov.cn/nb/a.pdf", saved("PDF", [picture], resolution=100), kind="application/pdf"
    )
    day.write(archive)
    with Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        summary = rebuild(archive, catalogue, load_register([register_file(tmp_path)]))
        assert (summary.read, summary.broken, summary.unreadable) == (1, 0, 0)
        told = {row["code"] for row in catalogue.rows(schema.finding)}
        assert "ocr_used" in told
        cells = [row for row in catalogue.rows(schema.cell) if row["state"] == "read"]
        assert len(cells) > 100
        assert all(row["confidence"] is not None for row in cells)
