"""One tick: what is due is crawled, then rebuild, audit, notices. Each stage is a `scrapy` command.

A stage is a process, since Scrapy's reactor runs once in each, and so that a crash in one is told by its exit
code. A verdict (10 to 23) is not a failure: it is printed, and the next stage runs. A crash or a refusal ends
the tick; the next one does again what is due, since `scrapy due` knows it from the archive.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from types import FrameType

from crawler.exits import Exit

#: Whole crawls first: a portal that was just walked whole needs no routine look.
KINDS = ("full", "routine")
AUDIT_FORMS = "table,json,html,xlsx"
_FIRST_VERDICT = Exit.INCOMPLETE


class StageFailedError(Exception):
    """A stage did not do its work. `code` is its exit code."""

    def __init__(self, arguments: tuple[str, ...], code: int) -> None:
        super().__init__(f"{arguments[0]}：未能完成，退出码 did not do its work, exit code {code}")
        self.code = code


class Stages:
    """Runs `scrapy` commands with the same `-s` settings as this one, one at a time."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        self._running = Passing()

    def run(self, *arguments: str) -> None:
        """Let it print. Raises StageFailedError, also after a signal that asked the tick to end."""
        self._stage(arguments, None)

    def ask(self, *arguments: str) -> str:
        """What it prints on stdout. Raises as `run`."""
        return self._stage(arguments, subprocess.PIPE).strip()

    def _stage(self, arguments: tuple[str, ...], stdout: int | None) -> str:
        command = [sys.executable, "-m", "scrapy", *arguments, *self._options]
        code, text = self._running.wait_for(command, stdout)
        if self._running.asked_to_end:
            raise StageFailedError(arguments, Exit.INTERRUPTED)
        if code != Exit.DONE and code < _FIRST_VERDICT:  # negative: killed by a signal
            raise StageFailedError(arguments, code)
        if stdout is None:
            sys.stderr.write(f"{arguments[0]}: 退出码 exit code {code}\n")
        return text


class Passing:
    """Runs a command and passes SIGTERM and Ctrl-C on to it, once: a second one would end a crawl uncleanly.

    The command has a session of its own, so that a terminal does not signal it too.
    """

    def __init__(self) -> None:
        self.asked_to_end = False

    def wait_for(self, command: list[str], stdout: int | None) -> tuple[int, str]:
        """Its exit code, and its stdout where that is a pipe. After a signal nothing is started any more."""
        if self.asked_to_end:
            return Exit.INTERRUPTED, ""
        child = subprocess.Popen(  # noqa: S603 - our own commands
            command, stdout=stdout, text=True, start_new_session=True
        )
        with self._passed_on(child):
            text, _ = child.communicate()
        return child.returncode, text or ""

    @contextmanager
    def _passed_on(self, child: subprocess.Popen[str]) -> Iterator[None]:
        def end(number: int, _frame: FrameType | None) -> None:
            if not self.asked_to_end:
                self.asked_to_end = True
                child.send_signal(number)

        former = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)


def crawl_due(stages: Stages) -> int:
    """Crawl the portals that are due, all of a kind in one run; how many runs that were."""
    runs = 0
    for kind in KINDS:
        if ids := stages.ask("due", "--kind", kind, "--format", "ids"):
            whole = ("-a", "full=1") if kind == "full" else ()
            stages.run("crawl", "portal", "-a", f"portals={ids}", *whole)
            runs += 1
    return runs


def take_stock(stages: Stages, as_of: date, *, crawled: int, notify: bool) -> None:
    """Rebuild, audit and tell; the history of the crawls just made."""
    stages.run("rebuild")
    if crawled:
        stages.run("runs", "--last", str(crawled))
    told = ("--notify",) if notify else ()
    stages.run("audit", "--as-of", as_of.isoformat(), "--format", AUDIT_FORMS, *told)
