"""How hosts are treated: robots.txt, declined answers, pauses, spacing (design rule 7; issue 2 item 4)."""

from __future__ import annotations

import json
from datetime import date
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, Request

from archive.context import WalkResult
from crawler.declined import declines
from crawler.politeness import retry_after
from crawler.robots import is_markup
from tests.crawler.crawling import Ran, full_crawl, list_page, portal_file, scrapy
from tests.crawler.odd_server import Answer, Behaviour, OddServer, odd_server
from tests.portals.rehearse import server as sample_server

REPORT = ("./202501/t20250110_1.html", "示例镇2024年政府信息公开工作年度报告")
PAGE = "<html><body><h1>示例镇2024年政府信息公开工作年度报告</h1></body></html>"


def site(robots: Answer, pages: Behaviour | None = None) -> Behaviour:
    """A host with a robots.txt, a list of one report, and the report."""

    def behave(path: str, before: int) -> Answer:
        if path == "/robots.txt":
            return robots
        if pages is not None:
            return pages(path, before)
        return Answer(body=list_page(REPORT) if path == "/nb/" else PAGE)

    return behave


def crawl(tmp_path: Path, hosts: dict[str, Behaviour], *settings: str) -> tuple[Ran, OddServer]:
    """A full crawl of one portal for each host."""
    for name in hosts:
        portal_file(tmp_path / "portals", name)
    with odd_server({f"{name}.test": behaviour for name, behaviour in hosts.items()}) as server:
        ran = full_crawl(tmp_path, server.port, *(f"{name}.test" for name in hosts), settings=settings)
    return ran, server


# robots.txt answer → what becomes of the walk, and whether any page is fetched
ROBOTS = {
    "rules": (Answer(body="User-agent: *\nDisallow: /admin/\n", content_type="text/plain"), "healthy", True),
    "forbids": (Answer(body="User-agent: *\nDisallow: /nb/\n", content_type="text/plain"), "blocked", False),
    "others": (Answer(body="User-agent: Other\nDisallow: /\n", content_type="text/plain"), "healthy", True),
    "us": (Answer(body="User-agent: nianbao\nDisallow: /\n", content_type="text/plain"), "blocked", False),
    "absent": (Answer(404, "no"), "healthy", True),
    "forbidden": (Answer(403, "no"), "healthy", True),
    "html": (Answer(body="<!DOCTYPE html>\n<pre>\nUser-agent: *\nDisallow: /\n</pre>"), "healthy", True),
    "elsewhere": (Answer(302, headers=(("Location", "http://clone.test/"),)), "healthy", True),
    "error": (Answer(500, "no"), "unreachable", False),
    "silent": (Answer(200, "User-agent: *\n", "text/plain", wait=15.0), "unreachable", False),
    "r412": (Answer(412, "no"), "declined", False),
    "r468": (Answer(468, "no"), "declined", False),
    "r521": (Answer(521, "no"), "declined", False),
}


LINKS = [(f"./202501/t20250110_{n}.html", f"示例{n}镇2024年政府信息公开工作年度报告") for n in range(8)]


def declining(path: str, before: int) -> Answer:
    """Says 412 to every page but the list."""
    return Answer(body=list_page(*LINKS)) if path == "/nb/" else Answer(412, "no")


def sometimes(path: str, before: int) -> Answer:
    """Declines three pages, but whatever the order never three in a row."""
    if path == "/nb/":
        return Answer(body=list_page(*LINKS))
    return Answer(412, "no") if path.endswith(("_1.html", "_2.html", "_5.html")) else Answer(body=PAGE)


def once(path: str, before: int) -> Answer:
    if path == "/nb/" and before == 0:
        return Answer(429, "slow down", headers=(("Retry-After", "1"),))
    return Answer(body=list_page(REPORT) if path == "/nb/" else PAGE)


def always(path: str, before: int) -> Answer:
    return Answer(429, "slow down", headers=(("Retry-After", "1"),))


def far(path: str, before: int) -> Answer:
    return Answer(503, "later", headers=(("Retry-After", "86400"),))


def away(path: str, before: int) -> Answer:
    """Links to a clone, and its own report page sends on to the clone."""
    if path == "/nb/":
        return Answer(body=list_page(REPORT, ("http://clone.test/a/t20250110_2.html", REPORT[1])))
    return Answer(302, headers=(("Location", "http://clone.test/copy.html"),))


def inward(path: str, before: int) -> Answer:
    return Answer(302, headers=(("Location", "http://10.0.0.8/nb/"),))


