"""The sample server: `python -m tests.portals.serve --port N --today YYYY-MM-DD [--decline HOST …]`.

One process on 127.0.0.1 plays all five portals; the Host header selects one. It prints one line when it
accepts connections, appends each arrival to --log as a JSON line, and ends on SIGTERM.
"""

from __future__ import annotations

import argparse
import gzip
import json
import signal
import sys
import threading
import time
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.portals.planted import HOSTS
from tests.portals.site import Reply, Request, Site
from tests.portals.sites import SITES

DECLINED = Reply(b"<html><body>412 Precondition Failed</body></html>", "text/html", 412)
NO_SITE = Reply(b"no such host", "text/plain", 404)


class SampleServer(ThreadingHTTPServer):
    """The portals on one day. `port` 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, port: int, today: date, decline: tuple[str, ...] = (), log: Path | None = None
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.sites: dict[str, Site] = {HOSTS[cls.portal]: cls(today) for cls in SITES}
        self.decline = frozenset(decline)
        self.log_path = log
        self.lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the server's; anything else is told as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def answer(self, host: str, request: Request) -> Reply:
        """The reply of a host; a declining one says 412 to everything, robots.txt included."""
        site = self.sites.get(host)
        if site is None:
            return NO_SITE
        if host in self.decline:
            return DECLINED
        return site.robots() if request.path == "/robots.txt" else site.reply(request)

    def arrived(
        self, host: str, method: str, target: str, status: int, started: tuple[float, datetime]
    ) -> None:
        """One arrival for the log: `monotonic` in seconds, taken when the request line had been read."""
        if self.log_path is None:
            return
        line = {
            "monotonic": round(started[0], 6),
            "wall": started[1].isoformat(),
            "host": host,
            "method": method,
            "path": target,
            "status": status,
        }
        with self.lock, self.log_path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive."""

    protocol_version = "HTTP/1.1"
    server_version = "sample"
    sys_version = ""
    server: SampleServer
    timeout = 60
    wbufsize = -1  # head and body in one write, or each reply waits for the client's delayed ACK
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._handle(b"")

    def do_HEAD(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing on stderr: arrivals go to the log."""

    def _handle(self, form: bytes) -> None:
        started = (time.monotonic(), datetime.now(UTC))
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        parts = urlsplit(self.path)
        fields = dict(parse_qsl(parts.query, keep_blank_values=True, encoding="utf-8", errors="replace"))
        if form and "urlencoded" in (self.headers.get("Content-Type") or ""):
            fields |= dict(parse_qsl(form.decode("utf-8", "replace"), keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(unquote(parts.path), fields, parts.query, headers, self.command, form)
        reply = self.server.answer(host, request)
        unchanged = reply.tagged and headers.get("if-none-match") == reply.etag
        # Logged before it is sent: whoever has an answer finds it in the log.
        self.server.arrived(host, self.command, self.path, 304 if unchanged else reply.status, started)
        if unchanged:
            self.send_response(304)
            self.send_header("ETag", reply.etag)
            self.end_headers()
        else:
            self._send(reply, headers)

    def _send(self, reply: Reply, headers: dict[str, str]) -> None:
        body, extra = reply.body, list(reply.headers)
        if reply.zipped and "gzip" in headers.get("accept-encoding", ""):
            body = gzip.compress(body, mtime=0)
            extra.append(("Content-Encoding", "gzip"))
        if reply.tagged:
            extra.append(("ETag", reply.etag))
        self.send_response(reply.status)
        if reply.content_type:
            self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in extra:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.portals.serve", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--today", type=date.fromisoformat, required=True, help="nothing newer is served")
    parser.add_argument("--decline", nargs="*", default=[], metavar="HOST", help="answers 412 to everything")
    parser.add_argument("--log", type=Path, help="JSON lines, one an arrival")
    parser.add_argument("--ready-file", type=Path, help="gets the port once connections are accepted")
    options = parser.parse_args(arguments)
    unknown = set(options.decline) - set(HOSTS.values())
    if unknown:
        parser.error(f"unknown host: {', '.join(sorted(unknown))}")
    try:
        server = SampleServer(options.port, options.today, tuple(options.decline), options.log)
    except (OSError, OverflowError) as error:
        print(
            f"端口不能用，请换一个 the port cannot be used: --port {options.port}: {error}", file=sys.stderr
        )
        return 2
    # shutdown() waits for the loop that this very thread runs: it needs a thread of its own.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    if options.ready_file:
        options.ready_file.write_text(f"{server.port}\n", encoding="ascii")
    print(f"sample portals ready on 127.0.0.1:{server.port} today {options.today}", flush=True)
    with server:
        server.serve_forever(poll_interval=0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
