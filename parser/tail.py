"""What stands behind the last section and is no part of it: signature, empty attachments, page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parser.labels import MARKS

_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    "○": "0",
    "零": "0",
    "Ｏ": "0",
    "O": "0",
}
_DATE = re.compile(
    r"(?<!\d)(?P<year>20\d{2})\s*[年.\-/]\s*(?P<month>\d{1,2})\s*[月.\-/]\s*(?P<day>\d{1,2})\s*日?(?!\d)"
)
_CHINESE_DATE = re.compile(
    r"(?P<year>二[〇○零ＯO][〇○零ＯO一二三四五六七八九]{2})\s*年\s*(?P<month>[一二三四五六七八九十]{1,2})\s*月\s*(?P<day>[一二三四五六七八九十]{1,3})\s*日"
)
_SIGNER = re.compile(rf"^[（(]?[\u4e00-\u9fff·（）()]{{2,30}}(?:{'|'.join(MARKS.signers)})[)）]?$")
_ATTACHMENT = re.compile(rf"^(?:{'|'.join(MARKS.attachment)})\s*\d*\s*[:：].{{0,60}}$|^附件\d*$")


MAX_SHORT = 30
MAX_FURNITURE = 200


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature block as written."""

    by: str | None
    on: date | None
    raw: str = ""


def read_date(text: str) -> date | None:
    """The first calendar day in a text, in Arabic or Chinese figures; None for an impossible one."""
    match = _DATE.search(text)
    if match is not None:
        return _day(int(match["year"]), int(match["month"]), int(match["day"]))
    match = _CHINESE_DATE.search(text)
    if match is None:
        return None
    year = int("".join(_DIGITS[char] for char in match["year"]))
    return _day(year, _small(match["month"]), _small(match["day"]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _small(text: str) -> int:
    """Chinese numerals up to 31."""
    if "十" not in text:
        return int("".join(_DIGITS[char] for char in text))
    tens, _, units = text.partition("十")
    return (int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[units]) if units else 0)


def _is_date(text: str) -> bool:
    stripped = text.strip("（）() \u3000")
    for pattern in (_DATE, _CHINESE_DATE):
        match = pattern.search(stripped)
        if match is not None and match.start() == 0 and len(stripped) - match.end() <= 2:
            return True
    return False


def _is_signer(text: str) -> bool:
    return _SIGNER.match("".join(text.split())) is not None


def _signer_with_date(text: str) -> tuple[str, str] | None:
    """`某镇人民政府 2024年1月14日` on one line."""
    match = _DATE.search(text) or _CHINESE_DATE.search(text)
    if match is None or len(text) - match.end() > 2:
        return None
    before = text[: match.start()].strip(" \u3000，,")
    return (before, match.group()) if _is_signer(before) else None


def _is_furniture(text: str) -> bool:
    if len(text) <= MAX_SHORT and any(mark in text for mark in MARKS.tail_short):
        return True
    return len(text) < MAX_FURNITURE and any(mark in text for mark in MARKS.tail)


def tail_start(lines: Sequence[str]) -> int:
    """The index of the first line of the tail; len(lines) where there is none."""
    for at, line in enumerate(lines):
        text = line.strip()
        if _is_furniture(text):
            return at
        if _ATTACHMENT.match(text) or _is_date(text) or _signer_with_date(text):
            return at
        if _is_signer(text) and _closes(lines[at + 1 :]):
            return at
    return len(lines)


def _closes(rest: Sequence[str]) -> bool:
    """Whether nothing but a signature, attachments and furniture follows."""
    following = next((text.strip() for text in rest if text.strip()), None)
    return following is None or _is_date(following) or _is_furniture(following) or _is_signer(following)


def read_signature(tail: Sequence[str]) -> Signature:
    """Who signed and when, from the lines of the tail; a footer's names and dates are not a signature."""
    by: str | None = None
    for line in tail:
        text = line.strip()
        if _is_furniture(text):
            break
        both = _signer_with_date(text)
        if both is not None:
            return Signature(both[0], read_date(both[1]), text)
        if _is_date(text):
            return Signature(by, read_date(text), text)
        if by is None and _is_signer(text) and not _ATTACHMENT.match(text):
            by = "".join(text.split())
    return Signature(by, None)
