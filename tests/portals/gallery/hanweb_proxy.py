# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Hanweb, lists as datastores (portals.md §4.1 a): one server's habits a column.

Government (`col11`): the answer is script, `totalRecord=…;totalPage = …;dataStore = [ '…' ]` after blank lines (甘肃
2020); it obeys `page` only and counts groups from 0, as its `<nextgroup>` does; 404 without the Referer of the column
page; beside the list an island with news of another column, and a script template of records that must yield no rows.
Townships (`col12`): ids encrypted in `<nextgroup>`, which is answered with 54 bytes; the script's plain ids are
answered in XML, `perpage` cut to 5. Department (`bm`): TrueCMS `getMessage.do` (南通), JSONP around XML behind a BOM;
more than 50 a page is answered with nothing. Older years (`col14`): everything stands in the column page, dataproxy is
empty (山东). Rows: titles cut short, `?xxgkhide=1`, https and `:80` twins of one address, a row that leads off the site.
Files: `/module/download/downfile.jsp?…` → 302 → `/attach/0/….docx` (威海).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape

from tests.portals.gallery.base import DEP, GOV, Body, GallerySite, Item, Truth
from tests.portals.site import Reply, Request

GROUP = 2  # records that the government's column page holds
CUT = 5
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><datastore/>\n\n\n\n'  # 54 bytes
SECRET = {"columnid": "Y2dLbk8=", "unitid": "MTY4ZjQ="}
PROXY = "/module/web/jpage/dataproxy.jsp"
SCRIPTED = "/module/jslib/jquery/jpage/dataproxy.jsp"
TRUECMS = "/TrueCMS/messageController/getMessage.do"
# How the pager's script asks for a piece of the list (own words).
JPAGE = """$.fn.jpage = function (options) {
  function piece(start) {
    var end = start + options.perPage * options.groupSize - 1;
    $.ajax({type: 'get', dataType: 'text', data: options.ajaxParam,
      url: options.proxyUrl + '?startrecord=' + start + '&endrecord=' + end + '&perpage=' + options.perPage});
  }
};
"""
OLD = 2019  # reports up to this year stand in the column of older years


