"""Charsets: labels, marks, and pages that are labelled wrong."""

from __future__ import annotations

import pytest

import extract
from extract.charset import decode
from extract.media import media_type
from tests.extract.pages import register

TEXT = "政府信息公开工作年度报告，發佈機構：示例鎮，镕堃喆"


def codes(payload: bytes, label: str = "") -> tuple[str, list[str], str]:
    headers = [("content-type", f"text/html; charset={label}")] if label else []
    decoded = decode(payload, headers)
    return decoded.charset, [finding.code for finding in decoded.findings], decoded.text


@pytest.mark.parametrize(
    "label", ["gb2312", "GBK", "gb18030", "GB_2312-80", "x-gbk", "cp936", "chinese", "euc-cn"]
)
def test_every_gb_label_is_gb18030(label: str) -> None:
    assert codes(TEXT.encode("gb18030"), label) == ("gb18030", [], TEXT)


def test_the_order_is_mark_header_meta_guess() -> None:
    assert codes(b"\xef\xbb\xbf" + TEXT.encode(), "gbk") == ("utf-8", [], TEXT)
    assert codes(TEXT.encode("utf-16"))[2] == TEXT
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">' + TEXT
    assert codes(meta.encode("gb18030")) == ("gb18030", [], meta)
    assert codes(TEXT.encode("big5", "ignore"), "big5")[0] == "big5"
    assert codes(TEXT.encode("gb18030")) == ("gb18030", [], TEXT)
    assert codes(TEXT.encode()) == ("utf-8", [], TEXT)


@pytest.mark.parametrize(("real", "label"), [("gb18030", "utf-8"), ("utf-8", "gb2312"), ("utf-8", "big5")])
def test_wrong_labels_are_found_out(real: str, label: str) -> None:
    charset, found, text = codes(TEXT.encode(real), label)
    assert (charset, found, text) == (real, ["charset_mislabelled"], TEXT)


def test_utf8_that_happens_to_be_valid_gb_is_utf8() -> None:
    text = "政府信息公开工作"
    assert text.encode().decode("gb18030") != text  # no error tells the two apart
    assert codes(text.encode(), "gbk") == ("utf-8", ["charset_mislabelled"], text)


def test_server_defaults_and_nonsense_labels_say_nothing() -> None:
    for label in ("iso-8859-1", "us-ascii", "utf8mb4", "none"):
        assert codes(TEXT.encode("gb18030"), label) == ("gb18030", [], TEXT)


def test_a_page_cut_inside_a_character_keeps_its_charset() -> None:
    for charset in ("utf-8", "gb18030"):
        payload = (TEXT * 20).encode(charset)[:-1]
        found = codes(payload, charset)
        assert (found[0], found[1]) == (charset, ["bytes_undecodable"])
        assert found[2].startswith(TEXT)


def test_mojibake_is_reported_and_kept() -> None:
    page = (
        "<div id=zoom><p>“六穩”“六?!惫ぷ骷訌政策发布解读，正文正文正文正文正文正文正文正文正文正文</p></div>"
    )
    document = extract.read(page.encode(), register=register())
    assert [f.code for f in document.findings if f.code == "mojibake"] == ["mojibake"]
    assert "惫ぷ骷" in document.text


def test_ordinary_text_is_no_mojibake() -> None:
    page = (
        "<div id=zoom><p>通过“の”字招牌整治、ABC、①②、〔2020〕1号，正文正文正文正文正文正文正文正文</p></div>"
    )
    document = extract.read(page.encode(), register=register())
    assert not [f for f in document.findings if f.code == "mojibake"]


@pytest.mark.parametrize(
    ("payload", "headers", "name", "kind"),
    [
        (b"%PDF-1.7\n%", [("Content-Type", "text/html")], "a.html", "application/pdf"),
        (b"\n\n%PDF-1.4", [], None, "application/pdf"),
        (
            b"PK\x03\x04....word/document.xml",
            [],
            "a.pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", [], "a.wps", "application/msword"),
        (b"\x89PNG\r\n\x1a\n", [], "a.html", "image/png"),
        ("<%-- x --%><html>年报".encode(), [], "details.jsp", "text/html"),
        ("一段文字<br>".encode(), [], "a.txt", "text/plain"),
        ("<p>一段文字</p>".encode(), [("content-type", "text/plain")], None, "text/html"),
        ("<ul><li>片段</li></ul>".encode(), [], None, "text/html"),
        ("一段文字".encode("utf-16"), [], "a.txt", "text/plain"),
        ("纯文本 1 < 2".encode(), [], None, "text/plain"),
        (bytes(range(256)) * 8, [], "a.txt", "application/octet-stream"),
    ],
)
def test_media_types(payload: bytes, headers: list[tuple[str, str]], name: str | None, kind: str) -> None:
    assert media_type(payload, headers, name) == kind
