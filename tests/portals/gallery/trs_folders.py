# ruff: noqa: E501 - markup stands on one line, as pages have it
"""TRS WCM, columns of columns and further pages by POST search (portals.md §4.2).

The county's column is a page of year folders (`2021n/` 贵阳, `2020_504392/` 渝中, `2023_nb/` 柳北), some of which
hold lists and one of which holds folders of bodies (`qzfbgs/`); the newest folder holds reports of another year
than its name says (§1 no. 6), and a folder of guides stands among them. The subdistrict's column is of the avalon
kind: ten rows as a file, a template block that is no row, `recordCount`, and older rows only from
`/fjdzapp/search` (POST, JSON, further pages, addresses by the other scheme, marked titles, dates with a time).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape

from tests.portals.gallery.base import STREET, GallerySite, Item
from tests.portals.site import Reply, Request

ROOT = "/zwgk_229/zfxxgknan_ew/"
SEARCHED = "/jd/sljd/zfxxgk/zfxxgknb/"
SEARCH = "/fjdzapp/search"
STATIC = 10
# How the list's script asks for older rows (own words).
ASKS = """function more(page) {
  $.post(list_conf.url, {channelid: list_conf.channelid, classsql: list_conf.classsql, sortfield: list_conf.sortfield,
    prepage: list_conf.prepage, page: page}, function (answer) { list.draw(answer.data); }, 'json');
}
"""
BODIES = ("qzfbgs", "qczj", "yzz", "exx")
YEARS = {  # folder -> report years that it holds
    "2018n": (2018,),
    "2019n": (2019,),
    "2020_504392": (2020, 2021),
    "2022n": (2022,),
    "2023_nb": (2023, 2024, 2025),
}
SPLIT = "2023_nb"  # its rows stand in folders of bodies


class TrsFolders(GallerySite):
    portal = "trs_folders"
    host = "www.trs-folders.test"
    family = "trs"
    county_code = "990603"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        made = self.reports()
        street = next(item for item in made if item.body.kind == STREET)
        notices = [
            Item(
                f"示例街道{year}年第{n}次工作例会召开",
                date(year, n, 9),
                year * 10 + n,
                street.body,
                kind="news",
                lines=("样例。",),
            )
            for year in (2019, 2021, 2023, 2025)
            for n in (3, 9)
        ]
        return [*made, *notices, *[replace(o, body=street.body) for o in self.others()]]

    def folder_of(self, item: Item) -> str:
        if item.body.kind == STREET:
            return SEARCHED
        name = next(name for name, years in YEARS.items() if item.year in years)
        return f"{ROOT}{name}/" + (f"{BODIES[self.bodies.index(item.body)]}/" if name == SPLIT else "")

    def path_of(self, item: Item) -> str:
        return f"{self.folder_of(item)}{item.day:%Y%m}/t{item.day:%Y%m%d}_{item.serial}.htm"

    def listed(self, folder: str) -> list[Item]:
        return self.newest_first([item for item in self.items if self.folder_of(item) == folder])

    @property
    def sublists(self) -> int:
        """Live folders of the county's column: a routine crawl looks at each once."""
        return 2 + len(BODIES)

    @property
    def lists(self) -> int:
        return 1 + len(YEARS) + len(BODIES) + 2

    def reply(self, request: Request, host: str) -> Reply:
        path = request.path
        if path == SEARCH:
            return self._search(request)
        if path == "/fjdzapp/js/list_base.js":
            return Reply(ASKS.encode(), "application/javascript")
        if path in (ROOT, SEARCHED):
            return self._years() if path == ROOT else self._searched()
        if path.startswith(ROOT) and path.endswith(("/", "/index.html")):
            return self._folder(path.removesuffix("index.html"))
        item = self.by_path.get(path)
        return self._article(item) if item else self.missing()

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title><meta name="ColumnType" content="信息公开年报"></head>\n'
            f'<body><div class="position"><a href="/">首页</a>&gt;<a href="{ROOT}">政府信息公开年报</a></div>{self._menu()}\n{body}</body></html>'
        )

    def _menu(self) -> str:
        """The year folders, on every page of the column, with a link to the guides beside them."""
        links = "".join(
            f'<li><a href="{ROOT}{name}/">{name[:4]}年政府信息公开年报</a></li>' for name in YEARS
        )
        return f'<ul class="nav">{links}<li><a href="{ROOT}zn/">政府信息公开指南</a></li></ul>'

    def _years(self) -> Reply:
        return self._page("政府信息公开年报", '<div class="tips">请选择年度</div>')

    def _folder(self, path: str) -> Reply:
        if path == f"{ROOT}{SPLIT}/":
            names = dict(zip(BODIES, self.bodies, strict=False))
            links = "".join(
                f'<a href="./{name}/index.html" target="_blank">{body.short}</a>'
                for name, body in names.items()
            )
            return self._page("2023年", f'<div class="dw">{links}</div>')
        shown = self.listed(path)
        if not shown:
            return self.missing()
        rows = "".join(
            f'<li><a href="./{item.path.removeprefix(path)}">{escape(item.title)}</a><b>{item.day:%Y-%m-%d}</b></li>'
            for item in shown
        )
        return self._page(
            "年报", f'<ul class="tab-list">{rows}</ul><script>createPageHTML(1, 0, "index", "html");</script>'
        )

    def _searched(self) -> Reply:
        """The first rows as a file, then the block that a script would fill."""
        items = self.listed(SEARCHED)
        rows = "".join(
            f'<dl><dd><a href="./{item.path.removeprefix(SEARCHED)}" title="{escape(item.title)}">{escape(item.title)}</a></dd><dd>{item.day}</dd></dl>\n'
            for item in items[:STATIC]
        )
        template = (
            '<div ms-visible="!showStatic" style="display: none"><dl ms-if="list.length>0" ms-repeat="list"><dd>'
            '<a ms-attr-href="el.chnldocurl" ms-attr-title="el.doctitle" ms-text="el.doctitle|html" target="_blank"></a></dd>'
            "<dd ms-text=\"el.docreltime|date('yyyy-MM-dd')\"></dd></dl></div>"
        )
        script = (
            f"<script>var list_conf = {{ url: '{SEARCH}', channelid: '229105', classsql: 'chnlid=39794', sortfield: '-docorderpri,-docreltime', "
            f"recordCount: '{len(items)}', prepage: {STATIC} }};</script><script src='/fjdzapp/js/list_base.js'></script>"
        )
        return self._page(
            "示例街道年报",
            f'<div ms-visible="showStatic">{rows}</div>{template}<div class="page_base" ms-controller="list_pagebar"></div>{script}',
        )

    def _search(self, request: Request) -> Reply:
        if request.method != "POST" or request.query.get("classsql") != "chnlid=39794":
            return Reply(b'{"data":[],"pageCount":0}', "application/json")
        items, size, number = self.listed(SEARCHED), int(request.query["prepage"]), int(request.query["page"])
        data = [
            {
                "doctitle": item.title.replace("年度报告", "<em>年度报告</em>"),
                "chnldocurl": f"https://{self.host}{item.path}",
                "docreltime": f"{item.day} 09:00:00",
            }
            for item in items[(number - 1) * size : number * size]
        ]
        answer = {"data": data, "count": str(len(items)), "pageCount": -(-len(items) // size)}
        return Reply(
            ("\r\n" + json.dumps(answer, ensure_ascii=False)).encode(), "application/json;charset=UTF-8"
        )

    def _article(self, item: Item) -> Reply:
        body = f'<div class="Article_xx"><table><tr><td>发布机构</td><td>{escape(item.body.official_name)}</td><td>发布日期</td><td>{item.day}</td></tr></table></div>'
        return self._page(
            item.title, f'<h1>{escape(item.title)}</h1>{body}<div class="TRS_Editor">{self.drawn(item)}</div>'
        )
