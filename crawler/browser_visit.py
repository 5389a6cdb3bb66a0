"""One page in the browser: whatever it asks for is fetched by this crawl and handed back (archive.md T15).

The browser is never told of a redirect: what it follows by itself would not come here. Redirects are followed
by this crawl's own middlewares, hop by hop into the archive, and the page is opened at the address where they
end.
"""

from __future__ import annotations

import json
from asyncio import sleep
from collections import Counter
from collections.abc import Mapping
from time import monotonic
from typing import Any

from playwright.async_api import Error as PlaywrightError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK

from archive.context import CrawlContext, Role
from archive.routes import is_route
from archive.warc.exchange import Exchange
from crawler.browser_turns import looks_at
from crawler.guard import REFUSED_ADDRESS, GuardRefused
from crawler.looks import Look
from crawler.politeness import DATA, DECLINED, TURN
from crawler.recording import ArchiveExtension
from crawler.robots import RobotsForbids

# Looks and signals; the site is spared them. An event stream never ends.
NOT_NEEDED = frozenset({"image", "media", "font", "texttrack", "manifest", "ping", "eventsource"})
CODE = frozenset({"script", "stylesheet"})  # what an application loads once, whatever page of it is shown
REQUESTED = frozenset({"xhr", "fetch"})
MAX_PARTS = 150  # different requests of one page between two presses; one that asks for more gets no answer
MAX_SAME = 3  # times that a page may ask for the same: a page that polls would never be at rest
QUIET = 0.5  # seconds without a request, after which a page is taken as drawn
OK = 200
NO_CONTENT = 204
NOT_FOUND = 404
NOT_SENT = frozenset({"host", "connection", "content-length", "accept-encoding", "user-agent", "cookie"})
NOT_HANDED = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})
MAX_LOADED = 400  # answers that one crawl keeps for the pages of its applications


class IsFileError(DownloadFailedError):
    """What was to be shown is a file. Of a list that is a fault; a document is then asked for as it is."""


class Loaded:
    """What the applications of one crawl have loaded: their frame and code, as the tab of a browser keeps it.

    A person who opens one report after another loads the application once; so does this crawl. Lists and
    data are never kept.
    """

    def __init__(self) -> None:
        self._answers: dict[str, Response] = {}

    def of(self, url: str) -> Response | None:
        """The answer that is kept for an address."""
        return self._answers.get(url)

    def keep(self, url: str, response: Response) -> None:
        """Keep a whole answer, while there is room."""
        if response.status == 200 and len(self._answers) < MAX_LOADED:
            self._answers[url] = response


