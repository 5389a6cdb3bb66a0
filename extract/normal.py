"""The normal form of a document's text: simplified characters, no pronunciation glosses, no invisible blanks.

Machine-made mirrors of county pages turn every character into its traditional form and print a pronunciation
behind it, 報(bào)告. Whether a document is such a mirror is judged once over its whole text, so that a
bracket such as (PPT) or (AB岗) in an ordinary document is never touched. Simplified text is not sent through
the converter at all: it would turn 乾县 into 干县.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

# Toned letters of Hanyu Pinyin; a mirror may also print them as letter + combining mark.
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿɑ\u0300\u0301\u0304\u030c"
_SYLLABLE = rf"[a-zü{_TONED}]{{1,7}}"
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_GLOSS = re.compile(rf"(?<=[{_HAN}A-Z])[(（]({_SYLLABLE})[)）]")
# Where the mirror cut a character in two its bracket became `?`: reported (BROKEN_GLOSS), never repaired.
BROKEN_GLOSS = re.compile(rf"\?{_SYLLABLE}[)）]")
_HAS_TONE = re.compile(rf"[{_TONED}]")
_PLAIN_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxzcsryw]|zh|ch|sh)?(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|ong|er|i|ia|ie|iao|iu|ian|in|iang|"
    r"ing|iong|u|ua|uo|uai|ui|uan|un|uang|ü|üe|ue|üan|ün)"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_WIDE_BLANK = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
# Kangxi radicals and compatibility ideographs look like the characters they stand for: PDF fonts bring them.
_LOOKALIKE = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_ODD = re.compile("[{}{}{}]".format(*(p.pattern[1:-1] for p in (_INVISIBLE, _WIDE_BLANK, _LOOKALIKE))))
_LOOKALIKES = {
    "⺠": "民",
    "⻓": "长",
    "⻔": "门",
    "⻚": "页",
    "⻛": "风",
    "⻝": "食",
    "⻢": "马",
    "⻤": "鬼",
    "⻩": "黄",
    "⻋": "车",
    "⻅": "见",
    "⻉": "贝",
    "⻄": "西",
    "⻆": "角",
    "⻘": "青",
    "⻬": "齐",
    "⻰": "龙",
}

MIN_GLOSSES = 3
MIN_TRADITIONAL = 3
_COMMON_TRADITIONAL = re.compile(
    "[國發開務報關時間會機構實對應動無為與業產來這們過處設號員學電視縣區鎮鄉廳辦規範項請訴訟議數據總計標題稱編製統]"
)


@cache
def _converter(profile: str) -> OpenCC:
    return OpenCC(profile)


def _lookalike(match: re.Match[str]) -> str:
    char = match.group()
    return _LOOKALIKES.get(char) or unicodedata.normalize("NFKC", char)


def _is_gloss(syllable: str) -> bool:
    return bool(_HAS_TONE.search(syllable)) or _PLAIN_SYLLABLE.fullmatch(syllable) is not None


class Normaliser:
    """Judges a document's whole text once, then brings any part of it into normal form with `plain`."""

    def __init__(self, whole: str) -> None:
        glosses = [m for m in _GLOSS.finditer(whole) if _HAS_TONE.search(m.group(1))]
        self.glossed = len(glosses) >= MIN_GLOSSES
        self.n_glosses = len(glosses)
        self.traditional = self._mainly_traditional(self._without_glosses(whole))

    @property
    def changes_words(self) -> bool:
        """Whether labels and names cannot be read off the text as it is printed."""
        return self.traditional or self.glossed

    @property
    def script(self) -> str:
        """zh-Hant where the text is mainly traditional, else zh-Hans."""
        return "zh-Hant" if self.traditional else "zh-Hans"

    def _without_glosses(self, text: str) -> str:
        if not self.glossed:
            return text
        return _GLOSS.sub(lambda m: "" if _is_gloss(m.group(1)) else m.group(), text)

    @staticmethod
    def _mainly_traditional(text: str) -> bool:
        """More characters with a simplified form than characters with a traditional one."""
        if len(_COMMON_TRADITIONAL.findall(text[:20_000])) < MIN_TRADITIONAL:
            return False  # what the converter would find, found in a tenth of its time
        han = re.sub(rf"[^{_HAN}]", "", text)[:20_000]
        if not han:
            return False
        as_simple = _converter("t2s").convert(han)
        as_traditional = _converter("s2t").convert(han)
        only_traditional = sum(a != b for a, b in zip(han, as_simple, strict=False))
        only_simplified = sum(a != b for a, b in zip(han, as_traditional, strict=False))
        return bool(only_traditional > only_simplified and only_traditional >= max(3, len(han) // 50))

    def plain(self, text: str) -> str:
        """The normal form; punctuation and its width stay as printed."""
        if _ODD.search(text) is not None:
            text = _WIDE_BLANK.sub(" ", _INVISIBLE.sub("", text))
            text = _LOOKALIKE.sub(_lookalike, text)
        if not self.changes_words:
            return text
        text = self._without_glosses(text)
        return str(_converter("t2s").convert(text)) if self.traditional else text
