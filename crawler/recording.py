"""Records every attempt before its answer goes up: nothing is read that is not archived (design rule 2).

The download handler is the only layer that sees every attempt, robots.txt, redirects, retries and failures
included, that can be awaited, and that can veto the answer (archive.md §1, §3.1).
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Self
from uuid import uuid4
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.exceptions import (
    CannotResolveHostError,
    NotSupported,
    UsageError,
)
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import load_object
from tldextract import TLDExtract
from twisted.python.failure import Failure

from archive.clock import Clock, SimulatedClock, SystemClock
from archive.context import CrawlContext
from archive.warc.errors import ArchiveWriteError
from archive.warc.exchange import Exchange
from archive.warc.writer import ArchiveWriter
from crawler.guard import Guard
from crawler.outcomes import outcome_of, truncation_of
from crawler.tee import MARK, RecordingUnavailable, Tap, Tapped

WRITE_FAILED = "archive_write_failed"  # the finish reason; `scrapy crawl` ends with 3

logger = logging.getLogger(__name__)


class RecordingDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler with the tee on, writing each attempt to the crawler's archive.

    `request.meta["context"]` (a CrawlContext, optional) goes into the group; `request.meta["refers_to"]` (a
    Refers, optional) is what the answer may repeat; `request.meta["archive"]` is set to the group's Pointer.
    Raises GuardRefused before anything is sent, and ArchiveWriteError, which ends the crawl.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        extension = ArchiveExtension.of(crawler)
        self._archive = extension
        self._guard = Guard.from_crawler(crawler)
        self._tap = Tap(extension.clock)
        pool = getattr(self, "_pool", None)
        if pool is None:
            raise RecordingUnavailable("无法录制 cannot record: HTTP11DownloadHandler._pool 不存在")
        self._tap.onto(pool)

    async def download_request(self, request: Request) -> Response:
        self._archive.demand_writable()
        self._guard.check_url(request.url)
        if request.meta.get("proxy"):
            raise NotSupported(f"不经代理抓取 no proxy: it would hide the host's address: {request.url}")
        with self._tap.attempt() as tapped:
            marked = _marked(request, tapped.mark)
            try:
                response = await super().download_request(marked)
            except CannotResolveHostError as error:
                refused = self._guard.refusal_of(request.url)
                self._record(request, tapped, error=refused or error)
                if refused is not None:
                    raise refused from error
                raise
            except BaseException as error:
                self._record(request, tapped, error=error)
                raise
            self._record(request, tapped, flags=response.flags)
        return response

    def tls_policy(self, url: str) -> str | None:  # noqa: ARG002 — for handlers that depart from it
        """How the connection departs from what is usual; None: certificates are checked."""
        return None

    def _record(
        self,
        request: Request,
        tapped: Tapped,
        *,
        error: BaseException | None = None,
        flags: Sequence[str] = (),
    ) -> None:
        exchange = Exchange(
            method=request.method,
            url=request.url.partition("#")[0],
            request=bytes(tapped.request),
            response=bytes(tapped.response),
            started=tapped.started,
            ip=tapped.ip,
            outcome="response" if error is None else outcome_of(error),
            truncated=truncation_of(error, flags),
            error=None if error is None else type(error).__name__,
            tls=tapped.tls,
            tls_policy=self.tls_policy(request.url),
        )
        self._archive.write(request, exchange)


class ArchiveExtension:
    """Opens the archive before the first request and closes it after the last; one writer per crawler.

    `ArchiveExtension.of(crawler)` gives it: `writer`, `clock`, `run` (the run's id) and `failure` (None, or
    what went wrong: then the run must end with exit code 3). Settings: ARCHIVE_DIR, CLOCK_START,
    ARCHIVE_RUN (the id of a run that goes on, set by the spider), ARCHIVE_WARCINFO (more warcinfo fields, for
    example isPartOf), USER_AGENT, CONTACT. Raises ArchiveLocked,
    ArchiveWriteError, and RecordingUnavailable if the handler cannot do its work: then no crawl begins.
    """

    def __init__(self, crawler: Crawler) -> None:
        _forbid_hidden_look_ups()
        self.crawler = crawler
        self.clock = clock_from(crawler.settings)
        given = crawler.settings.get("ARCHIVE_RUN")  # a run that goes on
        self.run = str(given) if given else f"{self.clock.now():%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}"
        self.failure: ArchiveWriteError | None = None
        self.writer = ArchiveWriter(
            Path(crawler.settings["ARCHIVE_DIR"]),
            clock=self.clock,
            warcinfo=warcinfo_from(crawler.settings, self.run),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        _extensions[crawler] = extension
        try:
            _demand_recording(crawler)
        except BaseException:
            extension.writer.close()
            raise
        for found in extension.writer.recovered:
            message = "恢复上次未关闭的档案 recovered %s: %d groups, %d bytes set aside"
            logger.warning(message, found.file, found.groups, found.cut)
        crawler.signals.connect(extension.spider_error, signals.spider_error)
        crawler.signals.connect(extension.engine_stopped, signals.engine_stopped)
        return extension

    @staticmethod
    def of(crawler: Crawler) -> ArchiveExtension:
        """The crawler's extension. Raises RecordingUnavailable if there is none."""
        extension = ArchiveExtension.opened(crawler)
        if extension is None:
            raise RecordingUnavailable(
                "无法录制 cannot record: 请在 EXTENSIONS 启用 crawler.recording.ArchiveExtension"
            )
        return extension

    @staticmethod
    def opened(crawler: Crawler) -> ArchiveExtension | None:
        """The same; None for a crawler whose run never came to open an archive."""
        return _extensions.get(crawler)

    def demand_writable(self) -> None:
        """Raises ArchiveWriteError once a write has failed: no further request goes out."""
        if self.writer.failure is not None:
            self.stop(self.writer.failure)
            raise self.writer.failure

    def write(self, request: Request, exchange: Exchange) -> None:
        """Write the attempt's group and put its Pointer into the request's meta."""
        try:
            _demand_bytes(exchange)
            pointer = self.writer.write_exchange(
                exchange, _context_of(request), refers_to=request.meta.get("refers_to")
            )
        except Exception as error:
            failure = error if isinstance(error, ArchiveWriteError) else ArchiveWriteError(repr(error))
            self.stop(failure)
            raise failure from error
        request.meta["archive"] = pointer
        self.crawler.stats.inc_value("archive/exchanges")
        self.crawler.stats.inc_value(f"archive/outcome/{exchange.outcome}")

    def stop(self, failure: ArchiveWriteError) -> None:
        """End the crawl, once. Not awaited: the engine waits for the very download that calls this."""
        if self.failure is not None:
            return
        self._tell(failure)
        if self.crawler.engine.spider is not None:
            closing = deferred_from_coro(self.crawler.engine.close_spider_async(reason=WRITE_FAILED))
            closing.addErrback(_log_failed_close)

    def spider_error(self, failure: Failure) -> None:
        """A walk record that could not be written stops the crawl like any other group."""
        if isinstance(failure.value, ArchiveWriteError):
            self.stop(failure.value)

    def engine_stopped(self) -> None:
        """Signals swallow exceptions: a failed close is told by `failure`."""
        try:
            self.writer.close()
        except ArchiveWriteError as error:
            self._tell(error)

    def _tell(self, failure: ArchiveWriteError) -> None:
        if self.failure is None:
            self.failure = failure
            self.crawler.stats.set_value("archive/failure", str(failure))
            logger.critical("%s", failure)


