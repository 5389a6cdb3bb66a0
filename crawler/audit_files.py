"""What `scrapy audit` prints and writes: one form on stdout, several as files of a folder."""

# ruff: noqa: PLC0415 - rooms are loaded when a command works, not when Scrapy lists its commands

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.outputs import made, write_whole

if TYPE_CHECKING:
    from archive.audit.run import Audit, CountyAudit
    from archive.catalogue import Catalogue

FORMATS = {
    "table": "txt",
    "csv": "csv",
    "json": "json",
    "html": "html",
    "xlsx": "xlsx",
    "letter": "txt",
    "citizen": "txt",
}
LETTERS = {"letter": "年报核查函", "citizen": "年报情况反映"}  # form → what its file is called
_WIDEST = 160


def rendered(audit: Audit, form: str) -> str:
    """One form of the audit as text."""
    from archive.audit.render import audit_csv, audit_html, audit_json, audit_table

    if form == "csv":
        return audit_csv(audit)
    if form == "json":
        return audit_json(audit)
    if form == "html":
        return audit_html(audit)
    if form in LETTERS:
        return "\n".join(_letters(county, audit, form) for county in audit.counties)
    terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, _WIDEST) if terminal else None
    return audit_table(audit, width=width, colour=terminal)


def _letters(county: CountyAudit, audit: Audit, form: str) -> str:
    from archive.audit.render import audit_letters, citizen_letters

    return citizen_letters(county, audit) if form == "citizen" else audit_letters(county, audit)


def write_files(
    audit: Audit,
    forms: Sequence[str],
    catalogue: Catalogue,
    folder: Path,
    withheld: frozenset[str] = frozenset(),
) -> None:
    """A file a form, workbooks and letters one a county; their paths go to stdout.

    `withheld`: versions whose problems are not told, since they quote the report.
    """
    made(folder)
    for name, content in _files(audit, forms, catalogue, withheld):
        write_whole(folder / name, content)
        sys.stdout.write(f"{folder / name}\n")


def _files(
    audit: Audit, forms: Sequence[str], catalogue: Catalogue, withheld: frozenset[str]
) -> Iterator[tuple[str, bytes]]:
    from archive.audit.problems import load_problems
    from archive.audit.render import audit_table
    from archive.audit.render.data import file_stem
    from archive.audit.render.workbook import audit_workbook, workbook_name

    scope = audit.scope
    whole = audit.counties[0].county.label if len(audit.counties) == 1 else f"{len(audit.counties)}县区"
    for form in forms:
        if form == "xlsx":
            for county in audit.counties:
                versions = {v.report.version for v in county.verdicts if v.report is not None}
                problems = load_problems(catalogue, versions - withheld)
                yield workbook_name(county, audit), audit_workbook(county, audit, problems)
        elif form in LETTERS:
            for county in audit.counties:
                name = file_stem(county.county.label, scope.years, LETTERS[form], scope.as_of)
                yield f"{name}.txt", _letters(county, audit, form).encode()
        else:
            name = file_stem(whole, scope.years, "年报核查", scope.as_of)
            text = audit_table(audit) if form == "table" else rendered(audit, form)
            yield f"{name}.{FORMATS[form]}", text.encode()
