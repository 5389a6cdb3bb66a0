"""Makes the PDF of the paged seed report: the same words and numbers, drawn as a county would print them.

    python tools/make_seed_pdf.py tests/seeds/004_3939e620a62260ff.txt tests/portals/files/seed_004.pdf

All text comes from the seed; this file only says where each piece stands: which lines end a page, which
cells are merged, and that one row lacks a cell (its label is drawn over the first number's place). The font
is WenQuanYi Zen Hei (Debian package fonts-wqy-zenhei; GPL-2 with the font embedding exception, so a PDF
that embeds it is not covered by the GPL); only the glyphs that are used are embedded. Same seed, font and
fpdf2: same bytes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TextMode

FONT = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
LEFT, TOP, RIGHT, BOTTOM = 76.5, 84.0, 518.5, 770.0  # points; 28 characters of 16 pt to the line
BODY, LEADING = 16.0, 28.0
SMALL, SMALL_LEADING = 8.0, 11.0
MARK = "\uffff"  # stands for ** while lines are broken
NEVER_FIRST = "，。、；：）)》”"  # a line does not begin with these


@dataclass(frozen=True)
class Drawn:
    """One cell: its text and the places it covers."""

    text: str
    column: int
    colspan: int = 1
    rowspan: int = 1
    align: str = "C"


Row = Sequence[Drawn]


def wrap(pdf: FPDF, text: str, width: float, first_indent: float = 0.0) -> list[str]:
    """Break Chinese text into lines of at most `width` points; `\\n` breaks always."""
    lines: list[str] = []
    for piece in text.split("\n"):
        line, room = "", width - first_indent
        for character in piece:
            if pdf.get_string_width(line + character) > room + 0.01:
                carry = line[-1] if character in NEVER_FIRST else ""
                lines.append(line[: len(line) - len(carry)])
                line, room = carry, width
            line += character
        lines.append(line)
        first_indent = 0.0
    return lines


class Sheet:
    """A4 pages with running text, ruled tables and page numbers."""

    def __init__(self, font: Path) -> None:
        self.pdf = FPDF(unit="pt", format="A4")
        self.pdf.set_creation_date(datetime(2025, 1, 20, 9, 0, tzinfo=UTC))
        self.pdf.set_auto_page_break(False)
        self.pdf.add_font("zenhei", fname=font, collection_font_number=0)
        self.pdf.set_line_width(0.5)
        self.new_page()

    def new_page(self) -> None:
        self.pdf.add_page()
        self.pdf.set_font("zenhei", size=12)
        number = f"— {self.pdf.page_no()} —"
        self.pdf.text(LEFT + (RIGHT - LEFT - self.pdf.get_string_width(number)) / 2, 806, number)
        self.y = TOP

    def _line(self, x: float, text: str, *, bold: bool) -> bool:
        """One line of text; `**` switches bold on and off. Returns the state at its end."""
        for at, piece in enumerate(text.split("**")):
            if at:
                bold = not bold
            with self.pdf.local_context(text_mode=TextMode.FILL_STROKE if bold else TextMode.FILL):
                self.pdf.text(x, self.y + BODY * 0.88, piece)
            x += self.pdf.get_string_width(piece)
        return bold

    def paragraph(self, text: str, *, indent: bool = True) -> None:
        self.pdf.set_font("zenhei", size=BODY)
        first = 2 * BODY if indent else 0.0
        marks = text.replace("**", MARK)
        bold = False
        for at, line in enumerate(wrap(self.pdf, marks.replace(MARK, ""), RIGHT - LEFT, first)):
            if self.y + LEADING > BOTTOM:
                self.new_page()
                self.pdf.set_font("zenhei", size=BODY)
            marked, marks = take(marks, len(line))
            bold = self._line(LEFT + (first if at == 0 else 0.0), marked.replace(MARK, "**"), bold=bold)
            self.y += LEADING

    def title(self, text: str) -> None:
        self.pdf.set_font("zenhei", size=17)
        width = self.pdf.get_string_width(text)
        self.pdf.text(LEFT + (RIGHT - LEFT - width) / 2, self.y + 17, text)
        self.y += 2 * LEADING

    def table(self, widths: Sequence[float], rows: Sequence[Row]) -> None:
        """A ruled table; a row that does not fit whole is an error of the layout, not a page break."""
        self.pdf.set_font("zenhei", size=SMALL)
        xs = [LEFT]
        for width in widths:
            xs.append(xs[-1] + width)
        ys = [self.y]
        for row in rows:
            lines = max(len(self._cell_lines(xs, cell)) for cell in row if cell.rowspan == 1)
            ys.append(ys[-1] + max(1, lines) * SMALL_LEADING + 6)
        if ys[-1] > BOTTOM:
            raise SystemExit(f"page {self.pdf.page_no()}: the table part does not fit")
        for top, row in zip(range(len(rows)), rows, strict=True):
            for cell in row:
                self._cell(xs, ys[top], ys[top + cell.rowspan], cell)
        self.y = ys[-1] + 12

    def _cell_lines(self, xs: Sequence[float], cell: Drawn) -> list[str]:
        return wrap(self.pdf, cell.text, xs[cell.column + cell.colspan] - xs[cell.column] - 4)

    def _cell(self, xs: Sequence[float], top: float, bottom: float, cell: Drawn) -> None:
        left, right = xs[cell.column], xs[cell.column + cell.colspan]
        self.pdf.rect(left, top, right - left, bottom - top)
        lines = self._cell_lines(xs, cell)
        y = top + (bottom - top - len(lines) * SMALL_LEADING) / 2 + SMALL
        for line in lines:
            free = right - left - self.pdf.get_string_width(line)
            self.pdf.text(left + (free / 2 if cell.align == "C" else 2), y, line)
            y += SMALL_LEADING


def take(marked: str, count: int) -> tuple[str, str]:
    """Split after `count` characters that are not marks; marks at the cut stay with the rest."""
    end = 0
    while count:
        count -= marked[end] != MARK
        end += 1
    return marked[:end], marked[end:]


def numbers(cells: Iterable[str], first: int) -> list[Drawn]:
    return [Drawn(text, first + at) for at, text in enumerate(cells)]


def broken(text: str) -> str:
    """A label of two lines: the seed's blank stands where the line ended."""
    return text.replace(" ", "\n")


