# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Hanweb jpaas (portals.md §4.1 c): units of HTML inside JSON, paged by `paramJson` only.

Government: a column page without rows, two units on it (a menu beside the list), `queryData` in single quotes inside
double ones; the answer is JSON with \\u escapes. Townships: the page is built statically and holds its first rows under
`div.pagination rows= count=`, `queryData` as JSON with entities; the second page only through `paramJson`, a bare
`pageNo` is ignored. Department: the unit answers no success, the page's own rows are the list. Addresses
`/<path>/art/2026/art_<32 hex>.html` and `/col/colN/art/…`. Report pages with the three label sets of 泰州 (分类 信息公开年报,
文号 and 时效 blank), 靖江 (发布单位 is not the author) and 平川 (发布机构 blank, 所属机构 beside it).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from hashlib import md5
from html import escape

from tests.portals.gallery.base import DEP, GOV, TOWN, Body, GallerySite, Item
from tests.portals.site import Reply, Request

API = "/api-gateway/jpaas-publish-server/front/page/build/unit"
SIZE = 5
FOLDERS = {GOV: "/zfxxgk/zfxxgknb/", DEP: "/col/col1229850/"}
TOWNS = "/zfxxgk/xzjd/zfxxgknb/"
# How the script of such pages asks for a further page of a unit (own words).
BUILD = """function turn(unit, pageNo, pageSize) {
  var query = eval('(' + $(unit).attr('queryData') + ')');
  query.paramJson = JSON.stringify({pageNo: pageNo, pageSize: pageSize});
  $.get($(unit).attr('url'), query, function (answer) { $(unit).html(answer.data.html); });
}
"""


class HanwebJpaas(GallerySite):
    portal = "hanweb_jpaas"
    host = "www.hanweb-jpaas.test"
    family = "hanweb"
    county_code = "990103"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        return [*self.reports(range(2020, 2026)), *self.others()]

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"014421391/{day.year}-{200000 + serial}"  # one prefix for the site, a serial of six digits

    def folder(self, item: Item) -> str:
        return FOLDERS.get(item.body.kind, TOWNS)

    def path_of(self, item: Item) -> str:
        name = md5(f"{item.title}{item.serial}".encode(), usedforsecurity=False).hexdigest()
        return f"{self.folder(item)}art/{item.day.year}/art_{name}.html"

    @property
    def lists(self) -> int:
        """The government's page and units, the townships' page and units, the department's page, unit and page."""
        government, towns = (len(self.listed(folder)) for folder in (FOLDERS[GOV], TOWNS))
        return 1 + -(-government // SIZE) + -(-towns // SIZE) + 2

    def listed(self, folder: str) -> list[Item]:
        return self.newest_first([i for i in self.items if self.folder(i) == folder])

    def reply(self, request: Request, host: str) -> Reply:
        if request.path == API:
            return self._unit(request)
        if request.path == "/script/jpaas/unitbuild.js":
            return Reply(BUILD.encode(), "application/javascript")
        if request.path == f"{FOLDERS[GOV]}index.html":
            menu = self._query("menu", "导航", "p1")
            return self._page(
                "政府信息公开年报",
                f"<div {menu}></div><div {self._query('gov', '当前栏目list', 'p1')}></div>",
            )
        if request.path == f"{TOWNS}index.html":
            query = json.dumps(
                {
                    "webId": "w9",
                    "pageId": "p2",
                    "parseType": "bulidstatic",
                    "pageType": "column",
                    "tagId": "信息列表",
                    "tplSetId": "towns",
                }
            )
            unit = f"<div querydata='{escape(query)}' url='{API}'>{self._list(TOWNS, 1)}</div>"
            return self._page("乡镇街道年报", unit)
        if request.path == f"{FOLDERS[DEP]}index.html":
            rows = "".join(self._row(item) for item in self.listed(FOLDERS[DEP]))
            return self._page("财政局年报", f"<div {self._query('none', 'list', 'p3')}></div><ul>{rows}</ul>")
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    def _query(self, unit: str, tag: str, page: str) -> str:
        fields = f"{{'webId':'w9','pageId':'{page}','parseType':'bulidstatic','pageType':'column','tagId':'{tag}','tplSetId':'{unit}'}}"
        return f'class="unit" queryData="{fields}" url="{API}"'

    def _unit(self, request: Request) -> Reply:
        """One page of a unit: `paramJson` says which, anything else is not listened to."""
        query = request.query
        number = int(json.loads(query.get("paramJson") or '{"pageNo":1}')["pageNo"])
        folder = {"gov": FOLDERS[GOV], "towns": TOWNS}.get(query.get("tplSetId", ""))
        if folder is None:
            return self._json({"success": False, "message": "没有该单元", "data": None})
        return self._json({"success": True, "code": 200, "data": {"html": self._list(folder, number)}})

    def _json(self, answer: dict[str, object]) -> Reply:
        return Reply(json.dumps(answer).encode(), "application/json;charset=UTF-8")

    def _list(self, folder: str, number: int) -> str:
        rows = self.listed(folder)
        shown = "".join(self._row(item) for item in rows[(number - 1) * SIZE : number * SIZE])
        return f'<ul class="list">{shown}</ul><div rows="{SIZE}" count="{len(rows)}" class="m-page pagination"></div>'

    def _row(self, item: Item) -> str:
        href = "." + item.path.removeprefix(self.folder(item).rstrip("/")) if item.serial % 2 else item.path
        return f'<li class="clearfix"><a href="{href}" onclick="stat(this)">{escape(item.title)}</a><span>{item.day}</span></li>'

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f"<!DOCTYPE html><html><head><title>{escape(title)}</title></head><body><div class='header'><a href='/'>首页</a></div>"
            f"{body}<div class='footer'>样例单位主办</div><script src='/script/jpaas/unitbuild.js'></script></body></html>"
        )

    def _article(self, item: Item) -> Reply:
        who, number = item.body.official_name, item.index_number or ""
        if item.body.kind == TOWN:  # 泰州
            cells = f"<li><b>索引号：</b>{number}</li><li><b>分类：</b>信息公开年报</li><li><b>发布机构：</b>{who}</li><li><b>发文日期：</b>{item.day}</li><li><b>文号：</b></li><li><b>时效：</b></li>"
            block = f'<ul class="xxgk_top">{cells}</ul>'
        elif item.body.kind == DEP:  # 靖江
            block = (
                f"<table><tr><th>索引号</th><td>{number}</td><th>主题分类</th><td>综合政务</td></tr><tr><th>发布单位</th><td>{self.county}政府办</td><th>发文日期</th><td>{item.day}</td></tr>"
                "<tr><th>文号</th><td></td><th>时效</th><td></td></tr></table>"
            )
        else:  # 平川
            block = (
                f"<table><tr><td>索引号：</td><td>{number}</td><td>生成日期：</td><td>{item.day}</td></tr><tr><td>文号：</td><td></td><td>关键字：</td><td></td></tr>"
                f"<tr><td>所属机构：</td><td>{self.county}政府办</td><td>发布机构：</td><td></td></tr></table>"
            )
        return self._page(
            item.title,
            f'<h1>{escape(item.title)}</h1>{block}<div class="article-content">{self.drawn(item)}</div>',
        )
