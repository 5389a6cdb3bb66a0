"""Last year's reports for the pre-check of drafts: a folder, an office's list, or JSON of `scrapy report`.

A list gives what each unit carried forward; a report gives everything that the checks across years ask for.
"""

# ruff: noqa: PLC0415 - commands import the rooms when they work (design.md §2)

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.command import Refusal
from crawler.exits import Exit

if TYPE_CHECKING:
    from archive.register import Register
    from parser.across import Figures
    from parser.report import AnnualReport

NAME_HEADINGS = ("单位名称", "单位", "机关名称", "发布机构", "publisher", "name")
MAX_ROWS = 20_000  # of last year's list

_Json = Mapping[str, Any] | list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PriorReport:
    """What is known of a unit's last report; `sections` by key, none where only numbers are known."""

    figures: Figures
    sections: Mapping[str, str]


Prior = Mapping[str, PriorReport]
"""By the name of the unit."""


def read_prior(path: Path, register: Register) -> Prior:
    """Every unit of last year's reports. Raises Refusal where there is none to be had."""
    try:
        prior = dict(_from_folder(path, register) if path.is_dir() else _from_file(path))
    except OSError as error:
        raise Refusal(
            f"{path}：无法读取上年台账 cannot be read: {error.strerror}", Exit.INPUT_UNREADABLE
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            f"{path}：不是能读懂的上年台账 not a list that can be read", Exit.INPUT_UNREADABLE
        ) from error
    if not prior:
        raise Refusal(
            f"{path}：没有找到“单位名称”和“结转下年度”（或自然人、…、总计）各列，或没有年报，请补上"
            " no columns for the unit and its numbers carried forward, or no report",
            Exit.INPUT_UNREADABLE,
        )
    return prior


def likeness(report: AnnualReport, before: PriorReport) -> float | None:
    """How much of the report's own words is last year's, 0 to 1; None where there are too few."""
    from archive.export.similarity import LEAST, alike, masked, runs_of

    name = (report.publisher.name if report.publisher else None) or ""
    now = masked({section.key: section.text for section in report.sections}, (name,))
    then = masked(before.sections, (name,))
    return alike(runs_of(now), runs_of(then)) if min(len(now), len(then)) >= LEAST else None


def _from_folder(folder: Path, register: Register) -> Iterator[tuple[str, PriorReport]]:
    """Files that are no report, or cannot be read, are left out: they were not drafts of this year."""
    import extract
    from parser import parse
    from parser.across import figures_of
    from parser.report import DocumentKind

    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if file.name.startswith((".", "~$")):
            continue
        try:
            report = parse(extract.read_file(file, register=register))
        except extract.Unreadable:
            continue
        if report.kind is DocumentKind.REPORT and report.publisher and report.publisher.name:
            sections = {section.key: section.text for section in report.sections}
            yield report.publisher.name, PriorReport(figures_of(report), sections)


def _from_file(file: Path) -> Iterator[tuple[str, PriorReport]]:
    if file.suffix.lower() == ".json":
        return _from_json(json.loads(file.read_text(encoding="utf-8-sig")))
    return _from_rows(_rows(file))


def _rows(file: Path) -> Iterator[Sequence[object]]:
    if file.suffix.lower() == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.reader(stream)
        return
    if file.suffix.lower() not in (".xlsx", ".xlsm"):
        raise ValueError(file.suffix)
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except BadZipFile as error:
        raise ValueError(str(error)) from error
    try:
        for sheet in book.worksheets:
            yield from sheet.iter_rows(max_row=MAX_ROWS, values_only=True)
    finally:
        book.close()


def _from_rows(rows: Iterable[Sequence[object]]) -> Iterator[tuple[str, PriorReport]]:
    from parser.across import Figures
    from parser.drafts import column_key

    name_at: int | None = None
    columns: dict[int, str] = {}
    for row in rows:
        texts = ["" if cell is None else "".join(str(cell).split()) for cell in row]
        named = [at for at, text in enumerate(texts) if text in NAME_HEADINGS]
        keys = {at: key for at, text in enumerate(texts) if (key := column_key(text)) is not None}
        if named and keys:
            name_at, columns = named[0], keys
        elif name_at is not None and name_at < len(texts) and texts[name_at]:
            numbers = {
                f"applications.carried_forward.{key}": float(texts[at])
                for at, key in columns.items()
                if at < len(texts) and _is_number(texts[at])
            }
            if numbers:
                yield texts[name_at], PriorReport(Figures(None, None, numbers), {})


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _from_json(content: _Json) -> Iterator[tuple[str, PriorReport]]:
    """The JSON of `scrapy report`, one or a list: keys of docs/schema/annual-report.json."""
    from parser.across import Figures
    from parser.report import Fact, FormatVersion

    items = content if isinstance(content, list) else [content]
    for item in items:
        report = item.get("report", item)
        told = report.get("narrative") or {}
        facts = [
            Fact(key, fact["value"], fact["quotes"][0], approximate=fact["approximate"])
            for key, fact in told.items()
            if fact["value"] is not None
        ]
        version = report.get("format_version")
        figures = Figures(
            year=report.get("report_year"),
            format_version=FormatVersion(version) if version else None,
            values=dict(_numbers(report["tables"])),
            facts=facts,
        )
        sections = {section["key"]: section["text"] for section in report.get("sections", ())}
        yield report["publisher"]["name"], PriorReport(figures, sections)


def _numbers(tables: Mapping[str, Any]) -> Iterator[tuple[str, int | float]]:
    for name in ("proactive_disclosure", "applications"):
        for row in (tables.get(name) or {"rows": ()})["rows"]:
            for key, cell in row["cells"].items():
                if cell["value"] is not None:
                    yield f"{name}.{row['key']}.{key}", cell["value"]
    for key, cell in (tables.get("review_litigation") or {"cells": {}})["cells"].items():
        if cell["value"] is not None:
            yield f"review_litigation.{key}", cell["value"]
