"""Signs of decoding errors in what was read: reported with place and number, never repaired (seed 002).

Each sign is what one error leaves behind: text decoded twice, bytes that were lost and replaced, characters
that begin at the wrong byte. The classes of characters are computed from the codecs themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from extract.data_tables import charsets
from extract.normal import BROKEN_GLOSS, Normaliser
from parser.document import Block, Finding, Grid, Severity

_HAN = "[\u4e00-\u9fff]"
_LEADS, _TRAILS = range(0xE4, 0xEA), range(0x80, 0xC0)  # bytes of Chinese characters in UTF-8
_AROUND = 8
MAX_REPORTED = 5


@cache
def _signs() -> re.Pattern[str]:
    """Any sign. None of them stands in text that was decoded right."""
    in_latin = "".join(_latin(trail) for trail in _TRAILS)
    parts = [
        "\ufffd",
        *map(re.escape, charsets().signs),
        # a private-use character alone may be a bullet of a symbol font, inside a word it is not
        f"(?<={_HAN})[\ue000-\uf8ff](?={_HAN})",
        # kana between Chinese characters: two bytes of a character read from the second on
        f"(?<={_HAN})[\u3041-\u3096\u30a1-\u30fa](?={_HAN})",
        # UTF-8 read as GBK: two characters make three, the first of a kind that nobody writes
        f"[{_gbk(_LEADS, _TRAILS)}][{_gbk(_TRAILS, _LEADS)}][{_gbk(_TRAILS, _TRAILS)}]",
        f"[{_gbk(_LEADS, _TRAILS)}](?:€|[{_gbk(_TRAILS, _LEADS)}]\\?)",
        # UTF-8 read as a charset of western Europe
        f"[{''.join(map(_latin, _LEADS))}][{in_latin}]{{2}}",
        f"[ÂÃ][{in_latin}]",
        f"â€[{in_latin}]",
        # GBK read as a charset of western Europe: letters with accents in pairs; a row of dots is none
        "(?!(.)\\1)(?:[\u00b0-\u00f7][\u00a1-\u00fe]){3}",
        # what a charset does not hold became a question mark: a run of them, or one that begins a line
        r"\?{4,}",
        rf"^\?(?={_HAN})",
    ]
    return re.compile("|".join(parts), re.MULTILINE)


@cache
def _rare() -> re.Pattern[str]:
    """One of the characters without which there is no sign: a twentieth of the time of looking for signs."""
    signs = re.escape("".join(charsets().signs))
    accents = "\u00c0-\u00d6\u00d8-\u00f6"
    kana = "\u3041-\u3096\u30a1-\u30fa"
    return re.compile(f"[?\ufffd\ue000-\uf8ff{accents}{kana}{_gbk(_LEADS, _TRAILS)}{signs}]")


def _gbk(leads: Iterable[int], trails: Iterable[int]) -> str:
    """The characters of GBK whose two bytes are of these, as the inside of a class."""
    pairs = (bytes((lead, trail)).decode("gbk", "ignore") for lead in leads for trail in trails)
    return "".join(char for char in pairs if len(char) == 1)


def _latin(byte: int) -> str:
    """What a byte is in windows-1252, and where it is nothing there, in Latin 1."""
    return re.escape(bytes([byte]).decode("cp1252", "ignore")) + f"\\x{byte:02x}"


def text_findings(blocks: Iterable[Block], normaliser: Normaliser) -> list[Finding]:
    """Mojibake, broken glosses, and that a text is a glossed mirror."""
    texts = list(_texts(blocks))
    found = _mojibake(texts)
    if normaliser.glossed:
        for place, text in texts:
            if (broken := BROKEN_GLOSS.search(text)) is not None:
                around = text[max(0, broken.start() - 4) : broken.end() + 4]
                message = f"注音残缺“{around}” a gloss lost its bracket"
                found.append(Finding("broken_gloss", Severity.INFO, message, place))
        message = f"文本带有 {normaliser.n_glosses} 处拼音注音，另存规范文本 a mirror with pinyin glosses"
        found.append(Finding("glossed_text", Severity.INFO, message))
    return found


def _mojibake(texts: list[tuple[str, str]]) -> list[Finding]:
    """One finding for each of the first places, with how many signs stand there, and one for all others."""
    if _rare().search("\n".join(text for _, text in texts)) is None:
        return []
    pattern = _signs()
    found: list[Finding] = []
    places = others = more = 0
    for place, text in texts:
        signs = [sign.span() for sign in pattern.finditer(text)]
        if not signs:
            continue
        places += 1
        if places > MAX_REPORTED:
            others, more = others + 1, more + len(signs)
            continue
        (start, end), number = signs[0], len(signs)
        around = text[max(0, start - _AROUND) : end + _AROUND]
        message = f"疑似乱码“{around}”，此处共 {number} 个，按原样保留 {number} decoding errors, kept as read"
        found.append(Finding("mojibake", Severity.WARN, message, place))
    if others:
        message = f"另有 {others} 段共 {more} 个疑似乱码 decoding errors in {others} more places"
        found.append(Finding("mojibake", Severity.WARN, message))
    return found


def _texts(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, Grid):
            yield from ((cell.locator, cell.text) for cell in block.cells if cell.text)
        else:
            yield block.locator, block.text
