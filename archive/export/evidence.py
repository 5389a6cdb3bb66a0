"""date_evidence: each date that a report claims, beside what the captures and its index number say (§4.7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from archive.audit.holdings import parse_moment
from archive.audit.workdays import day_in_china
from archive.export.basic import day
from archive.export.model import KEY, Row, Table, columns
from archive.export.source import Held, Source
from archive.index_number import parse_index_number

DATES = columns(
    KEY + "claim source lo:day hi:day raw:text locator record_id first_seen:day spread_days:integer"
    " after_first_seen:flag index_number index_year:integer index_month:integer signed_date:day url"
)
_CAPTURE = "capture"


def date_evidence(source: Source) -> Table:
    """A row a claim, and one for the first capture. `spread_days`: between the published claims."""
    return Table("date_evidence", DATES, [row for held in source.held for row in _of(held, source)])


def _of(held: Held, source: Source) -> Iterator[Row]:
    claims = [
        (kind, word, lo, hi, record) for kind, word, lo, hi, record, *_ in json.loads(held.report["claims"])
    ]
    claims.sort(key=lambda claim: tuple(map(str, claim)))
    seen = day_in_china(parse_moment(held.report["first_seen"]))
    number = held.version["index_number"]
    parsed = parse_index_number(number) if number else None
    published = [claim for claim in claims if claim[0] == "published"]
    spread = None
    if published:
        latest, earliest = max(claim[3] for claim in published), min(claim[2] for claim in published)
        spread = (date.fromisoformat(latest) - date.fromisoformat(earliest)).days
    shared = {
        **held.key,
        "first_seen": seen,
        "spread_days": spread,
        "index_number": number,
        "index_year": parsed.year if parsed else None,
        "index_month": parsed.month if parsed else None,
        "signed_date": day(held.version["signed_date"]),
        "url": held.report["url"],
    }
    for kind, word, lo, hi, record in claims:
        told = next(
            (
                row
                for row in source.claims.get(record, ())
                if (row["kind"], row["source"], row["lo"], row["hi"]) == (kind, word, lo, hi)
            ),
            {},
        )
        yield shared | {
            "claim": kind,
            "source": word,
            "lo": day(lo),
            "hi": day(hi),
            "raw": told.get("raw"),
            "locator": told.get("locator"),
            "record_id": record,
            "after_first_seen": date.fromisoformat(lo) > seen,
        }
    yield shared | {"claim": _CAPTURE, "source": _CAPTURE, "lo": None, "hi": seen, "after_first_seen": False}
