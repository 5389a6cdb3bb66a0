"""Every place in which a document names the body it is of, in the order of trust of practice.md §1.6."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.data_tables import organs
from extract.date_claims import SIGNATURE_WITHIN, signature_date
from extract.normal import Normaliser
from extract.reading import Reading
from parser.document import Block, Paragraph, Source

_YEAR = re.compile(
    r"20\d{2}\s*[-—–~至]+\s*20\d{2}\s*学?年?度?|(?:19|20)\d{2}\s*年?\s*度?|二[〇○零][一二三四五六七八九〇○零]{2}年度?"
)
_SUBJECT = re.compile(
    r"(?:政府)?(?:信息公开|政务公开|信息主动公开|依申请公开)|(?:政府)?网站(?:工作)?年度|法治政府|行政执法|关于"
)
_TOLD = re.compile("^(?:公布|发布|印发|公开|报送|做好|一图读懂|图解|图说|一张图看懂|解读)[：:|｜]?")
_DOES = re.compile("(?<=[\u4e00-\u9fff]{2})(?:召开|举办|组织开展|开展|部署|举行|印发|扎实推进)")
_WHO = re.compile("^(?:[\u4e00-\u9fff]{0,4}(?:单位|机关|机构|部门)(?:名称)?(?:[（(]盖章[)）])?)[：:]")
_BEHIND = re.compile(r"(?:[（(]([^（）()]{3,30})[)）]|[-—–]+([^-—–]{3,30}))\s*$")
_BLANK = re.compile(r"[\s\u200b\ufeff]+")
# 县委县政府 in the first sentence leads the body, and is not it
_SUPERIOR = re.compile(
    "(?:中共|党|上级|国务院|省|市|县|区|旗|镇|乡|街道)*(?:党工委|党委|委|政府)(?:[、和、]|县|市|区|镇|乡|$)"
)
_LED_BY = re.compile("由|请与|请向|收到|受理|办理|公开了")
_SIGNING = re.compile("政府|办事处|局$|委员会$|办公室$")
_EDGE = "，,。.:：;；、—-_ \u3000“”《》·"

HEAD_BLOCKS = 12  # paragraphs in which a report names itself
MAX_NAME = 40


@dataclass(frozen=True)
class Clue:
    """A body's name as printed.

    `source` ∈ hint, title, signature, stated, heading, contact, opening, publisher, origin.
    """

    name: str
    source: str
    raw: str
    locator: str = ""


STRONG = frozenset({"hint", "title", "signature", "stated", "contact", "opening", "heading"})


@cache
def _organ_pattern() -> str:
    # 政府信息公开 is the subject, no body's name
    endings = "|".join("政府(?!信息)" if end == "政府" else end for end in organs().endings)
    return rf"(?P<organ>[\u4e00-\u9fff（）()·]{{1,24}}?(?:{endings}))"


@cache
def _self_patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p.format(organ=_organ_pattern())) for p in organs().self_names[kind])


def collect(reading: Reading, blocks: Sequence[Block], normaliser: Normaliser, source: Source) -> list[Clue]:
    """All clues, the strongest first, each name once per source."""
    clues: list[Clue] = []
    if source.publisher_hint:
        clues.append(Clue(source.publisher_hint.strip(), "hint", source.publisher_hint))
    for text, place in ((reading.title, reading.title_locator), (source.list_title, "")):
        name = name_in_title(normaliser.plain(text)) if text and (place or not reading.title) else None
        if name and text:
            clues.append(Clue(name, "title", text, place))
    clues += _signature(blocks)
    clues += _self_names(blocks)
    for field, kind in (("publisher", "publisher"), ("source", "origin"), ("owner", "origin")):
        for value in reading.metadata:
            if value.field == field and value.value and len(value.value) <= MAX_NAME:
                clues.append(Clue(normaliser.plain(value.value), kind, value.value, value.locator))
    return list(dict.fromkeys(clue for clue in clues if clue.name))


def name_in_title(title: str) -> str | None:
    """What stands before the subject of a title, the year left out; None where that is no name."""
    plain = _TOLD.sub("", _YEAR.sub("", _BLANK.sub("", title)).removeprefix("关于"))
    subject = re.search("(?<=.)关于", plain) or _SUBJECT.search(plain)
    if subject is None:
        return None
    name = _DOES.split(plain[: subject.start()])[0].strip(_EDGE)
    if name.endswith("人民") and subject.group().startswith("政府"):
        name += "政府"  # 某镇人民政府信息公开…: the word belongs to both
    if not name and (behind := _BEHIND.search(plain)):
        name = (behind[1] or behind[2]).strip(_EDGE)
    return name if 2 <= len(name) <= MAX_NAME and re.search("[\u4e00-\u9fff]{2}", name) else None


def ends_as_organ(name: str) -> bool:
    """Whether a name ends as those of public bodies do."""
    return name.endswith(organs().endings)


def _signature(blocks: Sequence[Block]) -> list[Clue]:
    """The line before the date of the signature, or what stands before the date in the same line."""
    dated = signature_date(blocks)
    if dated is None:
        return []
    tail = [block for block in blocks[-SIGNATURE_WITHIN - 2 :] if isinstance(block, Paragraph)]
    place = next(i for i, block in enumerate(tail) if block.locator == dated.locator)
    same = _YEAR.split(tail[place].plain, maxsplit=1)[0].strip(_EDGE)
    lines = (
        [(same, tail[place])] if len(same) >= 3 else [(b.plain, b) for b in tail[max(place - 1, 0) : place]]
    )
    found: list[Clue] = []
    for text, block in lines:
        name = _BLANK.sub("", text).strip(_EDGE)
        if 3 <= len(name) <= MAX_NAME and ends_as_organ(name) and not re.search("[，。；：]", name):
            found.append(Clue(name, "signature", block.text, block.locator))
    return found


def _self_names(blocks: Sequence[Block]) -> list[Clue]:
    found: list[Clue] = []
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    for block in paragraphs[:HEAD_BLOCKS]:
        text = _BLANK.sub("", block.plain)
        for kind in ("stated", "contact", "opening"):
            for pattern in _self_patterns(kind):
                if match := pattern.search(text):
                    name = trim(match["organ"])
                    if len(name) >= 3 and not _SUPERIOR.match(name):
                        found.append(Clue(name, kind, match["organ"], block.locator))
                    break
        name = _WHO.sub("", text)  # 填报单位：某局
        is_name = len(name) <= MAX_NAME and ends_as_organ(name) and re.search("[:：]", name) is None
        if is_name and _SIGNING.search(name):
            found.append(Clue(name, "heading", block.text, block.locator))
    return found


def trim(name: str) -> str:
    """A name without words that a pattern took in by mistake."""
    name = _LED_BY.split(name)[-1]
    changed = True
    while changed:
        changed = False
        for word in organs().not_before:
            if name.startswith(word) and len(name) - len(word) >= 3:
                name, changed = name[len(word) :], True
    return name
