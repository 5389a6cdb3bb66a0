# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Epoint, shells around files (portals.md §4.8): `/govxxgk/<18-char code>/`.

The county's column is `openSubPage.html?specialurl=…/govlist.html&righttitle=信息公开年度报告`, an outer page whose
list is the `govlist.html` (许昌); the organs' lists are the same file under each organ's code, so one route column
covers them. Lists page by `?pageIndex=2` behind a 下一页 link. The code is the number's prefix too. What is not
there answers 200 with the title 您访问的页面不存在 and the site's news; meta tags keep placeholders of the template,
some inside a comment that is never closed (§3.1). One report is only an attachment behind `attachGuid`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from uuid import UUID, uuid5

from tests.portals.gallery.base import TOWN, Body, GallerySite, Item
from tests.portals.site import Reply, Request

CODES = (
    "119906140099060013",
    "1199061400990601XT",
    "11990614009906028T",
    "11990614009906036M",
    "11990614009906044G",
)
LIST = "/category/035/035001/govlist.html"
SPACE = UUID("00000000-0000-0000-0000-000000990604")
PAGE = 4


class EpointStatic(GallerySite):
    portal = "epoint_static"
    host = "www.epoint-static.test"
    family = "epoint"
    county_code = "990614"
    name = "示例县（样例）"

    def key_of(self, place: int) -> str:
        return CODES[place]

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"{body.key}/{day.year}-{serial % 100000:05}"

    def planted(self) -> Sequence[Item]:
        made = self.reports()
        filed = next(item for item in made if item.body.kind == TOWN and item.year == 2022)
        made[made.index(filed)] = replace(filed, attachment="年度报告.docx")
        return [*made, *self.others()]

    def path_of(self, item: Item) -> str:
        return f"/govxxgk/{item.body.key}/{item.day}/{uuid5(SPACE, str(item.serial))}.html"

    def attachment_path_of(self, item: Item) -> str:
        return (
            f"/EWB-FRONT/frame/base/attach/attachdown.jspx?attachGuid={uuid5(SPACE, f'file {item.serial}')}"
        )

    def listed(self, code: str) -> list[Item]:
        return self.newest_first([item for item in self.items if item.body.key == code])

    @property
    def sublists(self) -> int:
        """The route column is a list for each organ."""
        return len(CODES) - 2

    @property
    def lists(self) -> int:
        return sum(-(-len(self.listed(code)) // PAGE) for code in CODES)

    def entrances(self) -> Sequence[tuple[str, str]]:
        """The county's column, and each organ's own list under its name."""
        organs = [(f"/govxxgk/{body.key}{LIST}", f"{body.short}信息公开年度报告") for body in self.bodies[1:]]
        return [super().entrances()[0], *organs]

    def reply(self, request: Request, host: str) -> Reply:
        whole = f"{request.path}?{request.raw_query}" if request.raw_query else request.path
        if whole in self.files:
            return self.file(self.files[whole])
        for code in CODES:
            if request.path == f"/govxxgk/{code}{LIST}":
                return self._list(code, int(request.query.get("pageIndex", "1")))
            if request.path == f"/govxxgk/{code}/openSubPage.html":
                return self._page(
                    "信息公开",
                    '<iframe id="main" width="100%"></iframe><script src="/js/openSubPage.js"></script>',
                )
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    def missing(self) -> Reply:
        news = "".join(f'<li><a href="{item.path}">{item.title}</a></li>' for item in self.items[:3])
        return self._page(
            "您访问的页面不存在", f'<div class="err">您访问的页面不存在</div><ul class="news">{news}</ul>'
        )

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"/><title>{escape(title)}</title>\n<meta name="SiteName" content="网站名称"/>\n'
            f'<meta name="ColumnName" content="栏目名称"/></head>\n<body><div class="ewb-header"><a href="/">首页</a></div>\n{body}\n'
            '<div class="ewb-footer">样例</div></body></html>\n<!--<meta name="SiteIDCode" content="标识码">'
        )

    def _list(self, code: str, number: int) -> Reply:
        items = self.listed(code)
        shown = items[(number - 1) * PAGE : number * PAGE]
        if not shown:
            return self.missing()
        rows = "".join(
            f'<li class="ewb-list-node clearfix"><a class="ewb-list-name l" href="{item.path}" title="{escape(item.title)}" target="_blank">{escape(item.title[:18])}…</a>'
            f'<span class="ewb-list-date r">{item.day}</span></li>'
            for item in shown
        )
        here = f"/govxxgk/{code}{LIST}"
        last = -(-len(items) // PAGE)
        following = (
            f'<li><a href="{here}?pageIndex={number + 1}">下一页</a></li>'
            if number < last
            else '<li><a class="disabled">下一页</a></li>'
        )
        pager = f'<div class="ewb-page"><ul class="m-pagination-page">{following}</ul><span>共{last}页</span></div>'
        return self._page("信息公开年度报告", f'<ul id="govinfolist" class="ewb-list">{rows}</ul>{pager}')

    def _article(self, item: Item) -> Reply:
        body = self.drawn(item)
        if item.attachment:
            body = f'<p>附件：<a href="{item.attachment_path}" target="_blank">{item.attachment}</a></p>'
        return self._page(
            item.title,
            f'<table class="ewb-table"><tr><td>索引号</td><td>{item.index_number or ""}</td><td>发布机构</td><td>{escape(item.body.official_name)}</td></tr>'
            f"<tr><td>生成日期</td><td>{item.day}</td><td>公开日期</td><td>{item.day}</td></tr></table>"
            f'<h2 class="ewb-article-tt">{escape(item.title)}</h2><div class="ewb-article-info">{body}</div>',
        )
