"""What the archive holds already: documents, how to ask whether they changed, rows that were seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from archive.context import Role
from archive.warc.capture import Capture
from archive.warc.index import IndexEntry
from archive.warc.reader import ArchiveReader
from crawler.platforms.page import Page, decode
from crawler.politeness import why_declined
from crawler.portal import Portal

REDIRECTS = {301, 302, 303, 307, 308}
DOCUMENTS = {Role.REPORT.value, Role.ATTACHMENT.value}


@dataclass
class Held:
    """The archive as the run found it. `url in held` is true for a document kept whole, no challenge page."""

    reader: ArchiveReader
    entries: dict[str, IndexEntry] = field(default_factory=dict)  # newest full answer
    seen: set[tuple[str, str, str]] = field(default_factory=set)  # portal, column, row URL
    columns: set[tuple[str, str]] = field(default_factory=set)  # portal, column: had rows once
    moved: set[str] = field(default_factory=set)  # redirected; what it led to is held under its own URL
    _whole: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: ArchiveReader) -> Self:
        """Read the index and the walks. Raises ArchiveDamaged."""
        held = cls(reader)
        for entry in reader.entries():
            if entry.kind != "capture" or entry.role not in DOCUMENTS:
                continue
            if entry.status == 200:
                held.entries[entry.url] = entry
            elif entry.status in REDIRECTS:
                held.moved.add(entry.url)
        for _, walk in reader.walks():
            held.seen.update((walk.portal, walk.column, row.url) for row in walk.rows)
            if walk.rows:
                held.columns.add((walk.portal, walk.column))
        return held

    def __contains__(self, url: str) -> bool:
        if url not in self.entries:
            return url in self.moved
        if url not in self._whole:
            capture = self.capture(url)
            challenged = why_declined(capture.status, capture.payload) is not None
            self._whole[url] = capture.truncated is None and not challenged
        return self._whole[url]

    def capture(self, url: str) -> Capture:
        """The newest full answer. Raises KeyError for a URL that is not held."""
        return self.reader.capture(self.entries[url])

    def has_seen(self, portal: str, column: str, url: str) -> bool:
        """True for a row that an earlier walk of this column saw, whatever became of it."""
        return (portal, column, url) in self.seen

    def had_rows(self, portal: str, column: str) -> bool:
        """True if an earlier walk saw anything in this column."""
        return (portal, column) in self.columns

    def validators(self, url: str) -> dict[str, str]:
        """Headers that ask whether a held document has changed; none where that cannot be asked."""
        if url not in self.entries or url not in self:
            return {}
        capture = self.capture(url)
        asked = {
            "If-None-Match": capture.header("ETag"),
            "If-Modified-Since": capture.header("Last-Modified"),
        }
        return {name: value for name, value in asked.items() if value}

    def page(self, url: str, portal: Portal) -> Page | None:
        """The held page as a platform reads it; None if it is not held."""
        if url not in self.entries or url not in self:
            return None
        capture = self.capture(url)
        forced = portal.encoding.name if portal.encoding else None
        return Page(url, decode(capture.payload, capture.header("Content-Type"), forced))
