"""Any stage can be killed at any moment and run again (design rule 8)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.catalogue import Catalogue, schema
from archive.register import load_register
from extract.rebuild import rebuild
from tests.extract.rebuild_making import register_file
from tests.extract.test_rebuild import three_days

# Dies when the database is asked for the NTHth statement or commit, before or after it took place.
REBUILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from archive.catalogue import Catalogue
from archive.register import load_register
from extract.rebuild import rebuild
archive, url, register, what, nth = sys.argv[1:]
passed = 0
def pass_by(*ignored):
    global passed
    passed += 1
    if passed == int(nth):
        os.kill(os.getpid(), signal.SIGKILL)
with Catalogue(url) as catalogue:
    if what != "none":
        event.listen(catalogue.engine, what, pass_by)
    rebuild(Path(archive), catalogue, load_register([Path(register)]))
print(passed)
"""


def run(archive: Path, url: str, register: Path, what: str, nth: int) -> int:
    return subprocess.run(
        [sys.executable, "-c", REBUILD, str(archive), url, str(register), what, str(nth)],
        stdout=subprocess.DEVNULL,
        timeout=120,
        check=False,
    ).returncode


@pytest.mark.parametrize(
    ("what", "places"),
    [("commit", (1, 2, 3)), ("after_cursor_execute", (3, 11, 19))],
)
def test_a_rebuild_killed_and_run_again_gives_the_same(
    tmp_path: Path, what: str, places: tuple[int, ...]
) -> None:
    archive, register = tmp_path / "archive", register_file(tmp_path)
    url = f"sqlite:///{tmp_path / 'killed.sqlite'}"
    for nth, day in zip(places, three_days(), strict=True):
        day.write(archive)
        assert run(archive, url, register, what, nth) == -signal.SIGKILL
        assert run(archive, url, register, what, nth + 1) in (-signal.SIGKILL, 0)
    assert run(archive, url, register, "none", 0) == 0
    with Catalogue(url) as killed, Catalogue(f"sqlite:///{tmp_path / 'fresh.sqlite'}") as fresh:
        rebuild(archive, fresh, load_register([register]), everything=True)
        assert killed.content_hash() == fresh.content_hash()
        assert killed.rows(schema.report) == fresh.rows(schema.report) != []


def test_a_few_kills_at_random_moments() -> None:
    """`make chaos` does 200; here a few, so that the tool itself keeps working."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.chaos", "--kills", "4", "--seed", "20260203"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none lost" in done.stdout
