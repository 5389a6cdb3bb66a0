"""Builds the sites, serves them, says what they publish. Runs in .venv; the systems stay in .venv-tools."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.sample_portals import ROOT, Sample
from tests.portals.cms import SITES
from tests.portals.gallery_play import register_file

PYTHON = ROOT / ".venv-tools" / "bin" / "python"


def build(folder: Path) -> None:
    """Every site, each in a folder of its own; the folder must not exist. Takes some seconds."""
    command = [str(PYTHON), "-m", "tests.portals.cms.build", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"the sites cannot be built: {done.stderr}")


def samples(built: Path) -> list[Sample]:
    """What the built sites publish."""
    made = []
    for kind in SITES:
        site = kind()
        made.append(
            Sample(
                site.portal,
                site.maker,
                site.host,
                frozenset({site.host}),
                Path(__file__).parent / f"{site.portal}.yml",
                in_story=False,
                county_code=site.county_code,
                reports=frozenset(
                    (item.body.code, item.year) for item in site.items if item.year is not None
                ),
                others=frozenset(),
                addresses=site.addresses(built / site.portal),
            )
        )
    return made


def settings(folder: Path) -> dict[str, str]:
    """What a command on these sites needs beyond the gallery's settings; writes their register."""
    register = register_file([kind() for kind in SITES], folder)
    return {
        "GUARD_EXEMPT_HOSTS": ",".join(kind.host for kind in SITES),
        "REGISTER_FILES": str(register),
    }


@contextmanager
def serving(built: Path, log: Path) -> Iterator[int]:
    """The built sites in a process of its own; gives its port, ends it by its process id."""
    command = [str(PYTHON), "-m", "tests.portals.cms.serve", str(built), "--port", "0", "--log", str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline().partition("127.0.0.1:")[2])
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()
