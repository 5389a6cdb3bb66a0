"""What stands in a column: a report or a notice, with everything that a page and a list show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tests.portals import figures
from tests.portals.addresses import report_path
from tests.portals.bodies import BY_CODE, COLUMNS, HOSTS, Column, Publisher


@dataclass(frozen=True)
class Report:
    """One report as published.

    `day` is the day of publication. The list and the page show it unless `list_day` or `page_day` says
    otherwise; `dated` False leaves every date out. `case` names what is planted (CASES).
    """

    code: str
    year: int
    day: date
    case: str = "plain"
    serial: int = 0
    printed_title: str | None = None
    list_day: date | None = None
    page_day: date | None = None
    dated: bool = True
    index_number: str | None = None  # on the page
    list_index_number: str | None = None  # in list data only
    page_publisher: str | None = None  # 发布机构 or 来源 as the page prints it
    signed: date | None = None
    replaced_on: date | None = None
    seed: str | None = None
    fails: tuple[str, ...] = ()  # hard checks that must fail, by id (golden/SCHEMA.md)
    media: str = "html"  # what holds the body: the page itself, or a pdf or docx that the page links to
    moved: bool = False  # the list's address redirects to another

    @property
    def publisher(self) -> Publisher:
        return BY_CODE[self.code]

    @property
    def portal(self) -> str:
        return self.publisher.portal

    @property
    def column(self) -> Column:
        covering = [c for c in COLUMNS if c.portal == self.portal and c.reports]
        return next(c for c in covering if not c.publishers or self.code in c.publishers)

    @property
    def path(self) -> str:
        return report_path(self.portal, self.column.number, self.day, self.serial)

    @property
    def url(self) -> str:
        return f"http://{HOSTS[self.portal]}{self.path}"

    @property
    def title(self) -> str:
        if self.printed_title:
            return self.printed_title
        name = self.publisher.short
        if self.publisher.name_first:
            return f"{name}{self.year}年政府信息公开工作年度报告"
        return f"{self.year}年{name}政府信息公开工作年度报告"

    @property
    def publisher_text(self) -> str:
        return self.page_publisher or self.publisher.official_name

    @property
    def format(self) -> str:
        return figures.version(self.year)

    @property
    def first_served(self) -> date:
        return max(filter(None, (self.day, self.list_day, self.page_day)))

    @property
    def dates(self) -> dict[str, str | None]:
        """What each source says: list row, page, address (a month where the address holds no day)."""
        if not self.dated:
            return {"list": None, "page": None, "url": None}
        in_path = {"zhuji": f"{self.day}", "laishui": f"{self.day}", "zhangshu": f"{self.day:%Y-%m}"}
        return {
            "list": f"{self.list_day or self.day}",
            "page": f"{self.page_day or self.day}",
            "url": in_path.get(self.portal),
        }

    @cached_property
    def _chain(self) -> tuple[int, ...]:
        return tuple(y for y in self.publisher.years if figures.version(y) == self.format)

    def cells(self, on: date | None = None) -> figures.Cells | None:
        """The numbers that the page shows on a day (default: the latest edition); None for a seed or prose.

        Keyed as golden/SCHEMA.md: proactive_disclosure and applications by row and cell,
        review_litigation by cell under the row `all`.
        """
        if self.seed or self.format == "pre2019":
            return None
        first = self.replaced_on is not None and on is not None and on < self.replaced_on
        cells = figures.cells(self.code, self._chain, self.year, salt="first " if first else "")
        if self.case == "wrong_sum":
            cells["applications"]["denied_third_party"]["total"] += 17
        if self.case == "blank_cells":
            cells = figures.blanked(cells)
        return cells


@dataclass(frozen=True)
class Notice:
    """A page that is no report. `kind` says what it is (practice.md §2), `news` for the rest."""

    portal: str
    column: Column
    serial: int
    title: str
    day: date
    kind: str
    publisher_text: str
    lines: tuple[str, ...]
    index_number: str | None = None

    @property
    def path(self) -> str:
        return report_path(self.portal, self.column.number, self.day, self.serial)

    @property
    def url(self) -> str:
        return f"http://{HOSTS[self.portal]}{self.path}"

    @property
    def first_served(self) -> date:
        return self.day