class Seed:
    """The seed's lines, 1-based, and its cells."""

    def __init__(self, path: Path) -> None:
        self.lines = ["", *path.read_text(encoding="utf-8").split("\n")]

    def cells(self, line: int) -> list[str]:
        return self.lines[line].split("\t")


def proactive_rows(seed: Seed) -> list[Row]:
    rows: list[Row] = []
    for line in range(43, 56):
        texts = [text for text in seed.cells(line) if text]
        if len(texts) == 1:  # an item's heading over the whole width
            rows.append([Drawn(texts[0], 0, colspan=4)])
        elif len(texts) == 2:
            rows.append([Drawn(texts[0], 0), Drawn(texts[1], 1, colspan=3)])
        else:
            rows.append(numbers(texts, 0))
    return rows


APPLICATION_WIDTHS = (26.0, 40.0, 154.0, *(31.7,) * 7)


def application_head(seed: Seed) -> list[Row]:
    top, middle, low = seed.cells(59), seed.cells(60), seed.cells(61)
    rows: list[Row] = [
        [Drawn(top[0], 0, colspan=3, rowspan=3), Drawn(top[1], 3, colspan=7)],
        [
            Drawn(middle[1], 3, rowspan=2),
            Drawn(middle[2], 4, colspan=5),
            Drawn(middle[7], 9, rowspan=2),
        ],
        numbers(low[2:7], 4),
    ]
    for line in (62, 63):
        label, *values = seed.cells(line)
        rows.append([Drawn(label, 0, colspan=3, align="L"), *numbers(values, 3)])
    group, label, *values = seed.cells(64)
    # Six numbers: the label is drawn over the place of the first.
    rows.append([Drawn(group, 0), Drawn(label, 1, colspan=3, align="L"), *numbers(values, 4)])
    return rows


