"""Tables → csv, jsonl, parquet, xlsx: the same bytes for the same rows.

In csv and xlsx a text that a spreadsheet would take for a formula begins with `'`. A workbook keeps codes and
index numbers as text and days as real dates, and opens in WPS.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from typing import Any

from archive.export.model import Kind, Table

FORMATS = ("csv", "jsonl", "parquet", "xlsx")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_000  # characters of a workbook's cell; 32,767 is the format's own bound
_ROWS = 1_000_000  # of a sheet, below the format's own bound
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


class MissingLibraryError(Exception):
    """A format needs a library that is not installed."""


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, which WPS and Excel need; null is empty, a flag 1 or 0."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_flat(row.get(name)) for name in table.columns])
    return out.getvalue().encode()


def as_jsonl(table: Table) -> bytes:
    """One object a line, every column in it, null where there is nothing."""
    lines = (
        json.dumps({name: _plain(row.get(name)) for name in table.columns}, ensure_ascii=False)
        for row in table.rows
    )
    return "".join(f"{line}\n" for line in lines).encode()


def as_parquet(table: Table) -> bytes:
    """Typed columns. Raises MissingLibraryError without pyarrow."""
    try:
        pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")  # an extra
    except ImportError as error:
        raise MissingLibraryError(
            "parquet 需要 pyarrow，请安装 nianbao[parquet] parquet needs pyarrow: install nianbao[parquet]"
        ) from error
    types = {
        Kind.INTEGER: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.DAY: pa.date32(),
    }
    fields = [pa.field(name, types.get(kind, pa.string())) for name, kind in table.columns.items()]
    arrays = [pa.array([row.get(field.name) for row in table.rows], field.type) for field in fields]
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), out)
    return out.getvalue()


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """One workbook, a sheet a table; a table longer than a sheet goes on in the next."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes long to load

    book = Workbook(write_only=True)
    for table in tables:
        for turn, start in enumerate(range(0, max(1, len(table.rows)), _ROWS)):
            _sheet(book, table, turn, table.rows[start : start + _ROWS])
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue())


def _sheet(book: Any, table: Table, turn: int, rows: Sequence[Mapping[str, Any]]) -> None:  # noqa: ANN401
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet = book.create_sheet(table.name[:28] + (f"_{turn + 1}" if turn else ""))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(rows) + 1}"
    heads = []
    for name in table.columns:
        head = WriteOnlyCell(sheet, value=name)
        head.font = Font(bold=True)
        heads.append(head)
    sheet.append(heads)
    for row in rows:
        sheet.append([_xlsx_cell(sheet, kind, row.get(name)) for name, kind in table.columns.items()])


def _xlsx_cell(sheet: Any, kind: Kind, value: Any) -> Any:  # noqa: ANN401 - openpyxl's own types
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    if value is None:
        return None
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=_guarded(value)[:_LONGEST])
        cell.data_type = "s"
        if kind is Kind.CODE:
            cell.number_format = "@"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value=datetime(value.year, value.month, value.day))  # noqa: DTZ001
        cell.number_format = "yyyy-mm-dd"
        return cell
    return int(value) if isinstance(value, bool) else _number(value)


def _undated(book: bytes) -> bytes:
    """The workbook without the time of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()


def files(tables: Iterable[Table], form: str, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """File name and content of every file of a format. Raises MissingLibraryError."""
    if form == "xlsx":
        yield f"{prefix}nianbao.xlsx", as_xlsx(tables)
        return
    writer = _WRITERS[form]
    for table in tables:
        yield f"{prefix}{table.name}.{form}", writer(table)


_WRITERS: Mapping[str, Callable[[Table], bytes]] = {
    "csv": as_csv,
    "jsonl": as_jsonl,
    "parquet": as_parquet,
}


def _guarded(text: str) -> str:
    plain = _CONTROL.sub("", text)
    return (
        f"'{plain}" if plain.lstrip(" \u3000").startswith(_FORMULA) or plain.startswith(_FORMULA) else plain
    )


def _flat(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    if isinstance(value, str):
        return _guarded(value)
    if isinstance(value, bool):
        return int(value)
    return _plain(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    if isinstance(value, date):
        return value.isoformat()
    return _number(value) if isinstance(value, float) else value


def _number(value: float) -> float:
    """12.0 is printed as 12."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
