"""The guard: which URL may be asked for at all, checked right before each connection (design rule 7).

The recording download handler calls `Guard.check_url` for every attempt, so that redirects, robots.txt and
index searches meet the same rule as list pages. `GuardedResolver` stands behind it and looks at the address
that a name resolved to, since a name on the allow-list can point anywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, ip_address
from typing import Self
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.switched_off import SwitchedOff

logger = logging.getLogger(__name__)

GOV_CN = ".gov.cn"
SCHEMES = ("http", "https")
REFUSED_ADDRESS = "refused_address"
SWITCHED_OFF = "switched_off"


class GuardRefused(IgnoreRequest):
    """A URL that must not be asked for. `code`: off_site, ip_literal, scheme, no_contact, offline,
    refused_address, switched_off.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Guard:
    """The allow-list of one crawl: every name under .gov.cn, and what portal files add.

    `exempt` names are loopback by construction (the sample portals): neither the list nor CONTACT applies.
    """

    def __init__(self, *, contact: str, exempt: Iterable[str] = (), allowed: Iterable[str] = ()) -> None:
        self.contact = contact.strip()
        self.exempt = frozenset(map(normal_host, exempt))
        self.offline = False  # a re-reading of the archive: nothing at all is asked for
        self.switched_off = SwitchedOff()
        self._allowed = set(map(normal_host, allowed))

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(contact=settings.get("CONTACT") or "", exempt=settings.getlist("GUARD_EXEMPT_HOSTS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Guard:
        """The one guard of this crawler: the spider adds the portals' hosts to it, the handler asks it.

        Raises SwitchListError for a list of switched-off hosts that cannot be used.
        """
        if crawler not in _guards:
            guard = cls.from_settings(crawler.settings)
            guard.switched_off = SwitchedOff.of(crawler.settings)
            _guards[crawler] = guard
        return _guards[crawler]

    def allow(self, hosts: Iterable[str]) -> None:
        """Add the hosts outside .gov.cn that a portal file names."""
        self._allowed.update(map(normal_host, hosts))

    def refusal_of(self, url: str) -> GuardRefused | None:
        """Why a name did not resolve, if it was for a private address: that is no failure to try again."""
        host = normal_host(urlsplit(url).hostname or "")
        if host not in private_names:
            return None
        return GuardRefused(
            f"{host} 指向内网地址，不予连接 points to a private address, not connected: {url}",
            REFUSED_ADDRESS,
        )

    def check_url(self, url: str) -> None:
        """Return if `url` may be asked for, else raise GuardRefused with a line for people."""
        parts = urlsplit(url)
        host = normal_host(parts.hostname or "")
        if parts.scheme not in SCHEMES or not host:
            raise GuardRefused(f"只抓取 http 与 https only http and https are fetched: {url}", "scheme")
        if self.offline:
            raise GuardRefused(f"重读存档时不联网 nothing is fetched while re-reading: {url}", "offline")
        if objection := self.switched_off.objection_to(host):
            raise GuardRefused(
                f"{host} 自 {objection.since} 起停止采集 switched off: {objection.reason}", SWITCHED_OFF
            )
        if host in self.exempt:
            return
        if is_address(host):
            raise GuardRefused(
                f"不抓取以 IP 地址书写的网址 addresses are not fetched, only names: {url}", "ip_literal"
            )
        if not host.endswith(GOV_CN) and host not in self._allowed:
            raise GuardRefused(
                f"主机不在许可名单 host not on the allow-list: {host}; 如属该县请列入 allowed_hosts",
                "off_site",
            )
        if not self.contact:
            raise GuardRefused(
                "未设置联系方式 CONTACT is not set: 请先 export NIANBAO_CONTACT=你的邮箱或网址",
                "no_contact",
            )


_guards: WeakKeyDictionary[Crawler, Guard] = WeakKeyDictionary()
private_names: set[str] = set()  # names refused for their address; one set a process, as Scrapy's DNS cache


class AddressRefusedError(DNSLookupError):
    """A name that points to a private, loopback or otherwise non-public address."""


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver (IPv4, cached), which hands out public addresses only.

    Names in GUARD_EXEMPT_HOSTS are let through. For others a private address is no address: to Twisted the
    name does not resolve; the recording handler asks the guard why, and refuses.
    """

    exempt: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.exempt = frozenset(map(normal_host, crawler.settings.getlist("GUARD_EXEMPT_HOSTS")))
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 — Twisted's
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if normal_host(name) not in self.exempt and not is_public(address):
            refusal = f"{name} 指向内网地址，不予连接 points to a private address: {address}"
            logger.warning(refusal)
            private_names.add(normal_host(name))
            raise AddressRefusedError(refusal)
        return address


@lru_cache(maxsize=4096)  # asked for several times for each page, and IDNA is slow
def normal_host(host: str) -> str:
    """A host name as it is compared: lower case, IDNA, no trailing dot."""
    host = host.strip().rstrip(".").lower()
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def is_address(host: str) -> bool:
    """True for IPv4 and IPv6 literals, and for what a C library would take for one (a bare number, 0x7f…)."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        last = host.rpartition(".")[2]
        return last.isdigit() or last.startswith("0x")
    return True


def is_public(address: str) -> bool:
    """True for an address on the public internet; mapped and tunnelled forms of private ones are not."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    inner: IPv4Address | None = None if isinstance(ip, IPv4Address) else (ip.ipv4_mapped or ip.sixtofour)
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)
