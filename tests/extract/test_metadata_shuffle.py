"""One logical block in any order, spelling, spacing and markup gives the same metadata."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.data_tables import labels
from tests.extract.pages import read_html, texts

VALUES = {
    "index_number": "014437529/2025-00007",
    "publisher": "示例县示例镇人民政府",
    "published": "2025-01-13",
    "written": "2025-01-02",
    "document_number": "示政发〔2025〕3号",
    "theme": "政府信息公开年报",
    "validity": "有效",
    "name": "示例县示例镇2024年政府信息公开工作年度报告",
}
SPELLINGS = {field: labels().strong.get(field) or labels().weak[field] for field in VALUES}
BLANKS = ["", " ", "&nbsp;", "&nbsp;&nbsp;", "　", "\u200b", "<!-- x -->", "</span><span>"]
BODY = f"<div class='TRS_Editor'><p>{'正文文字' * 30}</p></div>"


@st.composite
def blocks(draw: st.DrawFn) -> str:
    fields = draw(st.permutations(list(VALUES)))
    pairs = []
    for field in fields:
        blank = draw(st.sampled_from(BLANKS))
        label = f"<span>{blank.join(draw(st.sampled_from(SPELLINGS[field])))}</span>"
        pairs.append((label, VALUES[field]))
    return draw(st.sampled_from(MARKUPS))(pairs, draw)


def _rows(pairs: list[tuple[str, str]], draw: st.DrawFn) -> str:
    """Two or three pairs a row; the colon inside the label, after it, or nowhere."""
    per_row = draw(st.sampled_from([1, 2, 3]))
    colon = draw(st.sampled_from(["", "：", ":"]))
    cells = [f"<td class=t>{label}{colon}</td><td>{value}</td>" for label, value in pairs]
    rows = ["".join(cells[i : i + per_row]) for i in range(0, len(cells), per_row)]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _columns(pairs: list[tuple[str, str]], draw: st.DrawFn) -> str:
    """Labels in one row, values below."""
    heads = "".join(f"<th>{label}</th>" for label, _ in pairs)
    return (
        f"<table><tr>{heads}</tr><tr>" + "".join(f"<td>{value}</td>" for _, value in pairs) + "</tr></table>"
    )


def _items(pairs: list[tuple[str, str]], draw: st.DrawFn) -> str:
    tag, inner = draw(st.sampled_from([("li", "font"), ("p", "em"), ("div", "span"), ("dd", "b")]))
    return (
        "<div>"
        + "".join(f"<{tag}>{label}：<{inner}>{value}</{inner}></{tag}>" for label, value in pairs)
        + "</div>"
    )


def _definitions(pairs: list[tuple[str, str]], draw: st.DrawFn) -> str:
    return "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in pairs) + "</dl>"


def _inline(pairs: list[tuple[str, str]], draw: st.DrawFn) -> str:
    gap = draw(st.sampled_from([" ", "&nbsp;&nbsp;", "　|　", "<br>", "；"]))
    return "<p>" + gap.join(f"{label}：{value}" for label, value in pairs) + "</p>"


def _spans(pairs: list[tuple[str, str]], draw: st.DrawFn) -> str:
    return "<div>" + "".join(f"<i>{label}</i><b>{value}</b>" for label, value in pairs) + "</div>"


MARKUPS = [_rows, _columns, _items, _definitions, _inline, _spans]


@settings(max_examples=80, deadline=None)
@given(block=blocks())
def test_one_block_in_any_markup(block: str) -> None:
    document = read_html(block + BODY)
    assert {m.field: m.value for m in document.metadata} == VALUES
    assert document.title == VALUES["name"]
    assert texts(document) == ["正文文字" * 30]
    assert not [finding for finding in document.findings if finding.code == "unknown_label"]
