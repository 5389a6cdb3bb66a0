"""Signs of decoding errors in what was read: reported with their place, never repaired (seed 002)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.normal import BROKEN_GLOSS, Normaliser
from parser.document import Block, Finding, Grid, Severity

_SIGNS = re.compile(
    "\ufffd|锟斤拷|烫烫烫|屯屯屯|Ã.|â€|ä¸|æ[\x80-\xbf]"
    # a private-use character alone may be a bullet of a symbol font, inside a word it is not
    "|(?<=[\u4e00-\u9fff])[\ue000-\uf8ff](?=[\u4e00-\u9fff])"
    # kana between Chinese characters: two bytes of a character read from the second on
    "|(?<=[\u4e00-\u9fff])[\u3041-\u3096\u30a1-\u30fa](?=[\u4e00-\u9fff])"
    # UTF-8 read as GBK: the commonest characters of Chinese, doubled up
    "|鐨勬|涓€|鍜屽|淇℃伅|鏀垮簻|鍏紑"
)
MAX_REPORTED = 5


def text_findings(blocks: Iterable[Block], normaliser: Normaliser) -> list[Finding]:
    """Mojibake, broken glosses, and that a text is a glossed mirror."""
    found: list[Finding] = []
    for place, text in _texts(blocks):
        sign = _SIGNS.search(text)
        if sign and sum(f.code == "mojibake" for f in found) < MAX_REPORTED:
            around = text[max(0, sign.start() - 8) : sign.end() + 8]
            message = f"疑似乱码“{around}”，按原样保留 looks like a decoding error, kept as read"
            found.append(Finding("mojibake", Severity.WARN, message, place))
        if normaliser.glossed and (broken := BROKEN_GLOSS.search(text)):
            around = text[max(0, broken.start() - 4) : broken.end() + 4]
            message = f"注音残缺“{around}” a gloss lost its bracket"
            found.append(Finding("broken_gloss", Severity.INFO, message, place))
    if normaliser.glossed:
        message = f"文本带有 {normaliser.n_glosses} 处拼音注音，另存规范文本 a mirror with pinyin glosses"
        found.append(Finding("glossed_text", Severity.INFO, message))
    return found


def _texts(blocks: Iterable[Block]) -> Iterable[tuple[str, str]]:
    for block in blocks:
        if isinstance(block, Grid):
            yield from ((cell.locator, cell.text) for cell in block.cells if cell.text)
        else:
            yield block.locator, block.text
