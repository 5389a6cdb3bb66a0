"""`scrapy detect --register`: the list stays unverified; what was fetched says when, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from scrapy.settings import Settings

from archive.register import load_register, read_file
from archive.register.portals import load_portal_register
from crawler.detect_register import RegisterRun
from crawler.platforms.page import Page
from crawler.portal import load_portal, load_portals
from crawler.provenance import is_unverified
from tests.crawler.crawling import Ran, list_page, portal_file, scrapy
from tests.crawler.odd_server import Answer, Behaviour, OddServer, odd_server

PRODUCT = "crawler.settings"
HEAD = "code,name,prefecture,province,portal_url,section_url,likely_platform,source,verified"
DELAY = 0.25
COUNTIES = {
    "990101": ("示例甲县", "http://jia.test/"),
    "990102": ("示例乙县", "http://yi.test/"),
    "990103": ("示例丙县", "http://bing.test/"),
    "990201": ("示例丁县", "http://ding.test/"),
    "990202": ("示例戊县", "http://www.wu.example/zfxxgk/col/col5/index.html"),
    "990203": ("示例己县", ""),
    "990204": ("示例庚县", "http://geng.test/"),
}
LINK = '<a href="/nb/">政府信息公开年报</a>'
ROW = ("/nb/1.html", "示例镇2024年政府信息公开工作年度报告")


def site(title: str, links: str = LINK) -> Behaviour:
    def behave(path: str, before: int) -> Answer:
        pages = {
            "/": f"<html><head><title>{title}</title></head><body>{links}</body></html>",
            "/nb/": list_page(ROW),
            "/nb/1.html": f"<html><body><h1>{ROW[1]}</h1></body></html>",
        }
        return Answer(body=pages[path]) if path in pages else Answer(404, "no")

    return behave


def declines(path: str, before: int) -> Answer:
    return Answer(404, "no") if path == "/robots.txt" else Answer(412, "no")


def detect(folder: Path, server: OddServer | None, *arguments: str, settings: Sequence[str] = ()) -> Ran:
    raw = folder / "raw.csv"
    rows = [f"{code},{name},示例市,示例省,{url},,,示例名录,no" for code, (name, url) in COUNTIES.items()]
    raw.write_text("\n".join((HEAD, *rows)) + "\n", encoding="utf-8")
    given = (
        f"SAMPLE_PORT={server.port if server else 1}",
        f"GUARD_EXEMPT_HOSTS={','.join(sorted(server.hosts)) if server else ''}",
        f"PORTAL_DIRS={folder / 'portals'}",
        "CONTACT=a@example.org",
        f"DOWNLOAD_DELAY={DELAY}",
        "DOWNLOAD_DELAY_JITTER=0",
        "CLOCK_START=2026-11-25T09:00:00+08:00",
    )
    return scrapy(
        folder / "data", "detect", "--register", "--raw", str(raw), *arguments, settings=(*given, *settings)
    )


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran, Ran, OddServer, int]:
    """The same command twice, and how many requests the first made."""
    folder = tmp_path_factory.mktemp("register")
    portal_file(folder / "portals", "geng", county_code="990204")
    hosts = {
        "jia.test": site("示例甲县人民政府门户网站"),
        "yi.test": site("某新闻网"),
        "bing.test": declines,
        "ding.test": site("示例丁县人民政府", '<a href="/news/">要闻</a>'),
        "geng.test": site("示例庚县人民政府"),
    }
    with odd_server(hosts) as server:
        first = detect(folder, server, "--counties", "99*", "--write")
        asked = len(server.arrivals)
        second = detect(folder, server, "--counties", "99*", "--write")
    return folder, first, second, server, asked


def told(ran: Ran) -> dict[str, list[str]]:
    """The table, by code."""
    return {row.split("\t")[0]: row.split("\t") for row in ran.out.splitlines() if row[:2] == "99"}


def test_what_was_fetched_and_recognised_says_when_and_by_what(
    looked: tuple[Path, Ran, Ran, OddServer, int],
) -> None:
    folder, first, *_ = looked
    portal = load_portal(folder / "portals" / "jia-990101.yml")
    assert (portal.name, portal.county_code) == ("示例甲县", "990101")
    assert [column.url for column in portal.columns] == ["http://jia.test/nb/"]
    seen = portal.provenance
    assert seen is not None
    assert str(seen.checked) == "2026-11-25"
    assert any("示例甲县人民政府门户网站" in words and "http://jia.test/" in words for words in seen.evidence)
    assert "示例名录" in seen.source
    draft = folder / "data" / "register" / "990101.yml"
    assert read_file(draft).verified is False
    assert load_register([draft]).by_code("990101-GOV") is not None
    assert told(first)["990101"][2:5] == ["generic", "不明 unknown", "1"]


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("990102", "yi-990102", "网站未自称该县"),
        ("990201", "ding-990201", "未见年报栏目"),
        ("990202", "wu-990202", "未抓取任何页面"),
    ],
)
def test_all_else_is_unverified_and_says_why(
    looked: tuple[Path, Ran, Ran, OddServer, int], code: str, name: str, words: str
) -> None:
    folder, first, *_ = looked
    portal = load_portal(folder / "portals" / f"{name}.yml")
    assert is_unverified(portal)
    assert words in told(first)[code][5]
    assert "checked" not in (folder / "portals" / f"{name}.yml").read_text("utf-8")


def test_what_gives_no_file_is_told(looked: tuple[Path, Ran, Ran, OddServer, int]) -> None:
    folder, first, second, *_ = looked
    lines = told(first)
    assert "412" in lines["990103"][5]
    assert "没有网址" in lines["990203"][5]
    assert "已有" in lines["990204"][5]
    names = {path.stem for path in (folder / "portals").glob("*.yml")}
    assert names == {"jia-990101", "yi-990102", "ding-990201", "wu-990202", "geng"}
    assert first.code == second.code == 11, first.err


def test_a_second_run_asks_only_for_what_has_no_file(looked: tuple[Path, Ran, Ran, OddServer, int]) -> None:
    _, _, second, server, asked = looked
    assert {arrival.host for arrival in server.arrivals[asked:]} == {"bing.test"}
    assert all("已有" in told(second)[code][5] for code in ("990101", "990102", "990201", "990202"))
    assert not server.paths("geng.test")


def test_few_pages_of_each_site(looked: tuple[Path, Ran, Ran, OddServer, int]) -> None:
    _, _, _, server, asked = looked
    for host in ("jia.test", "yi.test", "ding.test"):
        assert 2 <= sum(arrival.host == host for arrival in server.arrivals[:asked]) <= 6


def test_two_counties_of_a_city_are_never_looked_at_at_once(tmp_path: Path) -> None:
    """At two addresses, so that only the city parts them; a county of another city need not wait."""
    (tmp_path / "portals").mkdir()
    names = ("jia", "yi", "ding")
    with ExitStack() as stack:
        servers = {
            name: stack.enter_context(odd_server({f"{name}.test": site("示例")}, f"127.0.0.{number}"))
            for number, name in enumerate(names, 1)
        }
        places = ",".join(f"{n}.test=127.0.0.{k}:{servers[n].port}" for k, n in enumerate(names, 1))
        ran = detect(
            tmp_path,
            None,
            "--counties",
            "990101,990102,990201",
            settings=(
                "TWISTED_DNS_RESOLVER=tests.crawler.resolver.PlacedResolver",
                f"SAMPLE_PLACES={places}",
                f"GUARD_EXEMPT_HOSTS={','.join(f'{name}.test' for name in names)}",
            ),
        )
    times = {name: servers[name].times(f"{name}.test") for name in names}
    assert all(len(asked) >= 3 for asked in times.values()), ran.err
    city = sorted(times["jia"] + times["yi"])
    assert min(after - before for before, after in pairwise(city)) >= DELAY - 0.02
    assert min(abs(mine - theirs) for mine in times["ding"] for theirs in city) < DELAY - 0.02


@pytest.mark.parametrize(
    ("title", "recognised"),
    [("朝阳区人民政府", False), ("北京市朝阳区人民政府", True), ("长春市朝阳区人民政府", False)],
)
def test_a_name_of_several_counties_needs_its_city_beside_it(
    tmp_path: Path, title: str, recognised: bool
) -> None:
    raw = load_portal_register()
    row = raw.counties["110105"]
    (tmp_path / "portals").mkdir()
    settings = Settings({
        "PORTAL_DIRS": [str(tmp_path / "portals")], "DATA_DIR": str(tmp_path), "CONTACT": "a@example.org",
        "DOWNLOAD_DELAY": 3,
    })  # fmt: skip
    run = RegisterRun(settings, load_register(), (), date(2026, 11, 25), write=True)
    run.plan([row], (county.name for county in raw.counties.values()))
    (looked_at,) = run.sites
    home, column = looked_at.base, f"{looked_at.base}nb/"
    link = f'<a href="{column}">政府信息公开年报</a>'
    pages = {
        home: f"<html><head><title>{title}</title></head><body>{link}</body></html>",
        column: list_page(ROW),
    }
    while (wanted := looked_at.next_wanted()) is not None:
        if wanted[0] in pages:
            looked_at.add(Page(wanted[0], pages[wanted[0]]), wanted[0])
    run.seen(looked_at)
    portal = load_portal(tmp_path / "portals" / f"{looked_at.portal.id}.yml")
    assert is_unverified(portal) is not recognised
    assert run.faults == []


def test_without_write_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "portals").mkdir()
    with odd_server({"jia.test": site("示例甲县人民政府")}) as server:
        ran = detect(tmp_path, server, "--counties", "990101")
    assert ran.code == 0, ran.err
    assert "--write" in told(ran)["990101"][5]
    assert not list((tmp_path / "portals").iterdir())
    assert not (tmp_path / "data" / "register").exists()


def test_drafts_of_real_counties_without_a_contact(tmp_path: Path) -> None:
    """A prefecture of the shipped list: every row a file that lints, nothing fetched, nothing verified."""
    (tmp_path / "portals").mkdir()
    settings = (f"PORTAL_DIRS={tmp_path / 'portals'}", "CONTACT=")
    chosen = ("--counties", "3606*,3309*", "--write")
    ran = scrapy(tmp_path, "detect", "--register", *chosen, settings=settings, module=PRODUCT)
    assert ran.code == 0, ran.err
    rows = load_portal_register().select("3606*,3309*")
    portals = load_portals([tmp_path / "portals"])
    assert {portal.county_code for portal in portals.values()} == {row.code for row in rows if row.portal_url}
    assert all(is_unverified(portal) for portal in portals.values())
    assert not (tmp_path / "warc").exists()
    assert "CONTACT" in ran.err
    checked = scrapy(tmp_path, "portals", "--check", settings=settings, module=PRODUCT)
    assert checked.code == 0, checked.err
    assert checked.err.count("未核实") == len(portals)
    register = load_register([tmp_path / "register"])
    assert register.match("余江县人民政府", "360603").publisher == register.by_code("360603-GOV")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--counties", "88*"], "no county has such a code"),
        ([], "--counties"),
        (["http://jia.test/", "--counties", "99*"], "--register"),
    ],
)
def test_wrong_arguments_are_told(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "portals").mkdir()
    ran = detect(tmp_path, None, *arguments)
    assert (ran.code, words in ran.err) == (2, True), ran.err


def test_a_routine_crawl_leaves_out_what_nobody_verified(tmp_path: Path) -> None:
    unverified = {"source": "示例名录"}
    checked = {**unverified, "checked": "2026-11-25", "evidence": ["示例 seen"]}
    for name, code, source in (("jia", "990101", checked), ("yi", "990102", unverified)):
        portal_file(tmp_path / "portals", name, county_code=code, provenance=source)
    with odd_server({"jia.test": site("甲"), "yi.test": site("乙")}) as server:
        settings = (
            f"SAMPLE_PORT={server.port}",
            "GUARD_EXEMPT_HOSTS=jia.test,yi.test",
            f"PORTAL_DIRS={tmp_path / 'portals'}",
            "DOWNLOAD_DELAY=0",
        )
        due = scrapy(tmp_path / "data", "due", "--format", "ids", settings=settings)
        assert due.out == "jia\n"
        everything = scrapy(tmp_path / "data", "crawl", "portal", settings=settings)
        assert "yi: 未核实" in everything.err
        assert not server.paths("yi.test")
        assert server.paths("jia.test")
        named = scrapy(tmp_path / "data", "crawl", "portal", "-a", "portals=yi", settings=settings)
        assert server.paths("yi.test")
        assert "yi: 未核实" in named.err


def test_a_day_without_evidence_is_refused(tmp_path: Path) -> None:
    path = portal_file(tmp_path, "jia", provenance={"source": "示例名录", "checked": "2026-11-25"})
    with pytest.raises(Exception, match="evidence"):
        load_portal(path)


def test_a_county_is_drafted_by_a_command(tmp_path: Path) -> None:
    ran = scrapy(tmp_path, "register", "draft", "360603", module=PRODUCT)
    assert ran.code == 0, ran.err
    assert yaml.safe_load(ran.out)["verified"] is False
    assert "余江县" in ran.out
    for code, words in ((0, "in force and unverified"), (4, "left alone")):
        written = scrapy(tmp_path, "register", "draft", "360603", "360602", "--write", module=PRODUCT)
        assert (written.code, words in written.err) == (code, True), written.err
    gone = scrapy(tmp_path, "register", "draft", "360622", module=PRODUCT)
    assert (gone.code, "余江区" in gone.err) == (2, True), gone.err
