"""A small world as a catalogue holds it: counties, bodies, pages captured, columns walked.

It knows nothing of statuses. Pages and walks become the rows that a rebuild would write, at the moments told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Float, Integer, Table

from archive.audit.holdings import moment_text
from archive.catalogue import Catalogue, schema
from archive.catalogue.store import document_key, insert_all
from archive.clock import SHANGHAI
from archive.context import WalkRecord, WalkResult, WalkRow
from archive.register import County, Publisher, Register
from archive.register.matching import NameIndex
from archive.warc.capture import Pointer
from extract.rebuild_rows import probe_rows

Row = dict[str, Any]
Days = tuple[date, date]
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_ENDINGS = {
    "county_government": "人民政府",
    "county_department": "局",
    "government_office": "人民政府办公室",
    "authorised_org": "招商中心",
    "development_zone": "开发区管理委员会",
    "township_government": "镇人民政府",
    "subdistrict_office": "街道办事处",
    "vertical_body": "气象局",
    "public_institution": "中学",
}


def moment(day: date, clock: str = "18:00") -> datetime:
    """A moment in China."""
    return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)


def of_table(table: Table, **given: object) -> Row:
    """A row of a table: what is not given is null, or what says nothing."""
    row = {**_blank(table), **given}
    assert len(row) == len(_blank(table)), given.keys() - _blank(table).keys()
    return row


@cache
def _blank(table: Table) -> Row:
    return {column.name: None if column.nullable else _empty(column.type) for column in table.columns}


def _empty(kind: object) -> object:
    if isinstance(kind, Boolean):
        return False
    return 0 if isinstance(kind, Integer | Float) else "[]"


@dataclass
class Page:
    """An address of a county's column, and what was captured there."""

    url: str
    title: str


@dataclass
class Place:
    """A county with one column of all its bodies, `nb`, and columns of single bodies."""

    world: World
    code: str
    name: str
    bodies: list[Publisher] = field(default_factory=list)
    listed: list[Page] = field(default_factory=list)  # in nb
    launches: tuple[date, ...] = ()

    @property
    def portal(self) -> str:
        return f"p{self.code}"

    def body(self, row: str, kind: str, **fields: object) -> Publisher:
        """One more body of the county."""
        number = len(self.bodies) + 1
        given = {
            "code": f"{self.code}-{number:03d}",
            "official_name": f"{self.name}示例{str(number).translate(_DIGITS)}{_ENDINGS[row]}",
            "kind": kind,
            "county_code": self.code,
            **fields,
        }
        made = Publisher.model_validate(given)
        self.bodies.append(made)
        return made

    def page(self, body: Publisher, year: int, *, second: bool = False, listed: bool = True) -> Page:
        """The address of a body's report; `second`: another one."""
        url = f"http://{self.portal}.test/{body.code}/{year}{'b' if second else ''}.htm"
        page = Page(url, f"{body.official_name}{year}年政府信息公开工作年度报告")
        if listed:
            self.listed.append(page)
        return page

    def walk(
        self,
        day: date,
        pages: Iterable[Page] | None = None,
        *,
        result: str = "healthy",
        of: Publisher | None = None,
        clock: str = "09:00",
    ) -> None:
        """A walk of `nb`, or of the column of one body; without `pages` it saw all that `nb` ever lists."""
        self.world.walks.append((self, day, None if pages is None else list(pages), result, of, clock))


