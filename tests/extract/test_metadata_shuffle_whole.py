# ruff: noqa: E501 - a row of markup is one line
"""One logical page, shuffled: the same Document and numbers.

Shuffled are the spelling of labels, the blanks in and around them, the kind of colon, brackets, the markup that
pairs labels with values, the nesting of every part and of the whole, the case of tags, the number, order and
quoting of attributes, the form of characters (as such, `&#x…;`, `&#…;`), and comments between any two of them.
"""

from __future__ import annotations

import html
import random
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.data_tables import labels
from parser import parse
from parser.document import Document, Grid, Paragraph
from parser.text import compact
from tests.extract.pages import read_html
from tests.parser.drawing import Drawing, DrawnRow, draw, html_grid

TITLE = "示例县示例镇2024年政府信息公开工作年度报告"
VALUES = {
    "index_number": "014437529/2025-00007",
    "publisher": "示例县示例镇人民政府",
    "published": "2025-01-13",
    "written": "2025-01-02",
    "document_number": "示政发〔2025〕3号",
}
SPELLINGS = {field: labels().strong[field] for field in VALUES}
BLANKS = ("", " ", "&nbsp;", "　", "&nbsp;&nbsp;", "\u200b", "</span><span>", "<!-- x -->", "\n")
COLONS = ("：", ":", "﹕", "∶", "︰", " ：", "：&nbsp;", "\u3000：\u3000")
AROUND = ("{}", " {} ", "&nbsp;{}", "{}&nbsp;&nbsp;", "\u3000{}\u3000", "\n\t{}\n")
WRAPPERS = ("div", "section", "main", "center", "DIV")
ATTRIBUTES = (
    'data-v-1a2b=""', "style='line-height: 2em'", "align=left", 'class="c1 box2"', "onclick='go(1>0)'", "lang=zh",
)  # fmt: skip
NOISE = (
    "",
    "<form><label>索引号</label><input name=syh> <label>发布机构</label><input name=fbjg> <button>检索</button></form>",
    "<div style='display:none'><p>索引号：000000000/2001-00001</p><p>公开日期：2001-01-01</p></div>",
    "<!--<p>索引号：000000000/2001-00002</p>-->",
    "<ul><li><a href=/1>公开指南</a></li><li><a href=/2>公开目录</a></li><li><a href=/3>年度报告</a></li></ul>",
    "<script>var t = '<p>索引号：000000000/2001-00003</p>';</script>",
    "<a href=/old title='公开日期'>往年年报</a>",
)  # what stands around the document and is none of it
BRACKETS = (("（", "）"), ("(", ")"), ("( ", " )"), ("（\u00a0", "）"))
TEXTS = (
    "根据《中华人民共和国政府信息公开条例》编制本报告。统计期限为2024年1月1日至2024年12月31日。",
    "一、总体情况",
    "（一）主动公开情况。2024年，我镇主动公开政府信息128条。",
    "（二）依申请公开情况。本年度收到申请0件。",
    "二、主动公开政府信息情况",
    "TWO",
    "三、收到和处理政府信息公开申请情况",
    "THREE",
    "四、政府信息公开行政复议、行政诉讼情况",
    "FOUR",
    "五、存在的主要问题及改进情况",
    "问题是公开不够及时，改进措施是加强培训。",
    "六、其他需要报告的事项",
    "无其他需要报告的事项。",
)
DRAWING = draw(random.Random(6), "v2021", sparse=True)


