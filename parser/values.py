"""What stands in a number cell: a number, a blank mark, several numbers, or words.

Only digits of the ordinary and the full-width kind make a number: a general Unicode folding would read the
footnote in `12①` as 121.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from parser.labels import MARKS

_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    ord("．"): ".",
    ord("，"): ",",
    ord("＋"): "+",
    ord("－"): "-",
    ord("−"): "-",
    ord("﹣"): "-",
}
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_UNITS = "|".join(sorted((*MARKS.count_units, *MARKS.money_units), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<sign>[+-]?)(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>{_UNITS})?"
    rf"(?P<mark>[{re.escape(MARKS.footnotes)}]|[(（\[]注?\d?[)）\]])?"
)
_SEVERAL = re.compile(r"\d[\d.,]*(?:\s+\d[\d.,]*)+")


class Kind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    BLANK = "blank"
    SEVERAL = "several"  # numbers parted by white space: which is which is not for this cell alone to say
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Value:
    """A cell's content. `number` is as printed, before any unit is applied; `plain` as JSON takes it."""

    kind: Kind
    number: Decimal | None = None
    unit: str | None = None
    footnote: bool = False
    parts: tuple[str, ...] = ()
    plain: int | float | None = None
    ordinary: bool = False  # a count of digits alone: nearly every cell, so told once for the whole room


_BLANK = Value(Kind.BLANK)
_WORDS = Value(Kind.WORDS)


def as_plain(number: Decimal) -> int | float:
    """int where integral, else the float that prints the same."""
    return int(number) if number == number.to_integral_value() else float(number)


MAX_NUMBER = 80  # characters; longer texts are words and not worth remembering
MAX_KNOWN = 16_384  # texts that are remembered


def read_value(text: str) -> Value:
    """Read the text of one cell."""
    if len(text) > MAX_NUMBER and text.strip():
        return _WORDS
    return _known[text]


class _Known(dict[str, Value]):
    """What short texts hold: a plain look-up for the few hundred that make up nearly all cells."""

    def __missing__(self, text: str) -> Value:
        if len(self) >= MAX_KNOWN:
            self.clear()
        value = self[text] = _read_short(text)
        return value


_known = _Known()


def _read_short(text: str) -> Value:
    if text.isascii() and text.isdigit() and len(text) < 16:
        return Value(Kind.NUMBER, Decimal(text), plain=int(text), ordinary=True)
    squeezed = _BLANKS.sub("", text)
    if squeezed in MARKS.blank:
        return _BLANK
    if squeezed in MARKS.zero_words:
        return Value(Kind.NUMBER, Decimal(0), plain=0)
    folded = text.translate(_FULL_WIDTH).strip()
    if _SEVERAL.fullmatch(folded):
        return Value(Kind.SEVERAL, parts=tuple(folded.split()))
    match = _NUMBER.fullmatch(_BLANKS.sub("", folded))
    if match is None or _splits_digits(folded):
        return _WORDS
    number = Decimal(match["number"].replace(",", ""))
    if match["sign"] == "-":
        number = -number
    return Value(Kind.NUMBER, number, match["unit"], match["mark"] is not None, plain=as_plain(number))


def _splits_digits(folded: str) -> bool:
    """A blank between two digits, `1 2件`: one number or two, nobody can say."""
    return re.search(r"[\d.,]\s+[\d.,]", folded) is not None
