"""A register and a catalogue of the whole country, generated: what benchmarks.country audits.

A few counties are moulds: their captures, versions, date claims and walks are drawn at random and concluded
by the rebuild's own code (archive.audit.conclude). Every other county is cast from a mould by its code. Only
what an audit reads is cast; captures, cells and lists of the cast counties are left out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from archive.audit.conclude import conclude, concluded_by, latest_moment
from archive.audit.holdings import moment_text
from archive.catalogue import Catalogue, schema
from archive.catalogue.store import document_key, insert_all
from archive.register import Register, load_register

YEARS = range(2019, 2026)
COUNTIES = 2850
MOULDS = 20
DEPARTMENTS, TOWNSHIPS = 27, 13  # statute.md §5: 1 + 27 + 13.6; two moulds of three have a township more
_WALKS = (8, 15, 22, 29, 36, 43, 60, 90, 150, 220)  # days after 1 January
_ABSENT, _TWICE, _UNDATED, _APART, _FAILED = 0.1, 0.1, 0.03, 0.04, 0.04

Rows = dict[Table, list[dict[str, Any]]]


def code_of(n: int) -> str:
    """Six digits; the moulds come first."""
    return f"{600000 + n}"


def bodies(n: int) -> Iterator[tuple[str, str, str]]:
    """Code, name and kind of a county's bodies."""
    code, name, mould = code_of(n), f"示例{n}县", n % MOULDS
    yield f"{code}000", f"{name}人民政府", "county_government"
    yield f"{code}001", f"{name}人民政府办公室", "county_department"
    for i in range(2, DEPARTMENTS + 1):
        yield f"{code}{i:03}", f"{name}第{i}局", "county_department"
    for i in range(TOWNSHIPS + (mould % 3 > 0)):
        yield f"{code}{100 + i}", f"{name}第{i}镇人民政府", "township_government"


