"""The catalogue's door: open, write in batches, read, and compare by content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, RowMapping, Table, create_engine, event, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from archive.catalogue import schema
from archive.routes import identity_of

_BATCH = 500
_AT_WORK = "at work"  # a row of schema_info beside the schema's digest
_CONCLUDED = "concluded "  # another: by whom (archive.audit.conclude)


class CatalogueError(Exception):
    """The catalogue cannot be opened or used; the message says where and what to do."""


class Catalogue:
    """A catalogue at a database URL: `sqlite:///data/catalogue.sqlite` or `postgresql+psycopg://…`.

    Opening creates the tables. One whose tables were made by other code is emptied (it is a cache): `fresh`
    then tells that everything must be rebuilt. With `read_only` nothing is made or emptied, and an SQLite
    file is opened as one that nobody changes: for a copy on a medium or in a folder that cannot be written.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        try:
            self.engine = _engine(url, read_only=read_only)
            self.fresh = self._known() if read_only else self._prepare()
        except ImportError as error:  # the driver of a real server is an extra
            raise CatalogueError(
                f"目录库缺少驱动 the catalogue's driver is not installed: {error.name}；"
                "请安装 nianbao[postgres] install nianbao[postgres]; CATALOGUE_URL"
            ) from error
        except (ArgumentError, SQLAlchemyError, OSError) as error:
            first = str(error).splitlines()[0]
            raise CatalogueError(
                f"目录库打不开 catalogue cannot be opened: {_without_password(url)}: {first}；"
                "请检查 CATALOGUE_URL check CATALOGUE_URL"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def clear(self) -> None:
        """Throw every row away."""
        schema.metadata.drop_all(self.engine)
        self._create()

    def rows(self, table: Table) -> list[RowMapping]:
        """Every row of a table, by primary key."""
        with self.engine.connect() as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key.columns)).mappings())

    def is_empty(self) -> bool:
        """Whether no rebuild has filled it yet."""
        query = select(schema.capture.c.record_id).limit(1)
        with self.engine.connect() as connection:
            return connection.execute(query).first() is None

    def begin_work(self) -> None:
        """Note that rows change now whose consequences are not worked out yet; survives a kill."""
        self._note(_AT_WORK)

    def end_work(self, concluded: str = "") -> None:
        """Everything follows from the rows again; `concluded` tells from what and by which code."""
        self._note(_CONCLUDED + concluded if concluded else None)

    def _note(self, text: str | None) -> None:
        digest = schema.schema_info.c.digest
        with self.engine.begin() as connection:
            stale = (digest == _AT_WORK) | digest.startswith(_CONCLUDED)
            connection.execute(schema.schema_info.delete().where(stale))
            if text:
                connection.execute(schema.schema_info.insert(), [{"digest": text}])

    @property
    def at_work(self) -> bool:
        """Whether a rebuild began and did not come to its end."""
        query = select(schema.schema_info.c.digest).where(schema.schema_info.c.digest == _AT_WORK)
        with self.engine.connect() as connection:
            return connection.execute(query).first() is not None

    @property
    def concluded(self) -> str:
        """What `end_work` was told; empty after one that was told nothing, and while rows change."""
        digest = schema.schema_info.c.digest
        with self.engine.connect() as connection:
            found = connection.execute(select(digest).where(digest.startswith(_CONCLUDED))).scalar()
        return str(found or "").removeprefix(_CONCLUDED)

    def content_hash(self) -> dict[str, str]:
        """Per table a SHA-256 over its rows as canonical JSON, sorted bytewise: equal content, equal hash."""
        return {table.name: _hash_rows(self.rows(table)) for table in schema.CONTENT_TABLES}

    def _prepare(self) -> bool:
        digest = schema.schema_digest()
        if inspect(self.engine).has_table(schema.schema_info.name):
            with self.engine.connect() as connection:
                if digest in connection.execute(select(schema.schema_info.c.digest)).scalars().all():
                    return False
            schema.metadata.drop_all(self.engine)
        self._create()
        return True

    def _known(self) -> bool:
        """False: nothing is to be rebuilt. Raises CatalogueError for tables that other code made."""
        with self.engine.connect() as connection:
            found = connection.execute(select(schema.schema_info.c.digest)).scalars().all()
        if schema.schema_digest() not in found:
            raise CatalogueError(
                "目录库由别的版本建立，须在可写处重建 the catalogue was made by another version:"
                " rebuild it where it can be written, scrapy rebuild --all"
            )
        return False

    def _create(self) -> None:
        schema.metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            connection.execute(schema.schema_info.insert(), [{"digest": schema.schema_digest()}])


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in batches. Each must hold every column."""
    if not rows:
        return
    dialect = connection.dialect
    statement = table.info.get(dialect.name)
    if statement is None:
        statement = table.info[dialect.name] = str(table.insert().compile(dialect=dialect))
    values = itemgetter(*table.columns.keys())
    for start in range(0, len(rows), _BATCH):
        given = rows[start : start + _BATCH]
        # The driver's own form: SQLAlchemy works on each of a report's 200 cells for as long as SQLite does.
        if dialect.positional:
            connection.exec_driver_sql(statement, [values(row) for row in given])
        else:
            connection.exec_driver_sql(statement, [dict(row) for row in given])


def delete_where(connection: Connection, table: Table, column: str, values: Iterable[str]) -> None:
    """Delete every row whose column holds one of the values."""
    wanted = sorted(values)
    for start in range(0, len(wanted), _BATCH):
        connection.execute(table.delete().where(table.c[column].in_(wanted[start : start + _BATCH])))


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> str:
    """JSON text that is the same for equal values."""
    return _ENCODER.encode(value)


def key_of(*parts: object) -> str:
    """A key derived from content: 32 hex digits."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()[:32]


def document_key(url: str) -> str:
    """A document is one address over time; http and https are one address.

    A fragment names a place in it, unless it is the route of a single-page application (archive.routes).
    """
    return key_of("document", re.sub(r"^https?:", "", identity_of(url)))


def _hash_rows(rows: Iterable[RowMapping]) -> str:
    digest = hashlib.sha256()
    for line in sorted(canonical(dict(row)).encode() for row in rows):
        digest.update(line + b"\n")
    return digest.hexdigest()


def _engine(url: str, *, read_only: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    if read_only:
        place = Path(parsed.database or "").resolve().as_uri()
        return create_engine(f"sqlite:///{place}?mode=ro&immutable=1&uri=true")
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    event.listen(engine, "connect", _sqlite_pragmas)
    return engine


def _sqlite_pragmas(connection: DBAPIConnection, _record: object) -> None:
    """WAL: a reader never waits for a rebuild; what a power cut loses is rebuilt, so no fsync per commit."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not a database URL)"
