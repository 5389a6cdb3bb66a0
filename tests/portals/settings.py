"""The product's settings with what the sample portals need; nothing here is shipped.

`-s SAMPLE_PORT=…` gives the server's port, `-s CLOCK_START=…` the simulated day. Everything a run writes
lies under data/sample, and its archive calls itself a sample.
"""

from __future__ import annotations

from pathlib import Path

from crawler.settings import *  # noqa: F403 - a settings module is a name space
from crawler.settings import HOME
from tests.portals.planted import HOSTS

_HERE = Path(__file__).resolve().parent

SAMPLE_PORT = 0  # unset: the resolver refuses to start
TWISTED_DNS_RESOLVER = "tests.portals.resolver.SampleResolver"
GUARD_EXEMPT_HOSTS = sorted(HOSTS.values())  # exactly these names are loopback by construction
PORTAL_DIRS = [str(_HERE)]
REGISTER_FILES = [str(_HERE / "register")]
DATA_DIR = str(HOME / "data" / "sample")
ARCHIVE_DIR = str(Path(DATA_DIR) / "warc")
CATALOGUE_URL = f"sqlite:///{Path(DATA_DIR) / 'catalogue.sqlite'}"
CONTACT = "样例 sample portals on loopback"
ARCHIVE_WARCINFO = {"isPartOf": "sample"}
