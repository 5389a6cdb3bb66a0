"""Kills crawls and rebuilds with SIGKILL at random moments, and looks what is left (`make chaos`).

    python -m tools.chaos [--kills 200] [--seed N] [--keep DIR]

Every crawl goes on in the same archive, against a server on loopback. After each kill: no group that was
acknowledged is gone, moved or doubled, recovery changes nothing that could be read, the archive verifies; and
the catalogue of all rebuilds so far, killed ones included, equals one made from nothing (every 25th kill and
at the end). Ends 1 at the first that does not hold, with the seed that plays it again.

The processes are forked from one that has imported everything: at work at once, and so killed at work.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from archive.catalogue import Catalogue
from archive.register import load_register
from archive.warc.reader import ArchiveReader
from archive.warc.recover import recover
from archive.warc.verify import verify
from extract.rebuild import rebuild
from tests.archive.warc_making import demand_that_others_read, warcs
from tests.crawler import recording_crawl
from tests.crawler.raw_server import Answer, RawServer
from tests.crawler.test_recording import HOST, sized

PAGES = 40
REBUILDS = 0.2  # this share of the kills hits a rebuild
COMPARED_EVERY = 25  # kills; making a catalogue anew takes longer than a kill
EARLIEST = 0.1  # of what the run takes undisturbed: by then it is at work
PATIENCE = 120.0  # seconds; nothing here takes longer
PRELOADED = ("tools.chaos", "crawler.recording", "scrapy.core.engine", "scrapy.extensions.throttle")
_forks = get_context("forkserver")


def crawl_once(job: Path, said: Path) -> None:
    """In a process of its own: the crawl that `job` describes, its talk into `said`."""
    with job.open() as sys.stdin, said.open("w") as sys.stdout:
        recording_crawl.main()


def rebuild_once(archive: Path, catalogue: str) -> None:
    """In a process of its own."""
    with Catalogue(catalogue) as kept:
        rebuild(archive, kept, load_register())


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
        """How long the two take when nobody disturbs them; the first crawl of all waits for the imports."""
        self._look(self._crawl(None))
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
            self._rebuild(self.dice.uniform(EARLIEST, 1.0) * self.rebuild_takes)
            told: list[str] = []
        else:
            told = self._crawl(self.dice.uniform(EARLIEST, 1.0) * self.crawl_takes)
        self._look(told)
        if self.tally.kills % COMPARED_EVERY == 0:
            self.compare()
            print(f"{self.tally.kills} kills, {len(self.tally.told)} groups", flush=True)

    def _crawl(self, moment: float | None) -> list[str]:
        first = self.dice.randrange(PAGES)
        asked = [{"url": f"{HOST}/{(first + n) % PAGES}", "role": "report"} for n in range(PAGES)]
        settings = {"ARCHIVE_DIR": str(self.archive), "SAMPLE_PORT": self.port}
        job, said = self.folder / "job.json", self.folder / "said"
        job.write_text(json.dumps({"settings": settings, "requests": asked}))
        said.write_text("")
        self._run(crawl_once, (job, said), moment)
        lines = [
            json.loads(line) for line in said.read_text().splitlines(keepends=True) if line.endswith("\n")
        ]
        return [line["archive"]["record_id"] for line in lines if line.get("archive")]

    def _rebuild(self, moment: float | None) -> None:
        self._run(rebuild_once, (self.archive, self.catalogue), moment)

    def _run(self, work: Callable[..., None], arguments: tuple[object, ...], moment: float | None) -> None:
        process = _forks.Process(target=work, args=arguments)
        process.start()
        process.join(PATIENCE if moment is None else moment)
        in_time = process.exitcode is None
        if in_time:
            process.kill()  # SIGKILL
            process.join(PATIENCE)
            self.tally.in_time += 1
        code = process.exitcode
        process.close()
        if in_time and moment is None:
            raise TimeoutError(f"{work.__name__} took longer than {PATIENCE:.0f} s")
        if not in_time and code:
            raise BrokenPromiseError(f"a run that nobody killed ended with {code}")

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
    began = time.monotonic()
    _forks.set_forkserver_preload([*PRELOADED])
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
        f"none doubled; {tally.cut} bytes set aside; {time.monotonic() - began:.0f} s"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
