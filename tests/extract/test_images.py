"""Pictures in the body: which stand for text, and which are the site's own."""

from __future__ import annotations

import pytest

from parser.document import Document
from tests.extract.pages import read_html

URL = "http://www.example.test/art/2025/1/13/art_1_2.html"
TEXT = "示例镇认真落实条例要求，各项工作平稳有序。" * 6
HEADINGS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、行政复议、行政诉讼情况")
TABLE = "<table>" + "<tr><td>规章</td><td>1</td><td>2</td><td>3</td></tr>" * 3 + "</table>"


def page(*tables: str, body: str = "id=zoom") -> Document:
    parts = "".join(f"<p>{heading}</p>{table}" for heading, table in zip(HEADINGS, tables, strict=True))
    inner = f"<p>一、总体情况</p><p>{TEXT}</p>{parts}<p>五、存在的主要问题及改进情况</p><p>{TEXT}</p>"
    return read_html(f"<div {body}>{inner}</div>", url=URL)


def told(document: Document) -> list[tuple[str, str]]:
    """The addresses of the attachments that stand where a finding says that text is a picture."""
    codes = {f.locator: f.code for f in document.findings if f.code in {"image_only", "table_image"}}
    return [(codes[a.locator], a.url) for a in document.attachments if a.locator in codes]


def test_a_picture_in_the_place_of_a_table() -> None:
    document = page("<p><img src='./W020250113.png' alt='表'></p>", TABLE, "<img src=a.jpg><img src=b.jpg>")
    base = "http://www.example.test/art/2025/1/13/"
    assert told(document) == [
        ("table_image", f"{base}W020250113.png"),
        ("table_image", f"{base}a.jpg"),
        ("table_image", f"{base}b.jpg"),
    ]


def test_a_picture_beside_a_table_is_an_illustration() -> None:
    assert told(page(TABLE + "<img src=photo.jpg>", TABLE, TABLE)) == []


def test_pictures_in_other_sections_are_illustrations() -> None:
    inner = (
        f"<p>一、总体情况</p><p>{TEXT}</p><p><img src=photo.jpg></p><p>二、主动公开政府信息情况</p>{TABLE}"
    )
    assert told(read_html(f"<div id=zoom>{inner}</div>", url=URL)) == []


@pytest.mark.parametrize(
    "tag",
    [
        "<img src=/images/icon_pdf.gif>",
        "<img src=/images/ewm.png>",
        "<img src=x.jpg width=60 height=60>",
        "<img src=x.jpg style='width:32px'>",
        "<a href='/index.html'><img src=x.jpg></a>",
        "<img src=x.jpg alt=扫一扫>",
        "<div style='display:none'><img src=x.jpg></div>",
    ],
)
def test_the_sites_own_pictures(tag: str) -> None:
    assert told(page(tag, TABLE, TABLE)) == []


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ("<img src=/loading.gif data-src=/a/t.png>", "http://www.example.test/a/t.png"),
        ("<a href='/a/big.jpg'><img src=/a/t.jpg></a>", "http://www.example.test/a/t.jpg"),
        ("<table><tr><td><img src=/a/t.png></td></tr></table>", "http://www.example.test/a/t.png"),
        (f"<img src='data:image/png;base64,{'A' * 4000}'>", "data:image/png;base64,"),
        ("<img src=/a/t.png width=600 height=800>", "http://www.example.test/a/t.png"),
    ],
)
def test_forms_of_a_picture(tag: str, address: str) -> None:
    assert told(page(TABLE, tag, TABLE)) == [("table_image", address)]


@pytest.mark.parametrize("body", ["id=zoom", "class=q7"])
def test_a_body_that_is_nothing_but_pictures(body: str) -> None:
    pages = "".join(f"<p><img src='p{n}.jpg'></p>" for n in range(3))
    document = read_html(f"<div {body}>{pages}</div>", url=URL)
    assert [code for code, _ in told(document)] == ["image_only"] * 3
    assert [a.name for a in document.attachments] == ["p0.jpg", "p1.jpg", "p2.jpg"]


def test_a_body_of_few_words_and_pictures() -> None:
    pages = "".join(f"<p><img src='p{n}.jpg'></p>" for n in range(2))
    document = read_html(f"<div id=zoom><p>{TEXT}</p>{pages}</div>", url=URL)
    assert [code for code, _ in told(document)] == ["table_image"] * 2
