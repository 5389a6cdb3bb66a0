"""The real web's transport (portals.md §8): one crawl of hosts that play every row; bounded, and at home."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from archive.context import WalkRecord
from crawler.held import Held
from crawler.platforms.links import absolute
from tests.crawler.crawling import Ran, full_crawl, portal_file
from tests.crawler.hostile import DECLINING, ROBOTS, Hostile, declines, with_robots
from tests.crawler.odd_server import OddServer, odd_server

CAP = 60

# column of hostile.test → (result, complete, words of the reason, requests for it at most)
COLUMNS = {
    "meta": ("healthy", True, "", 4),
    "script": ("healthy", True, "", 4),
    "frame": ("healthy", True, "", 4),
    "framed": ("healthy", True, "", 4),
    "cookie": ("healthy", True, "", 4),
    "turning": ("incomplete", False, "redirect", 6),
    "scripts": ("incomplete", False, "shells lead on", 6),
    "metas": ("incomplete", False, "redirect", 6),
    "dead": ("layout_changed", False, "不存在", 1),
    "nginx": ("layout_changed", False, "nginx", 1),
    "home": ("layout_changed", False, "home page", 1),
    "moved": ("layout_changed", False, "moved.test", 1),
    "clone": ("incomplete", False, "www.clone-mirror.com", 1),
    "calendar": ("incomplete", False, "came twice", 10),
    "session": ("healthy", True, "", 4),  # without the session the next page is this one
    "malformed": ("healthy", True, "", 2),
    "twins": ("healthy", True, "", 2),
    "inward": ("incomplete", False, "IP", 1),
    "mirrors": ("incomplete", False, "www.clone-mirror.com", 1),
    "leads": ("incomplete", False, "IP", 9),
    "shelled": ("healthy", True, "", 5),
    "gone": ("incomplete", False, "dead page", 3),
    "homeward": ("incomplete", False, "home page", 3),
}


@dataclass(frozen=True)
class Crawled:
    ran: Ran
    server: OddServer
    walks: dict[str, WalkRecord]
    seconds: float


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("hostile")
    hostile = Hostile()
    hosts = {"hostile": hostile, "endless": hostile, "moved": hostile}
    hosts |= {name: declines(name) for name in DECLINING} | {name: with_robots(name) for name in ROBOTS}
    columns = [{"id": name, "name": "年报", "url": f"/{name}/", "kind": "reports"} for name in COLUMNS]
    portal_file(folder / "portals", "hostile", columns=columns)
    endless = {"id": "nb", "name": "年报", "url": "/endless/", "kind": "reports"}
    portal_file(folder / "portals", "endless", columns=[endless], delay=None)
    for name in (*DECLINING, *ROBOTS):
        portal_file(folder / "portals", name)
    with odd_server({f"{name}.test": behave for name, behave in hosts.items()}) as server:
        hostile.port = server.port
        names = [f"{name}.test" for name in hosts]
        began = time.monotonic()
        settings = ("DOWNLOAD_DELAY=0", f"REQUESTS_PER_HOST_A_DAY={CAP}")
        ran = full_crawl(folder, server.port, *names, settings=settings)
        seconds = time.monotonic() - began
    return Crawled(ran, server, ran.walks(), seconds)


def test_what_becomes_of_each_column(crawled: Crawled) -> None:
    walks = {name: crawled.walks[f"hostile/{name}"] for name in COLUMNS}
    seen = {name: (walk.result.value, walk.complete) for name, walk in walks.items()}
    assert seen == {name: expected[:2] for name, expected in COLUMNS.items()}, crawled.ran.err[-3000:]
    told = {name: walk.reason or "" for name, walk in walks.items()}
    assert {name: told[name] for name, (_, _, words, _) in COLUMNS.items() if words not in told[name]} == {}


def test_requests_are_bounded(crawled: Crawled) -> None:
    """Each column costs its few requests, a host that declines two, an endless list the day's cap."""
    server = crawled.server
    counts = Counter(path.split("/")[1].split(";")[0] for path in server.paths("hostile.test"))
    assert {n: counts[n] for n, (_, _, _, most) in COLUMNS.items() if not 1 <= counts[n] <= most} == {}
    assert {name: len(server.paths(f"{name}.test")) for name in DECLINING} == dict.fromkeys(DECLINING, 2)
    assert len(server.paths("endless.test")) == CAP
    assert "上限" in (crawled.walks["endless/nb"].reason or "")
    assert len(server.arrivals) < 300
    assert crawled.seconds < 60


def test_nothing_leaves_the_allow_list(crawled: Crawled) -> None:
    """Every name leads to the server here: what went astray would have arrived under another name."""
    names = {arrival.host for arrival in crawled.server.arrivals}
    assert names <= {f"{name}.test" for name in ("hostile", "endless", "moved", *DECLINING, *ROBOTS)}
    asked = {urlsplit(entry.url).hostname for entry in crawled.ran.captures() if entry.status}
    assert asked == names


def test_hosts_that_decline_are_left_alone(crawled: Crawled) -> None:
    assert {crawled.walks[f"{name}/nb"].result.value for name in DECLINING} == {"declined"}


def test_odd_robots_files(crawled: Crawled) -> None:
    found = {name: crawled.walks[f"{name}/nb"].result.value for name in ROBOTS}
    assert found == {name: result for name, (_, result) in ROBOTS.items()}


def test_reports_behind_shells_are_held_under_their_own_address(crawled: Crawled) -> None:
    urls = {entry.url for entry in crawled.ran.captures("report") if entry.status == 200}
    assert {url for url in urls if "/shelled/real/" in url} == {
        f"http://hostile.test/shelled/real/t20250110_{n}.html" for n in (0, 1)
    }


def test_an_error_page_is_not_held(crawled: Crawled) -> None:
    """A routine crawl will ask for it again, as for nothing else here."""
    held = Held.of(crawled.ran.reader)
    assert "http://hostile.test/gone/202501/t20250110_0.html" not in held
    assert "http://hostile.test/meta/202501/t20250110_0.html" in held


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (
            "http://www.a.gov.cnhttp//www.a.gov.cn/x/1.html",
            "http://www.a.gov.cn/x/1.html",
        ),
        ("http://www.a.gov.cnhttps://www.a.gov.cn/x", "https://www.a.gov.cn/x"),
        ("/to?url=http://www.b.gov.cn/", "http://www.a.gov.cn/to?url=http://www.b.gov.cn/"),
        ("/x;jsessionid=A1.node2?id=1", "http://www.a.gov.cn/x?id=1"),
        ("/x?PHPSESSID=a1&id=1", "http://www.a.gov.cn/x?id=1"),
        ("/x?id=1&JSESSIONID=a1", "http://www.a.gov.cn/x?id=1"),
        ("/x?id=1&sessionid=", "http://www.a.gov.cn/x?id=1&sessionid="),
    ],
)
def test_addresses_are_mended(href: str, url: str) -> None:
    assert absolute("http://www.a.gov.cn/", href) == url
