"""The server of these portals: `python -m tests.portals.drawn.serve --port N [--log FILE]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.portals.drawn import DRAWN
from tests.portals.gallery.base import GallerySite
from tests.portals.gallery.serve import GalleryServer, main


class DrawnServer(GalleryServer):
    """The portals of this folder behind their host names."""

    def kinds(self) -> Sequence[type[GallerySite]]:
        return tuple(DRAWN.values())


if __name__ == "__main__":
    sys.exit(main(DrawnServer))
