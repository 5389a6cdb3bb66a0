"""The address behind a host's name, as the connection will use it: several names often share one machine."""

from __future__ import annotations

import asyncio
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]  # it has no stubs


@implementer(IResolutionReceiver)
class _First:
    """Keeps the first address."""

    def __init__(self) -> None:
        self.found: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 — Twisted's names
        """Nothing to do yet."""

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802
        if isinstance(address, IPv4Address | IPv6Address) and not self.found.done():
            self.found.set_result(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        if not self.found.done():
            self.found.set_result(None)


async def address_of(name: str) -> str | None:
    """The first address of a name by the crawl's own resolver; None if it has none."""
    from twisted.internet import reactor  # noqa: PLC0415 — importing it installs it

    receiver = _First()
    resolving: Any = reactor
    resolving.nameResolver.resolveHostName(receiver, name)
    return await receiver.found
