"""Spreadsheets (.xlsx, .xls) → blocks: what stands alone in its row is text, the rest tables.

Strangers wrote these files: .xlsx is unpacked within bounds before openpyxl sees it, XML with a document type
is refused, no formula is worked out (its last value is read), no link followed, macros never looked at.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import python_calamine
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from extract.errors import Unreadable
from extract.packages import has_document_type, old_file_findings, package_findings, unpacked
from extract.xls_records import unknown_formulas
from parser.document import Block, Cell, Finding, Grid, GridSource, Paragraph, Severity

MAX_SHEETS = 20
MAX_ROWS = 5_000  # of one sheet; a report has 60
MAX_COLUMNS = 200
MAX_UNPACKED = 40_000_000  # bytes of all parts together
MAX_PARTS = 2_000
MAX_MARKS = 800_000  # tags of all parts together, ends included: 200,000 cells, three seconds
LONG = 40  # characters: more than a heading within a table has
_HEADING = re.compile(r"^\s*[一二三四五六七八九十]{1,3}、")
_ARTICLE = re.compile(r"^\s*第[一二三四五六七八九十百]{1,5}条")  # what heads a part of the statutory table
#: A cell with a formula and no value: whoever wrote the file left it to a program to work out.
_UNKNOWN = re.compile(
    rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<>]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?"
    rb"\s*</(?:\w+:)?c>"
)
_BROKEN = "表格文件已损坏或不完整，请重新取得文件 (the spreadsheet is damaged or cut short)"

Place = tuple[int, int]  # row and column, from 0


@dataclass
class _Sheet:
    name: str
    texts: dict[Place, str] = field(default_factory=dict)
    spans: dict[Place, tuple[int, int]] = field(default_factory=dict)  # rows and columns that a cell covers


@dataclass(frozen=True)
class SheetBody:
    """What a spreadsheet says. Locators: `sheet 年报 cell B3`. `plain` of every block equals its text."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]


