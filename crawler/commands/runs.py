"""`scrapy runs`: what former crawls did, from the archive alone. Asks no host for anything.

0  done, also where nobody crawled yet    4  an archive that cannot be read    6  an archive that is damaged
"""

# ruff: noqa: PLC0415 - commands import the rooms inside work() (design.md §2)

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from crawler.command import NianbaoCommand, Refusal
from crawler.exits import Exit
from crawler.stores import archive_folder, open_catalogue

if TYPE_CHECKING:
    from archive.audit.history import RunHistory

FORMATS = ("table", "json")
_MB = 1024 * 1024


class Command(NianbaoCommand):
    """Reads index, run records and walk records; findings come from the catalogue, where there is one."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed

    def syntax(self) -> str:
        return "[--last N] [--format table|json]"

    def short_desc(self) -> str:
        return "历次采集 What former crawls did and how they ended"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--last", type=int, default=20, help="最近几次 how many, the newest; default 20")
        parser.add_argument("--format", choices=FORMATS, default="table", help="输出格式 what to print")

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        from archive.audit.history import read_history
        from archive.warc.errors import ArchiveDamaged
        from archive.warc.reader import ArchiveReader

        assert self.settings is not None
        if opts.last < 1:
            raise Refusal(f"至少一次 at least one: --last {opts.last}", Exit.USAGE)
        try:
            runs = read_history(ArchiveReader(archive_folder(self.settings)))[-opts.last :]
        except ArchiveDamaged as damage:
            raise Refusal(
                f"存档有损坏，请运行 scrapy verify the archive is damaged: {damage}", Exit.DAMAGE
            ) from damage
        findings = self._findings(runs)
        if opts.format == "json":
            records = [_record(run, findings.get(run.run)) for run in runs]
            sys.stdout.write(json.dumps({"runs": records}, ensure_ascii=False, indent=2) + "\n")
        else:
            sys.stdout.writelines(_lines(runs, findings))
        return Exit.DONE

    def _findings(self, runs: Sequence[RunHistory]) -> Mapping[str, int]:
        """Findings of what each run was first to capture; empty without a catalogue."""
        from archive.catalogue.queries import findings_by_run

        assert self.settings is not None
        try:
            with open_catalogue(self.settings, must_exist=True) as catalogue:
                return findings_by_run(catalogue, [run.run for run in runs])
        except Refusal:  # nothing was rebuilt yet: told as a dash
            return {}


def _lines(runs: Sequence[RunHistory], findings: Mapping[str, int]) -> Iterator[str]:
    for run in runs:
        yield f"{_summary(run, findings.get(run.run))}\n"
        for walk in run.walks:
            result = walk.result.value
            if not walk.complete and (run.full or result != "healthy"):
                yield f"    {walk.portal}/{walk.column}: 未走完 not whole（{result}）{walk.reason or ''}\n"
        for fewer in run.fewer:
            yield (
                f"    {fewer.portal}/{fewer.column}: 报告 reports {fewer.before} → {fewer.now}，"
                f"比上次完整采集少，上次所见仍保留 fewer than the whole walk before; what it saw is kept\n"
            )
    yield f"采集 runs {len(runs)}\n"


def _summary(run: RunHistory, findings: int | None) -> str:
    from archive.clock import SHANGHAI

    kind = "完整 full" if run.full else "常规 routine"
    told = "–" if findings is None else str(findings)
    return (
        f"{run.began.astimezone(SHANGHAI):%Y-%m-%d %H:%M}  {_duration(run)}  {kind}"
        f"  门户 portals {len(run.portals)}  页 pages {run.captures}  {run.bytes / _MB:.1f} MB"
        f"  栏目 columns {run.whole}/{len(run.walks)}"
        f"  报告 reports {run.reports}  问题 findings {told}  {_end(run)}"
    )


def _duration(run: RunHistory) -> str:
    if run.ended is None:
        return "--:--:--"
    seconds = int((run.ended - run.began).total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _end(run: RunHistory) -> str:
    resumed = f"，续采 resumed {run.resumed}" if run.resumed else ""
    return f"{run.reason or '中断 cut off'}{resumed}"


def _record(run: RunHistory, findings: int | None) -> dict[str, object]:
    return {
        "run": run.run,
        "began": run.began.isoformat(),
        "ended": run.ended.isoformat() if run.ended else None,
        "seconds": (run.ended - run.began).total_seconds() if run.ended else None,
        "kind": "full" if run.full else "routine",
        "portals": list(run.portals),
        "years": list(run.years),
        "resumed": run.resumed,
        "captures": run.captures,
        "bytes": run.bytes,
        "columns": len(run.walks),
        "columns_whole": run.whole,
        "reports": run.reports,
        "findings": findings,
        "reason": run.reason,
        "fewer": [
            {"portal": fewer.portal, "column": fewer.column, "before": fewer.before, "now": fewer.now}
            for fewer in run.fewer
        ],
    }
