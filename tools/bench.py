"""Runs the benchmarks one after the other (`make bench`) and prints what they found.

    python -m tools.bench [NAME ...] [--long | --quick] [--write]

NAME is one of PARTS; without one, all. Each time is the median of five interleaved rounds. accuracy counts
20,000 damaged reports; season plays 137 days, which alone takes 18 minutes, and fails at one status that is
not the planted one. --long adds the memory of 50,000 pages and takes an archive of 1 GB.
--quick takes small inputs and three rounds: to see that they run. --write puts the result into
docs/benchmarks.md, below its mark. Nothing else should be running: the crawl takes both cores.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"
MARK = "<!-- measured -->\n"


@dataclass(frozen=True)
class Part:
    """A module of benchmarks/ that prints Markdown from `## ` on, and what it is given in each form."""

    name: str
    usual: Sequence[str]
    quick: Sequence[str]
    long: Sequence[str]


PARTS = (
    Part(
        "crawl",
        usual=("--pages", "400", "--rounds", "5"),
        quick=("--pages", "200", "--rounds", "3"),
        long=("--pages", "1000", "--rounds", "5", "--memory"),
    ),
    Part(
        "archives",
        usual=("--megabytes", "30", "--rounds", "5"),
        quick=("--megabytes", "10", "--rounds", "3"),
        long=("--megabytes", "1000", "--rounds", "5"),
    ),
    Part("platforms", usual=(), quick=(), long=()),
    Part(
        "extract",
        usual=("--pages", "300", "--rounds", "5", "--large", "1600"),
        quick=("--pages", "40", "--rounds", "3", "--large", "0"),
        long=("--pages", "300", "--rounds", "9", "--large", "5000"),
    ),
    Part(
        "body",
        usual=("--pages", "40", "--rounds", "5"),
        quick=("--pages", "10", "--rounds", "3"),
        long=("--pages", "100", "--rounds", "9"),
    ),
    Part("accuracy", usual=("--cases", "20000"), quick=("--cases", "500"), long=("--cases", "20000")),
    Part("attachments", usual=(), quick=("--rounds", "3"), long=()),
    Part("season", usual=(), quick=("--chosen",), long=()),
    Part(
        "country",
        usual=("--counties", "285", "--rounds", "5"),
        quick=("--counties", "40", "--rounds", "3"),
        long=("--counties", "2850", "--rounds", "3"),
    ),
    Part("parser", usual=(), quick=("--reports", "100", "--rounds", "3"), long=()),
)
LIBRARIES = ("scrapy", "twisted", "isal", "fastwarc", "warcio", "uvloop")


def run(name: str, arguments: Sequence[str]) -> str:
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
    known = {part.name: part for part in PARTS}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--long", dest="form", action="store_const", const="long", default="usual")
    form.add_argument("--quick", dest="form", action="store_const", const="quick")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"没有此测试 no such benchmark: {', '.join(sorted(unknown))}")
    parts = [machine()]
    print(parts[0], flush=True)
    for name in options.names or known:
        parts.append(run(name, getattr(known[name], options.form)))
        print(parts[-1], flush=True)
    if options.write:
        write("\n".join(parts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
