"""Switches each guard off in turn and demands that its test fails (`make guards`, tests/guards.toml).

    python -m tools.guards [NAME ...] [--list]

The tree is copied once to a temporary folder; a guard is switched off there by replacing text in one file.
Every test is first run with all guards on and must pass. Ends 1 if a guard's text is gone, a test passes
without its guard, or one fails with it. Entries with `missing` have no guard yet, and say why; `untried` ones
name a test, and no way yet to switch the guard off: both are listed, never counted as proven.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "tests" / "guards.toml"
COPIED = ("archive", "crawler", "extract", "parser", "tests", "tools", "benchmarks")
PATIENCE = 900  # seconds for all tests once


@dataclass(frozen=True)
class Guard:
    """One entry. `off` is (text, what replaces it) in `file`."""

    name: str
    title: str
    proof: str | None = None  # the test that fails without it
    file: str | None = None
    off: tuple[str, str] | None = None
    untried: str | None = None
    missing: str | None = None


def load(path: Path = TABLE) -> list[Guard]:
    """All entries in order. Raises ValueError for one that is not whole."""
    guards = []
    for name, entry in tomllib.loads(path.read_text("utf-8")).items():
        off = (entry.pop("on"), entry.pop("off")) if "on" in entry else None
        guard = Guard(name, proof=entry.pop("test", None), off=off, **entry)
        states = [guard.off is not None, guard.untried is not None, guard.missing is not None]
        if sum(states) != 1 or (guard.missing is None) != (guard.proof is not None):
            raise ValueError(f"{name}: on and off, or untried, or missing; a test unless missing")
        guards.append(guard)
    return guards


def copy_tree(folder: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "data-*")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for path in (ROOT / "pyproject.toml", ROOT / "scrapy.cfg"):
        shutil.copy(path, folder / path.name)


def passes(folder: Path, tests: list[str]) -> tuple[bool, str]:
    """Do these tests pass in the copy? And what was said."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode not in (0, 1):
        return False, f"pytest ended with {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}"
    return done.returncode == 0, done.stdout


def switch_off(folder: Path, guard: Guard) -> str | None:
    """What is wrong with a guard, None if its test fails without it."""
    assert guard.off is not None
    assert guard.file is not None
    assert guard.proof is not None
    path = folder / guard.file
    whole = path.read_text("utf-8")
    if whole.count(guard.off[0]) != 1:
        return f"stands {whole.count(guard.off[0])} times in {guard.file}: {guard.off[0]!r}"
    path.write_text(whole.replace(*guard.off), "utf-8")
    try:
        ok, said = passes(folder, [guard.proof])
    except subprocess.TimeoutExpired:
        return None  # a test that hangs without its guard does not pass
    finally:
        path.write_text(whole, "utf-8")
    if ok:
        return f"{guard.proof} passes without it"
    return said if "pytest ended with" in said else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="entries of tests/guards.toml")
    parser.add_argument("--list", action="store_true", help="only list the entries")
    options = parser.parse_args()
    guards = [guard for guard in load() if not options.names or guard.name in options.names]
    if options.list:
        for guard in guards:
            state = "proven" if guard.off else f"untried: {guard.untried}" if guard.untried else ""
            print(f"{guard.name}\t{guard.title}\t{guard.proof or 'missing: ' + str(guard.missing)}\t{state}")
        return 0
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        copy_tree(folder)
        tests = sorted({guard.proof for guard in guards if guard.proof})
        ok, said = passes(folder, tests)
        if not ok:
            wrong += 1
            print(f"with all guards on a test fails:\n{said[-2000:]}", flush=True)
        for guard in guards:
            if guard.off is None:
                continue
            trouble = switch_off(folder, guard)
            wrong += trouble is not None
            print(f"{guard.name}: {trouble or 'its test fails without it'}", flush=True)
    for guard in guards:
        if guard.off is None:
            print(
                f"{guard.name}: {'missing' if guard.missing else 'untried'}: {guard.missing or guard.untried}"
            )
    proven = sum(guard.off is not None for guard in guards)
    print(f"{proven} guards tried, {wrong} wrong, {len(guards) - proven} not tried")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
