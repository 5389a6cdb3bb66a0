"""What the archive hands out: where a record lies (Pointer), and what it holds (Capture and the others)."""

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
class Refers:
    """The response that a revisit repeats: `url` and `date` are those of that record, not of the revisit."""

    record_id: str
    url: str
    date: datetime
    payload_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One response or revisit with its request's context, as read back from a group.

    `payload` is the entity body with the content coding undone; `headers` are as sent, in order, decoded as
    latin-1. `context` is the crawl context of the group's metadata record (archive.context), empty if none.
    `status` is 0 for an exchange that brought no response; then `outcome` says why (dns, tls, timeout …, see
    archive.warc.exchange). With a status, `outcome` is "response", or tells of a content coding that cannot
    be undone: coding_unknown:x, coding_damaged:x, coding_too_large:x. `notes` are remarks for a person.

    A page as a browser drew it reads as a capture too: `outcome` "drawn", `status` 200, its DOM as payload.

    A revisit reads as the response that it repeats: the payload is the original's, and `original` says where
    that lies; `pointer`, `date` and `context` are the revisit's own. After a 304 `status` and `headers` are
    the original's too, with what the 304 said anew (its validators, say); `not_modified` is then true.
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
    original: Pointer | None = None
    not_modified: bool = False

    def header(self, name: str) -> str | None:
        """The first header of that name, any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A page as a browser made it of a response: its DOM, never what the server sent (archive.md §3.5)."""

    pointer: Pointer
    url: str
    date: datetime
    content_type: str
    payload: bytes
    of: str | None  # record id of the response
    context: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContextNote:
    """A page that was met again in a second list, say, and not asked for again."""

    pointer: Pointer
    url: str
    date: datetime
    context: dict[str, str]
