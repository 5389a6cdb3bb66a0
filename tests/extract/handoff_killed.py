"""Hands over in processes that kill themselves with SIGKILL at named points, each followed by a whole run.

    python -m tests.extract.handoff_killed FOLDER

Prints a JSON object: point → whether the first run was killed, and what the parser noted of both runs.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from extract.handoff import hand_over
from tests.archive.killed import Point, arm
from tests.extract.handing import Place

JOURNAL = ".jsonl"
POINTS = {
    "before a document is sent": Point("write", "pipe:", "before"),
    "in the middle of sending": Point("write", "pipe:", "half"),
    "sent, not answered": Point("write", "pipe:", "after"),
    "answered, the answer not read": Point("read", "pipe:", "before"),
    "answer read, not in the journal": Point("write", JOURNAL, "before"),
    "in the middle of the journal's line": Point("write", JOURNAL, "half"),
    "in the journal, not synced": Point("fsync", JOURNAL, "before"),
    "synced": Point("fsync", JOURNAL, "after"),
}


def run(place: Place, point: Point | None, nth: int) -> int:
    """A hand-off in a child; the signal that ended it."""
    child = os.fork()
    if child == 0:
        if point is not None:
            arm(point, nth)
        with place.handoff() as handoff:
            outcome = hand_over(handoff, place.target())
        os._exit(0 if outcome.stopped is None else 9)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def main() -> None:
    place, told = Place(Path(sys.argv[1])), {}
    for turn, (name, point) in enumerate(POINTS.items()):
        place.log.unlink(missing_ok=True)
        shutil.rmtree(place.folder / "journal", ignore_errors=True)
        killed = run(place, point, 1 + turn % 4)
        ended = run(place, None, 0)
        told[name] = [killed == signal.SIGKILL, ended, place.logged()]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
