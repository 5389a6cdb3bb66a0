"""What every sample site shares: requests, replies, what is published by today, and the bodies of pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path

from tests.portals import planted, prose
from tests.portals.planted import Column, Notice, Report
from tests.portals.seedpage import seed_blocks
from tests.portals.tables import Block, Drawn, Para, Table

FILES = Path(__file__).parent / "files"
Entry = Report | Notice


@dataclass(frozen=True)
class Request:
    """What a site needs to know of a request. `query` holds the address's and the form's fields together."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    raw_query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    method: str = "GET"
    body: bytes = b""  # as sent; a form's fields stand in `query` too


@dataclass(frozen=True)
class Reply:
    """One answer. `tagged`: with an ETag that If-None-Match meets; `zipped`: gzip where accepted."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    tagged: bool = False
    zipped: bool = False

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:20]}"'


class Site(ABC):
    """One portal on one day."""

    portal: str
    charset = "utf-8"
    content_type = "text/html; charset=utf-8"
    tagged = False
    zipped = False

    def __init__(
        self, today: date, entries: Sequence[Entry] | None = None, columns: Sequence[Column] | None = None
    ) -> None:
        """`entries` and `columns` are those of the story (planted.py) unless another one is told."""
        self.today = today
        self.host = planted.HOSTS[self.portal]
        self.name = planted.COUNTIES[self.portal][1]
        told = planted.COLUMNS if columns is None else columns
        self.columns = [c for c in told if c.portal == self.portal]
        story = (
            *planted.REPORTS,
            *planted.NOTICES,
            *planted.LATER_REPORTS,
            *planted.LATER_NOTICES,
        )
        everything = story if entries is None else entries
        mine = [entry for entry in everything if entry.portal == self.portal]
        self.entries: list[Entry] = [entry for entry in mine if entry.first_served <= today]
        self.by_path: dict[str, Entry] = {e.path: e for e in self.entries}

    @abstractmethod
    def reply(self, request: Request) -> Reply:
        """The answer to a request; an unknown address gets `missing()`."""

    @abstractmethod
    def robots(self) -> Reply:
        """robots.txt in this site's way (portals.md §8.5)."""

    def missing(self) -> Reply:
        """How this site says that there is no such page (portals.md §8.2)."""
        return self.html("<html><head><title>404 Not Found</title></head><body>404</body></html>", 404)

    def html(self, text: str, status: int = 200) -> Reply:
        """A page in the site's charset."""
        body = text.encode(self.charset, "xmlcharrefreplace")
        return Reply(
            body, self.content_type, status, tagged=self.tagged and status == 200, zipped=self.zipped
        )

    def listed(self, column: Column) -> list[Entry]:
        """A column's rows, newest first, as the list dates them."""
        rows = [entry for entry in self.entries if entry.column == column]
        return sorted(rows, key=lambda entry: (list_day(entry), entry.serial), reverse=True)

    def blocks(self, entry: Entry) -> list[Block]:
        """The body of an entry on this day."""
        if isinstance(entry, Notice):
            return [Para(line) for line in entry.lines]
        if entry.media == "pdf":
            return []
        if entry.seed:
            return list(seed_blocks(entry.seed))
        who = entry.publisher
        cells = entry.cells(self.today) or {}
        blocks = prose.report_blocks(who.short, who.kind, entry.year, entry.format, cells)
        blocks = [self._spelled(block) for block in blocks]
        if entry.signed:
            blocks += [Para(who.official_name), Para(chinese_day(entry.signed))]
        return blocks

    def spelling(self, text: str) -> str:
        """A table cell's text as this county's office writes it (statute.md §2.4, label variants)."""
        return text

    def _spelled(self, block: Block) -> Block:
        if isinstance(block, Para):
            return block
        return Table(
            tuple(tuple(replace(cell, text=self.spelling(cell.text)) for cell in row) for row in block.rows)
        )


def list_day(entry: Entry) -> date:
    """The day by which the list sorts a row; it prints it unless the report is undated."""
    if isinstance(entry, Report):
        return entry.list_day or entry.day
    return entry.day


def page_day(entry: Entry) -> date:
    """The day that the page itself names."""
    if isinstance(entry, Report):
        return entry.page_day or entry.day
    return entry.day


def dated(entry: Entry) -> bool:
    """Whether the portal tells any date of it."""
    return not isinstance(entry, Report) or entry.dated


def chinese_day(day: date) -> str:
    """2024年1月26日"""
    return f"{day.year}年{day.month}月{day.day}日"


def render(
    blocks: list[Block],
    *,
    para: Callable[[str], str],
    cell: Callable[[str], str],
    table: str,
) -> str:
    """Blocks as HTML: `para` and `cell` wrap escaped text, `table` holds the attributes of <table>."""
    parts = []
    for block in blocks:
        if isinstance(block, Para):
            parts.append(para(escape(block.text, quote=False)))
        else:
            parts.append(_table(block, cell, table))
    return "\n".join(parts)


def _table(block: Table, cell: Callable[[str], str], attributes: str) -> str:
    rows = "".join(f"<tr>{''.join(_cell(drawn, cell) for drawn in row)}</tr>\n" for row in block.rows)
    return f"<table {attributes}><tbody>\n{rows}</tbody></table>"


def _cell(drawn: Drawn, cell: Callable[[str], str]) -> str:
    spans = f' rowspan="{drawn.rowspan}"' if drawn.rowspan > 1 else ""
    spans += f' colspan="{drawn.colspan}"' if drawn.colspan > 1 else ""
    return f"<td{spans}>{cell(escape(drawn.text, quote=False))}</td>"
