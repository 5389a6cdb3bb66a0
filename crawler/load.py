"""How much a city and a host are asked for: who shares machines, and how often in a day (practice.md §7)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

from archive.warc.reader import ArchiveReader
from crawler.guard import GOV_CN, normal_host

CHINA = timezone(timedelta(hours=8))


@dataclass
class City:
    """Hosts that are taken to share machines, as requests wait for them. `done_at`: monotonic seconds."""

    name: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last: str = ""  # the address that was asked last
    done_at: float = 0.0


class Cities:
    """The city of each host: as portal files tell, else its domain."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        self._groups = groups
        self._cities: dict[str, City] = {}

    def of(self, host: str) -> City:
        domain = domain_of(host)
        name = self._groups.get(domain, domain)
        return self._cities.setdefault(name, City(name))


def domain_of(host: str) -> str:
    """The name below .gov.cn to which a host belongs (www.x.gov.cn → x.gov.cn); others without `www`."""
    labels = normal_host(host).split(".")
    if host.endswith(GOV_CN):
        return ".".join(labels[-3:])
    return ".".join(labels).removeprefix("www.")


class DayCount:
    """Attempts of each host on each day in China: this run's, and those that the archive holds of the day."""

    def __init__(self, folder: Path, now: datetime) -> None:
        """Reads the newest indexes of the archive in `folder`, back to midnight. Raises ArchiveDamaged."""
        today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        self._counts: Counter[tuple[str, date]] = Counter()
        for entry in ArchiveReader(folder).entries_since(today):
            if entry.kind == "capture":
                self.add(normal_host(urlsplit(entry.url).hostname or ""), entry.date)

    def add(self, host: str, moment: datetime) -> None:
        self._counts[host, moment.astimezone(CHINA).date()] += 1

    def of(self, host: str, moment: datetime) -> int:
        return self._counts[host, moment.astimezone(CHINA).date()]
