"""One crawl of all pages, in a process of its own: bare Scrapy, or ours with the shipped settings.

    python -m benchmarks.client bare|ours PORT COUNT CORE SETTINGS-AS-JSON

Prints JSON: pages, CPU seconds and wall seconds from the opening of the spider to the end (the closing of the
archive included), RSS in MB after 1,000 pages, after the last, and after the closing of the archive. With
PROFILE=path in the settings, writes one.
"""

from __future__ import annotations

import cProfile
import json
import os
import resource
import socket
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import Settings
from twisted.internet.defer import Deferred, succeed

from archive.context import CrawlContext, Role
from benchmarks.pages import HOSTS
from crawler.recording import ArchiveExtension

HOST_NAMES = [f"county{number}.localhost" for number in range(HOSTS)]


class LoopbackResolver(CachingThreadedResolver):
    """Every name is this machine: the hosts are told apart, as in a crawl of many portals."""

    def getHostByName(self, *_: Any) -> Deferred[str]:  # noqa: ANN401, N802 — Twisted's
        return succeed(socket.gethostbyname("localhost"))


class PageSpider(Spider):
    """Asks for every page once and does nothing with it."""

    name = "pages"
    custom_settings: dict[str, Any] = {}

    def __init__(self, port: int, count: int, *, context: bool) -> None:
        super().__init__()
        self.port, self.count, self.with_context = port, count, context
        self.seen = 0
        self.rss_at_first = self.rss_at_last = 0.0

    async def start(self) -> AsyncIterator[Request]:
        for number in range(self.count):
            host = HOST_NAMES[number % HOSTS]
            yield Request(
                f"http://{host}:{self.port}/art/2026/1/30/{number}.html",
                meta={"context": self._context(number)} if self.with_context else {},
            )

    def _context(self, number: int) -> CrawlContext:
        return CrawlContext(
            portal=HOST_NAMES[number % HOSTS],
            platform="hanweb",
            role=Role.REPORT,
            run=ArchiveExtension.of(self.crawler).run,
            column="c1",
            publisher_hint="330681-S01",
            list_title="示例局2025年政府信息公开工作年度报告",
            list_date="2026-01-30",
            via=f"http://{HOST_NAMES[number % HOSTS]}/col/col1/index.html",
        )

    def parse(self, response: Response, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        assert response.status == 200
        assert len(response.body) > 40_000
        self.seen += 1
        if self.seen == 1000:
            self.rss_at_first = rss()
        if self.seen == self.count:
            self.rss_at_last = rss()


def rss() -> float:
    """Resident memory now, in MB."""
    with open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123
        return int(stream.read().split()[1]) * resource.getpagesize() / 1e6


def settings_of(kind: str, more: dict[str, Any]) -> Settings:
    """Bare: Scrapy's own, silent alike. Ours: the shipped module with the delay lifted."""
    settings = Settings()
    if kind == "ours":
        settings.setmodule("crawler.settings", priority="project")
        settings.set("GUARD_EXEMPT_HOSTS", HOST_NAMES)
        settings.set("LOOPBACK_HOSTS", HOST_NAMES)  # else the hosts, all of one address, wait for each other
        settings.set("DOWNLOAD_DELAY", 0)
    else:
        settings.set("CONCURRENT_REQUESTS", HOSTS)
        settings.set("TELNETCONSOLE_ENABLED", False)
    settings.set("LOG_LEVEL", "WARNING")
    settings.set("TWISTED_DNS_RESOLVER", LoopbackResolver)
    settings.setdict(more, priority="cmdline")
    return settings


def main() -> None:
    kind, port, count, core, more = sys.argv[1:]
    os.sched_setaffinity(0, {int(core)})
    settings = settings_of(kind, json.loads(more))
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(PageSpider)
    began: list[float] = []
    profile = cProfile.Profile() if settings.get("PROFILE") else None

    def opened() -> None:
        began.extend((time.process_time(), time.monotonic()))

    crawler.signals.connect(opened, signals.spider_opened)
    process.crawl(crawler, port=int(port), count=int(count), context=kind == "ours")
    if profile is not None:
        profile.enable()
    process.start()
    cpu, wall = time.process_time() - began[0], time.monotonic() - began[1]
    if profile is not None:
        profile.disable()
        profile.dump_stats(settings["PROFILE"])
    spider = crawler.spider
    assert isinstance(spider, PageSpider)
    assert spider.seen == int(count), f"{spider.seen} of {count}: {crawler.stats.get_stats()}"
    told = {"pages": spider.seen, "cpu": cpu, "wall": wall, "rss_first": spider.rss_at_first}
    told |= {"rss_last": spider.rss_at_last, "rss_closed": rss()}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
