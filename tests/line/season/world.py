"""The portals of the season: what each serves on a day, by the script, in the sample portals' own markup."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

import pypdfium2 as pdfium
from PIL import Image, ImageFilter

from tests.line.season.script import County, Event, ListedColumn, Mood, Season, Shows, Story, Verb
from tests.portals import figures, prose
from tests.portals.bodies import COUNTIES, HOSTS, Column, Publisher
from tests.portals.entries import Notice, Report
from tests.portals.notices import non_reports
from tests.portals.serve import Handler, SampleServer
from tests.portals.site import FILES, Entry, Reply, Request, Site
from tests.portals.sites import SITES
from tests.portals.tables import Block, Para
from tests.portals.word import docx

_OFFICES = ("人民政府", "办事处")
_DIVISIONS = frozenset({"township_government", "subdistrict_office"})
_FIRST_YEAR, _LAST_YEAR = 2022, 2025
_MEDIA = {Shows.SCAN: "pdf", Shows.BLUR: "pdf", Shows.DOCX: "docx"}
_NOTHING_READ = '<div id="app"></div><script src="/assets/app.js"></script>'
_FORBIDDEN = Reply(b"User-agent: *\nDisallow: /\n", "text/plain")
# Strips of the paged seed report, cut between its lines: page from 0, from and to as shares of its height.
# Four headings, the beginning of table 三, table 四: as much as recognition needs, in half a page.
_STRIPS = ((2, 0.43, 0.65), (4, 0.2, 0.385), (5, 0.26, 0.292))
_DPI = 110


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
    bodies = {story.code: publisher(story, county.portal) for story in county.stories}
    found: list[Page] = []
    for place, story in enumerate(county.stories):
        standing: dict[int, list[Page]] = {}
        for event in story.all_events:
            if event.day <= day:
                _happen(standing, event, county, story, bodies, place)
        found += [page for pages in standing.values() for page in pages]
    return found


def _happen(
    standing: dict[int, list[Page]],
    event: Event,
    county: County,
    story: Story,
    bodies: dict[str, Publisher],
    place: int,
) -> None:
    """One event; what is removed is kept aside under the negative year, to be restored."""
    year = event.year
    if event.does is Verb.PUBLISHES:
        standing[year] = [
            _published(event, county, story, bodies, place, copy) for copy in range(event.copies)
        ]
    elif event.does is Verb.CHANGES:
        standing[year] = [replace(page, replaced_on=None) for page in standing[year]]
    elif event.does is Verb.FILLS:
        standing[year] = [replace(page, shows=Shows.REPORT) for page in standing[year]]
    elif event.does is Verb.REMOVES:
        standing.pop(year)
    elif event.does is Verb.RESTORES:
        before = replace_last(story, event)
        _happen(standing, before, county, story, bodies, place)
    else:
        listed = event.does is Verb.RELISTS
        standing[year] = [replace(page, listed=listed) for page in standing[year]]


def replace_last(story: Story, event: Event) -> Event:
    """The publication that a restoring brings back."""
    return next(e for e in story.all_events if e.does is Verb.PUBLISHES and e.year == event.year)


def _published(
    event: Event, county: County, story: Story, bodies: dict[str, Publisher], place: int, copy: int
) -> Page:
    columns = {column.id: column for column in county.columns}
    column = columns[event.column] if event.column else home(county, story)
    told = event.says or event.day
    changes = any(e.does is Verb.CHANGES and e.year == event.year for e in story.events)
    who = bodies[story.code]
    return Page(
        story.code,
        event.year,
        told,
        serial=_serial(county.portal, place, event.year, copy),
        printed_title=event.title or f"{who.short}{event.year}年政府信息公开工作年度报告",
        list_day=event.list_says,
        dated=not event.undated,
        page_publisher=event.posted_by,
        replaced_on=date.max if changes else None,
        media=_MEDIA.get(event.shows, "html"),
        body=who,
        place=site_column(column, county.portal),
        served_from=event.day,
        shows=event.shows,
        source=bodies[event.text_of] if event.text_of else None,
    )


def _serial(portal: str, place: int, year: int, copy: int) -> int:
    start = 100_000 * (1 + list(HOSTS).index(portal))
    return start + 100 * place + 10 * (year - 2020) + copy


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


class Played(Site):
    """Mixed into a sample portal's class: serves the season's pages."""

    redrawn = False
    forbids = False

    def blocks(self, entry: Entry) -> list[Block]:
        if not isinstance(entry, Page):
            return super().blocks(entry)
        return [self._spelled(block) for block in entry.text_blocks]

    def listed(self, column: Column) -> list[Entry]:
        return [e for e in super().listed(column) if not isinstance(e, Page) or e.listed]

    def _file(self, report: Report) -> Reply:
        """The file that a page leads to (TRS)."""
        if isinstance(report, Page) and report.media == "pdf":
            return Reply(scan() if report.shows is Shows.SCAN else blur(), "application/pdf", tagged=True)
        body = docx([Para(report.title), *self.blocks(report)])
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        return Reply(body, kind, tagged=True)


_CLASSES = {cls.portal: type(f"Played{cls.__name__}", (Played, cls), {}) for cls in SITES}


def site_on(county: County, day: date) -> Site:
    """The portal as it is on a day."""
    columns = [site_column(column, county.portal) for column in county.columns]
    entries = [*pages_on(county, day), *notices(county, day)]
    return _CLASSES[county.portal](day, entries, columns)


class _SeasonHandler(Handler):
    """Hangs up without a word where a portal is down."""

    server: SeasonServer

    def _handle(self, form: bytes) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        if host in self.server.down:
            self.close_connection = True
            return
        self.server.counted(host)
        super()._handle(form)


class SeasonServer(SampleServer):
    """All portals on one port for the whole season; `show` turns to a day."""

    def __init__(self, season: Season) -> None:
        super().__init__(0, season.first)
        self.RequestHandlerClass = _SeasonHandler
        self.season = season
        self.down: frozenset[str] = frozenset()
        self.moods: dict[str, set[Mood]] = {}
        self.asked: dict[str, int] = {}
        self.when_asked: Callable[[str, int], None] | None = None

    def show(self, day: date) -> None:
        """The portals as they are on a day."""
        self.sites = {HOSTS[c.portal]: site_on(c, day) for c in self.season.counties}
        self.moods = {HOSTS[c.portal]: {m for m in Mood if c.mood(day, m)} for c in self.season.counties}
        self.down = frozenset(host for host, moods in self.moods.items() if Mood.DOWN in moods)
        self.decline = frozenset(host for host, moods in self.moods.items() if Mood.DECLINES in moods)
        self.asked = dict.fromkeys(self.sites, 0)

    def counted(self, host: str) -> None:
        """One more request to a host, told to whoever waits for it."""
        with self.lock:
            self.asked[host] = self.asked.get(host, 0) + 1
            number = self.asked[host]
        if self.when_asked is not None:
            self.when_asked(host, number)

    def answer(self, host: str, request: Request) -> Reply:
        moods = self.moods.get(host, set())
        if Mood.FORBIDS in moods and request.path == "/robots.txt":
            return _FORBIDDEN
        site = self.sites.get(host)
        if Mood.REDRAWN in moods and site is not None and request.path not in {*site.by_path, "/robots.txt"}:
            return site.html(
                f"<html><head><title>{site.name}</title></head><body>{_NOTHING_READ}</body></html>"
            )
        return super().answer(host, request)

    def start(self) -> threading.Thread:
        """Serve in a thread of this process until `shutdown`."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        return thread


