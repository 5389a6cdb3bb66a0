"""Three portals that other people's systems draw; see README.md."""

from __future__ import annotations

from tests.portals.cms.nikola_site import NikolaSite
from tests.portals.cms.pelican_site import PelicanSite
from tests.portals.cms.stock import CmsSite
from tests.portals.cms.wagtail_site import WagtailSite

SITES: tuple[type[CmsSite], ...] = (PelicanSite, NikolaSite, WagtailSite)
