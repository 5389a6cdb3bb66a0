"""Platforms: one class per CMS, by name. A county on a known CMS needs a portal file and no code."""

from __future__ import annotations

from crawler.platforms.base import Platform
from crawler.platforms.epoint import Epoint
from crawler.platforms.generic import Generic
from crawler.platforms.gkmlpt import Gkmlpt
from crawler.platforms.hanweb import Hanweb
from crawler.platforms.lonsun import Lonsun
from crawler.platforms.nfcms import Nfcms
from crawler.platforms.openness import Openness
from crawler.platforms.trs import Trs
from crawler.platforms.ucap import Ucap
from crawler.platforms.vsb import Vsb

PLATFORMS: dict[str, type[Platform]] = {
    platform.name: platform
    for platform in (Hanweb, Trs, Ucap, Openness, Vsb, Lonsun, Gkmlpt, Nfcms, Epoint, Generic)
}

__all__ = ["PLATFORMS", "Platform"]
