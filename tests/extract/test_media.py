"""What a file is, its bytes say: every kind under every other kind's name, and under none."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

import extract
from extract import media
from tests.extract.pages import register
from tests.extract.test_word import docx, p, pack

PDF = Path(__file__).parents[1] / "portals/files/seed_004.pdf"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1500)


def image(kind: str) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(held, kind)
    return held.getvalue()


def workbook() -> bytes:
    held = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "示例一镇"
    book.save(held)
    return held.getvalue()


def ole(stream: str) -> bytes:
    return OLE + f"{stream}\0".encode("utf-16-le") + bytes(500)


KINDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "pdf": (PDF.read_bytes, media.PDF),
    "docx": (lambda: docx(p("示例一镇")), media.DOCX),
    "xlsx": (workbook, media.XLSX),
    "doc": (lambda: ole("WordDocument"), media.DOC),
    "xls": (lambda: ole("Workbook"), media.XLS),
    "rtf": (lambda: b"{\\rtf1\\ansi x}", media.RTF),
    "ofd": (lambda: pack({"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "<x/>"}), media.OFD),
    "zip": (lambda: pack({"a.txt": "x"}), media.ZIP),
    "rar": (lambda: b"Rar!\x1a\x07\x01\0" + bytes(50), media.RAR),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(50), media.SEVEN_ZIP),
    "png": (lambda: image("PNG"), "image/png"),
    "jpg": (lambda: image("JPEG"), "image/jpeg"),
    "tif": (lambda: image("TIFF"), "image/tiff"),
    "bmp": (lambda: image("BMP"), "image/bmp"),
    "html": ("<html><body><p>示例一镇</p></body></html>".encode, media.HTML),
}
NAMES = [*KINDS, "wps", "et", "txt", "shtml", "jsp", ""]


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_lies_is_not_believed(kind: str) -> None:
    make, wanted = KINDS[kind]
    payload = make()
    for name in NAMES:
        for label in ("application/octet-stream", "text/html", "application/pdf", "application/msword"):
            told = media.media_type(payload, [("Content-Type", label)], f"年报.{name}")
            assert told == wanted, (name, label)


@pytest.mark.parametrize("kind", KINDS)
def test_the_lie_is_told_and_the_truth_is_not(kind: str) -> None:
    _, held = KINDS[kind]
    for name in KINDS:
        lies = name != kind
        assert (media.misnamed(held, f"http://www.example.gov.cn/a/年报.{name}?v=1") == name) is lies
    assert media.misnamed(held, "downfile.jsp?filename=9f") is None
    assert media.misnamed(held, None) is None


@pytest.mark.parametrize("name", ["年报.ofd", "年报.pdf", "downfile.jsp"])
def test_ofd_is_told_with_what_to_do(name: str) -> None:
    document = extract.read(KINDS["ofd"][0](), name=name, register=register())
    told = {finding.code: finding.message for finding in document.findings}
    assert "另存为 PDF" in told["ofd_not_read"]
    assert ("misnamed_file" in told) is name.endswith(".pdf")
    assert document.blocks == ()


@pytest.mark.parametrize("kind", ["rar", "7z"])
def test_what_is_packed_otherwise_is_told_with_what_to_do(kind: str) -> None:
    document = extract.read(KINDS[kind][0](), name=f"年报.{kind}", register=register())
    [told] = [finding for finding in document.findings if finding.code == "unsupported_media"]
    assert "解压" in told.message
