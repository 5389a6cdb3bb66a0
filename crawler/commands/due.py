"""`scrapy due [--at TIME]`: the portals to crawl now, from the archive alone; asks no host for anything.

    scrapy due --format ids --kind full       a line for `-a portals=`; empty where none is due
    scrapy due --format json                  every portal, with the moment at which it is due

0  done, also where nothing is due    2  a time that is none    4  a portal file that cannot be used
6  an archive that is damaged
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import archive_folder

if TYPE_CHECKING:
    from archive.audit.due import Due, Looks, PortalPlan
    from archive.context import RunRecord

FORMATS = ("table", "json", "ids")
KINDS = ("full", "routine")
_EARLY = 0.5  # hours: a daily tick never comes just too early


class Command(NianbaoCommand):
    """Reads the portal files and the walk records of the archive."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed

    def syntax(self) -> str:
        return "[--at TIME] [--kind full|routine] [--format table|json|ids]"

    def short_desc(self) -> str:
        return "现在该采集的门户 Which portals are due for a crawl"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--at", help="此刻 the moment asked about, 2026-02-03T09:00:00+08:00; default: now"
        )
        parser.add_argument("--kind", choices=KINDS, help="只列完整或常规 only whole or only routine crawls")
        parser.add_argument("--format", choices=FORMATS, default="table", help="输出格式 what to print")

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.audit.due import read_looks, when_due
        from archive.warc.errors import ArchiveDamaged
        from archive.warc.reader import ArchiveReader

        now = self._moment(opts.at)
        plans = self._plans()
        try:
            looks = read_looks(ArchiveReader(archive_folder(self._settings)), now)
        except ArchiveDamaged as damage:
            raise Refusal(
                f"存档有损坏，请运行 scrapy verify the archive is damaged: {damage}", Exit.DAMAGE
            ) from damage
        found = when_due(plans, looks, now)
        ready = [due for due in found if due.is_due(now) and opts.kind in {None, _kind(due)}]
        if opts.format == "ids":
            hours = self._settings.getfloat("RESUME_WITHIN_HOURS")
            wanted = _to_resume(looks, ready, opts.kind, now - timedelta(hours=hours))
            sys.stdout.write(f"{','.join(wanted)}\n" if wanted else "")
        elif opts.format == "json":
            later = [due for due in found if not due.is_due(now)]
            sys.stdout.write(_json(now, ready, later))
        else:
            sys.stdout.writelines(_lines(ready, found, now))
        return Exit.DONE

    @property
    def _settings(self) -> BaseSettings:
        assert self.settings is not None
        return self.settings

    def _moment(self, text: str | None) -> datetime:
        """A time without a zone is China's."""
        from archive.clock import SHANGHAI
        from crawler.recording import clock_from

        if not text:
            return clock_from(self._settings).now()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise Refusal(
                f"时间应写成 a time is written 2026-02-03T09:00:00+08:00: --at {text}", Exit.USAGE
            ) from error
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)

    def _plans(self) -> list[PortalPlan]:
        from archive.audit.due import Pace, PortalPlan
        from crawler.portal import PortalError, load_portals
        from crawler.provenance import chosen_for_all, note_unverified

        try:
            portals = load_portals(self._settings.getlist("PORTAL_DIRS"))
        except PortalError as error:
            raise Refusal(str(error), Exit.INPUT_UNREADABLE) from error
        if not portals:
            folders = "、".join(self._settings.getlist("PORTAL_DIRS"))
            sys.stderr.write(
                f"还没有门户文件 no portal file yet: {folders}；先 first: scrapy detect 网址 URL --write\n"
            )
        taken, unverified = chosen_for_all(portals.values())
        sys.stderr.writelines(f"{note_unverified(portal)}\n" for portal in unverified)
        return [
            PortalPlan(
                portal.id,
                portal.name,
                tuple(column.id for column in portal.columns),
                Pace(
                    routine_hours=portal.cadence.routine_days * 24 - _EARLY,
                    full_hours=portal.cadence.full_days * 24 - _EARLY,
                )
                if portal.cadence
                else None,
            )
            for portal in taken
        ]


def _to_resume(looks: Looks, ready: Sequence[Due], kind: str | None, since: datetime) -> list[str]:
    """The portals due; where a run of this kind was cut off, exactly its portals: it is then gone on with."""
    ids = [due.portal for due in ready]
    for run in reversed(looks.unfinished):
        if run.at >= since and not run.years and kind == _run_kind(run) and set(run.portals) <= set(ids):
            return list(run.portals)
    return ids


def _run_kind(run: RunRecord) -> str:
    return KINDS[0] if run.full else KINDS[1]


def _kind(due: Due) -> str:
    return KINDS[0] if due.full else KINDS[1]


_KIND_WORDS = {"full": "完整 full", "routine": "常规 routine"}


def _lines(ready: Sequence[Due], found: Sequence[Due], now: datetime) -> Iterator[str]:
    """A line a portal that is due; the last line tells of the others."""
    for due in ready:
        yield f"{due.portal}\t{due.name}\t{_KIND_WORDS[_kind(due)]}\t{_why(due)}\n"
    later = [due for due in found if not due.is_due(now)]
    following = f"，下一个 the next: {later[0].portal} {_time(later[0].at)}" if later else ""
    yield f"到期 due {len(ready)}，未到 not yet {len(later)}{following}\n"


def _why(due: Due) -> str:
    if due.failures:
        return f"连续失败 failures {due.failures}（{due.last_result}），可再试 to be tried again"
    if due.last_look is None:
        return "尚未采集 never looked at, or long ago"
    if due.full and due.last_whole is None:
        return "尚无完整巡查 never walked whole, or long ago"
    return f"上次 last look {_time(due.last_look)}，到期 due since {_time(due.at)}"


def _time(moment: datetime) -> str:
    from archive.clock import SHANGHAI

    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _json(now: datetime, ready: Sequence[Due], later: Sequence[Due]) -> str:
    whole = {
        "at": _iso(now),
        "due": [_record(due) for due in ready],
        "later": [_record(due) for due in later],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _record(due: Due) -> dict[str, object]:
    from archive.audit.due import NEVER

    return {
        "portal": due.portal,
        "name": due.name,
        "kind": _kind(due),
        "due_since": None if due.at == NEVER else _iso(due.at),
        "last_look": _iso(due.last_look),
        "last_complete_walk": _iso(due.last_whole),
        "failures": due.failures,
        "last_result": due.last_result,
        "columns": list(due.columns),
    }


def _iso(moment: datetime | None) -> str | None:
    from archive.clock import SHANGHAI

    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds") if moment else None
