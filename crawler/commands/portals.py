"""`scrapy portals [--check] [--schema]`: the portal files, listed or linted, offline.

0  done    4  a file that cannot be used (every fault is told, one line each)
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable

from crawler.command import NianbaoCommand
from crawler.exits import Exit
from crawler.lint import lint, notes
from crawler.platforms import PLATFORMS
from crawler.portal import Portal, portal_schema
from crawler.stores import open_register


class Command(NianbaoCommand):
    """Reads every file in PORTAL_DIRS and asks no host for anything."""

    def syntax(self) -> str:
        return "[--check] [--schema]"

    def short_desc(self) -> str:
        return "列出或检查门户文件 List or lint the portal files, offline"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--check", action="store_true", help="只检查 check, list nothing")
        parser.add_argument("--schema", action="store_true", help="打印 JSON Schema print the schema")

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        assert self.settings is not None
        if opts.schema:
            sys.stdout.write(json.dumps(portal_schema(), ensure_ascii=False, indent=2) + "\n")
            return Exit.DONE
        portals, faults = lint(self.settings.getlist("PORTAL_DIRS"), self.settings, self._known_publisher())
        for fault in faults:
            sys.stderr.write(f"{fault}\n")
        for note in notes(portals.values()):
            sys.stderr.write(f"注意 note: {note}\n")
        if opts.check:
            sys.stdout.write(f"门户文件 portal files: {len(portals)}，问题 faults: {len(faults)}\n")
        else:
            sys.stdout.write(listing(portals.values()))
        return Exit.INPUT_UNREADABLE if faults else Exit.DONE

    def _known_publisher(self) -> Callable[[str], bool]:
        assert self.settings is not None
        register = open_register(self.settings)
        return lambda code: register.by_code(code) is not None


def listing(portals: Iterable[Portal]) -> str:
    """One line a portal, then the platforms that a file may name."""
    lines = [
        f"{p.id}\t{p.county_code} {p.name}\t{p.platform}\t{p.base_url}\t栏目 columns: {len(p.columns)}"
        for p in portals
    ]
    known = "，".join(f"{platform.name}（{platform.title}）" for platform in PLATFORMS.values())
    return "\n".join([*lines, f"平台 platforms: {known}"]) + "\n"
