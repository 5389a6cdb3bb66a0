"""The audit of a whole country: time, memory, and whether the cost grows with the number of counties.

    python -m benchmarks.country [--counties N] [--rounds N] [--folder DIR]

Generates a register and a catalogue (benchmarks.country_making), then audits them in processes of their own,
one core each: one county, a quarter, a half, the whole. Audited means: every publisher and report year judged
and written to a file with its codes and the ids of the records that it rests on (archive.audit.render.rows).
The issue's 20 s are of 2,850 counties; of fewer they are taken in proportion.
Reading the register (YAML) is told apart. Prints Markdown. DIR is kept and used again.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from archive.audit.decisions import Journal
from archive.audit.ledger import open_ledger
from archive.audit.render.rows import HEAD, audit_rows
from archive.audit.run import Scope, audit_counties
from archive.catalogue import Catalogue
from archive.register import load_register
from benchmarks.country_making import COUNTIES, YEARS, code_of, country
from benchmarks.measuring import Ratio, goals, median, table

_AS_OF = date(2026, 6, 30)
_MEGABYTE = 1024  # of KiB, as the system counts
_SECONDS, _MEGABYTES, _ONE = 20.0, 1000.0, 1.0  # the numbers
_LINEAR = 1.15  # a county of the whole may cost so much more than one of a quarter


def audit_child(folder: Path, counties: int) -> dict[str, float]:
    """One audit of the first counties, in this process. Seconds and MB."""
    began = time.perf_counter()
    register = load_register([folder / "register"])
    gc.freeze()  # as the command does: the register stays, and looking through it finds nothing
    gc.set_threshold(100_000, 20, 100)
    loaded = time.perf_counter()
    codes = tuple(code_of(n) for n in range(counties))
    scope = Scope(_AS_OF, None, tuple(YEARS), codes)
    used, judged = time.process_time(), 0
    with (
        Catalogue(f"sqlite:///{folder / 'catalogue.sqlite'}") as catalogue,
        (folder / f"table-{counties}.tsv").open("w", encoding="utf-8") as out,
    ):
        if open_ledger(catalogue, register, None) is None:
            raise SystemExit("the catalogue was concluded by other code: give another --folder")
        out.write(f"{HEAD}\n")
        for county in audit_counties(catalogue, register, scope, Journal()):
            out.writelines(f"{line}\n" for line in audit_rows(county))
            judged += len(county.verdicts)
    return {
        "register": loaded - began,
        "wall": time.perf_counter() - loaded,
        "cpu": time.process_time() - used,
        "megabytes": _peak(),
        "verdicts": judged,
    }


def _peak() -> float:
    """The most memory that this process held, MB (getrusage would tell its parent's, too)."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / _MEGABYTE
    raise SystemExit("the system does not tell the peak of memory")


def measured(folder: Path, counties: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.country", "--folder", str(folder), "--child", str(counties)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def made(folder: Path, counties: int) -> dict[str, Any]:
    """The country in the folder, made there unless it is."""
    told = folder / "made.json"
    if not told.exists():
        began = time.perf_counter()
        *_, counts = country(folder, counties)
        told.write_text(json.dumps({"counts": counts, "seconds": time.perf_counter() - began}), "utf-8")
    found: dict[str, Any] = json.loads(told.read_text("utf-8"))
    return found


def report(folder: Path, counties: int, rounds: int) -> str:
    """Everything measured, as Markdown."""
    counts = made(folder, counties)["counts"]
    parts = (1, counties // 4, counties // 2, counties)
    found: dict[int, list[dict[str, float]]] = {part: [] for part in parts}
    for number in range(rounds):
        for part in parts:
            found[part].append(measured(folder, part))
        sys.stderr.write(f"round {number + 1} of {rounds}\n")
    size = (folder / "catalogue.sqlite").stat().st_size / 1e6
    rows = [_row(part, found[part]) for part in parts]
    whole, quarter = found[counties], found[counties // 4]
    cost, share = _each(whole) / _each(quarter), counties / COUNTIES
    return (
        f"\n## The audit of a whole country\n\n{counties} counties, {counts['publishers']:,} publishers,"
        f" {counts['report']:,} reports of {len(YEARS)} years, {counts['spell']:,} spells of walks, ten of a"
        f" column a year; the catalogue is {size:,.0f} MB. Medians of {rounds}; memory is the peak of the"
        " process, the register with it.\n"
        + table("Audited", ("counties", "verdicts", "register s", "audit s", "CPU s", "µs each", "MB"), rows)
        + goals(
            [
                Ratio(f"{counties} counties, CPU s", _of(whole, "cpu"), high=_SECONDS * share),
                Ratio(f"{counties} counties, wall s", _of(whole, "wall"), high=_SECONDS * share),
                Ratio(f"{counties} counties, MB", _of(whole, "megabytes"), high=_MEGABYTES),
                Ratio("one county, wall s", _of(found[1], "wall"), high=_ONE),
                Ratio("CPU of a verdict, whole / quarter", cost, high=_LINEAR),
            ]
        )
    )


def _of(runs: Sequence[dict[str, float]], name: str) -> float:
    return median([run[name] for run in runs])


def _each(runs: Sequence[dict[str, float]]) -> float:
    return _of(runs, "cpu") / runs[0]["verdicts"] * 1e6


def _row(part: int, runs: Sequence[dict[str, float]]) -> list[str]:
    times = [f"{_of(runs, name):.2f}" for name in ("register", "wall", "cpu")]
    return [
        f"{part}",
        f"{runs[0]['verdicts']:,.0f}",
        *times,
        f"{_each(runs):.1f}",
        f"{_of(runs, 'megabytes'):.0f}",
    ]


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--counties", type=int, default=COUNTIES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(audit_child(options.folder, options.child)))
        return 0
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        print(report(options.folder, options.counties, options.rounds))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        print(report(Path(folder), options.counties, options.rounds))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
