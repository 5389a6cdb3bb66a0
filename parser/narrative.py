"""Facts stated in words: how many applications were received, concluded, carried forward (statute.md §7).

Only what is sure is read: the number of a part (其中…, 含上年结转…) is never taken for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parser.labels import NARRATIVE

_BLANKS = re.compile(r"\s+")
_RECEIVED = NARRATIVE.patterns(NARRATIVE.received)
_NONE_RECEIVED = NARRATIVE.patterns(NARRATIVE.none_received)
_CONCLUDED = NARRATIVE.patterns(NARRATIVE.concluded)
_CARRIED = NARRATIVE.patterns(NARRATIVE.carried_forward)


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with the sentence that tells it."""

    value: int
    quote: str


def received(text: str) -> list[Fact]:
    """All numbers said to be applications received; 0 for 未收到."""
    text = _BLANKS.sub("", text)
    facts = [fact for pattern in _RECEIVED for fact in _facts(pattern, text)]
    facts.extend(
        Fact(0, _quote(text, match.start(), match.end()))
        for pattern in _NONE_RECEIVED
        for match in pattern.finditer(text)
        if NARRATIVE.other.search(match.group()) is None
    )
    return facts


def concluded(text: str) -> list[Fact]:
    """All numbers said to be applications concluded or answered."""
    text = _BLANKS.sub("", text)
    return [fact for pattern in _CONCLUDED for fact in _facts(pattern, text)]


def carried_forward(text: str) -> list[Fact]:
    """All numbers said to be carried forward to the next year."""
    text = _BLANKS.sub("", text)
    return [fact for pattern in _CARRIED for fact in _facts(pattern, text)]


def about_applications(text: str) -> str:
    """The sentences that speak of applications: other things are received and answered too."""
    sentences = re.split(r"(?<=[。；;\n])", text)
    return "".join(sentence for sentence in sentences if "申请" in sentence or "依申请" in sentence)


def _facts(pattern: re.Pattern[str], text: str) -> Iterator[Fact]:
    for match in pattern.finditer(text):
        if "余" in match.group() or NARRATIVE.other.search(match.group()) is not None:
            continue
        if NARRATIVE.part.search(text[max(0, match.start() - 16) : match.start()]):
            continue
        yield Fact(int(match["n"].replace(",", "")), _quote(text, match.start(), match.end()))


def _quote(text: str, start: int, end: int) -> str:
    before = max(text.rfind(mark, 0, start) for mark in "。；;")
    return text[before + 1 : end + 12].split("。", maxsplit=1)[0]
