# ruff: noqa: E501 - markup stands on one line, as pages have it
"""VSB 博达 (portals.md §4.7), in GBK.

Government: `zfxxgknb.htm`, page p of N at `zfxxgknb/<N−p+1>.htm`, `p_next` to follow, `p_next_d` on the last, `1/5` and
`共N条` in `span.p_t`, rows `li[id^=line_u…]`, a pinned one on every page. Townships: a column of columns,
`xzjd.htm` → `xzjd/n2024n.htm` → `xzjd/n2024n/yz.htm`, whose last pages are themselves the reports, each whole in one
table (洪雅). Department: a column page that is the report (舟曲). Articles: `table.xxgkcont` with
`td.title_govinfocontent` (商洛), the default prefix 000014348 (金平), inline labels (秦安); a body that is only a file
behind `download.jsp?…wbfileid=`, whose name only the link tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape
from urllib.parse import quote

from tests.portals.gallery.base import DEP, GOV, Body, GallerySite, Item
from tests.portals.site import Reply, Request

PER_PAGE = 3
YEARS = (2022, 2023, 2024, 2025)
SLUGS = {2: "yz", 3: "ex", 4: "sljd"}
LIVE = (2024, 2025)


class VsbList(GallerySite):
    portal = "vsb_list"
    host = "www.vsb-list.test"
    family = "vsb"
    county_code = "990701"
    name = "示例县（样例）"
    charset = "gbk"

    def planted(self) -> Sequence[Item]:
        made = self.reports()
        department = max((i for i in made if i.body.kind == DEP), key=lambda i: i.day)
        government = [i for i in made if i.body.kind == GOV]
        last = max(government, key=lambda i: i.day)
        kept = [replace(i, attachment="年报.docx") if i is last else i for i in government]
        towns = [i for i in made if i.body.kind not in (GOV, DEP) and i.year in YEARS]
        return [*kept, department, *towns, *self.others()]

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        if body.kind == DEP:
            return None
        return (
            f"000014348/{day.year}-{serial % 100000:05}"
            if body.kind == GOV
            else f"xgz/{day.year}-{serial % 90 + 1:05}"
        )

    def is_column(self, item: Item) -> bool:
        return item.year is not None and item.body.kind != GOV

    def path_of(self, item: Item) -> str:
        if not self.is_column(item):
            return f"/info/1052/{item.serial}.htm"
        if item.body.kind == DEP:
            return f"/zfxxgk/czj/n{item.year}n.htm"
        return f"/zfxxgk/xzjd/n{item.year}n/{SLUGS[self.bodies.index(item.body)]}.htm"

    def attachment_path_of(self, item: Item) -> str:
        return f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid={item.serial}"

    @property
    def towns(self) -> list[Item]:
        return [i for i in self.items if self.is_column(i) and i.body.kind != DEP]

    @property
    def lists(self) -> int:
        """The government's pages; the towns' column, its years, and each report once more as a column."""
        pages = -(-len(self.articles()) // (PER_PAGE - 1))
        return pages + 1 + len(YEARS) + len(self.towns)

    @property
    def sublists(self) -> int:
        """The newest years and their columns."""
        return len(LIVE) + len([i for i in self.towns if i.year in LIVE])

    def articles(self) -> list[Item]:
        return self.newest_first([i for i in self.items if not self.is_column(i)])

    def reply(self, request: Request, host: str) -> Reply:
        if request.path == "/zfxxgk/zfxxgknb.htm":
            return self._list(1)
        if request.path.startswith("/zfxxgk/zfxxgknb/"):
            return self._list(self._pages() + 1 - int(request.path.rpartition("/")[2].removesuffix(".htm")))
        if request.path == "/zfxxgk/xzjd.htm":
            return self._columns(
                [(f"/zfxxgk/xzjd/n{year}n.htm", f"{year}年") for year in reversed(YEARS)], ""
            )
        for year in YEARS:
            if request.path == f"/zfxxgk/xzjd/n{year}n.htm":
                return self._columns([(i.path, i.body.short) for i in self.towns if i.year == year], "../")
        if request.path == "/system/_content/download.jsp":
            return self._download(request)
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    # --- lists -------------------------------------------------------------------------------------------

    def _pages(self) -> int:
        return -(-len(self.articles()) // (PER_PAGE - 1))

    def _list(self, number: int) -> Reply:
        rows, pages = self.articles(), self._pages()
        if not 1 <= number <= pages:
            return self.missing()
        size = PER_PAGE - 1  # beside the pinned one
        shown = [rows[0], *[i for i in rows[(number - 1) * size : number * size] if i is not rows[0]]]
        up = "" if number == 1 else "../"
        items = "".join(
            f'<li id="line_u8_{n}"><a href="{up}..{i.path}" target="_blank" title="{escape(i.title)}">{escape(i.title[:14])}...</a><span>{i.day:%Y/%m/%d}</span></li>'
            for n, i in enumerate(shown)
        )
        folder = "zfxxgknb/" if number == 1 else ""
        following = (
            f'<span class="p_next p_fun"><a href="{folder}{pages - number}.htm">下页</a></span>'
            if number < pages
            else '<span class="p_next_d p_fun_d">下页</span>'
        )
        return self._page(
            "政府信息公开年报",
            f'<ul>{items}</ul><div class="pb_sys_common pb_sys_normal"><span class="p_t">共{len(rows)}条</span> <span class="p_pages"><span class="p_no_d">{number}</span>{following}</span> <span class="p_t">{number}/{pages}</span></div>',
        )

    def _columns(self, links: Sequence[tuple[str, str]], up: str) -> Reply:
        """A page of a column that only leads to those below it; the menu names its neighbours."""
        menu = "".join(f'<li><a href="/zfxxgk/xzjd/n{year}n.htm">{year}年</a></li>' for year in YEARS)
        items = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in links)
        return self._page(
            "乡镇街道年报",
            f'<div class="menu" data-up="{up}"><ul>{menu}</ul></div><div class="list"><ul>{items}</ul></div>',
        )

    def _download(self, request: Request) -> Reply:
        wanted = request.query.get("wbfileid")
        item = next((i for i in self.files.values() if str(i.serial) == wanted), None)
        if item is None:
            return self.missing()
        named = f"attachment; filename*=UTF-8''{quote(item.attachment or '')}"
        return replace(
            self.file(item),
            content_type="application/octet-stream",
            headers=(("Content-Disposition", named),),
        )

    # --- drawing -----------------------------------------------------------------------------------------

    def _page(self, title: str, body: str, metas: str = "") -> Reply:
        return self.html(
            f'<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=gb2312"><TITLE>{escape(title)}-{self.name}人民政府</TITLE>{metas}</HEAD>'
            f"<BODY><div class='nav'><a href='/index.htm'>网站首页</a></div>{body}<div class='foot'>样例单位</div></BODY></HTML>"
        )

    def _article(self, item: Item) -> Reply:
        metas = f'<META Name="ArticleTitle" Content="{escape(item.title)}"><META Name="PubDate" Content="{item.day:%Y年%m月%d日}">'
        if self.is_column(item):
            text = (
                f"<table width='100%'><tr><td><p>{escape(item.title)}</p>{self.drawn(item)}</td></tr></table>"
            )
            return self._page(
                item.title, f'<div id="vsb_content"><div class="v_news_content">{text}</div></div>', metas
            )
        block = (
            f'<table class="xxgkcont"><tr><td class="title_govinfocontent">索引号：</td><td>{item.index_number or ""}</td><td class="title_govinfocontent">发布机构：</td><td>{item.body.official_name}</td></tr>'
            f'<tr><td class="title_govinfocontent">生成日期：</td><td>{item.day}</td><td class="title_govinfocontent">文号：</td><td></td></tr></table>'
        )
        link = (
            f'<p>附件【<a href="{escape(item.attachment_path)}" target="_blank">{item.attachment}</a>】</p>'
            if item.attachment
            else ""
        )
        text = f'<h3>{escape(item.title)}</h3>{block}<div id="vsb_content_4"><div class="v_news_content">{self.drawn(item)}</div></div>{link}'
        return self._page(item.title, text, metas)
