"""A report as .docx: the smallest package that Word opens, with gridSpan and vMerge (portals.md §9)."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from tests.portals.tables import Block, Drawn, Para, Table

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>'
    ),
}


def docx(blocks: list[Block]) -> bytes:
    """The package; the same blocks give the same bytes."""
    body = "".join(_paragraph(b.text) if isinstance(b, Para) else _table(b) for b in blocks)
    document = f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {**PARTS, "word/document.xml": document}.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            package.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return packed.getvalue()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _table(table: Table) -> str:
    width = sum(cell.colspan for cell in table.rows[0])
    grid = '<w:gridCol w:w="900"/>' * width
    rows = "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in _rows(table, width))
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _rows(table: Table, width: int) -> list[list[str]]:
    """A cell that spans rows is drawn again in each, as a continued vMerge."""
    held: dict[int, tuple[Drawn, int]] = {}  # column -> the cell from above, rows left
    drawn = []
    for row in table.rows:
        waiting, cells, column = list(row), [], 0
        while column < width:
            if column in held:
                cell, left = held.pop(column)
                if left > 1:
                    held[column] = (cell, left - 1)
                cells.append(_cell("", cell.colspan, "<w:vMerge/>"))
            else:
                cell = waiting.pop(0)
                merge = '<w:vMerge w:val="restart"/>' if cell.rowspan > 1 else ""
                if cell.rowspan > 1:
                    held[column] = (cell, cell.rowspan - 1)
                cells.append(_cell(cell.text, cell.colspan, merge))
            column += cell.colspan
        drawn.append(cells)
    return drawn


def _cell(text: str, colspan: int, merge: str) -> str:
    span = f'<w:gridSpan w:val="{colspan}"/>' if colspan > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_paragraph(text)}</w:tc>"