PAGES = {f.__name__: f for f in (declining, sometimes, once, always, far, away, inward)}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, OddServer]:
    """All these hosts in one crawl: none may disturb another."""
    hosts = {name: site(answer) for name, (answer, _, _) in ROBOTS.items()}
    hosts |= {name: site(Answer(404), pages) for name, pages in PAGES.items()}
    return crawl(tmp_path_factory.mktemp("crowd"), hosts, "DOWNLOAD_TIMEOUT=2")


def test_robots_matrix(crowd: tuple[Ran, OddServer]) -> None:
    ran, server = crowd
    walks = ran.walks()
    seen = {name: (walks[f"{name}/nb"].result, "/nb/" in server.paths(f"{name}.test")) for name in ROBOTS}
    assert seen == {name: (WalkResult(result), fetched) for name, (_, result, fetched) in ROBOTS.items()}
    assert all(walks[f"{name}/nb"].complete == (ROBOTS[name][1] == "healthy") for name in ROBOTS)
    for name in ROBOTS:
        assert server.paths(f"{name}.test")[0] == "/robots.txt"
    assert len(server.paths("r412.test")) == 1
    assert len(server.paths("error.test")) == 3, "one request and two retries"
    assert ran.code == 10


def test_three_declined_answers_close_the_host(crowd: tuple[Ran, OddServer]) -> None:
    ran, server = crowd
    assert len(server.paths("declining.test")) == 2 + 3  # robots, the list, three refusals
    assert len(server.paths("sometimes.test")) == 2 + 8
    walk = ran.walks()["declining/nb"]
    assert (walk.result, walk.complete) == (WalkResult.DECLINED, False)
    assert {row.reason for row in walk.rows} == {"declined"}


def test_too_many_requests(crowd: tuple[Ran, OddServer]) -> None:
    ran, server = crowd
    walks = ran.walks()
    assert walks["once/nb"].complete
    times = server.times("once.test")
    assert times[2] - times[1] >= 1.0, "Retry-After was not obeyed"
    assert server.paths("always.test") == ["/robots.txt", "/nb/", "/nb/"], "a second 429 ends the run"
    assert server.paths("far.test") == ["/robots.txt", "/nb/"]
    assert walks["always/nb"].result == walks["far/nb"].result == WalkResult.DECLINED


def test_a_redirect_off_the_allow_list_is_refused(crowd: tuple[Ran, OddServer]) -> None:
    ran, server = crowd
    assert {arrival.host for arrival in server.arrivals} == {f"{name}.test" for name in (*ROBOTS, *PAGES)}
    walk = ran.walks()["away/nb"]
    assert {row.reason for row in walk.rows} == {"off_site"}
    assert not walk.complete, "a report that could not be fetched proves no absence"
    assert ran.walks()["inward/nb"].result == WalkResult.INCOMPLETE


def test_one_dead_host_is_given_up_and_others_go_on(tmp_path: Path) -> None:
    def dying(path: str, before: int) -> Answer:
        return Answer(body=list_page(*LINKS)) if path == "/nb/" else Answer(wait=15.0)

    ran, server = crawl(
        tmp_path, {"dying": site(Answer(404), dying), "fine": site(Answer(404))}, "DOWNLOAD_TIMEOUT=1"
    )
    assert len(server.paths("dying.test")) == 2 + 6
    assert ran.walks()["dying/nb"].result == WalkResult.UNREACHABLE
    assert ran.walks()["fine/nb"].complete


def test_shipped_spacing_and_robots_first(tmp_path: Path) -> None:
    """Three requests to a sample portal with the delay as shipped: 3 s ± 50 %."""
    documents = [
        {"id": "one", "name": "首页", "url": "/index.html", "kind": "document"},
        {"id": "two", "name": "首页", "url": "/", "kind": "document"},
    ]
    portal_file(tmp_path / "portals", "laishui", columns=documents, delay=None)
    log = tmp_path / "arrivals.jsonl"
    with sample_server(date(2026, 1, 28), log=log) as port:
        scrapy(
            tmp_path / "data",
            "crawl",
            "portal",
            settings=(f"SAMPLE_PORT={port}", f"PORTAL_DIRS={tmp_path / 'portals'}"),
            module="tests.portals.settings",
        )
    arrivals = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [a["path"] for a in arrivals][:1] == ["/robots.txt"]
    assert len(arrivals) == 3
    gaps = [after["monotonic"] - before["monotonic"] for before, after in pairwise(arrivals)]
    assert all(gap >= 1.5 for gap in gaps), gaps


def slow(path: str, before: int) -> Answer:
    """Takes its time, so that two requests at once would be seen."""
    return Answer(body=list_page(*LINKS) if path == "/nb/" else PAGE, wait=0.1)


