"""Plain text → blocks: paragraphs, and tables in the layouts in which text extractors flatten them.

1. one cell a line: a lone `|` opens a row, every cell ends with ` |`, a line of two or more `|` is the
   padding of spanned columns and closes the row; a single padding `|` stands right before the opening one;
   or the padding stands behind the row's last cell (`0 | ||`);
2. one row a line: cells parted by `|`, with or without a leading `|`, rule rows `---|---` left out;
3. one row a line: cells parted by tabs, broken by blank lines where the source had a page break;
4. one cell a line again, but every cell after the first begins with `|`, and a lone `|` closes the row;
5. one row a line, cells parted by runs of blanks, as printed from a page by its layout;
6. one cell a line, each ending with ` |`, and nothing between the rows: a grid with a row for each cell, a
   lone `|` being a blank one. Where rows end is for the reader of the labels to say (parser.tables.stream).

Padding is kept as empty cells. The columns of such grids are not to be trusted (parser.document.GridSource).
The compact text of the blocks equals that of the lines, rule rows apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.blocks import grid_from_rows
from parser.document import Block, Finding, GridSource, Paragraph, Severity

_RULE = r"(?::?-{3,}:?|:-+:?|-+:)"  # a row of lone dashes is data: blank cells
_RULE_ROW = re.compile(rf"^[\s|]*{_RULE}\s*(\|\s*{_RULE}\s*)*\|?\s*$")
_ONLY_PIPES = re.compile(r"^\s*\|[\s|]*$")
_HEADING = re.compile(r"^\s*[一二三四五六七八九十]+\s*[、.．]")
_TRAILING_SENTENCE = re.compile(r"[。；;!！?？]\s*$")
_NUMBER_CELL = re.compile(r"^[\d.,/\-—\s]+\|[\s|]*$")
_CELL_END = re.compile(r"\s*\|[\s|]*$")  # further pipes are the padding of a spanning cell

_NUMBER = re.compile(r"[\d.,/-]+")
_BLANK_RUN = re.compile("(?: {2,}|\u3000{2,})")

MAX_LINES = 100_000  # of a text; a report with a line per cell has two thousand
MAX_ROW = 20_000  # characters of a line that may be a table's row
MAX_ROW_CELLS = 200
MIN_SPACED = 2  # cells of a row of layout 5
MAX_SPACED_AHEAD = 8
MAX_CELL_LINES = 6  # a cell of several paragraphs spreads over at most so many lines
MAX_LABELS = 4  # cells of words before a row's numbers
MIN_SINGLE = 8  # lines of one cell, from which a run of them is no table of rows
MAX_GAP = 3  # blank lines that a page break may leave inside a table
MAX_LOOSE_ROW = 80  # characters of a continuation row that has lost its tabs

Placed = tuple[str, str]  # text, locator


@dataclass
class _Lines:
    """The file's lines with a cursor; numbers are 1-based."""

    lines: list[str]
    at: int = 0

    def peek(self, ahead: int = 0) -> str | None:
        place = self.at + ahead
        return self.lines[place] if 0 <= place < len(self.lines) else None

    @property
    def locator(self) -> str:
        return f"line {self.at + 1}"


def bounded_lines(text: str) -> tuple[str, Finding | None]:
    """The text up to the bound of lines, and what tells that it was cut."""
    if text.count("\n") <= MAX_LINES:
        return text, None
    message = f"文本超过 {MAX_LINES} 行，只读取前面部分 too many lines: only the beginning was read"
    cut = "\n".join(text.split("\n", MAX_LINES)[:MAX_LINES])
    return cut, Finding("file_overfull", Severity.WARN, message)


