"""Attachments by strangers: every kind of damage is a finding or a refusal in words, within seconds."""

from __future__ import annotations

import io
import os
import socket
import struct
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from fpdf import FPDF

import extract
from extract.errors import Unreadable
from extract.office import converter, to_docx
from parser.document import Document, GridSource
from tests.extract.pages import grids, register, texts
from tests.extract.test_word import RELATIONS, docx, p, pack, tbl, tc, tr

SECONDS = 15  # for any of them, on a busy machine; each takes less than two
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REPORT = "示例一镇2024年政府信息公开工作年度报告"
BOMB = '<!DOCTYPE x [<!ENTITY a "{}">]>'
needs_office = pytest.mark.skipif(converter() is None, reason="LibreOffice is not installed")


def read(payload: bytes, name: str = "a.bin") -> Document:
    started = time.monotonic()
    try:
        return extract.read(payload, name=name, register=register())
    finally:
        assert time.monotonic() - started < SECONDS


def codes(document: Document) -> set[str]:
    return {finding.code for finding in document.findings} - {"publisher_unknown"}


def xlsx(*rows: list[object], widest: int = 4) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ole(stream: str) -> bytes:
    return OLE + b"\0" * 1500 + f"{stream}\0".encode("utf-16-le") + b"\0" * 500


