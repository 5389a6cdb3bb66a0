"""revisions: what changed in a report after it was published, cell by cell (practice.md §4.3)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from archive.export.model import KEY, Row, Table, columns
from archive.export.source import Held, Source

REVISIONS = columns(
    KEY
    + "change key before:number after:number before_state after_state seen_before:moment seen_after:moment"
    " record_before record_after version_before version_after url"
)
_CELL, _TEXT = "cell", "text"


def revisions(source: Source) -> Table:
    """A row a changed number between two contents of one document, or one `text` row where no number did."""
    return Table("revisions", REVISIONS, [row for held in source.held for row in _of(held, source)])


def _of(held: Held, source: Source) -> Iterator[Row]:
    by_document: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for version, record, moment, *_ in json.loads(held.report["versions"]):
        known = source.versions.get(version)
        if known is not None:
            by_document[known["document"]].append((version, record, moment))
    for _, seen in sorted(by_document.items()):
        for before, after in pairwise(seen):
            yield from _between(held, source, before, after)


def _between(
    held: Held, source: Source, before: tuple[str, str, str], after: tuple[str, str, str]
) -> Iterator[Row]:
    old, new = (source.earlier.get(version, {}) for version, _, _ in (before, after))
    shared = {
        **held.key,
        "seen_before": before[2],
        "seen_after": after[2],
        "record_before": before[1],
        "record_after": after[1],
        "version_before": before[0],
        "version_after": after[0],
        "url": held.report["url"],
    }
    changed = False
    for key in sorted(old.keys() | new.keys()):
        one, other = old.get(key, {}), new.get(key, {})
        if one.get("value") == other.get("value") and one.get("state") == other.get("state"):
            continue
        changed = True
        yield shared | {
            "change": _CELL,
            "key": key,
            "before": one.get("value"),
            "after": other.get("value"),
            "before_state": one.get("state"),
            "after_state": other.get("state"),
        }
    if not changed:
        yield shared | {"change": _TEXT}
