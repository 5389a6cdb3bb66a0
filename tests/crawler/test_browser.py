"""A list that a script draws: its parts are recorded as sent, the drawn page beside them (T14, T15)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from archive.context import WalkResult
from archive.warc.verify import verify
from tests.crawler.crawling import portal_file
from tests.crawler.odd_server import Answer, odd_server
from tests.crawler.place import Place

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REPORT = "/nb/202501/t20250110_1.html"
TITLE = "示例镇2024年政府信息公开工作年度报告"
SHELL = (
    '<html><head><meta charset="gb2312"></head>'
    '<body><p>列表</p><ul id="list"></ul><script src="list.js"></script></body></html>'
)
SCRIPT = """
fetch('/data.json').then(answer => answer.json()).then(rows => {
  document.getElementById('list').innerHTML = rows.map(row =>
    `<li><a href="${row[0]}" title="${row[1]}">${row[1]}</a><span>2025-01-10</span></li>`).join('');
});
"""


def drawn(path: str, before: int) -> Answer:
    if path == "/nb/":
        return Answer(body=SHELL.encode("gb18030"), content_type="text/html; charset=gb2312")
    if path == "/nb/list.js":
        return Answer(body=SCRIPT, content_type="text/javascript")
    if path == "/data.json":
        return Answer(body=json.dumps([[REPORT, TITLE]]), content_type="application/json")
    if path == REPORT:
        return Answer(body=f"<html><body><h1>{TITLE}</h1></body></html>")
    return Answer(404)


def browser_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """PLAYWRIGHT_LAUNCH_OPTIONS for the system's Chromium; an optional test where that is absent."""
    if CHROMIUM is None:
        message = "no Chromium on this machine: apt-get install chromium"
        if request.config.getoption("--optional") == "required":
            pytest.fail(message)
        pytest.skip(message)
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> str:
    return f"PLAYWRIGHT_LAUNCH_OPTIONS={json.dumps(browser_options(request))}"


def test_a_drawn_list_is_read_and_its_parts_are_recorded(tmp_path: Path, browser: str) -> None:
    with odd_server({"demo.test": drawn}) as server:
        place = Place(tmp_path, server)
        portal_file(place.portals, "demo", browser={"reason": "列表由脚本绘制"})
        ran = place.crawl("-a", "full=1", settings=(browser,))
        asked = sorted(arrival.path for arrival in server.arrivals)
        walk = ran.walks()["demo/nb"]
        again = place.crawl("-a", f"replay={walk.run}", at="2026-02-10T09:00", settings=(browser,))
        assert sorted(arrival.path for arrival in server.arrivals) == asked, "read again without the network"
    assert ran.code == 0, ran.err
    assert asked == sorted(["/robots.txt", "/nb/", "/nb/list.js", "/data.json", REPORT])
    assert (walk.result, [row.title for row in walk.rows]) == (WalkResult.HEALTHY, [TITLE])
    captures = {capture.url: capture for capture in ran.reader.captures()}
    assert captures["http://demo.test/nb/"].payload == SHELL.encode("gb18030"), "as sent, no DOM"
    assert captures["http://demo.test/data.json"].context["via"] == "http://demo.test/nb/"
    first, *_ = ran.reader.conversions()
    assert (first.url, first.of) == (
        "http://demo.test/nb/",
        captures["http://demo.test/nb/"].pointer.record_id,
    )
    assert TITLE in first.payload.decode()
    assert walk.pages == (first.of,)
    assert again.code == 0, again.err
    reread = again.walks()["demo/nb"]
    assert reread.rows == walk.rows
    assert reread.ended.date() == walk.ended.date(), "a look is as old as the answers that it is drawn from"
    assert verify(tmp_path / "data" / "warc").ok
