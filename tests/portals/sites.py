"""The five portals."""

from __future__ import annotations

from tests.portals.hanweb import Hanweb
from tests.portals.site import Site

SITES: tuple[type[Site], ...] = (Hanweb,)
