"""Writes drawn tables as converters flatten them: one cell a line, or a span written out for each place.

Each layout turns the rows of one drawn table into text; `page` and `sheet` put three of them into a report.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

from tests.parser.drawing import Drawing, DrawnRow, html_grid

Layout = Callable[[Sequence[DrawnRow]], str]
TEXT: dict[str, Layout] = {}
HTML: dict[str, Layout] = {}


def _text(layout: Layout) -> Layout:
    TEXT[layout.__name__] = layout
    return layout


def _html(layout: Layout) -> Layout:
    HTML[layout.__name__] = layout
    return layout


def _texts(rows: Sequence[DrawnRow]) -> list[str]:
    return [drawn.text for row in rows for drawn in row]


def _places(rows: Sequence[DrawnRow], *, filled: bool) -> list[list[str]]:
    """The text at each place, copies where a cell spans; `filled`: blanks behind short rows."""
    spread = html_grid(rows).rows
    return [
        [cell.text if cell is not None else "" for cell in row if filled or cell is not None]
        for row in spread
    ]


@_text
def marked_padded(rows: Sequence[DrawnRow]) -> str:
    """A lone pipe opens a row, the padding stands behind its last cell."""
    lines: list[str] = []
    for row in rows:
        padding = "|" * sum(drawn.colspan - 1 for drawn in row)
        lines += ["|", *(f"{drawn.text} |" for drawn in row)]
        lines[-1] += padding
    return "\n".join(lines)


@_text
def piped(rows: Sequence[DrawnRow]) -> str:
    """Each cell a line that ends with a pipe; the padding stands behind the row's last cell."""
    lines: list[str] = []
    for row in rows:
        lines += [f"{drawn.text} |" for drawn in row]
        lines[-1] += " |" * sum(drawn.colspan - 1 for drawn in row)
    return "\n".join(lines)


@_text
def piped_bare(rows: Sequence[DrawnRow]) -> str:
    """The same without padding."""
    return "\n".join(f"{text} |" for text in _texts(rows))


@_text
def lines(rows: Sequence[DrawnRow]) -> str:
    """Each cell a line; blank cells are gone."""
    return "\n".join(_texts(rows))


@_text
def lines_apart(rows: Sequence[DrawnRow]) -> str:
    """Each cell a line, blank lines between."""
    return "\n\n".join(_texts(rows))


@_text
def written_out(rows: Sequence[DrawnRow]) -> str:
    """A row a line, the text of a spanning cell at each place that it covers."""
    return "\n".join(f"| {' | '.join(texts)} |" for texts in _places(rows, filled=True))


@_text
def lines_written_out(rows: Sequence[DrawnRow]) -> str:
    """A cell a line, labels and heads as often as they cover columns of their row."""
    texts = [drawn.text for row in rows for drawn in row for _ in range(1 if drawn.shows else drawn.colspan)]
    return "\n".join(texts)


@_html
def paragraphs(rows: Sequence[DrawnRow]) -> str:
    """A <p> for each cell."""
    return "".join(f"<p>{html.escape(text) or '&nbsp;'}</p>" for text in _texts(rows))


@_html
def boxes(rows: Sequence[DrawnRow]) -> str:
    """<div>s for rows and cells."""
    inner = ("".join(f"<div>{html.escape(drawn.text)}</div>" for drawn in row) for row in rows)
    return f"<div>{''.join(f'<div>{row}</div>' for row in inner)}</div>"


@_html
def copied(rows: Sequence[DrawnRow]) -> str:
    """A <table> without spans, the text of a spanning cell at each place that it covers."""
    inner = (
        "".join(f"<td>{html.escape(text)}</td>" for text in texts) for texts in _places(rows, filled=False)
    )
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in inner)}</table>"


def _parts(drawing: Drawing) -> tuple[int, list[tuple[str, list[list[DrawnRow]]]]]:
    year = 2024 if drawing.version == "v2021" else 2020
    return year, [
        ("二、主动公开政府信息情况", [drawing.two]),
        ("三、收到和处理政府信息公开申请情况", [drawing.three]),
        ("四、政府信息公开行政复议、行政诉讼情况", [drawing.four, *drawing.extra]),
    ]


def sheet(drawing: Drawing, layout: str, *, forms: Mapping[str, Layout] = TEXT) -> str:
    """A report as a text file."""
    year, parts = _parts(drawing)
    tables = "\n".join(f"{heading}\n{chr(10).join(map(forms[layout], rows))}" for heading, rows in parts)
    return (
        f"示例镇{year}年政府信息公开工作年度报告\n一、总体情况\n{year}年，本机关认真开展政府信息公开工作。\n"
        f"{tables}\n五、存在的主要问题及改进情况\n问题是队伍建设有待加强，改进措施是加强培训。\n"
        "六、其他需要报告的事项\n无。\n"
    )


def page(
    drawing: Drawing,
    layout: str,
    *,
    frame: str = '<div class="TRS_Editor">{}</div>',
    forms: Mapping[str, Layout] = HTML,
) -> str:
    """A report as a page, its body inside `frame`."""
    year, parts = _parts(drawing)
    title = f"示例镇{year}年政府信息公开工作年度报告"
    tables = "".join(f"<p>{heading}</p>{''.join(map(forms[layout], rows))}" for heading, rows in parts)
    body = (
        f"<p>一、总体情况</p><p>{year}年，本机关认真开展政府信息公开工作。</p>{tables}"
        "<p>五、存在的主要问题及改进情况</p><p>问题是队伍建设有待加强，改进措施是加强培训。</p>"
        "<p>六、其他需要报告的事项</p><p>无。</p>"
    )
    menu = "".join(f'<li><a href="/{n}/">栏目{n}</a></li>' for n in range(12))
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><ul>{menu}</ul>'
        f'<h1>{title}</h1><div class="info">发布日期：{year + 1}-01-15 来源：示例镇 浏览次数：12</div>'
        f"{frame.format(body)}</body></html>"
    )
