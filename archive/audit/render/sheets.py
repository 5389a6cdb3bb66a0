"""How the workbook's sheets are made: headings from data/workbook.yml, cells as text, numbers or days.

Nothing that a portal or a person wrote becomes a formula; codes and index numbers stay text; days are days.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import BaseModel, ConfigDict

Value = str | int | float | date | datetime | None

_FILLS = {"red": "F8CBC8", "amber": "FCE8B8", "grey": "E4E7EB", "green": "D9EFDD"}
_LINE = Side(style="thin", color="C5CBD3")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FONT = "Microsoft YaHei"
_LONGEST = 32_000  # a cell holds 32,767 characters
_A4 = 9
_LONGEST_LINK = 2000


class ColumnRow(BaseModel):
    """A heading and its width in characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: str
    width: int


class SheetRow(BaseModel):
    """A sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    columns: tuple[ColumnRow, ...]


class WorkbookTable(BaseModel):
    """data/workbook.yml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheets: Mapping[str, SheetRow]
    words: Mapping[str, str]
    notes: tuple[tuple[str, str], ...]


@cache
def workbook_table() -> WorkbookTable:
    """The table, read once."""
    path = Path(__file__).parent.parent / "data" / "workbook.yml"
    return WorkbookTable.model_validate(yaml.safe_load(path.read_text("utf-8")))


class Row(dict[str, Value]):
    """Values by heading; `colour` is that of the cell under `coloured`."""

    def __init__(self, values: Mapping[str, Value], coloured: str = "", colour: str = "") -> None:
        super().__init__(values)
        self.coloured = coloured
        self.colour = colour


def add_sheet(book: Workbook, key: str, rows: Sequence[Row], title: str | None = None) -> Worksheet:
    """A sheet with a frozen head and a filter. Raises KeyError for a value under a heading that is none."""
    shape = workbook_table().sheets[key]
    sheet: Worksheet = book.create_sheet(sheet_title(book, title or shape.title))
    fill_table(sheet, shape, rows, at=1)
    sheet.freeze_panes = "A2"
    last = get_column_letter(len(shape.columns))
    sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    sheet.print_title_rows = "1:1"
    print_on_a4(sheet)
    return sheet


def fill_table(sheet: Worksheet, shape: SheetRow, rows: Sequence[Row], *, at: int) -> None:
    """Head and rows, from row `at` on."""
    heads = [column.head for column in shape.columns]
    for number, column in enumerate(shape.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        cell = put(sheet, at, number, column.head)
        cell.font = Font(name=_FONT, bold=True, size=10)
        cell.fill = PatternFill("solid", fgColor="EEF1F5")
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    for below, row in enumerate(rows, at + 1):
        strange = row.keys() - set(heads)
        if strange:
            raise KeyError(f"{shape.title}: {sorted(strange)}")
        for number, head in enumerate(heads, 1):
            cell = put(sheet, below, number, row.get(head))
            if head == row.coloured and row.colour in _FILLS:
                cell.fill = PatternFill("solid", fgColor=_FILLS[row.colour])


def put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """One cell: text is text whatever it begins with, a day is a day, an address a link."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # no cell of these sheets is merged
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
        cell.data_type = "s"
        cell.number_format = "@"
        if re.match(r"https?://\S+$", value) and len(value) < _LONGEST_LINK:
            cell.hyperlink = value
    elif isinstance(value, datetime):
        cell.value, cell.number_format = value.replace(tzinfo=None), "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    elif value is not None:
        cell.value = int(value) if isinstance(value, float) and value.is_integer() else value
    cell.font = Font(name=_FONT, size=10)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=None)
    cell.border = _BORDER
    return cell


def print_on_a4(sheet: Worksheet, *, one_page: bool = False) -> None:
    """A4 landscape, as wide as the page; `one_page`: as high as one, too."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if one_page else 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    assert sheet.oddFooter is not None  # openpyxl makes one with each sheet
    sheet.oddFooter.center.text = "&P / &N"


def sheet_title(book: Workbook, wanted: str) -> str:
    """A title that Excel and WPS take: 31 characters at most, no []:*?/\\, none twice."""
    plain = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", "_", wanted)[:31] or "_"
    title, number = plain, 1
    while title in book.sheetnames:
        number += 1
        title = f"{plain[:27]}({number})"
    return title


def saved(book: Workbook) -> bytes:
    """The workbook as a file's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
