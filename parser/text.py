"""The compact form that sections are measured in, and the bare form that labels are matched in."""

from __future__ import annotations

import re
from functools import lru_cache

_DROPPED = (
    " \t\n\r\f\v\u00a0\u3000\u2002\u2003\u2009\u200b\ufeff"
    "()（）[]【】〔〕﹝﹞{}《》<>〈〉＜＞「」『』“”\"'‘’＂＇、,，.．。:：;；·•*＊|—–－-_/／\\~～!！?？#＃"
)
_BARE = {ord(char): None for char in _DROPPED} | {0xFF10 + digit: str(digit) for digit in range(10)}
_ENUMERATOR = re.compile(
    r"^(?:其中)?(?:第[一二三四五六七八九十]+[部章节]分?|[0-9]{1,2}|[一二三四五六七八九十]{1,2}|[①-⑳⑴-⒇㈠-㈩㊀-㊉])"
)


def compact(text: str) -> str:
    """The text without white space and `|`: how sections are measured (tests/golden/SCHEMA.md)."""
    return "".join(text.replace("|", " ").split())


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """A label without white space, brackets, quotes and punctuation; full-width digits made plain."""
    return text.translate(_BARE)


@lru_cache(maxsize=8192)
def bare_label(text: str) -> str:
    """`bare` without one leading enumerator: `(三)不予 公开` → `不予公开`, `3.其他` → `其他`."""
    label = bare(text)
    return _ENUMERATOR.sub("", label, count=1) or label