class Shuffled:
    """Draws one shape of the page."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def blanks(self, text: str, *, share: float = 0.3) -> str:
        """The text with blanks of any kind between some of its characters."""
        if self.rng.random() > share:
            return f"<span>{text}</span>"
        blank = self.rng.choice(BLANKS)
        return f"<span>{blank.join(text)}</span>"

    def brackets(self, text: str) -> str:
        """The text with brackets of one width."""
        opening, closing = self.rng.choice(BRACKETS)
        return text.replace("（", opening).replace("）", closing)

    def nested(self, inner: str) -> str:
        """Inline tags around what is shown."""
        for tag in self.rng.sample(("span", "font", "b", "o:p", "strong", "a"), self.rng.randint(0, 3)):
            inner = f"<{tag}>{inner}</{tag}>"
        return inner

    def paragraph(self, text: str) -> str:
        """One line of the text in any block-level dress."""
        inner = self.brackets(text)
        inner = self.nested(inner if "。" in text else self.blanks(inner, share=0.2))
        if len(text) > 30 and self.rng.random() < 0.5:
            inner = inner.replace("。", "</span><span>。") if "<span>" in inner else inner
        indent = self.rng.choice(("", "&nbsp;&nbsp;&nbsp;&nbsp;", "　　", "\n  ", "&emsp;&emsp;"))
        return self.rng.choice(
            ("<p>{}</p>", "<div>{}</div>", "<p class=MsoNormal>{}</p>", "<section><p>{}</p></section>", "<div><div>{}</div></div>")
        ).format(indent + inner)  # fmt: skip

    def table(self, rows: list[DrawnRow]) -> str:
        """A statutory table, cells with their spans, in any dress."""
        grid = html_grid(rows)
        lines = []
        for row in range(grid.n_rows):
            cells = "".join(self._cell(c.text, c.rowspan, c.colspan) for c in grid.cells if c.row == row)
            lines.append(f"<tr>{cells}</tr>")
        head = self.rng.randint(0, 2)
        inner = self.rng.choice(
            ("".join(lines), f"<thead>{''.join(lines[:head])}</thead><tbody>{''.join(lines[head:])}</tbody>")
        )
        table = f"<table border=1>{inner}</table>"
        return self.rng.choice(("{}", "<div align=center>{}</div>", "<p></p>{}", "<center>{}</center>")).format(table)  # fmt: skip

    def _cell(self, text: str, rowspan: int, colspan: int) -> str:
        spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (
            f" colspan={colspan}" if colspan > 1 else ""
        )
        inner = html.escape(text)
        if text.replace(".", "").isdecimal() or not text:
            inner = self.nested(
                self.rng.choice(("{}", " {} ", "&nbsp;{}", "<p>{}</p>", "<p><span>{}</span></p>")).format(
                    inner
                )
            )
        else:
            inner = self.nested(self.blanks(self.brackets(text), share=0.2))
        return f"<td{spans}>{inner}</td>"

    def metadata(self) -> str:
        """The block of metadata in any markup of portals.md §5."""
        fields = self.rng.sample(sorted(VALUES), len(VALUES))
        pairs = [(self.blanks(self.rng.choice(SPELLINGS[f]), share=0.6), VALUES[f]) for f in fields]
        return self.rng.choice(MARKUPS)(self, pairs)

    def colon(self) -> str:
        return self.rng.choice(COLONS)

    def around(self, value: str) -> str:
        """A value with blanks of any kind around it."""
        return self.rng.choice(AROUND).format(value)

    def wrapped(self, inner: str) -> str:
        """Boxes around a part, up to thirty of them."""
        for _ in range(self.rng.choice((0, 0, 1, 3, 30))):
            tag = self.rng.choice(WRAPPERS)
            inner = f"<{tag}>{inner}</{tag}>"
        return inner

    def dressed(self, page: str) -> str:
        """The same page in another spelling: tags, attributes, characters, comments."""
        return "".join(
            self._tag(token) if token.startswith("<") else self._text(token) for token in _TOKEN.findall(page)
        )

    def _tag(self, tag: str) -> str:
        name = re.match(r"<(/?[a-zA-Z][a-zA-Z0-9:]*)", tag)
        if name is None or self.rng.random() > 0.2:
            return tag
        more = [a for a in self.rng.sample(ATTRIBUTES, 2) if f" {a.partition('=')[0]}=" not in tag]
        upper = self.rng.choice((name[1], name[1].upper()))
        if name[1].startswith("/"):
            return f"<{upper}{tag[name.end() :]}"
        return f"<{upper} {' '.join(more)}{tag[name.end() :].replace('/>', ' />')}"

    def _text(self, text: str) -> str:
        if not text.strip() or self.rng.random() > 0.15:
            return text
        kind = self.rng.choice(("hex", "decimal", "comment"))
        if kind == "comment":
            at = self.rng.randint(0, len(text))
            return text if "&" in text else f"{text[:at]}<!-- 索引号：旧 -->{text[at:]}"
        form = "&#x{:x};" if kind == "hex" else "&#{};"
        return "".join(form.format(ord(char)) if ord(char) > 0x2000 else char for char in text)

    def page(self) -> str:
        """The whole page."""
        tables = {"TWO": DRAWING.two, "THREE": DRAWING.three, "FOUR": DRAWING.four}
        body = "\n".join(self.table(tables[t]) if t in tables else self.paragraph(t) for t in TEXTS)
        frame = self.rng.choice(
            ("<div id=zoom>{}</div>", "<div class=TRS_Editor>{}</div>", "<div class='article'><div class='v_news_content'>{}</div></div>",
             "<form id=f><div id='vsb_content'>{}</div></form>", "<table><tr><td class='wzcon'>{}</td></tr></table>",
             "<ucapcontent><div id=UCAP-CONTENT>{}</div></ucapcontent>")
        )  # fmt: skip
        title = self.rng.choice(("<h1>{}</h1>", "<div class=title>{}</div>", "<h2 class=bt>{}</h2>")).format(
            TITLE
        )
        parts = [title, self.wrapped(self.metadata()), self.rng.choice(NOISE)]
        if self.rng.random() < 0.5:
            parts.insert(0, parts.pop(1))
        if self.rng.random() < 0.5:
            parts.insert(0, parts.pop(2))
        menu = "<ul class=nav><li><a href=/>首页</a></li><li><a href=/b/>政府信息公开</a></li></ul>"
        foot = "<div class=foot><p>主办：示例县人民政府　网站标识码：0000000000</p></div>"
        whole = menu + "".join(parts) + self.wrapped(frame.format(body)) + foot
        return self.dressed(self.wrapped(whole))


def _rows(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    per_row, colon = shape.rng.choice((1, 2, 5)), shape.rng.choice(("", shape.colon()))
    kind = shape.rng.choice(("td", "th"))
    cells = [
        f"<{kind}>{label}{colon}</{kind}><td>{shape.around(shape.nested(value))}</td>"
        for label, value in pairs
    ]
    rows = ["".join(cells[i : i + per_row]) for i in range(0, len(cells), per_row)]
    return "<table class=xx>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _same_cell(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td><b>{label}</b>{shape.colon()}{shape.around(value)}</td></tr>" for label, value in pairs
    )
    return f"<table>{cells}</table>"


def _spacers(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    return (
        "<table>"
        + "".join(f"<tr><td>{label}</td><td>：</td><td>{value}</td></tr>" for label, value in pairs)
        + "</table>"
    )


def _columns(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    heads, told = (
        "".join(f"<th>{label}</th>" for label, _ in pairs),
        "".join(f"<td>{value}</td>" for _, value in pairs),
    )
    return f"<table><tr>{heads}</tr><tr>{told}</tr></table>"


def _items(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    tag = shape.rng.choice(("li", "p", "div", "dd"))
    mark = shape.rng.choice(
        (
            "{}：",
            "<b>{}</b>：",
            "【{}】",
            "[{}] ",
            "<b>{}：</b>",
            "{}：<br>" if tag == "p" else "{}：",
            "{}——",
            "{}=",
        )
    ).replace("：", shape.colon())
    return (
        "<div>" + "".join(f"<{tag}>{mark.format(label)}{value}</{tag}>" for label, value in pairs) + "</div>"
    )


def _definitions(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in pairs) + "</dl>"


def _inline(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    gap = shape.rng.choice((" ", "&nbsp;&nbsp;", "　|　", "<br>", "；"))
    colon = shape.colon()
    return "<p>" + gap.join(f"{label}{colon}{shape.around(value)}" for label, value in pairs) + "</p>"


def _boxes(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    return "<div>" + "".join(f"<i>{label}</i><b>{value}</b>" for label, value in pairs) + "</div>"


def _two_columns(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    names, told = (
        "".join(f"<p>{label}：</p>" for label, _ in pairs),
        "".join(f"<p>{value}</p>" for _, value in pairs),
    )
    return f"<div><div>{names}</div><div>{told}</div></div>"


def _slots(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    """Labels in <label>, values in boxes or in fields that only show them."""
    slot = shape.rng.choice(
        (
            "<span>{}</span>",
            "<div>{}</div>",
            "<input readonly value='{}'>",
            "<input disabled type=text value='{}'>",
        )
    )
    rows = (f"<div><label>{label}{shape.colon()}</label>{slot.format(value)}</div>" for label, value in pairs)
    return "".join(rows)


def _attributes(shape: Shuffled, pairs: list[tuple[str, str]]) -> str:
    """Labels that only attributes tell."""
    name = shape.rng.choice(("title", "data-label", "data-th"))
    plain = [re.sub("<[^>]*>", "", label) for label, _ in pairs]
    cells = (f'<td {name}="{label}">{value}</td>' for label, (_, value) in zip(plain, pairs, strict=True))
    return f"<table><tr>{''.join(cells)}</tr></table>"


MARKUPS = (
    _rows, _same_cell, _spacers, _columns, _items, _definitions, _inline, _boxes, _two_columns, _slots, _attributes,
)  # fmt: skip
_TOKEN = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)
_WIDE = str.maketrans("（）()", "()()")


def plain(text: str) -> str:
    """A text without what the shuffling changes."""
    return "".join(compact(text).translate(_WIDE).replace("\u200b", "").split())


def essence(document: Document) -> dict[str, Any]:
    """What must not depend on the markup."""
    report = parse(document)
    tables = report.tables
    numbers: dict[str, object] = {
        f"{row.key}.{key}": cell.value
        for table in (tables.proactive_disclosure, tables.applications)
        for row in table or ()
        for key, cell in row.cells.items()
    }
    numbers |= {key: cell.value for key, cell in (tables.review_litigation or {}).items()}
    return {
        "title": document.title,
        "metadata": {m.field: m.value for m in document.metadata},
        "dates": sorted((c.kind.value, c.lo.isoformat(), c.source) for c in document.dates),
        "index_number": document.index_number and document.index_number.canonical,
        "publisher": document.publisher and document.publisher.name,
        "paragraphs": [plain(b.plain) for b in document.blocks if isinstance(b, Paragraph)],
        "grids": [
            [[cell and plain(cell.plain) for cell in row] for row in b.rows]
            for b in document.blocks
            if isinstance(b, Grid)
        ],
        "findings": sorted({f.code for f in report.findings}),
        "kind": (report.kind.value, report.report_year, report.publish_date),
        "sections": [(section.key, plain(section.text)) for section in report.sections],
        "numbers": numbers,
    }


def expected(drawing: Drawing) -> dict[str, Any]:
    """The same, told without reading a page."""
    grids = [html_grid(rows) for rows in (drawing.two, drawing.three, drawing.four)]
    return {
        "title": TITLE,
        "metadata": VALUES,
        "dates": [("published", "2025-01-13", "metadata_row"), ("written", "2025-01-02", "metadata_row")],
        "index_number": VALUES["index_number"],
        "publisher": VALUES["publisher"],
        "paragraphs": [plain(text) for text in TEXTS if not text.isascii()],
        "grids": [[[cell and plain(cell.text) for cell in row] for row in grid.rows] for grid in grids],
        "numbers": {key.partition(".")[2]: value for key, value in drawing.truth.items()},
    }


WANTED = expected(DRAWING)
FIRST = essence(read_html(Shuffled(random.Random(0)).page()))


def check(seed: int) -> None:
    found = essence(read_html(Shuffled(random.Random(seed)).page()))
    for name, wanted in WANTED.items():
        assert found[name] == wanted, name
    for name in ("findings", "kind", "sections"):
        assert found[name] == FIRST[name], name


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_any_shuffling_gives_the_same_document(seed: int) -> None:
    check(seed)


@pytest.mark.parametrize("seed", range(3))
def test_shuffles_differ(seed: int) -> None:
    assert Shuffled(random.Random(seed)).page() != Shuffled(random.Random(seed + 1)).page()
