"""Timers that were called off are let go within a second or two, and not after a minute of crawling."""

from __future__ import annotations

import subprocess
import sys

import pytest

COUNT = 5000
SCRIPT = f"""
import asyncio, sys
loop = asyncio.new_event_loop()
from twisted.internet import asyncioreactor
asyncioreactor.install(loop)
from twisted.internet import reactor
from crawler.timers import TimerSweep

def tell():  # by the loop's own timers: the reactor's would do the sweeping
    print(len(reactor._pendingTimedCalls))
    loop.stop()

sweep = TimerSweep()
if sys.argv[1] == "swept":
    sweep.begin()
timers = [reactor.callLater(60, print) for _ in range({COUNT})]
loop.call_later(0.1, lambda: [timer.cancel() for timer in timers])
loop.call_later(1.6, tell)
loop.run_forever()
sweep.end()
"""


@pytest.mark.parametrize("how", ["swept", "left alone"])
def test_timers_called_off_are_let_go(how: str) -> None:
    command = [sys.executable, "-c", SCRIPT, how]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    kept = int(done.stdout)
    if how == "swept":
        assert kept < 100
    else:
        assert kept == COUNT, "Twisted lets go of them by itself: crawler.timers is no longer needed"
