"""robots.txt, read strictly: what cannot be known is not taken for a yes (RFC 9309; Scrapy's own allows all).

| answer | meaning |
| --- | --- |
| 2xx with rules | obeyed, Crawl-delay included |
| 2xx with an HTML page | no rules: a soft 404 (portals.md §8.5) |
| 4xx, or too many redirects, or a redirect off the allow-list | no rules |
| 412, 468, 521, or a challenge page | declined: no page of the host is fetched |
| 5xx, timeout, no connection, larger than MAX_SIZE | unreachable: no page of the host is fetched |

Of large rules the first READ bytes count, as RFC 9309 §2.5 has it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.context import CrawlContext, Role, WalkResult
from crawler.guard import REFUSED_ADDRESS, Guard, GuardRefused
from crawler.politeness import BROWSER, DECLINED, FAILURES, HostClosed, Hosts

IS_ROBOTS = "is_robots"  # key in request.meta: this request is for robots.txt itself
MAX_SIZE = 4 * 1024 * 1024  # bytes that are fetched of it
READ = 512 * 1024  # bytes that are read of it
DECLINED_STATUSES = {202, 412, 468, 521}  # other refusing statuses (403 …) are 4xx here: no rules


class RobotsForbids(IgnoreRequest):
    """robots.txt forbids this URL to us."""


@dataclass(frozen=True)
class _Rules:
    """What an origin's robots.txt came to. No parser: everything is allowed."""

    parser: Protego | None = None


class RobotsMiddleware:
    """Asks each origin for its robots.txt once per run, before anything else of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._guard = Guard.from_crawler(crawler)
        self._hosts = Hosts.from_crawler(crawler)
        self._agent = str(crawler.settings["USER_AGENT"]).partition("/")[0]
        self._origins: dict[str, asyncio.Future[_Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RobotsForbids, HostClosed (declined, unreachable) or GuardRefused."""
        if request.meta.get(IS_ROBOTS) or request.meta.get(BROWSER):
            return  # of a page that a browser shows each part comes here by itself
        self._guard.check_url(request.url)
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._origins:
            self._origins[origin] = asyncio.ensure_future(self._fetch(origin, request))
        rules = await asyncio.shield(self._origins[origin])
        if rules.parser is not None and not rules.parser.can_fetch(request.url, self._agent):
            raise RobotsForbids(f"robots.txt 不允许 forbids {request.url}")

    async def _fetch(self, origin: str, cause: Request) -> _Rules:
        request = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            meta={
                IS_ROBOTS: True,
                "context": _robots_context(cause.meta.get("context")),
                "download_maxsize": MAX_SIZE,
            },
        )
        host = self._hosts.of(origin)
        engine = self._crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except HostClosed:
            raise
        except IgnoreRequest as refused:
            if isinstance(refused, GuardRefused) and refused.code == REFUSED_ADDRESS:
                raise
            return _Rules()  # too many redirects, or one that leaves the allow-list
        except (*FAILURES, DownloadCancelledError) as failure:
            host.close(WalkResult.UNREACHABLE, f"robots.txt 无法访问 unreachable: {failure!r}")
            raise host.closed or HostClosed(WalkResult.UNREACHABLE, "robots.txt") from failure
        return self._judge(response, origin)

    def _judge(self, response: Response, origin: str) -> _Rules:
        host = self._hosts.of(origin)
        status = response.status
        challenged = 200 <= status < 300 and DECLINED in response.meta
        if status in DECLINED_STATUSES or challenged:
            host.close(WalkResult.DECLINED, f"robots.txt 被谢绝 declined: {response.meta.get(DECLINED)}")
        elif status >= 500:
            host.close(WalkResult.UNREACHABLE, f"robots.txt: HTTP {status}")
        if host.closed is not None:
            raise host.closed
        if not 200 <= status < 300 or is_markup(response.body):
            return _Rules()
        body = response.body if len(response.body) <= READ else response.body[:READ].rpartition(b"\n")[0]
        parser = Protego.parse(body.decode("utf-8-sig", "replace"))
        host.crawl_delay = parser.crawl_delay(self._agent) or 0.0
        return _Rules(parser)


def is_markup(body: bytes) -> bool:
    """True for a page of HTML that stands where robots.txt should: a soft 404, not rules."""
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1024].lower()
    return (
        start.startswith(b"<")
        or re.search(rb"<(?:html|head|body|title|script|!doctype)\b", start) is not None
    )


def _robots_context(context: CrawlContext | None) -> CrawlContext | None:
    if context is None:
        return None
    return CrawlContext(portal=context.portal, platform=context.platform, role=Role.ROBOTS, run=context.run)