def test_one_request_at_a_time_also_without_a_delay(tmp_path: Path) -> None:
    """Without a delay Scrapy's slots let everything through at once; ours do not."""
    _, server = crawl(tmp_path, {"one": site(Answer(404), slow), "two": site(Answer(404), slow)})
    for host in ("one.test", "two.test"):
        times = server.times(host)
        assert len(times) == 2 + len(LINKS)
        assert min(after - before for before, after in pairwise(times[1:])) >= 0.1
    everything = sorted(server.times("one.test") + server.times("two.test"))
    assert min(after - before for before, after in pairwise(everything)) < 0.1, "loopback hosts are exempt"


def test_hosts_at_one_address_share_its_delay(tmp_path: Path) -> None:
    """Without `delay.reason: loopback` the rule for addresses holds, and both names lead to one server."""
    for name in ("one", "two"):
        portal_file(tmp_path / "portals", name, delay=None)
    behaviours = {f"{name}.test": site(Answer(404), slow) for name in ("one", "two")}
    with odd_server(behaviours) as server:
        ran = scrapy(
            tmp_path / "data",
            "crawl",
            "portal",
            settings=(
                f"SAMPLE_PORT={server.port}",
                "GUARD_EXEMPT_HOSTS=one.test,two.test",
                f"PORTAL_DIRS={tmp_path / 'portals'}",
                "DOWNLOAD_DELAY=0.3",
                "DOWNLOAD_DELAY_JITTER=0",
            ),
        )
    assert ran.code == 0, ran.err
    everything = sorted(server.times("one.test") + server.times("two.test"))
    assert len(everything) == 2 * (2 + len(LINKS))
    assert min(after - before for before, after in pairwise(everything)) >= 0.29


def test_a_private_address_is_refused_recorded_and_not_tried_again(tmp_path: Path) -> None:
    portal_file(
        tmp_path / "portals", "inside", base_url="http://inside.gov.cn/", allowed_hosts=[], delay=None
    )
    ran = scrapy(
        tmp_path / "data",
        "crawl",
        "portal",
        settings=(
            f"PORTAL_DIRS={tmp_path / 'portals'}",
            "TWISTED_DNS_RESOLVER=tests.crawler.resolver.PrivateResolver",
            "DOWNLOAD_DELAY=0",
        ),
    )
    assert ran.code == 10
    (capture,) = ran.reader.captures()
    assert (capture.url, capture.status) == ("http://inside.gov.cn/robots.txt", 0)
    assert capture.outcome == "refused_address"
    walk = ran.walks()["inside/nb"]
    assert walk.result is WalkResult.INCOMPLETE
    assert "内网" in (walk.reason or "")


def test_a_portal_that_declines_everything_gets_at_most_three_requests(tmp_path: Path) -> None:
    log = tmp_path / "arrivals.jsonl"
    with sample_server(date(2026, 1, 28), log=log, decline=["zhuji.test"]) as port:
        ran = scrapy(
            tmp_path / "data",
            "crawl",
            "portal",
            "-a",
            "full=1",
            settings=(f"SAMPLE_PORT={port}",),
            module="tests.portals.settings",
        )
    arrivals = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert 1 <= sum(a["host"] == "zhuji.test" for a in arrivals) <= 3
    walks = ran.walks()
    assert ran.code == 11
    assert {key for key, walk in walks.items() if walk.complete} == {
        "zhangshu/nb",
        "dongzhi/nb",
        "changji/nb",
        "laishui/nb",
    }
    assert {walks["zhuji/nb"].result, walks["zhuji/bmnb"].result} == {WalkResult.DECLINED}


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [("120", 120.0), ("", None), ("soon", None), (formatdate(0, usegmt=True), 0.0)],
)
def test_retry_after(raw: str, seconds: float | None) -> None:
    response = HtmlResponse("http://a/", headers={"Retry-After": raw} if raw else {})
    assert retry_after(response) == seconds


def test_challenge_pages_are_declined_and_ordinary_pages_are_not() -> None:
    def answer(status: int, body: bytes) -> HtmlResponse:
        return HtmlResponse("http://a/", status=status, body=body, request=Request("http://a/"))

    challenge = b"<script>document.cookie='__jsl_clearance_s=1';location.reload()</script>"
    assert declines(answer(200, challenge))
    assert declines(answer(202, b"<script>$_ts=window['$_ts'];</script>"))
    assert declines(answer(521, b""))
    assert declines(answer(200, challenge + b"x" * 5000)) is None, "a long page is content"
    assert declines(answer(404, b"")) is None
    assert declines(answer(500, b"")) is None


def test_what_is_no_rules() -> None:
    assert is_markup(b"\xef\xbb\xbf \r\n<html>")
    assert is_markup(b"404 <title>x</title>")
    assert not is_markup(b"User-agent: *\nDisallow: /<x\n")
    assert not is_markup(b"")
