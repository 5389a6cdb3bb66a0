"""Bad input: each is read or refused within a bound, none ends in a crash."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

import extract
from extract.errors import Unreadable
from extract.ocr import models_folder
from parser.document import Document
from tests.extract.pages import grids, read_html, register, texts


def read(payload: bytes) -> Document:
    return extract.read(payload, register=register())


@pytest.mark.parametrize("payload", [b"", b"   \r\n\t", b"\xef\xbb\xbf", b"\0" * 100])
def test_empty_payloads_are_unreadable(payload: bytes) -> None:
    with pytest.raises(Unreadable, match="空"):
        read(payload)


def test_missing_files_are_named(tmp_path) -> None:
    with pytest.raises(Unreadable, match=r"none\.txt"):
        extract.read_file(tmp_path / "none.txt", register=register())
    with pytest.raises(Unreadable, match=tmp_path.name):
        extract.read_file(tmp_path, register=register())
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Cat")
    with pytest.raises(Unreadable, match=r"cut\.pdf"):
        extract.read_file(tmp_path / "cut.pdf", register=register())


PAGES: dict[str, Callable[[], str]] = {
    "nested_divs": lambda: "<div>" * 100_000 + "正文" * 60,
    "nested_tables": lambda: "<table><tr><td>" * 3_000 + "正文" * 60,
    "nested_mixed": lambda: "<div><span><b>" * 20_000 + "正文" * 60,
    "long_line": lambda: "<div id=zoom>" + "字" * 2_000_000 + "</div>",
    "many_cells": lambda: "<div id=zoom><table>" + "<tr><td>1<td>2<td>3</tr>" * 6_000 + "</table></div>",
    "many_paragraphs": lambda: "<div id=zoom>" + "<p>正文一段</p>" * 6_000 + "</div>",
    "many_labels": lambda: "<p>索引号：发布机构：文号：</p>" * 5_000,
    "unclosed": lambda: "<div id=zoom><p>正文" * 2_000,
    "spans": lambda: "<table>" + "<tr><td rowspan=9999 colspan=9999>甲<td>乙</tr>" * 200 + "</table>",
}


@pytest.mark.parametrize("name", PAGES)
def test_odd_pages_are_read_in_time(name: str) -> None:
    payload = f"<html><body>{PAGES[name]()}</body></html>".encode()
    started = time.monotonic()
    document = read(payload)
    assert time.monotonic() - started < 15
    assert document.media_type == "text/html"


TEXT = "示例镇认真落实条例要求。" * 20
HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "a million tags": (lambda: "<div>" * 1_000_000 + f"<p>{TEXT}</p>", "broken_markup"),
    "nested text": (lambda: f"<p>{TEXT}</p>" + "<div>甲<em>乙<u>" * 30_000, "broken_markup"),
    "deep tags of many kinds": (
        lambda: "".join(f"<div class=c{n}><q>" for n in range(50_000)) + f"<p>{TEXT}</p>",
        "broken_markup",
    ),
    "a hundred thousand attributes": (
        lambda: f"<div {' '.join(f'a{n}=x' for n in range(100_000))}><p>{TEXT}</p></div>",
        "broken_markup",
    ),
    "spans of a thousand million": (
        lambda: (
            f"<p>{TEXT}</p><table><tr><td colspan=1000000000>甲<td rowspan=1000000000>乙<tr><td>1</table>"
        ),
        "absurd_span",
    ),
    "entities that grow": (
        lambda: '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + f"<p>{TEXT}&b;</p>",
        "broken_markup",
    ),
    "cut in a table": (lambda: f"<p>{TEXT}</p><table><tr><td>公开<td>12<tr><td>废", "page_cut"),
    "cut in a tag": (lambda: f"<p>{TEXT}</p><table><tr><td>公开<td>12</table><td cla", "page_cut"),
    "preformatted lines": (lambda: f"<p>{TEXT}</p><pre>" + "|\n" * 150_000, "file_overfull"),
    "an endless script": (lambda: f"<p>{TEXT}</p><script>" + "a='<a href=';" * 620_000, "file_overfull"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_hostile_page_says_is_read_and_what_is_wrong_is_told(name: str) -> None:
    make, code = HOSTILE[name]
    payload = f"<html><body><div id=zoom>{make()}".encode()
    started = time.process_time()
    document = read(payload)
    assert time.process_time() - started < 10
    assert code in {finding.code for finding in document.findings}
    assert TEXT in document.text


BAIT = {
    "blanks": " " * 1_000_000,
    "wide blanks": "\u3000" * 300_000,
    "digits": "1" * 800_000,
    "wide digits": "９" * 300_000,
    "dates": "2024年1月" * 60_000,
    "labels": "发布机构：" * 60_000,
    "brackets": "（" * 300_000,
    "entities": "&nosuch" * 100_000,
    "dashes": "-" * 800_000 + "|",
    "question marks": "?" * 600_000,
    "accents": "é" * 300_000,
}


@pytest.mark.parametrize("name", BAIT)
def test_long_runs_take_time_in_proportion(name: str) -> None:
    started = time.process_time()
    document = read(
        f"<html><body><div id=zoom><p>{TEXT}</p><p>甲{BAIT[name]}乙</p></div></body></html>".encode()
    )
    assert time.process_time() - started < 10
    assert TEXT in document.text


def test_a_row_of_a_thousand_pipes_is_no_row() -> None:
    lines = "---|" * 1_900 + "x\n"
    document = extract.read((lines * 300 + TEXT).encode(), name="x.txt", register=register())
    assert not grids(document)


def test_nesting_keeps_the_text() -> None:
    document = read(f"<html><body>{PAGES['nested_divs']()}</body></html>".encode())
    assert texts(document) == ["正文" * 60]
    assert "broken_markup" in {finding.code for finding in document.findings}


def test_nesting_of_different_tags_keeps_the_text() -> None:
    document = read(("<html><body>" + "<div><span><b><i>" * 100_000 + "正文" * 60).encode())
    assert texts(document) == ["正文" * 60]


@pytest.mark.parametrize(
    "payload",
    [
        b"<html><body><p>1</p><select>" + b"<option>1" * 400_000 + b"</select></body></html>",
        ("正文一行。\n" * 150_000).encode(),
        ("1  2  3  " * 900_000).encode(),
    ],
    ids=["tags", "lines", "bytes"],
)
def test_what_is_beyond_the_bounds_is_cut_and_told(payload: bytes) -> None:
    started = time.monotonic()
    document = extract.read(payload, name="x.txt", register=register())
    assert time.monotonic() - started < 40
    assert "file_overfull" in {finding.code for finding in document.findings}


def test_pictures_inside_the_page_do_not_count() -> None:
    picture = "A" * 9_000_000
    document = read_html(
        f'<div id=zoom><img src="data:image/png;base64,{picture}"><p>{"正文" * 60}</p></div>'
    )
    assert texts(document) == ["正文" * 60]
    assert "file_overfull" not in {finding.code for finding in document.findings}


def test_a_row_of_a_table_has_an_end() -> None:
    line = "1  " * 50_000
    document = extract.read(f"{line}\n{line}\n{line}\n正文\n".encode(), name="x.txt", register=register())
    assert not grids(document)


def test_two_ends_and_two_doctypes() -> None:
    page = (
        "<!DOCTYPE html><html><body><div class=TRS_Editor><p>"
        + "正文" * 40
        + "</p></div></body></html></html>"
        "<!DOCTYPE html><div>尾部</div></html>"
    )
    assert texts(read(page.encode())) == ["正文" * 40]


def test_an_unclosed_comment_does_not_swallow_the_page() -> None:
    page = "<html><body><!-- <p>旧</p><div id=zoom><p>" + "正文" * 40 + "</p></div></body></html>"
    document = read(page.encode())
    assert "正文" * 40 in texts(document)
    assert "broken_markup" in {finding.code for finding in document.findings}


def test_a_chain_of_unclosed_comments_neither() -> None:
    page = "<html><body>" + "<!-- " * 50 + "<div id=zoom><p>" + "正文" * 40 + "</p></div></body></html>"
    assert texts(read(page.encode())) == ["正文" * 40]


def test_entities_and_word_noise() -> None:
    document = read_html(
        "<div id=zoom><p>&#12298;条例&#12299;&lt;2024&gt;&ensp;&hellip;&mdash;&nbsp;A&amp;B&unknown;</p>"
        "<![if !supportLists]><p class=MsoNormal>一、<![endif]>总体情况<o:p> </o:p></p><p>&nbsp;</p></div>"
    )
    assert [text.replace("\u2002", " ") for text in texts(document)] == [
        "《条例》<2024> …—\u00a0A&B&unknown;",
        "一、总体情况",
    ]


def test_a_body_hidden_until_a_script_shows_it_is_kept() -> None:
    document = read_html(
        f"<div>菜单</div><div style='display:none'><div id=zoom><p>{'正文' * 200}</p></div></div>"
    )
    assert texts(document) == ["正文" * 200]
    assert "hidden_body_kept" in {finding.code for finding in document.findings}


def test_lines_that_share_an_element_are_not_lost_with_the_metadata() -> None:
    lines = "<br>".join(["发布日期：2025-01-13", *(f"第{i}行正文内容若干字" for i in range(30))])
    document = read_html(f"<div id=zoom>{lines}</div>")
    assert texts(document) == [f"第{i}行正文内容若干字" for i in range(30)]
    assert document.meta("published") == "2025-01-13"


def test_preformatted_text_is_read_as_text() -> None:
    text = "一、总体情况\n信息内容 | 本年制发件数 |\n规章 | 0 |\n完。" + "正文" * 30
    document = read_html(f"<div id=zoom><pre>{text}</pre></div>")
    assert texts(document)[0] == "一、总体情况"
    assert [[c.text for c in grid.cells] for grid in grids(document)] == [
        ["信息内容", "本年制发件数", "规章", "0"]
    ]


def test_unsupported_files_are_told() -> None:
    for payload, code in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "unsupported_media"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "ocr_failed" if models_folder() else "ocr_missing"),
    ):
        document = read(payload)
        assert document.findings[0].code == code
        assert document.blocks == ()
