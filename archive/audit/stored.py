"""A report's evidence as a row of the catalogue, and back. What is seldom asked for stays text until then.

An audit of the whole country reads nearly a million of these rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar, overload

from archive.audit.dating import published_span
from archive.audit.evidence import Claim, ReportEvidence, Span, VersionSeen
from archive.catalogue import schema
from archive.catalogue.store import canonical
from archive.quick import quick

T = TypeVar("T")
Row = dict[str, Any]

#: In the order in which `evidence_of` takes them.
COLUMNS = tuple(column for column in schema.report.columns if column.name != "county")


class Unread(Sequence[T]):
    """A list of rows as JSON text, read where somebody looks inside."""

    __slots__ = ("_read", "_rows", "_text")

    def __init__(self, text: str, read: Callable[[str], tuple[T, ...]]) -> None:
        self._text, self._read = text, read
        self._rows: tuple[T, ...] | None = None

    def _found(self) -> tuple[T, ...]:
        if self._rows is None:
            self._rows = self._read(self._text)
        return self._rows

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        return self._found()[place]

    def __len__(self) -> int:
        return len(self._found())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._found() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._found())

    def __repr__(self) -> str:
        return repr(self._found())


class UnreadVersions(Unread[VersionSeen]):
    """Versions, whose captures are known by their ids without reading."""

    __slots__ = ("records",)

    def __init__(self, text: str, records: str) -> None:
        self._text, self._read, self._rows = text, _versions, None  # not by super(): a million are made
        self.records = records


def record_ids(versions: Sequence[VersionSeen]) -> tuple[str, ...]:
    """The captures that show these versions first, by their record ids."""
    if isinstance(versions, UnreadVersions):
        return tuple(versions.records.split())
    return tuple(version.record_id for version in versions)


def row_of(report: ReportEvidence, county: str) -> Row:
    """The row of schema.report. The inverse of `evidence_of`."""
    span = published_span(report)
    plain = span is None or not span.reasons
    return {
        "publisher": report.publisher,
        "report_year": report.report_year,
        "county": county,
        "version": report.version,
        "document": report.document,
        "url": report.url,
        "title": report.title,
        "kind": report.kind,
        "first_seen": _text(report.first_seen),
        "last_seen": _text(report.last_seen),
        "first_gone": _text(report.first_gone),
        "gone_record": report.gone_record,
        "credible": int(span is not None) if plain else None,
        "lo": span.lo.isoformat() if span is not None else None,
        "hi": span.hi.isoformat() if span is not None else None,
        "titled": canonical(report.titled),
        "index_number": report.index_number,
        "publisher_shown": report.publisher_shown,
        "duplicates": canonical(report.duplicates),
        "other_texts": canonical(report.other_texts),
        "replaced_on": report.replaced_on.isoformat() if report.replaced_on else None,
        "changed_cells": canonical(report.changed_cells),
        "placeholder_until": _text(report.placeholder_until),
        "absent_on": _text(report.absent_on),
        "attribution": report.attribution,
        "attribution_unclear": int(report.attribution_unclear),
        "unreadable": int(report.unreadable),
        "same_text_as": canonical(report.same_text_as),
        "homes": canonical(report.homes),
        "shared_days": canonical({day.isoformat(): n for day, n in report.shared_days.items()}),
        "n_findings": report.n_findings,
        "records": " ".join(version.record_id for version in report.versions),
        "versions": canonical([_version_row(version) for version in report.versions]),
        "claims": canonical([_claim_row(claim) for claim in report.claims]),
    }


_report = quick(ReportEvidence)


def evidence_of(row: Sequence[Any]) -> ReportEvidence:
    """The report of a row of COLUMNS."""
    (
        publisher,
        report_year,
        version,
        document,
        url,
        title,
        kind,
        first_seen,
        last_seen,
        first_gone,
        gone_record,
        credible,
        lo,
        hi,
        titled,
        index_number,
        publisher_shown,
        duplicates,
        other_texts,
        replaced_on,
        changed_cells,
        placeholder_until,
        absent_on,
        attribution,
        attribution_unclear,
        unreadable,
        same_text_as,
        homes,
        shared_days,
        n_findings,
        records,
        versions,
        claims,
    ) = row
    seen = _moment(first_seen)
    return _report(
        publisher,
        report_year,
        version,
        document,
        url,
        title,
        kind,
        UnreadVersions(versions, records),
        Unread(claims, _claims),
        seen,
        seen if last_seen == first_seen else _moment(last_seen),
        _moment(first_gone) if first_gone else None,
        gone_record,
        () if titled == "[]" else tuple((year, title) for year, title in json.loads(titled)),
        index_number,
        publisher_shown,
        _texts(duplicates),
        _texts(other_texts),
        _day(replaced_on) if replaced_on else None,
        _texts(changed_cells),
        _moment(placeholder_until) if placeholder_until else None,
        _walked(absent_on) if absent_on else None,
        attribution,
        attribution_unclear == 1,
        unreadable == 1,
        _texts(same_text_as),
        _homes(homes),
        _shared(shared_days),
        n_findings,
        _spans(credible, lo, hi),
    )


@lru_cache(1 << 16)  # a few hundred days
def _spans(credible: int | None, lo: str | None, hi: str | None) -> tuple[Span, ...] | None:
    if credible is None:
        return None
    return (Span(_day(lo), _day(hi)),) if lo and hi else ()


def _texts(text: str) -> tuple[str, ...]:
    return () if text == "[]" else tuple(json.loads(text))


@cache  # the homes of a county's reports are a few
def _homes(text: str) -> tuple[str, ...]:
    return _texts(text)


def _shared(text: str) -> Mapping[date, int]:
    return {} if text == "{}" else {_day(day): n for day, n in json.loads(text).items()}


@cache  # the same few thousand days over and over
def _day(text: str) -> date:
    return date.fromisoformat(text)


def _text(moment: datetime | None) -> str | None:
    """As archive.audit.holdings.moment_text writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None


_moment = datetime.fromisoformat
_walked = lru_cache(4096)(_moment)  # ends of walks: the same for many reports


def _version_row(version: VersionSeen) -> list[object]:
    return [
        version.version,
        version.record_id,
        _text(version.first_seen),
        version.document,
        version.url,
        version.content_digest,
        version.kind,
        _text(version.last_seen),
        version.n_cells,
    ]


def _versions(text: str) -> tuple[VersionSeen, ...]:
    return tuple(
        VersionSeen(version, document, url, digest, kind, _moment(first), _moment(last), record, n_cells)
        for version, record, first, document, url, digest, kind, last, n_cells in json.loads(text)
    )


def _claim_row(claim: Claim) -> list[object]:
    lo, hi = claim.lo.isoformat(), claim.hi.isoformat()
    return [claim.kind, claim.source, lo, hi, claim.record_id, claim.raw, _text(claim.seen), claim.document]


def _claims(text: str) -> tuple[Claim, ...]:
    return tuple(
        Claim(kind, source, _day(lo), _day(hi), raw, record, _moment(seen), document)
        for kind, source, lo, hi, record, raw, seen, document in json.loads(text)
    )
