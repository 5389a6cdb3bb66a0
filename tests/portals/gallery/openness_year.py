# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Openness, year lists under a renamed controller (portals.md §4.6).

Habits: `/Xxgknb/year/<branch>/<year>.html` lists the reports of a branch and year, six a page, the pager a
script's (`2/3页`); its rows lead to `/Xxgknb/show/ID.html` and, for the years before the controller was
renamed, to `/openness/OpennessAnnualReport/show/ID.html` (青阳); a branch and year without reports is a dead
page that answers 200 (§8.2); `/BranchOpennessContent/showList/<branch>/<topic>/page_N.html` is the catalogue of
a department, `?page=` pages the guides; `…/year/show/<organ>/<year>.html` shows a street's report. Pages show
发布时间 and 来源 and no index number; files lie behind `/OpennessContent/download/ID.html`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape

from tests.portals.gallery.base import DEP, STREET, GallerySite, Item
from tests.portals.site import Reply, Request

BRANCH, TOPIC, SIZE = "6", "1031", 3


class OpennessYear(GallerySite):
    portal = "openness_year"
    host = "www.openness-year.test"
    family = "openness"
    county_code = "990503"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        """Nothing of 2019 stands in the branch's lists; the street has a route, with one year missing."""
        street = self.bodies[4]
        kept = [
            replace(item, attachment="年度报告.docx") if (item.body.kind, item.year) == (DEP, 2023) else item
            for item in self.reports()
            if item.body.kind == DEP or (item.body != street and item.year != 2019)
        ]
        streets = [
            Item(f"示例街道{year}年政府信息公开年度报告", date(year + 1, 1, 17), year * 10, street, year)
            for year in range(2019, 2026)
        ]
        return [*kept, *streets, *self.others()]

    def key_of(self, place: int) -> str:
        return str(40 + place)

    def path_of(self, item: Item) -> str:
        if item.body.kind == STREET and item.year:
            return f"/Xxgknb/year/show/{item.body.key}/{item.year}.html"
        if item.body.kind == DEP:
            return f"/BranchOpennessContent/show/{800_000 + item.serial}.html"
        if item.year is None:
            return f"/OpennessContent/show/{300_000 + item.serial}.html"
        controller = "Xxgknb" if item.year > 2020 else "openness/OpennessAnnualReport"
        return f"/{controller}/show/{item.serial}.html"

    def attachment_path_of(self, item: Item) -> str:
        return f"/OpennessContent/download/{item.serial}.html"

    @property
    def lists(self) -> int:
        years = sum(max(1, -(-len(self._of(year)) // SIZE)) for year in range(2018, 2026))
        empty = sum(not self._street(year) for year in range(2018, 2026))
        return years + empty + -(-len(self._department()) // SIZE)

    def _of(self, year: int) -> list[Item]:
        """What the branch lists for a year: reports, and what an editor put beside them."""
        rows = [i for i in self.items if i.body.kind not in {DEP, STREET}]
        beside = [i for i in rows if i.year is None and i.day.year == year + 1]
        return self.newest_first([i for i in rows if i.year == year] + beside)

    def _street(self, year: int) -> list[Item]:
        return [i for i in self.items if i.body.kind == STREET and i.year == year]

    def _department(self) -> list[Item]:
        return self.newest_first([i for i in self.items if i.body.kind == DEP])

    def entrances(self) -> Sequence[tuple[str, str]]:
        newest = (
            (f"/Xxgknb/year/{BRANCH}/2025.html", "政府信息公开年报"),
            ("/Xxgknb/year/show/44/2025.html", "街道年报"),
        )
        return (*newest, (f"/BranchOpennessContent/showList/41/{TOPIC}/page_1.html", "财政局信息公开年报"))

    def reply(self, request: Request, host: str) -> Reply:
        if found := re.fullmatch(rf"/Xxgknb/year/{BRANCH}/(\d{{4}})\.html", request.path):
            return self._year(int(found[1]), int(request.query.get("page", "1")))
        if found := re.fullmatch(r"/Xxgknb/year/show/44/(\d{4})\.html", request.path):
            shown = self._street(int(found[1]))
            return self._article(shown[0]) if shown else self.missing()
        if found := re.fullmatch(
            rf"/BranchOpennessContent/showList/41/{TOPIC}/page_(\d+)\.html", request.path
        ):
            return self._list("公开目录", self._department(), int(found[1]), "")
        if item := self.files.get(request.path):
            return self.file(item)
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    def missing(self) -> Reply:
        return self._page("提示信息", '<div class="msg">您访问的页面不存在或已删除！</div>')

    def _year(self, year: int, page: int) -> Reply:
        rows = self._of(year)
        return self._list(f"{year}年", rows, page, "script") if rows else self.missing()

    def _list(self, title: str, items: list[Item], page: int, pager: str) -> Reply:
        last = -(-len(items) // SIZE)
        if not 1 <= page <= last:
            return self.missing()
        rows = "".join(
            f'<tr><td><a href="http://{self.host}{i.path}">{escape(i.title)}</a></td><td>{i.day:%Y-%m-%d}</td></tr>'
            for i in items[(page - 1) * SIZE : page * SIZE]
        )
        if pager:
            foot = f'<div class="Page">共{len(items)}条 {page}/{last}页 <a href="javascript:go({page + 1})">&gt;&gt;</a></div><script>function go(n){{location.href="?page="+n}}</script>'
        else:
            more = f'<a href="page_{page + 1}.html">下页</a>' if page < last else ""
            foot = f'<div class="pagination"><b>{page}</b>{more}</div>'
        return self._page(title, f'<table class="openlist"><tbody>{rows}</tbody></table>{foot}')

    def _page(self, title: str, body: str) -> Reply:
        menu = "".join(
            f'<li><a href="/Xxgknb/year/{BRANCH}/{year}.html">{year}年</a></li>' for year in range(2018, 2026)
        )
        return self.html(
            f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{escape(title)}'
            f'</title></head><body><div class="nav"><ul>{menu}</ul></div><div class="container">{body}</div>'
            f'<div class="footer">{self.name}样例单位</div></body></html>'
        )

    def _article(self, item: Item) -> Reply:
        file = (
            f'<p><a href="{item.attachment_path}">附件：{item.attachment}</a></p>' if item.attachment else ""
        )
        return self._page(
            item.title,
            f'<div class="crumb">当前位置：首页 &gt; 政府信息公开 &gt; 政府信息公开年报</div><h2>{escape(item.title)}</h2>'
            f'<p class="sub">发布时间：{item.day:%Y-%m-%d} 08:40　来源：{item.body.official_name}　阅读：<i></i>次</p>'
            f'<div class="con">{self.drawn(item)}{file}</div>',
        )
