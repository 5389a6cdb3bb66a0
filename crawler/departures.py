"""Where a run departs from the shipped settings: a portal's own delay, the name that the user signs with."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from scrapy.settings import BaseSettings

from crawler.guard import Guard
from crawler.portal import Portal, PortalError


def user_agent(settings: BaseSettings) -> str:
    """An honest name and whom to write to; in ASCII, since it is a header."""
    contact = " ".join(str(settings.get("CONTACT") or "").split())
    name = str(settings.get("USER_AGENT")).partition(" ")[0]
    return f"{name} (+{quote(contact, safe=' @:/?#=&+,;~._-')})" if contact else name


def check_departures(portals: Sequence[Portal], settings: BaseSettings) -> None:
    """A shorter delay is for loopback only. Raises PortalError."""
    exempt = Guard.from_settings(settings).exempt
    shipped = settings.getfloat("DOWNLOAD_DELAY")
    for portal in portals:
        if portal.delay and portal.delay.seconds < shipped and not portal.hosts <= exempt:
            raise PortalError(
                f"{portal.id}: delay 不得短于 {shipped:g} 秒 must not be shorter than shipped; 样例门户除外"
            )


def delays(portals: Sequence[Portal]) -> dict[str, dict[str, float]]:
    """DOWNLOAD_SLOTS for portals with a delay of their own."""
    return {
        host: {"concurrency": 1, "delay": portal.delay.seconds}
        for portal in portals
        if portal.delay
        for host in portal.hosts
    }
