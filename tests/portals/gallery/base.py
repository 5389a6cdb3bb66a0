"""What every portal of the gallery shares: its bodies, its reports, what else stands in its lists.

A gallery portal publishes from 2019 to early 2026, all at once (the day of a crawl is TODAY), for a
government, a department and three townships. Which addresses hold reports, which hold none and what a walk
must cost follows from the same data that the pages are drawn from: `GallerySite.truth`. Numbers are those of
tests.portals.figures. Nothing here imports the product.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from html import escape
from pathlib import Path
from typing import ClassVar

import yaml

from tests.portals import figures, prose
from tests.portals.site import Reply, Request, render
from tests.portals.tables import Block, Para
from tests.portals.word import docx

TODAY = date(2026, 4, 20)
GOV, DEP, TOWN, STREET = "county_government", "county_department", "township_government", "subdistrict_office"
YEARS = tuple(range(2018, 2026))


@dataclass(frozen=True)
class Body:
    """A body that publishes. `key` is how the portal's own addresses name it (an organ id, a folder …)."""

    code: str
    official_name: str
    short: str
    kind: str
    key: str = ""


@dataclass(frozen=True)
class Item:
    """What stands in a list: a report (`year` set), or something else of a `kind` (practice.md §2)."""

    title: str
    day: date
    serial: int
    body: Body
    year: int | None = None
    kind: str = "report"
    index_number: str | None = None
    lines: tuple[str, ...] = ()
    attachment: str | None = None  # file name of the .docx that holds the body; the page then holds none
    path: str = ""  # given by the site: `GallerySite.path_of`
    attachment_path: str = ""

    @property
    def is_report(self) -> bool:
        return self.year is not None


@dataclass(frozen=True)
class Truth:
    """What a full crawl of the portal must bring home, and at what cost."""

    reports: dict[str, tuple[str, int]]  # URL of the page or document that is the report -> code, report year
    attachments: frozenset[str]  # URLs of files that hold a report's body
    others: frozenset[str]  # URLs that stand in the walked lists and are no reports
    lists: int  # requests that a walk of every column needs: column pages, list pages, endpoints
    missing: dict[str, str] = field(default_factory=dict)  # what the portal hides on purpose, and why


