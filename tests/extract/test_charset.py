"""Charsets: labels, marks, and pages that are labelled wrong."""

from __future__ import annotations

import base64

import pytest

import extract
from extract.charset import decode, inline_pictures
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
    codecs = ("base64", "punycode", "idna", "unicode_escape", "utf-7", "undefined", "rot13")
    for label in ("iso-8859-1", "us-ascii", "utf8mb4", "none", *codecs):
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


LONG = "政府信息公开工作年度报告。示例镇认真落实条例要求，主动公开信息一百二十条，办理申请三件，无复议。" * 3
TRADITIONAL = "政府資訊公開工作年度報告。示例鎮認真落實條例要求，主動公開資訊一百二十條，辦理申請三件。" * 3
TRUTHS = {
    "utf-8": LONG,
    "gb18030": LONG,
    "big5": TRADITIONAL,
    "utf-16-le": LONG,
    "utf-16-be": LONG,
}
LABELS = (None, "utf-8", "gb2312", "big5", "utf-16", "iso-8859-1")


@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize("header", LABELS)
@pytest.mark.parametrize("meta", LABELS)
def test_every_pairing_of_truth_header_and_meta(truth: str, header: str | None, meta: str | None) -> None:
    tag = f'<meta charset="{meta}">' if meta else ""
    page = (
        f"<html><head>{tag}<title>2024</title></head><body><div id=zoom>{TRUTHS[truth]}</div></body></html>"
    )
    found = codes(page.encode(truth), header or "")
    assert (found[0], found[2]) == (truth, page)
    first = {"gb2312": "gb18030", "iso-8859-1": None}.get(header or "", header) or (
        {"gb2312": "gb18030", "iso-8859-1": None}.get(meta or "", meta)
        if not truth.startswith("utf-16")  # whose own meta is not found by its bytes
        else None
    )
    right = first is None or first == truth or (first == "utf-16" and truth.startswith("utf-16"))
    assert found[1] == ([] if right else ["charset_mislabelled"])


