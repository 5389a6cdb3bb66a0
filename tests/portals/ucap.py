# ruff: noqa: E501 - markup stands on one line, as pages have it
"""樟树（样例）: a UCAP portal (portals.md §4.3).

Shapes and habits: `zfxxgk_gknbz.shtml` whose meta names the channelId; further rows only from the JSON list
`/common/search/<channelId>` with protocol-relative addresses and `domainMetaList`; report pages under a month
folder and 32 hex digits, with `label：value` items and no 索引号; a layout table around the body; robots.txt 404.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import escape

from tests.portals.planted import Column, Report
from tests.portals.site import Entry, Reply, Request, Site, list_day, page_day, render

FIRST_ROWS = 10
# How the page's script asks for further rows (own words).
ASKS = (
    "function load(page){$.getJSON('/common/search/'+channelId+'?_isAgg=true&_isJson=true&_pageSize=20&page='"
    "+page,draw);}\n"
)
FULL_WIDTH = str.maketrans({"(": "（", ")": "）", ":": "：", ",": "，"})


class Ucap(Site):
    portal = "zhangshu"
    tagged = True

    def robots(self) -> Reply:
        return self.missing()

    def reply(self, request: Request) -> Reply:
        if request.path.startswith("/common/search/"):
            return self._json(request)
        if request.path == "/zssrmzf/xhtml/js/list.js":
            return Reply(ASKS.encode(), "application/javascript")
        if request.path in {"/", "/index.shtml"}:
            return self.html(self._page("首页", "", self._navigation()))
        for column in self.columns:
            if request.path == column.path:
                return self._column(column)
        entry = self.by_path.get(request.path)
        return self._article(entry) if entry else self.missing()

    def spelling(self, text: str) -> str:
        return text.translate(FULL_WIDTH)

    def _page(self, title: str, metas: str, body: str) -> str:
        return (
            '<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="UTF-8">\n'
            f"<title>{escape(title)} - {self.name}人民政府</title>\n"
            f'<meta name="SiteName" content="{self.name}人民政府"/>\n<meta name="SiteDomain" content="{self.host}"/>\n'
            f'<meta name="SiteIDCode" content="3609820000"/>\n{metas}'
            '<script src="/zssrmzf/xhtml/js/jquery.min.js"></script>\n</head>\n<body>\n'
            f'<div class="header">{self._navigation()}</div>\n<div class="main w1200">{body}</div>\n'
            '<div class="footer"><p>主办：样例单位&emsp;网站标识码：3609820000</p></div>\n'
            '<script src="/cms-access-service/access/views"></script>\n</body>\n</html>'
        )

    def _navigation(self) -> str:
        return "".join(f'<a href="{c.path}">{c.title}</a> | ' for c in self.columns)

    def _column(self, column: Column) -> Reply:
        rows = self.listed(column)
        items = "".join(
            f'<dd><a href="{entry.path.removeprefix(_folder(column))}" title="{escape(entry.title)}" target="_blank">'
            f"{escape(entry.title[:24])}{'...' if len(entry.title) > 24 else ''}</a><span>{list_day(entry)}</span></dd>\n"
            for entry in rows[:FIRST_ROWS]
        )
        metas = (
            f'<meta name="ColumnName" content="{column.title}"/>\n<meta name="ColumnType" content="{column.title}"/>\n'
            f'<meta name="channel" channelname="{column.title}" channelId="{column.number}"/>\n'
        )
        pages = -(-len(rows) // FIRST_ROWS)
        body = (
            f'<div class="crumb">首页 &gt; 政府信息公开 &gt; {column.title}</div>\n'
            f'<div class="gknr_list"><dl>\n{items}</dl></div>\n<div id="page_div"></div>\n'
            f"<script>var channelId='{column.number}'; createPageHTML('page_div', {pages}, 1, 'zfxxgk_gknbz', 'shtml', "
            f"{len(rows)});</script><script src='/zssrmzf/xhtml/js/list.js'></script>"
        )
        return self.html(self._page(column.title, metas, body))

    def _json(self, request: Request) -> Reply:
        number = request.path.rpartition("/")[2]
        columns = [c for c in self.columns if c.number == number]
        if not columns:
            return Reply(b'{"code":404,"msg":"not found"}', "application/json;charset=UTF-8", 404)
        page = max(1, int(request.query.get("page") or 1))
        size = min(max(1, int(request.query.get("_pageSize") or 15)), 50)
        rows = self.listed(columns[0])
        results = [self._result(entry) for entry in rows[(page - 1) * size : page * size]]
        data = {"page": page, "rows": size, "total": len(rows), "results": results}
        body = json.dumps({"code": 200, "data": data}, ensure_ascii=False)
        return Reply(body.encode(), "application/json;charset=UTF-8")

    def _result(self, entry: Entry) -> dict:
        day = list_day(entry)
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)  # in China
        number = entry.list_index_number if isinstance(entry, Report) else None
        return {
            "manuscriptId": entry.path.rpartition("/")[2].removesuffix(".shtml"),
            "title": entry.title,
            "url": f"//{self.host}{entry.path}",
            "memo": "",
            "content": "",
            "channelName": entry.column.title,
            "publishedTime": f"{day} 09:{entry.serial % 60:02}:00",
            "publishedTimeStr": f"{day}",
            "publishedTimestamp": int((midnight + timedelta(hours=9)).timestamp() * 1000),
            "resList": [],
            "domainMetaList": [
                {"key": "syh", "name": "索引号", "value": number or ""},
                {"key": "fwrq", "name": "发文日期", "value": ""},
                {"key": "wh", "name": "文号", "value": "〔〕号"},
                {"key": "fbjg", "name": "发布机构", "value": entry.publisher_text},
            ],
        }

    def _article(self, entry: Entry) -> Reply:
        day = page_day(entry)
        time = f"{day} 09:{entry.serial % 60:02}"
        metas = (
            f'<meta name="ArticleTitle" content="{escape(entry.title)}"/>\n<meta name="PubDate" content="{time}"/>\n'
            f'<meta name="ContentSource" content="{escape(entry.publisher_text)}"/>\n'
            f'<meta name="channel" channelname="{entry.column.title}" channelId="{entry.column.number}"/>\n'
            f'<meta name="manuscript" manuscriptId="{entry.path.rpartition("/")[2].removesuffix(".shtml")}"/>\n'
        )
        content = render(
            self.blocks(entry),
            para=lambda text: f'<p style="text-indent: 2em;">{text}</p>',
            cell=lambda text: f"<p>{text}</p>",
            table='class="MsoTableGrid" border="1" cellspacing="0"',
        )
        body = (
            f'<div class="crumb">首页 &gt; 政府信息公开 &gt; {entry.column.title}</div>\n'
            f'<div class="gknbxq_top"><h2>{escape(entry.title)}</h2>\n<ul class="clearfix"><li>发布机构：'
            f"{escape(entry.publisher_text)}</li><li>发布日期：{time}</li><li>浏览量：<span></span></li></ul></div>\n"
            '<div class="gknbxq_detail"><table class="layout" width="100%" border="0"><tr><td>\n'
            f"{content}\n</td></tr></table></div>\n"
            '<div class="gknbxq_foot"><a href="javascript:window.print()">打印</a></div>'
        )
        return self.html(self._page(entry.title, metas, body))


def _folder(column: Column) -> str:
    return column.path.rpartition("/")[0] + "/"
