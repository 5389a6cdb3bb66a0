"""One drawn table in the forms in which pages and files print it, beside those of tests/parser/layouts.py."""

from __future__ import annotations

import html
from collections.abc import Sequence

from tests.parser.drawing import Drawn, DrawnRow, html_grid
from tests.parser.layouts import HTML, TEXT, Layout

PAGES: dict[str, Layout] = dict(HTML)
TEXTS: dict[str, Layout] = dict(TEXT)


def _page(layout: Layout) -> Layout:
    PAGES[layout.__name__] = layout
    return layout


def _text(layout: Layout) -> Layout:
    TEXTS[layout.__name__] = layout
    return layout


def _cell(cell: Drawn, inner: str = "{}") -> str:
    spans = "".join(
        f' {name}="{span}"'
        for name, span in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
        if span > 1
    )
    return f"<td{spans}>{inner.format(html.escape(cell.text) or '&nbsp;')}</td>"


def _rows(rows: Sequence[DrawnRow], inner: str = "{}") -> list[str]:
    return [f"<tr>{''.join(_cell(cell, inner) for cell in row)}</tr>" for row in rows]


def _ends(rows: Sequence[DrawnRow]) -> list[int]:
    """Rows before which no cell reaches over: where a table may be split."""
    reach, found = 0, []
    for at, row in enumerate(rows):
        if at and at >= reach:
            found.append(at)
        reach = max([reach, *(at + cell.rowspan for cell in row)])
    return found


@_page
def table(rows: Sequence[DrawnRow]) -> str:
    """A plain <table>."""
    return f"<table border=1>{''.join(_rows(rows))}</table>"


@_page
def in_layout_table(rows: Sequence[DrawnRow]) -> str:
    """Inside a form inside a table that only places it."""
    return f"<table width=900><tr><td><form action='#'><div>{table(rows)}</div></form></td></tr></table>"


@_page
def form_between(rows: Sequence[DrawnRow]) -> str:
    """A form between the table and its rows, end tags left out."""
    inner = "".join(_rows(rows)).replace("</td>", "").replace("</tr>", "")
    return f"<table><form name=f>{inner}</form></table>"


@_page
def word(rows: Sequence[DrawnRow]) -> str:
    """Pasted from Word: a paragraph and spans in each cell, its own tags, a row that only sets widths."""
    inner = (
        "<p class=MsoNormal align=center style='mso-pagination:widow-orphan;line-height:150%'>"
        "<span lang=EN-US style='font-size:10.5pt;mso-bidi-font-family:宋体'>{}<o:p></o:p></span></p>"
    )
    lines = [
        row.replace("<tr>", "<tr style='mso-yfti-irow:1;page-break-inside:avoid'>")
        for row in _rows(rows, inner)
    ]
    widths = "".join("<td style='border:none' width=0></td>" for _ in range(html_grid(rows).n_columns))
    last = f"<![if !supportMisalignedColumns]><tr height=0>{widths}</tr><![endif]>"
    return (
        "<div align=center><!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]-->"
        f"<table class=MsoNormalTable style='mso-table-layout-alt:fixed'>{''.join(lines)}{last}</table></div>"
    )


@_page
def digits_apart(rows: Sequence[DrawnRow]) -> str:
    """A tag around every character, as some editors leave it."""
    split = [
        [Drawn(cell.text, cell.colspan, cell.rowspan, cell.shows, cell.role) for cell in row] for row in rows
    ]
    lines = []
    for row in split:
        cells = []
        for cell in row:
            drawn = "".join(f"<span>{html.escape(char)}</span>" for char in cell.text)
            cells.append(_cell(Drawn("", cell.colspan, cell.rowspan)).replace("&nbsp;", drawn or "&nbsp;"))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