_extensions: WeakKeyDictionary[Crawler, ArchiveExtension] = WeakKeyDictionary()  # one a crawler


def _demand_recording(crawler: Crawler) -> None:
    """Both schemes must go through a recording handler, and one must stand a trial construction.

    Scrapy logs an exception in a handler's constructor and goes on without it; here it ends the start.
    """
    handlers = crawler.settings.getwithbase("DOWNLOAD_HANDLERS")
    for scheme, path in handlers.items():
        handler: Any = load_object(path) if path is not None else None
        records = isinstance(handler, type) and issubclass(handler, RecordingDownloadHandler)
        if (scheme in ("http", "https") or handler is not None) and not records:
            raise RecordingUnavailable(
                f"DOWNLOAD_HANDLERS[{scheme!r}]: 不录制 does not record; "
                "应为 must be crawler.recording.RecordingDownloadHandler, 其他协议为 others None"
            )
    RecordingDownloadHandler.from_crawler(crawler)


def _demand_bytes(exchange: Exchange) -> None:
    """An answer without bytes means that the tee has come off."""
    if exchange.outcome == "response" and not exchange.response:
        raise ArchiveWriteError(f"录制到零字节 nothing was recorded of {exchange.url}")


def _forbid_hidden_look_ups() -> None:
    """At the first cookie Scrapy would fetch the public suffix list, past the guard and the archive.

    The list inside tldextract does as well. Raises RecordingUnavailable if that name has moved.
    """
    if not hasattr(cookies, "_split_domain"):
        raise RecordingUnavailable("无法录制 cannot record: cookies._split_domain 不存在 is gone")
    cookies._split_domain = TLDExtract(  # noqa: SLF001
        cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True
    )


