"""What the audit says of one publisher and report year, with its reasons in words and its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from archive.audit.dating import claims_told
from archive.audit.deadlines import Basis, Deadline
from archive.audit.decisions import Decision
from archive.audit.evidence import Claim, Evidence, ReportEvidence
from archive.audit.reasons import Reason, Words
from archive.audit.statuses import Content, NotCrawled, Presence, Timeliness, word
from archive.audit.stored import record_ids
from archive.register.model import ExpectedBasis, Publisher

_LATE = frozenset(
    {
        Timeliness.LATE,
        Timeliness.LATE_BY_PRACTICE,
        Timeliness.LATE_PAST_OUTER,
        Timeliness.LATE_PROVED_BY_CAPTURE,
    }
)


@dataclass(frozen=True, slots=True)
class Timing:
    """The timeliness axis. `days_late` counts from the due day; lo and hi are the days it may have been."""

    status: Timeliness
    lo: date | None
    hi: date | None
    days_late: int | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The presence axis."""

    status: Presence
    not_crawled: NotCrawled | None = None
    reasons: tuple[Reason, ...] = ()
    looks: tuple[Evidence, ...] = ()  # what shows that it is not there, or why nothing can be said


@dataclass(frozen=True, slots=True)
class Change:
    """How a verdict differs from a former audit's. `before` holds the fields that differ, as they were."""

    cause: str  # a code of statuses.yml, changes
    words: Words
    before: Mapping[str, object]
    former: tuple[str, str] = ("", "")  # the status in words, Chinese and English; empty for a new one


@dataclass(frozen=True)
class Former:
    """A former audit, as its JSON tells it (archive.audit.changes)."""

    as_of: date
    seen_until: datetime | None
    years: frozenset[int]
    counties: frozenset[str]
    verdicts: Mapping[tuple[str, int], Mapping[str, object]]  # records by publisher and year


@dataclass(frozen=True, slots=True)
class Verdict:
    """The three axes for one publisher and report year: codes and ids. Words and evidence come on demand."""

    publisher: Publisher
    report_year: int
    presence: Presence
    not_crawled: NotCrawled | None
    timeliness: Timeliness | None
    content: tuple[Content, ...]
    expected_basis: ExpectedBasis
    deadline: Deadline | None
    published_lo: date | None
    published_hi: date | None
    days_late: int | None
    reasons: tuple[Reason, ...]
    looks: tuple[Evidence, ...]  # what shows its absence, or why nothing can be said
    report: ReportEvidence | None
    held_before: bool = False  # a report of the year before is held
    decisions: tuple[Decision, ...] = ()  # of people, by time; beside the verdict, never instead of it
    change: Change | None = None  # what it was in a former audit, where it was another (`--since`)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every record that the verdict rests on: captures of its report, or of the columns without it."""
        if self.presence is Presence.COVERED:
            return ()
        return (*_captures(self.report), *self.looks) if self.report is not None else self.looks

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        """The ids of these records, at less cost."""
        looks = tuple(item.record_id for item in self.looks)
        if self.report is None or self.presence is Presence.COVERED:
            return looks
        return (*record_ids(self.report.versions), *looks)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What its sources say of its date, where the date was judged."""
        dated = self.report is not None and self.published_hi is not None
        return claims_told(self.report) if dated and self.report is not None else ()

    @property
    def basis(self) -> Basis:
        """What the due day rests on."""
        return self.deadline.basis if self.deadline else Basis.NONE

    @property
    def expected(self) -> bool:
        """Whether a report is expected of the body at all."""
        return self.presence is not Presence.NOT_EXPECTED and self.presence is not Presence.COVERED

    @property
    def unfound(self) -> bool:
        """Looked for and not seen, confirmed or not."""
        return self.presence is Presence.MISSING or self.presence is Presence.MISSING_UNCONFIRMED

    @property
    def decision(self) -> Decision | None:
        """The decision in force."""
        return self.decisions[-1] if self.decisions else None

    @property
    def late(self) -> bool:
        """After the due day, whatever its basis."""
        return self.timeliness in _LATE

    @property
    def lead(self) -> Presence | Timeliness | Content:
        """The status that a table shows first: what is wrong, if anything is."""
        if self.presence is not Presence.HELD:
            return self.presence
        good = {Timeliness.ON_TIME, Timeliness.ON_TIME_NEXT_WORKDAY}
        if self.timeliness is not None and self.timeliness not in good:
            return self.timeliness
        wrong = [code for code in self.content if word(code).colour not in {"green", "grey"}]
        return wrong[0] if wrong else (self.timeliness or self.presence)

    @property
    def colour(self) -> str:
        """Red only for what the statute says (practice.md §5)."""
        row = word(self.lead)
        return row.colour_other if row.colour_other and not self.basis.is_law else row.colour

    @property
    def green(self) -> bool:
        """Nothing for a person to look at."""
        return not self.expected or self.colour == "green" or self.presence is Presence.NOT_YET_DUE

    def words(self, language: str = "zh") -> str:
        """Every status in words, the presence first."""
        codes: list[Presence | Timeliness | Content] = [self.presence]
        if self.presence in {Presence.HELD, Presence.WITHDRAWN}:
            codes = [*codes, *([self.timeliness] if self.timeliness else []), *self.content]
        elif self.content:
            codes += self.content
        plain = [code for code in codes if code is not Content.COMPLETE]
        said = [self.say(code, language) for code in plain]
        if self.not_crawled is not None:
            row = word(self.not_crawled)
            said.append(row.zh if language == "zh" else row.en)
        return ("；" if language == "zh" else "; ").join(said)

    def say(self, code: Presence | Timeliness | Content, language: str = "zh") -> str:
        """One status in words, its due day filled in."""
        row = word(code)
        text = row.zh if language == "zh" else row.en
        if "{" not in text or self.deadline is None:
            return text
        due, outer = self.deadline.due, self.deadline.outer
        return text.format(
            due=f"{due.month}月{due.day}日",
            outer=f"{outer.month}月{outer.day}日",
            due_en=f"{due.day} {due:%B}",
            outer_en=f"{outer.day} {outer:%B}",
            note=self.deadline.note_zh,
        )


def _captures(report: ReportEvidence) -> tuple[Evidence, ...]:
    shown = tuple(Evidence(v.record_id, v.url, v.first_seen, "report") for v in report.versions)
    if report.first_gone is not None:
        shown += (Evidence(report.gone_record, report.url, report.first_gone, "gone"),)
    return shown
