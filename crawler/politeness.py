"""How a host is treated in one run: one request at a time, the pauses it asks for, and when to leave it.

One at a time holds for the machine too: names that lead to one address wait for each other and share a delay
(design rule 7), and so do the hosts of one city, which often share a platform (crawler.load). A host is asked
only so often a day. Sample portals on loopback are exempt by their files (`delay.reason: loopback`).

The middleware stands nearest the downloader, so that no request passes it unseen: retries, redirects and
robots.txt included. A host is closed for the run after declined answers in a row, after a second 429, and
after failures in a row; whatever is still queued for it then ends with HostClosed, and walk records say why.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil
from time import monotonic
from typing import Self
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from archive.context import WalkResult
from crawler.addresses import address_of
from crawler.declined import declines
from crawler.guard import normal_host
from crawler.load import Cities, City, DayCount
from crawler.recording import ArchiveExtension
from crawler.stores import archive_folder

logger = logging.getLogger(__name__)

FAILURES = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    OSError,
)
DECLINED = "declined"  # keys in request.meta: why this answer counts as declined,
BROWSER = "playwright"  # for a page that a browser shows: its requests pass here one by one, itself does not
TURN = "turn"  # for such a page: a judge of its looks; without one no pager is turned (crawler.looks)
LOOKS, CUT_SHORT = (
    "looks",
    "cut_short",
)  # and of its answer: the looks after the first; whether there are more
DATA = "data"  # the data that it asked for, as pairs of address and text, where the request has it True
GAPS = "gaps"  # data of the portal that it lacks, in words
ARCHIVED_AT = "archived_at"  # and for one from the archive when it was asked for (crawler.replay)


class HostClosed(IgnoreRequest):
    """The host is left alone for the rest of the run."""

    def __init__(self, result: WalkResult, reason: str) -> None:
        super().__init__(reason)
        self.result = result
        self.reason = reason


@dataclass
class Place:
    """A machine, as requests wait for it. `name` is its address, and the downloader's slot."""

    name: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Host:
    """What this run knows of one host."""

    name: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    place: Place | None = None  # where it is, once that is known
    resume_at: float = 0.0  # monotonic seconds
    crawl_delay: float = 0.0  # as robots.txt asks
    declined: int = 0  # in a row
    failed: int = 0  # in a row
    too_many: int = 0  # answers 429 in this run
    answered: Counter[int] = field(default_factory=Counter)
    closed: HostClosed | None = None

    def close(self, result: WalkResult, reason: str) -> None:
        """Leave the host alone for the rest of the run. The first reason stays."""
        if self.closed is None:
            self.closed = HostClosed(result, reason)
            logger.warning("%s: 本次采集不再访问 left alone for this run: %s", self.name, reason)

    def pause(self, seconds: float) -> None:
        self.resume_at = max(self.resume_at, monotonic() + seconds)


