"""Switches each guard off in turn and demands that its test fails (`make guards`, tests/guards.toml).

    python -m tools.guards [NAME ...] [--list] [--jobs N]

Each worker copies the tree to a temporary folder of its own and replaces text in one file there. Every test
is first run with all guards on and must pass. Ends 1 if a guard's text is gone or its replacement is no
Python, a test passes without its guard, or one fails with it. An entry tells the first line of its test's
complaint, so that a reader sees whether it failed for the guard's sake. A test that is skipped here (no
Chromium) proves nothing and is told so. Entries with `missing` have no guard yet, and say why; `untried`
ones name a test, and no way yet to switch the guard off: both are listed, never counted as proven.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "tests" / "guards.toml"
COPIED = ("archive", "crawler", "docs", "extract", "parser", "tests", "tools", "benchmarks")
LINKED = (".venv", ".venv-tools")  # where they are: tests look for tools there
PATIENCE = 300  # seconds for the tests of one entry
SKIPPED = "skipped"


@dataclass(frozen=True)
class Guard:
    """One entry. `off` is (text, what replaces it) in `file`; that may be a pattern, since text moves."""

    name: str
    title: str
    proof: str | None = None  # the test that fails without it
    file: str | None = None
    off: tuple[str, str] | None = None
    untried: str | None = None
    missing: str | None = None


@dataclass(frozen=True)
class Outcome:
    """How an entry went: `wrong` None if its test fails without the guard; `told` what it complained of."""

    wrong: str | None
    told: str


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


def place(guard: Guard, root: Path = ROOT) -> Path:
    """The one file in which the guard's text stands, once. Raises ValueError if there is none, or another."""
    assert guard.off is not None
    assert guard.file is not None
    found = [path for path in sorted(root.glob(guard.file)) for _ in range(_times(guard.off[0], path))]
    if len(found) != 1:
        raise ValueError(f"stands {len(found)} times in {guard.file}: {guard.off[0]!r}")
    return found[0]


def _times(text: str, path: Path) -> int:
    return path.read_text("utf-8").count(text)


def without(guard: Guard, root: Path = ROOT) -> tuple[Path, str]:
    """The guard's file, and its text with the guard off. Raises ValueError or SyntaxError."""
    path = place(guard, root)
    assert guard.off is not None
    off = path.read_text("utf-8").replace(*guard.off)
    if path.suffix == ".py":
        compile(off, path.name, "exec")
    return path, off


def copy_tree(folder: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", "data-*")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for path in (ROOT / "pyproject.toml", ROOT / "scrapy.cfg"):
        shutil.copy(path, folder / path.name)
    for name in LINKED:
        if (ROOT / name).exists():
            (folder / name).symlink_to(ROOT / name)


def run_tests(folder: Path, tests: Sequence[str]) -> tuple[int, str]:
    """pytest's exit code in the copy, and what was said. Raises subprocess.TimeoutExpired."""
    # What other tools say of the archives at the end of a run must not stand in for the entry's own test.
    options = ("-q", "-x", "--no-header", "-p", "no:cacheprovider", "--foreign-readers=off")
    command = [sys.executable, "-m", "pytest", *options, *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE * len(tests),
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def try_with(folder: Path, proof: str) -> str | None:
    """What is wrong with a test while every guard is on: None, SKIPPED or its complaint."""
    code, said = run_tests(folder, [proof])
    if code == 0:
        return None if re.search(r"\d passed", said) else SKIPPED
    return f"pytest ended with {code}: {said[-1500:]}"


def try_without(folder: Path, guard: Guard) -> Outcome:
    """Switch the guard off in the copy, run its test, and put the guard back."""
    assert guard.proof is not None
    try:
        path, off = without(guard, folder)
    except (ValueError, SyntaxError) as error:
        return Outcome(str(error), "")
    whole = path.read_text("utf-8")
    path.write_text(off, "utf-8")
    try:
        code, said = run_tests(folder, [guard.proof])
    except subprocess.TimeoutExpired:
        return Outcome(None, "it hangs without the guard")
    finally:
        path.write_text(whole, "utf-8")
    if code == 0:
        return Outcome(f"{guard.proof} passes without it", "")
    if code != 1:
        return Outcome(f"pytest ended with {code}: {said[-800:]}", "")
    complaint = re.search(r"^E +(.+)$", said, re.MULTILINE)
    return Outcome(None, complaint[1][:160] if complaint else "")


class Copies:
    """As many copies of the tree as workers; each is lent to one at a time."""

    def __init__(self, scratch: Path, count: int) -> None:
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(count):
            copy_tree(scratch / str(number))
            self._free.put(scratch / str(number))

    @contextmanager
    def one(self) -> Iterator[Path]:
        folder = self._free.get()
        try:
            yield folder
        finally:
            self._free.put(folder)


def switch_all(guards: Sequence[Guard], jobs: int) -> tuple[int, int]:
    """Try each guard, telling each; returns how many went wrong and how many were skipped."""
    wrong, skipped = 0, 0
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(jobs) as pool:
        copies = Copies(Path(scratch), jobs)

        def sound(proof: str) -> str | None:
            with copies.one() as folder:
                return try_with(folder, proof)

        def switched(guard: Guard) -> Outcome:
            with copies.one() as folder:
                return try_without(folder, guard)

        proofs = sorted({guard.proof for guard in guards if guard.proof})
        trouble = dict(zip(proofs, pool.map(sound, proofs), strict=True))
        for proof, said in trouble.items():
            if said not in (None, SKIPPED):
                wrong += 1
                print(f"{proof} fails with all guards on: {said}", flush=True)
        ready = [g for g in guards if g.off is not None and trouble.get(str(g.proof)) is None]
        for guard, outcome in zip(ready, pool.map(switched, ready), strict=True):
            wrong += outcome.wrong is not None
            print(
                f"{guard.name}: {outcome.wrong or 'its test fails without it: ' + outcome.told}", flush=True
            )
        for guard in guards:
            if trouble.get(str(guard.proof)) == SKIPPED:
                skipped += 1
                print(f"{guard.name}: not tried, {guard.proof} is skipped on this machine", flush=True)
    return wrong, skipped


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="entries of tests/guards.toml")
    parser.add_argument("--list", action="store_true", help="only list the entries")
    parser.add_argument("--jobs", type=int, default=max(1, min(4, os.cpu_count() or 1)), help="at a time")
    options = parser.parse_args()
    if unknown := set(options.names) - {guard.name for guard in load()}:
        parser.error(f"没有此条目 no such entry: {', '.join(sorted(unknown))}")
    guards = [guard for guard in load() if not options.names or guard.name in options.names]
    if options.list:
        for guard in guards:
            state = "tried" if guard.off else f"untried: {guard.untried}" if guard.untried else ""
            print(f"{guard.name}\t{guard.title}\t{guard.proof or 'missing: ' + str(guard.missing)}\t{state}")
        return 0
    began = time.monotonic()
    wrong, skipped = switch_all(guards, options.jobs)
    for guard in guards:
        if guard.off is None:
            state = "missing" if guard.missing else "untried"
            print(f"{guard.name}: {state}: {guard.missing or guard.untried}")
    tried = sum(guard.off is not None for guard in guards)
    rest = len(guards) - tried + skipped
    print(
        f"{tried - skipped} guards tried, {wrong} wrong, {rest} not tried, {time.monotonic() - began:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
