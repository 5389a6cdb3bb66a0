# ruff: noqa: E501 - markup stands on one line, as pages have it
"""No family: a journal as static site generators write it (portals.md §3.3, §4.9; none of its shapes is a known one).

Everything is an entry of a journal. The home page shows entries and two shelves; the shelf of reports goes on under
`page/2/` behind a link that says 更早, entries stand in `article > header > h2 > a` with the day in words inside `<time>`;
the shelf's tags beside it are no lists of reports. Addresses are words and end in a slash. An entry's body stands in
`<section class="prose">`, its author in a line under the title; one report is only a file beside its entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from tests.portals.gallery.base import TOWN, GallerySite, Item
from tests.portals.site import Reply, Request

SHELF = "/shelf/gongkai-nianbao/"
SIZE = 9


class AnyJournal(GallerySite):
    portal = "any_journal"
    host = "www.any-journal.test"
    family = "generic"
    county_code = "990901"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        made = self.reports()
        filed = next(item for item in made if item.body.kind == TOWN and item.year == 2022)
        made[made.index(filed)] = replace(filed, attachment="年度报告.docx")
        return [*made, *self.others()]

    def path_of(self, item: Item) -> str:
        return f"/entry/{item.kind.replace('_', '-')}-{item.serial}-of-{item.body.key}/"

    def attachment_path_of(self, item: Item) -> str:
        return f"/static/papers/{item.serial}.docx"

    @property
    def lists(self) -> int:
        return -(-len(self.items) // SIZE)

    def reply(self, request: Request, host: str) -> Reply:
        if request.path.startswith(SHELF):
            number = request.path.removeprefix(SHELF).removeprefix("page/").rstrip("/") or "1"
            return self._shelf(int(number)) if number.isdigit() else self.missing()
        if item := self.files.get(request.path):
            return self.file(item)
        item = self.by_path.get(request.path)
        return self._entry(item) if item else self.missing()

    def home(self) -> Reply:
        news = "".join(
            f'<article><h2><a href="/entry/walk-{n}/">河道整治进展（样例）{n}</a></h2></article>'
            for n in range(4)
        )
        shelves = f'<a href="/shelf/yaowen/">要闻</a> · <a href="{SHELF}">信息公开年度报告</a> · <a href="/shelf/zhinan/">信息公开指南</a>'
        return self._page("首页", f'<main>{news}</main><aside><p class="shelves">{shelves}</p></aside>')

    def _shelf(self, number: int) -> Reply:
        items = self.newest_first(self.items)
        shown = items[(number - 1) * SIZE : number * SIZE]
        if not shown:
            return self.missing()
        entries = "".join(
            f'<article class="e"><header><h2><a href="{i.path}" rel="bookmark">{escape(i.title)}</a></h2><p>写于 <time datetime="{i.day}T08:00:00+08:00">{i.day.year} 年 {i.day.month} 月 {i.day.day} 日</time></p></header></article>'
            for i in shown
        )
        older = (
            f'<a class="older" href="{SHELF}page/{number + 1}/">更早 →</a>'
            if number * SIZE < len(items)
            else ""
        )
        newer = (
            f'<a href="{SHELF}{f"page/{number - 1}/" if number > 2 else ""}">← 更新</a>' if number > 1 else ""
        )
        tags = '<p class="tags"><a href="/tag/gongkai/">#公开</a> <a href="/tag/caizheng/">#财政</a></p>'
        return self._page(
            "信息公开年度报告", f"<main>{entries}<p>{newer} {older}</p></main><aside>{tags}</aside>"
        )

    def _entry(self, item: Item) -> Reply:
        link = (
            f'<p>全文：<a href="{item.attachment_path}">{item.attachment}</a></p>' if item.attachment else ""
        )
        return self._page(
            item.title,
            f'<main><article><h1>{escape(item.title)}</h1><p class="by">发布机构：{item.body.official_name}　发布日期：{item.day}</p><section class="prose">{self.drawn(item)}{link}</section></article></main>',
        )

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{escape(title)} — {self.county}人民政府</title>'
            f'<body><header><a href="/">{self.county}人民政府</a></header>{body}<footer>样例单位 示例</footer></body></html>'
        )
