"""`scrapy rebuild [--all]`: archive → catalogue.

0  done    4  no archive there, or a register file that is wrong    6  a record cannot be read back
12 done, but the reader broke on some page (a finding with its record id), or a parser of the hand-off took
   not all: see scrapy parked
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crawler.command import NianbaoCommand, Refusal
from crawler.commands.parked import hand_over_all
from crawler.exits import Exit
from crawler.stores import archive_folder, open_catalogue, open_register


class Command(NianbaoCommand):
    """Reads every capture that this extractor has not read yet; with --all everything, from nothing."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed

    def syntax(self) -> str:
        return "[--all] [--workers N]"

    def short_desc(self) -> str:
        return "由 WARC 重建目录库 Rebuild the catalogue from the archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--all", action="store_true", help="从头重建 throw the catalogue away first")
        parser.add_argument("--workers", type=int, default=1, help="读取进程数 processes that read")

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.warc.errors import ArchiveDamaged
        from extract.rebuild import rebuild

        assert self.settings is not None
        if opts.workers < 1:
            raise Refusal(f"进程数至少为 1 at least one process: --workers {opts.workers}", Exit.USAGE)
        root = archive_folder(self.settings)
        if not (root / "warc").is_dir():  # a wrong folder must not pass for an empty archive
            raise Refusal(f"没有存档 no archive here: {root}；请先采集 crawl first", Exit.INPUT_UNREADABLE)
        register = open_register(self.settings)
        with open_catalogue(self.settings) as catalogue:
            try:
                with _progress() as told:
                    summary = rebuild(
                        root, catalogue, register, everything=opts.all, workers=opts.workers, progress=told
                    )
            except ArchiveDamaged as error:
                raise Refusal(f"{error}；请运行 scrapy verify run scrapy verify", Exit.DAMAGE) from error
            sys.stdout.write(
                f"采集记录 captures {summary.captures}，新读 read {summary.read}，未变 kept {summary.kept}，"
                f"读不出 unreadable {summary.unreadable}，出错 broken {summary.broken}，"
                f"栏目巡查 walks {summary.walks}，报告 reports {summary.reports}\n"
            )
            sys.stdout.flush()
            lines, all_taken = hand_over_all(self.settings, root, catalogue, register)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return Exit.DONE if all_taken and not summary.broken else Exit.FINDINGS


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar with rate and time left on stderr, where that is a terminal; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("重建 rebuild"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("剩余 left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def told(done: int, total: int) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, completed=done, total=total, rate=f"{speed:.0f}/s" if speed else "")

        yield told
