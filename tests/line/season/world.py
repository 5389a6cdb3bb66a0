"""The portals of the season: what each serves on a day, in the sample portals' own markup."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import cache

import pypdfium2 as pdfium
from PIL import Image, ImageFilter

from tests.line.season.pages import Page, notices, pages_on, site_column
from tests.line.season.script import County, Mood, Season, Shows
from tests.portals.bodies import HOSTS, Column
from tests.portals.entries import Report
from tests.portals.serve import Handler, SampleServer
from tests.portals.site import FILES, Entry, Reply, Request, Site
from tests.portals.sites import SITES
from tests.portals.tables import Block, Para
from tests.portals.word import docx

_NOTHING_READ = '<div id="app"></div><script src="/assets/app.js"></script>'
_FORBIDDEN = Reply(b"User-agent: *\nDisallow: /\n", "text/plain")
# Strips of the paged seed report, cut between its lines: page from 0, from and to as shares of its height.
# Four headings, the beginning of table 三, table 四: as much as recognition needs, in half a page.
_STRIPS = ((2, 0.43, 0.65), (4, 0.2, 0.385), (5, 0.26, 0.292))
_DPI = 110


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
