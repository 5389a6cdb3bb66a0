"""One crawl with the recording handler, in a process of its own (a reactor runs once per process).

    python -m tests.crawler.recording_crawl < job.json

`job`: settings, and requests (url, and optionally method, body, meta, role), asked for one after the other.
Prints one line of JSON per answer or failure, then the summary.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.context import CrawlContext, Role
from crawler.recording import ArchiveExtension

SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.recording.RecordingDownloadHandler",
        "https": "crawler.recording.RecordingDownloadHandler",
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    "EXTENSIONS": {"crawler.recording.ArchiveExtension": 10},
    "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
    "TELNETCONSOLE_ENABLED": False,
    "USER_AGENT": "Nianbao-tests",
    "CONCURRENT_REQUESTS": 1,
    "RETRY_TIMES": 1,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 1.0,
    "LOG_LEVEL": "ERROR",
    "GUARD_EXEMPT_HOSTS": ["127.0.0.1", "zhuji.test", "gone.test"],
    "TWISTED_DNS_RESOLVER": "tests.portals.resolver.SampleResolver",
}


def tell(**said: Any) -> None:
    print(json.dumps(said), flush=True)


class JobSpider(Spider):
    """Asks for each URL of the job; never follows anything."""

    name = "job"

    def __init__(self, requests: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.requests = requests
        self.most = 0  # requests under way at once

    async def start(self) -> AsyncIterator[Request]:
        for asked in self.requests:
            meta = dict(asked.get("meta", {}))
            if "role" in asked:
                meta["context"] = CrawlContext(
                    portal="demo",
                    platform="hanweb",
                    role=Role(asked["role"]),
                    run=ArchiveExtension.of(self.crawler).run,
                )
            yield Request(
                asked["url"],
                method=asked.get("method", "GET"),
                body=asked.get("body"),
                meta=meta,
                callback=self.parse,
                errback=self.failed,
                dont_filter=True,
            )

    async def parse(self, response: Response, **kwargs: Any) -> None:
        self.most = max(self.most, len(self.crawler.engine.downloader.active))
        pointer = response.meta.get("archive")
        archive = None if pointer is None else asdict(pointer)
        tell(url=response.url, status=response.status, size=len(response.body), archive=archive)

    def failed(self, failure: Failure) -> None:
        request = failure.request
        pointer = request.meta.get("archive")
        tell(
            url=request.url,
            error=failure.type.__name__,
            marked=[name.decode() for name in request.headers if b"nianbao" in name.lower()],
            archive=None if pointer is None else asdict(pointer),
        )


def main() -> None:
    job = json.load(sys.stdin)
    process = CrawlerProcess(SETTINGS | job.get("settings", {}))
    crawler = process.create_crawler(JobSpider)
    errors: list[Failure] = []
    process.crawl(crawler, requests=job["requests"]).addErrback(errors.append)
    process.start()
    archive = ArchiveExtension.opened(crawler)
    tell(
        summary=True,
        most=getattr(crawler.spider, "most", 0),
        reason=crawler.stats.get_value("finish_reason"),
        failure=str((archive and archive.failure) or ""),
        refused=[error.type.__name__ for error in errors],
        outcomes={
            key.rpartition("/")[2]: count
            for key, count in crawler.stats.get_stats().items()
            if key.startswith("archive/outcome/")
        },
    )


if __name__ == "__main__":
    main()