class GallerySite(ABC):
    """One portal. A subclass says what it is, draws its pages and answers; see README.md."""

    portal: ClassVar[str]  # id; its portal file is <portal>.yml beside this module
    host: ClassVar[str]  # ends in .test
    family: ClassVar[str]  # name of the platform
    county_code: ClassVar[str]  # six digits that no county has: 99xxxx
    name: ClassVar[str]  # says 样例
    charset: ClassVar[str] = "utf-8"
    other_hosts: ClassVar[tuple[str, ...]] = ()  # further hosts of the portal

    def __init__(self) -> None:
        self.items: list[Item] = [self._placed(item) for item in self.planted()]
        self.by_path: dict[str, Item] = {item.path: item for item in self.items}
        self.files: dict[str, Item] = {i.attachment_path: i for i in self.items if i.attachment_path}

    # --- to be said by each portal -----------------------------------------------------------------------

    @abstractmethod
    def planted(self) -> Sequence[Item]:
        """What it publishes: as a rule `reports()` and `others()`, with the portal's own cases added."""

    @abstractmethod
    def path_of(self, item: Item) -> str:
        """The address (path and query) of an item's page."""

    @abstractmethod
    def reply(self, request: Request, host: str) -> Reply:
        """The answer to a request."""

    @property
    @abstractmethod
    def lists(self) -> int:
        """Requests that a full walk of every column of the portal file needs, robots.txt left out."""

    @property
    def sublists(self) -> int:
        """Lists that a column's page opens and that a routine crawl looks at too (year folders, bodies)."""
        return 0

    def attachment_path_of(self, item: Item) -> str:
        """The address of an item's file."""
        return item.path.rpartition("/")[0] + f"/P0{item.serial}.docx"

    def robots(self) -> Reply:
        return Reply(b"404", "text/plain", 404)

    @classmethod
    def portal_file(cls) -> Path:
        """Its portal file, which lies beside its module."""
        return Path(str(sys.modules[cls.__module__].__file__)).parent / f"{cls.portal}.yml"

    def entrances(self) -> Sequence[tuple[str, str]]:
        """(address, name) of the links on the home page that lead to reports: the portal file's columns."""
        text = self.portal_file().read_text(encoding="utf-8")
        return [(column["url"], column["name"]) for column in yaml.safe_load(text)["columns"]]

    def home(self) -> Reply:
        """The home page, for portals that draw none: the entrances among a site's other links."""
        links = [
            ("/zwyw/", "今日要闻"),
            ("/bsfw/", "办事服务"),
            ("/hdjl/", "互动交流"),
            ("/xxgkzn/", "政府信息公开指南"),
        ]
        links += [*self.entrances(), ("/wzgznb/", "政府网站工作年度报表"), ("/fzzf/", "法治政府建设年度报告")]
        items = "".join(f'<li><a href="{escape(path)}">{name}</a></li>' for path, name in links)
        return self.html(
            f'<html><head><meta charset="{self.charset}"><title>{self.county}人民政府门户网站</title>'
            f'<meta name="SiteName" content="{self.county}人民政府"></head>'
            f"<body><h1>{self.county}人民政府</h1><ul>{items}</ul></body></html>"
        )

    # --- the usual stock ---------------------------------------------------------------------------------

    @property
    def county(self) -> str:
        """The county's name: each portal has its own, as its bodies share the rest of theirs."""
        return "示例" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in self.county_code[2:]) + "县"

    @cached_property
    def bodies(self) -> tuple[Body, ...]:
        """A government, a department, two townships and a subdistrict, named after nobody."""
        stock = (
            (f"{self.county}人民政府", self.county, GOV),
            (f"{self.county}财政局", f"{self.county}财政局", DEP),
            (f"{self.county}示例一镇人民政府", "示例一镇", TOWN),
            (f"{self.county}示例二乡人民政府", "示例二乡", TOWN),
            (f"{self.county}示例街道办事处", "示例街道", STREET),
        )
        return tuple(
            Body(f"{self.county_code}-S{place:02}", name, short, kind, key=self.key_of(place))
            for place, (name, short, kind) in enumerate(stock)
        )

    def key_of(self, place: int) -> str:
        """The portal's own key of a body."""
        return str(5960 + place)

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        """The index number that a page shows; None: the platform shows none."""
        return None

    def reports(self, years: Sequence[int] = YEARS) -> list[Item]:
        """A report of each body for some of the years: 5 bodies × 8 years, thinned to about 24."""
        made = []
        for place, body in enumerate(self.bodies):
            for year in years:
                if (place + year) % 5 in (0, 3):
                    continue
                end = date(year + 1, 3, 20) if body.kind == GOV else date(year + 1, 1, 20)
                day = min(end + timedelta(days=(7 * place + year) % 9 - 4), TODAY)
                serial = (year - 2000) * 1000 + place * 37 + 11
                title = f"{body.short}{year}年政府信息公开工作年度报告"
                number = self.index_number(body, day, serial)
                made.append(Item(title, day, serial, body, year, index_number=number))
        return made

    def others(self) -> list[Item]:
        """What stands among reports and is none (practice.md §2)."""
        government, department, town, *_ = self.bodies
        rows = (
            (
                f"{government.short}2024年政府网站工作年度报表",
                date(2025, 1, 21),
                government,
                "website_report",
            ),
            (
                f"{department.short}2023年法治政府建设年度报告",
                date(2024, 3, 4),
                department,
                "rule_of_law_report",
            ),
            (
                "关于做好2024年政府信息公开工作年度报告编制和发布工作的通知",
                date(2025, 1, 3),
                government,
                "notice",
            ),
            ("一图读懂：2023年政府信息公开工作年度报告", date(2024, 4, 1), government, "explainer"),
            (f"{town.short}政府信息公开指南", date(2022, 5, 6), town, "guide"),
        )
        return [
            Item(title, day, 90_001 + 13 * place, body, kind=kind, lines=(f"{title}（样例）。",) * 3)
            for place, (title, day, body, kind) in enumerate(rows)
        ]

    # --- drawing -----------------------------------------------------------------------------------------

    def blocks(self, item: Item) -> list[Block]:
        """The text and tables of an item, as blocks; nothing for one whose body is a file."""
        return [] if item.attachment else self.whole(item)

    def whole(self, item: Item) -> list[Block]:
        """The same, wherever it stands."""
        if item.year is None:
            return [Para(line) for line in item.lines]
        version = figures.version(item.year)
        chain = tuple(year for year in YEARS if figures.version(year) == version)
        cells = {} if version == "pre2019" else figures.cells(item.body.code, chain, item.year)
        return prose.report_blocks(item.body.short, item.body.kind, item.year, version, cells)

    def drawn(self, item: Item, *, table: str = 'border="1"') -> str:
        """The body as plain HTML; families with their own habits call `render` themselves."""
        return render(
            self.blocks(item),
            para=lambda text: f"<p>{text}</p>",
            cell=lambda text: f"<p>{escape(text)}</p>" if "<" in text else text,
            table=table,
        )

    def html(self, text: str, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
        """A page in the site's charset."""
        body = text.encode(self.charset, "xmlcharrefreplace")
        return Reply(body, f"text/html; charset={self.charset}", status, headers)

    def missing(self) -> Reply:
        """How the site says that there is no such page."""
        return self.html("<html><head><title>404 Not Found</title></head><body>404</body></html>", 404)

    def file(self, item: Item) -> Reply:
        """An item's file."""
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        return Reply(docx(self.whole(item)), kind)

    def newest_first(self, items: Sequence[Item]) -> list[Item]:
        return sorted(items, key=lambda item: (item.day, item.serial), reverse=True)

    # --- the truth ---------------------------------------------------------------------------------------

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    @property
    def truth(self) -> Truth:
        """What a full crawl must bring home."""
        reports = {self.url(i.path): (i.body.code, i.year) for i in self.items if i.year is not None}
        return Truth(
            reports=reports,
            attachments=frozenset(self.url(path) for path in self.files),
            others=frozenset(self.url(i.path) for i in self.items if i.year is None),
            lists=self.lists,
        )

    def _placed(self, item: Item) -> Item:
        placed = replace(item, path=self.path_of(item))
        return replace(placed, attachment_path=self.attachment_path_of(placed)) if item.attachment else placed
