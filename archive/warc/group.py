"""Groups: the records that are written with one write(2), and what the index says of them.

    an answer        request · response · metadata (crawl context, and what the records cannot say)
    the same again   request · revisit · metadata
    no answer        request (if anything was sent) · metadata (what was asked, when, how it ended)
    no HTTP answer   the same · metadata with the bytes that came
    a walk           metadata, application/json
    a run's mark     metadata, application/json
    a page met again metadata, application/warc-fields (crawl context alone)
    a rendered page  conversion (the DOM) · metadata (crawl context)

Each record carries its place in the group, so that recovery can cut to the last whole one; the index line of
a group follows from its records alone, so that recovery and verification can make it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.context import CrawlContext, RunRecord, WalkRecord
from archive.warc import record as rec
from archive.warc import wire
from archive.warc.capture import Refers
from archive.warc.exchange import Exchange
from archive.warc.index import KINDS, REVISIT, IndexEntry, Kind, parse_date, warc_date
from archive.warc.record import RawRecord, Record

PROFILES = "http://netpreserve.org/warc/1.1/revisit"
IDENTICAL, NOT_MODIFIED = f"{PROFILES}/identical-payload-digest", f"{PROFILES}/server-not-modified"
# pywb's own indexer takes metadata of other types than warc-fields for a page of that address, and would show
# it in the page's place (seen with pywb 2.10, 2026-11). Archives made before hold the bare address.
_WALK, _BYTES = "urn:walk:", "urn:bytes:"
FACTS = frozenset(
    {"url", "method", "started", "outcome", "error", "interim-status", "framing-error", "tls-policy"}
)


@dataclass(frozen=True, slots=True)
class Group:
    """Records in order; `primary` is the place (from 0) of the one that the index points at."""

    records: tuple[Record, ...]
    primary: int


def exchange_group(
    exchange: Exchange, context: CrawlContext | None, warcinfo_id: str, refers_to: Refers | None = None
) -> Group:
    """The group of one attempt. Whether it repeats `refers_to` (a response that is held) is seen here."""
    response = wire.parse_response(exchange.response, exchange.method) if exchange.response else None
    answer = None if response is None else _answer_record(exchange, response, warcinfo_id, refers_to)
    note = _note_fields(exchange, response, context)
    main_id = rec.new_id() if answer is None else answer.record_id
    records: list[Record] = []
    if exchange.request:
        records.append(_request_record(exchange, main_id, warcinfo_id))
    if answer is not None:
        if records:
            answer = replace(answer, fields=(*answer.fields, ("WARC-Concurrent-To", records[0].record_id)))
        records.append(answer)
    primary = len(records) - 1 if answer is not None else len(records)
    if note:
        note_id, about = (main_id, None) if answer is None else (rec.new_id(), main_id)
        content = (rec.FIELDS, rec.warc_fields(note))
        records.append(_metadata(exchange, note_id, warcinfo_id, about=about, content=content))
    if answer is None and exchange.response:
        content = (rec.OCTETS, exchange.response)
        named = replace(exchange, url=f"{_BYTES}{exchange.url}")
        records.append(_metadata(named, rec.new_id(), warcinfo_id, about=main_id, content=content))
    return _placed(records, primary, "capture")


def walk_group(walk: WalkRecord, warcinfo_id: str) -> Group:
    """The group of a column walk: one record, dated when the walk ended."""
    fields = (("WARC-Target-URI", f"{_WALK}{walk.column_url}"), ("WARC-Warcinfo-ID", warcinfo_id))
    block = walk.model_dump_json(exclude_none=True).encode()
    record = Record("metadata", rec.new_id(), walk.ended, rec.JSON, block, fields)
    return _placed([record], 0, "walk")


def run_group(run: RunRecord, warcinfo_id: str) -> Group:
    """The group of a run's beginning or end: one record."""
    fields = (("WARC-Target-URI", f"urn:run:{run.run}"), ("WARC-Warcinfo-ID", warcinfo_id))
    block = run.model_dump_json(exclude_none=True).encode()
    return _placed([Record("metadata", rec.new_id(), run.at, rec.JSON, block, fields)], 0, "run")


def context_group(url: str, context: CrawlContext, date: datetime, warcinfo_id: str) -> Group:
    """The group of a page that was met again and not asked for."""
    fields = (("WARC-Target-URI", url), ("WARC-Warcinfo-ID", warcinfo_id))
    block = rec.warc_fields(_context_pairs(context))
    return _placed([Record("metadata", rec.new_id(), date, rec.FIELDS, block, fields)], 0, "context")


