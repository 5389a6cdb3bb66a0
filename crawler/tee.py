"""The tee on the Twisted connection: each byte of a request and its response, as it passes (archive.md §2.1).

It lies above TLS and below the HTTP parser, so that status line, header bytes and chunk framing are all
there, also of an answer that is cut later. All of it rests on private names of Scrapy 2.19 and Twisted;
`onto` refuses when one of them is missing, and tests/crawler/test_recording*.py compare the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from archive.clock import Clock

MARK = "X-Nianbao-Exchange"  # ties a connection's request to ours; taken off before anything is sent


class RecordingUnavailable(RuntimeError):  # noqa: N818 — a state, told in one line
    """Nothing can be recorded here, so nothing may be fetched."""


@dataclass(slots=True)
class Tapped:
    """An attempt under way. `started` is set anew when the request is really sent."""

    mark: str
    started: datetime
    request: bytearray = field(default_factory=bytearray)
    response: bytearray = field(default_factory=bytearray)
    ip: str | None = None
    tls: str | None = None


class Tap:
    """The attempts under way of one connection pool."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._under_way: dict[str, Tapped] = {}

    @contextmanager
    def attempt(self) -> Iterator[Tapped]:
        """An attempt, for as long as its bytes shall be kept."""
        tapped = Tapped(uuid4().hex, self._clock.now())
        self._under_way[tapped.mark] = tapped
        try:
            yield tapped
        finally:
            del self._under_way[tapped.mark]

    def sent(self, mark: str) -> Tapped:
        """The attempt with this mark, whose request goes out now."""
        tapped = self._under_way[mark]
        tapped.started = self._clock.now()
        return tapped

    def onto(self, pool: Any) -> None:  # noqa: ANN401 — a Twisted pool, private parts of it
        """Tee every connection that `pool` makes, without hidden retries. Raises RecordingUnavailable."""
        base: Any = getattr(pool, "_factory", None)
        if not isinstance(base, type) or not hasattr(base, "buildProtocol"):
            raise RecordingUnavailable(_missing("HTTPConnectionPool._factory"))
        if not hasattr(pool, "retryAutomatically"):
            raise RecordingUnavailable(_missing("HTTPConnectionPool.retryAutomatically"))
        tap = self

        class TeeFactory(base):  # type: ignore[misc]  # whatever class Scrapy put there
            """Builds what its base builds, with the tee on."""

            def buildProtocol(self, addr: Any) -> Any:  # noqa: ANN401, N802 — Twisted's
                protocol = super().buildProtocol(addr)
                _Connection(protocol, tap)
                return protocol

        pool._factory = TeeFactory  # noqa: SLF001
        pool.retryAutomatically = False


class _Connection:
    """One connection; requests follow each other on it, one at a time."""

    def __init__(self, protocol: Any, tap: Tap) -> None:  # noqa: ANN401
        for name in ("request", "dataReceived"):
            if not hasattr(protocol, name):
                raise RecordingUnavailable(_missing(f"{type(protocol).__name__}.{name}"))
        self._protocol = protocol
        self._tap = tap
        self._current: Tapped | None = None
        self._data_received = protocol.dataReceived
        self._request = protocol.request
        protocol.dataReceived = self._data
        protocol.request = self._send

    def _send(self, request: Any) -> Any:  # noqa: ANN401
        marks = request.headers.getRawHeaders(MARK)
        if not marks:
            raise RecordingUnavailable("请求未经录制处理器 a request that did not pass the recording handler")
        request.headers.removeHeader(MARK)
        self._current = tapped = self._tap.sent(marks[0])
        transport = self._protocol.transport
        with suppress(AttributeError):
            tapped.ip = transport.getPeer().host
        self._protocol.transport = _TransportTee(transport, tapped.request)
        try:
            return self._request(request)
        finally:
            self._protocol.transport = transport

    def _data(self, data: bytes) -> None:
        tapped = self._current
        if tapped is not None:
            if not tapped.response:
                tapped.tls = _tls_version(self._protocol.transport)
            tapped.response += data
        self._data_received(data)


class _TransportTee:
    """Stands in for the transport while the request is written; everything else goes to the real one."""

    def __init__(self, transport: Any, sink: bytearray) -> None:  # noqa: ANN401
        self._transport = transport
        self._sink = sink

    def write(self, data: bytes) -> None:
        self._sink += data
        self._transport.write(data)

    def writeSequence(self, parts: Sequence[bytes]) -> None:  # noqa: N802 — Twisted's
        self._sink += b"".join(parts)
        self._transport.writeSequence(parts)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._transport, name)


def _tls_version(transport: Any) -> str | None:  # noqa: ANN401
    """`TLSv1.3` on a TLS connection after its handshake, else None."""
    if not hasattr(transport, "getPeerCertificate"):
        return None
    with suppress(AttributeError):
        return cast("str", transport.getHandle().get_protocol_version_name())
    return None


def _missing(name: str) -> str:
    return (
        f"无法录制，拒绝抓取 cannot record, so nothing is fetched: {name} 不存在; "
        "请安装 pyproject.toml 所列的 Scrapy 与 Twisted 版本 install the versions in pyproject.toml"
    )
