"""The loop that one writes first: warcio, trafilatura's JSON with metadata, pandas' tables, rows of an ORM.

It keeps a row for the page and a row for each of the first 200 table cells, committed page by page.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import trafilatura
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from warcio.archiveiterator import ArchiveIterator

CELLS = 200
READER = f"pandas {pd.__version__}"


class Base(DeclarativeBase):
    pass


class Page(Base):
    """What trafilatura says of a page."""

    __tablename__ = "page"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    told: Mapped[str]
    cells: Mapped[list[Cell]] = relationship()


class Cell(Base):
    """One cell of a table."""

    __tablename__ = "cell"
    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int] = mapped_column(ForeignKey("page.id"))
    row: Mapped[int]
    column: Mapped[int]
    text: Mapped[str]


def naive(root: Path, most: int, scratch: Path) -> float:
    """CPU milliseconds a page, over the first `most` pages of an archive."""
    scratch.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{scratch}")
    Base.metadata.create_all(engine)
    began, done = time.process_time(), 0
    with Session(engine) as session:
        for url, body in _answers(root):
            text = body.decode("gb18030" if b"charset=gb" in body[:2000] else "utf-8", "replace")
            told = trafilatura.extract(text, output_format="json", with_metadata=True, url=url) or ""
            page = Page(url=url, told=told)
            page.cells = [Cell(row=r, column=c, text=t) for r, c, t in _cells(text)][:CELLS]
            session.add(page)
            session.commit()
            done += 1
            if done == most:
                break
    taken = time.process_time() - began
    engine.dispose()
    return taken / done * 1000


def _answers(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((root / "warc").iterdir()):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    yield record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read()


def _cells(text: str) -> Iterator[tuple[int, int, str]]:
    try:
        frames = pd.read_html(io.StringIO(text), flavor="lxml")
    except ValueError:  # no tables
        return
    for frame in frames:
        for row, values in enumerate(frame.itertuples(index=False)):
            yield from ((row, column, str(value)) for column, value in enumerate(values))
