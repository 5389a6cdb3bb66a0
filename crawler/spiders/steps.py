"""What every step of a crawl shares: pending requests, a walk's record at its end, the way to the archive."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.clock import Clock
from archive.context import CrawlContext, Role, WalkRecord, WalkResult
from archive.routes import is_route
from crawler.answers import trouble_of
from crawler.conditional import CONDITIONAL
from crawler.held import Held
from crawler.platforms.base import PageRequest
from crawler.platforms.page import Page, decode
from crawler.platforms.rows import FILE_LINK
from crawler.politeness import BROWSER, LOOKS
from crawler.portal import Column, Portal
from crawler.recording import ArchiveExtension
from crawler.replay import Tape
from crawler.walk import Walk

logger = logging.getLogger(__name__)


class WalkSpider(Spider):
    """A spider that keeps the books of walks. It is the base of the one spider, and none itself.

    A request that is sent for a walk adds one to `walk.pending`; what answers it runs inside `step`, and the
    last step writes the walk's record.
    """

    held: Held
    tape: Tape | None
    records: list[WalkRecord]

    def finish(self, walk: Walk) -> None:
        if walk.done:
            return
        walk.done = True
        record = self._told(walk)
        if record is None:
            record = walk.record(self.clock().now())
            self.archive.writer.write_walk(record)
        self.records.append(record)
        logger.info(
            "%s/%s: %s, %s, %d rows%s",
            record.portal,
            record.column,
            record.result,
            "complete" if record.complete else "not complete",
            len(record.rows),
            f": {record.reason}" if record.reason else "",
        )

    def _told(self, walk: Walk) -> WalkRecord | None:
        """The record of the same walk in this run, from before it was cut off: one look is told once."""
        if self.tape is None or self.tape.plan.rereads:
            return None
        return self.tape.told.get((walk.portal.id, walk.column.id))

    def request(
        self,
        walk: Walk,
        page: PageRequest,
        callback: Callable[..., Any],
        via: str | None,
        *,
        conditional: bool = False,
    ) -> Request:
        walk.pending += 1
        context = self.context(walk, page.role, via).model_copy(
            update={"publisher_hint": page.publisher or only_publisher(walk.column)}
        )
        headers = dict(page.headers)
        if page.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif page.json:
            headers["Content-Type"] = "application/json;charset=UTF-8"
        return Request(
            page.url,
            method=page.method,
            body=urlencode(page.form) if page.form else page.json,
            headers=headers,
            callback=callback,
            errback=partial(self.page_failed, walk=walk),
            cb_kwargs={"walk": walk, "page": page},
            meta={
                "context": context,
                CONDITIONAL: conditional,
                BROWSER: is_shown(walk.portal, page.url, page.role),
            },
            priority=10,  # lists first: they tell what there is
            dont_filter=True,
        )

    def page_failed(self, failure: Failure, walk: Walk) -> list[Request]:
        with self.step(walk):
            walk.troubles.append(trouble_of(failure.value))
            return []

    @contextmanager
    def step(self, walk: Walk) -> Iterator[None]:
        """One thing done for a walk; the last one ends it. A fault in our own code ends it as incomplete."""
        try:
            yield
        except Exception as error:
            walk.trouble(WalkResult.INCOMPLETE, "fault", f"程序出错 a fault of ours: {error!r}")
            raise
        finally:
            walk.pending -= 1
            if walk.pending == 0:
                self.finish(walk)

    def page(self, response: Response, portal: Portal) -> Page:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
        forced = portal.encoding.name if portal.encoding else None
        turned = LOOKS in response.meta
        return Page(response.url, decode(response.body, content_type, forced), response.status, turned)

    def context(self, walk: Walk, role: Role, via: str | None) -> CrawlContext:
        return CrawlContext(
            portal=walk.portal.id,
            platform=walk.platform.name,
            role=role,
            run=walk.run.id,
            county=walk.portal.county_code,
            column=walk.column.id,
            via=via,
        )

    def clock(self) -> Clock:
        return self.archive.clock

    @property
    def archive(self) -> ArchiveExtension:
        return ArchiveExtension.of(self.crawler)


def is_shown(portal: Portal, url: str, role: Role) -> bool:
    """Whether a page is opened in the browser: lists of a portal that asks for it, and what scripts draw."""
    if portal.browser is None or role is Role.ATTACHMENT:
        return False
    if role is Role.REPORT:
        has_suffix = FILE_LINK.search(urlsplit(url).path) is not None
        return is_route(url) or (portal.browser.documents and not has_suffix)
    return role in (Role.COLUMN, Role.LIST)


def only_publisher(column: Column) -> str | None:
    """The publisher of a column that has one."""
    return column.publishers[0] if len(column.publishers) == 1 else None


def record_id(response: Response) -> str | None:
    pointer = response.meta.get("archive")
    return pointer.record_id if pointer is not None else None
