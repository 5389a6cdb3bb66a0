"""A server on loopback whose hosts behave as a test says, and which remembers every arrival."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: str | bytes = ""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    wait: float = 0.0  # seconds before anything is sent
    drip: float = 0.0  # seconds between one byte of the body and the next
    cut: bool = False  # the connection ends in the middle of the body


@dataclass(frozen=True)
class Arrival:
    host: str
    path: str
    at: float
    headers: dict[str, str] = field(default_factory=dict)


Behaviour = Callable[[str, int], Answer]  # path, how many arrivals of this path before


class OddServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hosts: dict[str, Behaviour], address: str = "127.0.0.1") -> None:
        super().__init__((address, 0), _Handler)
        self.hosts = hosts
        self.arrivals: list[Arrival] = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def paths(self, host: str) -> list[str]:
        return [arrival.path for arrival in self.arrivals if arrival.host == host]

    def times(self, host: str) -> list[float]:
        return [arrival.at for arrival in self.arrivals if arrival.host == host]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: OddServer
    timeout = 20

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0]
        with self.server.lock:
            before = sum(a.host == host and a.path == self.path for a in self.server.arrivals)
            self.server.arrivals.append(
                Arrival(host, self.path, time.monotonic(), dict(self.headers.items()))
            )
        answer = self.server.hosts[host](self.path, before)
        if answer.wait and self.server.stopping.wait(answer.wait):
            return
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self._send(answer, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the crawler gave up waiting

    def _send(self, answer: Answer, body: bytes) -> None:
        if answer.cut:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif answer.drip:
            for byte in body:
                if self.server.stopping.wait(answer.drip):
                    return
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
        else:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing on stderr."""


@contextmanager
def odd_server(hosts: dict[str, Behaviour], address: str = "127.0.0.1") -> Iterator[OddServer]:
    server = OddServer(hosts, address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()
