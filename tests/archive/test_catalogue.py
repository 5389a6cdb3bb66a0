"""The catalogue itself: opening, emptying, comparing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from archive.catalogue import Catalogue, CatalogueError, schema
from archive.catalogue.store import delete_where, insert_all, key_of


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'deep' / 'catalogue.sqlite'}"


def row(n: int) -> dict[str, object]:
    return {
        "record_id": f"urn:{n}",
        "n": n,
        "kind": "published",
        "lo": "2025-01-01",
        "hi": "2025-01-01",
        "raw": "2025年1月1日",
        "source": "metadata_row",
        "locator": "",
    }


def test_a_new_catalogue_is_fresh_and_a_second_opening_finds_it(tmp_path: Path) -> None:
    with Catalogue(url(tmp_path)) as one:
        assert one.fresh
        with one.engine.begin() as connection:
            insert_all(connection, schema.date_claim, [row(n) for n in range(1200)])
    with Catalogue(url(tmp_path)) as two:
        assert not two.fresh
        assert len(two.rows(schema.date_claim)) == 1200


def test_the_hash_is_of_content_not_of_order(tmp_path: Path) -> None:
    with Catalogue("sqlite://") as one, Catalogue(url(tmp_path)) as two:
        rows = [row(n) for n in range(5)]
        for catalogue, given in ((one, rows), (two, rows[::-1])):
            with catalogue.engine.begin() as connection:
                insert_all(connection, schema.date_claim, given)
        assert one.content_hash() == two.content_hash()
        with two.engine.begin() as connection:
            delete_where(connection, schema.date_claim, "record_id", ["urn:3"])
        hashes = one.content_hash(), two.content_hash()
        assert [name for name in hashes[0] if hashes[0][name] != hashes[1][name]] == ["date_claim"]


def test_tables_of_other_code_are_thrown_away(tmp_path: Path) -> None:
    with Catalogue(url(tmp_path)) as one, one.engine.begin() as connection:
        insert_all(connection, schema.date_claim, [row(1)])
        connection.execute(schema.schema_info.update().values(digest="of other code"))
    with Catalogue(url(tmp_path)) as two:
        assert two.fresh
        assert two.rows(schema.date_claim) == []


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        "sqlite:////proc/none/x.sqlite",
        "nodatabase://u:secret@h/x",
        "mysql+nodriver://u:secret@h/x",
    ],
)
def test_a_catalogue_that_cannot_be_opened_is_one_line_without_the_password(bad: str) -> None:
    with pytest.raises(CatalogueError) as error:
        Catalogue(bad)
    assert "CATALOGUE_URL" in str(error.value)
    assert "\n" not in str(error.value)
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_text("not a database, but long enough to be taken for one " * 20)
    with pytest.raises(CatalogueError, match="database"):
        Catalogue(f"sqlite:///{path}")


def test_no_column_holds_the_time_of_a_rebuild() -> None:
    names = {column.name for table in schema.CONTENT_TABLES for column in table.columns}
    assert not {name for name in names if name.endswith("_at") or "rebuil" in name or name == "id_"}


def test_keys_follow_from_content() -> None:
    assert key_of("a", 1) == key_of("a", 1)
    assert len({key_of("a", 1), key_of("a", "1"), key_of("a1"), key_of(["a", 1])}) == 4


def test_one_that_cannot_be_written_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    with Catalogue(url(tmp_path)) as made, made.engine.begin() as connection:
        insert_all(connection, schema.date_claim, [row(n) for n in range(3)])
    folder = tmp_path / "deep"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with Catalogue(url(tmp_path), read_only=True) as read:
        assert len(read.rows(schema.date_claim)) == 3
        with pytest.raises(OperationalError, match="readonly"), read.engine.begin() as connection:
            insert_all(connection, schema.date_claim, [row(9)])
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_read_only_one_of_other_code_is_refused_and_not_emptied(tmp_path: Path) -> None:
    with Catalogue(url(tmp_path)) as made, made.engine.begin() as connection:
        connection.execute(schema.schema_info.update().values(digest="older"))
        insert_all(connection, schema.date_claim, [row(1)])
    with pytest.raises(CatalogueError, match="scrapy rebuild --all"):
        Catalogue(url(tmp_path), read_only=True)
