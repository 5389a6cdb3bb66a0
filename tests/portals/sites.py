"""The five portals."""

from __future__ import annotations

from tests.portals.hanweb import Hanweb
from tests.portals.openness import Openness
from tests.portals.site import Site
from tests.portals.trs import Trs
from tests.portals.ucap import Ucap
from tests.portals.vsb import Vsb

SITES: tuple[type[Site], ...] = (Hanweb, Ucap, Openness, Vsb, Trs)
