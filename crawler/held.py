"""What the archive holds already: documents, pages, how to ask whether they changed, rows that were seen."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from archive.context import Role, RowOutcome, WalkRow
from archive.warc.capture import Capture, Refers
from archive.warc.errors import ArchiveDamaged
from archive.warc.index import IndexEntry
from archive.warc.reader import ArchiveReader
from crawler.declined import why_declined
from crawler.platforms.dead import dead_words
from crawler.platforms.page import Page, decode
from crawler.portal import Portal

logger = logging.getLogger(__name__)

REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
DOCUMENTS = {Role.REPORT.value, Role.ATTACHMENT.value}
PAGES = {Role.ROBOTS.value, Role.COLUMN.value, Role.LIST.value}  # look-ups are no pages: some are POST


@dataclass(frozen=True, slots=True)
class Before:
    """The newest earlier walk of a column that saw reports: the evidence that they were there."""

    reports: int
    ended: datetime
    page: str  # record id of its first page; empty for one that kept none


@dataclass
class Held:
    """The archive as the run found it. `url in held` is true for a document kept whole, no challenge page."""

    reader: ArchiveReader
    entries: dict[str, IndexEntry] = field(default_factory=dict)  # documents: newest full answer, or repeat
    drawn: dict[str, IndexEntry] = field(default_factory=dict)  # documents that a browser drew: the newest
    pages: dict[str, IndexEntry] = field(default_factory=dict)  # the same of lists and robots.txt
    full: dict[str, IndexEntry] = field(default_factory=dict)  # newest answer with its own payload
    seen: set[tuple[str, str, str]] = field(default_factory=set)  # portal, column, row URL
    columns: set[tuple[str, str]] = field(default_factory=set)  # portal, column: had rows once
    reports: dict[tuple[str, str], Before] = field(default_factory=dict)  # portal, column: newest with any
    moved: set[str] = field(default_factory=set)  # redirected; what it led to is held under its own URL
    gone: set[str] = field(default_factory=set)  # documents whose newest answer was 404 or 410
    _whole: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: ArchiveReader, without: Collection[str] = ()) -> Self:
        """Read the index and the walks, but for the files `without`. Raises ArchiveDamaged."""
        held = cls(reader)
        for entry in reader.entries():
            if entry.file in without:
                continue
            if entry.kind == "capture":
                held._add(entry)
            elif entry.kind == "conversion" and entry.role in DOCUMENTS:
                held.drawn[entry.url] = entry
            elif entry.kind == "walk":
                walk = reader.walk(entry)
                held.seen.update((walk.portal, walk.column, row.url) for row in walk.rows)
                if walk.rows:
                    held.columns.add((walk.portal, walk.column))
                if reports := sum(map(shows_report, walk.rows)):
                    page = walk.pages[0] if walk.pages else ""
                    held.reports[walk.portal, walk.column] = Before(reports, walk.ended, page)
        return held

    def _add(self, entry: IndexEntry) -> None:
        kept = self.entries if entry.role in DOCUMENTS else self.pages if entry.role in PAGES else None
        if kept is None:
            return
        if entry.status in GONE and kept is self.entries:
            self.gone.add(entry.url)
        if entry.status == 200 or entry.refers is not None:
            kept[entry.url] = entry
            self.gone.discard(entry.url)
            if entry.refers is None:
                self.full[entry.url] = entry
        elif entry.status in REDIRECTS and kept is self.entries:
            self.moved.add(entry.url)

    def __contains__(self, url: str) -> bool:
        if url in self.drawn:
            return self._is_kept(self.drawn[url])
        if url not in self.entries:
            return url in self.moved
        return self._is_whole(url)

    def _is_kept(self, drawn: IndexEntry) -> bool:
        """A drawn document that is no error page; its response is the frame of every page."""
        if drawn.record_id not in self._whole:
            try:
                capture = self.reader.capture(drawn)
            except ArchiveDamaged as damage:
                logger.warning("%s: 存档有损坏，重新抓取 damaged, asked for anew: %s", drawn.url, damage)
                return False
            self._whole[drawn.record_id] = not _is_no_page(capture, is_document=True)
        return self._whole[drawn.record_id]

    def _is_whole(self, url: str) -> bool:
        """Held, not cut, no challenge or error page. What cannot be read back is asked for again."""
        if url not in self._whole:
            try:
                capture = self.capture(url)
            except KeyError:
                return False
            except ArchiveDamaged as damage:
                logger.warning("%s: 存档有损坏，重新抓取 damaged, asked for anew: %s", url, damage)
                self._whole[url] = False
            else:
                whole = capture.status == 200 and capture.truncated is None
                self._whole[url] = whole and not _is_no_page(capture, is_document=url in self.entries)
        return self._whole[url]

    def capture(self, url: str) -> Capture:
        """The newest answer, a repeat read as what it repeats. Raises KeyError for a URL that is not held."""
        entry = self.entries.get(url) or self.pages[url]
        return self.reader.capture(entry, original=self.full.get(url))

    def has_seen(self, portal: str, column: str, url: str) -> bool:
        """True for a row that an earlier walk of this column saw, whatever became of it."""
        return (portal, column, url) in self.seen

    def unlisted(self, listed: Mapping[tuple[str, str], Collection[str]]) -> dict[tuple[str, str], list[str]]:
        """Documents held that an earlier walk of a column saw and this run's list shows no more, in order.

        `listed` are the rows' URLs of this run, by portal and column. What was gone already is left out.
        """
        found: dict[tuple[str, str], list[str]] = {column: [] for column in listed}
        for portal, column, url in self.seen:
            rows = listed.get((portal, column))
            if rows is not None and url not in rows and url in self.entries and url not in self.gone:
                found[portal, column].append(url)
        return {column: sorted(urls) for column, urls in found.items()}

    def had_rows(self, portal: str, column: str) -> bool:
        """True if an earlier walk saw anything in this column."""
        return (portal, column) in self.columns

    def original(self, url: str, now: datetime) -> Refers | None:
        """The full response that a new answer may repeat. None: the answer is to be kept whole.

        That is so once a year for each URL: evidence does not hang on one record for ever (archive.md §3.4).
        """
        if not self._is_whole(url):
            return None
        original = (self.entries.get(url) or self.pages[url]).as_original
        return original if original.date.year == now.year else None

    def validators(self, url: str) -> dict[str, str]:
        """Headers that ask whether a held page has changed; none where that cannot be asked."""
        if not self._is_whole(url):
            return {}
        capture = self.capture(url)
        asked = {
            "If-None-Match": capture.header("ETag"),
            "If-Modified-Since": capture.header("Last-Modified"),
        }
        return {name: value for name, value in asked.items() if value}

    def page(self, url: str, portal: Portal) -> Page | None:
        """The held page as a platform reads it; None if it is not held."""
        if not self._is_whole(url):
            return None
        capture = self.capture(url)
        forced = portal.encoding.name if portal.encoding else None
        return Page(url, decode(capture.payload, capture.header("Content-Type"), forced))


def _is_no_page(capture: Capture, *, is_document: bool) -> bool:
    """A challenge, or a document that is an error and answers 200 (portals.md §8.2, §8.3): asked for again.

    A list that says so is an answer: of some platforms a year without reports (portals.md §4.6).
    """
    if why_declined(capture.status, capture.payload) is not None:
        return True
    kind = capture.header("Content-Type") or ""
    if not is_document or "html" not in kind.lower():
        return False
    return dead_words(Page("", decode(capture.payload, kind))) is not None


def shows_report(row: WalkRow) -> bool:
    """Whether a row was taken for a report: asked for, held, or of a year that the crawl left out."""
    return row.outcome is not RowOutcome.SKIPPED or row.reason == "year_outside"
