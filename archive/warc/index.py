"""CDXJ: one line per capture or walk, `key timestamp json`, readable by pywb, with a few fields of our own.

pywb's fields: url, mime, status, digest, length, offset, filename. Ours: id (record id), kind (capture or
walk, context, conversion, run), role (of the crawl context), date (microseconds), and for a revisit `refers`:
id, url and date of the response that it repeats. Captures that brought no response, a 304, walks, contexts,
conversions and runs get a `urn:` key, so that replay never offers them as pages: pywb would show a 304 as an
empty page, where the capture before it shows what the server meant. Appended in write order while a file is
open, sorted at close.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from pydantic_core import from_json

from archive.warc.capture import Pointer, Refers
from archive.warc.surt import url_key
from archive.warc.wire import NOT_MODIFIED

_json = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder at each call

Kind = Literal["capture", "walk", "context", "conversion", "run"]
KINDS: dict[str, Kind] = {
    "capture": "capture",
    "walk": "walk",
    "context": "context",
    "conversion": "conversion",
    "run": "run",
}
REVISIT = "warc/revisit"  # pywb's word in the place of a type


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A line of the index. `file` is relative to the archive's folder; `status` 0: no response came.

    `digest` is the payload's (sha256:HEX, content coding kept); None where there is no payload. `refers` is
    set for a revisit; its `status` is what the server sent (304, or that of an identical answer).
    """

    file: str
    offset: int
    length: int
    record_id: str
    url: str
    date: datetime
    status: int
    digest: str | None
    kind: Kind
    role: str | None = None
    mime: str = "unk"
    refers: Refers | None = None

    @property
    def as_original(self) -> Refers:
        """What a revisit of this has to refer to: the full response, also if this is a revisit itself."""
        return self.refers or Refers(self.record_id, self.url, self.date, self.digest)

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.file, self.offset, self.length, self.record_id, self.digest)

    @property
    def key(self) -> str:
        return entry_key(self.url, self.kind, self.status)

    def line(self) -> bytes:
        """The CDXJ line, with its newline."""
        stamp = self.date.astimezone(UTC)
        fields: dict[str, Any] = {
            "url": self.url,
            "mime": self.mime,
            "status": str(self.status) if self.status else "-",
            "digest": self.digest or "-",
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.file.rpartition("/")[2],
            "id": self.record_id,
            "kind": self.kind,
            "date": warc_date(stamp),
        }
        if self.role:
            fields["role"] = self.role
        if self.refers:
            original = self.refers
            fields["refers"] = {
                "id": original.record_id,
                "url": original.url,
                "date": warc_date(original.date),
            }
        text = _json(fields)
        return f"{self.key} {stamp:%Y%m%d%H%M%S} {text}\n".encode()


def entry_key(url: str, kind: Kind, status: int) -> str:
    """The first word of a line."""
    if kind != "capture":
        return f"urn:{kind}:{url_key(url)}"
    if status == NOT_MODIFIED:
        return f"urn:not-modified:{url_key(url)}"
    return url_key(url) if status else f"urn:failed:{url_key(url)}"


def parse_line(line: bytes, folder: str) -> IndexEntry:
    """A CDXJ line → entry; `folder` is where the WARCs lie. Raises ValueError on a line that is not ours."""
    fields = from_json(line.split(b" ", 2)[2])
    try:
        status, digest = fields["status"], fields["digest"]
        kind = KINDS[fields["kind"]]
        return IndexEntry(
            file=f"{folder}/{fields['filename']}",
            offset=int(fields["offset"]),
            length=int(fields["length"]),
            record_id=fields["id"],
            url=fields["url"],
            date=parse_date(fields["date"]),
            status=0 if status == "-" else int(status),
            digest=None if digest == "-" else digest,
            kind=kind,
            role=fields.get("role"),
            mime=fields["mime"],
            refers=_refers(fields.get("refers"), digest),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no index line of this archive: {error!r}") from error


def parse_place(line: bytes, folder: str) -> Pointer | None:
    """Where the capture of a line lies; None if the line tells of something else. Raises as parse_line."""
    fields = from_json(line.split(b" ", 2)[2])
    try:
        if KINDS[fields["kind"]] != "capture":
            return None
        digest = fields["digest"]
        return Pointer(
            f"{folder}/{fields['filename']}",
            int(fields["offset"]),
            int(fields["length"]),
            fields["id"],
            None if digest == "-" else digest,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no index line of this archive: {error!r}") from error


def _refers(said: dict[str, str] | None, digest: str) -> Refers | None:
    if said is None:
        return None
    return Refers(said["id"], said["url"], parse_date(said["date"]), None if digest == "-" else digest)


@lru_cache(maxsize=16)  # the records of a group share it
def warc_date(moment: datetime) -> str:
    """UTC with microseconds, as WARC/1.1 allows (archive.md T19)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_date(text: str) -> datetime:
    """A WARC-Date of any precision → aware UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
