"""`scrapy audit --as-of DATE`: who is missing, who is late, as of a day, and how we know.

0  all as it should be         20 missing (confirmed)       21 late on a statutory basis       22 both
23 neither, but something not crawled, undated or otherwise not to be decided
7  a notice of `--notify` was not delivered
2  a date, year or county that cannot be used      5  nothing to judge: no catalogue
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import gc
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.arguments import read_years
from crawler.audit_files import FORMATS, rendered, write_files
from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import open_catalogue, open_register, read_suppress_file

if TYPE_CHECKING:
    from archive.audit.run import Audit, Scope
    from archive.audit.verdict import Former
    from archive.register import Register

FIRST_YEAR = 2018  # the last report year under the old statute: older ones are largely lost (statute.md §5)
OLDEST_YEAR = 2008  # the first report year of all: the regulation came into force on 1 May 2008
LAST_AS_OF = 2100  # the last year that a register file can name


class Command(NianbaoCommand):
    """Judges the catalogue; fetches nothing and never asks the clock."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed

    def syntax(self) -> str:
        return (
            "--as-of DATE [--seen-until DATE] [--years 2018-2025] [--county CODE …] [--since AUDIT.json]"
            " [--publisher NAME|CODE …] [--format table,csv,json,html,xlsx,letter,citizen] [--out FOLDER]"
            " [--notify]"
        )

    def short_desc(self) -> str:
        return "缺失与逾期核查 Who is missing and who is late, as of a day"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--as-of", help="核查日 the day judged, 2026-02-03")
        parser.add_argument(
            "--seen-until", help="只采信此前的采集 the last capture admitted, a day or an ISO time"
        )
        parser.add_argument("--years", help="报告年度 report years: 2018-2025, or 2024")
        parser.add_argument("--county", nargs="+", action="extend", default=[], help="县区代码 county codes")
        parser.add_argument(
            "--publisher",
            nargs="+",
            action="extend",
            default=[],
            help="只列这些单位，名称或代码 only these bodies, by name or code",
        )
        parser.add_argument(
            "--format",
            default="table",
            help="输出格式，可用逗号列几种 what to print, several by commas: " + ", ".join(FORMATS),
        )
        parser.add_argument(
            "--out", metavar="FOLDER", help="写入文件夹 write files there: 台账 xlsx 每县一份 one a county"
        )
        parser.add_argument(
            "--notify",
            action="store_true",
            help="有变化时通知（NIANBAO_NOTICES） tell what changed since the last notice",
        )
        parser.add_argument(
            "--since", metavar="AUDIT.json", help="只列较上次有变化的 only what changed since that audit"
        )

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.audit.decisions import read_journal
        from archive.audit.run import run_audit
        from archive.audit.select import only_publishers
        from archive.audit.withheld import without_withheld
        from archive.catalogue.suppressed import suppressed_versions
        from crawler.audit_notes import audit_notes, publishers_named
        from crawler.notices import tell_changes

        assert self.settings is not None
        forms = _formats(opts.format)
        _check_notify(opts)
        former = _former(opts.since) if opts.since else None
        suppressed = read_suppress_file(Path(self.settings["DATA_DIR"]))
        register = open_register(self.settings)
        gc.freeze()  # a register of the country stays as it is: looking through it finds no garbage
        scope = _scope(opts, register)
        chosen = publishers_named(opts.publisher, register, scope.counties)
        if chosen and not scope.counties:
            scope = replace(scope, counties=_counties_of(chosen, register))
        journal = read_journal(Path(self.settings["DATA_DIR"]) / "verdicts", register, _last_day(scope))
        for fault in journal.faults:
            sys.stderr.write(f"人工核定有误，请更正 a decision that cannot be used: {fault}\n")
        with open_catalogue(self.settings, must_exist=True) as catalogue:
            withheld = suppressed_versions(catalogue, suppressed)
            audit = without_withheld(run_audit(catalogue, register, scope, journal), withheld)
            _refuse_mixture(audit)
            audit = only_publishers(audit, chosen) if chosen else audit
            told = _since(audit, former) if former else audit
            if opts.out or len(forms) > 1 or "xlsx" in forms:
                folder = Path(opts.out) if opts.out else Path(self.settings["DATA_DIR"]) / "audit"
                write_files(told, forms, catalogue, folder, withheld)
            else:
                sys.stdout.buffer.write(rendered(told, forms[0]).encode())
                sys.stdout.flush()
        sys.stderr.writelines(f"{note}\n" for note in audit_notes(audit))
        if opts.notify and not tell_changes(audit, self.settings):
            return Exit.NOT_SENT
        return verdict_exit(audit)


