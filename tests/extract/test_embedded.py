"""Bodies that a page does not show by itself: in scripts, text areas, JSON, frames, saved pages."""

from __future__ import annotations

import html
import json
import quopri

import pytest

import extract
from parser.document import Document
from tests.extract.pages import grids, read_html, register, texts

TITLE = "示例镇2021年政府信息公开工作年度报告"
WORDS = "示例镇认真落实各项要求，扎实推进政府信息公开工作。" * 20
ROWS = "<tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr>"
BODY = f"<p>一、总体情况</p><p>{WORDS}</p><table>{ROWS}</table>"


def codes(document: Document) -> set[str]:
    return {finding.code for finding in document.findings}


@pytest.mark.parametrize(
    "holder",
    [
        f"<script>var html = {json.dumps(BODY, ensure_ascii=False)}; show(html);</script>",
        f"<script>document.write({json.dumps(BODY)});</script>",
        "<script>var a = '" + BODY + "';</script>",
        "<script>var a = `" + BODY + "`;</script>",
        "<textarea style='display:none'>" + BODY.replace("<", "&lt;").replace(">", "&gt;") + "</textarea>",
    ],
    ids=["variable", "escaped", "single", "template", "textarea"],
)
def test_a_body_that_a_script_writes(holder: str) -> None:
    document = read_html(f"<h1>{TITLE}</h1><div id='content'></div>{holder}<p>版权所有：示例县人民政府</p>")
    assert document.title == TITLE
    assert texts(document) == ["一、总体情况", WORDS]
    assert [cell.text for cell in grids(document)[0].cells] == ["规章", "1", "文件", "2"]
    assert "embedded_body" in codes(document)
    assert all(block.locator.startswith("/html/body/") for block in document.blocks)


def test_strings_of_a_page_that_has_a_body_are_left_alone() -> None:
    menu = json.dumps(BODY.replace("示例镇", "菜单栏"), ensure_ascii=False)
    document = read_html(f"<div id='zoom'>{BODY}</div><script>var menu = {menu};</script>")
    assert texts(document) == ["一、总体情况", WORDS]
    assert "embedded_body" not in codes(document)


def test_an_answer_in_json() -> None:
    answer = {"code": 0, "data": [{"title": TITLE, "publishedTime": "2022-01-19 10:00", "content": BODY}]}
    document = extract.read(json.dumps(answer).encode(), name="x.json", register=register())
    assert document.title == TITLE
    assert texts(document) == ["一、总体情况", WORDS]
    assert [day.lo.isoformat() for day in document.dates] == ["2022-01-19"]
    other = extract.read(b'{"code": 1, "message": "none"}', name="x.json", register=register())
    assert "unsupported_media" in codes(other)


@pytest.mark.parametrize(
    "answer",
    [
        {"d": {"Title": TITLE, "Body": BODY, "PublishDate": "/Date(1642557600000)/"}},
        {"obj": {"newsTitle": TITLE, "newsContent": BODY, "publish_time": "Jan 19, 2022 10:00:00 AM"}},
        [{"标题": TITLE, "正文": BODY, "发布日期": "2022年1月19日"}],
        {
            "title": TITLE,
            "content": "<p>示例镇年报见附件，请下载后查阅，如有疑问请联系。</p>",
            "fbrq": "20220119",
        },
    ],
    ids=["dotnet", "java", "chinese", "short"],
)
@pytest.mark.parametrize("served", ["text/html", "application/javascript"])
def test_answers_of_programs(answer: object, served: str) -> None:
    document = extract.read(
        json.dumps(answer, ensure_ascii=False).encode(),
        headers=[("Content-Type", served)],
        url="http://www.example.gov.cn/api/1",
        register=register(),
    )
    assert document.title == TITLE
    assert {day.lo.isoformat() for day in document.dates} == {"2022-01-19"}
    assert document.blocks


DETAIL = {"title": TITLE, "content": BODY, "publishTime": "2022-01-19", "syh": "014437529/2022-00007"}
SAID = json.dumps(DETAIL, ensure_ascii=False)
XML = "<title>{title}</title><syh>{syh}</syh><pubTime>{publishTime}</pubTime><c><![CDATA[{content}]]></c>"


@pytest.mark.parametrize(
    "answer",
    [
        f"callback({SAID});",
        f"\ufeff jQuery1.cb ( [{SAID}] )",
        json.dumps({"code": 0, "data": SAID}),
        json.dumps({"data": DETAIL | {"content": html.escape(BODY)}}),
        f'<html><body><div id=app></div><script>window.__STATE__ = {{"d": {SAID}}};</script></body></html>',
        f'<?xml version="1.0" encoding="gb2312"?><root><row>{XML.format(**DETAIL)}</row></root>',
    ],
    ids=["call", "call_of_a_list", "json_in_json", "escaped", "state", "xml"],
)
def test_answers_within_something_else(answer: str) -> None:
    charset = "gbk" if "gb2312" in answer else "utf-8"
    document = extract.read(answer.encode(charset), name="x", register=register())
    assert document.title == TITLE
    assert document.meta("index_number") == "014437529/2022-00007"
    assert {day.lo.isoformat() for day in document.dates} == {"2022-01-19"}
    assert texts(document) == ["一、总体情况", WORDS]


def test_a_body_in_a_frame_is_told() -> None:
    document = read_html(f"<h1>{TITLE}</h1><img src='logo.png'><iframe src='/content/1.html'></iframe>")
    assert "framed_body" in codes(document)
    assert "image_only" not in codes(document)


def test_a_page_saved_as_one_file() -> None:
    address = "http://www.example.gov.cn/art/2022/1/19/art_1_2.html"
    page = f"<html><body><h1>{TITLE}</h1><div id=zoom>{BODY}</div></body></html>"
    head = (
        f"From: <Saved>\r\nSnapshot-Content-Location: {address}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\tboundary="B"\r\n\r\n--B\r\n'
        'Content-Type: text/html; charset="gbk"\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: {address}\r\n\r\n"
    )
    payload = head.encode() + quopri.encodestring(page.encode("gbk")) + b"\r\n--B--\r\n"
    document = extract.read(payload, name="saved.mht", register=register())
    assert (document.title, document.charset) == (TITLE, "gb18030")
    assert texts(document) == ["一、总体情况", WORDS]
