"""The five seeds as Word files and as PDFs: by LibreOffice from Word, by Chromium from a page, ruled and not.

One run of each program prints all of them: starting it is what costs.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium

from tests.portals.printed import CSS, RULED, markup, printed
from tests.portals.seedpage import SEEDS, seed_blocks
from tests.portals.tables import Block, Drawn, Para, Table
from tests.portals.word import docx
from tools import make_seed_pdf as paged

NAMES = ("000", "001", "002", "003", "004")
FORMS = (
    f"{CSS}.ruled {RULED}.mark{{page-break-before:always;page-break-after:always}}"
    "table+table{page-break-before:always}"
)
MARK = "MARK-{}-"
WIDTHS = {4: (3000, 2000, 2000, 2000), 9: (700, 3300, *[720] * 7), 10: (700, 900, 2800, *[650] * 7)}
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def blocks(name: str) -> list[Block]:
    """A seed as text and tables. Table 三 of 004 stands in three pieces, as its pages cut it."""
    return list(seed_blocks(name)) if name != "004" else _paged_blocks()


def _paged_blocks() -> list[Block]:
    seed = paged.Seed(next(SEEDS.glob("004_*.txt")))

    def text(first: int, last: int) -> list[Block]:
        return [Para(seed.lines[at]) for at in range(first, last + 1) if seed.lines[at]]

    def table(rows: list[paged.Row]) -> Table:
        drawn = (tuple(Drawn(c.text.replace("\n", ""), c.rowspan, c.colspan) for c in row) for row in rows)
        return Table(tuple(drawn))

    before, after = text(3, 20), text(24, 41)
    cut: list[Block] = [Para(seed.lines[21] + seed.lines[23])]  # the sentence that a page break cuts
    applications = (paged.application_head, paged.application_middle, paged.application_end)
    return [
        *before,
        *cut,
        *after,
        table(paged.proactive_rows(seed)),
        *text(57, 57),
        *(table(part(seed)) for part in applications),
        *text(92, 92),
        table(paged.review_rows(seed)),
        *text(100, len(seed.lines) - 1),
    ]


def word(name: str, *, ruled: bool = True) -> bytes:
    """The seed as .docx with columns of its tables' widths, and borders where ruled."""
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in SIDES)
    drawn = f"<w:tblBorders>{borders}</w:tblBorders>" if ruled else ""
    made = docx(blocks(name))
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part == "word/document.xml":
                said = data.decode().replace(
                    "<w:tblPr/>", f'<w:tblPr><w:tblW w:w="9000" w:type="dxa"/>{drawn}</w:tblPr>'
                )
                data = re.sub(r"<w:tblGrid>.*?</w:tblGrid>", _columns, said).encode()
            new.writestr(part, data)
    return packed.getvalue()


def _columns(grid: re.Match[str]) -> str:
    count = grid[0].count("<w:gridCol")
    widths = WIDTHS.get(count, (9000 // count,) * count)
    return "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"


def by_libreoffice(folder: Path) -> dict[str, bytes]:
    """`000-ruled` and `000-bare` and so on: PDFs of the Word files."""
    office = shutil.which("soffice")
    assert office is not None
    made = []
    for name in NAMES:
        for form in ("ruled", "bare"):
            path = folder / f"{name}-{form}.docx"
            path.write_bytes(word(name, ruled=form == "ruled"))
            made.append(str(path))
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *made]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {Path(path).stem: Path(path).with_suffix(".pdf").read_bytes() for path in made}


def by_chromium(folder: Path) -> dict[str, bytes]:
    """The same, printed from one page and cut at the sheets that stand between them."""
    names = [f"{name}-{form}" for name in NAMES for form in ("ruled", "bare")]
    parts = [f'<p class="mark">{MARK.format(name)}</p>{_page(name)}' for name in names]
    return dict(_cut(printed("".join(parts), FORMS, folder, "seeds"), names))


def _page(name: str) -> str:
    seed, _, form = name.partition("-")
    return f'<div class="{form}">{markup(blocks(seed))}</div>'


def _cut(path: Path, names: list[str]) -> Iterator[tuple[str, bytes]]:
    document = pdfium.PdfDocument(path)
    with closing(document):
        said = [document[at].get_textpage().get_text_range() for at in range(len(document))]
        starts = [next(at for at, text in enumerate(said) if MARK.format(name) in text) for name in names]
        for name, start, end in zip(names, starts, [*starts[1:], len(document)], strict=True):
            yield name, pages_of(document, range(start + 1, end))


def pages_of(document: pdfium.PdfDocument, pages: range) -> bytes:
    """Some pages as a PDF of their own."""
    one = pdfium.PdfDocument.new()
    with closing(one):
        one.import_pages(document, list(pages))
        held = io.BytesIO()
        one.save(held)
    return held.getvalue()