@pytest.mark.parametrize("label", [None, "utf-8", "gb2312", "big5", "utf-16"])
@pytest.mark.parametrize("truth", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_outdoes_every_label(truth: str, label: str | None) -> None:
    payload = ("\ufeff" + LONG).encode(truth)
    assert codes(payload, label or "") == (truth, [], LONG)


def test_a_mark_that_the_bytes_belie_is_a_label_like_any_other() -> None:
    payload = b"\xef\xbb\xbf" + LONG.encode("gb18030")
    assert codes(payload) == ("gb18030", ["charset_mislabelled"], LONG)


@pytest.mark.parametrize("truth", ["utf-16-le", "utf-16-be"])
def test_utf16_text_without_markup_or_mark_is_known_by_its_label(truth: str) -> None:
    assert codes(LONG.encode(truth), "utf-16") == (truth, [], LONG)


@pytest.mark.parametrize("truth", TRUTHS)
def test_a_page_in_any_charset_is_a_page(truth: str) -> None:
    page = (
        f"<html><head><title>2024</title></head><body><div id=zoom><p>{TRUTHS[truth]}</p></div></body></html>"
    )
    document = extract.read(page.encode(truth), register=register())
    assert (document.media_type, document.charset) == ("text/html", truth)
    assert document.text.replace("\n", "") == TRUTHS[truth]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_broken_bytes_in_a_page_do_not_change_its_charset(charset: str) -> None:
    whole = LONG.encode(charset)
    payload = b"".join(whole[at : at + 45] + b"\xff" for at in range(0, len(whole), 45))
    found = decode(payload, [("content-type", "text/html; charset=gbk")])
    assert found.charset == charset
    lost = next(f for f in found.findings if f.code == "bytes_undecodable")
    assert lost.locator == "line 1"
    assert f"{found.text.count(chr(0xFFFD))} 处" in lost.message


def test_where_bytes_were_lost_is_told() -> None:
    found = decode(f"{LONG}\n{LONG}\n".encode() + b"\xe6\x94" + LONG.encode())
    assert [(f.code, f.locator) for f in found.findings] == [("bytes_undecodable", "line 3")]


def test_zero_bytes_are_left_out_and_told() -> None:
    page = f"<html><body><div id=zoom><p>{LONG}</p></div></body></html>".encode("gb18030")
    document = extract.read(
        page.replace("信".encode("gb18030"), b"\0" + "信".encode("gb18030")), register=register()
    )
    assert document.text == LONG
    assert "空字节" in next(f for f in document.findings if f.code == "bytes_undecodable").message


def signs(text: str) -> list[tuple[str, str]]:
    page = f"<div id=zoom><p>{'正文' * 40}</p><p>{text}</p></div>"
    document = extract.read(f'<meta charset="utf-8">{page}'.encode(), register=register())
    assert text in document.text  # told, and nothing made of it
    return [(f.locator[-4:], f.message) for f in document.findings if f.code == "mojibake"]


@pytest.mark.parametrize(
    ("wrote", "read", "errors"),
    [
        ("utf-8", "gbk", "replace"),
        ("utf-8", "gbk", "ignore"),
        ("utf-8", "cp1252", "ignore"),
        ("utf-8", "latin-1", "strict"),
        ("gbk", "latin-1", "strict"),
        ("gbk", "utf-8", "replace"),
        ("utf-8", "big5", "replace"),
    ],
)
@pytest.mark.parametrize("part", [slice(None), slice(4, 10)], ids=["whole", "part"])
def test_text_that_was_decoded_twice(wrote: str, read: str, errors: str, part: slice) -> None:
    """As a portal prints it that stored the wrong reading; whole texts and a few words of one."""
    text = "示例镇认真落实条例要求推进政府信息公开工作"
    broken = text[part].encode(wrote).decode(read, errors)
    ((place, message),) = signs(text[: part.start or 0] + broken + text[part.stop or 99 :])
    assert place == "p[2]"
    assert "此处共" in message


@pytest.mark.parametrize(
    "text",
    ["报告??????年度", "?示例镇人民政府办公室", "示例镇锟斤拷锟斤拷年度", "政府\ue5e5信息", "六?!惫ぷ骷"],
)
def test_lossy_text(text: str) -> None:
    assert len(signs(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "为什么？因为“·”是间隔号……",
        "Ｗｏｒｄ、WORD、Café、résumé、naïve，温度20℃±1°，2×3÷4",
        "李·某某····示例县··········12",
        "什么是依申请公开?怎样申请?",
        "鐵嶺、錦州、鞍山，濮阳、亳州、鄱阳、溧阳、邳州、歙县、黟县、婺源",
        "Ⅰ、Ⅱ、①②③④、㎡、№、〇、々、〆、㈠、⑴",
    ],
)
def test_what_people_write_is_no_mojibake(text: str) -> None:
    assert signs(text) == []


def test_how_much_is_told_over_the_whole_document() -> None:
    broken = "政府信息".encode().decode("gbk", "ignore")
    rows = "".join(f"<p>第{n}段{broken}</p>" for n in range(9))
    document = extract.read(f"<div id=zoom><p>{'正文' * 40}</p>{rows}</div>".encode(), register=register())
    found = [f for f in document.findings if f.code == "mojibake"]
    assert [bool(f.locator) for f in found] == [True] * 5 + [False]
    assert "另有 4 段" in found[-1].message


def test_pictures_in_the_markup_are_handed_out_by_themselves() -> None:
    picture = bytes(range(256)) * 8
    tag = f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
    page = f"<p>{LONG}</p>{tag}<p>后</p>{tag}".encode()
    assert list(inline_pictures(page)) == [("image/png", picture)] * 2
    assert decode(page).text.count('src="data:image/png;base64,"') == 2