@dataclass
class World:
    """Everything planted for one day judged."""

    as_of: date
    places: list[Place] = field(default_factory=list)
    walks: list[tuple[Place, date, list[Page] | None, str, Publisher | None, str]] = field(
        default_factory=list
    )
    captures: list[Row] = field(default_factory=list)
    documents: dict[str, Row] = field(default_factory=dict)
    versions: dict[str, Row] = field(default_factory=dict)
    claims: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)

    def place(self, code: str) -> Place:
        """A new county."""
        made = Place(self, code, f"示例{code.translate(_DIGITS)}县")
        self.places.append(made)
        return made

    def capture(
        self,
        page: Page,
        body: Publisher | None,
        year: int,
        seen: datetime,
        claims: Iterable[tuple[str, str, Days]] = (),
        *,
        text: str | None = None,
        look: str = "",
        status: int = 200,
        **version: object,
    ) -> None:
        """A capture. `text` names the report's text, `look` what is around it; claims: kind, source, days."""
        document, record = document_key(page.url), f"urn:{len(self.captures)}"
        portal = page.url.split("/")[2].removesuffix(".test")
        shown = (
            None if status != 200 else self._version(document, body, year, text or page.url, look, version)
        )
        self.captures.append(
            of_table(
                schema.capture,
                record_id=record,
                url=page.url,
                date=moment_text(seen),
                status=status,
                outcome="ok",
                portal=portal,
                role="report",
                run=f"run {seen:%Y-%m-%d}",
                column_id="nb",
                list_title=page.title,
                document=document,
                version=shown,
            )
        )
        self.documents[document] = of_table(schema.document, document=document, url=page.url, role="report")
        for number, (kind, source, (lo, hi)) in enumerate(claims):
            told = {
                "kind": kind,
                "source": source,
                "lo": lo.isoformat(),
                "hi": hi.isoformat(),
                "raw": f"{lo}",
            }
            self.claims.append(of_table(schema.date_claim, record_id=record, n=number, **told))

    def _version(
        self, document: str, body: Publisher | None, year: int, text: str, look: str, more: Row
    ) -> str:
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        key = hashlib.sha256(f"{document} {text} {look} {sorted(more.items())}".encode()).hexdigest()[:16]
        scan = more.pop("scan", False)
        given = {
            "kind": "report",
            "n_cells": 219,
            "report_year": year,
            "title_year": year,
            "publisher": body.code if body else None,
            **more,
        }
        self.versions[key] = of_table(
            schema.version,
            version=key,
            document=document,
            content_digest=digest,
            text_digest=digest,
            **given,
        )
        if scan:
            fields = {"finding": f"scan {key}", "version": key, "code": "image_only", "severity": "warn"}
            self.findings.append(of_table(schema.finding, **fields))
        return key

    def register(self) -> Register:
        """Of exactly these counties and bodies."""
        counties = {
            place.code: County(code=place.code, name=place.name, launches=place.launches)
            for place in self.places
        }
        bodies = tuple(body for place in self.places for body in place.bodies)
        return Register(counties, bodies, NameIndex(counties.values(), bodies))

    def fill(self, catalogue: Catalogue) -> None:
        """The rows, instead of those that are there."""
        probes, listings = self._probes()
        with catalogue.engine.begin() as connection:
            for table, rows in (
                (schema.capture, self.captures),
                (schema.document, list(self.documents.values())),
                (schema.version, list(self.versions.values())),
                (schema.date_claim, self.claims),
                (schema.finding, self.findings),
                (schema.probe, probes),
                (schema.listing_row, listings),
            ):
                connection.execute(table.delete())
                insert_all(connection, table, rows)

    def _probes(self) -> tuple[list[Row], list[Row]]:
        probes: list[Row] = []
        listings: dict[tuple[str, int], Row] = {}
        for number, (place, day, pages, result, of, clock) in enumerate(self.walks):
            column = f"own{of.code[-3:]}" if of else "nb"
            began = moment(day, clock).astimezone(UTC)
            walk = WalkRecord(
                portal=place.portal,
                county_code=place.code,
                column=column,
                column_url=f"http://{place.portal}.test/{column}/",
                publishers=(of.code,) if of else (),
                years=(),
                run=f"run {day}",
                started=began,
                ended=began.replace(minute=5),
                pages=(),
                rows=_listed(place.listed if pages is None else pages),
                result=WalkResult(result),
                complete=result == "healthy",
                reason=None if result == "healthy" else "planted",
                adapter="planted",
                adapter_version="1",
            )
            probe, rows = probe_rows(Pointer("planted.warc.gz", number, 0, f"urn:walk:{number}", None), walk)
            probes.append(probe)
            listings.update({(row["listing"], row["n"]): row for row in rows})
        return probes, list(listings.values())


def _listed(pages: Sequence[Page]) -> tuple[WalkRow, ...]:
    return tuple(WalkRow(url=page.url, title=page.title) for page in pages)
