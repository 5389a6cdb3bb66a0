"""`scrapy wacz OUT.wacz [--portal ID] [--from DATE] [--until DATE]`: the archive as one file for replay.

0  written    2  wrong option    3  OUT.wacz cannot be written
4  no archive here, or sample beside real data
5  nothing of that portal or those days    6  a file is not what the manifest or its records say
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import logging
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import archive_folder, open_catalogue, open_register, read_suppress_file

if TYPE_CHECKING:
    from archive.register import Register
    from archive.warc.wacz import TextOf

_log = logging.getLogger(__name__)


class Command(NianbaoCommand):
    """Exports closed files as WACZ 1.1.1 with a list of pages and their text."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed
    min_args = max_args = 1

    def syntax(self) -> str:
        return "OUT.wacz [--portal ID] [--from DATE] [--until DATE]"

    def short_desc(self) -> str:
        return "导出为 WACZ Export for replay programs (WACZ)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--portal", metavar="ID", help="只导出此门户 of this portal alone")
        parser.add_argument(
            "--from", dest="since", metavar="DATE", help="自此日起（含）from this day, in China"
        )
        parser.add_argument("--until", metavar="DATE", help="至此日止（含）up to this day")
        parser.add_argument("--title", help="标题 title of the file; default: 年报存档 …")

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.warc.errors import ArchiveDamaged, ArchiveError
        from archive.warc.store import StoreError
        from archive.warc.wacz import NothingToExport, export
        from archive.warc.wacz_select import Wanted

        assert self.settings is not None
        root, target = archive_folder(self.settings), Path(args[0])
        if not (root / "warc").is_dir():
            raise Refusal(f"没有存档 no archive here: {root}；请先采集 crawl first", Exit.INPUT_UNREADABLE)
        withheld = self._withheld()
        wanted = Wanted(opts.portal, _day(opts.since, "--from"), _day(opts.until, "--until"), withheld)
        title = opts.title or " ".join(("年报存档", *filter(None, (opts.portal, opts.since, opts.until))))
        register = open_register(self.settings)
        try:
            summary = export(root, target, wanted, text_reader(register), title=title)
        except ArchiveDamaged as damage:
            raise Refusal(f"{damage}；请运行 scrapy verify run scrapy verify", Exit.DAMAGE) from damage
        except StoreError:
            raise
        except NothingToExport as nothing:
            raise Refusal(str(nothing), Exit.NOT_FOUND) from None
        except ArchiveError as error:
            raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
        except OSError as error:
            if error.filename is not None and Path(error.filename).parent != target.parent:
                raise
            raise Refusal(
                f"{target}：无法写入，请检查路径、权限和空间 cannot be written: {error.strerror}",
                Exit.ARCHIVE_NOT_WRITABLE,
            ) from error
        if summary.withheld:
            sys.stderr.write(f"不外传 withheld (suppress.jsonl): {summary.withheld}\n")
        for name in summary.left_open:
            sys.stderr.write(f"未关闭，未导出 still open, left out: {name}\n")
        for note in summary.notes:
            sys.stderr.write(f"注意 note: {note}\n")
        sys.stdout.write(
            f"{target}: {summary.files} 个 WARC files，{summary.groups} 组记录 groups，"
            f"{summary.pages} 个页面 pages，另附所重复的响应 responses that others repeat {summary.targets}\n"
        )
        return Exit.DONE

    def _withheld(self) -> frozenset[str]:
        """Payloads that are not passed on: those named, and by the catalogue those of a named text."""
        from archive.catalogue.suppressed import suppressed_payloads

        assert self.settings is not None
        named = read_suppress_file(Path(self.settings["DATA_DIR"]))
        if not named:
            return named
        try:
            catalogue = open_catalogue(self.settings, must_exist=True)
        except Refusal:
            sys.stderr.write(
                "没有目录库，只认列入的载荷摘要 without a catalogue only payloads named are withheld\n"
            )
            return named
        with catalogue:
            return suppressed_payloads(catalogue, named)


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Refusal(
            f"{option} {text}：日期应写成 2026-02-03 write a date as 2026-02-03", Exit.USAGE
        ) from None


def text_reader(register: Register) -> TextOf:
    """What extract reads of a page: title, and the text with that of its tables. None for lists as data."""
    import extract
    from archive.warc.capture import Capture
    from archive.warc.wacz import PageText
    from extract.blocks import block_text
    from extract.personal import masked

    def text_of(capture: Capture) -> PageText | None:
        title = capture.context.get("list_title") or capture.url
        try:
            document = extract.read_capture(capture, register)
        except extract.Unreadable:
            return PageText(title, "")
        except Exception as error:  # noqa: BLE001 - one page must not end the export; it is told, and kept
            _log.warning("%s %s: %s", capture.pointer.record_id, capture.url, error)
            return PageText(title, "")
        if capture.context.get("role") != "report" and document.media_type != "text/html":
            return None
        text = "\n".join(filter(None, map(block_text, document.blocks))) or document.text
        return PageText(masked(document.title or title), masked(text))

    return text_of
