"""Facts stated in words: how many applications were received, concluded, carried forward … (statute.md §7).

Only what is sure is read: the number of a part (其中…, 含上年结转…) is never taken for the whole, and a
number that the text itself softens (560余条) is told as approximate. The words are data/narrative.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from parser.labels import NARRATIVE, FactWords
from parser.quick import quick
from parser.report import Fact, Section
from parser.wording import Wording

_WIDE_DIGIT = re.compile("[０-９]")
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_SENTENCE = re.compile(r"[^。；;\n]*[。；;\n]|[^。；;\n]+$")
_COUNTED = re.compile(r"(?:其中)?\d+(?:件|宗|份|起)")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_BREAKDOWN = NARRATIVE.compiled(NARRATIVE.breakdown)
_ALL_CONCLUDED = NARRATIVE.compiled(NARRATIVE.all_concluded)
_made = quick(Fact)
_TELLING = {section for words in NARRATIVE.facts.values() for section in words.sections}
_LOOSE_UNITS = ("个", "次", "项")  # 一项, 一次 are figures of speech


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total and the parts that the text lists behind it. `open`: the list ends with 等."""

    total: Fact
    parts: tuple[tuple[str, int], ...]
    approximate: bool
    open: bool


def read_facts(sections: Sequence[Section]) -> tuple[Fact, ...]:
    """Every fact that the sections tell, by key and place; a key may be told several times."""
    facts: list[Fact] = []
    texts = [(section.key, _plain(section.text)) for section in sections if section.key in _TELLING]
    for key, words in NARRATIVE.facts.items():
        for section, text in texts:
            if section in words.sections:
                facts.extend(_told(key, words, section, text))
    return tuple(dict.fromkeys(facts))


def read_breakdowns(sections: Sequence[Section]) -> tuple[Breakdown, ...]:
    """Totals of disclosures with their parts, where at least three parts are listed."""
    found = []
    for section in sections:
        if section.key != "overall":
            continue
        text = _plain(section.text)
        for match in _BREAKDOWN.finditer(text):
            parts = list(NARRATIVE.breakdown_item.finditer(match["parts"]))
            if len(parts) < 3:
                continue
            total = Fact("disclosures_total", int(match["total"]), match.group(), section.key)
            softened = bool(match["more"]) or any(part["more"] for part in parts)
            listed = tuple((part["what"], int(part["n"])) for part in parts)
            is_open = NARRATIVE.breakdown_open.search(match["parts"]) is not None
            found.append(Breakdown(total, listed, softened, is_open))
    return tuple(found)


def outcomes(facts: Sequence[Fact], key: str) -> list[Fact]:
    """By outcome what stands behind 行政复议N件 or 行政诉讼N件: keys reviews.upheld, litigation.pending …"""
    found = []
    for fact in facts:
        if fact.key != key or fact.approximate:
            continue
        _, _, behind = fact.quote.partition(str(fact.value))
        behind = re.split("诉讼" if key == "reviews" else "复议", behind, maxsplit=1)[0]
        for name in NARRATIVE.outcomes:
            for match in _outcome(name).finditer(behind):
                value = number(match["n"])
                if value is not None:
                    found.append(Fact(f"{key}.{name}", value, fact.quote, fact.section))
    return found


def says_all_concluded(sections: Sequence[Section]) -> str | None:
    """The words that claim a rate of conclusion of 100 %, if any."""
    for section in sections:
        if "率" in section.text and (match := _ALL_CONCLUDED.search(_plain(section.text))):
            return match.group()
    return None


def number(text: str) -> int | None:
    """`1,234`, `12` or `一百零三` as an int; None for words that are no number."""
    if text[0].isdigit():
        return int(text.replace(",", ""))
    total = section = digit = 0
    for char in text:
        if char in _DIGITS:
            if digit:
                return None  # 二三十: no number
            digit = _DIGITS[char]
        elif char == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section, digit = section + (digit or 1) * _TENS[char], 0
    return total + section + digit


def _told(key: str, words: FactWords, section: str, plain: str) -> Iterator[Fact]:
    text = _about(words.about, plain)
    if not text:
        return
    for pattern in _patterns(key):
        for match in pattern.finditer(text):
            fact = _fact(key, words, text, match)
            if fact is not None:
                yield _made(key, fact.value, fact.quote, section, fact.approximate)
    for pattern in _none(key):
        for match in pattern.finditer(text):
            if not words.whole or NARRATIVE.other.search(match.group()) is None:
                yield Fact(key, 0, _quote(text, match.start(), match.end()), section)
    if key == "applications_by_natural_persons":
        yield from _all_natural(text, section)


def _fact(key: str, words: FactWords, text: str, match: re.Match[str]) -> Fact | None:
    value = number(match["n"])
    behind = text[match.end("n") : match.end("n") + 2]
    if value is None or (not match["n"][0].isdigit() and behind.startswith(_LOOSE_UNITS)):
        return None
    if words.whole and NARRATIVE.other.search(match.group()) is not None:
        return None
    if words.whole and NARRATIVE.part.search(text[max(0, match.start() - 16) : match.start()]):
        return None
    before = text[max(0, match.start("n") - 4) : match.start("n")]
    softened = behind[:1] in ("余", "多") or NARRATIVE.about_before.search(before) is not None
    return _made(key, value, _quote(text, match.start(), match.end()), approximate=softened)


def _all_natural(text: str, section: str) -> Iterator[Fact]:
    """申请人为自然人 says that the number received is theirs."""
    claim = NARRATIVE.all_natural.search(text)
    if claim is None:
        return
    key = "applications_received"
    received = {fact.value for fact in _told(key, _words(key), section, text)}
    if len(received) == 1:
        quote = _quote(text, claim.start(), claim.end())
        yield Fact("applications_by_natural_persons", received.pop(), quote, section)


@lru_cache(maxsize=64)
def _about(about: str, text: str) -> str:
    """The sentences that a fact may stand in: other things are received, answered and reviewed too."""
    if about == "anything":
        return text
    sentences = _SENTENCE.findall(text)
    if about == "disclosure":
        return "".join(s for s in sentences if "公开" in s or "复议" in s or "诉讼" in s)
    kept, goes_on = [], False
    for sentence in sentences:
        # 收到申请20件……已办结。1件尚未审结，2件结转下年度。: the second sentence speaks of the same
        goes_on = "申请" in sentence or (goes_on and _COUNTED.match(sentence) is not None)
        if goes_on:
            kept.append(sentence)
    return "".join(kept)


def _words(key: str) -> FactWords:
    return NARRATIVE.facts[key]


@cache
def _patterns(key: str) -> tuple[Wording, ...]:
    return tuple(NARRATIVE.compiled(expression) for expression in _words(key).patterns)


@cache
def _none(key: str) -> tuple[Wording, ...]:
    return tuple(NARRATIVE.compiled(expression) for expression in _words(key).none)


@cache
def _outcome(name: str) -> Wording:
    return NARRATIVE.compiled(NARRATIVE.outcomes[name])


@lru_cache(maxsize=64)
def _plain(text: str) -> str:
    """The text without white space, with ordinary digits; asked for several times a section."""
    plain = "".join(text.split())
    return plain.translate(_FULL_WIDTH) if _WIDE_DIGIT.search(plain) else plain


def _quote(text: str, start: int, end: int) -> str:
    """The clause around a match, up to the end of its sentence."""
    before = max(text.rfind(mark, 0, start) for mark in "。；;")
    behind = min(
        (place for place in (text.find(mark, end) for mark in "。；;") if place >= 0), default=len(text)
    )
    return text[before + 1 : min(behind, end + 60)]
