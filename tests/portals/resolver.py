"""The five sample names resolve to the sample server on loopback, whatever port the address names.

A TWISTED_DNS_RESOLVER: Twisted's HostnameEndpoint connects to the address and port that the resolver hands
out, so pages keep plain `http://zhuji.test/…` addresses while the server listens on SAMPLE_PORT. Every other
name is refused: a sample run cannot leave the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from scrapy.crawler import Crawler
from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from tests.portals.planted import HOSTS

LOOPBACK = "127.0.0.1"


@implementer(IHostnameResolver)
class SampleResolver:
    """Exactly the names of `planted.HOSTS`; no address at all for any other (a failed look-up)."""

    def __init__(self, reactor: ReactorBase, port: int) -> None:
        self.reactor = reactor
        self.port = port

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        port = crawler.settings.getint("SAMPLE_PORT")
        if not port:
            raise ValueError("SAMPLE_PORT is not set: start tests.portals.serve and give its port")
        return cls(reactor, port)

    def install_on_reactor(self) -> None:
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's names, here and below
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        if hostName.lower() in HOSTS.values():
            resolutionReceiver.addressResolved(IPv4Address("TCP", LOOPBACK, self.port))
        resolutionReceiver.resolutionComplete()
        return resolution
