"""Runs `scrapy` in a process of its own, and reads back what it archived."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from archive.context import WalkRecord
from archive.warc.index import IndexEntry
from archive.warc.reader import ArchiveReader

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str
    data: Path

    @property
    def reader(self) -> ArchiveReader:
        return ArchiveReader(self.data / "warc")

    def captures(self, role: str | None = None) -> list[IndexEntry]:
        return [
            entry for entry in self.reader.entries() if entry.kind == "capture" and role in (None, entry.role)
        ]

    def walks(self) -> dict[str, WalkRecord]:
        """The newest walk of each column, by portal/column."""
        return {f"{walk.portal}/{walk.column}": walk for _, walk in self.reader.walks()}


@dataclass(frozen=True)
class Command:
    line: list[str]
    environment: dict[str, str]


def scrapy_command(
    data: Path, *arguments: str, settings: Sequence[str] = (), module: str = "tests.crawler.settings"
) -> Command:
    """A command that writes everything under `data`."""
    places = (
        f"DATA_DIR={data}",
        f"ARCHIVE_DIR={data / 'warc'}",
        f"CATALOGUE_URL=sqlite:///{data / 'catalogue.sqlite'}",
    )
    options = [part for setting in (*places, *settings) for part in ("-s", setting)]
    line = [sys.executable, "-m", "scrapy", *arguments, *options]
    return Command(line, {**os.environ, "SCRAPY_SETTINGS_MODULE": module})


def scrapy(
    data: Path,
    *arguments: str,
    settings: Sequence[str] = (),
    module: str = "tests.crawler.settings",
    timeout: float = 120,
) -> Ran:
    """Run one command to its end."""
    command = scrapy_command(data, *arguments, settings=settings, module=module)
    done = subprocess.run(
        command.line,
        cwd=ROOT,
        env=command.environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr, data)


def full_crawl(
    folder: Path,
    port: int,
    *hosts: str,
    settings: Sequence[str] = (),
    module: str = "tests.crawler.settings",
) -> Ran:
    """A full crawl of the portal files in `folder`/portals; `hosts` are played by the server at `port`."""
    places = (
        f"PORTAL_DIRS={folder / 'portals'}",
        f"SAMPLE_PORT={port}",
        f"GUARD_EXEMPT_HOSTS={','.join(hosts)}",
    )
    return scrapy(
        folder / "data", "crawl", "portal", "-a", "full=1", settings=(*places, *settings), module=module
    )


def portal_file(folder: Path, name: str, **changes: object) -> Path:
    """A portal file for a host `NAME.test` that the test plays: TRS, one column, no delay."""
    folder.mkdir(parents=True, exist_ok=True)
    data: dict[str, object] = {
        "id": name,
        "name": name,
        "county_code": "000000",
        "platform": "trs",
        "base_url": f"http://{name}.test/",
        "allowed_hosts": [f"{name}.test"],
        "columns": [{"id": "nb", "name": "年报", "url": "/nb/", "kind": "reports"}],
        "delay": {"reason": "loopback", "seconds": 0},
    }
    data |= changes
    path = folder / f"{name}.yml"
    kept = {key: value for key, value in data.items() if value is not None}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def list_page(*links: tuple[str, str], tail: str = "") -> str:
    """A TRS list page of (href, title)."""
    rows = "".join(
        f'<li><a href="{href}" title="{title}">{title}</a><span>2025-01-10</span></li>'
        for href, title in links
    )
    return f'<html><head><meta charset="utf-8"></head><body><ul class="list">{rows}</ul>{tail}</body></html>'
