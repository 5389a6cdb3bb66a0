"""The season's script as types: days, counties, bodies, what happens, what the audit must say (script/*.yml).

Nothing here imports the product: the words for a status are typed from practice.md §1.1, and what must be
said on a day was worked out by hand from practice.md and statute.md §4.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FOLDER = Path(__file__).parent / "script"
CHINA = timezone(timedelta(hours=8))
PRESENCE = {
    "not_expected",
    "covered",
    "held",
    "withdrawn",
    "not_yet_due",
    "missing",
    "missing_unconfirmed",
    "column_suspect",
    "not_crawled",
}
TIMELINESS = {
    "on_time",
    "on_time_next_workday",
    "late",
    "late_by_practice",
    "late_past_outer",
    "late_proved_by_capture",
    "date_disputed",
    "date_unknown",
    "date_is_migration",
    "premature",
}
CONTENT = {
    "complete",
    "shell_only",
    "unreadable",
    "wrong_year",
    "attribution_unclear",
    "placeholder_replaced",
    "replaced",
    "duplicate",
    "same_text_two_publishers",
}
REASONS = {"declined", "unreachable", "layout_changed", "blocked", "never_visited"}
_DAYS_LATE = re.compile(r"(\d+) days")


class Entry(BaseModel):
    """A piece of the script: an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Verb(StrEnum):
    """What happens to a report."""

    PUBLISHES = "publishes"
    CHANGES = "changes"  # other numbers under the same address
    FILLS = "fills"  # an empty page becomes the report
    REMOVES = "removes"  # from the list, and the page answers as one that is gone
    RESTORES = "restores"
    UNLISTS = "unlists"  # from the list alone; the page stays
    RELISTS = "relists"


class Shows(StrEnum):
    """What the page of a report holds."""

    REPORT = "report"
    SCAN = "scan"  # a PDF that is a picture of a report
    BLUR = "blur"  # a PDF that is a picture of nothing readable
    DOCX = "docx"  # nothing but a Word file
    SHELL = "shell"  # a title and no more
    BLANKS = "blanks"  # the report with cells left blank
    LAST_YEAR = "last_year"  # last year's report under this year's title
    OTHER_BODY = "other_body"  # this body's title over the report of `text_of`
    COPY = "copy"  # the sections of `text_of`, this body's name


class Event(Entry):
    """One thing that happens to one report. `says` is the day that its page and list tell, if not `day`."""

    day: date
    does: Verb
    year: int
    says: date | None = None
    list_says: date | None = None
    undated: bool = False
    shows: Shows = Shows.REPORT
    text_of: str | None = None
    title: str | None = None
    posted_by: str | None = None
    column: str | None = None
    copies: int = Field(default=1, ge=1)  # at so many addresses


class Story(Entry):
    """A body, what happens to its reports, and what must be said of it from which day on."""

    trap: str
    tells: str
    code: str
    name: str
    short: str | None = None  # as titles name it; default: the name
    kind: str
    basis: str = "official_list"
    valid: tuple[int | None, int | None] = (None, None)
    formerly: str | None = None  # its name until 2024
    covered_by: str | None = None  # from 2025 on
    last_year: date | None = None  # the day of its report of 2024: on time, whole, in the usual column
    events: tuple[Event, ...] = ()
    must_say: dict[int, dict[date, str]]
    reasons: dict[date, str] = Field(
        default_factory=dict
    )  # words in the English reasons of 2025 from that day on

    @field_validator("must_say", mode="before")
    @classmethod
    def _all_along(cls, steps: dict[int, object]) -> dict[int, object]:
        """A year with one word is so all along."""
        return {year: {date.min: said} if isinstance(said, str) else said for year, said in steps.items()}

    @property
    def all_events(self) -> tuple[Event, ...]:
        """Those told and the report of last year, in order."""
        usual = (Event(day=self.last_year, does=Verb.PUBLISHES, year=2024),) if self.last_year else ()
        return tuple(sorted((*usual, *self.events), key=lambda event: event.day))


class Mood(StrEnum):
    """How a portal is on some days."""

    DOWN = "down"  # hangs up without an answer
    DECLINES = "declines"  # 412 to everything
    FORBIDS = "forbids"  # robots.txt disallows all
    REDRAWN = "redrawn"  # lists whose rows nobody can read
    STOPPED = "stopped"  # not the portal: our crawl of it is stopped after `pages` requests