@_page
def split_tables(rows: Sequence[DrawnRow]) -> str:
    """Two tables where one was, as a page break leaves it."""
    ends = [at for at in _ends(rows) if at > 3]
    if not ends:
        return table(rows)
    at = ends[len(ends) // 2]
    return table(rows[:at]) + "<p>&nbsp;</p>" + table(rows[at:])


@_page
def head_repeated(rows: Sequence[DrawnRow]) -> str:
    """The head printed again on the next page."""
    head = [row for row in rows[:4] if all(cell.role == "head" for cell in row)]
    ends = [at for at in _ends(rows) if at > len(head) + 1]
    if not head or not ends:
        return table(rows)
    at = ends[len(ends) // 2]
    return table([*rows[:at], *head, *rows[at:]])


@_page
def css_table(rows: Sequence[DrawnRow]) -> str:
    """<div>s that a style makes a table."""
    lines = []
    for row in rows:
        cells = "".join(f'<div style="display:table-cell">{html.escape(cell.text)}</div>' for cell in row)
        lines.append(f'<div style="display:table-row">{cells}</div>')
    return f'<div style="display:table">{"".join(lines)}</div>'


@_page
def spans_and_breaks(rows: Sequence[DrawnRow]) -> str:
    """A <span> for each cell, a <br> at the end of each row."""
    lines = ("&nbsp;&nbsp;".join(f"<span>{html.escape(cell.text)}</span>" for cell in row) for row in rows)
    return f"<p>{'<br>'.join(lines)}</p>"


@_page
def spans_alone(rows: Sequence[DrawnRow]) -> str:
    """A <span> for each cell with nothing between, a paragraph for each row."""
    lines = ("".join(f"<span class=c>{html.escape(cell.text)}</span>" for cell in row) for row in rows)
    return "".join(f"<p>{line}</p>" for line in lines)


@_page
def blanks_between(rows: Sequence[DrawnRow]) -> str:
    """Blanks that HTML keeps between the cells of a row, a <br> at its end."""
    return f"<div>{'<br>'.join('　　'.join(html.escape(cell.text) for cell in row) for row in rows)}</div>"


@_page
def breaks(rows: Sequence[DrawnRow]) -> str:
    """A <br> behind each cell."""
    return f"<p>{'<br>'.join(html.escape(cell.text) for row in rows for cell in row)}</p>"


@_page
def preformatted(rows: Sequence[DrawnRow]) -> str:
    """Markdown inside <pre>."""
    return f"<pre>{html.escape(markdown(rows))}</pre>"


def _places(rows: Sequence[DrawnRow]) -> list[list[str]]:
    """The text of each cell at its first place, blanks at the others that it covers."""
    spread = html_grid(rows).rows
    return [
        [
            cell.text if (cell.row, cell.column) == (at, column) else ""
            for column, cell in enumerate(row)
            if cell is not None
        ]
        for at, row in enumerate(spread)
    ]


@_text
def markdown(rows: Sequence[DrawnRow]) -> str:
    """A row a line between pipes, a rule below the first."""
    lines = [f"| {' | '.join(texts)} |" for texts in _places(rows)]
    rule = "|" + " --- |" * len(_places(rows)[0])
    return "\n".join([lines[0], rule, *lines[1:]])


@_text
def pipes(rows: Sequence[DrawnRow]) -> str:
    """A row a line, no blanks for places that a span covers."""
    return "\n".join(" | ".join(cell.text for cell in row) + " |" for row in rows)


@_text
def tabs(rows: Sequence[DrawnRow]) -> str:
    """A row a line, tabs between, a tab for each place that a span covers."""
    return "\n".join("\t".join(texts) for texts in _places(rows))


@_text
def tabs_bare(rows: Sequence[DrawnRow]) -> str:
    """A row a line, a tab between two cells."""
    return "\n".join("\t".join(cell.text for cell in row) for row in rows)


@_text
def padded(rows: Sequence[DrawnRow]) -> str:
    """Columns padded with blanks to their width, as printed by a terminal."""
    places = _places(rows)
    columns = range(max(map(len, places)))
    widths = [max(_width(row[at]) for row in places if at < len(row)) + 2 for at in columns]
    return "\n".join(
        "".join(
            text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=False)
        ).rstrip()
        for row in places
    )


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
