"""What the archive hands out: where a record lies (Pointer) and what it holds (Capture)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pointer:
    """A record's place: `file` relative to the archive's folder, offset and length of its gzip member."""

    file: str
    offset: int
    length: int
    record_id: str  # <urn:uuid:…>
    payload_digest: str | None  # sha256:HEX, of the payload as sent (content coding kept)


@dataclass(frozen=True, slots=True)
class Capture:
    """One response or revisit with its request's context, as read back from a group.

    `payload` is the entity body with the content coding undone; `headers` are as sent, in order, decoded as
    latin-1. `context` is the crawl context of the group's metadata record (archive.context), empty if none.
    `status` is 0 for an exchange that brought no response; then `outcome` says why (dns, tls, timeout …, see
    archive.warc.exchange). With a status, `outcome` is "response", or tells of a content coding that cannot
    be undone: coding_unknown:x, coding_damaged:x, coding_too_large:x. `notes` are remarks for a person.
    """

    pointer: Pointer
    url: str
    date: datetime  # UTC, request sent
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    truncated: str | None = None  # disconnect | length | time
    outcome: str = "response"
    context: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """The first header of that name, any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)
