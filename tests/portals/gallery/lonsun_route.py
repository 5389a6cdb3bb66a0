# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Lonsun, reports by organ and year (portals.md §4.5).

Habits: `/public/column/<organ>?type=3&nav=5&sub=2&timeFrame=<year>&hasContent=true` is the report itself (江油);
a year without a report keeps the page's frame and says 暂无相关信息; for one organ and year it lists documents
instead of showing one; the reports of the department stand under `/public/description/<id>.html` (师宗, 罗平)
in a column that is one page; body `.wzcon`, label and value in one `td`; no index number on the report page
(§1.1); the organs of the county stand in the page's tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from tests.portals.gallery.base import DEP, GallerySite, Item
from tests.portals.site import Reply, Request

SPAN = (2022, 2023, 2024, 2025)


class LonsunRoute(GallerySite):
    portal = "lonsun_route"
    host = "www.lonsun-route.test"
    family = "lonsun"
    county_code = "990502"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        """Every organ and year but one; the thinned stock is filled up from its own years."""
        department = self.bodies[1]
        made = [item for item in self.reports() if item.body == department or item.year in SPAN]
        for body in self.bodies:
            have = {item.year for item in made if item.body == body}
            model = next(item for item in made if item.body == body)
            for year in SPAN:
                if body == department or year in have:
                    continue
                title = model.title.replace(str(model.year), str(year))
                day = model.day.replace(year=year + 1, day=min(model.day.day, 20))
                made.append(replace(model, title=title, day=day, year=year, serial=year * 10 + int(body.key)))
        without = (self.bodies[4].code, 2022)
        return [*(i for i in made if (i.body.code, i.year) != without), *self.others()]

    def path_of(self, item: Item) -> str:
        if item.body.kind == DEP:
            return f"/public/description/{61_000 + item.serial}.html"
        if item.year is None or (item.body.key, item.year) == (self.bodies[2].key, 2023):
            return f"/public/{item.body.key}/{557_000 + item.serial}.html"
        return f"/public/column/{item.body.key}?type=3&nav=5&sub=2&timeFrame={item.year}&hasContent=true"

    @property
    def lists(self) -> int:
        """The department's column, the organs, the empty answer, the answer that is a list."""
        return 4

    def reply(self, request: Request, host: str) -> Reply:
        if request.path == f"/public/column/{self.bodies[1].key}":
            return self._department()
        if request.path.startswith("/public/column/") and request.query.get("type") == "3":
            return self._route(request)
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    def _route(self, request: Request) -> Reply:
        organ, year = request.path.rpartition("/")[2], request.query.get("timeFrame")
        found = [i for i in self.items if i.body.key == organ and str(i.year) == year]
        if not found:
            years = "".join(
                f'<a href="/public/column/{organ}?type=3&amp;nav=5&amp;sub=2&amp;timeFrame={n}&amp;hasContent=true">{n}</a>'
                for n in SPAN
                if any((i.body.key, i.year) == (organ, n) for i in self.items)
            )
            return self._page(
                "政府信息公开年报",
                f'<div class="years">{years}</div><div class="wzcon"><p>暂无相关信息</p></div>',
            )
        item = found[0]
        if "?" not in item.path:
            row = f'<li><a href="{item.path}">{item.title}</a><span class="date">{item.day}</span></li>'
            return self._page("政府信息公开年报", f'<ul class="xxgk_nav_list">{row}</ul>')
        return self._article(item)

    def _department(self) -> Reply:
        rows = self.newest_first([i for i in self.items if i.body.kind == DEP])
        listed = "".join(
            f'<dl><dt><a href="http://{self.host}:80{i.path}" onclick="hit({i.serial})">{i.title}</a></dt><dd>{i.day:%Y/%m/%d}</dd></dl>'
            for i in rows
        )
        return self._page("财政局年报", f'<div class="gknb">{listed}</div>')

    def _page(self, title: str, body: str) -> Reply:
        tree = "".join(
            f'<li><a href="/public/column/{b.key}?type=3&amp;nav=5&amp;sub=2">{b.short}</a></li>'
            for b in self.bodies
            if b.kind != DEP
        )
        return self.html(
            f"<!doctype html><html><head><title>{escape(title)} - {self.name}人民政府</title></head><body>"
            f'<div class="header"><a href="/">网站首页</a></div><div class="left"><ul id="organ">{tree}</ul></div>'
            f'<div class="right">{body}</div><div class="footer">{self.name}样例单位主办</div></body></html>'
        )

    def _article(self, item: Item) -> Reply:
        head = (
            f'<h1 class="wzbt">{escape(item.title)}</h1><table class="wzxx"><tr>'
            f"<td>发布机构：{item.body.official_name}</td><td>发布日期：{item.day}</td></tr></table>"
        )
        return self._page(item.title, f'{head}<div class="wzcon">{self.drawn(item)}</div>')
