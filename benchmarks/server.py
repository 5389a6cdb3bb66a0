"""The other end: answers from memory, on a core of its own, several times as fast as any client here.

python -m benchmarks.server COUNT plain|gzip CORE      prints its port, then serves until it is ended
"""

from __future__ import annotations

import asyncio
import os
import sys

from benchmarks.pages import answer

NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Serving(asyncio.Protocol):
    """One connection; a request is a head without a body."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for request in requests:
            name = request.split(b" ", 2)[1].rpartition(b"/")[2].removesuffix(b".html")
            self._transport.write(
                self._answers[int(name) % len(self._answers)] if name.isdigit() else NOT_FOUND
            )


async def serve(count: int, *, zipped: bool) -> None:
    """Serve `count` pages on loopback for ever."""
    answers = [answer(number, zipped=zipped) for number in range(count)]
    server = await asyncio.get_running_loop().create_server(lambda: Serving(answers), "localhost", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    count, kind, core = sys.argv[1:]
    os.sched_setaffinity(0, {int(core)})
    asyncio.run(serve(int(count), zipped=kind == "gzip"))


if __name__ == "__main__":
    main()
