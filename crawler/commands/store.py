"""`scrapy store push [--drop-local] | check`: closed files in ARCHIVE_STORE, a folder that fsspec reaches.

0  done    2  wrong word, or no ARCHIVE_STORE set    3  push: the store cannot be written (or refuses)
4  no archive here; check: the store cannot be read    6  damage, here or in the store
10  check: files that are not in the store yet
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import local_archive

_STATES = {
    "pushed": "已送出 pushed",
    "there": "已在 there",
    "dropped": "已送出，本地已删 pushed, dropped here",
}


class Command(NianbaoCommand):
    """Copies closed files into the store, or reads them all there and compares."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed
    min_args = max_args = 1

    def syntax(self) -> str:
        return "push [--drop-local] | check"

    def short_desc(self) -> str:
        return "将已关闭的文件送往存储 Closed files into a store (S3 …), or check them there"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--drop-local",
            action="store_true",
            help="送出并核对后删除本地 WARC delete here what is whole there",
        )

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        assert self.settings is not None
        root, url = local_archive(self.settings), self.settings["ARCHIVE_STORE"]
        if args[0] not in {"push", "check"} or (opts.drop_local and args[0] != "push"):
            raise UsageError(f"用法 usage: scrapy store {self.syntax()}", print_help=False)
        if not url:
            raise Refusal(
                "未设置存储，例如 no store is set, e.g. NIANBAO_ARCHIVE_STORE=s3://bucket/nianbao", Exit.USAGE
            )
        if not (root / "warc").is_dir():
            raise Refusal(f"没有存档 no archive here: {root}；请先采集 crawl first", Exit.INPUT_UNREADABLE)
        return _push(root, url, drop_local=opts.drop_local) if args[0] == "push" else _check(root, url)


def _push(root: Path, url: str, *, drop_local: bool) -> Exit:
    from archive.warc.errors import ArchiveDamaged, ArchiveLocked
    from archive.warc.store import StoreError
    from archive.warc.store_push import push

    def told(file: str, state: str) -> None:
        if state != "there":
            sys.stderr.write(f"{_STATES[state]}: {file}\n")

    try:
        summary = push(root, url, drop_local=drop_local, told=told)
    except ArchiveDamaged as damage:
        raise Refusal(f"{damage}；请运行 scrapy verify run scrapy verify", Exit.DAMAGE) from damage
    except (StoreError, ArchiveLocked) as error:
        raise Refusal(str(error), Exit.ARCHIVE_NOT_WRITABLE) from error
    for name in summary.left_open:
        sys.stderr.write(f"未关闭，未送出 still open, left here: {name}\n")
    sys.stdout.write(
        f"{url}: 送出 pushed {len(summary.pushed)}，原已在 there before {len(summary.there)}，"
        f"本地删除 dropped here {len(summary.dropped)}\n"
    )
    return Exit.DONE


def _check(root: Path, url: str) -> Exit:
    from archive.warc.store import StoreError
    from archive.warc.store_push import check

    try:
        whole, faults = check(root, url)
    except StoreError as error:
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
    for fault in faults:
        sys.stdout.write(f"{'缺 absent' if fault.absent else '损坏 damage'}: {fault}\n")
    sys.stdout.write(f"{url}: 完好 whole {whole}，有问题 wrong {len(faults)}\n")
    if any(not fault.absent for fault in faults):
        return Exit.DAMAGE
    return Exit.INCOMPLETE if faults else Exit.DONE
