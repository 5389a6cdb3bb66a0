"""`scrapy export --format csv|jsonl|parquet|xlsx [--out FOLDER] [--tables …]`: the catalogue as tables.

0  done    2  a format, table, day or folder that cannot be used, or sample and real data together
3  the folder cannot be written    4  suppress.jsonl or the catalogue cannot be read    5  nothing to export
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.arguments import read_years
from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.outputs import made, write_whole
from crawler.stores import open_catalogue, open_register, read_suppress_file

if TYPE_CHECKING:
    from archive.audit.run import Audit
    from archive.catalogue import Catalogue
    from archive.export.model import Table
    from archive.export.source import Source
    from archive.register import Register

FORMATS = ("csv", "jsonl", "parquet", "xlsx")
MANIFEST = "export.json"
SAMPLE_PREFIX = "sample_"
FIRST_YEAR = 2018  # as in audit: older reports are judged where --years asks for them


class Command(NianbaoCommand):
    """Writes the tables and their dictionary into a folder; fetches nothing and never asks the clock."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed

    def syntax(self) -> str:
        return (
            "[--format csv|jsonl|parquet|xlsx] [--out FOLDER] [--tables a,b] [--as-of DATE]"
            " [--years 2018-2025] [--county CODE …]"
        )

    def short_desc(self) -> str:
        return "导出数据表和数据字典 Export tables with their data dictionary"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, default="csv", help="输出格式 the form of the files")
        parser.add_argument("--out", metavar="FOLDER", help="写入的文件夹 where to; default DATA_DIR/export")
        parser.add_argument("--tables", help="只要这些表 only these tables, by commas")
        parser.add_argument("--as-of", help="核查日 the day judged; default: the day of the last capture")
        parser.add_argument("--years", help="报告年度 report years: 2018-2025, or 2024")
        parser.add_argument("--county", nargs="+", action="extend", default=[], help="县区代码 county codes")

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.export.tables import TABLES, export_table
        from parser.dictionary import cell_terms

        assert self.settings is not None
        data = Path(self.settings["DATA_DIR"])
        folder = Path(opts.out) if opts.out else data / "export"
        names = _tables(opts.tables, TABLES)
        register = open_register(self.settings)
        with open_catalogue(self.settings, must_exist=True) as catalogue:
            source, audit = _read(catalogue, register, opts, data)
        sample = _refuse_mixture(source, audit, folder)
        keys = [term.key for term in cell_terms()]
        tables = (export_table(name, source, audit, keys) for name in names)  # one at a time in memory
        rows = _write(folder, opts.format, tables, sample=sample, audit=audit)
        for name in names:
            sys.stdout.write(f"{name}: {rows[name]}\n")
        sys.stderr.write(
            f"已写入 written to {folder}；核查日 as of {audit.scope.as_of}；"
            f"不外传 suppressed {source.n_suppressed}\n"
        )
        return Exit.DONE


def _tables(text: str | None, known: Sequence[str]) -> list[str]:
    if not text:
        return list(known)
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise Refusal(f"没有这张表 no such table: {name}; 可用 known: {', '.join(known)}", Exit.USAGE)
    return [name for name in known if name in names]


def _read(
    catalogue: Catalogue, register: Register, opts: argparse.Namespace, data: Path
) -> tuple[Source, Audit]:
    from archive.audit.decisions import read_journal
    from archive.audit.run import Scope, run_audit
    from archive.export.source import judged_counties, last_day, load_source

    for code in opts.county:
        if register.county(code) is None:
            raise Refusal(f"名录中没有县区 no such county in the register: --county {code}", Exit.USAGE)
    suppressed = read_suppress_file(data)
    as_of = _day(opts.as_of) if opts.as_of else last_day(catalogue)
    if as_of is None:
        raise Refusal("目录库里没有采集 no captures in the catalogue", Exit.NOT_FOUND)
    years = _years(opts.years) if opts.years else ()
    judged = years or tuple(range(FIRST_YEAR, as_of.year))
    if not judged or judged[-1] >= as_of.year:
        raise Refusal(
            f"报告年度应早于核查日所在年 report years end before the year of the day judged: {as_of}",
            Exit.USAGE,
        )
    counties = tuple(dict.fromkeys(opts.county))
    source = load_source(catalogue, register, counties=counties, years=years, suppressed=suppressed)
    counties = counties or judged_counties(catalogue, register, source)
    if not counties:
        raise Refusal("没有可导出的报告 nothing to export", Exit.NOT_FOUND)
    journal = read_journal(data / "verdicts", register, as_of)
    return source, run_audit(catalogue, register, Scope(as_of, None, judged, counties), journal)


def _day(text: str) -> date:
    refusal = Refusal(f"日期应写成 a day is written 2026-02-03: --as-of {text}", Exit.USAGE)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise refusal
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refusal from error


def _years(text: str) -> tuple[int, ...]:
    try:
        return tuple(sorted(read_years(text)))
    except ValueError as error:
        raise Refusal(f"{error}: --years {text}", Exit.USAGE) from error


def _refuse_mixture(source: Source, audit: Audit, folder: Path) -> bool:
    """Whether the data are samples; refuses both together, in one export or in one folder."""
    counties = {county.code: county for county in source.counties}
    counties |= {item.county.code: item.county for item in audit.counties}
    samples = {county.sample for county in counties.values()}
    if len(samples) > 1:
        raise Refusal(
            "样例与真实县区不能一起导出，请用 --county 分开 sample and real counties are not exported"
            " together: part them by --county",
            Exit.USAGE,
        )
    sample = samples.pop()
    try:
        former = json.loads((folder / MANIFEST).read_text("utf-8")).get("sample")
    except FileNotFoundError:
        former = None
    except (ValueError, AttributeError) as error:
        raise Refusal(
            f"{folder / MANIFEST} 不是本程序写的，请换一个文件夹 is not ours: take another folder", Exit.USAGE
        ) from error
    if former is not None and former is not sample:
        raise Refusal(
            f"{folder} 里是另一类数据，请换一个文件夹 sample and real data never share a folder", Exit.USAGE
        )
    return sample


def _write(folder: Path, form: str, tables: Iterable[Table], *, sample: bool, audit: Audit) -> dict[str, int]:
    """Every file, the manifest last; rows by table."""
    from archive.export.write import MissingLibraryError, files

    rows: dict[str, int] = {}
    digests: dict[str, str] = {}
    try:
        for name, content in files(_with_dictionary(tables, rows), form, SAMPLE_PREFIX if sample else ""):
            write_whole(made(folder) / name, content)
            digests[name] = hashlib.sha256(content).hexdigest()
    except MissingLibraryError as error:
        raise Refusal(str(error), Exit.USAGE) from error
    manifest = {
        "format": form,
        "sample": sample,
        "as_of": audit.scope.as_of.isoformat(),
        "years": list(audit.scope.years),
        "rows": rows,
        "sha256": digests,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    write_whole(folder / MANIFEST, text.encode())
    return rows


def _with_dictionary(tables: Iterable[Table], rows: dict[str, int]) -> Iterator[Table]:
    """The tables and then their dictionary; counts the rows."""
    from archive.export.model import Table, columns
    from parser.dictionary import entries

    named: dict[str, Iterable[str]] = {}
    for table in tables:
        rows[table.name], named[table.name] = len(table.rows), table.columns
        yield table
    told = [asdict(entry) for entry in entries(named)]
    rows["dictionary"] = len(told)
    yield Table("dictionary", columns("table key zh:text en:text unit formats series_breaks:text"), told)
