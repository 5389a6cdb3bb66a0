# ruff: noqa: E501 - markup stands on one line, as pages have it
"""No family: pages kept by hand (portals.md §3.3 year folders, §10; none of its shapes is a known one).

One column of 信息公开年报 for all, which leads to a page a year (`y2024.php`); a year's page lists bodies by their short
names alone, without days, and the link may be the report itself. The newest year stands on the column's own page in
whole titles. Links open by script in one year (`onclick`), are written with a backslash in another, and one leads to a
twin of a report under `https`. Reports are pages of one table, without metadata but a line below the title.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.portals.gallery.base import GallerySite, Item
from tests.portals.site import Reply, Request

YEARS = (2021, 2022, 2023, 2024)
NEWEST = 2025


class AnyShelves(GallerySite):
    portal = "any_shelves"
    host = "www.any-shelves.test"
    family = "generic"
    county_code = "990903"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        return [item for item in self.reports() if item.year in (*YEARS, NEWEST)] + self.others()

    def path_of(self, item: Item) -> str:
        return f"/box/{item.day.year}/paper{item.serial}.html"

    @property
    def lists(self) -> int:
        """The column, its years, and each older report once more: its link is a name, its page tells."""
        return 1 + len(YEARS) + len([i for i in self.items if i.year in YEARS])

    @property
    def sublists(self) -> int:
        return self.lists - 1

    def reply(self, request: Request, host: str) -> Reply:
        if request.path == "/box/report.php":
            return self._column()
        for year in YEARS:
            if request.path == f"/box/report/y{year}.php":
                return self._year(year)
        item = self.by_path.get(request.path)
        return self._paper(item) if item else self.missing()

    def _column(self) -> Reply:
        years = "".join(f'<dd><a href="report/y{year}.php">{year}年</a></dd>' for year in reversed(YEARS))
        newest = [i for i in self.newest_first(self.items) if i.year not in YEARS]
        rows = "".join(f'<p>◎ <a href="{i.path}">{escape(i.title)}</a> ({i.day:%m-%d})</p>' for i in newest)
        twin = next(i for i in newest if i.year == NEWEST)
        rows += f'<p>◎ <a href="https://{self.host}{twin.path}">{escape(twin.title)}</a></p>'
        return self._page("信息公开年报", f"<dl><dt>往年</dt>{years}</dl><div>{rows}</div>")

    def _year(self, year: int) -> Reply:
        made = []
        for item in self.newest_first([i for i in self.items if i.year == year]):
            if year == 2022:
                made.append(
                    f'<span><a href="javascript:;" onclick="go(\'{item.path}\')">{item.body.short}</a></span>'
                )
            elif year == 2023:
                made.append(
                    f'<span><a href="..\\{item.day.year}\\paper{item.serial}.html">{item.body.short}</a></span>'
                )
            else:
                made.append(f'<span><a href="{item.path}">{item.body.short}</a></span>')
        return self._page(f"{year}年", f'<div class="names">{" ".join(made)}</div>')

    def home(self) -> Reply:
        return self._page(
            "首页",
            '<map><area href="/box/news.php" alt="要闻"></map><b><a href="/box/report.php">信息公开年报</a></b> <a href="/box/law.php">法治政府建设年度报告</a>',
        )

    def _paper(self, item: Item) -> Reply:
        head = f"<h2>{escape(item.title)}</h2><p>{item.body.official_name} {item.day}</p>"
        return self._page(item.title, f"<table><tr><td>{head}{self.drawn(item)}</td></tr></table>")

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f"<html><head><meta charset='utf-8'><title>{escape(title)} - {self.county}人民政府</title></head><body>"
            f"<p><a href='/'>首页</a></p>{body}<hr>样例单位</body></html>"
        )
