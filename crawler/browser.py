"""Pages that only a browser can show, while it never touches the network (archive.md §3.5, T14, T15).

scrapy-playwright drives Chromium; each request of a page, its scripts and lists included, is taken from the
browser, asked for through this crawl's own downloader, recorded there byte by byte like any other, and handed
back. So robots.txt, the guard, politeness, resume and replay hold for sub-resources too. What the browser
made of it all goes up to the spider, and into the archive as a `conversion`, never as a response.

Only where a portal file asks for it, with the reason. Needs a Chromium and the extra: make setup-browser.
"""

from __future__ import annotations

from asyncio import Lock
from collections.abc import Mapping
from contextvars import ContextVar
from shutil import which
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from archive.warc.capture import Pointer
from crawler.browser_visit import IsFileError, Loaded, Visit
from crawler.looks import Look
from crawler.politeness import ARCHIVED_AT, BROWSER, CUT_SHORT, DATA, DECLINED, GAPS, LOOKS
from crawler.recording import ArchiveExtension
from crawler.tls import PortalDownloadHandler

OK = 200
KNOWN_AS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",  # what is not handed to the browser does not exist for it
    "--disable-background-networking",  # no updates, no lists of bad sites, no trials of new features
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--no-first-run",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)


class DrawnInPartError(IgnoreRequest):
    """A report page whose data did not come: what the browser shows is its frame, and no document."""


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


class Screen(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc,unused-ignore]
    """The browser of one crawl; whatever it asks for comes to the Visit under way."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._visit: ContextVar[Visit] = ContextVar("visit")
        self._loaded = Loaded()
        self.config.max_pages_per_context = 4
        self.config.launch_options = launch_options(crawler.settings)

    async def start(self) -> None:
        await self._launch()

    async def show(self, request: Request) -> Response:
        """The page as it stands when nothing more is under way. Raises what kept its document from coming."""
        # Only to the first byte: a script that moves on while the page loads would count as a failure.
        request.meta["playwright_page_goto_kwargs"] = {"wait_until": "commit"}
        request.meta["playwright_context_kwargs"] = {"service_workers": "block", "accept_downloads": False}
        visit = Visit(self._crawler, request, self._loaded)
        request.meta.pop(ARCHIVED_AT, None)
        try:
            opened = request.replace(url=await visit.open())
        except IsFileError:
            if not visit.is_document:
                raise
            return await self._as_it_is(request)
        if visit.declined is not None:
            return _declined(request, visit.declined)
        self._visit.set(visit)
        try:
            shown = await self._download_request(opened)
        except Exception as error:
            raise visit.failure or DownloadFailedError(
                f"浏览器未能打开 the browser failed: {error}"
            ) from error
        return (
            self._drawn(request, shown, visit)
            if visit.declined is None
            else _declined(request, visit.declined)
        )

    def _drawn(self, request: Request, shown: Response, visit: Visit) -> Response:
        """The response for the spider; each look at the page goes into the archive first."""
        if visit.gaps and visit.is_document:
            raise DrawnInPartError(f"页面数据未取到 data of the page did not come: {visit.gaps[0]}")
        text = shown.text if isinstance(shown, TextResponse) else ""
        looks = visit.looks or [Look(shown.url, text)]
        for look in looks:
            source, pointer = self._source(visit, look, request)
            if visit.is_document and source.status != OK:
                break  # the page of an error is no document
            body = look.text.encode("utf-8", "replace")
            # A report is known by the address that its list names, whatever its script makes of that.
            stays = visit.is_document and source.url == request.url.partition("#")[0]
            url = request.url if stays else look.url
            ArchiveExtension.of(self._crawler).writer.write_conversion(
                url, body, of=pointer, context=request.meta.get("context")
            )
        first, (source, pointer) = looks[0], self._source(visit, looks[0], request)
        request.meta["archive"] = pointer
        request.meta[LOOKS], request.meta[CUT_SHORT] = tuple(looks[1:]), visit.cut_short
        request.meta[GAPS], request.meta[DATA] = tuple(visit.gaps), tuple(visit.data)
        if ARCHIVED_AT in source.meta:  # read again from the archive: it is as old as the page's own answer
            request.meta[ARCHIVED_AT] = source.meta[ARCHIVED_AT]
        headers = {"Content-Type": "text/html; charset=utf-8"}
        drawn: Response = shown.replace(
            url=first.url,
            status=source.status,
            headers=headers,
            body=first.text.encode("utf-8", "replace"),
            encoding="utf-8",
            request=request,
        )
        return drawn

    @staticmethod
    def _source(visit: Visit, look: Look, request: Request) -> tuple[Response, Pointer]:
        """The response of which the browser made this look, and where it lies."""
        source = visit.document(look.url)
        pointer = None if source is None or source.request is None else source.request.meta.get("archive")
        if source is None or pointer is None:
            raise visit.failure or DownloadFailedError(
                f"浏览器未取得页面 the browser has no page: {request.url}"
            )
        return source, pointer

    async def _as_it_is(self, request: Request) -> Response:
        """A document that is a file after all: asked for as any other."""
        engine = self._crawler.engine
        assert engine is not None
        context = {"context": request.meta.get("context")}
        plain = Request(request.url, meta=context, callback=NO_CALLBACK, dont_filter=True)
        response = await engine.download_async(plain)
        _hand_on(plain, request)
        plainly: Response = response.replace(request=request)
        return plainly

    async def _apply_page_methods(self, page: Any, request: Request, spider: Spider) -> None:  # noqa: ANN401, ARG002
        await self._visit.get().look(page)

    def _make_request_handler(self, **_asked: Any) -> Any:  # noqa: ANN401 — as its base
        return self._visit.get().answer

    async def _download_request(self, request: Request, spider: Spider | None = None) -> Response:
        shown: Response = await super()._download_request(request, spider or self._crawler.spider)
        return shown


def _hand_on(source: Request, asked: Request) -> None:
    """What the crawl noted of the request that was sent, for the one that the spider sent."""
    for name in (DECLINED, "archive", ARCHIVED_AT):
        if name in source.meta:
            asked.meta[name] = source.meta[name]


def _declined(request: Request, answer: Response) -> Response:
    """An answer that declines, as it came: nothing of it is drawn."""
    assert answer.request is not None
    _hand_on(answer.request, request)
    return answer.replace(request=request)


def launch_options(settings: BaseSettings) -> dict[str, Any]:
    """How Chromium is started: the user's options, the executable, and flags that keep it off the network."""
    given: Mapping[str, Any] = settings.getdict("PLAYWRIGHT_LAUNCH_OPTIONS")
    options = dict(given)
    if executable := options.get("executable_path") or executable_path(settings):
        options["executable_path"] = executable
    options["args"] = [*given.get("args", ()), *FLAGS]
    return options


def executable_path(settings: BaseSettings) -> str | None:
    """The Chromium of BROWSER_EXECUTABLE, else the one on the search path; None: Playwright's own."""
    named: str = settings.get("BROWSER_EXECUTABLE") or ""
    return named or next(filter(None, map(which, KNOWN_AS)), None)
