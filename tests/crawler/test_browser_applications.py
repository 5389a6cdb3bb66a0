# ruff: noqa: E501 - scripts and markup stand on one line, as pages have them
"""Single-page applications and what goes wrong in a browser, crawled for real (archive.md §3.5, portals.md §8.3)."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from archive.context import Role, WalkResult
from archive.warc.verify import verify
from crawler.held import Held
from tests.crawler.crawling import Ran, full_crawl, portal_file, scrapy
from tests.crawler.odd_server import Answer, OddServer, odd_server
from tests.crawler.test_browser import browser_options

FRAME = '<html><head><meta charset="utf-8"></head><body><div id="app"></div><script src="/app.js"></script></body></html>'
TITLE = "示例镇{}年政府信息公开工作年度报告"
TEXT = "<h2>一、总体情况</h2><p>" + "根据条例，现公布本年度报告。" * 60 + "</p>"
# `MARK` is "#" for routes behind a hash, and nothing for routes that are addresses.
APP = """
const app = document.getElementById('app'), here = 'MARK' ? location.hash.slice(1) : location.pathname;
const get = async path => (await fetch('/api' + path)).json();
async function show() {
  const [, what, id] = here.split('/');
  if (what === 'detail') { const doc = await get('/detail/' + id); app.innerHTML = `<h1>${doc.title}</h1>${doc.html}`; return; }
  const rows = await get('/list');
  app.innerHTML = '<ul>' + rows.map(r => `<li><a href="${r[0]}">${r[1]}</a><span>2025-01-10</span></li>`).join('') + '</ul>';
}
show();
"""
CHALLENGE = "<script>document.cookie='__jsl_clearance_s=1';fetch('/solved');location.href='/again/'</script>"
HALTING = """
const app = document.getElementById('app');
async function load(page) {
  const rows = await (await fetch('/rows?page=' + page)).json();
  app.innerHTML = rows.map(r => `<li><a href="${r[0]}">${r[1]}</a><span>2025-01-10</span></li>`).join('');
  const next = document.createElement('button');
  next.textContent = '下一页'; next.onclick = () => load(page + 1);
  app.append(next);
}
load(1);
"""


def application(mark: str, path: str) -> Answer:
    """An application: every unknown address answers with its frame. `/file/9` is a PDF without a suffix."""
    if path == "/robots.txt":
        return Answer(404, "no")
    if path == "/app.js":
        return Answer(body=APP.replace("MARK", mark), content_type="text/javascript")
    if path == "/api/list":
        rows = [[f"{mark}/detail/{n}", TITLE.format(2017 + n)] for n in (7, 8)]
        rows += [] if mark else [["/file/9", TITLE.format(2023)], ["/detail/lost", TITLE.format(2022)]]
        return Answer(body=json.dumps(rows), content_type="application/json")
    if path == "/api/detail/lost":
        return Answer(500, "{}")
    if path.startswith("/api/detail/"):
        told = {"title": TITLE.format(2017 + int(path[-1])), "html": TEXT}
        return Answer(body=json.dumps(told), content_type="application/json")
    if path.startswith("/file/"):
        return Answer(body=b"%PDF-1.4 sample", content_type="application/pdf")
    return Answer(body=FRAME)


def declining(path: str, _before: int) -> Answer:
    return Answer(404, "no") if path == "/robots.txt" else Answer(body=CHALLENGE)


def halting(path: str, _before: int) -> Answer:
    """A list whose second page fails."""
    if path == "/rows?page=1":
        return Answer(body=json.dumps([["/nb/202501/t20250110_1.html", TITLE.format(2024)]]))
    if path.startswith("/rows"):
        return Answer(500, "{}")
    if path == "/app.js":
        return Answer(body=HALTING, content_type="text/javascript")
    if path.endswith(".html"):
        return Answer(body=f"<html><body><h1>{TITLE.format(2024)}</h1>{TEXT}</body></html>")
    return Answer(404, "no") if path == "/robots.txt" else Answer(body=FRAME)


HOSTS = {
    "routes.test": lambda path, _: application("#", path),
    "paths.test": lambda path, _: application("", path),
    "challenge.test": declining,
    "halting.test": halting,
}


@pytest.fixture(scope="module")
def crawled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Ran, Ran, OddServer, int]:
    """A full crawl of all, and the same run read again offline; the arrivals of the first alone."""
    folder = tmp_path_factory.mktemp("applications")
    urls = {"routes": "/#/list", "paths": "/list", "challenge": "/nb/", "halting": "/nb/"}
    for name, url in urls.items():
        browser: dict[str, object] = {"reason": "由脚本绘制"}
        browser |= {"documents": True} if name == "paths" else {}
        column = {"id": "nb", "name": "年报", "url": url, "kind": "reports"}
        portal_file(folder / "portals", name, platform="generic", columns=[column], browser=browser)
    browser_setting = f"PLAYWRIGHT_LAUNCH_OPTIONS={json.dumps(browser_options(request))}"
    with odd_server(HOSTS) as server:
        first = full_crawl(folder, server.port, *HOSTS, settings=(browser_setting,))
        arrived = len(server.arrivals)
        run = first.walks()["routes/nb"].run
        places = (f"PORTAL_DIRS={folder / 'portals'}", f"SAMPLE_PORT={server.port}")
        again = scrapy(
            folder / "data",
            "crawl",
            "portal",
            "-a",
            f"replay={run}",
            settings=(*places, f"GUARD_EXEMPT_HOSTS={','.join(HOSTS)}", browser_setting),
        )
    return first, again, server, arrived


def held_reports(ran: Ran, host: str) -> set[str]:
    held = Held.of(ran.reader)
    urls = {*held.drawn, *held.entries}
    return {url for url in urls if url in held and urlsplit(url).hostname == host}


def test_reports_behind_hash_routes_are_documents_of_their_own(
    crawled: tuple[Ran, Ran, OddServer, int],
) -> None:
    first, _, server, _ = crawled
    walk = first.walks()["routes/nb"]
    assert (walk.result, walk.complete) == (WalkResult.HEALTHY, True), walk.reason
    urls = {f"http://routes.test/#/detail/{n}" for n in (7, 8)}
    assert {row.url for row in walk.rows} == urls == held_reports(first, "routes.test")
    drawn = {one.url: one for one in first.reader.conversions() if one.context["role"] == Role.REPORT}
    assert "一、总体情况" in drawn["http://routes.test/#/detail/7"].payload.decode()
    assert server.paths("routes.test").count("/") == 1, "the frame is loaded once"
    assert len(server.paths("routes.test")) == 6, "robots.txt, frame, script, a list, two reports"
    assert not first.captures("attachment")


def test_reports_with_addresses_are_drawn_where_the_file_says_so(
    crawled: tuple[Ran, Ran, OddServer, int],
) -> None:
    first, _, _, _ = crawled
    held = held_reports(first, "paths.test")
    assert held == {f"http://paths.test/{page}" for page in ("detail/7", "detail/8", "file/9")}
    roles = {
        entry.url: entry.role for entry in first.captures() if entry.url.startswith("http://paths.test/")
    }
    assert roles["http://paths.test/detail/7"] == Role.LIST, "what was sent is the frame, and no report"
    assert roles["http://paths.test/file/9"] == Role.REPORT, "a file is kept as it is"
    walk = first.walks()["paths/nb"]
    assert not walk.complete
    assert "data of the page did not come" in (walk.reason or ""), "one report's data failed"


def test_a_challenge_is_not_run(crawled: tuple[Ran, Ran, OddServer, int]) -> None:
    first, _, server, _ = crawled
    assert first.walks()["challenge/nb"].result is WalkResult.DECLINED
    assert server.paths("challenge.test") == ["/robots.txt", "/nb/"]


def test_a_page_that_fails_behind_a_click_is_no_end(crawled: tuple[Ran, Ran, OddServer, int]) -> None:
    first, _, server, _ = crawled
    walk = first.walks()["halting/nb"]
    assert (walk.result, walk.complete) == (WalkResult.INCOMPLETE, False)
    assert "page=2" in (walk.reason or "")
    assert [row.title for row in walk.rows] == [TITLE.format(2024)]
    assert server.paths("halting.test").count("/rows?page=2") == 3, "tried again twice, as any page"


def test_applications_are_read_again_without_the_network(crawled: tuple[Ran, Ran, OddServer, int]) -> None:
    first, again, server, arrived = crawled
    assert len(server.arrivals) == arrived
    walks = [walk for _, walk in again.reader.walks() if walk.column == "nb" and walk.portal == "routes"]
    assert len(walks) == 2
    assert walks[0].rows == walks[1].rows
    assert walks[1].complete, walks[1].reason
    assert verify(first.data / "warc").ok
