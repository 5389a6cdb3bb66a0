"""Asks for what is held whether it has changed, and hands the held page up where it has not.

    request.meta["conditional"]    the spider's wish: send ETag and Last-Modified as the archive has them
    request.meta["refers_to"]      for the recording handler: what an unchanged answer repeats (a revisit)

Validators and reference belong to one URL; a redirect copies headers and meta of its source, so both are set
here, at each hop. After a 304 callbacks see the page as it is held, with the flag `not_modified`.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive.warc.capture import Capture
from crawler.held import Held
from crawler.politeness import BROWSER
from crawler.recording import ArchiveExtension

CONDITIONAL = "conditional"
REFERS_TO = "refers_to"
UNCHANGED = "not_modified"  # flag of a response
NOT_MODIFIED = 304
HEADERS = ("If-None-Match", "If-Modified-Since")


class ConditionalMiddleware:
    """Stands above decompression: what it hands up is plain already."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _held(self) -> Held | None:
        return getattr(self._crawler.spider, "held", None)

    def process_request(self, request: Request) -> None:
        for name in HEADERS:
            request.headers.pop(name, None)
        request.meta.pop(REFERS_TO, None)
        held = self._held()
        if held is None or request.method != "GET" or request.meta.get(BROWSER):
            return
        clock = ArchiveExtension.of(self._crawler).clock
        url = request.url.partition("#")[0]
        original = held.original(url, clock.now())
        if original is None:
            return
        request.meta[REFERS_TO] = original
        if request.meta.get(CONDITIONAL):
            for name, value in held.validators(url).items():
                request.headers[name] = value

    def process_response(self, request: Request, response: Response) -> Response:
        held = self._held()
        pointer = request.meta.get("archive")
        if (
            response.status != NOT_MODIFIED
            or REFERS_TO not in request.meta
            or held is None
            or pointer is None
        ):
            return response
        original = held.full.get(request.url.partition("#")[0])
        return response_of(held.reader.capture(pointer, original=original), request, UNCHANGED)


def response_of(capture: Capture, request: Request, flag: str) -> Response:
    """A capture as callbacks see it: content coding undone, as after decompression."""
    headers = Headers()
    for name, value in capture.headers:
        if capture.outcome != "response" or name.lower() != "content-encoding":
            headers.appendlist(name, value.encode("latin-1"))
    kind = responsetypes.from_args(headers=headers, url=request.url, body=capture.payload)
    return kind(
        request.url,
        status=capture.status,
        headers=headers,
        body=capture.payload,
        flags=[flag],
        request=request,
    )
