"""Pages that only a browser can show, while it never touches the network (archive.md §3.5, T14, T15).

scrapy-playwright drives Chromium; each request of a page, its scripts and lists included, is taken from the
browser, asked for through this crawl's own downloader, recorded there byte by byte like any other, and handed
back. So robots.txt, the guard, politeness, resume and replay hold for sub-resources too. What the browser
made of it all goes up to the spider, and into the archive as a `conversion`, never as a response.

Only where a portal file asks for it, with the reason. Needs the extra: pip install nianbao[browser].
"""

from __future__ import annotations

import json
from asyncio import Lock, sleep
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from time import monotonic
from typing import Any

from playwright.async_api import Error as PlaywrightError
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.handler import (
    ScrapyPlaywrightDownloadHandler,
)

from archive.context import CrawlContext, Role
from archive.warc.exchange import Exchange
from crawler.guard import REFUSED_ADDRESS, GuardRefused
from crawler.politeness import ARCHIVED_AT, BROWSER
from crawler.recording import ArchiveExtension
from crawler.robots import RobotsForbids
from crawler.tls import PortalDownloadHandler

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND"  # what is not handed to the browser does not exist for it
# Looks and signals; the site is spared them. An event stream never ends.
NOT_NEEDED = frozenset({"image", "media", "font", "texttrack", "manifest", "ping", "eventsource"})
MAX_PARTS = 150  # different requests of one page; one that asks for more is told nothing any more
MAX_SAME = 3  # times that a page may ask for the same: a page that polls would never be at rest
QUIET = 0.5  # seconds without a request, after which a page is taken as drawn
NO_CONTENT = 204
NOT_SENT = frozenset({"host", "connection", "content-length", "accept-encoding", "user-agent", "cookie"})
NOT_HANDED = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})


class BrowserDownloadHandler(PortalDownloadHandler):
    """The recording handler, and for requests with meta["playwright"] the browser on top of it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler = crawler
        self._screen: Screen | None = None
        self._starting = Lock()

    async def download_request(self, request: Request) -> Response:
        if not request.meta.get(BROWSER):
            return await super().download_request(request)
        ArchiveExtension.of(self._crawler).demand_writable()
        return await (await self._shown_on()).show(request)

    async def _shown_on(self) -> Screen:
        """The browser, started by the first page; others that come meanwhile wait for it."""
        async with self._starting:
            if self._screen is None:
                screen = Screen(self._crawler)
                await screen.start()
                self._screen = screen
        return self._screen

    async def close(self) -> None:
        if self._screen is not None:
            await self._screen.close()
        await super().close()


class Visit:
    """One page being shown: every request of it passes through here.

    The browser is never told of a redirect: what it follows by itself would not come here. Redirects are
    followed by this crawl's own middlewares, hop by hop into the archive, and the page is opened at the
    address where they end.
    """

    def __init__(self, crawler: Crawler, request: Request) -> None:
        self._crawler = crawler
        self._asked = request
        self._ready: dict[
            str, Response
        ] = {}  # pages that were fetched and that the browser has yet to ask for
        self._times: Counter[tuple[str, str, bytes]] = Counter()
        self.documents: dict[str, Response] = {}  # what the browser was given as the page itself, by URL
        self._under_way = 0
        self._ended = monotonic()  # the last time that something was
        self.failure: Exception | None = None

    async def open(self) -> str:
        """Fetch the page itself; the URL at which to open it. Raises what kept it from coming."""
        asked = self._asked
        headers = {name: asked.headers[name] for name in ("Referer",) if name in asked.headers}
        try:
            response = await self._fetch(self._part(asked.url.partition("#")[0], headers=headers, main=True))
        except IgnoreRequest as error:
            self._tell_refusal(asked.method, asked.url, error)
            raise
        if _is_file(response):
            raise DownloadFailedError(f"不是网页而是文件 a file and no page: {response.url}")
        self._ready[response.url] = response
        _, mark, place = asked.url.partition("#")
        return response.url + mark + place

    async def answer(self, route: Any, wanted: Any) -> None:  # noqa: ANN401 — Playwright's
        """Fetch for the browser what it wants, through all our middlewares."""
        url, body = wanted.url.partition("#")[0], wanted.post_data_buffer or b""
        main = wanted.is_navigation_request() and wanted.frame.parent_frame is None
        if main and (response := self._ready.pop(url, None)) is not None:
            self.documents[url] = response
            await route.fulfill(status=response.status, headers=_handed(response), body=response.body)
            return
        self._times[wanted.method, url, body] += 1
        asks_on = self._times[wanted.method, url, body] > MAX_SAME or len(self._times) > MAX_PARTS
        if asks_on or wanted.resource_type in NOT_NEEDED or not url.startswith(("http://", "https://")):
            await route.abort()
            return
        headers = {name: value for name, value in wanted.headers.items() if name.lower() not in NOT_SENT}
        try:
            response = await self._fetch(
                self._part(url, method=wanted.method, headers=headers, body=body, main=main)
            )
        except Exception as error:  # noqa: BLE001 — for the browser this is a page that does not come
            self._tell_refusal(wanted.method, url, error)
            self.failure = error if main else self.failure
            await route.abort()
            return
        await self._hand_over(route, url, response, main=main)

    async def _hand_over(self, route: Any, url: str, response: Response, *, main: bool) -> None:  # noqa: ANN401
        if not main:
            await route.fulfill(status=response.status, headers=_handed(response), body=response.body)
        elif _is_file(response):
            await route.fulfill(status=NO_CONTENT)  # it lies in the archive; the page stays as it is
        elif response.url != url:  # a script's move that was redirected: it has to arrive where that ended
            self._ready[response.url] = response
            onward = f"<script>location.replace({json.dumps(response.url)})</script>"
            await route.fulfill(status=200, content_type="text/html", body=onward)
        else:
            self.documents[url] = response
            await route.fulfill(status=response.status, headers=_handed(response), body=response.body)

    async def rest(self, page: Any) -> None:  # noqa: ANN401 — Playwright's
        """Until nothing has been under way for a while. Playwright's own wait counts what is refused, too."""
        self._ended = monotonic()
        while not await self._rests(page):  # noqa: ASYNC110 — of many things
            await sleep(QUIET / 5)

    async def _rests(self, page: Any) -> bool:  # noqa: ANN401
        quiet = monotonic() - self._ended
        if self._under_way or quiet < QUIET:
            return False
        if quiet > 4 * QUIET:
            return True  # a page that a download interrupted is never complete
        try:
            state: str = await page.evaluate("document.readyState")
        except PlaywrightError:
            return False  # it is moving on
        return state == "complete"

    async def _fetch(self, request: Request) -> Response:
        engine = self._crawler.engine
        assert engine is not None
        self._under_way += 1
        try:
            return await engine.download_async(request)
        finally:
            self._under_way -= 1
            self._ended = monotonic()

    def _part(
        self,
        url: str,
        *,
        main: bool,
        method: str = "GET",
        headers: Mapping[str, Any] | None = None,
        body: bytes = b"",
    ) -> Request:
        context: CrawlContext | None = self._asked.meta.get("context")
        if context is not None and not main:
            context = context.model_copy(update={"role": Role.LIST, "via": self._asked.url})
        return Request(
            url,
            method=method,
            headers=dict(headers or {}),
            body=body,
            callback=NO_CALLBACK,
            meta={"context": context},
            dont_filter=True,
        )

    def _tell_refusal(self, method: str, url: str, error: Exception) -> None:
        """What we would not ask for is a gap in the drawn page: it stands in the archive, with the reason."""
        refused = isinstance(error, RobotsForbids) or (
            isinstance(error, GuardRefused) and error.code not in ("offline", REFUSED_ADDRESS)
        )
        if refused:
            archive = ArchiveExtension.of(self._crawler)
            name, now = type(error).__name__, archive.clock.now()
            exchange = Exchange(method, url, b"", b"", now, outcome="guard", error=name)
            archive.write(self._part(url, main=False), exchange)


