"""What the portal files of a crawl make of its settings: delays, TLS, who shares a city's machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from scrapy.settings import BaseSettings

from crawler.guard import Guard
from crawler.load import domain_of
from crawler.politeness import BROWSER
from crawler.portal import Portal

BROWSER_HANDLER = "crawler.browser.BrowserDownloadHandler"
LOOPBACK = "loopback"  # how the reason of a sample portal's delay begins


def too_hasty(portal: Portal, settings: BaseSettings) -> Iterator[str]:
    """A delay shorter than shipped is for loopback only."""
    shipped = settings.getfloat("DOWNLOAD_DELAY")
    exempt = Guard.from_settings(settings).exempt
    if portal.delay and portal.delay.seconds < shipped and not portal.hosts <= exempt:
        yield f"{portal.id}: delay 不得短于 must not be shorter than {shipped:g} s（本机样例除外）"


def loopback_hosts(portals: Sequence[Portal], settings: BaseSettings) -> list[str]:
    """Hosts that are sample portals by their files and by GUARD_EXEMPT_HOSTS: one machine plays them all."""
    exempt = Guard.from_settings(settings).exempt
    samples = (p for p in portals if p.delay and p.delay.reason.startswith(LOOPBACK))
    return sorted(host for portal in samples if portal.hosts <= exempt for host in portal.hosts)


def tls_profiles(portals: Sequence[Portal]) -> dict[str, str]:
    """TLS_PROFILES for portals whose TLS falls short."""
    return {host: portal.tls.profile.value for portal in portals if portal.tls for host in portal.hosts}


def delays(portals: Sequence[Portal]) -> dict[str, dict[str, float]]:
    """DOWNLOAD_SLOTS for portals with a delay of their own. Of two counties on one host the slower holds."""
    hosts: dict[str, dict[str, float]] = {}
    for portal in sorted((p for p in portals if p.delay), key=lambda p: p.delay.seconds if p.delay else 0.0):
        assert portal.delay is not None
        hosts |= {host: {"concurrency": 1, "delay": portal.delay.seconds} for host in portal.hosts}
    return {**hosts, BROWSER: {"concurrency": 4, "delay": 0.0}}  # pages on show wait for their parts instead


def load_groups(portals: Sequence[Portal]) -> dict[str, str]:
    """LOAD_GROUPS: host or domain → the city whose machines it is taken to share (practice.md §7).

    Two counties are of one city by the first four digits of their codes (GB/T 2260), but not where the third
    and fourth are 90: those are counties right below the province. Portals that share a domain share a group
    too, also across cities: a platform of the prefecture or the province.
    """
    groups: dict[str, str] = {}
    for portal in portals:
        city = portal.county_code if portal.county_code[2:4] == "90" else portal.county_code[:4]
        domains = {domain_of(host) for host in portal.hosts}
        old = {groups[domain] for domain in domains if domain in groups} | {city}
        groups |= dict.fromkeys(domains, city)
        groups |= {domain: city for domain, group in groups.items() if group in old}
    return groups


def handlers(portals: Sequence[Portal], settings: BaseSettings) -> dict[str, str | None]:
    """DOWNLOAD_HANDLERS: with a browser where a portal asks for one."""
    shipped: dict[str, str | None] = settings.getdict("DOWNLOAD_HANDLERS")
    if not any(portal.browser for portal in portals):
        return shipped
    return {**shipped, "http": BROWSER_HANDLER, "https": BROWSER_HANDLER}


def lacks_browser(portal: Portal) -> Iterator[str]:
    """A portal that needs the extra where it is not installed."""
    if portal.browser and find_spec("scrapy_playwright") is None:
        yield f"{portal.id}: 需要浏览器组件 needs the browser extra: make setup-browser"
