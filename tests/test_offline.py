"""The offline hook itself: it must bite, here and in child processes."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from sitecustomize import LeftTheMachineError

# TEST-NET-1 (RFC 5737): never routed, so a broken hook would only time out.
ELSEWHERE = ("192.0.2.1", 9)


def test_connecting_elsewhere_is_refused() -> None:
    with socket.socket() as out, pytest.raises(LeftTheMachineError):
        out.connect(ELSEWHERE)


def test_looking_up_a_name_is_refused() -> None:
    with pytest.raises(LeftTheMachineError):
        socket.getaddrinfo("example.org", 80)


def test_loopback_is_allowed() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_children_inherit_the_hook() -> None:
    code = f"import socket; socket.socket().connect({ELSEWHERE!r})"
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    assert child.returncode != 0
    assert "LeftTheMachineError" in child.stderr
