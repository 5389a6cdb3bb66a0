"""`scrapy tick`: crawl what is due, rebuild, audit, and tell what changed (where NOTICES names somebody).

0  every stage did its work, whatever it found    otherwise the exit code of the stage that did not; 1 a crash
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import sys
from datetime import date

from scrapy.settings import BaseSettings

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import archive_folder
from crawler.tick import StageFailedError, Stages, crawl_due, take_stock


class Command(NianbaoCommand):
    """For cron, systemd and `scrapy schedule`. A tick too many asks no host for anything."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed

    def syntax(self) -> str:
        return "[--as-of DATE]"

    def short_desc(self) -> str:
        return "到期的门户采集一次，重建、核查、通知 Crawl what is due, rebuild, audit, notify"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--as-of", help="核查日 the day judged; default: today in China")

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        assert self.settings is not None
        as_of = _day(opts.as_of)
        stages = Stages(given(opts))
        try:
            crawled = crawl_due(stages)
            if not (archive_folder(self.settings) / "warc").is_dir():
                sys.stderr.write("还没有存档，无可核查 nothing archived yet, nothing to rebuild or audit\n")
                return Exit.DONE
            notify = bool(self.settings["NOTICES"])
            take_stock(stages, as_of or today(self.settings), crawled=crawled, notify=notify)
        except StageFailedError as failure:
            known = failure.code in {code.value for code in Exit}
            raise Refusal(str(failure), Exit(failure.code) if known else Exit.CRASH) from failure
        return Exit.DONE


def given(opts: argparse.Namespace) -> dict[str, str]:
    """The settings of the command line, for the stages: `-s NAME=VALUE`."""
    return dict(option.split("=", 1) for option in opts.set)


def today(settings: BaseSettings) -> date:
    """The day in China, by the clock of the settings."""
    from archive.clock import SHANGHAI
    from crawler.recording import clock_from

    return clock_from(settings).now().astimezone(SHANGHAI).date()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal(f"日期应写成 a day is written 2026-02-03: --as-of {text}", Exit.USAGE) from error
