"""The reports and other papers of the season: what stands on each portal on a day, by the script."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from tests.line.season.script import County, Event, ListedColumn, Shows, Story, Verb
from tests.portals import figures, prose
from tests.portals.bodies import HOSTS, Column, Publisher
from tests.portals.entries import Notice, Report
from tests.portals.notices import non_reports
from tests.portals.tables import Block, Para

_OFFICES = ("人民政府", "办事处")
_DIVISIONS = frozenset({"township_government", "subdistrict_office"})
_FIRST_YEAR, _LAST_YEAR = 2022, 2025
_MEDIA = {Shows.SCAN: "pdf", Shows.BLUR: "pdf", Shows.DOCX: "docx"}


@dataclass(frozen=True)
class Page(Report):
    """A report as it stands on one day."""

    body: Publisher = field(kw_only=True)
    place: Column = field(kw_only=True)
    served_from: date = field(kw_only=True)
    shows: Shows = Shows.REPORT
    source: Publisher | None = None  # whose text it holds, where that is another's
    listed: bool = True

    @property
    def publisher(self) -> Publisher:
        return self.body

    @property
    def portal(self) -> str:
        return self.place.portal

    @property
    def column(self) -> Column:
        return self.place

    @property
    def first_served(self) -> date:
        return self.served_from

    @property
    def text_blocks(self) -> list[Block]:
        """The body of the page or of its file."""
        if self.shows in {Shows.SHELL, Shows.SCAN, Shows.BLUR}:
            return []
        who = self.body if self.source is None else self.source
        year = self.year - 1 if self.shows is Shows.LAST_YEAR else self.year
        salt = "first " if self.replaced_on is not None and self.replaced_on > self.served_from else ""
        cells = figures.cells(who.code, self.body.years, year, salt=salt)
        if self.shows is Shows.BLANKS:
            cells = figures.blanked(cells)
        blocks = prose.report_blocks(who.short, who.kind, year, "v2021", cells)
        if self.shows is Shows.COPY and isinstance(blocks[0], Para):
            blocks[0] = Para(blocks[0].text.replace(who.short, self.body.short))
        return blocks


def publisher(story: Story, portal: str) -> Publisher:
    """The body as the sample portals know one."""
    short = story.short or story.name
    if story.short is None and story.kind in _DIVISIONS:
        for office in _OFFICES:
            short = short.removesuffix(office)
    return Publisher(story.code, story.name, short, story.kind, portal, _FIRST_YEAR, _LAST_YEAR)


def site_column(column: ListedColumn, portal: str) -> Column:
    """A column as the sample portals know one."""
    return Column(portal, column.id, column.number, column.name, column.path, reports=True)


def home(county: County, story: Story) -> ListedColumn:
    """The first column that covers a body."""
    return next(c for c in county.columns if not c.covers or story.kind in c.covers)


def pages_on(county: County, day: date) -> list[Page]:
    """Every report page that the portal serves on a day."""
    return [page for n in range(len(county.stories)) for page in _Stage(county, n).on(day)]


@dataclass(frozen=True)
class _Stage:
    """One body of a county: its story, event by event."""

    county: County
    place: int

    @property
    def story(self) -> Story:
        return self.county.stories[self.place]

    def on(self, day: date) -> list[Page]:
        """Its pages as they stand on a day."""
        standing: dict[int, list[Page]] = {}
        for event in self.story.all_events:
            if event.day <= day:
                standing[event.year] = self._after(event, standing.get(event.year, []))
        return [page for pages in standing.values() for page in pages]

    def _after(self, event: Event, pages: list[Page]) -> list[Page]:
        """The pages of a report after something happened to it."""
        match event.does:
            case Verb.PUBLISHES:
                return self._published(event)
            case Verb.RESTORES:
                return self._published(self._first(event.year))
            case Verb.REMOVES:
                return []
            case Verb.CHANGES:
                return [replace(page, replaced_on=None) for page in pages]
            case Verb.FILLS:
                return [replace(page, shows=Shows.REPORT) for page in pages]
            case Verb.UNLISTS | Verb.RELISTS:
                return [replace(page, listed=event.does is Verb.RELISTS) for page in pages]

    def _first(self, year: int) -> Event:
        return next(e for e in self.story.all_events if e.does is Verb.PUBLISHES and e.year == year)

    def _published(self, event: Event) -> list[Page]:
        columns = {column.id: column for column in self.county.columns}
        column = columns[event.column] if event.column else home(self.county, self.story)
        bodies = {story.code: publisher(story, self.county.portal) for story in self.county.stories}
        who = bodies[self.story.code]
        changes = any(e.does is Verb.CHANGES and e.year == event.year for e in self.story.events)
        page = Page(
            self.story.code,
            event.year,
            event.says or event.day,
            printed_title=event.title or f"{who.short}{event.year}年政府信息公开工作年度报告",
            list_day=event.list_says,
            dated=not event.undated,
            page_publisher=event.posted_by,
            replaced_on=date.max if changes else None,
            media=_MEDIA.get(event.shows, "html"),
            body=who,
            place=site_column(column, self.county.portal),
            served_from=event.day,
            shows=event.shows,
            source=bodies[event.text_of] if event.text_of else None,
        )
        first = _serial(self.county.portal, self.place, event.year)
        return [replace(page, serial=first + copy) for copy in range(event.copies)]


def _serial(portal: str, place: int, year: int) -> int:
    """The portal's own number of a report; of its copies those after it."""
    return 100_000 * (1 + list(HOSTS).index(portal)) + 100 * place + 10 * (year - 2020)


def notices(county: County, day: date) -> list[Notice]:
    """What stands beside the reports and is none (practice.md §2)."""
    bodies = {story.code: publisher(story, county.portal) for story in county.stories}
    government = next(body for body in bodies.values() if body.kind == "county_government")
    others = [body for body in bodies.values() if body.kind != "county_government"]
    column = site_column(county.columns[0], county.portal)
    start = 90_000 + 1_000_000 * (1 + list(HOSTS).index(county.portal))
    rows = non_reports(government, others, bodies[county.silent])
    made = [
        Notice(county.portal, column, start + 13 * place, title, on, kind, government.official_name, lines)
        for place, (kind, title, on, lines) in enumerate(rows)
    ]
    return [notice for notice in made if notice.day <= day]
