# ruff: noqa: E501 - markup stands on one line, as pages have it
"""涞水（样例）: a TRS WCM portal (portals.md §4.2, §9).

Shapes and habits: `createPageHTML(N, 0, "index", "html")`, 0-based static pages; `./YYYYMM/tYYYYMMDD_id.html`
relative to a folder address; labels in `strong` with the colon outside and a field inside a comment; dates in
Chinese form (§3.1); the default index prefix 000014348 (§6.4); a page whose body is only `./P0….pdf`.
"""

from __future__ import annotations

from html import escape

from tests.portals.planted import Column, Report
from tests.portals.site import FILES, Entry, Reply, Request, Site, list_day, page_day, render
from tests.portals.tables import Para
from tests.portals.word import docx

PAGE = 8


class Trs(Site):
    portal = "laishui"
    tagged = True

    def robots(self) -> Reply:
        return Reply(b"User-agent: Baiduspider\nDisallow: /\n\nUser-agent: *\nCrawl-delay: 0\n", "text/plain")

    def reply(self, request: Request) -> Reply:
        path = request.path
        if path in {"/", "/index.html"}:
            return self.html(self._page("首页", "", ""))
        for column in self.columns:
            if path.startswith(column.path) and "/" not in path.removeprefix(column.path):
                return self._column(column, path.removeprefix(column.path) or "index.html")
        if path in self.attachments():
            return self._file(self.attachments()[path])
        entry = self.by_path.get(path)
        return self._article(entry) if entry else self.missing()

    def attachments(self) -> dict[str, Report]:
        """Path of each attachment -> its report."""
        attached = [e for e in self.entries if isinstance(e, Report) and e.media != "html"]
        return {f"{e.path.rpartition('/')[0]}/{attachment_name(e)}": e for e in attached}

    def _file(self, report: Report) -> Reply:
        if report.media == "docx":
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            return Reply(docx([Para(report.title), *self.blocks(report)]), kind, tagged=True)
        return Reply((FILES / f"seed_{report.seed}.pdf").read_bytes(), "application/pdf", tagged=True)

    def spelling(self, text: str) -> str:
        return text.replace("“", '"').replace("”", '"').replace("、", "、 ") if len(text) > 20 else text

    def _page(self, title: str, metas: str, body: str) -> str:
        links = "".join(f'<li><a href="{c.path}">{c.title}</a></li>' for c in self.columns)
        return (
            '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escape(title)}-{self.name}人民政府</title>\n"
            f'<meta name="SiteName" content="{self.name}人民政府">\n<meta name="SiteIDCode" content="1306230000">\n'
            f'{metas}<script src="/images/trs_uv.js"></script>\n</head>\n<body>\n'
            f'<div class="header"><ul>{links}</ul></div>\n{body}\n'
            '<div class="footer">主办：样例单位　网站标识码：1306230000</div>\n</body>\n</html>'
        )

    def _column(self, column: Column, name: str) -> Reply:
        rows = self.listed(column)
        last = -(-len(rows) // PAGE)
        names = ["index.html", *(f"index_{number}.html" for number in range(1, last))]
        if name not in names:
            return self.missing()
        page = names.index(name)
        items = "\n".join(
            f'<li><a href="./{entry.path.removeprefix(column.path)}" title="{escape(entry.title)}" target="_blank">'
            f"{escape(entry.title)}</a><span>{list_day(entry)}</span></li>"
            for entry in rows[page * PAGE : (page + 1) * PAGE]
        )
        metas = f'<meta name="ColumnName" content="{column.title}">\n<meta name="ColumnType" content="{column.title}，政务公开">\n'
        body = (
            f'<div class="crumbs"><a href="../../">首页</a>&gt;<a href="../">政务公开</a>&gt;{column.title}</div>\n'
            f'<ul class="list">\n{items}\n</ul>\n'
            f'<div class="page"><script>createPageHTML({last}, {page}, "index", "html");</script></div>'
        )
        return self.html(self._page(column.title, metas, body))

    def _article(self, entry: Entry) -> Reply:
        day = page_day(entry)
        chinese = f"{day:%Y}年{day:%m}月{day:%d}日"
        metas = (
            f'<meta name="ArticleTitle" content="{escape(entry.title)}">\n<meta name="PubDate" content="{chinese}">\n'
            f'<meta name="ContentSource" content="{escape(entry.publisher_text)}">\n'
        )
        body = (
            f'<div class="crumbs"><a href="../../../">首页</a>&gt;<a href="../">{entry.column.title}</a></div>\n'
            f"{self._metadata(entry, chinese)}\n<h1>{escape(entry.title)}</h1>\n"
            f'<div class="TRS_Editor">{self._content(entry)}</div>\n'
            '<div class="share">分享到：</div>'
        )
        return self.html(self._page(entry.title, metas, body))

    def _metadata(self, entry: Entry, day: str) -> str:
        """Labels in strong, the colon outside; what the page hides in comments is not to be read."""
        number = f"<p><strong>索引号</strong>：{entry.index_number or '000014348/2020-00000'}</p>"
        if not entry.index_number:
            number = f"<!--{number}-->"
        return (
            f'<div class="top-l">{number}<p><strong>发布机构</strong>：{escape(entry.publisher_text)}</p></div>\n'
            f'<div class="top-r"><!--<p><strong>成文日期</strong>：2020年01月01日</p>--><p><strong>发布日期</strong>：{day}</p></div>'
        )

    def _content(self, entry: Entry) -> str:
        if isinstance(entry, Report) and entry.media != "html":
            name = attachment_name(entry)
            return (
                f'<p><img src="/images/{entry.media}.gif"><a href="./{name}" appendix="true" needdownload="false" '
                f'OLDSRC="/protect/{name[:3]}/{name}" download="{escape(entry.title)}.{entry.media}">{escape(entry.title)}.{entry.media}</a></p>'
            )
        return render(
            self.blocks(entry),
            para=lambda text: f'<p align="justify">　　{text}</p>',
            cell=lambda text: f'<font face="仿宋">&nbsp;{text}&nbsp;</font>',
            table='border="1" cellspacing="0" class="Custom_UnionStyle"',
        )


def attachment_name(report: Report) -> str:
    """`P0`, the day and digits, beside the page."""
    return f"P0{report.day:%Y%m%d}{report.serial:012}.{report.media}"
