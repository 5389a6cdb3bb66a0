"""Names in GUARD_EXEMPT_HOSTS resolve to the test's server on loopback; no other name resolves at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from scrapy.crawler import Crawler
from scrapy.resolver import HostResolution, dnscache
from twisted.internet.address import IPv4Address
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawler.guard import GuardedResolver


@implementer(IHostnameResolver)
class ExemptResolver:
    def __init__(self, reactor: ReactorBase, port: int, hosts: frozenset[str]) -> None:
        self.reactor = reactor
        self.port = port
        self.hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        return cls(reactor, settings.getint("SAMPLE_PORT"), frozenset(settings.getlist("GUARD_EXEMPT_HOSTS")))

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
        if hostName.lower() in self.hosts:
            resolutionReceiver.addressResolved(IPv4Address("TCP", "127.0.0.1", self.port))
        resolutionReceiver.resolutionComplete()
        return resolution


class PlacedResolver(ExemptResolver):
    """Names as SAMPLE_PLACES says: `name=address:port`, several, parted by commas."""

    places: dict[str, IPv4Address]

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        pairs = (place.partition("=") for place in crawler.settings.getlist("SAMPLE_PLACES"))
        parted = ((name, *place.rpartition(":")) for name, _, place in pairs)
        resolver.places = {name: IPv4Address("TCP", at, int(port)) for name, at, _, port in parted}
        return resolver

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        if hostName in self.places:
            resolutionReceiver.addressResolved(self.places[hostName])
        resolutionReceiver.resolutionComplete()
        return resolution


class PrivateResolver(GuardedResolver):
    """The product's own resolver, to which the system has told that a name lies in a private network."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        dnscache[name] = "10.0.0.8"
        return super().getHostByName(name, timeout)