def split_lines(text: str) -> list[str]:
    """Lines by \\n, \\r\\n, \\r; a form feed is a page break and so an empty line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")


def read_blocks(text: str) -> list[Block]:
    """All blocks of a text file in order, locators `line N`."""
    cursor = _Lines(split_lines(text))
    blocks: list[Block] = []
    while (line := cursor.peek()) is not None:
        if not line.strip():
            cursor.at += 1
            continue
        start = cursor.locator
        rows = _rows_at(cursor, line)
        if rows:
            blocks.append(grid_from_rows(rows, GridSource.TEXT, start))
        elif _ONLY_PIPES.match(line) or (_RULE_ROW.match(line) and "|" in line):
            cursor.at += 1  # what is left of a table without words
        else:
            blocks.append(Paragraph(line.strip(), line.strip(), start))
            cursor.at += 1
    return blocks


def _rows_at(cursor: _Lines, line: str) -> list[list[Placed]]:
    """The rows of the table that begins here, the cursor moved behind it; none where no table begins."""
    if line.strip() == "|" and _opens_cell_layout(cursor):
        return _cell_per_line(cursor)
    if _leads_cells(cursor):
        return _leading_pipes(cursor)
    if _is_pipe_row(line):
        return _row_per_line(cursor)
    if _is_tab_row(line):
        return _tab_rows(cursor)
    if _is_spaced_row(line) and _spaced_table_begins(cursor):
        return _spaced_rows(cursor)
    return []


# --- layout 1: one cell a line


def _opens_cell_layout(cursor: _Lines) -> bool:
    return _cell_end(cursor, 1) is not None or (cursor.peek(1) or "").strip() == "|"


def _cell_end(cursor: _Lines, ahead: int) -> int | None:
    """How many lines ahead the cell that begins at `ahead` ends with a `|`; None if no cell begins there."""
    for more in range(MAX_CELL_LINES):
        line = cursor.peek(ahead + more)
        if line is None or _ONLY_PIPES.match(line):
            return None
        text = line.strip()
        if more and _HEADING.match(text) and not text.endswith("|"):
            return None
        if text.endswith("|"):
            return ahead + more if "|" not in _CELL_END.sub("", text) else None
        if more == 0 and (_TRAILING_SENTENCE.search(text) and len(text) > MAX_LOOSE_ROW):
            return None
    return None


def _cell_per_line(cursor: _Lines) -> list[list[Placed]]:
    rows: list[list[Placed]] = []
    row: list[Placed] | None = None
    width = 0  # of the widest row
    while (line := cursor.peek()) is not None:
        text = line.strip()
        if text and _ONLY_PIPES.match(line):
            width = max(width, len(row or ()))
            if row is None or _opens_row(cursor, row, width):
                row = _opened(rows)
            else:
                row.extend(("", cursor.locator) for _ in range(text.count("|")))
            cursor.at += 1
            continue
        end = _cell_end(cursor, 0) if row is not None and text else None
        if row is None or end is None:
            break
        parts = [part.strip() for part in cursor.lines[cursor.at : cursor.at + end + 1]]
        text = "\n".join(parts)
        row.append((_CELL_END.sub("", text), cursor.locator))
        row.extend(("", cursor.locator) for _ in range(parts[-1].count("|") - 1))
        cursor.at += end + 1
    return [row for row in rows if row]


def _opens_row(cursor: _Lines, row: list[Placed], width: int) -> bool:
    """Whether the line of pipes at the cursor opens the next row, or pads this one or is a blank cell."""
    if (cursor.peek() or "").strip() != "|":
        return False
    after = (cursor.peek(1) or "").strip()
    if row and after and not after.strip("| "):
        return False  # padding right before the opening pipe or before more padding
    words = [text for text, _ in row if text]
    if len(words) > MAX_LABELS and not any(_NUMBER.fullmatch(text) for text in words):
        return True  # the head's last row
    is_number = _NUMBER_CELL.match(after) is not None
    return not (
        row and is_number and len(row) < width
    )  # no row but a full one's successor begins with a number


def _opened(rows: list[list[Placed]]) -> list[Placed]:
    rows.append([])
    return rows[-1]


# --- layout 2: one row a line


def _is_pipe_row(line: str) -> bool:
    if len(line) > MAX_ROW or not 0 < line.count("|") <= MAX_ROW_CELLS:
        return False
    return not _ONLY_PIPES.match(line) and not _RULE_ROW.match(line)


def _row_per_line(cursor: _Lines) -> list[list[Placed]]:
    rows: list[list[Placed]] = []
    places: list[str] = []
    while (line := cursor.peek()) is not None:
        if _RULE_ROW.match(line) and "|" in line:
            cursor.at += 1
            continue
        if not (_is_pipe_row(line) or _ONLY_PIPES.match(line)):
            break
        rows.append([(text, cursor.locator) for text in _pipe_cells(line)])
        places.append(cursor.locator)
        cursor.at += 1
    return _single_cells(rows, places)


def _single_cells(rows: list[list[Placed]], places: list[str]) -> list[list[Placed]]:
    """Where a line is a cell, and nothing says where a row ends, a lone pipe is a blank cell."""
    filled = [sum(bool(text) for text, _ in row) for row in rows]
    if filled.count(1) < MIN_SINGLE or filled.count(1) < sum(map(bool, filled)) * 0.9:
        return rows
    return [row or [("", place)] for row, place in zip(rows, places, strict=True)]


def _pipe_cells(line: str) -> list[str]:
    parts = [part.strip() for part in line.strip().split("|")]
    if parts and line.lstrip().startswith("|"):
        parts = parts[1:]
    if parts and not parts[-1]:
        parts = parts[:-1]
    return parts


# --- layout 4: one cell a line, the pipe in front


def _is_leading_cell(line: str | None) -> bool:
    text = (line or "").strip()
    return text.startswith("|") and text.count("|") == 1


def _leads_cells(cursor: _Lines) -> bool:
    """Whether the line at the cursor is the first cell of such a row."""
    line = cursor.peek() or ""
    if "|" in line or not line.strip() or len(line) > MAX_LOOSE_ROW or (cursor.peek(1) or "").strip() == "|":
        return False
    leading = [_is_leading_cell(cursor.peek(ahead)) for ahead in range(1, 5)]
    return leading[0] and sum(leading) >= 2


def _leading_pipes(cursor: _Lines) -> list[list[Placed]]:
    rows: list[list[Placed]] = []
    while (first := _first_cell(cursor)) is not None:
        row = [first]
        while (line := cursor.peek()) is not None and line.strip():
            text = line.strip().removeprefix("|").strip()
            place = cursor.locator
            cursor.at += 1
            if not _is_leading_cell(line):
                row[-1] = (f"{row[-1][0]}\n{text}", row[-1][1])  # the cell goes on
            elif text or _is_leading_cell(cursor.peek()):
                row.append((text, place))
            else:
                break
        rows.append(row)
    return rows


def _first_cell(cursor: _Lines) -> Placed | None:
    """The first cell of the next row, the cursor moved behind it; None where the table has ended."""
    for more in range(3):
        line = cursor.peek(more)
        if line is None or not line.strip() or (more == 0 and "|" in line):
            return None
        if _is_leading_cell(line):
            place = cursor.locator
            parts = [part.strip() for part in cursor.lines[cursor.at : cursor.at + more]]
            cursor.at += more
            return "\n".join(parts), place
        if _HEADING.match(line) and not _is_leading_cell(cursor.peek(more + 1)):
            return None
    return None


# --- layout 3: tabs


def _is_tab_row(line: str) -> bool:
    if len(line) > MAX_ROW or line.count("\t") > MAX_ROW_CELLS:
        return False
    return "\t" in line.strip(" \n").strip("\u3000") and bool(line.strip()) and len(line.split("\t")) > 1


def _tab_rows(cursor: _Lines) -> list[list[Placed]]:
    if not _tab_table_begins(cursor):
        return []
    rows: list[list[Placed]] = []
    while (line := cursor.peek()) is not None:
        if _is_tab_row(line) or (rows and _is_loose_row(cursor)):
            rows.append([(text.strip(), cursor.locator) for text in line.split("\t")])
            cursor.at += 1
            continue
        gap = _gap_to_next_row(cursor)
        if gap is None:
            break
        cursor.at += gap
    return rows


def _tab_table_begins(cursor: _Lines) -> bool:
    """Two tab lines near each other, or one with three cells: a lone tab in a sentence is no table."""
    line = cursor.peek() or ""
    if line.startswith("\t") and not line.strip("\t ").count("\t") and not _is_tab_row(cursor.peek(1) or ""):
        return False
    if sum(bool(part.strip()) for part in line.split("\t")) >= 3:
        return True
    return any(_is_tab_row(cursor.peek(ahead) or "") for ahead in range(1, MAX_GAP + 2))


def _is_loose_row(cursor: _Lines) -> bool:
    """A line of text alone right between two tab lines: what is left of a row that a page break cut."""
    line, before, after = cursor.peek() or "", cursor.peek(-1) or "", cursor.peek(1) or ""
    return (
        bool(line.strip())
        and len(line) <= MAX_LOOSE_ROW
        and not _HEADING.match(line)
        and _is_tab_row(before)
        and _is_tab_row(after)
    )


def _gap_to_next_row(cursor: _Lines) -> int | None:
    """Blank lines from here to the next tab line; None where something else follows."""
    for ahead in range(MAX_GAP + 1):
        line = cursor.peek(ahead)
        if line is None:
            return None
        if _is_tab_row(line):
            return ahead
        if line.strip():
            return None
    return None


# --- layout 5: runs of blanks


def _spaced_cells(line: str) -> list[str]:
    return _BLANK_RUN.split(line.strip())


def _is_spaced_row(line: str | None) -> bool:
    if line is None or len(line) > MAX_ROW or "\t" in line or "|" in line:
        return False
    return MIN_SPACED <= len(_spaced_cells(line)) <= MAX_ROW_CELLS


def _spaced_table_begins(cursor: _Lines) -> bool:
    """Three such lines of the next four, and one of them mostly numbers: no verse, no list of names."""
    lines = [cursor.peek(ahead) or "" for ahead in range(MAX_SPACED_AHEAD)]
    rows = [_spaced_cells(line) for line in lines if _is_spaced_row(line)]
    numbers = max((sum(bool(_NUMBER.fullmatch(cell)) for cell in row) / len(row) for row in rows), default=0)
    return sum(map(_is_spaced_row, lines[:4])) >= 3 and numbers >= 0.5


def _spaced_rows(cursor: _Lines) -> list[list[Placed]]:
    """Rows up to the first line that neither is one nor stands between two, as a broken label does."""
    rows: list[list[Placed]] = []
    while (line := cursor.peek()) is not None:
        short = bool(line.strip()) and len(line) <= MAX_LOOSE_ROW
        between = short and not _HEADING.match(line) and any(_is_spaced_row(cursor.peek(n)) for n in (1, 2))
        if not _is_spaced_row(line) and not between:
            break
        rows.append([(text, cursor.locator) for text in _spaced_cells(line)])
        cursor.at += 1
    return rows
