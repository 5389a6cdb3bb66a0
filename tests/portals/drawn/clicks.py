# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Lists that exist only after scripts ran (portals.md §8.1 shells, §4.9 long tail; archive.md §3.5).

The page holds an empty list and a script. The script asks a gateway with a mark computed from channel and page; the
gateway refuses any other. 政府 and 部门 stand in a list that is paged by clicks, with a link whose address is
`javascript:;` and which is disabled on the last page; 乡镇 stand in one whose pages have addresses, `?page=2`. A script
of another host and a counter that answers 404 stand on each page. Report pages are ordinary.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from zlib import crc32

from tests.portals.gallery.base import DEP, GOV, YEARS, GallerySite, Item
from tests.portals.site import Reply, Request

SIZE = 4
SCRIPT = """
const list = document.getElementById('list'), pager = document.getElementById('pager');
const channel = document.body.dataset.channel, size = 4;
const table = Array.from({length: 256}, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xEDB88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
const crc = text => (~[...text].reduce((sum, c) => table[(sum ^ c.charCodeAt(0)) & 255] ^ (sum >>> 8), ~0)) >>> 0;
let page = Number(new URLSearchParams(location.search).get('page') || 1);
function draw(data) {
  list.innerHTML = data.rows.map(r => `<li><a href="${r.path}" title="${r.title}">${r.title.slice(0, 20)}…</a><span>${r.day}</span></li>`).join('');
  pager.innerHTML = `<span>共${data.total}条</span>`;
  const last = page * size >= data.total;
  if (channel === 'xz') { if (!last) pager.innerHTML += `<a href="?page=${page + 1}">下一页</a>`; return; }
  const next = document.createElement('a');
  next.href = 'javascript:;'; next.textContent = '下一页'; next.className = last ? 'next disabled' : 'next';
  next.addEventListener('click', () => { page += 1; load(); });
  pager.append(next);
}
async function load() {
  const mark = crc(`${channel}-${page}`).toString(16);
  draw(await (await fetch(`/gateway/list?channel=${channel}&page=${page}&mark=${mark}`)).json());
}
fetch('/counter/view').catch(() => null);
load();
"""


class DrawnClicks(GallerySite):
    portal = "drawn_clicks"
    host = "www.drawn-clicks.test"
    family = "generic"
    county_code = "990911"
    name = "示例县（样例）"

    def planted(self) -> Sequence[Item]:
        return self.reports(YEARS[-4:]) + self.others()

    def path_of(self, item: Item) -> str:
        return f"/zwgk/{item.day.year}/a{item.serial}.html"

    def channel(self, item: Item) -> str:
        return "nb" if item.body.kind in (GOV, DEP) else "xz"

    def listed(self, channel: str) -> list[Item]:
        return self.newest_first([item for item in self.items if self.channel(item) == channel])

    def pages(self, channel: str) -> int:
        return -(-len(self.listed(channel)) // SIZE)

    @property
    def lists(self) -> int:
        """The clicked list's page, script, counter and an answer a page; of the other, page, counter and answer."""
        return 3 + self.pages("nb") + 3 * self.pages("xz")

    @property
    def sublists(self) -> int:
        """Beside the columns' own pages: the script, an answer and a counter each."""
        return 5

    def reply(self, request: Request, host: str) -> Reply:
        if request.path in ("/zwgk/nb.html", "/zwgk/xz.html"):
            return self._shell(request.path[6:8])
        if request.path == "/zwgk/list.js":
            return Reply(SCRIPT.encode(), "text/javascript; charset=utf-8")
        if request.path == "/gateway/list":
            return self._gateway(request)
        item = self.by_path.get(request.path)
        return self._article(item) if item else self.missing()

    def _shell(self, channel: str) -> Reply:
        return self.html(
            f"<html><head><meta charset='utf-8'><title>政府信息公开年报</title></head><body data-channel='{channel}'>"
            "<div class='header'><a href='/'>首页</a></div><ul id='list'></ul><div id='pager'></div>"
            "<script src='http://statistics.example/count.js'></script><script src='/zwgk/list.js'></script></body></html>"
        )

    def _gateway(self, request: Request) -> Reply:
        channel, page = request.query.get("channel", ""), int(request.query.get("page") or 0)
        if request.query.get("mark") != f"{crc32(f'{channel}-{page}'.encode()):x}":
            return Reply(b'{"error": "mark"}', "application/json", 403)
        rows = self.listed(channel)
        shown = [
            {"path": item.path, "title": item.title, "day": f"{item.day}"}
            for item in rows[(page - 1) * SIZE : page * SIZE]
        ]
        return Reply(json.dumps({"total": len(rows), "rows": shown}).encode(), "application/json")

    def _article(self, item: Item) -> Reply:
        return self.html(
            f"<html><head><meta charset='utf-8'><title>{escape(item.title)}</title></head><body><h1>{escape(item.title)}</h1>"
            f"<p>发布机构：{item.body.official_name}　发布日期：{item.day}</p><div class='content'>{self.drawn(item)}</div></body></html>"
        )