class Screen(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc,unused-ignore]
    """The browser of one crawl; whatever it asks for comes to the Visit under way."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._visit: ContextVar[Visit] = ContextVar("visit")
        self.config.max_pages_per_context = 4
        self.config.launch_options = dict(self.config.launch_options)
        self.config.launch_options["args"] = [*self.config.launch_options.get("args", ()), ALONE]

    async def start(self) -> None:
        await self._launch()

    async def show(self, request: Request) -> Response:
        """The page as it stands when nothing more is under way. Raises what kept its document from coming."""
        # Only to the first byte: a script that moves on while the page loads would count as a failure.
        request.meta["playwright_page_goto_kwargs"] = {"wait_until": "commit"}
        request.meta["playwright_context_kwargs"] = {"service_workers": "block", "accept_downloads": False}
        visit = Visit(self._crawler, request)
        request.meta.pop(ARCHIVED_AT, None)
        opened = request.replace(url=await visit.open())
        self._visit.set(visit)
        try:
            shown = await self._download_request(opened)
        except Exception as error:
            raise visit.failure or DownloadFailedError(
                f"浏览器未能打开 the browser failed: {error}"
            ) from error
        document = visit.documents.get(shown.url.partition("#")[0])
        pointer = (
            None if document is None or document.request is None else document.request.meta.get("archive")
        )
        if document is None or pointer is None:
            raise visit.failure or DownloadFailedError(
                f"浏览器未取得页面 the browser has no page: {request.url}"
            )
        text = shown.text if isinstance(shown, TextResponse) else ""
        body = text.encode("utf-8", "replace")
        context = request.meta.get("context")
        ArchiveExtension.of(self._crawler).writer.write_conversion(
            shown.url, body, of=pointer, context=context
        )
        request.meta["archive"] = pointer
        if ARCHIVED_AT in document.meta:  # read again from the archive: it is as old as the page's own answer
            request.meta[ARCHIVED_AT] = document.meta[ARCHIVED_AT]
        headers = {"Content-Type": "text/html; charset=utf-8"}
        drawn: Response = shown.replace(
            status=document.status, headers=headers, body=body, encoding="utf-8", request=request
        )
        return drawn

    async def _apply_page_methods(self, page: Any, request: Request, spider: Spider) -> None:  # noqa: ANN401, ARG002
        await self._visit.get().rest(page)

    def _make_request_handler(self, **_asked: Any) -> Any:  # noqa: ANN401 — as its base
        return self._visit.get().answer

    async def _download_request(self, request: Request, spider: Spider | None = None) -> Response:
        shown: Response = await super()._download_request(request, spider or self._crawler.spider)
        return shown


def _handed(response: Response) -> dict[str, str]:
    """The headers for the browser: the body is plain by now."""
    headers = {}
    for name, values in response.headers.items():
        if name.decode("latin-1").lower() not in NOT_HANDED:
            headers[name.decode("latin-1")] = b"\n".join(values).decode("latin-1")
    return headers


def _is_file(response: Response) -> bool:
    """True for what a browser saves instead of showing it."""
    disposition = (response.headers.get("Content-Disposition") or b"").strip().lower()
    kind = (response.headers.get("Content-Type") or b"text/html").lower()
    return disposition.startswith(b"attachment") or not kind.startswith((b"text/", b"application/xhtml"))
