"""`scrapy precheck FOLDER [--prior FILE|FOLDER] [--xlsx OUT]`: checks drafts before publication, offline.

Every file of the folder is read and checked; one line a problem, in plain Chinese, on stdout.
0  no problem    3  the workbook cannot be written there    12  problems found
4  the folder or the list of last year cannot be read
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.command import NianbaoCommand, Refusal
from crawler.commands.prior import Prior, likeness, read_prior
from crawler.exits import Exit
from crawler.outputs import write_whole
from crawler.stores import open_register

if TYPE_CHECKING:
    from archive.register import Register

WORDS = {"fail": "错误", "warn": "提醒", "info": "说明"}
HEADINGS = ("文件", "单位", "年度", "程度", "问题", "编号", "出处", "位置", "填报值", "对照值")
WIDTHS = (36, 28, 8, 8, 80, 16, 28, 40, 12, 12)


@dataclass(frozen=True)
class Problem:
    """One row of the result."""

    file: str
    unit: str
    year: str
    severity: str
    text: str
    code: str
    place: str  # in the file: a line, a page, a path
    cells_named: str = ""
    filled: str = ""
    against: str = ""

    def cells(self) -> tuple[str, ...]:
        """In the order of HEADINGS."""
        severity = WORDS[self.severity]
        told = (self.file, self.unit, self.year, severity, self.text, self.code, self.place)
        return *told, self.cells_named, self.filled, self.against


class Command(NianbaoCommand):
    """Prints the problems of each draft in a folder; with --xlsx also as a workbook."""

    min_args = max_args = 1

    def syntax(self) -> str:
        return "FOLDER [--prior FILE|FOLDER] [--xlsx OUT]"

    def short_desc(self) -> str:
        return "预审年度报告草稿 Check drafts before publication, offline"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--prior",
            metavar="FILE|FOLDER",
            help="上年年报文件夹、台账或 json last year's reports: folder, xlsx, csv, json of scrapy report",
        )
        parser.add_argument("--xlsx", metavar="OUT", help="预审意见 write the problems to this workbook")

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        assert self.settings is not None
        folder, out = Path(args[0]), Path(opts.xlsx) if opts.xlsx else None
        files = [file for file in drafts(folder) if out is None or not _same(file, out)]
        register = open_register(self.settings)
        prior = read_prior(Path(opts.prior), register) if opts.prior else {}
        problems: list[Problem] = []
        for file in files:
            problems.extend(check_file(file, folder, register, prior))
        if out is not None:
            write_xlsx(problems, out)
        for problem in problems:
            sys.stdout.write(f"{problem.file}：[{WORDS[problem.severity]}] {problem.text}\n")
        wrong = sum(problem.severity != "info" for problem in problems)
        sys.stderr.write(f"共查{len(files)}份文件，发现{wrong}个问题 {len(files)} files, {wrong} problems\n")
        return Exit.FINDINGS if wrong else Exit.DONE


def drafts(folder: Path) -> list[Path]:
    """All files below the folder, hidden and lock files left out. Raises Refusal if there are none."""
    if not folder.is_dir():
        raise Refusal(f"{folder}：不是可读的文件夹，请检查路径 not a readable folder", Exit.INPUT_UNREADABLE)
    files = sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=_refuse_folder)
        for name in names
        if not name.startswith((".", "~$"))
    )
    if not files:
        raise Refusal(f"{folder}：文件夹里没有文件 no files in the folder", Exit.INPUT_UNREADABLE)
    return files


def _refuse_folder(error: OSError) -> None:
    raise Refusal(
        f"{error.filename}：文件夹无法读取，请检查权限 the folder cannot be read: {error.strerror}",
        Exit.INPUT_UNREADABLE,
    ) from error


def _same(file: Path, out: Path) -> bool:
    """Whether a draft is the workbook that an earlier run wrote."""
    return file.resolve() == out.resolve()


def check_file(file: Path, folder: Path, register: Register, prior: Prior) -> Iterator[Problem]:
    """The problems of one draft; a file that cannot be read is a problem itself."""
    import extract
    from parser import parse
    from parser.drafts import draft_findings, in_chinese
    from parser.findings import FINDINGS
    from parser.places import place_names

    name = file.relative_to(folder).as_posix()
    try:
        document = extract.read_file(file, register=register)
    except extract.Unreadable as error:
        text = in_chinese(str(error).removeprefix(f"{file}："))
        yield Problem(name, "", "", "fail", text, "unreadable_file", "")
        return
    report = parse(document)
    unit = (report.publisher.name if report.publisher else None) or ""
    year = str(report.report_year) if report.report_year else ""
    before = prior.get(unit)
    alike = likeness(report, before) if before else None
    for found, check in draft_findings(report, before.figures if before else None, alike=alike):
        severity = "warn" if found.code == "not_a_report" else found.severity.value
        text = found.message if found.code in FINDINGS else in_chinese(found.message)
        sides = (_side(check.lhs), _side(check.rhs)) if check is not None else ("", "")
        where = place_names(found.cells)
        yield Problem(name, unit, year, severity, text, found.code, found.locator, where, *sides)


def _side(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


# --- the workbook


def write_xlsx(problems: Sequence[Problem], file: Path) -> None:
    """A row a problem; every cell is text, so that nothing in a draft becomes a formula."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "问题清单"
    for row, cells in enumerate((HEADINGS, *(problem.cells() for problem in problems)), 1):
        for column, text in enumerate(cells, 1):
            cell = sheet.cell(row, column)
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if row == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJ"[column]].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    content = io.BytesIO()
    book.save(content)
    write_whole(file, content.getvalue())
