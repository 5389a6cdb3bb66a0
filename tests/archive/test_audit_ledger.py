"""What a rebuild concluded gives the same audit as the captures themselves, or is not used."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, func, select

from archive.audit.conclude import conclude, concluded_by, count_findings, latest_moment
from archive.audit.holdings import end_of_day, moment_text
from archive.audit.ledger import open_ledger
from archive.audit.render import audit_json
from archive.audit.run import Audit, Scope, audit_counties, run_audit
from archive.catalogue import Catalogue, schema
from archive.catalogue.store import document_key, insert_all
from archive.register import Register, load_register

YEARS = (2022, 2023, 2024)
REGISTER = """
format: 1
provenance: made for a test
counties: [{code: "999901", name: 甲县}, {code: "999902", name: 乙县}]
publishers:
"""
Row = tuple[str, str, int]  # address, title, since which walk it is listed
Add = Callable[..., None]
KINDS = (
    "county_government",
    "county_department",
    "county_department",
    "township_government",
    "vertical_body",
)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    rows = [
        f'- {{code: {county}-{n}, county_code: "{county}", official_name: {name}县第{n}局, kind: {kind}}}\n'
        for county, name in (("999901", "甲"), ("999902", "乙"))
        for n, kind in enumerate(KINDS * 2)
    ]
    path = tmp_path / "counties.yml"
    path.write_text(REGISTER + "".join(rows), "utf-8")
    return load_register([path])


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as made:
        yield made


def fill(catalogue: Catalogue, seed: int) -> None:
    """Two counties drawn at random: lists with rows of the other county, of nobody, and never had."""
    draw = random.Random(seed)
    with catalogue.engine.begin() as connection:
        add = adder(connection)
        for county in ("999901", "999902"):
            listed = [row for n in range(40) for row in _document(draw, county, n, add)]
            for k in range(9):
                _walk(draw, county, k, listed, add)


def adder(connection: Connection) -> Add:
    """Puts a row into a table; what is not given is null."""

    def add(table: Table, **values: object) -> None:
        insert_all(connection, table, [{**dict.fromkeys(table.columns.keys()), **values}])

    return add


def _document(draw: random.Random, county: str, n: int, add: Add) -> Iterator[Row]:
    year = draw.choice(YEARS)
    whose = draw.choice([county] * 8 + ["999901", "999902"])
    publisher = draw.choice([f"{whose}-{draw.randrange(8)}"] * 9 + [None])
    url = f"http://{county}.test/art/{n}.html"
    title = f"{draw.choice('甲乙')}县第{draw.randrange(8)}局{year}年政府信息公开工作年度报告"
    first = draw.randrange(6)
    yield url, title, first
    if draw.random() < 0.1:
        return  # listed, never had
    for k in range(draw.choice([1, 1, 2])):
        key = f"{county}-{n}-{k}"
        seen = _day(first + k) + timedelta(minutes=n)
        gone = k == 1 and draw.random() < 0.3
        document = document_key(url)
        add(
            schema.capture,
            record_id=f"<urn:{key}>",
            file="x",
            offset=0,
            length=1,
            url=url,
            date=moment_text(seen),
            status=404 if gone else 200,
            outcome="ok",
            portal=f"p{county}",
            role="report",
            run=f"r{first + k}",
            document=document,
            version=None if gone else f"v-{key}",
            list_title=title,
            read_by="x",
        )
        if gone:
            continue
        add(
            schema.version,
            version=f"v-{key}",
            document=document,
            content_digest=draw.choice(["same", key]),
            text_digest=draw.choice(["same", key, key]),
            media_type="text/html",
            kind=draw.choice(["report"] * 8 + ["candidate"]),
            title=title,
            report_year=draw.choice([year] * 9 + [None]),
            title_year=draw.choice([year] * 6 + [2021]),
            publisher=publisher,
            publisher_raw="",
            publisher_reasons='["为测试"]',
            publisher_unclear=draw.random() < 0.1,
            n_cells=9,
            sections="[]",
            extractor_version="x",
        )
        if draw.random() < 0.3:
            add(
                schema.finding,
                finding=key,
                version=f"v-{key}",
                code="X",
                severity=draw.choice(["warn", "info"]),
                message="",
                locator="",
                cells="[]",
            )
        for q in range(draw.choice([0, 1, 1, 2])):
            lo = date(year + 1, draw.choice([1, 1, 2]), 1) + timedelta(days=draw.randrange(31))
            add(
                schema.date_claim,
                record_id=f"<urn:{key}>",
                n=q,
                kind="published",
                lo=str(lo),
                hi=str(lo + timedelta(days=draw.choice([0, 0, 20]))),
                raw=str(lo),
                source=draw.choice(["metadata_row", "list_row", "url_month"]),
                locator="",
            )


def _walk(draw: random.Random, county: str, k: int, listed: list[Row], add: Add) -> None:
    for column, whose in (("nb", "[]"), ("bm", f'["{county}-1","{county}-2"]')):
        failed = draw.random() < 0.2
        shown = [
            row for place, row in enumerate(listed) if row[2] <= k and (column == "nb" or place % 3 == 0)
        ]
        listing = f"{county}-{column}-{k}"
        for n, (url, title, _) in enumerate(shown):
            add(schema.listing_row, listing=listing, n=n, url=url, title=title)
        add(
            schema.probe,
            record_id=f"<urn:w-{listing}>",
            file="x",
            offset=0,
            portal=f"p{county}",
            county=county,
            column_id=column,
            column_url=f"http://{county}.test/{column}/",
            publishers=whose,
            years="[]",
            run=f"r{k}",
            started=moment_text(_day(k)),
            ended=moment_text(_day(k) + timedelta(minutes=5)),
            pages="[]",
            listing=listing,
            result="unreachable" if failed else "healthy",
            complete=not failed,
            reason="为测试" if failed else None,
            adapter="x",
            adapter_version="1",
        )


def _day(k: int) -> datetime:
    return datetime(2024 + k // 5, 1, 20, 2, tzinfo=UTC) + timedelta(days=20 * (k % 5))


def told(catalogue: Catalogue, register: Register, as_of: str = "2026-06-30") -> tuple[str, Audit]:
    audit = run_audit(catalogue, register, Scope(date.fromisoformat(as_of), None, YEARS))
    return audit_json(audit), audit


def concluded(catalogue: Catalogue, register: Register) -> None:
    found = conclude(catalogue, register)
    with catalogue.engine.begin() as connection:
        found.write(connection)
        count_findings(connection)
    catalogue.end_work(concluded_by(register, latest_moment(catalogue)))


def test_both_ways_lead_to_the_same_audit(tmp_path: Path, register: Register) -> None:
    filled: dict[str, int] = {}
    for seed in range(6):
        with Catalogue(f"sqlite:///{tmp_path / f'{seed}.sqlite'}") as catalogue:
            fill(catalogue, seed)
            days = ("2024-02-01", "2025-02-20", "2026-06-30")
            slow = [told(catalogue, register, day) for day in days]
            concluded(catalogue, register)
            assert open_ledger(catalogue, register, None) is not None
            for day, (text, audit) in zip(days, slow, strict=True):
                again, fast = told(catalogue, register, day)
                assert again == text
                assert fast == audit or _differ(fast, audit)
            with catalogue.engine.connect() as connection:
                for table in (schema.report, schema.spell, schema.guest, schema.stray, schema.open_row):
                    n = connection.execute(select(func.count()).select_from(table)).scalar_one()
                    filled[table.name] = filled.get(table.name, 0) + n
    assert all(filled.values()), filled


def _differ(fast: Audit, slow: Audit) -> bool:
    """The walks of a ledger do not tell which list they saw: nothing else may differ."""
    for one, other in zip(fast.counties, slow.counties, strict=True):
        assert one.verdicts == other.verdicts
        assert (one.tally, one.last_walk, one.strays) == (other.tally, other.last_walk, other.strays)
        assert [(h.home, h.url, h.publishers, h.last_whole, h.last_look.ended) for h in one.homes] == [
            (h.home, h.url, h.publishers, h.last_whole, h.last_look.ended) for h in other.homes
        ]
    return True


def test_county_by_county_is_the_whole(catalogue: Catalogue, register: Register) -> None:
    fill(catalogue, 1)
    concluded(catalogue, register)
    scope = Scope(date(2026, 6, 30), None, YEARS)
    whole = run_audit(catalogue, register, scope)
    assert tuple(audit_counties(catalogue, register, scope)) == whole.counties
    backwards = run_audit(catalogue, register, replace(scope, counties=("999902", "999901", "999902")))
    assert [county.county.code for county in backwards.counties] == ["999902", "999901", "999902"]
    assert backwards.counties[0] == whole.counties[1]


def test_it_is_not_used_where_it_would_not_hold(
    catalogue: Catalogue, register: Register, tmp_path: Path
) -> None:
    fill(catalogue, 2)
    assert open_ledger(catalogue, register, None) is None  # no rebuild came to its end
    concluded(catalogue, register)
    last = datetime.fromisoformat(latest_moment(catalogue))
    assert open_ledger(catalogue, register, end_of_day(last.date())) is not None
    assert open_ledger(catalogue, register, last - timedelta(seconds=1)) is None  # admits less
    more = tmp_path / "more.yml"
    row = '- {code: 999902-N, county_code: "999902", official_name: 乙县新局, kind: county_department}'
    more.write_text(f"{REGISTER}{row}\n", "utf-8")
    other = load_register([tmp_path / "counties.yml", more])
    assert open_ledger(catalogue, other, None) is None  # another register
    catalogue.begin_work()
    assert open_ledger(catalogue, register, None) is None  # rows change


def test_a_rebuild_that_begins_changes_nothing_that_is_being_read(
    catalogue: Catalogue, register: Register
) -> None:
    fill(catalogue, 3)
    concluded(catalogue, register)
    scope = Scope(date(2026, 6, 30), None, YEARS)
    whole = run_audit(catalogue, register, scope)
    reading = audit_counties(catalogue, register, scope)
    first = next(reading)
    with catalogue.engine.begin() as connection:
        for table in (schema.report, schema.spell, schema.stray, schema.open_row):
            connection.execute(table.delete())
    assert (first, *reading) == whole.counties
