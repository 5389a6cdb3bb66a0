"""What a number cell may hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parser.values import Kind, read_value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        (" 12 ", "12"),
        ("１２０", "120"),
        ("1,234", "1234"),
        ("1，234，567", "1234567"),
        ("12件", "12"),
        ("12 条", "12"),
        ("+461", "461"),
        ("-3", "-3"),
        ("－3", "-3"),
        ("0.00", "0.00"),
        ("96171.6", "96171.6"),
        ("12①", "12"),
        ("12*", "12"),
        ("12¹", "12"),
        ("12（注1）", "12"),
        ("零", "0"),
        ("\u00a012\u00a0", "12"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    value = read_value(text)
    assert value.kind is Kind.NUMBER
    assert value.number == Decimal(number)


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u3000", "/", "-", "—", "——", "无", "／", "\n"])
def test_blank_marks(text: str) -> None:
    assert read_value(text).kind is Kind.BLANK


@pytest.mark.parametrize(
    "text",
    [
        "约12",
        "12余",
        "3、",
        "1,23",
        "1 234件",
        "l2",
        "O",
        "一",
        "0.",
        "12万",
        "2024年",
        "#REF!",
        "1/2",
        "无0",
    ],
)
def test_words(text: str) -> None:
    assert read_value(text).kind is Kind.WORDS


@pytest.mark.parametrize("text", ["12 34", "3\n4", "1 234", "0 0 0 0 0 0 0"])
def test_several_numbers_are_not_joined(text: str) -> None:
    value = read_value(text)
    assert value.kind is Kind.SEVERAL
    assert value.number is None
    assert value.parts == tuple(text.split())


@pytest.mark.parametrize(
    ("text", "unit"), [("13.02万元", "万元"), ("251000元", "元"), ("1.2 亿元", "亿元"), ("5件", "件")]
)
def test_units(text: str, unit: str) -> None:
    assert read_value(text).unit == unit
