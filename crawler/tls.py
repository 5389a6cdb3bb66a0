"""TLS by host: certificates are checked, unless a portal file says otherwise and why (archive.md T23)."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import (
    _ScrapyCertificateOptions,  # Scrapy has no public names for them; pinned with the Scrapy version
    _ScrapyClientContextFactory,
)
from scrapy.crawler import Crawler
from twisted.internet.ssl import TLSVersion
from twisted.web.iweb import IPolicyForHTTPS

from crawler.guard import normal_host
from crawler.portal import TlsProfile
from crawler.recording import RecordingDownloadHandler

METHOD = SSL.SSLv23_METHOD  # Scrapy's own default: the best that both sides know
OLDEST = TLSVersion.TLSv1_0
LEGACY_CIPHERS = b"ALL:@SECLEVEL=0"  # 3DES, small DH keys, SHA-1 signatures (portals.md §8.4)


class _LegacyOptions(_ScrapyCertificateOptions):
    """Old protocols and suites. A list of suites alone would leave the level of security where it was."""

    def _makeContext(self, skipCiphers: bool = False) -> SSL.Context:  # noqa: ARG002, N802, N803 — Twisted's
        context = super()._makeContext(skipCiphers=True)  # suites last: then nothing can be set any more
        context.set_min_proto_version(SSL.TLS1_VERSION)
        context.set_cipher_list(LEGACY_CIPHERS)
        return context


class _LegacyFactory(_ScrapyClientContextFactory):
    def _get_cert_options(self) -> _LegacyOptions:
        return _LegacyOptions(**{**self._get_cert_options_kwargs(), "insecurelyLowerMinimumTo": OLDEST})


class HostPolicies(_ScrapyClientContextFactory):
    """Chooses by host: `profiles` maps a host to its portal's departure; every other host is verified."""

    def __init__(self, profiles: dict[str, str]) -> None:
        super().__init__(METHOD, verify_certificates=True)
        self._profiles = {normal_host(host): TlsProfile(profile) for host, profile in profiles.items()}
        self._departures = {
            TlsProfile.UNVERIFIED: _ScrapyClientContextFactory(METHOD, verify_certificates=False),
            TlsProfile.LEGACY: _LegacyFactory(METHOD, verify_certificates=False),
        }

    def profile_of(self, url: str) -> TlsProfile | None:
        """The departure that holds for an address; None for one that is asked for as usual."""
        parts = urlsplit(url)
        return self._profiles.get(normal_host(parts.hostname or "")) if parts.scheme == "https" else None

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ANN401, N802 — as Twisted and Scrapy disagree
        profile = self._profiles.get(normal_host(hostname.decode("ascii")))
        if profile is not None:
            return self._departures[profile].creatorForNetloc(hostname, port)
        return super().creatorForNetloc(hostname, port)


class PortalDownloadHandler(RecordingDownloadHandler):
    """The recording handler with TLS by host. Setting: TLS_PROFILES (host → profile), set by the spider."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        policies = self._policies = HostPolicies(crawler.settings.getdict("TLS_PROFILES"))
        self._contextFactory = cast("IPolicyForHTTPS", policies)

    def tls_policy(self, url: str) -> str | None:
        return self._policies.profile_of(url)
