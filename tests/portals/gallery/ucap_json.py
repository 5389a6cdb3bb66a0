# ruff: noqa: E501 - markup stands on one line, as pages have it
"""UCAP (portals.md §4.3): lists as JSON and as files.

Government and department: `zfxxgk_gknbz.shtml` with `<meta name="channel" … channelId=…>`, more rows only as JSON at
`/common/search/<channelId>` after a BOM, five at a time whatever `_pageSize` says: protocol-relative addresses,
`domainMetaList` with `syh`, `resList`. Townships: `list.shtml`, `list_2.shtml`, counted from 1, a menu template that must
yield no rows, `/cols/YYYY/M/D/` addresses of 四川's older pages. `xxgk_gknb_list.shtml` lists 指南, whatever its name says
(汉中). Pages: 名称 blank, 文号 `〔〕号`, one prefix for county and towns (乌恰), `div.meta-main` with `div.mes.syh`, a report
that is only a scan, one whose body is a file that only the JSON names. Dead pages answer 200.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import md5
from html import escape

from tests.portals.gallery.base import DEP, GOV, STREET, Body, GallerySite, Item
from tests.portals.site import Reply, Request

CHANNEL = "5c0de9d2f0a94b0f8b1c"
SIZE = 5
TOWN_ROWS = 4
# How the page's script asks for further rows (own words).
ASKS = """var channelId = $('meta[name=channel]').attr('channelId');
function load(page) {
  $.getJSON('/common/search/' + channelId + '?_isAgg=true&_isJson=true&_pageSize=5&_template=index&page=' + page, draw);
}
"""
OLD = date(2021, 6, 1)  # before, addresses had the day in folders


class UcapJson(GallerySite):
    portal = "ucap_json"
    host = "www.ucap-json.test"
    family = "ucap"
    county_code = "990301"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        reports = self.reports()
        last = max((i for i in reports if i.body.kind == DEP), key=lambda i: i.day)
        return [replace(i, attachment="年报.docx") if i is last else i for i in reports] + self.others()

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"K45899617/{day.year}-{serial % 100000:05}"

    def column(self, item: Item) -> str:
        if item.kind == "guide":
            return "c128572"
        return "c128570" if item.body.kind in (GOV, DEP) else "c128571"

    def path_of(self, item: Item) -> str:
        name = md5(f"{item.title}{item.serial}".encode(), usedforsecurity=False).hexdigest()
        if self.column(item) == "c128571" and item.day < OLD:
            return f"/cols/{item.day.year}/{item.day.month}/{item.day.day}/{name}.shtml"
        return f"/sszf/{self.column(item)}/{item.day:%Y%m}/{name}.shtml"

    def attachment_path_of(self, item: Item) -> str:
        return f"/sszf/{self.column(item)}/{item.day:%Y%m}/files/{item.serial:032x}.docx"

    def scan(self, item: Item) -> bool:
        return item.body.kind == STREET and item.year == 2022

    @property
    def lists(self) -> int:
        return 2 + -(-len(self.listed("c128570")) // SIZE) + -(-len(self.listed("c128571")) // TOWN_ROWS)

    def listed(self, column: str) -> list[Item]:
        return self.newest_first([i for i in self.items if self.column(i) == column])

    def reply(self, request: Request, host: str) -> Reply:
        if request.path == f"/common/search/{CHANNEL}":
            return self._json(request)
        if request.path == "/sszf/xhtml/js/list.js":
            return Reply(ASKS.encode(), "application/javascript")
        if request.path == "/sszf/c128570/zfxxgk_gknbz.shtml":
            shown = "".join(self._row(i) for i in self.listed("c128570")[:SIZE])
            meta = f"<META channelId='{CHANNEL}' channelname='政府信息公开年报' name='channel'/>"
            return self._page(
                "政府信息公开年报",
                f'<div class="gknr_list"><dl>{shown}</dl></div><div id="page_div"></div><script src="/sszf/xhtml/js/list.js"></script>',
                meta,
            )
        if request.path == "/sszf/c128572/xxgk_gknb_list.shtml":
            shown = "".join(self._row(i) for i in self.listed("c128572"))
            return self._page("政府信息公开指南", f'<div class="gknr_list"><dl>{shown}</dl></div>')
        for number in range(1, 20):
            if request.path == f"/sszf/c128571/list{'' if number == 1 else f'_{number}'}.shtml":
                return self._towns(number)
        if request.path in self.files:
            return self.file(self.files[request.path])
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    def missing(self) -> Reply:
        return self._page("提示", "<div class='tip'>抱歉，您访问的页面不存在</div>")

    # --- lists -------------------------------------------------------------------------------------------

    def _towns(self, number: int) -> Reply:
        rows = self.listed("c128571")
        pages = -(-len(rows) // TOWN_ROWS)
        if number > pages:
            return self.missing()
        shown = "".join(self._row(i) for i in rows[(number - 1) * TOWN_ROWS : number * TOWN_ROWS])
        template = "<script type='text/template' id='tpl'><dd><a href='{{url}}' title='{{title}}'>{{title}}</a></dd></script>"
        pager = (
            f"<script>createPageHTML('page_div', {pages}, {number}, 'list', 'shtml', {len(rows)});</script>"
        )
        return self._page("乡镇街道年报", f'{template}<div class="gknr_list"><dl>{shown}</dl></div>{pager}')

    def _row(self, item: Item) -> str:
        title = escape(item.title)
        cut = title if len(title) < 17 else f"{title[:15]}……"
        near = item.path.removeprefix(f"/sszf/{self.column(item)}/")
        return f'<dd><a HREF="{near}" onclick="" title="{title}">{cut}</a><span>{item.day}</span></dd>\n'

    def _json(self, request: Request) -> Reply:
        query = request.query
        number, rows = int(query.get("page") or 1), self.listed("c128570")
        size = min(int(query.get("_pageSize") or SIZE), SIZE)
        if query.get("_isJson") != "true":
            return self._page("检索", "<div></div>")
        results = [
            {
                "title": item.title.replace("年度报告", "<em>年度报告</em>"),
                "url": f"//{self.host}{item.path}",
                "publishedTimeStr": f"{item.day} 10:20:30",
                "channelName": "政府信息公开年报",
                "content": None,
                "resList": [{"fileName": item.attachment, "filePath": item.attachment_path, "resId": "7"}]
                if item.attachment
                else [],
                "domainMetaList": [
                    {
                        "domainMetadataName": "政府信息公开",
                        "resultList": [
                            {"name": "索引号", "key": "syh", "value": item.index_number or ""},
                            {"name": "文号", "key": "wh", "value": "null"},
                            {"name": "发布机构", "key": "fbjg", "value": item.body.official_name},
                        ],
                    }
                ],
            }
            for item in rows[(number - 1) * size : number * size]
        ]
        answer = {"code": 200, "data": {"page": number, "rows": size, "total": len(rows), "results": results}}
        return Reply(("\ufeff\r\n" + json.dumps(answer)).encode(), "application/json;charset=utf-8")

    # --- drawing -----------------------------------------------------------------------------------------

    def _page(self, title: str, body: str, metas: str = "") -> Reply:
        return self.html(
            f'<!DOCTYPE html><html lang="zh"><head><title>{escape(title)}</title>{metas}</head><body><div class="header"><a href="/">首页</a></div>'
            f'<div class="main">{body}</div><div class="footer">样例单位</div><script src="/cms-access-service/access/views"></script></body></html>'
        )

    def _article(self, item: Item) -> Reply:
        number, who = item.index_number or "", item.body.official_name
        if item.body.kind == GOV:  # 乌恰: a table
            head = (
                f"<table class='xxgk'><tr><td>索 引 号</td><td>{number}</td><td>主题分类</td><td>政府信息公开年报</td></tr><tr><td>发布机构</td><td>{who}</td><td>发布日期</td><td>{item.day}</td></tr>"
                "<tr><td>名 称</td><td></td><td>文 号</td><td>〔〕号</td></tr><tr><td>有 效 性</td><td></td><td>来 源</td><td></td></tr></table>"
            )
        elif item.body.kind == DEP:
            head = f'<div class="meta-main"><ul><li>索引号：<div class="mes syh">{number}</div></li><li>发布机构：<div class="mes">{who}</div></li><li>成文日期：<div class="mes cwrq">{item.day}</div></li></ul></div>'
        else:
            head = f'<ul class="clearfix"><li>索 引 号：{number}</li><li>发布机构：{who}</li><li>发布日期：{item.day} 20:34</li></ul>'
        body = (
            "<p><img src='/sszf/scan/1.jpg'/></p><p><img src='/sszf/scan/2.jpg'/></p>"
            if self.scan(item)
            else self.drawn(item)
        )
        meta = f'<meta name="manuscript" manuscriptId="{item.serial}"/><meta name="ArticleTitle" content="{escape(item.title)}"/>'
        text = f'{head}<div class="gknbxq_top"><h2>{escape(item.title)}</h2></div><div class="gknbxq_detail">{body}</div>'
        return self._page(item.title, text, meta)