def verdict_exit(audit: Audit) -> Exit:
    """The exit code of design.md §5: 21 only for what is late on a statutory basis."""
    if audit.missing and audit.late:
        return Exit.AUDIT_MISSING_AND_LATE
    if audit.missing:
        return Exit.AUDIT_MISSING
    if audit.late:
        return Exit.AUDIT_LATE
    return Exit.AUDIT_UNKNOWN if audit.unknown else Exit.DONE


def _check_notify(opts: argparse.Namespace) -> None:
    """What was told once is compared with what is known now, of all years: a part of it would tell half."""
    if opts.notify and (opts.seen_until or opts.years or opts.publisher):
        raise Refusal("--notify 不能与 not together with --seen-until, --years, --publisher", Exit.USAGE)


def _scope(opts: argparse.Namespace, register: Register) -> Scope:
    from archive.audit.run import Scope

    if not opts.as_of:
        raise Refusal("请给出核查日 give the day judged: --as-of 2026-02-03", Exit.USAGE)
    as_of = _day(opts.as_of, "--as-of")
    for code in opts.county:
        if register.county(code) is None:
            raise Refusal(
                f"名录中没有县区 no such county in the register: --county {code}；可先起草 draft it first:"
                f" scrapy register draft {code} --write",
                Exit.USAGE,
            )
    years = _years(opts.years) if opts.years else tuple(range(FIRST_YEAR, as_of.year))
    if not years or years[0] < OLDEST_YEAR or years[-1] >= as_of.year:
        told = f"--years {opts.years}" if opts.years else f"--as-of {as_of}"
        raise Refusal(
            f"没有可核查的报告年度，应在{OLDEST_YEAR}年与核查日上一年之间 no report year to judge, give years"
            f" from {OLDEST_YEAR} to the one before the day judged: {told}",
            Exit.USAGE,
        )
    if as_of.year > LAST_AS_OF:
        raise Refusal(f"核查日过远，请检查 the day judged is too far ahead: --as-of {as_of}", Exit.USAGE)
    return Scope(as_of, _moment(opts.seen_until), years, tuple(dict.fromkeys(opts.county)))


def _counties_of(publishers: Sequence[str], register: Register) -> tuple[str, ...]:
    found = (register.by_code(code) for code in publishers)
    return tuple(dict.fromkeys(body.county_code for body in found if body is not None))


def _day(text: str, option: str) -> date:
    refusal = Refusal(f"日期应写成 a day is written 2026-02-03: {option} {text}", Exit.USAGE)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise refusal
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refusal from error


def _moment(text: str | None) -> datetime | None:
    """A day means to its end in China; a time without a zone is China's."""
    from archive.audit.holdings import end_of_day
    from archive.clock import SHANGHAI

    if not text:
        return None
    if "T" not in text and " " not in text:
        return end_of_day(_day(text, "--seen-until"))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(
            f"时间应写成 a time is written 2026-02-03T09:00:00+08:00: --seen-until {text}", Exit.USAGE
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _years(text: str) -> tuple[int, ...]:
    try:
        return tuple(sorted(read_years(text)))
    except ValueError as error:
        raise Refusal(f"{error}: --years {text}", Exit.USAGE) from error


def _refuse_mixture(audit: Audit) -> None:
    samples = {county.county.sample for county in audit.counties}
    if len(samples) > 1:
        raise Refusal(
            "样例与真实县区不能一起核查，请用 --county 分开 sample and real counties are not judged together:"
            " part them by --county",
            Exit.USAGE,
        )


def _formats(text: str) -> tuple[str, ...]:
    forms = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for form in forms or (text,):
        if form not in FORMATS:
            raise Refusal(
                f"没有这个选择 no such choice: --format {form}; 可用 known: {', '.join(FORMATS)}", Exit.USAGE
            )
    return forms


def _former(path: str) -> Former:
    from archive.audit.changes import FormerError, read_former

    try:
        return read_former(Path(path))
    except FormerError as error:
        raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error


def _since(audit: Audit, former: Former) -> Audit:
    from archive.audit.changes import only_changes

    return only_changes(audit, former)


def _last_day(scope: Scope) -> date | None:
    """What people decided after the last capture admitted does not count either."""
    from archive.audit.workdays import day_in_china

    return day_in_china(scope.seen_until) if scope.seen_until else None
