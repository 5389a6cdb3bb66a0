"""`scrapy report FILE`: one local file read and parsed, as JSON or in plain Chinese, on stdout."""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import open_register, read_suppress_file

FORMATS = ("json", "text-zh")
_UNREAD = frozenset({"unsupported_media", "ocr_missing", "ocr_failed"})


class Command(NianbaoCommand):
    """Ends with 0; with 4 if the file cannot be read; with 5 if it holds no report (it is printed anyway)."""

    min_args = 1
    max_args = 1

    def syntax(self) -> str:
        return "FILE [--url URL] [--format json|text-zh]"

    def short_desc(self) -> str:
        return "读一份本地文件（网页、PDF、Word、图片等） Read one local file into a document and a report"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="文件的网址 where the file is from: an address may tell a date")
        parser.add_argument("--format", choices=FORMATS, default="json", help="输出格式 what to print")

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from extract import Unreadable, read_file
        from extract.export import document_json
        from extract.personal import masked, masked_data
        from extract.summary import text_summary
        from parser import parse, report_json

        assert self.settings is not None
        if opts.url and urlsplit(opts.url).scheme not in {"http", "https"}:
            raise Refusal(f"不是网址 not a URL: --url {opts.url}；如 e.g. https://…/t1.html", Exit.USAGE)
        path = Path(args[0])
        refuse_suppressed(path, Path(self.settings["DATA_DIR"]))
        register = open_register(self.settings)
        try:
            document = read_file(path, url=opts.url, register=register)
        except Unreadable as error:
            raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
        for finding in document.findings:
            if not document.blocks and finding.code in _UNREAD:
                raise Refusal(f"{path}：{finding.message}", Exit.INPUT_UNREADABLE)
        report = parse(document)
        if opts.format == "text-zh":
            result = masked(text_summary(document, report))
        else:
            whole = {"document": document_json(document), "report": report_json(report)}
            result = json.dumps(masked_data(whole), ensure_ascii=False, indent=2) + "\n"
        sys.stdout.buffer.write(result.encode("utf-8", "replace"))
        sys.stdout.flush()
        if report.kind.value == "report":
            return Exit.DONE
        sys.stderr.write(
            f"{path}：未见政府信息公开工作年度报告，请确认文件 no annual report here: check the file\n"
        )
        return Exit.NOT_FOUND


def refuse_suppressed(path: Path, data: Path) -> None:
    """Refuse a file whose digest suppress.jsonl names (practice.md §7): what it holds is not passed on."""
    from archive.suppress import is_suppressed

    suppressed = read_suppress_file(data)
    if suppressed and path.is_file():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if is_suppressed(suppressed, f"sha256:{digest}"):
            raise Refusal(
                f"{path}：suppress.jsonl 已列入不外传 the file is not passed on", Exit.INPUT_UNREADABLE
            )