class HanwebProxy(GallerySite):
    portal = "hanweb_proxy"
    host = "www.hanweb-proxy.test"
    family = "hanweb"
    county_code = "990101"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        reports = self.reports()
        last = max((i for i in reports if i.body.kind == DEP), key=lambda i: i.day)
        return [replace(i, attachment="年报.docx") if i is last else i for i in reports] + self.others()

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"H{body.key[-3:]}/{day.year}-{serial % 100000:05}"

    def column(self, item: Item) -> str:
        if item.year is not None and item.year <= OLD:
            return "14"
        return {GOV: "11", DEP: "13"}.get(item.body.kind, "12")

    def path_of(self, item: Item) -> str:
        column = f"12298{self.column(item)}"
        return f"/art/{item.day.year}/{item.day.month}/{item.day.day}/art_{column}_{item.serial}.html"

    def attachment_path_of(self, item: Item) -> str:
        return f"/module/download/downfile.jsp?classid=0&filename={item.serial:032x}.docx"

    @property
    def lists(self) -> int:
        government, towns = len(self.listed("11")), len(self.listed("12"))
        further = -(-government // GROUP) - 1
        proxied = 1 + -(-(towns - 3) // CUT)  # the empty answer to the encrypted ids, then pieces of five
        return 4 + further + proxied + 1

    @property
    def truth(self) -> Truth:
        """The file is asked for under two addresses, the second of which answers."""
        told = super().truth
        moved = frozenset(self.url(_moved(path)) for path in self.files)
        return replace(told, attachments=told.attachments | moved)

    def listed(self, column: str) -> list[Item]:
        return self.newest_first([i for i in self.items if self.column(i) == column])

    def reply(self, request: Request, host: str) -> Reply:
        routes = {
            SCRIPTED: self._scripted,
            PROXY: self._proxied,
            TRUECMS: self._truecms,
            "/col/col1229811/index.html": lambda r: self._government(),
            "/col/col1229812/index.html": lambda r: self._towns(),
            "/sgczj/nb/nb.html": lambda r: self._department(),
            "/col/col1229814/index.html": lambda r: self._older(),
        }
        if request.path in routes:
            return routes[request.path](request)
        if request.path == "/script/0/jpage.js":
            return Reply(JPAGE.encode(), "application/javascript")
        if request.path == "/module/download/downfile.jsp":
            return Reply(
                b"", status=302, headers=(("Location", _moved(f"?filename={request.query['filename']}")),)
            )
        if request.path.startswith("/attach/0/"):
            name = request.path.rpartition("/")[2]
            item = next((i for path, i in self.files.items() if name in path), None)
            return self.file(item) if item else self.missing()
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    # --- columns -----------------------------------------------------------------------------------------

    def _government(self) -> Reply:
        rows = self.listed("11")
        more = f'<nextgroup><![CDATA[<a href="{SCRIPTED}?page=1&amp;appid=1&amp;webid=5&amp;path=/&amp;columnid=1229811&amp;unitid=5478"></a>]]></nextgroup>'
        beside = "".join(
            f'<record><![CDATA[<li><a href="/art/2026/1/{d}/art_77_{d}.html">示例要闻{d}</a></li>]]></record>'
            for d in range(1, 8)
        )
        template = "contentTemplate:'<datastore><totalrecord>${nr.totalRecord}</totalrecord><recordset><record><![CDATA[<li><a href=\"${(msg.htmlPath)!}\">${msg.msgTitle!}</a></li>]]></record></recordset></datastore>',"
        return self._page(
            "政府信息公开年报",
            f'<div id="99"><script type="text/xml"><datastore><recordset>{beside}</recordset></datastore></script></div>'
            f'<div id="5478" class="default_pgContainer"><script type="text/xml"><datastore>{more}<recordset>{self._records(rows[:GROUP])}</recordset></datastore></script></div>'
            f"<script>$('#5478').jpage({{{template} totalRecord:{len(rows)}, perPage:2, groupSize:2, proxyUrl:'{SCRIPTED}'}});</script>"
            "<!-- <script type='text/xml'><datastore><recordset><record><![CDATA[<li><a href='/art/2019/1/1/art_1_1.html'>旧样例2018年政府信息公开年报</a></li>]]></record></recordset></datastore></script> -->",
        )

    def _scripted(self, request: Request) -> Reply:
        """Script; the group that `page` names, counted from 0; whatever `startrecord` says."""
        if "/col/col1229811/" not in request.headers.get("referer", ""):
            return self.missing()
        rows = self.listed("11")
        group = int(request.query.get("page") or 0)
        shown = ",\n".join(
            "'" + self._row(i).replace("/", "\\/").replace("'", "\\'") + "'"
            for i in rows[group * GROUP : (group + 1) * GROUP]
        )
        text = f"\r\n\r\n\r\ntotalRecord={len(rows)}.0;totalPage = {-(-len(rows) // 2)};dataStore = [{shown}];\r\n"
        return Reply(text.encode(), "text/html;charset=UTF-8")

    def _towns(self) -> Reply:
        rows = self.listed("12")
        secret = "&amp;".join(f"{key}={value}" for key, value in SECRET.items())
        more = f"<nextgroup><![CDATA[<a href='{PROXY}?page=1&amp;webid=5&amp;path=/&amp;{secret}'></a>]]></nextgroup>"
        return self._page(
            "乡镇街道年报",
            f"<DIV class=list ID='6101313'><script type='text/xml'><DataStore>{more}<recordset>{self._records(rows[:3])}</recordset></DataStore></script></DIV>"
            f"<script>$('#6101313').jpage({{totalRecord:{len(rows)},proxyUrl:'{PROXY}',perPage:3,ajaxParam:{{col:1,appid:1,webid:5,path:'/',columnid:1229812,sourceContentType:1,unitid:'6101313',permissiontype:0}}}});</script>",
        )

    def _proxied(self, request: Request) -> Reply:
        query = request.query
        if (query.get("columnid"), query.get("unitid")) != ("1229812", "6101313"):
            return Reply(EMPTY, "text/xml;charset=UTF-8")
        rows = self.listed("12")
        start, end = int(query["startrecord"]), int(query["endrecord"])
        shown = self._records(rows[start - 1 : min(end, start + CUT - 1)])
        return Reply(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<datastore>\n<totalrecord>{len(rows)}</totalrecord>\n<recordset>{shown}</recordset></datastore>'.encode(),
            "text/xml;charset=UTF-8",
        )

    def _department(self) -> Reply:
        rows = self.listed("13")
        shown = "".join(self._row(i) for i in rows[:2])
        return self._page(
            "财政局年报",
            f"<div id='initData'><ul class='xxgk-list-con'>{shown}</ul></div>"
            f"<script>$('#c').jpage({{dataAfter:'</ul>',totalRecord:{len(rows)},proxyUrl:'{TRUECMS}',perPage:2,groupSize:1,ajaxParam:{{columnId:'754f6db5-d294-46d5-b25c-da3a86d102cd'}}}});</script>",
        )

    def _truecms(self, request: Request) -> Reply:
        query = request.query
        if (
            "referer" not in request.headers
            or query.get("columnId") != "754f6db5-d294-46d5-b25c-da3a86d102cd"
        ):
            return self.missing()
        rows = self.listed("13")
        start, end, most = int(query["startrecord"]), int(query["endrecord"]), int(query["perpage"])
        shown = self._records(rows[start - 1 : end]) if most <= 50 else ""
        xml = f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{shown}</recordset></datastore>"
        text = f"\ufeff\n\n{query.get('callback', 'cb')}({json.dumps({'result': xml})});\n"
        return Reply(text.encode(), "text/javascript;charset=UTF-8")

    def _older(self) -> Reply:
        rows = self.listed("14")
        return self._page(
            "往年年报",
            f'<div id="88"><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="{PROXY}?page=1&amp;columnid=1229814&amp;unitid=88"></a>]]></nextgroup>'
            f"<totalrecord>{len(rows)}</totalrecord><recordset>{self._records(rows)}</recordset></datastore></script></div>",
        )

    # --- drawing -----------------------------------------------------------------------------------------

    def _records(self, items: Sequence[Item]) -> str:
        return "\n".join(f"<record><![CDATA[{self._row(item)}]]></record>" for item in items)

    def _row(self, item: Item) -> str:
        title = escape(item.title)
        shown = title if len(item.title) <= 18 else f"{title[:16]}..."
        twins = (
            item.path,
            f"{item.path}?xxgkhide=1",
            f"https://{self.host}{item.path}",
            f"//{self.host}:80{item.path}",
        )
        href = twins[item.serial % 4]
        if item.kind == "notice":
            href = "http://www.elsewhere.test/art/2025/1/3/art_5_6.html"  # the notice is another site's
        return f'<li><a target="_blank" title="{title}" href="{href}">{shown}</a><b>[{item.day}]</b></li>'

    def _page(self, title: str, body: str, metas: str = "") -> Reply:
        return self.html(
            f"<!DOCTYPE html><html><head><title>{escape(title)}</title><meta name='SiteName' content='{self.county}人民政府'>"
            f"<meta name='ColumnType' content='信息公开年报'>{metas}</head><body><div class='nav'><a href='/'>首页</a></div>"
            f"{body}<div class='footer'>主办单位：样例单位</div><script src='/script/0/jpage.js'></script></body></html>"
        )

    def _article(self, item: Item) -> Reply:
        link = (
            f'<p><a href="{escape(item.attachment_path)}">{item.attachment}</a></p>'
            if item.attachment
            else ""
        )
        block = (
            "<table class='xxgk_table'><tr>"
            f"<td class='t'>索&nbsp;引&nbsp;号</td><td>{item.index_number or ''}</td><td class='t'>发布机构</td><td>{item.body.official_name}</td></tr>"
            f"<tr><td class='t'>文&nbsp;&nbsp;&nbsp;&nbsp;号</td><td>&mdash; &mdash;</td><td class='t'>成文日期</td><td>{item.day}</td></tr></table>"
        )
        metas = f"<meta name='ArticleTitle' content='{escape(item.title)}'><meta name='PubDate' content='{item.day} 09:30'>"
        body = (
            f'<h2 class="title">{escape(item.title)}</h2>{block}<div id="zoom">{self.drawn(item)}{link}</div>'
        )
        return self._page(item.title, body, metas)


def _moved(path: str) -> str:
    """Where a file's address sends on to."""
    return f"/attach/0/{path.rpartition('filename=')[2]}"
