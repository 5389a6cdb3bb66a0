# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Epoint, lists answered as JSON (portals.md §4.8): `/dynamic/zwgk/govInfoPub.html?categorynum=&deptcode=`.

The page is a template that a script fills by POST from `…/rest/lightfrontaction/getgovinfolist`. The government's
site tells its id and the endpoint's folder in `/js/webBuilderCommon.js` and counts pages from 0; the county's second
host (departments and townships) takes nothing but `{"params":{…}}` (营口) and counts from 1, page 0 being page 1. Titles are cut short in `title` and whole in `realtitle`; a row links off the
site by `linkurl` alone; errors answer 200 with the title 您访问的页面不存在.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from uuid import UUID, uuid5

from tests.portals.gallery.base import GOV, GallerySite, Item
from tests.portals.site import Reply, Request

UNITS = "bm.epoint-dynamic.test"
SPACE = UUID("00000000-0000-0000-0000-000000990615")
SITES = {"gov": "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a", "units": "bc6e816e-0000-4317-9c8c-1e74c712d3fe"}
CATEGORY = "003005"
SIZE = 20
# What the page's script asks (own words): a page of a browser needs it, and so does whoever has no adapter.
ASKS = """var pageIndex = 0;
function getList() {
  $.ajax({
    url: siteInfo.projectName + "/rest/lightfrontaction/getgovinfolist", type: "post", dataType: "json",
    contentType: "application/json;charset=utf-8",
    data: JSON.stringify({siteGuid: siteInfo.siteGuid, categorynum: getUrlParam("categorynum"),
      deptcode: getUrlParam("deptcode"), pageIndex: pageIndex, pageSize: 20}),
    success: function (data) { show(data.custom); }
  });
}
getList();
"""
ASKS_UNITS = """function getList(pageIndex) {
  var params = JSON.stringify({params: {siteGuid: ajaxParam.siteGuid, categorynum: getUrlParam("categorynum"),
    deptcode: "", pageIndex: pageIndex, pageSize: 15}});
  $.ajax({type: "POST", url: "/EWB-FRONT/rest/lightfrontaction/getgovinfolist", data: params,
    contentType: "application/json", success: function (data) { show(data.custom); }});
}
getList(1);
"""


class EpointDynamic(GallerySite):
    portal = "epoint_dynamic"
    host = "www.epoint-dynamic.test"
    family = "epoint"
    county_code = "990615"
    name = "示例县（样例）"
    other_hosts = (UNITS,)

    def planted(self) -> Sequence[Item]:
        # The government's host holds everything too: enough rows for a second page.
        return [*self.reports(), *self.others()]

    def path_of(self, item: Item) -> str:
        return f"/xxgk/{CATEGORY}/{item.day:%Y%m%d}/{uuid5(SPACE, str(item.serial))}.html"

    def listed(self, host: str) -> list[Item]:
        """The government's host lists all, with the units' rows leading to their own pages on it."""
        own = [item for item in self.items if host == self.host or item.body.kind != GOV]
        return self.newest_first(own)

    @property
    def lists(self) -> int:
        """Script and two pages; two pages and page 0, which is page 1 again."""
        return 3 + 3

    def reply(self, request: Request, host: str) -> Reply:
        path = request.path
        if path == "/js/webBuilderCommon.js" and host == self.host:
            info = json.dumps({"projectName": "/EWB-GOV", "siteGuid": SITES["gov"]})
            return Reply(f"var siteInfo = {info};\n".encode(), "application/javascript")
        if path == "/js/ajaxReq.js" and host == UNITS:
            return Reply(
                f'var ajaxParam = {{"siteGuid":"{SITES["units"]}"}};'.encode(), "application/javascript"
            )
        if path == "/js/govInfoPub.js":
            return Reply((ASKS_UNITS if host == UNITS else ASKS).encode(), "application/javascript")
        if path.endswith("/rest/lightfrontaction/getgovinfolist") and request.method == "POST":
            return self._listing(request, host)
        if path == "/dynamic/zwgk/govInfoPub.html":
            told = "ajaxReq" if host == UNITS else "webBuilderCommon"
            scripts = "".join(f'<script src="/js/{name}.js"></script>' for name in (told, "govInfoPub"))
            return self._page("信息公开", f'<ul id="list"></ul>{scripts}')
        item = self.by_path.get(path)
        return self._article(item) if item and host == self.host else self.missing()

    def missing(self) -> Reply:
        return self._page("您访问的页面不存在", "<p>您访问的页面不存在</p>")

    def _listing(self, request: Request, host: str) -> Reply:
        body = json.loads(request.body)
        wrapped = host == UNITS
        if ("params" in body) is not wrapped:
            return Reply(b'{"status":{"code":500,"text":"params error"}}', "application/json")
        asked = body["params"] if wrapped else body
        folder, site = ("/EWB-FRONT/", SITES["units"]) if wrapped else ("/EWB-GOV/", SITES["gov"])
        right = (
            asked["siteGuid"] == site and asked["categorynum"] == CATEGORY and request.path.startswith(folder)
        )
        items = self.listed(host) if right else []
        number = max(1, int(asked["pageIndex"])) if wrapped else int(asked["pageIndex"]) + 1
        size = int(asked["pageSize"])
        data = [
            {
                "title": item.title[:14] + "...",
                "realtitle": item.title,
                "infourl": item.path if not wrapped else "",
                "visiturl": f"http://{self.host}{item.path}" if wrapped else "",
                "linkurl": "",
                "infodate": f"{item.day}",
                "handsdate": f"{item.day}",
            }
            for item in items[(number - 1) * size : number * size]
        ]
        return Reply(
            json.dumps({"custom": {"data": data, "total": len(items)}}).encode(),
            "application/json;charset=utf-8",
        )

    def _page(self, title: str, body: str) -> Reply:
        return self.html(
            f'<!DOCTYPE html><html><head><meta charset="utf-8"/><title>{escape(title)}</title></head><body>{body}</body></html>'
        )

    def _article(self, item: Item) -> Reply:
        return self._page(
            item.title,
            f'<h3 class="tit">{escape(item.title)}</h3><p class="info">发布日期：{item.day} 发布机构：{escape(item.body.official_name)}</p>'
            f'<div class="ewb-copy" id="infodetail">{self.drawn(item)}</div>',
        )
