"""A server that sends exactly the bytes it is told to, and keeps every byte it was sent."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)
CLOSE, RESET, HANG, KEEP = "close", "reset", "hang", "keep"


@dataclass(frozen=True)
class Answer:
    """`parts` are sent one after the other with a short pause; then `then`: keep, close, reset or hang."""

    parts: Sequence[bytes] = ()
    then: str = KEEP


@dataclass
class Script:
    """What a path answers, turn by turn; the last answer stays."""

    answers: Sequence[Answer]
    turn: int = 0

    def next(self) -> Answer:
        answer = self.answers[min(self.turn, len(self.answers) - 1)]
        self.turn += 1
        return answer


@dataclass
class RawServer:
    """Serves `paths` on loopback; `received[path]` are the requests in order, as bytes."""

    paths: Mapping[str, Sequence[Answer]]
    tls: ssl.SSLContext | None = None
    greeting: bytes = b""  # sent at once, then the connection is closed
    received: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def __enter__(self) -> Self:
        self._scripts = {path: Script(answers) for path, answers in self.paths.items()}
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(10)
            if self.greeting:
                connection.sendall(self.greeting)
                return
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            connection.settimeout(0.1)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (request := self._read_request(connection)) and self._answer(connection, request):
                pass
        except OSError:
            return  # the client went away: it may
        finally:
            connection.close()

    def _read_request(self, connection: socket.socket) -> bytes:
        data = b""
        while not self._over.is_set():
            head, end, body = data.partition(b"\r\n\r\n")
            length = _LENGTH.search(head + b"\r\n")
            if end and len(body) >= (int(length[1]) if length else 0):
                return data
            try:
                piece = connection.recv(65536)
            except TimeoutError:
                continue
            if not piece:
                return b""
            data += piece
        return b""

    def _answer(self, connection: socket.socket, request: bytes) -> bool:
        path = request.split(b" ", 2)[1].decode("latin-1")
        self.received[path].append(request)
        answer = self._scripts[path].next()
        for number, part in enumerate(answer.parts):
            if number:
                time.sleep(0.05)
            connection.sendall(part)
        if answer.then == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        while answer.then == HANG and not self._over.is_set():
            time.sleep(0.05)
        return answer.then == KEEP
