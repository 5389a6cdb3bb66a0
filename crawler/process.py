"""Runs a spider in this process and says how it ended, in exit codes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.warc.errors import ArchiveError, ArchiveLocked, ArchiveWriteError
from archive.warc.store import StoreError
from crawler.command import Refusal
from crawler.exits import Exit
from crawler.portal import PortalError
from crawler.recording import ArchiveExtension

CODES = {
    "finished": Exit.DONE,
    "incomplete": Exit.INCOMPLETE,
    "declined": Exit.DECLINED,
    "not_found": Exit.NOT_FOUND,  # of a crawl by index numbers
    "shutdown": Exit.INCOMPLETE,  # a signal asked it to stop
    "archive_damaged": Exit.DAMAGE,
    "archive_write_failed": Exit.ARCHIVE_NOT_WRITABLE,
}


def run_spider(
    settings: Settings, spider: str | type[Spider], arguments: Mapping[str, Any]
) -> tuple[Crawler, Exit]:
    """The crawler after the run, and its exit code. Raises Refusal where the run could not begin or go on.

    A finish reason that nobody planned is a crash (1), and so is an exception in the spider's own code.
    """
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    task = process.crawl(crawler, **arguments)
    process.start()
    error = task.exception() if task.done() and not task.cancelled() else None
    if error is not None:
        raise _refusal(error) from error
    archive = ArchiveExtension.opened(crawler)
    if archive is not None and archive.failure is not None:
        raise Refusal(f"存档不可写 archive not writable: {archive.failure}", Exit.ARCHIVE_NOT_WRITABLE)
    stats = crawler.stats
    if stats.get_value("spider_exceptions/count"):
        sys.stderr.write("程序出错，见日志 a fault of ours, see the log\n")
        return crawler, Exit.CRASH
    return crawler, CODES.get(str(stats.get_value("finish_reason")), Exit.CRASH)


def _refusal(error: BaseException) -> BaseException:
    """What kept the run from beginning, as a line for people. What is no known refusal stays a crash."""
    if isinstance(error, PortalError | StoreError):
        return Refusal(str(error), Exit.INPUT_UNREADABLE)
    if isinstance(error, ArchiveWriteError | ArchiveLocked | OSError):
        return Refusal(f"存档不可写 archive not writable: {error}", Exit.ARCHIVE_NOT_WRITABLE)
    if isinstance(error, ArchiveError):
        return Refusal(f"存档有损坏 archive damaged: {error}；请运行 run scrapy verify", Exit.DAMAGE)
    return error
