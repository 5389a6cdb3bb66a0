"""Where requests wait: in the scheduler, one line for each host, and not as downloads under way.

A host is asked for one thing at a time (design rule 7), so of each host one request at most is handed to the
downloader; the next follows when it has been answered. What waits here is a request and nothing else: as a
download that stands before a lock it would hold a task, its stack and its place in the engine besides.
`CONCURRENT_REQUESTS = 0` then means: as many as there are hosts, so that no host holds up another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.pqueues import QueueProtocol, ScrapyPriorityQueue
from scrapy.utils.httpobj import urlparse_cached


class HostQueue:
    """For SCHEDULER_PRIORITY_QUEUE. `pop` gives a request of a host that has none under way, hosts in turn.

    None means that every host with something to ask is busy; the engine asks again after each answer.
    """

    def __init__(
        self,
        crawler: Crawler,
        downstream_queue_cls: type[QueueProtocol],
        key: str,
        startprios: Mapping[str, Iterable[int]] | None = None,
        *,
        start_queue_cls: type[QueueProtocol] | None = None,
    ) -> None:
        self._crawler = crawler
        self._kinds = downstream_queue_cls, start_queue_cls
        self._key = key
        # The dict's order is the hosts' turn: whoever is asked goes to its end.
        self._lines = {host: self._line(host, priorities) for host, priorities in (startprios or {}).items()}
        self._under_way: dict[str, Request] = {}

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        downstream_queue_cls: type[QueueProtocol],
        key: str,
        startprios: Mapping[str, Iterable[int]] | None = None,
        *,
        start_queue_cls: type[QueueProtocol] | None = None,
    ) -> Self:
        return cls(crawler, downstream_queue_cls, key, startprios, start_queue_cls=start_queue_cls)

    def _line(self, host: str, priorities: Iterable[int] = ()) -> ScrapyPriorityQueue:
        kind, kind_at_start = self._kinds
        return ScrapyPriorityQueue(
            self._crawler, kind, f"{self._key}/{host}", priorities, start_queue_cls=kind_at_start
        )

    def push(self, request: Request) -> None:
        host = urlparse_cached(request).hostname or ""
        line = self._lines.get(host)
        if line is None:
            line = self._lines[host] = self._line(host)
        line.push(request)

    def pop(self) -> Request | None:
        host = self._free_host()
        if host is None:
            return None
        line = self._lines.pop(host)
        request = line.pop()
        if line:
            self._lines[host] = line
        else:
            line.close()
        if request is not None:
            self._under_way[host] = request
        return request

    def _free_host(self) -> str | None:
        engine = self._crawler.engine
        assert engine is not None
        active, under_way = engine.downloader.active, self._under_way
        return next((host for host in self._lines if under_way.get(host) not in active), None)

    def close(self) -> dict[str, list[int]]:
        left = {host: line.close() for host, line in self._lines.items()}
        self._lines.clear()
        return left

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))
