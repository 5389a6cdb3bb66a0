"""`scrapy crawl portal`: the crawl alone. What happened is the exit code (docs/exit-codes.md).

0  every column walked, every index number found
2  unknown option, argument or portal, or no CONTACT    3  archive or store not writable
4  a portal file, a store or a list that cannot be read    5  no such run, an index number not found
6  archive damaged    10  a column not walked whole    11  a site declined, no other trouble
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from archive.context import RowOutcome, WalkRecord
from archive.warc.errors import ArchiveDamaged, ArchiveError
from archive.warc.reader import ArchiveReader
from archive.warc.store import Store
from archive.warc.store_push import push
from crawler.arguments import ARGUMENTS, read_flag, read_years
from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.guard import Guard, GuardRefused
from crawler.lint import portal_faults
from crawler.numbers import NumbersError, Search, read_numbers
from crawler.portal import Portal, PortalError, load_portals, select_portals
from crawler.process import run_spider
from crawler.provenance import chosen_for_all, note_unverified
from crawler.replay import RunUnknownError, run_to_reread
from crawler.spiders.portal import PortalSpider
from crawler.stores import archive_folder, local_archive
from crawler.walk import Walk

EXAMPLE = "scrapy crawl portal -a portals=some-county -a years=2019-2025 -a full=1"


class Command(NianbaoCommand):
    """Checks everything that the user can mend before the archive is opened, then runs the one spider."""

    min_args = max_args = 1

    def syntax(self) -> str:
        return (
            "portal [-a portals=a,b] [-a years=2019-2025] [-a full=1] [-a resume=0] "
            "[-a index_numbers=FILE] | [-a replay=RUN]"
        )

    def short_desc(self) -> str:
        return "采集门户 Crawl portals into the archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="portals=a,b | years=2019-2025 | full=1 | resume=0 | index_numbers=FILE | replay=RUN",
        )

    def work(self, args: list[str], opts: argparse.Namespace) -> Exit:
        assert self.settings is not None
        if args[0] != "portal":
            raise UsageError(f"只有一个爬虫 there is one spider: {EXAMPLE}")
        given = spider_arguments(opts.spargs)
        root = local_archive(self.settings)
        if url := self.settings["ARCHIVE_STORE"]:
            Store(url).read_manifest()  # a store out of reach is told before anything is asked for
        unread = check_numbers(given.get("index_numbers", ""))
        if given.get("replay"):
            demand_run(self.settings, given["replay"])
        chosen = chosen_portals(self.settings, given.get("portals", ""), offline=bool(given.get("replay")))
        if not given.get("replay"):
            given |= without_unverified(chosen, given.get("portals", ""))
        crawler, code = run_spider(self.settings, "portal", given)
        assert isinstance(crawler.spider, PortalSpider)
        for record in crawler.spider.records:
            sys.stdout.write(summary_line(record))
        sys.stdout.writelines(number_lines(crawler.spider.searches))
        if code is Exit.DONE and unread:
            code = Exit.NOT_FOUND  # a line of the list that is no number was not found either
        if url:
            return keep_in_store(root, url, code)
        return code


def keep_in_store(root: Path, url: str, code: Exit) -> Exit:
    """What the crawl closed goes into the store. That it did not is told, and ends a good crawl with 3."""
    try:
        pushed = push(root, url).pushed
    except ArchiveError as error:
        sys.stderr.write(
            f"{error}；存档在本地完好，请稍后运行 scrapy store push it is all here: run it later\n"
        )
        return Exit.ARCHIVE_NOT_WRITABLE if code is Exit.DONE else code
    sys.stderr.write(f"{url}: 送出 pushed {len(pushed)}\n")
    return code


def check_numbers(path: str) -> bool:
    """Refuse a list without a single number; tell the lines that are none, and whether there are any."""
    if not path:
        return False
    try:
        numbers = read_numbers(Path(path))
    except NumbersError as error:
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from None
    for fault in numbers.faults:
        sys.stderr.write(f"{fault}\n")
    if numbers.repeats:
        shown = "、".join(numbers.repeats[:5])
        sys.stderr.write(f"{path}: {len(numbers.repeats)} 个索引号重复，只查一次 asked once: {shown}\n")
    return bool(numbers.faults)


def number_lines(searches: Iterable[tuple[Walk, Search]]) -> Iterator[str]:
    """What came of each index number on each portal: a line a document, or a line that says why none."""
    for _, search in searches:
        head, told = f"{search.wanted.number.raw}\t{search.portal}\t{search.outcome}", search.words()
        for hit in search.hits:
            yield f"{head}\t{hit.url}\t{hit.title}{'：' if told else ''}{told}\n"
        if not search.hits:
            yield f"{head}\t{told}\n"


def demand_run(settings: BaseSettings, run: str) -> None:
    """Refuse to read a run again that the archive does not hold."""
    try:
        run_to_reread(ArchiveReader(archive_folder(settings)), run)
    except RunUnknownError as unknown:
        raise Refusal(str(unknown), Exit.NOT_FOUND) from None
    except ArchiveDamaged as damage:
        raise Refusal(
            f"存档有损坏 archive damaged: {damage}；请运行 run scrapy verify", Exit.DAMAGE
        ) from None


def chosen_portals(settings: BaseSettings, names: str, *, offline: bool = False) -> list[Portal]:
    """The portals asked for, checked. Raises Refusal or UsageError, before anything is written.

    `offline`: nothing will be fetched, so whether a portal may be asked does not matter.
    """
    folders = settings.getlist("PORTAL_DIRS")
    try:
        portals = load_portals(folders)
    except PortalError as error:
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from None
    try:
        chosen = select_portals(portals, names.split(","))
    except PortalError as error:
        raise UsageError(str(error)) from None
    if not chosen:
        raise Refusal(
            f"{', '.join(folders)}: 没有门户文件 no portal file; 先 first: scrapy detect 网址 URL",
            Exit.INPUT_UNREADABLE,
        )
    for portal in chosen if not offline else ():
        check_portal(portal, settings)
    return chosen


def without_unverified(chosen: list[Portal], names: str) -> dict[str, str]:
    """A crawl of everything leaves out what nobody has verified; named, it is crawled with a word about it.

    The argument `portals` where it must say so. Raises Refusal where nothing is left.
    """
    taken, unverified = chosen_for_all(chosen)
    for portal in unverified:
        sys.stderr.write(f"{note_unverified(portal)}\n")
    if names.strip(",") or not unverified:
        return {}
    if not taken:
        raise Refusal(
            "门户文件均未核实，请用 portals= 点名试采 every portal file is unverified: name some",
            Exit.INPUT_UNREADABLE,
        )
    return {"portals": ",".join(portal.id for portal in taken)}


def check_portal(portal: Portal, settings: BaseSettings) -> None:
    """Refuse a portal that cannot be crawled: a fault in its file, or no CONTACT to sign with."""
    for fault in portal_faults(portal, settings):
        raise Refusal(fault, Exit.INPUT_UNREADABLE)
    guard = Guard.from_settings(settings)
    guard.allow(portal.allowed_hosts)
    try:
        guard.check_url(portal.base_url)
    except GuardRefused as refused:
        raise Refusal(f"{portal.id}: {refused}", Exit.USAGE) from None


def summary_line(walk: WalkRecord) -> str:
    """One walked column as a line on stdout."""
    counts = Counter(row.outcome for row in walk.rows)
    whole = "完整 complete" if walk.complete else "不完整 not complete"
    told = f"：{walk.reason}" if walk.reason else ""
    return (
        f"{walk.portal}/{walk.column}\t{walk.result}\t{whole}\t抓取 followed {counts[RowOutcome.FOLLOWED]}，"
        f"已存 held {counts[RowOutcome.HELD]}，略过 skipped {counts[RowOutcome.SKIPPED]}{told}\n"
    )


def spider_arguments(pairs: list[str]) -> dict[str, str]:
    """-a NAME=VALUE as a dictionary. Raises UsageError for what the spider does not know."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or name not in ARGUMENTS:
            known = ", ".join(ARGUMENTS)
            raise UsageError(f"-a {pair}: 未知参数 unknown argument; 可用 known: {known}")
        given[name] = value
    if given.get("index_numbers") and given.keys() & {"replay", "resume"}:
        raise UsageError("-a index_numbers: 不与 replay、resume 同用 not together with replay or resume")
    if given.get("replay") and given.keys() & {"years", "full", "resume"}:
        raise UsageError("-a replay: years、full 取自该次采集，请勿另给 years and full are those of the run")
    try:
        read_years(given.get("years", ""))
        for flag in ("full", "resume"):
            read_flag(given.get(flag, ""), flag)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return given