@cache
def scan() -> bytes:
    """Parts of a real report as a picture in a PDF."""
    return _pdf(_picture())


@cache
def blur() -> bytes:
    """The same so blurred that nobody can read it."""
    return _pdf(_picture().filter(ImageFilter.GaussianBlur(40)))


def _picture() -> Image.Image:
    document = pdfium.PdfDocument(FILES / "seed_004.pdf")
    with closing(document):
        drawn = {n: document[n].render(scale=_DPI / 72).to_pil().convert("L") for n, _, _ in _STRIPS}
    strips = [
        page.crop((0, round(page.height * top), page.width, round(page.height * bottom)))
        for n, top, bottom in _STRIPS
        for page in (drawn[n],)
    ]
    whole = Image.new("L", (strips[0].width, sum(strip.height for strip in strips)), 255)
    below = 0
    for strip in strips:
        whole.paste(strip, (0, below))
        below += strip.height
    return whole


def _pdf(picture: Image.Image) -> bytes:
    held = io.BytesIO()
    picture.save(held, "PDF", resolution=_DPI)
    return held.getvalue()


def county_label(county: County) -> str:
    """The heading in tables."""
    return COUNTIES[county.portal][1]


def county_code(county: County) -> str:
    """Six digits."""
    return COUNTIES[county.portal][0]