class Hosts:
    """The hosts of one crawler, made as they are met."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}

    def of(self, url: str) -> Host:
        name = normal_host(urlsplit(url).hostname or "")
        return self._hosts.setdefault(name, Host(name))

    @staticmethod
    def from_crawler(crawler: Crawler) -> Hosts:
        """The one Hosts of this crawler, shared by the robots and the politeness middleware."""
        return _hosts.setdefault(crawler, Hosts())


_hosts: WeakKeyDictionary[Crawler, Hosts] = WeakKeyDictionary()


class PolitenessMiddleware:
    """Serialises the requests of a host and closes hosts, as the settings of these names say."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._hosts = Hosts.from_crawler(crawler)
        self._held: dict[Request, tuple[Host, City | None, Place]] = {}
        self._cities = Cities(settings.getdict("LOAD_GROUPS"))
        self._cap = settings.getint("REQUESTS_PER_HOST_A_DAY")
        self._day: DayCount | None = None
        self._places: dict[str, Place] = {}
        self._exempt = frozenset(map(normal_host, settings.getlist("LOOPBACK_HOSTS")))
        self._declined_in_a_row = settings.getint("DECLINED_IN_A_ROW")
        self._unreachable_in_a_row = settings.getint("UNREACHABLE_IN_A_ROW")
        self._retry_after_default = settings.getfloat("RETRY_AFTER_DEFAULT")
        self._retry_after_max = settings.getfloat("RETRY_AFTER_MAX")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the host is free and ready. Raises HostClosed."""
        if request.meta.get(BROWSER):
            request.meta["download_slot"] = BROWSER
            return
        host = self._hosts.of(request.url)
        city, place = await self._hold(host)
        self._held[request] = host, city, place
        # A redirect copies the meta of its source: without this it would queue in the other host's slot.
        request.meta["download_slot"] = place.name
        await self._pause(host, max(host.resume_at, self._city_is_ready(city, place)))
        if host.closed is None and city is not None:
            self._count(host)
        if host.closed is not None:
            raise host.closed
        if self._stopping():
            raise HostClosed(
                WalkResult.INCOMPLETE, "采集中断，未再请求 the crawl was stopped before this request"
            )

    async def _hold(self, host: Host) -> tuple[City | None, Place]:
        """Have the host, its city and its machine to ourselves; always in this order, so that none waits
        for one who waits for it.
        """
        city = None if host.name in self._exempt else self._cities.of(host.name)
        held: list[asyncio.Lock] = []
        try:
            for lock in (host.lock, city.lock if city else None):
                if lock is not None:
                    await lock.acquire()
                    held.append(lock)
            place = await self._place_of(host)
            await place.lock.acquire()
        except BaseException:
            for lock in held:
                lock.release()
            raise
        return city, place

    async def _pause(self, host: Host, until: float) -> None:
        """Wait until that moment, looking each second whether there is still something to wait for."""
        for _ in range(ceil(max(0.0, until - monotonic()))):
            if host.closed is not None or self._stopping():
                break
            await asyncio.sleep(min(1.0, max(0.0, until - monotonic())))

    def _city_is_ready(self, city: City | None, place: Place) -> float:
        """When another machine of the city may be asked; the delay of one machine its slot keeps."""
        if city is None or city.last in {"", place.name}:
            return 0.0
        engine = self._crawler.engine
        assert engine is not None
        shipped = {"delay": self._crawler.settings.getfloat("DOWNLOAD_DELAY")}
        return city.done_at + float(engine.downloader.per_slot_settings.get(place.name, shipped)["delay"])

    def _count(self, host: Host) -> None:
        """One more attempt of today; the first beyond the cap closes the host until tomorrow."""
        now = self._now()
        if self._day is None:
            self._day = DayCount(archive_folder(self._crawler.settings), now)
        if self._day.of(host.name, now) >= self._cap:
            words = f"今日请求已达上限 {self._cap} 次，明日再来 the daily cap of requests is reached"
            host.close(WalkResult.INCOMPLETE, words)
        else:
            self._day.add(host.name, now)

    async def _place_of(self, host: Host) -> Place:
        if host.place is None:
            address = None if host.name in self._exempt else await address_of(host.name)
            name = address or host.name
            host.place = self._places.setdefault(name, Place(name))
            if address is not None:
                self._share_delay(host.name, address)
        return host.place

    def _share_delay(self, name: str, address: str) -> None:
        """The slot of an address keeps the longest delay of the hosts there."""
        engine = self._crawler.engine
        assert engine is not None
        slots, given = engine.downloader.slots, engine.downloader.per_slot_settings
        shipped = {"delay": self._crawler.settings.getfloat("DOWNLOAD_DELAY")}
        delay = max(given.get(name, shipped)["delay"], given.get(address, {"delay": 0.0})["delay"])
        given[address] = {"concurrency": 1, "delay": delay}
        if address in slots:
            slots[address].delay = delay

    def _stopping(self) -> bool:
        """A stop must not wait for all that waits here: Scrapy counts it as under way."""
        engine = self._crawler.engine
        return engine is not None and not engine.running

    def process_response(self, request: Request, response: Response) -> Response:
        host = self._release(request)
        age = 0.0
        if host is None:
            moment = request.meta.get(ARCHIVED_AT)
            if moment is None:
                return response
            host = self._hosts.of(request.url)  # an answer from the archive: the host is known by it too
            age = max(0.0, (self._now() - moment).total_seconds())
        host.failed = 0
        host.answered[response.status] += 1
        why = declines(response)
        host.declined = host.declined + 1 if why else 0
        request.meta.pop(DECLINED, None)  # a retried request brings its forerunner's
        if why:
            request.meta[DECLINED] = why
            if host.declined >= self._declined_in_a_row:
                host.close(WalkResult.DECLINED, f"连续 {host.declined} 次被站点谢绝 declined: {why}")
        if response.status in {429, 503}:
            self._obey_retry_after(host, response, age)
        if host.crawl_delay and not age:
            host.pause(min(host.crawl_delay, self._retry_after_max))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        host = self._release(request)
        if host is None or not isinstance(exception, FAILURES):
            return
        host.failed += 1
        if host.failed >= self._unreachable_in_a_row:
            host.close(WalkResult.UNREACHABLE, f"连续 {host.failed} 次连接失败 unreachable: {exception!r}")

    def _release(self, request: Request) -> Host | None:
        held = self._held.pop(request, None)
        if held is None:
            return None
        host, city, place = held
        place.lock.release()
        if city is not None:
            city.last, city.done_at = place.name, monotonic()
            city.lock.release()
        host.lock.release()
        return host

    def _now(self) -> datetime:
        return ArchiveExtension.of(self._crawler).clock.now()

    def _obey_retry_after(self, host: Host, response: Response, age: float) -> None:
        """`age` of the answer in seconds: what has passed need not be waited for again."""
        seconds = retry_after(response)
        if response.status == 429:
            host.too_many += 1
            if host.too_many > 1:
                host.close(WalkResult.DECLINED, "第二次 429 asked a second time to slow down (HTTP 429)")
            seconds = self._retry_after_default if seconds is None else seconds
        if seconds is None:
            return
        if seconds > self._retry_after_max:
            host.close(
                WalkResult.DECLINED, f"站点要求 {seconds:.0f} 秒后再来 asked to come back after that time"
            )
        host.pause(seconds - age)


def retry_after(response: Response) -> float | None:
    """Seconds that Retry-After asks for, in either form (RFC 9110 §10.2.3); None if it does not ask."""
    raw = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if raw.isdigit():
        return float(raw)
    try:
        moment = parsedate_to_datetime(raw)
    except ValueError:
        return None
    sent = (response.headers.get("Date") or b"").decode("latin-1")
    try:
        now = parsedate_to_datetime(sent)
    except ValueError:
        now = datetime.now(UTC)
    if moment.tzinfo is None or now.tzinfo is None:
        return None
    return max(0.0, (moment - now).total_seconds())
