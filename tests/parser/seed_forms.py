"""The seeds as other kinds of files: their paragraphs and table rows as a page or a Word document."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable, Sequence

from parser.document import Block, Document, Grid

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)


def as_page(document: Document) -> tuple[bytes, str]:
    """A <p> a paragraph, a <td> a cell, and what the text says above its title in a box of its own."""
    body = _drawn(document.blocks, "<p>{}</p>", "<td>{}</td>", "<tr>{}</tr>", "<table>{}</table>")
    info = "".join(f"<span>{html.escape(line)}</span>" for line in _labelled(document))
    page = (
        f'<html><head><meta charset="utf-8"><title>{document.title or ""}</title></head><body>'
        f'<div class="info">{info}</div><div class="TRS_Editor">{body}</div></body></html>'
    )
    return page.encode(), "seed.html"


def as_word(document: Document) -> tuple[bytes, str]:
    """The same as a .docx without any spans."""
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    head = "".join(paragraph.format(html.escape(line)) for line in _labelled(document))
    body = _drawn(
        document.blocks, paragraph, f"<w:tc>{paragraph}</w:tc>", "<w:tr>{}</w:tr>", "<w:tbl>{}</w:tbl>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("_rels/.rels", RELATIONS)
        package.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{head}{body}</w:body></w:document>'
        )
    return out.getvalue(), "seed.docx"


FORMS: dict[str, Callable[[Document], tuple[bytes, str]]] = {"html": as_page, "word": as_word}


def _labelled(document: Document) -> list[str]:
    """What the text says above its title: the seed's index number and day of publication."""
    labels = {"published": "公开日期", "index_number": "索引号"}
    found = [f"{labels[value.field]}：{value.raw}" for value in document.metadata if value.field in labels]
    days = [f"公开日期：{claim.raw}" for claim in document.dates if claim.kind == "published"]
    return list(dict.fromkeys([*found, *days]))


def _drawn(blocks: Sequence[Block], paragraph: str, cell: str, row: str, table: str) -> str:
    out = []
    for block in blocks:
        if not isinstance(block, Grid):
            out.append(paragraph.format(html.escape(block.text)))
            continue
        rows = ["" for _ in range(block.n_rows)]
        for drawn in block.cells:
            rows[drawn.row] += cell.format(html.escape(drawn.text))
        out.append(table.format("".join(row.format(cells) for cells in rows)))
    return "".join(out)
