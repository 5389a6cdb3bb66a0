"""One portal that a test plays, crawled again and again into one archive."""

from __future__ import annotations

from pathlib import Path

from tests.crawler.crawling import Ran, portal_file, scrapy
from tests.crawler.odd_server import Arrival, OddServer


class Place:
    """The portal `demo` at http://demo.test/, and crawls of it at given moments (time in China)."""

    def __init__(self, folder: Path, server: OddServer) -> None:
        self.data, self.portals, self.server = folder / "data", folder / "portals", server
        portal_file(self.portals, "demo")

    def crawl(self, *arguments: str, at: str = "2026-02-03T09:00", settings: tuple[str, ...] = ()) -> Ran:
        places = (
            f"SAMPLE_PORT={self.server.port}",
            "GUARD_EXEMPT_HOSTS=demo.test",
            f"PORTAL_DIRS={self.portals}",
            f"CLOCK_START={at}:00+08:00",
        )
        return scrapy(self.data, "crawl", "portal", *arguments, settings=(*places, *settings))

    def asked(self, path: str) -> list[Arrival]:
        """The requests for a path, in order."""
        return [arrival for arrival in self.server.arrivals if arrival.path == path]
