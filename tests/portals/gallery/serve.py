"""The gallery's server: `python -m tests.portals.gallery.serve --port N [--log FILE]`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from tests.portals.gallery import gallery
from tests.portals.gallery.base import TODAY, GallerySite
from tests.portals.serve import NO_SITE, SampleServer
from tests.portals.site import Reply, Request


class GalleryServer(SampleServer):
    """Every portal of the gallery behind its host names."""

    def __init__(self, port: int, log: Path | None = None) -> None:
        super().__init__(port, TODAY, log=log)
        made = [kind() for kind in self.kinds()]
        self.gallery: dict[str, GallerySite] = {
            host: site for site in made for host in (site.host, *site.other_hosts)
        }

    def kinds(self) -> Sequence[type[GallerySite]]:
        """The portals that are served."""
        return gallery()

    def answer(self, host: str, request: Request) -> Reply:
        site = self.gallery.get(host)
        if site is None:
            return NO_SITE
        if request.path == "/robots.txt":
            return site.robots()
        return site.home() if request.path == "/" else site.reply(request, host)


def main(kind: type[GalleryServer] = GalleryServer, arguments: list[str] | None = None) -> int:
    """The command, for this server or one made of it."""
    parser = argparse.ArgumentParser(description="样例门户 the sample portals, on loopback")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--log", type=Path, help="JSON lines, one an arrival")
    options = parser.parse_args(arguments)
    server = kind(options.port, options.log)
    # shutdown() waits for the loop that this very thread runs: it needs a thread of its own.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"sample gallery ready on 127.0.0.1:{server.port}", flush=True)
    with server:
        server.serve_forever(poll_interval=0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
