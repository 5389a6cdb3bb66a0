"""Load (practice.md §7): one request at a time in a city, a daily cap, hosts that are switched off."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archive.context import WalkResult
from crawler.departures import load_groups
from crawler.guard import Guard, GuardRefused
from crawler.lint import lint
from crawler.load import DayCount, domain_of
from crawler.portal import load_portals
from crawler.switched_off import SwitchedOff, SwitchListError, read_list
from tests.crawler.crawling import Ran, full_crawl, list_page, portal_file, scrapy
from tests.crawler.odd_server import Answer, OddServer, odd_server

LINKS = [(f"./202501/t20250110_{n}.html", f"示例{n}镇2024年政府信息公开工作年度报告") for n in range(3)]
PAGE = "<html><body><h1>示例镇2024年政府信息公开工作年度报告</h1></body></html>"
OFF = "format: 1\nhosts:\n  - {host: objector.test, since: 2026-01-05, reason: 来信要求停止}\n"


def slow(path: str, before: int) -> Answer:
    """A list of three reports. It takes its time, so that two requests at once would be seen."""
    if path == "/robots.txt":
        return Answer(404, "no")
    return Answer(body=list_page(*LINKS) if path == "/nb/" else PAGE, wait=0.1)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, dict[str, OddServer]]:
    """Two counties of one city at two addresses, one of another city, and one that objects."""
    folder = tmp_path_factory.mktemp("city")
    codes = {"east": "990101", "west": "990102", "other": "990201", "objector": "990301"}
    (folder / "data").mkdir()
    (folder / "data" / "switched_off.yml").write_text(OFF, encoding="utf-8")
    with ExitStack() as stack:
        servers = {}
        for number, (name, code) in enumerate(codes.items(), 1):
            portal_file(folder / "portals", name, county_code=code, delay=None)
            servers[name] = stack.enter_context(odd_server({f"{name}.test": slow}, f"127.0.0.{number}"))
        places = ",".join(f"{name}.test=127.0.0.{n}:{servers[name].port}" for n, name in enumerate(codes, 1))
        ran = scrapy(
            folder / "data",
            "crawl",
            "portal",
            "-a",
            "full=1",
            settings=(
                "TWISTED_DNS_RESOLVER=tests.crawler.resolver.PlacedResolver",
                f"SAMPLE_PLACES={places}",
                f"GUARD_EXEMPT_HOSTS={','.join(f'{name}.test' for name in codes)}",
                f"PORTAL_DIRS={folder / 'portals'}",
                "DOWNLOAD_DELAY=0.3",
                "DOWNLOAD_DELAY_JITTER=0",
            ),
        )
    return ran, servers


def test_two_counties_of_a_city_are_never_asked_at_once(city: tuple[Ran, dict[str, OddServer]]) -> None:
    _, servers = city
    both = sorted(servers["east"].times("east.test") + servers["west"].times("west.test"))
    assert len(both) == 2 * (2 + len(LINKS))
    assert min(after - before for before, after in pairwise(both)) >= 0.29
    others = servers["other"].times("other.test")
    assert len(others) == 2 + len(LINKS)
    assert min(abs(mine - theirs) for mine in others for theirs in both) < 0.29, "another city need not wait"


def test_a_host_that_is_switched_off_is_asked_for_nothing(city: tuple[Ran, dict[str, OddServer]]) -> None:
    ran, servers = city
    assert servers["objector"].arrivals == []
    walks = ran.walks()
    assert walks["objector/nb"].result is WalkResult.DECLINED
    assert "来信要求停止" in (walks["objector/nb"].reason or "")
    assert ran.code == 11, ran.err
    assert walks["east/nb"].complete, walks["east/nb"].reason


def test_the_daily_cap_outlives_the_process(tmp_path: Path) -> None:
    portal_file(tmp_path / "portals", "demo", delay=None)
    links = [(f"./202501/t20250110_{n}.html", f"示例{n}镇2024年政府信息公开工作年度报告") for n in range(9)]

    def behave(path: str, before: int) -> Answer:
        return slow(path, before) if path != "/nb/" else Answer(body=list_page(*links))

    def crawl(day: str) -> tuple[Ran, int]:
        before = len(server.arrivals)
        settings = (
            f"SAMPLE_PORT={server.port}",
            "GUARD_EXEMPT_HOSTS=demo.test",
            f"PORTAL_DIRS={tmp_path / 'portals'}",
            f"CLOCK_START={day}T09:00:00+08:00",
            "DOWNLOAD_DELAY=0",
            "REQUESTS_PER_HOST_A_DAY=5",
        )
        ran = scrapy(tmp_path / "data", "crawl", "portal", "-a", "resume=0", settings=settings)
        return ran, len(server.arrivals) - before

    with odd_server({"demo.test": behave}) as server:
        ran, asked = crawl("2026-02-03")
        assert asked == 5
        walk = ran.walks()["demo/nb"]
        assert (walk.result, walk.complete, ran.code) == (WalkResult.INCOMPLETE, False, 10)
        assert "已达上限 5" in (walk.reason or "")
        assert crawl("2026-02-03")[1] == 0, "a second run of the day"
    day = datetime(2026, 2, 3, 20, tzinfo=UTC)  # the 4th in China, when the evening's requests count no more
    for now, asked in ((day - timedelta(hours=5), 5), (day, 0)):
        assert DayCount(tmp_path / "data" / "warc", now).of("demo.test", now) == asked


def test_domains() -> None:
    assert domain_of("www.zjj.example.gov.cn") == domain_of("example.gov.cn") == "example.gov.cn"
    assert domain_of("www.example.com") == "example.com"
    assert domain_of("www.a.test") != domain_of("www.b.test")


def test_who_shares_a_city(tmp_path: Path) -> None:
    """By code, by domain, and by both in a chain; counties right below a province are each by themselves."""
    for name, code, host in (
        ("a", "330101", "www.a.gov.cn"),
        ("b", "330102", "www.b.gov.cn"),
        ("c", "440101", "c.b.gov.cn"),
        ("d", "440102", "www.d.gov.cn"),
        ("e", "429004", "www.e.gov.cn"),
        ("f", "429005", "www.f.gov.cn"),
    ):
        portal_file(tmp_path, name, county_code=code, base_url=f"http://{host}/", allowed_hosts=[])
    groups = load_groups(list(load_portals([tmp_path]).values()))
    assert len({groups[f"{name}.gov.cn"] for name in "abd"}) == 1
    assert len({groups[f"{name}.gov.cn"] for name in "aef"}) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format: 1\nhosts: [{host: http://x.gov.cn/, since: 2026-01-05, reason: 不愿}]", "without scheme"),
        ("format: 1\nhosts: [{host: x.gov.cn, reason: 不愿}]", "since"),
        ("format: 1\nhosts: [{host: x.gov.cn, since: 2026-01-05}]", "reason"),
        ("format: 1\nhosts: [{host: x.gov.cn, since: 2026-01-05, reason: 不愿, on: no}]", "on"),
        ("hosts: {", "cannot be read"),
        (OFF + OFF.splitlines()[2], "twice"),
    ],
)
def test_a_list_that_cannot_be_used_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "switched_off.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SwitchListError, match=words):
        read_list(path)
    (tmp_path / "portals").mkdir()
    _, faults = lint([str(tmp_path / "portals")], Settings({"DATA_DIR": str(tmp_path)}), lambda _code: True)
    assert words in "\n".join(faults)


def test_an_objection_covers_sub_hosts_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "list.yml"
    path.write_text(OFF.replace("objector.test", "b.gov.cn"), encoding="utf-8")
    guard = Guard(contact="a@example.org")
    guard.switched_off = SwitchedOff(read_list(path))
    for url in ("http://b.gov.cn/", "https://WWW.b.gov.cn./x"):
        with pytest.raises(GuardRefused) as refused:
            guard.check_url(url)
        assert refused.value.code == "switched_off"
    guard.check_url("http://bb.gov.cn/")


def test_the_shipped_list_is_sound() -> None:
    assert SwitchedOff.of(Settings({"DATA_DIR": "/nowhere"})).objections == ()


def test_counties_on_one_host_are_walked_apart_and_asked_one_by_one(tmp_path: Path) -> None:
    """Two files, one host of their city, columns of their own: each is whole, no two requests at once."""

    def behave(path: str, before: int) -> Answer:
        if path == "/robots.txt":
            return Answer(404, "no")
        return Answer(body=list_page(*LINKS) if path.endswith("/nb/") else PAGE, wait=0.1)

    host = {"base_url": "http://city.test/", "allowed_hosts": ["city.test"]}
    for name, code, seconds in (("east", "990101", 0.3), ("west", "990102", 0.2)):
        columns = [{"id": "nb", "name": "年报", "url": f"/{name}/nb/"}]
        delay = {"reason": "示例", "seconds": seconds}
        portal_file(tmp_path / "portals", name, county_code=code, columns=columns, delay=delay, **host)
    with odd_server({"city.test": behave}) as server:
        settings = ("DOWNLOAD_DELAY=0.1", "DOWNLOAD_DELAY_JITTER=0")
        ran = full_crawl(tmp_path, server.port, "city.test", settings=settings)
    walks = ran.walks()
    assert all(walks[f"{name}/nb"].complete for name in ("east", "west")), ran.err
    for name in ("east", "west"):
        assert sum(path.startswith(f"/{name}/") for path in server.paths("city.test")) == 1 + len(LINKS)
    times = sorted(server.times("city.test"))
    assert min(after - before for before, after in pairwise(times)) >= 0.29, "the slower delay holds"
