# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Hanweb, the xxgk module (portals.md §4.1 b).

A column page (`vc_xxgkarea`, `number` in its address) whose list is a fragment of `search.jsp`: rows `tr_main_value_odd`,
data in the attributes `mc`, `wh`, `rq` of the link (浙江 2020), `共N页`, `currpage`; `search.jsp` ignores `infotypeId` and
gives the whole district. 山东's `search_custom.jsp` answers POST only. The yearly route `xxgkAnnualReport.jsp` is keyed by
`area`: a valid code of 18, one with a suffix (`…|U|B1`), a code typed by hand that is junk; 暂无 for a year without a
report; one answer lists the report instead of showing it. `tree.jsp` names the organs. Index search by `vc_number`; the
number's prefix is the area key (§6.3). 无锡's article wraps values in template comments.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from urllib.parse import quote

from tests.portals.gallery.base import DEP, GOV, Body, GallerySite, Item
from tests.portals.site import Reply, Request

SPAN = (2023, 2024, 2025)  # years of the route
KEYS = ("113325000026455663", "DP0122144554545A-1", "113706000042603877A|U|B1", "001008003015001", "YT0001")
PER_PAGE = 4
ROUTE = "/module/xxgk/xxgkAnnualReport.jsp"


class HanwebXxgk(GallerySite):
    portal = "hanweb_xxgk"
    host = "www.hanweb-xxgk.test"
    family = "hanweb"
    county_code = "990102"
    name = "示例县（样例）"

    def key_of(self, place: int) -> str:
        return KEYS[place]

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"{body.key}/{day.year}-{serial % 100000:05}"

    def planted(self) -> Sequence[Item]:
        """Government and department in lists, the others on the route."""
        made = [i for i in self.reports() if i.body.kind in (GOV, DEP) or i.year in SPAN]
        for place, year in ((2, 2023), (4, 2024)):  # one year of the route stays empty
            body = self.bodies[place]
            title, day = f"{body.short}{year}年政府信息公开工作年度报告", date(year + 1, 1, 18)
            number = self.index_number(body, day, 31)
            made.append(Item(title, day, year * 10 + place, body, year, index_number=number))
        return [*made, *self.others()]

    def routed(self, item: Item) -> bool:
        return item.year is not None and item.body.kind not in (GOV, DEP)

    def path_of(self, item: Item) -> str:
        if self.routed(item) and (item.body.key, item.year) != (KEYS[4], 2025):
            return f"{ROUTE}?fbtime={item.year}&area={quote(item.body.key, safe='')}"
        if item.body.kind == DEP:
            return f"/doc/{item.day:%Y/%m/%d}/{item.serial}.shtml"
        return f"/art/{item.day.year}/{item.day.month}/{item.day.day}/art_1229811_{item.serial}.html"

    @property
    def lists(self) -> int:
        """Two column pages, their fragments, the route's tree, its empty answers and the one that is a list."""
        pages = sum(-(-len(self.listed(kind)) // PER_PAGE) for kind in (GOV, DEP))
        empty = 3 * len(SPAN) - len([i for i in self.items if self.routed(i)])
        return 2 + pages + 2 + empty + 1

    def listed(self, kind: str) -> list[Item]:
        own = [i for i in self.items if i.body.kind == kind or (kind == GOV and not i.is_report)]
        return self.newest_first([i for i in own if not self.routed(i)])

    def reply(self, request: Request, host: str) -> Reply:
        routes = {
            "/col/col1229811/index.html": self._column,
            "/col/col1229812/index.html": self._department,
            "/module/xxgk/search.jsp": self._search,
            "/module/xxgk/search_custom.jsp": self._custom,
            "/module/xxgk/tree.jsp": self._tree,
            ROUTE: self._route,
        }
        if request.path in routes:
            return routes[request.path](request)
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    # --- lists -------------------------------------------------------------------------------------------

    def _column(self, request: Request) -> Reply:
        area = request.query.get("vc_xxgkarea", "")
        return self._page(
            "政府信息公开年报",
            f'<iframe src="/module/xxgk/tree.jsp?standardXxgk=1&amp;area={area}&amp;divid=div4" frameborder="0"></iframe><div id="div4"></div>'
            f"<script>loadDynamic('/module/xxgk/search.jsp?standardXxgk=1&infotypeId='+a+'&vc_title='+encodeURI(b)+'&area={area}','div4','','','','1');</script>",
        )

    def _department(self, request: Request) -> Reply:
        return self._page(
            "财政局年报",
            "<div id='div91105'></div><script>var jdid = '63'; $('#div91105').load(\"/module/xxgk/search_custom.jsp?texttype=&fbtime=&vc_all=&currpage=1&sortfield=createdatetime:0&fields=&fieldConfigId=247732&hasNoPages=&infoCount=\",{infotypeId:'SD0304',jdid:'63',area:'"
            f"{KEYS[1]}',divid:'div91105'}});</script>",
        )

    def _search(self, request: Request) -> Reply:
        """Index search by substring; without a number the whole district, whatever the catalogue node."""
        query = request.query
        if number := query.get("vc_number"):
            return self._fragment([i for i in self.items if number in (i.index_number or "-")], 1)
        return self._fragment(self.listed(GOV), int(query.get("currpage") or 1), attributes=True)

    def _custom(self, request: Request) -> Reply:
        if request.method != "POST" or request.query.get("area") != KEYS[1]:
            return self.html("<html><body>405</body></html>", 405)
        return self._fragment(self.listed(DEP), int(request.query.get("currpage") or 1))

    def _fragment(self, items: Sequence[Item], number: int, *, attributes: bool = False) -> Reply:
        pages = -(-len(items) // PER_PAGE)
        rows = []
        for place, item in enumerate(items[(number - 1) * PER_PAGE : number * PER_PAGE]):
            odd = "odd" if place % 2 else "even"
            title = escape(item.title)
            said = f'mc="{title}" wh="" rq="{item.day}"' if attributes else f'title="{title}"'
            rows.append(
                f'<TR class="tr_main_value_{odd}"><TD>{place + 1}</TD><TD><A class=bt_link {said} href="{item.path}" target=_blank>{title[:12]}…</A></TD>'
                f"<TD width=120>{'' if attributes else item.day}</TD></TR>"
            )
        empty = "" if rows else "<tr><td>没有找到相关信息</td></tr>"
        turns = (
            "<script>function gotoPage(n){loadDynamic('/module/xxgk/search.jsp?standardXxgk=1&currpage='+n+'&area="
            f"{KEYS[0]}','div4');}}</script>"
        )
        return self.html(
            f'\n\n{turns if attributes else ""}<table width="100%">{"".join(rows)}{empty}</table><div class="xxgk_page"><a onclick="gotoPage(1)">首页</a> 共{pages}页 <a href="javascript:gotoPage({number + 1})">下一页</a></div>'
        )

    # --- organs and the route ----------------------------------------------------------------------------

    def _tree(self, request: Request) -> Reply:
        """dTree: for one organ the nodes are its catalogue, for none they are the organs."""
        if request.query.get("area"):
            nodes = "d.add(1,0,'政府信息公开年报','javascript:funclick(\"D001\",\"年报\")');"
        else:
            nodes = "d.add(0,-1,'部门街道','');" + "".join(
                f"d.add({n},0,'{b.short}','javascript:funclick(\\'{b.key}\\',\\'{b.short}\\');','','mainframe');\n"
                for n, b in enumerate(self.bodies[2:], start=1)
            )
        return self.html(
            f"<html><body><script>var d = new dTree('d');\n{nodes}\ndocument.write(d);</script></body></html>"
        )

    def _route(self, request: Request) -> Reply:
        area, year = request.query.get("area"), request.query.get("fbtime")
        found = [i for i in self.items if self.routed(i) and (i.body.key, str(i.year)) == (area, year)]
        if not found:
            return self._page("政府信息公开年度报告", '<div id="zoom"><p>暂无相关信息</p></div>')
        item = found[0]
        if item.path.startswith(ROUTE):
            return self._article(item)
        row = f'<li><a href="{item.path}" title="{item.title}">{item.title}</a></li>'
        return self._page("政府信息公开年度报告", f'<ul class="list">{row}</ul>')

    # --- drawing -----------------------------------------------------------------------------------------

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f"<html><head><title>{escape(title)}</title></head><body><div class='header'><a href='/'>首页</a> <a href='/col/col1/index.html'>政务公开</a></div>"
            f"{body}<div class='footer'>版权所有：样例单位</div></body></html>"
        )

    def _article(self, item: Item) -> Reply:
        number = item.index_number or ""
        if item.body.kind == DEP:
            head = (
                f'<table class="xxgk_table"><tr><td>信息索引号</td><td><!--<$[SYH]>-->{number}<!--<$[SYH]>end--></td><td>生成日期</td><td><!--<$[SCRQ]>-->{item.day}<!--end--></td></tr>'
                f"<tr><td>发布机构</td><td><!--<$[FBJG]>-->{item.body.official_name}<!--end--></td><td>效力状况</td><td>— —</td></tr></table>"
            )
        else:
            head = f'<table class="art_xxgktab"><tr><td class="title">索引号</td><td>{number}</td><td class="title">发布机构</td><td>{item.body.official_name}</td></tr></table>'
        return self._page(
            item.title, f'<h1>{escape(item.title)}</h1>{head}<div class="article">{self.drawn(item)}</div>'
        )
