"""Answers that come again, read once: a crawl that asks every day gets the same page a hundred times.

What a reader makes of an answer depends on the register and on what `answer_key` holds. The rows of an
answer that comes again are kept, packed, and given the record that they are asked for.
"""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace

from archive.warc.capture import Capture
from archive.warc.index import IndexEntry
from extract import HEADERS_READ
from extract.rebuild_rows import CaptureRows, Row

MAX_BYTES = 64_000_000  # of packed rows, of which a report has some ten thousand


def answers_that_repeat(entries: Iterable[IndexEntry]) -> set[str]:
    """Record ids of the captures whose address gave the same payload more than once."""
    known = list(entries)
    times = Counter(_payload(entry) for entry in known)
    return {entry.record_id for entry in known if entry.digest and times[_payload(entry)] > 1}


def _payload(entry: IndexEntry) -> tuple[str, str | None]:
    return entry.url, entry.digest


def answer_key(capture: Capture) -> bytes:
    """A digest of all that the rows of a capture depend on, but the record itself (extract.read_capture)."""
    headers = [pair for pair in capture.headers if pair[0].lower() in HEADERS_READ]
    context = sorted((name, told) for name, told in capture.context.items() if name != "run")
    known = repr((capture.url, capture.outcome, headers, context)).encode()
    return hashlib.sha256(known + hashlib.sha256(capture.payload).digest()).digest()


class Repeats:
    """The rows of a reading process's last answers, the oldest given up first."""

    def __init__(self, most: int = MAX_BYTES) -> None:
        self._most = most
        self._held = 0
        self._packed: OrderedDict[bytes, bytes] = OrderedDict()

    def rows(self, capture: Capture, base: Row, read: Callable[[], CaptureRows]) -> CaptureRows:
        """The rows of a capture with the row `base` of its own; `read` makes them where they are not held."""
        key = answer_key(capture)
        packed = self._packed.get(key)
        if packed is None:
            rows = read()
            self._keep(key, zlib.compress(pickle.dumps(rows), 1))
            return rows
        self._packed.move_to_end(key)
        held = pickle.loads(zlib.decompress(packed))  # noqa: S301 - what this process has packed itself
        assert isinstance(held, CaptureRows)
        claims = [{**claim, "record_id": base["record_id"]} for claim in held.claims]
        return replace(held, capture={**base, "version": held.capture["version"]}, claims=claims)

    def _keep(self, key: bytes, packed: bytes) -> None:
        self._packed[key] = packed
        self._held += len(packed)
        while self._held > self._most:
            _, old = self._packed.popitem(last=False)
            self._held -= len(old)
