# ruff: noqa: E501 - markup stands on one line, as pages have it
"""gkmlpt: a catalogue whose lists come from an API (portals.md §4.4).

Habits: `/sample/gkmlpt/index` holds `window._CONFIG` with SID and TREE and no row; `/sample/gkmlpt/api/all/<id>?page=N&sid=…`
answers 100 rows a page with `\\u` escapes, `identifier`, `publisher` and days in seconds; page 0 is page 1;
the reports' category is one page and answers 404 at page 2 (肇庆); the category of everything has two pages;
links are https though only http is served (深圳); one category has a `jump_url` into the portal, where the
townships' reports stand as NFCMS pages. Details show a table with 索引号, and `_CONFIG.DETAIL` names the
attachment that the markup does not link; another report's attachment stands in the API's answer alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from time import mktime, strptime, timezone

from tests.portals.gallery.base import DEP, STREET, TOWN, Body, GallerySite, Item
from tests.portals.site import Reply, Request

SID, REPORTS, TOWNS, ALL, SIZE = "755031", "4123", "4200", "4100", 100
UNITS = {0: "11440300K31720001A", 1: "114403006955506492", 2: "", 3: "", 4: "11440300MB2C95001X"}
TREE = [
    {
        "id": 4100,
        "name": "法定主动公开内容",
        "post_count": 0,
        "jump_url": "",
        "children": [
            {"id": 4123, "name": "政府信息公开年报", "post_count": 0, "jump_url": "", "children": []},
            {
                "id": 4200,
                "name": "镇街年报",
                "post_count": 0,
                "jump_url": "https://www.gkmlpt-api.test/sample/zwgk/zjnb/index.html",
                "children": [],
            },
        ],
    }
]

# The part of the application that asks for a list (own words).
APP = (
    "(function(){var c=window._CONFIG;function load(id,page){return fetch(c.APP_URL+'/gkmlpt/api/all/'+id+"
    "'?page='+page+'&sid='+c.SID).then(function(r){return r.json()})}"
    "window.addEventListener('hashchange',function(){load(location.hash.slice(1),1)})})();"
)


class GkmlptApi(GallerySite):
    portal = "gkmlpt_api"
    host = "www.gkmlpt-api.test"
    family = "gkmlpt"
    county_code = "990401"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        reports = [
            replace(item, attachment="年度报告.docx") if (item.body.kind, item.year) == (DEP, 2023) else item
            for item in self.reports()
        ]
        government = self.bodies[0]
        notices = [
            Item(
                f"关于示例事项第{n}号的通告（样例）",
                date(2024, 1, 1) + timedelta(days=3 * n),
                60_000 + n,
                government,
                kind="notice",
            )
            for n in range(96)
        ]
        return [*reports, *self.others(), *notices]

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        unit = UNITS[int(body.code[-2:])]
        return f"{unit}/{day.year}-{serial:05}" if unit else None

    def path_of(self, item: Item) -> str:
        number = 9_100_000 + item.serial
        if item.body.kind == TOWN:
            return f"/sample/zwgk/zjnb/content/post_{number}.html"
        return f"/sample/gkmlpt/content/{number // 10**6}/{number // 1000}/post_{number}.html"

    def attachment_path_of(self, item: Item) -> str:
        return f"/attachment/0/{item.serial // 100}/{item.serial}/{item.serial}.docx"

    @property
    def truth_lists(self) -> dict[str, list[Item]]:
        mine = [item for item in self.items if item.body.kind != TOWN]
        return {
            REPORTS: self.newest_first(
                [item for item in mine if item.kind != "notice" or "年度报告" in item.title]
            ),
            ALL: self.newest_first(mine),
        }

    @property
    def lists(self) -> int:
        """Three times the catalogue's page; one, two and one list pages behind it."""
        return 3 + 1 + -(-len(self.truth_lists[ALL]) // SIZE) + 1

    def reply(self, request: Request, host: str) -> Reply:
        path = request.path
        if path == "/sample/gkmlpt/index":
            return self._index()
        if path.startswith("/sample/gkmlpt/api/all/"):
            return self._api(path.rpartition("/")[2], request)
        if path == "/gkmlpt/js/app.5c1d.js":
            return Reply(APP.encode(), "application/javascript")
        if path == "/sample/zwgk/zjnb/index.html":
            return self._towns()
        if item := self.files.get(path):
            return self.file(item)
        item = self.by_path.get(path)
        return self._article(item) if item else self.missing()

    def _index(self) -> Reply:
        config = f"window._CONFIG = {{ SID: '{SID}', APP_URL: '/sample', TREE: {json.dumps(TREE)}, IS_MOBILE: false }};"
        return self.html(
            '<!DOCTYPE html><html><head><title>政府信息公开平台</title></head><body><div id="app"></div>'
            f'<script>{config}</script><script src="/gkmlpt/js/app.5c1d.js"></script></body></html>'
        )

    def _api(self, category: str, request: Request) -> Reply:
        items = self.truth_lists.get(category)
        page = max(1, int(request.query.get("page", "0")))
        if items is None or request.query.get("sid") != SID or (category == REPORTS and page > 1):
            return self.missing()
        articles = [self._entry(item) for item in items[(page - 1) * SIZE : page * SIZE]]
        answer = {"classify": {"id": int(category), "post_count": len(items)}, "articles": articles}
        return Reply(json.dumps(answer).encode(), "application/json")

    def _entry(self, item: Item) -> dict:
        seconds = int(mktime(strptime(f"{item.day}", "%Y-%m-%d"))) - timezone - 8 * 3600
        return {
            "id": 9_100_000 + item.serial,
            "title": item.title,
            "document_number": "",
            "identifier": item.index_number or "",
            "publisher": item.body.official_name,
            "date": seconds - 3 * 86_400,
            "created_at": f"{item.day + timedelta(days=1)} 10:02:11",
            "display_publish_time": seconds,
            "classify_main_name": "政府信息公开年报",
            "url": f"https://{self.host}{item.path}",
            "post_url": f"//{self.host}{item.path}",
            "attachment": [
                {"name": item.attachment, "type": "docx", "url": f"https://{self.host}{item.attachment_path}"}
            ]
            if (item.body.kind, item.year) == (STREET, 2023)
            else [],
            "is_expired": 0,
        }

    def _towns(self) -> Reply:
        rows = "".join(
            f'<li><a href="http://{self.host}{item.path.replace("post_", "mpost_") if place == 2 else item.path}">{item.title}</a><span class="time">{item.day}</span></li>'
            for place, item in enumerate(self.newest_first([i for i in self.items if i.body.kind == TOWN]))
        )
        return self.html(
            f'<html><head><title>镇街年报</title></head><body><div class="list"><ul>{rows}</ul></div></body></html>'
        )

    def _article(self, item: Item) -> Reply:
        table = (
            "<table class='classify'>"
            f"<tr><td>索引号：</td><td>{item.index_number or ''}</td><td>分类：</td><td>政府信息公开年报</td></tr>"
            f"<tr><td>发布机构：</td><td>{item.body.official_name}</td><td>成文日期：</td><td>{item.day - timedelta(days=3)}</td></tr>"
            f"<tr><td>名称：</td><td colspan='3'>{escape(item.title)}</td></tr>"
            f"<tr><td>文号：</td><td></td><td>发布日期：</td><td>{item.day}</td></tr></table>"
        )
        files = (
            []
            if (item.body.kind, item.year) == (STREET, 2023)
            else [{"id": 1, "name": item.attachment, "type": "docx", "url": item.attachment_path}]
        )
        detail = json.dumps({"title": item.title, "attachment": files if item.attachment else []})
        script = f"<script>window._CONFIG={{SID:'{SID}',DETAIL:{detail}}};</script>"
        return self.html(
            f"<html><head><title>{escape(item.title)}</title></head><body>{table}<h1 class='title document-number'>{escape(item.title)}</h1>"
            f"<div class='article-content'>{self.drawn(item)}</div>{script}</body></html>"
        )
