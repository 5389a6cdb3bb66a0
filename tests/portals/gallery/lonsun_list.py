# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Lonsun, list fragments (portals.md §4.5).

Habits: the column page holds no row, its script asks `/site/label/8888` for a fragment; each row is a
`div.xxgk_navli` of its own with [1] index number, [2] title, [3] date; `Ls.pagination` tells `pageCount`;
the cookie of the first load is needed for a fragment (祁门). The townships' column is `/content/column/ID`,
rows `ul.xxgk_nav_list` with `span.syh`, pages by `?pageIndex=n`. Details: `table.table_suoyin`, labels split
by tags (安徽), attachments `/group6/M00/…`. Long titles are cut with … (§5); one row is pinned (§10); one
leads to another host (§10); the catalogue of type 4 holds reports only where an editor misfiled them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape

from tests.portals.gallery.base import GOV, TOWN, Body, GallerySite, Item
from tests.portals.site import Reply, Request

SITE_ID, CATEGORY, TOWNS = "6790001", "6718001", "7001"
SIZE = 9
COOKIE = "SHIROJSESSIONID"
UNITS = {0: "00298627-2", 1: "00298630-1", 2: "00298641-6", 3: "00298657-1", 4: "00298660-0"}


class LonsunList(GallerySite):
    portal = "lonsun_list"
    host = "zwgk.lonsun-list.test"
    family = "lonsun"
    county_code = "990501"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        reports = self.reports()
        reports[4] = replace(reports[4], attachment="年度报告.docx")
        return [*reports, *self.others()]

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"{UNITS[int(body.code[-2:])]}/{day:%Y%m}-{serial:05}"

    def path_of(self, item: Item) -> str:
        return f"/public/{item.body.key}/{11_700_000 + item.serial}.html"

    def attachment_path_of(self, item: Item) -> str:
        return f"/group6/M00/0A/7D/rBYCh{item.serial}.docx"

    # --- what stands where -------------------------------------------------------------------------------

    def listed(self, towns: bool) -> list[Item]:
        rows = [i for i in self.items if (i.body.kind == TOWN) == towns]
        if towns:
            return self.newest_first(rows)
        pinned = [i for i in rows if i.body.kind == GOV and i.year == 2021]
        return [*pinned, *(i for i in self.newest_first(rows) if i not in pinned)]

    @property
    def lists(self) -> int:
        return 1 + self._pages(False) + self._pages(True)

    def _pages(self, towns: bool) -> int:
        return -(-len(self.listed(towns)) // SIZE)

    # --- answers -----------------------------------------------------------------------------------------

    def robots(self) -> Reply:
        return replace(super().robots(), headers=self._given())

    def reply(self, request: Request, host: str) -> Reply:
        known = COOKIE in request.headers.get("cookie", "")
        answer = self._reply(request, known)
        return answer if known else replace(answer, headers=(*answer.headers, *self._given()))

    def _given(self) -> tuple[tuple[str, str], ...]:
        return (("Set-Cookie", f"{COOKIE}=a81f; Path=/; HttpOnly"),)

    def _reply(self, request: Request, known: bool) -> Reply:
        query = request.query
        if request.path == "/public/column/5960" and query.get("catId") == CATEGORY:
            return self._column()
        if request.path == "/site/label/8888":
            return self._fragment(int(query.get("pageIndex", "1"))) if known else self._refused()
        if request.path == f"/content/column/{TOWNS}":
            return self._towns(int(query.get("pageIndex", "1")))
        if item := self.files.get(request.path):
            return self.file(item)
        if item := self.by_path.get(request.path):
            return self._article(item)
        return self.missing()

    def _refused(self) -> Reply:
        return self.html('<div class="tip">请求已失效，请刷新页面后重试</div>')

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="SiteId" content="{SITE_ID}">'
            f"<title>{escape(title)}_{self.name}人民政府信息公开</title>"
            '<script src="/assets/js/ls.min.js"></script></head><body>'
            '<div id="header"><ul class="nav"><li><a href="/">首页</a></li>'
            '<li><a href="/public/column/5960?type=2&amp;publicType=gkzn">信息公开指南</a></li></ul></div>'
            f'<div class="main_content">{body}</div>'
            f'<div id="footer">主办单位：{self.name}样例单位</div></body></html>'
        )

    def _column(self) -> Reply:
        organs = "".join(
            f'<li><a href="/public/column/{body.key}?type=4&amp;action=list">{body.short}</a></li>'
            for body in self.bodies
        )
        script = (
            '<script>function getList(pageIndex){Ls.ajax({dataType:"html",url:"/site/label/8888",data:{'
            f'labelName:"publicInfoList",siteId:"{SITE_ID}",pageSize:"{SIZE}",pageIndex:pageIndex,action:"list",'
            f'isDate:"true",dateFormat:"yyyy-MM-dd",length:"24",organId:"5960",type:"4",catId:"{CATEGORY}",'
            'cId:"",result:"暂无相关信息",file:"/xxgk/publicInfoList_newest2020"}})'
            '.done(function(html){$("#xxgk_lmcon").html(html);});}getList(1);</script>'
        )
        news = "<script>Ls.ajax({url:'/site/label/8888?labelName=newsList&siteId=1&num=6'});</script>"
        return self._page(
            "政府信息公开年报",
            f'<ul class="organ_tree">{organs}</ul><div id="xxgk_lmcon"></div>{news}{script}',
        )

    def _fragment(self, page: int) -> Reply:
        items = self.listed(False)
        rows = "".join(
            self._row(place, item)
            for place, item in enumerate(items[(page - 1) * SIZE : page * SIZE], (page - 1) * SIZE + 1)
        )
        if page == 1:
            rows += (
                '<div class="xxgk_navli"><ul><li class="num">-</li><li class="syh"></li>'
                '<li><a href="http://www.lonsun-province.test/public/1/2.html" title="全省政府网站工作年度报表">'
                "全省政府网站工作年度报表</a></li><li>2026-03-20</li></ul></div>"
            )
        rows = rows or "暂无相关信息"
        return self.html(
            f'{rows}<div id="page_public_info"></div><script>Ls.pagination("#page_public_info",'
            f"function(pageIndex){{getList(pageIndex);}},{{currentPage:{page},pageCount:{self._pages(False)},"
            "showPageInfo:true});</script>"
        )

    def _row(self, place: int, item: Item) -> str:
        shown = item.title if len(item.title) <= 18 else item.title[:17] + "..."
        top = '<em class="top">[置顶]</em>' if place == 1 else ""
        return (
            f'<div class="xxgk_navli"><ul class="clear"><li class="num">{place}</li>'
            f'<li class="syh">{item.index_number or ""}</li>'
            f'<li class="mc">{top}<a href="{item.path}" target="_blank" title="{escape(item.title)}">{shown}</a></li>'
            f'<li class="fbrq">{item.day}</li></ul></div>\n'
        )

    def _towns(self, page: int) -> Reply:
        items = self.listed(True)
        rows = "".join(
            f"<li><span class='syh'>{item.index_number or ''}</span>"
            f"<A HREF='//{self.host}{item.path}' title='{escape(item.title)}'>{item.title}</A>"
            f"<span class='date'>\n\t\t{item.day}\n</span></li>"
            for item in items[(page - 1) * SIZE : page * SIZE]
        )
        pager = f"<script>Ls.pagination('.page', function(pageIndex){{location.href='/content/column/{TOWNS}?pageIndex='+pageIndex}}, {{ pageCount : {self._pages(True)}, currentPage : {page} }})</script>"
        return self._page(
            "乡镇年报", f'<ul class="clearfix xxgk_nav_list">{rows}</ul><div class="page"></div>{pager}'
        )

    def _article(self, item: Item) -> Reply:
        day = f"{item.day:%Y-%m-%d}"
        index = item.index_number or ""
        suoyin = (
            '<table class="table_suoyin" width="100%"><tbody>'
            f'<tr><td class="pmingcheng"><i>索</i><i>引</i><i>号：</i></td><td>{index}</td>'
            '<td class="pmingcheng">信息分类：</td><td>政府信息公开年报</td></tr>'
            f'<tr><td class="pmingcheng">发布机构：</td><td>{item.body.official_name}</td>'
            f'<td class="pmingcheng">成文日期：</td><td>{day}</td></tr>'
            f'<tr><td class="pmingcheng">发布日期：</td><td>{day} 09:12</td>'
            '<td class="pmingcheng">文号：</td><td></td></tr>'
            f'<tr><td class="pmingcheng">信息名称：</td><td>{escape(item.title)}</td>'
            '<td class="pmingcheng">有效性：</td><td>有效</td></tr></tbody></table>'
        )
        files = (
            f'<p>附件：<a href="{item.attachment_path}">{item.attachment}</a></p>' if item.attachment else ""
        )
        return self._page(
            item.title,
            f'{suoyin}<h1 class="newstitle">{escape(item.title)}</h1>'
            f'<div class="j-fontContent newscontnet minh500">{self.drawn(item)}{files}</div>',
        )
