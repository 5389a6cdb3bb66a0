# ruff: noqa: E501 - markup stands on one line, as pages have it
"""诸暨（样例）: a Hanweb portal (portals.md §4.1).

Shapes and habits played here: `/col/colN/index.html` whose first records stand in a <datastore> island and
whose further ones come from `dataproxy.jsp`; `/art/Y/M/D/` without leading zeroes; a metadata table whose
labels are padded with no-break spaces; `xxgkAnnualReport.jsp` keyed by area and year; `search.jsp` with
`vc_number`; titles cut in the list (the whole one in @title); gzip (§4.1 quirks).
"""

from __future__ import annotations

from html import escape

from tests.portals import planted
from tests.portals.planted import Column, Report
from tests.portals.site import Entry, Reply, Request, Site, dated, list_day, page_day, render

ISLAND = 10  # records that the column page holds itself
PER_PAGE = 5  # rows that a reader sees at a time
MOST = 100  # a larger perpage is cut (§4.1 quirks)
UNIT = "297589"
MOVED = "/zjszf"  # where pages went that the old list still names (§8.1)
CREDIT = "<!-- 大汉版通发布系统 样例 -->"


class Hanweb(Site):
    portal = "zhuji"
    zipped = True

    def robots(self) -> Reply:
        return Reply(b"User-agent: *\nDisallow: /admin/\nDisallow: /module/visit/\n", "text/plain")

    def reply(self, request: Request) -> Reply:
        routes = {
            "/module/web/jpage/dataproxy.jsp": self._dataproxy,
            "/module/xxgk/xxgkAnnualReport.jsp": self._annual_report,
            "/module/xxgk/search.jsp": self._search,
        }
        if request.path in routes:
            return routes[request.path](request)
        if request.path in {"/", "/index.html"}:
            return self.html(self._page("首页", "", self._navigation()))
        for column in self.columns:
            if request.path == column.path:
                return self._column(column)
        entry = self.by_path.get(request.path.removeprefix(MOVED))
        if isinstance(entry, Report) and entry.moved and not request.path.startswith(MOVED):
            return Reply(b"", status=302, headers=(("Location", f"http://{self.host}{MOVED}{entry.path}"),))
        return self._article(entry) if entry else self.missing()

    def spelling(self, text: str) -> str:
        return {"行政规范性文件": "规范性文件"}.get(text, text)

    def _page(self, title: str, metas: str, body: str) -> str:
        return (
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
            '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
            '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
            f"<title>{title}</title>\n"
            f'<meta name="SiteName" content="{self.name}人民政府">\n<meta name="SiteDomain" content="{self.host}">\n'
            f'<meta name="SiteIDCode" content="3306810000">\n{metas}'
            '<link rel="stylesheet" type="text/css" href="/picture/-1/style.css">\n'
            '<script src="/script/0/jquery.js"></script></head>\n'
            f'<body><div class="top">{self._navigation()}</div>\n{body}\n'
            '<div class="foot"><p>主办单位：样例单位 网站标识码：3306810000</p></div>\n'
            f"{CREDIT}\n</body></html>"
        )

    def _navigation(self) -> str:
        links = "".join(f'<li><a href="{c.path}" target="_blank">{c.title}</a></li>' for c in self.columns)
        return f'<ul class="nav"><li><a href="/index.html">首页</a></li>{links}</ul>'

    def _column(self, column: Column) -> Reply:
        rows = self.listed(column)
        further = (
            '<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&webid=3086&path=http://'
            f"{self.host}/&columnid={column.number}&unitid={UNIT}&webname=%E6%A0%B7%E4%BE%8B&permissiontype=0"
            '"></a>]]></nextgroup>\n'
            if len(rows) > ISLAND
            else ""
        )
        records = "\n".join(self._record(entry) for entry in rows[:ISLAND])
        body = (
            f'<div class="position">您现在的位置：<a href="/index.html">首页</a> &gt; 政府信息公开 &gt; {column.title}</div>\n'
            f'<div id="{UNIT}" class="default_pgContainer"><script type="text/xml"><datastore>\n{further}'
            f"<recordset>\n{records}\n</recordset></datastore></script></div>\n"
            f"<script>$('#{UNIT}').jpage({{totalRecord:{len(rows)},perPage:{PER_PAGE},columnid:{column.number},"
            f"unitid:{UNIT},ajaxParam:{{webid:3086,path:'/'}},"
            "proxyUrl:'/module/web/jpage/dataproxy.jsp'});</script>"
        )
        kind = "信息公开年报" if column.reports else column.title
        metas = (
            f'<meta name="ColumnName" content="{column.title}">\n<meta name="ColumnDescription" content="{column.title}">\n'
            f'<meta name="ColumnKeywords" content="{column.title}">\n<meta name="ColumnType" content="{kind}">\n'
        )
        return self.html(self._page(f"{self.name}人民政府 {column.title}", metas, body))

    def _record(self, entry: Entry) -> str:
        title = escape(entry.title)
        shown = title if len(entry.title) <= 22 else f"{escape(entry.title[:20])}…"
        day = f"<span>{list_day(entry)}</span>" if dated(entry) else ""
        return f'<record><![CDATA[<li><a href="{entry.path}" title="{title}" target="_blank">{shown}</a>{day}</li>]]></record>'

    def _dataproxy(self, request: Request) -> Reply:
        """The XML form: `startrecord`/`endrecord`, or else `page` of `perpage` (both 1-based)."""
        query = request.query
        columns = [c for c in self.columns if c.number == query.get("columnid")]
        if not columns or query.get("unitid") != UNIT:
            return Reply(
                b'<?xml version="1.0" encoding="UTF-8"?><datastore/>\n\n\n', "text/xml;charset=UTF-8"
            )
        rows = self.listed(columns[0])
        per_page = min(_number(query.get("perpage"), ISLAND), MOST)
        if "startrecord" in query:
            start = _number(query["startrecord"], 1)
            end = min(_number(query.get("endrecord"), start + per_page - 1), start + MOST - 1)
        else:
            start = (_number(query.get("page"), 1) - 1) * per_page + 1
            end = start + per_page - 1
        records = "\n".join(self._record(entry) for entry in rows[start - 1 : end])
        pages = -(-len(rows) // per_page)
        return Reply(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<datastore>\n<totalrecord>{len(rows)}</totalrecord>\n'
            f"<totalpage>{pages}</totalpage>\n<recordset>\n{records}\n</recordset></datastore>".encode(),
            "text/xml;charset=UTF-8",
        )

    def _article(self, entry: Entry) -> Reply:
        metas = (
            f'<meta name="ArticleTitle" content="{escape(entry.title)}">\n'
            f'<meta name="PubDate" content="{page_day(entry)} 10:12">\n'
            f'<meta name="ContentSource" content="{escape(entry.publisher_text)}">\n'
            f'<meta name="ColumnName" content="{entry.column.title}">\n'
        )
        return self.html(self._page(escape(entry.title), metas, self._article_body(entry)))

    def _article_body(self, entry: Entry) -> str:
        content = render(
            self.blocks(entry),
            para=lambda text: f'<p style="text-indent: 2em;"><span style="font-size:16px">{text}</span></p>',
            cell=lambda text: f'<p style="text-align: center;"><span>{text}</span></p>',
            table='border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse;width:100%"',
        )
        if not (isinstance(entry, Report) and entry.seed):  # seed 001 brings its own title line
            content = f'<p style="text-align:center"><strong>{escape(entry.title)}</strong></p>\n{content}'
        return (
            f'<div class="position">您现在的位置：首页 &gt; 政府信息公开 &gt; {entry.column.title}</div>\n'
            f"{self._metadata(entry)}\n"
            f'<div class="tool">信息来源：{escape(entry.publisher_text)} &nbsp; 浏览次数：<span id="hits"></span> '
            "字号：[ 大 中 小 ]</div>\n"
            f'<!--ZJEG_RSS.content.begin--><div id="zoom">\n{content}\n</div><!--ZJEG_RSS.content.end-->\n'
            '<div class="bt">打印本页 | 关闭窗口</div>'
        )

    def _metadata(self, entry: Entry) -> str:
        """Labels padded with runs of no-break spaces; a blank 文号."""
        if isinstance(entry, Report) is False:
            return ""
        return (
            '<table class="xxgk_table" width="100%" cellspacing="0" cellpadding="5"><tr>'
            f"<td><b>索&nbsp;&nbsp;引&nbsp;&nbsp;号:</b></td><td>{entry.index_number or ''}</td>"
            "<td><b>文&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;号:</b></td><td></td></tr><tr>"
            f"<td><b>发布机构:</b></td><td>{escape(entry.publisher_text)}</td>"
            f"<td><b>公开日期:</b></td><td>{page_day(entry)}</td></tr></table>"
        )

    def _annual_report(self, request: Request) -> Reply:
        """One organ and report year, no list: `area` is the prefix of the organ's index numbers."""
        area, year = request.query.get("area", ""), request.query.get("fbtime", "")
        for entry in self.entries:
            prefix = (entry.index_number or "").partition("/")[0]
            if isinstance(entry, Report) and (prefix, str(entry.year)) == (area, year):
                return self._article(entry)
        body = (
            '<div class="position">政府信息公开 &gt; 年度报告</div><div id="zoom"><p>暂无相关信息</p></div>'
        )
        return self.html(self._page("政府信息公开年度报告", "", body))

    def _search(self, request: Request) -> Reply:
        """A fragment; index number and title match by substring (§7: exact or substring is unknown)."""
        query = request.query
        number, title, area = (query.get(key, "").strip() for key in ("vc_number", "vc_title", "area"))
        found = [
            entry
            for entry in self.entries
            if isinstance(entry, Report)
            and (number or title)
            and number in (entry.index_number or "")
            and title in entry.title
            and (entry.index_number or "").startswith(area)
        ]
        rows = "".join(
            f'<tr class="tr_main_value_{"odd" if place % 2 == 0 else "even"}"><td>{place + 1}</td>'
            f'<td><a class="bt_link" href="{entry.path}" title="{escape(entry.title)}" mc="{escape(entry.title)}" '
            f'wh="" rq="{list_day(entry)}" target="_blank">{escape(entry.title)}</a></td>'
            f'<td width="120">{list_day(entry)}</td></tr>\n'
            for place, entry in enumerate(found)
        )
        empty = "" if found else '<tr><td colspan="3">没有找到相关信息</td></tr>'
        return self.html(
            f'<table width="100%" class="xxgk_list"><tr class="tr_main_title"><td>序号</td><td>名称</td><td>日期</td></tr>\n'
            f'{rows}{empty}</table>\n<div class="page">共{1 if found else 0}页 {len(found)}条</div>'
        )


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


AREAS = {  # 'area' of the annual-report route by publisher
    report.code: report.index_number.partition("/")[0]
    for report in planted.REPORTS
    if report.portal == "zhuji" and report.index_number
}
