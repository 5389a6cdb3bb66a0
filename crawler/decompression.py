"""Content coding undone after the archive has the answer as sent (archive.md T1), in less time than Scrapy's.

Scrapy's own middleware asks for the encoding of the body while it is still compressed, and so has a charset
detector read gzip (measurements.md): half of all time on portals that name no charset in the header.
"""

from __future__ import annotations

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from archive.warc.coding import undo

logger = logging.getLogger(__name__)


class DecompressionMiddleware:
    """Undoes gzip, deflate, br and zstd, also on top of each other, up to DOWNLOAD_MAXSIZE.

    What cannot be undone goes up as it is, with its header, and the log says so; what grows too large is
    refused (IgnoreRequest). The archive holds both.
    """

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        codings = response.headers.getlist("Content-Encoding")
        if not codings or request.method == "HEAD":
            return response
        limit = request.meta.get("download_maxsize", self._max_size)
        decoded = undo(response.body, b",".join(codings).decode("latin-1"), limit or None)
        if decoded.problem is not None and decoded.problem.startswith("coding_too_large"):
            raise IgnoreRequest(f"解压后超过 DOWNLOAD_MAXSIZE larger than it: {response.url}")
        if decoded.problem is not None:
            logger.warning(
                "%s: 内容编码无法还原 the content coding is not undone: %s", response.url, decoded.problem
            )
            return response
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=decoded.payload)
        return kind(
            response.url,
            status=response.status,
            headers=headers,
            body=decoded.payload,
            flags=response.flags,
            request=response.request,
            certificate=response.certificate,
            ip_address=response.ip_address,
            protocol=response.protocol,
        )
