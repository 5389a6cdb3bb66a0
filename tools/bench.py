"""Runs the benchmarks one after the other (`make bench`) and prints what they found.

    python -m tools.bench [NAME ...] [--quick] [--write]

NAME is a module of benchmarks/ with a `main`; without one, all. --quick takes small inputs and three rounds:
to see that they run. --write puts the result into docs/benchmarks.md, below its mark. Nothing else should be
running: the crawl takes both cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"
MARK = "<!-- measured -->\n"
QUICK = {
    "crawl": ["--pages", "400", "--rounds", "3"],
    "archives": ["--megabytes", "10", "--rounds", "3"],
}
FULL = {"crawl": ["--memory"]}
LIBRARIES = ("scrapy", "twisted", "isal", "fastwarc", "warcio", "uvloop")


def names() -> list[str]:
    """Every module of benchmarks/ that is a benchmark."""
    found = sorted((ROOT / "benchmarks").glob("*.py"))
    return [path.stem for path in found if "\ndef main() -> None:\n" in path.read_text("utf-8")]


def benchmarks() -> list[str]:
    return [name for name in names() if name not in ("server", "client")]  # they are parts of `crawl`


def run(name: str, arguments: list[str]) -> str:
    """What the benchmark printed. Raises CalledProcessError."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def machine() -> str:
    """What the numbers were measured on."""
    model = next(
        (line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")), "unknown"
    )
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores of {model}, "
        f"Python {platform.python_version()}, {libraries}; load before the start {os.getloadavg()[0]:.1f}\n"
    )


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text("utf-8").splitlines() if path.exists() else []


def write(text: str) -> None:
    """Replace what stands below the mark."""
    told, mark, _ = DOCUMENT.read_text("utf-8").partition(MARK)
    DOCUMENT.write_text(f"{told}{mark or MARK}\n{text}", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(benchmarks()))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    unknown = set(options.names) - set(benchmarks())
    if unknown:
        parser.error(f"没有此测试 no such benchmark: {', '.join(sorted(unknown))}")
    parts = [machine()]
    print(parts[0], flush=True)
    for name in options.names or benchmarks():
        parts.append(run(name, (QUICK if options.quick else FULL).get(name, [])))
        print(parts[-1], flush=True)
    if options.write:
        write("\n".join(parts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
