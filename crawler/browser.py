"""Pages that only a browser can show, while it never touches the network (archive.md §3.5, T14, T15).

scrapy-playwright drives Chromium; each request of a page, its scripts and lists included, is taken from the
browser, asked for through this crawl's own downloader, recorded there byte by byte like any other, and handed
back. So robots.txt, the guard, politeness, resume and replay hold for sub-resources too. What the browser
made of it all goes up to the spider, and into the archive as a `conversion`, never as a response.

Only where a portal file asks for it, with the reason. Needs the extra: pip install nianbao[browser].
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any
from urllib.parse import urljoin

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.handler import (
    ScrapyPlaywrightDownloadHandler,
)
from scrapy_playwright.page import (
    PageMethod,
)

from archive.context import CrawlContext, Role
from archive.warc.capture import Pointer
from crawler.politeness import BROWSER
from crawler.recording import ArchiveExtension
from crawler.tls import PortalDownloadHandler

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND"  # what is not handed to the browser does not exist for it
NOT_NEEDED = frozenset({"image", "media", "font"})  # looks only; the site is spared them
NOT_SENT = frozenset({"host", "connection", "content-length", "accept-encoding", "user-agent", "cookie"})
NOT_HANDED = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})


class BrowserDownloadHandler(PortalDownloadHandler):
    """The recording handler, and for requests with meta["playwright"] the browser on top of it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler = crawler
        self._screen: Screen | None = None

    async def download_request(self, request: Request) -> Response:
        if not request.meta.get(BROWSER):
            return await super().download_request(request)
        ArchiveExtension.of(self._crawler).demand_writable()
        if self._screen is None:
            self._screen = Screen(self._crawler)
            await self._screen.start()
        return await self._screen.show(request)

    async def close(self) -> None:
        if self._screen is not None:
            await self._screen.close()
        await super().close()


class Visit:
    """One page being shown: every request of it passes through here."""

    def __init__(self, crawler: Crawler, request: Request) -> None:
        self._crawler = crawler
        self._asked = request
        self.document: Pointer | None = None  # the page's own response
        self.failure: Exception | None = None

    async def answer(self, route: Any, wanted: Any) -> None:  # noqa: ANN401 — Playwright's
        """Fetch for the browser what it wants, through all our middlewares."""
        if wanted.resource_type in NOT_NEEDED or wanted.url.partition(":")[0] not in ("http", "https"):
            await route.abort()
            return
        main = wanted.is_navigation_request() and wanted.frame.parent_frame is None
        request = self._request(wanted, main=main)
        engine = self._crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except Exception as error:  # noqa: BLE001 — for the browser this is a page that does not come
            self.failure = error if main else self.failure
            await route.abort()
            return
        if main:
            self.document = request.meta.get("archive")
        await route.fulfill(status=response.status, headers=_handed(response), body=response.body)

    def _request(self, wanted: Any, *, main: bool) -> Request:  # noqa: ANN401
        headers = {name: value for name, value in wanted.headers.items() if name.lower() not in NOT_SENT}
        context: CrawlContext | None = self._asked.meta.get("context")
        if context is not None and not main:
            context = context.model_copy(update={"role": Role.LIST, "via": self._asked.url})
        return Request(
            wanted.url,
            method=wanted.method,
            headers=headers,
            body=wanted.post_data_buffer or b"",
            callback=NO_CALLBACK,
            meta={"context": context, "dont_redirect": True, "handle_httpstatus_all": True},
            dont_filter=True,
        )


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
        request.meta["playwright_page_methods"] = [PageMethod("wait_for_load_state", "networkidle")]
        request.meta["playwright_context_kwargs"] = {"service_workers": "block", "accept_downloads": False}
        visit = Visit(self._crawler, request)
        self._visit.set(visit)
        try:
            response = await self._download_request(request)
        except Exception as error:
            raise visit.failure or DownloadFailedError(
                f"浏览器未能打开 the browser failed: {error}"
            ) from error
        if visit.document is None:
            raise DownloadFailedError(f"浏览器未取得页面 the browser has no page: {request.url}")
        text = response.text if isinstance(response, TextResponse) else ""
        body = text.encode("utf-8", "replace")
        extension = ArchiveExtension.of(self._crawler)
        extension.writer.write_conversion(
            response.url, body, of=visit.document, context=request.meta.get("context")
        )
        request.meta["archive"] = visit.document
        headers = {"Content-Type": "text/html; charset=utf-8"}
        shown: Response = response.replace(headers=headers, body=body, encoding="utf-8")
        return shown

    def _make_request_handler(self, **_asked: Any) -> Any:  # noqa: ANN401 — as its base
        return self._visit.get().answer

    async def _download_request(self, request: Request, spider: Spider | None = None) -> Response:
        shown: Response = await super()._download_request(request, spider or self._crawler.spider)
        return shown


def _handed(response: Response) -> dict[str, str]:
    """The headers for the browser: the body is plain by now, a redirect's target absolute."""
    headers = {}
    for name, values in response.headers.items():
        if name.decode("latin-1").lower() not in NOT_HANDED:
            headers[name.decode("latin-1")] = b"\n".join(values).decode("latin-1")
    if "Location" in headers:
        headers["Location"] = urljoin(response.url, headers["Location"])
    return headers
