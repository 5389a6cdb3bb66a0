"""Serves the built sites: `.venv-tools/bin/python -m tests.portals.cms.serve FOLDER --port 0 [--log FILE]`.

What Pelican and Nikola wrote is served as files, as any web server would; Wagtail answers itself, by WSGI.
"""

from __future__ import annotations

import argparse
import io
import mimetypes
import os
import signal
import sys
import threading
from http.client import responses
from pathlib import Path
from urllib.parse import quote

from tests.portals.cms import SITES
from tests.portals.cms.wagtail_site import SETTINGS_MODULE, WagtailSite
from tests.portals.gallery.base import TODAY
from tests.portals.serve import NO_SITE, SampleServer
from tests.portals.site import Reply, Request


class CmsServer(SampleServer):
    """The sites that stand in a folder, each behind its host name."""

    def __init__(self, port: int, folder: Path, log: Path | None = None) -> None:
        super().__init__(port, TODAY, log=log)
        self.folder = folder
        self.kinds = {kind.host: kind for kind in SITES if (folder / kind.portal).is_dir()}
        self.django = django_of(folder / WagtailSite.portal) if WagtailSite.host in self.kinds else None

    def answer(self, host: str, request: Request) -> Reply:
        kind = self.kinds.get(host)
        if kind is None:
            return NO_SITE
        if kind is WagtailSite:
            return by_wsgi(self.django, host, request)
        return from_files(self.folder / kind.portal / "output", request.path)


def from_files(output: Path, path: str) -> Reply:
    """A file of a generated site; a folder's address without its slash is sent on, as servers do."""
    file = (output / path.lstrip("/")).resolve()
    if not file.is_relative_to(output.resolve()):
        return NO_SITE
    if file.is_dir():
        if not path.endswith("/"):
            return Reply(b"", "text/html", 301, (("Location", quote(f"{path}/")),))
        file /= "index.html"
    if not file.is_file():
        return Reply(b"<html><head><title>404 Not Found</title></head></html>", "text/html", 404)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    return Reply(file.read_bytes(), kind + charset, tagged=True)


def django_of(folder: Path):
    """The application of the project in a folder."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - installed in .venv-tools alone

    sys.path.insert(0, str(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
    return get_wsgi_application()


def by_wsgi(application, host: str, request: Request) -> Reply:
    """What an application answers."""
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": request.raw_query,
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()},
    }
    begun: list[tuple[int, list[tuple[str, str]]]] = []
    answer = application(environ, lambda status, headers, _=None: begun.append((int(status[:3]), headers)))
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, headers = begun[0]
    kind = next((value for name, value in headers if name.lower() == "content-type"), "text/html")
    kept = tuple(pair for pair in headers if pair[0].lower() not in {"content-type", "content-length"})
    assert status in responses
    return Reply(body, kind, status, kept)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description="样例门户 the sample portals of content systems, on loopback"
    )
    parser.add_argument("folder", type=Path, help="what tests.portals.cms.build wrote")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--log", type=Path, help="JSON lines, one an arrival")
    options = parser.parse_args()
    server = CmsServer(options.port, options.folder, options.log)
    # shutdown() waits for the loop that this very thread runs: it needs a thread of its own.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"content systems ready on 127.0.0.1:{server.port}", flush=True)
    with server:
        server.serve_forever(poll_interval=0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
