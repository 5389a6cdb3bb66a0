"""TLS by host: certificates are checked, unless a portal file says otherwise and why (archive.md T23)."""

from __future__ import annotations

from typing import Any, cast

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import (
    _ScrapyClientContextFactory,  # Scrapy has no public name for it; pinned with the Scrapy version
)
from scrapy.crawler import Crawler
from twisted.web.iweb import IPolicyForHTTPS

from crawler.guard import normal_host
from crawler.portal import TlsProfile
from crawler.recording import RecordingDownloadHandler

METHOD = SSL.SSLv23_METHOD  # Scrapy's own default: the best that both sides know
LEGACY_CIPHERS = "ALL:@SECLEVEL=0"  # 3DES, small DH keys, SHA-1 signatures (portals.md §8.4)


class HostPolicies(_ScrapyClientContextFactory):
    """Chooses by host: `profiles` maps a host to its portal's departure; every other host is verified."""

    def __init__(self, profiles: dict[str, str]) -> None:
        super().__init__(METHOD, verify_certificates=True)
        self._profiles = {normal_host(host): TlsProfile(profile) for host, profile in profiles.items()}
        self._departures = {
            TlsProfile.UNVERIFIED: _ScrapyClientContextFactory(METHOD, verify_certificates=False),
            TlsProfile.LEGACY: _ScrapyClientContextFactory(
                METHOD, tls_ciphers=LEGACY_CIPHERS, verify_certificates=False
            ),
        }

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ANN401, N802 — as Twisted and Scrapy disagree
        profile = self._profiles.get(normal_host(hostname.decode("ascii")))
        if profile is not None:
            return self._departures[profile].creatorForNetloc(hostname, port)
        return super().creatorForNetloc(hostname, port)


class PortalDownloadHandler(RecordingDownloadHandler):
    """The recording handler with TLS by host. Setting: TLS_PROFILES (host → profile), set by the spider."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        policies = HostPolicies(crawler.settings.getdict("TLS_PROFILES"))
        self._contextFactory = cast("IPolicyForHTTPS", policies)
