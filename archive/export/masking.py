"""Telephone and identity numbers are masked in every text that leaves (practice.md §7).

An identity number is known by the birthday in it, so that organisation codes and index numbers are not taken
for one. Any kind of digit counts, since reports print full-width ones.
"""

from __future__ import annotations

import re

PHONE, IDENTITY = "〔电话号码已隐去〕", "〔身份证号已隐去〕"
_BIRTHDAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "x", 0xFF0D: "-"}
_GAP = r"[-—–－ \u00a0]?"
_IDENTITY = re.compile(
    rf"(?<![\dA-Za-z])(?:[1-8]\d{{5}}(?:19|20)\d\d{_BIRTHDAY}\d{{3}}[\dXx]"
    rf"|[1-8]\d{{5}}\d\d{_BIRTHDAY}\d{{3}})(?![\dA-Za-z])"
)
_PHONE = re.compile(
    rf"(?<![\dA-Za-z.])(?:(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|[（(]?0\d{{2,3}}[）)]?{_GAP}[2-8]\d{{6,7}}|400{_GAP}\d{{3,4}}{_GAP}\d{{3,4}})(?![\dA-Za-z])"
)
_NAMED = re.compile(
    rf"(?P<word>(?:电话|手机|热线|传真)[^\d，。；]{{0,8}}?)(?P<n>[2-8]\d{{2,3}}{_GAP}\d{{4}})(?!\d)"
)


def masked(text: str) -> str:
    """The text without telephone and identity numbers; the rest untouched."""
    if sum(char.isdigit() for char in text) < 7:
        return text
    plain = text.translate(_FULL_WIDTH)  # the same length: places stay
    for pattern, word in ((_IDENTITY, IDENTITY), (_PHONE, PHONE)):
        for match in reversed(list(pattern.finditer(plain))):
            plain = plain[: match.start()] + word + plain[match.end() :]
            text = text[: match.start()] + word + text[match.end() :]
    for match in reversed(list(_NAMED.finditer(plain))):
        text = text[: match.start("n")] + PHONE + text[match.end("n") :]
    return text