class Spell(Entry):
    """Days on which a portal is not as usual, both included."""

    mood: Mood
    from_: date = Field(alias="from")
    until: date
    pages: int = 0


class ListedColumn(Entry):
    """A column. `covers` are kinds (none: every body); the portal file names it from `known_from` on."""

    id: str
    number: str
    name: str
    path: str
    covers: tuple[str, ...] = ()
    known_from: date = date.min


class County(Entry):
    """One portal with its bodies."""

    portal: str
    columns: tuple[ListedColumn, ...]
    spells: tuple[Spell, ...] = ()
    office_list: bool = False  # the office hands in its own list of units before the season
    silent: str  # the body whose other papers stand in the column
    stories: tuple[Story, ...]

    def mood(self, day: date, mood: Mood) -> Spell | None:
        """The spell of that mood on a day."""
        return next((s for s in self.spells if s.mood is mood and s.from_ <= day <= s.until), None)


class Day(Entry):
    """A day that CI plays."""

    day: date
    at: time = time(9)  # in China
    why: str
    crawled: tuple[str, ...] = ()  # portals; none: all
    machine_lost: bool = False  # after the audit
    own_reader: bool = False  # a process of its own reads what was captured, as in a rebuild by command


class Season(Entry):
    """The whole script."""

    first: date
    last: date
    years: tuple[int, ...]
    days: tuple[Day, ...]
    traps: dict[str, str]  # every trap by name, in words
    counties: tuple[County, ...]

    @model_validator(mode="after")
    def _whole(self) -> Season:
        told = {story.trap for story in self.stories}
        if unknown := told - self.traps.keys():
            raise ValueError(f"traps of stories that the calendar does not name: {sorted(unknown)}")
        if len({story.code for story in self.stories}) < len(self.stories):
            raise ValueError("a code is given twice")
        return self

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every body of every county."""
        return tuple(story for county in self.counties for story in county.stories)

    def every_day(self) -> tuple[Day, ...]:
        """All days of the season, the chosen ones as they are."""
        chosen = {day.day: day for day in self.days}
        count = (self.last - self.first).days + 1
        days = (self.first + timedelta(days=n) for n in range(count))
        whole = {"crawled": ()}
        return tuple(chosen.get(day, Day(day=day, why="")).model_copy(update=whole) for day in days)


class Expected(Entry):
    """What the audit must say of a publisher and report year."""

    presence: str
    reason: str | None = None  # of not_crawled
    timeliness: str | None = None
    content: frozenset[str] = frozenset()
    days_late: int | None = None


def expected(text: str) -> Expected:
    """`held, late, complete, 9 days` as axes. Raises ValueError for a word of no list."""
    found: dict[str, object] = {}
    content: set[str] = set()
    for word in (part.strip() for part in text.split(",")):
        if counted := _DAYS_LATE.fullmatch(word):
            found["days_late"] = int(counted[1])
        elif word in CONTENT:
            content.add(word)
        else:
            axes = (("presence", PRESENCE), ("timeliness", TIMELINESS), ("reason", REASONS))
            axis = next((name for name, words in axes if word in words), None)
            if axis is None or axis in found:
                raise ValueError(f"no status, or two of one axis: {text}")
            found[axis] = word
    return Expected.model_validate({**found, "content": frozenset(content)})


def said_on(story: Story, year: int, day: date) -> Expected:
    """What must be said on a day: the newest word. Raises LookupError where the script is silent."""
    steps = story.must_say.get(year, {})
    begun = [start for start in steps if start <= day]
    if not begun:
        raise LookupError(f"the script does not say what is so of {story.code} {year} on {day}")
    return expected(steps[max(begun)])


@cache
def season() -> Season:
    """The script, read once. Raises ValueError, which names what is wrong."""
    calendar = yaml.safe_load((FOLDER / "calendar.yml").read_text("utf-8"))
    counties = [
        yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8")) for name in calendar.pop("portals")
    ]
    return Season.model_validate({**calendar, "counties": counties})


def moment(day: Day) -> datetime:
    """When the crawl of a day begins."""
    return datetime.combine(day.day, day.at, CHINA)
