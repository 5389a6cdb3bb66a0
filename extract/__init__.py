"""extract: one capture or file → one Document, read by label and by shape, never by platform name.

Doors: `read`, `read_capture`, `read_file`, `HEADERS_READ`, `EXTRACTOR_VERSION`; errors: `Unreadable`.

What the blocks of a Document hold:
- the document's own body in reading order; a recognised metadata block is left out (it is in `metadata`);
- the title where the body prints it, as the paragraph whose locator is `title_locator` (a title over two or
  three lines is one paragraph with line breaks);
- for HTML, a paragraph per block-level element or <br> line and a span-aware grid per data table; layout
  tables are looked through, a table inside a cell follows as a grid of its own, hidden elements are not read;
- for plain text, lines as paragraphs and flattened tables as TEXT grids: one drawn cell per cell read,
  padding as cells with empty text, columns not to be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from archive.register import Register
from archive.warc.capture import Capture
from extract.apart import can_break, read_apart
from extract.document import assemble, read_payload
from extract.errors import Unreadable
from extract.version import EXTRACTOR_VERSION
from parser.document import Document, Source

__all__ = ["EXTRACTOR_VERSION", "HEADERS_READ", "Unreadable", "read", "read_capture", "read_file"]

#: Headers of an answer that reading looks at, in lower case; the others change from answer to answer.
HEADERS_READ = frozenset({"content-type", "last-modified"})


def read(  # noqa: PLR0913 - the door's signature: everything but the payload by name
    payload: bytes,
    *,
    headers: Sequence[tuple[str, str]] = (),
    url: str | None = None,
    source: Source | None = None,
    name: str | None = None,
    register: Register,
) -> Document:
    """Read an entity body. `headers` as served, `name` a file name where there is no URL.

    Raises Unreadable where there is nothing to read: an empty payload, a truncated PDF.
    """
    source = source or Source()
    if url is not None and source.url is None:
        source = replace(source, url=url)
    return assemble(read_payload(payload, headers, source, name), headers, source, register)


def read_capture(capture: Capture, register: Register) -> Document:
    """Read a capture with its crawl context (archive.context). Raises Unreadable as `read`."""
    context = capture.context
    source = Source(
        url=capture.url,
        warc_file=capture.pointer.file,
        offset=capture.pointer.offset,
        record_id=capture.pointer.record_id,
        payload_digest=capture.pointer.payload_digest,
        captured_at=capture.date.isoformat(),
        portal=context.get("portal"),
        platform=context.get("platform"),
        role=context.get("role"),
        via=context.get("via"),
        list_title=context.get("list_title"),
        list_date=context.get("list_date"),
        publisher_hint=context.get("publisher_hint"),
        county_code=context.get("county"),
    )
    headers = [pair for pair in capture.headers if pair[0].lower() in HEADERS_READ]
    return read(capture.payload, headers=headers, source=source, register=register)


def read_file(path: Path, *, url: str | None = None, register: Register) -> Document:
    """Read a local file. Raises Unreadable for a missing, unreadable or empty file, naming it.

    PDF, Word and the like are read in a process of their own, which such a file may break (extract.apart).
    """
    try:
        payload = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}：无法读取，请检查路径和权限 cannot be read: {error.strerror}") from error
    try:
        if can_break(payload, path.name):
            return read_apart(payload, url=url, name=path.name, register=register)
        return read(payload, url=url, name=path.name, register=register)
    except Unreadable as error:
        raise Unreadable(f"{path}：{error}") from error
