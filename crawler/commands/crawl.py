"""`scrapy crawl portal`: the crawl alone. What happened is the exit code (docs/exit-codes.md)."""

from __future__ import annotations

import argparse
import sys

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from archive.warc.errors import ArchiveError, ArchiveLocked, ArchiveWriteError
from crawler.arguments import ARGUMENTS, read_flag, read_years
from crawler.command import NianbaoCommand, Refusal
from crawler.departures import check_departures
from crawler.exits import Exit
from crawler.guard import Guard, GuardRefused
from crawler.portal import Portal, PortalError, load_portals, select_portals


class Command(NianbaoCommand):
    """Checks everything that the user can mend before the archive is opened, then runs the one spider."""

    min_args = max_args = 1
    example = "scrapy crawl portal -a portals=some-county -a years=2019-2025 -a full=1"

    def syntax(self) -> str:
        return "portal [-a portals=a,b] [-a years=2019-2025] [-a full=1]"

    def short_desc(self) -> str:
        return "采集门户 crawl portals into the archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="portals=a,b | years=2019-2025 | full=1",
        )

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:

        if args[0] != "portal":
            raise UsageError(f"只有一个爬虫 there is one spider: {self.example}", print_help=False)
        given = spider_arguments(opts.spargs, ARGUMENTS)
        self._check(given)
        return self._crawl(given)

    def _check(self, given: dict[str, str]) -> None:
        """Refuse what cannot work before anything is written."""

        assert self.settings is not None
        try:
            read_years(given.get("years", ""))
            read_flag(given.get("full", ""))
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from None
        try:
            portals = load_portals(self.settings.getlist("PORTAL_DIRS"))
            chosen = select_portals(portals, given.get("portals", "").split(","))
            check_departures(chosen, self.settings)
        except PortalError as error:
            raise Refusal(str(error), Exit.INPUT_UNREADABLE) from None
        if not chosen:
            folders = ", ".join(self.settings.getlist("PORTAL_DIRS"))
            raise Refusal(
                f"{folders}: 没有 portal 文件 no portal file; 先 first: scrapy detect 网址",
                Exit.INPUT_UNREADABLE,
            )
        self._check_contact(chosen)

    def _check_contact(self, chosen: list[Portal]) -> None:

        assert self.settings is not None
        guard = Guard.from_settings(self.settings)
        for portal in chosen:
            guard.allow(portal.hosts)
            try:
                guard.check_url(portal.base_url)
            except GuardRefused as refused:
                raise Refusal(f"{portal.id}: {refused}", Exit.USAGE) from None

    def _crawl(self, given: dict[str, str]) -> Exit:

        assert self.settings is not None
        process = AsyncCrawlerProcess(self.settings)
        crawler = process.create_crawler("portal")
        task = process.crawl(crawler, **given)
        process.start()
        error = task.exception() if task.done() and not task.cancelled() else None
        if error is not None:
            return self._failed(error)
        failure = getattr(crawler, "archive_failure", None)
        reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
        faults = crawler.stats.get_value("spider_exceptions/count", 0) if crawler.stats else 0
        if failure is not None:
            raise Refusal(f"存档不可写 archive not writable: {failure}", Exit.ARCHIVE_NOT_WRITABLE)
        return exit_for(reason, faults=bool(faults))

    def _failed(self, error: BaseException) -> Exit:
        """The crawl did not begin. A crash stays a crash."""

        if isinstance(error, PortalError):
            raise Refusal(str(error), Exit.INPUT_UNREADABLE)
        if isinstance(error, ArchiveWriteError | ArchiveLocked | OSError):
            raise Refusal(f"存档不可写 archive not writable: {error}", Exit.ARCHIVE_NOT_WRITABLE)
        if isinstance(error, ArchiveError):
            raise Refusal(f"存档有损坏 archive damaged: {error}; scrapy verify", Exit.DAMAGE)
        raise error


def spider_arguments(pairs: list[str], known: tuple[str, ...]) -> dict[str, str]:
    """-a NAME=VALUE as a dictionary. Raises UsageError for a name that the spider does not know."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in known:
            raise UsageError(f"-a {pair}: 未知参数 unknown; 可用 known: {', '.join(known)}", print_help=False)
        given[name] = value
    return given


def exit_for(reason: str | None, *, faults: bool) -> Exit:
    """The finish reason as an exit code; what nobody planned is a crash."""
    codes = {
        "finished": Exit.DONE,
        "incomplete": Exit.INCOMPLETE,
        "declined": Exit.DECLINED,
        "shutdown": Exit.INCOMPLETE,  # asked to stop by a signal
        "archive_write_failed": Exit.ARCHIVE_NOT_WRITABLE,
    }
    if faults:
        sys.stderr.write("程序出错，见日志 a fault of ours: see the log\n")
        return Exit.CRASH
    return codes.get(reason or "", Exit.CRASH)
