"""The lists of bodies that portals publish: their organ trees, as the last walk that read each has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from archive.audit.holdings import moment_text, parse_moment
from archive.catalogue import Catalogue, schema


@dataclass(frozen=True, slots=True)
class Organ:
    """A row of a tree: the name as printed, and the register code that the crawl found for it."""

    name: str
    publisher: str | None


@dataclass(frozen=True, slots=True)
class OrganList:
    """One tree. `complete`: read to its end in a full crawl; only then is whoever is not in it not listed."""

    county: str
    portal: str
    column: str
    url: str
    read: datetime
    record_id: str
    complete: bool
    organs: tuple[Organ, ...]


def load_organ_lists(
    catalogue: Catalogue, seen_until: datetime | None = None
) -> Mapping[str, tuple[OrganList, ...]]:
    """By county: of each tree the last complete walk, else the last that read anything, up to a moment."""
    table = schema.organ_walk
    query = select(table).order_by(table.c.complete, table.c.ended, table.c.record_id)
    if seen_until is not None:
        query = query.where(table.c.ended <= moment_text(seen_until))
    found: dict[str, dict[tuple[str, str], OrganList]] = {}
    with catalogue.engine.connect() as connection:
        for row in connection.execute(query).mappings():
            organs = _organs(connection, row["listing"])
            if organs:
                read = parse_moment(row["ended"])
                place = (row["portal"], row["column_id"])
                found.setdefault(row["county"], {})[place] = OrganList(
                    row["county"], *place, row["column_url"], read, row["record_id"], row["complete"], organs
                )
    return {county: tuple(lists[place] for place in sorted(lists)) for county, lists in found.items()}


def _organs(connection: Connection, listing: str) -> tuple[Organ, ...]:
    rows = schema.listing_row.c
    query = select(rows.title, rows.publisher_hint).where(rows.listing == listing).order_by(rows.n)
    return tuple(Organ(*row) for row in connection.execute(query))
