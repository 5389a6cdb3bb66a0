# ruff: noqa: E501 - markup stands on one line, as pages have it
"""No family: an office's own program (portals.md §3.4 aspx rows, §8; none of its shapes is a known one).

Everything is `p.aspx?do=…`. Each page writes another session id into its links (`sessionid=…`), so that one report has
a hundred addresses; beside the list stands a calendar whose days and months never end; the list is a table of forms
without a single `li`, days as `2025.01.20`, pages as numbers alone. The county's column leads nowhere but to its own
reports; departments and townships stand behind 部门乡镇信息公开, each with a column of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.portals.gallery.base import Body, GallerySite, Item
from tests.portals.site import Reply, Request

SIZE = 4


class AnyOffice(GallerySite):
    portal = "any_office"
    host = "www.any-office.test"
    family = "generic"
    county_code = "990902"
    name = "示例县（样例）"
    charset = "gb18030"

    def __init__(self) -> None:
        super().__init__()
        self.drawn_pages = 0

    def planted(self) -> Sequence[Item]:
        return [*self.reports(), *self.others()]

    def path_of(self, item: Item) -> str:
        return f"/p.aspx?do=show&no={item.serial}"

    @property
    def lists(self) -> int:
        return sum(-(-len(self._of(body)) // SIZE) for body in self.bodies)

    def _of(self, body: Body) -> list[Item]:
        return self.newest_first([item for item in self.items if item.body == body])

    def reply(self, request: Request, host: str) -> Reply:
        asked, number = request.query.get("do"), request.query.get("no", "")
        if asked == "show":
            item = self.by_path.get(f"/p.aspx?do=show&no={number}")
            return self._show(item) if item else self.missing()
        if asked == "bodies":
            links = "".join(f"<td>{self._link(f'do=body&no={b.key}', b.short)}</td>" for b in self.bodies[1:])
            return self._page("部门乡镇信息公开", f"<table><tr>{links}</tr></table>")
        body = next((b for b in self.bodies if b.key == number), None)
        if body is None:
            return self.missing()
        if asked == "body":
            links = self._link(f"do=guide&no={number}", "公开指南") + self._link(
                f"do=rows&no={number}", "公开年报"
            )
            return self._page(body.short, f"<div>{links}</div>")
        return self._rows(body, int(request.query.get("leaf", "1"))) if asked == "rows" else self.missing()

    def home(self) -> Reply:
        links = (
            ("do=news", "要闻"),
            (f"do=rows&no={self.bodies[0].key}", "政府信息公开年报"),
            ("do=bodies", "部门乡镇信息公开"),
            ("do=web", "网站年度报表"),
        )
        return self._page("首页", "".join(f"<div>{self._link(query, name)}</div>" for query, name in links))

    def _link(self, query: str, name: str, title: str = "") -> str:
        return f'<a href="p.aspx?{escape(query)}&amp;sessionid={self.drawn_pages:08x}{"9f" * 8}"{title}>{escape(name)}</a>'

    def _rows(self, body: Body, leaf: int) -> Reply:
        items = self._of(body)
        shown = items[(leaf - 1) * SIZE : leaf * SIZE]
        if not shown:
            return self.missing()
        rows = "".join(
            f"<tr><td>{n}</td><td>{self._link(f'do=show&no={i.serial}', i.title)}</td><td>{i.day:%Y.%m.%d}</td></tr>"
            for n, i in enumerate(shown, 1)
        )
        leaves = range(1, -(-len(items) // SIZE) + 1)
        pager = " ".join(
            f"<b>{n}</b>" if n == leaf else self._link(f"do=rows&no={body.key}&leaf={n}", f"[{n}]")
            for n in leaves
        )
        return self._page(f"{body.short}公开年报", f"<table class=t>{rows}</table><p>{pager}</p>")

    def _calendar(self) -> str:
        cells = [f"<td>{self._link(f'do=day&date=2026-04-{day:02}', str(day))}</td>" for day in range(1, 31)]
        days = "".join(f"<tr>{''.join(cells[week : week + 7])}</tr>" for week in range(0, 30, 7))
        turn = self._link("do=day&month=2026-03", "<") + self._link("do=day&month=2026-05", ">")
        return f"<div class=cal>{turn}<table>{days}</table></div>"

    def _show(self, item: Item) -> Reply:
        head = f"<center><font size=5>{escape(item.title)}</font><br>发布机构：{item.body.official_name} 发布日期：{item.day}</center>"
        return self._page(item.title, f"{head}<div id=t>{self.drawn(item)}</div>")

    def _page(self, title: str, body: str) -> Reply:
        self.drawn_pages += 1
        return self.html(
            f"<HTML><HEAD><TITLE>{escape(title)}-{self.county}人民政府</TITLE></HEAD><BODY>"
            f"<TABLE width=960><TR><TD><A href='/'>首页</A></TD></TR><TR><TD>{body}</TD><TD>{self._calendar()}</TD></TR></TABLE>样例</BODY></HTML>"
        )
