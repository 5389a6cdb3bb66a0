# ruff: noqa: E501 - markup stands on one line, as pages have it
"""TRS WCM, lists as files (portals.md §4.2): one pager form a column, townships that reuse column ids.

Pagers: `createPageHTML` with quoted numbers, whose last page is missing (government); with the records first
(department); the 'paging' form that counts from 1 (township one); inline `countPage`/`currentPage`/`countnum` under
a table that shows 索引号 (邯郸; township two); `.pagination("setPage", …)` over `.shtml` (subdistrict); the older
years: `list_2.html` behind a rendered pager, and `wjk_glrb_2.html` (湖南) beside `pagination_script_config`.
Rows: a pinned item on every page, titles cut short with the whole one in `title`, `t_ID.html` without a date, the
mobile twin `_app`, a row that leads off the site, a list date unlike the address's (§5). Pages: fields hidden in
comments, the default prefix 000014348 (§6.4), a report without index number, a body that is only `./P0….docx`
named in a script variable beside an OLDSRC (§4.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import escape

from tests.portals.gallery.base import DEP, STREET, Body, GallerySite, Item
from tests.portals.site import Reply, Request

FOLDERS = (
    "/zwgk_70039/zfxxgknb_70056/",
    "/bm/czj/xxgknb/",
    "/jz/yz/zwgk_73112/zfxxgknb_73130/",
    "/jz/ex/zwgk_73112/zfxxgknb_73130/",
    "/jd/sljd/zfxxgkndbg/",
)
OLDER = {DEP: "/bm/czj/lnnb/", STREET: "/jd/sljd/lnnb/"}  # columns of the years before 2022
SIZES = {FOLDERS[0]: 3, OLDER[STREET]: 1}  # rows a page; elsewhere 2


class TrsStatic(GallerySite):
    portal = "trs_static"
    host = "www.trs-static.test"
    family = "trs"
    county_code = "990601"
    name = "示例县（样例）"

    def __init__(self) -> None:
        super().__init__()
        self.columns: dict[str, Callable[[str, int, int, int], str]] = {
            FOLDERS[0]: lambda folder, n, last, rows: (
                f"<script>createPageHTML('{last + 1}', '{n}', 'index', 'html');</script>"
            ),
            FOLDERS[1]: lambda folder, n, last, rows: (
                f'<script language="javascript">createPageHTML( {rows} ,{last}, {n}, "index","html" );</script>'
            ),
            FOLDERS[2]: lambda folder, n, last, rows: (
                f"<div id='paging'></div><script>createPageHTML('paging', {last}, {n + 1}, 'index','html', {rows});</script>"
            ),
            FOLDERS[3]: lambda folder, n, last, rows: (
                f'<script>\nvar countnum= {rows};\nvar currentPage={n};//从0开始\nvar countPage={last}\nif(countPage>1&&currentPage!=0) document.write("<a href=\\"index"+"_"+(currentPage-1)+"."+"html\\">上一页</a>");\n</script>'
            ),
            FOLDERS[4]: lambda folder, n, last, rows: (
                f'<div class="pages"></div><script>$(".pages").pagination("setPage", {n + 1}, {last});</script>'
            ),
            OLDER[DEP]: self._rendered,
            OLDER[STREET]: lambda folder, n, last, rows: (
                f"<script>var pagination_script_config = {{ pageNumber: '{n}', total: '{last}' }};</script>"
                + self._rendered(folder, n, last, rows)
            ),
        }

    def key_of(self, place: int) -> str:
        return FOLDERS[place]

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"000014348/{day.year}-{serial % 100000:05}" if body.key == FOLDERS[3] else None

    def planted(self) -> Sequence[Item]:
        made = self.reports()
        scanned = next(i for i in made if i.body.kind == DEP and i.year == 2023)
        made[made.index(scanned)] = replace(scanned, attachment="2023年年度报告.docx")
        return [*made, *self.others()]

    def folder_of(self, item: Item) -> str:
        old = item.year is not None and item.year < 2022
        return OLDER.get(item.body.kind, item.body.key) if old else item.body.key

    def path_of(self, item: Item) -> str:
        folder = self.folder_of(item)
        if folder == FOLDERS[1]:
            return f"{folder}t_{7_150_000 + item.serial}.html"
        ending = "shtml" if folder == FOLDERS[4] else "htm" if folder == FOLDERS[3] else "html"
        return f"{folder}{item.day:%Y%m}/t{item.day:%Y%m%d}_{item.serial}.{ending}"

    def attachment_path_of(self, item: Item) -> str:
        return f"{item.path.rpartition('/')[0]}/P0{item.day:%Y%m%d}{item.serial:012}.docx"

    def listed(self, folder: str) -> list[Item]:
        return self.newest_first([item for item in self.items if self.folder_of(item) == folder])

    def last_of(self, folder: str) -> int:
        return max(1, -(-len(self.listed(folder)) // SIZES.get(folder, 2)))

    def pages_of(self, folder: str) -> dict[str, int]:
        """Names of the pages of a column that are there, with their number from 0."""
        last = self.last_of(folder)
        stem, first, ending = {
            FOLDERS[2]: ("index", 2, "html"),
            FOLDERS[4]: ("index", 1, "shtml"),
            OLDER[DEP]: ("list", 2, "html"),
            OLDER[STREET]: ("wjk_glrb", 2, "html"),
        }.get(folder, ("index", 1, "html"))
        return {"": 0, f"index.{ending}": 0} | {f"{stem}_{n - 1 + first}.{ending}": n for n in range(1, last)}

    @property
    def lists(self) -> int:
        return (
            sum(len(set(self.pages_of(folder).values())) for folder in self.columns) + 1
        )  # and a missing last

    def reply(self, request: Request, host: str) -> Reply:
        path = request.path
        folder, _, name = path.rpartition("/")
        if f"{folder}/" in self.columns and name in self.pages_of(f"{folder}/"):
            return self._list(f"{folder}/", name)
        if path in self.files:
            return self.file(self.files[path])
        item = self.by_path.get(path.replace("_app.", "."))
        return self._article(item) if item else self.missing()

    def _page(self, title: str, body: str) -> Reply:
        menu = "".join(f'<li><a href="{folder}">政府信息公开年报</a></li>' for folder in self.columns)
        return self.html(
            f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(title)}_{self.name}</title>\n'
            f'<meta name="SiteName" content="{self.name}人民政府"></head>\n<body><div class="menu"><ul>{menu}</ul></div>\n{body}\n'
            '<div class="footer"><a href="/wzsm/201709/t20170912_719157.html">网站声明</a> 样例单位主办</div></body></html>'
        )

    def _list(self, folder: str, name: str) -> Reply:
        items, number, size = self.listed(folder), self.pages_of(folder)[name], SIZES.get(folder, 2)
        shown = items[number * size : (number + 1) * size]
        if folder == FOLDERS[0] and number:
            shown = [items[0], *shown]  # pinned
        if folder == FOLDERS[3]:
            head = "<tr><th>名称</th><th>索引号</th><th>发布机构</th><th>发布日期</th></tr>"
            rows = head + "".join(self._cells(folder, item) for item in shown)
            block = f"<table><tbody>{rows}</tbody></table>"
        else:
            rows = "".join(self._row(folder, item) for item in shown)
            away = (
                '<li><a href="https://mp.weixin.trs-away.test/s/示例" target="_blank">示例：本县公众号推文一则</a></li>'
                if folder == FOLDERS[0]
                else ""
            )
            block = f'<ul class="list">{rows}{away}</ul>'
        pager = self.columns[folder](folder, number, self.last_of(folder), len(items))
        return self._page(
            "政府信息公开年报", f'<div class="list-box">{block}\n<div class="page">{pager}</div></div>'
        )

    def _row(self, folder: str, item: Item) -> str:
        href = "./" + item.path.removeprefix(folder)
        short = item.title if len(item.title) < 16 else item.title[:14] + "..."
        day = item.day - timedelta(days=3) if folder == FOLDERS[2] else item.day
        row = f'<li><a href="{href}" title="{escape(item.title)}" target="_blank">{escape(short)}</a><span>{day:%Y-%m-%d}</span></li>'
        if folder == FOLDERS[1] and item.year == 2024:
            row += f'<li><a href="{href.replace(".html", "_app.html")}">{escape(item.title)}</a><span>{day:%Y-%m-%d}</span></li>'
        return row

    def _cells(self, folder: str, item: Item) -> str:
        href = f"http://{self.host}{item.path}"
        return (
            f'<tr><td height="35"><a href="{href}" title="{escape(item.title)}">\n {escape(item.title)}\n</a></td>'
            f"<td>{item.index_number or ''}</td><td>{escape(item.body.official_name)}</td><td>{item.day:%Y-%m-%d}</td></tr>"
        )

    def _rendered(self, folder: str, number: int, last: int, rows: int) -> str:
        names = {n: name for name, n in self.pages_of(folder).items()}
        links = "".join(
            f'<a href="{names[n]}">{n + 1}</a>' for n in range(last) if n != number and n in names
        )
        return f'<div class="pagebar">{links}</div>'

    def _article(self, item: Item) -> Reply:
        hidden = "<!--<p><strong>索引号</strong>：000014348/2019-99999</p><p><strong>成文日期</strong>：2019年01月01日</p>-->"
        shown = f"<p><strong>索引号</strong>：{item.index_number}</p>" if item.index_number else ""
        chinese = f"{item.day:%Y}年{item.day:%m}月{item.day:%d}日"
        head = (
            f'<div class="top-l">{hidden}{shown}<p><strong>发布机构</strong>：{escape(item.body.official_name)}</p></div>'
            f'<div class="top-r"><p><strong>发布日期</strong>：{chinese}</p></div>'
        )
        body = self.drawn(item, table='class="Custom_UnionStyle" border="1"')
        if item.attachment:
            name = item.attachment_path.rpartition("/")[2]
            body = (
                f'<script>var att = \'<a href="./{name}" OLDSRC="/protect/{name[:4]}/{name}">{escape(item.attachment)}</a>\';'
                " $('#rel_appendix').html(att);</script><div id=\"rel_appendix\"></div>"
            )
        return self._page(
            item.title, f'{head}<h1>{escape(item.title)}</h1><div class="TRS_Editor">{body}</div>'
        )
