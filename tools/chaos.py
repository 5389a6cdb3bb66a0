"""Kills crawls and rebuilds with SIGKILL at random moments, and looks what is left (`make chaos`).

    python -m tools.chaos [--kills 200] [--seed N] [--keep DIR]

Every crawl goes on in the same archive, against a server on loopback. After each kill: no group that was
acknowledged is gone, moved or doubled, recovery changes nothing that could be read, the archive verifies; and
the catalogue of all rebuilds so far, killed ones included, equals one made from nothing (every tenth kill and
at the end). Ends 1 at the first that does not hold, with the seed that plays it again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from archive.catalogue import Catalogue
from archive.register import load_register
from archive.warc.reader import ArchiveReader
from archive.warc.recover import recover
from archive.warc.verify import verify
from extract.rebuild import rebuild
from tests.archive.warc_making import demand_that_others_read, warcs
from tests.crawler.raw_server import Answer, RawServer
from tests.crawler.test_recording import HOST, sized

PAGES = 60
REBUILDS = 0.2  # this share of the kills hits a rebuild
PATIENCE = 120.0  # seconds; nothing here takes longer
REBUILD = """
import sys
from pathlib import Path
from archive.catalogue import Catalogue
from archive.register import load_register
from extract.rebuild import rebuild
with Catalogue(sys.argv[2]) as catalogue:
    rebuild(Path(sys.argv[1]), catalogue, load_register())
"""


class BrokenPromiseError(AssertionError):
    """What a kill must not do."""


@dataclass
class Tally:
    """What was seen so far."""

    kills: int = 0
    in_time: int = 0  # the process was still at work
    told: list[str] = field(default_factory=list)  # record ids that the archive holds, in order
    cut: int = 0


class Chaos:
    """One archive and one catalogue, through all the kills."""

    def __init__(self, folder: Path, port: int, dice: random.Random) -> None:
        self.archive = folder / "archive"
        self.catalogue = f"sqlite:///{folder / 'catalogue.sqlite'}"
        self.folder, self.port, self.dice = folder, port, dice
        self.tally = Tally()
        self.crawl_takes = self.rebuild_takes = 0.0

    def calibrate(self) -> None:
        """How long the two take when nobody disturbs them."""
        began = time.monotonic()
        told = self._crawl(None)
        self.crawl_takes = time.monotonic() - began
        self._look(told)
        began = time.monotonic()
        self._rebuild(None)
        self.rebuild_takes = time.monotonic() - began

    def kill(self) -> None:
        """One kill, and what must hold after it."""
        self.tally.kills += 1
        if self.dice.random() < REBUILDS:
            self._rebuild(self.dice.uniform(0.3, 1.0) * self.rebuild_takes)
            told: list[str] = []
        else:
            told = self._crawl(self.dice.uniform(0.3, 1.0) * self.crawl_takes)
        self._look(told)
        if self.tally.kills % 10 == 0:
            self.compare()

    def _crawl(self, moment: float | None) -> list[str]:
        first = self.dice.randrange(PAGES)
        asked = [{"url": f"{HOST}/{(first + n) % PAGES}", "role": "report"} for n in range(PAGES)]
        settings = {"ARCHIVE_DIR": str(self.archive), "SAMPLE_PORT": self.port}
        job = self.folder / "job.json"
        job.write_text(json.dumps({"settings": settings, "requests": asked}))
        with job.open() as stdin, (self.folder / "said").open("w") as stdout:
            command = [sys.executable, "-m", "tests.crawler.recording_crawl"]
            self._run(subprocess.Popen(command, stdin=stdin, stdout=stdout), moment)
        lines = (self.folder / "said").read_text().splitlines(keepends=True)
        said = [json.loads(line) for line in lines if line.endswith("\n")]
        return [line["archive"]["record_id"] for line in said if line.get("archive")]

    def _rebuild(self, moment: float | None) -> None:
        command = [sys.executable, "-c", REBUILD, str(self.archive), self.catalogue]
        self._run(subprocess.Popen(command), moment)

    def _run(self, process: subprocess.Popen[bytes], moment: float | None) -> None:
        try:
            code = process.wait(PATIENCE if moment is None else moment)
            if code:
                raise BrokenPromiseError(f"a run that nobody killed ended with {code}")
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)
            if moment is None:
                raise
            self.tally.in_time += 1

    def _look(self, told: list[str]) -> None:
        while_open = [entry.record_id for entry in ArchiveReader(self.archive).entries()]
        self.tally.cut += sum(found.cut for found in recover(self.archive))
        held = [entry.record_id for entry in ArchiveReader(self.archive).entries()]
        known = len(self.tally.told)
        demand(held == while_open, "recovery changed what could be read")
        demand(held[:known] == self.tally.told, "an older group is gone or moved")
        demand(held[known : known + len(told)] == told, "an acknowledged group is gone or moved")
        demand(len(set(held)) == len(held), "a group is doubled")
        demand(len(held) - known - len(told) <= 1, "more was written than asked for one by one")
        result = verify(self.archive)
        demand(result.ok and not result.notes, f"not whole: {result.damages[:3]} {result.notes[:3]}")
        self.tally.told = held

    def compare(self) -> None:
        """The catalogue of every rebuild, killed or not, against one from nothing; and the other readers."""
        register = load_register()
        with (
            Catalogue(self.catalogue) as grown,
            Catalogue(f"sqlite:///{self.folder / 'fresh.sqlite'}") as fresh,
        ):
            rebuild(self.archive, grown, register)
            rebuild(self.archive, fresh, register, everything=True)
            demand(grown.content_hash() == fresh.content_hash(), "the catalogue differs from one made anew")
        demand_that_others_read(warcs(self.archive))


def demand(holds: bool, promise: str) -> None:
    if not holds:
        raise BrokenPromiseError(promise)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--keep", type=Path, help="work here and leave it, instead of in a temporary folder")
    options = parser.parse_args()
    print(f"种子 seed {options.seed}, {options.kills} kills", flush=True)
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    pages = {
        f"/{n}": [Answer([sized(f"<html><h1>第{n}页</h1><p>{'年度报告' * (40 * n)}".encode())])]
        for n in range(PAGES)
    }
    with tempfile.TemporaryDirectory() as scratch, RawServer(pages) as server:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        chaos = Chaos(folder, server.port, random.Random(options.seed))
        try:
            chaos.calibrate()
            for _ in range(options.kills):
                chaos.kill()
            chaos.compare()
        except BrokenPromiseError as broken:
            print(f"第 {chaos.tally.kills} 次 kill {chaos.tally.kills}, seed {options.seed}: {broken}")
            return 1
    tally = chaos.tally
    print(
        f"{tally.kills} kills, {tally.in_time} of them in time; {len(tally.told)} groups, none lost, "
        f"none doubled; {tally.cut} bytes set aside"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
