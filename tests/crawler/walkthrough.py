"""Settings for the worked example of docs/portals.md: the product's, with the gallery's hosts on loopback.

The test that follows the document writes the server's port into the folder from which it runs the commands.
"""

from __future__ import annotations

from pathlib import Path

from crawler.settings import *  # noqa: F403 - a settings module is a name space
from tests.portals.gallery.settings import (
    ARCHIVE_WARCINFO,
    CLOCK_START,
    GUARD_EXEMPT_HOSTS,
    TWISTED_DNS_RESOLVER,
)

__all__ = ["ARCHIVE_WARCINFO", "CLOCK_START", "GUARD_EXEMPT_HOSTS", "TWISTED_DNS_RESOLVER"]

SAMPLE_PORT = int(Path("sample-port").read_text(encoding="utf-8"))
DOWNLOAD_DELAY = 0.0  # the pauses are for real sites
