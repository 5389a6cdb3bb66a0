"""The document's own title, chosen by evidence among all that the page offers.

Column names and site names stand in the same places as titles, so each candidate is weighed: where it stands,
whether other places agree, whether it reads like the name of a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extract.blocks import block_text
from extract.data_tables import organs
from parser.document import Block, Paragraph

_YEAR = re.compile(r"(?:19|20)\d{2}|二[〇○零Ｏ][一二][〇○零一二三四五六七八九]")
_YEAR_WORD = re.compile(r"(?:20\d{2}|二[〇○零Ｏ][一二][〇○零一二三四五六七八九])年")
_DOCUMENT = re.compile(
    r"(报告|報告|年报|通知|通告|公告|意见|决定|办法|方案|规定|批复|公示|函|细则|条例|要点|总结|报表|解读|读懂|指南|纪要|预案|规划|计划|名单|令|说明)"
    r"(?:[（(〔].{1,20}[)）〕]|[-—–]{1,2}.{2,30})?$"
)
_SENTENCE = re.compile(r"[。；;!！?？]|[，,：:]$")
_HEADING = re.compile(
    r"^[（(]?[一二三四五六七八九十]{1,3}[)）]?\s*[、.．]|^[（(][一二三四五六七八九十]{1,2}[)）]"
)
_NO_TITLE = re.compile(r"^(首页|当前位置|您(现在)?的位置|来源|发布时间|附件|上一篇|下一篇|打印|关闭|目录)")
# What stands over a whole column or site, and is no document's name.
_COLUMN = re.compile(
    r"^(?:政府|政务|部门|乡镇|街道|法定|主动|基层|工作|各|县|市|区)*(?:信息)?(?:公开)?(?:工作)?(?:年度)?"
    r"(?:报告|年报|指南|目录|制度|内容|专栏|信息|平台|公告|公示|通知)$|^(?:通知公告|公示公告|最新信息|正文|详细信息|信息详情)$"
)
_NO_DOCUMENT = ("网", "网站", "门户", "人民政府", "办事处", "委员会", "管委会", "平台", "专栏")
_NAMELESS = re.compile(r"^[年度\s]*(?:政府|政务|信息公开)")  # a title that tells no body
_PLACE_LINE = re.compile(r"(?:位置|首页).*[>›»＞]|[>›»＞].*[>›»＞]")  # a breadcrumb
_SPLIT = re.compile(
    r"\s*[_|｜]\s*|\s+[-–—>»]+\s+|\s*(?:>>|--|——)\s*|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff])"
)
_REPORT = re.compile(
    r"(?:年度?(?:政府)?(?:信息公开)?.{0,12}(?:报告|报告书|年报)|信息公开.{0,8}(?:年度?报告|年报))"
    r"(?:[（(〔].{1,20}[)）〕]|[-—–]{1,2}.{2,30})?$"
)

MAX_TITLE = 120
MAX_NAME = 30
MAX_TEXT_TITLE = 60
FIRST_BLOCKS = 10
ENOUGH = 4


@dataclass(frozen=True)
class Candidate:
    """A text that may be the title. `weight` says how far its place is trusted."""

    text: str
    locator: str
    weight: int
    in_body: bool = False
    plain: str = ""  # its normal form; empty: the text itself

    @property
    def words(self) -> str:
        """What is weighed: the normal form without blanks."""
        return squeeze(self.plain or self.text)


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f\ufeff]+", "", text)


def choose(candidates: Sequence[Candidate], not_titles: Iterable[str]) -> Candidate | None:
    """The best candidate, None where none is good enough. `not_titles`: names of columns and of the site."""
    barred = {squeeze(name) for name in not_titles}
    best: tuple[int, int] | None = None
    chosen: Candidate | None = None
    for place, candidate in enumerate(candidates):
        plain = candidate.words
        if not _may_be(plain):
            continue
        agreeing = len({c.weight for c in candidates if c is not candidate and c.words == plain})
        score = (
            candidate.weight + 2 * min(agreeing, 2) + 3 * bool(_REPORT.search(plain) and _YEAR.search(plain))
        )
        score += bool(_YEAR.search(plain)) + 2 * bool(_DOCUMENT.search(plain))
        score -= 6 * (plain in barred) + 4 * plain.endswith(("…", "..."))
        if not candidate.in_body:
            score -= 6 * bool(_COLUMN.match(plain)) + 4 * plain.endswith(_NO_DOCUMENT)
        if score >= ENOUGH and (best is None or (score, -place) > best):
            best, chosen = (score, -place), candidate
    return chosen and replace(chosen, text=re.sub(r"\s+", " ", chosen.text).strip())


def _may_be(plain: str) -> bool:
    return (
        4 <= len(plain) <= MAX_TITLE
        and re.search("[\u4e00-\u9fff]", plain) is not None
        and not _NO_TITLE.match(plain)
        and not _HEADING.match(plain)
    )


def parts_of_page_title(text: str, locator: str) -> list[Candidate]:
    """<title> is `title_column_site` in any order: every part, and the whole."""
    parts = [part for part in _SPLIT.split(text) if part]
    weight = 3 if len(parts) == 1 else 2
    found = [Candidate(part, locator, weight) for part in parts]
    return found if len(parts) == 1 else [*found, Candidate(text, locator, 0)]


def in_body(blocks: Sequence[Block]) -> list[Candidate]:
    """Lines at the head of the body that read like a title, one line or two. `plain` must be filled in."""
    head: list[Paragraph] = []
    for block in blocks[:FIRST_BLOCKS]:
        if _PLACE_LINE.search(block_text(block)):
            continue
        if not isinstance(block, Paragraph) or len(squeeze(block.plain)) > MAX_TEXT_TITLE:
            break
        if _HEADING.match(squeeze(block.plain)) or _SENTENCE.search(block.plain):
            break
        head.append(block)
    found: list[Candidate] = []
    for place, block in enumerate(head):
        words = squeeze(block.plain)
        if not _DOCUMENT.search(words):
            continue
        found.append(Candidate(block.text, block.locator, 3, in_body=True, plain=block.plain))
        if place and _NAMELESS.match(_YEAR.sub("", words)):
            before = head[place - 1]
            if squeeze(before.plain).endswith(organs().endings) and not re.search(r"\d", before.plain):
                text, plain = before.text + block.text, before.plain + block.plain
                found.append(Candidate(text, before.locator, 4, in_body=True, plain=plain))
        found += _over_lines(head[: place + 1])
    return found or over_body(_before_headings(blocks))


def _over_lines(head: Sequence[Paragraph]) -> list[Candidate]:
    """A title over two or three lines, of which the last alone names neither a body nor a year."""
    if _YEAR.search(head[-1].plain):
        return []
    for lines in (head[-3:], head[-2:]):
        plain = "".join(line.plain for line in lines)
        first = squeeze(lines[0].plain)
        opens = first.endswith(organs().endings) or _YEAR_WORD.search(first) is not None
        if len(lines) > 1 and opens and _REPORT.search(squeeze(plain)) and _YEAR_WORD.search(squeeze(plain)):
            text = "".join(line.text for line in lines)
            return [Candidate(text, lines[0].locator, 4, in_body=True, plain=plain)]
    return []


def _before_headings(blocks: Sequence[Block]) -> list[Block]:
    """The first blocks up to the first numbered heading: a menu or a tool line may stand before the title."""
    found: list[Block] = []
    for block in blocks[: 2 * FIRST_BLOCKS]:
        if isinstance(block, Paragraph) and _HEADING.match(squeeze(block.plain)):
            break
        found.append(block)
    return found


def over_body(blocks: Sequence[Block]) -> list[Candidate]:
    """The line nearest above the body that names a report and its year, or the two lines that do together.

    `blocks` are those of the page before the body, links to other pages left out.
    """
    lines = [b for b in blocks if isinstance(b, Paragraph) and len(squeeze(b.plain)) <= MAX_TEXT_TITLE]
    for place in range(len(lines) - 1, -1, -1):
        line, words = lines[place], squeeze(lines[place].plain)
        told = _REPORT.search(words) and _YEAR.search(words)
        if not told or _PLACE_LINE.search(line.plain) or _SENTENCE.search(words):
            continue
        if place and _NAMELESS.match(_YEAR.sub("", words)):
            before = lines[place - 1]
            if squeeze(before.plain).endswith(organs().endings) and len(squeeze(before.plain)) <= MAX_NAME:
                joined = before.text + line.text
                return [Candidate(joined, before.locator, 2, plain=before.plain + line.plain)]
        return [Candidate(line.text, line.locator, 2, plain=line.plain)]
    return []


def merge_title(blocks: list[Block], title: str) -> tuple[list[Block], str]:
    """Where the body prints the title at its head, that paragraph's locator; a title over two or three lines
    becomes one paragraph. Returns the blocks and the locator, empty where the body does not print it."""
    wanted = squeeze(title)
    for start in range(min(len(blocks), FIRST_BLOCKS)):
        joined = ""
        for end in range(start, min(start + 3, len(blocks))):
            block = blocks[end]
            if not isinstance(block, Paragraph):
                break
            joined += squeeze(block.text)
            if joined == wanted:
                if end == start:
                    return blocks, block.locator
                lines = [b for b in blocks[start : end + 1] if isinstance(b, Paragraph)]
                text = "\n".join(line.text for line in lines)
                merged = replace(lines[0], text=text, plain=text)
                return [*blocks[:start], merged, *blocks[end + 1 :]], merged.locator
            if not wanted.startswith(joined):
                break
    return blocks, ""
