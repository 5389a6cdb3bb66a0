"""The product's settings with what the gallery's portals need; nothing here is shipped."""

from __future__ import annotations

from pathlib import Path

from crawler.settings import *  # noqa: F403 - a settings module is a name space
from crawler.settings import HOME
from tests.portals.gallery import gallery

_HERE = Path(__file__).resolve().parent

SAMPLE_PORT = 0
TWISTED_DNS_RESOLVER = "tests.crawler.resolver.ExemptResolver"
GUARD_EXEMPT_HOSTS = sorted(host for site in gallery() for host in (site.host, *site.other_hosts))
PORTAL_DIRS = [str(_HERE)]
REGISTER_FILES: list[str] = []
DATA_DIR = str(HOME / "data" / "gallery")
ARCHIVE_DIR = str(Path(DATA_DIR) / "warc")
CATALOGUE_URL = f"sqlite:///{Path(DATA_DIR) / 'catalogue.sqlite'}"
CONTACT = "样例 sample portals on loopback"
ARCHIVE_WARCINFO = {"isPartOf": "sample"}
CLOCK_START = "2026-04-20T09:00:00+08:00"
