"""What lines and grids of a metadata block have in common: labels as printed, values as read, placeholders.

See portals.md §5. A label may be decorated: `【索引号】`, `1.索引号`, `*索引号`, `索引号 Index No.`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from extract.data_tables import BLANK, Label, label_index, label_pattern, labels
from extract.index_number import parse_index_number
from extract.remembered import remembered
from parser.document import Finding, Paragraph, Severity

DATE_FIELDS = frozenset({"published", "written", "generated"})
FREE_TEXT = frozenset({"name", "abstract"})
MAX_VALUE = 200
MAX_LABEL = 40  # characters of a cell that is a label with its decoration

COLONS = "：:﹕∶︰꞉"
COLON = re.compile(rf"{BLANK}*[{COLONS}]")
BRACKETS = {"【": "】", "[": "]", "［": "］", "〖": "〗", "「": "」", "{": "}"}
EDGES = f" \t\n\u00a0\u3000\x1f{COLONS}|｜;；,，"
_BLANKS = re.compile(f"{BLANK}+")
_DECORATED = re.compile(
    r"^(?:[*＊※•·●◆■▪►▶▷》>○◎□☆★]+|\d{1,2}[.．、)）])?[【\[［〖「（(]?"
    r"(?P<label>[^A-Za-z【】\[\]［］〖〗「」（）()]{2,12})"
    r"[：:]?(?:[（(]?[A-Za-z][A-Za-z.]{2,}[)）]?)?[】\]］〗」）)]?$"
)
_EMPTY_SIGNS = re.compile(r"^[\s—\-–_/\\〔〕\[\]【】{}()（）号第年月日.。*、…]*$")
# What a template left unfilled: {{d.syh}} ${syh} <%=syh%> $[SYH] #syh#
_TEMPLATE = re.compile(r"\{\{.*\}\}|\$\{.*\}|<%.*%>|^\$\[.*\]$|^#\w+#$|^\{[\w.:$]+\}$")
_TOOL = re.compile(r"\s*[\[【［(（〔](?P<word>[^\[\]【】［］（）()〔〕]{2,6})[\]】］)）〕]$")
_NO_DAY = re.compile(r"^(?:0000|0001|1900|1970|1753)\D")  # the zero of a database
LEADING_DAY = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"(?:[ T]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\S*[Z+]))?(?=[^\dTZ+]|$)"
)


@dataclass(frozen=True)
class Hit:
    """A label with its value. `at` is the number of its block."""

    label: Label
    raw: str
    locator: str
    at: int
    from_grid: bool


class Markup(Protocol):
    """What only markup tells of the place of a label that stands alone in its line."""

    def asks(self, locator: str) -> bool:
        """A field of a form stands there to be filled in."""

    def is_vacant(self, locator: str) -> bool:
        """An empty element stands where the value would."""

    def leads(self, locator: str) -> bool:
        """All that stands there is links."""

    def paired(self, locator: str) -> Paragraph | None:
        """What stands at the same place of a column beside that of the label, be it blank."""


class NoMarkup:
    """A text's lines."""

    def asks(self, _locator: str) -> bool:
        return False

    def is_vacant(self, _locator: str) -> bool:
        return False

    def leads(self, _locator: str) -> bool:
        return False

    def paired(self, _locator: str) -> Paragraph | None:
        return None


@remembered
def squeeze(text: str) -> str:
    """A label's or cell's text without blanks, tag marks and colons at its end."""
    return _BLANKS.sub("", text).strip(COLONS)


def label_of(printed: str) -> Label:
    """The label of a match of `label_pattern`."""
    return label_index()[_BLANKS.sub("", printed)]


@remembered
def named(text: str) -> Label | None:
    """The label of a text that is nothing but a label and its decoration; None for any other text."""
    if len(text) > 4 * MAX_LABEL:
        return None
    words = squeeze(text)
    found = label_index().get(words)
    if found is not None or len(words) > MAX_LABEL:
        return found
    bare = _DECORATED.match(words)
    return label_index().get(bare["label"]) if bare is not None else None


@remembered
def clean(raw: str) -> str:
    """A value as a reader sees it."""
    text = re.sub(r"\s+", " ", raw.replace("\x1f", "").replace("\u00a0", " ").replace("\u3000", " "))
    text = re.sub("[\u200b-\u200f\u2060\ufeff]", "", text).strip(EDGES)
    for opening, closing in ("【】", "（）", "()", "[]"):
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip(EDGES)
    return text.rstrip("【（([〔").rstrip(EDGES)


def is_template(text: str) -> bool:
    """Whether a value is a slot that the page's template left unfilled."""
    return _TEMPLATE.search(text) is not None


def is_placeholder(field_name: str, text: str) -> bool:
    """`— —`, `〔〕号`, `无`, nothing, an unfilled slot, a database's zero day, a lone prefix."""
    if _EMPTY_SIGNS.match(text) or re.sub(r"\s", "", text) in labels().placeholders or is_template(text):
        return True
    if field_name in DATE_FIELDS:
        return _NO_DAY.match(text) is not None
    if field_name == "index_number":
        number = parse_index_number(text.rstrip("/-\\"))
        return number is not None and number.serial is None and number.prefix_kind in {"org9", "uscc18"}
    return False


def unknown_label(label: str, locator: str) -> Finding:
    """A label that the table lacks. Its value is not repeated: it may name a person (practice.md §7)."""
    message = f"元数据栏有未识别的标签“{squeeze(label)}” unknown metadata label"
    return Finding("unknown_label", Severity.INFO, message, locator)


def without_tool(text: str) -> str:
    """A value without the button of a page's tools behind it: `014…/2025-00001 [复制]`."""
    tool = _TOOL.search(text)
    label = named(tool["word"]) if tool is not None else None
    return text[: tool.start()].rstrip() if tool and label is not None and label.field is None else text


def without_ignored(text: str) -> str:
    """A text without the labels of page tools and persons."""
    return label_pattern().sub(lambda m: "" if label_of(m.group()).field is None else m.group(), text)
