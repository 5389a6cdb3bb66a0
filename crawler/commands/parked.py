"""`scrapy parked [--retry ID …|all]`: documents that a parser could not take, each with its last error.

Those of the built-in parser come first; it reads them again by itself once it has changed.

0  nothing is parked, or what was named is due again    12  documents are parked
2  the setting HANDOFF is wrong    4  the journals cannot be read    5  --retry names none that is parked
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import open_catalogue

if TYPE_CHECKING:
    from archive.catalogue import Catalogue
    from archive.register import Register

BUILT_IN = "built-in"


class Command(NianbaoCommand):
    """Lists what is parked; with --retry makes it due for the next rebuild."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed

    def syntax(self) -> str:
        return "[--retry ID …|all]"

    def short_desc(self) -> str:
        return "移交失败而暂存的文件 Documents that a parser could not take"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--retry",
            nargs="+",
            action="extend",
            default=[],
            metavar="ID",
            help="再次移交 deliver again: ID, or all",
        )

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        from extract.handoff_journal import read_parked

        assert self.settings is not None
        folder = journal_folder(self.settings)
        if opts.retry:
            return _retry(folder, opts.retry)
        parked, unread = read_parked(folder), _unread(self.settings)
        for record_id, url, message in unread:
            sys.stdout.write(f"{BUILT_IN} {record_id}\n  {url}\n  {' '.join(message.split())}\n")
        for item in parked:
            sys.stdout.write(
                f"{item.delivery} {item.parser} {item.publisher or '-'} 试 tries {item.attempts} {item.at}\n"
                f"  {item.url} {item.record_id}\n  {' '.join(item.error.split())}\n"
            )
        sys.stderr.write(f"暂存 parked {len(parked)}；内置解析器读不了 built-in broke on {len(unread)}\n")
        return Exit.FINDINGS if parked or unread else Exit.DONE


def _unread(settings: BaseSettings) -> list[tuple[str, str, str]]:
    """(record, address, error) of the captures on which the built-in parser broke or had to be ended.

    They need no journal: the catalogue says so until a rebuild reads the capture, which a new version of the
    reader or `rebuild --all` does.
    """
    from sqlalchemy import select

    from archive.catalogue import schema
    from extract.rebuild_reading import BROKEN, KILLED

    capture, finding = schema.capture, schema.finding
    query = (
        select(capture.c.record_id, capture.c.url, finding.c.message)
        .join(finding, finding.c.record_id == capture.c.record_id)
        .where(finding.c.code.in_((BROKEN, KILLED)))
        .order_by(capture.c.date, capture.c.record_id)
    )
    try:
        with open_catalogue(settings, must_exist=True) as catalogue, catalogue.engine.connect() as connection:
            return [(row.record_id, row.url, row.message) for row in connection.execute(query)]
    except Refusal as refusal:
        if refusal.exit_code is Exit.NOT_FOUND:
            return []  # nothing was rebuilt yet
        raise


def _retry(folder: Path, wanted: Sequence[str]) -> Exit:
    from archive.clock import SystemClock
    from extract.handoff_journal import Journal, JournalBusyError, read_parked

    parked = read_parked(folder)
    chosen = [item for item in parked if "all" in wanted or _named(item.delivery, wanted)]
    lost = [
        one for one in wanted if one != "all" and not any(_named(item.delivery, [one]) for item in parked)
    ]
    if lost:
        raise Refusal(f"没有暂存这一份 nothing parked under: {'、'.join(lost)}", Exit.NOT_FOUND)
    try:
        for parser in sorted({item.parser for item in chosen}):
            with Journal(folder, parser, SystemClock()) as journal:
                for item in chosen:
                    if item.parser == parser:
                        journal.write("retry", item.delivery)
    except JournalBusyError as error:
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
    sys.stdout.write(f"下次重建时再移交 due again at the next rebuild: {len(chosen)}\n")
    return Exit.DONE


def _named(delivery: str, wanted: Sequence[str]) -> bool:
    """By id or by its beginning, eight characters at least."""
    return any(len(one) >= 8 and delivery.startswith(one) for one in wanted)


def journal_folder(settings: BaseSettings) -> Path:
    """Where the journals of the hand-off lie."""
    return Path(settings["DATA_DIR"]) / "journal" / "handoff"


def hand_over_all(
    settings: BaseSettings, archive: Path, catalogue: Catalogue, register: Register
) -> tuple[list[str], bool]:
    """Hand every document to every parser that is set, after a rebuild: a line a parser, and whether all took
    all. Settings, with what holds without:

    HANDOFF {} (name → command line, or spool:FOLDER), HANDOFF_TRIES 3, HANDOFF_SECONDS 60.
    """
    from archive.clock import SystemClock
    from archive.suppress import FILE, SuppressError, read_suppressed
    from extract.handoff import Handoff, HandoffError, Limits, hand_over, read_targets

    try:
        targets = read_targets(settings.getdict("HANDOFF"))
        limits = Limits(settings.getint("HANDOFF_TRIES", 3), settings.getfloat("HANDOFF_SECONDS", 60.0))
    except (ValueError, TypeError) as error:
        known = isinstance(error, HandoffError)
        words = str(error) if known else f"HANDOFF 应为 should be {{名称 name: 命令 command}}: {error}"
        raise Refusal(words, Exit.USAGE) from error
    if not targets:
        return [], True
    try:
        suppressed = read_suppressed(Path(settings["DATA_DIR"]) / FILE)
    except SuppressError as error:
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
    handoff = Handoff(
        archive, catalogue, register, journal_folder(settings), SystemClock(), suppressed, limits
    )
    lines, whole = [], True
    for target in targets:
        outcome = hand_over(handoff, target)
        words = (
            f"移交 handed to {outcome.parser}：送达 taken {outcome.taken}，等待 waiting {outcome.waiting}，"
            f"暂存 parked {outcome.parked}，不外传 suppressed {outcome.suppressed}"
        )
        lines.append(f"{words}；停止 stopped: {outcome.stopped}" if outcome.stopped else words)
        whole = whole and not outcome.parked and outcome.stopped is None
    return lines, whole