def _marked(request: Request, mark: str) -> Request:
    """A copy that carries the mark, so that the original never shows it; the meta dict is the same.

    Shallow: Request.replace() would check the URL and each header anew, for every attempt.
    """
    request.meta.pop("archive", None)  # of an earlier attempt; and there is a dict to share from here on
    marked = copy(request)
    headers = Headers()
    dict.update(headers, request.headers)
    headers[MARK] = mark
    marked.headers = headers
    return marked


def _context_of(request: Request) -> CrawlContext | None:
    context = request.meta.get("context")
    if context is not None and not isinstance(context, CrawlContext):
        raise TypeError(f"meta['context'] must be a CrawlContext, not {type(context).__name__}")
    return context


def _log_failed_close(failure: Failure) -> None:
    logger.error("关闭爬虫时出错 the spider did not close cleanly: %s", failure.getErrorMessage())


def clock_from(settings: BaseSettings) -> Clock:
    """The clock of the run: simulated from CLOCK_START (ISO time with zone), else the system's.

    Raises UsageError for a time that is none.
    """
    start = settings.get("CLOCK_START")
    if not start:
        return SystemClock()
    try:
        return SimulatedClock(datetime.fromisoformat(start))
    except ValueError as error:
        raise UsageError(
            f"CLOCK_START={start!r}: 应为带时区的时间 must be a time with its zone: 2026-02-03T09:00:00+08:00"
        ) from error


def warcinfo_from(settings: BaseSettings, run: str) -> dict[str, str]:
    """Who crawls, with what, under which rules. ARCHIVE_WARCINFO adds to it."""
    info = {
        "software": software(),
        "robots": "obey (RFC 9309)",
        "http-header-user-agent": settings.get("USER_AGENT") or "",
        "operator": settings.get("CONTACT") or "",
        "run": run,
    }
    more = {str(name): str(value) for name, value in settings.getdict("ARCHIVE_WARCINFO").items()}
    return {name: value for name, value in (info | more).items() if value}


def software() -> str:
    """What made the records, with versions."""
    return " ".join((*map(_version, ("nianbao", "scrapy", "twisted")), f"python/{platform.python_version()}"))


def _version(distribution: str) -> str:
    try:
        return f"{distribution}/{version(distribution)}"
    except PackageNotFoundError:  # run from a source tree that is not installed
        return distribution
