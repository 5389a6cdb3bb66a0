# ruff: noqa: E501 - markup stands on one line, as pages have it
"""TRS WCM, lists that are no markup (portals.md §4.2, §7): printed by script, JSONP of govsearch, IGS.

The government's list is printed whole by `document.writeln`, quotes escaped; the department's row by row, its
document numbers in variables (湖南); both under `createPageHTML`. The townships' list is `zf_list.jsp` on the
city's host: a BOM and blank lines before `result({…})`, query keys twice, the date in the list later than the one in
the address (农安). The subdistrict's is IGS `list.html` with `\\u` escapes, `IdxID` and `PUBDATE` with a T. The search
form offers `indexid` among other columns (邯郸); its answer links to the document. Labels are padded with U+3000.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from tests.portals.gallery.base import STREET, Body, GallerySite, Item
from tests.portals.site import Reply, Request

FOLDERS = ("/zwgk_6255/xxgknb_6257/", "/czj_7/xxgknb_6257/", "/yzz/gknb/", "/exx/gknb/", "/sljd/gknb/")
CITY = "infogate.trs-data.test"
JSONP = "/govsearch/jsonp/gkml/zf_list.jsp"
IGS = "/igs/front/search/list.html"
FORM = "/govsearch/simp_gov_list.jsp"
PAGE = 4


class TrsData(GallerySite):
    portal = "trs_data"
    host = "www.trs-data.test"
    family = "trs"
    county_code = "990602"
    name = "示例县（样例）"
    other_hosts = (CITY,)

    def key_of(self, place: int) -> str:
        return FOLDERS[place]

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"SL{FOLDERS.index(body.key):02}/{day.year}-{serial % 100000:05}"

    def planted(self) -> Sequence[Item]:
        return [*self.reports(), *self.others()]

    def path_of(self, item: Item) -> str:
        return f"{item.body.key}{item.day:%Y%m}/t{item.day:%Y%m%d}_{item.serial}.shtml"

    def listed(self, *folders: str) -> list[Item]:
        return self.newest_first([item for item in self.items if item.body.key in folders])

    def last_of(self, *folders: str) -> int:
        return -(-len(self.listed(*folders)) // PAGE)

    @property
    def lists(self) -> int:
        towns = self.last_of(FOLDERS[2], FOLDERS[3])
        return self.last_of(FOLDERS[0]) + self.last_of(FOLDERS[1]) + towns + self.last_of(FOLDERS[4])

    def reply(self, request: Request, host: str) -> Reply:
        path = request.path
        if host == CITY:
            return self._jsonp(request) if path == JSONP else self.missing()
        if path == IGS:
            return self._igs(request)
        if path == FORM:
            return self._search(request)
        folder, _, name = path.rpartition("/")
        if f"{folder}/" in FOLDERS[:2] and (number := self._number(f"{folder}/", name)) is not None:
            return self._list(f"{folder}/", number)
        item = self.by_path.get(path)
        return self._article(item) if item else self.missing()

    def _number(self, folder: str, name: str) -> int | None:
        names = ["index.shtml", *(f"index_{n}.shtml" for n in range(1, self.last_of(folder)))]
        return names.index(name or names[0]) if (name or names[0]) in names else None

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title></head><body>\n'
            f'{self._form()}\n{body}\n<div class="foot">样例单位</div></body></html>'
        )

    def _form(self) -> str:
        options = {
            "all": "全部",
            "zhengwen": "正文",
            "biaoti": "名称",
            "indexid": "索引号",
            "fwdw": "发布机构",
        }
        choices = "".join(f'<option value="{value}">{name}</option>' for value, name in options.items())
        return (
            f'<form method="post" name="trssearchform" target="DataList" action="http://{self.host}{FORM}"><input name="sword">'
            f'<input type="hidden" name="channelid" value="258715"><select name="searchColumn">{choices}</select>'
            '<input type="hidden" name="SType" value="1"><input type="hidden" name="searchYear" value="all"></form>'
        )

    def _list(self, folder: str, number: int) -> Reply:
        shown = self.listed(folder)[number * PAGE : (number + 1) * PAGE]
        draw = self._printed_whole if folder == FOLDERS[0] else self._printed_by_row
        rows = "".join(draw(item, "./" + item.path.removeprefix(folder)) for item in shown)
        pager = f'createPageHTML({self.last_of(folder)}, {number}, "index", "shtml", "black2", {len(self.listed(folder))});'
        return self._page(
            "政府信息公开年报",
            f'<ul class="dataList">{rows}</ul><div class="pagination"><script>{pager}</script></div>',
        )

    def _printed_whole(self, item: Item, href: str) -> str:
        row = f'<li><a href="{href}" title="{item.title}">{item.title}</a><span>{item.day}</span></li>'
        return '<script>document.writeln("%s");</script>\n' % row.replace('"', '\\"').replace("</", "<\\/")  # noqa: UP031

    def _printed_by_row(self, item: Item, href: str) -> str:
        return (
            f"<li><script>\nvar fileNum='示例〔{item.day.year}〕{item.serial % 90}号';\nvar lj = '{href}';\n"
            f"document.write('<a target=\"_blank\" href=\"' + lj + '\">');</script>{item.title}"
            '<script>document.write(\'</a>\'+"<i>"+fileNum+"</i>");</script>'
            f"<span>{item.day:%Y-%m-%d}</span></li>\n"
        )

    def _jsonp(self, request: Request) -> Reply:
        items = self.listed(FOLDERS[2], FOLDERS[3])
        number = int(request.query.get("page", "1"))
        data = [
            {
                "MetaDataId": str(item.serial),
                "title": item.title[:12] + "…",
                "puburl": f"http://{self.host}{item.path}",
                "tip": {
                    "title": item.title,
                    "dates": f"{item.day + timedelta(days=2):%Y-%m-%d}",
                    "filenum": "",
                    "publisher": item.body.official_name,
                },
            }
            for item in items[(number - 1) * PAGE : number * PAGE]
        ]
        answer = json.dumps({"num": len(items), "nPage": number, "data": data}, ensure_ascii=False)
        text = f"\ufeff\r\n\r\n\r\nresult({answer})\r\n"
        return Reply(text.encode(), "text/html;charset=UTF-8")

    def _igs(self, request: Request) -> Reply:
        items = self.listed(FOLDERS[4])
        if wanted := request.query.get("filter[IdxID]"):
            items = [item for item in self.items if item.index_number == wanted]
        number = int(request.query.get("pageNumber", "1"))
        content = [
            {
                "_id": str(item.serial),
                "DOCTITLE": item.title,
                "DOCPUBURL": f"http://{self.host}{item.path}",
                "PUBDATE": f"{item.day}T08:00:00.000Z",
                "IdxID": item.index_number or "",
                "DOCCONTENT": "样例",
            }
            for item in items[(number - 1) * PAGE : number * PAGE]
        ]
        page = {
            "content": content,
            "total": len(items),
            "totalPages": -(-len(items) // PAGE),
            "number": number,
        }
        return Reply(json.dumps({"page": page}).encode(), "application/json;charset=UTF-8")

    def _search(self, request: Request) -> Reply:
        """What the form's iframe shows: hits of one column."""
        word, column = request.query.get("sword", ""), request.query.get("searchColumn", "all")
        found = [item for item in self.items if word and column == "indexid" and item.index_number == word]
        rows = "".join(
            f'<div class="row"><li class="mc"><a href="http://{self.host}{item.path}">{item.title}</a></li><li>{item.index_number}</li></div>'
            for item in found
        )
        return self.html(
            f"<html><body>{self._form()}{rows}<script>var m_nRecordCount = {len(found)};PageContext.PageNav.go(1,1);</script></body></html>"
        )

    def _article(self, item: Item) -> Reply:
        number = f"<td><b>索　引　号：</b></td><td>{item.index_number}</td>" if item.index_number else ""
        town = item.body.kind == STREET
        publisher = f"<td><b>发　布　机　构：</b></td><td>{escape(item.body.official_name)}</td>"
        day = f"<td><b>发　布　日　期：</b></td><td>{item.day:%Y-%m-%d}</td>"
        return self._page(
            item.title,
            f'<table class="affairs-detail-head"><tr>{number}{publisher}</tr><tr>{day}</tr></table><h2>{escape(item.title)}</h2>'
            f'<div class="{"TRS_UEDITOR" if town else "trs_editor_view"}">{self.drawn(item)}</div>',
        )
