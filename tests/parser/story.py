"""A drawn report that also tells its numbers in words, with last year's numbers and those of its peers.

What the words say, what was said last year and what others say all agree with the drawing, until a mutation
of tests/parser/mutations_words.py makes one of them say something else.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date

from parser import parse
from parser.across import Figures, Peers, area_checks, figures_of, peer_checks, year_checks
from parser.document import Block, DateClaim, DateKind, Document, Finding, Paragraph, PublisherRef, Source
from parser.report import AnnualReport, FormatVersion
from tests.parser.drawing import ROWS_2021, Drawing, DrawnRow, document, draw

NAME = "示例县示例镇人民政府"
NEW, OVER = "applications.new_received", "applications.carried_over"
TOTAL, FORWARD = "applications.result_total", "applications.carried_forward"
NORMS, FEE = "proactive_disclosure.normative_documents", "proactive_disclosure.fees.amount_wan_yuan"
GROUPS = {
    "disclosed": "予以公开",
    "partial": "部分公开",
    "denied": "不予公开",
    "unavailable": "无法提供",
    "not_processed": "不予处理",
    "other": "其他处理",
}


@dataclass
class Story:
    """`words`: the sentences of section one by what they tell. `last_year`, `peers`: numbers by key."""

    drawing: Drawing
    year: int
    title: str
    words: dict[str, str]
    last_year: dict[str, int | float]
    five: str = "问题是队伍建设有待加强，改进措施是加强培训。"
    six: str = "无。"
    published: date = date(2025, 1, 15)
    signed: date = date(2025, 1, 10)
    url: str | None = None
    alike: float = 0.2
    twin: tuple[str, float] = ("示例县另镇人民政府", 0.2)
    peers: Peers = field(default_factory=lambda: Peers(None, {}))
    units: list[Figures] = field(default_factory=list)
    prose: bool = False  # the tables are not drawn
    without: set[str] = field(default_factory=set)  # tables that are pictures

    def number(self, key: str) -> int:
        return int(self.drawing.truth[key] or 0)

    def show(self, key: str, number: int) -> None:
        """Draw another number, which the body means."""
        for row in self._rows():
            for at, cell in enumerate(row):
                if cell.shows == key:
                    row[at] = replace(cell, text=str(number))
        self.drawing.truth[key] = number

    def _rows(self) -> list[DrawnRow]:
        return [*self.drawing.two, *self.drawing.three, *self.drawing.four]


def tell(rng: random.Random, version: str = "v2021", *, sparse: bool = False) -> Story:
    """A whole report whose words, dates and neighbours agree with its tables."""
    drawing = draw(rng, version, sparse=sparse)
    year = 2024 if version == "v2021" else 2020
    story = Story(drawing, year, f"示例镇{year}年政府信息公开工作年度报告", {}, {})
    story.published, story.signed = date(year + 1, 1, 15), date(year + 1, 1, 10)
    for key in [key for key in drawing.truth if ".regulations." in key]:
        story.show(key, 0)
    forward = story.number(f"{FORWARD}.total")
    story.last_year = _last_year(story)
    story.words = _words(story)
    fee = drawing.truth.get(FEE)
    high = {
        key: float(story.number(key))
        for key in (f"proactive_disclosure.{row}.decisions" for row in ("licensing", "penalties"))
    }
    story.peers = Peers(fee, high)
    story.units = [Figures(year, None, {f"{FORWARD}.total": forward})]
    return story


def group_sum(story: Story, name: str) -> int:
    """The total column of one group of results."""
    keys = [key for key, _, _ in ROWS_2021] + ["other_processing"]
    own = [key for key in keys if key == f"result_{name}" or key.startswith(f"{name}_")]
    return sum(
        story.number(f"applications.{key}.total")
        for key in own
        if f"applications.{key}.total" in story.drawing.truth
    )


def _words(story: Story) -> dict[str, str]:
    number, year, new = story.number, story.year, story.number(f"{NEW}.total")
    issued = f"{NORMS}.{'issued' if story.drawing.version == 'v2021' else 'newly_made'}"
    upheld, reviews = number("review_litigation.review_upheld"), number("review_litigation.review_total")
    suits = sum(number(f"review_litigation.litigation_{how}_total") for how in ("direct", "after_review"))
    results = "，".join(f"{label}{group_sum(story, name)}件" for name, label in GROUPS.items())
    return {
        "aspects": f"{year}年，我镇主动公开、依申请公开、政府信息管理、平台建设和监督保障工作有序开展，"
        "我镇抓好落实。",
        "article_50": "工作考核合格，社会评议良好，没有责任追究情形。",
        "period": f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
        "disclosures": "主动公开政府信息100条，其中公告16条、文件20条、动态64条。",
        "received": f"全年收到政府信息公开申请{new}件，较上年增加{new - 40}件。",
        "persons": f"政府信息公开申请中自然人申请{number(f'{NEW}.natural_person')}件。",
        "over": f"上年结转政府信息公开申请{number(f'{OVER}.total')}件。",
        "concluded": f"政府信息公开申请办结{number(f'{TOTAL}.total')}件。",
        "forward": f"{number(f'{FORWARD}.total')}件申请结转下年度继续办理。",
        "results": f"政府信息公开申请{results}。",
        "norms": f"制发规范性文件{number(issued)}件。",
        "penalties": f"作出行政处罚决定{number('proactive_disclosure.penalties.decisions')}件。",
        "reviews": f"因政府信息公开被申请行政复议{reviews}件，其中结果维持{upheld}件。",
        "suits": f"因政府信息公开被提起行政诉讼{suits}件。",
    }


def _last_year(story: Story) -> dict[str, int | float]:
    """What the report of the year before said: everything that carries over does."""
    number, truth = story.number, story.drawing.truth
    told: dict[str, int | float] = {f"{NEW}.total": 40}
    for key in [key for key in truth if key.startswith(OVER)]:
        told[key.replace("carried_over", "carried_forward")] = number(key)
    if story.drawing.version == "v2021":
        for row in (NORMS, "proactive_disclosure.regulations"):
            told[f"{row}.in_force"] = (
                number(f"{row}.in_force") - number(f"{row}.issued") + number(f"{row}.repealed")
            )
        told[FEE] = (truth[FEE] or 0) + 1
    for key in [key for key in truth if key.endswith(".prev_year_items")]:
        told |= {key: number(key) - 1, key.replace("prev_year_items", "change"): 1}
    for group in ("review", "litigation_direct", "litigation_after_review"):
        told[f"review_litigation.{group}_pending"] = number(f"review_litigation.{group}_total")
        told[f"review_litigation.{group}_total"] = number(f"review_litigation.{group}_total")
    return told


def written(story: Story, style: str = "html") -> Document:
    """The story as a Document."""
    told = document(story.drawing, style, title="示例镇2024年政府信息公开工作年度报告")
    blocks: list[Block] = []
    for block in told.blocks:
        text = block.plain if isinstance(block, Paragraph) else ""
        if text == told.title:
            blocks.append(_line(story.title, blocks))
        elif "年，本机关" in text:
            blocks += [_line(sentence, blocks) for sentence in story.words.values()]
        elif text.startswith("问题是"):
            blocks.append(_line(story.five, blocks))
        elif text == "无。":
            blocks.append(_line(story.six, blocks))
        else:
            blocks.append(block)
    blocks += [
        _line("示例镇人民政府", blocks),
        _line(f"{story.signed:%Y年}{story.signed.month}月{story.signed.day}日", blocks),
    ]
    day = story.published
    return replace(
        told,
        title=story.title,
        blocks=tuple(blocks),
        dates=(DateClaim(DateKind.PUBLISHED, day, day, day.isoformat(), "metadata_row"),),
        publisher=PublisherRef(NAME, kind="township_government", county="示例县"),
        source=Source(url=story.url),
    )


def _line(text: str, before: list[Block]) -> Paragraph:
    return Paragraph(text, text, f"p {len(before) + 1}")


def read(story: Story, style: str = "html") -> tuple[AnnualReport, list[Finding]]:
    """The report, and everything that is told of it: by itself, beside last year, its peers and its units."""
    report = parse(written(story, style))
    now = figures_of(report)
    before = Figures(story.year - 1, FormatVersion(story.drawing.version), story.last_year)
    results = [
        *year_checks(now, before, alike=story.alike),
        *peer_checks(now, story.peers, twin=story.twin),
        *area_checks(now, story.units, expected=len(story.units), whole_area=True),
    ]
    return report, [*report.findings, *(told for _, told in results if told is not None)]