def application_middle(seed: Seed) -> list[Row]:
    lines = range(66, 85)
    starts = [line for line in lines if seed.cells(line)[1]]
    rows: list[Row] = []
    for line in lines:
        group, subgroup, label, *values = seed.cells(line)
        row = [Drawn(broken(group), 0, rowspan=len(lines))] if line == lines[0] else []
        if line in starts and not label:
            row.append(Drawn(subgroup, 1, colspan=2, align="L"))
        else:
            if line in starts:
                end = next((other for other in starts if other > line), lines.stop)
                row.append(Drawn(broken(subgroup), 1, rowspan=end - line))
            row.append(Drawn(label, 2, align="L"))
        rows.append([*row, *numbers(values, 3)])
    return rows


def application_end(seed: Seed) -> list[Row]:
    """The last page: nine columns, the labels one to the left, the cut label first and without numbers."""
    _, cut, *blanks = seed.cells(86)
    cut += "\n" + seed.cells(87)[1]
    rows: list[Row] = [[Drawn("", 0, rowspan=3), Drawn(cut, 1, align="L"), *numbers(blanks, 2)]]
    for line in (88, 89):
        _, label, *values = seed.cells(line)
        rows.append([Drawn(label, 1, align="L"), *numbers(values, 2)])
    label, _, *values = seed.cells(90)
    rows.append([Drawn(label, 0, colspan=2, align="L"), *numbers(values, 2)])
    return rows


def review_rows(seed: Seed) -> list[Row]:
    top, middle, upper, lower = (seed.cells(line) for line in (94, 95, 96, 97))
    heads: list[Drawn] = [Drawn(broken(text), at, rowspan=3) for at, text in enumerate(middle[:5])]
    heads += [Drawn(middle[5], 5, colspan=5), Drawn(middle[10], 10, colspan=5)]
    totals = (9, 14)
    return [
        [Drawn(top[0], 0, colspan=5), Drawn(top[5], 5, colspan=10)],
        heads,
        [Drawn(upper[at], at, rowspan=2 if at in totals else 1) for at in range(5, 15)],
        [Drawn(lower[at], at) for at in range(5, 15) if at not in totals],
        numbers(seed.cells(98), 0),
    ]


def text_lines(sheet: Sheet, seed: Seed, first: int, last: int) -> None:
    for line in range(first, last + 1):
        if seed.lines[line]:
            sheet.paragraph(seed.lines[line])


def draw(seed: Seed, sheet: Sheet) -> None:
    """The seed's order; a new page where the seed cuts a sentence, a label or a row."""
    sheet.title(seed.lines[3])
    text_lines(sheet, seed, 5, 21)
    sheet.new_page()  # cuts the sentence of line 21
    sheet.paragraph(seed.lines[23], indent=False)
    text_lines(sheet, seed, 24, 37)
    text_lines(sheet, seed, 39, 41)
    sheet.table((130.0, 104.0, 104.0, 104.0), proactive_rows(seed))
    text_lines(sheet, seed, 57, 57)
    sheet.table(APPLICATION_WIDTHS, application_head(seed))
    sheet.new_page()  # cuts the label of line 64
    sheet.table(APPLICATION_WIDTHS, application_middle(seed))
    sheet.new_page()  # cuts the row of line 84
    group, subgroup, label, *others = APPLICATION_WIDTHS
    sheet.table((group, subgroup + label, *others), application_end(seed))
    text_lines(sheet, seed, 92, 92)
    sheet.table((29.4,) * 15, review_rows(seed))
    text_lines(sheet, seed, 100, len(seed.lines) - 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("seed", type=Path)
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--font", type=Path, default=FONT)
    options = parser.parse_args()
    sheet = Sheet(options.font)
    draw(Seed(options.seed), sheet)
    sheet.pdf.output(str(options.pdf))
    print(f"{options.pdf}: {sheet.pdf.page_no()} pages, {options.pdf.stat().st_size} bytes")


if __name__ == "__main__":
    main()
