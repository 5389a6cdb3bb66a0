"""The gallery: sample portals beside the story, one per layout generation of each platform family.

A portal here is a module with one subclass of `GallerySite` and a portal file of the same name; both are
found by being there. README.md tells how to add one.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.portals.gallery.base import GallerySite


def gallery() -> tuple[type[GallerySite], ...]:
    """Every portal of the gallery, by id."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    here = f"{__name__}."  # other sample portals are made of the same class
    found = [
        site
        for site in _below(GallerySite)
        if getattr(site, "portal", None) and site.__module__.startswith(here)
    ]
    return tuple(sorted(found, key=lambda site: site.portal))


def _below(parent: type[GallerySite]) -> list[type[GallerySite]]:
    return [kind for child in parent.__subclasses__() for kind in (child, *_below(child))]
