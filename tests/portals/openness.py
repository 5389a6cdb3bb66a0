# ruff: noqa: E501 - markup stands on one line, as pages have it
"""东至（样例）: an Openness portal (portals.md §4.6).

Shapes and habits: lists `/OpennessContent/showList/<branch>/<topic>/page_N.html`; reports under a controller
of their own, `/OpennessAnnualReport/show/<id>.html`, and by branch and year; 发布时间 and 来源 but no 索引号;
robots.txt and dead pages answer 200 with HTML (§8.2, §8.5). Seed 002's site footer is the seed's own.
"""

from __future__ import annotations

import re
from html import escape

from tests.portals.planted import Column, Report
from tests.portals.site import Block, Entry, Reply, Request, Site, dated, list_day, page_day, render
from tests.portals.tables import Para

PAGE = 8
BRANCH = "6"


class Openness(Site):
    portal = "dongzhi"

    def robots(self) -> Reply:
        return self.missing()

    def missing(self) -> Reply:
        return self.html(
            self._page(
                "您访问的页面不存在",
                '<div class="error">您访问的页面不存在或已被删除，<a href="/">返回首页</a></div>',
            )
        )

    def reply(self, request: Request) -> Reply:
        if request.path in {"/", "/index.html"}:
            return self.html(self._page("首页", ""))
        listed = re.fullmatch(r"/OpennessContent/showList/(\d+)/(\d+)/page_(\d+)\.html", request.path)
        if listed and listed[1] == BRANCH:
            for column in self.columns:
                if column.number == listed[2]:
                    return self._column(column, int(listed[3]))
        year = re.fullmatch(r"/OpennessAnnualReport/year/(\d+)/(\d{4})\.html", request.path)
        if year and year[1] == BRANCH:
            return self._year(int(year[2]))
        entry = self.by_path.get(request.path)
        return self._article(entry) if entry else self.missing()

    def spelling(self, text: str) -> str:
        text = text.replace("“", "「").replace("”", "」")
        return {"规章": "规 章", "本年新制作数量": "本年新\n制作数量"}.get(text, text)

    def _page(self, title: str, body: str, foot: str = "") -> str:
        links = "".join(f'<li><a href="{c.path}">{c.title}</a></li>' for c in self.columns)
        foot = foot or f"<p>主办单位：{self.name}样例单位 网站标识码：3417210000</p>"
        return (
            '<!DOCTYPE html>\n<html><head><meta charset="utf-8"/>\n'
            f"<title>{escape(title)}_{self.name}人民政府信息公开网</title>\n"
            f'<meta name="SiteName" content="{self.name}人民政府信息公开网"/>\n'
            '<link rel="stylesheet" href="/assets/css/public.css"/></head>\n'
            f'<body><div id="head"><ul class="menu"><li><a href="/">首页</a></li>{links}</ul></div>\n'
            f'<div class="wrapper">{body}</div>\n<div id="footer">{foot}</div>\n</body></html>'
        )

    def _rows(self, entries: list[Entry]) -> str:
        items = "".join(
            f'<li><a href="{entry.path}" title="{escape(entry.title)}" target="_blank">{escape(entry.title)}</a>'
            f'<span class="date">{list_day(entry) if dated(entry) else ""}</span></li>\n'
            for entry in entries
        )
        return f'<div class="xxgk_list"><ul>\n{items}</ul></div>'

    def _column(self, column: Column, page: int) -> Reply:
        rows = self.listed(column)
        last = -(-len(rows) // PAGE)
        if not 1 <= page <= last:
            return self.missing()
        base = f"/OpennessContent/showList/{BRANCH}/{column.number}"
        years = "".join(
            f'<a href="/OpennessAnnualReport/year/{BRANCH}/{year}.html">{year}年</a> '
            for year in range(2018, 2026)
        )
        numbers = "".join(
            f'<span class="current">{n}</span>' if n == page else f'<a href="{base}/page_{n}.html">{n}</a>'
            for n in range(1, last + 1)
        )
        following = f'<a class="next" href="{base}/page_{page + 1}.html">下一页</a>' if page < last else ""
        body = (
            f'<div class="position">当前位置：<a href="/">首页</a> &gt; 政府信息公开 &gt; {column.title}</div>\n'
            f"{f'<div class=years>{years}</div>' if column.reports else ''}\n"
            f"{self._rows(rows[(page - 1) * PAGE : page * PAGE])}\n"
            f'<div class="pagination">共{len(rows)}条 {page}/{last}页 {numbers}{following}</div>'
        )
        return self.html(self._page(column.title, body))

    def _year(self, year: int) -> Reply:
        """The reports that the editor filed under a report year."""
        rows = [e for c in self.columns for e in self.listed(c) if isinstance(e, Report) and e.year == year]
        body = (
            f'<div class="position">当前位置：首页 &gt; 政府信息公开 &gt; 政府信息公开年报 &gt; {year}年</div>\n'
            f"{self._rows(rows) if rows else '<p>暂无相关信息</p>'}"
        )
        return self.html(self._page(f"{year}年政府信息公开年报", body))

    def _article(self, entry: Entry) -> Reply:
        blocks, foot = _parted(self.blocks(entry))
        content = render(
            blocks,
            para=lambda text: f"<p>{text}</p>",
            cell=lambda text: text.replace("\n", "<br/>"),
            table='border="1" width="100%"',
        )
        crumb = "政府信息公开年报" if isinstance(entry, Report) else entry.column.title
        time = f"发布时间：{page_day(entry)} 10:{entry.serial % 60:02}" if dated(entry) else ""
        body = (
            f'<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="#">政府信息公开</a> &gt; '
            f'<a href="{entry.column.path}">{crumb}</a> &gt; 正文</div>\n'
            f'<div class="show"><h1 class="title">{escape(entry.title)}</h1>\n'
            f'<div class="info"><span>{time}</span> <span>来源：{escape(entry.publisher_text)}</span> '
            '<span>浏览次数：<i id="hits"></i></span> <span>【字号：大 中 小】</span></div>\n'
            f'<div class="content" id="J_content">\n{content}\n</div></div>'
        )
        lines = "".join(f"<p>{escape(line, quote=False)}</p>" for line in foot)
        return self.html(self._page(entry.title, body, lines))


def _parted(blocks: list[Block]) -> tuple[list[Block], list[str]]:
    """The body, and the lines of the site's footer that a seed ends with."""
    for place, block in enumerate(blocks):
        if isinstance(block, Para) and block.text.startswith("Copyright"):
            return blocks[:place], [b.text for b in blocks[place:] if isinstance(b, Para)]
    return blocks, []
