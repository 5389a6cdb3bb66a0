"""The Document: what extract hands to every parser. This is the door of the room.

A Document is one publication as read from one capture: its title, its metadata, and its body as a sequence
of blocks (paragraphs and grids) in reading order. Everything keeps where it was read (`locator`), and both
the text as served (`text`) and its normal form (`plain`): simplified characters, pronunciation glosses
removed. Where nothing had to be normalised the two are equal.

Locators are strings that a person can follow:
`/html/body/div[2]/table[1]/tr[3]/td[2]` (an XPath), `line 33` (plain text, 1-based),
`page 3 box 72,410,540,428` (PDF: left, top, right, bottom in points from the page's upper left corner).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property


class Severity(StrEnum):
    """How much a finding matters to the reader of a number."""

    INFO = "info"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """Anything wrong or unknown. `code` is stable and listed in the owning room's table of findings."""

    code: str
    severity: Severity
    message: str  # Chinese first, one sentence
    locator: str = ""
    cells: tuple[str, ...] = ()  # keys of the cells that may be wrong, e.g. `applications.result_total.total`
    check: str = ""  # id of the check that it tells of, which holds both sides and all their cells


class GridSource(StrEnum):
    """What a grid was read from. Only `TEXT` grids have no trustworthy columns."""

    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    WORD = "word"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as drawn: it stands at (row, column), 0-based, and covers rowspan × colspan places."""

    row: int
    column: int
    text: str
    plain: str
    locator: str = ""
    rowspan: int = 1
    colspan: int = 1
    confidence: float | None = None  # 0 to 1 where recognised from an image; None: read as text


@dataclass(frozen=True)
class Grid:
    """A table. `cells` holds each drawn cell once, in reading order; `rows` spreads the spans out."""

    cells: tuple[Cell, ...]
    n_rows: int
    n_columns: int
    source: GridSource
    locator: str = ""

    @cached_property
    def rows(self) -> tuple[tuple[Cell | None, ...], ...]:
        """n_rows × n_columns; a spanning cell stands at every place that it covers, None where nothing is."""
        places: list[list[Cell | None]] = [[None] * self.n_columns for _ in range(self.n_rows)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.rowspan, self.n_rows)):
                for column in range(cell.column, min(cell.column + cell.colspan, self.n_columns)):
                    places[row][column] = cell
        return tuple(tuple(row) for row in places)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of running text (one <p>, one line of a text file, one paragraph of a PDF)."""

    text: str
    plain: str
    locator: str = ""
    confidence: float | None = None  # as of a cell


Block = Paragraph | Grid


class DateKind(StrEnum):
    """What a date says of the document (statute.md §4.3; portals.md §5)."""

    PUBLISHED = "published"  # 公开日期, 发布日期
    WRITTEN = "written"  # 成文日期, 发文日期: low trust alone
    GENERATED = "generated"  # 生成日期: is not 公开日期
    SIGNED = "signed"  # the signature block
    MODIFIED = "modified"  # HTTP Last-Modified


@dataclass(frozen=True, slots=True)
class DateClaim:
    """One source's word on one date, as an interval of days (a month in a URL is 28–31 days wide)."""

    kind: DateKind
    lo: date
    hi: date
    raw: str
    source: str  # metadata_row | meta_tag | list_row | url_day | url_month | signature | http_header
    locator: str = ""


@dataclass(frozen=True, slots=True)
class MetaValue:
    """One labelled value of the page: index_number, publisher, document_number, name, theme, source …"""

    field: str
    value: str | None  # None for a placeholder such as `— —` or `〔〕号`
    raw: str
    source: str  # metadata_row | meta_tag | list_row | url | json
    locator: str = ""


@dataclass(frozen=True, slots=True)
class IndexNumber:
    """A 索引号 (portals.md §6). `raw` exactly as printed; the rest is None where the form does not say."""

    raw: str
    canonical: str
    prefix: str | None = None
    prefix_kind: str | None = None  # org9 | uscc18 | uscc18_suffix | other
    year: int | None = None
    month: int | None = None
    serial: str | None = None
    check_ok: bool | None = None  # None: the prefix has no check digit


@dataclass(frozen=True, slots=True)
class PublisherRef:
    """The body whose report this is, as attributed by extract with the register.

    `code` is None where the register has no such body or leaves a choice; `name_raw` is what the text says.
    """

    name: str | None
    code: str | None = None
    kind: str | None = None
    county: str | None = None
    county_code: str | None = None
    prefecture: str | None = None
    province: str | None = None
    name_raw: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    correction: str | None = None  # why the printed name was corrected (the alias's reason)
    unclear: bool = False  # strong sources in conflict


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the page links to as part of the document."""

    url: str
    name: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The evidence: where the bytes are kept (design rule 3). Empty for a local file outside the archive."""

    url: str | None = None
    warc_file: str | None = None
    offset: int | None = None
    record_id: str | None = None
    payload_digest: str | None = None
    captured_at: str | None = None  # ISO 8601, UTC
    portal: str | None = None
    platform: str | None = None
    role: str | None = None  # report | attachment | …
    via: str | None = None  # the page that led here: for an attachment, its report page
    list_title: str | None = None
    list_date: str | None = None
    publisher_hint: str | None = None
    county_code: str | None = None  # of the portal, six digits


@dataclass(frozen=True)
class Document:
    """One publication as read from one capture or one local file."""

    title: str | None
    blocks: tuple[Block, ...]
    text: str  # the narrative text, tables left out
    media_type: str  # text/html, text/plain, application/pdf …
    charset: str | None = None
    script: str = "zh-Hans"  # or zh-Hant
    title_locator: str = ""
    metadata: tuple[MetaValue, ...] = ()
    dates: tuple[DateClaim, ...] = ()
    index_number: IndexNumber | None = None
    publisher: PublisherRef | None = None
    attachments: tuple[Attachment, ...] = ()
    findings: tuple[Finding, ...] = ()
    source: Source = field(default_factory=Source)
    extractor_version: str = ""
    schema_version: int = 1

    def meta(self, name: str) -> str | None:
        """The first value of a metadata field, None where the document shows none."""
        return next((m.value for m in self.metadata if m.field == name and m.value is not None), None)
