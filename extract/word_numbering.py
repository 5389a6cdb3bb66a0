"""The numbers that Word draws before paragraphs: they stand in no text, only in numbering.xml.

A heading 一、总体情况 or a row label 1.属于国家秘密 is often typed without its number. What is drawn is
rebuilt from the level's format, its start, and a count over the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from extract.word_xml import attribute, child, children

_DIGITS = "零一二三四五六七八九"
_LEGAL = str.maketrans("零一二三四五六七八九十百", "零壹贰叁肆伍陆柒捌玖拾佰")
MAX_LEVELS = 9
NOT_BEGUN = -1


def chinese(number: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一; digits above 99."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    steps = (
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    )
    text = ""
    for value, letters in steps:
        text += letters * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalFullWidth": str,
    "decimalZero": lambda n: f"{n:02}",
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": chinese,
    "japaneseDigitalTenThousand": chinese,
    "chineseLegalSimplified": lambda n: chinese(n).translate(_LEGAL),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerLetter": _letter,
    "upperLetter": lambda n: _letter(n).upper(),
    "none": lambda _: "",
    "bullet": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: its first number, its format and the text around it (`%1、`)."""

    start: int = 1
    number_format: str = "decimal"
    text: str = ""


@dataclass
class Numbering:
    """All lists of a document, with the counts so far."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by numId
    lists: dict[str, str] = field(default_factory=dict)  # numId → the list it counts in
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)  # style → (numId, level)
    _counts: dict[str, list[int]] = field(default_factory=dict)

    def counts(self) -> dict[str, list[int]]:
        """How far each list has counted, to return to with `count_from`."""
        return {name: list(counts) for name, counts in self._counts.items()}

    def count_from(self, counts: dict[str, list[int]]) -> None:
        """Go back to earlier counts: the same paragraphs are read once more."""
        self._counts = counts

    def label(self, num_id: str, level: int) -> str:
        """The number drawn before the next paragraph of this list and level; counts it."""
        levels = self.levels.get(num_id)
        if levels is None or level not in levels:
            return ""
        counts = self._counts.setdefault(self.lists[num_id], [NOT_BEGUN] * MAX_LEVELS)
        if counts[level] == NOT_BEGUN:
            counts[level] = levels[level].start
        else:
            counts[level] += 1
        counts[level + 1 :] = [NOT_BEGUN] * (MAX_LEVELS - level - 1)

        def drawn(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            shown = levels.get(at, Level())
            return _FORMATS.get(shown.number_format, str)(
                shown.start if counts[at] == NOT_BEGUN else counts[at]
            )

        if levels[level].number_format in {"bullet", "none"}:
            return ""
        return re.sub(r"%([1-9])", drawn, levels[level].text)


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """From the roots of numbering.xml and styles.xml; either may be absent."""
    result = Numbering()
    if numbering is not None:
        abstract = {
            attribute(a, "abstractNumId"): {
                _level_of(lvl): _level(lvl) for lvl in children(a, "lvl") if _level_of(lvl) < MAX_LEVELS
            }
            for a in children(numbering, "abstractNum")
        }
        for num in children(numbering, "num"):
            _add_list(result, num, abstract)
    if styles is not None:
        _add_styles(result, styles)
    return result


def _add_list(result: Numbering, num: etree._Element, abstract: dict[str, dict[int, Level]]) -> None:
    num_id = attribute(num, "numId")
    base = attribute(child(num, "abstractNumId"), "val")
    levels = dict(abstract.get(base, {}))
    counted_in = base
    for override in children(num, "lvlOverride"):
        at = _level_of(override)
        start = child(override, "startOverride")
        inner = child(override, "lvl")
        if inner is not None:
            levels[at] = _level(inner)
        if start is not None:
            old = levels.get(at, Level())
            levels[at] = Level(_integer(attribute(start, "val"), 1), old.number_format, old.text)
            counted_in = f"{base}/{num_id}"
    result.levels[num_id] = levels
    result.lists[num_id] = counted_in


def _add_styles(result: Numbering, styles: etree._Element) -> None:
    for style in children(styles, "style"):
        found = num_pr(child(style, "pPr"))
        if found is not None and found[0]:
            result.by_style[attribute(style, "styleId")] = found


def num_pr(properties: etree._Element | None) -> tuple[str, int] | None:
    """(numId, level) of a paragraph's or style's properties; numId 0 switches numbering off."""
    pr = child(properties, "numPr")
    if pr is None:
        return None
    num_id = attribute(child(pr, "numId"), "val")
    return num_id, min(_integer(attribute(child(pr, "ilvl"), "val"), 0), MAX_LEVELS - 1)


def _level_of(element: etree._Element) -> int:
    return _integer(attribute(element, "ilvl"), 0)


def _level(lvl: etree._Element) -> Level:
    start = _integer(attribute(child(lvl, "start"), "val"), 1)
    kind = attribute(child(lvl, "numFmt"), "val") or "decimal"
    return Level(start, kind, attribute(child(lvl, "lvlText"), "val"))


def _integer(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default
