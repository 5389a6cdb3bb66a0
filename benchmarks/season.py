"""Every day of the season of tests/line/season: crawl, rebuild and audit, 137 times in one archive.

    python -m benchmarks.season [--chosen]

Prints whether every status was the planted one, and what a day costs. Ends 1 at any other status. `--chosen`:
the twelve days that CI plays.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.line.season.check import differences
from tests.line.season.play import ROOT, read_record
from tests.line.season.script import season

SHOWN = 20
STAGES = (("crawl", "full crawl of five portals"), ("rebuild", "rebuild"), ("audit", "audit"))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chosen", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nb-season-") as folder:
        data = Path(folder)
        command = [sys.executable, "-m", "tests.line.season.play", "--data", folder]
        command += [] if options.chosen else ["--every-day"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        script, record = season(), read_record(data)
        wrong = differences(script, data / "audits")
        days = record["days"]
        judged = len(days) * len(script.stories) * len(script.years)
        print("## A season\n")
        print(f"{len(days)} days, {judged} planted statuses, {len(wrong)} wrong.")
        loss = record["loss"]
        same = loss["before"] == loss["after"] and loss["same_audit"] and all(record["replayed"].values())
        print(
            f"After the loss of the catalogue on {loss['day']}: {'the same' if same else 'NOT THE SAME'}.\n"
        )
        print("| a day of | CPU seconds, median | the last ten days |\n| --- | --- | --- |")
        for key, name in STAGES:
            costs = [day["seconds"][key] for day in days]
            print(f"| {name} | {_median(costs)} | {_median(costs[-10:])} |")
        for difference in wrong[:SHOWN]:
            print(difference, file=sys.stderr)
    return 0 if same and not wrong else 1


def _median(costs: Sequence[float]) -> str:
    return f"{statistics.median(costs):.2f}"


if __name__ == "__main__":
    sys.exit(main())