def conversion_group(  # noqa: PLR0913 — all by name
    url: str,
    payload: bytes,
    *,
    content_type: str,
    of: str,
    context: CrawlContext | None,
    date: datetime,
    warcinfo_id: str,
) -> Group:
    """The group of a page as a browser made it of the response `of`."""
    common = (("WARC-Target-URI", url), ("WARC-Warcinfo-ID", warcinfo_id))
    fields = (*common, ("WARC-Refers-To", of))
    record = Record("conversion", rec.new_id(), date, content_type, payload, fields)
    records = [record]
    if context is not None:
        about = (("WARC-Concurrent-To", record.record_id), ("WARC-Refers-To", record.record_id))
        block = rec.warc_fields(_context_pairs(context))
        records.append(Record("metadata", rec.new_id(), date, rec.FIELDS, block, (*common, *about)))
    return _placed(records, 0, "conversion")


def _context_pairs(context: CrawlContext) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in context.model_dump(exclude_none=True).items()]


def _placed(records: Sequence[Record], primary: int, kind: Kind) -> Group:
    placed = []
    for number, record in enumerate(records):
        marks = [(rec.GROUP, f"{number + 1}/{len(records)}")]
        if number == primary:
            marks.append((rec.KIND, kind))
        placed.append(replace(record, fields=(*record.fields, *marks)))
    return Group(tuple(placed), primary)


def _common(exchange: Exchange, warcinfo_id: str) -> list[tuple[str, str]]:
    fields = [("WARC-Target-URI", exchange.url), ("WARC-Warcinfo-ID", warcinfo_id)]
    if exchange.ip:
        fields.append(("WARC-IP-Address", exchange.ip))
    return fields


def _protocols(exchange: Exchange, spoken: str | None) -> list[tuple[str, str]]:
    names = [
        (exchange.protocol or spoken or "").lower(),
        (exchange.tls or "").lower().replace("tlsv", "tls/"),
    ]
    return [("WARC-Protocol", name) for name in names if name]


def _request_record(exchange: Exchange, answer_id: str, warcinfo_id: str) -> Record:
    fields = [*_common(exchange, warcinfo_id), *_protocols(exchange, "http/1.1")]
    fields.append(("WARC-Concurrent-To", answer_id))
    _, body = wire.split_block(exchange.request)
    digest = rec.sha256(body) if body else None
    return Record(
        "request", rec.new_id(), exchange.started, rec.HTTP_REQUEST, exchange.request, tuple(fields), digest
    )


def _answer_record(
    exchange: Exchange, response: wire.WireResponse, warcinfo_id: str, refers_to: Refers | None
) -> Record:
    """A response; or the revisit that says the same in less, after a 304 or when the payload is identical."""
    digest = rec.sha256(response.body)
    whole = exchange.truncated is None and response.framing_error is None
    if refers_to is not None and whole:
        # Redirects copy a request's meta: a 304 speaks of its own URL and of no other.
        if response.status == wire.NOT_MODIFIED and refers_to.url == exchange.url:
            return _revisit_record(exchange, response, warcinfo_id, refers_to, NOT_MODIFIED)
        if response.body and digest == refers_to.payload_digest:
            return _revisit_record(exchange, response, warcinfo_id, refers_to, IDENTICAL)
    return _response_record(exchange, response, warcinfo_id, digest)


def _revisit_record(
    exchange: Exchange, response: wire.WireResponse, warcinfo_id: str, original: Refers, profile: str
) -> Record:
    """The head as it came; the three fields of WARC/1.1 §6.7 that lead to the payload (archive.md T21)."""
    fields = [*_common(exchange, warcinfo_id), *_protocols(exchange, response.protocol)]
    fields.append(("WARC-Profile", profile))
    fields.append(("WARC-Refers-To", original.record_id))
    fields.append(("WARC-Refers-To-Target-URI", original.url))
    fields.append(("WARC-Refers-To-Date", warc_date(original.date)))
    if profile == IDENTICAL:
        fields.append(("WARC-Truncated", "length"))  # as WARC/1.1 §6.7.2 asks: the body is left out
    digest = original.payload_digest
    return Record(
        "revisit", rec.new_id(), exchange.started, rec.HTTP_RESPONSE, response.head, tuple(fields), digest
    )


def _response_record(
    exchange: Exchange, response: wire.WireResponse, warcinfo_id: str, digest: str
) -> Record:
    fields = [*_common(exchange, warcinfo_id), *_protocols(exchange, response.protocol)]
    truncated = exchange.truncated or ("unspecified" if response.framing_error else None)
    if truncated:
        fields.append(("WARC-Truncated", truncated))
    block = response.head + response.body
    return Record("response", rec.new_id(), exchange.started, rec.HTTP_RESPONSE, block, tuple(fields), digest)