def read_xlsx(payload: bytes) -> SheetBody:
    """Read one .xlsx. Raises Unreadable where it is damaged, encrypted or beyond the bounds."""
    findings = _check_package(payload)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that openpyxl does not keep
            book = load_workbook(io.BytesIO(payload), data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a broken part makes it raise
        raise Unreadable(_BROKEN) from error
    sheets = [
        _of_openpyxl(sheet, findings) for sheet in book.worksheets[:MAX_SHEETS] if _is_shown(sheet, findings)
    ]
    if len(book.worksheets) > MAX_SHEETS:
        findings.append(_overfull(f"工作表超过 {MAX_SHEETS} 张"))
    return _body(sheets, findings)


def read_xls(payload: bytes) -> SheetBody:
    """Read one .xls. Raises Unreadable where it is damaged or encrypted."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(payload))
        shown = [
            m.name for m in book.sheets_metadata if m.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        findings = [_hidden(m.name) for m in book.sheets_metadata if m.name not in shown]
        unknown, links = unknown_formulas(payload)
        findings += [*old_file_findings(payload, links), *_unworked(unknown)]
        sheets = [_of_calamine(name, book, findings) for name in shown[:MAX_SHEETS]]
    except python_calamine.PasswordError as error:
        raise Unreadable("表格文件已加密，请取得未加密的文件 (the spreadsheet is encrypted)") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Unreadable(_BROKEN) from error
    if len(shown) > MAX_SHEETS:
        findings.append(_overfull(f"工作表超过 {MAX_SHEETS} 张"))
    return _body(sheets, findings)


def _check_package(payload: bytes) -> list[Finding]:
    """Bounds and document types, before a library unpacks anything; findings on the workbook as a whole."""
    left, marks, unknown = MAX_UNPACKED, MAX_MARKS, 0
    links: list[bytes] = []
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as package:
            if len(package.infolist()) > MAX_PARTS:
                raise Unreadable("表格文件内部件过多，未读取 (too many parts in the xlsx)")
            for part in package.infolist():
                data = unpacked(package, part, left)
                if data is None:
                    raise Unreadable(
                        f"表格文件解压后过大，未读取 (unpacks to more than {MAX_UNPACKED} bytes)"
                    )
                left -= len(data)
                if not part.filename.endswith((".xml", ".rels")):
                    continue
                if has_document_type(data):
                    raise Unreadable(
                        "表格文件含有文档类型声明，拒绝读取 (XML with a document type is refused)"
                    )
                marks -= data.count(b"<")
                if marks < 0:
                    raise Unreadable(f"表格文件内容过多，未读取 (more than {MAX_MARKS} tags)")
                links += [data] if "externalLinks/" in part.filename else []
                unknown += len(_UNKNOWN.findall(data)) if "worksheets/" in part.filename else 0
            findings = package_findings(package, links)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise Unreadable(_BROKEN) from error
    except (RuntimeError, NotImplementedError) as error:
        raise Unreadable("表格文件已加密或压缩方式不明 (encrypted or unknown packing)") from error
    return [*findings, *_unworked(unknown)]


def _unworked(formulas: int) -> list[Finding]:
    if not formulas:
        return []
    said = f"有{formulas}个公式没有算出结果，其数字不可信 (formulas never worked out)"
    return [Finding("formula_without_value", Severity.WARN, said)]


def _is_shown(sheet: Worksheet, findings: list[Finding]) -> bool:
    if sheet.sheet_state == "visible":
        return True
    findings.append(_hidden(sheet.title))
    return False


def _of_openpyxl(sheet: Worksheet, findings: list[Finding]) -> _Sheet:
    read = _Sheet(sheet.title)
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        findings.append(_overfull(f"工作表“{sheet.title}”超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列"))
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001 - the cells that there are, no other
        if row <= MAX_ROWS and column <= MAX_COLUMNS and (text := _text(cell.value)):
            read.texts[row - 1, column - 1] = text
    for merged in sheet.merged_cells.ranges:
        span = merged.max_row - merged.min_row + 1, merged.max_col - merged.min_col + 1
        read.spans[merged.min_row - 1, merged.min_col - 1] = span
    return read


def _of_calamine(name: str, book: python_calamine.CalamineWorkbook, findings: list[Finding]) -> _Sheet:
    sheet = book.get_sheet_by_name(name)
    read = _Sheet(name)
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        findings.append(_overfull(f"工作表“{name}”超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列"))
    for row, values in enumerate(sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS)):
        for column, value in enumerate(values[:MAX_COLUMNS]):
            if text := _text(value):
                read.texts[row, column] = text
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        read.spans[top, left] = bottom - top + 1, right - left + 1
    return read


def _text(value: object) -> str:
    """A value as a reader sees it: whole numbers without a point, days as ISO dates."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return re.sub(r"[ \t\u3000]+", " ", str(value)).strip()


def _hidden(name: str) -> Finding:
    return Finding(
        "hidden_sheet", Severity.WARN, f"隐藏的工作表“{name[:40]}”未读取 (a hidden sheet left out)"
    )


def _overfull(words: str) -> Finding:
    return Finding("file_overfull", Severity.WARN, f"{words}，未读完 (too much, not read to its end)")


def _body(sheets: list[_Sheet], findings: list[Finding]) -> SheetBody:
    blocks = tuple(block for sheet in sheets for block in _blocks(sheet))
    if not blocks:
        said = "没有文字，可能只有图片 (no text: perhaps only pictures)"
        findings.append(Finding("no_text_layer", Severity.FAIL, said))
    return SheetBody(blocks, tuple(findings))


def _blocks(sheet: _Sheet) -> Iterator[Block]:
    """Rows in order; an empty row, or one that holds running text, ends a table."""
    rows: dict[int, list[int]] = {}
    for row, column in sorted(sheet.texts):
        rows.setdefault(row, []).append(column)
    covered = {
        r for (row, _), (height, _) in sheet.spans.items() for r in range(row, min(row + height, MAX_ROWS))
    }
    table: list[int] = []
    last = -1
    for row, columns in rows.items():
        if table and any(gap not in covered for gap in range(last + 1, row)):
            yield from _table(sheet, table)
            table = []
        if len(columns) == 1 and _is_running(sheet.texts[row, columns[0]], table, rows.get(row + 1)):
            yield from _table(sheet, table)
            table = []
            yield from _paragraphs(sheet, row, columns[0])
        else:
            table.append(row)
        last = row
    yield from _table(sheet, table)


def _is_running(text: str, table: list[int], below: list[int] | None) -> bool:
    """Whether a row's only text stands by itself: a table is wider, above it or below."""
    if len(text) > LONG or _HEADING.match(text) or not below:
        return True
    return not table and not _ARTICLE.match(text)


def _paragraphs(sheet: _Sheet, row: int, column: int) -> Iterator[Paragraph]:
    for line in sheet.texts[row, column].split("\n"):
        if line.strip():
            yield Paragraph(line.strip(), line.strip(), _locator(sheet, (row, column)))


def _table(sheet: _Sheet, rows: list[int]) -> Iterator[Block]:
    """The rows as a grid of drawn cells: merged ones once, the empty ones between them too."""
    if not rows:
        return
    filled = {place for place in sheet.texts if place[0] in range(rows[0], rows[-1] + 1)}
    if len({row for row, _ in filled}) == 1 and len(filled) == 1:
        [(row, column)] = filled
        yield from _paragraphs(sheet, row, column)
        return
    left, right = _width(sheet.spans, filled)
    cells: list[Cell] = []
    taken: set[Place] = set()
    for row in range(rows[0], rows[-1] + 1):
        for column in range(left, right + 1):
            if (row, column) in taken:
                continue
            height, width = sheet.spans.get((row, column), (1, 1))
            height, width = min(height, rows[-1] + 1 - row), min(width, right + 1 - column)
            taken |= {(r, c) for r in range(row, row + height) for c in range(column, column + width)}
            text = " ".join(sheet.texts.get((row, column), "").split("\n"))
            where = _locator(sheet, (row, column))
            cells.append(Cell(row - rows[0], column - left, text, text, where, height, width))
    locator = _locator(sheet, (rows[0], left))
    yield Grid(tuple(cells), rows[-1] + 1 - rows[0], right + 1 - left, GridSource.WORD, locator)


def _width(spans: Mapping[Place, tuple[int, int]], filled: set[Place]) -> Place:
    """First and last column that a table's text stands in, merged cells with all that they cover."""
    left = min(column for _, column in filled)
    right = max(column + spans.get((row, column), (1, 1))[1] - 1 for row, column in filled)
    return left, min(right, MAX_COLUMNS - 1)


def _locator(sheet: _Sheet, place: Place) -> str:
    return f"sheet {sheet.name} cell {get_column_letter(place[1] + 1)}{place[0] + 1}"
