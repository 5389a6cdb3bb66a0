"""`scrapy schedule [--every MINUTES]`: a tick now, then every so often, where there is no cron.

It keeps no memory: what is due is computed from the archive at each tick, so one that was missed is made up
for. A stage that failed is told, and the next tick tries again. SIGTERM and Ctrl-C end it once the running
stage has ended (a crawl is asked to stop and closes its archive).

0  ended by a signal    2  an interval that is none, or the extra `schedule` is not installed
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from types import FrameType

from crawler.command import NianbaoCommand, Refusal
from crawler.commands.tick import given
from crawler.exits import Exit


class Command(NianbaoCommand):
    """One tick at a time; one that takes longer than the interval is not overtaken."""

    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - Scrapy's own attribute, never changed

    def syntax(self) -> str:
        return "[--every MINUTES]"

    def short_desc(self) -> str:
        return "定时运行 tick（没有 cron 时） Run a tick every so often, without cron"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--every", type=float, default=120.0, help="间隔分钟 minutes; default 120")

    def work(self, _args: list[str], opts: argparse.Namespace) -> Exit:
        if opts.every <= 0:
            raise Refusal(f"间隔应大于 0 minutes above 0: --every {opts.every}", Exit.USAGE)
        if find_spec("apscheduler") is None:
            raise Refusal("定时需要 this needs: pip install 'nianbao[schedule]'", Exit.USAGE)
        options = [part for name, value in given(opts).items() for part in ("-s", f"{name}={value}")]
        _Loop([sys.executable, "-m", "scrapy", "tick", *options], opts.every * 60).run()
        return Exit.DONE


class _Loop:
    """The scheduler. A tick runs in its thread, so signals come here and are passed on to the tick."""

    def __init__(self, command: Sequence[str], seconds: float) -> None:
        from apscheduler.schedulers.blocking import BlockingScheduler  # noqa: PLC0415 - an extra

        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._ending = False
        self._scheduler = BlockingScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=seconds,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def run(self) -> None:
        """Until a signal comes, and the tick that it found running has ended."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        self._scheduler.start()

    def _tick(self) -> None:
        if self._ending:
            return
        self._child = subprocess.Popen(self._command, start_new_session=True)  # noqa: S603 - our own command
        code = self._child.wait()
        self._child = None
        sys.stderr.write(f"tick: 退出码 exit code {code}\n")

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        if not self._ending:
            self._ending = True
            sys.stderr.write("正在结束 ending\n")
            if self._child is not None:
                self._child.terminate()
            self._scheduler.shutdown(wait=False)
