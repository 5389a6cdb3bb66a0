"""Makes the sites: `.venv-tools/bin/python -m tests.portals.cms.build FOLDER [PORTAL …]`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.portals.cms import SITES


def main(folder: Path, portals: list[str]) -> None:
    for kind in SITES:
        if not portals or kind.portal in portals:
            place = folder / kind.portal
            place.mkdir(parents=True)
            kind().build(place)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
