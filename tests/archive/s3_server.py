"""A real S3 server of the tools' environment on loopback, and a wire to it that counts, cuts and stalls."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BUCKET = "nianbao"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def s3_server(program: Path, log: Path) -> Iterator[int]:
    """The server's port; it is ended by its process id."""
    port = free_port()
    # Its dependencies import what the offline hook forbids to look up; it listens on loopback alone.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(program), "-H", "127.0.0.1", "-p", str(port)], env=env, stdout=out, stderr=out
        )
        try:
            for _ in range(150):
                with socket.socket() as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            else:
                raise AssertionError(log.read_text())
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)


def make_bucket(port: int) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{BUCKET}", method="PUT")
    urllib.request.urlopen(request).close()


def demand_keys(port: int, *, yes: bool) -> None:
    """From now on the server knows no key (yes), or asks for none."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/moto-api/reset-auth",
        data=b"0" if yes else b"inf",  # requests that are let in before keys count
        headers={"Content-Type": "text/plain"},
        method="POST",
    )
    urllib.request.urlopen(request).close()


class Wire:
    """A listener that passes bytes on to the server. `down` counts what came back; `cut_after` closes, and
    `stall_after` holds, each connection that sent more than so many bytes (None: never)."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.down = 0
        self.cut_after: int | None = None
        self.stall_after: int | None = None
        self.stalled = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._sockets:
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.server))
                self._sockets += [client, server]
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        sent = 0
        with suppress(OSError):
            while data := client.recv(16384):
                sent += len(data)
                if self.stall_after is not None and sent > self.stall_after:
                    self.stalled.set()
                    return
                if self.cut_after is not None and sent > self.cut_after:
                    break
                server.sendall(data)
            for end in (client, server):
                end.shutdown(socket.SHUT_RDWR)

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                self.down += len(data)
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)