class Visit:
    """One page being shown: every request of it passes through here."""

    def __init__(self, crawler: Crawler, request: Request, loaded: Loaded) -> None:
        self._crawler = crawler
        self._asked = request
        self._loaded = loaded
        self._ready: dict[str, Response] = {}  # fetched, and the browser has yet to ask for it
        self._times: Counter[tuple[str, str, bytes]] = Counter()
        self._documents: dict[str, Response] = {}  # what the browser was given as the page itself, by URL
        self._under_way = 0
        self._ended = monotonic()  # the last time that something was
        self._turning = False
        self.failure: Exception | None = None
        self.gaps: list[str] = []  # data of the portal that did not come: what is drawn is not all
        self.looks: list[Look] = []  # at the page, the first included
        self.cut_short = False
        self.data: list[tuple[str, str]] = []  # what its scripts asked for, for whoever wants to know
        self.declined: Response | None = None  # the answer by which the site said no; its script is not run

    @property
    def is_document(self) -> bool:
        """Whether the page is a report and no list of some."""
        context: CrawlContext | None = self._asked.meta.get("context")
        return context is not None and context.role is Role.REPORT

    def document(self, url: str) -> Response | None:
        """What the browser was given for the page at `url`; its address may be of a script's making."""
        newest = next(reversed(self._documents.values()), None)
        return self._documents.get(url.partition("#")[0], newest)

    async def open(self) -> str:
        """Fetch the page itself; the URL at which to open it. Raises what kept it from coming."""
        asked = self._asked
        headers = {name: asked.headers[name] for name in ("Referer",) if name in asked.headers}
        frame, mark, place = asked.url.partition("#")
        response = self._loaded.of(frame) if is_route(asked.url) else None
        if response is None:
            try:
                response = await self._fetch(self._part(frame, headers=headers, main=True))
            except IgnoreRequest as error:
                self._tell_refusal(asked.method, asked.url, error)
                raise
            if is_route(asked.url):
                self._loaded.keep(frame, response)
        if response.meta.get(DECLINED):
            self.declined = response
        elif is_file(response):
            raise IsFileError(f"不是网页而是文件 a file and no page: {response.url}")
        self._ready[response.url] = response
        return response.url + mark + place

    async def answer(self, route: Any, wanted: Any) -> None:  # noqa: ANN401 — Playwright's
        """Fetch for the browser what it wants, through all our middlewares."""
        url, body = wanted.url.partition("#")[0], wanted.post_data_buffer or b""
        main = wanted.is_navigation_request() and wanted.frame.parent_frame is None
        if main and (response := self._ready.pop(url, None)) is not None:
            await self._show(route, url, response)
            return
        self._times[wanted.method, url, body] += 1
        asks_on = self._times[wanted.method, url, body] > MAX_SAME or len(self._times) > MAX_PARTS
        if asks_on or wanted.resource_type in NOT_NEEDED or not url.startswith(("http://", "https://")):
            await route.abort()
            return
        is_code = wanted.method == "GET" and wanted.resource_type in CODE
        held = self._loaded.of(url) if is_code else None
        try:
            response = held or await self._fetch(self._part_of(wanted, url, body, main=main))
        except Exception as error:  # noqa: BLE001 — for the browser this is a page that does not come
            self._tell_refusal(wanted.method, url, error)
            self.failure = error if main else self.failure
            if wanted.resource_type in REQUESTED and not isinstance(error, GuardRefused):
                self.gaps.append(f"{url}: {error}")
            await route.abort()
            return
        if response.meta.get(DECLINED):  # a challenge would solve itself in a browser: it never gets there
            self.declined = response
            await route.abort()
            return
        if is_code:
            self._loaded.keep(url, response)
        # Beside its data a page may count its readers, by an address that is long gone.
        counts = self._turning or self.is_document or response.status != NOT_FOUND
        if wanted.resource_type in REQUESTED and response.status >= 400 and counts:
            self.gaps.append(f"{url}: HTTP {response.status}")
        if self._asked.meta.get(DATA) and wanted.resource_type in REQUESTED and response.status == OK:
            self.data.append((url, response.text if isinstance(response, TextResponse) else ""))
        await self._hand_over(route, url, response, main=main)

    async def _hand_over(self, route: Any, url: str, response: Response, *, main: bool) -> None:  # noqa: ANN401
        if not main:
            await route.fulfill(status=response.status, headers=_handed(response), body=response.body)
        elif is_file(response):
            await route.fulfill(status=NO_CONTENT)  # it lies in the archive; the page stays as it is
        elif response.url != url:  # a script's move that was redirected: it has to arrive where that ended
            self._ready[response.url] = response
            onward = f"<script>location.replace({json.dumps(response.url)})</script>"
            await route.fulfill(status=200, content_type="text/html", body=onward)
        else:
            await self._show(route, url, response)

    async def _show(self, route: Any, url: str, response: Response) -> None:  # noqa: ANN401
        self._documents.pop(url, None)
        self._documents[url] = response
        await route.fulfill(status=response.status, headers=_handed(response), body=response.body)

    async def look(self, page: Any) -> None:  # noqa: ANN401 — Playwright's
        """Wait until the page is drawn; then turn its pages, if that was asked for."""
        await self._rest(page)
        if judge := self._asked.meta.get(TURN):
            self.looks, self.cut_short = await looks_at(page, judge, self._rest_after_press)

    async def _rest_after_press(self, page: Any) -> None:  # noqa: ANN401
        self._turning = True
        self._times.clear()
        await self._rest(page)

    async def _rest(self, page: Any) -> None:  # noqa: ANN401
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

    def _part_of(self, wanted: Any, url: str, body: bytes, *, main: bool) -> Request:  # noqa: ANN401
        headers = {name: value for name, value in wanted.headers.items() if name.lower() not in NOT_SENT}
        return self._part(url, method=wanted.method, headers=headers, body=body, main=main)

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
        if context is not None and (not main or context.role is Role.REPORT):
            # Of a report it is the drawn page that is read: what was sent is the frame of all of them.
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


def _handed(response: Response) -> dict[str, str]:
    """The headers for the browser: the body is plain by now."""
    headers = {}
    for name, values in response.headers.items():
        if name.decode("latin-1").lower() not in NOT_HANDED:
            headers[name.decode("latin-1")] = b"\n".join(values).decode("latin-1")
    return headers


def is_file(response: Response) -> bool:
    """True for what a browser saves instead of showing it."""
    disposition = (response.headers.get("Content-Disposition") or b"").strip().lower()
    kind = (response.headers.get("Content-Type") or b"text/html").lower()
    return disposition.startswith(b"attachment") or not kind.startswith((b"text/", b"application/xhtml"))
