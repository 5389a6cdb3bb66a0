"""The five sample names resolve to the sample server on loopback, whatever port the address names.

A TWISTED_DNS_RESOLVER: Twisted's HostnameEndpoint connects to the address and port that the resolver hands
out, so pages keep plain `http://zhuji.test/…` addresses while the server listens on SAMPLE_PORT. Every other
name is refused: a sample run cannot leave the machine.
"""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from twisted.internet.base import ReactorBase

from tests.crawler.resolver import ExemptResolver
from tests.portals.planted import HOSTS


class SampleResolver(ExemptResolver):
    """Exactly the names of `planted.HOSTS`; no address at all for any other (a failed look-up)."""

    def __init__(self, reactor: ReactorBase, port: int) -> None:
        super().__init__(reactor, port, frozenset(HOSTS.values()))

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        port = crawler.settings.getint("SAMPLE_PORT")
        if not port:
            raise UsageError(
                "样例服务器没有启动 the sample server is not running: python -m tests.portals.serve, "
                "then -s SAMPLE_PORT=PORT"
            )
        return cls(reactor, port)