def zeros(name: str, megabytes: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open(name, "w") as part:
        for _ in range(megabytes):
            part.write(b" " * 1_000_000)
    return out.getvalue()


def with_part(payload: bytes, name: str, data: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(payload)) as package:
        parts = {n: package.read(n) for n in package.namelist()}
    return pack({**parts, name: data})


def encrypted_zip() -> bytes:
    data = bytearray(pack({"a.txt": "x"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(signature) + at
        struct.pack_into("<H", data, place, 1)
    return bytes(data)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "空"),
    "docx_cut_short": (lambda: docx(p(REPORT))[:-200], "损坏"),
    "docx_bomb": (lambda: zeros("word/document.xml", 60), "过大"),
    "docx_entities": (
        lambda: pack(
            {"_rels/.rels": RELATIONS.format("word/document.xml"), "word/document.xml": BOMB + "<x>&a;</x>"}
        ),
        "文档类型",
    ),
    "xlsx_cut_short": (lambda: xlsx([REPORT])[:3000], "损坏"),
    "xlsx_bomb": (lambda: with_part(xlsx([1]), "xl/media/a.bin", "0" * 41_000_000), "过大"),
    "xlsx_entities": (lambda: with_part(xlsx([1]), "xl/sharedStrings.xml", BOMB + "<sst/>"), "文档类型"),
    "xlsx_entities_wide": (
        lambda: with_part(xlsx([1]), "xl/a.xml", (BOMB + "<sst/>").encode("utf-16").decode("latin-1")),
        "文档类型",
    ),
    "xlsx_not_one": (lambda: with_part(xlsx([1]), "xl/workbook.xml", "<no"), "损坏"),
    "xls_cut_short": (lambda: ole("Workbook"), "损坏"),
    "office_with_password": (lambda: ole("EncryptedPackage"), "加密"),
    "zip_cut_short": (lambda: pack({"a.txt": REPORT * 100})[:60], "损坏"),
    "zip_bomb": (lambda: zeros("a.txt", 120), "过大"),
    "zip_with_password": (encrypted_zip, "加密"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_is_refused_in_words(kind: str) -> None:
    make, words = REFUSED[kind]
    with pytest.raises(Unreadable, match=words):
        read(make())


@needs_office
def test_a_word_file_that_libreoffice_never_ends_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is killed, with all that it started."""
    monkeypatch.setattr("extract.office.SECONDS", 2)
    with pytest.raises(Unreadable, match="转换"):
        read(b"{\\rtf1 \\bin99999999 x")
    assert not [name for name in programs() if "soffice" in name]


def programs() -> list[str]:
    """Command lines of the processes that this one has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.append((folder / "cmdline").read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue  # it has ended meanwhile
    return found


def test_without_libreoffice_old_word_files_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.office.converter", lambda: None)
    with pytest.raises(Unreadable, match="LibreOffice"):
        read(ole("WordDocument"))


@pytest.mark.parametrize(
    ("payload", "name", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.pdf", {"misnamed_file", "image_only", "ocr_failed"}),
        (ole("PowerPoint Document"), "a.ppt", {"unsupported_media"}),
        (pack({"a.zip": pack({"b.txt": REPORT})}), "a.zip", {"member_unread", "member_not_chosen"}),
        (pack({}), "a.zip", {"member_not_chosen"}),
        (xlsx([]), "a.xlsx", {"no_text_layer"}),
    ],
    ids=["png_called_pdf", "ppt", "zip_in_zip", "empty_zip", "empty_xlsx"],
)
def test_what_holds_nothing_to_read_is_told(payload: bytes, name: str, told: set[str]) -> None:
    document = read(payload, name)
    assert document.blocks == ()
    assert codes(document) == told


def test_of_two_reports_in_a_zip_none_is_taken() -> None:
    both = {
        f"示例{n}镇2024年政府信息公开工作年度报告.docx": docx(p(REPORT) + p("一、总体情况")) for n in "一二"
    }
    document = read(pack(both))
    assert document.blocks == ()
    assert codes(document) == {"member_not_chosen"}


def test_a_zip_of_very_many_files_is_not_read_to_its_end() -> None:
    document = read(pack({f"{n}.txt": "其他文件\n" for n in range(60)}))
    assert "file_overfull" in codes(document)


def test_ten_thousand_pages_are_not_read_to_their_end() -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica")
    for _ in range(10_000):
        pdf.add_page()
        pdf.text(20, 20, "1")
    document = read(bytes(pdf.output()))
    assert "too_many_pages" in codes(document)


def test_a_sheet_of_a_million_rows_is_not_read_to_its_end() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = REPORT, 1
    document = read(saved(book))
    assert texts(document) == [REPORT]
    assert codes(document) == {"file_overfull"}


def test_merged_cells_of_a_sheet_keep_their_places() -> None:
    book = openpyxl.Workbook()
    for row in (["项目", "数量", None], [None, "上年", "本年"], ["规章", 0, 12.5], ["合计", 3.0, "—"]):
        book.active.append(row)
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    [grid] = grids(read(saved(book)))
    assert [[cell and cell.text for cell in row] for row in grid.rows] == [
        ["项目", "数量", "数量"],
        ["项目", "上年", "本年"],
        ["规章", "0", "12.5"],
        ["合计", "3", "—"],
    ]
    assert [(c.rowspan, c.colspan) for c in grid.cells if c.text in {"项目", "数量"}] == [(2, 1), (1, 2)]
    assert grid.cells[-1].locator == "sheet Sheet cell C4"
    assert grid.source is GridSource.WORD


def asked(server: socket.socket) -> list[bytes]:
    """Connections that come to a server; the list grows until the server is closed."""
    seen: list[bytes] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                seen.append(connection.recv(1000))

    threading.Thread(target=accept, daemon=True).start()
    return seen


@needs_office
def test_what_a_file_refers_to_is_never_fetched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        seen = asked(server)
        link = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        html = f'<html><body><img src="{link}"><iframe src="{link}"></iframe><p>{"正文" * 60}</p>'
        assert to_docx(html.encode(), "html")  # which it would fetch if it were let
        assert texts(read(html.encode(), "a.doc")) == ["正文" * 60]
        relation = RELATIONS.replace(
            "</Rel", f'<Relationship Id="r2" Type="x/image" Target="{link}" TargetMode="External"/></Rel', 1
        )
        assert "</Rel" in relation
        table = tbl(tr(tc("甲"), tc("1")))
        read(with_part(docx(p(REPORT) + table), "word/_rels/document.xml.rels", relation.format("x")))
        assert seen == []
        socket.create_connection(server.getsockname()).close()  # the server does hear
        time.sleep(0.1)
        assert seen == [b""]
