"""Facts stated in words: how many applications were received, concluded, carried forward (statute.md §7).

Only what is sure is read: the number of a part (其中…, 含上年结转…) is never taken for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BLANKS = re.compile(r"\s+")
_N = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)"
_UNIT = r"(?:余)?(?:件|条|宗|份|起|例|个|次|项)"
_APPLICATION = r"(?:依申请公开|申请|办件)"
_RECEIVED = [
    re.compile(
        rf"(?:收到|受理|接收|收悉|接到|新收|办理)(?:和处理|、办理|并办理|、处理)?[^。；;，,\d]{{0,28}}{_APPLICATION}[^。；;，,\d其中]{{0,8}}{_N}{_UNIT}"
    ),
    re.compile(
        rf"(?:收到|受理|接收|新收)[^。；;，,\d]{{0,14}}{_N}{_UNIT}[^。；;，,\d]{{0,14}}{_APPLICATION}"
    ),
]
_NOT_RECEIVED = re.compile(
    rf"(?:未|没有|无|尚未)(?:收到|受理|接到|接收|发生)[^。；;\d]{{0,24}}{_APPLICATION}|(?<!其他)(?:无|零)(?:政府信息)?(?:公开)?依?申请(?:公开)?(?:事项|件|情况)?(?=[。；;，,])"
)
_CONCLUDED = [
    re.compile(rf"{_N}{_UNIT}(?:政府信息公开申请)?(?:均|已|都|全部)[^。；;\d]{{0,60}}?(?:办结|答复|回复)"),
    re.compile(rf"(?:办结|答复|办理完毕|回复)(?:政府信息公开)?(?:申请)?(?:共计|共|了)?{_N}{_UNIT}"),
]
_CARRIED = [
    re.compile(rf"{_N}{_UNIT}(?:申请)?(?:结转|顺延)(?:至|到)?(?:下|次|20\d\d年)"),
    re.compile(
        rf"(?:结转|顺延)(?:至|到)?(?:下(?:一)?年(?:度)?|次年(?:度)?|20\d\d年(?:度)?)(?:继续)?(?:办理|答复)?(?:的)?(?:申请)?(?:共|有)?{_N}{_UNIT}"
    ),
]
# A part of the applications, or applications of another kind.
_OTHER = re.compile(r"网络|网上|信函|邮寄|当面|现场|传真|线上|线下|书面|电子邮件|复议|诉讼|信访|赔偿|许可")
_PART = re.compile(
    r"(?:其中|含|包括|去年|上年|上一年|网站|邮箱|网络|网上|信函|邮寄|当面|现场|传真|线上|线下|平台|另)[^。；;]{0,14}$"
)


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
        for match in _NOT_RECEIVED.finditer(text)
        if _OTHER.search(match.group()) is None
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
        if "余" in match.group() or _OTHER.search(match.group()) is not None:
            continue
        if _PART.search(text[max(0, match.start() - 16) : match.start()]):
            continue
        yield Fact(int(match["n"].replace(",", "")), _quote(text, match.start(), match.end()))


def _quote(text: str, start: int, end: int) -> str:
    before = max(text.rfind(mark, 0, start) for mark in "。；;")
    return text[before + 1 : end + 12].split("。", maxsplit=1)[0]
