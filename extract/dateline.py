"""The line under a title that gives a day without saying which: believed where no row is labelled."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.blocks import block_text
from extract.dates import parse_days
from extract.metadata import clean, split_line
from extract.reading import Reading
from extract.title import squeeze
from parser.document import Block, MetaValue, Paragraph

OTHER_DAYS = frozenset({"written", "generated", "effective", "expires"})
WITHIN = 5  # blocks after the title
MAX_LINE = 80
MAX_REST = 24  # characters beside the day: a site's name, an office
_DAY = re.compile(
    r"[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日|\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s*\d{1,2}\s*[:：]\s*\d{2}(?:[:：]\d{2})?)?"
)
_SAYS = re.compile(r"[。；;][^】)）]*$|^(?!.*(?:时间|日期|来源)).*[：:]$|^附件")
_SENTENCE = re.compile(r"[。，；、]|年度|报告|\d{4}|截至")


def add_dateline(reading: Reading, blocks: Sequence[Block]) -> None:
    """Add the day under the title to the metadata, unless a labelled row gives one."""
    if any(m.field == "published" and m.value and m.source == "metadata_row" for m in reading.metadata):
        return
    rows = [m for m in reading.metadata if m.source == "metadata_row"]
    used = {row.locator.partition(" @")[0] for row in rows if row.field in OTHER_DAYS}
    found = dateline([b for b in blocks if b.locator not in used], reading.title)
    if found is not None:
        reading.metadata.insert(len(rows), found)
        reading.blocks = [
            b for b in reading.blocks if (b.locator, clean(block_text(b))) != (found.locator, found.raw)
        ]


def dateline(blocks: Sequence[Block], title: str | None) -> MetaValue | None:
    """The day under the title; None where the first lines after it give none, or say more than a day."""
    wanted = squeeze(title or "")
    for place, block in enumerate(blocks):
        if wanted and squeeze(clean(block_text(block))) == wanted:
            for following in blocks[place + 1 : place + 1 + WITHIN]:
                if not isinstance(following, Paragraph) or len(following.text) > MAX_LINE:
                    break
                if _SAYS.search(following.text):
                    break  # the text has begun: a day behind it is the signature's
                found = _day_alone(following)
                if found is not None:
                    return found
    return None


def _day_alone(line: Paragraph) -> MetaValue | None:
    """A day with nothing beside it but the names of an office or a site."""
    found = _DAY.search(line.text)
    if found is None or parse_days(found.group()) is None:
        return None
    rest = line.text.replace(found.group(), "")
    for label, raw in split_line(rest):
        if label.field in OTHER_DAYS:
            return None
        rest = rest.replace(raw, "").replace(label.text, "")
    if len(clean(rest)) > MAX_REST or _SENTENCE.search(rest):
        return None
    # In brackets it is the document's own day, as under the titles of decisions.
    kind = "written" if line.text.lstrip(" \x1f").startswith(("（", "(", "〔")) else "published"
    return MetaValue(kind, clean(found.group()), clean(line.text), "metadata_row", line.locator)
