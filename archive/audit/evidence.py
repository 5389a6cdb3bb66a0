"""What a verdict is judged from: reports as held, probes as made. Plain facts, no judgement.

All moments are aware (UTC); all days are days in China.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from archive.audit.reasons import Reason
from archive.quick import quick


@dataclass(frozen=True, slots=True)
class Claim:
    """One source's word on a date, as an interval of days, with the capture that shows it."""

    kind: str  # published | written | generated | signed | modified
    source: str  # metadata_row | meta_tag | list_row | url_day | url_month | signature | http_header
    lo: date
    hi: date
    raw: str
    record_id: str
    seen: datetime
    document: str = ""  # of the page; an attachment's claims count as its page's


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which a report may have been published, and what bears on them."""

    lo: date
    hi: date
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One content of one document, between its first and last capture. Ordered by first_seen."""

    version: str
    document: str
    url: str
    content_digest: str
    kind: str  # report | candidate | not_a_report
    first_seen: datetime
    last_seen: datetime
    record_id: str  # of the first capture
    n_cells: int = 0


@dataclass(frozen=True, slots=True)
class ReportEvidence:
    """Everything held of one publisher's report of one year."""

    publisher: str
    report_year: int
    version: str  # the version whose numbers count
    document: str
    url: str
    title: str | None
    kind: str  # report | candidate
    versions: Sequence[VersionSeen]
    claims: Sequence[Claim]
    first_seen: datetime
    last_seen: datetime
    first_gone: datetime | None = None  # answered 404 or 410 since, at every address
    gone_record: str = ""  # of the capture that shows it
    titled: tuple[tuple[int, str], ...] = ()  # other years in titles of its pages, with the title
    index_number: str | None = None
    publisher_shown: str | None = None
    duplicates: tuple[str, ...] = ()  # other addresses of the same text
    other_texts: tuple[str, ...] = ()  # other addresses of another text for the same year
    replaced_on: date | None = None
    changed_cells: tuple[str, ...] = ()
    placeholder_until: datetime | None = None  # last capture of what stood there before
    absent_on: datetime | None = None  # last complete walk, before it was listed, of every home that lists it
    attribution: str = ""  # how the publisher was found
    attribution_unclear: bool = False
    unreadable: bool = False  # a picture or scan without text
    same_text_as: tuple[str, ...] = ()  # other publishers with this text
    homes: tuple[str, ...] = ()  # the columns that list it, `portal/column`
    shared_days: Mapping[date, int] = field(default_factory=dict)  # how many report years of a column have it
    n_findings: int = 0
    #: What archive.audit.dating says, where it was asked at the rebuild.
    spans: tuple[Span, ...] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """One walk of one home of the publisher."""

    home: str  # portal/column
    column_url: str
    started: datetime
    ended: datetime
    healthy: bool  # result healthy and complete
    result: str  # archive.context.WalkResult
    reason: str | None
    record_id: str
    own: bool = False  # the column is this publisher's alone


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record of the archive and what it shows."""

    record_id: str
    url: str
    moment: datetime
    shows: str  # report | column_without_it | failed_walk | gone


_shown = quick(Evidence)


@dataclass(frozen=True)
class Looks:
    """The walks of all homes of a body. Bodies of the same homes share one, and what follows from it."""

    probes: tuple[Probe, ...]

    @cached_property
    def by_home(self) -> Mapping[str, tuple[Probe, ...]]:
        """The walks of each home by their end; homes by name."""
        homes: dict[str, list[Probe]] = {}
        for probe in sorted(self.probes, key=lambda p: (p.home, p.ended, p.record_id)):
            homes.setdefault(probe.home, []).append(probe)
        return {home: tuple(probes) for home, probes in homes.items()}

    @cached_property
    def healthy(self) -> Mapping[str, tuple[tuple[datetime, Evidence], ...]]:
        """Of each home the walks to its end, by the end: when it started, and what to show for it."""
        return {
            home: tuple(
                (p.started, _shown(p.record_id, p.column_url, p.ended, "column_without_it"))
                for p in probes
                if p.healthy
            )
            for home, probes in self.by_home.items()
        }

    @cached_property
    def concluded(self) -> dict[object, object]:
        """What archive.audit.presence found, by due day: kept, since thousands of bodies ask the same."""
        return {}


@dataclass(frozen=True, slots=True)
class Absence:
    """What bears on absence beside the probes: why a healthy probe may still prove nothing."""

    unfetched: tuple[str, ...] = ()  # listed, possibly this report, but the page could not be had
    unattributed: tuple[str, ...] = ()  # a report of the year whose publisher nobody could tell
    wrong_year: tuple[str, ...] = ()  # titled with this year, counted for another
    suspect_columns: tuple[str, ...] = ()  # the brake: homes in which many vanished together


@dataclass(frozen=True, slots=True)
class Case:
    """All that bears on one publisher and report year."""

    report: ReportEvidence | None
    probes: tuple[Probe, ...]
    absence: Absence = field(default_factory=Absence)
    held_before: bool = False  # a report of the year before is held
    looks: Looks | None = None  # the probes, where other bodies share them
    launches: tuple[date, ...] = ()  # days on which the county's site was opened or moved, as its file tells
