"""Sample portals that only a browser shows: their own JavaScript runs in a real Chromium. README.md."""

from __future__ import annotations

from tests.portals.drawn.app import DrawnApp
from tests.portals.drawn.clicks import DrawnClicks
from tests.portals.gallery.base import GallerySite

DRAWN: dict[str, type[GallerySite]] = {site.portal: site for site in (DrawnApp, DrawnClicks)}
