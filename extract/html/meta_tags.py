"""Meta tags (国办发〔2017〕47号 annex; portals.md §3.1): one source, with low trust; any date form."""

from __future__ import annotations

import re

from extract.data_tables import labels
from extract.dates import parse_days
from extract.html.tree import Page
from extract.metadata_labels import clean, is_placeholder, is_template
from parser.document import MetaValue

_QUOTES = " \t\n“”‘’＂"  # the annex itself prints curly quotes, and templates copy them
_TAGS = re.compile(r"</?[a-zA-Z][^>]*>")  # a title typed with its <br>
_UNFILLED = frozenset(
    {"网站名称", "栏目名称", "文章标题", "发布时间", "发布日期", "信息来源", "内容来源", "关键字", "关键词"}
)


def read_meta_tags(page: Page) -> list[MetaValue]:
    """The tags of labels.yml that say anything, in the page's order."""
    names = labels().meta_tags
    found: list[MetaValue] = []
    for tag in page.root.iter("meta"):
        name = tag.get("name") or tag.get("property") or tag.get("itemprop") or ""
        field = names.get(name.strip(_QUOTES).lower())
        raw = (tag.get("content") or "").strip(_QUOTES)
        if (tag.get("name") or "").lower() == "channel":
            field, raw = "column_name", tag.get("channelname") or ""
        text = clean(_TAGS.sub("", raw))
        if field is None or not text or text in _UNFILLED or is_template(text):
            continue
        value = None if is_placeholder(field, text) else text
        found.append(MetaValue(field, value, text, "meta_tag", page.locator(tag)))
    return found


def marked_day(page: Page) -> MetaValue | None:
    """The day that the page marks as that of its publication; None where it marks several, or none.

    Systems from outside print it as they like (`Mon 24 March 2025`, 3天前) and say it in a mark beside.
    """
    marks = labels().day_marks
    found: dict[object, MetaValue] = {}
    for element in page.root.iter("time", "abbr"):
        names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower().split()
        told = (element.get("datetime" if element.tag == "time" else "title") or "").strip()
        days = parse_days(told) if told and not marks.isdisjoint(names) else None
        if days:
            found.setdefault(days, MetaValue("published", told, told, "meta_tag", page.locator(element)))
    return next(iter(found.values())) if len(found) == 1 else None
