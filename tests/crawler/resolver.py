"""Names in GUARD_EXEMPT_HOSTS resolve to the test's server on loopback; no other name resolves at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler
from scrapy.resolver import HostResolution, dnscache
from twisted.internet.address import IPv4Address
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawler.guard import AddressRefusedError, GuardedResolver


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


class WatchedResolver(ExemptResolver):
    """For a crawl whose every step is watched: each name that is looked up is written to WATCHED_NAMES.

    Names in INSIDE_HOSTS go through the product's own resolver, to which the system has told that they lie in
    a private network. TLS_PLACES (`name=port`, and `*=port`) say where port 443 leads.
    """

    log: Path
    inside: frozenset[str]
    tls: dict[str, str]
    guarded: GuardedResolver

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        settings = crawler.settings
        resolver.log = Path(settings["WATCHED_NAMES"])
        resolver.inside = frozenset(settings.getlist("INSIDE_HOSTS"))
        resolver.tls = dict(pair.split("=") for pair in settings.getlist("TLS_PLACES"))
        resolver.guarded = GuardedResolver.from_crawler(crawler, reactor)
        return resolver

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{hostName}\n")
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        if hostName in self.inside:
            dnscache[hostName] = "10.0.0.8"
            asked = self.guarded.getHostByName(hostName)
            asked.addCallbacks(
                lambda address: resolutionReceiver.addressResolved(IPv4Address("TCP", address, portNumber)),
                lambda failure: failure.trap(AddressRefusedError) and None,
            )
            asked.addBoth(lambda _: resolutionReceiver.resolutionComplete())
            return resolution
        if hostName in self.hosts:
            over_tls = int(self.tls.get(hostName, self.tls["*"]))
            port = over_tls if portNumber == 443 else self.port
            resolutionReceiver.addressResolved(IPv4Address("TCP", "127.0.0.1", port))
        resolutionReceiver.resolutionComplete()
        return resolution


class PrivateResolver(GuardedResolver):
    """The product's own resolver, to which the system has told that a name lies in a private network."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        dnscache[name] = "10.0.0.8"
        return super().getHostByName(name, timeout)
