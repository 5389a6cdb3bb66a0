# ruff: noqa: E501 - markup stands on one line, as pages have it
"""A single-page application (portals.md §8.2 SPA catch-all, §4.9): one page, everything under `#/…` routes.

Every address answers with the same frame, which holds nothing but a script. 政府 and 部门 stand in `#/list/nb`, whose
pages are `#/list/nb/2` …; 乡镇 in `#/list/xz`, one list that grows by 加载更多. A report is `#/detail/ID`; its text comes
as JSON, its page shows 索引号, 发布机构 and 发布日期 in a component's markup. One report is a file that its page links to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tests.portals.gallery.base import DEP, GOV, YEARS, Body, GallerySite, Item
from tests.portals.site import Reply, Request

SIZE = 4
APP = """
const main = document.getElementById('app');
const get = async path => (await fetch('/api' + path)).json();
const row = r => `<li class="item"><a href="#/detail/${r.id}">${r.title}</a><span class="time">${r.day}</span></li>`;
const views = {
  async list(channel, page = 1) {
    const data = await get(`/list/${channel}?page=${page}`);
    const rows = data.rows.map(row).join('');
    if (channel === 'xz') return grow(channel, data, rows);
    const next = page * data.size < data.total ? `<a href="#/list/${channel}/${+page + 1}">下一页</a>` : '';
    main.innerHTML = `<h2>政府信息公开年报</h2><ul>${rows}</ul><div class="pager">共${data.total}条 ${next}</div>`;
  },
  async detail(id) {
    const doc = await get(`/detail/${id}`);
    document.title = doc.title;
    main.innerHTML = `<h1>${doc.title}</h1><dl class="meta"><dt>索引号：</dt><dd>${doc.number}</dd><dt>发布机构：</dt><dd>${doc.publisher}</dd><dt>发布日期：</dt><dd>${doc.day}</dd></dl><article class="content">${doc.html}</article>` +
      doc.files.map(f => `<p>附件：<a href="${f.path}">${f.name}</a></p>`).join('');
  },
  async home() {
    main.innerHTML = '<nav><a href="#/list/nb">政府信息公开年报</a> <a href="#/list/xz">乡镇街道年报</a> <a href="#/law">法治政府建设年度报告</a></nav>';
  },
};
function grow(channel, data, rows) {
  let page = 1;
  main.innerHTML = `<h2>乡镇街道年报</h2><ul>${rows}</ul><button>加载更多</button>`;
  const button = main.querySelector('button'), list = main.querySelector('ul');
  const last = () => { if (list.children.length >= data.total) button.remove(); };
  button.addEventListener('click', async () => {
    page += 1;
    const more = await get(`/list/${channel}?page=${page}`);
    list.innerHTML += more.rows.map(row).join('');
    last();
  });
  last();
}
function show() {
  const [, what, ...rest] = location.hash.split('/');
  (views[what] || views.home)(...rest);
}
addEventListener('hashchange', show);
show();
"""


class DrawnApp(GallerySite):
    portal = "drawn_app"
    host = "www.drawn-app.test"
    family = "generic"
    county_code = "990912"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        reports = self.reports(YEARS[-4:])
        last = max((i for i in reports if i.body.kind == DEP), key=lambda i: i.day)
        return [replace(i, attachment="年报.docx") if i is last else i for i in reports] + self.others()

    def index_number(self, body: Body, day: date, serial: int) -> str | None:
        return f"{self.county_code}{body.code[-2:]}/{day.year}-{serial % 100000:05}"

    def path_of(self, item: Item) -> str:
        return f"/#/detail/{item.serial}"

    def attachment_path_of(self, item: Item) -> str:
        return f"/files/{item.serial}.docx"

    def listed(self, channel: str) -> list[Item]:
        upper = channel == "nb"
        return self.newest_first([i for i in self.items if (i.body.kind in (GOV, DEP)) is upper])

    @property
    def lists(self) -> int:
        """The frame, its script and an answer for each page of both lists; the reports' answers are theirs."""
        return 2 + sum(-(-len(self.listed(channel)) // SIZE) for channel in ("nb", "xz"))

    @property
    def sublists(self) -> int:
        """Beside an answer for each column: the frame and its script."""
        return 2

    def home(self) -> Reply:
        return self.html(
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{self.county}政务公开</title></head><body>"
            "<noscript>请启用 JavaScript</noscript><div id='app'></div><script src='/assets/app.js'></script></body></html>"
        )

    def reply(self, request: Request, host: str) -> Reply:
        path = request.path
        if path == "/assets/app.js":
            return Reply(APP.encode(), "text/javascript; charset=utf-8")
        if path.startswith("/api/list/"):
            return self._list(path.rpartition("/")[2], int(request.query.get("page") or 1))
        if path.startswith("/api/detail/"):
            return self._detail(path.rpartition("/")[2])
        if path in self.files:
            return self.file(self.files[path])
        return self.home()

    def _list(self, channel: str, page: int) -> Reply:
        rows = self.listed(channel)
        shown = [
            {"id": item.serial, "title": item.title, "day": f"{item.day}"}
            for item in rows[(page - 1) * SIZE : page * SIZE]
        ]
        return _json({"total": len(rows), "size": SIZE, "rows": shown})

    def _detail(self, serial: str) -> Reply:
        item = self.by_path.get(f"/#/detail/{serial}")
        if item is None:
            return Reply(b"{}", "application/json", 404)
        files = [{"path": item.attachment_path, "name": item.attachment}] if item.attachment else []
        told = {"title": item.title, "number": item.index_number or "", "publisher": item.body.official_name}
        return _json({**told, "day": f"{item.day}", "html": self.drawn(item), "files": files})


def _json(data: object) -> Reply:
    return Reply(json.dumps(data).encode(), "application/json; charset=utf-8")
