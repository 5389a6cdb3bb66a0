"""What a crawl writes beside the captures, so that a rebuild needs the WARCs alone (design.md §3.1).

`CrawlContext` travels as `application/warc-fields` with each capture that matters; `WalkRecord` as
`application/json` at the end of each column walk, `RunRecord` likewise where a run begins, goes on and ends.
They are published contracts: docs/schema/.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Role(StrEnum):
    """What a page was fetched as. The platform names it; nobody parses the page to guess it again."""

    ROBOTS = "robots"
    COLUMN = "column"
    LIST = "list"
    REPORT = "report"
    ATTACHMENT = "attachment"
    LOOKUP = "lookup"


class CrawlContext(BaseModel):
    """Why a capture was made. Absent values are left out of the record."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    portal: str
    platform: str
    role: Role
    run: str  # one id per crawl run
    county: str | None = None  # the portal's, six digits: a town's bare name is a town of many counties
    column: str | None = None  # column id of the portal file
    publisher_hint: str | None = None  # register code or printed name, as the list or column says
    list_title: str | None = None
    list_date: str | None = None  # as printed
    list_index_number: str | None = None
    via: str | None = None  # URL of the page that led here


class RowOutcome(StrEnum):
    """What became of a list row."""

    FOLLOWED = "followed"  # asked for in this run
    HELD = "held"  # already archived, not asked for again
    SKIPPED = "skipped"


class WalkRow(BaseModel):
    """One row that the walk saw. `reason` is set for skipped rows: year_outside, not_a_report, off_site …"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    title: str
    date: str | None = None
    publisher_hint: str | None = None
    index_number: str | None = None
    outcome: RowOutcome = RowOutcome.FOLLOWED
    reason: str | None = None


class WalkResult(StrEnum):
    """How a walk ended (practice.md §1.1: reasons of not_crawled)."""

    HEALTHY = "healthy"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    LAYOUT_CHANGED = "layout_changed"
    BLOCKED = "blocked"  # robots.txt
    INCOMPLETE = "incomplete"


class WalkKind(StrEnum):
    """What was walked. Only a column is a home of reports: the others prove no absence."""

    COLUMN = "column"
    ORGANS = "organs"  # the portal's organ tree; rows are organs
    LOOKUP = "lookup"  # index numbers looked for; rows are what came of each


class WalkRecord(BaseModel):
    """One column, walked once. Only a complete walk of a column proves absence (design rule 5)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = 1
    kind: WalkKind = WalkKind.COLUMN
    portal: str
    county_code: str
    column: str
    column_url: str
    publishers: tuple[str, ...]  # register codes the column covers; empty: every publisher of the county
    years: tuple[int, ...]  # report years asked for; empty: all
    run: str
    started: datetime
    ended: datetime
    pages: tuple[str, ...]  # record ids of its list pages
    rows: tuple[WalkRow, ...]
    stated_total: int | None = None
    result: WalkResult
    complete: bool
    reason: str | None = None  # why not complete, in words
    adapter: str
    adapter_version: str


class RunEvent(StrEnum):
    """What a run record tells."""

    BEGAN = "began"
    RESUMED = "resumed"  # an unfinished run goes on in another process
    ENDED = "ended"  # it went to its end, well or not; a run without this mark is unfinished


class RunRecord(BaseModel):
    """A crawl's beginning or end, so that one that was cut off can be told and taken up again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = 1
    run: str
    event: RunEvent
    at: datetime
    portals: tuple[str, ...]  # ids, sorted
    years: tuple[int, ...]  # report years asked for, sorted; empty: all
    full: bool
    reason: str | None = None  # how it ended: Scrapy's finish reason