def _metadata(
    exchange: Exchange, record_id: str, warcinfo_id: str, *, about: str | None, content: tuple[str, bytes]
) -> Record:
    """`about`: the record that it describes; None if it is itself the group's main record."""
    fields = _common(exchange, warcinfo_id)
    if about is not None:
        fields += [("WARC-Concurrent-To", about), ("WARC-Refers-To", about)]
    return Record("metadata", record_id, exchange.started, *content, fields=tuple(fields))


def _note_fields(
    exchange: Exchange, response: wire.WireResponse | None, context: CrawlContext | None
) -> list[tuple[str, str]]:
    """What the metadata record says: the facts of a failure, then the crawl context."""
    fields: list[tuple[str, str]] = []
    if response is None:
        outcome = exchange.outcome if exchange.outcome != "response" else "protocol"
        fields += [("url", exchange.url), ("method", exchange.method)]
        fields += [("started", exchange.started.isoformat()), ("outcome", outcome)]
    if exchange.error:
        fields.append(("error", exchange.error))
    if exchange.tls_policy:
        fields.append(("tls-policy", exchange.tls_policy))
    if response is not None and response.interim:
        fields.append(("interim-status", " ".join(map(str, response.interim))))
    if response is not None and response.framing_error:
        fields.append(("framing-error", response.framing_error))
    if context is not None:
        fields += _context_pairs(context)
    return fields


def index_entry(group: Sequence[RawRecord], file: str) -> IndexEntry | None:
    """The index line of a group as read back; None if it is not whole, or has nothing to point at (warcinfo).

    In files of other makers every HTTP response is a group of its own.
    """
    main = next((record for record in group if record.get(rec.KIND) or _is_foreign_answer(record)), None)
    if main is None or not is_whole(group):
        return None
    fields = context_fields(group)
    revisit = main.kind == "revisit"
    head, _ = wire.split_block(main.block) if revisit or main.kind == "response" else (b"", b"")
    return IndexEntry(
        file=file,
        offset=main.offset,
        length=main.length,
        record_id=main.record_id,
        url=(main.get("WARC-Target-URI") or "").removeprefix(_WALK),
        date=parse_date(main.get("WARC-Date") or ""),
        status=wire.status_of(head),
        digest=main.get("WARC-Payload-Digest"),
        kind=KINDS.get(main.get(rec.KIND) or "", "capture"),
        role=fields.get("role"),
        mime=REVISIT if revisit else wire.mime_of(head) if head else main.content_type,
        refers=refers_of(main),
    )


def refers_of(record: RawRecord) -> Refers | None:
    """What a revisit refers to; None for other records, and for a revisit that does not say it in full."""
    record_id, url = record.get("WARC-Refers-To"), record.get("WARC-Refers-To-Target-URI")
    date = record.get("WARC-Refers-To-Date")
    if record.kind != "revisit" or not (record_id and url and date):
        return None
    return Refers(record_id, url, parse_date(date), record.get("WARC-Payload-Digest"))


def _is_foreign_answer(record: RawRecord) -> bool:
    return (
        record.place is None
        and record.kind in ("response", "revisit")
        and record.content_type.replace(" ", "").startswith("application/http")
    )


def context_fields(group: Iterable[RawRecord]) -> dict[str, str]:
    """The fields of a group's metadata record: facts and crawl context together."""
    for record in group:
        if record.kind == "metadata" and record.content_type == rec.FIELDS:
            return rec.parse_fields(record.block)
    return {}


def is_whole(group: Sequence[RawRecord]) -> bool:
    """Are these all the records that were written at once? (True in files of other makers.)"""
    place = group[0].place
    return place is None or (place[0] == 1 and len(group) == place[1])


def grouped(records: Iterable[RawRecord]) -> Iterator[tuple[RawRecord, ...]]:
    """The groups of a file, in order. A record of no whole group stands alone (`is_whole` tells)."""
    pending: list[RawRecord] = []
    for record in records:
        place = record.place
        if place is None or place[0] != len(pending) + 1:
            yield from ((stray,) for stray in pending)
            pending = []
        if place is None or place[0] != len(pending) + 1:
            yield (record,)
            continue
        pending.append(record)
        if place[0] == place[1]:
            yield tuple(pending)
            pending = []
    yield from ((stray,) for stray in pending)
