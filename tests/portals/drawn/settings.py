"""The gallery's settings for the portals of this folder; nothing here is shipped."""

from __future__ import annotations

from pathlib import Path

from tests.portals.drawn import DRAWN
from tests.portals.gallery.settings import *  # noqa: F403 - a settings module is a name space

GUARD_EXEMPT_HOSTS = sorted(site.host for site in DRAWN.values())
PORTAL_DIRS = [str(Path(__file__).resolve().parent)]
