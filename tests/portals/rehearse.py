"""From crawl to verdict: `python -m tests.portals.rehearse [--data DIR] [--port N] [--days …]`.

For each crawl day: the sample server with that day's date, a full crawl of the five portals under a simulated
clock (09:00 in China), a rebuild; at the end the audit, whose table goes to stdout. Logs lie under DIR/log.
Ends 0 when every stage ran; what the stages judged (exit codes 10 to 23) is told, not returned.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from tests.portals.planted import AS_OF, DAYS, HOSTS

ROOT = Path(__file__).resolve().parents[2]
MARKER = "rehearsal.txt"
VERDICTS = range(10, 24)  # exit codes that tell what was found, not that a stage failed


class StageError(Exception):
    """A stage that did not run: its name, exit code and where its log lies."""


@contextmanager
def server(
    today: date, *, port: int = 0, log: Path | None = None, decline: Sequence[str] = ()
) -> Iterator[int]:
    """The sample server as a process of its own; gives its port, ends it by its process id."""
    command = [sys.executable, "-m", "tests.portals.serve", "--port", str(port), "--today", str(today)]
    command += ["--log", str(log)] if log else []
    command += ["--decline", *decline] if decline else []
    # in a session of its own: Ctrl-C ends the rehearsal, which ends the server
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        if not ready:
            raise StageError(f"样例服务器未能启动 the sample server did not start (port {port})")
        yield int(ready.partition("127.0.0.1:")[2].split()[0])
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


def scrapy_command(data: Path, *arguments: str, settings: Sequence[str] = ()) -> list[str]:
    """A `scrapy` command line for the sample settings, everything written under `data`."""
    places = (
        f"DATA_DIR={data}",
        f"ARCHIVE_DIR={data / 'warc'}",
        f"CATALOGUE_URL=sqlite:///{data / 'catalogue.sqlite'}",
    )
    options = [part for setting in (*places, *settings) for part in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", *arguments, *options]


def environment() -> dict[str, str]:
    """The environment of a `scrapy` that knows the sample portals."""
    return {**os.environ, "SCRAPY_SETTINGS_MODULE": "tests.portals.settings"}


def stage(name: str, command: list[str], log: Path, *, show: bool = False) -> int:
    """Run one stage; its stderr (and its stdout unless shown) goes to `log`. Raises StageError."""
    started = time.monotonic()
    with log.open("a", encoding="utf-8") as out:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(), stdout=None if show else out, stderr=out, check=False
        )
    took = time.monotonic() - started
    print(f"{name}: 退出码 exit code {done.returncode} ({took:.1f} s)", file=sys.stderr, flush=True)
    if done.returncode and done.returncode not in VERDICTS:
        raise StageError(f"{name} 失败 failed, 退出码 exit code {done.returncode}; 日志 see {log}")
    return done.returncode


def crawl_day(day: date, data: Path, *, port: int = 0, portals: Sequence[str] = tuple(HOSTS)) -> None:
    """One crawl day: a full crawl, then a rebuild."""
    log = data / "log" / f"{day}.log"
    with server(day, port=port, log=data / "log" / f"{day}.arrivals.jsonl") as found:
        crawl = scrapy_command(
            data,
            "crawl",
            "portal",
            "-a",
            f"portals={','.join(portals)}",
            "-a",
            "full=1",
            settings=(f"SAMPLE_PORT={found}", f"CLOCK_START={day}T09:00:00+08:00"),
        )
        stage(f"采集 crawl {day}", crawl, log)
    stage(f"重建 rebuild {day}", scrapy_command(data, "rebuild"), log)


def fresh(data: Path) -> None:
    """An empty folder for a rehearsal; only a folder that an earlier rehearsal made is emptied."""
    if data.exists() and any(data.iterdir()):
        if not (data / MARKER).exists():
            raise StageError(f"{data} 不是样例文件夹 is not a rehearsal's folder; 请另给 give another --data")
        shutil.rmtree(data)
    (data / "log").mkdir(parents=True)
    (data / MARKER).write_text("样例数据 sample data; a rehearsal empties this folder\n", encoding="utf-8")


def rehearse(data: Path, days: Sequence[date], port: int = 0) -> None:
    """The whole story; the audit's table goes to stdout."""
    fresh(data)
    for day in days:
        crawl_day(day, data, port=port)
    audit = scrapy_command(data, "audit", "--as-of", str(AS_OF))
    stage(f"核查 audit {AS_OF}", audit, data / "log" / "audit.log", show=True)


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.portals.rehearse", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the server; default: a free one")
    parser.add_argument("--data", type=Path, default=ROOT / "data" / "sample")
    parser.add_argument("--days", type=date.fromisoformat, nargs="+", default=list(DAYS))
    options = parser.parse_args(arguments)
    try:
        rehearse(options.data.resolve(), options.days, options.port)
    except StageError as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断，可以再次运行 interrupted: run it again", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
