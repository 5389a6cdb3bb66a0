# ruff: noqa: E501 - markup stands on one line, as pages have it
"""NFCMS: portal pages of the 广东 family (portals.md §4.4).

Habits: lists `…/xxgknb/index.html`, `index_2.html` (counted from 1) with rendered numbers and 下一页; documents
`…/content/post_N.html` without an index number, meta tags of 47号 with `PubDate` in Chinese form (§3.1), a
`<link id="canonical">`; a report also listed by its mobile twin `mpost_N.html` and once over https, though the
site speaks http only; a row of the column leads into another column's folder (政府工作报告, 中山); a row's title is
cut with … and whole in `title`; the last page of the second list is missing (§4.2: last page 404).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from tests.portals.gallery.base import GOV, STREET, TOWN, GallerySite, Item
from tests.portals.site import Reply, Request

SIZE = 8


class NfcmsPages(GallerySite):
    portal = "nfcms"
    host = "www.nfcms-pages.test"
    family = "nfcms"
    county_code = "990402"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        reports = self.reports()
        place = next(n for n, item in enumerate(reports) if item.body.kind == TOWN and item.year == 2024)
        reports[place] = replace(reports[place], attachment="2024年度报告.docx")
        return [*reports, *self.others()]

    def path_of(self, item: Item) -> str:
        number = 2_480_000 + item.serial
        if item.body.kind == STREET and item.year == 2023:
            return f"/gkz/ghtj/zfgzbg/content/post_{number}.html"  # filed in another column
        folder = "zjnb" if item.body.kind in {TOWN, STREET} else "xxgknb"
        return f"/zwgk/{folder}/content/post_{number}.html"

    def attachment_path_of(self, item: Item) -> str:
        return f"/attachment/0/26/{item.serial}/{2_480_000 + item.serial}.docx"

    def listed(self, folder: str) -> list[Item]:
        towns = folder == "zjnb"
        rows = [i for i in self.items if (i.body.kind in {TOWN, STREET}) == towns]
        pinned = [i for i in rows if i.body.kind == GOV and i.year == 2022]
        return [*pinned, *(i for i in self.newest_first(rows) if i not in pinned)]

    @property
    def lists(self) -> int:
        """Each page, and one that the pager names and nobody serves."""
        return sum(-(-len(self.listed(folder)) // SIZE) for folder in ("xxgknb", "zjnb")) + 1

    def reply(self, request: Request, host: str) -> Reply:
        head, _, name = request.path.rpartition("/")
        folder = head.rpartition("/")[2]
        if folder in {"xxgknb", "zjnb"} and (not name or name.startswith("index")):
            stem = name.removesuffix(".html").removeprefix("index")
            return self._list(folder, int(stem.lstrip("_") or 1))
        if item := self.files.get(request.path):
            return self.file(item)
        item = self.by_path.get(request.path.replace("/mpost_", "/post_"))
        return self._article(item) if item else self.missing()

    def _list(self, folder: str, page: int) -> Reply:
        items = self.listed(folder)
        last = -(-len(items) // SIZE)
        if not 1 <= page <= last:
            return self.missing()
        rows = "".join(self._row(item) for item in items[(page - 1) * SIZE : page * SIZE])
        if page == 1 and folder == "xxgknb":
            twin = next(item for item in items if item.year == 2024)
            rows += f'<li><a href="https://{self.host}{twin.path.replace("post_", "mpost_")}">{twin.title}（手机版）</a></li>'
        shown = last + 1 if folder == "zjnb" else last
        numbers = "".join(
            f'<a class="{"now" if n == page else ""}" href="http://{self.host}/zwgk/{folder}/index{f"_{n}" if n > 1 else ""}.html">{n}</a>'
            for n in range(1, shown + 1)
        )
        more = (
            f'<a class="next" href="/zwgk/{folder}/index_{page + 1}.html">下一页</a>' if page < shown else ""
        )
        return self._page(
            "政府信息公开年报", f'<ul class="news_list">{rows}</ul><div class="page">{numbers}{more}</div>'
        )

    def _row(self, item: Item) -> str:
        shown = item.title if len(item.title) <= 20 else f"{item.title[:18]}…"
        return (
            f'<li><span class="time">{item.day}</span><a target="_blank" title="{escape(item.title)}" '
            f'href="http://{self.host}{item.path}">{escape(shown)}</a></li>\n'
        )

    def _page(self, title: str, body: str, meta: str = "") -> Reply:
        return self.html(
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}-{self.name}政府门户网站</title>'
            f'<meta name="SiteName" content="{self.name}政府门户网站"><meta name="SiteDomain" content="{self.host}">'
            f'<meta name="ColumnName" content="政府信息公开年报"><meta name="ColumnType" content="信息公开年报">{meta}</head>'
            f'<body><div class="header"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>{body}'
            f'<div class="footer"><a href="/wzsm/content/post_1.html">网站声明</a> {self.name}样例单位主办</div></body></html>'
        )

    def _article(self, item: Item) -> Reply:
        day = f"{item.day:%Y年%m月%d日}"
        meta = (
            f'<meta name="ArticleTitle" content="{escape(item.title)}"><meta name="PubDate" content="{day}">'
            f'<meta name="ContentSource" content="{item.body.official_name}"><link id="canonical" href="{self.url(item.path)}">'
        )
        file = (
            f'<p><a href="http://{self.host}{item.attachment_path}" class="nfw-cms-attachment">{item.attachment}</a></p>'
            if item.attachment
            else ""
        )
        body = (
            f'<div class="content_title">{escape(item.title)}</div><div class="date">发布时间：{item.day} 来源：{item.body.official_name}</div>'
            f'<div class="news_cont_d_wrap">{self.drawn(item)}{file}</div>'
        )
        return self._page(item.title, body, meta)
