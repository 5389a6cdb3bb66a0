# ruff: noqa: E501 - markup stands on one line, as pages have it
"""昌吉（样例）: a VSB portal (portals.md §4.7).

Shapes and habits: GBK bytes with the charset named only in the page, and as gb2312 (§5); `x.htm`, then
`x/<N-1>.htm` down to `x/1.htm`; rows `li[id^=line_u]`; `/info/<column>/<id>.htm` without a date in the
address; `table.xxgkcont`; a pinned old row; the report inside a layout table; one report without any date.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from tests.portals.planted import Column, Notice, Report
from tests.portals.site import Entry, Reply, Request, Site, dated, list_day, page_day, render
from tests.portals.tables import Para
from tests.portals.word import docx

PAGE = 8
DOWNLOAD = "/system/_content/download.jsp"  # no extension in the address (portals.md §9)
SPACED = {"自然人": "自 然 人", "商业企业": "商业 企业", "科研机构": "科研 机构"}


class Vsb(Site):
    portal = "changji"
    charset = "gbk"
    content_type = "text/html"
    tagged = True

    def robots(self) -> Reply:
        return Reply(b"User-agent: *\r\nDisallow: /system/login/\r\nAllow: /\r\n", "text/plain")

    def reply(self, request: Request) -> Reply:
        if request.path in {"/", "/index.htm"}:
            return self.html(self._page("首页", "", "", ""))
        for column in self.columns:
            folder = column.path.removesuffix(".htm") + "/"
            if request.path == column.path:
                return self._column(column, 1)
            if request.path.startswith(folder):
                return self._further(column, request.path.removeprefix(folder))
        if request.path == DOWNLOAD:
            return self._download(request.query.get("wbfileid", ""))
        entry = self.by_path.get(request.path)
        return self._article(entry) if entry else self.missing()

    def spelling(self, text: str) -> str:
        return SPACED.get(text, text)

    def _page(self, title: str, metas: str, body: str, root: str) -> str:
        links = "".join(f'<a href="{root}{c.path[1:]}">{c.title}</a> ' for c in self.columns)
        return (
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">\n<HTML><HEAD>'
            f"<TITLE>{escape(title)}-{self.name}人民政府</TITLE>\n"
            '<META content="text/html; charset=gb2312" http-equiv="Content-Type">\n'
            f"{metas}<!--Announced by Visual SiteBuilder 9 样例--></HEAD>\n<BODY>\n"
            f'<div class="nav">{links}</div>\n{body}\n'
            '<div class="bottom">版权所有：样例单位 网站标识码：6523010000</div>\n</BODY></HTML>'
        )

    def _pages(self, column: Column) -> list[list[Entry]]:
        rows = self.listed(column)
        pinned = [e for e in rows if isinstance(e, Notice) and e.kind == "guide"]
        rows = pinned + [e for e in rows if e not in pinned]
        return [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)]

    def _further(self, column: Column, name: str) -> Reply:
        """Page p of N stands at N − p + 1."""
        last = len(self._pages(column))
        number = name.removesuffix(".htm")
        if not number.isdigit() or not 1 <= int(number) < last:
            return self.missing()
        return self._column(column, last - int(number) + 1)

    def _column(self, column: Column, page: int) -> Reply:
        pages = self._pages(column)
        last = len(pages)
        root = "../" if page == 1 else "../../"
        items = "\n".join(
            f'<li id="line_u8_{place}"><a href="{root}{entry.path[1:]}" title="{escape(entry.title)}" target="_blank">'
            f"{escape(entry.title)}</a>{f'<span>{list_day(entry)}</span>' if dated(entry) else ''}</li>"
            for place, entry in enumerate(pages[page - 1])
        )
        metas = f'<META Name="ColumnName" Content="{column.title}">\n<META Name="ColumnType" Content="{column.title}">\n'
        body = (
            f'<div class="dqwz">当前位置： <a href="{root}index.htm">首页</a> &gt;&gt; {column.title}</div>\n'
            f'<div class="list"><ul>\n{items}\n</ul></div>\n{_pager(column, page, last)}'
        )
        return self.html(self._page(column.title, metas, body, root))

    def _article(self, entry: Entry) -> Reply:
        root = "../../"
        when = f'<META Name="PubDate" Content="{page_day(entry)}">\n' if dated(entry) else ""
        metas = f'<META Name="ArticleTitle" Content="{escape(entry.title)}">\n{when}'
        seed = isinstance(entry, Report) and entry.seed
        content = render(
            self.blocks(entry),
            para=lambda text: f'<p class="vsbcontent_start">{text}</p>',
            cell=lambda text: f"<p align=center>{text}</p>",
            table="border=1 cellspacing=0 cellpadding=0",
        )
        if isinstance(entry, Report) and entry.media != "html":
            content = self._attachment(entry)
        elif not seed:
            content = f"<p align=center><strong>{escape(entry.title)}</strong></p>\n{content}"
        body = (
            f'<div class="dqwz">当前位置： <a href="{root}index.htm">首页</a> &gt;&gt; '
            f'<a href="{root}{entry.column.path[1:]}">{entry.column.title}</a> &gt;&gt; 正文</div>\n'
            f'<form name="_newscontent_fromname"><div class="content-title"><h3>{escape(entry.title)}</h3></div>\n'
            f"{self._metadata(entry)}\n"
            '<div id="vsb_content"><div class="v_news_content"><table width="100%" border="0"><tr><td>\n'
            f"{content}\n</td></tr></table></div></div>\n"
            '<p align="right">【<a href="javascript:window.close()">关闭窗口</a>】</p></form>'
        )
        return self.html(self._page(entry.title, metas, body, root))

    def _download(self, number: str) -> Reply:
        """The file of a report, named in Content-Disposition alone, of no particular type."""
        for entry in self.entries:
            if isinstance(entry, Report) and entry.media == "docx" and number == file_number(entry):
                name = quote(f"{entry.title}.docx")
                disposition = ("Content-Disposition", f"attachment;filename*=UTF-8''{name}")
                body = docx([Para(entry.title), *self.blocks(entry)])
                return Reply(body, "application/octet-stream", headers=(disposition,), tagged=True)
        return self.missing()

    def _attachment(self, entry: Report) -> str:
        address = f"{DOWNLOAD}?urltype=news.DownloadAttachUrl&owner=1712345678&wbfileid={file_number(entry)}"
        return f'<p>详见附件。</p><p>附件【<a href="{escape(address)}" target="_blank">{escape(entry.title)}.docx</a>】已下载<span></span>次</p>'

    def _metadata(self, entry: Entry) -> str:
        if isinstance(entry, Notice):
            return f'<div class="laiyuan">时间：{page_day(entry)} 来源：{escape(entry.publisher_text)}</div>'
        pairs = [
            ("索引号", entry.index_number or ""),
            ("发布机构", entry.publisher_text),
            ("文号", "无"),
            ("发布日期", f"{page_day(entry)}" if entry.dated else ""),
        ]
        cells = "".join(
            f'<td class="title_govinfocontent">{label}：</td><td class="content_govinfocontent">{escape(value)}</td>'
            f"{'</tr><tr>' if place == 1 else ''}"
            for place, (label, value) in enumerate(pairs)
        )
        return f'<table class="xxgkcont" width="100%"><tr>{cells}</tr></table>'


def _pager(column: Column, page: int, last: int) -> str:
    """The numbers descend: they shift whenever a page is added."""
    if last == 1:
        return ""
    name = column.path.rpartition("/")[2].removesuffix(".htm")

    def address(target: int) -> str:
        if target == 1:
            return f"{name}.htm" if page == 1 else f"../{name}.htm"
        return f"{name}/{last - target + 1}.htm" if page == 1 else f"{last - target + 1}.htm"

    numbers = "".join(
        f'<span class="p_no_d">{n}</span>'
        if n == page
        else f'<span class="p_no"><a href="{address(n)}">{n}</a></span>'
        for n in range(1, last + 1)
    )
    onward = (
        f'<span class="p_next p_fun"><a href="{address(page + 1)}">下页</a></span>'
        f'<span class="p_last p_fun"><a href="{address(last)}">尾页</a></span>'
        if page < last
        else '<span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>'
    )
    return (
        f'<div class="pages"><span class="p_pages">{numbers}{onward}</span>'
        f'<span class="p_t">{page}/{last}</span></div>'
    )


def file_number(report: Report) -> str:
    """The portal's own number of an attached file."""
    return f"{report.serial:032x}"
