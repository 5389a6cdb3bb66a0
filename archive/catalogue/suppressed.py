"""Which versions of documents `suppress.jsonl` names (practice.md §7): by payload, by text, by key."""

from __future__ import annotations

from sqlalchemy import select

from archive.catalogue import schema
from archive.catalogue.store import Catalogue
from archive.suppress import is_suppressed


def suppressed_versions(catalogue: Catalogue, suppressed: frozenset[str]) -> frozenset[str]:
    """Versions that are named by their own key, by content, or by the payload of any capture of theirs."""
    if not suppressed:
        return frozenset()
    capture, version = schema.capture, schema.version
    payloads = select(capture.c.version, capture.c.payload_digest).where(capture.c.version.is_not(None))
    contents = select(version.c.version, version.c.content_digest)
    with catalogue.engine.connect() as connection:
        pairs = [*connection.execute(payloads), *connection.execute(contents)]
    return frozenset(key for key, digest in pairs if is_suppressed(suppressed, key, digest))


def suppressed_payloads(catalogue: Catalogue, suppressed: frozenset[str]) -> frozenset[str]:
    """The digests of every payload that shows such a version, in lower case, beside those named."""
    versions = suppressed_versions(catalogue, suppressed)
    if not versions:
        return suppressed
    capture = schema.capture
    rows = select(capture.c.version, capture.c.payload_digest).where(capture.c.payload_digest.is_not(None))
    with catalogue.engine.connect() as connection:
        found = {digest.lower() for key, digest in connection.execute(rows) if key in versions}
    return suppressed | found