def write_register(folder: Path, counties: int) -> None:
    """One file a county, as `scrapy register` keeps them."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(counties):
        rows = "".join(
            f'- {{code: "{code}", county_code: "{code_of(n)}", official_name: {name}, kind: {kind}}}\n'
            for code, name, kind in bodies(n)
        )
        head = (
            f'format: 1\nprovenance: 生成 generated\ncounties:\n- {{code: "{code_of(n)}", name: 示例{n}县}}\n'
        )
        (folder / f"{code_of(n)}.yml").write_text(f"{head}publishers:\n{rows}", "utf-8")


def write_catalogue(path: Path, register: Register, counties: int) -> dict[str, int]:
    """The catalogue; how many rows each table has. `register` holds the same counties."""
    moulds = min(MOULDS, counties)
    mould = path.with_suffix(".mould.sqlite")
    with Catalogue(f"sqlite:///{mould}") as catalogue:
        drawn = [_Drawing(n).rows() for n in range(moulds)]
        with catalogue.engine.begin() as connection:
            for rows in drawn:
                for table, made in rows.items():
                    insert_all(connection, table, made)
        concluded = conclude(catalogue, register).rows
        latest = latest_moment(catalogue)
    counts = dict.fromkeys((table.name for table in concluded), 0)
    with Catalogue(f"sqlite:///{path}") as catalogue:
        by_mould = {table: _by_county(rows) for table, rows in concluded.items()}
        for start in range(0, counties, 50):
            with catalogue.engine.begin() as connection:
                for n in range(start, min(start + 50, counties)):
                    for table, rows in by_mould.items():
                        cast = _cast(rows.get(code_of(n % moulds), ()), code_of(n % moulds), code_of(n))
                        insert_all(connection, table, cast)
                        counts[table.name] += len(cast)
        catalogue.end_work(concluded_by(register, latest))
    mould.unlink()
    return counts


def country(folder: Path, counties: int) -> tuple[Path, Path, dict[str, int]]:
    """Register folder, catalogue and row counts, made in an empty folder."""
    write_register(folder / "register", counties)
    register = load_register([folder / "register"])
    counts = write_catalogue(folder / "catalogue.sqlite", register, counties)
    return folder / "register", folder / "catalogue.sqlite", counts | {"publishers": len(register.publishers)}


def _by_county(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["county"], []).append(row)
    return found


def _cast(rows: Sequence[Mapping[str, Any]], mould: str, code: str) -> list[dict[str, Any]]:
    return [
        {name: value.replace(mould, code) if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    ]


@dataclass
class _Drawing:
    """One mould: what was crawled of it, as the rows that a rebuild would store."""

    n: int
    made: Rows = field(default_factory=dict)
    listed: list[tuple[datetime, str, str, str]] = field(
        default_factory=list
    )  # since when, column, URL, title

    def __post_init__(self) -> None:
        self.random = random.Random(self.n)
        self.code = code_of(self.n)
        self.columns = ("nb",) if self.n % 5 < 3 else ("bm", "xz")  # one column of all, or two

    def rows(self) -> Rows:
        """Everything, by table."""
        for place, (publisher, name, _) in enumerate(bodies(self.n)):
            for year in YEARS:
                if self.random.random() >= _ABSENT:
                    self._report(publisher, name, year, self._column(place))
        for column in self.columns:
            self._walks(column)
        return self.made

    def _column(self, place: int) -> str:
        return self.columns[-1 if place > DEPARTMENTS else 0]

    def _covers(self, column: str) -> list[str]:
        if len(self.columns) == 1:
            return []
        return [code for place, (code, _, _) in enumerate(bodies(self.n)) if self._column(place) == column]

    def _report(self, publisher: str, name: str, year: int, column: str) -> None:
        usual = self.random.random() < 0.85
        day = date(year + 1, 1, 5) + timedelta(days=self.random.randrange(27 if usual else 90))
        key = f"{publisher}-{year}"
        url = f"http://www.x{self.code}.example/art/{day.year}/{day.month}/{day.day}/art_{key}.html"
        title = f"{name}{year}年政府信息公开工作年度报告"
        self.listed.append((_moment(day), column, url, title))
        seen = next(moment for moment in _walk_days() if moment > _moment(day))
        for k in range(2 if self.random.random() < _TWICE else 1):
            self._capture(
                f"{key}-{k}",
                url,
                seen + timedelta(days=40 * k),
                title=title,
                publisher=publisher,
                year=year,
                day=day,
            )
        self._add(
            schema.document,
            document=document_key(url),
            url=url,
            role="report",
            portal=f"p{self.code}",
            kind="report",
            publisher=publisher,
            first_seen=moment_text(seen),
            last_seen=moment_text(seen),
            n_captures=1,
        )

    def _capture(  # noqa: PLR0913 - the row of a capture
        self, key: str, url: str, seen: datetime, *, title: str, publisher: str, year: int, day: date
    ) -> None:
        record = f"<urn:uuid:{key}>"
        shared = {"document": document_key(url), "version": f"v-{key}"}
        self._add(
            schema.capture,
            record_id=record,
            file="x.warc.gz",
            offset=0,
            length=1,
            url=url,
            date=moment_text(seen),
            status=200,
            outcome="ok",
            portal=f"p{self.code}",
            role="report",
            run=f"r{seen:%Y%m%d}",
            list_title=title,
            read_by="generated",
            **shared,
        )
        self._add(
            schema.version,
            content_digest=f"c-{key}",
            text_digest=f"t-{key}",
            media_type="text/html",
            kind="report",
            title=title,
            report_year=year,
            title_year=year,
            publisher=publisher,
            publisher_raw="",
            publisher_reasons="[]",
            publisher_unclear=False,
            n_cells=219,
            sections="[]",
            extractor_version="generated",
            **shared,
        )
        chance = self.random.random()
        other = day + timedelta(days=6) if chance < _APART else day
        sources = (
            () if chance > 1 - _UNDATED else (("metadata_row", other), ("list_row", day), ("url_day", day))
        )
        for n, (source, told) in enumerate(sources):
            self._add(
                schema.date_claim,
                record_id=record,
                n=n,
                kind="published",
                lo=told.isoformat(),
                hi=told.isoformat(),
                raw=told.isoformat(),
                source=source,
                locator="",
            )

    def _walks(self, column: str) -> None:
        covers = "[" + ",".join(f'"{code}"' for code in self._covers(column)) + "]"
        listed = sorted(row for row in self.listed if row[1] == column)
        known = -1
        for started in _walk_days():
            shown = [row for row in listed if row[0] < started]
            listing = f"l-{self.code}-{column}-{len(shown)}"
            if len(shown) != known:
                known = len(shown)
                for n, (_, _, url, title) in enumerate(shown):
                    self._add(schema.listing_row, listing=listing, n=n, url=url, title=title)
            failed = self.random.random() < _FAILED
            self._add(
                schema.probe,
                record_id=f"<urn:uuid:w-{self.code}-{column}-{started:%Y%m%d}>",
                file="x.warc.gz",
                offset=0,
                portal=f"p{self.code}",
                county=self.code,
                column_id=column,
                column_url=f"http://www.x{self.code}.example/{column}/",
                publishers=covers,
                years="[]",
                run=f"r{started:%Y%m%d}",
                started=moment_text(started),
                ended=moment_text(started + timedelta(minutes=9)),
                pages="[]",
                listing=listing,
                result="unreachable" if failed else "healthy",
                complete=not failed,
                reason="连接超时 timed out" if failed else None,
                adapter="x",
                adapter_version="1",
            )

    def _add(self, table: Table, **values: object) -> None:
        row = dict.fromkeys(table.columns.keys()) | values
        self.made.setdefault(table, []).append(row)


def _walk_days() -> list[datetime]:
    """The columns are walked ten times a year."""
    starts = [date(year + 1, 1, 1) for year in YEARS]
    return [_moment(start) + timedelta(days=day, hours=8) for start in starts for day in _WALKS]


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
