"""Answers requests from the archive: a run cut off goes on where it was (design.md §4, archive.md §3.10).

    resume    an unfinished run started again: what it has archived already is answered from there, without
              delay or network; everything else is asked for as usual
    re-read   `-a replay=RUN`: a finished run's pages once more, for a newer adapter; never the network. What
              is not archived raises NotArchived, which is no 404: the site was not asked

Answers are handed out once each, in the order in which they came, so that retries, redirects and refusals
take the course that they took. Attempts that brought no whole answer are no answers: on resuming they are
made again.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.context import RunEvent, RunRecord, WalkRecord, WalkResult
from archive.warc.capture import Capture
from archive.warc.index import IndexEntry
from archive.warc.reader import ArchiveReader
from crawler.conditional import response_of
from crawler.politeness import ARCHIVED_AT, BROWSER

REPLAYED = "replayed"  # flag of a response


class NotArchived(IgnoreRequest):
    """A re-reading met a URL of which the run holds no answer."""


class RunUnknownError(Exception):
    """No such run in the archive."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Which run this process carries on, and how. `files` are those that the run has written so far."""

    run: str
    rereads: bool
    files: frozenset[str]
    began: RunRecord
    leaves_out: frozenset[str]  # files whose holdings the run had not seen when it began


def run_to_resume(reader: ArchiveReader, wanted: RunRecord, hours: float) -> RunPlan | None:
    """The newest unfinished run with the arguments of `wanted`, begun at most `hours` before or after it.

    Older ones stay as they are: pages of another day prove nothing for today. Raises ArchiveDamaged.
    """
    open_runs: dict[str, RunRecord] = {}
    for _, record in reader.runs():
        if record.event is RunEvent.BEGAN:
            open_runs[record.run] = record
        elif record.event is RunEvent.ENDED:
            open_runs.pop(record.run, None)
    for began in reversed(open_runs.values()):
        same = (began.portals, began.years, began.full) == (wanted.portals, wanted.years, wanted.full)
        if same and abs((wanted.at - began.at).total_seconds()) <= hours * 3600:
            files = frozenset(reader.files_of(began.run))
            return RunPlan(began.run, rereads=False, files=files, began=began, leaves_out=files)
    return None


def run_to_reread(reader: ArchiveReader, run: str) -> RunPlan:
    """The run of that id. Raises RunUnknownError, which names the runs there are, and ArchiveDamaged."""
    began = {record.run: record for _, record in reader.runs() if record.event is RunEvent.BEGAN}
    if run not in began:
        known = ", ".join([*began][-5:]) or "无 none"
        raise RunUnknownError(
            f"存档里没有这次采集 no such run in the archive: {run}；最近的 the latest: {known}"
        )
    files = reader.files_of(run)
    everything = list(dict.fromkeys(entry.file for entry in reader.entries()))
    first = min((everything.index(file) for file in files if file in everything), default=len(everything))
    later = frozenset(everything[first:])
    return RunPlan(run, rereads=True, files=frozenset(files), began=began[run], leaves_out=later)


@dataclass
class Tape:
    """The answers of one run, by URL, each to be handed out once."""

    reader: ArchiveReader
    plan: RunPlan
    answers: dict[str, deque[IndexEntry]] = field(default_factory=lambda: defaultdict(deque))
    told: dict[tuple[str, str], WalkRecord] = field(default_factory=dict)  # walks that ended well
    noted: set[tuple[str, str | None, str | None]] = field(default_factory=set)  # URL, portal, column
    replayed: int = 0
    _last: dict[str, IndexEntry] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: ArchiveReader, plan: RunPlan) -> Self:
        """Raises ArchiveDamaged."""
        tape = cls(reader, plan)
        for entry in reader.entries():
            if entry.file not in plan.files:
                continue
            if entry.kind == "capture" and entry.status:
                tape.answers[entry.url].append(entry)
            elif entry.kind == "walk":
                walk = reader.walk(entry)
                if walk.result is WalkResult.HEALTHY:
                    tape.told[walk.portal, walk.column] = walk
        for note in reader.contexts():
            if note.pointer.file in plan.files:
                tape.noted.add((note.url, note.context.get("portal"), note.context.get("column")))
        return tape

    def next(self, request: Request) -> Capture | None:
        """The next whole answer to the request; None if there is none (left): ask. Raises NotArchived."""
        if request.method == "GET":
            url = request.url.partition("#")[0]
            waiting = self.answers[url]
            while waiting:
                capture = self.reader.capture(waiting[0])
                entry = waiting.popleft()
                if capture.truncated is None:
                    self._last[url] = entry
                    self.replayed += 1
                    return capture
            if self.plan.rereads and url in self._last:  # asked once more than the run did
                return self.reader.capture(self._last[url])
        if self.plan.rereads:
            raise NotArchived(
                f"该次采集未存此页，不是 404 not archived in this run, which is no 404: {request.url}"
            )
        return None


class ReplayMiddleware:
    """Comes before everything that waits or asks: robots.txt, politeness, the network."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> Response | None:
        tape: Tape | None = getattr(self._crawler.spider, "tape", None)
        request.meta.pop(ARCHIVED_AT, None)  # a redirect brings its source's
        shown = request.meta.get(BROWSER)  # of such a page it is the parts that are archived
        capture = None if tape is None or shown else tape.next(request)
        if capture is None:
            return None
        request.meta["archive"] = capture.pointer
        request.meta[ARCHIVED_AT] = capture.date
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value("archive/replayed")
        return response_of(capture, request, REPLAYED)


def moments_of(response: Response) -> Sequence[datetime]:
    """When a replayed answer was asked for; nothing for one that came just now."""
    moment = response.meta.get(ARCHIVED_AT)
    return [] if moment is None else [moment]
