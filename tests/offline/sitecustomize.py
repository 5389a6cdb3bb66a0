"""No connection leaves the machine: an audit hook that a test run and all its child processes carry.

tests/conftest.py puts this folder first on PYTHONPATH: every Python that a test starts imports it at start.
The hook sees `socket.connect` and `socket.getaddrinfo` and raises unless the peer is loopback.
"""

from __future__ import annotations

import ipaddress
import sys
from typing import Any


class LeftTheMachineError(RuntimeError):
    """A test, or a program that it started, wanted to talk to another machine."""


def is_loopback(host: object) -> bool:
    """True for what stays on this machine; an unnamed host (None, '') is the machine itself."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_to_leave(event: str, arguments: tuple[Any, ...]) -> None:
    """The hook itself; a path (a Unix socket) has no host and may pass."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not is_loopback(address[0]):
            raise LeftTheMachineError(f"connect to {address!r}")
    elif event == "socket.getaddrinfo" and not is_loopback(arguments[0]):
        raise LeftTheMachineError(f"look-up of {arguments[0]!r}")


sys.addaudithook(refuse_to_leave)
