"""The AnnualReport: what a parser returns. Keys and shapes are those of tests/golden/SCHEMA.md.

Values keep null apart from 0: `value` is None where the report shows no number; `state` says why
(`read`, `blank`, `absent`, `unreadable`). Money is in 万元, worked out in decimals; counts are int.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parser.document import Finding, PublisherRef


class FormatVersion(StrEnum):
    """Judged by the tables, never by year or citation (statute.md §2)."""

    PRE2019 = "pre2019"
    V2019 = "v2019"
    V2021 = "v2021"


class DocumentKind(StrEnum):
    """practice.md §2. Only `REPORT` counts for the audit; `CANDIDATE` has the title alone."""

    REPORT = "report"
    CANDIDATE = "candidate"
    NOT_A_REPORT = "not_a_report"


class CellState(StrEnum):
    """Why a value is what it is."""

    READ = "read"
    BLANK = "blank"  # the cell is drawn and empty, or holds /, -, —, 无
    ABSENT = "absent"  # the cell is not drawn, or its place is not certain
    UNREADABLE = "unreadable"  # something stands there that is no number


@dataclass(frozen=True, slots=True)
class NumberCell:
    """One number of a statutory table."""

    value: int | float | None
    state: CellState
    raw: str | None = None
    label: str | None = None
    unit: str | None = None
    locator: str = ""
    inferred: int | float | None = None  # offered apart from the read value, never instead of it
    confidence: float | None = None  # 0 to 1 where recognised from an image (OCR); None: read as text


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six statutory sections; `first20`/`last20` are of the text without white space and `|`."""

    order: int
    key: str
    heading_raw: str
    heading: str
    text: str
    n_chars_compact: int
    first20: str
    last20: str
    n_chars_compact_normalised: int
    first20_normalised: str
    last20_normalised: str
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that a section tells in words, with the words. `approximate`: a lower bound, or about so many.

    Keys: parser/data/narrative.yml.
    """

    key: str
    value: int
    quote: str
    section: str = ""
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class ProactiveRow:
    """A row of table 二."""

    key: str
    label: str
    item: str
    cells: dict[str, NumberCell]


@dataclass(frozen=True, slots=True)
class ApplicationsRow:
    """A row of table 三; `values` by column key in printed order."""

    key: str
    label: str
    group: str | None
    subgroup: str | None
    cells: dict[str, NumberCell]


@dataclass(frozen=True, slots=True)
class StatisticRow:
    """A row of the statistics table before 2019; `key` is None where data/statistics.yml does not name it."""

    key: str | None
    group: str | None
    label: str
    cell: NumberCell


@dataclass(frozen=True, slots=True)
class Tables:
    """The three statutory tables; None where the document has none of that kind."""

    proactive_disclosure: tuple[ProactiveRow, ...] | None
    applications: tuple[ApplicationsRow, ...] | None
    review_litigation: dict[str, NumberCell] | None


class CheckResult(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    WARN = "warn"
    INFO = "info"  # worth a look, and no fault by itself
    NOT_EVALUABLE = "not_evaluable"


@dataclass(frozen=True, slots=True)
class Check:
    """One relation, with both sides and the cells concerned (statute.md §3)."""

    id: str
    relation: str
    lhs: int | float | None
    rhs: int | float | None
    result: CheckResult
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnnualReport:
    """One report, read. `findings` holds everything that a person should look at."""

    kind: DocumentKind
    report_year: int | None
    year_sources: dict[str, int | None]  # parser.year_sources: from_title, from_body …
    format_version: FormatVersion | None
    title: str | None
    index_number: str | None
    publish_date: date | None
    publish_date_source: str | None
    signed_date: date | None
    signed_by: str | None
    publisher: PublisherRef | None
    preamble: str | None
    tail: str | None
    sections: tuple[Section, ...]
    tables: Tables
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    parser_version: str = ""
    stated_period: tuple[date, date] | None = None  # the statistical period that the text states
    facts: tuple[Fact, ...] = ()  # what the sections tell in words
    statistics: tuple[StatisticRow, ...] | None = None  # the table of the form before 2019
