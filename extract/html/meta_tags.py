"""Meta tags (国办发〔2017〕47号 annex; portals.md §3.1): one source, with low trust; any date form."""

from __future__ import annotations

import re

from extract.data_tables import labels
from extract.html.tree import Page
from extract.metadata import clean, is_placeholder
from parser.document import MetaValue

_TAGS = re.compile(r"</?[a-zA-Z][^>]*>")  # a title typed with its <br>
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|^网站名称$|^栏目名称$|^文章标题$")


def read_meta_tags(page: Page) -> list[MetaValue]:
    """The tags of labels.yml that say anything, in the page's order."""
    names = labels().meta_tags
    found: list[MetaValue] = []
    for tag in page.root.iter("meta"):
        field = names.get((tag.get("name") or tag.get("property") or "").strip().lower())
        raw = tag.get("content") or ""
        if (tag.get("name") or "").lower() == "channel":
            field, raw = "column_name", tag.get("channelname") or ""
        text = clean(_TAGS.sub("", raw))
        if field is None or not text or _TEMPLATE.search(text):
            continue
        value = None if is_placeholder(field, text) else text
        found.append(MetaValue(field, value, text, "meta_tag", page.locator(tag)))
    return found
