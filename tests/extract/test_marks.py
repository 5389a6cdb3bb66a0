"""Marks in the markup that change what a number is: raised digits, struck-out words, fields of a form."""

from __future__ import annotations

import pytest

from tests.extract.pages import grids, read_html, texts


def cell(markup: str) -> str:
    row = f"<tr><td>行政许可</td><td>{markup}</td><td>0</td></tr>"
    document = read_html(f'<div id="zoom"><p>{"正文" * 40}</p><table border="1">{row * 3}</table></div>')
    return next(c.text for c in grids(document)[0].cells if c.column == 1)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("12<sup>1</sup>", "12¹"),
        ("<p><span>12</span><sup><a href='#f'>1</a></sup></p>", "12¹"),
        ('12<span style="font-size:9pt; vertical-align:super">2</span>', "12²"),
        ("<p>7</p><p><sup>12</sup></p>", "7\n12"),  # a raised number alone is the number
        ("<sup>12</sup>", "12"),
        ("12<sup>①</sup>", "12①"),
        ("12<sup>2023</sup>", "122023"),  # no mark is that long
        ("<del>9</del>13", "13"),
        ('<span style="text-decoration: line-through">9</span>13', "13"),
        ('<input type="text" value="15" readonly>', "15"),
        ('<input type="hidden" value="15">3', "3"),
        ('<input type="text" value="请输入">', ""),
    ],
)
def test_what_a_number_is(markup: str, text: str) -> None:
    assert cell(markup) == text


def test_a_field_outside_a_table_is_no_text() -> None:
    document = read_html(
        f'<div id="zoom"><p>{"正文" * 40}</p><form><input type="text" value="5"></form></div>'
    )
    assert texts(document) == ["正文" * 40]
